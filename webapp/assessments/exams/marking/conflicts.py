"""Whose essays a marker never gets: those of whom they supervise or mentor, by the register; of relatives, as declared.

Nobody tells a marker who sits the exam. They name people before the first essay; the program looks whether one of them
is a candidate and keeps the two apart without a word, and staff, who know the names, may add others.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, contains_eager

from webapp import audit, clock, thai
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.marking.essay_rules import CONFLICTS
from webapp.assessments.exams.marking.models import MarkerConflict, MarkerDeclaration
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, EssayMark, Exam, ExamMarker
from webapp.audit import Actor
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Apart:
    """A marker and a candidate who are kept apart, and why: what they are to each other, and how that is known."""

    account_id: int
    candidate_id: int
    kind: str
    found: str
    note: str = ""


def kept_apart(session: Session, exam: Exam) -> list[Apart]:
    """Every pair of marker and candidate of an exam that is kept apart; three statements."""
    return [*_superiors(session, exam), *_mentors(session, exam), *_recorded(session, exam)]


def _superiors(session: Session, exam: Exam) -> list[Apart]:
    """The candidate's supervisor, and that one's supervisor."""
    own, above, over = aliased(Officer), aliased(Officer), aliased(Officer)
    rows = session.execute(
        select(Candidate.id, above.account_id, over.account_id)
        .join(own, own.id == Candidate.officer_id)
        .join(above, above.id == own.supervisor_id)
        .outerjoin(over, over.id == above.supervisor_id)
        .where(Candidate.exam_id == exam.id)
        .order_by(Candidate.id)
    )
    return [
        Apart(account, candidate, "supervisor", "register")
        for candidate, *accounts in rows for account in accounts if account is not None
    ]  # fmt: skip


def _mentors(session: Session, exam: Exam) -> list[Apart]:
    """Whoever mentors the candidate, or has done so."""
    mentor = aliased(Officer)
    rows = session.execute(
        select(mentor.account_id, Candidate.id)
        .join(Enrollment, Enrollment.officer_id == Candidate.officer_id)
        .join(MentorPairing, MentorPairing.enrollment_id == Enrollment.id)
        .join(mentor, mentor.id == MentorPairing.mentor_id)
        .where(Candidate.exam_id == exam.id, mentor.account_id.is_not(None))
        .order_by(Candidate.id, mentor.account_id)
        .distinct()
    )
    return [Apart(account, candidate, "mentor", "register") for account, candidate in rows]


def _recorded(session: Session, exam: Exam) -> list[Apart]:
    rows = session.execute(
        select(ExamMarker.account_id, MarkerConflict)
        .join(MarkerConflict, MarkerConflict.marker_id == ExamMarker.id)
        .where(ExamMarker.exam_id == exam.id)
        .order_by(MarkerConflict.id)
    )
    return [Apart(account, row.candidate_id, row.kind, row.found, row.note) for account, row in rows]


def by_candidate(pairs: Sequence[Apart]) -> dict[int, set[int]]:
    """By candidate, the accounts that are kept away."""
    found: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        found[pair.candidate_id].add(pair.account_id)
    return found


def candidates_of(session: Session, exam: Exam) -> list[Candidate]:
    """Everybody admitted with the officer, in the order of the Thai alphabet, for staff."""
    query = (
        select(Candidate).join(Officer, Officer.id == Candidate.officer_id).options(contains_eager(Candidate.officer))
    )
    return list(
        session.scalars(query.where(Candidate.exam_id == exam.id).order_by(Officer.sort_key, Officer.officer_no))
    )


# What the marker declares


def has_declared(session: Session, marker: ExamMarker) -> bool:
    return (
        session.scalar(select(MarkerDeclaration.id).where(MarkerDeclaration.marker_id == marker.id).limit(1))
        is not None
    )


def declarations_of(session: Session, exam: Exam) -> dict[int, list[MarkerDeclaration]]:
    """By marker, what they declared, the latest last."""
    rows = session.scalars(
        select(MarkerDeclaration).join(ExamMarker, ExamMarker.id == MarkerDeclaration.marker_id)
        .where(ExamMarker.exam_id == exam.id).order_by(MarkerDeclaration.id)
    )  # fmt: skip
    found: dict[int, list[MarkerDeclaration]] = defaultdict(list)
    for row in rows:
        found[row.marker_id].append(row)
    return found


def declare(session: Session, actor: Actor, exam: Exam, marker: ExamMarker, names: str) -> MarkerDeclaration:
    """The marker names whom they are too close to, one to a line; nobody is an answer too.

    Candidates of that name, or with that officer number, are kept away from them from here on.
    """
    if actor.account_id != marker.account_id:
        raise NotFound()
    lines = [" ".join(line.split()) for line in names[:LONGEST].splitlines() if line.strip()]
    made = MarkerDeclaration(marker_id=marker.id, names="\n".join(lines), declared_at=clock.now())
    session.add(made)
    wanted = {_folded(line) for line in lines}
    rows = session.execute(
        select(Candidate, Officer).join(Officer, Officer.id == Candidate.officer_id)
        .where(Candidate.exam_id == exam.id).order_by(Candidate.id)
    )  # fmt: skip
    there = set(session.scalars(select(MarkerConflict.candidate_id).where(MarkerConflict.marker_id == marker.id)))
    for candidate, officer in rows:
        if candidate.id not in there and wanted & _called(officer):
            session.add(MarkerConflict(
                marker_id=marker.id, candidate_id=candidate.id, kind="relative", found="declared",
                recorded_by=actor.name, recorded_at=made.declared_at,
            ))  # fmt: skip
    session.flush()
    audit.append(
        session,
        actor,
        "assessments:essay:declare",
        "Exam",
        exam.code,
        after={"marker": marker.name, "names": len(lines)},
    )
    return made


def _called(officer: Officer) -> set[str]:
    """Everything by which somebody may name an officer."""
    bare = f"{officer.given_name} {officer.family_name}"
    return {_folded(text) for text in (bare, f"{officer.title}{bare}", officer.name_en, officer.officer_no) if text}


def _folded(text: str) -> str:
    return "".join(thai.normalized(thai.arabic_digits(text)).casefold().split())


def record_conflict(
    session: Session, actor: Actor, exam: Exam, marker_id: int, number: str, kind: str, *, note: str
) -> MarkerConflict:  # fmt: skip
    """Staff keep a marker and a candidate apart. Raises ``RuleBroken`` where the marker has marked them already."""
    check_handles(session, actor, exam)
    marker = session.get(ExamMarker, marker_id)
    candidate = session.scalar(select(Candidate).where(Candidate.exam_id == exam.id, Candidate.number == number))
    if marker is None or marker.exam_id != exam.id or candidate is None:
        raise RuleBroken("เลือกผู้ตรวจและผู้เข้าสอบที่ต้องแยกจากกัน")
    if kind not in CONFLICTS:
        raise RuleBroken("เลือกว่าเกี่ยวข้องกันอย่างไร")
    marked = (
        select(EssayMark.id)
        .join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.candidate_id == candidate.id, EssayMark.marker_id == marker.account_id)
    )
    if session.scalar(marked.limit(1)) is not None:
        raise RuleBroken("%(name)s ให้คะแนนผู้เข้าสอบคนนี้แล้ว จึงแยกย้อนหลังไม่ได้", name=marker.name)
    there = session.scalar(
        select(MarkerConflict).where(MarkerConflict.marker_id == marker.id, MarkerConflict.candidate_id == candidate.id)
    )
    if there is not None:
        return there
    made = MarkerConflict(
        marker_id=marker.id, candidate_id=candidate.id, kind=kind, found="staff", note=note.strip()[:2000],
        recorded_by=actor.name, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.append(
        session, actor, "assessments:essay:keep-apart", "Candidate", f"{exam.code}/{candidate.number}",
        after={"marker": marker.name, "kind": kind}, reason=note.strip()[:2000],
    )  # fmt: skip
    return made
