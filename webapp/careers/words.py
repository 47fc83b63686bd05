"""How careers read: kinds of units, groups of districts, groups of competencies, steps of a path, states of an acceptance."""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.careers.queries import Named
from webapp.language import language

UNIT_KINDS = {
    "district": _l("สำนักงานเขต"),
    "bureau": _l("สำนัก"),
    "office": _l("สำนักงาน"),
    "external": _l("หน่วยงานภายนอก"),
}

ZONES = {
    "กรุงเทพกลาง": _l("กรุงเทพกลาง"),
    "กรุงเทพใต้": _l("กรุงเทพใต้"),
    "กรุงเทพเหนือ": _l("กรุงเทพเหนือ"),
    "กรุงเทพตะวันออก": _l("กรุงเทพตะวันออก"),
    "กรุงธนเหนือ": _l("กรุงธนเหนือ"),
    "กรุงธนใต้": _l("กรุงธนใต้"),
}

COMPETENCY_GROUPS = {
    "core": _l("สมรรถนะหลัก"),
    "bma-executive": _l("สมรรถนะประจำผู้บริหารกรุงเทพมหานคร"),
    "post-specific": _l("สมรรถนะเฉพาะสำหรับตำแหน่ง"),
}

PATH_KINDS = {
    "district": _l("เติบโตจากสำนักงานเขต"),
    "bureau": _l("เติบโตจากสำนัก"),
    "mixed": _l("เติบโตแบบผสม"),
}

DEVELOPMENT_STEPS = {
    "entry": _l("คุณสมบัติผู้เข้ารับการอบรม"),
    "selection": _l("การคัดเลือก"),
    "lecture": _l("อบรมวิชาการ"),
    "activity": _l("กิจกรรมการพัฒนาสมรรถนะ"),
    "experience": _l("เรียนรู้จากประสบการณ์จริง"),
    "measurement": _l("การวัดผลหลังการอบรม"),
    "course": _l("หลักสูตร"),
}

COURSE_PARTS = {
    "lecture": _l("อบรมวิชาการ"),
    "activity": _l("กิจกรรมการพัฒนาสมรรถนะ"),
    "experience": _l("เรียนรู้จากประสบการณ์จริง"),
}

ACCEPTANCE_STATES = {
    "future": (_l("ยังไม่ถึงวันเริ่ม"), "wait"),
    "in-force": (_l("ใช้ได้"), "good"),
    "expired": (_l("สิ้นสุดแล้ว"), "off"),
}


def told(thing: Any, key: str) -> str:
    """A text kept in both languages (``reason_th``, ``reason_en``) in the reader's; the Thai one where there is no English.

    A Thai text may also stand under the bare key (``source``, ``source_en``).
    """
    if not thing:
        return ""
    read = thing.get if isinstance(thing, dict) else lambda name: getattr(thing, name, None)
    thai_text = read(f"{key}_th") or read(key) or ""
    return str((read(f"{key}_en") or thai_text) if language() == "en" else thai_text)


def zone(name: str) -> str:
    """A group of districts in the reader's language; as typed where it is not one of the six."""
    return str(ZONES.get(name, name))


THAI = re.compile("[ก-๙]")


def one_language(text: str) -> str:
    """A text written Thai first and English second, on two lines or parted by a slash, in the reader's language.

    Anything else is shown as it was typed.
    """
    for between in ("\n", " / "):
        first, found, second = text.partition(between)
        if found and THAI.search(first) and second.strip() and not THAI.search(second):
            return second.strip() if language() == "en" else first.strip()
    return text


def in_language(named: Any) -> str:
    """A name in the reader's language."""
    return told(named, "name")


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step of a path in words."""

    label: str
    notes: tuple[str, ...]


def steps(path: Any, posts: dict[str, Any], levels: dict[Any, Named]) -> list[StepWords]:
    """The steps of a path in words: the post, or type and level, and what it asks."""
    return [step_words(step, posts, levels) for step in path.steps]


def step_words(step: dict[str, Any], posts: dict[str, Any], levels: dict[Any, Named]) -> StepWords:
    """One step in words."""
    return StepWords(_label(step, posts, levels), tuple(_notes(step, posts, levels)))


def _label(step: dict[str, Any], posts: dict[str, Any], levels: dict[Any, Named]) -> str:
    if step.get("post"):
        found = posts.get(step["post"])
        return in_language(found) if found else str(step["post"])
    return in_language(levels.get((step.get("position_type"), step.get("level"))))


def _notes(step: dict[str, Any], posts: dict[str, Any], levels: dict[Any, Named]) -> list[str]:
    notes = []
    if step.get("post") and step.get("level"):
        notes.append(in_language(levels.get((step.get("position_type"), step["level"]))))
    elif step.get("post") in posts and getattr(posts[step["post"]], "level", None):
        usual = posts[step["post"]]
        notes.append(in_language(levels.get((usual.position_type, usual.level))))
    if step.get("unit_kind"):
        notes.append(str(UNIT_KINDS.get(step["unit_kind"], step["unit_kind"])))
    if step.get("years"):
        notes.append(_("อย่างน้อย %(years)s ปี", years=thai.number(step["years"])))
    if step.get("districts"):
        notes.append(_("ใน %(count)s สำนักงานเขต", count=thai.number(step["districts"])))
    if step.get("sections"):
        notes.append(_("รับผิดชอบ %(count)s ใน 10 ฝ่าย", count=thai.number(step["sections"])))
    if step.get("works"):
        notes.append(_("ผลงานเชิงประจักษ์ %(count)s ชิ้น", count=thai.number(step["works"])))
    if told(step, "note"):
        notes.append(told(step, "note"))
    return notes
