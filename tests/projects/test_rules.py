"""The rules of projects, at, just below and just above every threshold."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.errors import RuleBroken
from webapp.projects import rules
from webapp.projects.rules import Step

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
DUE = dt.date(2026, 6, 30)


def work(submitted: bool = False, accepted: bool | None = None) -> Any:
    return SimpleNamespace(submitted_at=NOW if submitted else None, accepted=accepted)


@pytest.mark.parametrize(
    ("made", "state"),
    [
        (work(), "working"), (work(submitted=True), "submitted"), (work(accepted=False), "returned"),
        (work(submitted=True, accepted=True), "accepted"),
    ],
)  # fmt: skip
def test_the_state_follows_from_what_happened(made: Any, state: str) -> None:
    assert rules.state_of(made) == state


@pytest.mark.parametrize("made", [work(submitted=True), work(submitted=True, accepted=True)])
def test_what_is_judged_or_accepted_stands_still(made: Any) -> None:
    with pytest.raises(RuleBroken):
        rules.check_may_work(made)


def test_returned_work_may_be_handed_in_again() -> None:
    rules.check_submission(work(accepted=False), "ฉบับแก้ไข")


def test_a_summary_of_spaces_is_refused() -> None:
    with pytest.raises(RuleBroken, match="สรุป"):
        rules.check_submission(work(), " \n")


def test_returning_needs_a_reason_and_accepting_does_not() -> None:
    rules.check_may_decide(work(submitted=True), True, "")
    with pytest.raises(RuleBroken, match="เหตุผล"):
        rules.check_may_decide(work(submitted=True), False, " ")


def test_only_what_is_handed_in_can_be_decided() -> None:
    with pytest.raises(RuleBroken):
        rules.check_may_decide(work(), True, "")


def test_a_step_may_be_due_with_the_work_and_no_later() -> None:
    rules.check_steps([Step("ก", DUE)], DUE)
    with pytest.raises(RuleBroken, match="หลัง"):
        rules.check_steps([Step("ก", DUE + dt.timedelta(days=1))], DUE)


def test_there_are_at_most_twelve_steps() -> None:
    rules.check_steps([Step(str(n), None) for n in range(rules.MOST_MILESTONES)], None)
    with pytest.raises(RuleBroken, match="12"):
        rules.check_steps([Step(str(n), None) for n in range(rules.MOST_MILESTONES + 1)], None)
