"""What panels wait for: members who have not stated their conflicts, marks to talk about, guides to approve, members to replace."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PanelMember, PlanComponent
from webapp.assessments.panels.models import Discussion, InterviewGuide, PanelRelation, PanelStatement
from webapp.assessments.panels.queries import OwnPanel, own_panels
from webapp.assessments.panels.seats import seats_of
from webapp.courses.models import Cohort, Enrollment


@dataclass(slots=True)
class OwnMatters:
    """The panels of an account: those where nothing is stated yet, and how many people are to be talked about."""

    own: list[OwnPanel]
    unstated: set[int]
    talks: dict[int, int]


def panel_matters(session: Session, account_id: int) -> OwnMatters:
    """What an assessor's panels wait for; two statements more than the list of panels."""
    own = own_panels(session, account_id)
    ids = [one.member.id for one in own]
    stated = set(session.scalars(select(PanelStatement.member_id).where(PanelStatement.member_id.in_(ids)).distinct()))
    talks = _open_talks(session, [one.cohort.id for one in own])
    return OwnMatters(
        own, set(ids) - stated,
        {
            one.member.id: talks[one.member.cohort_id, one.member.purpose, one.member.component]
            for one in own
            if (one.member.cohort_id, one.member.purpose, one.member.component) in talks and not one.member.substitute
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """A component of a cohort, with a number of people or guides that wait there."""

    cohort: Cohort
    purpose: str
    component: PlanComponent
    count: int = field(default=0)


def staff_matters(session: Session, account_id: int) -> dict[str, list[PanelPlace]]:
    """By kind: ``talks`` that are open, ``guides`` another wrote that want approving, ``short`` people with nobody in the
    place of a member who may not mark them. Of cohorts that are not closed.
    """
    cohorts = {
        row.id: row for row in session.scalars(select(Cohort).where(Cohort.closed_at.is_(None)).order_by(Cohort.id))
    }
    components = {
        (row[0], row[1], row[2].code): row[2]
        for row in session.execute(
            select(AssessmentPlan.cohort_id, AssessmentPlan.purpose, PlanComponent)
            .join(PlanComponent, PlanComponent.plan_id == AssessmentPlan.id)
            .where(AssessmentPlan.cohort_id.in_(list(cohorts)), AssessmentPlan.status == "in-force")
            .order_by(PlanComponent.id)
        )
    }
    counted: dict[str, dict[tuple[int, str, str], int]] = {
        "talks": _open_talks(session, list(cohorts)), "guides": {}, "short": _short(session, list(cohorts)),
    }  # fmt: skip
    drafts = select(InterviewGuide).where(InterviewGuide.status == "draft", InterviewGuide.cohort_id.in_(list(cohorts)))
    for guide in session.scalars(drafts.order_by(InterviewGuide.id)):
        if account_id not in guide.writers:
            counted["guides"][guide.cohort_id, guide.purpose, guide.component] = 1
    return {
        kind: [
            PanelPlace(cohorts[place[0]], place[1], components[place], count)
            for place, count in sorted(places.items())
            if place in components
        ]
        for kind, places in counted.items()
    }


def _open_talks(session: Session, cohort_ids: list[int]) -> dict[tuple[int, str, str], int]:
    rows = session.execute(
        select(Enrollment.cohort_id, Discussion.purpose, Discussion.component, func.count())
        .join(Enrollment, Enrollment.id == Discussion.enrollment_id)
        .where(Discussion.closed_at.is_(None), Enrollment.cohort_id.in_(cohort_ids))
        .group_by(Enrollment.cohort_id, Discussion.purpose, Discussion.component)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _short(session: Session, cohort_ids: list[int]) -> dict[tuple[int, str, str], int]:
    """People for whom fewer members mark than the panel has. Only cohorts in which somebody is kept apart are read."""
    rows = session.execute(
        select(PanelMember.cohort_id, PanelMember.purpose)
        .join(PanelRelation, PanelRelation.member_id == PanelMember.id)
        .where(PanelMember.cohort_id.in_(cohort_ids))
        .distinct()
        .order_by(PanelMember.cohort_id, PanelMember.purpose)
    ).all()
    found = {}
    for cohort_id, purpose in rows:
        for component, seats in seats_of(session, cohort_id, purpose).items():
            count = sum(change < 0 for change in seats.more_or_fewer().values())
            if count:
                found[cohort_id, purpose, component] = count
    return found
