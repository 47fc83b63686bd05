"""Setting an exam up: what it asks, when, of whom; made ready by a second person, and from then on frozen."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.models import Account, Role
from webapp.assessments.bank.models import Item
from webapp.assessments.bank.queries import approved_versions, tree
from webapp.assessments.desk import check_staff
from webapp.assessments.exams import rules
from webapp.assessments.exams.handling import check_handles, sits
from webapp.assessments.exams.models import Candidate, Exam, ExamIncident, ExamMarker, ExamPart, ExamPool
from webapp.assessments.queries import component_in_force
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import Conflict, NotFound, RuleBroken


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff decide about an exam."""

    code: str
    name_th: str
    name_en: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    minutes: int
    cohort_id: int | None = None
    purpose: str = "ranking"
    component: str | None = None
    instructions_th: str = ""
    instructions_en: str = ""
    shuffle: bool = True
    one_per_page: bool = True
    start_code: str = ""
    lockdown: bool = False
    shows: str = "marks"
    pass_percent: Decimal | None = None
    pass_reason: str = ""
    essay_markers: int = 2
    essay_rule: str = "third"
    essay_threshold: Decimal = Decimal(20)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the blueprint: ``draw`` questions of a category (and what is beneath it), or one named question."""

    category_id: int | None = None
    item_id: int | None = None
    draw: int = 1
    points: Decimal | None = None


def plan_exam(session: Session, actor: Actor, plan: Plan) -> Exam:
    """A new exam as a draft. Raises ``RuleBroken`` where the plan makes no sense, ``Conflict`` where the code is taken."""
    check_staff(actor)
    _check(session, plan)
    exam = Exam(
        **asdict(plan), status="draft", created_by=actor.name, created_by_id=actor.account_id, created_at=clock.now(),
        planned_by=[] if actor.account_id is None else [actor.account_id],
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(exam)
    except IntegrityError:
        raise Conflict("มีการสอบรหัส “%(code)s” แล้ว กรุณาใช้รหัสอื่น", code=plan.code) from None
    audit.append(session, actor, "assessments:exam:plan", "Exam", exam.code, after=_shown(asdict(plan)))
    return exam


def change_exam(session: Session, actor: Actor, exam: Exam, plan: Plan, *, seen_version: int) -> Exam:
    """Change a draft. Raises ``Conflict`` where somebody changed it meanwhile, ``RuleBroken`` where it is ready."""
    check_handles(session, actor, exam)
    _still_draft(exam)
    if exam.version != seen_version:
        raise Conflict("มีผู้แก้ไขการสอบนี้ไปแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    _check(session, plan)
    before = {name: getattr(exam, name) for name in asdict(plan)}
    _shaped(actor, exam)
    for name, value in asdict(plan).items():
        setattr(exam, name, value)
    changed = {name: value for name, value in asdict(plan).items() if value != before[name]}
    session.flush()
    audit.append(
        session, actor, "assessments:exam:change", "Exam", exam.code,
        before=_shown({name: before[name] for name in changed}), after=_shown(changed),
    )  # fmt: skip
    return exam


def set_blueprint(session: Session, actor: Actor, exam: Exam, lines: Sequence[Line]) -> None:
    """Replace the lines of a draft's blueprint."""
    check_handles(session, actor, exam)
    _still_draft(exam)
    _shaped(actor, exam)
    session.execute(delete(ExamPart).where(ExamPart.exam_id == exam.id))
    for position, line in enumerate(lines, 1):
        if (line.category_id is None) == (line.item_id is None):
            raise RuleBroken("แต่ละบรรทัดของผังข้อสอบต้องระบุหมวดหรือข้อสอบอย่างใดอย่างหนึ่ง")
        if line.draw < 1 or (line.points is not None and line.points <= 0):
            raise RuleBroken("จำนวนข้อและคะแนนต่อข้อต้องมากกว่า 0")
        session.add(ExamPart(exam_id=exam.id, position=position, **asdict(line)))
    session.flush()
    audit.append(
        session, actor, "assessments:exam:blueprint", "Exam", exam.code,
        after={"lines": [_shown(asdict(line)) for line in lines]},
    )  # fmt: skip


def pools_of(session: Session, exam: Exam) -> list[tuple[ExamPart, list[int]]]:
    """The lines with what each may draw as the bank stands now: approved versions, by item."""
    beneath = {branch.id: branch.beneath for branch in tree(session)}
    parts = session.scalars(select(ExamPart).where(ExamPart.exam_id == exam.id).order_by(ExamPart.position)).all()
    rows = [(version.id, version.item.category_id, version.item_id) for version in approved_versions(session)]
    found = []
    for part in parts:
        if part.item_id is not None:
            pool = [version for version, _category, item in rows if item == part.item_id]
        else:
            inside = beneath.get(part.category_id or 0, frozenset())
            pool = [version for version, category, _item in rows if category in inside]
        found.append((part, pool))
    return found


