"""The rules of feasibility and nearness: plain figures, at, below and above every threshold."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.careers.criteria import made
from webapp.careers.criteria.advice import cost, costs, counterfactual
from webapp.careers.criteria.evaluation import Rule, evaluate
from webapp.careers.criteria.tree import tree_from
from webapp.readiness import feasibility, nearness, pool
from webapp.readiness.figures import rounded

TODAY = made.START + dt.timedelta(days=100)


def evaluation(document, people, day=TODAY):
    rule = Rule("head", 1, tree_from(document), made.EXPECTED)
    return evaluate(rule, made.columns(people), day.toordinal())


# Nearness -------------------------------------------------------------------------------------------------------------


@given(made.trees, st.lists(made.officers, min_size=1, max_size=4), made.days)
def test_the_distance_of_everybody_is_the_cost_of_each_ones_counterfactual(document, people, day):
    found = evaluation(document, people, day)
    far = costs(found.rule.tree, found.measures, found.verdicts)
    for row in range(len(people)):
        way = counterfactual(found.rule.tree, found.measures, found.verdicts, row)
        assert far[row] == cost(way) * 360


@given(made.trees, st.lists(made.officers, max_size=5), made.days)
def test_the_list_holds_everybody_asked_for_once_the_nearest_first(document, people, day):
    found = evaluation(document, people, day)
    rows = nearness.by_nearness(found, nearness.chosen(found, nearness.Wanted()))
    assert sorted(rows) == list(np.flatnonzero(found.whom))
    far = [
        (int(nearness.unmet(found)[row]), int(costs(found.rule.tree, found.measures, found.verdicts)[row]))
        for row in rows
    ]
    assert far == sorted(far)


FOUR = {
    "id": "r", "kind": "all",
    "of": [{"id": "w", "kind": "works", "works": 2}, {"id": "s", "kind": "sections", "min": 2}, {"id": "q", "kind": "qualification", "code": "q1"}],
}  # fmt: skip


def somebody(works=0, sections=0, qualified=True, **more):
    return made.officer(
        works=[made.START] * works, qualifications=["q1"] if qualified else [],
        delegations=[{"section": one, "first": made.START, "last": None} for one in made.SECTIONS[:sections]], **more,
    )  # fmt: skip


PEOPLE = [
    somebody(2, 2),
    somebody(1, 2),
    somebody(0, 2),
    somebody(0, 0),
    somebody(2, 1, qualified=False),
    somebody(2, 3),
]


def test_fewer_criteria_unmet_comes_before_fewer_units_missing():
    found = evaluation(FOUR, PEOPLE)
    assert list(nearness.by_nearness(found, found.whom)) == [0, 5, 1, 2, 4, 3]


@pytest.mark.parametrize(
    ("state", "by", "rows"),
    [
        ("met", "", [0, 5]), ("not-met", "", [1, 2, 3, 4]), ("unknown", "", []), ("", "lacks:w", [1, 2, 3]),
        ("", "alone:w", [1, 2]), ("", "meets:q", [0, 1, 2, 3, 5]), ("not-met", "meets:w", [4]), ("", "lacks:nothing", [0, 1, 2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_the_filters_hold_who_meets_and_who_lacks(state, by, rows):
    found = evaluation(FOUR, PEOPLE)
    assert list(np.flatnonzero(nearness.chosen(found, nearness.Wanted(state, by)))) == rows


def test_what_is_held_on_a_day_is_substantive_before_acting_and_latest_begun():
    held = [
        made.posting("2024-01-01", post="head", acting=True), made.posting("2020-01-01", unit="D2"),
        made.posting("2023-01-01", unit="D3"), made.posting("2025-01-01", unit="B1"),
    ]  # fmt: skip
    facts = made.columns([made.officer(postings=held), made.officer(), made.officer(postings=held[:1])])
    current = nearness.held_on(facts, TODAY.toordinal())
    assert [made.WORDS.units[unit] if unit >= 0 else None for unit in nearness.of_current(facts, current, "unit")] == [
        "D3",
        None,
        "D1",
    ]


# The pool under two rules ---------------------------------------------------------------------------------------------


def test_two_rules_side_by_side_keep_criteria_that_only_one_of_them_has():
    before = evaluation(FOUR, PEOPLE)
    other = {**FOUR, "of": [FOUR["of"][1], {"id": "new", "kind": "works", "works": 1}]}
    found = pool.compared(before, evaluation(other, PEOPLE))
    assert (found.before, found.after, found.difference, found.evaluated) == (2, 3, 1, 6)
    assert [(line.node.id, line.before is None, line.after is None) for line in found.lines] == [
        ("s", False, False), ("new", True, False), ("w", False, True), ("q", False, True),
    ]  # fmt: skip
    assert pool.compared(None, before).difference is None


# Funnel, curves, pairs ------------------------------------------------------------------------------------------------


def test_the_funnel_ends_with_those_who_pass_and_never_widens():
    found = evaluation(FOUR, PEOPLE)
    assert [(stage.node.id, stage.met, stage.left, stage.sole_blocker) for stage in feasibility.funnel(found)] == [
        ("w", 3, 3, 2), ("s", 4, 2, 0), ("q", 5, 2, 0),
    ]  # fmt: skip


@given(made.trees, st.lists(made.officers, max_size=4), made.days)
def test_curves_and_pairs_say_what_the_changed_rule_itself_gives(document, people, day):
    found = evaluation(document, people, day)
    curves = feasibility.curves(found)
    for one in curves:
        assert one.now in [point.value for point in one.points]
        for point in one.points:
            change = [(one.node.id, one.node.parameter, point.value)]
            assert point.pool == found.what_if(change).summary.eligible
        pools = [point.pool for point in one.points]
        assert pools == sorted(pools, reverse=True)
    if len(curves) > 1:
        first, second = curves[0].node, curves[1].node
        pairs = feasibility.grid(found, first, second)
        row, column = pairs.rows.index(curves[0].now), pairs.columns.index(curves[1].now)
        assert pairs.pools[row][column] == found.summary.eligible


def test_a_number_with_a_fraction_stands_on_its_own_curve():
    found = evaluation({"id": "t", "kind": "tenure", "match": {"post": "assistant"}, "years": "1.5"}, [])
    assert feasibility.values_for(found.rule.tree, found)[:4] == ("0", "1", "1.5", "2")


@pytest.mark.parametrize(
    ("kind", "name", "most"), [("tenure", "years", 60), ("districts", "min", 10_000), ("works", "works", 10_000)]
)
def test_the_curve_of_the_largest_number_stays_within_what_a_rule_takes(kind, name, most):
    match = {} if kind == "works" else {"match": {"post": "assistant"}}
    found = evaluation({"id": "t", "kind": kind, name: most, **match}, PEOPLE[:1])
    values = feasibility.values_for(found.rule.tree, found)
    assert values[-1] == str(most)
    assert 2 <= len(values) <= feasibility.MOST_VALUES
    assert feasibility.curves(found)[0].now == str(most)


# Groups ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"a": 5, "b": 9}, set()), ({"a": 4, "b": 9}, {"a", "b"}), ({"a": 4, "b": 6, "c": 90}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 30, "d": 40}, {"a", "b", "c"}), ({"a": 2, "b": 3, "c": 30}, {"a", "b"}), ({"a": 3}, {"a"}),
        ({"a": 0, "b": 5}, set()),
    ],
)  # fmt: skip
def test_small_groups_are_hidden_with_what_would_give_them_away(sizes, hidden):
    assert feasibility.suppressed(sizes) == hidden


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 20), max_size=6))
def test_no_hidden_group_can_be_worked_out_from_the_total(sizes):
    hidden = feasibility.suppressed(sizes)
    assert all(key in hidden for key, size in sizes.items() if 0 < size < 5)
    there = [key for key, size in sizes.items() if size]
    if hidden and set(there) != hidden:
        assert len(hidden) >= 2
        assert sum(sizes[key] for key in hidden) >= 5


def test_the_ratio_is_to_the_highest_share_and_four_fifths_is_not_low():
    people = (
        [somebody(2, 2)] * 10
        + [somebody()] * 0
        + [somebody(2, 2)] * 8
        + [somebody()] * 2
        + [somebody(2, 2)] * 7
        + [somebody()] * 3
    )
    groups = feasibility.grouped(evaluation(FOUR, people), ("x", "y", "z", "nobody"), np.repeat([0, 1, 2], 10))
    assert [(one.key, one.evaluated, one.passing, one.ratio, one.is_low) for one in groups] == [
        ("x", 10, 10, 1, False), ("y", 10, 8, feasibility.FOUR_FIFTHS, False), ("z", 10, 7, feasibility.Fraction(7, 10), True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [((1980, 3, 1), (2020, 2, 29), 39), ((1980, 3, 1), (2020, 3, 1), 40), ((1980, 2, 29), (2021, 2, 28), 40), ((1980, 2, 29), (2021, 3, 1), 41)],
)  # fmt: skip
def test_an_age_is_in_completed_years(born, day, years):
    births = np.array([dt.date(*born).toordinal()])
    assert list(feasibility.completed_years(births, dt.date(*day).toordinal())) == [years]


def test_age_groups_begin_with_their_birthday():
    births = np.array(
        [dt.date(1986, 1, 2).toordinal(), dt.date(1986, 1, 1).toordinal(), dt.date(1966, 1, 1).toordinal()]
    )
    assert list(feasibility.age_groups(births, dt.date(2026, 1, 1).toordinal())) == [0, 1, 4]


def test_shares_are_rounded_half_up():
    assert [rounded(feasibility.Fraction(*one), 2) for one in ((1, 8), (1, 200), (1, 1), (2, 3))] == [
        "0.13",
        "0.01",
        "1.00",
        "0.67",
    ]
