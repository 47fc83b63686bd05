"""The plan editor's input: one flat set of boxes, read into a plan, with a message at each box that cannot be read.

Boxes are named ``c-0-weight`` (first component's weight), ``g-coaching_hours``, ``t-0-key``; the same names are the ids to
which the list of problems links.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.models import GATES, SOURCES
from webapp.assessments.plans.rules import (
    ComponentContent,
    CriterionContent,
    GateContent,
    PlanContent,
    TieBreakerContent,
    default_names,
)
from webapp.assessments.ranking.plan import Problem

SPARE_COMPONENTS = 2
SPARE_BREAKERS = 2
SPARE_CRITERIA = 3
LONGEST_REASON = 2000
LARGEST = Decimal(1_000_000)


class Boxes:
    """What was typed, read box by box; ``errors`` says at each box what would be right."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}

    def words(self, name: str, longest: int = 300) -> str:
        text = thai.normalized(self.typed.get(name, ""))
        if len(text) > longest:
            self.errors[name] = _("ยาวเกิน %(count)s ตัวอักษร", count=longest)
        return text[:longest]

    def reason(self, name: str) -> str:
        lines = (self.typed.get(name) or "").splitlines()
        text = "\n".join(thai.normalized(line) for line in lines).strip()
        if len(text) > LONGEST_REASON:
            self.errors[name] = _("ยาวเกิน %(count)s ตัวอักษร", count=LONGEST_REASON)
        return text[:LONGEST_REASON]

    def number(self, name: str, *, required: bool = True) -> Decimal | None:
        text = thai.arabic_digits(self.typed.get(name, "")).strip().replace(",", "")
        if not text:
            if required:
                self.errors[name] = _("ต้องระบุ")
            return None
        try:
            if not set(text) <= set("0123456789.-") or len(text) > 20:
                raise InvalidOperation
            number = Decimal(text)
        except InvalidOperation:
            self.errors[name] = _("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5")
            return None
        if abs(number) > LARGEST:
            self.errors[name] = _("ตัวเลขใหญ่เกินไป")
            return None
        return number


def typed_plan(content: PlanContent, reason: str) -> dict[str, str]:
    """The boxes filled with a plan as it stands."""
    typed = {"decimals": str(content.decimals), "reason": reason}
    for number, row in enumerate(content.components):
        values = (row.code, row.name_th, row.name_en, _plain(row.weight), _plain(row.maximum), _plain(row.pass_percent),
                  row.source, row.reason, "yes" if row.face_to_face else "")  # fmt: skip
        names = ("code", "name_th", "name_en", "weight", "max", "pass", "source", "reason", "met")
        typed |= {f"c-{number}-{name}": value for name, value in zip(names, values, strict=True)}
    for gate in content.gates:
        typed |= {f"g-{gate.kind}": _plain(gate.value), f"g-{gate.kind}-reason": gate.reason}
    for number, breaker in enumerate(content.tie_breakers):
        typed |= {f"t-{number}-key": breaker.key, f"t-{number}-reason": breaker.reason}
    return typed


def read_plan(typed: Mapping[str, str], before: PlanContent) -> tuple[PlanContent, Boxes]:
    """The plan that was typed, and what could not be read. What the form does not ask stays as it was ``before``: each
    component's rubric, the names that a file gave to gates and tie-breakers.
    """
    rubrics = {row.code: row.rubric for row in before.components}
    names = {row.kind: (row.name_th, row.name_en) for row in before.gates}
    names |= {row.key: (row.name_th, row.name_en) for row in before.tie_breakers}
    boxes = Boxes(typed)
    components = []
    for number in range(count_of(typed, "c", "code")):
        prefix = f"c-{number}-"
        code = boxes.words(f"{prefix}code", 40)
        if not code or typed.get(f"{prefix}gone"):
            continue
        components.append(_component(boxes, prefix, code, rubrics.get(code, ())))
    gates = []
    for kind in GATES:
        value = _gate(boxes, kind)
        if value:
            gates.append(GateContent(kind, value, boxes.reason(f"g-{kind}-reason"), *names.get(kind, ("", ""))))
    breakers = []
    for number in range(count_of(typed, "t", "key")):
        key = boxes.words(f"t-{number}-key", 40)
        if key:
            breakers.append(TieBreakerContent(key, boxes.reason(f"t-{number}-reason"), *names.get(key, ("", ""))))
    decimals = boxes.number("decimals")
    whole = int(decimals) if decimals is not None and decimals in range(7) else 2
    if decimals is not None and decimals not in range(7):
        boxes.errors["decimals"] = _("ต้องเป็นจำนวนเต็มตั้งแต่ %(least)s ถึง %(most)s", least=0, most=6)
    return PlanContent(tuple(components), tuple(gates), tuple(breakers), whole), boxes


