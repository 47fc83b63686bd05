"""Acts of staff on an exam before it is sat: candidates, a sitting of one's own, back to a draft, called off, markers."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.desk import MARKED_STATUSES
from webapp.assessments.exams import results, setting, taking
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.models import (
    Attempt,
    AttemptQuestion,
    Candidate,
    EssayMark,
    Exam,
    ExamIncident,
    ExamMarker,
    ExamPart,
    ExamPool,
    ExamRoom,
)
from webapp.assessments.models import ScoreEntry
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer


def admit_one(session: Session, actor: Actor, exam: Exam, officer_id: int) -> int:
    """Admit one officer; of a cohort's exam, somebody whom its component is for. 0 where they are admitted already."""
    enrollment = None
    if exam.cohort_id is not None:
        enrollment = session.scalar(
            select(Enrollment.id).where(
                Enrollment.cohort_id == exam.cohort_id, Enrollment.officer_id == officer_id,
                Enrollment.status.in_(MARKED_STATUSES[exam.purpose]),
            )
        )  # fmt: skip
        if enrollment is None:
            raise RuleBroken("ผู้นี้ไม่ได้อยู่ในรุ่นที่สอบ การสอบนี้มีคะแนนเข้ารุ่น จึงรับเฉพาะคนในรุ่น")
    return setting.admit(session, actor, exam, {officer_id: enrollment})


def set_sitting(
    session: Session, actor: Actor, exam: Exam, candidate: Candidate, *, opens_at: dt.datetime | None,
    closes_at: dt.datetime | None, room: ExamRoom | None, minutes: int, reason: str,
) -> Candidate:  # fmt: skip
    """Another window, room or length for one person, with a reason. Of an attempt that runs, only more time is given."""
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    if (opens_at is None) != (closes_at is None) or (opens_at and closes_at and closes_at <= opens_at):
        raise RuleBroken("เวลาปิดสอบต้องอยู่หลังเวลาเปิดสอบ")
    before = _place(candidate)
    own = opens_at is not None
    if not own and room is not None:
        opens_at, closes_at = room.opens_at, room.closes_at
    after = {"opens_at": opens_at, "closes_at": closes_at, "sitting": room.name if room is not None else ""}
    if before != after:
        if taking.attempt_of(session, candidate.id) is not None:
            raise RuleBroken("ผู้นี้เริ่มสอบแล้ว จึงเปลี่ยนรอบสอบไม่ได้ แต่ให้เวลาเพิ่มได้")
        candidate.opens_at, candidate.closes_at, candidate.sitting = opens_at, closes_at, str(after["sitting"])
        candidate.room_id = room.id if room is not None else None
        candidate.time_reason = reason.strip() if own else ""
        session.flush()
        audit.append(
            session, actor, "assessments:exam:sitting", "Candidate", f"{exam.code}/{candidate.number}", before=before,
            after=after, reason=reason.strip(),
        )  # fmt: skip
    if minutes != candidate.extra_minutes:
        setting.give_time(session, actor, exam, candidate, minutes, reason=reason)
    return candidate


def _place(candidate: Candidate) -> dict[str, object]:
    return {"opens_at": candidate.opens_at, "closes_at": candidate.closes_at, "sitting": candidate.sitting}


def unseat(session: Session, actor: Actor, exam: Exam, candidate: Candidate, *, reason: str) -> None:
    """Take a candidate off who has not begun; once the exam is ready, with a reason, and they are told."""
    check_handles(session, actor, exam)
    if taking.attempt_of(session, candidate.id) is not None:
        raise RuleBroken("ผู้นี้เริ่มสอบแล้ว จึงนำออกจากรายชื่อไม่ได้")
    if exam.status != "draft" and not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    if exam.status not in ("draft", "ready"):
        raise RuleBroken("การสอบนี้ปิดแล้ว จึงแก้ไขรายชื่อไม่ได้")
    officer = session.get_one(Officer, candidate.officer_id)
    for noted in session.scalars(select(ExamIncident).where(ExamIncident.candidate_id == candidate.id)):
        noted.candidate_id, noted.note = None, f"{candidate.number}: {noted.note}"
    session.flush()
    session.delete(candidate)
    session.flush()
    audit.append(
        session, actor, "assessments:exam:unseat", "Candidate", f"{exam.code}/{candidate.number}",
        before={"officer_no": officer.officer_no}, reason=reason.strip(),
    )  # fmt: skip
    if exam.status == "ready":
        notify(
            session, officer.account_id, "assessments:exam:unseated", {"exam": exam.name_th, "reason": reason.strip()}
        )


