"""Pages of cohorts: the list, one cohort, its programme and its people."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.courses import operations, queries, rules
from webapp.courses.forms import PARTS, STAGES, STATUSES, CohortForm, NewCohortForm, SessionForm, SimpleForm, StatusForm
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import RuleBroken
from webapp.officers.models import Officer
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("courses", __name__, template_folder="templates")

COHORT_COLUMNS = (
    Column("name", _l("รุ่น"), sortable=True, always=True),
    Column("stage", _l("ระยะ")),
    Column("starts", _l("ช่วงเวลา"), sortable=True),
    Column("seats", _l("ผู้เข้ารับการอบรม"), sortable=True, numeric=True),
)
PEOPLE_COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("number", _l("เลขประจำตัวข้าราชการ"), sortable=True),
    Column("attendance", _l("เข้าเรียน"), numeric=True),
    Column("status", _l("สถานะ"), sortable=True),
    Column("decided", _l("บันทึกเมื่อ"), sortable=True),
)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "known_endpoints": lambda: current_app.view_functions,
        "sees_plan": _sees_plan,
        "parts_of_course": dict(PARTS),
        "status_words": dict(STATUSES),
        "stage_words": dict(STAGES),
    }


def _sees_plan(cohort: Cohort) -> bool:
    """Officers and assessors see the plan of the cohort they take part in; the others see every plan."""
    if current_roles() - {"officer", "assessor"}:
        return True
    taking_part = current_app.extensions["kaona.takes_part"]
    return bool(taking_part(db.session, cohort.id, current_officer_id(), current_actor().account_id))


@blueprint.get("/cohorts")
@requires("courses:cohort:list")
def cohorts() -> Any:
    """All cohorts, newest first."""
    view = read_table(
        COHORT_COLUMNS, request.args, path=request.path, sort="starts", descending=True,
        filters=(Filter("stage", _l("ระยะ"), STAGES),),
    )  # fmt: skip
    rows, total = queries.cohorts_page(
        db.session, clock.today(), words=view.words, stage=view.chosen["stage"], sort=view.sort,
        descending=view.descending, limit=view.limit, offset=view.offset,
    )  # fmt: skip
    return render_template("courses/cohorts.html", table=view.counted(total), rows=rows)


@blueprint.route("/cohorts/new", methods=["GET", "POST"])
@requires("courses:cohort:change")
def new_cohort() -> Any:
    """Set up a cohort."""
    form = NewCohortForm()
    offered = queries.courses_offered(db.session)
    form.course.choices = [(course.id, course.name_th) for course in offered]
    if form.validate_on_submit():
        course = next(course for course in offered if course.id == form.course.data)
        try:
            operations.open_cohort(db.session, current_actor(), code=form.code.data, course=course, **form.values())
            db.session.commit()
        except RuleBroken as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("ตั้งรุ่นแล้ว ขั้นต่อไปคือกำหนดคาบเรียนและแผนการประเมิน"), "good")
            return redirect(url_for("courses.cohort", code=form.code.data), 303)
    return render_template("courses/cohort_form.html", form=form, cohort=None), 422 if form.errors else 200


@blueprint.get("/cohorts/<code>")
@requires("courses:cohort:list")
def cohort(code: str) -> Any:
    """One cohort: how is it going."""
    found = queries.cohort_by_code(db.session, code)
    today = clock.today()
    counts = queries.status_counts(db.session, found)
    own = _own_enrollment(found)
    return render_template(
        "courses/cohort.html", cohort=found, stage=queries.stage_of(found, today), counts=counts,
        sat=sum(counts.get(status, 0) for status in rules.IN_THE_COHORT),
        hours=queries.total_hours(db.session, found.id),
        sessions=queries.next_sessions(db.session, [found.id], today),
        held=len([1 for held in queries.sessions_of(db.session, found) if held.held_on <= today]),
        applicants=sum(current_app.extensions["kaona.applicants"](db.session, found.id).values()),
        own=own, own_officer_no=_number_of(own),
        may_apply=own is None and current_officer_id() is not None and may_any("admissions:application:file")
        and rules.may_apply(today, found.applications_open_on, found.applications_close_on),
    )  # fmt: skip


def _own_enrollment(cohort: Any) -> Any:
    officer_id = current_officer_id()
    if officer_id is None:
        return None
    mine = queries.enrollments_of(db.session, officer_id)
    return next((enrollment for enrollment in mine if enrollment.cohort_id == cohort.id), None)


def _version(text: str | None) -> int:
    """The version a form was opened with; 0, which no row has, for anything that is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _number_of(enrollment: Any) -> str:
    officer = db.session.get(Officer, enrollment.officer_id) if enrollment else None
    return officer.officer_no if officer else ""


@blueprint.route("/cohorts/<code>/edit", methods=["GET", "POST"])
@requires("courses:cohort:change")
def edit_cohort(code: str) -> Any:
    """Change a cohort's facts."""
    found = queries.cohort_by_code(db.session, code)
    form = CohortForm(obj=found)
    if form.validate_on_submit():
        try:
            operations.change_cohort(
                db.session, current_actor(), found, version=_version(form.version.data), **form.values()
            )
            db.session.commit()
        except RuleBroken as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("บันทึกข้อมูลรุ่นแล้ว"), "good")
            return redirect(url_for("courses.cohort", code=code), 303)
    return render_template("courses/cohort_form.html", form=form, cohort=found), 422 if form.errors else 200


