"""Drawing up a shortlist, confirming, publishing, superseding and discarding it; the decision on a tie."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.queries import ranking_plan
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer
from webapp.records.columns import CohortColumns, columns_of, plan_facts
from webapp.records.scores import standing_marks
from webapp.shortlist import rules, telling
from webapp.shortlist.freezing import digest, document_of_inputs, frozen, result_of, thawed
from webapp.shortlist.models import ShortlistRun, TieDecision
from webapp.shortlist.queries import objection_days, open_points, plan_or_refusal, published_run


def inputs_of(session: Session, cohort: Cohort, size: int | None = None) -> dict[str, Any]:
    """Everything the ranking of a cohort reads, as the document that a run freezes."""
    plan = plan_or_refusal(session, cohort)
    columns = columns_of(session, cohort)
    place = {enrollment_id: row for row, enrollment_id in enumerate(columns.enrollment_ids)}
    marks = standing_marks(session, cohort.id, place)
    return document_of_inputs(
        cohort={"code": cohort.code, "name_th": cohort.name_th, "name_en": cohort.name_en,
                "starts_on": cohort.starts_on, "ends_on": cohort.ends_on},
        plan=ranking_plan(plan, size or cohort.shortlist_size),
        plan_facts=plan_facts(plan),
        people=columns.people,
        persons=_persons(columns),
        marks=dict(zip(columns.officer_nos, marks, strict=True)),
    )  # fmt: skip


def _persons(columns: CohortColumns) -> dict[str, dict[str, Any]]:
    return {
        number: {
            "name_th": columns.names_th[row], "name_en": columns.names_en[row], "status": columns.statuses[row],
            "shadowing_minutes": int(columns.shadowing_minutes[row]),
        }
        for row, number in enumerate(columns.officer_nos)
    }  # fmt: skip


def rank_cohort(session: Session, cohort: Cohort, size: int | None = None) -> dict[str, Any]:
    """The ranking as it stands now, nothing frozen: the same document that a run keeps as its result."""
    return result_of(inputs_of(session, cohort, size))


def draw_up(
    session: Session, *, actor: Actor, cohort: Cohort, size: int | None = None, key: str | None = None
) -> ShortlistRun:
    """Freeze inputs, plan and result of a cohort's ranking as a draft. The same form sent twice gives the same run."""
    if key is not None:
        earlier = session.scalar(select(ShortlistRun).where(ShortlistRun.key == key))
        if earlier is not None:
            return earlier
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่น %(cohort)s ปิดแล้ว จึงจัดทำรายชื่อใหม่ไม่ได้ หากจำเป็นให้เปิดรุ่นอีกครั้งพร้อมเหตุผลก่อน", cohort=cohort.code)
    inputs = inputs_of(session, cohort, size)
    if not inputs["persons"]:
        raise RuleBroken(
            "รุ่น %(cohort)s ยังไม่มีผู้เข้ารับการอบรม จึงจัดทำรายชื่อไม่ได้ นำเข้าหรือเพิ่มผู้เข้ารับการอบรมก่อน", cohort=cohort.code
        )
    refuse_own_list(session, actor, cohort.id)
    plan = plan_or_refusal(session, cohort)
    kept = frozen(inputs)
    result = frozen(result_of(thawed(kept)))
    run = ShortlistRun(
        cohort_id=cohort.id, plan_id=plan.id, plan_version=plan.version, size=inputs["size"], status=rules.DRAFT,
        inputs=kept, inputs_digest=digest(kept), result=result, result_digest=digest(result),
        audit_head=audit.head_of(session)[1], drawn_up_by=actor.name, drawn_up_by_id=actor.account_id,
        drawn_up_at=clock.now(), key=key,
    )  # fmt: skip
    session.add(run)
    flushed(session)
    after = {"cohort": cohort.code, "size": run.size, "plan_version": run.plan_version,
             "inputs_digest": run.inputs_digest, "result_digest": run.result_digest}  # fmt: skip
    audit.append(session, actor, "shortlist:run:draw-up", "shortlist_run", run.id, after=after)
    return run


def decide_tie(
    session: Session,
    *,
    actor: Actor,
    run: ShortlistRun,
    chosen: Collection[str],
    reason: str,
    version: int | None = None,
) -> TieDecision:
    """Who of the group tied across the line goes forward: decided once, by a named person, with a reason."""
    rules.check_version(run.version, version)
    rules.check_status(run.status, rules.DRAFT)
    refuse_own_list(session, actor, run.cohort_id)
    picked = rules.check_tie_choice(thawed(run.result), chosen)
    decision = TieDecision(
        run_id=run.id, chosen=picked, reason=rules.check_reason(reason), decided_by=actor.name,
        decided_by_id=actor.account_id, decided_at=clock.now(),
    )  # fmt: skip
    session.add(decision)
    flushed(session)
    audit.append(session, actor, "shortlist:tie:decide", "shortlist_run", run.id, after={"chosen": picked},
                 reason=decision.reason)  # fmt: skip
    return decision


