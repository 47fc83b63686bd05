"""Facts as columns: everything the criteria look at, one table per kind of fact, one row per fact.

Persons are numbered 0 … n - 1; every table names the person of each row and is kept in the order of persons. Days are
ordinals (:data:`webapp.careers.tenure.OPEN` where there is no end). Codes are numbered; ``words`` gives them back.
Only facts that stand are here. The loader from the database is ``webapp.records.facts``.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np

from webapp.careers.tenure import OPEN

Column = np.ndarray[Any, np.dtype[Any]]

NOTHING = np.zeros(0, np.int64)
UNKNOWN = -1
"""Stands for a type or level that could not be resolved."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows about persons; ``row`` is the fact's number in the database, so that a page can lead to it."""

    person: Column = field(default_factory=lambda: NOTHING)
    row: Column = field(default_factory=lambda: NOTHING)

    def __len__(self) -> int:
        return len(self.person)

    def sorted(self) -> Self:
        """The table in the order of persons."""
        if len(self.person) < 2 or (self.person[:-1] <= self.person[1:]).all():
            return self
        order = np.argsort(self.person, kind="stable")
        return type(self)(**{f.name: getattr(self, f.name)[order] for f in fields(self)})

    def of(self, persons: Column, people: int) -> Self:
        """The rows of these persons (who may be named more than once), numbered anew in their order."""
        starts = np.searchsorted(self.person, np.arange(people + 1))
        counts = (starts[1:] - starts[:-1])[persons]
        new = np.repeat(np.arange(len(persons)), counts)
        begun = np.cumsum(counts) - counts
        rows = np.arange(len(new)) - np.repeat(begun - starts[persons], counts)
        taken = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "person"}
        return type(self)(person=new, **taken)


@dataclass(frozen=True, slots=True, eq=False)
class Postings(Table):
    """Spells of holding a post."""

    post: Column = field(default_factory=lambda: NOTHING)
    position_type: Column = field(default_factory=lambda: NOTHING)
    level: Column = field(default_factory=lambda: NOTHING)
    unit: Column = field(default_factory=lambda: NOTHING)
    first: Column = field(default_factory=lambda: NOTHING)
    last: Column = field(default_factory=lambda: NOTHING)
    acting: Column = field(default_factory=lambda: np.zeros(0, bool))


@dataclass(frozen=True, slots=True, eq=False)
class Delegations(Table):
    """Sections put under somebody's charge."""

    section: Column = field(default_factory=lambda: NOTHING)
    first: Column = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Works(Table):
    """Verified evidenced works; ``day`` is when they began to count: done and verified."""

    day: Column = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Qualifications(Table):
    """Qualifications held; undated, so they hold on every day."""

    code: Column = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Passes(Table):
    """Courses completed with the result passed."""

    course: Column = field(default_factory=lambda: NOTHING)
    day: Column = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Ratings(Table):
    """Ratings of competencies, 1-5."""

    competency: Column = field(default_factory=lambda: NOTHING)
    rating: Column = field(default_factory=lambda: NOTHING)
    day: Column = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A course accepted in place of another for completions within its validity (day ordinals)."""

    course: str
    equivalent: str
    first: int = 1
    last: int = OPEN


@dataclass(frozen=True, slots=True)
class Words:
    """The codes behind the numbers: ``words.posts[3]`` is the code of post number 3."""

    posts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    """The kind of each unit, in the order of ``units``."""
    sections: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Facts:
    """The facts of persons 0 … n - 1. ``row`` is the officer's number in the database."""

    officer_no: Column
    row: Column
    entry: Column
    retirement: Column
    left: Column
    words: Words
    postings: Postings = field(default_factory=Postings)
    delegations: Delegations = field(default_factory=Delegations)
    works: Works = field(default_factory=Works)
    qualifications: Qualifications = field(default_factory=Qualifications)
    passes: Passes = field(default_factory=Passes)
    ratings: Ratings = field(default_factory=Ratings)
    equivalents: tuple[Equivalent, ...] = ()

    def __post_init__(self) -> None:
        for name in TABLES:
            object.__setattr__(self, name, getattr(self, name).sorted())

    def __len__(self) -> int:
        return len(self.officer_no)

    def of(self, persons: Column) -> "Facts":
        """The facts of these persons, who may be named more than once (to look at one on several days)."""
        columns = {name: getattr(self, name)[persons] for name in ("officer_no", "row", "entry", "retirement", "left")}
        tables = {name: getattr(self, name).of(persons, len(self)) for name in TABLES}
        return Facts(**columns, words=self.words, **tables, equivalents=self.equivalents)


TABLES = ("postings", "delegations", "works", "qualifications", "passes", "ratings")


def number_of(words: tuple[str, ...], code: str | None) -> int:
    """The number of a code; one that no fact has is a number that no row has."""
    return words.index(code) if code in words else -2
