"""What everybody earned: papers put together from the database, and their way into the ledger and to the officers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.bank.rules import rubric_mark
from webapp.assessments.desk import open_desk
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.marking.essay_rules import agreed_marks
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, EssayMark, Exam, ExamPart, Regrade
from webapp.assessments.exams.papers import (
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
from webapp.assessments.exams.taking import end_overdue, standing_answers
from webapp.assessments.models import ScoreEntry
from webapp.assessments.operations import Mark, enter
from webapp.assessments.queries import component_in_force
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer


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
    by_question: dict[int, list[EssayMark]] = {}
    for mark in standing:
        if mark.question_id in version_of:
            by_question.setdefault(mark.question_id, []).append(mark)
    how = essay_rule(exam)
    return {
        question: outcome_of_marks(documents[version_of[question]], marks, how)
        for question, marks in by_question.items()
    }


def outcome_of_marks(document: Mapping[str, Any], marks: Sequence[EssayMark], how: EssayRule) -> EssayOutcome:
    """What the standing marks of one essay come to."""
    given: dict[str, Mapping[str, Any]] = {mark.part: mark.marks for mark in marks if mark.part != "agreed"}
    agreed = agreed_marks(marks)
    if agreed is not None:
        given["agreed"] = agreed
    shares = {
        part: earned.fraction for part, row in given.items() if (earned := rubric_mark(document, row)) is not None
    }
    return essay_outcome(EssayMarks(**shares), how)


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


def transfer(session: Session, actor: Actor, exam: Exam, *, key: str, reason: str = "") -> int:
    """Enter everybody's total as points of the component that the exam feeds, through the one ledger. How many.

    A score that stands already and differs is superseded, with the reason. Raises ``RuleBroken`` where the exam is still
    open, feeds nothing, or an essay still waits.
    """
    check_handles(session, actor, exam)
    if exam.status not in ("closed", "released"):
        raise RuleBroken("กรุณาปิดการสอบก่อนโอนคะแนน")
    if exam.cohort_id is None or exam.component is None:
        raise RuleBroken("การสอบนี้ไม่ได้ผูกกับองค์ประกอบคะแนนของรุ่น")
    points = points_of(session, exam)
    if any(value is None for value in points.values()):
        raise RuleBroken("ยังมีข้อเขียนที่รอตรวจ กรุณาตรวจให้ครบก่อนโอนคะแนน")
    return _enter(session, actor, exam, points, reason=reason.strip(), key=key)


def points_of(session: Session, exam: Exam) -> dict[int, Decimal | None]:
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


def follow_transferred(session: Session, actor: Actor, exam: Exam, reason: str) -> int:
    """After a regrade: the standing scores that came from this exam follow it, each superseded with the reason. How many.

    One that staff have corrected by hand or withdrawn since is theirs, and stays.
    """
    if exam.cohort_id is None or exam.status not in ("closed", "released"):
        return 0
    cohort = session.get_one(Cohort, exam.cohort_id)
    points = points_of(session, exam)
    desk = open_desk(session, cohort, exam.purpose, exam.component or "", list(points))
    ours = {
        enrollment for (enrollment, member), entry in desk.standing.items() if member == "" and came_from(entry, exam)
    }
    return _enter(session, actor, exam, {k: v for k, v in points.items() if k in ours}, reason=reason, key=None)


def came_from(entry: ScoreEntry, exam: Exam) -> bool:
    """Whether a score of the ledger was transferred from this exam and has not been changed by hand since."""
    return entry.note == exam.code and not entry.withdrawn


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
    tell_candidates(session, exam, "assessments:exam:released")
    return exam


def tell_candidates(session: Session, exam: Exam, kind: str, numbers: Collection[str] | None = None) -> None:
    """Everybody who sat the exam and signs in is told; with ``numbers``, those candidates alone."""
    query = (
        select(Candidate.number, Officer.account_id)
        .join(Officer, Officer.id == Candidate.officer_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id, Officer.account_id.is_not(None))
        .order_by(Candidate.number)
    )
    for number, account_id in session.execute(query):
        if numbers is None or number in numbers:
            notify(session, account_id, kind, {"exam": exam.name_th}, "/my/exams")
