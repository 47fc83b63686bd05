"""Rules of facts entered by hand, and who is still in service by birth date, at and around every threshold."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import RuleBroken
from webapp.officers.rules import born_to_serve_on, check_happened, check_spell, check_verification, retires_on

TODAY = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31)), st.dates(dt.date(1930, 1, 1), dt.date(1985, 12, 31)))
def test_the_birth_date_that_still_serves_agrees_with_the_retirement_day(day: dt.date, born: dt.date) -> None:
    assert (born >= born_to_serve_on(day)) == (retires_on(born) >= day)


def test_a_spell_may_be_one_day_long_and_no_shorter() -> None:
    check_spell(TODAY, TODAY)
    check_spell(TODAY, None)
    with pytest.raises(RuleBroken):
        check_spell(TODAY, TODAY - DAY)


def test_what_happened_lies_at_most_today() -> None:
    check_happened(TODAY, TODAY)
    with pytest.raises(RuleBroken):
        check_happened(TODAY + DAY, TODAY)


GOOD = {
    "done_on": TODAY - DAY, "verified_on": TODAY, "today": TODAY, "verified_already": False, "by_author": False,
    "of_oneself": False,
}  # fmt: skip


def test_a_work_is_verified_on_its_own_day_at_the_earliest() -> None:
    check_verification(**{**GOOD, "verified_on": TODAY - DAY})
    with pytest.raises(RuleBroken, match="ก่อน"):
        check_verification(**{**GOOD, "verified_on": TODAY - 2 * DAY})


@pytest.mark.parametrize(
    "wrong", [{"verified_already": True}, {"by_author": True}, {"of_oneself": True}, {"verified_on": TODAY + DAY}]
)
def test_a_work_is_verified_once_and_by_somebody_else(wrong: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        check_verification(**{**GOOD, **wrong})  # type: ignore[arg-type]