def _component(boxes: Boxes, prefix: str, code: str, rubric: tuple[CriterionContent, ...]) -> ComponentContent:
    source = boxes.typed.get(f"{prefix}source", "manual")
    source = source if source in SOURCES else "manual"
    if re.search(r"[/\\?#%]", code):
        boxes.errors[f"{prefix}code"] = _("รหัสต้องไม่มีเครื่องหมาย / \\ ? #")
    names = default_names(code, source)
    name_th = boxes.words(f"{prefix}name_th")
    weight, maximum = boxes.number(f"{prefix}weight"), boxes.number(f"{prefix}max")
    return ComponentContent(
        code, name_th or names[0], boxes.words(f"{prefix}name_en") or ("" if name_th else names[1]),
        weight if weight is not None else Decimal(0), maximum if maximum is not None else Decimal(0),
        boxes.number(f"{prefix}pass", required=False), source, boxes.reason(f"{prefix}reason"), rubric, bool(boxes.typed.get(f"{prefix}met")),
    )  # fmt: skip


def _gate(boxes: Boxes, kind: str) -> Decimal | None:
    if kind == "project_accepted":
        return Decimal(1) if boxes.typed.get(f"g-{kind}") else None
    return boxes.number(f"g-{kind}", required=False)


def count_of(typed: Mapping[str, str], letter: str, last: str) -> int:
    """How many numbered rows there are in what was typed."""
    found = [int(match[1]) for name in typed if (match := re.fullmatch(rf"{letter}-(\d{{1,2}})-{last}", name))]
    return max(found, default=-1) + 1


def typed_rubric(rubric: tuple[CriterionContent, ...]) -> dict[str, str]:
    """The rubric's boxes filled as it stands; anchors one to a line, ``points: words``."""
    typed: dict[str, str] = {}
    for number, line in enumerate(rubric):
        prefix = f"r-{number}-"
        anchors = "\n".join(f"{points}: {text}" for points, text in line.anchors)
        typed |= {
            f"{prefix}code": line.code, f"{prefix}name_th": line.name_th, f"{prefix}name_en": line.name_en,
            f"{prefix}weight": _plain(line.weight), f"{prefix}max": _plain(line.maximum), f"{prefix}anchors": anchors,
        }  # fmt: skip
    return typed


def read_rubric(typed: Mapping[str, str]) -> tuple[tuple[CriterionContent, ...], Boxes]:
    """The rubric that was typed; a row without a name is left out."""
    boxes = Boxes(typed)
    lines: list[CriterionContent] = []
    taken = {typed.get(f"r-{number}-code", "") for number in range(count_of(typed, "r", "name_th"))}
    for number in range(count_of(typed, "r", "name_th")):
        prefix = f"r-{number}-"
        name_th = boxes.words(f"{prefix}name_th")
        if not name_th:
            continue
        code = boxes.words(f"{prefix}code", 40) or _free_code(taken)
        taken.add(code)
        weight, maximum = boxes.number(f"{prefix}weight"), boxes.number(f"{prefix}max")
        if maximum is not None and maximum <= 0:
            boxes.errors[f"{prefix}max"] = _("ต้องมากกว่า %(least)s", least=0)
        if weight is not None and weight < 0:
            boxes.errors[f"{prefix}weight"] = _("ต้องไม่น้อยกว่า %(least)s", least=0)
        name_en, anchors = boxes.words(f"{prefix}name_en"), _anchors(boxes, f"{prefix}anchors")
        lines.append(CriterionContent(code, name_th, name_en, weight or Decimal(0), maximum or Decimal(1), anchors))
    return tuple(lines), boxes


def _anchors(boxes: Boxes, name: str) -> tuple[tuple[str, str], ...]:
    found = []
    for line in boxes.reason(name).splitlines():
        points, colon, text = line.partition(":")
        if line.strip() and not (colon and points.strip() and text.strip()):
            boxes.errors[name] = _("เขียนบรรทัดละหนึ่งระดับ เช่น 10: ครบถ้วนและนำไปใช้ได้จริง")
            continue
        if line.strip():
            found.append((thai.arabic_digits(points).strip(), text.strip()))
    return tuple(found)


def _free_code(taken: set[str]) -> str:
    number = 1
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"


def field_of(problem: Problem) -> str:
    """The box a problem belongs to; empty for one of the plan as a whole."""
    if match := re.fullmatch(r"components\[(\d+)\]\.(code|weight|max|pass)", problem.path):
        return f"c-{match[1]}-{match[2]}"
    if match := re.fullmatch(r"gates\.(\w+)", problem.path):
        return f"g-{match[1]}"
    if match := re.fullmatch(r"tie_breakers\[(\d+)\]", problem.path):
        return f"t-{match[1]}-key"
    return problem.path if problem.path in ("reason", "decimals") else ""


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize() + 0, "f")
