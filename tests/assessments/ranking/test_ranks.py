"""The ranking: against a plain one in fractions, at every threshold, and whatever the order of rows."""

import datetime as dt
import random
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.ranking.naive import naive_ranking
from webapp.assessments.ranking.columns import ExactColumn, People
from webapp.assessments.ranking.frozen import document_of_people, document_of_result, people_from
from webapp.assessments.ranking.plan import Component, Gates, Plan, document_of, plan_from
from webapp.assessments.ranking.ranks import draw_line, rank
from webapp.assessments.ranking.reasons import decided, reasons_of
from webapp.database import canonical_json


def table(rows):
    """The columns of people written as dictionaries."""
    codes = sorted({code for row in rows for code in row["scores"]})
    return People(
        officer_no=[row["officer_no"] for row in rows],
        scores={code: ExactColumn.of([row["scores"].get(code) for row in rows]) for code in codes},
        attended=ExactColumn.of([row["attended"] for row in rows]),
        hours_held=rows[0]["held"] if rows else F(0),
        coaching_minutes=np.array([row["minutes"] for row in rows], np.int64),
        project_accepted=np.array([row["accepted"] for row in rows], bool),
        level_tenure=np.array([row["level_tenure"] for row in rows], np.int64),
        entry_date=np.array([row["entry_date"] for row in rows], np.int64),
        withdrawn=np.array([row["withdrawn"] for row in rows], bool),
    )


def person(no, /, scores, **facts):
    return {
        "officer_no": no, "scores": {code: None if s is None else F(s) for code, s in scores.items()},
        "attended": F(90), "held": F(100), "minutes": 900, "accepted": True, "level_tenure": 0,
        "entry_date": dt.date(2000, 1, 1).toordinal(), "withdrawn": False, **facts,
    }  # fmt: skip


def seen(ranking):
    """The result in the shape of the plain ranking."""
    ranked, others = {}, {}
    for row in ranking.order:
        no = ranking.people.officer_no[row]
        if ranking.ranked[row]:
            ranked[no] = (int(ranking.rank[row]), int(ranking.rounded[row]), bool(ranking.shortlisted[row]),
                          bool(ranking.tied_at_line[row]))  # fmt: skip
        else:
            reasons = reasons_of(ranking, row)
            others[no] = {
                (r.code, r.parameters["component"]) if "component" in r.parameters else r.code for r in reasons
            }
    return ranked, others


WEIGHTS = st.sampled_from([(100,), (50, 50), (50, 30, 20), (40, 60, 0), (F("33.33"), F("33.33"), F("33.34"))])
MAXIMA = st.sampled_from([F(100), F(10), F(7), F("33.3"), F("0.3"), F(10**12 + 39)])


@st.composite
def plans(draw):
    weights = draw(WEIGHTS)
    percents = st.none() | st.sampled_from([F(0), F(50), F(60), F("66.67"), F(100)])
    components = tuple(Component(f"c{n}", F(w), draw(MAXIMA), draw(percents)) for n, w in enumerate(weights))
    keys = [c.code for c in components] + ["level_tenure", "entry_date"]
    gates = Gates(
        draw(st.none() | st.sampled_from([F(80), F("79.99")])), draw(st.none() | st.just(F(12))), draw(st.booleans())
    )
    return Plan(components, tuple(draw(st.permutations(keys)))[: draw(st.integers(0, 3))], gates,
                draw(st.integers(0, 4)), draw(st.integers(1, 4)))  # fmt: skip


@st.composite
def cases(draw):
    plan = draw(plans())
    held, rows = draw(st.sampled_from([F(100), F("37.5")])), []
    for no in draw(st.lists(st.text("0123456789AB", min_size=1, max_size=4), max_size=12, unique=True)):
        scores = {
            c.code: c.maximum
            * draw(st.sampled_from([F(1), F(1, 2), F(3, 5), F(2, 3), F(599999, 10**6), F(7, 9), F(0)]))
            for c in plan.components
            if draw(st.integers(0, 9))
        }
        rows.append(person(
            no, scores, held=held, attended=held * draw(st.sampled_from([F(4, 5), F("0.7999"), F("0.79989"), F(1)])),
            minutes=draw(st.sampled_from([719, 720, 721])), accepted=draw(st.booleans()) or draw(st.booleans()),
            level_tenure=draw(st.integers(0, 1)), entry_date=730000 + draw(st.integers(0, 1)),
            withdrawn=not draw(st.integers(0, 9)),
        ))  # fmt: skip
    return plan, rows


