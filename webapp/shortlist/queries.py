"""Reads of shortlist runs: by cohort, what stands in the way of one, and the rules of discretion."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from webapp.assessments.models import AssessmentPlan
from webapp.assessments.queries import plan_in_force
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer
from webapp.records.record import Name, Place, Source
from webapp.shortlist import rules
from webapp.shortlist.freezing import thawed
from webapp.shortlist.models import (
    Discretion,
    ExceptionRule,
    Objection,
    ObjectionWindow,
    ShortlistRun,
    TieDecision,
)


def cohort_by_code(session: Session, code: str) -> Cohort:
    """The cohort with this code. Raises ``NotFound``."""
    cohort = session.scalar(select(Cohort).where(Cohort.code == code))
    if cohort is None:
        raise NotFound("ไม่พบรุ่น %(cohort)s", cohort=code)
    return cohort


def plan_or_refusal(session: Session, cohort: Cohort) -> AssessmentPlan:
    """The cohort's ranking plan in force. Raises ``RuleBroken`` where there is none."""
    plan = plan_in_force(session, cohort.id)
    if plan is None:
        raise RuleBroken("รุ่น %(cohort)s ยังไม่มีแผนการประเมินที่ใช้บังคับ จึงจัดลำดับไม่ได้ กำหนดแผนการประเมินก่อน", cohort=cohort.code)
    return plan


PEOPLE_AT_ONCE = 3_000
"""A list of more people is drawn up by the worker: 10,000 took 2.9 s, and a page may take 2."""


def is_large(session: Session, cohort: Cohort) -> bool:
    """Whether drawing up the cohort's list takes longer than a page may."""
    people = select(func.count(Enrollment.id)).where(Enrollment.cohort_id == cohort.id)
    return (session.scalar(people) or 0) > PEOPLE_AT_ONCE


def published_run(session: Session, cohort_id: int) -> ShortlistRun | None:
    """The run of a cohort that is published now."""
    return session.scalar(
        select(ShortlistRun).where(ShortlistRun.cohort_id == cohort_id, ShortlistRun.status == rules.PUBLISHED)
    )


def tie_decision(session: Session, run_id: int) -> TieDecision | None:
    """The decision on the group tied across the line of a run."""
    return session.scalar(select(TieDecision).where(TieDecision.run_id == run_id))


def objection_days(session: Session) -> int:
    """Days for an objection after publication: the setting in force, or ours where none was set."""
    days = session.scalar(select(ObjectionWindow.days).order_by(ObjectionWindow.id.desc()).limit(1))
    return rules.OBJECTION_DAYS if days is None else days


def open_points(session: Session, run: ShortlistRun) -> list[rules.OpenPoint]:
    """What must be put right before a run is published: the tie, reasons of the plan, its second person."""
    points = []
    tied, places = rules.tied_group(thawed(run.result))
    if tied and tie_decision(session, run.id) is None:
        points.append(rules.OpenPoint("tie", parameters={"tied": len(tied), "places": places}))
    plan = session.get(AssessmentPlan, run.plan_id)
    return points if plan is None else [*points, *plan_points(plan)]


def plan_points(plan: AssessmentPlan) -> list[rules.OpenPoint]:
    """What a plan lacks before a shortlist made by it can be published."""
    points = [rules.OpenPoint("reason", "component", c.code) for c in plan.components if not c.reason.strip()]
    points += [rules.OpenPoint("reason", "gate", g.kind) for g in plan.gates if not g.reason.strip()]
    points += [rules.OpenPoint("reason", "tie_breaker", t.key) for t in plan.tie_breakers if not t.reason.strip()]
    if plan.approved_at is None:
        points.append(rules.OpenPoint("approval"))
    return points


def runs_of(session: Session, cohort_id: int) -> Sequence[ShortlistRun]:
    """All runs of a cohort, newest first."""
    return session.scalars(
        select(ShortlistRun).where(ShortlistRun.cohort_id == cohort_id).order_by(ShortlistRun.id.desc())
    ).all()


def places_of(session: Session, officer_id: int) -> tuple[Place, ...]:
    """The officer's places in published runs (superseded ones say so), newest first, as frozen when drawn up."""
    rows = session.execute(
        select(ShortlistRun, Cohort, Officer.officer_no, TieDecision)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .outerjoin(TieDecision, TieDecision.run_id == ShortlistRun.id)
        .where(Enrollment.officer_id == officer_id, ShortlistRun.published_at.is_not(None))
        .order_by(ShortlistRun.published_at.desc(), ShortlistRun.id.desc())
    )
    found = (place_in(run, cohort, officer_no, decision) for run, cohort, officer_no, decision in rows)
    return tuple(place for place in found if place is not None)


