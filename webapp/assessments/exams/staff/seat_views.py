"""Who sits an exam, where and when: candidates, one candidate's time, rooms and rounds."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.accounts.access import current_actor, requires
from webapp.assessments.exams import setting
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.models import Exam, ExamRoom
from webapp.assessments.exams.staff import operations, queries, rooms
from webapp.assessments.exams.staff.forms import ReasonForm, RoomForm, TimeForm
from webapp.assessments.exams.staff.views import act_on
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.errors import NotFound, RuleBroken
from webapp.tables import Column, Filter, read_table
from webapp.thai import normalized

CANDIDATES = (
    Column("name", _l("ผู้เข้าสอบ"), sortable=True, always=True),
    Column("number", _l("เลขผู้สอบ"), sortable=True),
    Column("room", _l("ห้องหรือรอบสอบ"), sortable=True),
    Column("time", _l("วันเวลาสอบ")),
    Column("extra", _l("เวลาเพิ่ม"), sortable=True, numeric=True),
    Column("state", _l("สถานะ")),
)
STATES = (("none", _l("ยังไม่เริ่ม")), ("begun", _l("เริ่มแล้ว")), ("ended", _l("ส่งข้อสอบแล้ว")))


@blueprint.get("/exams/<code>/candidates")
@requires("assessments:exam:list")
def exam_candidates(code: str) -> Any:
    """Who sits it, under which number, where and with what time."""
    exam = this_exam(code)
    places = rooms.rooms_of(db.session, exam)
    filters = [Filter("state", _l("สถานะ"), STATES)]
    if places:
        filters.append(
            Filter("room", _l("ห้องหรือรอบสอบ"), [*((str(row.id), row.name) for row in places), ("0", _("ยังไม่จัดห้อง"))])
        )
    view = read_table(CANDIDATES, request.args, path=request.path, sort="name", filters=filters)
    room = view.chosen.get("room", "")
    rows = [row for row in queries.seats_of(db.session, exam) if _fits(row, view.words, view.chosen["state"], room)]
    keys: dict[str, Any] = {
        "number": lambda row: row.candidate.number, "room": lambda row: row.candidate.sitting,
        "extra": lambda row: row.candidate.extra_minutes,
    }  # fmt: skip
    if view.sort in keys:
        rows.sort(key=keys[view.sort], reverse=view.descending)
    elif view.descending:
        rows.reverse()
    return render_template(
        "assessments/exams/staff/candidates.html", exam=exam, table=view.counted(len(rows)), rooms=places,
        rows=rows[view.offset : view.offset + view.limit], typed=request.args.get("officer", ""),
        waiting=len(queries.not_admitted(db.session, exam)) if exam.cohort_id and exam.status in OPEN else 0,
    )  # fmt: skip


OPEN = ("draft", "ready")


def _fits(row: queries.Seat, text: str, state: str, room: str) -> bool:
    ended = row.attempt is not None and row.attempt.ended_at is not None
    if state and state != ("ended" if ended else "begun" if row.attempt else "none"):
        return False
    if room and room != str(row.candidate.room_id or 0):
        return False
    officer = row.officer
    return (
        not text
        or text.casefold()
        in normalized(
            f"{officer.given_name} {officer.family_name} {officer.officer_no} {officer.name_en} {row.candidate.number}"
        ).casefold()
    )


@blueprint.post("/exams/<code>/candidates")
@requires("assessments:exam:change")
def exam_admit(code: str) -> Any:
    """Admit everybody of the cohort, some chosen, or one officer by number."""

    def act(exam: Exam) -> str:
        if "cohort" in request.form:
            count = setting.admit_cohort(db.session, current_actor(), exam)
        elif "chosen" in request.form:
            count = _admit_chosen(exam, set(request.form.getlist("person", type=int)))
        else:
            officer = queries.officer_by_no(db.session, thai.arabic_digits(request.form.get("officer", "")[:60]))
            count = operations.admit_one(db.session, current_actor(), exam, officer.id)
        return str(_("เพิ่มผู้เข้าสอบแล้ว %(count)s คน", count=count) if count else _("มีชื่ออยู่แล้วทุกคน"))

    return act_on(code, act, ".exam_candidates")


def _admit_chosen(exam: Exam, enrollments: set[int]) -> int:
    offered = {row.id: row.officer_id for row, _officer in queries.not_admitted(db.session, exam)}
    chosen = {offered[number]: number for number in sorted(enrollments) if number in offered}
    if not chosen:
        raise RuleBroken("ยังไม่ได้เลือกผู้เข้าสอบ")
    return setting.admit(db.session, current_actor(), exam, chosen)


@blueprint.get("/exams/<code>/candidates/choose")
@requires("assessments:exam:change")
def exam_choose(code: str) -> Any:
    """People of the cohort who are not admitted yet, to choose from."""
    exam = this_exam(code)
    if exam.cohort_id is None:
        raise NotFound()
    return render_template(
        "assessments/exams/staff/choose.html", exam=exam, people=queries.not_admitted(db.session, exam)
    )


@blueprint.route("/exams/<code>/candidates/<number>", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_candidate(code: str, number: str) -> Any:
    """Extra time, a room and a window of one's own, with the reason."""
    exam = this_exam(code)
    seat = queries.seat(db.session, exam, number)
    candidate = seat.candidate
    places = rooms.rooms_of(db.session, exam)
    form = TimeForm(data={"minutes": Decimal(candidate.extra_minutes), "room": str(candidate.room_id or "")})
    form.room.choices = [("", _("ยังไม่จัดห้อง")), *((str(row.id), row.name) for row in places)]
    if request.method == "GET" and candidate.time_reason:
        form.fill_moment("opens", candidate.opens_at)
        form.fill_moment("closes", candidate.closes_at)
    elif form.validate_on_submit():
        _done, problem = tried(lambda: _set(exam, seat, form))
        if not problem:
            flash(_("บันทึกเวลาของ %(number)s แล้ว", number=number), "good")
            return redirect(url_for(".exam_candidates", code=code), 303)
        form.form_errors.append(problem)
        exam = this_exam(code)
        seat = queries.seat(db.session, exam, number)
    page = render_template("assessments/exams/staff/candidate.html", exam=exam, seat=seat, form=form)
    return page, 422 if form.errors else 200


