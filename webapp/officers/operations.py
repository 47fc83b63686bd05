"""What staff do with officers by hand: change particulars, add facts, verify works, open a national id.

Correcting and voiding single facts: ``webapp/imports/corrections.py``, under the same rules as a file.
"""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Course, PositionLevel, Post, Qualification, Section, Unit
from webapp.database import canonical_json
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers import rules
from webapp.officers.models import Delegation, EvidencedWork, Officer, Posting, TrainingRecord
from webapp.thai import masked_national_id, national_id_digits, normalized, sort_key

PARTICULARS = (
    "title", "given_name", "family_name", "name_en", "birth_date", "entry_date", "sex", "email", "left_on", "left_reason",
)  # fmt: skip


def stamp_of(officer: Officer) -> str:
    """What an officer's particulars were when a page was opened; another stamp means somebody changed them."""
    values = [getattr(officer, name) for name in PARTICULARS]
    values += [officer.national_id, officer.supervisor_id, sorted(one.code for one in officer.qualifications)]
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()[:24]


def change_officer(
    session: Session, actor: Actor, officer: Officer, *, seen: str, reason: str, national_id: str = "",
    supervisor_no: str = "", qualifications: list[str], **values: Any,
) -> bool:  # fmt: skip
    """Change an officer's particulars with a reason; returns whether anything changed.

    An empty ``national_id`` leaves the one there is. Raises ``Conflict`` when they changed since ``seen``,
    ``RuleBroken`` for a wrong check digit, an unknown supervisor, or days in the wrong order.
    """
    if seen != stamp_of(officer):
        raise Conflict("มีผู้แก้ไขข้อมูลของข้าราชการคนนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")
    if not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผล")
    before = _shown(officer)
    for name in PARTICULARS:
        setattr(officer, name, values[name])
    if officer.entry_date < officer.birth_date or (officer.left_on and officer.left_on < officer.entry_date):
        raise RuleBroken("วันบรรจุต้องอยู่หลังวันเกิด และวันพ้นจากราชการต้องไม่ก่อนวันบรรจุ")
    if national_id:
        officer.national_id = _national_id(national_id)
    officer.supervisor_id = _supervisor(session, officer, supervisor_no)
    officer.sort_key = sort_key(f"{officer.given_name} {officer.family_name}")
    held = select(Qualification).where(Qualification.code.in_(qualifications)).order_by(Qualification.code)
    officer.qualifications = list(session.scalars(held))
    after = _shown(officer)
    if before == after and not national_id:
        return False
    session.flush()
    audit.append(
        session,
        actor,
        "officers:officer:change",
        "Officer",
        officer.officer_no,
        before=before,
        after=after,
        reason=reason,
    )
    return True


def _national_id(typed: str) -> str:
    digits = national_id_digits(typed)
    if not rules.is_national_id(digits):
        raise RuleBroken("เลขประจำตัวประชาชนไม่ถูกต้อง กรุณาตรวจทั้ง 13 หลัก")
    return digits


def _supervisor(session: Session, officer: Officer, number: str) -> int | None:
    if not number:
        return None
    found = session.scalar(select(Officer.id).where(Officer.officer_no == number))
    if found is None:
        raise RuleBroken("ไม่มีข้าราชการเลขประจำตัว %(number)s", number=number)
    if found == officer.id:
        raise RuleBroken("ผู้บังคับบัญชาต้องเป็นคนอื่น")
    return found


def open_national_id(session: Session, actor: Actor, officer: Officer, *, reason: str, own: bool = False) -> str:
    """The full national id. Somebody else's is opened for a reason, and who opened it is recorded (promise 18)."""
    if not own and not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผลที่ต้องดูเลขประจำตัวประชาชน")
    if not officer.national_id:
        raise NotFound("ยังไม่มีเลขประจำตัวประชาชนของข้าราชการคนนี้ในระบบ")
    audit.append(session, actor, "officers:national-id:view", "Officer", officer.officer_no, reason=reason)
    return officer.national_id


def add_posting(
    session: Session, actor: Actor, officer: Officer, *, post: Post, unit: Unit, started_on: dt.date,
    ended_on: dt.date | None = None, position_type: str = "", level: str = "", section_code: str = "",
    acting: bool = False, order_ref: str = "",
) -> Posting:  # fmt: skip
    """Add a posting; an empty type and level are the post's own. Orders may be signed ahead, so later days are fine."""
    rules.check_spell(started_on, ended_on)
    kind, grade = position_type or post.position_type, level or post.level
    if not kind or not grade or session.get(PositionLevel, (kind, grade)) is None:
        raise RuleBroken("ตำแหน่งนี้ไม่ได้กำหนดประเภทและระดับไว้ กรุณาเลือกประเภทและระดับ")
    made = Posting(
        officer_id=officer.id, post_id=post.id, unit_id=unit.id, started_on=started_on, ended_on=ended_on,
        position_type=kind, level=grade, section_code=section_code or None, acting=acting, order_ref=order_ref,
    )  # fmt: skip
    what = {"post": post.code, "unit": unit.code, "level": f"{kind}/{grade}", "section": section_code, "acting": acting}
    same = (Posting.post_id == post.id, Posting.unit_id == unit.id, Posting.started_on == started_on)
    return _add(session, actor, officer, made, same, {**what, "from": started_on, "to": ended_on, "order": order_ref})


