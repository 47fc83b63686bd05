"""The coming years of every post at once: leavers, empty seats, bench, pool, chain. Pure, over the columns of facts.

Everything is worked out when it is asked for and once, so that a page pays for what it shows.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from webapp.careers.criteria.evaluation import Rule
from webapp.careers.criteria.facts import Column, Facts
from webapp.workforce.chain.rules import Chain, Feeder, Supply, current_postings, follow, sources
from webapp.workforce.plans.rules import Base
from webapp.workforce.rules import (
    FiscalYear,
    Forecast,
    Holders,
    Seats,
    bench,
    forecast,
    holders,
    lacking_only_the_plan,
    last_days,
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A post of the forecast: its seats, its rule (target posts), and which postings feed it."""

    code: str
    seats: Seats
    rule: Rule | None = None
    feeders: tuple[Feeder, ...] = ()
    grade: int = 0
    """The place of its type and level in the order of all; 0 where it has none."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """Everything about the fiscal years of ``span`` as it looks on ``today``."""

    facts: Facts
    today: dt.date
    span: tuple[FiscalYear, ...]
    posts: tuple[Watched, ...]
    grades: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """The order of types and levels, lowest first."""
    _kept: dict[tuple[str, ...], Column] = field(default_factory=dict)

    @cached_property
    def ends(self) -> Column:
        return last_days(self.facts)

    @cached_property
    def forecasts(self) -> dict[str, Forecast]:
        return {
            one.code: forecast(self.facts, one.seats, one.rule, today=self.today, years=self.span,
                               ready=None if one.rule is None else self.ready(one.code))
            for one in self.posts
        }  # fmt: skip

    @cached_property
    def targets(self) -> tuple[Watched, ...]:
        return tuple(one for one in self.posts if one.rule is not None)

    def of(self, code: str) -> Watched:
        return next(one for one in self.posts if one.code == code)

    def index_of(self, fiscal_year: int) -> int:
        """The place of a fiscal year in the span; -1 for one outside."""
        return next((index for index, year in enumerate(self.span) if year.number == fiscal_year), -1)

    def holders(self, code: str) -> Holders:
        return holders(self.facts, self.of(code).seats, self.today.toordinal())

    def leaving(self, code: str, year: FiscalYear) -> Column:
        """The persons who hold the post today and retire at the end of the year."""
        now = self.holders(code).persons
        return np.asarray(now[self.ends[now] == year.last_day.toordinal()])

    def leaving_by(self, code: str, index: int) -> Column:
        """The persons who hold the post today and retire at the end of a year of the span up to this one."""
        years = [self.leaving(code, year) for year in self.span[: index + 1]]
        return np.concatenate(years)

    def ready(self, code: str) -> Column:
        """In how many years each person is ready for the post, as the bench counts it."""
        return self._once(("ready", code), lambda: bench(self._rule(code), self.facts, self.today))

    def on_bench(self, code: str, years: int, after: FiscalYear | None = None) -> Column:
        """The persons ready in so many years (0: now) who serve beyond a fiscal year's end."""
        mask = self.ready(code) == years
        return np.flatnonzero(mask & self.serving(after) if after is not None else mask)

    def serving(self, year: FiscalYear) -> Column:
        """Who serves beyond the year's 30 September."""
        return np.asarray(self.ends > year.last_day.toordinal())

    def candidates(self, code: str) -> Column:
        """Who holds no post of a higher type and level than this one today: nobody is counted on to step down (ours)."""
        return self._once(("candidates", code), lambda: self._grade_held <= (self.of(code).grade or len(self.grades)))

    @cached_property
    def _grade_held(self) -> Column:
        held, words = self.facts.postings, self.facts.words
        table = np.zeros(
            (len(words.types) + 1, len(words.levels) + 1), np.int64
        )  # the last: what could not be resolved
        for (position_type, level), grade in self.grades.items():
            if position_type in words.types and level in words.levels:
                table[words.types.index(position_type), words.levels.index(level)] = grade
        row = current_postings(self.facts, self.today.toordinal())
        return np.where(row >= 0, table[held.position_type, held.level][row] if len(held) else 0, 0)

    def ready_now(self, code: str, index: int) -> Column:
        """Candidates who meet every criterion today and serve beyond a year of the span."""
        return np.asarray((self.ready(code) == 0) & self.serving(self.span[index]) & self.candidates(code))

    def pool(self, code: str, index: int) -> Column:
        """Candidates who, so many years from today, lack only course and assessment, are not ready now, and serve on."""
        lacking = self._once(
            ("pool", code, str(index)), lambda: lacking_only_the_plan(self._rule(code), self.facts, self.today, index)
        )
        staying = self.serving(self.span[index]) & self.candidates(code)
        return np.asarray(lacking & (self.ready(code) != 0) & staying)

    def prepared(self, code: str, index: int) -> Column:
        """Who is ready now or in the pool of a year, and serves beyond it."""
        return self.ready_now(code, index) | self.pool(code, index)

    @cached_property
    def seated(self) -> frozenset[str]:
        """Posts that have seats: where the chain goes on."""
        return frozenset(one.code for one in self.posts if one.seats.by_unit)

    def sources(self, code: str) -> dict[str, Column]:
        """Everybody by what their present post is to this one."""
        return sources(self.facts, self.today.toordinal(), self.of(code).feeders, self.seated)

    @cached_property
    def _sources(self) -> dict[str, dict[str, Column]]:
        return {one.code: self.sources(one.code) for one in self.targets}

    def open_by(self, code: str, index: int) -> int:
        """Vacancies opened from the first year to this one."""
        return sum(year.vacancies for year in self.forecasts[code].years[: index + 1])

    def chain(self, index: int) -> Chain:
        """The chain at the end of a fiscal year."""
        return self._chains[index]

    @cached_property
    def _chains(self) -> tuple[Chain, ...]:
        return tuple(follow(year.number, self._supplies(index)) for index, year in enumerate(self.span))

    def _supplies(self, index: int) -> list[Supply]:
        supplies = []
        for one in self.posts:
            if one.code not in self.seated:
                continue
            ready = None
            if one.rule is not None:
                there = self.prepared(one.code, index)
                parts = self._sources[one.code]
                counts = {key: int(np.count_nonzero(mask & there)) for key, mask in parts.items()}
                ready = {key: count for key, count in counts.items() if count}
            supplies.append(Supply(one.code, self.open_by(one.code, index), ready))
        return supplies

    def bases(self, code: str, years: int) -> tuple[Base, ...]:
        """What a plan for the post starts from, in its first so many fiscal years."""
        found = []
        for index, year in enumerate(self.span[:years]):
            own = self.open_by(code, index)
            link = next((link for link in self.chain(index).links if link.post == code), None)
            pulled = sum(link.pulled.values()) if link is not None else 0
            ready, pool = (int(np.count_nonzero(mask(code, index))) for mask in (self.ready_now, self.pool))
            found.append(Base(year.number, own, pulled, ready, pool))
        return tuple(found)

    def gap(self, code: str, index: int) -> int | None:
        """Vacancies opened by the end of a year less those ready now who still serve; None where there is no bench."""
        ready = self.forecasts[code].years[index].ready
        return None if ready is None else max(0, self.open_by(code, index) - ready[0])

    def _rule(self, code: str) -> Rule:
        rule = self.of(code).rule
        if rule is None:
            raise LookupError(code)
        return rule

    def _once(self, key: tuple[str, ...], work: Callable[[], Column]) -> Column:
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]
