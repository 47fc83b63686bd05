"""Setting up a center: its policy and method, exercises with their materials, the matrix, approval by a second person.

The policy, the exercises and the matrix are written in a draft; approved, they stand until the approval is taken back, which
is possible only while nothing has been observed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.center import queries
from webapp.assessments.center.models import (
    AUDIENCES,
    EXERCISE_KINDS,
    METHODS,
    Center,
    CenterCell,
    CenterExercise,
    CenterMaterial,
    CenterSitting,
)
from webapp.assessments.center.rules import matrix_problems
from webapp.audit import Actor
from webapp.errors import Conflict, NotAllowed, RuleBroken
from webapp.files.operations import store
from webapp.thai import fiscal_year

LONGEST_MINUTES = 480
"""A working day: no exercise lasts longer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is written about a center itself."""

    name_th: str
    name_en: str = ""
    post_id: int | None = None
    purpose: str = ""
    who_sees: str = ""
    retention: str = ""
    method: str = "consensus"
    threshold: Decimal = Decimal(1)
    stars: Mapping[str, Any] | None = None
    slot_minutes: int = 30
    rest_slots: int = 0
    meetings: int = 2


@dataclass(frozen=True, slots=True)
class ExerciseContent:
    """What is written about an exercise."""

    code: str
    kind: str
    name_th: str
    name_en: str = ""
    position: int = 0
    minutes: int = 30
    group_size: int = 1
    assessors: int = 1
    readers: int = 0
    writing_minutes: int = 0
    instructions_th: str = ""
    instructions_en: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a center lacks before it can be approved: a code, the name it is about, and a figure."""

    code: str
    about: str = ""
    count: int = 0


def create(session: Session, actor: Actor, policy: Policy, *, key: str | None = None) -> Center:
    """A new center in draft. Its code counts the centers of the fiscal year: AC-2570-1. The same ``key`` makes one."""
    check_staff(actor)
    known = session.scalar(select(Center).where(Center.key == key)) if key else None
    if known is not None:
        return known
    now = clock.now()
    year = fiscal_year(clock.today())
    made = Center(
        code=_next_code(session, year), created_by=actor.name, created_by_id=actor.account_id, created_at=now,
        key=key,
        **_policy_columns(policy),
    )  # fmt: skip
    _touch(made, actor)
    session.add(made)
    session.flush()
    audit.append(session, actor, "assessments:center:create", "Center", made.code, after=_audited(policy))
    return made


def _next_code(session: Session, year: int) -> str:
    start = f"AC-{year}-"
    known = session.scalars(select(Center.code).where(Center.code.startswith(start)))
    numbers = [int(code[len(start) :]) for code in known if code[len(start) :].isdecimal()]
    return f"{start}{max(numbers, default=0) + 1}"


def change(session: Session, actor: Actor, center: Center, policy: Policy, *, version: int) -> None:
    """Write the policy anew. Raises ``Conflict`` where somebody else changed it since ``version`` was read."""
    check_draft(actor, center)
    _check_fresh(center, version)
    if policy.slot_minutes != center.slot_minutes and queries.blocks_of(session, center.id):
        raise RuleBroken("กำหนดช่วงเวลาไว้แล้ว จึงเปลี่ยนความยาวของช่องเวลาไม่ได้ ให้ลบช่วงเวลาก่อน")
    before = {name: getattr(center, name) for name in _policy_columns(policy)}
    for name, value in _policy_columns(policy).items():
        setattr(center, name, value)
    _touch(center, actor)
    session.flush()
    changed = {name: str(value) for name, value in before.items() if value != getattr(center, name)}
    after = {name: str(getattr(center, name)) for name in changed}
    audit.append(session, actor, "assessments:center:change", "Center", center.code, before=changed, after=after)


def _policy_columns(policy: Policy) -> dict[str, Any]:
    if not policy.name_th:
        raise RuleBroken("ต้องระบุชื่อศูนย์การประเมิน")
    if policy.method not in METHODS:
        raise RuleBroken("ต้องเลือกวิธีสรุปผลที่มีในรายการ")
    return {**asdict(policy), "stars": dict(policy.stars or {})}


