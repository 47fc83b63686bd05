"""Reads about cohorts: programme, who is in them, who attended."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.careers.models import Course
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.courses.rules import IN_THE_COHORT, Attended
from webapp.errors import NotFound
from webapp.officers.models import Officer

STAGES = ("planned", "open", "running", "ended", "closed")


@dataclass(frozen=True)
class CohortLine:
    """A cohort in a list, with how full it is."""

    cohort: Cohort
    course: Course
    enrolled: int
    applied: int
    stage: str


def stage_of(cohort: Cohort, today: dt.date) -> str:
    """``planned``, ``open`` for applications, ``running``, ``ended``, or ``closed``."""
    if cohort.closed_at is not None:
        return "closed"
    if cohort.ends_on < today:
        return "ended"
    if cohort.starts_on <= today:
        return "running"
    opens, closes = cohort.applications_open_on, cohort.applications_close_on
    return "open" if opens and closes and opens <= today <= closes else "planned"


def _stage_is(stage: str, today: dt.date) -> ColumnElement[bool]:
    open_now = and_(Cohort.applications_open_on <= today, Cohort.applications_close_on >= today)
    standing = Cohort.closed_at.is_(None)
    return {
        "closed": Cohort.closed_at.is_not(None),
        "ended": and_(standing, Cohort.ends_on < today),
        "running": and_(standing, Cohort.starts_on <= today, Cohort.ends_on >= today),
        "open": and_(standing, Cohort.starts_on > today, open_now),
        "planned": and_(standing, Cohort.starts_on > today, or_(Cohort.applications_open_on.is_(None), ~open_now)),
    }[stage]


def cohorts_page(
    session: Session, today: dt.date, *, words: str = "", stage: str = "", sort: str = "starts", descending: bool = True,
    limit: int = 50, offset: int = 0,
) -> tuple[list[CohortLine], int]:  # fmt: skip
    """Cohorts as lines, and how many there are in all."""
    where: list[ColumnElement[bool]] = []
    if words:
        like = f"%{words}%"
        where.append(or_(Cohort.code.ilike(like), Cohort.name_th.ilike(like), Cohort.name_en.ilike(like)))
    if stage in STAGES:
        where.append(_stage_is(stage, today))
    counts = (
        select(
            Enrollment.cohort_id,
            func.sum(case((Enrollment.status.in_(IN_THE_COHORT), 1), else_=0)).label("enrolled"),
            func.sum(case((Enrollment.status == "applied", 1), else_=0)).label("applied"),
        ).group_by(Enrollment.cohort_id).subquery()
    )  # fmt: skip
    order = {"name": Cohort.name_th, "code": Cohort.code, "starts": Cohort.starts_on, "seats": Cohort.seats}[sort]
    rows = session.execute(
        select(Cohort, Course, counts.c.enrolled, counts.c.applied)
        .join(Course, Course.id == Cohort.course_id)
        .outerjoin(counts, counts.c.cohort_id == Cohort.id)
        .where(*where)
        .order_by(order.desc() if descending else order, Cohort.id)
        .limit(limit).offset(offset)
    )  # fmt: skip
    total = session.scalar(select(func.count()).select_from(Cohort).where(*where)) or 0
    return [CohortLine(c, course, int(e or 0), int(a or 0), stage_of(c, today)) for c, course, e, a in rows], total


def stands_in(session: Session, account_id: int | None, cohort_id: int) -> bool:
    """Whether the officer behind an account is in the cohort, whatever the status: then others decide about it."""
    if account_id is None:
        return False
    own = (
        select(Enrollment.id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort_id, Officer.account_id == account_id)
    )
    return session.scalar(own.limit(1)) is not None


def cohort_by_code(session: Session, code: str) -> Cohort:
    """The cohort with its course. Raises ``NotFound``."""
    cohort = session.scalar(select(Cohort).where(Cohort.code == code).options(joinedload(Cohort.course)))
    if cohort is None:
        raise NotFound()
    return cohort


def courses_offered(session: Session) -> list[Course]:
    """The courses a cohort can be set up for: ours, not retired."""
    return list(
        session.scalars(
            select(Course).where(Course.external.is_(False), Course.retired_on.is_(None)).order_by(Course.code)
        )
    )


def sessions_of(session: Session, cohort: Cohort) -> list[CourseSession]:
    """The programme, by day."""
    query = select(CourseSession).where(CourseSession.cohort_id == cohort.id)
    return list(session.scalars(query.order_by(CourseSession.held_on, CourseSession.code)))


def session_by_code(session: Session, cohort: Cohort, code: str) -> CourseSession:
    """One session of the cohort. Raises ``NotFound``."""
    held = session.scalar(select(CourseSession).where(CourseSession.cohort_id == cohort.id, CourseSession.code == code))
    if held is None:
        raise NotFound()
    return held


def attendance_taken(session: Session, cohort: Cohort) -> dict[int, tuple[int, int]]:
    """Per session id: how many were present, of how many entered."""
    rows = session.execute(
        select(Attendance.session_id, func.sum(case((Attendance.present, 1), else_=0)), func.count())
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.cohort_id == cohort.id)
        .group_by(Attendance.session_id)
    )
    return {session_id: (int(present), int(entered)) for session_id, present, entered in rows}


def status_counts(session: Session, cohort: Cohort) -> dict[str, int]:
    """How many enrollments are in each status."""
    rows = session.execute(
        select(Enrollment.status, func.count()).where(Enrollment.cohort_id == cohort.id).group_by(Enrollment.status)
    )
    return {status: int(count) for status, count in rows}


def enrollments_page(
    session: Session, cohort: Cohort, *, words: str = "", status: str = "", sort: str = "name", descending: bool = False,
    limit: int = 50, offset: int = 0,
) -> tuple[list[tuple[Enrollment, Officer]], int]:  # fmt: skip
    """Enrollments with their officers, by the Thai alphabet unless asked otherwise, and how many in all."""
    where: list[ColumnElement[bool]] = [Enrollment.cohort_id == cohort.id]
    if status:
        where.append(Enrollment.status == status)
    if words:
        like = f"%{words}%"
        full = Officer.title + Officer.given_name + " " + Officer.family_name
        where.append(or_(full.like(like), Officer.officer_no.like(like), Officer.name_en.ilike(like)))
    order: Any = {
        "name": Officer.sort_key,
        "number": Officer.officer_no,
        "status": Enrollment.status,
        "decided": Enrollment.decided_at,
    }[sort]
    query = select(Enrollment, Officer).join(Officer, Officer.id == Enrollment.officer_id).where(*where)
    rows = session.execute(
        query.order_by(order.desc() if descending else order, Officer.officer_no).limit(limit).offset(offset)
    )
    total = (
        session.scalar(
            select(func.count())
            .select_from(Enrollment)
            .join(Officer, Officer.id == Enrollment.officer_id)
            .where(*where)
        )
        or 0
    )
    return [(enrollment, officer) for enrollment, officer in rows], total


def people_in(
    session: Session, cohort: Cohort, statuses: Sequence[str] = IN_THE_COHORT
) -> list[tuple[Enrollment, Officer]]:
    """Everybody in the cohort with one of ``statuses``, by the Thai alphabet."""
    rows = session.execute(
        select(Enrollment, Officer)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.status.in_(statuses))
        .order_by(Officer.sort_key, Officer.officer_no)
    )
    return [(enrollment, officer) for enrollment, officer in rows]


def enrollment_in(session: Session, cohort: Cohort, officer_no: str) -> Enrollment:
    """The officer's enrollment in the cohort, with the officer. Raises ``NotFound``."""
    enrollment = session.scalar(
        select(Enrollment)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort.id, Officer.officer_no == officer_no)
        .options(joinedload(Enrollment.officer), joinedload(Enrollment.cohort))
    )
    if enrollment is None:
        raise NotFound()
    return enrollment


