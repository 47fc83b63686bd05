"""What an officer and the institute do before a decision: announce, apply, nominate, answer, hand in papers, withdraw."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.admissions import queries, rules
from webapp.admissions.models import Announcement, Application, ApplicationFile, RegisterEntry, Selection
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.operations import move
from webapp.errors import Conflict, RuleBroken
from webapp.files.operations import store
from webapp.notices.operations import notify
from webapp.officers.models import Officer

MOST_FILES = 10
Papers = Sequence[tuple[str, bytes]]
"""Files as they came: name and content."""


def flushed(session: Session) -> None:
    """Write now; a lost race is a friendly refusal."""
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Conflict("มีผู้อื่นทำเรื่องเดียวกันนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง") from error


def note(
    session: Session, actor: Actor, verb: str, application: Application, *, before: Any = None, reason: str = "",
    **after: Any,
) -> None:  # fmt: skip
    """An audit entry on an application."""
    cohort = session.get_one(Cohort, application.cohort_id)
    officer = session.get_one(Officer, application.officer_id)
    audit.append(
        session, actor, f"admissions:application:{verb}", "Application", f"{cohort.code}/{officer.officer_no}",
        before=before or {}, after={"state": application.state, **after}, reason=reason,
    )  # fmt: skip


def announce(
    session: Session, actor: Actor, cohort: Cohort, *, conditions_th: str, conditions_en: str, papers: str,
    version: int | None = None,
) -> Announcement:  # fmt: skip
    """Say what a cohort's call for applications asks. Raises ``Conflict`` when it was changed since ``version``."""
    found = queries.announcement_of(session, cohort.id)
    values = {"conditions_th": conditions_th, "conditions_en": conditions_en, "papers": papers}
    before = {} if found is None else {name: getattr(found, name) for name in values}
    if found is None:
        found = Announcement(cohort_id=cohort.id)
        session.add(found)
    else:
        rules.check_version(found.version, version)
    if before == values:
        return found
    for name, value in values.items():
        setattr(found, name, value)
    found.changed_by, found.changed_at = actor.name, clock.now()
    flushed(session)
    audit.append(session, actor, "admissions:announcement:change", "Cohort", cohort.code, before=before, after=values)
    return found


def apply(
    session: Session,
    actor: Actor,
    cohort: Cohort,
    officer: Officer,
    *,
    motive: str,
    papers: Papers = (),
    today: dt.date,
) -> Application:
    """File the officer's application, or change the one that waits; sent twice, it is filed once.

    Raises ``RuleBroken`` outside the window, for a closed cohort, or where the officer is in the cohort already.
    """
    rules.check_window(today, cohort.applications_open_on, cohort.applications_close_on)
    _check_may_come(session, cohort, officer)
    found = queries.application_of(session, cohort.id, officer.id)
    if found is None:
        found = Application(cohort_id=cohort.id, officer_id=officer.id, via="own")
        session.add(found)
    elif found.state == "filed":
        return _change(session, actor, found, motive, papers)
    else:
        rules.check_state(found.state, rules.TAKEN_BACK)
        found.via = "own"
    before = found.state
    found.state, found.motive, found.filed_at = "filed", motive.strip(), clock.now()
    found.withdrawn_at, found.withdrawn_reason = None, ""
    flushed(session)
    note(session, actor, "file", found, before={"state": before} if before else {}, motive=found.motive)
    _keep(session, actor, found, papers)
    return found


def _check_may_come(session: Session, cohort: Cohort, officer: Officer) -> None:
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงรับใบสมัครไม่ได้")
    inside = select(Enrollment.id).where(
        Enrollment.cohort_id == cohort.id, Enrollment.officer_id == officer.id, Enrollment.status != "withdrawn"
    )
    if session.scalar(inside) is not None:
        raise RuleBroken("%(name)s อยู่ในรุ่นนี้แล้ว", name=officer.name_th)


def _change(session: Session, actor: Actor, found: Application, motive: str, papers: Papers) -> Application:
    if found.motive != motive.strip():
        before = {"motive": found.motive}
        found.motive = motive.strip()
        flushed(session)
        note(session, actor, "change", found, before=before, motive=found.motive)
    _keep(session, actor, found, papers)
    return found


def _keep(session: Session, actor: Actor, application: Application, papers: Papers) -> None:
    for name, content in papers:
        add_file(session, actor, application, name, content)


def add_file(session: Session, actor: Actor, application: Application, name: str, content: bytes) -> ApplicationFile:
    """Keep a paper with an application; the same content under the same name once.

    Raises ``RuleBroken`` for a type or size that is not taken, too many files, or an application already decided.
    """
    _check_papers_open(application)
    standing = queries.files_of(session, application.id)
    file = store(session, actor, name, content)
    for row in standing:
        if (row.file.sha256, row.file.name) == (file.sha256, file.name):
            session.delete(file)
            session.flush()
            return row
    if len(standing) >= MOST_FILES:
        raise RuleBroken("แนบไฟล์ได้ไม่เกิน %(most)s ไฟล์ กรุณานำไฟล์ที่ไม่ใช้ออกก่อน", most=MOST_FILES)
    made = ApplicationFile(application_id=application.id, file_id=file.id, added_at=clock.now())
    session.add(made)
    session.flush()
    note(session, actor, "add-file", application, file=file.name, sha256=file.sha256)
    return made


