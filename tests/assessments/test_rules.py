"""What a mark may be, when a component has its score, and the ledger folded."""

from decimal import Decimal as D
from fractions import Fraction as F
from types import SimpleNamespace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from webapp.assessments.rules import (
    Given,
    LedgerLine,
    Line,
    MemberMark,
    check_given,
    check_points,
    outcome,
    standing,
    total_of,
)
from webapp.errors import RuleBroken

RUBRIC = [SimpleNamespace(code="a", maximum=D(10), name_th="ก"), SimpleNamespace(code="b", maximum=D(5), name_th="ข")]


@pytest.mark.parametrize("points", ["0", "0.01", "99.99", "100", "100.00", "50.5000"])
def test_points_from_nought_to_the_maximum_are_taken(points):
    check_points(D(points), D(100))


@pytest.mark.parametrize("points", ["-0.01", "100.01", "50.001", "NaN", "Infinity"])
def test_points_outside_or_finer_than_hundredths_are_refused(points):
    with pytest.raises(RuleBroken):
        check_points(D(points), D(100))


def marks(**points):
    return Given(marks=tuple(Line(code, D(1), D(10), D(number)) for code, number in points.items()))


@pytest.mark.parametrize("given", [Given(score=D(9)), marks(a=9), marks(a=9, b=4, c=1), marks(a=9, b="5.01")])
def test_a_rubric_is_marked_line_by_line_and_all_of_them(given):
    with pytest.raises(RuleBroken):
        check_given(given, D(100), RUBRIC)


def test_a_rubric_marked_in_full_is_taken_and_one_without_takes_one_score():
    check_given(marks(a=10, b=5), D(100), RUBRIC)
    check_given(Given(score=D(100)), D(100), [])
    with pytest.raises(RuleBroken):
        check_given(marks(a=10, b=5), D(100), [])


def test_a_rubric_total_is_the_weighted_share_of_the_maximum():
    lines = [{"weight": "2", "maximum": "10", "points": "7"}, {"weight": "1", "maximum": "5", "points": "4"}]
    assert total_of(None, lines, D(50)) == 50 * (F(2) * F(7, 10) + F(4, 5)) / 3
    assert total_of(D("12.25"), None, D(50)) == F(49, 4)
    assert total_of(None, None, D(50)) is None


def here(member, total):
    return MemberMark(member, None if total is None else F(total), imported=False)


def brought(member, total):
    return MemberMark(member, F(total), imported=True)


def test_a_component_has_its_score_only_when_every_named_member_has_submitted():
    assert outcome([here("ก", 80)], ["ก", "ข"], []).score is None
    assert outcome([here("ก", 80)], ["ก", "ข"], []).awaiting == ("ข",)
    assert outcome([here("ก", 80), here("ข", 71)], ["ก", "ข"], []).score == F(151, 2)
    assert outcome([here("ก", 80), here("ข", None)], ["ก", "ข"], []).awaiting == ("ข",)


def test_a_recused_member_is_neither_awaited_nor_counted():
    assert outcome([here("ก", 80)], ["ก"], ["ข"]).score == 80
    assert outcome([here("ก", 80), here("ข", 20)], ["ก"], ["ข"]).score == 80


def test_imported_marks_count_as_they_stand():
    assert outcome([brought("", 80)], [], []).score == 80
    assert outcome([brought("ก", 80)], ["ก", "ข"], []).score == 80
    assert outcome([brought("ค", 80), brought("ง", 90)], [], []).score == 85
    assert outcome([brought("ก", 80), here("ข", 60)], ["ก", "ข"], []).score == 70
    assert outcome([brought("ก", 80), here("ข", 60)], ["ก", "ข", "ค"], []).awaiting == ("ค",)


def test_nobody_named_and_nothing_given_is_no_score():
    assert outcome([], [], []) == outcome([here("ก", None)], [], [])


@st.composite
def ledgers(draw):
    """Chains of entries: each place a first entry and corrections of the last one, in one list."""
    entries, last = [], {}
    for number, place in enumerate(draw(st.lists(st.integers(0, 5), max_size=30)), start=1):
        entries.append(LedgerLine(number, (place,), last.get(place)))
        last[place] = number
    return entries, last


@drawn(ledgers(), st.randoms(use_true_random=False))
def test_folding_gives_the_last_standing_entry_whatever_the_order_it_is_read_in(ledger, random):
    entries, last = ledger
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert standing(shuffled) == {(place,): number for place, number in last.items()}
