"""People as columns of exact numbers: what the ranking reads.

A column of exact numbers is numerators over denominators, as whole numbers of 64 bits where they fit and as Python's
own whole numbers where they do not. Nothing here is ever a float.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from webapp.assessments.ranking.scores import lcm

SAFE = 1 << 62
"""Whole numbers below this are added and compared in 64 bits without a thought."""

Whole = np.ndarray[Any, np.dtype[Any]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class ExactColumn:
    """Exact numbers, one per person; ``present`` is false where there is none.

    ``denominators`` is one number for the whole column, or one per person.
    """

    numerators: Whole
    denominators: Whole | int
    present: Mask

    @classmethod
    def of(cls, numbers: Sequence[Fraction | Decimal | int | None]) -> "ExactColumn":
        """A column of numbers as Python has them."""
        ratios = [(0, 1) if number is None else number.as_integer_ratio() for number in numbers]
        present = np.fromiter((number is not None for number in numbers), bool, len(numbers))
        return cls(whole([a for a, _ in ratios]), whole([b for _, b in ratios]), present)

    @classmethod
    def of_hundredths(cls, hundredths: Whole, present: Mask | None = None) -> "ExactColumn":
        """A column of points as the database keeps them, in whole hundredths."""
        return cls(hundredths, 100, np.ones(len(hundredths), bool) if present is None else present)

    def __len__(self) -> int:
        return len(self.numerators)

    def __getitem__(self, row: int) -> Fraction | None:
        if not self.present[row]:
            return None
        below = self.denominators if isinstance(self.denominators, int) else self.denominators[row]
        return Fraction(int(self.numerators[row]), int(below))

    def scaled(self) -> tuple[Whole, int]:
        """The column as whole numbers over one common denominator; 0 where there is none."""
        if isinstance(self.denominators, int):
            return self._blanked(self.numerators), self.denominators
        kinds = np.unique(self.denominators)
        common = lcm(kinds) if len(kinds) else 1
        factors = whole([common // int(kind) for kind in kinds])
        factor = factors[np.searchsorted(kinds, self.denominators)] if len(kinds) else self.denominators
        return self._blanked(times(self.numerators, factor)), common

    def _blanked(self, numbers: Whole) -> Whole:
        return numbers if self.present.all() else np.where(self.present, numbers, numbers.dtype.type(0))


def whole(numbers: Sequence[int]) -> Whole:
    """Whole numbers as a column: 64 bits where every one fits, else Python's own."""
    if all(-SAFE < number < SAFE for number in numbers):
        return np.array(numbers, np.int64)
    column = np.empty(len(numbers), object)
    column[:] = numbers
    return column


def largest(column: Whole) -> int:
    """The largest absolute value in a column; 0 in an empty one."""
    return max(abs(int(column.max())), abs(int(column.min()))) if len(column) else 0


def wide(column: Whole) -> Whole:
    """The column as Python's own whole numbers."""
    return column if column.dtype == object else column.astype(object)


def times(column: Whole, factor: Whole | int) -> Whole:
    """The product, in 64 bits where it fits."""
    size = largest(factor) if isinstance(factor, np.ndarray) else abs(factor)
    if column.dtype != object and size < SAFE and largest(column) * size < SAFE:
        return column * factor
    return wide(column) * (wide(factor) if isinstance(factor, np.ndarray) else factor)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who is to be ranked, one row each, in any order.

    ``scores``            by component code, points on the component's own maximum
    ``attended``          hours attended; ``hours_held`` is the hours of all the cohort's sessions
    ``coaching_minutes``  minutes of acknowledged coaching and mentoring
    ``level_tenure``      days in the 360-day count; ``entry_date`` day ordinals
    Facts that no gate or tie-breaker of the plan asks for may be left out.
    """

    officer_no: Sequence[str]
    scores: Mapping[str, ExactColumn]
    attended: ExactColumn | None = None
    hours_held: Fraction = Fraction(0)
    coaching_minutes: Whole | None = None
    project_accepted: Mask | None = None
    level_tenure: Whole | None = None
    entry_date: Whole | None = None
    withdrawn: Mask | None = None
    _numbers: Whole = field(init=False, repr=False)

    def __post_init__(self) -> None:
        numbers = np.asarray(self.officer_no, dtype=str) if len(self.officer_no) else np.zeros(0, "U1")
        object.__setattr__(self, "_numbers", numbers)
        for name, column in self._columns():
            if len(column) != len(self):
                raise ValueError(f"{name} has {len(column)} rows, not {len(self)}")

    def __len__(self) -> int:
        return len(self.officer_no)

    def _columns(self) -> list[tuple[str, Any]]:
        named = {f"scores[{code}]": column for code, column in self.scores.items()}
        for name in ("attended", "coaching_minutes", "project_accepted", "level_tenure", "entry_date", "withdrawn"):
            named[name] = getattr(self, name)
        return [(name, column) for name, column in named.items() if column is not None]

    def places_by_number(self) -> Whole:
        """Each person's place in the order of officer numbers (as text, by code point)."""
        numbers = self._numbers
        if len(numbers) < 2 or (numbers[:-1] < numbers[1:]).all():
            return np.arange(len(numbers))
        places = np.empty(len(numbers), np.int64)
        places[np.argsort(numbers, kind="stable")] = np.arange(len(numbers))
        return places
