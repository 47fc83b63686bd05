"""How applications, checks, places and offers read."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.admissions.entry import Check, Line
from webapp.careers.criteria.tree import UNIT
from webapp.records.words import length_words

STATES: dict[str, tuple[Any, str]] = {
    "nominated": (_l("รอผู้ได้รับการเสนอชื่อตอบรับ"), "wait"),
    "turned-down": (_l("ไม่รับการเสนอชื่อ"), "off"),
    "filed": (_l("รอพิจารณาคุณสมบัติ"), "act"),
    "exception": (_l("ขอข้อยกเว้น รอผู้อนุมัติ"), "act"),
    "accepted": (_l("มีสิทธิเข้ารับการคัดเลือก"), "good"),
    "refused": (_l("ไม่รับใบสมัคร"), "bad"),
    "withdrawn": (_l("ถอนใบสมัครแล้ว"), "off"),
}
VIA = {
    "own": _l("สมัครเอง"), "nomination": _l("ได้รับการเสนอชื่อ"), "staff": _l("เจ้าหน้าที่บันทึก"),
    "register": _l("เรียกจากบัญชี"),
}  # fmt: skip
CHECKS: dict[str, tuple[Any, str]] = {
    "met": (_l("ผ่านคุณสมบัติ"), "good"), "not-met": (_l("ไม่ผ่านคุณสมบัติ"), "bad"),
    "unknown": (_l("ข้อมูลไม่ชัดเจน"), "wait"), "none": (_l("ไม่มีเกณฑ์เข้าอบรม"), "off"),
}  # fmt: skip
MET: dict[str, tuple[Any, str]] = {
    "met": (_l("ผ่าน"), "good"), "not-met": (_l("ยังไม่ผ่าน"), "bad"), "unknown": (_l("ข้อมูลไม่ชัดเจน"), "wait"),
}  # fmt: skip
STATUSES: dict[str, tuple[Any, str]] = {
    "draft": (_l("ร่าง"), "plain"), "confirmed": (_l("ยืนยันแล้ว"), "wait"), "published": (_l("ประกาศแล้ว"), "good"),
    "superseded": (_l("ถูกแทนแล้ว"), "off"), "discarded": (_l("ยกเลิกแล้ว"), "off"),
}  # fmt: skip
KINDS: dict[str, tuple[Any, str]] = {
    "seat": (_l("ได้ที่นั่ง"), "good"), "reserve": (_l("บัญชีสำรอง"), "wait"),
    "register": (_l("ขึ้นบัญชีผู้ผ่านการคัดเลือก"), "plain"), "none": (_l("ไม่ผ่านการคัดเลือก"), "off"),
    "refused": (_l("ไม่รับใบสมัคร"), "bad"), "withdrawn": (_l("ถอนใบสมัครแล้ว"), "off"),
    "undecided": (_l("รอตัดสินลำดับที่เท่ากัน"), "act"),
}  # fmt: skip
ANSWERS: dict[str | None, tuple[Any, str]] = {
    None: (_l("รอคำตอบ"), "act"), "accepted": (_l("ตอบรับแล้ว"), "good"), "declined": (_l("สละสิทธิ์"), "off"),
    "lapsed": (_l("ไม่ตอบในกำหนด"), "off"), "canceled": (_l("ยกเลิกแล้ว"), "off"),
}  # fmt: skip
SOURCES = {"seat": _l("ผลการคัดเลือก"), "reserve": _l("บัญชีสำรอง"), "register": _l("บัญชีผู้ผ่านการคัดเลือก")}
REGISTER: dict[str, tuple[Any, str]] = {
    "standing": (_l("ใช้ได้"), "good"), "called": (_l("เรียกแล้ว รอคำตอบ"), "wait"), "used": (_l("เข้าอบรมแล้ว"), "plain"),
    "left": (_l("ออกจากบัญชี"), "off"), "replaced": (_l("ถูกแทนด้วยผลใหม่"), "off"), "ended": (_l("สิ้นอายุ"), "off"),
}  # fmt: skip


LINES = {"seat": _l("ที่นั่งสุดท้าย"), "reserve": _l("ลำดับสุดท้ายของบัญชีสำรอง")}
FINDS_ONE = ("qualification", "course")
"""Kinds of criteria of which there is one or none."""


def state_of_check(check: Check | None) -> tuple[Any, str]:
    """A check in words, with the kind of its tag."""
    return CHECKS[check.state if check is not None else "none"]


def found(line: Line) -> str:
    """What was found for a criterion."""
    if line.of:
        return _("ผ่าน %(found)s จาก %(all)s ข้อ", found=line.found, all=len(line.of))
    if line.kind == "service":
        return _("รับราชการอยู่") if line.found else _("ยังไม่เข้ารับราชการหรือพ้นจากราชการแล้ว")
    if line.kind in FINDS_ONE:
        return _("มี") if line.found else _("ไม่มี")
    if line.kind == "tenure":
        return length_words(line.found) if line.found else _("ไม่มี")
    return amount(line.kind, line.found)


def required(line: Line) -> str:
    """What a criterion asks for."""
    if line.of:
        return _("อย่างน้อย %(count)s ข้อ", count=line.required) if line.required < len(line.of) else _("ครบทุกข้อ")
    if line.kind == "service":
        return _("ต้องรับราชการอยู่")
    if line.kind in FINDS_ONE:
        return _("ต้องมี")
    if line.kind == "tenure" and line.required <= 1:
        return _("ดำรงตำแหน่งหรือเคยดำรงตำแหน่ง")
    shown = length_words(line.required) if line.kind == "tenure" else amount(line.kind, line.required)
    return _("อย่างน้อย %(amount)s", amount=shown)


def amount(kind: str, value: int) -> str:
    """So many of what a kind of criterion counts."""
    number = thai.number(value)
    return {
        "sections": _("%(number)s ฝ่าย", number=number), "districts": _("%(number)s สำนักงานเขต", number=number),
        "works": _("%(number)s ผลงาน", number=number), "competencies": _("%(number)s สมรรถนะ", number=number),
    }.get(UNIT.get(kind, ""), _("%(number)s ข้อ", number=number))  # fmt: skip
