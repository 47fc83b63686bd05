"""The criteria engine against the plain reading of the rules, and the laws it keeps."""

import copy
import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.careers.criteria import naive
from tests.careers.criteria.made import COURSES, EXPECTED, START, columns, days, officer, officers, posting, trees
from webapp.careers.criteria.advice import counterfactual, evidence, ratings_of
from webapp.careers.criteria.foresee import NEVER, met_on
from webapp.careers.criteria.judge import evaluated, judge, summarize, top_level
from webapp.careers.criteria.measure import measure
from webapp.careers.criteria.tree import tree_from

D = dt.date.fromisoformat


def verdicts_of(tree, people, day):
    return judge(tree, measure(tree, columns(people), day.toordinal(), EXPECTED))


@settings(max_examples=300, deadline=None)
@given(trees, st.lists(officers, max_size=4), days)
def test_every_criterion_is_judged_as_its_plain_reading_says(document, people, day):
    tree = tree_from(document)
    verdicts = verdicts_of(tree, people, day)
    for node in tree.walk():
        for row, person in enumerate(people):
            assert verdicts[node.id].of(row) is naive.verdict(node, person, day, EXPECTED, COURSES)
            if not node.is_group:
                assert verdicts[node.id].found()[row] == naive.leaf(node, person, day, EXPECTED, COURSES)[0]


@settings(max_examples=60, deadline=None)
@given(trees, st.lists(officers, max_size=3), st.integers(0, 120))
def test_met_on_is_the_first_day_on_which_it_is_met(document, people, before):
    tree, day = tree_from(document), START - dt.timedelta(days=before)
    facts = columns(people)
    verdicts = judge(tree, measure(tree, facts, day.toordinal(), EXPECTED))
    first = met_on(tree, facts, day.toordinal(), EXPECTED, verdicts, np.ones(len(people), bool))
    for node in tree.walk():
        for row, person in enumerate(people):
            expected = naive.first_day_met(node, person, day, EXPECTED, COURSES)
            found = int(first[node.id][row])
            assert (None if found == NEVER else dt.date.fromordinal(found)) == expected


