"""How the questions of an exam, and the exam as a whole, behave (classical test theory).

A table of points: a row per person who finished, a column per question; ``full`` holds each question's full points.
Sources: Kuder & Richardson (1937); Cronbach (1951); Kelley (1939), the upper and lower 27 %; Ebel (1965), advice on
discrimination. The thresholds of the advice are conventions of the field and stand here by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from webapp.assessments.statistics import Refusal

Points = NDArray[np.float64]

GROUP = 0.27
"""Share of people in the upper and in the lower group (Kelley 1939: the best share for normal scores)."""

TOO_HARD, TOO_EASY = 0.20, 0.90
WEAK = 0.20
"""Discrimination below this: revise or drop (Ebel 1965)."""

IDLE = 0.05
"""A wrong choice taken by fewer than this share does not distract."""

SAME = 1e-12
"""Totals closer than this are the same: what is left is the noise of adding."""

ENOUGH_PEOPLE = 30
"""Below this many people every figure of a question is shaky, and the page says so (ours)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: share of full points reached, correlation with the rest, upper less lower group, and advice.

    ``rest_correlation`` is None where everybody has the same points, in the question or in the rest.
    """

    facility: float
    rest_correlation: float | None
    discrimination: float | None
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: how many took it, in the upper and in the lower group, and advice."""

    taken: int
    share: float
    upper: float
    lower: float
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """The exam: people, questions, mean and standard deviation of totals in points, reliability, error of measurement.

    ``kuder_richardson`` only where every question is either right or wrong; ``error`` is SD x sqrt(1 - alpha).
    """

    people: int
    questions: int
    mean: float
    deviation: float
    alpha: float | Refusal
    kuder_richardson: float | None
    error: float | None


def questions(points: Points, full: Sequence[float]) -> list[Question] | Refusal:
    """Every question's figures, or why there are none."""
    if points.shape[0] < 2:
        return Refusal("too-few-people", {"found": points.shape[0], "least": 2})
    totals = points.sum(axis=1)
    return [question(points[:, n], float(most), totals - points[:, n], totals) for n, most in enumerate(full)]


def question(own: Points, most: float, rest: Points, totals: Points) -> Question:
    """The figures of one question among at least two people: their points in it, in the rest, and in the whole.

    Where people got different questions, give ``rest`` and ``totals`` as shares of what each paper was worth.
    """
    upper, lower = group_weights(totals)
    facility = float(own.mean() / most) if most else 0.0
    correlation = _correlation(own, rest)
    apart = float((own @ upper - own @ lower) / most) if most and np.ptp(totals) > SAME else None
    return Question(facility, correlation, apart, _advice(facility, correlation, apart))


def _advice(facility: float, correlation: float | None, apart: float | None) -> tuple[str, ...]:
    advice = ["too-hard"] if facility < TOO_HARD else ["too-easy"] if facility > TOO_EASY else []
    figures = [figure for figure in (correlation, apart) if figure is not None]
    if any(figure < 0 for figure in figures):
        advice.append("check-key")
    elif figures and min(figures) < WEAK and facility <= TOO_EASY:
        advice.append("weak")
    return tuple(advice)


def _correlation(one: Points, other: Points) -> float | None:
    """Pearson's correlation; None where one of the two does not vary."""
    if np.ptp(one) < 1e-12 or np.ptp(other) < 1e-12:
        return None
    a, b = one - one.mean(), other - other.mean()
    return float((a @ b) / sqrt(float(a @ a) * float(b @ b)))


def group_weights(totals: Points) -> tuple[Points, Points]:
    """Each person's weight in the upper and in the lower 27 %; weights of a group add up to 1.

    People tied at a group's edge share the places that are left in it, so the order of rows decides nothing.
    """
    size = max(1, floor(len(totals) * GROUP + 0.5))
    return _top(totals, size), _top(-totals, size)


def _top(totals: Points, size: int) -> Points:
    edge = np.sort(totals)[::-1][size - 1]
    above, tied = totals > edge, totals == edge
    weights = above.astype(np.float64)
    weights[tied] = (size - above.sum()) / tied.sum()
    return weights / size


def choices(taken: NDArray[np.bool_], right: Sequence[bool], totals: Points) -> list[Choice]:
    """The distractor table: a column of ``taken`` per choice (True where the person took it), ``right`` the key."""
    upper, lower = group_weights(totals)
    found = []
    for n, is_right in enumerate(right):
        own = taken[:, n].astype(np.float64)
        share, high, low = float(own.mean()), float(own @ upper), float(own @ lower)
        advice = [] if is_right else ["idle"] if share < IDLE else ["draws-the-best"] if high > low else []
        found.append(Choice(int(own.sum()), share, high, low, tuple(advice)))
    return found


def whole(points: Points, full: Sequence[float]) -> Whole | Refusal:
    """The exam as a whole, or why nothing can be said."""
    people, count = points.shape
    if people < 2:
        return Refusal("too-few-people", {"found": people, "least": 2})
    totals = points.sum(axis=1)
    deviation = float(totals.std(ddof=1))
    alpha = _alpha(points, totals)
    binary = all(np.isin(points[:, n], (0.0, most)).all() for n, most in enumerate(full) if most)
    binary = binary and len({float(most) for most in full}) == 1
    error = deviation * sqrt(max(0.0, 1 - alpha)) if isinstance(alpha, float) else None
    return Whole(
        people, count, float(totals.mean()), deviation, alpha,
        alpha if binary and isinstance(alpha, float) else None, error,
    )  # fmt: skip


def _alpha(points: Points, totals: Points) -> float | Refusal:
    """Cronbach's alpha; of questions that are right or wrong it is Kuder and Richardson's formula 20."""
    count = points.shape[1]
    if count < 2:
        return Refusal("too-few-questions", {"found": count, "least": 2})
    spread = float(totals.var(ddof=1))
    if spread < 1e-12:
        return Refusal("totals-do-not-differ")
    return count / (count - 1) * (1 - float(points.var(axis=0, ddof=1).sum()) / spread)


def histogram(totals: Points, most: float, bars: int = 10) -> list[tuple[float, float, int]]:
    """Counts of totals in equal steps from 0 to ``most``: (from, to, people); a bar holds its lower edge, the last both."""
    edges = np.linspace(0.0, most, bars + 1)
    place = np.clip(np.searchsorted(edges, totals + 1e-9, side="right") - 1, 0, bars - 1)
    counts = np.bincount(place, minlength=bars)
    return [(float(edges[n]), float(edges[n + 1]), int(counts[n])) for n in range(bars)]
