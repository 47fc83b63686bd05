"""What staff read of an exam: the list, the blueprint with what the bank holds for it, candidates, markers, what is missing."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account, Role
from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.bank.queries import Branch, tree
from webapp.assessments.desk import MARKED_STATUSES
from webapp.assessments.exams import rules
from webapp.assessments.exams.handling import open_to
from webapp.assessments.exams.models import Attempt, Candidate, Exam, ExamMarker, ExamPart, ExamPool
from webapp.assessments.exams.setting import pools_of, shaped
from webapp.assessments.models import AssessmentPlan, PlanComponent
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer


@dataclass(frozen=True, slots=True)
class ListedExam:
    """An exam in the list: how many are admitted, have begun and have finished."""

    exam: Exam
    cohort: Cohort | None
    candidates: int
    begun: int
    ended: int


def exams_page(
    session: Session, account_id: int | None, *, words: str = "", status: str = "", cohort: str = "",
    sort: str = "opens", descending: bool = True, limit: int = 50, offset: int = 0,
) -> tuple[list[ListedExam], int]:  # fmt: skip
    """A page of the exams that the reader may handle; four statements whatever their number."""
    query: Select[Any] = select(Exam).outerjoin(Cohort, Cohort.id == Exam.cohort_id).where(open_to(account_id))
    if words:
        query = query.where(or_(*(column.contains(words, autoescape=True)
                                  for column in (Exam.code, Exam.name_th, Exam.name_en))))  # fmt: skip
    if status:
        query = query.where(Exam.status == status)
    if cohort:
        query = query.where(Cohort.code == cohort)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    orders = {"name": Exam.name_th, "opens": Exam.opens_at, "status": Exam.status, "code": Exam.code}
    order = orders.get(sort, Exam.opens_at)
    query = query.options(joinedload(Exam.cohort)).order_by(order.desc() if descending else order.asc(), Exam.id)
    exams = session.scalars(query.limit(limit).offset(offset)).all()
    counts = session.execute(
        select(Candidate.exam_id, func.count(), func.count(Attempt.id), func.count(Attempt.ended_at))
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id.in_([exam.id for exam in exams])).group_by(Candidate.exam_id)
    )  # fmt: skip
    by = {row[0]: row[1:] for row in counts}
    return [ListedExam(exam, exam.cohort, *by.get(exam.id, (0, 0, 0))) for exam in exams], total


def exams_for_home(session: Session, account_id: int | None, now: dt.datetime) -> list[Exam]:
    """Exams that need staff now: drafts near or past their day, those open, and those over that nobody has closed."""
    soon = now + dt.timedelta(days=30)
    query = (
        select(Exam).where(
            open_to(account_id),
            (Exam.status == "ready") & (Exam.opens_at <= now) | (Exam.status == "draft") & (Exam.opens_at <= soon),
        )
        .options(joinedload(Exam.cohort)).order_by(Exam.opens_at, Exam.id)
    )  # fmt: skip
    return list(session.scalars(query))


def cohorts_with_exams(session: Session) -> list[Cohort]:
    query = select(Cohort).where(Cohort.id.in_(select(Exam.cohort_id))).order_by(Cohort.id.desc())
    return list(session.scalars(query))


def components_to_feed(session: Session, but: Exam | None = None) -> list[tuple[Cohort, str, PlanComponent]]:
    """Components of the plans in force of cohorts that are not closed: what an exam may feed."""
    rows = session.execute(
        select(Cohort, AssessmentPlan.purpose, PlanComponent)
        .join(AssessmentPlan, AssessmentPlan.cohort_id == Cohort.id)
        .join(PlanComponent, PlanComponent.plan_id == AssessmentPlan.id)
        .where(AssessmentPlan.status == "in-force",
               Cohort.closed_at.is_(None) | (Cohort.id == (but.cohort_id if but is not None else None)))
        .order_by(Cohort.id.desc(), AssessmentPlan.purpose, PlanComponent.id)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


# The blueprint


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the blueprint as it is shown: what it draws from, and how many questions the pool holds."""

    part: ExamPart
    branch: Branch | None
    item: Item | None
    pool: tuple[ItemVersion, ...]

    @property
    def short(self) -> bool:
        return len(self.pool) < self.part.draw


