"""The staff's pages of exams: the list, planning one, its overview, and the acts that move it on, each confirmed first."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.exams import setting, words
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.staff import operations, queries, rooms
from webapp.assessments.exams.staff import words as staff_words
from webapp.assessments.exams.staff.forms import ExamForm, ReasonForm
from webapp.assessments.plans.words import PURPOSE_WORDS
from webapp.assessments.queries import component_in_force
from webapp.assessments.views import blueprint, said
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.tables import Column, Filter, read_table

COLUMNS = (
    Column("name", _l("การสอบ"), sortable=True, always=True),
    Column("cohort", _l("รุ่น")),
    Column("opens", _l("วันเวลาสอบ"), sortable=True),
    Column("candidates", _l("ผู้เข้าสอบ"), numeric=True),
    Column("status", _l("สถานะ"), sortable=True),
)
STAGES = ("draft", "ready", "closed", "released")
TABS = (
    (_l("ภาพรวม"), "exam", "assessments:exam:list"),
    (_l("ผังข้อสอบ"), "exam_blueprint", "assessments:exam:list"),
    (_l("ผู้เข้าสอบ"), "exam_candidates", "assessments:exam:list"),
    (_l("ห้องสอบ"), "exam_rooms", "assessments:exam:list"),
    (_l("คุมสอบ"), "exam_live", "assessments:exam:list"),
    (_l("สอบด้วยกระดาษ"), "exam_on_paper", "assessments:exam:list"),
    (_l("ผู้ตรวจข้อเขียน"), "exam_markers", "assessments:exam:list"),
    (_l("ผลการสอบ"), "exam_results", "assessments:exam:list"),
)
"""The pages of an exam up to its results; what follows those (essays, regrades, statistics) has tabs of its own there."""


@blueprint.app_context_processor
def _exam_words() -> dict[str, Any]:
    return {
        "exam_status_words": words.EXAM_STATUS_WORDS, "exam_status_kinds": words.EXAM_STATUS_KINDS,
        "exam_shows_words": words.SHOWS_WORDS, "exam_state_words": words.STATE_WORDS,
        "exam_state_kinds": words.STATE_KINDS, "exam_ending_words": words.ENDING_WORDS,
        "incident_words": words.INCIDENT_WORDS, "exam_stages": STAGES, "exam_tabs": exam_tabs,
        "exam_window": staff_words.window, "exam_time": staff_words.time_of, "exam_ago": staff_words.ago,
        "incident_lines": staff_words.incident_lines,
    }  # fmt: skip


def exam_tabs(exam: Exam, here: str) -> list[tuple[str, str, bool]]:
    """The pages of an exam that the reader may open: label, address, whether it is this one."""
    known = current_app.view_functions
    return [
        (str(label), url_for(f"assessments.{name}", code=exam.code), name == here)
        for label, name, permission in TABS
        if f"assessments.{name}" in known and may_any(permission)
    ]


@blueprint.get("/exams")
@requires("assessments:exam:list")
def exams() -> Any:
    """Every exam, found by name, cohort and state."""
    cohorts = queries.cohorts_with_exams(db.session)
    filters = (
        Filter("status", _l("สถานะ"), [(name, words.EXAM_STATUS_WORDS[name]) for name in (*STAGES, "cancelled")]),
        Filter("cohort", _l("รุ่น"), [(row.code, named(row)) for row in cohorts]),
    )
    view = read_table(COLUMNS, request.args, path=request.path, sort="opens", descending=True, filters=filters)
    rows, total = queries.exams_page(
        db.session, current_actor().account_id, words=view.words, status=view.chosen["status"],
        cohort=view.chosen["cohort"], sort=view.sort, descending=view.descending, limit=view.limit, offset=view.offset,
    )  # fmt: skip
    return render_template("assessments/exams/staff/list.html", table=view.counted(total), rows=rows)


@blueprint.route("/exams/new", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_new() -> Any:
    """A new exam as a draft."""
    form = ExamForm()
    _offer_components(form, None)
    if form.validate_on_submit():
        made, problem = tried(lambda: setting.plan_exam(db.session, current_actor(), form.plan(None)))
        if not problem:
            flash(_("สร้างการสอบแล้ว ขั้นต่อไปจัดทำผังข้อสอบ"), "good")
            return redirect(url_for(".exam_blueprint", code=made.code), 303)
        form.form_errors.append(problem)
    page = render_template("assessments/exams/staff/form.html", form=form, exam=None)
    return page, 422 if form.errors else 200


@blueprint.route("/exams/<code>/edit", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_edit(code: str) -> Any:
    """Change a draft."""
    exam = this_exam(code)
    if exam.status != "draft":
        flash(_("การสอบนี้ยืนยันความพร้อมแล้ว จึงแก้ไขไม่ได้ นำกลับเป็นร่างก่อนหากยังไม่มีผู้เริ่มสอบ"), "act")
        return redirect(url_for(".exam", code=code), 303)
    form = ExamForm(obj=exam)
    _offer_components(form, exam)
    if request.method == "GET":
        _fill(form, exam)
    elif form.validate_on_submit():
        seen = form.seen.data or ""
        changed, problem = tried(lambda: setting.change_exam(
            db.session, current_actor(), exam, form.plan(exam), seen_version=int(seen) if seen.isdigit() else 0
        ))  # fmt: skip
        if not problem:
            flash(_("บันทึกการสอบแล้ว"), "good")
            return redirect(url_for(".exam", code=changed.code), 303)
        form.form_errors.append(problem)
    page = render_template("assessments/exams/staff/form.html", form=form, exam=this_exam(code))
    return page, 422 if form.errors else 200


def _fill(form: ExamForm, exam: Exam) -> None:
    form.fill_moment("opens", exam.opens_at)
    form.fill_moment("closes", exam.closes_at)
    form.feeds.data = f"{exam.cohort_id}|{exam.purpose}|{exam.component}" if exam.cohort_id else ""
    form.pages.data = "one" if exam.one_per_page else "all"
    form.seen.data = str(exam.version)


def _offer_components(form: ExamForm, exam: Exam | None) -> None:
    offered = [
        (f"{cohort.id}|{purpose}|{component.code}", f"{named(cohort)} · {PURPOSE_WORDS[purpose]} · {named(component)}")
        for cohort, purpose, component in queries.components_to_feed(db.session, exam)
    ]
    form.feeds.choices = [("", _("ไม่เข้าองค์ประกอบใด")), *offered]


@blueprint.get("/exams/<code>")
@requires("assessments:exam:list")
def exam(code: str) -> Any:
    """One exam: where it stands, what is missing, and what can be done now."""
    found = this_exam(code)
    seats = queries.seats_of(db.session, found)
    return render_template(
        "assessments/exams/staff/exam.html", exam=found, seats=seats, missing=_missing(found), now=clock.now(),
        stage=STAGES.index(found.status) + 1 if found.status in STAGES else 0, component=component_of(found),
        begun=sum(one.attempt is not None for one in seats), rooms=len(rooms.rooms_of(db.session, found)),
        ended=sum(one.attempt is not None and one.attempt.ended_at is not None for one in seats),
        questions=sum(line.part.draw for line in queries.blueprint_lines(db.session, found)),
        own=setting.shaped(current_actor(), found),
    )  # fmt: skip


def _missing(exam: Exam) -> list[tuple[str, bool]]:
    """What is not there yet, in words, and whether the exam cannot be made ready without it."""
    if exam.status != "draft":
        return []
    return [
        (said(one.words), one.must) for one in queries.missing(db.session, current_actor(), exam, clock.now())
    ]  # fmt: skip


def component_of(exam: Exam) -> Any:
    """The component that the exam feeds, as the plan in force has it."""
    if exam.cohort_id is None or exam.component is None:
        return None
    return component_in_force(db.session, exam.cohort_id, exam.purpose, exam.component)


# Acts that move it on: each is shown with what will happen, then done

ACTS = ("ready", "draft", "close", "cancel")
NEEDS_REASON = ("draft", "cancel")
POSSIBLE = {"ready": ("draft",), "draft": ("ready",), "close": ("ready",), "cancel": ("draft", "ready", "closed")}
"""From which states an act is offered."""


@blueprint.route(f"/exams/<code>/<any({','.join(ACTS)}):act>", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_act(code: str, act: str) -> Any:
    """Confirm an act, then do it."""
    exam = this_exam(code)
    if exam.status not in POSSIBLE[act]:
        return redirect(url_for(".exam", code=code), 303)
    early = act == "close" and clock.now() < exam.closes_at
    form = ReasonForm() if act in NEEDS_REASON or early else None
    if request.method == "POST" and (form is None or form.validate_on_submit()):
        done, problem = tried(lambda: _do(exam, act, form))
        flash(problem or done, "bad" if problem else "good")
        return redirect(url_for(".exam_act" if problem else ".exam", code=code, act=act if problem else None), 303)
    seats = queries.seats_of(db.session, exam)
    page = render_template(
        "assessments/exams/staff/act.html", exam=exam, act=act, form=form, seats=seats,
        missing=_missing(exam) if act == "ready" else [], component=component_of(exam),
        lines=queries.blueprint_lines(db.session, exam) if act == "ready" else [],
        begun=sum(one.attempt is not None for one in seats),
        writing=sum(one.attempt is not None and one.attempt.ended_at is None for one in seats),
    )  # fmt: skip
    return page, 422 if form is not None and form.errors else 200


def _do(exam: Exam, act: str, form: ReasonForm | None) -> str:
    session, actor = db.session, current_actor()
    if act == "ready":
        operations.make_ready(session, actor, exam)
        return str(_("ยืนยันความพร้อมแล้ว ผู้เข้าสอบเริ่มได้เมื่อถึงเวลา"))
    if act == "close":
        operations.close(session, actor, exam, reason="" if form is None else form.reason.data)
        return str(_("ปิดการสอบแล้ว"))
    assert form is not None
    if act == "draft":
        operations.back_to_draft(session, actor, exam, reason=form.reason.data)
        return str(_("นำกลับเป็นร่างแล้ว"))
    operations.cancel_exam(session, actor, exam, reason=form.reason.data)
    return str(_("ยกเลิกการสอบแล้ว และแจ้งผู้เข้าสอบทุกคนที่เคยได้รับแจ้ง"))


def act_on(code: str, act: Callable[[Exam], str], back: str, **where: Any) -> Any:
    """Do it, commit, say so, and go back to the page it came from; a refusal is said there."""
    exam = this_exam(code)
    done, problem = tried(lambda: act(exam))
    flash(problem or done, "bad" if problem else "good")
    return redirect(url_for(back, code=code, **where), 303)


from webapp.assessments.exams.staff import live_views as _live  # noqa: E402, F401
from webapp.assessments.exams.staff import seat_views as _seats  # noqa: E402, F401
from webapp.assessments.exams.staff import setup_views as _setup  # noqa: E402, F401
