"""Marking is exact, explained, within its bounds, and the same whatever the order of what is given."""

import json
import random
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.bank import items
from webapp.assessments.bank.document import ORDER_RULES, cleaned, exact, problems
from webapp.assessments.bank.orders import share_in_order
from webapp.assessments.bank.presenting import present, without_key
from webapp.assessments.bank.responses import best_response, count_words, is_answered, tidy
from webapp.assessments.bank.rules import read_number, rubric_mark, score

MARKED = [make for make in items.ALL if make is not items.essay]


def points(document, response):
    return score(document, response).points


@pytest.mark.parametrize("make", items.ALL)
def test_a_document_in_its_one_form_stays_as_it_is_and_has_no_problem(make):
    document = make()
    assert problems(document) == []
    assert cleaned(document) == document
    assert cleaned(json.loads(json.dumps(document))) == document


@pytest.mark.parametrize("make", MARKED)
def test_the_right_response_gets_full_marks_and_no_response_gets_none(make):
    document = make()
    mark = score(document, best_response(document))
    assert (mark.state, mark.fraction, mark.points) == ("correct", 1, exact(document["points"]))
    assert [score(document, nothing).state for nothing in ({}, None, "x", {"choice": "zzz"})] == ["unanswered"] * 4
    assert points(document, {}) == 0


def test_a_single_choice_gives_its_fraction_and_takes_away_only_where_it_may():
    document = items.single()
    assert [points(document, {"choice": name}) for name in "abcd"] == [0, 2, 1, 0]
    free = items.single(scoring={"lower": None})
    mark = score(free, {"choice": "d"})
    assert (mark.points, mark.state) == (F(-2, 3), "wrong")
    assert [(part.key, part.code) for part in mark.parts] == [("d", "wrong"), ("b", "missed"), ("c", "missed")]


def test_several_choices_add_up_within_bounds_or_count_only_as_a_whole():
    document = items.multiple()
    given = {"a": 1, "ab": 2, "ac": F(1, 2), "c": 0, "abc": F(3, 2), "abd": 2}
    assert {names: points(document, {"choices": list(names)}) for names in given} == given
    assert score(document, {"choices": ["c"]}).raw == F(-1, 4)
    whole = items.multiple(scoring={"rule": "all-or-nothing"})
    assert [points(whole, {"choices": list(names)}) for names in ("ab", "ba", "a", "abc")] == [2, 2, 0, 0]
    assert points(items.multiple(max_choices=2), {"choices": ["a", "b", "d"]}) == 0


def test_mapped_responses_as_in_qti_have_bounds_and_a_default():
    mapped = items.matching(scoring={"lower": "-1/3", "upper": "2/3", "default": "-1/3"})
    assert points(mapped, {"pairs": [["s1", "t1"], ["s2", "t2"], ["s3", "t3"]]}) == 2
    assert points(mapped, {"pairs": [["s1", "t1"], ["s2", "t3"]]}) == 0
    assert points(mapped, {"pairs": [["s1", "t2"], ["s2", "t3"]]}) == -1
    whole = items.matching(scoring={"rule": "all-or-nothing"})
    assert points(whole, {"pairs": [["s1", "t1"], ["s2", "t2"]]}) == 0


def test_a_source_is_used_no_more_often_than_it_may():
    assert tidy(items.matching(), {"pairs": [["s1", "t2"], ["s1", "t1"], ["s9", "t1"], "x"]}) == {
        "pairs": [["s1", "t1"]]
    }


RIGHT = list("abcde")


