"""Reads of shortlist runs: by cohort, what stands in the way of one, and the rules of discretion."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan
from webapp.assessments.queries import plan_in_force
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer
from webapp.records.record import Name, Place, Source
from webapp.shortlist import rules
from webapp.shortlist.freezing import thawed
from webapp.shortlist.models import ObjectionWindow, ShortlistRun, TieDecision


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