def shortlisted_since(session: Session, since: dt.date) -> dict[str, tuple[str, ...]]:
    """By officer number, the cohorts (code) on whose standing shortlist they were among the first names, published since."""
    rows = session.execute(
        select(ShortlistRun.result, ShortlistRun.published_at, Cohort.code)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .where(ShortlistRun.status == "published")
        .order_by(ShortlistRun.id)
    )
    found: dict[str, list[str]] = {}
    for result, published_at, code in rows:
        if published_at is not None and published_at.date() >= since:
            for entry in thawed(result)["entries"]:
                if entry["shortlisted"] and not entry["tied_at_line"]:
                    found.setdefault(entry["officer_no"], []).append(code)
    return {number: tuple(codes) for number, codes in found.items()}


def place_in(run: ShortlistRun, cohort: Cohort, officer_no: str, decision: TieDecision | None) -> Place | None:
    """An officer's place in a run; none for somebody the run does not name."""
    result = thawed(run.result)
    entry = next((row for row in result["entries"] if row["officer_no"] == officer_no), None)
    other = next((row for row in result["unranked"] if row["officer_no"] == officer_no), None)
    if entry is None and other is None:
        return None
    tied = entry is not None and entry["tied_at_line"]
    return Place(
        run_id=run.id, cohort_code=cohort.code, cohort=Name(cohort.code, cohort.name_th, cohort.name_en),
        status=run.status, plan_version=run.plan_version, size=run.size, rank=entry["rank"] if entry else None,
        ranked=len(result["entries"]), composite=entry["composite"] if entry else "",
        shortlisted=bool(entry and entry["shortlisted"]), tied_at_line=tied,
        chosen=officer_no in decision.chosen if tied and decision is not None else None,
        reasons=tuple(other["reasons"]) if other else (), published_at=run.published_at,
        source=Source("shortlist_run", run.id, run.published_by or "", run.published_at, None, run.reason),
    )  # fmt: skip


ALL_RUNS = frozenset({"institute", "commission", "auditor"})
"""Roles that see drafts; an executive sees what is published (access table)."""


def _visible(roles: frozenset[str]) -> ColumnElement[bool]:
    if roles & ALL_RUNS:
        return true()
    return ShortlistRun.published_at.is_not(None) if "executive" in roles else false()


def run_visible_to(session: Session, run_id: int, roles: frozenset[str]) -> ShortlistRun:
    """A run with its cohort. Raises ``NotFound`` where it is absent or not the reader's to see."""
    run = session.scalar(
        select(ShortlistRun)
        .options(joinedload(ShortlistRun.cohort).joinedload(Cohort.course))
        .where(ShortlistRun.id == run_id, _visible(roles))
    )
    if run is None:
        raise NotFound()
    return run


def runs_page(
    session: Session, roles: frozenset[str], *, words: str = "", status: str = "", descending: bool = True,
    limit: int = 50, offset: int = 0,
) -> tuple[list[ShortlistRun], int]:  # fmt: skip
    """Runs with their cohorts, newest first unless asked otherwise, without their documents; and how many in all."""
    where = [_visible(roles)]
    if words:
        where.append(Cohort.name_th.contains(words, autoescape=True) | Cohort.code.contains(words, autoescape=True))
    if status:
        where.append(ShortlistRun.status == status)
    base = select(ShortlistRun).join(Cohort, Cohort.id == ShortlistRun.cohort_id).where(*where)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    rows = session.scalars(
        base.options(contains_eager(ShortlistRun.cohort), defer(ShortlistRun.inputs), defer(ShortlistRun.result))
        .order_by(ShortlistRun.id.desc() if descending else ShortlistRun.id)
        .limit(limit)
        .offset(offset)
    )
    return list(rows), total


def discretions_of(session: Session, run_id: int) -> list[tuple[Discretion, ExceptionRule, Officer]]:
    """Officers put forward outside the ranking of a run, in the order of the decisions."""
    rows = session.execute(
        select(Discretion, ExceptionRule, Officer)
        .join(ExceptionRule, ExceptionRule.id == Discretion.rule_id)
        .join(Enrollment, Enrollment.id == Discretion.enrollment_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Discretion.run_id == run_id)
        .order_by(Discretion.id)
    )
    return [(discretion, rule, officer) for discretion, rule, officer in rows]


def is_visible(run: ShortlistRun, roles: frozenset[str]) -> bool:
    """Whether somebody with ``roles`` may open the run."""
    return bool(roles & ALL_RUNS) or ("executive" in roles and run.published_at is not None)