def confirm(session: Session, *, actor: Actor, run: ShortlistRun, version: int | None = None) -> ShortlistRun:
    """A named person confirms a draft. A tie across the line must have been decided first."""
    rules.check_version(run.version, version)
    rules.check_status(run.status, rules.DRAFT)
    if actor.account_id is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะยืนยันหรือเผยแพร่รายชื่อได้")
    refuse_own_list(session, actor, run.cohort_id)
    if any(point.code == "tie" for point in open_points(session, run)):
        raise RuleBroken("มีผู้ที่ลำดับเท่ากันคร่อมเส้น ต้องมีผู้ตัดสินพร้อมเหตุผลก่อนยืนยันรายชื่อ")
    run.status, run.confirmed_by, run.confirmed_by_id = rules.CONFIRMED, actor.name, actor.account_id
    run.confirmed_at = clock.now()
    flushed(session)
    audit.append(session, actor, "shortlist:run:confirm", "shortlist_run", run.id,
                 before={"status": rules.DRAFT}, after={"status": run.status})  # fmt: skip
    telling.tell_confirmed(session, run, actor)
    return run


def publish(
    session: Session, *, actor: Actor, run: ShortlistRun, reason: str = "", version: int | None = None
) -> ShortlistRun:
    """Another person publishes a confirmed run; one published before is superseded by it, with the reason."""
    rules.check_version(run.version, version)
    rules.check_status(run.status, rules.CONFIRMED)
    rules.check_second_person(run.confirmed_by_id, actor.account_id)
    refuse_own_list(session, actor, run.cohort_id)
    if open_points(session, run):
        raise RuleBroken("ยังเผยแพร่ไม่ได้ มีเรื่องที่ต้องแก้ไขให้ครบก่อน ดูรายการในหน้ารายชื่อ")
    earlier = published_run(session, run.cohort_id)
    if earlier is not None:
        run.reason, run.supersedes_id = rules.check_reason(reason), earlier.id
        earlier.status = rules.SUPERSEDED
        flushed(session)
        audit.append(session, actor, "shortlist:run:supersede", "shortlist_run", earlier.id,
                     before={"status": rules.PUBLISHED}, after={"status": rules.SUPERSEDED, "by": run.id},
                     reason=run.reason)  # fmt: skip
    run.status, run.published_by, run.published_by_id = rules.PUBLISHED, actor.name, actor.account_id
    run.published_at = clock.now()
    run.objections_until = rules.objections_end(clock.today(), objection_days(session))
    flushed(session)
    audit.append(session, actor, "shortlist:run:publish", "shortlist_run", run.id, before={"status": rules.CONFIRMED},
                 after={"status": run.status, "supersedes": run.supersedes_id, "objections_until": run.objections_until},
                 reason=run.reason)  # fmt: skip
    telling.tell_published(session, run)
    return run


def discard(
    session: Session, *, actor: Actor, run: ShortlistRun, reason: str, version: int | None = None
) -> ShortlistRun:
    """Put a run away that was not published; it stays readable, with the reason."""
    rules.check_version(run.version, version)
    if run.status not in (rules.DRAFT, rules.CONFIRMED):
        raise Conflict("รายชื่อที่เผยแพร่แล้วยกเลิกไม่ได้ ต้องจัดทำรายชื่อใหม่แทนพร้อมเหตุผล")
    refuse_own_list(session, actor, run.cohort_id)
    before = run.status
    run.status, run.reason = rules.DISCARDED, rules.check_reason(reason)
    flushed(session)
    audit.append(session, actor, "shortlist:run:discard", "shortlist_run", run.id, before={"status": before},
                 after={"status": run.status}, reason=run.reason)  # fmt: skip
    return run


def refuse_own_list(session: Session, actor: Actor, cohort_id: int) -> None:
    """Nobody decides on a list in which they stand themselves (promise 10)."""
    if actor.account_id is None:
        return
    own = session.scalar(
        select(Enrollment.id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort_id, Officer.account_id == actor.account_id)
    )
    if own is not None:
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงดำเนินการกับรายชื่อของรุ่นนี้ไม่ได้ กรุณาให้ผู้อื่นดำเนินการ")


def flushed(session: Session) -> None:
    """Write now; a lost race is a friendly refusal."""
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Conflict("มีผู้อื่นทำเรื่องเดียวกันนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง") from error


def run_or_404(session: Session, run_id: int) -> ShortlistRun:
    """The run with this number, for somebody who may change it."""
    run = session.get(ShortlistRun, run_id)
    if run is None:
        raise NotFound("ไม่พบรายชื่อหมายเลข %(run)s", run=run_id)
    return run
