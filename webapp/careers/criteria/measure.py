"""What is found for each leaf of a tree, for everybody at once, on a day (domain page §3, "How criteria are evaluated").

Nothing dated after the day counts. What a criterion asks for is looked at later (``judge``): the figures here stay the
same when a number of a criterion changes, so that a what-if is a comparison.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from webapp.careers.criteria.facts import UNKNOWN, Column, Facts, Table, number_of
from webapp.careers.criteria.tree import Match, Node
from webapp.careers.tenure import tenures

Day = int | Column
"""One day for everybody, or one for each person."""


class Expected(NamedTuple):
    """A competency of a profile, its group and the level expected."""

    competency: str
    group: str
    level: int


def expected_of(document: Iterable[Mapping[str, object]]) -> tuple[Expected, ...]:
    """The competencies of a profile's document."""
    return tuple(Expected(str(c["competency"]), str(c["group"]), int(str(c["expected_level"]))) for c in document)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What is found for a leaf, per person.

    ``found``     the figure that is compared with what is required (``fixed`` where no parameter says what that is)
    ``also``      whether the leaf's other condition holds (such a posting is held, or was); None where there is none
    ``possible``, ``also_possible``  the same if everything unresolved spoke for the person; None where nothing is unresolved
    ``waiting``   competencies not yet assessed
    """

    found: Column
    fixed: int | None = None
    also: Column | None = None
    possible: Column | None = None
    also_possible: Column | None = None
    waiting: Column | None = None


Measures = Mapping[str, Measured]


def measure(tree: Node, facts: Facts, as_of: Day, expected: Sequence[Expected] = ()) -> Measures:
    """What is found for every leaf of the tree, for every person, on a day."""
    return {leaf.id: measured(leaf, facts, as_of, expected) for leaf in tree.walk() if not leaf.is_group}


def measured(leaf: Node, facts: Facts, as_of: Day, expected: Sequence[Expected]) -> Measured:
    """What is found for one leaf."""
    match leaf.kind:
        case "tenure":
            return _tenure(leaf, facts, as_of)
        case "sections":
            return Measured(_distinct(facts, "delegations", "section", counting(leaf, facts, as_of)["delegations"]))
        case "districts":
            return _districts(leaf, facts, as_of)
        case "works":
            return Measured(_count(facts, counting(leaf, facts, as_of)["works"], "works"))
        case "posting_and_works":
            return _posting_and_works(leaf, facts, as_of)
        case "qualification" | "course":
            table = "qualifications" if leaf.kind == "qualification" else "passes"
            return Measured(_any(facts, table, counting(leaf, facts, as_of)[table]).view(np.int8), fixed=1)
    return _competency(leaf, facts, as_of, expected)


# Which rows count


def counting(leaf: Node, facts: Facts, as_of: Day) -> dict[str, Column]:
    """By table, which rows count for a leaf on a day. What cannot be resolved does not count."""
    found: dict[str, Column] = {}
    if leaf.match is not None:
        found["postings"] = matching(leaf, facts)[0] & _begun(facts, as_of)
    if leaf.kind in ("works", "posting_and_works"):
        found["works"] = facts.works.day <= _day(facts.works, as_of)
    if leaf.kind == "sections":
        found["delegations"] = _delegated(leaf, facts, as_of)
    if leaf.kind == "qualification":
        found["qualifications"] = facts.qualifications.code == number_of(facts.words.qualifications, leaf.code)
    if leaf.kind == "course":
        found["passes"] = _passed(leaf, facts, as_of)
    return found


def _day(table: Table, as_of: Day) -> Day:
    return as_of if isinstance(as_of, int) else as_of[table.person]


def _begun(facts: Facts, as_of: Day) -> Column:
    return np.asarray(facts.postings.first <= _day(facts.postings, as_of))


def matching(leaf: Node, facts: Facts) -> tuple[Column, Column | None]:
    """Which postings match a leaf, and which might if what is unresolved were known (None where nothing is)."""
    postings, words, match = facts.postings, facts.words, leaf.match or Match()
    sure = np.ones(len(postings), bool)
    if match.post is not None:
        sure &= postings.post == number_of(words.posts, match.post)
    if match.unit_kind is not None:
        of_kind = np.array([kind == match.unit_kind for kind in words.unit_kinds] or [False])
        sure &= of_kind[postings.unit]
    if not leaf.acting:
        sure &= ~postings.acting
    possible, unresolved = sure, False
    for code, names, column in (
        (match.position_type, words.types, postings.position_type),
        (match.level, words.levels, postings.level),
    ):
        if code is None:
            continue
        same, open_ = column == number_of(names, code), column == UNKNOWN
        sure = sure & same
        possible = possible & (same | open_)
        unresolved = unresolved or bool(open_.any())
    return sure, possible if unresolved else None


def _delegated(leaf: Node, facts: Facts, as_of: Day) -> Column:
    """Delegations begun by the day; the stricter option counts only those begun while holding a named post."""
    table = facts.delegations
    begun = np.asarray(table.first <= _day(table, as_of))
    if leaf.while_holding is None:
        return begun
    held = facts.postings
    rows = np.flatnonzero((held.post == number_of(facts.words.posts, leaf.while_holding)) & ~held.acting)
    starts = np.searchsorted(held.person[rows], np.arange(len(facts) + 1))
    counts = (starts[1:] - starts[:-1])[table.person]
    each = np.repeat(np.arange(len(table)), counts)
    posting = rows[np.arange(len(each)) - np.repeat(np.cumsum(counts) - counts - starts[table.person], counts)]
    within = (held.first[posting] <= table.first[each]) & (table.first[each] <= held.last[posting])
    while_holding = np.zeros(len(table), bool)
    while_holding[each[within]] = True
    return begun & while_holding


def _passed(leaf: Node, facts: Facts, as_of: Day) -> Column:
    """Passes of the course itself, or of an equivalent while it was accepted, completed by the day."""
    table, courses = facts.passes, facts.words.courses
    counts = table.course == number_of(courses, leaf.code)
    for other in facts.equivalents:
        if other.course == leaf.code:
            valid = (other.first <= table.day) & (table.day <= other.last)
            counts = counts | ((table.course == number_of(courses, other.equivalent)) & valid)
    return counts & (table.day <= _day(table, as_of))


# What they come to


def _tenure(leaf: Node, facts: Facts, as_of: Day) -> Measured:
    postings = facts.postings
    sure, possible = matching(leaf, facts)

    def days(rows: Column) -> Column:
        day = _day(postings, as_of)
        limit = day if isinstance(day, int) else day[rows]
        return tenures(len(facts), postings.person[rows], postings.first[rows], postings.last[rows], limit)

    def held(rows: Column) -> Column:
        open_ = (postings.first <= _day(postings, as_of)) & (postings.last >= _day(postings, as_of))
        return _any(facts, "postings", rows & open_)

    also = held(sure) if leaf.now else None
    if possible is None:
        return Measured(days(sure), also=also)
    return Measured(days(sure), None, also, days(possible), held(possible) if leaf.now else None)


def _districts(leaf: Node, facts: Facts, as_of: Day) -> Measured:
    """Distinct district offices among matching postings begun by the day."""
    units, begun = facts.postings.unit, _begun(facts, as_of)
    district = np.array([kind == "district" for kind in facts.words.unit_kinds] or [False])[units]
    sure, possible = matching(leaf, facts)

    def offices(rows: Column) -> Column:
        return _distinct(facts, "postings", "unit", rows & begun & district)

    return Measured(offices(sure), possible=None if possible is None else offices(possible))


def _posting_and_works(leaf: Node, facts: Facts, as_of: Day) -> Measured:
    """Works count only beside a matching posting begun by the day."""
    begun = _begun(facts, as_of)
    sure, possible = matching(leaf, facts)
    works = _count(facts, counting(leaf, facts, as_of)["works"], "works")
    also = _any(facts, "postings", sure & begun)
    if possible is None:
        return Measured(works, also=also)
    return Measured(works, None, also, works, _any(facts, "postings", possible & begun))


def _competency(leaf: Node, facts: Facts, as_of: Day, expected: Sequence[Expected]) -> Measured:
    """Competencies of the profile, in the leaf's groups, whose latest rating reaches the expected level."""
    wanted = [one for one in expected if leaf.groups is None or one.group in leaf.groups]
    latest = latest_ratings(facts, as_of, [one.competency for one in wanted])
    levels = np.array([one.level for one in wanted], np.int64)
    reached, rated = latest >= np.maximum(levels, 1), latest > 0
    return Measured(reached.sum(axis=1), fixed=len(wanted), waiting=(~rated).sum(axis=1))


