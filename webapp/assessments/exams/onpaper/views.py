"""The pages of a paper sitting: what to print, the mark sheet out and in, the list to sign."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.exams.marking.pages import this_exam
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.onpaper import marks, printing, sheets
from webapp.assessments.exams.onpaper.printing import Printed
from webapp.assessments.exams.staff import queries, rooms
from webapp.assessments.exams.staff.paper import Source, source_of
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import Refused, RuleBroken
from webapp.files.operations import XLSX
from webapp.jobs.operations import start
from webapp.language import language
from webapp.spreadsheets.reading import Problem

MOST_BYTES = 20 * 1024 * 1024


@blueprint.get("/exams/<code>/attendance.pdf")
@requires("assessments:exam:list")
def exam_attendance_list(code: str) -> Any:
    """The list that candidates sign, by room."""
    exam = this_exam(code)
    room = request.args.get("room", type=int)
    seats = [row for row in queries.seats_of(db.session, exam) if not room or row.candidate.room_id == room]
    content = printing.attendance(exam, seats, rooms.rooms_of(db.session, exam), clock.now())
    return Response(content, mimetype="application/pdf", headers=_named(f"{exam.code}-attendance.pdf"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@blueprint.get("/exams/<code>/paper")
@requires("assessments:exam:list")
def exam_on_paper(code: str) -> Any:
    """A paper sitting step by step: print, sit, mark, bring the marks in."""
    exam = this_exam(code)
    return paper_page(exam)


def paper_page(exam: Exam, problems: Sequence[Any] = (), refusal: str = "") -> Any:
    """The page of a paper sitting, with what is wrong in a mark sheet that was handed in."""
    seats = queries.seats_of(db.session, exam)
    return render_template(
        "assessments/exams/staff/paper.html", exam=exam, seats=seats, rooms=rooms.rooms_of(db.session, exam),
        on_paper=sum(row.attempt is not None and row.attempt.on_paper for row in seats),
        on_screen=sum(row.attempt is not None and not row.attempt.on_paper for row in seats),
        keys={name: str(uuid.uuid4()) for name in ("papers", "keys", "marks")}, sees_key=may_any("assessments:key:view"), problems=problems, refusal=refusal,
    )  # fmt: skip


@blueprint.post("/exams/<code>/paper/papers")
@requires("assessments:exam:change")
def exam_print(code: str) -> Any:
    """Ask for everybody's papers with their answer sheets."""
    return _ask(this_exam(code), "exam-papers")


@blueprint.post("/exams/<code>/paper/keys")
@requires("assessments:key:view")
def exam_print_keys(code: str) -> Any:
    """Ask for the markers' key."""
    return _ask(this_exam(code), "exam-keys")


def _ask(exam: Exam, kind: str) -> Any:
    if exam.status == "draft":
        raise RuleBroken("ข้อสอบพิมพ์ได้เมื่อเจ้าหน้าที่คนที่สองยืนยันความพร้อมแล้ว เพราะข้อสอบยังเปลี่ยนได้")
    actor = current_actor()
    room = rooms.room_at(db.session, exam, request.form.get("room", type=int))
    job = start(
        db.session, actor, kind,
        {"exam": exam.code, "room": room.id if room else 0, "language": language(), "account_id": actor.account_id},
        key=request.form.get("key", "")[:36], back_to=url_for(".exam_on_paper", code=exam.code),
    )  # fmt: skip
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.get("/exams/<code>/paper/sheet.xlsx")
@requires("assessments:exam:change")
def exam_sheet(code: str) -> Any:
    """The mark sheet: a row for each candidate who did not sit on screen, filled in as far as marks have come in."""
    exam = this_exam(code)
    on_screen = {
        row.candidate.id for row in queries.seats_of(db.session, exam) if row.attempt and not row.attempt.on_paper
    }
    printed = [one for one in _printed(exam)[1] if one.candidate.id not in on_screen]
    content = sheets.workbook(
        exam, printed, queries.markers_of(db.session, exam), marks.standing_of(db.session, exam), created=clock.now(),
        language=language(),
    )  # fmt: skip
    return Response(content, mimetype=XLSX, headers=_named(f"{exam.code}-marks.xlsx"))


def _printed(exam: Exam) -> tuple[Source, list[Printed]]:
    source = source_of(db.session, exam)
    return source, printing.printed_of(source, [row.candidate for row in queries.seats_of(db.session, exam)])


@blueprint.post("/exams/<code>/paper/marks")
@requires("assessments:exam:change")
def exam_bring_marks(code: str) -> Any:
    """Bring a filled mark sheet in: all of it, or nothing and every bad cell named."""
    exam = this_exam(code)
    upload = request.files.get("file")
    content = upload.read(MOST_BYTES + 1) if upload is not None else b""
    if not content or len(content) > MOST_BYTES:
        return paper_page(exam, refusal=_("เลือกใบกรอกผลที่กรอกแล้ว ขนาดไม่เกิน 20 MB")), 422
    try:
        source, printed = _printed(exam)
        markers = queries.markers_of(db.session, exam)
        filled = sheets.read(content, printed, markers)
        if filled.problems:
            return paper_page(exam, [_cell(problem) for problem in filled.problems]), 422
        brought = marks.bring_in(
            db.session, current_actor(), exam, source, printed, filled, markers,
            reason=request.form.get("reason", "")[:2000], digest=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return paper_page(this_exam(code), refusal=said(refused)), 422
    flash(_brought(brought), "good")
    return redirect(url_for(".exam_on_paper", code=code), 303)


def _brought(brought: marks.Brought) -> str:
    if not (brought.people or brought.new or brought.changed):
        return str(_("ไฟล์นี้ตรงกับผลที่นำเข้าแล้วทั้งหมด ไม่มีอะไรเปลี่ยน"))
    return str(_(
        "นำผลเข้าแล้ว ผู้เข้าสอบใหม่ %(people)s คน คำตอบหรือคะแนนใหม่ %(new)s รายการ แก้ไข %(changed)s รายการ", people=brought.people,
        new=brought.new, changed=brought.changed,
    ))  # fmt: skip


def _cell(problem: Problem) -> str:
    where = _(
        "แผ่น “%(sheet)s” แถวที่ %(row)s คอลัมน์ “%(column)s”",
        sheet=problem.sheet,
        row=problem.row or 1,
        column=problem.column,
    )
    value = f" “{problem.value}”" if problem.value else ""
    return f"{where}{value}: {problem.reason(_)}"
