"""Pages of the course catalog: what is offered, what is accepted in its place, and every change with its reason."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_actor, requires
from webapp.careers import forms, operations, queries, rules, words
from webapp.careers.models import Course
from webapp.careers.pages import READ, blueprint, page_of, workbook
from webapp.database import db
from webapp.errors import Conflict, Refused
from webapp.tables import Column, Filter, TableView, read_table

CHANGE = "careers:course:change"

COURSE_COLUMNS = (
    Column("name", _l("ชื่อหลักสูตร"), sortable=True, always=True),
    Column("institution", _l("หน่วยงานที่จัด")),
    Column("post", _l("ใช้เตรียมเข้าสู่ตำแหน่ง")),
    Column("equivalents", _l("หลักสูตรที่ใช้แทนได้"), numeric=True),
)
COURSE_KINDS = (
    ("own", _l("หลักสูตรของกรุงเทพมหานคร")),
    ("external", _l("หลักสูตรของหน่วยงานอื่น")),
    ("retired", _l("เลิกใช้แล้ว")),
)


def _courses() -> tuple[TableView, list[queries.CourseRow]]:
    """The courses asked for, all pages of them."""
    kind = Filter("kind", _l("แสดง"), COURSE_KINDS)
    table = read_table(COURSE_COLUMNS, request.args, path=url_for("careers.courses"), sort="", filters=(kind,))
    rows = queries.courses(
        db.session, words=table.words, kind=table.chosen["kind"], descending=table.descending and table.sort == "name"
    )
    return table, rows


@blueprint.get("/courses")
@requires(READ)
def courses() -> str:
    """The course catalog."""
    table, rows = page_of(*_courses())
    return render_template("careers/courses.html", table=table, rows=rows)


@blueprint.get("/courses.xlsx")
@requires("careers:course:export")
def courses_workbook() -> Response:
    """The catalog as seen, as a workbook."""
    table, rows = _courses()
    told = (
        {
            "name": words.in_language(row),
            "institution": words.one_language(row.institution),
            "post": words.in_language(row.post),
            "equivalents": row.equivalents,
        }
        for row in rows
    )
    return workbook("courses", _("หลักสูตร"), table, told)


@blueprint.get("/courses/<path:code>")
@requires(READ)
def course(code: str) -> str:
    """A course: its curriculum, what is accepted in its place and where it is accepted itself."""
    found = queries.course(db.session, code)
    return render_template(
        "careers/course.html",
        course=found,
        post=queries.post_of(db.session, found),
        equivalents=queries.equivalents(db.session, found.id),
        accepted_for=queries.accepted_for(db.session, found.id),
        state_on=rules.state_on,
        words=words,
    )


Change = Callable[[], Any]


def _changed(form: Any, change: Change, said: str, code: str | None = None) -> Any:
    """Carry out a change of the catalog: on success the course page, on a refusal the form with the reason."""
    try:
        changed = change()
        db.session.commit()
    except Conflict:
        raise
    except Refused as refused:
        db.session.rollback()
        form.form_errors = [*form.form_errors, _(refused.message, **refused.values)]
        return None
    flash(said, "good")
    return redirect(url_for("careers.course", code=code or changed.code), 303)


def _course_form(**given: Any) -> forms.CourseForm:
    posts = [(row.code, words.in_language(row)) for row in queries.posts(db.session)]
    return forms.CourseForm(**given).offer(posts, _("ไม่ผูกกับตำแหน่งใด"))


def _course_values(form: forms.CourseForm) -> dict[str, Any]:
    return {
        "name_th": form.name_th.data or "",
        "name_en": form.name_en.data or "",
        "institution": form.institution.data or "",
        "external": form.external.data == "external",
        "hours": form.hours.data,
        "post_code": form.post_code.data or "",
        "reason": form.reason.data or "",
    }


@blueprint.route("/courses/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_course() -> Any:
    """Add a course to the catalog."""
    form = _course_form(data={"post_code": request.args.get("post", "")})
    if form.validate_on_submit():
        answer = _changed(
            form,
            lambda: operations.add_course(
                db.session, current_actor(), code=form.code.data or "", **_course_values(form)
            ),
            _("เพิ่มหลักสูตรแล้ว"),
        )
        if answer:
            return answer
    return render_template("careers/course_form.html", form=form, course=None), 422 if form.errors else 200


@blueprint.route("/courses/<path:code>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_course(code: str) -> Any:
    """Change what the catalog says of a course."""
    found = queries.course(db.session, code)
    prepared = queries.post_of(db.session, found)
    form = _course_form(
        data={
            "seen": operations.fingerprint(operations.as_told(found)),
            "name_th": found.name_th,
            "name_en": found.name_en,
            "institution": found.institution,
            "external": "external" if found.external else "",
            "hours": found.hours,
            "post_code": prepared.code if prepared else "",
        }
    )
    del form.code
    if form.validate_on_submit():
        answer = _changed(
            form,
            lambda: operations.change_course(
                db.session, current_actor(), found, seen=form.seen.data or "", **_course_values(form)
            ),
            _("บันทึกการแก้ไขหลักสูตรแล้ว"),
        )
        if answer:
            return answer
    return render_template("careers/course_form.html", form=form, course=found), 422 if form.errors else 200


@blueprint.route("/courses/<path:code>/retire", methods=["GET", "POST"])
@requires(CHANGE)
def retire_course(code: str) -> Any:
    """Take a course out of use, or put it back."""
    found = queries.course(db.session, code)
    retired = found.retired_on is not None
    form = forms.ReasonForm()
    if form.validate_on_submit():
        change = operations.resume_course if retired else operations.retire_course
        answer = _changed(
            form,
            lambda: change(db.session, current_actor(), found, reason=form.reason.data or ""),
            _("นำหลักสูตรกลับมาใช้แล้ว") if retired else _("เลิกใช้หลักสูตรแล้ว"),
        )
        if answer:
            return answer
    return render_template("careers/course_retire.html", form=form, course=found), 422 if form.errors else 200


def _equivalent_values(form: forms.EquivalentForm) -> dict[str, Any]:
    return {
        "accepting_body": form.accepting_body.data or "",
        "resolution": form.resolution.data or "",
        "valid_from": form.valid_from.data,
        "valid_until": form.valid_until.data,
        "reason": form.reason.data or "",
    }


@blueprint.route("/courses/<path:code>/equivalents/new", methods=["GET", "POST"])
@requires(CHANGE)
def accept_equivalent(code: str) -> Any:
    """Record a course accepted in place of this one."""
    found = queries.course(db.session, code)
    form = forms.EquivalentForm()
    others = [row for row in queries.courses(db.session) if row.code != found.code and not row.retired]
    form.equivalent_code.choices = [("", ""), *((row.code, words.in_language(row)) for row in others)]
    if form.validate_on_submit():
        answer = _changed(
            form,
            lambda: operations.accept_equivalent(
                db.session,
                current_actor(),
                found,
                equivalent_code=form.equivalent_code.data,
                **_equivalent_values(form),
            ),
            _("บันทึกหลักสูตรที่ใช้แทนได้แล้ว"),
            found.code,
        )
        if answer:
            return answer
    return _equivalent_page(form, found, None)


@blueprint.route("/courses/<path:code>/equivalents/<int:number>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_equivalent(code: str, number: int) -> Any:
    """Change who accepted it, by which resolution, and for how long."""
    found = queries.course(db.session, code)
    accepted = queries.equivalent(db.session, found.id, number)
    told = operations.acceptance_as_told(accepted)
    form = forms.EquivalentForm(
        data={
            "seen": operations.fingerprint(told),
            "equivalent_code": accepted.equivalent.code,
            "accepting_body": accepted.accepting_body,
            "resolution": accepted.resolution,
            "valid_from": accepted.valid_from,
            "valid_until": accepted.valid_until,
        }
    )
    form.reason.label.text = _("เหตุผลของการเปลี่ยนแปลง")
    form.equivalent_code.choices = [(accepted.equivalent.code, words.in_language(accepted.equivalent))]
    if form.validate_on_submit():
        answer = _changed(
            form,
            lambda: operations.change_equivalent(
                db.session, current_actor(), accepted, seen=form.seen.data or "", **_equivalent_values(form)
            ),
            _("บันทึกหลักสูตรที่ใช้แทนได้แล้ว"),
            found.code,
        )
        if answer:
            return answer
    return _equivalent_page(form, found, accepted)


def _equivalent_page(form: forms.EquivalentForm, course: Course, accepted: Any) -> Any:
    status = 422 if form.errors else 200
    return render_template("careers/equivalent_form.html", form=form, course=course, accepted=accepted), status


@blueprint.route("/courses/<path:code>/equivalents/<int:number>/withdraw", methods=["GET", "POST"])
@requires(CHANGE)
def withdraw_equivalent(code: str, number: int) -> Any:
    """Withdraw an acceptance, with its reason."""
    found = queries.course(db.session, code)
    accepted = queries.equivalent(db.session, found.id, number)
    form = forms.ReasonForm()
    if form.validate_on_submit():
        answer = _changed(
            form,
            lambda: operations.withdraw_equivalent(
                db.session, current_actor(), accepted, reason=form.reason.data or ""
            ),
            _("ยกเลิกการรับรองแล้ว"),
            found.code,
        )
        if answer:
            return answer
    page = render_template("careers/equivalent_withdraw.html", form=form, course=found, accepted=accepted)
    return page, 422 if form.errors else 200
