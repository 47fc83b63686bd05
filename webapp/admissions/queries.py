"""Reads about applications: who applies for a cohort, in which state, with what; and what an officer has applied for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.admissions.models import Announcement, Application, ApplicationFile, Place, Selection
from webapp.careers.models import Post
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import NotFound
from webapp.officers.models import Officer

ORDERS: dict[str, Any] = {
    "name": Officer.sort_key,
    "number": Officer.officer_no,
    "filed": func.coalesce(Application.filed_at, Enrollment.decided_at),
}
STATE: ColumnElement[str] = case((Application.id.is_not(None), Application.state), else_="accepted")
"""Whoever staff or a file put into the cohort has no application; the institute has decided already."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies for a cohort: with an application, or put into it by staff or a file."""

    officer: Officer
    application: Application | None
    enrollment: Enrollment | None

    @property
    def state(self) -> str:
        return "accepted" if self.application is None else self.application.state

    @property
    def via(self) -> str:
        return "staff" if self.application is None else self.application.via


def announcement_of(session: Session, cohort_id: int) -> Announcement | None:
    """What the cohort's call for applications says beside its days."""
    return session.scalar(select(Announcement).where(Announcement.cohort_id == cohort_id))


def application_of(session: Session, cohort_id: int, officer_id: int) -> Application | None:
    """The officer's application for the cohort."""
    return session.scalar(
        select(Application).where(Application.cohort_id == cohort_id, Application.officer_id == officer_id)
    )


def own_application(session: Session, application_id: int, officer_id: int | None) -> Application:
    """An application of this officer, with cohort, course and enrollment. Raises ``NotFound`` for anybody else's."""
    found = session.scalar(
        select(Application)
        .where(Application.id == application_id, Application.officer_id == officer_id)
        .options(
            joinedload(Application.cohort).joinedload(Cohort.course), joinedload(Application.enrollment),
            joinedload(Application.officer),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound()
    return found


def applications_of(session: Session, officer_id: int) -> list[Application]:
    """Everything the officer has applied for or was nominated for, newest cohort first."""
    return list(
        session.scalars(
            select(Application)
            .join(Cohort, Cohort.id == Application.cohort_id)
            .where(Application.officer_id == officer_id)
            .options(joinedload(Application.cohort), joinedload(Application.enrollment))
            .order_by(Cohort.starts_on.desc(), Application.id.desc())
        )
    )


def _applicants(cohort_id: int) -> Select[Any]:
    inside = select(Application.officer_id).where(Application.cohort_id == cohort_id)
    enrolled = select(Enrollment.officer_id).where(Enrollment.cohort_id == cohort_id)
    return (
        select(Officer, Application, Enrollment)
        .outerjoin(Application, and_(Application.officer_id == Officer.id, Application.cohort_id == cohort_id))
        .outerjoin(Enrollment, and_(Enrollment.officer_id == Officer.id, Enrollment.cohort_id == cohort_id))
        .where(Officer.id.in_(inside.union(enrolled)))
    )


def applicants_page(
    session: Session, cohort: Cohort, *, words: str = "", state: str = "", via: str = "", sort: str = "name",
    descending: bool = False, limit: int = 50, offset: int = 0,
) -> tuple[list[Applicant], int]:  # fmt: skip
    """The cohort's applicants, and how many in all."""
    query = _applicants(cohort.id)
    if words:
        full = Officer.title + Officer.given_name + " " + Officer.family_name
        like = f"%{words}%"
        query = query.where(or_(full.like(like), Officer.officer_no.like(like), Officer.name_en.ilike(like)))
    if state:
        query = query.where(state == STATE)
    if via:
        query = query.where(case((Application.id.is_not(None), Application.via), else_="staff") == via)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Officer.id).subquery())) or 0
    order = ORDERS[sort]
    rows = session.execute(
        query.order_by(order.desc() if descending else order, Officer.officer_no).limit(limit).offset(offset)
    )
    return [Applicant(*row) for row in rows], total


def applicant(session: Session, cohort: Cohort, officer_no: str) -> Applicant:
    """One applicant of the cohort. Raises ``NotFound``."""
    row = session.execute(_applicants(cohort.id).where(Officer.officer_no == officer_no)).one_or_none()
    if row is None:
        raise NotFound()
    return Applicant(*row)


def states_of(session: Session, cohort_id: int) -> dict[str, int]:
    """How many applicants of the cohort are in each state."""
    inner = _applicants(cohort_id).with_only_columns(STATE.label("state")).subquery()
    rows = session.execute(select(inner.c.state, func.count()).group_by(inner.c.state))
    return {state: int(count) for state, count in rows}


