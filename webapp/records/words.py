"""Reasons and exact figures as sentences in the reader's language; the same on pages, in commands and in workbooks."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from webapp.assessments.ranking.reasons import Reason
from webapp.assessments.ranking.scores import as_text, from_plain, plain
from webapp.careers.tenure import as_length
from webapp.language import language

SHOWN_DECIMALS = 4
"""Beyond so many decimals an exact number is shown as rounded, with the exact fraction beside it."""

Names = Mapping[str, Mapping[str, str]]


def exact_words(number: Fraction | str) -> str:
    """An exact number as people read it: 59.5; where it never ends, rounded with the fraction beside it."""
    value = from_plain(number) if isinstance(number, str) else number
    text = plain(value)
    if "/" in text or len(text.partition(".")[2]) > SHOWN_DECIMALS:
        return _("%(rounded)s (คือ %(exact)s พอดี)", rounded=as_text(value, SHOWN_DECIMALS), exact=_fraction(value))
    return text


def _fraction(value: Fraction) -> str:
    text = plain(value)
    return text if len(text) <= 12 else f"{value.numerator}/{value.denominator}"


def reason_words(reason: Mapping[str, Any] | Reason, names: Names) -> str:
    """Why somebody is not ranked, as one sentence. ``names`` are the plan's components by code."""
    if isinstance(reason, Reason):
        reason = {"code": reason.code, **{key: _plain(value) for key, value in reason.parameters.items()}}
    code = reason["code"]
    if code == "withdrawn":
        return _("ถอนตัวจากการอบรม")
    if code == "project-not-accepted":
        return _("โครงการยังไม่ได้รับการยอมรับ")
    if code == "missing-score":
        return _("ยังไม่มีคะแนน%(component)s", component=component_name(names, reason["component"]))
    if code == "below-pass-mark":
        return _(
            "คะแนน%(component)s ได้ %(found)s จาก %(maximum)s ต้องได้อย่างน้อย %(required)s (ร้อยละ %(percent)s)",
            component=component_name(names, reason["component"]), found=exact_words(reason["found"]),
            maximum=exact_words(reason["maximum"]), required=exact_words(reason["required"]),
            percent=exact_words(reason["percent"]),
        )  # fmt: skip
    if code == "attendance-below":
        return _(
            "เข้าเรียนร้อยละ %(found)s (%(attended)s จาก %(held)s ชั่วโมง) ต้องไม่น้อยกว่าร้อยละ %(required)s",
            found=exact_words(reason["found"]), attended=exact_words(reason["attended"]),
            held=exact_words(reason["held"]), required=exact_words(reason["required"]),
        )  # fmt: skip
    return _(
        "การสอนงานและให้คำปรึกษาที่รับรองแล้ว %(found)s ชั่วโมง ต้องไม่น้อยกว่า %(required)s ชั่วโมง",
        found=exact_words(reason["found"]), required=exact_words(reason["required"]),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return plain(value) if isinstance(value, Fraction) else value


def component_name(names: Names, code: str) -> str:
    """A component's name in the reader's language, its code where it has none."""
    found = names.get(code, {})
    english = found.get("name_en", "") if language() == "en" else ""
    return english or found.get("name_th", "") or code


def tie_breaker_name(names: Names, key: str) -> str:
    """What a tie-breaker compares, in the plan's own words where it has some."""
    if f"tie:{key}" in names:
        return component_name(names, f"tie:{key}")
    if key == "level_tenure":
        return _("ระยะเวลาดำรงตำแหน่งในประเภทและระดับปัจจุบัน")
    if key == "entry_date":
        return _("วันเข้ารับราชการ")
    return _("คะแนน%(component)s", component=component_name(names, key))


def length_words(days: int) -> str:
    """A tenure of the 360-day count in years, months and days."""
    years, months, rest = as_length(days)
    parts = [
        _("%(count)s ปี", count=years) if years else "",
        _("%(count)s เดือน", count=months) if months else "",
        _("%(count)s วัน", count=rest) if rest or not (years or months) else "",
    ]
    return " ".join(part for part in parts if part)
