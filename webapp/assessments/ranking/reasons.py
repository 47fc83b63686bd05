"""One person's reasons for not being ranked, and what decided against the neighbor, as codes with exact parameters.

They are turned into sentences, Thai or English, where they are shown.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from webapp.assessments.ranking.plan import ENTRY_DATE, LEVEL_TENURE
from webapp.assessments.ranking.ranks import BY_COMPOSITE, FIRST, TIED, UNRANKED, Ranking

WITHDRAWN = "withdrawn"
MISSING_SCORE = "missing-score"
BELOW_PASS_MARK = "below-pass-mark"
ATTENDANCE_BELOW = "attendance-below"
COACHING_BELOW = "coaching-below"
PROJECT_NOT_ACCEPTED = "project-not-accepted"
CODES = (WITHDRAWN, MISSING_SCORE, BELOW_PASS_MARK, ATTENDANCE_BELOW, COACHING_BELOW, PROJECT_NOT_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is not ranked.

    ``missing-score``: component. ``below-pass-mark``: component, found and required (points), maximum, percent.
    ``attendance-below``: found and required (per cent), attended and held (hours). ``coaching-below``: found and required
    (hours). ``withdrawn`` and ``project-not-accepted`` have no parameters.
    """

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What set a ranked person apart from the one listed just before.

    ``kind``: ``first`` (nobody before), ``composite``, ``component``, ``level_tenure``, ``entry_date`` or ``tied``.
    ``own`` and ``other`` are the two figures compared (rounded composite, unrounded score, days, date).
    """

    kind: str
    neighbor: int | None = None
    key: str | None = None
    own: Any = None
    other: Any = None


def reasons_of(ranking: Ranking, row: int) -> tuple[Reason, ...]:
    """Every reason why the person of a row is not ranked, in a fixed order; none for the ranked."""
    return tuple(_reasons(ranking, row))


def _reasons(ranking: Ranking, row: int) -> Iterator[Reason]:
    plan, people, checks = ranking.plan, ranking.people, ranking.checks
    if checks.withdrawn[row]:
        yield Reason(WITHDRAWN)
        return  # somebody who left is listed with that reason alone (domain.md §5)
    for component in plan.components:
        code = component.code
        if code in checks.missing and checks.missing[code][row]:
            yield Reason(MISSING_SCORE, {"component": code})
        elif code in checks.below and checks.below[code][row]:
            yield Reason(BELOW_PASS_MARK, {
                "component": code, "found": people.scores[code][row], "required": component.pass_points,
                "maximum": component.maximum, "percent": component.pass_percent,
            })  # fmt: skip
    if checks.attendance is not None and checks.attendance[row]:
        yield Reason(ATTENDANCE_BELOW, {
            "found": attendance_percent(ranking, row), "required": plan.gates.attendance_percent,
            "attended": attended_hours(ranking, row), "held": people.hours_held,
        })  # fmt: skip
    if checks.coaching is not None and checks.coaching[row]:
        yield Reason(COACHING_BELOW, {"found": coaching_hours(ranking, row), "required": plan.gates.coaching_hours})
    if checks.project is not None and checks.project[row]:
        yield Reason(PROJECT_NOT_ACCEPTED)


def attended_hours(ranking: Ranking, row: int) -> Fraction:
    """Hours attended; no row of attendance is nought hours."""
    attended = ranking.people.attended
    return Fraction(0) if attended is None else attended[row] or Fraction(0)


def attendance_percent(ranking: Ranking, row: int) -> Fraction:
    """Hours attended per hours held, in per cent; nought where none were held."""
    held = ranking.people.hours_held
    return attended_hours(ranking, row) * 100 / held if held else Fraction(0)


def coaching_hours(ranking: Ranking, row: int) -> Fraction:
    """Hours of acknowledged coaching and mentoring."""
    minutes = ranking.people.coaching_minutes
    return Fraction(0) if minutes is None else Fraction(int(minutes[row]), 60)


def decided(ranking: Ranking, row: int) -> Decided | None:
    """What set the person of a row apart from the one listed just before; none for somebody not ranked."""
    step = int(ranking.decided_by[row])
    if step == UNRANKED:
        return None
    if step == FIRST:
        return Decided("first")
    place = int((ranking.order == row).argmax())
    other = int(ranking.order[place - 1])
    if step == TIED:
        return Decided("tied", other)
    if step == BY_COMPOSITE:
        return Decided("composite", other, None, ranking.composite(row), ranking.composite(other))
    key = ranking.plan.tie_breakers[step - 1]
    kind = key if key in (LEVEL_TENURE, ENTRY_DATE) else "component"
    return Decided(kind, other, key, _figure(ranking, key, row), _figure(ranking, key, other))


def _figure(ranking: Ranking, key: str, row: int) -> Any:
    people = ranking.people
    if key == LEVEL_TENURE and people.level_tenure is not None:
        return int(people.level_tenure[row])
    if key == ENTRY_DATE and people.entry_date is not None:
        return dt.date.fromordinal(int(people.entry_date[row]))
    return people.scores[key][row]
