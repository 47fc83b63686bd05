"""One evaluation: a post's criteria over everybody's facts on one day. Pages, what-ifs, forecasts and exports all use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from webapp.careers.criteria.facts import Column, Facts
from webapp.careers.criteria.foresee import met_on
from webapp.careers.criteria.judge import Summary, Verdicts, evaluated, judge, summarize
from webapp.careers.criteria.measure import Expected, Measures, expected_of, measure
from webapp.careers.criteria.tree import Node, tree_from, with_parameter


@dataclass(frozen=True, slots=True)
class Rule:
    """What a post asks for: its code, the profile's version, the rule tree and the expected levels of competencies."""

    post: str
    version: int
    tree: Node
    expected: tuple[Expected, ...] = ()

    def what_if(self, changes: Iterable[tuple[str, str, Any]]) -> "Rule":
        """The rule with other numbers: (criterion, parameter, value).

        Raises :class:`webapp.careers.criteria.tree.TreeHasProblems` where one makes no sense.
        """
        tree = self.tree
        for criterion, name, value in changes:
            tree = with_parameter(tree, criterion, name, value)
        return replace(self, tree=tree)


def rule_of(post: str, version: int, document: Mapping[str, Any]) -> Rule:
    """The rule that a job profile's document holds."""
    return Rule(post, version, tree_from(document["criteria"]), expected_of(document.get("competencies") or ()))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everybody judged by a rule on a day (an ordinal). ``whom`` are those evaluated for the post on that day."""

    rule: Rule
    facts: Facts
    as_of: int
    whom: Column
    measures: Measures
    verdicts: Verdicts

    @cached_property
    def met_on(self) -> dict[str, Column]:
        """By criterion, the first day on which each of those evaluated meets it (``foresee.NEVER`` where there is none)."""
        return met_on(self.rule.tree, self.facts, self.as_of, self.rule.expected, self.verdicts, self.whom)

    @cached_property
    def summary(self) -> Summary:
        return summarize(self.rule.tree, self.verdicts, self.whom)

    @cached_property
    def rows(self) -> list[int]:
        """Those evaluated, by officer number."""
        rows = np.flatnonzero(self.whom)
        return [int(row) for row in rows[np.argsort(self.facts.officer_no[rows], kind="stable")]]

    def what_if(self, changes: Iterable[tuple[str, str, Any]]) -> "Evaluation":
        """The same people and figures judged with other numbers: nothing is measured again."""
        rule = self.rule.what_if(changes)
        return replace(self, rule=rule, verdicts=judge(rule.tree, self.measures))


def evaluate(rule: Rule, facts: Facts, as_of: int) -> Evaluation:
    """Judge everybody by a rule on a day."""
    measures = measure(rule.tree, facts, as_of, rule.expected)
    whom = evaluated(facts, rule.post, as_of)
    return Evaluation(rule, facts, as_of, whom, measures, judge(rule.tree, measures))
