"""Reads for score pages: how far each component is, one person's marks with their history, one's own results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.assessments.desk import Desk, Person, people_of
from webapp.assessments.models import AssessmentPlan, PanelMember, PlanComponent, ScoreEntry, ScoreRelease
from webapp.assessments.queries import plan_in_force, standing_scores
from webapp.assessments.rules import total_of
from webapp.courses.models import Cohort, Enrollment


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """A component in the list of a cohort's components: its panel, how many have their score, whether it is released."""

    component: PlanComponent
    panel: tuple[str, ...]
    recused: int
    scored: int
    total: int
    release: ScoreRelease | None


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One member's mark for one person: what stands, everything before it (newest first), and whether it counts."""

    member: str
    entry: ScoreEntry
    total: Fraction | None
    counts: bool
    history: tuple[ScoreEntry, ...] = ()


@dataclass(slots=True)
class OwnComponent:
    """A component as the officer sees it after release."""

    component: PlanComponent
    score: Fraction | None
    released: bool
    passed: bool | None = None
    marks: list[MarkLine] = field(default_factory=list)


def component_lines(session: Session, cohort: Cohort, plan: AssessmentPlan) -> list[ComponentLine]:
    """The plan's components with how far each is, in the plan's order."""
    people = list(people_of(session, cohort.id, plan.purpose))
    scores = standing_scores(session, cohort.id, plan.purpose, people)
    panels = panel_members(session, cohort.id, plan.purpose)
    releases = releases_of(session, cohort.id, plan.purpose)
    lines = []
    for component in plan.components:
        members = panels.get(component.code, [])
        lines.append(
            ComponentLine(
                component, tuple(m.name for m in members if m.recused_at is None),
                sum(1 for m in members if m.recused_at is not None),
                int(scores.column(component.code).present.sum()), len(people), releases.get(component.code),
            )
        )  # fmt: skip
    return lines


def panel_members(session: Session, cohort_id: int, purpose: str) -> dict[str, list[PanelMember]]:
    """Panel members by component, in the order they were named."""
    found: dict[str, list[PanelMember]] = {}
    query = select(PanelMember).where(PanelMember.cohort_id == cohort_id, PanelMember.purpose == purpose)
    for member in session.scalars(query.order_by(PanelMember.id)):
        found.setdefault(member.component, []).append(member)
    return found


def releases_of(session: Session, cohort_id: int, purpose: str) -> dict[str, ScoreRelease]:
    """Releases by component."""
    query = select(ScoreRelease).where(ScoreRelease.cohort_id == cohort_id, ScoreRelease.purpose == purpose)
    return {release.component: release for release in session.scalars(query.order_by(ScoreRelease.id))}


def mark_lines(session: Session, desk: Desk, person: Person) -> list[MarkLine]:
    """Every member's mark of one person, with the entries it replaced."""
    entries = session.scalars(
        select(ScoreEntry)
        .where(
            ScoreEntry.enrollment_id == person.enrollment_id,
            ScoreEntry.purpose == desk.purpose,
            ScoreEntry.component == desk.code,
        )
        .order_by(ScoreEntry.id.desc())
    ).all()
    gone = [name for name in desk.seats.members if not desk.seats.counts(name, person.enrollment_id)]
    return _with_history(entries, desk.entries_of(person.enrollment_id), gone)


def _with_history(
    entries: Sequence[ScoreEntry], standing: Sequence[ScoreEntry], recused: Sequence[str]
) -> list[MarkLine]:
    return [
        MarkLine(
            entry.member, entry, total_of(entry.score, entry.marks, entry.maximum),
            not entry.withdrawn and entry.member not in recused,
            tuple(line for line in entries if line.member == entry.member),
        )
        for entry in standing
    ]  # fmt: skip


def own_results(session: Session, officer_id: int) -> list[tuple[Enrollment, str, AssessmentPlan, list[OwnComponent]]]:
    """An officer's enrollments with the plan in force and, per component, the score once it is released."""
    enrollments = session.scalars(
        select(Enrollment)
        .where(Enrollment.officer_id == officer_id)
        .options(joinedload(Enrollment.cohort).joinedload(Cohort.course))
        .order_by(Enrollment.id.desc())
    ).all()
    found = []
    for enrollment in enrollments:
        for purpose in ("ranking", "selection"):
            plan = plan_in_force(session, enrollment.cohort_id, purpose)
            if plan is not None:
                found.append((enrollment, purpose, plan, _own(session, enrollment, plan)))
    return found


def _own(session: Session, enrollment: Enrollment, plan: AssessmentPlan) -> list[OwnComponent]:
    releases = releases_of(session, enrollment.cohort_id, plan.purpose)
    scores = standing_scores(session, enrollment.cohort_id, plan.purpose, [enrollment.id]) if releases else None
    lines = []
    for component in plan.components:
        if component.code not in releases or scores is None:
            lines.append(OwnComponent(component, None, released=False))
            continue
        score = scores.column(component.code)[0]
        lines.append(OwnComponent(component, score, released=True, passed=_passed(score, component)))
    return lines


def _passed(score: Fraction | None, component: PlanComponent) -> bool | None:
    """Whether the pass mark is reached, before any rounding; none where there is no mark or no pass mark."""
    if score is None or component.pass_percent is None:
        return None
    return score >= Fraction(component.pass_percent) * Fraction(component.maximum) / 100


def rubric_lines(entry: ScoreEntry, criteria: Sequence[Any]) -> list[dict[str, Any]]:
    """The lines of a rubric mark, with the names of the rubric or guide where they are still there."""
    names = {criterion.code: criterion for criterion in criteria}
    return [
        {
            "criterion": names.get(mark["criterion"]), "code": mark["criterion"], "points": Decimal(mark["points"]),
            "maximum": Decimal(mark["maximum"]), "weight": Decimal(mark["weight"]),
        }
        for mark in entry.marks or []
    ]  # fmt: skip
