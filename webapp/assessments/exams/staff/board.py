"""What the invigilator sees: who has started, saved, finished or lost contact, in a fixed number of statements."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.assessments.exams import rules
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    Exam,
    ExamIncident,
    LateAcceptance,
)
from webapp.assessments.exams.taking import counts, sitting_of
from webapp.officers.models import Officer

ORDER = ("lost", "timed-out", "writing", "waiting", "finished")
"""Those to look at first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate as the invigilator sees them now."""

    candidate: Candidate
    officer: Officer
    attempt: Attempt | None
    state: str
    questions: int
    answered: int
    saved_at: dt.datetime | None
    late: int
    away: int
    left: dt.timedelta | None
    """Until the end, of an attempt that runs."""

    closes_at: dt.datetime
    """Until when somebody who has not begun may begin."""

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, rounded up: 0 only when the time is over."""
        return None if self.left is None else max(0, -(-int(self.left.total_seconds()) // 60))


@dataclass(frozen=True, slots=True)
class Board:
    """Everybody, how many in each state, and what was noted last."""

    places: tuple[Place, ...]
    counts: Counter[str]
    incidents: tuple[tuple[ExamIncident, Candidate | None], ...]
    late_waiting: int


def board_of(session: Session, exam: Exam, now: dt.datetime, *, notes: int = 15) -> Board:
    """The whole exam at this moment; five statements whatever the number of candidates."""
    rows = session.execute(
        select(Candidate, Officer, Attempt)
        .join(Officer, Officer.id == Candidate.officer_id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id).order_by(Officer.sort_key, Officer.officer_no)
    ).all()  # fmt: skip
    asked, saved = _papers(session, exam), _saved(session, exam)
    late = _late_by_attempt(session, exam)
    incidents = incidents_of(session, exam, limit=None)
    away = Counter(one.candidate_id for one, _candidate in incidents if one.kind == "focus-lost")
    places = []
    for candidate, officer, attempt in rows:
        number = attempt.id if attempt is not None else 0
        answered, saved_at = saved.get(number, (0, None))
        places.append(Place(
            candidate, officer, attempt, _state(attempt, now), asked.get(number, 0), answered, saved_at, late[number],
            away[candidate.id], None if attempt is None or attempt.ended_at else attempt.deadline_at - now,
            sitting_of(exam, candidate).closes_at,
        ))  # fmt: skip
    return Board(tuple(places), Counter(place.state for place in places), tuple(incidents[:notes]), sum(late.values()))


def _state(attempt: Attempt | None, now: dt.datetime) -> str:
    if attempt is None:
        return rules.state(False, False, None, None, now)
    return rules.state(True, attempt.ended_at is not None, attempt.deadline_at, attempt.seen_at, now)


def _papers(session: Session, exam: Exam) -> dict[int, int]:
    rows = session.execute(
        select(AttemptQuestion.attempt_id, func.count())
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id).join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id).group_by(AttemptQuestion.attempt_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def _saved(session: Session, exam: Exam) -> dict[int, tuple[int, dt.datetime | None]]:
    """By attempt: how many questions have an answer that counts, and when the last one came."""
    rows = session.execute(
        select(AttemptQuestion.attempt_id, func.count(func.distinct(Answer.question_id)), func.max(Answer.saved_at))
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id).join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id, counts()).group_by(AttemptQuestion.attempt_id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


def _late_by_attempt(session: Session, exam: Exam) -> Counter[int]:
    rows = session.execute(
        select(AttemptQuestion.attempt_id, func.count())
        .join(Answer, Answer.question_id == AttemptQuestion.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id).join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id, Answer.late, Answer.id.not_in(select(LateAcceptance.answer_id)))
        .group_by(AttemptQuestion.attempt_id)
    )  # fmt: skip
    return Counter({row[0]: row[1] for row in rows})


def incidents_of(
    session: Session, exam: Exam, *, candidate_id: int | None = None, limit: int | None = 200
) -> list[tuple[ExamIncident, Candidate | None]]:  # fmt: skip
    """What was noted, newest first, with whom it is about."""
    query = (
        select(ExamIncident, Candidate).outerjoin(Candidate, Candidate.id == ExamIncident.candidate_id)
        .where(ExamIncident.exam_id == exam.id).order_by(ExamIncident.noted_at.desc(), ExamIncident.id.desc())
    )  # fmt: skip
    if candidate_id is not None:
        query = query.where(ExamIncident.candidate_id == candidate_id)
    return [(row[0], row[1]) for row in session.execute(query.limit(limit) if limit else query)]


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """An answer that came after the end: when, to which question, whether there was one in time, whether it was accepted."""

    answer: Answer
    position: int
    in_time: bool
    accepted: LateAcceptance | None


def late_answers(session: Session, attempt: Attempt) -> Sequence[LateAnswer]:
    """The late answers of one attempt, in the order in which they came."""
    rows = session.execute(
        select(Answer, AttemptQuestion.position, LateAcceptance)
        .join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .outerjoin(LateAcceptance, LateAcceptance.answer_id == Answer.id)
        .where(AttemptQuestion.attempt_id == attempt.id, Answer.late).order_by(Answer.id)
    ).all()  # fmt: skip
    timely = set(session.scalars(
        select(Answer.question_id).join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id == attempt.id, Answer.late.is_(False), Answer.aside.is_(False))
    ))  # fmt: skip
    return [LateAnswer(row[0], row[1], row[0].question_id in timely, row[2]) for row in rows]
