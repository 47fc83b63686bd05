"""Verifying a run: computed again from what was frozen, and held against its digests and the audit chain."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.audit import AuditEntry, AuditOpening, entry_hash, values_digest
from webapp.shortlist.freezing import digest, frozen, result_of, scores_that_disagree, thawed
from webapp.shortlist.models import ShortlistRun

MOST_NAMED = 5
"""Differences named one by one; more are counted."""


def differences(session: Session, run: ShortlistRun) -> list[str]:
    """Every difference between a run and what its frozen inputs give, as sentences; none where it is whole."""
    found = []
    if digest(run.inputs) != run.inputs_digest:
        found.append(_("ข้อมูลที่ตรึงไว้ไม่ตรงกับค่าแฮชที่บันทึกเมื่อจัดทำ"))
    if digest(run.result) != run.result_digest:
        found.append(_("ผลที่ตรึงไว้ไม่ตรงกับค่าแฮชที่บันทึกเมื่อจัดทำ"))
    found += _against_audit(session, run)
    try:
        inputs = thawed(run.inputs)
        computed = result_of(inputs)
        found += _inside(run, inputs)
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, AttributeError):
        return [*found, _("อ่านข้อมูลที่ตรึงไว้เพื่อคำนวณใหม่ไม่ได้")]
    if frozen(computed) != run.result:
        found += _named(computed, run.result)
    return found


def _inside(run: ShortlistRun, inputs: dict[str, Any]) -> list[str]:
    """Whether the run's own columns and marks agree with the frozen inputs."""
    found = []
    if inputs["size"] != run.size or inputs["plan_facts"]["version"] != run.plan_version:
        found.append(_("จำนวนรายชื่อหรือฉบับของแผนไม่ตรงกับข้อมูลที่ตรึงไว้"))
    disagreeing = scores_that_disagree(inputs)
    for number, component in disagreeing[:MOST_NAMED]:
        found.append(
            _("คะแนน %(component)s ของ %(officer)s ไม่ตรงกับคะแนนของกรรมการที่ตรึงไว้", component=component, officer=number)
        )
    if len(disagreeing) > MOST_NAMED:
        found.append(_("และอีก %(count)s รายการ", count=len(disagreeing) - MOST_NAMED))
    return found


def _against_audit(session: Session, run: ShortlistRun) -> list[str]:
    """Whether the digests are those that the audit chain holds since the run was drawn up."""
    entry = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.action == "shortlist:run:draw-up", AuditEntry.thing_key == str(run.id))
        .order_by(AuditEntry.id)
    )
    opening = None if entry is None else session.get(AuditOpening, entry.id)
    if entry is None or opening is None:
        return [_("ไม่พบการจัดทำรายชื่อนี้ในบันทึกการตรวจสอบ")]
    if entry_hash(entry) != entry.hash or values_digest(opening.salt, opening.values, opening.reason) != entry.digest:
        return [_("บันทึกการตรวจสอบของรายชื่อนี้ถูกแก้ไข")]
    kept = opening.values.get("after", {})
    if kept.get("inputs_digest") != run.inputs_digest or kept.get("result_digest") != run.result_digest:
        return [_("ค่าแฮชของรายชื่อไม่ตรงกับที่อยู่ในบันทึกการตรวจสอบ")]
    return []


def _named(computed: dict[str, Any], kept_text: str) -> list[str]:
    """Which entries of the kept result differ from the computed one."""
    try:
        kept = thawed(kept_text)
        before = {row["officer_no"]: row for row in [*kept["entries"], *kept["unranked"]]}
    except (ValueError, KeyError, TypeError):
        return [_("ผลที่คำนวณใหม่ไม่ตรงกับผลที่ตรึงไว้")]
    after = {row["officer_no"]: row for row in [*computed["entries"], *computed["unranked"]]}
    changed = sorted(number for number in {*before, *after} if before.get(number) != after.get(number))
    found = [_("ผลที่คำนวณใหม่ไม่ตรงกับผลที่ตรึงไว้")]
    found += [_("ผลของ %(officer)s ต่างจากที่คำนวณใหม่", officer=number) for number in changed[:MOST_NAMED]]
    if len(changed) > MOST_NAMED:
        found.append(_("และอีก %(count)s รายการ", count=len(changed) - MOST_NAMED))
    return found
