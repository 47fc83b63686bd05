"""A center's final ratings as scores of an assessment plan's component, through the one ledger and without typing them again.

The component's score = its maximum × Σ(final ÷ 5) ÷ number of competencies: the plan's own formula for a rubric, with the
competencies as its lines, each of the same weight and of the maximum 5. The ledger keeps the lines, so nothing is rounded.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.center import queries, results_queries
from webapp.assessments.center.models import Center
from webapp.assessments.desk import Desk, open_desk
from webapp.assessments.models import AssessmentPlan, PlanComponent, ScoreEntry
from webapp.assessments.operations import Mark, enter
from webapp.assessments.rules import Given, Line, total_of
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import NotFound, RuleBroken

SOURCE = "assessment-center"


@dataclass(frozen=True, slots=True)
class Target:
    """A component that takes its scores from a center."""

    cohort: Cohort
    purpose: str
    component: PlanComponent


@dataclass(frozen=True, slots=True)
class Carried:
    """A trainee of the target: the score the center gives, what stands already, and what would happen."""

    enrollment_id: int
    officer_no: str
    name_th: str
    name_en: str
    given: Given | None
    total: Fraction | None
    standing: ScoreEntry | None
    state: str  # new | same | changed | absent


def targets(session: Session) -> list[Target]:
    """Every component of a plan in force with the source assessment center, in cohorts that are not closed."""
    rows = session.execute(
        select(Cohort, AssessmentPlan.purpose, PlanComponent)
        .join(AssessmentPlan, AssessmentPlan.cohort_id == Cohort.id)
        .join(PlanComponent, PlanComponent.plan_id == AssessmentPlan.id)
        .where(AssessmentPlan.status == "in-force", PlanComponent.source == SOURCE, Cohort.closed_at.is_(None))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc(), PlanComponent.position)
    )
    return [Target(*row) for row in rows]


def target_of(session: Session, component_id: int) -> Target:
    """One of them. Raises ``NotFound``."""
    found = next((one for one in targets(session) if one.component.id == component_id), None)
    if found is None:
        raise NotFound()
    return found


def carried(session: Session, center: Center, target: Target) -> list[Carried]:
    """The cohort's trainees with what the center would give each; nothing is written."""
    desk = open_desk(session, target.cohort, target.purpose, target.component.code)
    given = _given(session, center)
    return [_carried(desk, person_id, given.get(person.officer_id)) for person_id, person in desk.people.items()]


def _carried(desk: Desk, enrollment_id: int, given: Given | None) -> Carried:
    person = desk.people[enrollment_id]
    standing = desk.standing.get((enrollment_id, ""))
    total = total_of(None, given.document(), desk.component.maximum) if given is not None else None
    state = "absent"
    if given is not None:
        same = standing is not None and not standing.withdrawn and standing.marks == given.document()
        state = "new" if standing is None else "same" if same else "changed"
    return Carried(
        enrollment_id, person.officer_no, person.name_th, person.name_en, given, total, standing, state
    )  # fmt: skip


def _given(session: Session, center: Center) -> dict[int, Given]:
    """Officer → the lines that the ledger takes: one per competency, in the competencies' order."""
    if center.status != "released":
        return {}
    finals = results_queries.finals_of(session, center.id)
    order = [row.code for row in queries.competencies_named(session, {code for _person, code in finals})]
    found = {}
    for person in queries.taking_part(session, center.id):
        lines = tuple(
            Line(code, Decimal(1), Decimal(5), Decimal(finals[person.id, code].rating))
            for code in order
            if (person.id, code) in finals
        )
        if lines:
            found[person.officer_id] = Given(marks=lines)
    return found


def transfer(session: Session, actor: Actor, center: Center, target: Target, *, reason: str, key: str) -> int:
    """Enter the center's results as the component's scores, all as one act; what stands otherwise is corrected.

    Returns how many were entered or corrected. Raises ``RuleBroken`` before release, for a component with a rubric or a
    panel of its own, and for a correction without a reason.
    """
    if center.status != "released":
        raise RuleBroken("ต้องแจ้งผลของศูนย์ก่อน จึงจะโอนเข้าคะแนนของรุ่นได้")
    desk = open_desk(session, target.cohort, target.purpose, target.component.code)
    if target.component.criteria or desk.named:
        raise RuleBroken("องค์ประกอบนี้มีเกณฑ์ย่อยหรือคณะกรรมการ จึงรับคะแนนจากศูนย์ไม่ได้ ให้แก้แผนการประเมินก่อน")
    desk.lines_from_elsewhere = True
    rows = [row for row in carried(session, center, target) if row.state in ("new", "changed")]
    if any(row.state == "changed" for row in rows) and not reason.strip():
        raise RuleBroken("มีคะแนนที่ต่างจากที่บันทึกไว้ การแก้ไขคะแนนต้องระบุเหตุผล")
    marks = [
        Mark(
            row.enrollment_id, "", row.given or Given(), note=center.code,
            seen_id=row.standing.id if row.standing is not None else None, reason=reason,
        )
        for row in rows
    ]  # fmt: skip
    return len(enter(session, actor, desk, marks, key=key)) if marks else 0