def blueprint_lines(session: Session, exam: Exam) -> list[Line]:
    """The blueprint; of a draft with what the bank holds now, later with the frozen pools. A fixed number of statements."""
    if exam.status == "draft":
        pools = pools_of(session, exam)
    else:
        parts = session.scalars(select(ExamPart).where(ExamPart.exam_id == exam.id).order_by(ExamPart.position)).all()
        held: dict[int, list[int]] = {part.id: [] for part in parts}
        for row in session.scalars(
            select(ExamPool).where(ExamPool.part_id.in_(list(held))).order_by(ExamPool.position, ExamPool.id)
        ):
            held[row.part_id].append(row.version_id)
        pools = [(part, held[part.id]) for part in parts]
    ids = {number for _part, pool in pools for number in pool}
    read = session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids)).options(joinedload(ItemVersion.item)))
    versions = {version.id: version for version in read}
    branches = {row.id: row for row in tree(session)}
    named = {part.item_id for part, _pool in pools if part.item_id is not None}
    items = {item.id: item for item in session.scalars(select(Item).where(Item.id.in_(named)))}
    return [
        Line(part, branches.get(part.category_id or 0), items.get(part.item_id or 0),
             tuple(versions[number] for number in pool))
        for part, pool in pools
    ]  # fmt: skip


def approved_counts(session: Session) -> list[tuple[Branch, int]]:
    """Every category with how many approved questions it and what is beneath it hold."""
    rows = session.execute(
        select(Item.category_id, func.count())
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.status == "approved").group_by(Item.category_id)
    )  # fmt: skip
    own: Counter[int] = Counter({row[0]: row[1] for row in rows})
    return [(branch, sum(own[number] for number in branch.beneath)) for branch in tree(session)]


def approved_item(session: Session, code: str) -> Item:
    """The question of this code that has an approved version. Raises ``RuleBroken``."""
    found = session.scalar(
        select(Item).join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.code == code.strip(), ItemVersion.status == "approved")
    )  # fmt: skip
    if found is None:
        raise RuleBroken("ไม่มีข้อสอบรหัส %(code)s ที่อนุมัติแล้ว", code=code)
    return found


# Candidates and markers


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate with the attempt, if it has begun."""

    candidate: Candidate
    officer: Officer
    attempt: Attempt | None


def seats_of(session: Session, exam: Exam) -> list[Seat]:
    """Everybody admitted, in the order of the Thai alphabet; one statement."""
    rows = session.execute(
        select(Candidate, Officer, Attempt)
        .join(Officer, Officer.id == Candidate.officer_id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id).order_by(Officer.sort_key, Officer.officer_no)
    )  # fmt: skip
    return [Seat(*row) for row in rows]


def seat(session: Session, exam: Exam, number: str) -> Seat:
    """The candidate with this number. Raises ``NotFound``."""
    row = session.execute(
        select(Candidate, Officer, Attempt)
        .join(Officer, Officer.id == Candidate.officer_id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id, Candidate.number == number)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    return Seat(*row)


def not_admitted(session: Session, exam: Exam) -> list[tuple[Enrollment, Officer]]:
    """People of the cohort whom the exam is for and who are not admitted yet, in the order of the Thai alphabet."""
    there = select(Candidate.officer_id).where(Candidate.exam_id == exam.id)
    rows = session.execute(
        select(Enrollment, Officer).join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == exam.cohort_id, Enrollment.status.in_(MARKED_STATUSES[exam.purpose]),
               Enrollment.officer_id.not_in(there))
        .order_by(Officer.sort_key, Officer.officer_no)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def officer_by_no(session: Session, officer_no: str) -> Officer:
    """The officer with this number. Raises ``RuleBroken``."""
    found = session.scalar(select(Officer).where(Officer.officer_no == officer_no.strip()))
    if found is None:
        raise RuleBroken("ไม่มีข้าราชการเลขประจำตัว %(number)s ในทะเบียน", number=officer_no)
    return found


def markers_of(session: Session, exam: Exam) -> Sequence[ExamMarker]:
    return session.scalars(select(ExamMarker).where(ExamMarker.exam_id == exam.id).order_by(ExamMarker.id)).all()


def who_may_mark(session: Session, exam: Exam) -> list[Account]:
    """Assessors who are no staff of the institute and not named yet."""
    named = select(ExamMarker.account_id).where(ExamMarker.exam_id == exam.id)
    query = select(Account).where(
        Account.active, Account.roles.any(Role.name == "assessor"), ~Account.roles.any(Role.name == "institute"),
        Account.id.not_in(named),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Account.name, Account.id).options(joinedload(Account.roles))).unique())


# Is it ready


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there yet. ``must``: nobody can make the exam ready before it is."""

    words: RuleBroken
    must: bool