@settings(max_examples=300)
@given(cases(), st.randoms(use_true_random=False))
def test_the_ranking_is_the_plain_one_whatever_the_order_of_rows(case, shuffler):
    plan, rows = case
    expected = naive_ranking(plan, rows)
    shuffler.shuffle(rows)
    ranking = rank(plan, table(rows))
    assert seen(ranking) == expected
    numbers = [ranking.people.officer_no[row] for row in ranking.order]
    count = int(ranking.ranked.sum())
    assert numbers[:count] == sorted(numbers[:count], key=lambda no: (expected[0][no][0], no))
    assert numbers[count:] == sorted(numbers[count:])


@settings(max_examples=100)
@given(cases())
def test_what_was_frozen_ranks_again_to_the_same_bytes(case):
    plan, rows = case
    first = rank(plan, table(rows))
    frozen = canonical_json([document_of(plan), document_of_people(first.people), document_of_result(first)])
    random.Random(1).shuffle(rows)
    again = rank(plan_from(document_of(plan), plan.size), people_from(document_of_people(table(rows))))
    assert (
        canonical_json([document_of(again.plan), document_of_people(again.people), document_of_result(again)]) == frozen
    )


PLAN = Plan(
    (
        Component("exam", F(50), F(100), F(60)),
        Component("proposal", F(30), F(100), F(60)),
        Component("project", F(20), F(50)),
        Component("oath", F(0), F(10), F(50)),
    ),
    ("exam", "proposal", "level_tenure", "entry_date"),
    Gates(F(80), F(12), True),
)
FULL = {"exam": 80, "proposal": 80, "project": 40, "oath": 10}


def one(**changes):
    scores = {**FULL, **changes.pop("scores", {})}
    ranking = rank(PLAN, table([person("1", scores, **changes)]))
    return ranking, reasons_of(ranking, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scores": {"exam": "60"}}, None),
        ({"scores": {"exam": "59.99"}}, "below-pass-mark"),
        ({"scores": {"exam": F(59999999, 1000000)}}, "below-pass-mark"),
        ({"scores": {"oath": 5}}, None),
        ({"scores": {"oath": "4.99"}}, "below-pass-mark"),
        ({"scores": {"project": 0}}, None),
        ({"scores": {"project": None}}, "missing-score"),
        ({"attended": F(80)}, None),
        ({"attended": F("79.99")}, "attendance-below"),
        ({"minutes": 720}, None),
        ({"minutes": 719}, "coaching-below"),
        ({"accepted": False}, "project-not-accepted"),
        ({"withdrawn": True}, "withdrawn"),
    ],
)
def test_reaching_a_mark_passes_and_just_below_does_not(changes, code):
    ranking, reasons = one(**changes)
    assert [reason.code for reason in reasons] == ([code] if code else [])
    assert bool(ranking.ranked[0]) is (code is None)


def test_all_the_reasons_are_given_with_what_was_found_and_what_is_required():
    _, reasons = one(scores={"exam": "59.5", "project": None}, attended=F(70), minutes=90, accepted=False)
    assert [(r.code, dict(r.parameters)) for r in reasons] == [
        (
            "below-pass-mark",
            {"component": "exam", "found": F("59.5"), "required": F(60), "maximum": F(100), "percent": F(60)},
        ),
        ("missing-score", {"component": "project"}),
        ("attendance-below", {"found": F(70), "required": F(80), "attended": F(70), "held": F(100)}),
        ("coaching-below", {"found": F(3, 2), "required": F(12)}),
        ("project-not-accepted", {}),
    ]


def test_somebody_who_left_is_listed_with_that_reason_alone():
    _, reasons = one(scores={"exam": "59.5", "project": None}, attended=F(70), accepted=False, withdrawn=True)
    assert [reason.code for reason in reasons] == ["withdrawn"]


