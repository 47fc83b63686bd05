"""Naming and recusing members, and a member's way from drafts to submitted marks."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.models import Account
from webapp.accounts.permissions import may
from webapp.assessments.desk import Desk, open_desk, refused_pair
from webapp.assessments.models import MarkDraft, PanelMember, RubricCriterion, ScoreEntry
from webapp.assessments.operations import Mark, enter, mark_key
from webapp.assessments.panels.conflicts import check_stated, note_register
from webapp.assessments.panels.discussing import flag
from webapp.assessments.panels.settings import check_trained
from webapp.assessments.queries import component_in_force
from webapp.assessments.rules import Given, Line, check_given
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import stands_in
from webapp.database import canonical_json
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer
from webapp.thai import arabic_digits

SCORE = "score"
"""The one field of a draft where a component has no rubric."""


ENROLLED_SINCE = "เข้าเป็นผู้เข้ารับการอบรมของรุ่นนี้"
"""The reason kept where an imported enrollment made a panel member one of those assessed."""


def name_member(
    session: Session, actor: Actor, cohort: Cohort, component: str, account: Account, *, purpose: str = "ranking",
    substitute: bool = False,
) -> PanelMember:  # fmt: skip
    """Name an assessor to a component's panel. Naming the same person again changes nothing.

    What the register knows between them and those they would mark is recorded at once. A ``substitute`` marks only the
    people they are named for (``conflicts.put_in_place``).

    Raises ``RuleBroken`` for somebody who is no assessor or who is a trainee of the cohort.
    """
    _check_staff(actor)
    _refuse_own_cohort(session, actor, cohort.id)
    found = component_in_force(session, cohort.id, purpose, component)
    if found is None:
        raise NotFound()
    _check_assessor(session, cohort, account)
    same = select(PanelMember).where(
        PanelMember.cohort_id == cohort.id, PanelMember.purpose == purpose, PanelMember.component == component
    )
    for member in session.scalars(same):
        if member.account_id == account.id and member.recused_at is None:
            return member
        if member.name == account.name:
            raise RuleBroken("มีกรรมการชื่อ %(name)s ในองค์ประกอบนี้แล้ว", name=account.name)
    member = PanelMember(
        cohort_id=cohort.id, purpose=purpose, component=component, name=account.name, account_id=account.id,
        named_by=actor.name, named_at=clock.now(), substitute=substitute,
    )  # fmt: skip
    session.add(member)
    session.flush()
    audit.append(
        session, actor, "assessments:panel:name", "PanelMember", _key_of(cohort, member), after={"member": member.name}
    )
    note_register(session, actor, open_desk(session, cohort, purpose, component))
    if substitute:
        return member
    values = {"component": found.name_th, "cohort": cohort.name_th}
    notify(session, account.id, "assessments:panel:named", values, f"/my/panels/{member.id}")
    return member


def _check_assessor(session: Session, cohort: Cohort, account: Account) -> None:
    if not account.active or not any(role.name == "assessor" for role in account.roles):
        raise RuleBroken("%(name)s ยังไม่มีบทบาทผู้ประเมินในระบบ ให้ผู้ดูแลระบบเพิ่มบทบาทก่อน", name=account.name)
    if stands_in(session, account.id, cohort.id):
        raise RuleBroken("%(name)s อยู่ในรุ่นนี้ จึงเป็นกรรมการไม่ได้", name=account.name)


def _key_of(cohort: Cohort, member: PanelMember) -> str:
    return f"{cohort.code}/{member.purpose}/{member.component}"


def recuse(session: Session, actor: Actor, member: PanelMember, *, reason: str) -> None:
    """Take a member off a panel, with a reason: what they gave stays in the ledger and does not count.

    Staff do it, or the member themselves.
    """
    if actor.account_id is None or actor.account_id != member.account_id:
        _check_staff(actor)
        _refuse_own_cohort(session, actor, member.cohort_id)
    if not reason.strip():
        raise RuleBroken("การถอนตัวของกรรมการต้องระบุเหตุผล")
    if member.recused_at is not None:
        raise Conflict("%(name)s ถอนตัวไปก่อนแล้ว", name=member.name)
    _recused(session, actor, member, reason.strip())


def recuse_enrolled(session: Session, actor: Actor, cohort_ids: Sequence[int]) -> list[PanelMember]:
    """Take off the panels of these cohorts whoever has been enrolled in them since: nobody judges their own cohort."""
    seats = session.scalars(
        select(PanelMember)
        .join(Officer, Officer.account_id == PanelMember.account_id)
        .join(Enrollment, (Enrollment.officer_id == Officer.id) & (Enrollment.cohort_id == PanelMember.cohort_id))
        .where(PanelMember.cohort_id.in_(cohort_ids), PanelMember.recused_at.is_(None))
        .order_by(PanelMember.id)
    ).all()
    for member in seats:
        _recused(session, actor, member, ENROLLED_SINCE)
    return list(seats)


def _recused(session: Session, actor: Actor, member: PanelMember, reason: str) -> None:
    member.recused_at, member.recused_by, member.recused_reason = clock.now(), actor.name, reason
    session.flush()
    cohort = session.get_one(Cohort, member.cohort_id)
    audit.append(
        session, actor, "assessments:panel:recuse", "PanelMember", _key_of(cohort, member),
        after={"member": member.name}, reason=reason,
    )  # fmt: skip


def save_drafts(
    session: Session, actor: Actor, member: PanelMember, drafts: Mapping[int, tuple[dict[str, str], str]]
) -> int:
    """Keep what a member has typed so far: enrollment id → (points as typed by criterion, note). Returns how many changed.

    A draft may be incomplete or wrong; it is checked when it is submitted. Nobody else sees it.
    """
    check_own(actor, member)
    desk = _desk(session, member)
    note_register(session, actor, desk)
    check_stated(session, member, drafts)
    known = {row.enrollment_id: row for row in drafts_of(session, member)}
    changed = 0
    for enrollment_id, (marks, note) in drafts.items():
        desk.check_person(actor, enrollment_id)
        if not desk.seats.marks(member.name, enrollment_id):
            raise refused_pair(member.name, desk.apart(member.name, enrollment_id))
        if (enrollment_id, member.name) in desk.standing:
            continue  # submitted meanwhile, in another tab: what was submitted stands
        typed = {code: text.strip()[:40] for code, text in marks.items() if text.strip()}
        row = known.get(enrollment_id)
        if row is None and (typed or note.strip()):
            row = MarkDraft(member_id=member.id, enrollment_id=enrollment_id, marks={}, note="")
            session.add(row)
        if row is None or (row.marks == typed and row.note == note.strip()):
            continue
        row.marks, row.note, row.saved_at = typed, note.strip(), clock.now()
        changed += 1
    session.flush()
    return changed


def submit(
    session: Session, actor: Actor, member: PanelMember, enrollment_ids: Sequence[int], *, seen: str, key: str
) -> list[ScoreEntry]:
    """Submit the drafts of these trainees as marks: from then on they are the ledger's, and staff correct them.

    ``seen`` is :func:`drafts_digest` of what the member checked; ``Conflict`` when the drafts changed since (another tab).
    Sent twice under one ``key``, submitted once.
    """
    check_own(actor, member)
    keys = [mark_key(key, number, member.name) for number in enrollment_ids]
    earlier = list(session.scalars(select(ScoreEntry).where(ScoreEntry.key.in_(keys))))
    if earlier:
        if {entry.enrollment_id for entry in earlier} != set(enrollment_ids):
            raise Conflict("แบบบันทึกนี้ส่งไปแล้วด้วยคะแนนอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
        return earlier
    desk = _desk(session, member)
    desk.check_open()
    check_trained(session, member)
    drafts = {row.enrollment_id: row for row in drafts_of(session, member)}
    wanted = [drafts[number] for number in enrollment_ids if number in drafts]
    if len(wanted) != len(enrollment_ids) or not wanted or drafts_digest(wanted) != seen:
        raise Conflict("คะแนนร่างเปลี่ยนไปจากที่ท่านตรวจ (อาจแก้ไขจากหน้าต่างอื่น) กรุณาตรวจอีกครั้งก่อนส่ง")
    marks = [Mark(row.enrollment_id, member.name, given_from(row.marks, desk.criteria), row.note) for row in wanted]
    entries = enter(session, actor, desk, marks, key=key)
    flag(session, actor, desk, enrollment_ids)
    for row in wanted:
        session.delete(row)
    session.flush()
    return entries


def drafts_of(session: Session, member: PanelMember) -> list[MarkDraft]:
    """The member's drafts."""
    query = select(MarkDraft).where(MarkDraft.member_id == member.id).order_by(MarkDraft.enrollment_id)
    return list(session.scalars(query))


