"""Figures in words: why one cannot be given, what the advice on a question says, and numbers as they are shown."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.assessments.reliability.words import figure as plain_figure
from webapp.assessments.statistics import Refusal

REFUSALS: dict[str, Any] = {
    "too-few-people": _l("มีผู้สอบที่นับได้ %(found)s คน ต้องมีอย่างน้อย %(least)s คน"),
    "too-few-questions": _l("มีข้อสอบที่นับได้ %(found)s ข้อ ต้องมีอย่างน้อย %(least)s ข้อ"),
    "totals-do-not-differ": _l("ทุกคนได้คะแนนรวมเท่ากัน จึงคำนวณความเที่ยงไม่ได้"),
    "papers-differ": _l("ผู้สอบแต่ละคนได้ข้อสอบไม่เหมือนกัน (สุ่มจากคลัง) จึงคำนวณความเที่ยงของทั้งฉบับไม่ได้ ค่าของแต่ละข้อคิดจากผู้ที่ได้ข้อนั้น"),
}  # fmt: skip

ADVICE: dict[str, Any] = {
    "too-hard": _l("ยากเกินไป ทบทวนว่าได้สอนเรื่องนี้หรือไม่ และโจทย์อ่านเข้าใจหรือไม่"),
    "too-easy": _l("ง่ายเกินไป แทบทุกคนตอบถูก จึงไม่ช่วยแยกผู้รู้จากผู้ไม่รู้"),
    "check-key": _l("ผู้ได้คะแนนรวมสูงตอบข้อนี้ได้น้อยกว่าผู้ได้คะแนนรวมต่ำ ตรวจเฉลยก่อนเป็นอันดับแรก"),
    "weak": _l("แยกผู้รู้จากผู้ไม่รู้ได้น้อย ทบทวนโจทย์และตัวลวง"),
    "idle": _l("แทบไม่มีใครเลือก จึงไม่ได้ลวง ควรเปลี่ยน"),
    "draws-the-best": _l("กลุ่มคะแนนสูงเลือกมากกว่ากลุ่มคะแนนต่ำ ตรวจว่าถูกด้วยหรือไม่"),
}

ADVICE_TAGS: dict[str, Any] = {
    "too-hard": _l("ยากเกินไป"),
    "too-easy": _l("ง่ายเกินไป"),
    "check-key": _l("ตรวจเฉลย"),
    "weak": _l("แยกได้น้อย"),
}


def refusal_words(refused: Refusal) -> str:
    """Why a figure is not given, as a sentence in the reader's language."""
    return str(REFUSALS[refused.code]) % dict(refused.parameters) if refused.code in REFUSALS else _("คำนวณไม่ได้")


def figure(value: float | Refusal | None, decimals: int = 2) -> str:
    """A figure with its decimals; a dash where there is none."""
    return "—" if value is None or isinstance(value, Refusal) else plain_figure(value, decimals)