def latest_ratings(facts: Facts, as_of: Day, competencies: Sequence[str]) -> Column:
    """Per person and competency the latest rating by the day, of several on that day the lowest; 0 where not rated."""
    table, width = facts.ratings, max(len(competencies), 1)
    places = {code: place for place, code in enumerate(competencies)}
    place = np.array([places.get(code, -1) for code in facts.words.competencies] or [-1])[table.competency]
    rows = np.flatnonzero((place >= 0) & (table.day <= _day(table, as_of)))
    newest = np.zeros(len(facts) * width, np.int64)
    np.maximum.at(newest, table.person[rows] * width + place[rows], table.day[rows] * 8 + (7 - table.rating[rows]))
    ratings = np.where(newest > 0, 7 - newest % 8, 0).reshape(len(facts), width)
    return ratings[:, : len(competencies)]


def _any(facts: Facts, table: str, rows: Column) -> Column:
    found = np.zeros(len(facts), bool)
    found[getattr(facts, table).person[rows]] = True
    return found


def _count(facts: Facts, rows: Column, table: str) -> Column:
    return np.bincount(getattr(facts, table).person[rows], minlength=len(facts))


def _distinct(facts: Facts, table: str, column: str, rows: Column) -> Column:
    """How many different values the rows of each person have."""
    rows_of = getattr(facts, table)
    values = getattr(rows_of, column)[rows]
    if not len(values):
        return np.zeros(len(facts), np.int64)
    kinds, place = np.unique(values, return_inverse=True)
    seen = np.zeros((len(facts), len(kinds)), bool)
    seen[rows_of.person[rows], place] = True
    return seen.sum(axis=1)
