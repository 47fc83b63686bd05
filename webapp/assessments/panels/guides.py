"""Interview guides: drafted by one, put in force by another, and frozen once somebody has been marked by them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.models import PlanComponent, ScoreEntry
from webapp.assessments.panels.models import InterviewGuide
from webapp.assessments.panels.rules import GuideContent, GuideProblem, guide_problems
from webapp.assessments.panels.seats import guide_in_force
from webapp.assessments.queries import component_in_force
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken

EMPTY = GuideContent(30, "", "", ())


class GuideRefused(RuleBroken):
    """A guide that cannot be put in force; ``problems`` says why, each at its question."""

    def __init__(self, problems: list[GuideProblem]) -> None:
        super().__init__("แนวคำถามยังใช้บังคับไม่ได้ โปรดแก้ไขข้อที่แจ้งไว้")
        self.problems = problems


def versions_of(session: Session, cohort_id: int, purpose: str, component: str) -> Sequence[InterviewGuide]:
    """Every version of a component's guide, the newest first."""
    query = select(InterviewGuide).where(
        InterviewGuide.cohort_id == cohort_id, InterviewGuide.purpose == purpose, InterviewGuide.component == component
    )
    return session.scalars(query.order_by(InterviewGuide.version.desc())).all()


def draft_of(session: Session, cohort_id: int, purpose: str, component: str) -> InterviewGuide | None:
    """The draft somebody is working on; none if there is none."""
    return next((row for row in versions_of(session, cohort_id, purpose, component) if row.status == "draft"), None)


def content_of(guide: InterviewGuide | None) -> GuideContent:
    """What a version says, as values; nothing of none."""
    return EMPTY if guide is None else GuideContent.of(guide.document)


def is_used(session: Session, cohort_id: int, purpose: str, component: str) -> bool:
    """Whether somebody was ever given a mark of the component: from then on everybody gets the same questions."""
    query = (
        select(ScoreEntry.id)
        .join(Enrollment, Enrollment.id == ScoreEntry.enrollment_id)
        .where(Enrollment.cohort_id == cohort_id, ScoreEntry.purpose == purpose, ScoreEntry.component == component)
    )
    return session.scalar(query.limit(1)) is not None


def others(session: Session, cohort_id: int, purpose: str, component: str) -> list[tuple[InterviewGuide, Cohort]]:
    """Guides in force elsewhere, from which a draft can begin."""
    query = (
        select(InterviewGuide, Cohort)
        .join(Cohort, Cohort.id == InterviewGuide.cohort_id)
        .where(InterviewGuide.status == "in-force")
        .order_by(InterviewGuide.approved_at.desc(), InterviewGuide.id)
    )
    own = (cohort_id, purpose, component)
    return [
        (guide, cohort)
        for guide, cohort in session.execute(query)
        if (guide.cohort_id, guide.purpose, guide.component) != own
    ]


def write_draft(
    session: Session, actor: Actor, cohort: Cohort, purpose: str, component: str, content: GuideContent, *, reason: str = ""
) -> InterviewGuide:  # fmt: skip
    """Write the draft anew, or begin one. A draft may be incomplete; only its coming into force is refused."""
    _check_staff(session, actor, cohort)
    if component_in_force(session, cohort.id, purpose, component) is None:
        raise NotFound()
    _check_unused(session, cohort, purpose, component)
    draft = draft_of(session, cohort.id, purpose, component)
    if draft is None:
        last = session.scalar(select(func.max(InterviewGuide.version)).where(
            InterviewGuide.cohort_id == cohort.id, InterviewGuide.purpose == purpose, InterviewGuide.component == component
        ))  # fmt: skip
        draft = InterviewGuide(
            cohort_id=cohort.id, purpose=purpose, component=component, version=(last or 0) + 1, status="draft",
            document=content.document(), reason=reason, drafted_by=actor.name, drafted_at=clock.now(),
            writers=_writers([], actor),
        )  # fmt: skip
        session.add(draft)
    elif draft.document == content.document() and draft.reason == reason:
        return draft
    draft.document, draft.reason = content.document(), reason
    draft.drafted_by, draft.drafted_at, draft.writers = actor.name, clock.now(), _writers(draft.writers, actor)
    session.flush()
    audit.append(
        session, actor, "assessments:guide:change", "InterviewGuide", key_of(cohort, draft), after=content.document(),
        reason=reason,
    )  # fmt: skip
    return draft


