"""Reads for panel pages: one's own panels with how far one is, and who can be named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account, Role
from webapp.assessments.desk import MARKED_STATUSES, open_desk
from webapp.assessments.models import AssessmentPlan, MarkDraft, PanelMember, PlanComponent, ScoreEntry
from webapp.assessments.panels.rules import CONFLICTS, NAMED
from webapp.assessments.panels.seats import standing_relations
from webapp.assessments.queries import component_in_force, panel_seats, replaced_ids
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound
from webapp.projects.models import ProjectAssignment


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """A panel one sits on: the component of a cohort, and how far one is."""

    member: PanelMember
    cohort: Cohort
    component: PlanComponent
    total: int
    submitted: int
    drafts: int

    @property
    def left(self) -> int:
        return max(0, self.total - self.submitted)


def own_panels(session: Session, account_id: int) -> list[OwnPanel]:
    """The panels of an account, without those it is recused from; at most seven statements whatever their number."""
    members = session.scalars(
        select(PanelMember)
        .where(PanelMember.account_id == account_id, PanelMember.recused_at.is_(None))
        .order_by(PanelMember.cohort_id.desc(), PanelMember.id)
    ).all()
    ids = {member.cohort_id for member in members}
    cohorts = {row.id: row for row in session.scalars(select(Cohort).where(Cohort.id.in_(ids)))}
    components = _components(session, ids)
    people, submitted = _people(session, ids), _submitted(session, [member.name for member in members], ids)
    drafts, pairs = _drafts(session, [member.id for member in members]), _pairs(session, members)
    return [
        OwnPanel(
            member, cohorts[member.cohort_id], components[place],
            _whom(member, sum(people.get((member.cohort_id, status), 0) for status in MARKED_STATUSES[member.purpose]), pairs),
            submitted.get((*place, member.name), 0), drafts.get(member.id, 0),
        )
        for member in members
        if (place := (member.cohort_id, member.purpose, member.component)) in components
    ]  # fmt: skip


def _pairs(session: Session, members: Sequence[PanelMember]) -> dict[int, list[str]]:
    """By member, what stands between them and the people who are marked."""
    purposes = {member.id: member.purpose for member in members}
    standing = standing_relations(session, list(purposes))
    ids = {enrollment_id for _member, enrollment_id in standing}
    query = select(Enrollment.id, Enrollment.status).where(Enrollment.id.in_(ids))
    statuses = {row.id: row.status for row in session.execute(query)} if ids else {}
    found: dict[int, list[str]] = {}
    for (member_id, enrollment_id), row in standing.items():
        if statuses.get(enrollment_id) in MARKED_STATUSES[purposes[member_id]]:
            found.setdefault(member_id, []).append(row.relation)
    return found


def _whom(member: PanelMember, everybody: int, pairs: dict[int, list[str]]) -> int:
    """How many people a member marks: everybody they are not kept from, or those they are named for."""
    relations = pairs.get(member.id, [])
    if member.substitute:
        return sum(relation == NAMED for relation in relations)
    return everybody - sum(relation in CONFLICTS for relation in relations)


def own_member(session: Session, member_id: int, account_id: int | None) -> PanelMember:
    """The panel membership of the account. Raises ``NotFound`` for somebody else's or a recused one."""
    member = session.get(PanelMember, member_id)
    if member is None or account_id is None or member.account_id != account_id or member.recused_at is not None:
        raise NotFound()
    return member


def still_to_mark(session: Session, account_id: int | None, cohort_id: int) -> set[tuple[str, str]]:
    """(purpose, component) of the cohort whose panel the account sits on with marks of its own still to submit.

    Until then it sees nobody else's marks of them, in whatever role (promise 14).
    """
    seats = panel_seats(session, [account_id], [cohort_id]) if account_id is not None else []
    cohort = session.get_one(Cohort, cohort_id)
    return {
        (seat.purpose, seat.component)
        for seat in seats
        if component_in_force(session, cohort_id, seat.purpose, seat.component) is not None
        and open_desk(session, cohort, seat.purpose, seat.component).unseen_by(account_id)
    }


def handed_in(session: Session, cohort_id: int, kind: str) -> dict[int, int]:
    """What there is to read before marking: enrollment id → the project or proposal handed in; none of other kinds."""
    query = (
        select(ProjectAssignment.enrollment_id, ProjectAssignment.id)
        .join(Enrollment, Enrollment.id == ProjectAssignment.enrollment_id)
        .where(
            Enrollment.cohort_id == cohort_id, ProjectAssignment.kind == kind,
            or_(ProjectAssignment.submitted_at.is_not(None), ProjectAssignment.accepted.is_(True)),
        )
        .order_by(ProjectAssignment.id)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)}


def assessors(session: Session) -> list[Account]:
    """Accounts that can be named to a panel."""
    query = select(Account).where(Account.active, Account.roles.any(Role.name == "assessor"))
    return list(session.scalars(query.order_by(Account.name, Account.id).options(joinedload(Account.roles))).unique())


def _components(session: Session, cohort_ids: Iterable[int]) -> dict[tuple[int, str, str], PlanComponent]:
    query = (
        select(AssessmentPlan.cohort_id, AssessmentPlan.purpose, PlanComponent)
        .join(PlanComponent, PlanComponent.plan_id == AssessmentPlan.id)
        .where(AssessmentPlan.cohort_id.in_(list(cohort_ids)), AssessmentPlan.status == "in-force")
        .order_by(PlanComponent.id)
    )
    return {(row[0], row[1], row[2].code): row[2] for row in session.execute(query)}


def _people(session: Session, cohort_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    query = (
        select(Enrollment.cohort_id, Enrollment.status, func.count())
        .where(Enrollment.cohort_id.in_(list(cohort_ids)))
        .group_by(Enrollment.cohort_id, Enrollment.status)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _submitted(
    session: Session, names: Iterable[str], cohort_ids: Iterable[int]
) -> dict[tuple[int, str, str, str], int]:
    marked = {*MARKED_STATUSES["ranking"], *MARKED_STATUSES["selection"]}
    query = (
        select(Enrollment.cohort_id, ScoreEntry.purpose, ScoreEntry.component, ScoreEntry.member, func.count())
        .join(Enrollment, Enrollment.id == ScoreEntry.enrollment_id)
        .where(
            Enrollment.cohort_id.in_(list(cohort_ids)), Enrollment.status.in_(marked),
            ScoreEntry.member.in_(list(names)), ScoreEntry.withdrawn.is_(False), ScoreEntry.id.not_in(replaced_ids()),
        )
        .group_by(Enrollment.cohort_id, ScoreEntry.purpose, ScoreEntry.component, ScoreEntry.member)
    )  # fmt: skip
    return {(row[0], row[1], row[2], row[3]): row[4] for row in session.execute(query)}


def _drafts(session: Session, member_ids: Iterable[int]) -> dict[int, int]:
    query = (
        select(MarkDraft.member_id, func.count())
        .where(MarkDraft.member_id.in_(list(member_ids)))
        .group_by(MarkDraft.member_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
