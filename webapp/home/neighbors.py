"""What rooms below need of rooms above them; ``webapp/app.py`` hands it over when the house is put together."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PanelMember, PlanComponent, PlanGate
from webapp.courses.models import Enrollment
from webapp.shortlist.models import ShortlistRun


def gates(session: Session, cohort_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """What the ranking plans in force ask of cohorts apart from scores: cohort id → gate → value."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = session.execute(
        select(AssessmentPlan.cohort_id, PlanGate.kind, PlanGate.value)
        .join(PlanGate, PlanGate.plan_id == AssessmentPlan.id)
        .where(
            AssessmentPlan.cohort_id.in_(list(cohort_ids)),
            AssessmentPlan.purpose == "ranking",
            AssessmentPlan.status == "in-force",
        )
        .order_by(PlanGate.id)
    )
    for cohort_id, kind, value in rows:
        found.setdefault(cohort_id, {})[kind] = value
    return found


def enrollments_scored_by(account_id: int, kind: str) -> Select[tuple[int]]:
    """Enrollments whose work of ``kind`` (project, proposal) this account scores as a named, not recused panel member.

    A component belongs to a kind by its source in the plan in force.
    """
    return (
        select(Enrollment.id)
        .join(PanelMember, PanelMember.cohort_id == Enrollment.cohort_id)
        .join(AssessmentPlan, AssessmentPlan.cohort_id == Enrollment.cohort_id)
        .join(PlanComponent, PlanComponent.plan_id == AssessmentPlan.id)
        .where(
            PanelMember.account_id == account_id,
            PanelMember.recused_at.is_(None),
            PanelMember.purpose == AssessmentPlan.purpose,
            PanelMember.component == PlanComponent.code,
            AssessmentPlan.status == "in-force",
            PlanComponent.source == kind,
        )
    )


def cohorts_published() -> Select[tuple[int]]:
    """Cohorts with a published shortlist."""
    return select(ShortlistRun.cohort_id).where(ShortlistRun.status == "published")