def enrollments_of(session: Session, officer_id: int) -> list[Enrollment]:
    """The officer's enrollments with their cohorts and courses, newest first."""
    return list(
        session.scalars(
            select(Enrollment)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .where(Enrollment.officer_id == officer_id)
            .options(joinedload(Enrollment.cohort).joinedload(Cohort.course))
            .order_by(Cohort.starts_on.desc(), Cohort.id)
        )
    )


def attendance_of_session(session: Session, held: CourseSession) -> dict[int, Attendance]:
    """The sheet of one session, by enrollment id."""
    return {
        row.enrollment_id: row for row in session.scalars(select(Attendance).where(Attendance.session_id == held.id))
    }


def total_hours(session: Session, cohort_id: int) -> Decimal:
    """Hours of all the cohort's sessions, of every part."""
    return session.scalar(select(func.sum(CourseSession.hours)).where(CourseSession.cohort_id == cohort_id)) or Decimal(
        0
    )


def attended_by(session: Session, cohort: Cohort, enrollment_ids: Iterable[int] | None = None) -> dict[int, Attended]:
    """Hours attended of all hours, per enrollment id (all of the cohort, or those named)."""
    total = total_hours(session, cohort.id)
    query = (
        select(Attendance.enrollment_id, func.sum(Attendance.hours))
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.cohort_id == cohort.id, Attendance.present)
        .group_by(Attendance.enrollment_id)
    )
    wanted = None if enrollment_ids is None else list(enrollment_ids)
    if wanted is not None:
        query = query.where(Attendance.enrollment_id.in_(wanted))
    hours = dict(session.execute(query).all())
    return {key: Attended(hours.get(key, Decimal(0)), total) for key in (wanted if wanted is not None else hours)}


