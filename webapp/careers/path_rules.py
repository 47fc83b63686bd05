"""Decisions about career paths: what makes one sound, and what a rule of the post, or its lifting, means for it.

A path is an ordered list of steps; a step names a post, or a position type and level, with the kind of unit, the least
years and what else it asks (domain page §2). Steps are plain dictionaries, as they are kept.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.errors import RuleBroken

KINDS = ("district", "bureau", "mixed")
UNIT_KINDS = ("district", "bureau", "office", "external")
MOST_STEPS = 15
"""More steps than any career has; the bound keeps pictures and pages readable."""

NUMBERS = {"years": 40, "districts": 50, "sections": 10, "works": 20}
"""What a step may ask, and the most that makes sense: a career, the districts, the sections, works of a lifetime."""

Step = Mapping[str, Any]
Grade = tuple[str | None, str | None]


@dataclass(frozen=True)
class Surroundings:
    """What a path is checked against: the order of levels, each post's own level, and the rule of its post."""

    post: str
    grades: Mapping[Grade, int] = field(default_factory=dict)
    """Type and level → its place, lowest first."""
    posts: Mapping[str, Grade] = field(default_factory=dict)
    """Post → its usual type and level."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Post → how the reader calls it."""
    through: str = ""
    """The post that every path to this one passes through; empty where there is no such rule, or it is lifted."""


def check_path(steps: Sequence[Step], around: Surroundings) -> None:
    """Refuse a path that is empty, too long, does not end at its post, goes down, or skips the key position."""
    if not steps:
        raise RuleBroken("เส้นทางต้องมีอย่างน้อยหนึ่งขั้น เพิ่มขั้นก่อนบันทึก")
    if len(steps) > MOST_STEPS:
        raise RuleBroken("เส้นทางมีได้ไม่เกิน %(most)s ขั้น รวมขั้นที่ใกล้กันเป็นขั้นเดียว", most=MOST_STEPS)
    for place, step in enumerate(steps, start=1):
        _check_step(place, step, around)
    if steps[-1].get("post") != around.post:
        raise RuleBroken("ขั้นสุดท้ายต้องเป็นตำแหน่งปลายทาง คือ %(post)s ย้ายหรือเพิ่มขั้นนั้นไว้ท้ายสุด", post=_name(around, around.post))
    if any(step.get("post") == around.post for step in steps[:-1]):
        raise RuleBroken("ตำแหน่งปลายทางอยู่ได้เฉพาะขั้นสุดท้าย ลบขั้นที่ซ้ำออก")
    _check_order(steps, around)
    if skips(steps, around.through):
        raise RuleBroken(
            "เส้นทางสู่%(post)sต้องผ่าน%(key)s เพิ่มขั้นนั้นก่อนขั้นสุดท้าย หรือบันทึกมติยกเว้นกฎของตำแหน่งนี้ก่อน",
            post=_name(around, around.post), key=_name(around, around.through),
        )  # fmt: skip


def _check_step(place: int, step: Step, around: Surroundings) -> None:
    """A step names a post or a level that exist, a known kind of unit, and numbers that make sense."""
    post, grade = step.get("post"), (step.get("position_type"), step.get("level"))
    if not post and not grade[0]:
        raise RuleBroken("ขั้นที่ %(place)s ต้องมีตำแหน่ง หรือประเภทและระดับ", place=place)
    if post and post not in around.posts:
        raise RuleBroken("ขั้นที่ %(place)s: ไม่พบตำแหน่งที่เลือก เลือกใหม่", place=place)
    if grade[0] and grade not in around.grades:
        raise RuleBroken("ขั้นที่ %(place)s: ไม่พบประเภทและระดับที่เลือก เลือกใหม่", place=place)
    if step.get("unit_kind") and step["unit_kind"] not in UNIT_KINDS:
        raise RuleBroken("ขั้นที่ %(place)s: ไม่รู้จักชนิดของหน่วยงานที่เลือก เลือกใหม่", place=place)
    for name, most in NUMBERS.items():
        value = step.get(name) or 0
        if value != int(value) or not 0 <= value <= most:
            raise RuleBroken("ขั้นที่ %(place)s: จำนวนต้องเป็นจำนวนเต็มตั้งแต่ 0 ถึง %(most)s", place=place, most=most)


def _check_order(steps: Sequence[Step], around: Surroundings) -> None:
    """No step goes down: its level is never below that of the step before it."""
    before: int | None = None
    for place, step in enumerate(steps, start=1):
        rank = rank_of(step, around)
        if rank is None:
            continue
        if before is not None and rank < before:
            raise RuleBroken("ขั้นที่ %(place)s อยู่ในระดับต่ำกว่าขั้นก่อนหน้า สลับลำดับหรือแก้ระดับของขั้นนั้น", place=place)
        before = rank


def rank_of(step: Step, around: Surroundings) -> int | None:
    """The place of a step's level in the order of levels: its own, else the usual one of its post; none where unknown."""
    grade = (step.get("position_type"), step.get("level"))
    if not grade[0] and step.get("post"):
        grade = around.posts.get(step["post"], (None, None))
    return around.grades.get(grade)


def skips(steps: Sequence[Step], through: str) -> bool:
    """Whether a path misses the post that the rule makes it pass through, before its last step."""
    return bool(through) and all(step.get("post") != through for step in steps[:-1])


def _name(around: Surroundings, code: str) -> str:
    return around.names.get(code, code)


@dataclass(frozen=True)
class Lift:
    """A decision that lifts the rule of one post from a day, perhaps until a day; withdrawn from a day on or not."""

    valid_from: dt.date
    until: dt.date | None
    withdrawn: bool = False


def lifted_on(day: dt.date, lifts: Sequence[Lift]) -> bool:
    """Whether a decision lifts the rule on this day. Both ends count; a withdrawn decision lifts nothing."""
    return any(
        not lift.withdrawn and lift.valid_from <= day and (lift.until is None or day <= lift.until) for lift in lifts
    )


def check_lift(lift: Lift, resolution: str, reason: str, *, has_rule: bool) -> None:
    """A decision that lifts a rule names who decided and why, and ends after it begins; there is a rule to lift."""
    if not has_rule:
        raise RuleBroken("ตำแหน่งนี้ไม่มีกฎว่าทุกเส้นทางต้องผ่านตำแหน่งใด จึงไม่มีอะไรให้ยกเว้น")
    if not resolution.strip():
        raise RuleBroken("ต้องระบุมติหรือหนังสือที่ให้ยกเว้น")
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผลของการเปลี่ยนแปลง")
    if lift.until is not None and lift.until < lift.valid_from:
        raise RuleBroken("วันสิ้นสุดต้องไม่ก่อนวันเริ่ม")


def added(steps: Sequence[Step], place: int) -> list[Step]:
    """The steps with an empty one before ``place`` (from 0)."""
    return [*steps[:place], {}, *steps[place:]]


def moved(steps: Sequence[Step], place: int, by: int) -> list[Step]:
    """The steps with the one at ``place`` moved; beyond either end it stays."""
    found, to = list(steps), place + by
    if 0 <= place < len(found) and 0 <= to < len(found):
        found[place], found[to] = found[to], found[place]
    return found


def removed(steps: Sequence[Step], place: int) -> list[Step]:
    """The steps without the one at ``place``."""
    return [step for number, step in enumerate(steps) if number != place]
