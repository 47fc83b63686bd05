"""The rules of coaching, at, just below and just above every threshold."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.coaching import rules
from webapp.coaching.words import hours_and_minutes
from webapp.errors import RuleBroken

TODAY = dt.date(2026, 3, 1)
STARTS = dt.date(2026, 1, 5)


def check(**more: object) -> None:
    given = {
        "held_on": TODAY,
        "minutes": 60,
        "kind": "coaching",
        "topic": "งาน",
        "today": TODAY,
        "cohort_starts": STARTS,
    }
    rules.check_session(**{**given, **more})


@pytest.mark.parametrize("minutes", [1, rules.LONGEST])
def test_a_session_lasts_from_one_minute_to_ten_hours(minutes: int) -> None:
    check(minutes=minutes)


@pytest.mark.parametrize("minutes", [0, -5, rules.LONGEST + 1])
def test_other_lengths_are_refused(minutes: int) -> None:
    with pytest.raises(RuleBroken, match="นาที"):
        check(minutes=minutes)


def test_a_session_of_tomorrow_is_refused() -> None:
    with pytest.raises(RuleBroken, match="วันนี้"):
        check(held_on=TODAY + dt.timedelta(days=1))


def test_a_session_may_lie_a_year_before_the_cohort_and_no_longer() -> None:
    check(held_on=STARTS - rules.EARLIEST_BEFORE_START)
    with pytest.raises(RuleBroken, match="ปี"):
        check(held_on=STARTS - rules.EARLIEST_BEFORE_START - dt.timedelta(days=1))


def test_a_topic_of_spaces_is_refused() -> None:
    with pytest.raises(RuleBroken, match="หัวข้อ"):
        check(topic="  ")


def test_nobody_is_their_own_mentor() -> None:
    rules.check_not_oneself(1, 2)
    with pytest.raises(RuleBroken, match="ตนเอง"):
        rules.check_not_oneself(1, 1)


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ((), "waiting"),
        (("questioned_at",), "questioned"),
        (("acknowledged_at",), "acknowledged"),
        (("acknowledged_at", "withdrawn_at"), "withdrawn"),
    ],
)
def test_the_state_follows_from_what_was_said(marks: tuple[str, ...], state: str) -> None:
    blank = dict.fromkeys(("acknowledged_at", "questioned_at", "withdrawn_at"))
    held = SimpleNamespace(**{**blank, **dict.fromkeys(marks, dt.datetime(2026, 3, 1, tzinfo=dt.UTC))})
    assert rules.state_of(held) == state


@given(st.integers(0, 40), st.integers(1, 8), st.dictionaries(st.integers(1, 8), st.integers(0, 5)))
def test_sharing_out_evenly_leaves_nobody_out_and_levels_the_load(
    count: int, mentors: int, load: dict[int, int]
) -> None:
    ids = list(range(1, mentors + 1))
    trainees = [100 + number for number in range(count)]
    pairs = rules.evenly(trainees, ids, load, {one: one * 1000 for one in trainees})
    assert [trainee for trainee, _mentor in pairs] == trainees
    after = {mentor: load.get(mentor, 0) + sum(1 for _t, m in pairs if m == mentor) for mentor in ids}
    given_to = {mentor for _t, mentor in pairs}
    assert all(after[mentor] <= min(after.values()) + 1 for mentor in given_to)


def test_sharing_out_never_gives_somebody_themselves() -> None:
    assert rules.evenly([1, 2], [10], {}, {1: 10, 2: 20}) == [(2, 10)]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 ชม."), (45, "45 นาที"), (60, "1 ชม."), (719, "11 ชม. 59 นาที"), (720, "12 ชม.")]
)
def test_minutes_read_as_hours_and_minutes_exactly(app: object, minutes: int, words: str) -> None:
    assert hours_and_minutes(minutes) == words
