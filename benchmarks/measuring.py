"""Timing two things beside each other, and saying how they compare."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the report: what was measured, against which floor, and the goal for their ratio."""

    goal: str  # the number in performance.md
    what: str
    seconds: float
    floor: str
    floor_seconds: float
    at_most: float | None = None  # the goal for seconds / floor_seconds; None where there is only a figure to report
    limit: float | None = None  # or an absolute limit in seconds
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor it took."""
        return self.seconds / self.floor_seconds if self.floor_seconds else None

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        within_ratio = self.at_most is None or (self.ratio is not None and self.ratio <= self.at_most)
        return within_ratio and (self.limit is None or self.seconds <= self.limit)

    def line(self) -> str:
        """The result in one readable line."""
        parts = [f"{'met ' if self.is_met else 'MISS'} goal {self.goal:<3} {self.what}: {shown(self.seconds)}"]
        if self.floor_seconds:
            wanted = f" (goal ≤ {self.at_most:g})" if self.at_most is not None else ""
            parts.append(f"{self.ratio:.2f} × {self.floor} {shown(self.floor_seconds)}{wanted}")
        if self.limit is not None:
            parts.append(f"limit {shown(self.limit)}")
        return "; ".join([*parts, *([self.note] if self.note else [])])


def shown(seconds: float) -> str:
    """A duration in the unit that reads best."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.2f} ms"
    return f"{seconds:.2f} s"


def seconds_of(work: Callable[[], object]) -> float:
    """How long one run takes, with the garbage of earlier runs out of the way."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def beside(work: Callable[[], object], floor: Callable[[], object], rounds: int = 5) -> tuple[float, float]:
    """The median seconds of ``work`` and of ``floor``, run by turns so that both meet the same noise."""
    pairs = [(seconds_of(work), seconds_of(floor)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
