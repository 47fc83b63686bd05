"""Pages of an entry selection: the ranking now, the draft, ties, confirming, publishing, verifying, letters."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_actor, current_roles, may_any, requires
from webapp.admissions import selecting
from webapp.admissions import selection_queries as reads
from webapp.admissions.forms import TieForm
from webapp.admissions.freezing import ranking_of, thawed
from webapp.admissions.models import Selection
from webapp.admissions.verification import differences
from webapp.admissions.views import blueprint
from webapp.assessments.panels.queries import still_to_mark
from webapp.assessments.queries import plan_in_force, released_components
from webapp.courses.models import Cohort
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import NotFound
from webapp.jobs.operations import start
from webapp.records.rules import sight_by_role
from webapp.records.standings import Standing, Table
from webapp.records.words import tie_breaker_name
from webapp.steps import ReasonForm, StepForm, carried_out
from webapp.tables import Column, read_table

BASE = "/admissions/<int:selection_id>"


def frozen_table(selection: Selection) -> tuple[Table, dict[str, Any]]:
    """The ranking of a selection, computed again from what it froze, and the frozen inputs."""
    inputs = thawed(selection.inputs)
    return _table(inputs), inputs


def _table(inputs: dict[str, Any]) -> Table:
    persons = {n: {**p, "name_en": p["name_en"] or p["name_th"]} for n, p in inputs["persons"].items()}
    return Table(ranking_of(inputs), persons, inputs["plan_facts"]["components"])


def released_of(selection: Selection) -> frozenset[str]:
    """Components of the selection whose marks officers may see."""
    return released_components(db.session, selection.cohort_id, "selection")


def _standings(table: Table, path: str) -> tuple[Any, Sequence[Standing]]:
    """The ranked as the reader asked for them: in order, a page at a time, or those found by name."""
    heads = tuple(Column(f"c-{c.code}", _name(table, c.code), numeric=True) for c in table.ranking.plan.components)
    columns = (Column("name", _l("ชื่อ"), always=True), Column("place", _l("ผล"), always=True),
               Column("composite", _l("คะแนนรวม"), numeric=True, always=True), *heads)  # fmt: skip
    view = read_table(columns, request.args, path=path, sort="name")
    if view.words:
        found = table.found(view.words)
        return view.counted(len(found)), found[view.offset : view.offset + view.limit]
    return view.counted(table.ranked), table.first(view.limit, view.offset)


def _name(table: Table, code: str) -> str:
    from webapp.records.words import component_name

    return component_name(table.names, code)


@blueprint.route("/cohorts/<code>/admission/draw-up", methods=["GET", "POST"])
@requires("admissions:selection:list")
def draw_up(code: str) -> Any:
    """The ranking as marks stand now, and freezing it as a draft."""
    cohort = cohort_by_code(db.session, code)
    form = StepForm(key=str(uuid4()))
    if request.method == "POST" and not may_any("admissions:selection:change"):
        raise NotFound()
    if form.validate_on_submit():
        made = carried_out(form, lambda: selecting.draw_up(
            db.session, actor=current_actor(), cohort=cohort, key=form.key.data or None))  # fmt: skip
        if made is not None:
            flash(_("จัดทำร่างผลการคัดเลือกหมายเลข %(number)s แล้ว ขั้นต่อไปคือให้ผู้มีอำนาจยืนยัน", number=made.id), "good")
            return redirect(url_for("admissions.selection", selection_id=made.id), 303)
        cohort = cohort_by_code(db.session, code)
    if plan_in_force(db.session, cohort.id, "selection") is None:
        return render_template("admissions/draw_up.html", cohort=cohort, table=None, form=form)
    inputs = selecting.inputs_of(db.session, cohort)
    table = _table(thawed(selecting.frozen(inputs)))
    view, rows = _standings(table, request.path)
    given = _kinds(inputs)
    page = render_template(
        "admissions/draw_up.html", cohort=cohort, table=table, view=view, rows=rows, others=table.others(), form=form,
        inputs=inputs, given=given, explain=lambda number: url_for(
            "admissions.applicant", code=code, officer_no=number),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _kinds(inputs: dict[str, Any]) -> dict[str, str]:
    from webapp.admissions.freezing import places_in, result_of

    return {number: place[0] for number, place in places_in(result_of(thawed(selecting.frozen(inputs)))).items()}


@blueprint.get(BASE)
@requires("admissions:selection:list")
def selection(selection_id: int) -> Any:
    """One selection: the frozen ranking, who gets what, what stands in the way of publishing it, and who did what."""
    found = reads.selection_by_id(db.session, selection_id)
    table, inputs = frozen_table(found)
    view, rows = _standings(table, request.path)
    cohort = found.cohort
    unpublished = found.status in ("draft", "confirmed")
    now = (
        selecting.inputs_of(db.session, cohort)
        if unpublished and plan_in_force(db.session, cohort.id, "selection")
        else None
    )
    given = {number: place[0] for number, place in reads.given_in(db.session, found).items()}
    names = inputs["plan_facts"]["components"]
    return render_template(
        "admissions/selection.html", selection=found, cohort=cohort, table=table, inputs=inputs, view=view, rows=rows,
        others=table.others(), given=given, decisions=reads.decisions_of(db.session, found.id), counts=_counts(given),
        points=reads.open_points(db.session, found, now) if unpublished else [],
        published=reads.published_selection(db.session, cohort.id), stage=_stage(found.status),
        tie_breakers=[tie_breaker_name(names, key) for key in inputs["plan"]["tie_breakers"]],
        explain=lambda number: url_for("admissions.person", selection_id=selection_id, officer_no=number), key=str(uuid4()),
    )  # fmt: skip


def _counts(given: dict[str, str]) -> dict[str, int]:
    kinds = list(given.values())
    return {
        kind: kinds.count(kind) for kind in ("seat", "reserve", "register", "none", "refused", "withdrawn", "undecided")
    }


def _stage(status: str) -> int:
    return {"draft": 1, "confirmed": 2, "published": 4, "superseded": 4}.get(status, 1)


@blueprint.get(f"{BASE}/people/<officer_no>")
@requires("admissions:selection:list")
def person(selection_id: int, officer_no: str) -> Any:
    """How one candidate's composite came about in a selection, as it was frozen."""
    found = reads.selection_by_id(db.session, selection_id)
    table, inputs = frozen_table(found)
    marks = inputs["marks"].get(officer_no, {}) if _sees_marks(found.cohort) else {}
    explained = table.explained(officer_no, marks)
    if explained is None:
        raise NotFound()
    return render_template(
        "admissions/explained.html", selection=found, cohort=found.cohort, explained=explained, table=table,
        kind=reads.given_in(db.session, found)[officer_no][0],
    )  # fmt: skip