@pytest.mark.parametrize(
    ("rule", "given", "share"),
    [
        ("all-or-nothing", "abcde", (1, 1)), ("all-or-nothing", "abced", (0, 1)), ("position", "bacde", (3, 5)),
        ("next", "bacde", (2, 4)), ("next-or-last", "bacde", (3, 5)), ("neighbors", "bacde", (5, 10)),
        ("all-pairs", "bacde", (18, 20)), ("longest-run", "bacde", (4, 5)), ("longest-block", "bacde", (3, 5)),
        ("distance", "bacde", (18, 20)), ("longest-run", "edcba", (0, 5)), ("longest-block", "edcba", (0, 5)),
        ("distance", "edcba", (8, 20)), ("next", "ab_cd", (2, 4)), ("next-or-last", "bcde_", (3, 5)),
    ],
)  # fmt: skip
def test_an_order_is_marked_by_its_rule(rule, given, share):
    assert share_in_order(rule, RIGHT, [None if name == "_" else name for name in given]) == share


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("๑,๒๕๐.๕๐ บาท", F("1250.5"), "บาท"), ("-3", -3, ""), ("− 3", -3, ""), ("1e3", 1000, ""), ("7/2", F(7, 2), ""),
        ("1,25", 1, ",25"), ("สิบ", None, ""), ("1/0", None, ""), (".5กม.", F(1, 2), "กม."), ("", None, ""),
    ],
)  # fmt: skip
def test_a_typed_number_is_read_with_its_unit(typed, number, unit):
    assert read_number(typed) == (number, unit)


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("99.5", 1), ("101", 1), ("99.49", 0), ("101.01", 0), ("-180 บาท", F(1, 2)), ("-220", F(1, 2)), ("-220.1", 0),
        ("300", F(1, 4)), ("399.99", F(1, 4)), ("400", 0), ("0.0001 ล้านบาท", 1), ("100 เมตร", 0), ("ร้อย", 0),
    ],
)  # fmt: skip
def test_a_number_counts_within_its_tolerance_at_just_inside_and_just_outside(typed, earned):
    assert points(items.numeric(), {"value": typed}) == earned


def test_a_unit_can_be_required():
    document = items.numeric(unit_required=True)
    assert [points(document, {"value": typed}) for typed in ("100", "100 บาท")] == [0, 1]


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        (" สํานักงานเขต ", 1), ("สำนักงานเขตพระนคร", 0), ("เขตพระนคร กรุงเทพ", F(1, 2)), ("เขตกรุงเทพ", F(1, 2)),
        ("เขตกรุงเท", 0), ("BMA", 1), ("bma", 0),
    ],
)  # fmt: skip
def test_a_short_text_is_compared_in_its_one_spelling_with_stars_for_anything(typed, earned):
    assert points(items.text(), {"text": typed}) == earned


def test_exact_comparison_and_stars_written_as_stars():
    document = items.text(
        compare="exact", answers=[{"text": "a\\*b"}, {"text": "ก*", "wildcards": False, "fraction": "1/2"}]
    )
    assert [points(document, {"text": typed}) for typed in ("a*b", "A*B", "axb", "ก*", "กข")] == [1, 1, 0, F(1, 2), 0]


def test_an_essay_waits_for_a_person_and_is_marked_by_its_rubric():
    document = items.essay()
    assert score(document, {"text": "คำตอบ"}).state == "to-mark"
    assert score(document, {"text": "คำตอบ"}).points is None
    assert score(document, {"text": "  "}).points == 0
    assert rubric_mark(document, {"r1": "6"}) is None
    assert rubric_mark(document, {"r1": "4.5", "r2": 2}).points == 13
    assert rubric_mark(document, {"r1": 6, "r2": 4}).state == "correct"
    with pytest.raises(ValueError):
        rubric_mark(document, {"r1": "6.01", "r2": 0})
    assert rubric_mark(items.essay(rubric=[]), {"": "5"}).points == 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["a", "b", "s1", "t1", "e1", "true"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(
        ["choice", "choices", "pairs", "order", "value", "text"]), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MARKED), st.one_of(ANYTHING, st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("choice", "choices", "pairs", "order", "value", "text"), ANYTHING))))  # fmt: skip
def test_whatever_is_sent_is_marked_within_the_bounds(make, response):
    document = make()
    mark = score(document, response)
    assert 0 <= mark.fraction <= 1
    assert mark.points == mark.fraction * mark.maximum
    assert score(document, tidy(document, response)) == mark
    assert is_answered(document, response) == (mark.state != "unanswered")


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_choices_and_pairs_are_given_does_not_matter(chance: random.Random):
    chosen = chance.sample("abcd", chance.randint(1, 4))
    assert score(items.multiple(), {"choices": chosen}) == score(items.multiple(), {"choices": sorted(chosen)})
    pairs = [[f"s{n}", f"t{chance.randint(1, 4)}"] for n in (1, 2, 3)]
    assert score(items.matching(), {"pairs": pairs[::-1]}) == score(items.matching(), {"pairs": pairs})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ORDER_RULES), st.integers(2, 7), st.randoms(use_true_random=False))
