"""Rules of the timetable in the reader's words: what cannot be kept, or what a change by hand would break."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.assessments.center.timetable import NoTimetable

_RULES = {
    "participants-time": _l("เวลาไม่พอให้ผู้เข้ารับการประเมินทำครบทุกแบบฝึก ต้องใช้ %(needed)s ช่อง มี %(found)s ช่อง ให้เพิ่มช่วงเวลา"),
    "exercise-longer-than-block": _l("แบบฝึก %(exercise)s ต้องใช้ %(needed)s ช่องติดกัน แต่ไม่มีช่วงเวลาใดยาวพอ"),
    "no-room-holds": _l("ไม่มีห้องที่รับกลุ่ม %(needed)s คนของแบบฝึก %(exercise)s ได้"),
    "assessors": _l("แบบฝึก %(exercise)s ต้องมีผู้ประเมิน %(needed)s คนต่อรอบ แต่มี %(found)s คน"),
    "rooms-time": _l("ห้องไม่พอ ต้องใช้ %(needed)s ช่องห้อง มี %(found)s ช่องห้อง ให้เพิ่มห้องหรือช่วงเวลา"),
    "assessors-time": _l("ผู้ประเมินไม่พอ ต้องใช้ %(needed)s ช่องคน มี %(found)s ช่องคน ให้เพิ่มผู้ประเมินหรือช่วงเวลา"),
    "conflicts-leave-too-few": _l("%(participant)s เหลือผู้ประเมินที่ไม่มีส่วนได้เสียเพียง %(found)s คน ไม่พอสำหรับแบบฝึก"),
    "readers": _l("%(participant)s เหลือผู้ตรวจงานเขียนที่ไม่มีส่วนได้เสีย %(found)s คน ต้องมี %(needed)s คน"),
    "meetings": _l("มีผู้ประเมินต้องพบผู้เข้ารับการประเมินคนเดียวกันเกินจำนวนแบบฝึกที่กำหนด ให้เพิ่มผู้ประเมินหรือจำนวนที่ยอมให้พบ"),
    "rest": _l("จัดไม่ได้เมื่อต้องพักระหว่างแบบฝึก ให้ลดเวลาพักหรือเพิ่มช่วงเวลา"),
    "loads": _l("ภาระของผู้ประเมินต่างกันเกินกว่าหนึ่งรอบที่ยาวที่สุด"),
    "conflicts": _l("ผู้ประเมินจะพบผู้ที่ตนมีส่วนได้เสีย: %(assessor)s กับ %(participant)s"),
    "time": _l("เวลา ห้อง และผู้ประเมินที่มีรวมกันแล้วไม่พอ ให้เพิ่มช่วงเวลา"),
    "not-found-in-time": _l("หาตารางที่ทำได้ทุกกติกาไม่พบในเวลาที่กำหนด ให้เพิ่มช่วงเวลา ห้อง หรือผู้ประเมินแล้วลองใหม่"),
    "outside-the-blocks": _l("แบบฝึก %(exercise)s จะอยู่นอกช่วงเวลาที่กำหนด"),
    "group-too-large": _l("แบบฝึก %(exercise)s จะมีคนเกินจำนวนต่อรอบ"),
    "every-exercise-once": _l("%(participant)s จะทำแบบฝึก %(exercise)s %(found)s ครั้ง ต้องทำหนึ่งครั้ง"),
    "room-in-two-places": _l("ห้อง %(name)s จะถูกใช้สองรอบพร้อมกัน"),
    "participant-in-two-places": _l("%(name)s จะต้องอยู่สองรอบพร้อมกัน หรือไม่ได้พักระหว่างแบบฝึก"),
    "assessor-in-two-places": _l("ผู้ประเมิน %(name)s จะต้องอยู่สองรอบพร้อมกัน หรือยังอยู่ในเวลาเขียนบันทึก"),
}
_NO_FIGURES = {
    "rooms-time": _l("ห้องไม่พอในบางช่วงเวลา ให้เพิ่มห้องหรือช่วงเวลา"),
    "assessors-time": _l("ผู้ประเมินไม่พอในบางช่วงเวลา ให้เพิ่มผู้ประเมินหรือช่วงเวลา"),
    "participants-time": _l("เวลาไม่พอให้ผู้เข้ารับการประเมินทำครบทุกแบบฝึก ให้เพิ่มช่วงเวลา"),
}


def problem_words(problem: NoTimetable, names: Mapping[tuple[str, str], str]) -> str:
    """A broken rule in a sentence; ``names``: (kind, code) → name, kind being participant, assessor, room, exercise."""
    return rule_words(problem.rule, problem.figures, names)


def rule_words(rule: str, figures: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> str:
    """The same from what a center keeps of its last search."""
    kind_of_name = rule.removesuffix("-in-two-places")
    filled = {
        key: names.get((kind_of_name if key == "name" else key, str(value)), str(value))
        for key, value in figures.items()
    }
    words = _NO_FIGURES[rule] if rule in _NO_FIGURES and not figures else _RULES[rule]
    return str(words) % {"found": "", "needed": "", **filled}
