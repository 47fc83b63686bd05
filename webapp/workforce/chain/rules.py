"""The chain: a seat filled from the post below empties a seat there (domain page §6). Pure.

Which post feeds which is read off the data: a posting that a criterion of a post asks for, or that stands right before the
post on a career path, feeds it. How a year's chain is worked out (ours):

1. *open* at the end of a fiscal year: the vacancies opened up to then, and the seats whose holders have by then been
   taken for posts above.
2. *ready*: those who meet every criterion today, and those who by then lack only course and assessment; still in service
   after that year, counted by the post they hold today.
3. *filled*: as many of the open seats as there are people ready. They come from the posts they hold in proportion to how
   many of them are ready there (largest remainder), and each leaves a seat empty in theirs.
4. *gap*: what stays open.

Figures are the state at the end of the year, not the moves within it: whoever fills a seat and retires later no longer
counts as ready then. Somebody ready for two posts is counted in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from webapp.careers.criteria.facts import Column, Facts
from webapp.careers.criteria.measure import matching
from webapp.careers.criteria.tree import MATCH_FIELDS, Match, Node

OTHER = "other"
"""Stands for people whose present post no criterion or path names."""

FEEDING = ("tenure", "districts", "posting_and_works")
"""Kinds of criteria that ask for a posting."""


@dataclass(frozen=True, slots=True)
class Because:
    """Why one posting feeds a post: a criterion (its id) or a career path (its code)."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class Feeder:
    """A posting that feeds a post, and everything that says so."""

    match: Match
    because: tuple[Because, ...]


def feeders_of(
    post: str, tree: Node | None, paths: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]
) -> tuple[Feeder, ...]:
    """The postings that feed a post: what its criteria ask for, then what stands right before it on a path.

    ``paths`` are (code, steps). The post itself feeds nothing into itself.
    """
    found: dict[Match, list[Because]] = {}
    for leaf in tree.walk() if tree is not None else ():
        if leaf.kind in FEEDING and leaf.match is not None and leaf.match.post != post:
            found.setdefault(leaf.match, []).append(Because("criterion", leaf.id))
    for code, steps in paths:
        for before, after in pairwise(steps):
            if after.get("post") == post and before.get("post") != post:
                match = Match(**{name: before.get(name) or None for name in MATCH_FIELDS})
                if match != Match():
                    found.setdefault(match, []).append(Because("path", code))
    return tuple(Feeder(match, tuple(because)) for match, because in found.items())


def current_postings(facts: Facts, day: int) -> Column:
    """For each person the row of the posting held on a day: the latest begun that is not acting; -1 for none."""
    held = facts.postings
    rows = np.flatnonzero(~held.acting & (held.first <= day) & (held.last >= day))
    order = rows[np.lexsort((-held.unit[rows], -held.post[rows], held.first[rows], held.person[rows]))]
    present = np.full(len(facts), -1)
    present[held.person[order]] = order
    return present


def sources(facts: Facts, day: int, feeders: Sequence[Feeder], seated: frozenset[str]) -> dict[str, Column]:
    """Everybody by the source their present post is to a post: masks that part all persons.

    A source is a post that has seats or that a feeder names (``post:code``), a type and level otherwise
    (``level:type/level``), or :data:`OTHER`.
    """
    held, words = facts.postings, facts.words
    present = current_postings(facts, day)
    someone = np.flatnonzero(present >= 0)
    row = present[someone]
    by: dict[str, Column] = {}
    taken = np.zeros(len(facts), bool)
    for feeder in feeders:
        rows = matching(Node("feeder", "tenure", match=feeder.match), facts)[0][row]
        mine = np.zeros(len(facts), bool)
        mine[someone[rows]] = True
        mine &= ~taken
        taken |= mine
        persons = np.flatnonzero(mine)
        for number in np.unique(held.post[present[persons]]).tolist():
            code = words.posts[number]
            named = code in seated or feeder.match.post == code
            key = f"post:{code}" if named else _level(feeder.match)
            part = np.zeros(len(facts), bool)
            part[persons[held.post[present[persons]] == number]] = True
            by[key] = by[key] | part if key in by else part
    by[OTHER] = ~taken
    return by


def _level(match: Match) -> str:
    if match.position_type is None:
        return f"post:{match.post}" if match.post else OTHER
    return f"level:{match.position_type}/{match.level or ''}"


@dataclass(frozen=True, slots=True)
class Supply:
    """A post at the end of a year: the seats open of itself, and those ready by source (None without criteria)."""

    post: str
    open: int
    ready: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Link:
    """A post's place in the chain of a year; see the module's definition."""

    post: str
    own: int
    pulled: Mapping[str, int] = field(default_factory=dict)
    ready: Mapping[str, int] | None = None
    filled: Mapping[str, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return self.own + sum(self.pulled.values())

    @property
    def taken(self) -> int:
        """Seats filled, from every source."""
        return sum(self.filled.values())

    @property
    def gap(self) -> int:
        return self.open - self.taken

    @property
    def ready_total(self) -> int | None:
        return None if self.ready is None else sum(self.ready.values())


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain at the end of a fiscal year, from the top; ``loops`` are sources not followed because they lead back up."""

    fiscal_year: int
    links: tuple[Link, ...]
    loops: tuple[tuple[str, str], ...] = ()

    @property
    def moves(self) -> int:
        return sum(link.taken for link in self.links)

    def of(self, post: str) -> Link:
        return next(link for link in self.links if link.post == post)


def follow(fiscal_year: int, supplies: Sequence[Supply]) -> Chain:
    """Work the chain out from the top: a post comes before those it is filled from."""
    pulled: dict[str, dict[str, int]] = {supply.post: {} for supply in supplies}
    links: list[Link] = []
    loops: list[tuple[str, str]] = []
    for supply in from_the_top(supplies):
        above = pulled[supply.post]
        filled: dict[str, int] = {}
        if supply.ready is not None:
            open_ = supply.open + sum(above.values())
            filled = apportioned(min(open_, sum(supply.ready.values())), supply.ready)
        links.append(Link(supply.post, supply.open, dict(above), supply.ready, filled))
        done = {link.post for link in links}
        for source, count in filled.items():
            below = source.removeprefix("post:")
            if count and below in done:
                loops.append((supply.post, below))
            elif count and below in pulled:
                pulled[below][supply.post] = count
    return Chain(fiscal_year, tuple(links), tuple(loops))


def from_the_top(supplies: Sequence[Supply]) -> list[Supply]:
    """The posts so that each comes before its sources; among equals, and where posts feed each other, as given."""
    waiting, ordered = list(supplies), list[Supply]()
    while waiting:
        fed = {
            source.removeprefix("post:")
            for one in waiting
            for source in one.ready or ()
            if source != f"post:{one.post}"
        }
        first = next((one for one in waiting if one.post not in fed), waiting[0])
        waiting.remove(first)
        ordered.append(first)
    return ordered


def apportioned(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A number parted in proportion to whole weights: largest remainder, ties in the order given. Nobody gets over theirs."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {key: total * weight // whole for key, weight in weights.items()}
    rest = sorted(weights, key=lambda key: -(total * weights[key] % whole))
    for key in rest[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