def _writers(before: list[int], actor: Actor) -> list[int]:
    return sorted({*before, *([actor.account_id] if actor.account_id is not None else [])})


def discard(session: Session, actor: Actor, cohort: Cohort, guide: InterviewGuide) -> None:
    """Put a draft away; its number is not used again."""
    _check_staff(session, actor, cohort)
    if guide.status != "draft":
        raise Conflict("แนวคำถามฉบับนี้ใช้บังคับแล้ว จึงทิ้งไม่ได้")
    guide.status = "superseded"
    session.flush()
    audit.append(session, actor, "assessments:guide:discard", "InterviewGuide", key_of(cohort, guide))


def put_in_force(session: Session, actor: Actor, cohort: Cohort, guide: InterviewGuide) -> None:
    """Put a draft in force, by somebody who wrote none of it. From then on it never changes; the one before is superseded.

    Raises ``GuideRefused`` with what is missing.
    """
    _check_staff(session, actor, cohort)
    if guide.status != "draft":
        raise Conflict("แนวคำถามฉบับนี้ไม่ใช่ร่างแล้ว กรุณาเปิดหน้านี้ใหม่")
    same_operator = actor.account_id is None and actor.name == guide.drafted_by
    if actor.account_id in guide.writers or same_operator:
        raise RuleBroken("ผู้อนุมัติต้องไม่ใช่ผู้จัดทำแนวคำถามฉบับนี้ ขอให้เจ้าหน้าที่คนอื่นอนุมัติ")
    component = component_in_force(session, cohort.id, guide.purpose, guide.component)
    if component is None:
        raise NotFound()
    check_no_rubric(component)
    _check_unused(session, cohort, guide.purpose, guide.component)
    problems = guide_problems(content_of(guide))
    if problems:
        raise GuideRefused(problems)
    current = guide_in_force(session, cohort.id, guide.purpose, guide.component)
    if current is not None:
        if not guide.reason.strip():
            raise RuleBroken("แนวคำถามฉบับที่แทนฉบับเดิมต้องระบุเหตุผล")
        current.status = "superseded"
        session.flush()
    guide.status, guide.approved_by, guide.approved_at = "in-force", actor.name, clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:guide:put-in-force", "InterviewGuide", key_of(cohort, guide), after=guide.document,
        reason=guide.reason,
    )  # fmt: skip


def check_no_rubric(component: PlanComponent) -> None:
    """A component is marked by one of the two: the rubric of its plan, or a guide."""
    if component.criteria:
        raise RuleBroken("องค์ประกอบนี้มีเกณฑ์ย่อยในแผนการประเมินแล้ว ใช้แนวคำถามได้เมื่อแผนไม่มีเกณฑ์ย่อยขององค์ประกอบนี้")


def _check_unused(session: Session, cohort: Cohort, purpose: str, component: str) -> None:
    if is_used(session, cohort.id, purpose, component):
        raise RuleBroken("มีผู้ได้คะแนนขององค์ประกอบนี้แล้ว แนวคำถามจึงเปลี่ยนไม่ได้ ทุกคนต้องได้คำถามเดียวกัน")


def _check_staff(session: Session, actor: Actor, cohort: Cohort) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
    if stands_in(session, actor.account_id, cohort.id):
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงจัดทำหรืออนุมัติแนวคำถามของรุ่นนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นทำ")


def key_of(cohort: Cohort, guide: InterviewGuide) -> str:
    """How the audit log names a version."""
    return f"{cohort.code}/{guide.purpose}/{guide.component}/{guide.version}"
