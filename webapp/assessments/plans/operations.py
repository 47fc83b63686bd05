"""Versions of a plan: loaded by the operator, or drafted by one person and put in force by another."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.models import (
    AssessmentPlan,
    PlanComponent,
    PlanGate,
    PlanTieBreaker,
    RubricCriterion,
    ScoreEntry,
)
from webapp.assessments.plans.rules import (
    ComponentContent,
    CriterionContent,
    GateContent,
    OpenPoint,
    PlanContent,
    TieBreakerContent,
    forbidden_after_scores,
    open_points,
    plan_problems,
)
from webapp.assessments.queries import has_scores, plan_in_force
from webapp.assessments.ranking.plan import Problem
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import Conflict, RuleBroken


class PlanRefused(RuleBroken):
    """A plan that cannot be put in force; ``problems`` says why, each at its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("แผนการประเมินยังใช้บังคับไม่ได้ โปรดแก้ไขข้อที่แจ้งไว้")
        self.problems = problems


def content_of(plan: AssessmentPlan) -> PlanContent:
    """What a version says, as values."""
    return PlanContent(
        decimals=plan.decimals,
        components=tuple(
            ComponentContent(
                row.code, row.name_th, row.name_en, row.weight, row.maximum, row.pass_percent, row.source, row.reason,
                rubric=tuple(
                    CriterionContent(
                        line.code, line.name_th, line.name_en, line.weight, line.maximum,
                        tuple((str(a["points"]), str(a["text"])) for a in line.anchors),
                    )
                    for line in row.criteria
                ),
                face_to_face=row.face_to_face,
            )
            for row in plan.components
        ),
        gates=tuple(GateContent(row.kind, row.value, row.reason, row.name_th, row.name_en) for row in plan.gates),
        tie_breakers=tuple(TieBreakerContent(row.key, row.reason, row.name_th, row.name_en) for row in plan.tie_breakers),
    )  # fmt: skip


def open_points_of(plan: AssessmentPlan) -> list[OpenPoint]:
    """What keeps a shortlist drawn up under this version from being published."""
    return open_points(content_of(plan), plan.approved_at is not None)


def load_plan(session: Session, actor: Actor, cohort: Cohort, purpose: str, content: PlanContent) -> tuple[str, int]:
    """Put a plan read from a cohort file in force; returns ``created``, ``updated`` or ``unchanged`` and its version.

    The same plan changes nothing; another one before the first score is a new version. Raises ``RuleBroken`` after it:
    from then on a plan is superseded in the product, with a reason and a second person.
    """
    current = plan_in_force(session, cohort.id, purpose)
    if current is not None:
        before = content_of(current)
        if before.without_rubrics() == content.without_rubrics():
            return "unchanged", current.version
        if has_scores(session, cohort.id, purpose):
            raise RuleBroken(
                "แผนนี้เปลี่ยนด้วยไฟล์ไม่ได้แล้ว เพราะมีคะแนนที่บันทึกตามแผนฉบับที่ %(version)s "
                "ให้จัดทำฉบับใหม่ในหน้าแผนการประเมินของรุ่น %(cohort)s พร้อมเหตุผลและผู้อนุมัติคนที่สอง",
                version=current.version,
                cohort=cohort.code,
            )
        content = content.with_rubrics_of(before)
    plan = _new_version(session, actor, cohort, purpose, content, status="in-force")
    _replace(session, current, plan)
    audit.append(
        session, actor, "assessments:plan:load", "AssessmentPlan", key_of(cohort, purpose, plan.version),
        before={} if current is None else content_of(current).document(), after=content.document(),
    )  # fmt: skip
    return "created" if current is None else "updated", plan.version


def withdraw_plan(session: Session, actor: Actor, cohort: Cohort, purpose: str) -> bool:
    """Take the plan out of force because the cohort's file no longer names one. Raises ``RuleBroken`` once scores exist."""
    current = plan_in_force(session, cohort.id, purpose)
    if current is None:
        return False
    if has_scores(session, cohort.id, purpose):
        raise RuleBroken("นำแผนออกไม่ได้ เพราะมีคะแนนที่บันทึกตามแผนนี้แล้ว")
    current.status = "superseded"
    session.flush()
    audit.append(
        session, actor, "assessments:plan:withdraw", "AssessmentPlan", key_of(cohort, purpose, current.version)
    )
    return True


