"""What a candidate may read of their own exams. Every question here is asked with the officer's own sign-in or number."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.bank.responses import is_answered
from webapp.assessments.exams import rules
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    EssayMark,
    Exam,
    ExamPart,
    LateAcceptance,
)
from webapp.assessments.exams.saving import Known, known_from
from webapp.assessments.exams.taking import counts, sitting_of
from webapp.errors import NotFound
from webapp.officers.models import Officer

SEEN = ("ready", "closed", "released")
"""A draft is nobody's business yet."""


@dataclass(frozen=True)
class Own:
    """One's own place in an exam; no attempt where one has not begun."""

    exam: Exam
    candidate: Candidate
    attempt: Attempt | None

    @property
    def sitting(self) -> rules.Sitting:
        return sitting_of(self.exam, self.candidate)

    def phase(self, now: dt.datetime) -> str:
        """``upcoming``, ``open``, ``missed``, ``writing``, ``over`` (time is up, not ended yet), ``paper``, ``finished`` or
        ``released``."""
        if self.exam.status == "released" and self.attempt is not None:
            return "released"
        if self.attempt is not None:
            if self.attempt.on_paper:
                return "paper"
            if self.attempt.ended_at is not None:
                return "finished"
            return "writing" if rules.in_time(now, self.attempt.deadline_at) else "over"
        return {"": "open", "too-early": "upcoming"}.get(rules.may_start(self.sitting, self.exam.status, now), "missed")


def _own() -> Select[Any]:
    return (
        select(Exam, Candidate, Attempt)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Exam.status.in_(SEEN))
    )


def own_exams(session: Session, officer_id: int) -> list[Own]:
    """One's exams, the latest window first."""
    rows = session.execute(_own().where(Candidate.officer_id == officer_id).order_by(Exam.opens_at.desc(), Exam.id))
    return [Own(*row) for row in rows]


def own_exam(session: Session, officer_id: int | None, code: str) -> Own:
    """One's own place in the exam with this code. Raises ``NotFound`` where one has none."""
    row = session.execute(_own().where(Exam.code == code, Candidate.officer_id == officer_id)).one_or_none()
    if row is None:
        raise NotFound()
    return Own(*row)


@dataclass(frozen=True)
class Asked:
    """A question of one's paper with the answer that stands."""

    id: int
    position: int
    version_id: int
    item_id: int
    document: Mapping[str, Any]
    points: str
    flagged: bool
    answer_id: int
    response: Mapping[str, Any]
    saved_at: dt.datetime | None

    @property
    def answered(self) -> bool:
        return is_answered(self.document, self.response)


def paper_of(session: Session, attempt_id: int) -> list[Asked]:
    """One's paper in its order: two statements, whatever its length."""
    rows = session.execute(
        select(AttemptQuestion.id, AttemptQuestion.position, AttemptQuestion.version_id, ItemVersion.item_id,
               ItemVersion.document, ExamPart.points, AttemptQuestion.flagged)
        .join(ItemVersion, ItemVersion.id == AttemptQuestion.version_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(AttemptQuestion.attempt_id == attempt_id)
        .order_by(AttemptQuestion.position)
    ).all()  # fmt: skip
    last = (
        select(func.max(Answer.id))
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id == attempt_id, counts())
        .group_by(Answer.question_id)
    )
    answers = {
        row.question_id: row
        for row in session.execute(
            select(Answer.question_id, Answer.id, Answer.response, Answer.saved_at).where(Answer.id.in_(last))
        )
    }
    found = []
    for row in rows:
        given = answers.get(row.id)
        points = row.document["points"] if row.points is None else format(row.points, "f")
        stands = (0, {}, None) if given is None else (given.id, given.response, given.saved_at)
        found.append(
            Asked(row.id, row.position, row.version_id, row.item_id, row.document, points, row.flagged, *stands)
        )
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs: the attempt of whoever is signed in, and the question at a position of its paper."""

    attempt_id: int
    seed: str
    question_id: int
    version_id: int
    document: Mapping[str, Any]
    known: Known


_STANDS = aliased(Answer)
_LAST = (
    select(func.max(Answer.id)).where(Answer.question_id == AttemptQuestion.id, counts())
    .correlate(AttemptQuestion).scalar_subquery()
)  # fmt: skip
_PLACE = (
    select(Attempt.id, Candidate.seed, AttemptQuestion.id, AttemptQuestion.version_id, ItemVersion.document,
           Attempt.ended_at, Attempt.deadline_at, Attempt.seen_at, AttemptQuestion.flagged, _STANDS.id, _STANDS.response,
           _STANDS.saved_at)
    .join(Candidate, Candidate.id == Attempt.candidate_id)
    .join(Exam, Exam.id == Candidate.exam_id)
    .join(Officer, Officer.id == Candidate.officer_id)
    .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
    .join(ItemVersion, ItemVersion.id == AttemptQuestion.version_id)
    .outerjoin(_STANDS, _STANDS.id == _LAST)
    .where(
        Officer.account_id == bindparam("account_id"), Exam.code == bindparam("code"), Exam.status.in_(SEEN),
        Attempt.on_paper.is_(False), AttemptQuestion.position == bindparam("position"),
    )
)  # fmt: skip


def place_of(session: Session, account_id: int, code: str, position: int) -> Place:
    """The question at ``position`` of the running or ended attempt of an account's officer. Raises ``NotFound``."""
    row = session.execute(_PLACE, {"account_id": account_id, "code": code, "position": position}).one_or_none()
    if row is None:
        raise NotFound()
    return Place(row[0], row[1], row[2], row[3], row[4], known_from(row[5:]))


def last_turns(session: Session, attempt_id: int, page: str) -> dict[int, int]:
    """By question, how far a page without scripts has counted."""
    rows = session.execute(
        select(Answer.question_id, func.max(Answer.turn))
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id == attempt_id, Answer.page == page)
        .group_by(Answer.question_id)
    )
    return {row[0]: row[1] for row in rows}


def late_count(session: Session, attempt_id: int) -> int:
    """How many questions have answers that came after the end and do not count."""
    accepted = select(LateAcceptance.answer_id)
    return session.scalar(
        select(func.count(Answer.question_id.distinct()))
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id == attempt_id, Answer.late, Answer.id.not_in(accepted))
    ) or 0  # fmt: skip


def essay_marks_of(session: Session, attempt_id: int) -> dict[int, list[EssayMark]]:
    """By position, the standing essay marks of one's paper."""
    replaced = select(EssayMark.replaces_id).where(EssayMark.replaces_id.is_not(None))
    rows = session.execute(
        select(AttemptQuestion.position, EssayMark)
        .join(EssayMark, EssayMark.question_id == AttemptQuestion.id)
        .where(AttemptQuestion.attempt_id == attempt_id, EssayMark.id.not_in(replaced))
        .order_by(AttemptQuestion.position, EssayMark.id)
    )
    found: dict[int, list[EssayMark]] = {}
    for position, mark in rows:
        found.setdefault(position, []).append(mark)
    return found
