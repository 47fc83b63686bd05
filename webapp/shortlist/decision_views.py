"""Steps of a shortlist: drawing up, the tie, confirming, publishing, discarding. Each shows a summary to check first."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, current_roles, requires
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.jobs.operations import start
from webapp.shortlist import operations, queries, rules
from webapp.shortlist.forms import DrawUpForm, ReasonForm, StepForm, TieForm
from webapp.shortlist.freezing import thawed
from webapp.shortlist.models import ShortlistRun
from webapp.shortlist.views import blueprint, frozen_table, live_table
from webapp.steps import carried_out


@blueprint.route("/cohorts/<code>/shortlist/new", methods=["GET", "POST"])
@requires("shortlist:run:draw-up")
def draw_up(code: str) -> Any:
    """Freeze a draft after a look at what it will hold."""
    cohort = cohort_by_code(db.session, code)
    form = DrawUpForm(size=cohort.shortlist_size, key=str(uuid4()))
    if form.validate_on_submit() and queries.is_large(db.session, cohort):
        return _in_background(code, form)
    if form.validate_on_submit():
        run = carried_out(form, lambda: operations.draw_up(
            db.session, actor=current_actor(), cohort=cohort, size=form.size.data, key=(form.key.data or None)))  # fmt: skip
        if run is not None:
            flash(_("จัดทำร่างรายชื่อหมายเลข %(run)s แล้ว ขั้นต่อไปคือให้ผู้มีอำนาจยืนยัน", run=run.id), "good")
            return redirect(url_for("shortlist.run", run_id=run.id), 303)
        cohort = cohort_by_code(db.session, code)
    table, plan = live_table(cohort)
    return render_template(
        "shortlist/draw_up.html", cohort=cohort, form=form, table=table, plan=plan,
        points=queries.plan_points(plan) if plan is not None else [],
    ), 422 if form.errors else 200  # fmt: skip


def _in_background(code: str, form: DrawUpForm) -> Any:
    """Thousands of people take longer than a page may: the worker does it, with progress."""
    actor, key = current_actor(), (form.key.data or str(uuid4()))[:36]
    arguments = {"cohort": code, "size": form.size.data, "key": key, "account_id": actor.account_id}
    back = url_for("shortlist.ranking", code=code)
    job = start(db.session, actor, "shortlist-draw-up", arguments, key=key, back_to=back)
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)


OVER = (rules.PUBLISHED, rules.SUPERSEDED, rules.DISCARDED)


def _run(run_id: int) -> ShortlistRun:
    return queries.run_visible_to(db.session, run_id, current_roles())


def _step(
    run_id: int,
    form: Any,
    template: str,
    work: Callable[[ShortlistRun], Any],
    done: str,
    past: tuple[str, ...] = OVER,
    **more: Any,
) -> Any:
    """One step of a run: show the summary, or carry it out and go back to the run.

    Once the run is in a state of ``past`` there is no such step any more: the page (by the back button) leads to the run.
    """
    run = _run(run_id)
    if request.method == "GET" and run.status in past:
        flash(_("ขั้นนี้ทำเสร็จแล้วหรือทำไม่ได้แล้ว สถานะปัจจุบันของรายชื่ออยู่ในหน้านี้"), "plain")
        return redirect(url_for("shortlist.run", run_id=run_id))
    if form.validate_on_submit():
        if carried_out(form, lambda: work(run)) is not None:
            flash(done, "good")
            return redirect(url_for("shortlist.run", run_id=run_id), 303)
        run = _run(run_id)
    if not form.is_submitted():
        form.version.data = str(run.version)
    page = render_template(
        template, run=run, cohort=run.cohort, form=form, result=thawed(run.result),
        points=queries.open_points(db.session, run), decision=queries.tie_decision(db.session, run.id),
        published=queries.published_run(db.session, run.cohort_id), **more,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/shortlists/<int:run_id>/tie", methods=["GET", "POST"])
@requires("shortlist:run:confirm")
def tie(run_id: int) -> Any:
    """Decide who of the group tied across the line goes forward, with a reason."""
    run = _run(run_id)
    table, _inputs = frozen_table(run)
    group = [table.of(number) for number in table.tied]
    form = TieForm()
    form.chosen.choices = [(row.officer_no, f"{row.name_th} · {row.officer_no}") for row in group if row is not None]
    _tied, places = rules.tied_group(thawed(run.result))
    return _step(run_id, form, "shortlist/tie.html", lambda run: operations.decide_tie(
        db.session, actor=current_actor(), run=run, chosen=form.chosen.data or [], reason=form.reason.data,
        version=form.seen(),
    ), _("บันทึกการตัดสินลำดับที่เท่ากันแล้ว"), group=group, left=places, table=table)  # fmt: skip


@blueprint.route("/shortlists/<int:run_id>/confirm", methods=["GET", "POST"])
@requires("shortlist:run:confirm")
def confirm(run_id: int) -> Any:
    """A named person confirms a draft."""
    form = StepForm()
    return _step(run_id, form, "shortlist/confirm.html", lambda run: operations.confirm(
        db.session, actor=current_actor(), run=run, version=form.seen(),
    ), _("ยืนยันรายชื่อแล้ว ขั้นต่อไปคือให้ผู้อื่นเผยแพร่"), past=(rules.CONFIRMED, *OVER), actor=current_actor())  # fmt: skip


@blueprint.route("/shortlists/<int:run_id>/publish", methods=["GET", "POST"])
@requires("shortlist:run:publish")
def publish(run_id: int) -> Any:
    """Another person publishes a confirmed run; an earlier one is superseded with a reason."""
    run = _run(run_id)
    supersedes = queries.published_run(db.session, run.cohort_id)
    supersedes = None if supersedes is run else supersedes
    form: Any = StepForm() if supersedes is None else ReasonForm()
    return _step(run_id, form, "shortlist/publish.html", lambda run: operations.publish(
        db.session, actor=current_actor(), run=run, version=form.seen(),
        reason=form.reason.data if supersedes is not None else "",
    ), _("เผยแพร่รายชื่อแล้ว ผู้เข้ารับการอบรมเห็นผลของตนเองได้ทันที"), actor=current_actor(),
        days=queries.objection_days(db.session))  # fmt: skip


@blueprint.route("/shortlists/<int:run_id>/discard", methods=["GET", "POST"])
@requires("shortlist:run:draw-up")
def discard(run_id: int) -> Any:
    """Put away a run that was not published, with a reason."""
    form = ReasonForm()
    return _step(run_id, form, "shortlist/discard.html", lambda run: operations.discard(
        db.session, actor=current_actor(), run=run, reason=form.reason.data, version=form.seen(),
    ), _("ยกเลิกร่างรายชื่อแล้ว"))  # fmt: skip
