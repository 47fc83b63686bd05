"""Reads of coaching: sessions by who may see them, minutes that count, who mentors whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from webapp.coaching import rules
from webapp.coaching.models import CoachingSession, MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.errors import NotFound
from webapp.officers.models import Officer

STANDING = CoachingSession.withdrawn_at.is_(None)
ACKNOWLEDGED = and_(STANDING, CoachingSession.acknowledged_at.is_not(None))
OPEN = and_(STANDING, CoachingSession.acknowledged_at.is_(None))
WAITING = and_(OPEN, CoachingSession.questioned_at.is_(None))
QUESTIONED = and_(OPEN, CoachingSession.questioned_at.is_not(None))
BY_STATE: dict[str, ColumnElement[bool]] = {
    "waiting": WAITING,
    "questioned": QUESTIONED,
    "acknowledged": ACKNOWLEDGED,
    "withdrawn": CoachingSession.withdrawn_at.is_not(None),
}


@dataclass(frozen=True)
class Reader:
    """Whoever reads: the officer behind the sign-in, and whether they may see everybody's sessions."""

    officer_id: int | None
    everything: bool = False
    mentor: bool = False
    """Whether they hold the mentor's role: without it a pairing opens nothing."""


@dataclass
class Minutes:
    """One trainee's minutes: what counts, what waits for the trainee, and shadowing apart."""

    counted: int = 0
    waiting: int = 0
    shadowing: int = 0
    questioned: int = 0
    """How many sessions the trainee says are not right."""
    open: int = 0
    """How many sessions wait for the trainee or the mentor."""


@dataclass(frozen=True)
class Trainee:
    """A mentor's trainee with how far they are."""

    enrollment: Enrollment
    officer: Officer
    cohort: Cohort
    minutes: Minutes = field(default_factory=Minutes)


def enrollments_mentored_by(officer_id: int) -> Select[tuple[int]]:
    """Enrollments whose mentor this officer is now."""
    return select(MentorPairing.enrollment_id).where(
        MentorPairing.mentor_id == officer_id, MentorPairing.ended_at.is_(None)
    )


def officers_mentored_by(officer_id: int) -> Select[tuple[int]]:
    """Officers whose mentor this officer is now: *theirs* of the access table."""
    return select(Enrollment.officer_id).where(Enrollment.id.in_(enrollments_mentored_by(officer_id)))


def mentors_of_officer(officer_id: int) -> Select[tuple[int]]:
    """Officers who mentor this officer now, in any cohort."""
    return (
        select(MentorPairing.mentor_id)
        .join(Enrollment, Enrollment.id == MentorPairing.enrollment_id)
        .where(Enrollment.officer_id == officer_id, MentorPairing.ended_at.is_(None))
    )


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """Sessions the reader may see: all, their own as a trainee, those they held, those of their trainees."""
    if reader.everything:
        return CoachingSession.id.is_not(None)
    if reader.officer_id is None:
        return CoachingSession.id.is_(None)
    own = select(Enrollment.id).where(Enrollment.officer_id == reader.officer_id)
    allowed: list[ColumnElement[bool]] = [CoachingSession.enrollment_id.in_(own)]
    if reader.mentor:
        allowed += [
            CoachingSession.mentor_id == reader.officer_id,
            CoachingSession.enrollment_id.in_(enrollments_mentored_by(reader.officer_id)),
        ]
    return or_(*allowed)


def _full() -> Select[tuple[CoachingSession]]:
    return (
        select(CoachingSession)
        .join(CoachingSession.enrollment)
        .join(Enrollment.officer)
        .join(Enrollment.cohort)
        .options(
            contains_eager(CoachingSession.enrollment).contains_eager(Enrollment.officer),
            contains_eager(CoachingSession.enrollment).contains_eager(Enrollment.cohort),
            joinedload(CoachingSession.mentor),
        )
    )


def session_visible_to(session: Session, reader: Reader, session_id: int) -> CoachingSession:
    """One session with its people. Raises ``NotFound``, also where it is not the reader's to see."""
    found = session.scalar(_full().where(CoachingSession.id == session_id, visible_to(reader)))
    if found is None:
        raise NotFound()
    return found