def _audited(policy: Policy) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(policy).items() if value not in ("", None)}


# Exercises and their materials


def save_exercise(
    session: Session, actor: Actor, center: Center, content: ExerciseContent, exercise: CenterExercise | None = None,
    *, version: int | None = None,
) -> CenterExercise:  # fmt: skip
    """Add an exercise to the draft or write one anew; ``version`` is the center's as the form was opened."""
    check_draft(actor, center)
    _check_fresh(center, version)
    _check_exercise(session, center, content, exercise)
    before = {name: str(getattr(exercise, name)) for name in asdict(content)} if exercise is not None else None
    if exercise is None:
        last = session.scalar(select(func.max(CenterExercise.position)).where(CenterExercise.center_id == center.id))
        exercise = CenterExercise(
            center_id=center.id, **(asdict(content) | {"position": content.position or (last or 0) + 1})
        )
        session.add(exercise)
    else:
        for name, value in asdict(content).items():
            setattr(exercise, name, value if name != "position" or value else exercise.position)
    _touch(center, actor)
    session.flush()
    audit.append(
        session, actor, "assessments:center:exercise", "CenterExercise", f"{center.code}/{exercise.code}",
        before=before, after={name: str(value) for name, value in asdict(content).items()},
    )  # fmt: skip
    return exercise


def _check_exercise(
    session: Session, center: Center, content: ExerciseContent, exercise: CenterExercise | None
) -> None:
    if not content.code or not content.name_th:
        raise RuleBroken("แบบฝึกต้องมีรหัสและชื่อภาษาไทย")
    if content.kind not in EXERCISE_KINDS:
        raise RuleBroken("ต้องเลือกชนิดของแบบฝึกที่มีในรายการ")
    if not 0 < content.minutes <= LONGEST_MINUTES or not 0 <= content.writing_minutes <= LONGEST_MINUTES:
        raise RuleBroken("เวลาของแบบฝึกต้องอยู่ระหว่าง 1 ถึง %(most)s นาที", most=LONGEST_MINUTES)
    if not 1 <= content.group_size <= 100 or not 0 <= content.assessors <= 20 or not 0 <= content.readers <= 5:
        raise RuleBroken("กลุ่มมีได้ 1 ถึง 100 คน ผู้ประเมินได้ 0 ถึง 20 คนต่อรอบ และผู้ตรวจงานเขียนได้ 0 ถึง 5 คน")
    same = select(CenterExercise.id).where(CenterExercise.center_id == center.id, CenterExercise.code == content.code)
    taken = session.scalar(same)
    if taken is not None and (exercise is None or exercise.id != taken):
        raise RuleBroken("มีแบบฝึกรหัส %(code)s อยู่แล้ว", code=content.code)


def remove_exercise(session: Session, actor: Actor, center: Center, exercise: CenterExercise) -> None:
    """Take an exercise out of the draft, with its cells and files. Not while the timetable holds it."""
    check_draft(actor, center)
    if session.scalar(select(CenterSitting.id).where(CenterSitting.exercise_id == exercise.id).limit(1)):
        raise RuleBroken("แบบฝึกนี้อยู่ในตารางแล้ว ให้ลบตารางก่อน")
    session.execute(delete(CenterCell).where(CenterCell.exercise_id == exercise.id))
    session.execute(delete(CenterMaterial).where(CenterMaterial.exercise_id == exercise.id))
    audit.append(
        session, actor, "assessments:center:exercise-remove", "CenterExercise", f"{center.code}/{exercise.code}",
        before={"name": exercise.name_th, "kind": exercise.kind},
    )  # fmt: skip
    session.delete(exercise)
    _touch(center, actor)
    session.flush()


