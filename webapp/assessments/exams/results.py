"""What everybody earned: papers put together from the database, essay marks, regrades with a preview, transfer, release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.bank.rules import rubric_mark
from webapp.assessments.desk import open_desk
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.marking import (
    Change,
    EssayMarks,
    EssayOutcome,
    EssayRule,
    Paper,
    Question,
    component_points,
    essay_outcome,
    mark_paper,
)
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, EssayMark, Exam, ExamPart, Regrade
from webapp.assessments.exams.taking import end_overdue, standing_answers
from webapp.assessments.operations import Mark, enter
from webapp.assessments.queries import component_in_force
from webapp.assessments.ranking.scores import plain
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import NotFound, RuleBroken


@dataclass(frozen=True, slots=True)
class Sat:
    """A candidate who began, and what their paper earned."""

    candidate: Candidate
    attempt: Attempt
    paper: Paper


def essay_rule(exam: Exam) -> EssayRule:
    return EssayRule(exam.essay_markers, exam.essay_rule, Fraction(exam.essay_threshold))


def results(session: Session, exam: Exam, *, without: int | None = None, also: Sequence[Regrade] = ()) -> list[Sat]:
    """Every paper of the exam marked with the regrades that stand, by candidate number.

    ``without``: a regrade left out (what undoing it would do); ``also``: one that is only being considered. A fixed
    number of statements, whatever the number of candidates.
    """
    rows = session.execute(
        select(Candidate, Attempt).join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id).order_by(Candidate.number)
    ).all()  # fmt: skip
    asked = questions_of(session, exam, [attempt.id for _candidate, attempt in rows])
    changes = changes_of(session, exam, without=without, also=also)
    return [Sat(candidate, attempt, mark_paper(asked.get(attempt.id, ()), changes)) for candidate, attempt in rows]


def questions_of(session: Session, exam: Exam, attempt_ids: Sequence[int]) -> dict[int, list[Question]]:
    """The papers with their answers and essay outcomes, by attempt."""
    rows = session.execute(
        select(AttemptQuestion.id, AttemptQuestion.attempt_id, AttemptQuestion.position, AttemptQuestion.version_id,
               ExamPart.points)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(AttemptQuestion.attempt_id.in_(attempt_ids))
        .order_by(AttemptQuestion.attempt_id, AttemptQuestion.position)
    ).all()  # fmt: skip
    versions = {row.version_id for row in rows}
    read = session.execute(select(ItemVersion.id, ItemVersion.document).where(ItemVersion.id.in_(versions)))
    documents: dict[int, Mapping[str, Any]] = {row[0]: row[1] for row in read}
    answers = standing_answers(session, attempt_ids)
    essays = essay_outcomes(session, exam, documents, {row.id: row.version_id for row in rows})
    found: dict[int, list[Question]] = {}
    for row in rows:
        document = documents[row.version_id]
        points = Fraction(row.points) if row.points is not None else Fraction(document["points"])
        found.setdefault(row.attempt_id, []).append(Question(
            row.position, row.version_id, document, points, answers.get(row.attempt_id, {}).get(row.position),
            essays.get(row.id),
        ))  # fmt: skip
    return found


def essay_outcomes(
    session: Session, exam: Exam, documents: Mapping[int, Mapping[str, Any]], version_of: Mapping[int, int]
) -> dict[int, EssayOutcome]:
    """By question, what the standing essay marks come to."""
    replaced = select(EssayMark.replaces_id).where(EssayMark.replaces_id.is_not(None))
    standing = session.scalars(
        select(EssayMark)
        .join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(ExamPart.exam_id == exam.id, EssayMark.id.not_in(replaced))
        .order_by(EssayMark.id)
    )
    shares: dict[int, dict[str, Fraction]] = {}
    for mark in standing:
        version = version_of.get(mark.question_id)
        if version is None:
            continue
        earned = rubric_mark(documents[version], mark.marks)
        if earned is not None and earned.fraction is not None:
            shares.setdefault(mark.question_id, {})[mark.part] = earned.fraction
    how = essay_rule(exam)
    return {question: essay_outcome(EssayMarks(**given), how) for question, given in shares.items()}


def changes_of(
    session: Session, exam: Exam, *, without: int | None = None, also: Sequence[Regrade] = ()
) -> dict[int, list[Change]]:
    """The regrades that stand, by question version, in the order in which they were made."""
    rows = session.scalars(
        select(Regrade).where(Regrade.exam_id == exam.id, Regrade.undone_at.is_(None)).order_by(Regrade.id)
    ).all()
    found: dict[int, list[Change]] = {}
    for row in (*(row for row in rows if row.id != without), *also):
        points = row.change.get("points")
        change = Change(row.kind, row.change.get("document"), None if points is None else Fraction(points))
        found.setdefault(row.version_id, []).append(change)
    return found


# Regrading


def considered(exam: Exam, version: ItemVersion, kind: str, *, document: Any = None, points: Any = None) -> Regrade:
    """A regrade that is not recorded yet, to preview. Raises ``RuleBroken`` where it makes no sense."""
    change: dict[str, Any] = {}
    if kind == "key":
        change["document"] = cleaned(document or {})
        if change["document"]["type"] != version.type or problems(change["document"]):
            raise RuleBroken("เฉลยใหม่ใช้ไม่ได้ กรุณาตรวจให้มีคำตอบที่ได้คะแนนเต็มอย่างน้อยหนึ่งคำตอบ")
    elif kind == "points":
        change["points"] = plain(Fraction(points))
        if Fraction(points) <= 0:
            raise RuleBroken("คะแนนของข้อต้องมากกว่า 0 หากไม่ต้องการนับข้อนี้ ให้เลือกตัดข้อนี้ออก")
    elif kind not in ("void", "full"):
        raise NotFound()
    return Regrade(exam_id=exam.id, version_id=version.id, kind=kind, change=change, reason="", changed=[])


def whose_total_changes(before: Sequence[Sat], after: Sequence[Sat]) -> list[list[str | None]]:
    """Candidate number, total before and after (exact text, with the maxima), of everybody whose figure changes."""
    changed = []
    for one, other in zip(before, after, strict=True):
        if (one.paper.total, one.paper.maximum) != (other.paper.total, other.paper.maximum):
            changed.append([one.candidate.number, *_figures(one.paper), *_figures(other.paper)])
    return changed


def _figures(paper: Paper) -> list[str | None]:
    return [None if paper.total is None else plain(paper.total), plain(paper.maximum)]


def regrade(session: Session, actor: Actor, exam: Exam, proposal: Regrade, *, reason: str) -> Regrade:
    """Mark a question otherwise for everybody, with a reason. Scores already transferred are corrected with it."""
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("การตรวจใหม่ต้องระบุเหตุผล")
    before = results(session, exam)
    proposal.changed = whose_total_changes(before, results(session, exam, also=[proposal]))
    proposal.reason, proposal.made_by, proposal.made_by_id = reason.strip(), actor.name, actor.account_id
    proposal.made_at = clock.now()
    session.add(proposal)
    session.flush()
    audit.append(
        session, actor, "assessments:exam:regrade", "Exam", exam.code,
        after={"regrade": proposal.id, "kind": proposal.kind, "version": proposal.version_id,
               "changed": proposal.changed}, reason=reason.strip(),
    )  # fmt: skip
    _correct_transferred(session, actor, exam, reason.strip())
    return proposal


def undo_regrade(session: Session, actor: Actor, exam: Exam, found: Regrade, *, reason: str) -> Regrade:
    """Take a regrade back, with a reason: every figure is what it was without it."""
    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("การยกเลิกการตรวจใหม่ต้องระบุเหตุผล")
    if found.undone_at is not None:
        return found
    found.undone_by, found.undone_at, found.undone_reason = actor.name, clock.now(), reason.strip()
    session.flush()
    audit.append(
        session, actor, "assessments:exam:undo-regrade", "Exam", exam.code, after={"regrade": found.id},
        reason=reason.strip(),
    )  # fmt: skip
    _correct_transferred(session, actor, exam, reason.strip())
    return found


# Into the ranking, and to the officers


def close_exam(session: Session, actor: Actor, exam: Exam) -> Exam:
    """Nobody starts any more; attempts whose time is over end. Raises ``RuleBroken`` while somebody still writes."""
    check_handles(session, actor, exam)
    end_overdue(session, exam.id)
    writing = session.scalar(
        select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id, Attempt.ended_at.is_(None)).limit(1)
    )  # fmt: skip
    if writing is not None:
        raise RuleBroken("ยังมีผู้กำลังทำข้อสอบ กรุณารอจนครบเวลา หรือยุติการสอบของผู้นั้นพร้อมเหตุผล")
    if exam.status == "ready":
        exam.status = "closed"
        session.flush()
        audit.append(session, actor, "assessments:exam:close", "Exam", exam.code)
    return exam


def transfer(session: Session, actor: Actor, exam: Exam, *, key: str) -> int:
    """Enter everybody's total as points of the component that the exam feeds, through the one ledger. How many.

    Raises ``RuleBroken`` where the exam is still open, feeds nothing, or an essay still waits.
    """
    check_handles(session, actor, exam)
    if exam.status not in ("closed", "released"):
        raise RuleBroken("กรุณาปิดการสอบก่อนโอนคะแนน")
    if exam.cohort_id is None or exam.component is None:
        raise RuleBroken("การสอบนี้ไม่ได้ผูกกับองค์ประกอบคะแนนของรุ่น")
    points = _points(session, exam)
    if any(value is None for value in points.values()):
        raise RuleBroken("ยังมีข้อเขียนที่รอตรวจ กรุณาตรวจให้ครบก่อนโอนคะแนน")
    return _enter(session, actor, exam, points, reason="", key=key)


def _points(session: Session, exam: Exam) -> dict[int, Decimal | None]:
    """By enrollment, the total as points of the component."""
    component = component_in_force(session, exam.cohort_id or 0, exam.purpose, exam.component or "")
    if component is None:
        raise RuleBroken("แผนการประเมินที่ใช้อยู่ของรุ่นไม่มีองค์ประกอบนี้")
    return {
        sat.candidate.enrollment_id: component_points(sat.paper, component.maximum)
        for sat in results(session, exam)
        if sat.candidate.enrollment_id is not None
    }


def _enter(
    session: Session, actor: Actor, exam: Exam, points: Mapping[int, Decimal | None], *, reason: str, key: str | None
) -> int:  # fmt: skip
    cohort = session.get_one(Cohort, exam.cohort_id)
    desk = open_desk(session, cohort, exam.purpose, exam.component or "", list(points))
    marks = []
    for enrollment, value in points.items():
        there = desk.standing.get((enrollment, ""))
        if value is None or (there is not None and there.score == value):
            continue
        seen = None if there is None else there.id
        why = "" if there is None else reason or f"โอนคะแนนจากการสอบ {exam.code}"
        marks.append(Mark(enrollment, "", Given(score=value), f"{exam.code}", seen, why))
    enter(session, actor, desk, marks, key=key) if marks else []
    return len(marks)


def _correct_transferred(session: Session, actor: Actor, exam: Exam, reason: str) -> None:
    """After a regrade: the standing scores that came from this exam follow it, each superseded with the reason."""
    if exam.cohort_id is None or exam.status not in ("closed", "released"):
        return
    cohort = session.get_one(Cohort, exam.cohort_id)
    points = _points(session, exam)
    desk = open_desk(session, cohort, exam.purpose, exam.component or "", list(points))
    there = {enrollment for enrollment, member in desk.standing if member == ""}
    _enter(session, actor, exam, {k: v for k, v in points.items() if k in there}, reason=reason, key=None)


def release(session: Session, actor: Actor, exam: Exam) -> Exam:
    """From here on candidates see what the exam allows them to see. Raises ``RuleBroken`` while essays wait."""
    check_handles(session, actor, exam)
    if exam.status == "released":
        return exam
    if exam.status != "closed":
        raise RuleBroken("กรุณาปิดการสอบก่อนประกาศผล")
    if any(sat.paper.total is None for sat in results(session, exam)):
        raise RuleBroken("ยังมีข้อเขียนที่รอตรวจ กรุณาตรวจให้ครบก่อนประกาศผล")
    exam.status, exam.released_by, exam.released_at = "released", actor.name, clock.now()
    session.flush()
    audit.append(session, actor, "assessments:exam:release", "Exam", exam.code)
    return exam