def own_session(session: Session, officer_id: int | None, session_id: int) -> CoachingSession:
    """A session of the officer as its trainee. Raises ``NotFound``."""
    found = session.scalar(_full().where(CoachingSession.id == session_id, Enrollment.officer_id == (officer_id or 0)))
    if found is None:
        raise NotFound()
    return found


def held_session(session: Session, officer_id: int | None, session_id: int) -> CoachingSession:
    """A session the officer held as its mentor. Raises ``NotFound``."""
    found = session.scalar(
        _full().where(CoachingSession.id == session_id, CoachingSession.mentor_id == (officer_id or 0))
    )
    if found is None:
        raise NotFound()
    return found


def session_by_key(session: Session, key: str) -> CoachingSession | None:
    """The session recorded with this key of a form."""
    return session.scalar(_full().where(CoachingSession.key == key))


def sessions_page(
    session: Session, reader: Reader, *, words: str = "", state: str = "", kind: str = "", cohort: str = "",
    mine: str = "", sort: str = "held", descending: bool = True, limit: int = 50, offset: int = 0,
) -> tuple[list[CoachingSession], int]:  # fmt: skip
    """Sessions the reader may see, and how many. ``mine``: ``trainee`` or ``mentor``, only where the reader is that."""
    where = [visible_to(reader), *_asked(reader, words, state, kind, cohort, mine)]
    mentor = aliased(Officer)
    columns: dict[str, Any] = {
        "held": CoachingSession.held_on, "trainee": Officer.sort_key, "mentor": mentor.sort_key,
        "minutes": CoachingSession.minutes, "recorded": CoachingSession.recorded_at,
    }  # fmt: skip
    column = columns[sort]
    rows = session.scalars(
        _full()
        .outerjoin(mentor, mentor.id == CoachingSession.mentor_id)
        .where(*where)
        .order_by(column.desc() if descending else column, CoachingSession.id.desc())
        .limit(limit)
        .offset(offset)
    )
    count = select(func.count(CoachingSession.id)).join(CoachingSession.enrollment).join(Enrollment.officer)
    total = session.scalar(count.join(Enrollment.cohort).where(*where)) or 0
    return list(rows), total


def _asked(reader: Reader, words: str, state: str, kind: str, cohort: str, mine: str) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    for word in words.split():
        name = Officer.title + Officer.given_name + " " + Officer.family_name
        where.append(
            or_(
                name.contains(word, autoescape=True),
                CoachingSession.topic.icontains(word, autoescape=True),
                Officer.officer_no == word,
            )
        )
    if state in BY_STATE:
        where.append(BY_STATE[state])
    if kind:
        where.append(CoachingSession.kind == kind)
    if cohort:
        where.append(Cohort.code == cohort)
    if mine == "trainee":
        where.append(Enrollment.officer_id == (reader.officer_id or 0))
    elif mine == "mentor":
        mentored = enrollments_mentored_by(reader.officer_id or 0)
        where.append(
            or_(CoachingSession.mentor_id == (reader.officer_id or 0), CoachingSession.enrollment_id.in_(mentored))
        )
    return where


def to_acknowledge(session: Session, officer_id: int) -> list[CoachingSession]:
    """Sessions that wait for this trainee, oldest first."""
    return list(
        session.scalars(
            _full()
            .where(Enrollment.officer_id == officer_id, WAITING)
            .order_by(CoachingSession.held_on, CoachingSession.id)
            .limit(50)
        )
    )


def questioned_of_mentor(session: Session, officer_id: int) -> list[CoachingSession]:
    """Sessions of this mentor that the trainee says are not right, oldest first."""
    return list(
        session.scalars(
            _full()
            .where(CoachingSession.mentor_id == officer_id, QUESTIONED)
            .order_by(CoachingSession.questioned_at, CoachingSession.id)
            .limit(50)
        )
    )


def minutes_by(session: Session, enrollment_ids: Iterable[int] | Select[tuple[int]]) -> dict[int, Minutes]:
    """Minutes per enrollment, of those named; somebody without a session has none."""
    wanted = enrollment_ids if isinstance(enrollment_ids, Select) else list(enrollment_ids)
    counted = CoachingSession.kind.in_(rules.COUNTED)

    def total(condition: ColumnElement[bool], value: Any = CoachingSession.minutes) -> Any:
        return func.sum(case((condition, value), else_=0))

    rows = session.execute(
        select(
            CoachingSession.enrollment_id, total(and_(ACKNOWLEDGED, counted)), total(and_(OPEN, counted)),
            total(and_(ACKNOWLEDGED, ~counted)), total(QUESTIONED, 1), total(OPEN, 1),
        )
        .where(CoachingSession.enrollment_id.in_(wanted))
        .group_by(CoachingSession.enrollment_id)
    )  # fmt: skip
    return {row[0]: Minutes(*(int(number) for number in row[1:])) for row in rows}


