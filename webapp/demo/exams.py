"""The demonstration's exams: one finished and released, one open this week, two being prepared.

Set up through the operations; the answers are added set-wise, as they would have become, with one entry in the audit log.
"""

import datetime as dt
import hashlib
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
from webapp.assessments.exams import results, rules, setting, taking
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    Exam,
    ExamIncident,
    LateAcceptance,
)
from webapp.assessments.exams.staff import rooms
from webapp.assessments.exams.taking import parts_of
from webapp.audit import SYSTEM, Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.database import canonical_json
from webapp.demo import answers
from webapp.demo.accounts import Desks
from webapp.officers.models import Officer

SEED = 2569_11
MINUTE = dt.timedelta(minutes=1)
INSTRUCTIONS = (
    (
        "อ่านคำถามให้ครบก่อนตอบ คำตอบบันทึกทันทีที่เปลี่ยน และกลับมาแก้ได้จนกว่าจะส่งหรือหมดเวลา\n"
        "หากเครื่องขัดข้อง ให้แจ้งผู้คุมสอบ แล้วเข้าสู่ระบบจากเครื่องอื่นเพื่อทำต่อ"
    ),
    (
        "Read each question before you answer. Answers are saved as you change them, and can be changed until you hand in or "
        "the time is over.\nIf your computer fails, tell the invigilator and sign in on another one to go on."
    ),
)
OPEN_CODE = "4512"


@dataclass
class Sitting:
    """One candidate's attempt as it is invented: when it began and ended, and how able the invention makes them."""

    candidate: Candidate
    ability: float
    began: dt.datetime
    ended: dt.datetime | None = None
    ending: str = "submitted"
    done: float = 1.0
    """The share of the paper that is answered."""


def write(session: Session, desks: Desks) -> int:
    """Set up the exams and fill them; how many."""
    chance = random.Random(SEED)
    shelf = {row.name_th: row.id for row in session.scalars(select(ItemCategory))}
    cohort = session.scalars(select(Cohort).where(Cohort.code == "ADD-2569-2")).one()
    upcoming = session.scalars(select(Cohort).where(Cohort.code == "DD-2570-1")).one()
    _released(session, desks, chance, cohort, shelf)
    _open(session, desks, chance, cohort, shelf)
    _prepared(session, desks, upcoming, shelf)
    return 4


def _moment(days: int, hour: int, minute: int = 0) -> dt.datetime:
    """A time of a day so many days from today, Bangkok's time."""
    day = clock.today() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), clock.BANGKOK).astimezone(dt.UTC)


def _lines(shelf: dict[str, int], *wanted: tuple[str, int]) -> list[setting.Line]:
    return [setting.Line(category_id=shelf[name], draw=count) for name, count in wanted]


def _essay(session: Session, part: str) -> setting.Line:
    """The approved essay whose words hold ``part``, as a line of its own."""
    found = session.scalars(
        select(Item.id).join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.type == "essay", ItemVersion.status == "approved", ItemVersion.title.contains(part))
    ).first()  # fmt: skip
    if found is None:
        raise LookupError(part)
    return setting.Line(item_id=found)


def _numbered(session: Session, exam: Exam, chance: random.Random) -> list[Candidate]:
    """The candidates by officer number, with numbers and seeds that are the same in every demonstration."""
    rows = list(session.scalars(
        select(Candidate).join(Officer, Officer.id == Candidate.officer_id)
        .where(Candidate.exam_id == exam.id).order_by(Officer.officer_no)
    ))  # fmt: skip
    numbers = chance.sample(range(100_000, 1_000_000), len(rows))
    for place, candidate in enumerate(rows):
        candidate.number = f"{place:06}"  # below every number that is given, so that no new one meets an old one
    session.flush()
    for candidate, number in zip(rows, numbers, strict=True):
        candidate.number, candidate.seed = str(number), f"{chance.getrandbits(128):032x}"
    session.flush()
    return rows


def _when(exam: Exam, created: dt.datetime, ready: dt.datetime) -> None:
    exam.created_at, exam.ready_at = created, ready


# The finished one