def test_only_the_right_order_gets_full_marks_under_every_rule(rule, count, chance):
    document = items.ordering(rule, count)
    given_order = chance.sample(document["order"], count)
    mark = score(document, {"order": given_order})
    assert (mark.fraction == 1) == (given_order == document["order"])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(items.ALL), st.text(max_size=5))
def test_a_candidate_is_shown_the_same_again_and_a_form_reads_back(make, seed):
    document = make()
    shown = present(document, seed)
    assert shown == present(document, seed)
    best = best_response(document)
    assert shown.read(shown.typed(best, "q"), "q") == tidy(document, best)


def test_fixed_choices_keep_their_place_and_the_rest_is_shuffled():
    rows = [items.choice("a", "1"), items.choice("b"), items.choice("c"), items.choice("z", fixed=True)]
    document = items.single(choices=rows)
    orders = {"".join(row.id for row in present(document, str(seed)).parts["choices"]) for seed in range(200)}
    assert all(order.endswith("z") for order in orders)
    assert len(orders) == 6
    still = items.single(shuffle=False)
    assert [row.id for row in present(still, "x").parts["choices"]] == list("abcd")


@pytest.mark.parametrize("make", items.ALL)
def test_nothing_of_the_key_is_left_for_whoever_may_not_see_it(make):
    document = make(feedback_th="คำอธิบายลับ", note_th="ลับ")
    shown = json.dumps(without_key(document), ensure_ascii=False)
    for secret in (
        "fraction",
        "feedback",
        "ลับ",
        "เฉลย",
        "pairs",
        '"order"',
        "answers",
        "model",
        "rubric",
        '"id"',
        "scoring",
    ):
        assert secret not in shown


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (items.single(stem_th="<p> </p>"), "no-stem"), (items.single(points="0"), "out-of-range"),
        (items.single(points="x"), "not-a-number"), (items.single(choices=[items.choice("a")]), "too-few"),
        (items.single(choices=[items.choice("a", "1"), items.choice("a")]), "id-twice"),
        (items.single(choices=[items.choice("a"), items.choice("b")]), "none-right"),
        (items.multiple(choices=[items.choice("a", "1/2"), items.choice("b", "1/3")]), "not-full"),
        (items.multiple(scoring={"rule": "most"}), "unknown-rule"), (items.single(scoring={"lower": "1/2"}), "lower-bound"),
        (items.single(scoring={"upper": "2"}), "upper-bound"), (items.matching(pairs=[]), "none-right"),
        (items.ordering(order=["e1"]), "order-incomplete"), (items.text(answers=[{"text": " "}]), "missing"),
        (items.numeric(answers=[{"low": "2", "high": "1"}]), "low-above-high"),
        (items.numeric(answers=[{"value": "2", "mode": "absolute", "below": "-1"}]), "negative-tolerance"),
        (items.essay(rubric=[{"id": "a", "name_th": "ก", "points": "1", "levels": [{"points": "2"}]}]), "out-of-range"),
        (items.true_false(choices=[]), "not-true-false"), (cleaned({"type": "cloze"}), "unknown-type"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_document_is_named(document, code):
    assert code in {problem.code for problem in problems(document)}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "points", "choices", "scoring", "answers", "stem_th", "pairs", "rubric"]),
                       ANYTHING, max_size=6), st.sampled_from([make()["type"] for make in items.ALL]))  # fmt: skip
def test_any_document_at_all_is_cleaned_and_judged(raw, kind):
    document = cleaned({**raw, "type": kind})
    problems(document)
    assert cleaned(document) == document


def test_words_are_counted_about():
    assert [count_words(text) for text in ("", "two words", "สำนักงานเขตพระนคร", "BMA 50 เขต")] == [0, 2, 4, 3]
