"""Rules of projects and proposal outlines: what state one is in, and what may be done to it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from webapp.errors import RuleBroken

KINDS = ("project", "proposal")
STATES = ("working", "submitted", "returned", "accepted")
NOTE_KINDS = ("progress", "comment", "submitted", "taken-back", "accepted", "returned")
MOST_MILESTONES = 12
"""Steps of one assignment (ours): what fits on a page and in a course of half a year."""

MOST_FILES = 20
"""Files of one assignment (ours): a report with its annexes."""


class Assignment(Protocol):
    """The part of an assignment that decides its state."""

    @property
    def submitted_at(self) -> dt.datetime | None: ...
    @property
    def accepted(self) -> bool | None: ...


@dataclass(frozen=True)
class Step:
    """A milestone to be: its title and day."""

    title: str
    due_on: dt.date | None


def state_of(assignment: Assignment) -> str:
    """``accepted``, ``returned`` with a reason, ``submitted`` and not decided, or ``working``."""
    if assignment.accepted is True:
        return "accepted"
    if assignment.submitted_at is not None:
        return "submitted"
    return "returned" if assignment.accepted is False else "working"


def check_may_work(assignment: Assignment) -> None:
    """Raise ``RuleBroken`` while the work is with the institute or accepted: what is judged stands still."""
    state = state_of(assignment)
    if state == "submitted":
        raise RuleBroken("ส่งงานแล้วและรอผลการพิจารณา หากต้องการแก้ไข กรุณาถอนการส่งก่อน")
    if state == "accepted":
        raise RuleBroken("งานนี้ได้รับการยอมรับแล้ว จึงแก้ไขไม่ได้")


def check_submission(assignment: Assignment, summary: str) -> None:
    """Raise ``RuleBroken`` for work that is accepted, or handed in without a summary."""
    check_may_work(assignment)
    if not summary.strip():
        raise RuleBroken("กรุณาสรุปสิ่งที่ส่งด้วยถ้อยคำของท่าน")


def check_may_decide(assignment: Assignment, accept: bool, reason: str) -> None:
    """Raise ``RuleBroken`` unless there is a submission to decide; returning it needs a reason."""
    if state_of(assignment) != "submitted":
        raise RuleBroken("งานนี้ยังไม่ได้ส่ง หรือพิจารณาไปแล้ว")
    if not accept and not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผลที่ส่งคืน เพื่อให้ผู้เข้ารับการอบรมแก้ไขได้")


def check_steps(steps: Sequence[Step], due_on: dt.date | None) -> None:
    """Raise ``RuleBroken`` for too many milestones, one without a title, or one due after the assignment."""
    if len(steps) > MOST_MILESTONES:
        raise RuleBroken("มีขั้นได้ไม่เกิน %(most)s ขั้น", most=MOST_MILESTONES)
    for step in steps:
        if not step.title.strip():
            raise RuleBroken("กรุณาตั้งชื่อทุกขั้น")
        if step.due_on and due_on and step.due_on > due_on:
            raise RuleBroken("กำหนดของขั้น %(title)s ต้องไม่หลังกำหนดส่งงาน", title=step.title)


def next_due(steps: Sequence[tuple[str, dt.date | None, dt.date | None]]) -> tuple[str, dt.date | None] | None:
    """Title and day of the first step not done, of (title, due, done) in their order."""
    return next(((title, due) for title, due, done in steps if done is None), None)