def take_file_away(session: Session, actor: Actor, application: Application, row: ApplicationFile) -> None:
    """Take a paper out of an application that is not decided; what was stored is kept."""
    _check_papers_open(application)
    row.withdrawn_at = clock.now()
    session.flush()
    note(session, actor, "take-file-away", application, before={"file": row.file.name})


def _check_papers_open(application: Application) -> None:
    if application.state not in ("nominated", "filed", "exception"):
        raise RuleBroken("ใบสมัครนี้พิจารณาไปแล้ว จึงเพิ่มหรือนำเอกสารออกไม่ได้")


def nominate(
    session: Session, actor: Actor, cohort: Cohort, officer: Officer, *, head: str, reason: str, today: dt.date
) -> Application:
    """Record a head's nomination; the officer then takes it or turns it down.

    Raises ``RuleBroken`` after the window, without a head or a reason, or where the officer applies already.
    """
    if cohort.applications_close_on is None or today > cohort.applications_close_on:
        raise RuleBroken("พ้นกำหนดรับสมัครแล้ว")
    _check_may_come(session, cohort, officer)
    reason = rules.check_reason(reason)
    if not head.strip():
        raise RuleBroken("ต้องระบุผู้บังคับบัญชาที่เสนอชื่อ")
    found = queries.application_of(session, cohort.id, officer.id)
    if found is not None and found.state not in rules.TAKEN_BACK:
        raise RuleBroken("%(name)s สมัครหรือได้รับการเสนอชื่อในรุ่นนี้แล้ว", name=officer.name_th)
    if found is None:
        found = Application(cohort_id=cohort.id, officer_id=officer.id)
        session.add(found)
    found.state, found.via, found.nomination_reason = "nominated", "nomination", reason
    found.nominated_by, found.nominated_by_id, found.nominated_at = head.strip(), actor.account_id, clock.now()
    found.answered_at, found.answer_reason = None, ""
    flushed(session)
    note(session, actor, "nominate", found, head=found.nominated_by, reason=found.nomination_reason)
    tell(session, found, "admissions:application:nominated", head=found.nominated_by)
    return found


def answer_nomination(
    session: Session, actor: Actor, application: Application, *, taken: bool, motive: str = "", reason: str = "",
    today: dt.date, version: int | None = None,
) -> None:  # fmt: skip
    """The officer takes a nomination, which files the application, or turns it down."""
    rules.check_version(application.version, version)
    rules.check_state(application.state, ("nominated",))
    cohort = session.get_one(Cohort, application.cohort_id)
    if taken and (cohort.applications_close_on is None or today > cohort.applications_close_on):
        raise RuleBroken("พ้นกำหนดรับสมัครแล้ว")
    application.answered_at, application.answer_reason = clock.now(), reason.strip()
    application.state = "filed" if taken else "turned-down"
    if taken:
        application.motive, application.filed_at = motive.strip(), clock.now()
    flushed(session)
    note(session, actor, "take-nomination" if taken else "turn-down", application, reason=reason.strip())


def withdraw(
    session: Session, actor: Actor, application: Application, *, reason: str, version: int | None = None
) -> None:
    """The officer withdraws. Whoever holds a seat or an offer answers that instead."""
    rules.check_version(application.version, version)
    rules.check_state(application.state, ("filed", "exception", "accepted"))
    reason = rules.check_reason(reason)
    enrollment = None if application.enrollment_id is None else session.get(Enrollment, application.enrollment_id)
    if enrollment is not None and enrollment.status == "admitted":
        raise RuleBroken("ท่านได้รับที่นั่งแล้ว กรุณาตอบสละสิทธิ์ที่ที่นั่งนั้นแทนการถอนใบสมัคร")
    if enrollment is not None and enrollment.status in ("enrolled", "completed"):
        raise RuleBroken("ท่านเข้ารับการอบรมแล้ว หากจะถอนตัวกรุณาแจ้งสถาบัน")
    before = application.state
    application.state, application.withdrawn_at, application.withdrawn_reason = "withdrawn", clock.now(), reason
    if enrollment is not None and enrollment.status != "withdrawn":
        move(session, actor, enrollment, status="withdrawn", reason=reason)
        _leave_register(session, application, reason)
    flushed(session)
    note(session, actor, "withdraw", application, before={"state": before}, reason=reason)


def _leave_register(session: Session, application: Application, reason: str) -> None:
    """Whoever withdraws from a cohort also leaves the register that its selection put them on."""
    entries = (
        select(RegisterEntry)
        .join(Selection, Selection.id == RegisterEntry.selection_id)
        .where(
            RegisterEntry.officer_id == application.officer_id,
            RegisterEntry.state == "standing",
            Selection.cohort_id == application.cohort_id,
        )
    )
    for entry in session.scalars(entries):
        entry.state, entry.state_reason = "left", reason


def tell(session: Session, application: Application, kind: str, **values: Any) -> None:
    """Tell the applicant, where they sign in."""
    cohort = session.get_one(Cohort, application.cohort_id)
    officer = session.get_one(Officer, application.officer_id)
    notify(
        session, officer.account_id, kind, {"cohort": cohort.name_th, **values}, f"/my/applications/{application.id}"
    )