def start_draft(session: Session, actor: Actor, cohort: Cohort, purpose: str) -> AssessmentPlan:
    """A new draft, a copy of the plan in force or nearly empty; the one that is already being drafted if there is one."""
    draft = draft_of(session, cohort.id, purpose)
    if draft is not None:
        return draft
    current = plan_in_force(session, cohort.id, purpose)
    content = PlanContent(()) if current is None else content_of(current)
    draft = _new_version(session, actor, cohort, purpose, content, status="draft")
    audit.append(
        session, actor, "assessments:plan:draft", "AssessmentPlan", key_of(cohort, purpose, draft.version),
        after=content.document(),
    )  # fmt: skip
    return draft


def draft_of(session: Session, cohort_id: int, purpose: str) -> AssessmentPlan | None:
    """The draft of a cohort's plan, if one is being worked on."""
    return session.scalar(
        select(AssessmentPlan)
        .where(
            AssessmentPlan.cohort_id == cohort_id, AssessmentPlan.purpose == purpose, AssessmentPlan.status == "draft"
        )
        .order_by(AssessmentPlan.version.desc())
        .limit(1)
    )


def change_draft(
    session: Session, actor: Actor, cohort: Cohort, plan: AssessmentPlan, content: PlanContent, reason: str
) -> bool:
    """Write a draft anew; returns whether anything changed. A version in force never changes: ``Conflict``.

    A draft may be wrong while it is worked on: its problems are shown, and refuse only its coming into force.
    """
    if plan.status != "draft":
        raise Conflict("แผนฉบับนี้ใช้บังคับแล้ว จึงแก้ไขไม่ได้ ให้จัดทำฉบับใหม่แทน")
    before = content_of(plan)
    if before == content and plan.reason == reason:
        return False
    for row in [*plan.components, *plan.gates, *plan.tie_breakers]:
        for line in getattr(row, "criteria", ()):
            session.delete(line)
        session.delete(row)
    session.flush()
    session.expire(plan, ["components", "gates", "tie_breakers"])
    plan.decimals, plan.reason = content.decimals, reason
    plan.drafted_by, plan.drafted_by_id, plan.drafted_at = actor.name, actor.account_id, clock.now()
    _write(session, plan, content)
    audit.append(
        session, actor, "assessments:plan:change", "AssessmentPlan", key_of(cohort, plan.purpose, plan.version),
        before=before.document(), after=content.document(), reason=reason,
    )  # fmt: skip
    return True


def discard_draft(session: Session, actor: Actor, cohort: Cohort, plan: AssessmentPlan) -> None:
    """Put a draft away; its number is not used again."""
    if plan.status != "draft":
        raise Conflict("แผนฉบับนี้ใช้บังคับแล้ว จึงทิ้งไม่ได้")
    plan.status = "superseded"
    session.flush()
    audit.append(
        session, actor, "assessments:plan:discard", "AssessmentPlan", key_of(cohort, plan.purpose, plan.version)
    )


def problems_of_draft(session: Session, cohort: Cohort, plan: AssessmentPlan) -> list[Problem]:
    """Everything that keeps a draft from coming into force."""
    content = content_of(plan)
    found = plan_problems(content, cohort.shortlist_size)
    current = plan_in_force(session, cohort.id, plan.purpose)
    if current is not None:
        scored = scored_components(session, cohort.id, plan.purpose)
        found += forbidden_after_scores(content_of(current), content, dict.fromkeys(scored))
        if scored and not plan.reason.strip():
            found.append(Problem("reason", "supersedes-without-reason", {}))
    return found


def put_in_force(session: Session, actor: Actor, cohort: Cohort, plan: AssessmentPlan) -> None:
    """Put a draft in force, by somebody other than who drafted it. Raises ``PlanRefused`` with what is wrong with it.

    The version before is superseded; both stay readable.
    """
    if plan.status != "draft":
        raise Conflict("แผนฉบับนี้ไม่ใช่ร่างแล้ว กรุณาเปิดหน้านี้ใหม่")
    _check_second_person(session, actor, cohort, plan)
    found = problems_of_draft(session, cohort, plan)
    if found:
        raise PlanRefused(found)
    current = plan_in_force(session, cohort.id, plan.purpose)
    _replace(session, current, plan)
    plan.approved_by, plan.approved_by_id, plan.approved_at = actor.name, actor.account_id, clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:plan:put-in-force", "AssessmentPlan", key_of(cohort, plan.purpose, plan.version),
        before={} if current is None else content_of(current).document(), after=content_of(plan).document(),
        reason=plan.reason,
    )  # fmt: skip


