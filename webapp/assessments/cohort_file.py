"""A cohort's file (``formats.md``, set-up of a cohort) read into values, with everything that is wrong with it in one go.

Numbers are taken from their text and never pass through a float; days may be quoted or not, in either era.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.models import GATES, SOURCES
from webapp.assessments.plans.rules import (
    PASS_UNLESS_SET,
    ComponentContent,
    GateContent,
    PlanContent,
    TieBreakerContent,
    default_names,
    plan_problems,
)
from webapp.assessments.plans.words import problem_words
from webapp.assessments.ranking.plan import DEFAULT_DECIMALS, DEFAULT_SIZE
from webapp.assessments.yaml_text import read_yaml
from webapp.courses.models import SESSION_PARTS
from webapp.errors import BadInput, Refused

TOP = (
    "cohort", "course", "name_th", "name_en", "starts_on", "ends_on", "seats", "selection", "sessions", "assessment",
    "shortlist_size", "place", "applications_open_on", "applications_close_on",
)  # fmt: skip
SELECTION = ("components", "tie_breakers", "reserve", "decimals")
ASSESSMENT = ("decimals", "components", "gates", "tie_breakers")
YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
COMPONENT = ("code", "weight", "max", "pass", "source", "face_to_face", "name_th", "name_en", "reason")
ABOUT = ("reason", "name_th", "name_en")
SESSION = ("code", "part", "title_th", "title_en", "date", "hours", "place", "speaker")

LONGEST_CODE = 40
LARGEST_NUMBER = Decimal(1_000_000)
MOST_DIGITS = 20
"""Bounds no real plan comes near; within them every figure fits its column on every database."""

YES = frozenset({"true", "yes", "on", "y", "1"})
NO = frozenset({"false", "no", "off", "n", "0"})


class FileProblem(NamedTuple):
    """One thing wrong with a file: where, what stands there, and what would be right."""

    path: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class SessionContent:
    code: str
    part: str
    name_th: str
    name_en: str
    held_on: dt.date
    hours: Decimal
    place: str = ""
    speaker: str = ""


@dataclass(slots=True)
class CohortFile:
    """What a cohort file says; ``problems`` is empty when it can be loaded."""

    code: str = ""
    course: str = ""
    cohort: dict[str, Any] = field(default_factory=dict)
    sessions: list[SessionContent] = field(default_factory=list)
    selection: PlanContent | None = None
    assessment: PlanContent | None = None
    problems: list[FileProblem] = field(default_factory=list)


def read_cohort_file(content: bytes) -> CohortFile:
    """The file's values and everything wrong with them. Raises ``BadInput`` where it is no mapping at all."""
    document = read_yaml(content)
    if not isinstance(document, dict):
        raise BadInput("ไฟล์ตั้งค่ารุ่นต้องเป็นรายการ ชื่อ: ค่า เช่น cohort: DD-2569-1")
    return _Reader().read(document)


