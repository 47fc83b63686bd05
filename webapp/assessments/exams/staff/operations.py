"""More acts of staff on an exam: one candidate, a sitting of one's own, back to a draft, markers, the invigilator's acts."""

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.desk import MARKED_STATUSES
from webapp.assessments.exams import rules, setting, taking
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    EssayMark,
    Exam,
    ExamMarker,
    ExamPart,
    ExamPool,
    LateAcceptance,
)
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.notices.operations import notify


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
    closes_at: dt.datetime | None, sitting: str, minutes: int, reason: str,
) -> Candidate:  # fmt: skip
    """Another window, room or length for one person, with a reason. Of an attempt that runs, only more time is given."""
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    if (opens_at is None) != (closes_at is None) or (opens_at and closes_at and closes_at <= opens_at):
        raise RuleBroken("เวลาปิดสอบต้องอยู่หลังเวลาเปิดสอบ")
    before = {"opens_at": candidate.opens_at, "closes_at": candidate.closes_at, "sitting": candidate.sitting}
    after = {"opens_at": opens_at, "closes_at": closes_at, "sitting": sitting.strip()}
    if before != after:
        if taking.attempt_of(session, candidate.id) is not None:
            raise RuleBroken("ผู้นี้เริ่มสอบแล้ว จึงเปลี่ยนรอบสอบไม่ได้ แต่ให้เวลาเพิ่มได้")
        candidate.opens_at, candidate.closes_at, candidate.sitting = opens_at, closes_at, sitting.strip()
        session.flush()
        audit.append(
            session, actor, "assessments:exam:sitting", "Candidate", f"{exam.code}/{candidate.number}", before=before,
            after=after, reason=reason.strip(),
        )  # fmt: skip
    if minutes != candidate.extra_minutes:
        setting.give_time(session, actor, exam, candidate, minutes, reason=reason)
    return candidate


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


# The invigilator's acts


def end_attempt(session: Session, actor: Actor, exam: Exam, candidate: Candidate, *, reason: str) -> Attempt:
    """End somebody's attempt with a reason: what is saved counts."""
    check_handles(session, actor, exam)
    attempt = taking.attempt_of(session, candidate.id)
    if attempt is None:
        raise RuleBroken("ผู้นี้ยังไม่ได้เริ่มสอบ")
    session.refresh(attempt, with_for_update=True)
    if not rules.in_time(clock.now(), attempt.deadline_at) and attempt.ended_at is None:
        return taking.end(session, actor, attempt, "time")
    ended = taking.end(session, actor, attempt, "staff", reason=reason)
    setting.note(session, actor, exam, "ended", reason, candidate)
    return ended


def note_incident(
    session: Session, actor: Actor, exam: Exam, text: str, candidate: Candidate | None = None
) -> None:  # fmt: skip
    """Note what happened, of the room or of one person."""
    check_handles(session, actor, exam)
    if not text.strip():
        raise RuleBroken("กรุณาเขียนว่าเกิดอะไรขึ้น")
    setting.note(session, actor, exam, "note", text, candidate)
    whose = exam.code if candidate is None else f"{exam.code}/{candidate.number}"
    audit.append(session, actor, "assessments:exam:incident", "Exam", whose, after={"note": text.strip()[:2000]})


def accept_late(session: Session, actor: Actor, exam: Exam, answer_id: int, *, reason: str) -> LateAcceptance:
    """Let an answer count that reached the server after the end, with a reason (promise 11). Twice changes nothing."""
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("การรับคำตอบที่มาช้าต้องระบุเหตุผล")
    if exam.status == "released":
        raise RuleBroken("ประกาศผลแล้ว จึงรับคำตอบที่มาช้าไม่ได้")
    row = session.execute(
        select(Answer, Candidate)
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Answer.id == answer_id, Answer.late, Candidate.exam_id == exam.id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    there = session.scalar(select(LateAcceptance).where(LateAcceptance.answer_id == answer_id))
    if there is not None:
        return there
    found = LateAcceptance(answer_id=answer_id, reason=reason.strip(), accepted_by=actor.name, accepted_at=clock.now())
    session.add(found)
    session.flush()
    setting.note(session, actor, exam, "late", reason, row.Candidate)
    audit.append(
        session, actor, "assessments:exam:accept-late", "Candidate", f"{exam.code}/{row.Candidate.number}",
        after={"answer": answer_id}, reason=reason.strip(),
    )  # fmt: skip
    return found
