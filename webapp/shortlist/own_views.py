"""An officer's own result and objection; staff's answers to objections."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.assessments.queries import released_components
from webapp.database import db
from webapp.errors import NotFound
from webapp.shortlist import objections, queries
from webapp.shortlist.forms import AnswerForm, ObjectionForm, WindowForm
from webapp.shortlist.views import blueprint, frozen_table
from webapp.steps import carried_out
from webapp.tables import Column, Filter, read_table

OBJECTION_COLUMNS = (
    Column("officer", _l("ผู้ยื่น"), always=True),
    Column("cohort", _l("รุ่น")),
    Column("filed", _l("ยื่นเมื่อ")),
    Column("state", _l("ผลการพิจารณา")),
)


def _officer_id() -> int:
    officer_id = current_officer_id()
    if officer_id is None:
        raise NotFound()
    return officer_id


@blueprint.get("/my/places")
@requires("shortlist:own-result:view")
def my_results() -> Any:
    """The published results of the cohorts the officer was in."""
    return render_template("shortlist/my_results.html", results=queries.places_of(db.session, _officer_id()))


@blueprint.route("/my/places/<int:run_id>", methods=["GET", "POST"])
@requires("shortlist:own-result:view")
def my_result(run_id: int) -> Any:
    """The officer's own place, how it came about, the rule, and the ways to object."""
    run, cohort, enrollment, officer = queries.own_run(db.session, run_id, _officer_id())
    form = ObjectionForm(key=str(uuid4()))
    if form.validate_on_submit():
        made = carried_out(form, lambda: objections.file_objection(
            db.session, actor=current_actor(), run=run, enrollment=enrollment, text=form.text.data,
            key=(form.key.data or str(uuid4()))[:36]))  # fmt: skip
        if made is not None:
            flash(_("ยื่นคำคัดค้านแล้ว สถาบันจะตอบพร้อมเหตุผลในหน้านี้"), "good")
            return redirect(url_for("shortlist.my_result", run_id=run_id), 303)
        run, cohort, enrollment, officer = queries.own_run(db.session, run_id, _officer_id())
    table, inputs = frozen_table(run)
    found = table.explained(officer.officer_no, {})
    if found is None:
        raise NotFound()
    return render_template(
        "shortlist/my_result.html", run=run, cohort=cohort, explained=found, form=form, table=table, inputs=inputs,
        released=released_components(db.session, cohort.id, "ranking"), hours=table.hours(officer.officer_no),
        place=queries.place_in(run, cohort, officer.officer_no, queries.tie_decision(db.session, run.id)),
        objection=queries.objection_by(db.session, run.id, enrollment.id), names=inputs["plan_facts"]["components"],
        open=run.status == "published" and run.objections_until is not None and clock.today() <= run.objections_until,
    ), 422 if form.errors else 200  # fmt: skip


@blueprint.get("/objections")
@requires("shortlist:objection:list")
def objection_list() -> Any:
    """Objections, those waiting for an answer first."""
    states = (("waiting", _l("รอคำตอบ")), ("answered", _l("ตอบแล้ว")))
    table = read_table(OBJECTION_COLUMNS, request.args, path=request.path, sort="filed",
                       filters=(Filter("state", _l("ผลการพิจารณา"), states),))  # fmt: skip
    chosen = table.chosen["state"]
    waiting = None if not chosen else chosen == "waiting"
    rows, total = queries.objections_page(db.session, waiting=waiting, limit=table.limit, offset=table.offset)
    return render_template("shortlist/objections.html", table=table.counted(total), rows=rows,
                           days=queries.objection_days(db.session))  # fmt: skip


@blueprint.get("/objections/<int:objection_id>")
@requires("shortlist:objection:list")
def objection(objection_id: int) -> Any:
    """One objection and its answer."""
    found, officer, run, cohort = queries.objection_with(db.session, objection_id)
    return render_template(
        "shortlist/objection.html", objection=found, officer=officer, run=run, cohort=cohort, form=None
    )


@blueprint.route("/objections/<int:objection_id>/answer", methods=["GET", "POST"])
@requires("shortlist:objection:answer")
def answer(objection_id: int) -> Any:
    """Answer an objection with a reason."""
    found, officer, run, cohort = queries.objection_with(db.session, objection_id)
    form = AnswerForm()
    if form.validate_on_submit():
        done = carried_out(form, lambda: objections.answer_objection(
            db.session, actor=current_actor(), objection=found, outcome=form.outcome.data, answer=form.reason.data))  # fmt: skip
        if done is not None:
            flash(_("ตอบคำคัดค้านแล้ว ผู้ยื่นเห็นคำตอบในหน้าผลของตน"), "good")
            return redirect(url_for("shortlist.objection", objection_id=objection_id), 303)
        found, officer, run, cohort = queries.objection_with(db.session, objection_id)
    return render_template(
        "shortlist/objection.html", objection=found, officer=officer, run=run, cohort=cohort, form=form
    ), 422 if form.errors else 200


@blueprint.route("/objections/window", methods=["GET", "POST"])
@requires("shortlist:objection:answer")
def window() -> Any:
    """How many days officers have for an objection."""
    form = WindowForm(days=queries.objection_days(db.session))
    if form.validate_on_submit():
        done = carried_out(form, lambda: objections.set_window(
            db.session, actor=current_actor(), days=form.days.data, reason=form.reason.data))  # fmt: skip
        if done is not None:
            flash(_("ตั้งระยะเวลายื่นคำคัดค้านแล้ว ใช้กับรายชื่อที่เผยแพร่หลังจากนี้"), "good")
            return redirect(url_for("shortlist.objection_list"), 303)
    return render_template("shortlist/window.html", form=form), 422 if form.errors else 200