def _set(exam: Exam, seat: queries.Seat, form: TimeForm) -> Any:
    chosen = int(form.room.data) if (form.room.data or "").isdigit() else None
    return operations.set_sitting(
        db.session, current_actor(), exam, seat.candidate, opens_at=form.moment("opens"),
        closes_at=form.moment("closes"), room=rooms.room_at(db.session, exam, chosen), minutes=int(form.minutes.data),
        reason=form.reason.data,
    )  # fmt: skip


@blueprint.route("/exams/<code>/candidates/<number>/unseat", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_unseat(code: str, number: str) -> Any:
    """Take a candidate off who has not begun, with the reason."""
    exam = this_exam(code)
    seat = queries.seat(db.session, exam, number)
    form = ReasonForm()
    if form.validate_on_submit():
        _done, problem = tried(
            lambda: operations.unseat(db.session, current_actor(), exam, seat.candidate, reason=form.reason.data)
        )
        flash(problem or _("นำออกจากรายชื่อผู้เข้าสอบแล้ว"), "bad" if problem else "good")
        return redirect(url_for(".exam_candidates", code=code), 303)
    page = render_template("assessments/exams/staff/unseat.html", exam=exam, seat=seat, form=form)
    return page, 422 if form.errors else 200


# Rooms and rounds


@blueprint.get("/exams/<code>/rooms")
@requires("assessments:exam:list")
def exam_rooms(code: str) -> Any:
    """The rooms and rounds, and how many are seated in each."""
    exam = this_exam(code)
    return render_template(
        "assessments/exams/staff/rooms.html", exam=exam, rooms=rooms.rooms_of(db.session, exam),
        seated=rooms.seated(db.session, exam),
    )  # fmt: skip


@blueprint.post("/exams/<code>/rooms")
@requires("assessments:exam:change")
def exam_share_out(code: str) -> Any:
    """Seat everybody who has no room yet."""

    def act(exam: Exam) -> str:
        count = rooms.share_out(db.session, current_actor(), exam)
        return str(_("จัดห้องให้แล้ว %(count)s คน", count=count) if count else _("ทุกคนมีห้องสอบแล้ว"))

    return act_on(code, act, ".exam_rooms")


@blueprint.route("/exams/<code>/rooms/new", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_room_new(code: str) -> Any:
    """Another room or round."""
    return _room_page(this_exam(code), None)


@blueprint.route("/exams/<code>/rooms/<int:room_id>", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_room(code: str, room_id: int) -> Any:
    """Change a room, or take it away."""
    exam = this_exam(code)
    return _room_page(exam, rooms.room_at(db.session, exam, room_id))


def _room_page(exam: Exam, room: ExamRoom | None) -> Any:
    form = RoomForm(obj=room)
    code = exam.code
    if request.method == "POST" and room is not None and "drop" in request.form:
        return act_on(code, lambda found: _drop(found, room), ".exam_rooms")
    if request.method == "GET" and room is not None:
        form.fill_moment("opens", room.opens_at)
        form.fill_moment("closes", room.closes_at)
    elif form.validate_on_submit():
        made, problem = tried(lambda: rooms.put_room(db.session, current_actor(), exam, form.plan(), room))
        if not problem:
            flash(_("บันทึก %(name)s แล้ว", name=made.name), "good")
            return redirect(url_for(".exam_rooms", code=code), 303)
        form.form_errors.append(problem)
        exam = this_exam(code)
    page = render_template("assessments/exams/staff/room.html", exam=exam, room=room, form=form)
    return page, 422 if form.errors else 200


def _drop(exam: Exam, room: ExamRoom) -> str:
    name = rooms.drop_room(db.session, current_actor(), exam, room)
    return str(_("ลบ %(name)s แล้ว", name=name))
