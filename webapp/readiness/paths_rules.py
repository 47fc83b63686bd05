"""Where officers stand on career paths, how long the steps took, how those who came that way did: pure, over columns.

Ours, exact, and stated on the pages:

- A posting *matches* a step when it is not acting and is of the step's post (where it names one), type and level (where
  it names them) and kind of unit (where it names one).
- An officer *stands on* a step of a path on a day when a posting that goes on that day matches it; of several steps the
  highest. The same officer may stand on several paths: their first steps are alike.
- An officer *came that way* to a step when postings match it and every step before it, each begun no earlier than the
  one before (the first day of the first matching posting counts). Years, districts and the like are not asked.
- *Time on a step* is from the first day on it to the first day on the next, of those who came that way to the next.
- *Least years left* from a step: for it and every later one but the last, the step's years less what the officer already
  has there (tenure of the domain page §3). Whoever stands on none joins at the first step not below their present level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from webapp.careers.criteria.facts import Facts, Postings, Words, number_of
from webapp.careers.tenure import DAYS_PER_YEAR, OPEN, tenures

Column = np.ndarray[Any, np.dtype[Any]]
Step = Mapping[str, Any]

FEW = 5
"""Fewer people than this are no figure: one could tell who they are, and chance decides (five, as for survey results)."""

DAYS_IN_A_YEAR = 365.25


def matching(step: Step, postings: Postings, words: Words) -> Column:
    """Which postings match a step."""
    found = ~postings.acting
    if step.get("post"):
        found &= postings.post == number_of(words.posts, step["post"])
    if step.get("position_type"):
        found &= postings.position_type == number_of(words.types, step["position_type"])
        found &= postings.level == number_of(words.levels, step["level"])
    if step.get("unit_kind"):
        of_kind = np.array([kind == step["unit_kind"] for kind in words.unit_kinds], bool)
        found &= of_kind[postings.unit] if len(of_kind) else False
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Everybody on one path: rows are steps, columns are persons."""

    first: Column
    """The first day of a matching posting; beyond :data:`OPEN` where there is none."""
    now: Column
    """Whether one goes on."""
    came: Column
    """Whether the person came to the step by every step before it."""

    @property
    def stands(self) -> Column:
        """The highest step each person stands on, -1 for none."""
        steps = np.arange(1, len(self.now) + 1)[:, None]
        return (self.now * steps).max(axis=0) - 1

    def came_by(self, step: int, persons: Column, days: Column) -> Column:
        """Whether these persons had come that way to the step by these days."""
        return self.came[step][persons] & (self.first[step][persons] <= days)


class Ways:
    """Paths over the facts of everybody on a day; steps that several paths share are looked at once."""

    def __init__(self, facts: Facts, as_of: int) -> None:
        self.facts, self.as_of = facts, as_of
        self.serving = (facts.entry <= as_of) & (as_of <= facts.retirement) & (facts.left >= as_of)
        self._steps: dict[tuple[Any, ...], tuple[Column, Column]] = {}

    def of(self, steps: Sequence[Step]) -> Way:
        """Everybody on one path."""
        looked = [self._step(step) for step in steps]
        first, now = np.array([row[0] for row in looked]), np.array([row[1] for row in looked])
        came = first <= OPEN
        for place in range(1, len(steps)):
            came[place] &= came[place - 1] & (first[place - 1] <= first[place])
        return Way(first, now & self.serving, came)

    def _step(self, step: Step) -> tuple[Column, Column]:
        key = tuple(step.get(name) for name in ("post", "position_type", "level", "unit_kind"))
        if key not in self._steps:
            rows, people = self.facts.postings, len(self.facts)
            fits = matching(step, rows, self.facts.words) & (rows.first <= self.as_of)
            first = np.full(people, OPEN + 1, np.int64)
            np.minimum.at(first, rows.person[fits], rows.first[fits])
            now = np.zeros(people, bool)
            now[rows.person[fits & (rows.last >= self.as_of)]] = True
            self._steps[key] = (first, now)
        return self._steps[key]


@dataclass(frozen=True, slots=True)
class StepFigures:
    """A step of a path: who stands there, how many of them came that way, and how long those who went on took."""

    standing: int
    came: int
    went_on: int
    years: float | None
    """The median; none where fewer than :data:`FEW` went on."""