def to_decide(session: Session, cohort_id: int, states: Sequence[str] = ("filed",)) -> list[Application]:
    """Applications that wait for the institute, with their officers, in the order of filing."""
    return list(
        session.scalars(
            select(Application)
            .where(Application.cohort_id == cohort_id, Application.state.in_(states))
            .options(joinedload(Application.officer))
            .order_by(Application.filed_at, Application.id)
        )
    )


def waiting_by_cohort(session: Session, states: Sequence[str]) -> list[tuple[Cohort, int]]:
    """Cohorts not closed with applications in these states, and how many."""
    rows = session.execute(
        select(Cohort, func.count(Application.id))
        .join(Application, Application.cohort_id == Cohort.id)
        .where(Application.state.in_(states), Cohort.closed_at.is_(None))
        .group_by(Cohort)
        .order_by(Cohort.applications_close_on, Cohort.id)
    )
    return [(cohort, int(count)) for cohort, count in rows]


def files_of(session: Session, application_id: int) -> list[ApplicationFile]:
    """The papers handed in with an application, in the order they came."""
    return list(
        session.scalars(
            select(ApplicationFile)
            .where(ApplicationFile.application_id == application_id, ApplicationFile.withdrawn_at.is_(None))
            .options(joinedload(ApplicationFile.file))
            .order_by(ApplicationFile.id)
        )
    )


def file_of(session: Session, application_id: int, file_id: int) -> ApplicationFile:
    """One paper of an application. Raises ``NotFound``."""
    found = session.scalar(
        select(ApplicationFile)
        .where(
            ApplicationFile.id == file_id,
            ApplicationFile.application_id == application_id,
            ApplicationFile.withdrawn_at.is_(None),
        )
        .options(joinedload(ApplicationFile.file))
    )
    if found is None:
        raise NotFound()
    return found


def stands_here(session: Session, account_id: int | None, cohort_id: int) -> bool:
    """Whether the officer behind an account applies for the cohort or is in it: then others decide about it."""
    if account_id is None:
        return False
    own = (
        select(Application.id)
        .join(Officer, Officer.id == Application.officer_id)
        .where(Application.cohort_id == cohort_id, Officer.account_id == account_id)
    )
    return stands_in(session, account_id, cohort_id) or session.scalar(own.limit(1)) is not None


def candidates(session: Session, cohort_id: int) -> list[int]:
    """Enrollments that take part in the cohort's entry selection.

    Whoever applied and was accepted, also who has withdrawn since; whoever staff or a file put down as an applicant; and
    whoever had a place in an earlier selection of the cohort. Whoever was called from the register did not compete here.
    """
    placed = (
        exists()
        .where(Place.enrollment_id == Enrollment.id, Place.selection_id == Selection.id)
        .where(Selection.cohort_id == cohort_id)
    )
    applied = exists().where(
        Application.enrollment_id == Enrollment.id,
        Application.via != "register",
        Application.state.in_(("accepted", "withdrawn")),
    )
    called = exists().where(Application.enrollment_id == Enrollment.id, Application.via == "register")
    return list(
        session.scalars(
            select(Enrollment.id)
            .where(
                Enrollment.cohort_id == cohort_id, or_(and_(Enrollment.status == "applied", ~called), placed, applied)
            )
            .order_by(Enrollment.id)
        )
    )


def not_candidates(session: Session, cohort_id: int) -> list[Application]:
    """Applications that did not come into the selection: refused, or withdrawn before it."""
    return list(
        session.scalars(
            select(Application)
            .where(
                Application.cohort_id == cohort_id,
                Application.state.in_(("refused", "withdrawn")),
                Application.enrollment_id.is_(None),
            )
            .options(joinedload(Application.officer))
            .order_by(Application.id)
        )
    )


def post_named(session: Session, code: str) -> Post:
    """The post with this code."""
    return session.scalars(select(Post).where(Post.code == code)).one()


def cohorts_open_to(session: Session, officer_id: int, today: Any) -> list[Cohort]:
    """Cohorts whose window is open and for which the officer has not applied yet."""
    mine = select(Application.cohort_id).where(
        Application.officer_id == officer_id, Application.state.not_in(("withdrawn", "turned-down"))
    )
    inside = select(Enrollment.cohort_id).where(Enrollment.officer_id == officer_id)
    return list(
        session.scalars(
            select(Cohort)
            .where(
                Cohort.closed_at.is_(None), Cohort.applications_open_on <= today, Cohort.applications_close_on >= today,
                Cohort.id.not_in(mine), Cohort.id.not_in(inside),
            )
            .options(joinedload(Cohort.course))
            .order_by(Cohort.applications_close_on, Cohort.id)
        )
    )  # fmt: skip