def add_material(
    session: Session,
    actor: Actor,
    center: Center,
    exercise: CenterExercise,
    *,
    name: str,
    content: bytes,
    audience: str,
) -> CenterMaterial:
    """Keep a file with an exercise, for participants or only for assessors. The same content twice is kept once."""
    check_draft(actor, center)
    if audience not in AUDIENCES:
        raise RuleBroken("ต้องเลือกว่าเอกสารนี้ใช้กับใคร")
    file = store(session, actor, name, content)
    made = CenterMaterial(exercise_id=exercise.id, file=file, audience=audience)
    session.add(made)
    _touch(center, actor)
    session.flush()
    audit.append(
        session, actor, "assessments:center:material", "CenterExercise", f"{center.code}/{exercise.code}",
        after={"file": file.name, "sha256": file.sha256, "audience": audience},
    )  # fmt: skip
    return made


def remove_material(session: Session, actor: Actor, center: Center, material: CenterMaterial) -> None:
    """Take a file off an exercise; the stored content stays for as long as something else links it."""
    check_draft(actor, center)
    audit.append(
        session, actor, "assessments:center:material-remove", "Center", center.code, before={"file": material.file.name}
    )
    session.delete(material)
    _touch(center, actor)
    session.flush()


# The matrix


def save_matrix(
    session: Session, actor: Actor, center: Center, weights: Mapping[tuple[str, str], Decimal],
    *, version: int | None = None,
) -> list[Missing]:  # fmt: skip
    """Write the whole matrix: (exercise code, competency code) → weight above 0. Returns what it still lacks."""
    check_draft(actor, center)
    _check_fresh(center, version)
    if any(weight <= 0 for weight in weights.values()):
        raise RuleBroken("น้ำหนักต้องมากกว่า 0")
    exercises = {row.code: row for row in queries.exercises_of(session, center.id)}
    known = {row.code for row in queries.competencies_offered(session, center)}
    if any(exercise not in exercises or competency not in known for exercise, competency in weights):
        raise RuleBroken("ตารางมีแบบฝึกหรือสมรรถนะที่ศูนย์นี้ไม่มี กรุณาเปิดหน้าใหม่")
    before = _as_text(session, center)
    session.execute(delete(CenterCell).where(CenterCell.exercise_id.in_([row.id for row in exercises.values()])))
    for (exercise, competency), weight in sorted(weights.items()):
        session.add(CenterCell(exercise_id=exercises[exercise].id, competency_code=competency, weight=weight))
    _touch(center, actor)
    session.flush()
    after = _as_text(session, center)
    audit.append(session, actor, "assessments:center:matrix", "Center", center.code, before=before, after=after)
    return matrix_lacks(session, center)


def _as_text(session: Session, center: Center) -> dict[str, str]:
    codes = {row.id: row.code for row in queries.exercises_of(session, center.id)}
    cells = queries.cells_of(session, center.id)
    return {f"{codes[exercise]}/{competency}": str(cell.weight) for (exercise, competency), cell in cells.items()}


def matrix_lacks(session: Session, center: Center) -> list[Missing]:
    """What keeps the matrix from being used, by the rules of the Guidelines."""
    exercises = queries.exercises_of(session, center.id)
    cells: dict[str, list[str]] = {row.code: [] for row in exercises}
    codes = {row.id: row.code for row in exercises}
    for exercise, competency in queries.cells_of(session, center.id):
        cells[codes[exercise]].append(competency)
    kinds = {row.code: row.kind for row in exercises}
    return [Missing(one.code, one.about) for one in matrix_problems(cells, kinds)]


def not_measured(session: Session, center: Center) -> list[str]:
    """Competencies that the target post's profile expects and the center leaves to other methods: said, not refused.

    A center that measures more than a handful at once measures none of them well (Guidelines 2015).
    """
    measured = {code for _exercise, code in queries.cells_of(session, center.id)}
    return [code for code in queries.wanted_competencies(session, center) if code not in measured]


# Approval