def missing(session: Session, actor: Actor, exam: Exam, now: dt.datetime) -> list[Missing]:
    """Everything that a second person would want to see put right, all at once."""
    lines = blueprint_lines(session, exam)
    found = [Missing(broken, True) for broken in _blueprint_problems(exam, lines)]
    if exam.closes_at <= now:
        found.append(Missing(RuleBroken("เวลาสอบผ่านไปแล้ว กรุณาแก้วันเวลา"), True))
    if exam.closes_at - exam.opens_at < dt.timedelta(minutes=exam.minutes):
        found.append(
            Missing(
                RuleBroken("ช่วงเปิดสอบสั้นกว่าเวลาทำข้อสอบ ผู้เข้าสอบจะทำได้ไม่ครบ %(minutes)s นาที", minutes=exam.minutes), False
            )
        )
    found += [Missing(broken, False) for broken in _uneven(lines)]
    if not session.scalar(select(func.count()).select_from(Candidate).where(Candidate.exam_id == exam.id)):
        found.append(Missing(RuleBroken("ยังไม่มีผู้เข้าสอบ เพิ่มภายหลังได้จนกว่าจะปิดการสอบ"), False))
    if any(version.type == "essay" for line in lines for version in line.pool):
        found += [Missing(broken, False) for broken in _marker_problems(exam, markers_of(session, exam))]
    if not exam.start_code:
        found.append(Missing(RuleBroken("ไม่มีรหัสเริ่มสอบ ผู้เข้าสอบเริ่มได้เองเมื่อถึงเวลา"), False))
    if shaped(actor, exam):
        found.append(
            Missing(RuleBroken("ท่านสร้างหรือแก้ไขการสอบนี้ จึงยืนยันความพร้อมเองไม่ได้ ขอให้เจ้าหน้าที่อีกคนตรวจและยืนยัน"), True)
        )
    return found


def _blueprint_problems(exam: Exam, lines: Sequence[Line]) -> list[RuleBroken]:
    if not lines:
        return [RuleBroken("ยังไม่มีผังข้อสอบ กรุณาเพิ่มอย่างน้อยหนึ่งบรรทัด")]
    found = [
        RuleBroken(
            "บรรทัดที่ %(line)s ต้องใช้ %(draw)s ข้อ แต่คลังมีข้อที่อนุมัติแล้ว %(have)s ข้อ", line=line.part.position,
            draw=line.part.draw, have=len(line.pool),
        )
        for line in lines if line.short
    ]  # fmt: skip
    if found:
        return found
    parts = [rules.Part(line.part.id, line.part.draw, tuple(v.id for v in line.pool)) for line in lines]
    try:
        rules.draw(parts, exam.code, shuffle=False)
    except ValueError:
        return [RuleBroken("บรรทัดของผังข้อสอบใช้ข้อเดียวกันจนไม่พอ กรุณาลดจำนวนข้อหรือแยกหมวด")]
    return []


def _uneven(lines: Sequence[Line]) -> list[RuleBroken]:
    """Lines that draw from questions of different points: then two papers are not worth the same."""
    return [
        RuleBroken(
            "บรรทัดที่ %(line)s สุ่มจากข้อที่คะแนนไม่เท่ากัน คะแนนเต็มของแต่ละคนจะต่างกัน กรุณากำหนดคะแนนต่อข้อ", line=line.part.position
        )
        for line in lines
        if line.part.points is None
        and line.part.draw < len(line.pool)
        and len({version.document["points"] for version in line.pool}) > 1
    ]


def _marker_problems(exam: Exam, markers: Sequence[ExamMarker]) -> list[RuleBroken]:
    found = []
    if sum(not marker.decides for marker in markers) < exam.essay_markers:
        found.append(RuleBroken("มีข้อเขียน แต่ยังมีผู้ตรวจไม่ครบ %(count)s คน", count=exam.essay_markers))
    if exam.essay_markers == 2 and exam.essay_rule == "third" and not any(marker.decides for marker in markers):
        found.append(RuleBroken("มีข้อเขียน แต่ยังไม่มีผู้ตรวจคนที่สามสำหรับข้อที่คะแนนต่างกันเกินกำหนด"))
    return found
