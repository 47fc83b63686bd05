"""Who meets what: figures found against figures required, three-valued, for everybody at once.

Unknown is only what contradicts itself or cannot be resolved; ``all``, ``any`` and ``at least k`` follow Kleene's logic. A
verdict is two masks: ``met`` (surely) and ``maybe`` (surely or unknown); where nothing is unknown they are one and the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from webapp.careers.criteria.facts import Column, Facts, number_of
from webapp.careers.criteria.measure import Day, Measured, Measures
from webapp.careers.criteria.tree import Node


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The verdict on one criterion for everybody. ``figures`` is what was found; of a group, see :meth:`found`."""

    met: Column
    maybe: Column
    required: int
    figures: Column | None = None
    children: tuple["Verdict", ...] = ()

    def found(self) -> Column:
        """The figures found; of a group, how many of its criteria are met."""
        if self.figures is not None:
            return self.figures
        return np.sum([child.met for child in self.children], axis=0)

    def of(self, row: int) -> bool | None:
        """Met, not met, or unknown, for one person."""
        return True if self.met[row] else None if self.maybe[row] else False


Verdicts = Mapping[str, Verdict]


def judge(tree: Node, measures: Measures) -> Verdicts:
    """The verdict on every criterion of the tree."""
    verdicts: dict[str, Verdict] = {}
    _judge(tree, measures, verdicts)
    return verdicts


def _judge(node: Node, measures: Measures, verdicts: dict[str, Verdict]) -> Verdict:
    if node.is_group:
        verdict = _of_group(node, tuple(_judge(child, measures, verdicts) for child in node.of))
    else:
        verdict = _of_leaf(node, measures[node.id])
    verdicts[node.id] = verdict
    return verdict


def _of_leaf(node: Node, measured: Measured) -> Verdict:
    required = node.required if measured.fixed is None else measured.fixed
    met = measured.found >= required
    if measured.also is not None:
        met = met & measured.also
    maybe = met
    if measured.possible is not None:
        might = measured.possible >= required
        also = measured.also if measured.also_possible is None else measured.also_possible
        maybe = met | (might if also is None else might & also)
    return Verdict(met, maybe, required, measured.found)


def _of_group(node: Node, children: tuple[Verdict, ...]) -> Verdict:
    met = _together(node, [child.met for child in children])
    known = all(child.maybe is child.met for child in children)
    maybe = met if known else _together(node, [child.maybe for child in children])
    return Verdict(met, maybe, node.needed, children=children)


def _together(node: Node, masks: Sequence[Column]) -> Column:
    if node.kind == "all":
        return reduce(np.logical_and, masks)
    if node.kind == "any":
        return reduce(np.logical_or, masks)
    return np.asarray(np.sum(masks, axis=0) >= node.k)


def evaluated(facts: Facts, post: str | None, as_of: Day) -> Column:
    """Who is evaluated for a post on a day: in service, and not holding it (acting apart)."""
    serving = (facts.entry <= as_of) & (as_of <= facts.retirement) & (facts.left >= as_of)
    held = facts.postings
    day = as_of if isinstance(as_of, int) else as_of[held.person]
    holding = (
        (held.post == number_of(facts.words.posts, post)) & ~held.acting & (held.first <= day) & (held.last >= day)
    )
    serving[held.person[holding]] = False
    return serving


def top_level(tree: Node) -> tuple[Node, ...]:
    """The criteria shown first: the root's children."""
    return tree.of or (tree,)


class Tally(NamedTuple):
    """Of those evaluated: how many meet a criterion, and for how many it alone is in the way."""

    met: int
    sole_blocker: int


class Summary(NamedTuple):
    """How many meet everything, how many were evaluated, and each criterion of the top level."""

    eligible: int
    evaluated: int
    per_criterion: dict[str, Tally]


def summarize(tree: Node, verdicts: Verdicts, whom: Column) -> Summary:
    """The figures of a tree over those evaluated. Unknown counts as not met."""
    top = top_level(tree)
    failed = [~verdicts[node.id].met & whom for node in top]
    failures = np.zeros(len(whom), np.uint8)
    for mask in failed:
        failures += mask.view(np.uint8)
    alone = failures == 1
    count = int(np.count_nonzero(whom))
    tallies = {
        node.id: Tally(count - int(np.count_nonzero(mask)), int(np.count_nonzero(mask & alone)))
        for node, mask in zip(top, failed, strict=True)
    }
    return Summary(int(np.count_nonzero(verdicts[tree.id].met & whom)), count, tallies)
