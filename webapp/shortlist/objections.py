"""Objections (คำคัดค้าน): filed by an officer within the window, answered by staff with a reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import Conflict, RuleBroken
from webapp.officers.models import Officer
from webapp.shortlist import rules, telling
from webapp.shortlist.models import Objection, ObjectionWindow, ShortlistRun
from webapp.shortlist.operations import flushed
from webapp.shortlist.queries import objection_by

OUTCOMES = ("upheld", "dismissed")


def file_objection(
    session: Session, *, actor: Actor, run: ShortlistRun, enrollment: Enrollment, text: str, key: str
) -> Objection:
    """File an objection to a published result. The same form sent twice is one objection."""
    earlier = session.scalar(select(Objection).where(Objection.key == key))
    if earlier is not None:
        if (earlier.run_id, earlier.enrollment_id, earlier.text) != (run.id, enrollment.id, text.strip()):
            raise Conflict("แบบฟอร์มนี้ส่งไปแล้วด้วยข้อความอื่น กรุณาเปิดหน้านี้ใหม่")
        return earlier
    rules.check_status(run.status, rules.PUBLISHED)
    rules.check_window(run.objections_until, clock.today())
    if not text.strip():
        raise RuleBroken("ต้องเขียนคำคัดค้าน")
    waiting = objection_by(session, run.id, enrollment.id)
    if waiting is not None and waiting.answered_at is None:
        raise Conflict("ท่านยื่นคำคัดค้านไว้แล้วและกำลังรอคำตอบ")
    made = Objection(
        run_id=run.id, enrollment_id=enrollment.id, text=text.strip(), filed_at=clock.now(), key=key, details={}
    )
    session.add(made)
    flushed(session)
    audit.append(
        session, actor, "shortlist:objection:file", "objection", made.id, after={"run": run.id, "text": made.text}
    )
    telling.tell_filed(session, made, run, actor)
    return made


def answer_objection(session: Session, *, actor: Actor, objection: Objection, outcome: str, answer: str) -> Objection:
    """Answer an objection once, with a reason; nobody answers their own."""
    if objection.answered_at is not None:
        raise Conflict("คำคัดค้านนี้ตอบไปแล้วโดย %(name)s", name=objection.answered_by or "")
    if outcome not in OUTCOMES:
        raise RuleBroken("เลือกผลการพิจารณาก่อน")
    owner = session.scalar(
        select(Officer.account_id)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .where(Enrollment.id == objection.enrollment_id)
    )
    if owner is not None and owner == actor.account_id:
        raise RuleBroken("ท่านตอบคำคัดค้านของตนเองไม่ได้")
    objection.outcome, objection.answer = outcome, rules.check_reason(answer)
    objection.answered_by, objection.answered_by_id, objection.answered_at = actor.name, actor.account_id, clock.now()
    flushed(session)
    audit.append(session, actor, "shortlist:objection:answer", "objection", objection.id, after={"outcome": outcome},
                 reason=objection.answer)  # fmt: skip
    telling.tell_answered(session, objection, owner)
    return objection


def set_window(session: Session, *, actor: Actor, days: int, reason: str) -> ObjectionWindow:
    """How many days officers have from now on; runs already published keep the day they were given."""
    if not 1 <= days <= 365:
        raise RuleBroken("จำนวนวันต้องอยู่ระหว่าง 1 ถึง 365")
    made = ObjectionWindow(days=days, reason=rules.check_reason(reason), set_by=actor.name, set_at=clock.now())
    session.add(made)
    flushed(session)
    audit.append(session, actor, "shortlist:objection-window:set", "objection_window", made.id, after={"days": days},
                 reason=made.reason)  # fmt: skip
    return made
