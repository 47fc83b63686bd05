"""Decisions of the careers room: what a course of the catalog and an accepted equivalent must have."""

import datetime as dt
import re
from dataclasses import dataclass

from webapp.errors import RuleBroken

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""A course code: it stands in spreadsheets and addresses, so no spaces and no Thai letters."""


@dataclass(frozen=True)
class CourseFacts:
    """What the catalog says of a course."""

    code: str
    name_th: str
    name_en: str
    institution: str
    external: bool


@dataclass(frozen=True)
class Acceptance:
    """That one course is accepted in place of another: by whom, under which resolution, from when to when."""

    course: str
    equivalent: str
    accepting_body: str
    resolution: str
    valid_from: dt.date | None
    valid_until: dt.date | None


def check_reason(reason: str) -> None:
    """No change of the catalog without its reason (promise 10)."""
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผลของการเปลี่ยนแปลง")


def check_code(code: str) -> None:
    """A code stands in spreadsheets and addresses: no spaces, no Thai letters, and never changed afterwards."""
    if not CODE.fullmatch(code):
        raise RuleBroken("รหัสใช้ได้เฉพาะตัวอักษรอังกฤษ ตัวเลข จุด และขีด ไม่เกิน 80 ตัว")


def check_course(course: CourseFacts) -> None:
    """A course has a code usable in files, a Thai name, and an institution where it is somebody else's."""
    if not CODE.fullmatch(course.code):
        raise RuleBroken("รหัสหลักสูตรใช้ได้เฉพาะตัวอักษรอังกฤษ ตัวเลข จุด และขีด ไม่เกิน 80 ตัว")
    if not course.name_th.strip():
        raise RuleBroken("ต้องมีชื่อหลักสูตรภาษาไทย")


def check_acceptance(acceptance: Acceptance, *, standing: frozenset[tuple[str, str]]) -> None:
    """An equivalent is another course, names who accepted it and by which resolution, and ends after it begins.

    ``standing`` holds the pairs already accepted; a pair is accepted once at a time.
    """
    if acceptance.course == acceptance.equivalent:
        raise RuleBroken("หลักสูตรใช้แทนตัวเองไม่ได้ เลือกหลักสูตรอื่น")
    if not acceptance.accepting_body.strip():
        raise RuleBroken("ต้องระบุผู้รับรอง เช่น ก.ก.")
    if not acceptance.resolution.strip():
        raise RuleBroken("ต้องระบุมติหรือหนังสือที่รับรอง")
    if acceptance.valid_from and acceptance.valid_until and acceptance.valid_until < acceptance.valid_from:
        raise RuleBroken("วันสิ้นสุดการรับรองต้องไม่ก่อนวันเริ่ม")
    if (acceptance.course, acceptance.equivalent) in standing:
        raise RuleBroken("หลักสูตรนี้ได้รับการรับรองให้ใช้แทนอยู่แล้ว แก้ไขรายการเดิมแทน")


def state_on(day: dt.date, valid_from: dt.date | None, valid_until: dt.date | None) -> str:
    """``future``, ``in-force`` or ``expired``: whether an acceptance counts for a course completed on ``day``.

    Both ends count; no first or last day means without limit on that side.
    """
    if valid_from and day < valid_from:
        return "future"
    if valid_until and day > valid_until:
        return "expired"
    return "in-force"
