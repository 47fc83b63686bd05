"""For one officer: the fewest added units that would meet a criterion, and the records that count towards it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from webapp.careers.criteria.facts import Column, Facts
from webapp.careers.criteria.judge import Verdicts
from webapp.careers.criteria.measure import Expected, Measures, counting
from webapp.careers.criteria.tree import DAYS_PER_YEAR, UNIT, Node


@dataclass(frozen=True, slots=True)
class Step:
    """What is missing for one leaf: so many more units of its own parameter (years for tenure).

    ``holding``: beside that, a matching posting is needed (to have been held or, where the leaf says so, to be held now).
    """

    criterion: str
    unit: str
    amount: Fraction
    holding: bool = False

    @property
    def cost(self) -> Fraction:
        return self.amount + self.holding


Way = tuple[Step, ...]


def cost(way: Way) -> Fraction:
    """Added units of all steps of a way."""
    return sum((step.cost for step in way), Fraction())


def counterfactual(node: Node, measures: Measures, verdicts: Verdicts, row: int) -> Way:
    """The fewest added units that make the criterion met for a person; ties by the profile's order. Empty if it is met."""
    if verdicts[node.id].met[row]:
        return ()
    if not node.is_group:
        return (_step(node, measures, verdicts, row),)
    missing = [child for child in node.of if not verdicts[child.id].met[row]]
    ways = [counterfactual(child, measures, verdicts, row) for child in missing]
    lacking = node.needed - (len(node.of) - len(missing))
    chosen = sorted(range(len(ways)), key=lambda n: (cost(ways[n]), n))[:lacking]
    return tuple(step for n in sorted(chosen) for step in ways[n])


def costs(node: Node, measures: Measures, verdicts: Verdicts) -> Column:
    """What the counterfactual of a criterion costs everybody at once, in 360ths of an added unit; 0 where it is met.

    The same figure as ``cost(counterfactual(…)) * 360`` for each person: how far everybody is, without a sentence each.
    """
    verdict = verdicts[node.id]
    if node.is_group:
        below = np.stack([costs(child, measures, verdicts) for child in node.of])
        least = np.sort(below, axis=0)[: node.needed].sum(axis=0)
        return np.where(verdict.met, 0, least)
    measured = measures[node.id]
    lacking = np.maximum(0, verdict.required - measured.found.astype(np.int64))
    if node.kind != "tenure":
        lacking = lacking * DAYS_PER_YEAR
    if measured.also is not None:
        lacking = lacking + np.where(measured.also, 0, DAYS_PER_YEAR)
    return np.where(verdict.met, 0, lacking)


def alternatives(node: Node, measures: Measures, verdicts: Verdicts, row: int) -> list[Way]:
    """Each child's way of an unmet ``any`` group, the cheapest first; of anything else its one way."""
    if node.kind != "any" or verdicts[node.id].met[row]:
        way = counterfactual(node, measures, verdicts, row)
        return [way] if way else []
    return sorted((counterfactual(child, measures, verdicts, row) for child in node.of), key=cost)


def _step(leaf: Node, measures: Measures, verdicts: Verdicts, row: int) -> Step:
    measured, verdict = measures[leaf.id], verdicts[leaf.id]
    holding = measured.also is not None and not bool(measured.also[row])
    lacking = Fraction(max(0, verdict.required - int(measured.found[row])))
    if leaf.kind == "tenure":
        return Step(leaf.id, "years", lacking / DAYS_PER_YEAR, holding)
    return Step(leaf.id, UNIT[leaf.kind], lacking, holding)


def evidence(leaf: Node, facts: Facts, as_of: int, row: int) -> list[tuple[str, int]]:
    """The records that count towards a leaf for a person: (table, number of the record in the database)."""
    alone = facts.of(np.array([row]))
    found = counting(leaf, alone, as_of)
    return [(table, int(number)) for table, rows in found.items() for number in getattr(alone, table).row[rows]]


@dataclass(frozen=True, slots=True)
class Rated:
    """One competency of a profile for a person: the rating that counts, or none yet."""

    expected: Expected
    rating: int | None
    day: int | None
    row: int | None

    @property
    def reached(self) -> bool:
        return self.rating is not None and self.rating >= self.expected.level


def ratings_of(leaf: Node, facts: Facts, as_of: int, row: int, expected: Sequence[Expected]) -> list[Rated]:
    """The competencies that a leaf looks at, with the latest rating by the day (of several on that day the lowest)."""
    table = facts.of(np.array([row])).ratings
    found = []
    for one in expected:
        if leaf.groups is not None and one.group not in leaf.groups:
            continue
        code = facts.words.competencies.index(one.competency) if one.competency in facts.words.competencies else -2
        rows = [n for n in range(len(table)) if table.competency[n] == code and table.day[n] <= as_of]
        best = max(rows, key=lambda n: (table.day[n], -table.rating[n]), default=None)
        if best is None:
            found.append(Rated(one, None, None, None))
        else:
            found.append(Rated(one, int(table.rating[best]), int(table.day[best]), int(table.row[best])))
    return found
