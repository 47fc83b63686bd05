"""Plans as they are read: the list, one with its courses, those adopted, and what comes of a plan year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.careers.models import Course, Post
from webapp.errors import NotFound
from webapp.thai import fiscal_year, fiscal_year_days
from webapp.workforce.models import WorkforcePlan, WorkforcePlanCourse
from webapp.workforce.outlook import Outlook
from webapp.workforce.plans.rules import YEARS_OF, Base, PlanYear, Ran, Run, project, thawed
from webapp.workforce.queries import outlook, rule_of_target

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Worked:
    """A plan worked out: its years and what comes of each course, by the course's number."""

    years: tuple[PlanYear, ...]
    ran: dict[int, Ran]
    bases: tuple[Base, ...] = ()
    kept: bool = False
    """Whether these are the figures it was adopted with."""


def plan(session: Session, plan_id: int) -> WorkforcePlan:
    """The plan with its post and courses. Raises ``NotFound``."""
    found = session.scalar(_whole().where(WorkforcePlan.id == min(plan_id, LARGEST_ID)))
    if found is None:
        raise NotFound()
    return found


def _whole() -> Any:
    courses = selectinload(WorkforcePlan.courses).joinedload(WorkforcePlanCourse.course)
    return select(WorkforcePlan).options(joinedload(WorkforcePlan.post), courses)


def plans(session: Session, *, post: str = "", state: str = "") -> list[WorkforcePlan]:
    """All plans: what stands first, then newest first."""
    query = _whole().join(Post, Post.id == WorkforcePlan.post_id)
    if post:
        query = query.where(Post.code == post)
    if state:
        query = query.where(WorkforcePlan.status == state)
    stands = WorkforcePlan.status.in_(("draft", "adopted"))
    return list(
        session.scalars(query.order_by(stands.desc(), WorkforcePlan.drafted_at.desc(), WorkforcePlan.id.desc()))
    )


def adopted_plans(session: Session) -> dict[str, list[WorkforcePlan]]:
    """The plans in force, by post."""
    query = (
        select(WorkforcePlan, Post.code)
        .join(Post, Post.id == WorkforcePlan.post_id)
        .where(WorkforcePlan.status == "adopted")
        .order_by(WorkforcePlan.horizon.desc(), WorkforcePlan.id)
    )
    found: dict[str, list[WorkforcePlan]] = {}
    for row, code in session.execute(query):
        found.setdefault(code, []).append(row)
    return found


def waiting(session: Session, account_id: int) -> list[WorkforcePlan]:
    """Drafts that somebody else wrote and this account may adopt."""
    query = _whole().where(WorkforcePlan.status == "draft").order_by(WorkforcePlan.id)
    return [row for row in session.scalars(query) if account_id not in row.editors and row.courses]


def next_version(session: Session, post_id: int, horizon: str) -> int:
    """The number of the next plan of a post and horizon."""
    highest = session.scalar(
        select(func.max(WorkforcePlan.version)).where(
            WorkforcePlan.post_id == post_id, WorkforcePlan.horizon == horizon
        )
    )
    return (highest or 0) + 1


def courses_for(session: Session, post: Post) -> list[Course]:
    """Courses that a plan of the post can run: those that prepare for it, or that its criteria ask for."""
    rule = rule_of_target(session, post)
    asked = [leaf.code for leaf in rule.tree.walk() if leaf.kind == "course"] if rule is not None else []
    query = select(Course).where(or_(Course.post_id == post.id, Course.code.in_(asked)), Course.retired_on.is_(None))
    return list(session.scalars(query.order_by(Course.external, Course.id)))


def run_of(course: WorkforcePlanCourse) -> Run:
    """A course of a plan as the arithmetic takes it."""
    return Run(fiscal_year(course.ends_on), course.ends_on, course.cohorts, course.seats, course.pass_percent)


def last_day_of(plan: WorkforcePlan) -> Any:
    """The last day of a plan's last fiscal year."""
    return fiscal_year_days(fiscal_year(plan.as_of) + YEARS_OF[plan.horizon] - 1)[1]


def worked_out(session: Session, found: WorkforcePlan, seen: Outlook | None = None) -> Worked:
    """A plan year by year: as kept once it was adopted, from today's facts while it is a draft.

    ``seen`` is the outlook of the plan's own day, where somebody has it already.
    """
    rows = in_courses(found.courses)
    if found.adopted_figures is not None:
        years = thawed(found.adopted_figures)
        bases = tuple(Base(y.fiscal_year, y.own, y.pulled, y.ready_now, y.pool) for y in years)
        _years, ran = project(bases, [run_of(row) for row in rows])
        return Worked(years, _by_number(rows, ran), bases, kept=True)
    bases = (seen or outlook(session, found.as_of)).bases(found.post.code, YEARS_OF[found.horizon])
    years, ran = project(bases, [run_of(row) for row in rows])
    return Worked(years, _by_number(rows, ran), bases)


def in_courses(courses: Sequence[WorkforcePlanCourse]) -> list[WorkforcePlanCourse]:
    """Courses in the order of the arithmetic."""
    return sorted(courses, key=lambda row: (row.ends_on, row.id or 0))


def _by_number(rows: Sequence[WorkforcePlanCourse], ran: Sequence[Ran]) -> dict[int, Ran]:
    return {row.id: one for row, one in zip(rows, ran, strict=False)}
