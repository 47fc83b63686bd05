"""The guide editor's input: numbered boxes read into a guide, with a message at each box that cannot be read."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _

from webapp.assessments.panels.rules import HIGHEST, GuideContent, QuestionContent
from webapp.assessments.plans.forms import Boxes, count_of

SPARE = 2
MOST = 20


def typed_guide(content: GuideContent, reason: str) -> dict[str, str]:
    """The boxes filled with a guide as it stands."""
    typed = {
        "minutes": str(content.minutes), "opening": content.opening, "closing": content.closing, "reason": reason,
    }  # fmt: skip
    for number, row in enumerate(content.questions):
        typed |= {
            f"q-{number}-code": row.code, f"q-{number}-name_th": row.name_th, f"q-{number}-name_en": row.name_en,
            f"q-{number}-text": row.text, f"q-{number}-probes": row.probes, f"q-{number}-competency": row.competency,
            f"q-{number}-weight": f"{row.weight.normalize() + 0:f}", f"q-{number}-place": str(number + 1),
        }  # fmt: skip
        typed |= {f"q-{number}-level-{level}": words for level, words in enumerate(row.levels, 1)}
    return typed


def read_guide(typed: Mapping[str, str], competencies: Mapping[str, object]) -> tuple[GuideContent, Boxes]:
    """The guide that was typed, questions by the places given them; a question without any words is left out."""
    boxes = Boxes(typed)
    minutes = boxes.number("minutes")
    if minutes is not None and (minutes != minutes.to_integral_value() or not 5 <= minutes <= 480):
        boxes.errors["minutes"] = _("ต้องเป็นจำนวนเต็มตั้งแต่ %(least)s ถึง %(most)s", least=5, most=480)
    rows: list[tuple[Decimal, int, QuestionContent]] = []
    taken = {typed.get(f"q-{number}-code", "") for number in range(count_of(typed, "q", "text"))}
    for number in range(min(count_of(typed, "q", "text"), MOST)):
        prefix = f"q-{number}-"
        name_th, text = boxes.words(f"{prefix}name_th"), boxes.reason(f"{prefix}text")
        if not name_th and not text:
            continue
        if not name_th:
            boxes.errors[f"{prefix}name_th"] = _("ต้องระบุ")
        code = boxes.words(f"{prefix}code", 40) or _free_code(taken)
        taken.add(code)
        competency = typed.get(f"{prefix}competency", "")
        weight = boxes.number(f"{prefix}weight")
        if weight is not None and weight <= 0:
            boxes.errors[f"{prefix}weight"] = _("ต้องมากกว่า %(least)s", least=0)
        place = boxes.number(f"{prefix}place", required=False)
        levels = tuple(boxes.reason(f"{prefix}level-{level}") for level in range(1, HIGHEST + 1))
        question = QuestionContent(
            code, name_th, boxes.words(f"{prefix}name_en"), text, boxes.reason(f"{prefix}probes"),
            competency if competency in competencies else "", weight or Decimal(0), levels,
        )  # fmt: skip
        rows.append((place if place is not None else Decimal(number + 1), number, question))
    questions = tuple(question for _place, _number, question in sorted(rows, key=lambda row: row[:2]))
    whole = int(minutes) if minutes is not None and "minutes" not in boxes.errors else 30
    return GuideContent(whole, boxes.reason("opening"), boxes.reason("closing"), questions), boxes


def _free_code(taken: set[str]) -> str:
    number = 1
    while f"q{number}" in taken:
        number += 1
    return f"q{number}"
