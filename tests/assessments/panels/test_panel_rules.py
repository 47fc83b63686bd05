"""Rules of panels at, just below and just above every threshold."""

import datetime as dt
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assessments.panels.conftest import GUIDE
from webapp.assessments.panels.rules import (
    CONFLICTS,
    GuideContent,
    Known,
    Seat,
    Seats,
    guide_problems,
    is_level,
    register_relation,
    shares,
    to_discuss,
    training_valid,
    valid_until,
)
from webapp.assessments.panels.turns import when
from webapp.assessments.rules import Given, Line, check_given, total_of
from webapp.errors import RuleBroken


@pytest.mark.parametrize(
    ("officer_id", "found"), [(None, "none"), (1, "self"), (2, "supervisor"), (3, "mentor"), (4, "mentor"), (5, "none")]
)
def test_the_register_tells_of_oneself_the_supervisor_and_mentors(officer_id, found):
    assert register_relation(officer_id, Known(1, 2, {3, 4})) == found


@pytest.mark.parametrize(
    ("totals", "talk"), [(("50", "70"), False), (("50", "70.01"), True), (("50", "69.99"), False), (("9",), False)]
)
def test_marks_are_discussed_only_beyond_the_limit(totals, talk):
    assert to_discuss([F(total) for total in totals], D(100), D(20)) is talk


def test_the_limit_is_of_the_maximum_and_exact():
    assert to_discuss([F(0), F(100, 3) + F(1, 10**9)], D(100), D("33.333333333")) is True
    assert to_discuss([F(0), F(10)], D(50), D(20)) is False


@pytest.mark.parametrize(
    ("points", "level"), [("0", False), ("1", True), ("5", True), ("6", False), ("3.5", False), ("3.00", True)]
)
def test_levels_are_whole_numbers_from_one_to_five(points, level):
    assert is_level(D(points)) is level


@pytest.mark.parametrize(
    ("trained", "today", "valid"),
    [
        (dt.date(2023, 6, 14), dt.date(2026, 6, 13), True), (dt.date(2023, 6, 14), dt.date(2026, 6, 14), True),
        (dt.date(2023, 6, 14), dt.date(2026, 6, 15), False), (None, dt.date(2026, 1, 1), False),
        (dt.date(2024, 2, 29), dt.date(2027, 2, 28), True), (dt.date(2024, 2, 29), dt.date(2027, 3, 1), False),
    ],
)  # fmt: skip
def test_training_is_valid_so_many_years_to_the_day(trained, today, valid):
    assert training_valid(trained, today, D(3)) is valid
    if trained:
        assert (today <= valid_until(trained, D(3))) is valid


def test_a_guide_wants_questions_words_competency_weight_and_every_level():
    assert guide_problems(GUIDE) == []
    assert [row.code for row in guide_problems(GuideContent(30, "", "", ()))] == ["no-questions"]
    document = GUIDE.document()
    document["questions"][0] |= {"text": "", "competency": "", "weight": "0", "levels": ["ก", "", "ค", "ง", " "]}
    found = guide_problems(GuideContent.of(document))
    assert [(row.code, row.question, row.level) for row in found] == [
        ("no-text", 1, 0), ("no-competency", 1, 0), ("no-weight", 1, 0), ("no-anchor", 1, 2), ("no-anchor", 1, 5),
    ]  # fmt: skip


def test_a_guide_comes_back_from_its_document_and_its_shares_add_up():
    assert GuideContent.of(GUIDE.document()) == GUIDE
    assert sum(shares(GUIDE)) == 100


def test_levels_become_points_in_exact_fractions():
    lines = GUIDE.lines()
    marks = tuple(Line(row.code, row.weight, row.maximum, D(level)) for row, level in zip(lines, (3, 4), strict=True))
    given = Given(marks=marks)
    check_given(given, D(50), lines)
    assert total_of(None, given.document(), D(50)) == F(50) * (40 * F(3, 5) + 60 * F(4, 5)) / 100
    for level in ("0", "3.5", "6"):
        wrong = Given(marks=(marks[0]._replace(points=D(level)), marks[1]))
        with pytest.raises(RuleBroken):
            check_given(wrong, D(50), lines)


NAMES = ("ก", "ข", "ค", "ง")
RELATION = st.sampled_from((*CONFLICTS, "named", "none"))


@given(
    st.dictionaries(st.sampled_from(NAMES), st.builds(Seat, st.booleans(), st.booleans())),
    st.dictionaries(st.tuples(st.sampled_from(NAMES), st.integers(1, 3)), RELATION),
)
def test_the_count_of_members_agrees_with_the_members_one_by_one(members, relations):
    seats = Seats(members, relations)
    change = seats.more_or_fewer()
    for person in (1, 2, 3):
        named = seats.named_for(person)
        assert len(named) == len(seats.full) + change.get(person, 0)
        for name in named:
            assert seats.counts(name, person)
            assert person not in seats.apart(name)


def test_interviews_follow_one_another_and_go_on_after_the_weekend():
    friday = dt.date(2026, 11, 20)
    starts = [when(friday, dt.time(9), 30, 2, place) for place in range(5)]
    assert [moment.strftime("%a %d %H:%M") for moment in starts] == ["Fri 20 09:00", "Fri 20 09:30", "Mon 23 09:00", "Mon 23 09:30", "Tue 24 09:00"]  # fmt: skip
    assert when(friday, dt.time(23, 29), 30, None, 0).hour == 23
    with pytest.raises(RuleBroken):
        when(friday, dt.time(23, 30), 30, None, 0)
