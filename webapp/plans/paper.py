"""A development plan as a document on A4."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.careers.words import in_language, told
from webapp.documents import render
from webapp.language import language
from webapp.plans import words
from webapp.plans.queries import Line, Sheet

TEMPLATE = "plans/documents/plan.typ"


def pdf(sheet: Sheet, audit_head: tuple[int, str], made_at: dt.datetime) -> bytes:
    """The document's bytes."""
    return render(TEMPLATE, _data(sheet, audit_head, made_at), dated=made_at)


def _data(sheet: Sheet, audit_head: tuple[int, str], made_at: dt.datetime) -> dict[str, Any]:
    plan, edition, (length, head) = sheet.plan, sheet.edition, audit_head
    none = _("ยังไม่มี")
    period = f"{thai.day_long(edition.starts_on)} – {thai.day_long(edition.ends_on)}"
    agreed = f"{edition.decided_by} · {thai.moment(edition.decided_at)}" if edition.state == "agreed" else none
    facts = [
        (_("เจ้าของแผน"), f"{in_language(plan.officer)} ({plan.officer.officer_no})"),
        (_("ตำแหน่งเป้าหมาย"), in_language(plan.post)), (_("ช่วงเวลา"), period),
        (_("เป้าหมาย"), edition.aim or none), (_("ฉบับที่"), thai.number(edition.number)),
        (_("สถานะ"), str(words.STATES[plan.state][0])), (_("เห็นชอบโดย"), agreed),
    ]  # fmt: skip
    if plan.review:
        facts.append((_("ผลการทบทวนแผน"), plan.review))
    return {
        "language": language(), "title": _("แผนพัฒนารายบุคคล"), "header": in_language(plan.officer),
        "footer": _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=length, head=head[:16],
                    when=thai.moment(made_at)),
        "facts": [list(pair) for pair in facts],
        "items": [_item(number, line) for number, line in enumerate(sheet.lines, start=1)],
        "nothing": none,
        "signatures": [[_("ลงชื่อเจ้าของแผน"), in_language(plan.officer)],
                       [_("ลงชื่อผู้ให้ความเห็นชอบ"), edition.decided_by if edition.state == "agreed" else ""]],
    }  # fmt: skip


def _item(number: int, line: Line) -> dict[str, Any]:
    item, none = line.item, _("ยังไม่มี")
    gap = in_language(item.gap) or _("เรื่องอื่น")
    current, expected = told(item.gap, "current"), told(item.gap, "expected")
    rows = [
        (_("ปัจจุบัน"), current or none), (_("ที่คาดหวัง"), expected or none),
        (_("วิธีพัฒนา"), str(words.ACTIONS[item.action_kind])
         + (f" · {words.SHARES[item.share]}" if item.share in words.SHARES else "")),
        (_("สิ่งที่จะทำ"), item.action), (_("กำหนดเสร็จ"), thai.day_long(item.due_on) if item.due_on else none),
        (_("ตัววัดความสำเร็จ"), item.measure or none), (_("การสนับสนุนที่ต้องการ"), item.support or none),
        (_("ผลของรายการนี้"), str(words.LINE_STATES[line.state][0])),
    ]  # fmt: skip
    notes = [
        f"{thai.day(note.written_at.date())} {note.written_by}: {words.NOTES[note.kind]} {note.text}".strip()
        for note in line.notes
    ]
    return {"title": f"{thai.number(number)}. {gap}", "rows": [list(row) for row in rows], "notes": notes}
