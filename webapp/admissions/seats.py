"""Seats after publication: offers and their answers, calls from the reserve list and the register, and the passing of days."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.admissions import queries, rules
from webapp.admissions import selection_queries as reads
from webapp.admissions.applying import flushed
from webapp.admissions.models import Application, Offer, Place, RegisterEntry, RegisterRule, Selection
from webapp.admissions.telling import tell_officer
from webapp.audit import Actor
from webapp.careers.models import Course
from webapp.careers.tenure import add_months
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.operations import enroll, move
from webapp.errors import RuleBroken
from webapp.officers.models import Officer

Given = Mapping[str, tuple[str, int | None, str]]


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


LAPSED = _l("ไม่ตอบรับภายในกำหนด")
"""The reason kept where an offer lapsed."""


def days_of(session: Session, course_id: int) -> tuple[int, int]:
    """Months that a course's register is valid, and days that an offer waits."""
    rule = reads.register_rule(session, course_id)
    return (rules.DEFAULT_MONTHS, rules.DEFAULT_ANSWER_DAYS) if rule is None else (rule.months, rule.answer_days)


def set_rule(session: Session, actor: Actor, course: Course, *, months: int, answer_days: int, reason: str) -> None:
    """Set how long a course's register is valid and how long an offer waits; what was published before keeps its days."""
    if not 1 <= months <= 120 or not 1 <= answer_days <= 90:
        raise RuleBroken("อายุบัญชีต้องอยู่ระหว่าง 1 ถึง 120 เดือน และเวลาตอบรับระหว่าง 1 ถึง 90 วัน")
    before = dict(zip(("months", "answer_days"), days_of(session, course.id), strict=True))
    session.add(RegisterRule(
        course_id=course.id, months=months, answer_days=answer_days, reason=rules.check_reason(reason),
        set_by=actor.name, set_at=clock.now(),
    ))  # fmt: skip
    session.flush()
    after = {"months": months, "answer_days": answer_days}
    audit.append(
        session, actor, "admissions:register-rule:set", "Course", course.code, before=before, after=after,
        reason=reason.strip(),
    )  # fmt: skip


# At publication ------------------------------------------------------------------------------------------------------


def give(session: Session, actor: Actor, selection: Selection, cohort: Cohort, given: Given) -> None:
    """Write everybody's place, offer the seats, and put those who passed without a seat on the register."""
    officers = {one.officer_no: one for one in session.scalars(select(Officer).where(Officer.officer_no.in_(given)))}
    enrollments = {
        one.officer_id: one for one in session.scalars(select(Enrollment).where(Enrollment.cohort_id == cohort.id))
    }
    months, days = days_of(session, cohort.course_id)
    today = clock.today()
    for number, (kind, rank, composite) in given.items():
        officer = officers[number]
        enrollment = enrollments.get(officer.id)
        session.add(Place(
            selection_id=selection.id, officer_id=officer.id, enrollment_id=None if enrollment is None else enrollment.id,
            officer_no=number, kind=kind, rank=rank, composite=composite,
        ))  # fmt: skip
        if enrollment is not None and enrollment.status in ("applied", "reserve", "admitted"):
            _set_status(session, actor, enrollment, kind)
        if enrollment is not None and kind == "seat" and enrollment.status == "admitted":
            _offer(session, actor, cohort, enrollment, today, days, source="seat", rank=rank or 0, selection=selection)
        if kind in ("reserve", "register") and enrollment is not None and enrollment.status in ("applied", "reserve"):
            session.add(RegisterEntry(
                selection_id=selection.id, course_id=cohort.course_id, officer_id=officer.id, rank=rank,
                composite=composite, from_on=today, until_on=add_months(today, months),
            ))  # fmt: skip
        tell_officer(session, officer, "admissions:selection:published", f"/my/applications/results/{selection.id}",
                     cohort=cohort.name_th)  # fmt: skip
    flushed(session)


def _set_status(session: Session, actor: Actor, enrollment: Enrollment, kind: str) -> None:
    """The enrollment as the place has it; somebody who holds a seat already by an answered offer keeps it."""
    status = {"seat": "admitted", "reserve": "reserve"}.get(kind, "applied")
    if enrollment.status != status:
        move(session, actor, enrollment, status=status)