def approve_loaded(session: Session, actor: Actor, cohort: Cohort, plan: AssessmentPlan) -> None:
    """The second approval of a plan in force that was loaded from a file."""
    if plan.status != "in-force" or plan.approved_at is not None:
        raise Conflict("แผนฉบับนี้ได้รับอนุมัติแล้วหรือไม่ได้ใช้บังคับ กรุณาเปิดหน้านี้ใหม่")
    _check_second_person(session, actor, cohort, plan)
    plan.approved_by, plan.approved_by_id, plan.approved_at = actor.name, actor.account_id, clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:plan:approve", "AssessmentPlan", key_of(cohort, plan.purpose, plan.version)
    )


def scored_components(session: Session, cohort_id: int, purpose: str) -> frozenset[str]:
    """Codes of components for which somebody of the cohort was given a mark."""
    enrollments = select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)
    return frozenset(
        session.scalars(
            select(ScoreEntry.component)
            .where(ScoreEntry.purpose == purpose, ScoreEntry.enrollment_id.in_(enrollments))
            .distinct()
        )
    )


def key_of(cohort: Cohort, purpose: str, version: int) -> str:
    """How the audit log names a version."""
    return f"{cohort.code}/{purpose}/{version}"


def _check_second_person(session: Session, actor: Actor, cohort: Cohort, plan: AssessmentPlan) -> None:
    """Whoever approves wrote none of it, neither its last words nor any before them, and is not judged by it (promise 10)."""
    if stands_in(session, actor.account_id, cohort.id):
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงอนุมัติแผนการประเมินของรุ่นนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นอนุมัติ")
    same_account = actor.account_id is not None and actor.account_id == plan.drafted_by_id
    same_operator = actor.account_id is None and plan.drafted_by_id is None and actor.name == plan.drafted_by
    wrote = select(audit.AuditEntry.id).where(
        audit.AuditEntry.action == "assessments:plan:change",
        audit.AuditEntry.thing_key == key_of(cohort, plan.purpose, plan.version),
        audit.AuditEntry.actor_account == str(actor.account_id),
    )
    if same_account or same_operator or session.scalar(wrote.limit(1)) is not None:
        raise RuleBroken("ผู้อนุมัติต้องไม่ใช่ผู้จัดทำแผนฉบับนี้ ขอให้เจ้าหน้าที่คนอื่นอนุมัติ")


def _replace(session: Session, current: AssessmentPlan | None, plan: AssessmentPlan) -> None:
    if current is not None and current.id != plan.id:
        current.status = "superseded"
        session.flush()
    plan.status = "in-force"
    session.flush()


def _new_version(
    session: Session, actor: Actor, cohort: Cohort, purpose: str, content: PlanContent, *, status: str
) -> AssessmentPlan:
    last = session.scalar(
        select(func.max(AssessmentPlan.version)).where(
            AssessmentPlan.cohort_id == cohort.id, AssessmentPlan.purpose == purpose
        )
    )
    plan = AssessmentPlan(
        cohort_id=cohort.id, purpose=purpose, version=(last or 0) + 1, status="draft", decimals=content.decimals,
        drafted_by=actor.name, drafted_by_id=actor.account_id, drafted_at=clock.now(),
    )  # fmt: skip
    session.add(plan)
    session.flush()
    _write(session, plan, content)
    return plan


def _write(session: Session, plan: AssessmentPlan, content: PlanContent) -> None:
    for place, row in enumerate(content.components, start=1):
        component = PlanComponent(
            plan_id=plan.id, position=place, code=row.code, name_th=row.name_th, name_en=row.name_en, weight=row.weight,
            maximum=row.maximum, pass_percent=row.pass_percent, source=row.source, reason=row.reason, face_to_face=row.face_to_face,
        )  # fmt: skip
        component.criteria = [_criterion(line, number) for number, line in enumerate(row.rubric, start=1)]
        plan.components.append(component)
    for gate in content.gates:
        names = {"name_th": gate.name_th, "name_en": gate.name_en}
        plan.gates.append(PlanGate(kind=gate.kind, value=gate.value, reason=gate.reason, **names))
    for place, breaker in enumerate(content.tie_breakers, start=1):
        names = {"name_th": breaker.name_th, "name_en": breaker.name_en}
        plan.tie_breakers.append(PlanTieBreaker(position=place, key=breaker.key, reason=breaker.reason, **names))
    session.flush()


def _criterion(line: CriterionContent, position: int) -> RubricCriterion:
    anchors: list[dict[str, Any]] = [{"points": points, "text": text} for points, text in line.anchors]
    return RubricCriterion(
        position=position, code=line.code, name_th=line.name_th, name_en=line.name_en, weight=line.weight,
        maximum=line.maximum, anchors=anchors,
    )  # fmt: skip
