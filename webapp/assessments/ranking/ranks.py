"""Composites, ranks and who is not ranked, for everybody at once (domain page §5).

Composite = Σ weight × score / maximum, exact, rounded once, half up. Ranks are given on the rounded composite, ties by
the plan's tie-breakers on unrounded figures; still tied: the same rank, next rank skipped (1, 2, 2, 4).
Ranked is only who has every score and meets every pass mark and gate; the others are listed with all their reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from webapp.assessments.ranking.columns import SAFE, ExactColumn, Mask, People, Whole, largest, times, wide
from webapp.assessments.ranking.plan import ENTRY_DATE, LEVEL_TENURE, Plan
from webapp.assessments.ranking.scores import lcm, of_scaled

BY_COMPOSITE = 0
FIRST = -1
TIED = -2
UNRANKED = -3
"""What stands in ``Ranking.decided_by``: else the number (from 1) of the tie-breaker that decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Checks:
    """Who fails what: one mask per way of not being ranked. A check the plan does not make is None."""

    withdrawn: Mask
    missing: Mapping[str, Mask]
    below: Mapping[str, Mask]
    attendance: Mask | None
    coaching: Mask | None
    project: Mask | None

    def any(self) -> Mask:
        """Who is not ranked."""
        failed = self.withdrawn.copy()
        for mask in (*self.missing.values(), *self.below.values(), self.attendance, self.coaching, self.project):
            if mask is not None:
                failed |= mask
        return failed


class Line(NamedTuple):
    """Who is within a line drawn after so many, and the tied group that makes them more than that."""

    within: Mask
    tied: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The result, one row per person in the order of ``people``; ``order`` lists the rows as they are shown.

    ``rank`` and ``rounded`` mean nothing where ``ranked`` is false (0, and the composite of what there is).
    ``rounded`` is in units of the plan's last decimal; ``numerators`` over ``denominator`` are exact composites.
    ``part_numerators`` over ``denominator`` are the components' exact contributions to them.
    """

    plan: Plan
    people: People
    checks: Checks
    ranked: Mask
    rank: Whole
    rounded: Whole
    numerators: Whole
    denominator: int
    part_numerators: Mapping[str, Whole]
    order: Whole
    decided_by: Whole
    shortlisted: Mask
    tied_at_line: Mask

    def __len__(self) -> int:
        return len(self.people)

    def composite(self, row: int) -> Decimal:
        """The published composite of a row."""
        return of_scaled(int(self.rounded[row]), self.plan.decimals)

    def exact_composite(self, row: int) -> Fraction:
        return Fraction(int(self.numerators[row]), self.denominator)

    def parts(self, row: int) -> dict[str, Fraction]:
        """What each component contributes to the composite; a component without a score contributes nothing yet."""
        return {code: Fraction(int(column[row]), self.denominator) for code, column in self.part_numerators.items()}


def rank(plan: Plan, people: People) -> Ranking:
    """Rank ``people`` by ``plan``. Raises ``ValueError`` where a fact the plan asks for was not given."""
    scaled = {component.code: _scores(people, component.code).scaled() for component in plan.components}
    checks = _checks(plan, people, scaled)
    ranked = ~checks.any()
    parts, denominator = _parts(plan, scaled)
    numerators = _sum(parts, len(people))
    rounded = _rounded(numerators, denominator, plan.decimals)
    keys = [-dense(rounded), *(_tie_key(key, people, scaled) for key in plan.tie_breakers)]
    places = people.places_by_number()
    order = np.lexsort((places, *(np.where(ranked, key, 0) for key in reversed(keys)), ~ranked))
    ranks, decided_by = _ranks(order, ranked, keys)
    line = draw_line(ranks, plan.size)
    return Ranking(
        plan, people, checks, ranked, ranks, rounded, numerators, denominator,
        {c.code: part for c, part in zip(plan.components, parts, strict=True)},
        order, decided_by, line.within, line.tied,
    )  # fmt: skip


def draw_line(ranks: Whole, size: int) -> Line:
    """The line after ``size`` people: everyone whose rank is at most that, and the group tied across the line.

    Only the last rank within can be shared by more people than there are places; its holders are the tied group.
    """
    within = (ranks > 0) & (ranks <= size)
    tied = np.zeros(len(ranks), bool)
    if int(within.sum()) > size:
        tied = within & (ranks == ranks[within].max())
    return Line(within, tied)


def dense(column: Whole) -> Whole:
    """Numbers replaced by their order among the distinct ones, where they do not fit 64 bits."""
    return np.unique(column, return_inverse=True)[1] if column.dtype == object else column


def _scores(people: People, code: str) -> ExactColumn:
    """A component nobody has a score in yet is a column of missing scores."""
    if code in people.scores:
        return people.scores[code]
    return ExactColumn(np.zeros(len(people), np.int64), 1, np.zeros(len(people), bool))


def _checks(plan: Plan, people: People, scaled: Mapping[str, tuple[Whole, int]]) -> Checks:
    count = len(people)
    missing, below = {}, {}
    for component in plan.components:
        column, (numbers, denominator) = _scores(people, component.code), scaled[component.code]
        if not column.present.all():
            missing[component.code] = ~column.present
        mark = component.pass_points
        if mark is not None:
            below[component.code] = column.present & np.asarray(numbers < ceil(mark * denominator), bool)
    hours = plan.gates.coaching_hours
    project = _given(people.project_accepted, "project_accepted") if plan.gates.project_accepted else None
    coaching = None if hours is None else _given(people.coaching_minutes, "coaching_minutes") < ceil(hours * 60)
    return Checks(
        withdrawn=np.zeros(count, bool) if people.withdrawn is None else people.withdrawn.astype(bool),
        missing=missing,
        below={code: mask for code, mask in below.items() if mask.any()},
        attendance=_attendance(plan, people),
        coaching=coaching,
        project=None if project is None else ~project.astype(bool),
    )


def _attendance(plan: Plan, people: People) -> Mask | None:
    """Who attended less than the gate asks: hours attended / hours held × 100 below the per cent (0 % if none held)."""
    percent = plan.gates.attendance_percent
    if percent is None:
        return None
    numbers, denominator = _given(people.attended, "attended").scaled()
    if people.hours_held <= 0:
        return np.full(len(people), percent > 0)
    return np.asarray(numbers < ceil(percent / 100 * people.hours_held * denominator), bool)


def _parts(plan: Plan, scaled: Mapping[str, tuple[Whole, int]]) -> tuple[list[Whole], int]:
    """Each component's contribution as whole numbers over one denominator."""
    factors = [c.weight / c.maximum / scaled[c.code][1] for c in plan.components]
    common = lcm(factor.denominator for factor in factors)
    return [times(scaled[c.code][0], int(f * common)) for c, f in zip(plan.components, factors, strict=True)], common