def add_delegation(
    session: Session, actor: Actor, officer: Officer, *, unit: Unit, section: Section, started_on: dt.date,
    ended_on: dt.date | None = None, order_ref: str = "",
) -> Delegation:  # fmt: skip
    """Add a section put under the officer's charge at a district office."""
    rules.check_spell(started_on, ended_on)
    made = Delegation(
        officer_id=officer.id, unit_id=unit.id, section_code=section.code, started_on=started_on, ended_on=ended_on,
        order_ref=order_ref,
    )  # fmt: skip
    same = (
        Delegation.unit_id == unit.id, Delegation.section_code == section.code, Delegation.started_on == started_on,
    )  # fmt: skip
    what = {"unit": unit.code, "section": section.code, "from": started_on, "to": ended_on, "order": order_ref}
    return _add(session, actor, officer, made, same, what)


def add_work(
    session: Session, actor: Actor, officer: Officer, *, title: str, done_on: dt.date, category: str = ""
) -> EvidencedWork:
    """Add an evidenced work; it counts once somebody else has verified it."""
    rules.check_happened(done_on, clock.today())
    title = normalized(title)
    made = EvidencedWork(officer_id=officer.id, title=title, done_on=done_on, category=category, verified_by="")
    same = (EvidencedWork.title == title, EvidencedWork.done_on == done_on)
    return _add(session, actor, officer, made, same, {"title": title, "on": done_on, "category": category})


def add_training(
    session: Session, actor: Actor, officer: Officer, *, course: Course, completed_on: dt.date, result: str,
    institution: str = "", hours: Decimal | None = None, certificate_no: str = "",
) -> TrainingRecord:  # fmt: skip
    """Add a course that the officer completed, passed or failed."""
    rules.check_happened(completed_on, clock.today())
    made = TrainingRecord(
        officer_id=officer.id, course_id=course.id, completed_on=completed_on, result=result, institution=institution,
        hours=hours, certificate_no=certificate_no,
    )  # fmt: skip
    same = (TrainingRecord.course_id == course.id, TrainingRecord.completed_on == completed_on)
    what = {"course": course.code, "on": completed_on, "result": result, "hours": hours, "certificate": certificate_no}
    return _add(session, actor, officer, made, same, what)


def _add(
    session: Session, actor: Actor, officer: Officer, made: Any, same: tuple[Any, ...], what: dict[str, Any]
) -> Any:
    """Keep a new fact, provided that none with its natural key stands."""
    model = type(made)
    if session.scalar(select(model.id).where(model.officer_id == officer.id, model.voided_at.is_(None), *same)):
        raise RuleBroken("มีรายการเดียวกันนี้อยู่แล้ว หากรายการเดิมผิด กรุณาแก้ไขรายการนั้นพร้อมเหตุผล")
    made.entered_by, made.entered_at = actor.name, clock.now()
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict("มีผู้บันทึกรายการเดียวกันนี้ไปก่อนแล้ว กรุณาเปิดหน้าใหม่") from None
    values = {"officer": officer.officer_no, **what}
    audit.append(session, actor, f"officers:{model.__tablename__}:add", model.__tablename__, made.id, after=values)
    return made


def verify_work(
    session: Session, actor: Actor, officer: Officer, work: EvidencedWork, *, verified_on: dt.date,
    actor_officer_id: int | None = None,
) -> None:  # fmt: skip
    """The commission's office verifies an evidenced work: from that day on it counts.

    Raises ``RuleBroken`` for one's own work, one entered by the same person, or days in the wrong order.
    """
    if work.voided_at is not None:
        raise Conflict("รายการนี้ถูกยกเลิกหรือแก้ไขไปแล้ว กรุณาเปิดรายการล่าสุด")
    rules.check_verification(
        done_on=work.done_on, verified_on=verified_on, today=clock.today(), verified_already=work.verified_on is not None,
        by_author=work.import_id is None and work.entered_by == actor.name, of_oneself=actor_officer_id == officer.id,
    )  # fmt: skip
    work.verified_by, work.verified_on = actor.name, verified_on
    session.flush()
    audit.append(
        session, actor, "officers:work:verify", "evidenced_work", work.id,
        after={"officer": officer.officer_no, "title": work.title, "verified_on": verified_on},
    )  # fmt: skip


def _shown(officer: Officer) -> dict[str, Any]:
    """An officer's particulars as the audit log keeps them: the national id masked."""
    values = {name: getattr(officer, name) for name in PARTICULARS}
    values = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
    return values | {
        "national_id": masked_national_id(officer.national_id), "supervisor": officer.supervisor_id,
        "qualifications": sorted(one.code for one in officer.qualifications),
    }  # fmt: skip
