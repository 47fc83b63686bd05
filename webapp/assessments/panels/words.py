"""Panels in words: relations, figures, what a guide still lacks."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.panels.rules import GuideProblem

RELATION_WORDS: dict[str, Any] = {
    "self": _l("เป็นคนเดียวกัน"), "supervisor": _l("เป็นผู้บังคับบัญชา"), "mentor": _l("เป็นผู้สอนงานหรือพี่เลี้ยง"),
    "relative": _l("เป็นญาติ"), "other": _l("มีส่วนได้เสียอย่างอื่น"), "named": _l("ให้คะแนนแทน"),
}  # fmt: skip
FOUND_WORDS: dict[str, Any] = {
    "register": _l("พบจากทะเบียน"), "declared": _l("กรรมการแจ้งเอง"), "staff": _l("เจ้าหน้าที่บันทึก"),
}  # fmt: skip
FIGURE_WORDS: dict[str, Any] = {
    "disagreement": _l("คะแนนต่างกันเกินร้อยละเท่าใดของคะแนนเต็มจึงต้องหารือ"),
    "training_years": _l("การอบรมผู้ประเมินใช้ได้กี่ปี"),
    "training_required": _l("กรรมการที่ไม่มีการอบรมที่ยังใช้ได้"),
}
SHIPPED_REASONS: dict[str, Any] = {
    "disagreement": _l("ค่าเริ่มต้นของระบบ: หนึ่งในห้าของคะแนนเต็ม เท่ากับต่างกันหนึ่งระดับจากห้าระดับ"),
    "training_years": _l("ค่าเริ่มต้นของระบบ: ทบทวนการอบรมทุกสามปี"),
    "training_required": _l("ค่าเริ่มต้นของระบบ: แสดงเป็นข้อที่ต้องดำเนินการ ยังไม่ห้ามส่งคะแนน"),
}
PROBLEM_WORDS: dict[str, Any] = {
    "no-questions": _l("ยังไม่มีคำถาม"),
    "no-text": _l("ข้อที่ %(question)s: ยังไม่มีคำถาม"),
    "no-competency": _l("ข้อที่ %(question)s: ยังไม่ได้เลือกสมรรถนะที่วัด"),
    "no-weight": _l("ข้อที่ %(question)s: น้ำหนักต้องมากกว่า 0"),
    "no-anchor": _l("ข้อที่ %(question)s: ยังไม่ได้บรรยายระดับ %(level)s"),
}


def problem_words(problem: GuideProblem) -> str:
    """What a guide lacks, at which question."""
    return str(PROBLEM_WORDS[problem.code]) % {"question": problem.question, "level": problem.level}


def figure_value(kind: str, value: Any) -> str:
    """A figure with its unit."""
    if kind == "training_required":
        return _("ห้ามส่งคะแนน") if value else _("แสดงเป็นข้อที่ต้องดำเนินการ")
    if kind == "training_years":
        return _("%(years)s ปี", years=f"{value:f}")
    return _("ร้อยละ %(percent)s", percent=f"{value:f}")
