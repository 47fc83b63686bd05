"""The demonstration's exam that is over and being marked: essays half marked, two that differ, a pass mark proposed.

It feeds no cohort, so that nothing of it stands in a ranking. Judges' rounds and the proposal go through the operations.
"""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.bank.models import ItemCategory
from webapp.assessments.exams import results, setting
from webapp.assessments.exams.figures import operations as standard
from webapp.assessments.exams.figures.models import StandardPanel
from webapp.assessments.exams.figures.panels import whole_panel
from webapp.assessments.exams.marking.models import MarkerDeclaration
from webapp.assessments.exams.models import EssayMark, Exam, ExamMarker
from webapp.assessments.ranking.scores import plain
from webapp.demo import answers, exams
from webapp.demo.accounts import Desks
from webapp.officers.models import Officer

MARKERS = ("assessor@kaona.example", "assessor2@kaona.example", "marker@kaona.example")
PEOPLE = 34
BORDERLINE = (
    "ผู้ที่ผ่านพอดี: อธิบายอำนาจหน้าที่ของสำนักงานเขตและขั้นตอนงบประมาณได้ถูกต้องในเรื่องที่พบบ่อย เสนอแนวทางแก้ปัญหาน้ำท่วมได้เป็นลำดับ "
    "แต่ยังอ้างระเบียบเฉพาะเรื่องได้ไม่ครบ และยังประเมินผลกระทบด้านการเงินได้ไม่ชัด"
)
NOTES = (
    "หารือข้อที่ค่าต่างกันเกินสามสิบ ส่วนใหญ่ต่างกันเพราะนึกถึงผู้ผ่านพอดีคนละแบบ จึงทบทวนคำบรรยายร่วมกัน",
    "ค่าใกล้กันขึ้น ผู้ตัดสินเห็นความง่ายจริงแล้วยืนยันค่าของตน",
)


def write(session: Session, desks: Desks) -> int:
    """Set it up and fill it; how many exams."""
    chance = random.Random(exams.SEED + 7)
    shelf = {row.name_th: row.id for row in session.scalars(select(ItemCategory))}
    exam = _exam(session, desks, shelf)
    _judged(session, desks, exam, chance)
    opens = exam.opens_at
    sittings = []
    for candidate in exams._numbered(session, exam, chance):
        began = opens + chance.randint(0, 9) * exams.MINUTE
        sittings.append(
            exams.Sitting(candidate, chance.gauss(0.1, 1), began, began + chance.randint(50, 88) * exams.MINUTE)
        )
    papers, documents = exams._sit(session, exam, chance, sittings)
    _mark(session, desks, exam, chance, sittings, papers, documents)
    results.close_exam(session, desks.staff, exam)
    _second_round(session, desks, exam, chance)
    return 1


def _exam(session: Session, desks: Desks, shelf: dict[str, int]) -> Exam:
    opens = exams._moment(-5, 9)
    exam = setting.plan_exam(session, desks.second, setting.Plan(
        code="SECTION-HEAD-2569", name_th="สอบวัดความรู้หัวหน้าฝ่าย ประจำปี 2569", name_en="Section heads' test 2569",
        opens_at=opens, closes_at=opens + 150 * exams.MINUTE, minutes=90, instructions_th=exams.INSTRUCTIONS[0],
        instructions_en=exams.INSTRUCTIONS[1], shows="marks", essay_rule="third", essay_threshold=Decimal(20),
    ))  # fmt: skip
    lines = exams._lines(shelf, ("การบริหารกรุงเทพมหานคร", 5), ("วิธีปฏิบัติราชการ", 5), ("งบประมาณ", 5))
    setting.set_blueprint(session, desks.second, exam, [*lines, exams._essay(session, "คลองใหม่")])
    heads = select(Officer.id).where(Officer.account_id.is_(None)).order_by(Officer.officer_no).offset(40).limit(PEOPLE)
    setting.admit(session, desks.second, exam, dict.fromkeys(session.scalars(heads)))
    for place, email in enumerate(MARKERS):
        account = desks.accounts[email]
        setting.name_marker(session, desks.second, exam, account.id, account.name, decides=place == 2)
    setting.make_ready(session, desks.staff, exam)
    exams._when(exam, opens - dt.timedelta(days=24), opens - dt.timedelta(days=9))
    markers = session.scalars(select(ExamMarker).where(ExamMarker.exam_id == exam.id).order_by(ExamMarker.id)).all()
    session.add_all(
        MarkerDeclaration(marker_id=one.id, declared_at=opens + dt.timedelta(days=1)) for one in markers[:2]
    )
    session.flush()
    return exam