@blueprint.get("/cohorts/<code>/sessions")
@requires("courses:cohort:list")
def sessions(code: str) -> Any:
    """The programme of a cohort, with how many came."""
    found = queries.cohort_by_code(db.session, code)
    rows = queries.sessions_of(db.session, found)
    taken = queries.attendance_taken(db.session, found) if may_any("courses:attendance:list") else {}
    return render_template(
        "courses/sessions.html", cohort=found, sessions=rows, taken=taken, total=sum(r.hours for r in rows)
    )


@blueprint.route("/cohorts/<code>/sessions/new", methods=["GET", "POST"], defaults={"session_code": None})
@blueprint.route("/cohorts/<code>/sessions/<session_code>/edit", methods=["GET", "POST"])
@requires("courses:cohort:change")
def edit_session(code: str, session_code: str | None) -> Any:
    """Add a session to the programme, or change one."""
    found = queries.cohort_by_code(db.session, code)
    held = queries.session_by_code(db.session, found, session_code) if session_code else None
    form = SessionForm(obj=held)
    if held is not None:
        del form.code
    if form.validate_on_submit():
        values = {name: form[name].data for name in operations.SESSION_VALUES}
        try:
            if held is None and any(row.code == form.code.data for row in queries.sessions_of(db.session, found)):
                raise RuleBroken("มีคาบรหัสนี้แล้ว กรุณาใช้รหัสอื่น")
            operations.put_session(
                db.session, current_actor(), found, code=held.code if held else form.code.data, **values
            )
            db.session.commit()
        except RuleBroken as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("บันทึกคาบเรียนแล้ว"), "good")
            return redirect(url_for("courses.sessions", code=code), 303)
    return render_template("courses/session_form.html", form=form, cohort=found, held=held), 422 if form.errors else 200


@blueprint.post("/cohorts/<code>/sessions/<session_code>/remove")
@requires("courses:cohort:change")
def remove_session(code: str, session_code: str) -> Any:
    """Take a session off the programme."""
    found = queries.cohort_by_code(db.session, code)
    operations.remove_session(
        db.session, current_actor(), found, queries.session_by_code(db.session, found, session_code)
    )
    db.session.commit()
    flash(_("นำคาบออกจากตารางแล้ว"), "good")
    return redirect(url_for("courses.sessions", code=code), 303)


@blueprint.get("/cohorts/<code>/people")
@requires("courses:enrollment:list")
def people(code: str) -> Any:
    """Who is in the cohort, in which state."""
    found = queries.cohort_by_code(db.session, code)
    view = read_table(
        PEOPLE_COLUMNS, request.args, path=request.path, sort="name", filters=(Filter("status", _l("สถานะ"), STATUSES),)
    )
    rows, total = queries.enrollments_page(
        db.session, found, words=view.words, status=view.chosen["status"], sort=view.sort, descending=view.descending,
        limit=view.limit, offset=view.offset,
    )  # fmt: skip
    attended = queries.attended_by(db.session, found, [enrollment.id for enrollment, _officer in rows])
    return render_template(
        "courses/people.html", cohort=found, table=view.counted(total), rows=rows, attended=attended,
        counts=queries.status_counts(db.session, found),
    )  # fmt: skip


@blueprint.route("/cohorts/<code>/people/add", methods=["GET", "POST"])
@requires("courses:enrollment:change")
def add_person(code: str) -> Any:
    """Find an officer and put them into the cohort."""
    found = queries.cohort_by_code(db.session, code)
    words = (request.args.get("q") or "").strip()[:100]
    form = SimpleForm()
    if form.validate_on_submit():
        officer = db.session.get(Officer, request.form.get("officer", 0, type=int))
        status = request.form.get("status", "enrolled")
        if officer is None or status not in ("applied", "admitted", "reserve", "enrolled"):
            raise RuleBroken("กรุณาเลือกข้าราชการและสถานะจากรายการ")
        operations.enroll(db.session, current_actor(), found, officer, status=status)
        db.session.commit()
        flash(_("เพิ่ม %(name)s ในรุ่นแล้ว", name=officer.name_th), "good")
        return redirect(url_for("courses.people", code=code), 303)
    return render_template(
        "courses/add_person.html", cohort=found, words=words, form=form,
        found=queries.officers_to_enroll(db.session, found, words),
    )  # fmt: skip


@blueprint.route("/cohorts/<code>/people/<officer_no>", methods=["GET", "POST"])
@requires("courses:enrollment:change")
def change_status(code: str, officer_no: str) -> Any:
    """Move an enrollment on: admit, enroll, withdraw with a reason."""
    found = queries.cohort_by_code(db.session, code)
    enrollment = queries.enrollment_in(db.session, found, officer_no)
    form = StatusForm(obj=enrollment)
    form.status.choices = [(k, w) for k, w in STATUSES if k in rules.NEXT_STATUSES[enrollment.status]]
    if request.method == "GET":
        form.reason.data = ""
    if form.validate_on_submit():
        try:
            operations.change_status(
                db.session, current_actor(), enrollment, status=form.status.data, reason=form.reason.data or "",
                version=_version(form.version.data),
            )  # fmt: skip
            db.session.commit()
        except RuleBroken as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            enrollment = queries.enrollment_in(db.session, found, officer_no)
        else:
            flash(_("เปลี่ยนสถานะแล้ว"), "good")
            return redirect(url_for("courses.people", code=code), 303)
    page = render_template("courses/change_status.html", cohort=found, enrollment=enrollment, form=form)
    return page, 422 if form.errors else 200


from webapp.courses import attendance_views  # noqa: E402, F401  (adds its pages to the blueprint)
