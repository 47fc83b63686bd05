"""What the institute does with cohorts: set up, enroll, hold sessions, take attendance."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Course
from webapp.courses import rules
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.courses.neighbors import sits_on_panel
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer

COHORT_VALUES = (
    "name_th", "name_en", "starts_on", "ends_on", "seats", "reserve", "shortlist_size", "place",
    "applications_open_on", "applications_close_on",
)  # fmt: skip
SESSION_VALUES = ("name_th", "name_en", "part", "held_on", "hours", "place", "speaker")


def open_cohort(session: Session, actor: Actor, *, code: str, course: Course, **values: Any) -> Cohort:
    """Set up a new cohort of ``course``.

    Raises ``RuleBroken`` where its days or seats are off, the code is taken, or the course is no longer held.
    """
    if course.retired_on is not None and course.retired_on <= values["starts_on"]:
        raise RuleBroken("หลักสูตร%(course)s เลิกใช้แล้ว จึงเปิดรุ่นใหม่ไม่ได้ กรุณาเลือกหลักสูตรอื่น", course=course.name_th)
    rules.check_cohort(values["starts_on"], values["ends_on"], values["seats"], values.get("shortlist_size", 5))
    if session.scalar(select(Cohort.id).where(Cohort.code == code)):
        raise RuleBroken("มีรุ่นรหัส %(code)s อยู่แล้ว กรุณาใช้รหัสอื่น", code=code)
    cohort = Cohort(code=code, course_id=course.id, created_at=clock.now(), created_by=actor.name)
    _set(cohort, COHORT_VALUES, values)
    session.add(cohort)
    session.flush()
    audit.append(session, actor, "courses:cohort:open", "Cohort", code, after=_shown(cohort, COHORT_VALUES))
    return cohort


def change_cohort(session: Session, actor: Actor, cohort: Cohort, *, version: int | None = None, **values: Any) -> bool:
    """Change a cohort; returns whether anything changed. Raises ``Conflict`` when it changed since ``version``."""
    if version is not None and version != cohort.version:
        raise Conflict("มีผู้แก้ไขรุ่นนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")
    before = _shown(cohort, COHORT_VALUES)
    _set(cohort, COHORT_VALUES, values)
    rules.check_cohort(cohort.starts_on, cohort.ends_on, cohort.seats, cohort.shortlist_size)
    after = _shown(cohort, COHORT_VALUES)
    if before == after:
        return False
    session.flush()
    audit.append(session, actor, "courses:cohort:change", "Cohort", cohort.code, before=before, after=after)
    return True


def put_session(session: Session, actor: Actor, cohort: Cohort, *, code: str, **values: Any) -> str:
    """Add the session ``code`` to the cohort or change it; returns ``created``, ``updated`` or ``unchanged``.

    Raises ``RuleBroken`` for no hours, or for fewer hours than somebody has already attended.
    """
    if values.get("hours") is not None and values["hours"] <= 0:
        raise RuleBroken("ชั่วโมงของคาบต้องมากกว่า 0")
    held = session.scalar(select(CourseSession).where(CourseSession.cohort_id == cohort.id, CourseSession.code == code))
    if held is None:
        held = CourseSession(cohort_id=cohort.id, code=code)
        _set(held, SESSION_VALUES, values)
        session.add(held)
        session.flush()
        _note(session, actor, "courses:session:add", cohort, held, {})
        return "created"
    before = _shown(held, SESSION_VALUES)
    _set(held, SESSION_VALUES, values)
    if before == _shown(held, SESSION_VALUES):
        return "unchanged"
    most = session.scalar(
        select(Attendance.hours).where(Attendance.session_id == held.id).order_by(Attendance.hours.desc())
    )
    if most is not None and most > held.hours:
        raise RuleBroken("มีผู้เข้าเรียนคาบนี้แล้ว %(most)s ชั่วโมง จึงลดชั่วโมงต่ำกว่านั้นไม่ได้", most=f"{most:f}")
    session.flush()
    _note(session, actor, "courses:session:change", cohort, held, before)
    return "updated"


def remove_session(session: Session, actor: Actor, cohort: Cohort, held: CourseSession) -> None:
    """Take a session off the programme. Raises ``RuleBroken`` once attendance was taken."""
    if session.scalar(select(Attendance.id).where(Attendance.session_id == held.id).limit(1)):
        raise RuleBroken("บันทึกการเข้าเรียนของคาบนี้แล้ว จึงนำออกไม่ได้")
    audit.append(
        session, actor, "courses:session:remove", "CourseSession", f"{cohort.code}/{held.code}",
        before=_shown(held, SESSION_VALUES),
    )  # fmt: skip
    session.delete(held)
    session.flush()


def enroll(
    session: Session, actor: Actor, cohort: Cohort, officer: Officer, *, status: str = "enrolled", reason: str = ""
) -> Enrollment:
    """Put an officer into a cohort in ``status`` (``applied`` by the officer, others by staff).

    Raises ``RuleBroken`` when the cohort is closed, full, or the officer is already in it or assesses it.
    """
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงเพิ่มผู้เข้ารับการอบรมไม่ได้")
    if session.scalar(
        select(Enrollment.id).where(Enrollment.cohort_id == cohort.id, Enrollment.officer_id == officer.id)
    ):
        raise RuleBroken("%(name)s อยู่ในรุ่นนี้แล้ว", name=officer.name_th)
    if sits_on_panel(session, cohort.id, officer.account_id):
        raise RuleBroken(
            "%(name)s เป็นกรรมการให้คะแนนของรุ่นนี้ จึงเข้ารุ่นนี้ไม่ได้ ให้บันทึกการถอนตัวจากคณะกรรมการก่อน", name=officer.name_th
        )
    if status == "enrolled":
        _check_seat(session, cohort)
    enrollment = Enrollment(
        cohort_id=cohort.id, officer_id=officer.id, status=status, status_reason=reason,
        decided_by=actor.name, decided_at=clock.now(),
    )  # fmt: skip
    session.add(enrollment)
    session.flush()
    audit.append(
        session, actor, "courses:enrollment:add", "Enrollment", f"{cohort.code}/{officer.officer_no}",
        after={"status": status}, reason=reason,
    )  # fmt: skip
    return enrollment


def change_status(
    session: Session, actor: Actor, enrollment: Enrollment, *, status: str, reason: str = "", version: int | None = None
) -> None:
    """Move an enrollment on. Raises ``RuleBroken`` for a step that is not open, ``Conflict`` for a stale page."""
    if version is not None and version != enrollment.version:
        raise Conflict("สถานะนี้ถูกเปลี่ยนไปก่อนแล้ว กรุณาเปิดหน้าใหม่แล้วตรวจสอบอีกครั้ง")
    cohort, officer = session.get_one(Cohort, enrollment.cohort_id), session.get_one(Officer, enrollment.officer_id)
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงเปลี่ยนสถานะไม่ได้")
    _not_oneself(actor, officer)
    rules.check_change(enrollment.status, status, reason)
    _move(session, actor, cohort, officer, enrollment, status, reason)


def move(session: Session, actor: Actor, enrollment: Enrollment, *, status: str, reason: str = "") -> None:
    """Move an enrollment as the admissions room has decided by its own rules (also on the officer's own answer).

    Raises ``RuleBroken`` when the cohort is closed, or full and the officer would sit in it.
    """
    cohort, officer = session.get_one(Cohort, enrollment.cohort_id), session.get_one(Officer, enrollment.officer_id)
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงเปลี่ยนสถานะไม่ได้")
    _move(session, actor, cohort, officer, enrollment, status, reason)


def _move(
    session: Session, actor: Actor, cohort: Cohort, officer: Officer, enrollment: Enrollment, status: str, reason: str
) -> None:
    if status == "enrolled":
        _check_seat(session, cohort)
    before = enrollment.status
    enrollment.status, enrollment.status_reason = status, reason
    enrollment.decided_by, enrollment.decided_at = actor.name, clock.now()
    session.flush()
    audit.append(
        session, actor, "courses:enrollment:change", "Enrollment", f"{cohort.code}/{officer.officer_no}",
        before={"status": before}, after={"status": status}, reason=reason,
    )  # fmt: skip


def take_attendance(
    session: Session,
    actor: Actor,
    held: CourseSession,
    sheet: Mapping[int, tuple[bool, Decimal | None]],
    seen: Mapping[int, rules.Present | None] | None = None,
) -> int:
    """Record a session's sheet: enrollment id → (present, hours or none for the session's own). Returns what changed.

    ``seen`` is what the sheet showed when it was opened: rows left as they were shown stay as they stand now. Raises
    ``Conflict`` where somebody else changed the same row, ``RuleBroken`` for a session in the future, a closed cohort,
    hours out of range, or somebody not in it.
    """
    cohort = session.get_one(Cohort, held.cohort_id)
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงแก้ไขการเข้าเรียนไม่ได้")
    if held.held_on > clock.today():
        raise RuleBroken("คาบนี้ยังไม่ถึงวันเรียน จึงยังบันทึกการเข้าเรียนไม่ได้")
    members = set(session.scalars(select(Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.status.in_((*rules.IN_THE_COHORT, "withdrawn"))
    )))  # fmt: skip
    if not set(sheet) <= members:
        raise NotFound()
    known = {
        row.enrollment_id: row for row in session.scalars(select(Attendance).where(Attendance.session_id == held.id))
    }
    typed, seen = rules.counted(sheet, held.hours), seen or {}
    if rules.clashes(typed, seen, {one: (row.present, row.hours) for one, row in known.items()}):
        raise Conflict("มีผู้บันทึกการเข้าเรียนคาบนี้ก่อนท่าน แถวที่ไม่ตรงกันมีค่าที่บันทึกไว้กำกับ ตรวจแล้วกดบันทึกอีกครั้ง")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for enrollment_id, (present, hours) in typed.items():
        row = known.get(enrollment_id)
        if (present, hours) in (seen.get(enrollment_id), row and (row.present, row.hours)):
            continue
        if row is None:
            row = Attendance(session_id=held.id, enrollment_id=enrollment_id)
            session.add(row)
        else:
            before[str(enrollment_id)] = [row.present, row.hours]
        row.present, row.hours, row.import_id = present, hours, None
        row.entered_by, row.entered_at = actor.name, clock.now()
        after[str(enrollment_id)] = [present, hours]
    if after:
        _not_own_row(session, actor, after)
        audit.append(
            session, actor, "courses:attendance:take", "CourseSession", f"{cohort.code}/{held.code}",
            before=before, after=after,
        )  # fmt: skip
    return len(after)


def _not_oneself(actor: Actor, officer: Officer) -> None:
    """Nobody decides about themselves (promise 10)."""
    if actor.account_id is not None and officer.account_id == actor.account_id:
        raise RuleBroken("ท่านดำเนินการกับรายการของตนเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นดำเนินการ")


def _not_own_row(session: Session, actor: Actor, changed: Mapping[str, Any]) -> None:
    """Nobody ticks themselves: attendance is a gate of the ranking."""
    if actor.account_id is None:
        return
    own = session.scalars(
        select(Enrollment.id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Officer.account_id == actor.account_id)
    )
    if any(str(enrollment_id) in changed for enrollment_id in own):
        raise RuleBroken("ท่านบันทึกการเข้าเรียนของตนเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นบันทึก")


def _check_seat(session: Session, cohort: Cohort) -> None:
    taken = len(session.scalars(select(Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.status.in_(rules.IN_THE_COHORT)
    )).all())  # fmt: skip
    if taken >= cohort.seats:
        raise RuleBroken("รุ่นนี้เต็มแล้ว (%(seats)s ที่นั่ง) กรุณาเพิ่มจำนวนที่นั่งหรือใส่ไว้ในบัญชีสำรอง", seats=cohort.seats)


def _set(thing: Any, names: tuple[str, ...], values: dict[str, Any]) -> None:
    unknown = set(values) - set(names)
    if unknown:
        raise TypeError(f"unknown values: {sorted(unknown)}")
    for name, value in values.items():
        setattr(thing, name, value)


def _shown(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(thing, name) for name in names}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """Days and numbers as text, 6 and 6.00 alike."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def _note(
    session: Session, actor: Actor, action: str, cohort: Cohort, held: CourseSession, before: dict[str, Any]
) -> None:
    key = f"{cohort.code}/{held.code}"
    audit.append(session, actor, action, "CourseSession", key, before=before, after=_shown(held, SESSION_VALUES))