def test_the_parts_add_up_to_the_composite_and_weight_nought_adds_nothing():
    ranking, _ = one(scores={"exam": F(250, 3)})
    assert ranking.parts(0) == {"exam": F(125, 3), "proposal": F(24), "project": F(16), "oath": F(0)}
    assert sum(ranking.parts(0).values()) == ranking.exact_composite(0) == F(245, 3)
    assert str(ranking.composite(0)) == "81.67"


@pytest.mark.parametrize(("score", "composite"), [("80.005", "80.01"), ("80.00499999", "80.00"), ("80.015", "80.02")])
def test_composites_are_rounded_half_up_once(score, composite):
    plan = Plan((Component("exam", F(100), F(100)),))
    assert str(rank(plan, table([person("1", {"exam": score})])).composite(0)) == composite


def test_a_rank_shared_by_two_skips_the_next_and_unrounded_figures_do_not_part_equal_composites():
    plan = Plan((Component("exam", F(100), F(100)),), size=5)
    ranking = rank(plan, table([person("d", {"exam": 70}), person("b", {"exam": "80.001"}), person("a", {"exam": "80.004"}),
                                person("c", {"exam": 90})]))  # fmt: skip
    assert [(ranking.people.officer_no[row], int(ranking.rank[row])) for row in ranking.order] == [
        ("c", 1), ("a", 2), ("b", 2), ("d", 4),
    ]  # fmt: skip


def test_a_tie_across_the_line_marks_the_group_that_makes_the_list_longer():
    assert [mask.tolist() for mask in draw_line(np.array([1, 2, 2, 4, 4, 0]), 3)] == [
        [True] * 3 + [False] * 3,
        [False] * 6,
    ]
    assert [mask.tolist() for mask in draw_line(np.array([1, 2, 2, 4, 4, 0]), 4)] == [
        [True] * 5 + [False],
        [False, False, False, True, True, False],
    ]
    assert [mask.tolist() for mask in draw_line(np.array([1, 1, 1]), 1)] == [[True] * 3, [True] * 3]
    assert [mask.tolist() for mask in draw_line(np.array([], int), 1)] == [[], []]


def test_it_is_told_what_decided_against_the_neighbor():
    early, late = dt.date(1999, 1, 1), dt.date(2001, 1, 1)
    rows = [
        person("1", {**FULL, "exam": 90}),
        person("2", {**FULL, "exam": 82, "proposal": F(230, 3)}),
        person("3", {**FULL, "exam": 80}, level_tenure=720),
        person("4", {**FULL, "exam": 80}, level_tenure=360, entry_date=early.toordinal()),
        person("5", {**FULL, "exam": 80}, level_tenure=360, entry_date=late.toordinal()),
        person("6", {**FULL, "exam": 80}, level_tenure=360, entry_date=late.toordinal()),
        person("7", {**FULL, "exam": 10}),
    ]
    ranking = rank(PLAN, table(rows))
    told = [decided(ranking, row) for row in range(7)]
    assert [(d.kind, d.own, d.other) if d else None for d in told] == [
        ("first", None, None),
        ("composite", ranking.composite(1), ranking.composite(0)),
        ("component", F(80), F(82)),
        ("level_tenure", 360, 720),
        ("entry_date", late, early),
        ("tied", None, None),
        None,
    ]
    assert [d.neighbor for d in told if d] == [None, 0, 1, 2, 3, 4]


def test_a_fact_the_plan_asks_for_must_be_given():
    scores = {code: ExactColumn.of([F(50)]) for code in FULL}
    with pytest.raises(ValueError, match="project_accepted"):
        rank(PLAN, People(["1"], scores, attended=ExactColumn.of([F(1)])))
    with pytest.raises(ValueError, match="has 2 rows, not 1"):
        People(["1"], {"exam": ExactColumn.of([F(1), F(2)])})


def test_nobody_at_all_is_an_empty_ranking():
    ranking = rank(PLAN, table([]))
    assert document_of_result(ranking) == {"entries": [], "unranked": []}