def _mark(
    session: Session, desks: Desks, exam: Exam, chance: random.Random, sittings: list[Any], papers: Any, documents: Any
) -> None:  # fmt: skip
    """Two markers' marks of most essays: the first pair differs far, the last few wait for the second marker."""
    pair = [desks.actors[email] for email in MARKERS[:2]]
    written = [
        (sitting, question) for sitting in sittings for question in papers[sitting.candidate.id]
        if documents[question.version_id]["type"] == "essay" and sitting.ended is not None
    ]  # fmt: skip
    for place, (sitting, question) in enumerate(written):
        document = documents[question.version_id]
        marks = [answers._points(document, sitting.ability + chance.gauss(0, 0.3), chance) for _one in pair]
        if place in (3, 11):
            marks[1] = {line: max(Fraction(0), points / 3) for line, points in marks[0].items()}
            marks[1] = {line: Fraction(round(points * 2), 2) for line, points in marks[1].items()}
        for number, (part, marker) in enumerate(zip(("first", "second"), pair, strict=True)):
            if number == 1 and place >= len(written) - 4:
                continue
            session.add(EssayMark(
                question_id=question.id, part=part, marks={line: plain(value) for line, value in marks[number].items()},
                marker=marker.name, marker_id=marker.account_id, marked_at=sitting.ended + dt.timedelta(days=1, hours=number),
            ))  # fmt: skip
    session.flush()


# The pass mark


def _judged(session: Session, desks: Desks, exam: Exam, chance: random.Random) -> None:
    """A panel's first round, before the exam was sat."""
    judges = [desks.accounts[email] for email in MARKERS]
    panel = standard.found_panel(session, desks.second, exam, borderline=BORDERLINE, judges=judges)
    panel.created_at = exam.opens_at - dt.timedelta(days=7)
    _round(session, desks, exam, panel, chance, spread=17)


def _second_round(session: Session, desks: Desks, exam: Exam, chance: random.Random) -> None:
    """The second round, with the facility known, and the cut that a member of staff has proposed."""
    panel = session.scalars(select(StandardPanel).where(StandardPanel.exam_id == exam.id)).one()
    _round(session, desks, exam, panel, chance, spread=6)
    at = whole_panel(session, panel, exam)
    cut = at.closed_rounds[-1].found
    if cut is not None:
        percent = Decimal(round(cut.percent))
        reason = "ใช้ผลรอบที่ 2 ปัดเป็นจำนวนเต็ม ผู้ตัดสินเห็นตรงกันขึ้น และสอดคล้องกับเกณฑ์ของปีก่อน"
        standard.propose(session, desks.second, at, 2, percent, reason=reason)


def _round(
    session: Session, desks: Desks, exam: Exam, panel: StandardPanel, chance: random.Random, *, spread: int
) -> None:  # fmt: skip
    """Open a round, let every judge estimate, and close it."""
    opened = standard.open_round(session, desks.second, whole_panel(session, panel, exam))
    at = whole_panel(session, panel, exam)
    middle = random.Random(f"{exam.code}")
    likely = {question.version_id: middle.randint(45, 82) for question in at.questions}
    for place, judge in enumerate(at.judges):
        typed = {
            version: str(5 * round(min(95, max(15, value + chance.gauss((-4, 0, 5)[place], spread))) / 5))
            for version, value in likely.items()
        }
        actor = desks.actors[MARKERS[place]]
        standard.estimate(session, actor, at, judge, typed, submit=True, seen="")
    standard.close_round(session, desks.second, whole_panel(session, panel, exam), note=NOTES[opened.number - 1])
