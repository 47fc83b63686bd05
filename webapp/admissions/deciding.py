"""What the institute decides on applications: accept by the entry rule, refuse with the reason, make an exception by two."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.admissions import queries, rules
from webapp.admissions.applying import flushed, note, tell
from webapp.admissions.entry import Check, checks
from webapp.admissions.models import Application
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.operations import enroll, move
from webapp.errors import RuleBroken
from webapp.officers.models import Officer


def check_of(session: Session, cohort: Cohort, officer_id: int) -> Check | None:
    """The entry check of one officer as it stands now; none where the course has no entry rule."""
    return checks(session, cohort, [officer_id]).get(officer_id)


def accept(session: Session, actor: Actor, application: Application, *, version: int | None = None) -> None:
    """Accept an application that meets the entry rule: the officer takes part in the selection."""
    cohort = _may_decide(session, actor, application, version, rules.MAY_DECIDE)
    check = check_of(session, cohort, application.officer_id)
    if check is not None and check.met is not True:
        raise RuleBroken("ผู้สมัครไม่ผ่านคุณสมบัติหรือข้อมูลไม่ชัดเจน จึงรับตามเกณฑ์ไม่ได้ ให้ขอข้อยกเว้นพร้อมเหตุผล หรือไม่รับใบสมัคร")
    _accepted(session, actor, application, cohort, check)


def accept_all_met(session: Session, actor: Actor, cohort: Cohort) -> int:
    """Accept every waiting application that meets the entry rule; returns how many. The others keep waiting."""
    _not_oneself(session, actor, cohort.id)
    waiting = queries.to_decide(session, cohort.id)
    found = checks(session, cohort, [one.officer_id for one in waiting])
    taken = 0
    for application in waiting:
        check = found.get(application.officer_id)
        if check is None or check.met is True:
            _accepted(session, actor, application, cohort, check)
            taken += 1
    return taken


def propose_exception(
    session: Session, actor: Actor, application: Application, *, reason: str, version: int | None = None
) -> None:
    """Propose to accept an application although the rule is not met; another person decides."""
    cohort = _may_decide(session, actor, application, version, rules.MAY_DECIDE)
    if actor.account_id is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะทำขั้นนี้ได้")
    check = check_of(session, cohort, application.officer_id)
    if check is None or check.met is True:
        raise RuleBroken("ผู้สมัครผ่านคุณสมบัติ จึงไม่ต้องขอข้อยกเว้น")
    application.state, application.exception_reason = "exception", rules.check_reason(reason)
    application.proposed_by, application.proposed_by_id = actor.name, actor.account_id
    application.proposed_at, application.entry = clock.now(), check.document()
    flushed(session)
    note(session, actor, "propose-exception", application, reason=application.exception_reason)


def approve_exception(
    session: Session, actor: Actor, application: Application, *, reason: str, version: int | None = None
) -> None:
    """The second person accepts an application as an exception, with a reason of their own."""
    cohort = _may_decide(session, actor, application, version, ("exception",))
    rules.check_second_person(application.proposed_by_id, actor.account_id)
    application.decided_reason = rules.check_reason(reason)
    _accepted(session, actor, application, cohort, check_of(session, cohort, application.officer_id))


def refuse(
    session: Session, actor: Actor, application: Application, *, reason: str, version: int | None = None
) -> None:
    """Refuse an application with the reason; of a proposed exception, by another than who proposed it."""
    cohort = _may_decide(session, actor, application, version, ("filed", "exception"))
    if application.state == "exception":
        rules.check_second_person(application.proposed_by_id, actor.account_id)
    check = check_of(session, cohort, application.officer_id)
    before = application.state
    application.state, application.decided_reason = "refused", rules.check_reason(reason)
    application.entry = None if check is None else check.document()
    _decided(application, actor)
    flushed(session)
    note(session, actor, "refuse", application, before={"state": before}, reason=application.decided_reason)
    tell(session, application, "admissions:application:refused")


def reconsider(
    session: Session, actor: Actor, application: Application, *, reason: str, version: int | None = None
) -> None:
    """Take a refusal back, with a reason: the application waits for a decision again."""
    _may_decide(session, actor, application, version, ("refused",))
    reason = rules.check_reason(reason)
    before = {"state": application.state, "reason": application.decided_reason}
    application.state, application.entry, application.decided_reason = "filed", None, ""
    application.decided_by, application.decided_by_id, application.decided_at = "", None, None
    application.proposed_by, application.proposed_by_id, application.proposed_at = "", None, None
    application.exception_reason = ""
    flushed(session)
    note(session, actor, "reconsider", application, before=before, reason=reason)


def _may_decide(
    session: Session, actor: Actor, application: Application, version: int | None, states: tuple[str, ...]
) -> Cohort:
    rules.check_version(application.version, version)
    rules.check_state(application.state, states)
    _not_oneself(session, actor, application.cohort_id)
    return session.get_one(Cohort, application.cohort_id)


def _not_oneself(session: Session, actor: Actor, cohort_id: int) -> None:
    """Nobody decides on applications among which their own is (promise 10)."""
    if queries.stands_here(session, actor.account_id, cohort_id):
        raise RuleBroken("ท่านสมัครหรืออยู่ในรุ่นนี้เอง จึงพิจารณาผู้สมัครของรุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")


def _accepted(session: Session, actor: Actor, application: Application, cohort: Cohort, check: Check | None) -> None:
    officer = session.get_one(Officer, application.officer_id)
    before = application.state
    application.state, application.entry = "accepted", None if check is None else check.document()
    _decided(application, actor)
    enrollment = session.scalar(
        select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.officer_id == officer.id)
    )
    if enrollment is None:
        enrollment = enroll(session, actor, cohort, officer, status="applied")
    elif enrollment.status == "withdrawn":
        move(session, actor, enrollment, status="applied")
    application.enrollment_id = enrollment.id
    flushed(session)
    note(session, actor, "admit-to-selection", application, before={"state": before}, reason=application.decided_reason)
    tell(session, application, "admissions:application:accepted")


def _decided(application: Application, actor: Actor) -> None:
    application.decided_by, application.decided_by_id = actor.name, actor.account_id
    application.decided_at = clock.now()
