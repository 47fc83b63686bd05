"""What rooms below need of rooms above them; ``webapp/app.py`` hands it over when the house is put together."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PlanGate
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


def cohorts_published() -> Select[tuple[int]]:
    """Cohorts with a published shortlist."""
    return select(ShortlistRun.cohort_id).where(ShortlistRun.status == "published")