def make_ready(session: Session, actor: Actor, exam: Exam) -> Exam:
    """Freeze the blueprint's pools and let candidates in when the window opens. By a second person, not the planner.

    Raises ``RuleBroken`` naming what is missing.
    """
    check_handles(session, actor, exam)
    _still_draft(exam)
    if shaped(actor, exam):
        raise RuleBroken("ท่านสร้างหรือแก้ไขการสอบนี้ จึงยืนยันความพร้อมเองไม่ได้ ขอให้เจ้าหน้าที่อีกคนตรวจและยืนยัน")
    pools = pools_of(session, exam)
    if not pools:
        raise RuleBroken("ยังไม่มีผังข้อสอบ กรุณาเพิ่มอย่างน้อยหนึ่งบรรทัด")
    try:
        rules.draw([rules.Part(part.id, part.draw, tuple(pool)) for part, pool in pools], exam.code, shuffle=False)
    except ValueError:
        short = next((part.position for part, pool in pools if len(pool) < part.draw), len(pools))
        raise RuleBroken(
            "บรรทัดที่ %(line)s ของผังข้อสอบมีข้อสอบที่รับรองแล้วไม่พอ กรุณาลดจำนวนข้อหรือเพิ่มข้อสอบในคลัง", line=short
        ) from None
    for part, pool in pools:
        session.add_all(
            ExamPool(part_id=part.id, version_id=version, position=place) for place, version in enumerate(pool, 1)
        )
    exam.status, exam.ready_by, exam.ready_at = "ready", actor.name, clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:exam:ready", "Exam", exam.code,
        after={"pools": {str(part.position): pool for part, pool in pools}},
    )  # fmt: skip
    return exam


def admit(session: Session, actor: Actor, exam: Exam, officers: Mapping[int, int | None]) -> int:
    """Admit officers (by id, with their enrollment) to an exam, each under a number that tells nothing. How many are new.

    Numbers are given by chance, so that neither they nor their order tell who it is (promise 14).
    """
    check_handles(session, actor, exam)
    if exam.status not in ("draft", "ready"):
        raise RuleBroken("การสอบนี้ปิดแล้ว จึงเพิ่มผู้เข้าสอบไม่ได้")
    there = set(session.scalars(select(Candidate.officer_id).where(Candidate.exam_id == exam.id)))
    taken = set(session.scalars(select(Candidate.number).where(Candidate.exam_id == exam.id)))
    new = [officer for officer in officers if officer not in there]
    for officer in new:
        number = _number(taken)
        session.add(Candidate(
            exam_id=exam.id, officer_id=officer, enrollment_id=officers[officer], number=number,
            seed=secrets.token_hex(16),
        ))  # fmt: skip
    session.flush()
    if new:
        audit.append(session, actor, "assessments:exam:admit", "Exam", exam.code, after={"count": len(new)})
    return len(new)


def admit_cohort(session: Session, actor: Actor, exam: Exam) -> int:
    """Admit everybody whom the exam's component is for: trainees for the ranking, applicants for the selection."""
    from webapp.assessments.desk import MARKED_STATUSES

    if exam.cohort_id is None:
        raise RuleBroken("การสอบนี้ไม่ได้ผูกกับรุ่น กรุณาเพิ่มผู้เข้าสอบทีละคน")
    rows = session.execute(
        select(Enrollment.officer_id, Enrollment.id).where(
            Enrollment.cohort_id == exam.cohort_id, Enrollment.status.in_(MARKED_STATUSES[exam.purpose])
        )
    )
    return admit(session, actor, exam, {row[0]: row[1] for row in rows})


def give_time(
    session: Session, actor: Actor, exam: Exam, candidate: Candidate, minutes: int, *, reason: str
) -> Candidate:  # fmt: skip
    """Grant extra minutes with a reason; of an attempt that runs, the end moves too. Not to oneself."""
    from webapp.assessments.exams.taking import attempt_of, sitting_of

    check_handles(session, actor, exam)
    if not reason.strip():
        raise RuleBroken("การให้เวลาเพิ่มต้องระบุเหตุผล")
    if not 0 <= minutes <= 1440:
        raise RuleBroken("เวลาที่เพิ่มต้องอยู่ระหว่าง 0 ถึง 1440 นาที")
    before = candidate.extra_minutes
    candidate.extra_minutes, candidate.extra_reason = minutes, reason.strip() if minutes else ""
    attempt = attempt_of(session, candidate.id)
    if attempt is not None:
        if attempt.ended_at is not None:
            raise RuleBroken("ผู้เข้าสอบคนนี้สอบเสร็จแล้ว จึงเพิ่มเวลาไม่ได้")
        attempt.deadline_at = rules.deadline(sitting_of(exam, candidate), attempt.started_at)
    note(session, actor, exam, "extra-time", f"+{minutes}: {reason.strip()}", candidate)
    audit.append(
        session, actor, "assessments:exam:extra-time", "Candidate", f"{exam.code}/{candidate.number}",
        before={"minutes": before}, after={"minutes": minutes}, reason=reason.strip(),
    )  # fmt: skip
    return candidate