def _offer(
    session: Session, actor: Actor, cohort: Cohort, enrollment: Enrollment, today: dt.date, days: int, *, source: str,
    rank: int, selection: Selection | None = None, entry: RegisterEntry | None = None, passed: Collection[str] = (),
    reason: str = "",
) -> Offer:  # fmt: skip
    standing = session.scalar(select(Offer).where(Offer.enrollment_id == enrollment.id, Offer.answer.is_(None)))
    if standing is not None:
        return standing
    made = Offer(
        cohort_id=cohort.id, enrollment_id=enrollment.id, source=source, rank=rank, passed_over=list(passed),
        selection_id=None if selection is None else selection.id, register_id=None if entry is None else entry.id,
        reason=reason, made_by=actor.name, made_by_id=actor.account_id, made_at=clock.now(),
        answer_by=rules.answer_day(today, days),
    )  # fmt: skip
    session.add(made)
    flushed(session)
    return made


def replace(session: Session, actor: Actor, earlier: Selection, later: Selection) -> None:
    """Take back what a superseded selection gave and nobody has answered: its register, its open offers."""
    for entry in session.scalars(
        select(RegisterEntry).where(
            RegisterEntry.selection_id == earlier.id, RegisterEntry.state.in_(("standing", "called"))
        )
    ):
        entry.state, entry.state_reason = "replaced", later.reason
    for offer in session.scalars(
        select(Offer).where(
            Offer.cohort_id == earlier.cohort_id, Offer.answer.is_(None), Offer.selection_id == earlier.id
        )
    ):
        _close(offer, "canceled", later.reason, actor.name)
    flushed(session)


# Calls ---------------------------------------------------------------------------------------------------------------


def free_seats(session: Session, cohort: Cohort) -> int:
    """Seats of a cohort that are neither offered nor taken."""
    return max(0, cohort.seats - reads.seats_taken(session, cohort.id))


def call(session: Session, actor: Actor, cohort: Cohort, entry_id: int, *, reason: str = "") -> Offer:
    """Offer a free seat to somebody who waits on the reserve list or the register; passing others over takes a reason."""
    if queries.stands_here(session, actor.account_id, cohort.id):
        raise RuleBroken("ท่านสมัครหรืออยู่ในรุ่นนี้เอง จึงเรียกผู้อื่นเข้ารุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงเรียกผู้ที่รออยู่ไม่ได้")
    rules.check_free(free_seats(session, cohort))
    today = clock.today()
    waiting = reads.waiting_for(session, cohort, today)
    chosen = next((one for one in waiting if one.entry.id == entry_id), None)
    if chosen is None:
        raise RuleBroken("ผู้นี้ไม่ได้รออยู่ในบัญชี")
    entry, officer = chosen.entry, chosen.officer
    rules.check_valid(entry.state, entry.from_on, entry.until_on, today)
    if officer.left_on is not None and officer.left_on <= today:
        raise RuleBroken("%(name)s พ้นจากราชการแล้ว จึงเรียกเข้ารุ่นนี้ไม่ได้", name=officer.name_th)
    passed = rules.check_turn((rules.Ranked(one.officer.officer_no, one.order) for one in waiting),
                              officer.officer_no, reason)  # fmt: skip
    enrollment = _brought_in(session, actor, cohort, officer)
    offer = _offer(session, actor, cohort, enrollment, today, days_of(session, cohort.course_id)[1],
                   source=chosen.source, rank=entry.rank, entry=entry, passed=passed, reason=reason.strip())  # fmt: skip
    entry.state, entry.state_reason = "called", ""
    flushed(session)
    note(session, actor, "call", offer, cohort, officer, passed_over=passed, answer_by=offer.answer_by, reason=reason)
    tell_officer(session, officer, "admissions:offer:made", cohort=cohort.name_th, day=offer.answer_by.isoformat())
    return offer


def _brought_in(session: Session, actor: Actor, cohort: Cohort, officer: Officer) -> Enrollment:
    """The enrollment of somebody called: admitted; whoever comes from another cohort's register is entered here."""
    enrollment = session.scalar(
        select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.officer_id == officer.id)
    )
    if enrollment is None:
        enrollment = enroll(session, actor, cohort, officer, status="admitted")
    else:
        move(session, actor, enrollment, status="admitted")
    application = queries.application_of(session, cohort.id, officer.id)
    if application is None:
        application = Application(cohort_id=cohort.id, officer_id=officer.id, via="register", state="accepted")
        session.add(application)
    if application.enrollment_id is None:
        application.state, application.enrollment_id = "accepted", enrollment.id
        application.decided_by, application.decided_by_id = actor.name, actor.account_id
        application.decided_at = clock.now()
    return enrollment


