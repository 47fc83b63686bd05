"""Discretion (ดุลยพินิจ): exception rules published beforehand, and officers put forward under them (domain page §5).

It stands beside the ranking, never inside it, and is reported on.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer
from webapp.shortlist import rules
from webapp.shortlist.freezing import thawed
from webapp.shortlist.models import Discretion, ExceptionRule, ShortlistRun
from webapp.shortlist.operations import flushed, refuse_own_list
from webapp.shortlist.queries import rules_usable_for


def draft_rule(
    session: Session, *, actor: Actor, code: str, name_th: str, text_th: str, reason: str, name_en: str = "",
    text_en: str = "",
) -> ExceptionRule:  # fmt: skip
    """Draft an exception rule, or the next version of one with the same code."""
    last = session.scalar(select(func.max(ExceptionRule.version)).where(ExceptionRule.code == code))
    rule = ExceptionRule(
        code=code, version=(last or 0) + 1, name_th=name_th, name_en=name_en, text_th=text_th, text_en=text_en,
        reason=rules.check_reason(reason), drafted_by=actor.name, drafted_by_id=actor.account_id,
    )  # fmt: skip
    session.add(rule)
    flushed(session)
    audit.append(session, actor, "shortlist:exception-rule:draft", "exception_rule", rule.id, reason=rule.reason,
                 after={"code": code, "version": rule.version, "name_th": name_th, "text_th": text_th})  # fmt: skip
    return rule


def publish_rule(session: Session, *, actor: Actor, rule: ExceptionRule) -> ExceptionRule:
    """Another person than its author publishes a rule; from then on it can be used, and the version before no longer."""
    if rule.published_at is not None:
        raise Conflict("หลักเกณฑ์นี้ประกาศไปแล้ว")
    if actor.account_id is None or actor.account_id == rule.drafted_by_id:
        raise RuleBroken("ผู้ประกาศหลักเกณฑ์ต้องเป็นคนละคนกับผู้ร่าง")
    now = clock.now()
    earlier = session.scalars(
        select(ExceptionRule).where(
            ExceptionRule.code == rule.code, ExceptionRule.id != rule.id, ExceptionRule.published_at.is_not(None),
            ExceptionRule.withdrawn_at.is_(None),
        )
    )  # fmt: skip
    for other in earlier:
        other.withdrawn_at, other.withdrawn_by, other.withdrawn_reason = now, actor.name, rule.reason
    rule.published_at, rule.published_by, rule.published_by_id = now, actor.name, actor.account_id
    flushed(session)
    audit.append(session, actor, "shortlist:exception-rule:publish", "exception_rule", rule.id,
                 after={"code": rule.code, "version": rule.version})  # fmt: skip
    return rule


def withdraw_rule(session: Session, *, actor: Actor, rule: ExceptionRule, reason: str) -> ExceptionRule:
    """Withdraw a rule with a reason; what was done under it stands."""
    if rule.withdrawn_at is not None:
        raise Conflict("หลักเกณฑ์นี้ยกเลิกไปแล้ว")
    rule.withdrawn_at, rule.withdrawn_by = clock.now(), actor.name
    rule.withdrawn_reason = rules.check_reason(reason)
    flushed(session)
    audit.append(session, actor, "shortlist:exception-rule:withdraw", "exception_rule", rule.id, reason=reason)
    return rule


def use_discretion(
    session: Session,
    *,
    actor: Actor,
    run: ShortlistRun,
    officer_no: str,
    rule: ExceptionRule,
    category: str,
    reason: str,
) -> Discretion:
    """An executive puts an officer of the cohort forward outside the first names, under a rule published beforehand."""
    rules.check_status(run.status, rules.PUBLISHED)
    refuse_own_list(session, actor, run.cohort_id)
    if rule.id not in {usable.id for usable in rules_usable_for(session, run)}:
        raise RuleBroken("ใช้ได้เฉพาะหลักเกณฑ์ข้อยกเว้นที่ประกาศไว้ก่อนจัดทำรายชื่อและยังใช้บังคับอยู่")
    if not category.strip():
        raise RuleBroken("ต้องระบุประเภทของเหตุยกเว้น")
    enrollment = session.scalar(
        select(Enrollment)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == run.cohort_id, Officer.officer_no == officer_no)
    )
    if enrollment is None:
        raise NotFound("ไม่พบข้าราชการเลขที่ %(officer)s ในรุ่นนี้", officer=officer_no)
    listed = {e["officer_no"] for e in thawed(run.result)["entries"] if e["shortlisted"] and not e["tied_at_line"]}
    if officer_no in listed:
        raise RuleBroken("ข้าราชการผู้นี้อยู่ในรายชื่อตามลำดับอยู่แล้ว")
    made = Discretion(
        run_id=run.id, enrollment_id=enrollment.id, rule_id=rule.id, category=category.strip(),
        reason=rules.check_reason(reason), used_by=actor.name, used_by_id=actor.account_id, used_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    flushed(session)
    audit.append(session, actor, "shortlist:discretion:use", "shortlist_run", run.id, reason=made.reason,
                 after={"officer_no": officer_no, "rule": rule.code, "rule_version": rule.version,
                        "category": made.category})  # fmt: skip
    return made
