"""Verifying a selection: computed again from what was frozen, held against its digests, the audit chain and the places."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.admissions import selection_queries as reads
from webapp.admissions.freezing import whole
from webapp.admissions.models import Place, Selection
from webapp.audit import AuditEntry, AuditOpening, entry_hash, values_digest


def differences(session: Session, selection: Selection) -> list[str]:
    """Every difference between a selection and what its frozen inputs give, as sentences; none where it is whole."""
    words = {
        "inputs": _("ข้อมูลที่ตรึงไว้ไม่ตรงกับค่าแฮชที่บันทึกเมื่อจัดทำ"),
        "result": _("ผลที่ตรึงไว้ไม่ตรงกับค่าแฮชที่บันทึกเมื่อจัดทำ"),
        "recomputed": _("ผลที่คำนวณใหม่ไม่ตรงกับผลที่ตรึงไว้"),
        "marks": _("คะแนนที่ตรึงไว้ไม่ตรงกับคะแนนของกรรมการที่ตรึงไว้"),
        "unreadable": _("อ่านข้อมูลที่ตรึงไว้เพื่อคำนวณใหม่ไม่ได้"),
    }
    codes = whole(selection.inputs, selection.inputs_digest, selection.result, selection.result_digest)
    found = [words[code] for code in codes] + _against_audit(session, selection)
    return found if "unreadable" in codes else found + _places(session, selection)


def _against_audit(session: Session, selection: Selection) -> list[str]:
    entry = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.action == "admissions:selection:draw-up", AuditEntry.thing_key == str(selection.id))
        .order_by(AuditEntry.id)
    )
    opening = None if entry is None else session.get(AuditOpening, entry.id)
    if entry is None or opening is None:
        return [_("ไม่พบการจัดทำผลการคัดเลือกนี้ในบันทึกการตรวจสอบ")]
    if entry_hash(entry) != entry.hash or values_digest(opening.salt, opening.values, opening.reason) != entry.digest:
        return [_("บันทึกการตรวจสอบของผลการคัดเลือกนี้ถูกแก้ไข")]
    kept = opening.values.get("after", {})
    if kept.get("inputs_digest") != selection.inputs_digest or kept.get("result_digest") != selection.result_digest:
        return [_("ค่าแฮชของผลการคัดเลือกไม่ตรงกับที่อยู่ในบันทึกการตรวจสอบ")]
    return []


def _places(session: Session, selection: Selection) -> list[str]:
    """Whether the published places are those that the frozen result and the decisions on ties give."""
    if selection.published_at is None:
        return []
    rows = session.execute(
        select(Place.officer_no, Place.kind, Place.rank, Place.composite)
        .where(Place.selection_id == selection.id)
        .order_by(Place.officer_no)
    )
    published = {number: (kind, rank, composite) for number, kind, rank, composite in rows}
    given = reads.given_in(session, selection)
    changed = sorted(number for number in {*published, *given} if published.get(number) != given.get(number))
    return [_("ผลที่ประกาศของ %(officer)s ต่างจากที่คำนวณใหม่", officer=number) for number in changed]
