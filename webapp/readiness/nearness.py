"""Who of those evaluated a reader asks to see, and in which order: the nearest first. Pure and vectorized.

*Nearness*: first whoever has fewer criteria of the top level still unmet; among those, whoever needs fewer added units in
all (one year of tenure, section, district office, work, course, qualification or competency is one unit, by the way that
needs the fewest); then by officer number. Ours: the minutes name no order among those who do not qualify yet.
"""

from dataclasses import dataclass

import numpy as np

from webapp.careers.criteria.advice import costs
from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.facts import Column, Facts, Table
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.measure import counting
from webapp.careers.criteria.tree import Node

STATES = ("met", "not-met", "unknown")
BY = ("meets", "lacks", "alone")
"""Meets a criterion; does not; does not, and meets every other one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asks: a state, one criterion and how, and only these persons (a mask)."""

    state: str = ""
    by: str = ""
    only: Column | None = None


def unmet(found: Evaluation) -> Column:
    """How many criteria of the top level each person does not meet; unknown is not met."""
    return np.sum([~found.verdicts[node.id].met for node in top_level(found.rule.tree)], axis=0)


def chosen(found: Evaluation, wanted: Wanted) -> Column:
    """A mask of those evaluated whom the reader asks for."""
    root = found.verdicts[found.rule.tree.id]
    mask = found.whom.copy()
    if wanted.state == "met":
        mask &= root.met
    elif wanted.state == "not-met":
        mask &= ~root.met
    elif wanted.state == "unknown":
        mask &= root.maybe & ~root.met
    how, _colon, criterion = wanted.by.partition(":")
    if criterion in found.verdicts:
        met = found.verdicts[criterion].met
        mask &= met if how == "meets" else ~met
        if how == "alone":
            mask &= unmet(found) == 1
    if wanted.only is not None:
        mask &= wanted.only
    return mask


def by_nearness(found: Evaluation, mask: Column) -> Column:
    """The persons of a mask, the nearest first."""
    rows = np.flatnonzero(mask)
    lacking = costs(found.rule.tree, found.measures, found.verdicts)[rows]
    return rows[np.lexsort((found.facts.officer_no[rows], lacking, unmet(found)[rows]))]


def by_number(found: Evaluation, mask: Column) -> Column:
    """The persons of a mask by officer number."""
    rows = np.flatnonzero(mask)
    return rows[np.argsort(found.facts.officer_no[rows], kind="stable")]


def in_order_of(facts: Facts, mask: Column, officer_ids: Column) -> Column:
    """The persons of a mask in the order in which their officers are listed."""
    if not len(officer_ids):
        return np.flatnonzero(mask)
    ids = np.argsort(facts.row)
    rows = ids[np.searchsorted(facts.row, officer_ids, sorter=ids)]
    return rows[mask[rows]]


def held_on(facts: Facts, as_of: int) -> Column:
    """Each person's place among the postings: what is held on a day, -1 for nothing.

    A substantive posting goes before an acting one, the latest begun before the others.
    """
    held = facts.postings
    rows = np.flatnonzero((held.first <= as_of) & (held.last >= as_of))
    order = rows[np.lexsort((-held.row[rows], held.first[rows], ~held.acting[rows]))]
    current = np.full(len(facts), -1)
    current[held.person[order]] = order  # the last one written stays
    return current


def of_current(facts: Facts, current: Column, column: str) -> Column:
    """A column of the postings held (``held_on``), per person; -1 for nothing."""
    table: Table = facts.postings
    if not len(table):
        return np.full(len(facts), -1)
    return np.where(current >= 0, getattr(table, column)[current], -1)


def sections_not_held(found: Evaluation, leaf: Node, row: int) -> list[str]:
    """The codes of the sections that do not count yet towards a criterion about sections, for one person."""
    facts = found.facts
    counts = counting(leaf, facts, found.as_of)["delegations"] & (facts.delegations.person == row)
    held = set(facts.delegations.section[counts].tolist())
    return [code for place, code in enumerate(facts.words.sections) if place not in held]