def attendance_grid(session: Session, cohort: Cohort) -> dict[tuple[int, int], tuple[bool, Decimal]]:
    """(enrollment id, session id) → present and hours, of the whole cohort."""
    rows = session.execute(
        select(Attendance.enrollment_id, Attendance.session_id, Attendance.present, Attendance.hours)
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.cohort_id == cohort.id)
    )
    return {(enrollment_id, session_id): (present, hours) for enrollment_id, session_id, present, hours in rows}


def attendance_rows_of(session: Session, enrollment_id: int) -> list[tuple[CourseSession, Attendance | None]]:
    """Each session of the trainee's cohort with their attendance, by day: where the per cent comes from."""
    rows = session.execute(
        select(CourseSession, Attendance)
        .join(Enrollment, Enrollment.cohort_id == CourseSession.cohort_id)
        .outerjoin(
            Attendance, and_(Attendance.session_id == CourseSession.id, Attendance.enrollment_id == Enrollment.id)
        )
        .where(Enrollment.id == enrollment_id)
        .order_by(CourseSession.held_on, CourseSession.code)
    )
    return [(held, row) for held, row in rows]


def sessions_without_attendance(session: Session, today: dt.date) -> list[tuple[CourseSession, Cohort]]:
    """Sessions already held whose sheet nobody has filled, of cohorts still open, oldest first."""
    taken = select(Attendance.id).where(Attendance.session_id == CourseSession.id).exists()
    rows = session.execute(
        select(CourseSession, Cohort)
        .join(Cohort, Cohort.id == CourseSession.cohort_id)
        .where(CourseSession.held_on <= today, Cohort.closed_at.is_(None), ~taken)
        .order_by(CourseSession.held_on, CourseSession.id)
        .limit(50)
    )
    return [(held, cohort) for held, cohort in rows]


def next_sessions(
    session: Session, cohort_ids: Sequence[int], today: dt.date, limit: int = 3
) -> list[tuple[CourseSession, Cohort]]:
    """The next sessions of the cohorts, soonest first."""
    rows = session.execute(
        select(CourseSession, Cohort)
        .join(Cohort, Cohort.id == CourseSession.cohort_id)
        .where(CourseSession.cohort_id.in_(cohort_ids), CourseSession.held_on >= today)
        .order_by(CourseSession.held_on, CourseSession.id)
        .limit(limit)
    )
    return [(held, cohort) for held, cohort in rows]


def officers_to_enroll(session: Session, cohort: Cohort, words: str, limit: int = 20) -> list[Officer]:
    """Officers found by name or number who are not in the cohort and have not left."""
    if not words:
        return []
    like = f"%{words}%"
    full = Officer.title + Officer.given_name + " " + Officer.family_name
    inside = select(Enrollment.officer_id).where(Enrollment.cohort_id == cohort.id)
    return list(
        session.scalars(
            select(Officer)
            .where(
                or_(full.like(like), Officer.officer_no.like(like)),
                Officer.left_on.is_(None),
                Officer.id.not_in(inside),
            )
            .order_by(Officer.sort_key, Officer.id)
            .limit(limit)
        )
    )
