"""Rules of development plans: states, what a proposal needs, who agrees, what progress says."""

import datetime as dt
from dataclasses import dataclass

import pytest

from webapp.errors import RuleBroken
from webapp.plans import rules


@dataclass
class Edition:
    number: int = 1
    state: str = "draft"
    starts_on: dt.date = dt.date(2026, 10, 1)
    ends_on: dt.date = dt.date(2027, 9, 30)


@dataclass
class Line:
    action: str = "ขอรับมอบหมายกำกับดูแลฝ่าย"
    due_on: dt.date | None = dt.date(2027, 9, 30)
    measure: str = "รับผิดชอบครบ 7 ฝ่าย"


@pytest.mark.parametrize(
    ("newest", "agreed", "progress", "closed", "state"),
    [
        ("draft", False, False, False, "draft"), ("proposed", False, False, False, "proposed"),
        ("returned", False, False, False, "returned"), ("agreed", True, False, False, "agreed"),
        ("agreed", True, True, False, "in-progress"), ("draft", True, True, False, "in-progress"),
        ("proposed", True, False, False, "agreed"), ("draft", False, False, True, "closed"),
    ],
)  # fmt: skip
def test_an_agreed_plan_stays_in_force_while_a_change_waits(
    newest: str, agreed: bool, progress: bool, closed: bool, state: str
) -> None:
    assert rules.state_of(newest, agreed_before=agreed, progress=progress, closed=closed) == state


def test_a_plan_ends_after_it_begins_and_within_three_years() -> None:
    day = dt.date(2026, 10, 1)
    rules.check_period(day, day + dt.timedelta(days=1))
    rules.check_period(day, day + rules.LONGEST)
    for ends in (day, day + rules.LONGEST + dt.timedelta(days=1)):
        with pytest.raises(RuleBroken):
            rules.check_period(day, ends)


def test_an_item_lies_within_the_plan() -> None:
    edition = Edition()
    for day in (edition.starts_on, edition.ends_on, None):
        rules.check_line(edition, action="x", due_on=day)
    with pytest.raises(RuleBroken, match="ช่วงเวลาของแผน"):
        rules.check_line(edition, action="x", due_on=edition.ends_on + dt.timedelta(days=1))
    with pytest.raises(RuleBroken, match="สิ่งที่จะทำ"):
        rules.check_line(edition, action=" ", due_on=None)


@pytest.mark.parametrize(
    ("edition", "lines", "change", "asked", "words"),
    [
        (Edition(), [], "", True, "ยังไม่มีรายการ"), (Edition(), [Line(due_on=None)], "", True, "รายการที่ 1"),
        (Edition(), [Line(), Line(measure=" ")], "", True, "รายการที่ 2"), (Edition(), [Line()], "", False, "เลือกพี่เลี้ยง"),
        (Edition(number=2), [Line()], " ", True, "เหตุผลของการเปลี่ยน"),
        (Edition(state="proposed"), [Line()], "", True, "เสนอไปแล้ว"),
    ],
)  # fmt: skip
def test_what_a_proposal_lacks_is_said(
    edition: Edition, lines: list[Line], change: str, asked: bool, words: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_proposal(edition, lines, change=change, asked=asked)
    assert words in str(refused.value)


def test_a_complete_plan_can_be_proposed_also_after_a_return() -> None:
    rules.check_proposal(Edition(), [Line()], change="", asked=True)
    rules.check_proposal(Edition(state="returned", number=2), [Line()], change="ย้ายหน่วยงาน", asked=True)


def test_nobody_agrees_to_their_own_plan_and_a_return_has_its_reason() -> None:
    waiting = Edition(state="proposed")
    rules.check_decision(waiting, own=False, agree=True, reason="")
    rules.check_decision(waiting, own=False, agree=False, reason="เพิ่มตัววัด")
    for own, agree, reason in ((True, True, ""), (False, False, " ")):
        with pytest.raises(RuleBroken):
            rules.check_decision(waiting, own=own, agree=agree, reason=reason)
    with pytest.raises(RuleBroken, match="ไม่ได้รอ"):
        rules.check_decision(Edition(state="agreed"), own=False, agree=True, reason="")


def test_an_item_is_what_its_last_note_says() -> None:
    assert rules.line_state([]) == rules.line_state(["note"]) == "open"
    assert rules.line_state(["done", "note"]) == "done"
    assert rules.line_state(["not-done"]) == "not-done"
    assert rules.line_state(["done", "reopened"]) == "open"


@pytest.mark.parametrize(
    ("agreed", "closed", "kind", "text", "now"),
    [
        (False, False, "note", "x", "open"), (True, True, "note", "x", "open"), (True, False, "note", " ", "open"),
        (True, False, "not-done", "", "open"), (True, False, "done", "", "done"), (True, False, "reopened", "", "open"),
        (True, False, "other", "x", "open"),
    ],
)  # fmt: skip
def test_progress_that_makes_no_sense_is_refused(agreed: bool, closed: bool, kind: str, text: str, now: str) -> None:
    with pytest.raises(RuleBroken):
        rules.check_progress(agreed=agreed, closed=closed, kind=kind, text=text, now=now)


def test_mentor_or_head_review_and_the_owner_ends() -> None:
    assert rules.check_close(closed=False, agreed=True, own=False, text="ทำได้ครบ") == "reviewed"
    assert rules.check_close(closed=False, agreed=False, own=True, text="เปลี่ยนสายงาน") == "ended"
    for closed, agreed, own, text in ((True, True, False, "x"), (False, False, False, "x"), (False, True, True, " ")):
        with pytest.raises(RuleBroken):
            rules.check_close(closed=closed, agreed=agreed, own=own, text=text)