def _sees_marks(cohort: Cohort) -> bool:
    """Single members' marks: staff and the auditor, but for a member who still has to give their own."""
    sight = sight_by_role(current_roles())
    awaited = still_to_mark(db.session, current_actor().account_id, cohort.id)
    return sight.members and sight.unreleased_scores and not awaited


@blueprint.get(f"{BASE}/verify")
@requires("admissions:selection:list")
def verify(selection_id: int) -> Any:
    """Compute a selection again from what it froze, and say what differs."""
    found = reads.selection_by_id(db.session, selection_id)
    problems = differences(db.session, found)
    return render_template("admissions/verify.html", selection=found, cohort=found.cohort, problems=problems)


# Steps ---------------------------------------------------------------------------------------------------------------


@blueprint.route(f"{BASE}/tie/<any(seat,reserve):line>", methods=["GET", "POST"])
@requires("admissions:selection:change")
def tie(selection_id: int, line: str) -> Any:
    """Decide who of a tied group stands above a line."""
    found = reads.selection_by_id(db.session, selection_id)
    table, _inputs = frozen_table(found)
    group = next((one for one in reads.allocation_of(db.session, found).ties if one.line == line), None)
    form = TieForm(version=found.version)
    rows = [row for row in (table.of(number) for number in (group.group if group else ())) if row is not None]
    form.chosen.choices = [(row.officer_no, f"{row.name_th} ({row.officer_no})") for row in rows]
    if form.validate_on_submit():
        done = carried_out(form, lambda: selecting.decide_line(
            db.session, actor=current_actor(), selection=found, line=line, chosen=form.chosen.data or (),
            reason=form.reason.data or "", version=form.seen(),
        ))  # fmt: skip
        if done is not None:
            flash(_("บันทึกการตัดสินแล้ว"), "good")
            return redirect(url_for("admissions.selection", selection_id=selection_id), 303)
        found = reads.selection_by_id(db.session, selection_id)
    page = render_template(
        "admissions/tie.html", selection=found, cohort=found.cohort, form=form, group=group, rows=rows, line=line
    )
    return page, 422 if form.errors else 200