def extend(session: Session, actor: Actor, offer: Offer, *, answer_by: dt.date, reason: str) -> None:
    """Give somebody more time to answer, with a reason."""
    if offer.answer is not None:
        raise RuleBroken("ที่นั่งนี้ตอบไปแล้ว")
    if answer_by <= offer.answer_by or answer_by < clock.today():
        raise RuleBroken("วันตอบรับใหม่ต้องอยู่หลังวันเดิมและไม่เป็นวันที่ผ่านมาแล้ว")
    if queries.stands_here(session, actor.account_id, offer.cohort_id):
        raise RuleBroken("ท่านสมัครหรืออยู่ในรุ่นนี้เอง จึงดำเนินการกับที่นั่งของรุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")
    before, offer.answer_by, offer.reminded_at = offer.answer_by, answer_by, None
    cohort, officer = whose(session, offer)
    flushed(session)
    note(session, actor, "extend", offer, cohort, officer, before={"answer_by": before}, answer_by=answer_by,
          reason=rules.check_reason(reason))  # fmt: skip
    tell_officer(session, officer, "admissions:offer:made", cohort=cohort.name_th, day=answer_by.isoformat())


# Answers -------------------------------------------------------------------------------------------------------------


def answer(
    session: Session, actor: Actor, offer: Offer, *, accepted: bool, reason: str = "", version: int | None = None
) -> None:
    """The officer takes the seat, and is enrolled, or gives it up, with a reason."""
    if offer.answer == ("accepted" if accepted else "declined"):
        return  # sent twice
    rules.check_version(offer.version, version)
    rules.check_answer(clock.today(), offer.answer_by, offer.answer)
    enrollment = session.get_one(Enrollment, offer.enrollment_id)
    if accepted:
        move(session, actor, enrollment, status="enrolled")
        _close(offer, "accepted", "", actor.name)
        _leave_registers(session, enrollment, offer)
    else:
        given_up(session, actor, offer, enrollment, "declined", rules.check_reason(reason))
    flushed(session)
    cohort, officer = whose(session, offer)
    note(session, actor, "take-seat" if accepted else "decline", offer, cohort, officer, reason=offer.answer_reason)


def answer_for(
    session: Session, actor: Actor, offer: Offer, *, accepted: bool, reason: str, version: int | None = None
) -> None:
    """Staff record the answer of an officer who gave it on paper; the reason says where it stands, the officer is told."""
    if queries.stands_here(session, actor.account_id, offer.cohort_id):
        raise RuleBroken("ท่านสมัครหรืออยู่ในรุ่นนี้เอง จึงดำเนินการกับที่นั่งของรุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")
    reason = rules.check_reason(reason)
    answer(session, actor, offer, accepted=accepted, reason=reason, version=version)
    offer.answer_reason = reason
    flushed(session)
    cohort, officer = whose(session, offer)
    tell_officer(session, officer, "admissions:offer:recorded", cohort=cohort.name_th)


def _leave_registers(session: Session, enrollment: Enrollment, offer: Offer) -> None:
    """Whoever sits in the course has no more need of its registers."""
    cohort = session.get_one(Cohort, offer.cohort_id)
    for entry in session.scalars(
        select(RegisterEntry).where(
            RegisterEntry.officer_id == enrollment.officer_id, RegisterEntry.course_id == cohort.course_id,
            RegisterEntry.state.in_(("standing", "called")),
        )
    ):  # fmt: skip
        entry.state = "used"


def given_up(
    session: Session, actor: Actor, offer: Offer, enrollment: Enrollment, answer_given: str, reason: str
) -> None:
    """A seat not taken: the enrollment is withdrawn, and whoever was called leaves the register."""
    cohort = session.get_one(Cohort, offer.cohort_id)
    if cohort.closed_at is None and enrollment.status == "admitted":
        move(session, actor, enrollment, status="withdrawn", reason=reason)
    _close(offer, answer_given, reason, actor.name)
    if offer.register_id is not None:
        entry = session.get_one(RegisterEntry, offer.register_id)
        entry.state, entry.state_reason = "left", reason


def _close(offer: Offer, given: str, reason: str, who: str) -> None:
    offer.answer, offer.answer_reason, offer.answered_by, offer.answered_at = given, reason, who, clock.now()


def whose(session: Session, offer: Offer) -> tuple[Cohort, Officer]:
    enrollment = session.get_one(Enrollment, offer.enrollment_id)
    return session.get_one(Cohort, offer.cohort_id), session.get_one(Officer, enrollment.officer_id)


def note(
    session: Session, actor: Actor, verb: str, offer: Offer, cohort: Cohort, officer: Officer, *, before: Any = None,
    reason: str = "", **after: Any,
) -> None:  # fmt: skip
    audit.append(
        session, actor, f"admissions:offer:{verb}", "Offer", f"{cohort.code}/{officer.officer_no}/{offer.id}",
        before=before or {}, after={"source": offer.source, "answer": offer.answer, **after}, reason=reason,
    )  # fmt: skip