def drafts_digest(drafts: Sequence[MarkDraft]) -> str:
    """What a check page shows, in short, so that a submission says which drafts it means."""
    content = sorted((row.enrollment_id, sorted(row.marks.items()), row.note) for row in drafts)
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def problem_of(marks: Mapping[str, str], desk: Desk) -> RuleBroken | None:
    """Why a draft cannot be submitted yet; none if it can."""
    try:
        check_given(given_from(marks, desk.criteria), desk.component.maximum, desk.criteria)
    except RuleBroken as refused:
        return refused
    return None


def given_from(marks: Mapping[str, str], rubric: Sequence[RubricCriterion]) -> Given:
    """What was typed, as a mark. Raises ``RuleBroken`` where something is missing or is no number."""
    if not rubric:
        return Given(score=points_from(marks.get(SCORE, "")))
    return Given(
        marks=tuple(
            Line(row.code, row.weight, row.maximum, points_from(marks.get(row.code, ""), row.name_th)) for row in rubric
        )
    )


def points_from(typed: str, what: str = "") -> Decimal:
    """Points from what was typed, Thai digits read."""
    text = arabic_digits(typed).strip()
    try:
        if not text or not set(text) <= set("0123456789."):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        if not text:
            raise RuleBroken("%(what)sยังไม่ได้กรอกคะแนน", what=f"{what}: " if what else "") from None
        raise RuleBroken("%(what)sพิมพ์คะแนนเป็นตัวเลข เช่น 7 หรือ 7.5", what=f"{what}: " if what else "") from None


def check_own(actor: Actor, member: PanelMember) -> None:
    """Only the named member marks in their name here, and not once they are recused."""
    if actor.account_id is None or actor.account_id != member.account_id:
        raise NotAllowed()
    if member.recused_at is not None:
        raise RuleBroken("ท่านถอนตัวจากการให้คะแนนองค์ประกอบนี้แล้ว")


def _desk(session: Session, member: PanelMember) -> Desk:
    cohort = session.get_one(Cohort, member.cohort_id)
    return open_desk(session, cohort, member.purpose, member.component)


def _refuse_own_cohort(session: Session, actor: Actor, cohort_id: int) -> None:
    """Nobody chooses or dismisses those who mark them (promise 10)."""
    if stands_in(session, actor.account_id, cohort_id):
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงแต่งตั้งหรือถอนกรรมการของรุ่นนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นทำ")


def _check_staff(actor: Actor) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
