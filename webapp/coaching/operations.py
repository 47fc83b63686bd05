"""What mentors, trainees and staff do with sessions: record, acknowledge, question, correct, withdraw."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.coaching import queries, rules
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer

SAID = ("held_on", "started_at", "kind", "minutes", "topic", "agreed", "next_step", "next_on")
"""What the mentor says of a session."""


def record_session(
    session: Session, actor: Actor, *, mentor_id: int, enrollment_id: int, key: str, held_on: dt.date, minutes: int,
    kind: str, topic: str, started_at: str = "", agreed: str = "", next_step: str = "", next_on: dt.date | None = None,
) -> CoachingSession:  # fmt: skip
    """Record a session that a mentor held with one of their own trainees; the trainee is told.

    The same ``key`` with the same content gives the session recorded before. Raises ``Conflict`` for the same key with
    other content, ``NotFound`` for somebody who is not their trainee, ``RuleBroken`` for what the rules refuse or a
    session of the same day, kind and start that stands already.
    """
    said = dict(zip(SAID, (held_on, started_at, kind, minutes, topic, agreed, next_step, next_on), strict=True))
    known = queries.session_by_key(session, key)
    if known is not None:
        return _same(known, mentor_id, enrollment_id, said)
    enrollment = _their_trainee(session, mentor_id, enrollment_id)
    cohort = session.get_one(Cohort, enrollment.cohort_id)
    _check_open(cohort)
    rules.check_not_oneself(enrollment.officer_id, mentor_id)
    rules.check_session(
        held_on=held_on, minutes=minutes, kind=kind, topic=topic, today=clock.today(), cohort_starts=cohort.starts_on
    )
    made = CoachingSession(
        enrollment_id=enrollment.id, mentor_id=mentor_id, key=key, recorded_by=actor.name,
        recorded_by_id=actor.account_id, recorded_at=clock.now(), **said,
    )  # fmt: skip
    made.natural_key = _free_key(session, made)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict("มีการบันทึกครั้งนี้พร้อมกันจากอีกหน้าต่างหนึ่ง กรุณาเปิดรายการเพื่อตรวจสอบ") from None
    audit.append(session, actor, "coaching:session:record", "CoachingSession", made.id, after=_shown(made))
    trainee = session.get_one(Officer, enrollment.officer_id)
    notify(session, trainee.account_id, "coaching:session:recorded", {"mentor": actor.name}, f"/coaching/{made.id}")
    return made


def _same(known: CoachingSession, mentor_id: int, enrollment_id: int, said: dict[str, Any]) -> CoachingSession:
    """The session recorded before under the same key, provided that it says the same."""
    same = known.mentor_id == mentor_id and known.enrollment_id == enrollment_id
    if not same or any(getattr(known, name) != value for name, value in said.items()):
        raise Conflict("แบบฟอร์มนี้ส่งไปแล้วด้วยเนื้อหาอื่น กรุณาเปิดรายการเพื่อตรวจสอบ แล้วแก้ไขจากที่นั่น")
    return known


def change_session(session: Session, actor: Actor, held: CoachingSession, *, version: int, **said: Any) -> bool:
    """Correct a session not yet acknowledged; the trainee is asked again. Returns whether anything changed.

    Raises ``Conflict`` when it changed since ``version``, ``RuleBroken`` for what the rules refuse.
    """
    rules.check_may_change(held)
    if version != held.version:
        raise Conflict("บันทึกนี้ถูกเปลี่ยนไปแล้วตั้งแต่ท่านเปิดหน้านี้ ค่าปัจจุบันแสดงอยู่ข้างแบบฟอร์ม")
    cohort = _cohort(session, held)
    _check_open(cohort)
    before = _shown(held)
    for name in SAID:
        setattr(held, name, said[name])
    rules.check_session(
        held_on=held.held_on, minutes=held.minutes, kind=held.kind, topic=held.topic, today=clock.today(),
        cohort_starts=cohort.starts_on,
    )  # fmt: skip
    if _shown(held) == before:
        return False
    with session.no_autoflush:
        held.natural_key = _free_key(session, held)
    held.questioned_at = None
    session.flush()
    audit.append(
        session, actor, "coaching:session:change", "CoachingSession", held.id, before=before, after=_shown(held),
        reason=held.question,
    )  # fmt: skip
    trainee = _trainee(session, held)
    notify(session, trainee.account_id, "coaching:session:recorded", {"mentor": actor.name}, f"/coaching/{held.id}")
    return True


def acknowledge(session: Session, actor: Actor, held: CoachingSession, *, version: int) -> bool:
    """The trainee says the session was as recorded: from now on it counts. Returns False when it was so already.

    Raises ``Conflict`` when the mentor changed it since the page was opened.
    """
    rules.check_may_acknowledge(held)
    if held.acknowledged_at is not None:
        return False
    if version != held.version:
        raise Conflict("บันทึกนี้ถูกแก้ไขหลังจากท่านเปิดหน้า กรุณาอ่านอีกครั้งก่อนรับรอง")
    _check_open(_cohort(session, held))
    held.acknowledged_at, held.acknowledged_by, held.questioned_at = clock.now(), actor.name, None
    session.flush()
    audit.append(
        session, actor, "coaching:session:acknowledge", "CoachingSession", held.id,
        before={"state": "waiting"}, after={"state": "acknowledged", "minutes": held.minutes, "kind": held.kind},
    )  # fmt: skip
    _tell_mentor(session, held, "coaching:session:acknowledged")
    return True


def question_session(session: Session, actor: Actor, held: CoachingSession, *, words: str, version: int) -> None:
    """The trainee says what is not right; the mentor corrects or withdraws. Raises ``RuleBroken`` without words."""
    if not words.strip():
        raise RuleBroken("กรุณาบอกว่าอะไรไม่ตรง เพื่อให้ผู้สอนงานแก้ไขได้")
    rules.check_may_change(held)
    if version != held.version:
        raise Conflict("บันทึกนี้ถูกแก้ไขหลังจากท่านเปิดหน้า กรุณาอ่านอีกครั้ง")
    held.questioned_at, held.question = clock.now(), words
    session.flush()
    audit.append(
        session,
        actor,
        "coaching:session:question",
        "CoachingSession",
        held.id,
        after={"state": "questioned"},
        reason=words,
    )
    _tell_mentor(session, held, "coaching:session:disputed")


def withdraw_session(
    session: Session, actor: Actor, held: CoachingSession, *, reason: str, version: int, staff: bool = False
) -> None:
    """Take a session back with a reason; the row is kept. Once acknowledged only staff may.

    Raises ``RuleBroken`` for a blank reason or a session that may not be withdrawn, ``Conflict`` for a stale page.
    """
    rules.check_reason(reason)
    if not staff:
        rules.check_may_change(held)
    if held.withdrawn_at is not None:
        raise RuleBroken("บันทึกนี้ถูกถอนแล้ว")
    if version != held.version:
        raise Conflict("บันทึกนี้ถูกเปลี่ยนไปแล้วตั้งแต่ท่านเปิดหน้านี้ กรุณาตรวจสอบอีกครั้ง")
    _check_open(_cohort(session, held))
    before = rules.state_of(held)
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = clock.now(), actor.name, reason
    held.natural_key = None
    session.flush()
    audit.append(
        session, actor, "coaching:session:withdraw", "CoachingSession", held.id,
        before={**_shown(held), "state": before}, after={"state": "withdrawn"}, reason=reason,
    )  # fmt: skip


def _their_trainee(session: Session, mentor_id: int, enrollment_id: int) -> Enrollment:
    enrollment = session.scalar(
        select(Enrollment).where(
            Enrollment.id == enrollment_id,
            Enrollment.id.in_(queries.enrollments_mentored_by(mentor_id)),
            Enrollment.status.in_(IN_THE_COHORT),
        )
    )
    if enrollment is None:
        raise NotFound("ไม่พบผู้เข้ารับการอบรมคนนี้ในรายชื่อที่ท่านดูแล")
    return enrollment


def _cohort(session: Session, held: CoachingSession) -> Cohort:
    return session.get_one(Cohort, session.get_one(Enrollment, held.enrollment_id).cohort_id)


def _trainee(session: Session, held: CoachingSession) -> Officer:
    return session.get_one(Officer, session.get_one(Enrollment, held.enrollment_id).officer_id)


def _check_open(cohort: Cohort) -> None:
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงบันทึกหรือเปลี่ยนการสอนงานไม่ได้")


def _free_key(session: Session, held: CoachingSession) -> str:
    """The natural key, provided that no other standing session has it."""
    key = rules.natural_key(held.enrollment_id, held.mentor_id, held.held_on, held.kind, held.started_at)
    other = session.scalar(select(CoachingSession.id).where(CoachingSession.natural_key == key))
    if other is not None and other != held.id:
        raise RuleBroken("มีบันทึกของวัน ประเภท และเวลาเริ่มเดียวกันแล้ว หากพบกันหลายครั้งในวันนั้น กรุณาระบุเวลาเริ่มของครั้งนี้")
    return key


def _tell_mentor(session: Session, held: CoachingSession, kind: str) -> None:
    if held.mentor_id is None:
        return
    mentor = session.get_one(Officer, held.mentor_id)
    name = _trainee(session, held).name_th
    notify(session, mentor.account_id, kind, {"trainee": name}, f"/coaching/{held.id}")


def _shown(held: CoachingSession) -> dict[str, Any]:
    values = {name: getattr(held, name) for name in SAID}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()} | {
        "enrollment": held.enrollment_id, "mentor": held.mentor_id
    }  # fmt: skip
