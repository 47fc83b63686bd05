"""Decisions about posts, units, sections, levels, qualifications, seats and the conversion of old levels."""

from collections.abc import Mapping
from typing import Any

from webapp.careers.rules import check_code, check_reason
from webapp.errors import RuleBroken

UNIT_KINDS = ("district", "bureau", "office", "external")
MOST_SEATS = 1_000
"""Seats at one unit: many times the largest; the bound catches a slip of the finger."""

MOST_PLACES = 1_000
OLD_LEVELS = range(1, 12)
"""Levels before the 2554 Act: ระดับ 1 to 11."""


def check_thing(kind: str, values: Mapping[str, Any], reason: str) -> None:
    """A thing has a code usable in files, a Thai name, and what its kind needs; a change has its reason."""
    check_reason(reason)
    check_code(values["level" if kind == "position_level" else "code"])
    if not values["name_th"].strip():
        raise RuleBroken("ต้องมีชื่อภาษาไทย")
    if kind == "unit":
        if values["kind"] not in UNIT_KINDS:
            raise RuleBroken("เลือกชนิดของหน่วยงาน")
        if values["zone"] and values["kind"] != "district":
            raise RuleBroken("กลุ่มเขตใช้กับสำนักงานเขตเท่านั้น เว้นว่างไว้สำหรับหน่วยงานชนิดอื่น")
    if "position" in values and not 0 < values["position"] < MOST_PLACES:
        raise RuleBroken("ลำดับต้องเป็นจำนวนเต็มตั้งแต่ 1 ถึง 999")
    if kind == "post" and bool(values["position_type"]) != bool(values["level"]):
        raise RuleBroken("เลือกทั้งประเภทและระดับ หรือไม่เลือกเลย")
    if kind == "post" and values["is_target"] and not values["position_type"]:
        raise RuleBroken("ตำแหน่งเป้าหมายต้องมีประเภทและระดับ")


def check_seats(seats: int, *, unit_kind: str, unit: str, reason: str) -> None:
    """Seats stand at every unit of a kind or at one unit, never both; the number has its reason. None is 0."""
    check_reason(reason)
    if bool(unit_kind) == bool(unit):
        raise RuleBroken("เลือกชนิดของหน่วยงาน หรือหน่วยงานเดียว อย่างใดอย่างหนึ่ง")
    if unit_kind and unit_kind not in UNIT_KINDS:
        raise RuleBroken("เลือกชนิดของหน่วยงาน")
    if not 0 <= seats <= MOST_SEATS:
        raise RuleBroken("จำนวนอัตราต้องเป็นจำนวนเต็มตั้งแต่ 0 ถึง %(most)s", most=MOST_SEATS)


def check_conversion(old_level: int, grade: tuple[str, str], grades: set[tuple[str, str]], reason: str) -> None:
    """An old level is one of ระดับ 1-11, and leads to a level that exists."""
    check_reason(reason)
    if old_level not in OLD_LEVELS:
        raise RuleBroken("ระดับเดิมต้องเป็น 1 ถึง 11")
    if grade not in grades:
        raise RuleBroken("เลือกประเภทและระดับปัจจุบัน")


def check_retire(kind: str, uses: list[str], *, is_target: bool = False) -> None:
    """What paths, rules, posts or criteria in force stand on is not retired before they are changed."""
    if is_target:
        raise RuleBroken("ตำแหน่งนี้เป็นตำแหน่งเป้าหมาย แก้ไขตำแหน่งให้ไม่เป็นตำแหน่งเป้าหมายก่อนเลิกใช้")
    if uses:
        raise RuleBroken("ยังใช้อยู่ใน %(uses)s แก้ไขรายการเหล่านั้นก่อน แล้วจึงเลิกใช้", uses=", ".join(uses[:5]))
