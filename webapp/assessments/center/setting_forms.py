"""Boxes of the center's set-up, read with a message at each box that cannot be read."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _

from webapp.assessments.center.models import EXERCISE_KINDS, METHODS, Center, CenterCell, CenterExercise
from webapp.assessments.center.rules import HIGHEST, LOWEST
from webapp.assessments.center.setting import ExerciseContent, Policy
from webapp.assessments.plans.forms import Boxes

TEXTS = ("purpose", "who_sees", "retention")
LONGEST_TEXT = 20_000


class CenterBoxes(Boxes):
    """Boxes with whole numbers between two ends and long texts."""

    def whole(self, name: str, least: int, most: int, otherwise: int) -> int:
        number = self.number(name)
        if number is None:
            return otherwise
        if number != int(number) or not least <= number <= most:
            self.errors[name] = _("ต้องเป็นจำนวนเต็มตั้งแต่ %(least)s ถึง %(most)s", least=least, most=most)
            return otherwise
        return int(number)

    def between(self, name: str, least: int, most: int) -> Decimal:
        number = self.number(name)
        if number is not None and not least <= number <= most:
            self.errors[name] = _("ต้องอยู่ระหว่าง %(least)s ถึง %(most)s", least=least, most=most)
        return number if number is not None else Decimal(least)

    def long(self, name: str) -> str:
        text = "\n".join(line.rstrip() for line in (self.typed.get(name) or "").splitlines()).strip()
        if len(text) > LONGEST_TEXT:
            self.errors[name] = _("ยาวเกิน %(count)s ตัวอักษร", count=LONGEST_TEXT)
        return text[:LONGEST_TEXT]

    def needed(self, name: str, longest: int = 300) -> str:
        text = self.words(name, longest)
        if not text:
            self.errors[name] = _("ต้องระบุ")
        return text


def typed_policy(center: Center | None) -> dict[str, str]:
    """The boxes filled with a center as it stands; a new one with the usual figures."""
    if center is None:
        return {
            "method": "consensus", "threshold": "2", "slot_minutes": "30", "rest_slots": "0", "meetings": "2",
            "stars-performance": "4", "stars-potential": "4", "stars-lowest": "3",
        }  # fmt: skip
    typed = {name: getattr(center, name) for name in ("name_th", "name_en", *TEXTS, "method")}
    typed |= {name: str(getattr(center, name)) for name in ("threshold", "slot_minutes", "rest_slots", "meetings")}
    typed |= {f"stars-{name}": str(value) for name, value in (center.stars or {}).items()}
    return typed | {"post": str(center.post_id or "")}


def read_policy(typed: Mapping[str, str], posts: Mapping[str, int]) -> tuple[Policy, dict[str, str]]:
    """The policy that was typed, and what is wrong at which box."""
    boxes = CenterBoxes(typed)
    stars = {
        "performance": str(boxes.between("stars-performance", LOWEST, HIGHEST)),
        "potential": str(boxes.between("stars-potential", LOWEST, HIGHEST)),
        "lowest": str(boxes.whole("stars-lowest", LOWEST, HIGHEST, LOWEST)),
        "reason": boxes.long("stars-reason"),
    }
    method = typed.get("method", "")
    if method not in METHODS:
        boxes.errors["method"] = _("ต้องเลือกวิธีสรุปผล")
    policy = Policy(
        name_th=boxes.needed("name_th"), name_en=boxes.words("name_en"), post_id=posts.get(typed.get("post", "")),
        purpose=boxes.long("purpose"), who_sees=boxes.long("who_sees"), retention=boxes.long("retention"),
        method=method, threshold=boxes.between("threshold", 1, 4), stars=stars,
        slot_minutes=boxes.whole("slot_minutes", 5, 120, 30), rest_slots=boxes.whole("rest_slots", 0, 10, 0),
        meetings=boxes.whole("meetings", 1, 20, 2),
    )  # fmt: skip
    return policy, boxes.errors


def typed_exercise(exercise: CenterExercise | None) -> dict[str, str]:
    """The boxes filled with an exercise."""
    if exercise is None:
        return {
            "kind": "role-play",
            "minutes": "30",
            "group_size": "1",
            "assessors": "2",
            "readers": "0",
            "writing_minutes": "15",
        }
    names = (
        "code",
        "kind",
        "name_th",
        "name_en",
        "position",
        "minutes",
        "group_size",
        "assessors",
        "readers",
        "writing_minutes",
    )
    return {name: str(getattr(exercise, name)) for name in (*names, "instructions_th", "instructions_en")}


def read_exercise(typed: Mapping[str, str]) -> tuple[ExerciseContent, dict[str, str]]:
    """The exercise that was typed, and what is wrong at which box."""
    boxes = CenterBoxes(typed)
    kind = typed.get("kind", "")
    if kind not in EXERCISE_KINDS:
        boxes.errors["kind"] = _("ต้องเลือกชนิดของแบบฝึก")
    code = boxes.needed("code", 40).lower().replace(" ", "-")
    if "/" in code:
        boxes.errors["code"] = _("รหัสมีเครื่องหมาย / ไม่ได้")
    content = ExerciseContent(
        code=code, kind=kind, name_th=boxes.needed("name_th"), name_en=boxes.words("name_en"),
        position=boxes.whole("position", 0, 100, 0) if typed.get("position") else 0,
        minutes=boxes.whole("minutes", 1, 480, 30), group_size=boxes.whole("group_size", 1, 100, 1),
        assessors=boxes.whole("assessors", 0, 20, 1),
        readers=boxes.whole("readers", 0, 5, 0), writing_minutes=boxes.whole("writing_minutes", 0, 480, 0),
        instructions_th=boxes.long("instructions_th"), instructions_en=boxes.long("instructions_en"),
    )  # fmt: skip
    return content, boxes.errors


def typed_matrix(cells: Mapping[tuple[int, str], CenterCell]) -> dict[str, str]:
    """Weights by box name: ``w-EXERCISE_ID-COMPETENCY``."""
    return {f"w-{exercise}-{competency}": str(cell.weight) for (exercise, competency), cell in cells.items()}


def read_matrix(
    typed: Mapping[str, str], exercises: Mapping[int, str], competencies: list[str]
) -> tuple[dict[tuple[str, str], Decimal], dict[str, str]]:
    """The weights that were typed; an empty box is no cell."""
    boxes = CenterBoxes(typed)
    weights: dict[tuple[str, str], Decimal] = {}
    for number, code in exercises.items():
        for competency in competencies:
            name = f"w-{number}-{competency}"
            weight = boxes.number(name, required=False)
            if weight is not None and weight < 0:
                boxes.errors[name] = _("น้ำหนักต้องมากกว่า 0 หรือเว้นว่าง")
            elif weight:
                weights[code, competency] = weight
    return weights, boxes.errors