def trainees_of(session: Session, officer_id: int | None) -> list[Trainee]:
    """The mentor's trainees now, with their minutes, by the Thai alphabet."""
    if officer_id is None:
        return []
    rows = session.execute(
        select(Enrollment, Officer, Cohort)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Enrollment.id.in_(enrollments_mentored_by(officer_id)), Enrollment.status.in_(IN_THE_COHORT))
        .order_by(Cohort.closed_at.is_not(None), Officer.sort_key, Officer.id, Cohort.starts_on.desc())
    ).all()
    minutes = minutes_by(session, [row[0].id for row in rows])
    return [Trainee(*row, minutes.get(row[0].id, Minutes())) for row in rows]


def trainees_to_record(session: Session, officer_id: int | None) -> list[Trainee]:
    """Those of the mentor's trainees whose cohort still takes sessions."""
    return [one for one in trainees_of(session, officer_id) if one.cohort.closed_at is None]


def mentors_of(session: Session, enrollment_ids: Sequence[int]) -> dict[int, list[MentorPairing]]:
    """Standing pairings per enrollment, with the mentor, oldest first."""
    found: dict[int, list[MentorPairing]] = {}
    for pairing in session.scalars(
        select(MentorPairing)
        .where(MentorPairing.enrollment_id.in_(enrollment_ids), MentorPairing.ended_at.is_(None))
        .options(joinedload(MentorPairing.mentor))
        .order_by(MentorPairing.paired_at, MentorPairing.id)
    ):
        found.setdefault(pairing.enrollment_id, []).append(pairing)
    return found


def pairings_of(session: Session, cohort: Cohort) -> list[MentorPairing]:
    """All pairings of a cohort, ended ones too, newest first."""
    return list(
        session.scalars(
            select(MentorPairing)
            .join(MentorPairing.enrollment)
            .join(Enrollment.officer)
            .where(Enrollment.cohort_id == cohort.id)
            .options(
                contains_eager(MentorPairing.enrollment).contains_eager(Enrollment.officer),
                joinedload(MentorPairing.mentor),
            )
            .order_by(MentorPairing.paired_at.desc(), MentorPairing.id.desc())
        )
    )


def pairing_in(session: Session, cohort: Cohort, pairing_id: int) -> MentorPairing:
    """One pairing of the cohort with both people. Raises ``NotFound``."""
    for pairing in pairings_of(session, cohort):
        if pairing.id == pairing_id:
            return pairing
    raise NotFound()


def mentors_known(session: Session, cohort: Cohort) -> list[Officer]:
    """Officers who mentor somebody of the cohort now, by the Thai alphabet."""
    ids = (
        select(MentorPairing.mentor_id)
        .join(Enrollment, Enrollment.id == MentorPairing.enrollment_id)
        .where(Enrollment.cohort_id == cohort.id, MentorPairing.ended_at.is_(None))
    )
    return list(session.scalars(select(Officer).where(Officer.id.in_(ids)).order_by(Officer.sort_key, Officer.id)))


def could_mentor(session: Session, words: str, limit: int = 20) -> list[Officer]:
    """Officers found by name or number who have not left, by the Thai alphabet."""
    if not words.strip():
        return []
    name = Officer.title + Officer.given_name + " " + Officer.family_name
    found = or_(name.contains(words, autoescape=True), Officer.officer_no == words)
    return list(
        session.scalars(
            select(Officer).where(found, Officer.left_on.is_(None)).order_by(Officer.sort_key, Officer.id).limit(limit)
        )
    )


def cohorts_with_sessions(session: Session) -> list[Cohort]:
    """Cohorts that have any session, newest first (for the filter)."""
    ids = select(Enrollment.cohort_id).join(CoachingSession, CoachingSession.enrollment_id == Enrollment.id)
    return list(session.scalars(select(Cohort).where(Cohort.id.in_(ids)).order_by(Cohort.starts_on.desc(), Cohort.id)))
