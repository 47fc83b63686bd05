"""What is wrong with a plan, in words that say what would be right."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.plans.rules import SOURCE_NAMES
from webapp.assessments.ranking.plan import Problem
from webapp.language import language

GATE_WORDS = {
    "attendance_percent": _l("เข้าเรียนไม่น้อยกว่า (ร้อยละ)"),
    "coaching_hours": _l("ชั่วโมงการสอนงานที่รับรองแล้วไม่น้อยกว่า"),
    "project_accepted": _l("โครงการได้รับการยอมรับ"),
}
TIE_BREAKER_WORDS = {
    "level_tenure": _l("ระยะเวลาดำรงตำแหน่งในระดับปัจจุบันนานกว่า"),
    "entry_date": _l("เข้ารับราชการก่อน"),
}
PURPOSE_WORDS = {"ranking": _l("การจัดลำดับหลังการอบรม"), "selection": _l("การคัดเลือกเข้ารับการอบรม")}
STATUS_WORDS = {"draft": _l("ร่าง"), "in-force": _l("ใช้บังคับ"), "superseded": _l("ถูกแทนที่แล้ว")}


def source_words(source: str) -> str:
    """Where a component's score comes from."""
    return SOURCE_NAMES[source][0 if language() == "th" else 1]


def problem_words(problem: Problem) -> str:
    """One sentence: what is wrong and what would be right."""
    given = dict(problem.parameters)
    words = _SENTENCES.get(problem.code)
    if problem.code == "out-of-range":
        return _range_words(given)
    if words is None:
        return problem.code
    shown = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in given.items()}
    return str(words) % shown if shown else str(words)


def _range_words(given: dict[str, Any]) -> str:
    least, most = given["least"], given["most"]
    if most is None and given.get("above"):
        return str(_("ต้องมากกว่า %(least)s", least=least))
    if most is None:
        return str(_("ต้องไม่น้อยกว่า %(least)s", least=least))
    return str(_("ต้องอยู่ระหว่าง %(least)s ถึง %(most)s", least=least, most=most))


_SENTENCES: dict[str, Any] = {
    "missing": _l("ต้องระบุ"),
    "not-a-component": _l("ต้องเป็นรายการ ชื่อ: ค่า"),
    "code-twice": _l("รหัส “%(component)s” ซ้ำกัน แต่ละองค์ประกอบต้องมีรหัสของตน"),
    "weights-not-100": _l("น้ำหนักรวมเป็น %(found)s ต้องรวมเป็น %(required)s พอดี"),
    "reserved": _l("ใช้ “%(found)s” เป็นรหัสองค์ประกอบไม่ได้ เพราะเป็นชื่อเกณฑ์ตัดสินคะแนนเท่ากัน"),
    "not-gates": _l("ต้องเป็นรายการ ชื่อ: ค่า"),
    "unknown-gate": _l("ไม่รู้จักเงื่อนไข “%(found)s” ใช้ได้เฉพาะ %(known)s"),
    "not-yes-or-no": _l("ต้องเป็น true หรือ false"),
    "unknown-tie-breaker": _l("ไม่รู้จักเกณฑ์ตัดสินคะแนนเท่ากัน “%(found)s” ใช้ได้เฉพาะ %(known)s"),
    "tie-breaker-twice": _l("เกณฑ์ตัดสินคะแนนเท่ากัน “%(found)s” ซ้ำกัน"),
    "not-a-number": _l("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5"),
    "criterion-twice": _l("เกณฑ์ย่อยแต่ละข้อต้องมีรหัสของตน"),
    "no-weight": _l("เกณฑ์ย่อยต้องมีน้ำหนักอย่างน้อยหนึ่งข้อ"),
    "scored-component-gone": _l("องค์ประกอบ “%(component)s” มีคะแนนแล้ว จึงนำออกจากแผนไม่ได้"),
    "scored-maximum-changed": _l("องค์ประกอบนี้มีคะแนนแล้ว คะแนนเต็มต้องคงเป็น %(required)s"),
    "scored-rubric-changed": _l("องค์ประกอบ “%(component)s” มีคะแนนแล้ว จึงเปลี่ยนเกณฑ์ย่อยไม่ได้"),
    "supersedes-without-reason": _l("มีคะแนนตามแผนฉบับก่อนแล้ว ต้องระบุเหตุผลที่จัดทำฉบับใหม่"),
}
"""Translated with their values where they are shown."""
