"""The invigilator's acts: more time, the end, another machine, what happened, and answers that came late."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.operations import end_sign_ins
from webapp.assessments.exams import rules, setting, taking
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, Candidate, Exam, LateAcceptance
from webapp.audit import Actor
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer


def add_minutes(
    session: Session, actor: Actor, exam: Exam, candidate: Candidate, minutes: int, *, reason: str, seen: int
) -> Candidate:  # fmt: skip
    """Give so many minutes more than somebody has, with a reason.

    ``seen`` is how many extra minutes the page showed: pressed twice, they are given once; given by a colleague meanwhile,
    it is refused (``Conflict``).
    """
    session.refresh(candidate, with_for_update=True)
    if minutes < 1:
        raise RuleBroken("จำนวนนาทีต้องเป็นจำนวนเต็มตั้งแต่ 1")
    if candidate.extra_minutes != seen:
        if candidate.extra_minutes == seen + minutes and candidate.extra_reason == reason.strip():
            return candidate
        raise Conflict("มีผู้ให้เวลาเพิ่มไปแล้วรวม %(minutes)s นาที กรุณาตรวจสอบก่อนให้เพิ่มอีก", minutes=candidate.extra_minutes)
    return setting.give_time(session, actor, exam, candidate, seen + minutes, reason=reason)


def another_machine(session: Session, actor: Actor, exam: Exam, candidate: Candidate, *, reason: str) -> int:
    """Let somebody go on at another machine: the sign-ins there are end, so that only the new one can write. How many ended.

    What is saved stays; the clock runs on (minutes lost are given apart, with their reason).
    """
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    attempt = taking.attempt_of(session, candidate.id)
    if attempt is None or attempt.ended_at is not None:
        raise RuleBroken("ผู้นี้ไม่ได้กำลังทำข้อสอบ")
    account_id = session.scalar(select(Officer.account_id).where(Officer.id == candidate.officer_id))
    if account_id is None:
        raise RuleBroken("ผู้นี้ไม่มีบัญชีผู้ใช้")
    ended = end_sign_ins(session, actor, account_id)
    setting.note(session, actor, exam, "moved", reason, candidate)
    audit.append(
        session, actor, "assessments:exam:move", "Candidate", f"{exam.code}/{candidate.number}", after={"ended": ended},
        reason=reason.strip(),
    )  # fmt: skip
    return ended


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
