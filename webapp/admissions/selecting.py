"""Drawing up an entry selection, deciding ties, confirming, publishing and discarding it.

The same ranking rules as for shortlists, over the marks given for the selection; frozen, and computed again to verify.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.admissions import queries, rules, seats
from webapp.admissions import selection_queries as reads
from webapp.admissions.applying import flushed
from webapp.admissions.freezing import digest, document_of_inputs, frozen, result_of, thawed
from webapp.admissions.models import Application, LineDecision, Selection
from webapp.admissions.telling import tell_confirmed
from webapp.assessments.queries import ranking_plan
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import Conflict, RuleBroken
from webapp.records.columns import columns_of, plan_facts
from webapp.records.scores import standing_marks


def inputs_of(session: Session, cohort: Cohort) -> dict[str, Any]:
    """Everything the selection of a cohort reads, as the document that is frozen."""
    plan = reads.plan_or_refusal(session, cohort)
    among = queries.candidates(session, cohort.id)
    columns = columns_of(session, cohort, purpose="selection", among=among)
    place = {enrollment_id: row for row, enrollment_id in enumerate(columns.enrollment_ids)}
    marks = standing_marks(session, cohort.id, place, "selection")
    free = max(0, cohort.seats - reads.seats_taken(session, cohort.id, among))
    return document_of_inputs(
        cohort={"code": cohort.code, "name_th": cohort.name_th, "name_en": cohort.name_en,
                "starts_on": cohort.starts_on, "ends_on": cohort.ends_on},
        seats=free, reserve=cohort.reserve, plan=ranking_plan(plan, max(1, free)), plan_facts=plan_facts(plan),
        people=columns.people,
        persons={
            number: {"name_th": columns.names_th[row], "name_en": columns.names_en[row]}
            for row, number in enumerate(columns.officer_nos)
        },
        marks=dict(zip(columns.officer_nos, marks, strict=True)),
        others=[_other(application) for application in queries.not_candidates(session, cohort.id)],
    )  # fmt: skip


def _other(application: Application) -> dict[str, Any]:
    reason = application.decided_reason if application.state == "refused" else application.withdrawn_reason
    officer = application.officer
    return {
        "officer_no": officer.officer_no, "name_th": officer.name_th, "name_en": officer.name_en,
        "state": application.state, "reason": reason,
    }  # fmt: skip


def draw_up(session: Session, *, actor: Actor, cohort: Cohort, key: str | None = None) -> Selection:
    """Freeze inputs, plan and result of a cohort's selection as a draft. The same form sent twice gives the same one."""
    if key is not None:
        earlier = session.scalar(select(Selection).where(Selection.key == key))
        if earlier is not None:
            return earlier
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงจัดทำผลการคัดเลือกไม่ได้")
    refuse_own(session, actor, cohort.id)
    inputs = inputs_of(session, cohort)
    if not inputs["persons"]:
        raise RuleBroken("ยังไม่มีผู้มีสิทธิเข้ารับการคัดเลือก พิจารณาใบสมัครก่อน")
    plan = reads.plan_or_refusal(session, cohort)
    kept = frozen(inputs)
    result = frozen(result_of(thawed(kept)))
    made = Selection(
        cohort_id=cohort.id, plan_id=plan.id, plan_version=plan.version, seats=inputs["seats"],
        reserve=inputs["reserve"], status=rules.DRAFT, inputs=kept, inputs_digest=digest(kept), result=result,
        result_digest=digest(result), audit_head=audit.head_of(session)[1], drawn_up_by=actor.name,
        drawn_up_by_id=actor.account_id, drawn_up_at=clock.now(), key=key,
    )  # fmt: skip
    session.add(made)
    flushed(session)
    _note(session, actor, "draw-up", made, after={
        "cohort": cohort.code, "plan_version": made.plan_version, "seats": made.seats, "reserve": made.reserve,
        "inputs_digest": made.inputs_digest, "result_digest": made.result_digest,
    })  # fmt: skip
    return made


def decide_line(
    session: Session, *, actor: Actor, selection: Selection, line: str, chosen: Collection[str], reason: str,
    version: int | None = None,
) -> LineDecision:  # fmt: skip
    """Who of a group tied across a line stands above it: decided once, by a named person, with a reason."""
    _step(session, actor, selection, version, rules.DRAFT)
    tie = next((one for one in reads.allocation_of(session, selection).ties if one.line == line), None)
    if tie is None:
        raise Conflict("ไม่มีลำดับที่เท่ากันให้ตัดสินที่เส้นนี้ หรือมีผู้ตัดสินแล้ว กรุณาเปิดหน้านี้ใหม่")
    decision = LineDecision(
        selection_id=selection.id, line=line, chosen=rules.check_choice(tie, chosen), reason=rules.check_reason(reason),
        decided_by=actor.name, decided_by_id=actor.account_id, decided_at=clock.now(),
    )  # fmt: skip
    session.add(decision)
    flushed(session)
    _note(session, actor, "decide-tie", selection, after={"line": line, "chosen": decision.chosen},
          reason=decision.reason)  # fmt: skip
    return decision


