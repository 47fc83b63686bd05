"""What rooms below need of rooms above them; ``webapp/app.py`` hands it over when the house is put together."""

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PlanGate
from webapp.careers.criteria.facts import Facts
from webapp.careers.models import Post
from webapp.shortlist.models import ShortlistRun
from webapp.thai import fiscal_year


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


def published_places(session: Session) -> dict[tuple[int, str], tuple[bool, Decimal]]:
    """(cohort id, officer number) → whether put forward by the ranking, and the composite, of the published shortlists."""
    runs = session.execute(
        select(ShortlistRun.cohort_id, ShortlistRun.result)
        .where(ShortlistRun.status == "published")
        .order_by(ShortlistRun.id)
    )
    return {
        (cohort, entry["officer_no"]): (bool(entry["shortlisted"]), Decimal(entry["composite"]))
        for cohort, result in runs
        for entry in json.loads(result)["entries"]
    }


def vacancies(session: Session, facts: Facts, post: Post, day: dt.date) -> list[tuple[int, int, int]] | None:
    """The coming fiscal years of a post as the workforce forecast counts them: year, retiring, vacancies.

    None where nobody has set how many seats the post has.
    """
    from webapp.workforce import queries, rules

    seats = queries.all_seats(session, [post])[post.code]
    if seats.total is None:
        return None
    years = queries.fiscal_years(day, fiscal_year(day), queries.DEFAULT_YEARS)
    found = rules.forecast(facts, seats, None, today=day, years=years)
    return [(year.fiscal_year, year.retiring, year.vacancies) for year in found.years]
