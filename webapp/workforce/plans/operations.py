"""What is done with plans: draft, change, add courses, adopt by a second person, supersede, discard."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Course, Post
from webapp.errors import Conflict, RuleBroken
from webapp.workforce.models import WorkforcePlan, WorkforcePlanCourse
from webapp.workforce.plans import queries, rules


def draft_plan(
    session: Session, *, actor: Actor, post: Post, horizon: str, name: str, reason: str, as_of: dt.date,
    based_on: WorkforcePlan | None = None, key: str | None = None,
) -> WorkforcePlan:  # fmt: skip
    """Begin a plan of a target post; ``based_on`` another, its courses that still fit come along. The same key, once."""
    if key:
        known = session.scalar(select(WorkforcePlan).where(WorkforcePlan.key == key))
        if known is not None:
            return known
    if queries.rule_of_target(session, post) is None:
        raise RuleBroken("วางแผนได้เฉพาะตำแหน่งเป้าหมายที่ประกาศเกณฑ์แล้ว")
    plan = WorkforcePlan(
        post_id=post.id, horizon=horizon, version=queries.next_version(session, post.id, horizon), status=rules.DRAFT,
        name=name.strip(), reason=reason.strip(), as_of=as_of, editors=_writers([], actor), drafted_by=actor.name,
        drafted_by_id=actor.account_id, drafted_at=clock.now(), key=key,
        supersedes_id=based_on.id if based_on is not None else None,
    )  # fmt: skip
    plan.courses = []
    session.add(plan)
    _flushed(session)
    last = queries.last_day_of(plan)
    for row in based_on.courses if based_on is not None else ():
        if as_of <= row.ends_on <= last:
            plan.courses.append(WorkforcePlanCourse(
                course_id=row.course_id, ends_on=row.ends_on, cohorts=row.cohorts, seats=row.seats,
                pass_percent=row.pass_percent, reason=row.reason))  # fmt: skip
    _flushed(session)
    audit.append(session, actor, "workforce:plan:draft", "workforce_plan", plan.id, reason=plan.reason,
                 after={"post": post.code, "horizon": horizon, "version": plan.version, "name": plan.name,
                        "as_of": as_of, "based_on": plan.supersedes_id})  # fmt: skip
    return plan


def change_plan(
    session: Session, *, actor: Actor, plan: WorkforcePlan, seen: int | None, name: str, reason: str, as_of: dt.date
) -> None:
    """Change what a draft is called, why it is made, or the day it looks from."""
    _open(plan, seen)
    before = {"name": plan.name, "reason": plan.reason, "as_of": plan.as_of}
    plan.name, plan.reason, plan.as_of = name.strip(), reason.strip(), as_of
    for row in plan.courses:
        rules.check_course(row.ends_on, as_of, queries.last_day_of(plan))
    plan.editors = _writers(plan.editors, actor)
    _flushed(session)
    audit.append(session, actor, "workforce:plan:change", "workforce_plan", plan.id, before=before,
                 after={"name": plan.name, "reason": plan.reason, "as_of": as_of}, reason=plan.reason)  # fmt: skip


def put_course(
    session: Session, *, actor: Actor, plan: WorkforcePlan, seen: int | None, course: Course, ends_on: dt.date,
    cohorts: int, seats: int, pass_percent: Decimal, reason: str, row: WorkforcePlanCourse | None = None,
) -> WorkforcePlanCourse:  # fmt: skip
    """Add a course to a draft, or change one of its courses (``row``)."""
    _open(plan, seen)
    rules.check_course(ends_on, plan.as_of, queries.last_day_of(plan))
    before = None if row is None else _facts(row)
    if row is None:
        if len(plan.courses) >= rules.MOST_COURSES:
            raise RuleBroken("แผนหนึ่งมีหลักสูตรได้ไม่เกิน %(most)s รายการ", most=rules.MOST_COURSES)
        row = WorkforcePlanCourse()
        plan.courses.append(row)
    row.course, row.ends_on, row.cohorts, row.seats = course, ends_on, cohorts, seats
    row.pass_percent, row.reason = pass_percent, reason.strip()
    _written(plan, actor)
    _flushed(session)
    audit.append(session, actor, "workforce:plan:course", "workforce_plan", plan.id, before=before, after=_facts(row),
                 reason=row.reason)  # fmt: skip
    return row


def remove_course(
    session: Session, *, actor: Actor, plan: WorkforcePlan, seen: int | None, row: WorkforcePlanCourse
) -> None:
    """Take a course out of a draft."""
    _open(plan, seen)
    before = _facts(row)
    plan.courses.remove(row)
    _written(plan, actor)
    _flushed(session)
    audit.append(session, actor, "workforce:plan:remove-course", "workforce_plan", plan.id, before=before)


def adopt(session: Session, *, actor: Actor, plan: WorkforcePlan, seen: int | None, note: str) -> None:
    """Another person than its writers adopts a plan; its figures are kept, and the plan before it is superseded."""
    _open(plan, seen)
    rules.check_second_person(plan.editors, actor.account_id)
    if not plan.courses:
        raise RuleBroken("แผนยังไม่มีหลักสูตร จึงยังเห็นชอบไม่ได้")
    years = queries.worked_out(session, plan).years
    standing = session.scalar(select(WorkforcePlan).where(
        WorkforcePlan.post_id == plan.post_id, WorkforcePlan.horizon == plan.horizon,
        WorkforcePlan.status == rules.ADOPTED,
    ))  # fmt: skip
    now = clock.now()
    if standing is not None:
        standing.status, standing.ended_by, standing.ended_at = rules.SUPERSEDED, actor.name, now
        standing.ended_reason = plan.reason
        plan.supersedes_id = standing.id
        _flushed(session)
        audit.append(session, actor, "workforce:plan:supersede", "workforce_plan", standing.id, reason=plan.reason,
                     after={"by": plan.id})  # fmt: skip
    plan.status, plan.adopted_figures = rules.ADOPTED, rules.frozen(years)
    plan.adopted_by, plan.adopted_by_id, plan.adopted_at = actor.name, actor.account_id, now
    plan.adopted_note = note.strip()
    _flushed(session)
    audit.append(session, actor, "workforce:plan:adopt", "workforce_plan", plan.id, reason=plan.adopted_note,
                 after={"figures": plan.adopted_figures, "courses": [_facts(row) for row in plan.courses]})  # fmt: skip


def discard(session: Session, *, actor: Actor, plan: WorkforcePlan, seen: int | None, reason: str) -> None:
    """Put a draft away with a reason; it stays in the list."""
    _open(plan, seen)
    plan.status, plan.ended_by, plan.ended_at = rules.DISCARDED, actor.name, clock.now()
    plan.ended_reason = reason.strip()
    _flushed(session)
    audit.append(session, actor, "workforce:plan:discard", "workforce_plan", plan.id, reason=plan.ended_reason)


def _open(plan: WorkforcePlan, seen: int | None) -> None:
    rules.check_draft(plan.status)
    rules.check_lock(plan.lock, seen)


def _writers(before: list[int], actor: Actor) -> list[int]:
    return sorted({*before, *([actor.account_id] if actor.account_id is not None else [])})


def _written(plan: WorkforcePlan, actor: Actor) -> None:
    """Somebody wrote in the plan: its number moves on, so that a stale page is noticed."""
    plan.editors = _writers(plan.editors, actor)
    plan.drafted_at = clock.now()


def _facts(row: WorkforcePlanCourse) -> dict[str, object]:
    return {
        "course": row.course.code if row.course is not None else row.course_id, "ends_on": row.ends_on.isoformat(),
        "cohorts": row.cohorts, "seats": row.seats, "pass_percent": str(row.pass_percent), "reason": row.reason,
    }  # fmt: skip


def _flushed(session: Session) -> None:
    """Write; who was faster wins, and the other is told."""
    try:
        session.flush()
    except (IntegrityError, StaleDataError):
        raise Conflict("มีผู้บันทึกรายการนี้พร้อมกัน กรุณาเปิดหน้านี้ใหม่แล้วลองอีกครั้ง") from None