def confirm(session: Session, *, actor: Actor, selection: Selection, version: int | None = None) -> Selection:
    """A named person confirms a draft whose ties are decided."""
    _step(session, actor, selection, version, rules.DRAFT)
    if actor.account_id is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะทำขั้นนี้ได้")
    if any(point.code == "tie" for point in reads.open_points(session, selection, None)):
        raise RuleBroken("มีผู้ที่ลำดับเท่ากันคร่อมเส้น ต้องมีผู้ตัดสินพร้อมเหตุผลก่อนยืนยัน")
    selection.status, selection.confirmed_by = rules.CONFIRMED, actor.name
    selection.confirmed_by_id, selection.confirmed_at = actor.account_id, clock.now()
    flushed(session)
    _note(session, actor, "confirm", selection, after={"status": selection.status})
    tell_confirmed(session, selection, actor)
    return selection


def publish(
    session: Session, *, actor: Actor, selection: Selection, reason: str = "", version: int | None = None
) -> Selection:
    """Another person publishes a confirmed selection: places, offers and the register follow; one before is superseded."""
    _step(session, actor, selection, version, rules.CONFIRMED)
    rules.check_second_person(selection.confirmed_by_id, actor.account_id)
    cohort = session.get_one(Cohort, selection.cohort_id)
    if reads.open_points(session, selection, inputs_of(session, cohort)):
        raise RuleBroken("ยังประกาศไม่ได้ มีเรื่องที่ต้องแก้ไขให้ครบก่อน ดูรายการในหน้าผลการคัดเลือก")
    earlier = reads.published_selection(session, cohort.id)
    if earlier is not None:
        selection.reason, selection.supersedes_id = rules.check_reason(reason), earlier.id
        earlier.status = rules.SUPERSEDED
        flushed(session)
        _note(session, actor, "supersede", earlier, after={"by": selection.id}, reason=selection.reason)
        seats.replace(session, actor, earlier, selection)
    selection.status, selection.published_by = rules.PUBLISHED, actor.name
    selection.published_by_id, selection.published_at = actor.account_id, clock.now()
    flushed(session)
    _note(session, actor, "publish", selection, after={"status": selection.status, "supersedes": selection.supersedes_id},
          reason=selection.reason)  # fmt: skip
    seats.give(session, actor, selection, cohort, reads.given_in(session, selection))
    return selection


def discard(
    session: Session, *, actor: Actor, selection: Selection, reason: str, version: int | None = None
) -> Selection:
    """Put a selection away that was not published; it stays readable, with the reason."""
    rules.check_version(selection.version, version)
    if selection.status not in (rules.DRAFT, rules.CONFIRMED):
        raise Conflict("ผลที่ประกาศแล้วยกเลิกไม่ได้ ต้องจัดทำใหม่แทนพร้อมเหตุผล")
    refuse_own(session, actor, selection.cohort_id)
    before = selection.status
    selection.status, selection.reason = rules.DISCARDED, rules.check_reason(reason)
    flushed(session)
    _note(session, actor, "discard", selection, before={"status": before}, after={"status": selection.status},
          reason=selection.reason)  # fmt: skip
    return selection


def refuse_own(session: Session, actor: Actor, cohort_id: int) -> None:
    """Nobody decides on a selection in which they stand themselves (promise 10)."""
    if queries.stands_here(session, actor.account_id, cohort_id):
        raise RuleBroken("ท่านสมัครหรืออยู่ในรุ่นนี้เอง จึงดำเนินการกับผลการคัดเลือกของรุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")


def _step(session: Session, actor: Actor, selection: Selection, version: int | None, wanted: str) -> None:
    rules.check_version(selection.version, version)
    rules.check_state(selection.status, (wanted,))
    refuse_own(session, actor, selection.cohort_id)


def _note(
    session: Session, actor: Actor, verb: str, selection: Selection, *, before: Any = None, after: Any = None,
    reason: str = "",
) -> None:  # fmt: skip
    audit.append(
        session, actor, f"admissions:selection:{verb}", "Selection", selection.id, before=before or {},
        after=after or {}, reason=reason,
    )  # fmt: skip
