"""Who marks whom, as the database has it: members of panels, and what stands between a member and a person."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.assessments.models import PanelMember
from webapp.assessments.panels.models import InterviewGuide, PanelRelation
from webapp.assessments.panels.rules import Anchored, GuideContent, Seat, Seats


def seats_of(session: Session, cohort_id: int, purpose: str) -> dict[str, Seats]:
    """By component: the members with what keeps them from whom. Two statements, one where nobody is named."""
    rows = session.execute(
        select(
            PanelMember.id, PanelMember.component, PanelMember.name, PanelMember.recused_at, PanelMember.substitute
        )
        .where(PanelMember.cohort_id == cohort_id, PanelMember.purpose == purpose)
        .order_by(PanelMember.id)
    ).all()  # fmt: skip
    members: dict[str, dict[str, Seat]] = {}
    names: dict[int, tuple[str, str]] = {}
    for number, component, name, recused_at, substitute in rows:
        members.setdefault(component, {})[name] = Seat(recused_at is not None, substitute)
        names[number] = (component, name)
    relations: dict[str, dict[tuple[str, int], str]] = {}
    for (member_id, enrollment_id), row in standing_relations(session, list(names)).items():
        component, name = names[member_id]
        relations.setdefault(component, {})[name, enrollment_id] = row.relation
    return {component: Seats(seats, relations.get(component, {})) for component, seats in members.items()}


def standing_relations(session: Session, member_ids: list[int]) -> dict[tuple[int, int], PanelRelation]:
    """What stands of each pair of member and person: the latest row."""
    if not member_ids:
        return {}
    latest = (
        select(func.max(PanelRelation.id))
        .where(PanelRelation.member_id.in_(member_ids))
        .group_by(PanelRelation.member_id, PanelRelation.enrollment_id)
    )
    rows = session.scalars(select(PanelRelation).where(PanelRelation.id.in_(latest)).order_by(PanelRelation.id))
    return {(row.member_id, row.enrollment_id): row for row in rows}


def guide_in_force(session: Session, cohort_id: int, purpose: str, component: str) -> InterviewGuide | None:
    """The guide by which a component is marked; none where it has none."""
    return session.scalar(
        select(InterviewGuide).where(
            InterviewGuide.cohort_id == cohort_id, InterviewGuide.purpose == purpose,
            InterviewGuide.component == component, InterviewGuide.status == "in-force",
        )
    )  # fmt: skip


def guides_in_force(session: Session, cohort_id: int, purpose: str) -> dict[str, list[Anchored]]:
    """By component that has a guide: its questions as lines of the marking sheet."""
    rows = session.scalars(
        select(InterviewGuide)
        .where(
            InterviewGuide.cohort_id == cohort_id,
            InterviewGuide.purpose == purpose,
            InterviewGuide.status == "in-force",
        )
        .order_by(InterviewGuide.id)
    )
    return {row.component: GuideContent.of(row.document).lines() for row in rows}