class _Reader:
    def __init__(self) -> None:
        self.file = CohortFile()

    def wrong(self, path: str, value: Any, reason: str) -> None:
        shown = "" if value is None else value if isinstance(value, str) else "…"
        self.file.problems.append(FileProblem(path, str(shown)[:200], reason))

    def read(self, document: Mapping[str, Any]) -> CohortFile:
        file = self.file
        self.known(document, TOP, "")
        file.code = self.code(document, "cohort", "")
        file.course = self.words(document, "course", "", longest=80, required=True)
        starts_on = self.day(document, "starts_on", "", required=True)
        ends_on = self.day(document, "ends_on", "", required=True)
        if starts_on and ends_on and ends_on < starts_on:
            self.wrong("ends_on", document["ends_on"], _("วันสิ้นสุดของรุ่นต้องไม่ก่อนวันเริ่ม"))
        file.cohort = {
            "name_th": self.words(document, "name_th", ""), "name_en": self.words(document, "name_en", ""),
            "starts_on": starts_on, "ends_on": ends_on,
            "seats": self.whole(document, "seats", "", least=1, required=True),
            "shortlist_size": self.whole(document, "shortlist_size", "", least=1, default=DEFAULT_SIZE),
        }  # fmt: skip
        self.optional_cohort_values(document)
        self.sessions(document.get("sessions"))
        self.plans(document)
        return file

    def optional_cohort_values(self, document: Mapping[str, Any]) -> None:
        """Values that a file may leave to the product: absent, they stay as they are."""
        if "place" in document:
            self.file.cohort["place"] = self.words(document, "place", "")
        for key in ("applications_open_on", "applications_close_on"):
            if key in document:
                self.file.cohort[key] = self.day(document, key, "")

    def plans(self, document: Mapping[str, Any]) -> None:
        selection, assessment = document.get("selection"), document.get("assessment")
        self.file.cohort["reserve"] = 0
        if selection is not None and self.is_mapping(selection, "selection"):
            self.known(selection, SELECTION, "selection")
            self.file.cohort["reserve"] = self.whole(selection, "reserve", "selection", least=0, default=0)
            self.file.selection = self.plan(selection, "selection", PASS_UNLESS_SET)
        if assessment is not None and self.is_mapping(assessment, "assessment"):
            self.known(assessment, ASSESSMENT, "assessment")
            self.file.assessment = self.plan(assessment, "assessment", None)

    # -- sessions

    def sessions(self, rows: Any) -> None:
        if rows is None:
            return
        if not isinstance(rows, list):
            self.wrong("sessions", rows, _("ต้องเป็นรายการของคาบ"))
            return
        seen: set[str] = set()
        for number, row in enumerate(rows):
            path = f"sessions[{number}]"
            if not self.is_mapping(row, path):
                continue
            held = self.one_session(row, path)
            if held is not None and held.code in seen:
                self.wrong(f"{path}.code", held.code, _("รหัสคาบซ้ำในไฟล์"))
            elif held is not None:
                seen.add(held.code)
                self.file.sessions.append(held)

    def one_session(self, row: Mapping[str, Any], path: str) -> SessionContent | None:
        before = len(self.file.problems)
        self.known(row, SESSION, path)
        code = self.code(row, "code", path)
        part = self.words(row, "part", path, required=True)
        if part and part not in SESSION_PARTS:
            self.wrong(f"{path}.part", part, _("ต้องเป็นหนึ่งใน %(choices)s", choices=", ".join(SESSION_PARTS)))
        name_th = self.words(row, "title_th", path)
        name_en = self.words(row, "title_en", path)
        held_on = self.day(row, "date", path, required=True)
        hours = self.number(row, "hours", path, required=True)
        if hours is not None and (hours <= 0 or hours > 1000 or hours != round(hours, 2)):
            self.wrong(f"{path}.hours", row["hours"], _("ชั่วโมงต้องมากกว่า 0 และมีทศนิยมไม่เกินสองตำแหน่ง"))
        place, speaker = self.words(row, "place", path), self.words(row, "speaker", path)
        if len(self.file.problems) > before or held_on is None or hours is None:
            return None
        return SessionContent(code, part, name_th or name_en or code, name_en, held_on, hours, place, speaker)

    # -- plans

    def plan(self, section: Mapping[str, Any], path: str, pass_default: Decimal | None) -> PlanContent | None:
        before = len(self.file.problems)
        decimals = self.whole(section, "decimals", path, least=0, most=6, default=DEFAULT_DECIMALS)
        rows = section.get("components")
        if not isinstance(rows, list) or not rows:
            self.wrong(f"{path}.components", rows, _("ต้องมีองค์ประกอบอย่างน้อยหนึ่งรายการ"))
            return None
        components = [
            self.component(row, f"{path}.components[{number}]", pass_default) for number, row in enumerate(rows)
        ]
        gates = self.gates(section.get("gates"), f"{path}.gates")
        breakers = self.tie_breakers(section.get("tie_breakers"), f"{path}.tie_breakers")
        if len(self.file.problems) > before:
            return None
        plan = PlanContent(tuple(row for row in components if row is not None), tuple(gates), tuple(breakers), decimals)
        for found in plan_problems(plan, DEFAULT_SIZE):
            value = found.parameters.get("found", found.parameters.get("component"))
            self.wrong(f"{path}.{found.path}", value, problem_words(found))
        return plan

    def component(self, row: Any, path: str, pass_default: Decimal | None) -> ComponentContent | None:
        if not self.is_mapping(row, path):
            return None
        self.known(row, COMPONENT, path)
        code = self.code(row, "code", path)
        weight = self.number(row, "weight", path, required=True)
        maximum = self.number(row, "max", path, required=True)
        passing = self.number(row, "pass", path) if "pass" in row else pass_default
        source = (self.words(row, "source", path) or "manual").replace("_", "-").replace(" ", "-")
        if source not in SOURCES:
            self.wrong(f"{path}.source", source, _("ต้องเป็นหนึ่งใน %(choices)s", choices=", ".join(SOURCES)))
            source = "manual"
        name_th, name_en = self.words(row, "name_th", path), self.words(row, "name_en", path)
        if not name_th:
            default_th, default_en = default_names(code, source)
            name_th, name_en = name_en or default_th, name_en or default_en
        reason = self.words(row, "reason", path, longest=2000)
        if weight is None or maximum is None:
            return None
        met = (self.words(row, "face_to_face", path) or "no").lower()
        if met not in YES_OR_NO:
            self.wrong(f"{path}.face_to_face", met, _("ต้องเป็นหนึ่งใน %(choices)s", choices="true, false"))
        return ComponentContent(
            code, name_th, name_en, weight, maximum, passing, source, reason, face_to_face=YES_OR_NO.get(met, False)
        )

    def gates(self, section: Any, path: str) -> list[GateContent]:
        if section is None or not self.is_mapping(section, path):
            return []
        self.known(section, GATES, path)
        found = []
        for kind in GATES:  # in the order of their names, which is the order they are kept in
            given = section.get(kind)
            if kind not in section:
                continue
            here, about = f"{path}.{kind}", ("", "", "")
            if isinstance(given, dict):
                self.known(given, ("value", *ABOUT), here)
                about = self.about(given, here)
                value = self.gate_value(given, "value", kind, here)
            else:
                value = self.gate_value(section, kind, kind, path)
            if value is not None and not (kind == "project_accepted" and value == 0):
                found.append(GateContent(kind, value, *about))
        return found

    def gate_value(self, row: Mapping[str, Any], key: str, kind: str, path: str) -> Decimal | None:
        if kind != "project_accepted":
            return self.number(row, key, path, required=True)
        text = str(row.get(key) or "").strip().lower()
        if text in YES | NO:
            return Decimal(1 if text in YES else 0)
        self.wrong(_join(path, key), row.get(key), _("ต้องเป็น true หรือ false"))
        return None

    def tie_breakers(self, rows: Any, path: str) -> list[TieBreakerContent]:
        if rows is None:
            return []
        if not isinstance(rows, list):
            self.wrong(path, rows, _("ต้องเป็นรายการ เช่น [exam, level_tenure, entry_date]"))
            return []
        found = []
        for number, row in enumerate(rows):
            here = f"{path}[{number}]"
            if isinstance(row, dict):
                self.known(row, ("key", "code", *ABOUT), here)
                name = "key" if "key" in row else "code"
                found.append(TieBreakerContent(self.code(row, name, here), *self.about(row, here)))
            else:
                found.append(TieBreakerContent(self.code({"": row}, "", here)))
        return found

    def about(self, row: Mapping[str, Any], path: str) -> tuple[str, str, str]:
        """Reason and names of a gate or a tie-breaker."""
        name_th, name_en = self.words(row, "name_th", path), self.words(row, "name_en", path)
        return self.words(row, "reason", path, longest=2000), name_th or name_en, name_en

    # -- single values

    def known(self, row: Mapping[str, Any], allowed: tuple[str, ...], path: str) -> None:
        for key in row:
            if key not in allowed:
                choices = ", ".join(allowed)
                self.wrong(
                    _join(path, key), row[key], _("ไม่รู้จักชื่อ “%(key)s” ใช้ได้เฉพาะ %(choices)s", key=key, choices=choices)
                )

    def is_mapping(self, value: Any, path: str) -> bool:
        if isinstance(value, dict):
            return True
        self.wrong(path, value, _("ต้องเป็นรายการ ชื่อ: ค่า"))
        return False

    def words(self, row: Mapping[str, Any], key: str, path: str, *, longest: int = 300, required: bool = False) -> str:
        value = row.get(key)
        if value is not None and not isinstance(value, str):
            self.wrong(_join(path, key), value, _("ต้องเป็นข้อความ"))
            return ""
        text = thai.normalized(value or "")
        if required and not text:
            self.wrong(_join(path, key), value, _("ต้องระบุ"))
        if len(text) > longest:
            self.wrong(_join(path, key), text, _("ยาวเกิน %(count)s ตัวอักษร", count=longest))
        return text[:longest]

    def code(self, row: Mapping[str, Any], key: str, path: str) -> str:
        text = self.words(row, key, path, longest=LONGEST_CODE, required=True)
        if any(letter in text for letter in "/\\?#%"):
            self.wrong(_join(path, key), text, _("รหัสต้องไม่มีเครื่องหมาย / \\ ? #"))
        return text

    def number(self, row: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> Decimal | None:
        text = self._text(row, key, path, required)
        if text is None:
            return None
        try:
            if "_" in text:
                raise ArithmeticError
            number = Decimal(thai.arabic_digits(text))
            sane = number.is_finite() and abs(number) <= LARGEST_NUMBER
        except ArithmeticError:
            sane = False
        if not sane:
            self.wrong(_join(path, key), text, _("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5"))
            return None
        if len(number.as_tuple().digits) > MOST_DIGITS or int(number.as_tuple().exponent) < -MOST_DIGITS:
            self.wrong(_join(path, key), text, _("มีตัวเลขได้ไม่เกิน %(count)s หลัก", count=MOST_DIGITS))
            return None
        return number

    def whole(
        self, row: Mapping[str, Any], key: str, path: str, *, least: int, most: int = 100_000, default: int = 0,
        required: bool = False,
    ) -> int:  # fmt: skip
        if row.get(key) is None and not required:
            return default
        number = self.number(row, key, path, required=required)
        if number is None:
            return default
        if number != number.to_integral_value() or not least <= number <= most:
            self.wrong(
                _join(path, key), row[key], _("ต้องเป็นจำนวนเต็มตั้งแต่ %(least)s ถึง %(most)s", least=least, most=most)
            )
            return default
        return int(number)

    def day(self, row: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> dt.date | None:
        text = self._text(row, key, path, required)
        if text is None:
            return None
        try:
            return thai.parse_day(text)
        except Refused as refused:
            self.wrong(_join(path, key), text, _(refused.message, **refused.values))
            return None

    def _text(self, row: Mapping[str, Any], key: str, path: str, required: bool) -> str | None:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None and not isinstance(value, str):
            self.wrong(_join(path, key), value, _("ต้องเป็นค่าเดียว ไม่ใช่รายการ"))
        elif required:
            self.wrong(_join(path, key), value, _("ต้องระบุ"))
        return None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key else path or key