def note(
    session: Session, actor: Actor, exam: Exam, kind: str, text: str, candidate: Candidate | None = None
) -> ExamIncident:  # fmt: skip
    """Note something that happened during an exam."""
    found = ExamIncident(
        exam_id=exam.id, candidate_id=None if candidate is None else candidate.id, kind=kind, note=text.strip()[:2000],
        noted_by=actor.name, noted_at=clock.now(),
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def name_marker(
    session: Session, actor: Actor, exam: Exam, account_id: int, name: str, *, decides: bool = False
) -> ExamMarker:  # fmt: skip
    """Name a marker of the essays. Nobody who sits the exam marks it."""
    check_handles(session, actor, exam)
    if sits(session, account_id, exam):
        raise RuleBroken("%(name)s อยู่ในรุ่นที่สอบ จึงเป็นผู้ตรวจไม่ได้", name=name)
    if is_staff(session, account_id):
        raise RuleBroken("%(name)s เป็นเจ้าหน้าที่ที่เห็นรายชื่อผู้เข้าสอบได้ จึงตรวจข้อเขียนโดยไม่ทราบชื่อไม่ได้", name=name)
    if exam.status == "released":
        raise RuleBroken("การสอบนี้ประกาศผลแล้ว จึงแต่งตั้งผู้ตรวจไม่ได้")
    there = session.scalar(select(ExamMarker).where(ExamMarker.exam_id == exam.id, ExamMarker.account_id == account_id))
    if there is not None:
        raise RuleBroken("%(name)s เป็นผู้ตรวจของการสอบนี้แล้ว", name=name)
    found = ExamMarker(
        exam_id=exam.id, account_id=account_id, name=name, decides=decides, named_by=actor.name, named_at=clock.now()
    )  # fmt: skip
    session.add(found)
    session.flush()
    audit.append(
        session, actor, "assessments:exam:name-marker", "Exam", exam.code, after={"marker": name, "decides": decides}
    )  # fmt: skip
    return found


def is_staff(session: Session, account_id: int) -> bool:
    """Whether an account sees the candidates' names in some other role."""
    seeing = Account.roles.any(Role.name.in_(("institute", "auditor")))
    return session.scalar(select(Account.id).where(Account.id == account_id, seeing)) is not None


def candidates_count(session: Session, exam_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Candidate).where(Candidate.exam_id == exam_id)) or 0


def _number(taken: set[str]) -> str:
    while True:
        number = f"{secrets.randbelow(900_000) + 100_000}"
        if number not in taken:
            taken.add(number)
            return number


def shaped(actor: Actor, exam: Exam) -> bool:
    """Whether the actor planned or changed the exam: then somebody else makes it ready (promise 10)."""
    return actor.account_id is not None and actor.account_id in exam.planned_by


def _shaped(actor: Actor, exam: Exam) -> None:
    if actor.account_id is not None and actor.account_id not in exam.planned_by:
        exam.planned_by = [*exam.planned_by, actor.account_id]


def _still_draft(exam: Exam) -> None:
    if exam.status != "draft":
        raise RuleBroken("การสอบนี้ยืนยันความพร้อมแล้ว จึงแก้ไขไม่ได้")


def _check(session: Session, plan: Plan) -> None:
    """Whether the plan makes sense."""
    if plan.closes_at <= plan.opens_at:
        raise RuleBroken("เวลาปิดสอบต้องอยู่หลังเวลาเปิดสอบ")
    if not 1 <= plan.minutes <= 1440:
        raise RuleBroken("เวลาสอบต้องอยู่ระหว่าง 1 ถึง 1440 นาที")
    if plan.pass_percent is not None and not plan.pass_reason.strip():
        raise RuleBroken("เกณฑ์ผ่านต้องมีเหตุผลหรือที่มา เช่น ผลของคณะผู้ตัดสินแบบ Angoff")
    if plan.pass_percent is not None and not 0 <= plan.pass_percent <= 100:
        raise RuleBroken("เกณฑ์ผ่านต้องอยู่ระหว่างร้อยละ 0 ถึง 100")
    if plan.essay_threshold < 0 or plan.essay_threshold > 100:
        raise RuleBroken("ส่วนต่างที่ยอมรับได้ของผู้ตรวจสองคนต้องอยู่ระหว่างร้อยละ 0 ถึง 100")
    if (plan.cohort_id is None) != (plan.component is None):
        raise RuleBroken("เลือกทั้งรุ่นและองค์ประกอบคะแนน หรือไม่เลือกทั้งสองอย่าง")
    if plan.cohort_id is None or plan.component is None:
        return
    if component_in_force(session, plan.cohort_id, plan.purpose, plan.component) is None:
        raise RuleBroken("แผนการประเมินที่ใช้อยู่ของรุ่นไม่มีองค์ประกอบนี้")


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the audit log keeps them; the start code is a secret until the exam is over."""
    return {name: "•••" if name == "start_code" and value else value for name, value in values.items()}


def item_exists(session: Session, item_id: int) -> Item:
    """The question of a blueprint line. Raises ``NotFound``."""
    found = session.get(Item, item_id)
    if found is None:
        raise NotFound()
    return found