def _released(session: Session, desks: Desks, chance: random.Random, cohort: Cohort, shelf: dict[str, int]) -> None:
    """Sat twelve days ago by the whole cohort: every answer in, essays marked by two, results out."""
    opens = _moment(-12, 9)
    exam = setting.plan_exam(session, desks.staff, setting.Plan(
        code="ADD-2569-2-PRE", name_th="สอบวัดความรู้ก่อนการอบรม รุ่นที่ 2/2569", name_en="Test before training, course 2/2569",
        opens_at=opens, closes_at=opens + 180 * MINUTE, minutes=120, instructions_th=INSTRUCTIONS[0],
        instructions_en=INSTRUCTIONS[1], shows="answers", pass_percent=Decimal(60),
        pass_reason="ใช้เกณฑ์ร้อยละ 60 ตามหลักสูตร เพื่อให้รู้ว่าต้องเสริมเรื่องใด ไม่ใช้ตัดสินผลการอบรม", essay_rule="agree",
    ))  # fmt: skip
    lines = _lines(shelf, ("วิธีปฏิบัติราชการ", 8), ("กฎหมายเฉพาะของเขต", 7), ("งบประมาณ", 7), ("การจัดซื้อจัดจ้าง", 6))
    setting.set_blueprint(session, desks.staff, exam, [*lines, _essay(session, "คลองใหม่")])
    people = session.execute(
        select(Enrollment.officer_id).where(Enrollment.cohort_id == cohort.id).order_by(Enrollment.id)
    ).scalars()
    setting.admit(session, desks.staff, exam, dict.fromkeys(people))
    for email in ("assessor@kaona.example", "assessor2@kaona.example"):
        account = desks.accounts[email]
        setting.name_marker(session, desks.staff, exam, account.id, account.name)
    setting.make_ready(session, desks.second, exam)
    _when(exam, opens - dt.timedelta(days=20), opens - dt.timedelta(days=6))
    candidates = _numbered(session, exam, chance)
    sittings = []
    for place, candidate in enumerate(candidates):
        if place == 9:
            continue  # did not come
        began = opens + chance.randint(0, 14) * MINUTE
        minutes = 120 if place in (4, 17) else chance.randint(64, 118)
        ending = "time" if minutes == 120 else "submitted"
        sittings.append(Sitting(candidate, chance.gauss(0, 1), began, began + minutes * MINUTE, ending))
    papers, documents = _sit(session, exam, chance, sittings)
    answers.mark_essays(session, exam, desks, chance, sittings, papers, documents)
    _late(session, desks.staff, exam, sittings[4])
    results.close_exam(session, desks.staff, exam)
    results.release(session, desks.staff, exam)
    exam.released_at = opens + dt.timedelta(days=7)
    session.flush()


def _late(session: Session, actor: Actor, exam: Exam, sitting: Sitting) -> None:
    """An answer that came after the end because the room's network broke, accepted with its reason."""
    attempt = session.scalars(select(Attempt).where(Attempt.candidate_id == sitting.candidate.id)).one()
    question = session.scalars(
        select(AttemptQuestion).where(AttemptQuestion.attempt_id == attempt.id).order_by(AttemptQuestion.position.desc())
    ).first()  # fmt: skip
    version = session.get_one(ItemVersion, question.version_id) if question is not None else None
    if question is None or version is None or attempt.ended_at is None:
        return
    late = Answer(
        question_id=question.id, page="late", turn=1, response=answers.right(version.document),
        saved_at=attempt.ended_at + 2 * MINUTE, late=True,
    )  # fmt: skip
    session.add(late)
    session.flush()
    reason = "เครือข่ายของห้องสอบ 2 ขัดข้องเวลา 10.58-11.03 น. ตามบันทึกของผู้ดูแลเครือข่าย"
    session.add(LateAcceptance(
        answer_id=late.id, reason=reason, accepted_by=actor.name, accepted_at=attempt.ended_at + 40 * MINUTE
    ))  # fmt: skip
    _noted(session, exam, sitting.candidate, "late", reason, actor, attempt.ended_at + 40 * MINUTE)


# The open one


