"""When a criterion will be met, if open postings stay open, ended ones stay ended and facts dated later take effect.

A criterion can only come to be met on a day on which one of its leaves does: a spell reaches its length, a posting or a
delegation begins, a work, a course or a rating is dated. The tree is judged on exactly those days of each person.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from webapp.careers.criteria.facts import Column, Facts, Table, number_of
from webapp.careers.criteria.judge import Verdicts, judge
from webapp.careers.criteria.measure import Expected, matching, measure
from webapp.careers.criteria.tree import Node
from webapp.careers.tenure import OPEN, tenure_reached

NEVER = OPEN + 1
"""Stands where a criterion will not be met before the officer's retirement day."""


def met_on(
    tree: Node, facts: Facts, as_of: int, expected: Sequence[Expected], verdicts: Verdicts, whom: Column
) -> dict[str, Column]:
    """By criterion, the first day on or after ``as_of`` on which each person meets it; :data:`NEVER` where there is none.

    ``verdicts`` are those of ``as_of``; only the persons in ``whom`` are looked at (others keep what holds on that day).
    """
    early = as_of < facts.retirement
    first = {node.id: np.where(verdicts[node.id].met & early, as_of, NEVER) for node in tree.walk()}
    persons, days = _days_to_look_at(tree, facts, as_of, whom & early)
    if not len(persons):
        return first
    later = judge(tree, measure(tree, facts.of(persons), days, expected))
    for node in tree.walk():
        met = later[node.id].met
        np.minimum.at(first[node.id], persons[met], days[met])
    return first


def _days_to_look_at(tree: Node, facts: Facts, as_of: int, whom: Column) -> tuple[Column, Column]:
    """Persons and the days after ``as_of``, before their retirement day, on which one of their leaves may come to be met."""
    keys = [np.zeros(0, np.int64)]
    for leaf in tree.walk():
        for person, day in _turns(leaf, facts):
            wanted = (day > as_of) & (day < facts.retirement[person]) & whom[person]
            keys.append(person[wanted] * (NEVER + 1) + day[wanted])
    both = np.unique(np.concatenate(keys))
    return both // (NEVER + 1), both % (NEVER + 1)


def _turns(leaf: Node, facts: Facts) -> list[tuple[Column, Column]]:
    """Persons and days on which a leaf may come to be met; for a group nothing of its own."""

    def of(table: Table, rows: Any = slice(None), day: str = "day") -> tuple[Column, Column]:
        return table.person[rows], getattr(table, day)[rows]

    turns = []
    if leaf.match is not None:
        held, (rows, _) = facts.postings, matching(leaf, facts)
        turns.append(of(held, rows, "first"))
        if leaf.kind == "tenure":
            reached = tenure_reached(len(facts), held.person[rows], held.first[rows], held.last[rows], leaf.required)
            turns.append((np.arange(len(facts)), reached))
    if leaf.kind in ("works", "posting_and_works"):
        turns.append(of(facts.works))
    if leaf.kind == "sections":
        turns.append(of(facts.delegations, day="first"))
    if leaf.kind == "course":
        codes = {leaf.code, *(e.equivalent for e in facts.equivalents if e.course == leaf.code)}
        rows = np.isin(facts.passes.course, [number_of(facts.words.courses, code) for code in codes])
        turns.append(of(facts.passes, rows))
    if leaf.kind == "competency":
        turns.append(of(facts.ratings))
    return turns