def step_figures(way: Way) -> list[StepFigures]:
    """The figures of every step of a path."""
    stands, found = way.stands, []
    for place in range(len(way.now)):
        here = stands == place
        went, years = 0, None
        if place + 1 < len(way.now):
            moved = way.came[place + 1]
            went = int(moved.sum())
            if went >= FEW:
                days = way.first[place + 1][moved] - way.first[place][moved]
                years = round(float(np.median(days)) / DAYS_IN_A_YEAR, 1)
        found.append(StepFigures(int(here.sum()), int((here & way.came[place]).sum()), went, years))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Trainees:
    """People who took the course of a post, one row per person and cohort."""

    person: Column
    begun: Column
    """The cohort's first day."""
    closed: Column
    """Whether the cohort is closed: only then has somebody passed or not."""
    passed: Column
    ranked: Column
    """Whether the cohort's shortlist is published and the person has a place in it."""
    listed: Column
    """Whether the person is among those put forward by the ranking."""
    composite: Column
    """Of the ranked."""

    def of(self, chosen: Column) -> "Trainees":
        """Some of the rows."""
        return Trainees(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How some trainees did. Shares are of the ended cohorts (passed) and of the ranked (listed)."""

    trainees: int
    ended: int
    passed: int
    ranked: int
    listed: int
    composite: float | None

    @property
    def few_ended(self) -> bool:
        return self.ended < FEW

    @property
    def few_ranked(self) -> bool:
        return self.ranked < FEW


def outcome(trainees: Trainees) -> Outcome:
    """The figures of some trainees; the mean composite of nobody is none."""
    ranked = int(trainees.ranked.sum())
    return Outcome(
        trainees=len(trainees.person),
        ended=int(trainees.closed.sum()),
        passed=int((trainees.closed & trainees.passed).sum()),
        ranked=ranked,
        listed=int((trainees.ranked & trainees.listed).sum()),
        composite=round(float(trainees.composite[trainees.ranked].mean()), 2) if ranked else None,
    )


def outcome_of_way(way: Way, trainees: Trainees) -> Outcome | None:
    """How those did who came that way, to the step before the post, by the first day of their course."""
    last = len(way.first) - 2
    if last < 0:
        return None
    return outcome(trainees.of(way.came_by(last, trainees.person, trainees.begun)))


# One officer ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Position:
    """Where one officer is on a path."""

    stands: int | None
    """The step they stand on."""
    joins: int | None
    """The step they would join at, where they stand on none."""
    done: tuple[bool, ...]
    """Which steps they have held."""
    served: tuple[int, ...]
    """Days of tenure in each step, in the 360-day count."""
    steps_left: int
    days_left: int
    """Least days left in the 360-day count, if every step's years are served in order."""

    @property
    def arrived(self) -> bool:
        return self.stands is not None and self.stands == len(self.done) - 1

    @property
    def on_or_near(self) -> bool:
        return self.stands is not None or self.joins is not None


def position(
    steps: Sequence[Step], facts: Facts, person: int, as_of: int, *, ranks: Sequence[int | None], rank: int | None
) -> Position:
    """One officer on a path. ``ranks`` are the places of the steps' levels, ``rank`` that of the officer's own level."""
    rows, people = facts.postings, len(facts)
    done, served, now = [], [], []
    for step in steps:
        fits = matching(step, rows, facts.words) & (rows.first <= as_of) & (rows.person == person)
        done.append(bool(fits.any()))
        now.append(bool((fits & (rows.last >= as_of)).any()))
        days = tenures(people, rows.person[fits], rows.first[fits], rows.last[fits], as_of)
        served.append(int(days[person]))
    stands = max((place for place, here in enumerate(now) if here), default=None)
    joins = None if stands is not None else _joins(ranks, rank)
    start = stands if stands is not None else joins
    left = range(start, len(steps) - 1) if start is not None else range(0)
    days_left = sum(max(0, int(steps[place].get("years") or 0) * DAYS_PER_YEAR - served[place]) for place in left)
    steps_left = len(steps) - 1 - start if start is not None else 0
    return Position(stands, joins, tuple(done), tuple(served), steps_left + (joins is not None), days_left)


def _joins(ranks: Sequence[int | None], rank: int | None) -> int | None:
    """The first step that is not below the officer's own level; the first of all for whoever has none."""
    if rank is None:
        return 0 if ranks else None
    return next((place for place, own in enumerate(ranks[:-1]) if own is not None and own >= rank), None)


def shortest(positions: Sequence[Position]) -> int | None:
    """The path with the least time left, then the fewest steps, then the first; none where no path leads on."""
    leads = [
        (one.days_left, one.steps_left, place)
        for place, one in enumerate(positions)
        if one.on_or_near and not one.arrived
    ]
    return min(leads)[2] if leads else None