def _open(session: Session, desks: Desks, chance: random.Random, cohort: Cohort, shelf: dict[str, int]) -> None:
    """Open this week: some have finished, some are in the middle, the demonstration's trainee has not begun."""
    now = clock.now()
    opens = min(_moment(0, 8, 30), now - 120 * MINUTE)
    exam = setting.plan_exam(session, desks.staff, setting.Plan(
        code="ADD-2569-2-EXAM", name_th="สอบวัดความรู้ รุ่นที่ 2/2569", name_en="Examination, course 2/2569", opens_at=opens,
        closes_at=_moment(6, 16, 30), minutes=90, cohort_id=cohort.id, purpose="ranking", component="exam",
        instructions_th=f"{INSTRUCTIONS[0]}\nรหัสเริ่มสอบของระบบสาธิต: {OPEN_CODE}",
        instructions_en=f"{INSTRUCTIONS[1]}\nThe demonstration's start code: {OPEN_CODE}",
        start_code=OPEN_CODE, lockdown=True, shows="marks", essay_markers=2, essay_rule="mean",
    ))  # fmt: skip
    lines = _lines(shelf, ("การบริหารกรุงเทพมหานคร", 5), ("เมืองและพื้นที่", 5), ("วิธีปฏิบัติราชการ", 4), ("งบประมาณ", 4))
    setting.set_blueprint(session, desks.staff, exam, [*lines, _essay(session, "90 วันแรก")])
    setting.admit_cohort(session, desks.staff, exam)
    for email in ("assessor@kaona.example", "assessor2@kaona.example"):
        account = desks.accounts[email]
        setting.name_marker(session, desks.staff, exam, account.id, account.name)
    for name, invigilator in (("ห้องสอบ 1", "นางพรทิพย์ อัศวเดช"), ("ห้องสอบ 2", "นายสมเกียรติ บุญยืน")):
        rooms.put_room(session, desks.staff, exam, rooms.RoomPlan(name, invigilator, seats=20))
    rooms.share_out(session, desks.staff, exam)
    setting.make_ready(session, desks.second, exam)
    _when(exam, now - dt.timedelta(days=9), now - dt.timedelta(days=2))
    trainee = session.scalars(
        select(Officer.id).where(Officer.account_id == desks.accounts["trainee@kaona.example"].id)
    ).one()
    candidates = _numbered(session, exam, chance)
    others = [candidate for candidate in candidates if candidate.officer_id != trainee]
    sittings = [
        Sitting(one, chance.gauss(0, 1), now - began * MINUTE, now - (began - took) * MINUTE)
        for one in others[:11] for began in [chance.randint(88, 110)] for took in [chance.randint(52, 86)]
    ]  # fmt: skip
    sittings += [Sitting(one, chance.gauss(0, 1), now - chance.randint(30, 60) * MINUTE, done=chance.uniform(0.3, 0.8))
                 for one in others[11:17]]  # fmt: skip
    _sit(session, exam, chance, sittings)
    extra = others[13]
    setting.give_time(session, desks.staff, exam, extra, 20, reason="เครื่องคอมพิวเตอร์ขัดข้อง ต้องย้ายเครื่องระหว่างสอบ")
    _noted(session, exam, others[14], "focus-lost", "", None, now - 18 * MINUTE)
    _noted(
        session,
        exam,
        None,
        "note",
        "ไฟฟ้าห้องสอบ 2 ดับประมาณหนึ่งนาที เครื่องสำรองไฟทำงาน ไม่มีผู้สอบหลุด",
        desks.staff,
        now - 25 * MINUTE,
    )


def _noted(
    session: Session, exam: Exam, candidate: Candidate | None, kind: str, note: str, actor: Actor | None, at: dt.datetime
) -> None:  # fmt: skip
    session.add(ExamIncident(
        exam_id=exam.id, candidate_id=None if candidate is None else candidate.id, kind=kind, note=note,
        noted_by=actor.name if actor is not None else "", noted_at=at,
    ))  # fmt: skip
    session.flush()


# What is being prepared


