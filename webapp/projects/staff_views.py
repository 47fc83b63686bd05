"""Pages of staff: the work of a cohort, assigning it, changing what is asked, deciding."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, current_officer_id, may_any, requires
from webapp.courses import queries as courses
from webapp.database import db
from webapp.errors import Refused
from webapp.projects import operations, queries, words
from webapp.projects.forms import AssignForm, AssignmentForm, DecideForm, number, text
from webapp.projects.rules import Step
from webapp.projects.views import COLUMNS, FILTERS, blueprint, reader
from webapp.tables import read_table


@blueprint.get("/cohorts/<code>/projects")
@requires("projects:assignment:list")
def cohort(code: str) -> Any:
    """All work of a cohort: who is where."""
    found = courses.cohort_by_code(db.session, code)
    table = read_table(COLUMNS, request.args, path=request.path, sort="", filters=FILTERS, limit=100)
    rows, total = queries.assignments_page(
        db.session, queries.Reader(None, everything=True), words=table.words, state=table.chosen["state"],
        kind=table.chosen["kind"], cohort_id=found.id, limit=table.limit, offset=table.offset,
    )  # fmt: skip
    people = courses.people_in(db.session, found)
    with_work = {line.assignment.enrollment_id for line in rows} if not table.narrowed else None
    return render_template(
        "projects/cohort.html", cohort=found, table=table.counted(total), rows=rows, people=people,
        without=[officer for enrollment, officer in people if with_work is not None and enrollment.id not in with_work],
        may_open=reader().everything, may_manage=may_any("projects:assignment:manage") and found.closed_at is None,
    )  # fmt: skip


@blueprint.route("/cohorts/<code>/projects/assign", methods=["GET", "POST"])
@requires("projects:assignment:manage")
def assign(code: str) -> Any:
    """Give everybody of the cohort, or one person, an assignment with its steps."""
    found = courses.cohort_by_code(db.session, code)
    people = courses.people_in(db.session, found)
    form = AssignForm(steps=[Step(str(title), None) for title in words.TEMPLATE], due_on=found.ends_on, who=0)
    form.who.choices = [(0, _("ทุกคนในรุ่น")), *((enrollment.id, officer.name_th) for enrollment, officer in people)]
    if form.validate_on_submit():
        chosen = [enrollment for enrollment, _officer in people if form.who.data in (0, enrollment.id)]
        try:
            count = operations.assign(db.session, current_actor(), found, chosen, kind=form.kind.data, **form.said())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("มอบหมายงานให้ผู้เข้ารับการอบรม %(count)s คนแล้ว", count=count), "good")
            return redirect(url_for("projects.cohort", code=code), 303)
    return render_template("projects/assign.html", form=form, cohort=found, work=None), 422 if form.errors else 200


@blueprint.route("/projects/<int:assignment_id>/edit", methods=["GET", "POST"])
@requires("projects:assignment:manage")
def edit(assignment_id: int) -> Any:
    """Change what is asked of one person."""
    found = queries.assignment_visible_to(db.session, reader(), assignment_id)
    steps = [Step(row.title, row.due_on) for row in queries.milestones_by(db.session, [found.id]).get(found.id, [])]
    form = AssignmentForm(obj=found, steps=steps)
    if form.validate_on_submit():
        try:
            operations.change_assignment(
                db.session, current_actor(), found, version=number(form.version.data), **form.said()
            )
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            found = queries.assignment_visible_to(db.session, reader(), assignment_id)
        else:
            flash(_("แก้ไขงานแล้ว"), "good")
            return redirect(url_for("projects.assignment", assignment_id=found.id), 303)
    page = render_template("projects/assign.html", form=form, cohort=found.enrollment.cohort, work=found)
    return page, 422 if form.errors else 200


@blueprint.route("/projects/<int:assignment_id>/decide", methods=["GET", "POST"])
@requires("projects:assignment:manage")
def decide(assignment_id: int) -> Any:
    """Accept the work, or return it with a reason."""
    found = queries.assignment_visible_to(db.session, reader(), assignment_id)
    form = DecideForm(version=str(found.version))
    if form.validate_on_submit():
        try:
            operations.decide(
                db.session, current_actor(), found, accept=form.decision.data == "accept", reason=text(form.reason.data),
                version=number(form.version.data), actor_officer_id=current_officer_id(),
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            found = queries.assignment_visible_to(db.session, reader(), assignment_id)
        else:
            flash(_("บันทึกผลการพิจารณาแล้ว"), "good")
            return redirect(url_for("projects.assignment", assignment_id=found.id), 303)
    page = render_template(
        "projects/decide.html", form=form, work=found, files=queries.files_of(db.session, found.id)
    )  # fmt: skip
    return page, 422 if form.errors else 200