def _sum(parts: list[Whole], count: int) -> Whole:
    if all(part.dtype != object for part in parts) and sum(largest(part) for part in parts) < SAFE:
        total = np.zeros(count, np.int64)
        for part in parts:
            total += part
        return total
    total = np.zeros(count, object)
    for part in parts:
        total = total + wide(part)
    return total


def _rounded(numerators: Whole, denominator: int, decimals: int) -> Whole:
    """Composites in units of the last decimal, half up: ⌊(2 · n · 10^d + m) / 2m⌋ for n / m."""
    doubled = times(numerators, 2 * 10**decimals)
    if doubled.dtype != object and largest(doubled) + 2 * denominator < SAFE:
        return (doubled + denominator) // (2 * denominator)
    result = (wide(doubled) + denominator) // (2 * denominator)
    return result.astype(np.int64) if largest(result) < SAFE else result


def _tie_key(key: str, people: People, scaled: Mapping[str, tuple[Whole, int]]) -> Whole:
    """A tie-breaker as numbers of which the lower one goes first."""
    if key == LEVEL_TENURE:
        return -_given(people.level_tenure, key)
    if key == ENTRY_DATE:
        return _given(people.entry_date, key)
    return -dense(scaled[key][0])


def _given(column: Any, name: str) -> Any:
    if column is None:
        raise ValueError(f"the plan asks for {name}, which was not given")
    return column


def _ranks(order: Whole, ranked: Mask, keys: list[Whole]) -> tuple[Whole, Whole]:
    """Ranks with ties (1, 2, 2, 4), and for each row what set it apart from the row before it."""
    ranks, decided = np.zeros(len(ranked), np.int64), np.full(len(ranked), UNRANKED, np.int8)
    rows = order[: int(ranked.sum())]
    if not len(rows):
        return ranks, decided
    step = np.full(len(rows), TIED, np.int8)
    for number in range(len(keys) - 1, -1, -1):
        column = keys[number][rows]
        step[1:][column[1:] != column[:-1]] = number
    step[0] = FIRST
    begins = np.where(step != TIED, np.arange(1, len(rows) + 1), 0)
    ranks[rows] = np.maximum.accumulate(begins)
    decided[rows] = step
    return ranks, decided
