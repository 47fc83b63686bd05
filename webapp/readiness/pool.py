"""How many officers meet a post's criteria under two rules, criterion by criterion. Pure.

A criterion of the top level is *alone in the way* of an officer who meets every other one (domain page §3, sole blocker).
"""

from dataclasses import dataclass

from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.judge import Tally, top_level
from webapp.careers.criteria.tree import Node


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion under both rules; None where a rule does not have it."""

    node: Node
    before: Tally | None
    after: Tally | None

    @property
    def difference(self) -> int | None:
        """How many more meet it; None where only one rule has it."""
        return None if self.before is None or self.after is None else self.after.met - self.before.met


@dataclass(frozen=True, slots=True)
class Pool:
    """Those who pass under the rule in force (None where there is none) and under another."""

    evaluated: int
    before: int | None
    after: int
    lines: tuple[Line, ...]

    @property
    def difference(self) -> int | None:
        return None if self.before is None else self.after - self.before


def compared(before: Evaluation | None, after: Evaluation) -> Pool:
    """Both evaluations side by side: the criteria of ``after`` in its order, then those it no longer has."""
    was = {} if before is None else before.summary.per_criterion
    now = after.summary.per_criterion
    nodes = list(top_level(after.rule.tree))
    if before is not None:
        nodes += [node for node in top_level(before.rule.tree) if node.id not in now]
    return Pool(
        evaluated=after.summary.evaluated,
        before=None if before is None else before.summary.eligible,
        after=after.summary.eligible,
        lines=tuple(Line(node, was.get(node.id), now.get(node.id)) for node in nodes),
    )