def back_to_draft(session: Session, actor: Actor, exam: Exam, *, reason: str) -> Exam:
    """Take readiness back, with a reason, while nobody has begun: the frozen pools are let go."""
    check_handles(session, actor, exam)
    if exam.status != "ready":
        raise RuleBroken("การสอบนี้ไม่ได้อยู่ในสถานะพร้อมสอบ")
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    begun = select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id).where(Candidate.exam_id == exam.id)
    if session.scalar(begun.limit(1)) is not None:
        raise RuleBroken("มีผู้เริ่มสอบแล้ว จึงนำกลับเป็นร่างไม่ได้")
    parts = select(ExamPart.id).where(ExamPart.exam_id == exam.id)
    session.execute(delete(ExamPool).where(ExamPool.part_id.in_(parts)))
    exam.status, exam.ready_by, exam.ready_at = "draft", "", None
    session.flush()
    audit.append(session, actor, "assessments:exam:to-draft", "Exam", exam.code, reason=reason.strip())
    return exam


def cancel_exam(session: Session, actor: Actor, exam: Exam, *, reason: str) -> Exam:
    """Call an exam off, with a reason, before its results are out; nobody may be writing. Candidates are told if it was ready."""
    check_handles(session, actor, exam)
    if exam.status in ("released", "cancelled"):
        raise RuleBroken("การสอบนี้ประกาศผลหรือยกเลิกไปแล้ว จึงยกเลิกไม่ได้")
    if not reason.strip():
        raise RuleBroken("การยกเลิกการสอบต้องระบุเหตุผล")
    writing = (
        select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id, Attempt.ended_at.is_(None), Attempt.deadline_at >= clock.now())
    )  # fmt: skip
    if session.scalar(writing.limit(1)) is not None:
        raise RuleBroken("ยังมีผู้กำลังทำข้อสอบ กรุณารอจนครบเวลา หรือยุติการสอบของผู้นั้นพร้อมเหตุผล")
    _not_transferred(session, exam)
    before = exam.status
    taking.end_overdue(session, exam.id)
    exam.status, exam.cancel_reason = "cancelled", reason.strip()
    exam.cancelled_by, exam.cancelled_at = actor.name, clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:exam:cancel", "Exam", exam.code, before={"status": before}, reason=reason.strip()
    )
    if before == "ready":
        for account_id in accounts_of(session, exam):
            notify(session, account_id, "assessments:exam:cancelled", {"exam": exam.name_th, "reason": reason.strip()})
    return exam


def close(session: Session, actor: Actor, exam: Exam, *, reason: str = "") -> Exam:
    """Close an exam; before its time is over, with a reason that is noted."""
    early = clock.now() < exam.closes_at
    if early and not reason.strip():
        raise RuleBroken("การปิดการสอบก่อนเวลาต้องระบุเหตุผล")
    closed = results.close_exam(session, actor, exam)
    if early:
        setting.note(session, actor, exam, "closed-early", reason, None)
    return closed


def _not_transferred(session: Session, exam: Exam) -> None:
    """Points that have gone into a ranking cannot be left without their exam. Raises ``RuleBroken``."""
    gone = select(ScoreEntry.id).where(ScoreEntry.note == exam.code)
    if exam.cohort_id is not None and session.scalar(gone.limit(1)) is not None:
        raise RuleBroken("คะแนนของการสอบนี้โอนเข้าองค์ประกอบแล้ว จึงยกเลิกไม่ได้")


def accounts_of(session: Session, exam: Exam) -> list[int]:
    """The accounts of the candidates who have one."""
    query = (
        select(Officer.account_id).join(Candidate, Candidate.officer_id == Officer.id)
        .where(Candidate.exam_id == exam.id, Officer.account_id.is_not(None)).order_by(Officer.account_id)
    )  # fmt: skip
    return [number for number in session.scalars(query) if number is not None]


def make_ready(session: Session, actor: Actor, exam: Exam) -> Exam:
    """Make it ready as the second person, and tell the candidates when they sit it."""
    made = setting.make_ready(session, actor, exam)
    for account_id in accounts_of(session, exam):
        notify(session, account_id, "assessments:exam:ready", {"exam": exam.name_th}, "/my/exams")
    return made


def dismiss_marker(session: Session, actor: Actor, exam: Exam, marker_id: int) -> str:
    """Take a marker off who has not marked anything yet; the name."""
    check_handles(session, actor, exam)
    marker = session.get(ExamMarker, marker_id)
    if marker is None or marker.exam_id != exam.id:
        raise NotFound()
    marked = (
        select(EssayMark.id).join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(ExamPart.exam_id == exam.id, EssayMark.marker_id == marker.account_id)
    )  # fmt: skip
    if session.scalar(marked.limit(1)) is not None:
        raise RuleBroken("%(name)s ให้คะแนนแล้ว จึงถอนชื่อไม่ได้", name=marker.name)
    name = marker.name
    session.delete(marker)
    session.flush()
    audit.append(session, actor, "assessments:exam:dismiss-marker", "Exam", exam.code, before={"marker": name})
    return name


def appoint_marker(session: Session, actor: Actor, exam: Exam, account_id: int, name: str, *, decides: bool) -> None:
    """Name a marker and tell them."""
    setting.name_marker(session, actor, exam, account_id, name, decides=decides)
    notify(session, account_id, "assessments:essay:named", {"exam": exam.name_th}, "/my/essays")
