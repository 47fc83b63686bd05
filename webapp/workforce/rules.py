"""Who retires, which seats that empties, and who is ready to follow (domain page §6). Pure: today comes as an argument.

Transfers, resignations and service beyond 60 are not forecast. Fiscal years are Buddhist-era numbers; the forecast's first
year is the one containing today.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from webapp.careers.criteria.evaluation import Rule
from webapp.careers.criteria.facts import Column, Facts, number_of
from webapp.careers.criteria.judge import evaluated, judge
from webapp.careers.criteria.measure import Measured, measure
from webapp.careers.tenure import add_months

BENCH_YEARS = 3
"""The bench is looked at now and one, two and three years from now."""

PROVIDED_BY_PLAN = ("course", "competency")
"""Kinds of criteria that a development plan can provide; time alone decides the others."""

NOT_READY = BENCH_YEARS + 1


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of a post: how many at each unit (by unit code); None where nobody has set any."""

    post: str
    by_unit: Mapping[str, int] | None

    @property
    def total(self) -> int | None:
        return None if self.by_unit is None else sum(self.by_unit.values())


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A fiscal year: its Buddhist-era number, its 30 September, and whether today is in it."""

    number: int
    last_day: dt.date
    current: bool


@dataclass(frozen=True, slots=True)
class Year:
    """One fiscal year of a post. ``ready`` is the bench now and in 1, 2, 3 years; None where the post has no criteria."""

    fiscal_year: int
    retiring: int
    vacancies: int
    ready: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A post's seats and its years."""

    post: str
    seats: int | None
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Who holds a seat of a post today, and how many seats are empty. ``pairs`` are persons and units (by number)."""

    persons: Column
    empty: int
    pairs: tuple[Column, Column]

    def at(self, unit: int) -> int:
        """How many people hold a seat at a unit."""
        return int(np.count_nonzero(self.pairs[1] == unit))


def holders(facts: Facts, seats: Seats, today: int) -> Holders:
    """Officers in service with a non-acting posting in the post open today at a unit that has seats.

    Empty are, over all units, the seats that no holder of that unit fills.
    """
    held = facts.postings
    serving = (facts.entry <= today) & (today <= facts.retirement) & (facts.left >= today)
    open_ = (held.post == number_of(facts.words.posts, seats.post)) & ~held.acting
    open_ &= (held.first <= today) & (held.last >= today) & serving[held.person]
    at_unit = seats_at(facts, seats)
    if seats.by_unit is not None:
        open_ &= at_unit[held.unit] > 0
    width = len(at_unit)
    pairs = np.unique(held.person[open_] * width + held.unit[open_])
    persons, units = pairs // width, pairs % width
    filled = np.bincount(units, minlength=width)
    return Holders(np.unique(persons), int(np.maximum(0, at_unit - filled).sum()), (persons, units))


def seats_at(facts: Facts, seats: Seats) -> Column:
    """The seats at each unit, in the order of the facts' units; none where nobody has set any."""
    by_unit = seats.by_unit or {}
    return np.array([by_unit.get(code, 0) for code in facts.words.units] or [0], np.int64)


def last_days(facts: Facts) -> Column:
    """Each officer's last day of service as far as it is known: the retirement day, or an earlier leaving."""
    return np.minimum(facts.retirement, facts.left)


def bench(rule: Rule, facts: Facts, today: dt.date) -> Column:
    """In how many years each officer is ready for the post: 0 now, 1 to 3 by time alone, :data:`NOT_READY` later or never.

    Ready now meets every criterion today. Ready in N years is not ready now, and at today + N years is evaluated for the
    post and meets every criterion other than course and competency assessment. Each at the smallest N.
    """
    ready = np.full(len(facts), NOT_READY)
    for years in range(BENCH_YEARS, 0, -1):
        ready[_ready_on(rule, facts, add_months(today, 12 * years), PROVIDED_BY_PLAN)] = years
    ready[_ready_on(rule, facts, today, ())] = 0
    return ready


def _ready_on(rule: Rule, facts: Facts, day: dt.date, provided: Sequence[str]) -> Column:
    measures: dict[str, Measured] = dict(measure(rule.tree, facts, day.toordinal(), rule.expected))
    for leaf in rule.tree.walk():
        if leaf.kind in provided:
            measures[leaf.id] = Measured(np.ones(len(facts), np.int64), fixed=1)
    met = judge(rule.tree, measures)[rule.tree.id].met
    return np.asarray(met & evaluated(facts, rule.post, day.toordinal()))


def lacking_only_the_plan(rule: Rule, facts: Facts, today: dt.date, years: int) -> Column:
    """Who, so many years from today, meets every criterion other than course and competency assessment."""
    return _ready_on(rule, facts, add_months(today, 12 * years), PROVIDED_BY_PLAN)


def forecast(
    facts: Facts, seats: Seats, rule: Rule | None, *, today: dt.date, years: Sequence[FiscalYear],
    ready: Column | None = None,
) -> Forecast:  # fmt: skip
    """A post's leavers, vacancies and bench over some fiscal years; ``ready`` is its :func:`bench` where that is known.

    ``retiring`` are today's holders whose last day is the year's 30 September; vacancies add, in the fiscal year
    containing today, the seats empty now; the bench counts those who serve beyond that 30 September.
    """
    now = holders(facts, seats, today.toordinal())
    ends = last_days(facts)
    if ready is None and rule is not None:
        ready = bench(rule, facts, today)
    found = []
    for year in years:
        last = year.last_day.toordinal()
        retiring = int(np.count_nonzero(ends[now.persons] == last))
        vacancies = retiring + (now.empty if year.current else 0)
        staying = None if ready is None else np.bincount(ready[ends > last], minlength=NOT_READY + 1)[:NOT_READY]
        found.append(Year(year.number, retiring, vacancies, None if staying is None else tuple(staying.tolist())))
    return Forecast(seats.post, seats.total, tuple(found))


def document_of(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """The forecast as commands and the machine interface answer with it (``formats.md``, Results)."""
    return {"posts": [{"post": f.post, "seats": f.seats, "years": [_year(y) for y in f.years]} for f in forecasts]}


def _year(year: Year) -> dict[str, Any]:
    ready = year.ready or (None,) * (BENCH_YEARS + 1)
    return {
        "fiscal_year": year.fiscal_year,
        "retiring": year.retiring,
        "vacancies": year.vacancies,
        "ready_now": ready[0],
        **{f"ready_{n}y": ready[n] for n in range(1, BENCH_YEARS + 1)},
    }