def objections_of(session: Session, run_id: int) -> list[tuple[Objection, Officer]]:
    """Objections to a run with whoever filed them, oldest first."""
    rows = session.execute(
        select(Objection, Officer)
        .join(Enrollment, Enrollment.id == Objection.enrollment_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Objection.run_id == run_id)
        .order_by(Objection.id)
    )
    return [(objection, officer) for objection, officer in rows]


def objections_page(
    session: Session, *, waiting: bool | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[tuple[Objection, Officer, ShortlistRun, Cohort]], int]:
    """Objections with officer, run and cohort, those waiting for an answer first, then the newest."""
    base = (
        select(Objection, Officer, ShortlistRun, Cohort)
        .join(Enrollment, Enrollment.id == Objection.enrollment_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .join(ShortlistRun, ShortlistRun.id == Objection.run_id)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .options(defer(ShortlistRun.inputs), defer(ShortlistRun.result))
    )
    count = select(func.count()).select_from(Objection)
    if waiting is not None:
        asked = Objection.answered_at.is_(None) if waiting else Objection.answered_at.is_not(None)
        base, count = base.where(asked), count.where(asked)
    rows = session.execute(
        base.order_by(Objection.answered_at.is_not(None), Objection.id.desc()).limit(limit).offset(offset)
    )
    return [tuple(row) for row in rows], session.scalar(count) or 0


def objection_with(session: Session, objection_id: int) -> tuple[Objection, Officer, ShortlistRun, Cohort]:
    """One objection with officer, run and cohort. Raises ``NotFound``."""
    row = session.execute(
        select(Objection, Officer, ShortlistRun, Cohort)
        .join(Enrollment, Enrollment.id == Objection.enrollment_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .join(ShortlistRun, ShortlistRun.id == Objection.run_id)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .where(Objection.id == objection_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1], row[2], row[3]


def own_runs(session: Session, officer_id: int) -> list[tuple[ShortlistRun, Cohort, Enrollment]]:
    """Published runs of the cohorts an officer is in, newest first, without their documents."""
    rows = session.execute(
        select(ShortlistRun, Cohort, Enrollment)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .where(Enrollment.officer_id == officer_id, ShortlistRun.published_at.is_not(None))
        .options(defer(ShortlistRun.inputs), defer(ShortlistRun.result))
        .order_by(ShortlistRun.published_at.desc(), ShortlistRun.id.desc())
    )
    return [(run, cohort, enrollment) for run, cohort, enrollment in rows]


def own_run(session: Session, run_id: int, officer_id: int) -> tuple[ShortlistRun, Cohort, Enrollment, Officer]:
    """A published run of a cohort the officer is in, with their enrollment. Raises ``NotFound``."""
    row = session.execute(
        select(ShortlistRun, Cohort, Enrollment, Officer)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .join(Enrollment, Enrollment.cohort_id == Cohort.id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(ShortlistRun.id == run_id, Enrollment.officer_id == officer_id, ShortlistRun.published_at.is_not(None))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1], row[2], row[3]


def objection_by(session: Session, run_id: int, enrollment_id: int) -> Objection | None:
    """The last objection an officer filed to a run."""
    return session.scalar(
        select(Objection)
        .where(Objection.run_id == run_id, Objection.enrollment_id == enrollment_id)
        .order_by(Objection.id.desc())
        .limit(1)
    )


def exception_rules(session: Session) -> list[ExceptionRule]:
    """All versions of the exception rules, by code, the newest version first."""
    return list(session.scalars(select(ExceptionRule).order_by(ExceptionRule.code, ExceptionRule.version.desc())))


def rules_usable_for(session: Session, run: ShortlistRun) -> list[ExceptionRule]:
    """Rules under which an officer may be put forward beside a run: published before it was drawn up, not withdrawn."""
    return list(
        session.scalars(
            select(ExceptionRule)
            .where(ExceptionRule.published_at <= run.drawn_up_at, ExceptionRule.withdrawn_at.is_(None))
            .order_by(ExceptionRule.code, ExceptionRule.version)
        )
    )


def discretion_report(session: Session) -> list[tuple[Discretion, ExceptionRule, Officer, ShortlistRun, Cohort]]:
    """Every officer put forward outside a ranking, newest first."""
    rows = session.execute(
        select(Discretion, ExceptionRule, Officer, ShortlistRun, Cohort)
        .join(ExceptionRule, ExceptionRule.id == Discretion.rule_id)
        .join(Enrollment, Enrollment.id == Discretion.enrollment_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .join(ShortlistRun, ShortlistRun.id == Discretion.run_id)
        .join(Cohort, Cohort.id == ShortlistRun.cohort_id)
        .options(defer(ShortlistRun.inputs), defer(ShortlistRun.result))
        .order_by(Discretion.id.desc())
    )
    return [tuple(row) for row in rows]