def _prepared(session: Session, desks: Desks, cohort: Cohort, shelf: dict[str, int]) -> None:
    """Two drafts: one that only waits for the second person, one whose blueprint asks for more than the bank holds."""
    opens = _moment(9, 9)
    waiting = setting.plan_exam(session, desks.second, setting.Plan(
        code="SECTION-HEAD-2570", name_th="สอบวัดความรู้ทั่วไปของหัวหน้าฝ่าย ประจำปี 2570", name_en="General test of section heads 2570",
        opens_at=opens, closes_at=opens + 120 * MINUTE, minutes=60, instructions_th=INSTRUCTIONS[0],
        instructions_en=INSTRUCTIONS[1], start_code="7081", shows="marks",
    ))  # fmt: skip
    setting.set_blueprint(session, desks.second, waiting, _lines(
        shelf, ("การบริหารกรุงเทพมหานคร", 6), ("เมืองและพื้นที่", 5), ("การจัดซื้อจัดจ้าง", 4)
    ))  # fmt: skip
    heads = select(Officer.id).where(Officer.account_id.is_(None)).order_by(Officer.officer_no).limit(18)
    setting.admit(session, desks.second, waiting, dict.fromkeys(session.scalars(heads)))
    _numbered(session, waiting, random.Random(SEED + 1))
    opens = dt.datetime.combine(cohort.ends_on - dt.timedelta(days=11), dt.time(9), clock.BANGKOK)
    final = setting.plan_exam(session, desks.staff, setting.Plan(
        code="DD-2570-1-EXAM", name_th="สอบหลังการอบรม ผู้อำนวยการเขต รุ่นที่ 1/2570", name_en="Examination, district director course 1/2570",
        opens_at=opens.astimezone(dt.UTC), closes_at=opens.astimezone(dt.UTC) + 210 * MINUTE, minutes=180,
        cohort_id=cohort.id, purpose="ranking", component="exam", one_per_page=False, shows="answers",
    ))  # fmt: skip
    setting.set_blueprint(session, desks.staff, final, [
        *_lines(shelf, ("กฎหมายและระเบียบ", 12), ("การเงินและพัสดุ", 18)), _essay(session, "เรียกรับเงิน"),
    ])  # fmt: skip


# Answers, set-wise


def _sit(
    session: Session, exam: Exam, chance: random.Random, sittings: list[Sitting]
) -> tuple[dict[int, list[AttemptQuestion]], dict[int, Any]]:  # fmt: skip
    """Attempts with their papers and answers; by candidate the questions, and every question's document."""
    parts = parts_of(session, exam.id)
    pool = sorted({version for part in parts for version in part.pool})
    documents = {
        row[0]: row[1]
        for row in session.execute(select(ItemVersion.id, ItemVersion.document).where(ItemVersion.id.in_(pool)))
    }
    traits = answers.traits_of(documents, random.Random(f"{SEED}:{exam.code}"))
    attempts = [_attempt(exam, sitting) for sitting in sittings]
    session.add_all(attempts)
    session.flush()
    papers: dict[int, list[AttemptQuestion]] = {}
    for sitting, attempt in zip(sittings, attempts, strict=True):
        papers[sitting.candidate.id] = [
            AttemptQuestion(attempt_id=attempt.id, position=place, part_id=part, version_id=version)
            for place, (part, version) in enumerate(rules.draw(parts, sitting.candidate.seed, shuffle=exam.shuffle), 1)
        ]
    session.add_all(question for paper in papers.values() for question in paper)
    session.flush()
    for sitting in sittings:
        _answer(session, chance, sitting, papers[sitting.candidate.id], documents, traits)
    session.flush()
    _receipts(session, attempts)
    audit.append(session, SYSTEM, "assessments:attempt:load", "Exam", exam.code, after={"attempts": len(attempts)})
    return papers, documents


def _attempt(exam: Exam, sitting: Sitting) -> Attempt:
    ends = rules.deadline(taking.sitting_of(exam, sitting.candidate), sitting.began)
    return Attempt(
        candidate_id=sitting.candidate.id, started_at=sitting.began, deadline_at=ends,
        seen_at=sitting.ended or clock.now() - dt.timedelta(seconds=20), ended_at=sitting.ended,
        ending=None if sitting.ended is None else sitting.ending,
    )  # fmt: skip


def _answer(
    session: Session, chance: random.Random, sitting: Sitting, paper: list[AttemptQuestion],
    documents: dict[int, Any], traits: dict[int, answers.Trait],
) -> None:  # fmt: skip
    last = sitting.ended or clock.now() - MINUTE
    step = (last - sitting.began) / (len(paper) + 1)
    for question in paper[: round(len(paper) * sitting.done)]:
        response = answers.given(documents[question.version_id], traits[question.version_id], sitting.ability, chance)
        if response:
            session.add(Answer(
                question_id=question.id, page=f"demo-{question.attempt_id}", turn=question.position, response=response,
                saved_at=sitting.began + step * question.position,
            ))  # fmt: skip


def _receipts(session: Session, attempts: list[Attempt]) -> None:
    standing = taking.standing_answers(session, [attempt.id for attempt in attempts])
    secret = current_app.config["AUDIT_KEY"]
    for attempt in attempts:
        if attempt.ended_at is not None:
            digests = {
                position: hashlib.sha256(canonical_json(response).encode()).hexdigest()
                for position, response in standing.get(attempt.id, {}).items()
            }
            attempt.receipt = rules.receipt(attempt.id, attempt.ended_at, digests, secret)
    session.flush()
