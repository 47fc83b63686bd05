"""Who falls behind, at, just below and just above the line."""

import datetime as dt
from decimal import Decimal as D

import pytest

from webapp.home.rules import is_below, minutes_due

STARTS, ENDS = dt.date(2026, 1, 1), dt.date(2026, 1, 11)


@pytest.mark.parametrize(
    ("attended", "held", "gate", "below"),
    [("7.99", "10", "80", True), ("8", "10", "80", False), ("0", "0", "80", False), ("0", "10", None, False)],
)
def test_attendance_is_judged_by_what_was_held(attended: str, held: str, gate: str | None, below: bool) -> None:
    assert is_below(D(attended), D(held), None if gate is None else D(gate)) is below


@pytest.mark.parametrize(("days", "minutes"), [(-3, 0), (0, 0), (5, 300), (10, 600), (99, 600)])
def test_coaching_is_due_in_proportion_to_the_days_gone_by(days: int, minutes: int) -> None:
    assert minutes_due(D(10), STARTS, ENDS, STARTS + dt.timedelta(days=days)) == minutes


def test_nothing_is_due_where_nothing_is_asked() -> None:
    assert minutes_due(None, STARTS, ENDS, ENDS) is None
