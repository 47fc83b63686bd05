"""One officer and one post, criterion by criterion: met or not, what was found, what is required, when time alone will do it,
and what to do otherwise. Pure; the same evaluation as the list, the forecast and the export."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.careers.criteria.advice import Rated, Way, alternatives, counterfactual, evidence, ratings_of
from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.foresee import NEVER
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import Node

MET, NOT_YET, NOT_ASSESSED, UNKNOWN = "met", "not-yet", "not-assessed", "unknown"


@dataclass(frozen=True, slots=True)
class Explained:
    """One criterion for one person. ``met_on`` is a day ordinal: when it is met by time alone, None where it will not be.

    ``ways`` are what would do it otherwise: one, or for an ``any`` group one of each child, the cheapest first.
    ``evidence`` names the records that count: (table, number in the database).
    """

    node: Node
    state: str
    found: int
    required: int
    met_on: int | None
    ways: tuple[Way, ...] = ()
    evidence: tuple[tuple[str, int], ...] = ()
    rated: tuple[Rated, ...] = ()
    children: tuple["Explained", ...] = ()
    waiting: int = 0

    @property
    def is_met(self) -> bool:
        return self.state == MET

    def walk(self) -> Iterator["Explained"]:
        """This criterion and those below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def state_of(node: Node, found: Evaluation, row: int) -> str:
    """Met, not yet, unknown, or not yet assessed: nothing rated is below what is expected, but something is not rated."""
    verdict = found.verdicts[node.id].of(row)
    if verdict is None:
        return UNKNOWN
    if verdict:
        return MET
    waiting = waiting_of(node, found, row)
    if waiting and found.verdicts[node.id].found()[row] + waiting >= found.verdicts[node.id].required:
        return NOT_ASSESSED
    return NOT_YET


def waiting_of(node: Node, found: Evaluation, row: int) -> int:
    """How many competencies of a criterion nobody has rated yet."""
    if node.kind != "competency":
        return 0
    waiting = found.measures[node.id].waiting
    return 0 if waiting is None else int(waiting[row])


def explained(node: Node, found: Evaluation, row: int) -> Explained:
    """A criterion for one person, with everything below it. ``found`` should hold few people: each leaf is looked up."""
    verdict = found.verdicts[node.id]
    day = int(found.met_on[node.id][row])
    leaf = not node.is_group
    return Explained(
        node=node,
        state=state_of(node, found, row),
        found=int(verdict.found()[row]),
        required=verdict.required,
        met_on=None if day == NEVER else day,
        ways=tuple(alternatives(node, found.measures, found.verdicts, row)),
        evidence=tuple(evidence(node, found.facts, found.as_of, row)) if leaf else (),
        rated=tuple(ratings_of(node, found.facts, found.as_of, row, found.rule.expected))
        if node.kind == "competency"
        else (),
        children=tuple(explained(child, found, row) for child in node.of),
        waiting=waiting_of(node, found, row),
    )


def lacking(found: Evaluation, row: int) -> list[tuple[Node, list[Way]]]:
    """The criteria of the top level that a person does not meet, each with its ways, the cheapest first."""
    return [
        (node, alternatives(node, found.measures, found.verdicts, row))
        for node in top_level(found.rule.tree)
        if not found.verdicts[node.id].met[row]
    ]


def shortest(found: Evaluation, row: int) -> Way:
    """The fewest added units that would make the person qualify."""
    return counterfactual(found.rule.tree, found.measures, found.verdicts, row)