@settings(max_examples=80, deadline=None)
@given(trees, st.lists(officers, max_size=4), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(document, people, day, shuffler):
    tree, mixed = tree_from(document), copy.deepcopy(people)
    for person in mixed:
        for rows in person.values():
            if isinstance(rows, list):
                shuffler.shuffle(rows)
    one, other = verdicts_of(tree, people, day), verdicts_of(tree, mixed, day)
    for node in tree.walk():
        assert (one[node.id].met == other[node.id].met).all()
        assert (one[node.id].maybe == other[node.id].maybe).all()


@settings(max_examples=80, deadline=None)
@given(trees, st.lists(officers, min_size=1, max_size=4), days)
def test_somebody_looked_at_alone_is_judged_as_among_all_the_others(document, people, day):
    tree, facts = tree_from(document), columns(people)
    everybody = judge(tree, measure(tree, facts, day.toordinal(), EXPECTED))
    rows = np.array([random.Random(1).randrange(len(people)) for _ in range(3)])
    some = judge(tree, measure(tree, facts.of(rows), np.full(3, day.toordinal()), EXPECTED))
    for node in tree.walk():
        assert some[node.id].met.tolist() == everybody[node.id].met[rows].tolist()


def carried_out(person, tree, steps, day):
    """The person with the missing units added: what the counterfactual promises to be enough."""
    person = copy.deepcopy(person)
    for step in steps:
        node = tree.find(step.criterion)
        if node.kind == "tenure":
            fresh = dt.date(1950, 1, 1)  # long before anything else, so that no two spells are joined
            length = int(step.amount * 360)
            if length:
                person["postings"].append(fitting(node, fresh, spell_end(fresh, length)))
            if step.holding:
                person["postings"].append(fitting(node, day, None))
        elif node.kind == "posting_and_works":
            person["works"] += [day] * int(step.amount)
            if step.holding:
                person["postings"].append(fitting(node, day, None))
        elif node.kind == "works":
            person["works"] += [day] * int(step.amount)
        elif node.kind == "qualification":
            person["qualifications"].append(node.code)
        elif node.kind == "course":
            person["passes"].append({"course": node.code, "day": day})
        else:
            return None
    return person


def fitting(node, first, last):
    m = node.match
    unit = "B1" if m.unit_kind == "bureau" else "D1"
    return {"post": m.post or "head", "type": m.position_type or "general", "level": m.level or "senior", "unit": unit,
            "kind": "bureau" if unit == "B1" else "district", "first": first, "last": last, "acting": False}  # fmt: skip


def spell_end(first, length):
    return first + dt.timedelta(days=length * 366 // 360 + 31)


@settings(max_examples=150, deadline=None)
@given(trees, officers, days)
def test_the_counterfactual_carried_out_meets_the_criterion(document, person, day):
    tree, facts = tree_from(document), columns([person])
    measures = measure(tree, facts, day.toordinal(), EXPECTED)
    verdicts = judge(tree, measures)
    for node in tree.walk():
        steps = counterfactual(node, measures, verdicts, 0)
        assert bool(steps) is not bool(verdicts[node.id].met[0])
        if any(tree.find(s.criterion).code == "q9" for s in steps):
            continue  # nobody's facts know that qualification
        changed = carried_out(person, tree, steps, day)
        if steps and changed is not None:
            assert verdicts_of(tree, [changed], day)[node.id].met[0]


MONOTONE = ("tenure", "sections", "districts", "works", "qualification", "course", "posting_and_works")


@settings(max_examples=150, deadline=None)
@given(trees, officers, officers, days)
def test_more_facts_never_turn_a_monotone_criterion_from_met_to_not_met(document, person, more, day):
    tree = tree_from(document)
    richer = copy.deepcopy(person)
    for name in ("delegations", "works", "qualifications", "passes"):
        richer[name] = richer[name] + [row for row in more[name] if row not in richer[name]]
    for spell in more["postings"]:  # put long before everything else, where it joins no two spells
        if spell["last"] is not None and not richer["postings"][len(person["postings"]) :]:
            shift = dt.timedelta(days=20_000)
            richer["postings"].append({**spell, "first": spell["first"] - shift, "last": spell["last"] - shift})
    before, after = verdicts_of(tree, [person], day), verdicts_of(tree, [richer], day)
    for node in tree.walk():
        if all(leaf.is_group or (leaf.kind in MONOTONE and not leaf.while_holding) for leaf in node.walk()):
            assert after[node.id].met[0] >= before[node.id].met[0]


@settings(max_examples=100, deadline=None)
@given(trees, officers, days, st.integers(0, 400))
def test_time_alone_never_loses_a_monotone_criterion(document, person, day, later):
    tree = tree_from(document)
    before, after = (verdicts_of(tree, [person], d) for d in (day, day + dt.timedelta(days=later)))
    for node in tree.walk():
        if all(leaf.is_group or (leaf.kind in MONOTONE and not leaf.now) for leaf in node.walk()):
            assert after[node.id].met[0] >= before[node.id].met[0]


# Edges, by name

ASSISTANT = tree_from(
    {"id": "r", "kind": "all", "of": [{"id": "t", "kind": "tenure", "match": {"post": "assistant"}, "years": 2}]}
)


def assistant(*postings, day, **changes):
    from dataclasses import replace

    leaf = replace(ASSISTANT.of[0], **changes)
    tree = replace(ASSISTANT, of=(leaf,))
    return bool(verdicts_of(tree, [officer(postings=list(postings))], D(day))["r"].met[0])


def test_two_years_are_complete_on_the_last_day_of_the_second_year():
    spell = posting("2020-10-01")
    assert not assistant(spell, day="2022-09-29")
    assert assistant(spell, day="2022-09-30")
    assert assistant(posting("2020-10-01", "2022-09-30"), day="2030-01-01")
    assert not assistant(posting("2020-10-01", "2022-09-29"), day="2030-01-01")


def test_acting_counts_only_where_the_criterion_says_so():
    spell = posting("2020-10-01", acting=True)
    assert not assistant(spell, day="2025-01-01")
    assert assistant(spell, day="2025-01-01", acting=True)


def test_what_is_dated_later_does_not_count():
    assert not assistant(posting("2020-10-01"), day="2020-09-30", amount=0)
    assert assistant(posting("2020-10-01"), day="2020-10-01", amount=0)
    assert not assistant(posting("2030-10-01"), day="2029-10-01", amount=0)


def test_holding_now_is_asked_of_the_as_of_day_itself():
    spell = posting("2020-10-01", "2022-09-30")
    assert assistant(spell, day="2022-09-30", now=True)
    assert not assistant(spell, day="2022-10-01", now=True)
    assert assistant(spell, day="2022-10-01")


def test_a_leap_day_is_no_stumbling_block():
    assert assistant(posting("2020-02-29", "2022-02-27"), day="2024-02-29")
    assert not assistant(posting("2020-02-29", "2022-02-26"), day="2024-02-29")


@pytest.mark.parametrize(
    ("day", "entry", "left", "retires", "serving"),
    [
        ("2022-09-30", "2000-01-01", None, "2022-09-30", True),
        ("2022-10-01", "2000-01-01", None, "2022-09-30", False),
        ("2022-10-01", "2022-10-01", None, "2040-09-30", True),
        ("2022-10-01", "2022-10-02", None, "2040-09-30", False),
        ("2022-10-01", "2000-01-01", "2022-10-01", "2040-09-30", True),
        ("2022-10-01", "2000-01-01", "2022-09-30", "2040-09-30", False),
    ],
)
def test_evaluated_is_who_is_in_service(day, entry, left, retires, serving):
    person = officer(entry=D(entry), left=D(left) if left else None, retires=D(retires))
    assert evaluated(columns([person]), "assistant", D(day).toordinal()).tolist() == [serving]


def test_who_holds_the_post_is_not_evaluated_for_it_but_who_acts_in_it_is():
    people = [
        officer(postings=[posting("2020-01-01")]),
        officer(postings=[posting("2020-01-01", acting=True)]),
        officer(postings=[posting("2020-01-01", "2022-06-30")]),
        officer(postings=[posting("2022-07-02")]),
        officer(postings=[posting("2020-01-01", post="head")]),
    ]
    assert evaluated(columns(people), "assistant", D("2022-07-01").toordinal()).tolist() == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert evaluated(columns(people), "assistant", D("2022-06-30").toordinal()).tolist() == [
        False,
        True,
        False,
        True,
        True,
    ]


def test_charge_of_a_section_counts_from_the_first_to_the_last_day_of_the_post():
    tree = tree_from({"id": "s", "kind": "sections", "min": 1, "while_holding": "assistant"})
    for begun, counts in (("2019-12-31", False), ("2020-01-01", True), ("2020-06-30", True), ("2020-07-01", False)):
        given_charge = [{"section": "a", "first": D(begun)}]
        for acting in (False, True):
            held = [posting("2020-01-01", "2020-06-30", acting=acting)]
            person = officer(postings=held, delegations=given_charge)
            assert bool(verdicts_of(tree, [person], D("2021-01-01"))["s"].met[0]) is (counts and not acting)


def test_an_unresolved_posting_that_joins_two_spells_does_not_take_away_what_is_sure():
    """21 and 30 days of the count apart, but 49 as one spell with the day between: the sure 51 stand."""
    tree = tree_from({"id": "t", "kind": "tenure", "match": {"position_type": "managerial"}, "years": "0.14"})
    sure = [posting("2023-01-25", "2023-02-14"), posting("2023-02-16", "2023-03-15")]
    odd = {**posting("2023-02-15", "2023-02-15"), "type": ""}
    day = D("2023-12-31")
    assert verdicts_of(tree, [officer(postings=sure)], day)["t"].of(0) is True
    assert verdicts_of(tree, [officer(postings=[*sure, odd])], day)["t"].of(0) is True
    assert verdicts_of(tree, [officer(postings=[odd])], day)["t"].of(0) is False
    assert verdicts_of(tree, [officer(postings=[{**posting("2022-01-31"), "type": ""}])], day)["t"].of(0) is None


def test_what_comes_on_the_retirement_day_comes_too_late():
    tree, retires = tree_from({"id": "w", "kind": "works", "works": 1}), D("2026-09-30")
    for work, first in (("2026-09-29", D("2026-09-29")), ("2026-09-30", None), ("2026-10-01", None)):
        facts = columns([officer(works=[D(work)], retires=retires)])
        for as_of in (D("2026-01-01"), retires):
            verdicts = judge(tree, measure(tree, facts, as_of.toordinal()))
            found = int(met_on(tree, facts, as_of.toordinal(), (), verdicts, np.ones(1, bool))["w"][0])
            assert found == (first.toordinal() if first and as_of < retires else NEVER)


def test_the_sole_blocker_is_what_alone_is_in_the_way():
    tree = tree_from({"id": "r", "kind": "all", "of": [
        {"id": "q", "kind": "qualification", "code": "q1"}, {"id": "w", "kind": "works", "works": 1},
        {"id": "c", "kind": "course", "code": "course"},
    ]})  # fmt: skip
    done = {"qualifications": ["q1"], "works": [START], "passes": [{"course": "course", "day": START}]}
    people = [
        officer(**done),
        officer(**{**done, "works": []}),
        officer(**{**done, "passes": []}),
        officer(),
        officer(**{**done, "works": []}),
    ]
    people[4]["entry"] = D("2030-01-01")
    facts = columns(people)
    verdicts = judge(tree, measure(tree, facts, START.toordinal()))
    summary = summarize(tree, verdicts, evaluated(facts, None, START.toordinal()))
    assert (summary.eligible, summary.evaluated) == (1, 4)
    assert {n.id: tuple(summary.per_criterion[n.id]) for n in top_level(tree)} == {
        "q": (3, 0),
        "w": (2, 1),
        "c": (2, 1),
    }


def test_the_evidence_names_the_records_that_count():
    person = officer(
        postings=[posting("2020-01-01", "2020-06-30"), posting("2020-07-01", post="head"), posting("2021-01-01")]
    )
    facts = columns([officer(postings=[posting("2019-01-01")]), person])
    assert evidence(ASSISTANT.of[0], facts, D("2020-12-31").toordinal(), 1) == [("postings", 1)]
    assert evidence(ASSISTANT.of[0], facts, D("2021-01-01").toordinal(), 1) == [("postings", 1), ("postings", 3)]


def test_the_latest_rating_counts_and_of_one_day_the_lowest():
    leaf = tree_from({"id": "r", "kind": "competency", "groups": ["core"]})
    rated = [("one", 5, "2024-01-01"), ("one", 2, "2024-02-01"), ("one", 3, "2024-02-01"), ("one", 5, "2024-03-01")]
    person = officer(ratings=[{"competency": c, "rating": r, "day": D(d)} for c, r, d in rated])
    facts = columns([person])
    shown = {
        day: ratings_of(leaf, facts, D(day).toordinal(), 0, EXPECTED)
        for day in ("2024-01-31", "2024-02-01", "2024-03-01")
    }
    assert [ratings[0].rating for ratings in shown.values()] == [5, 2, 5]
    assert [ratings[1].rating for ratings in shown.values()] == [None] * 3
    measured = measure(leaf, facts, D("2024-02-01").toordinal(), EXPECTED)["r"]
    assert (measured.found.tolist(), measured.fixed, measured.waiting.tolist()) == ([0], 2, [1])
