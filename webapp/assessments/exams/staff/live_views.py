"""The invigilator's pages: the whole exam at this moment, and one candidate with what can be done for them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.staff import board, invigilating, queries, rooms
from webapp.assessments.exams.staff.forms import MinutesForm, NoteForm, ReasonForm
from webapp.assessments.exams.staff.views import act_on
from webapp.assessments.exams.words import STATE_WORDS
from webapp.assessments.views import blueprint
from webapp.database import db

REFRESH_S = 10
"""Seconds between two looks (ours): contact counts as lost after 45, so nothing is seen late by more than a glance."""

ACTS = {
    "minutes": _l("ให้เวลาเพิ่ม"), "machine": _l("ให้ทำต่อที่เครื่องอื่น"), "end": _l("ยุติการสอบ"), "note": _l("บันทึกเหตุการณ์"),
}  # fmt: skip


@blueprint.get("/exams/<code>/live")
@requires("assessments:exam:list")
def exam_live(code: str) -> Any:
    """Who has started, saved, finished or lost contact; asked again by the page every few seconds."""
    exam = this_exam(code)
    places = rooms.rooms_of(db.session, exam)
    room = request.args.get("room", type=int) or 0
    state = request.args.get("state", "")
    found = board.board_of(db.session, exam, clock.now())
    shown = [
        place for place in found.places
        if (not room or place.candidate.room_id == room) and (state not in STATE_WORDS or place.state == state)
    ]  # fmt: skip
    shown.sort(key=lambda place: board.ORDER.index(place.state))
    part = "_board" if request.headers.get("HX-Request") else "live"
    return render_template(
        f"assessments/exams/staff/{part}.html", exam=exam, board=found, shown=shown, rooms=places, room=room,
        state=state if state in STATE_WORDS else "", now=clock.now(), refresh=REFRESH_S, states=board.ORDER,
    )  # fmt: skip


@blueprint.post("/exams/<code>/live")
@requires("assessments:exam:change")
def exam_note(code: str) -> Any:
    """Note what happened in the room."""

    def act(exam: Exam) -> str:
        invigilating.note_incident(db.session, current_actor(), exam, request.form.get("note", ""))
        return str(_("บันทึกเหตุการณ์แล้ว"))

    return act_on(code, act, ".exam_live")


@blueprint.get("/exams/<code>/incidents")
@requires("assessments:exam:list")
def exam_incidents(code: str) -> Any:
    """Everything noted of the exam."""
    exam = this_exam(code)
    return render_template(
        "assessments/exams/staff/incidents.html", exam=exam, incidents=board.incidents_of(db.session, exam)
    )


@blueprint.get("/exams/<code>/live/<number>")
@requires("assessments:exam:list")
def exam_seat(code: str, number: str) -> Any:
    """One candidate: where they are, what was noted, answers that came late."""
    exam = this_exam(code)
    seat = queries.seat(db.session, exam, number)
    place = next(
        one for one in board.board_of(db.session, exam, clock.now()).places if one.candidate.id == seat.candidate.id
    )
    return render_template(
        "assessments/exams/staff/seat.html", exam=exam, place=place,
        incidents=board.incidents_of(db.session, exam, candidate_id=seat.candidate.id),
        late=board.late_answers(db.session, seat.attempt) if seat.attempt is not None else [],
    )  # fmt: skip


@blueprint.route(f"/exams/<code>/live/<number>/<any({','.join(ACTS)}):act>", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_seat_act(code: str, number: str, act: str) -> Any:
    """Do something for one candidate, with the reason."""
    exam = this_exam(code)
    seat = queries.seat(db.session, exam, number)
    form: Any = MinutesForm() if act == "minutes" else NoteForm() if act == "note" else ReasonForm()
    if request.method == "GET" and act == "minutes":
        form.seen.data = str(seat.candidate.extra_minutes)
    elif form.validate_on_submit():
        done, problem = tried(lambda: _do(exam, seat, act, form))
        if not problem:
            flash(done, "good")
            return redirect(url_for(".exam_live", code=code), 303)
        form.form_errors.append(problem)
        exam = this_exam(code)
        seat = queries.seat(db.session, exam, number)
        if act == "minutes":
            form.seen.data = str(seat.candidate.extra_minutes)
    page = render_template(
        "assessments/exams/staff/seat_act.html", exam=exam, seat=seat, form=form, act=act, title=ACTS[act]
    )
    return page, 422 if form.errors else 200


def _do(exam: Exam, seat: queries.Seat, act: str, form: Any) -> str:
    session, actor, candidate = db.session, current_actor(), seat.candidate
    name = seat.officer.name_th
    if act == "minutes":
        seen = int(form.seen.data) if (form.seen.data or "").isdigit() else -1
        invigilating.add_minutes(
            session, actor, exam, candidate, int(form.minutes.data), reason=form.reason.data, seen=seen
        )
        return str(_("ให้เวลา %(name)s เพิ่มแล้ว %(minutes)s นาที", name=name, minutes=int(form.minutes.data)))
    if act == "machine":
        invigilating.another_machine(session, actor, exam, candidate, reason=form.reason.data)
        return str(_("ปิดการเข้าระบบที่เครื่องเดิมแล้ว ให้ %(name)s เข้าสู่ระบบที่เครื่องใหม่ คำตอบที่บันทึกแล้วยังอยู่ครบ", name=name))
    if act == "end":
        invigilating.end_attempt(session, actor, exam, candidate, reason=form.reason.data)
        return str(_("ยุติการสอบของ %(name)s แล้ว คำตอบที่บันทึกไว้นับคะแนน", name=name))
    invigilating.note_incident(session, actor, exam, form.note.data, candidate)
    return str(_("บันทึกเหตุการณ์แล้ว"))


@blueprint.post("/exams/<code>/live/<number>/late/<int:answer_id>")
@requires("assessments:exam:change")
def exam_accept_late(code: str, number: str, answer_id: int) -> Any:
    """Let a late answer count, with the reason."""

    def act(exam: Exam) -> str:
        queries.seat(db.session, exam, number)
        invigilating.accept_late(
            db.session, current_actor(), exam, answer_id, reason=request.form.get("reason", "")[:2000]
        )
        return str(_("รับคำตอบที่มาช้าแล้ว คำตอบนี้นับคะแนน"))

    return act_on(code, act, ".exam_seat", number=number)