def missing(session: Session, center: Center) -> list[Missing]:
    """Everything that a center lacks before it can be approved, in the order in which it is set up."""
    found = [Missing(name) for name in ("purpose", "who_sees", "retention") if not getattr(center, name).strip()]
    if not str((center.stars or {}).get("reason", "")).strip():
        found.append(Missing("stars"))
    found += matrix_lacks(session, center)
    exercises = queries.exercises_of(session, center.id)
    found += [Missing("nobody-observes", row.code) for row in exercises if not row.assessors and not row.readers]
    found += [Missing("instructions", row.code) for row in exercises if not row.instructions_th.strip()]
    if not queries.participants_of(session, center.id):
        found.append(Missing("participants"))
    panel = queries.assessors_of(session, center.id)
    needed = max((max(row.assessors, row.readers) for row in exercises), default=1)
    if len(panel) < max(needed, 1):
        found.append(Missing("assessors", count=max(needed, 1)))
    today = clock.today()
    found += [Missing("untrained", row.name) for row in panel if row.trained_on is None or row.trained_on > today]
    found += [Missing(name) for name, rows in _places(session, center).items() if not rows]
    return found


def _places(session: Session, center: Center) -> dict[str, int]:
    return {"rooms": len(queries.rooms_of(session, center.id)), "blocks": len(queries.blocks_of(session, center.id))}


def approve(session: Session, actor: Actor, center: Center) -> None:
    """The second person approves. Raises ``RuleBroken`` where something is missing or the actor wrote in the draft."""
    if actor.kind == "account" and not may(actor.roles, "assessments:center:approve"):
        raise NotAllowed()
    if center.status != "draft":
        raise Conflict("ศูนย์การประเมินนี้ไม่ได้เป็นร่างแล้ว")
    if actor.account_id is not None and actor.account_id in center.editors:
        raise RuleBroken("ท่านเป็นผู้จัดทำศูนย์การประเมินนี้ ให้เจ้าหน้าที่คนอื่นเป็นผู้อนุมัติ")
    lacks = missing(session, center)
    if lacks:
        raise RuleBroken("ยังอนุมัติไม่ได้ ขาดอยู่ %(count)s รายการตามที่แสดงไว้", count=len(lacks))
    center.status, center.approved_by, center.approved_at = "approved", actor.name, clock.now()
    session.flush()
    audit.append(session, actor, "assessments:center:approve", "Center", center.code, after={"status": "approved"})


def reopen(session: Session, actor: Actor, center: Center, *, reason: str) -> None:
    """Take the approval back to change the set-up, with a reason; not once anything has been observed."""
    check_staff(actor)
    if center.status != "approved":
        raise Conflict("ศูนย์การประเมินนี้ไม่ได้อยู่ในสถานะอนุมัติแล้ว")
    if not reason.strip():
        raise RuleBroken("การนำกลับมาแก้ไขต้องระบุเหตุผล")
    if queries.has_begun(session, center.id):
        raise RuleBroken("เริ่มบันทึกการสังเกตแล้ว จึงแก้ไขแบบฝึกและนโยบายไม่ได้")
    center.status, center.approved_by, center.approved_at = "draft", "", None
    center.published_by, center.published_at = "", None
    session.flush()
    audit.append(session, actor, "assessments:center:reopen", "Center", center.code, reason=reason.strip())


def check_staff(actor: Actor) -> None:
    """Raise ``NotAllowed`` for whoever does not set centers up."""
    if actor.kind == "account" and not may(actor.roles, "assessments:center:change"):
        raise NotAllowed()


def check_draft(actor: Actor, center: Center) -> None:
    """Raise unless the actor may write and the center is a draft."""
    check_staff(actor)
    if center.status != "draft":
        raise RuleBroken("ศูนย์การประเมินนี้อนุมัติแล้ว ให้นำกลับมาแก้ไขก่อนจึงจะเปลี่ยนนโยบาย แบบฝึก หรือตารางสมรรถนะได้")


def _check_fresh(center: Center, version: int | None) -> None:
    if version is not None and center.version != version:
        raise Conflict("มีผู้แก้ไขศูนย์การประเมินนี้ไปก่อนแล้ว ข้อความที่ท่านพิมพ์ยังอยู่ในหน้านี้ กรุณาเปิดหน้าใหม่เทียบก่อนบันทึก")


def _touch(center: Center, actor: Actor) -> None:
    center.changed_at = clock.now()
    if actor.account_id is not None and actor.account_id not in (center.editors or []):
        center.editors = [*(center.editors or []), actor.account_id]
