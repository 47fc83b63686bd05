"""Rules of coaching: what a session must say, what state it is in, who may still change it, how mentors are shared out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from webapp.errors import RuleBroken

KINDS = ("coaching", "mentoring", "shadowing")
COUNTED = ("coaching", "mentoring")
"""Kinds whose acknowledged minutes count toward coaching hours; shadowing is counted apart (domain.md §5)."""

STATES = ("waiting", "questioned", "acknowledged", "withdrawn")

LONGEST = 600
"""Minutes a session may last when typed in (ours): ten hours, a whole working day of shadowing with its way there."""

EARLIEST_BEFORE_START = dt.timedelta(days=366)
"""How long before the cohort's first day a session may lie (ours): a wrong year is caught, an early start is not."""


class Session(Protocol):
    """The part of a recorded session that decides its state."""

    @property
    def acknowledged_at(self) -> dt.datetime | None: ...
    @property
    def questioned_at(self) -> dt.datetime | None: ...
    @property
    def withdrawn_at(self) -> dt.datetime | None: ...


def state_of(session: Session) -> str:
    """``withdrawn``, ``acknowledged``, ``questioned`` (the trainee says it is not right) or ``waiting`` for the trainee."""
    if session.withdrawn_at is not None:
        return "withdrawn"
    if session.acknowledged_at is not None:
        return "acknowledged"
    return "questioned" if session.questioned_at is not None else "waiting"


def natural_key(enrollment_id: int, mentor_id: int | None, held_on: dt.date, kind: str, started_at: str) -> str:
    """What makes a standing session the same session: trainee, mentor, day, kind and start (formats.md, ``coaching``)."""
    return f"{enrollment_id}|{mentor_id or ''}|{held_on.isoformat()}|{kind}|{started_at}"


def check_session(
    *, held_on: dt.date, minutes: int, kind: str, topic: str, today: dt.date, cohort_starts: dt.date
) -> None:
    """Raise ``RuleBroken`` for a session in the future, long before the course, too long, or without a topic."""
    if kind not in KINDS:
        raise RuleBroken("กรุณาเลือกประเภทของการพบกัน")
    if held_on > today:
        raise RuleBroken("วันที่พบกันต้องไม่เกินวันนี้ บันทึกได้หลังจากพบกันแล้วเท่านั้น")
    if held_on < cohort_starts - EARLIEST_BEFORE_START:
        raise RuleBroken("วันที่พบกันอยู่ก่อนวันเริ่มของรุ่นเกินหนึ่งปี กรุณาตรวจปีที่พิมพ์")
    if not 1 <= minutes <= LONGEST:
        raise RuleBroken("จำนวนนาทีต้องเป็นจำนวนเต็มตั้งแต่ 1 ถึง %(most)s", most=LONGEST)
    if not topic.strip():
        raise RuleBroken("กรุณาระบุหัวข้อที่คุยกัน")


def check_not_oneself(trainee_id: int, mentor_id: int) -> None:
    """Raise ``RuleBroken`` for somebody who would be their own mentor."""
    if trainee_id == mentor_id:
        raise RuleBroken("ผู้เข้ารับการอบรมเป็นพี่เลี้ยงของตนเองไม่ได้")


def check_may_change(session: Session) -> None:
    """Raise ``RuleBroken`` once the trainee has acknowledged the session, or it was withdrawn."""
    state = state_of(session)
    if state == "acknowledged":
        raise RuleBroken("ผู้เข้ารับการอบรมรับรองครั้งนี้แล้ว จึงแก้ไขไม่ได้ หากผิดพลาด กรุณาแจ้งสถาบันให้ถอนพร้อมเหตุผล")
    if state == "withdrawn":
        raise RuleBroken("บันทึกนี้ถูกถอนแล้ว")


def check_may_acknowledge(session: Session) -> None:
    """Raise ``RuleBroken`` for a session that was withdrawn."""
    if session.withdrawn_at is not None:
        raise RuleBroken("บันทึกนี้ถูกถอนแล้ว จึงไม่ต้องรับรอง")


def check_reason(reason: str) -> None:
    """Raise ``RuleBroken`` for a blank reason."""
    if not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผล")


def evenly(
    trainees: Sequence[int], mentors: Sequence[int], load: Mapping[int, int], people: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Give every trainee (enrollment id) one mentor, always the one with the fewest so far; (enrollment, mentor) pairs.

    ``load`` is how many each mentor has already, ``people`` the officer behind each enrollment: nobody is given
    themselves. Ties go by the order of ``mentors``, so the same question has the same answer. A trainee for whom no
    mentor is left is not paired.
    """
    count = {mentor: load.get(mentor, 0) for mentor in mentors}
    order = {mentor: place for place, mentor in enumerate(mentors)}
    pairs = []
    for trainee in trainees:
        free = [mentor for mentor in mentors if mentor != people.get(trainee)]
        if not free:
            continue
        mentor = min(free, key=lambda one: (count[one], order[one]))
        count[mentor] += 1
        pairs.append((trainee, mentor))
    return pairs


def counted_minutes(rows: Iterable[tuple[str, int]]) -> int:
    """Minutes of coaching and mentoring among (kind, minutes)."""
    return sum(minutes for kind, minutes in rows if kind in COUNTED)
