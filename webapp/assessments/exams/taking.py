"""Taking an exam: start, submit, end. The server's clock decides; saving is beside this, in ``saving``.

Each function is one short transaction of its caller's; nothing here is said to be saved before that is committed.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.exams import rules
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    Exam,
    ExamPart,
    ExamPool,
    LateAcceptance,
)
from webapp.audit import Actor
from webapp.database import canonical_json
from webapp.errors import Conflict, RuleBroken


def sitting_of(exam: Exam, candidate: Candidate) -> rules.Sitting:
    """The candidate's exam in time."""
    return rules.Sitting(
        candidate.opens_at or exam.opens_at,
        candidate.closes_at or exam.closes_at,
        exam.minutes,
        candidate.extra_minutes,
    )


def start(session: Session, actor: Actor, candidate: Candidate, *, code: str = "") -> Attempt:
    """Begin the one attempt, or go on with it. Raises ``RuleBroken`` before the window, after it, or with a wrong code.

    Two starts at once make one attempt: the database keeps one per candidate.
    """
    found = attempt_of(session, candidate.id)
    if found is not None:
        return found
    exam = session.get_one(Exam, candidate.exam_id)
    now = clock.now()
    sitting = sitting_of(exam, candidate)
    match rules.may_start(sitting, exam.status, now):
        case "not-ready":
            raise RuleBroken("การสอบนี้ยังไม่พร้อมหรือปิดแล้ว กรุณาติดต่อผู้คุมสอบ")
        case "too-early":
            raise RuleBroken("ยังไม่ถึงเวลาเริ่มสอบ กรุณากลับมาเมื่อถึงเวลา")
        case "too-late":
            raise RuleBroken("หมดเวลาเข้าสอบแล้ว กรุณาติดต่อผู้คุมสอบ")
    if exam.start_code and rules.as_typed(code) != rules.as_typed(exam.start_code):
        raise RuleBroken("รหัสเริ่มสอบไม่ถูกต้อง กรุณาถามผู้คุมสอบแล้วกรอกใหม่")
    attempt = Attempt(
        candidate_id=candidate.id, started_at=now, deadline_at=rules.deadline(sitting, now), seen_at=now
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        won = attempt_of(session, candidate.id)
        if won is None:
            raise
        return won
    parts = parts_of(session, exam.id)
    session.add_all(
        AttemptQuestion(attempt_id=attempt.id, position=place, part_id=part, version_id=version)
        for place, (part, version) in enumerate(rules.draw(parts, candidate.seed, shuffle=exam.shuffle), 1)
    )
    audit.append(session, actor, "assessments:attempt:start", "Attempt", f"{exam.code}/{candidate.number}")
    return attempt


def parts_of(session: Session, exam_id: int) -> list[rules.Part]:
    """The blueprint with its frozen pools, in order."""
    rows = session.execute(
        select(ExamPart.id, ExamPart.draw, ExamPool.version_id)
        .join(ExamPool, ExamPool.part_id == ExamPart.id)
        .where(ExamPart.exam_id == exam_id)
        .order_by(ExamPart.position, ExamPool.position, ExamPool.id)
    ).all()
    pools: dict[int, tuple[int, list[int]]] = {}
    for part, number, version in rows:
        pools.setdefault(part, (number, []))[1].append(version)
    return [rules.Part(part, number, tuple(pool)) for part, (number, pool) in pools.items()]


def attempt_of(session: Session, candidate_id: int) -> Attempt | None:
    """The attempt of a candidate, if it has begun."""
    return session.scalar(select(Attempt).where(Attempt.candidate_id == candidate_id))


def counts() -> ColumnElement[bool]:
    """Whether an answer may stand: it came in time and not aside, or staff let it count."""
    accepted = select(LateAcceptance.answer_id)
    return (Answer.late.is_(False) & Answer.aside.is_(False)) | Answer.id.in_(accepted)


def seen(session: Session, attempt_id: int) -> None:
    """The candidate's page is there."""
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(seen_at=clock.now()))


def submit(session: Session, actor: Actor, attempt: Attempt, *, key: str) -> Attempt:
    """Hand the attempt in, once: the same key gives the same receipt, and so does any later one.

    After the deadline the attempt ends by time, with the last answers that were in time.
    """
    session.refresh(attempt, with_for_update=True)
    if attempt.ended_at is not None:
        return attempt
    now = clock.now()
    timed_out = not rules.in_time(now, attempt.deadline_at)
    return end(session, actor, attempt, "time" if timed_out else "submitted", key=key)


def end(
    session: Session, actor: Actor, attempt: Attempt, ending: str, *, key: str | None = None, reason: str = ""
) -> Attempt:
    """End an attempt as ``ending`` says, with a receipt for exactly the answers that count. Raises ``Conflict`` if it ended."""
    if attempt.ended_at is not None:
        raise Conflict("การสอบครั้งนี้สิ้นสุดแล้ว")
    if ending == "staff" and not reason.strip():
        raise RuleBroken("การยุติการสอบต้องระบุเหตุผล")
    attempt.ended_at = attempt.deadline_at if ending == "time" else clock.now()
    attempt.ending, attempt.end_reason, attempt.end_key = ending, reason.strip(), key
    answers = {
        position: hashlib.sha256(canonical_json(response).encode()).hexdigest()
        for position, response in standing_answers(session, [attempt.id]).get(attempt.id, {}).items()
    }
    attempt.receipt = rules.receipt(attempt.id, attempt.ended_at, answers, current_app.config["AUDIT_KEY"])
    session.flush()
    audit.append(
        session, actor, "assessments:attempt:end", "Attempt", f"{attempt.id}",
        after={"ending": ending, "answers": len(answers), "receipt": attempt.receipt}, reason=reason.strip(),
    )  # fmt: skip
    return attempt


def end_if_over(session: Session, attempt_id: int) -> bool:
    """End an attempt whose time is over, with the last answers that were in time; whether it has ended."""
    attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
    if attempt.ended_at is None and not rules.in_time(clock.now(), attempt.deadline_at):
        end(session, audit.SYSTEM, attempt, "time")
    return attempt.ended_at is not None


def end_overdue(session: Session, exam_id: int) -> int:
    """End every attempt of an exam whose time is over; how many. Their last answers in time count."""
    overdue = session.scalars(
        select(Attempt)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam_id, Attempt.ended_at.is_(None), Attempt.deadline_at < clock.now())
        .order_by(Attempt.id)
    ).all()
    for attempt in overdue:
        end(session, audit.SYSTEM, attempt, "time")
    return len(overdue)


def standing_answers(session: Session, attempt_ids: Sequence[int]) -> dict[int, dict[int, Any]]:
    """By attempt and position, the answer that counts: the last one in time, or the last late one that staff let count."""
    last = (
        select(func.max(Answer.id))
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id.in_(attempt_ids), counts())
        .group_by(Answer.question_id)
    )
    rows = session.execute(
        select(AttemptQuestion.attempt_id, AttemptQuestion.position, Answer.response)
        .join(Answer, Answer.question_id == AttemptQuestion.id)
        .where(Answer.id.in_(last))
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.position)
    )
    found: dict[int, dict[int, Any]] = {}
    for attempt_id, position, response in rows:
        found.setdefault(attempt_id, {})[position] = response
    return found