def _step(selection_id: int, form: Any, template: str, work: Callable[[Selection], Any], said: str) -> Any:
    """A step with a summary to check first."""
    found = reads.selection_by_id(db.session, selection_id)
    if form.validate_on_submit():
        if carried_out(form, lambda: work(found)) is not None:
            flash(said, "good")
            return redirect(url_for("admissions.selection", selection_id=selection_id), 303)
        found = reads.selection_by_id(db.session, selection_id)
    given = reads.given_in(db.session, found)
    now = (
        selecting.inputs_of(db.session, found.cohort)
        if plan_in_force(db.session, found.cohort_id, "selection")
        else None
    )
    page = render_template(
        f"admissions/{template}.html", selection=found, cohort=found.cohort, form=form, given=given,
        counts=_counts({number: place[0] for number, place in given.items()}), actor=current_actor(),
        persons=thawed(found.inputs)["persons"], points=reads.open_points(db.session, found, now),
        published=reads.published_selection(db.session, found.cohort_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route(f"{BASE}/confirm", methods=["GET", "POST"])
@requires("admissions:selection:change")
def confirm(selection_id: int) -> Any:
    """A named person confirms a draft."""
    form = StepForm(version=reads.selection_by_id(db.session, selection_id).version)
    return _step(selection_id, form, "confirm", lambda found: selecting.confirm(
        db.session, actor=current_actor(), selection=found, version=form.seen()),
        _("ยืนยันผลการคัดเลือกแล้ว ขั้นต่อไปคือให้อีกคนหนึ่งประกาศ"))  # fmt: skip


@blueprint.route(f"{BASE}/publish", methods=["GET", "POST"])
@requires("admissions:selection:publish")
def publish(selection_id: int) -> Any:
    """Another person publishes; where a result is published already, with the reason why it is replaced."""
    found = reads.selection_by_id(db.session, selection_id)
    replaces = reads.published_selection(db.session, found.cohort_id) is not None and found.status != "published"
    form: Any = (ReasonForm if replaces else StepForm)(version=found.version)
    return _step(selection_id, form, "publish", lambda one: selecting.publish(
        db.session, actor=current_actor(), selection=one, reason=form.reason.data if replaces else "", version=form.seen()),
        _("ประกาศผลการคัดเลือกแล้ว ผู้สมัครทุกคนเห็นผลของตน"))  # fmt: skip


@blueprint.route(f"{BASE}/discard", methods=["GET", "POST"])
@requires("admissions:selection:change")
def discard(selection_id: int) -> Any:
    """Put an unpublished selection away, with the reason."""
    form = ReasonForm(version=reads.selection_by_id(db.session, selection_id).version)
    return _step(selection_id, form, "discard", lambda found: selecting.discard(
        db.session, actor=current_actor(), selection=found, reason=form.reason.data or "", version=form.seen()),
        _("ยกเลิกร่างแล้ว"))  # fmt: skip


@blueprint.post(f"{BASE}/letters")
@requires("admissions:letter:make")
def letters(selection_id: int) -> Any:
    """Ask for all letters of a published selection in one PDF; the worker makes it."""
    found = reads.selection_by_id(db.session, selection_id)
    if found.published_at is None:
        raise NotFound()
    arguments = {"account_id": current_actor().account_id, "selection_id": selection_id}
    back = url_for("admissions.selection", selection_id=selection_id)
    job = start(
        db.session, current_actor(), "admission-letters", arguments, key=request.form.get("key", ""), back_to=back
    )
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)
