"""Pages of plans: the list, one plan with its courses and the gap closing, its steps, and two plans side by side."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.errors import NotFound, Refused, RuleBroken
from webapp.workforce import pictures, words
from webapp.workforce.models import WorkforcePlan, WorkforcePlanCourse
from webapp.workforce.pages import CHANGE, VIEW, blueprint
from webapp.workforce.plans import operations, queries, rules
from webapp.workforce.plans.forms import AdoptForm, CourseForm, DiscardForm, NewPlanForm, PlanForm
from webapp.workforce.queries import covered_posts, outlook, rule_of_target


@blueprint.get("/workforce/plans")
@requires(VIEW)
def plans() -> Any:
    """Every plan, what stands first."""
    found = queries.plans(db.session)
    return render_template("workforce/plans.html", plans=found)


@blueprint.route("/workforce/plans/new", methods=["GET", "POST"])
@requires(CHANGE)
def new_plan() -> Any:
    """Begin a plan, from nothing or from another plan (``of``)."""
    based_on = _based_on()
    form = NewPlanForm(post=request.args.get("post", ""), horizon="short", as_of=clock.today(), key=str(uuid4()))
    posts = {post.code: post for post in covered_posts(db.session) if rule_of_target(db.session, post) is not None}
    form.post.choices = [(code, named(post)) for code, post in posts.items()]
    if based_on is not None and not form.is_submitted():
        form.post.data, form.horizon.data, form.name.data = based_on.post.code, based_on.horizon, based_on.name
    if form.validate_on_submit():
        made = carried_out(form, lambda: operations.draft_plan(
            db.session, actor=current_actor(), post=posts[form.post.data], horizon=form.horizon.data,
            name=form.name.data, reason=form.reason.data, as_of=form.as_of.data, based_on=_based_on(),
            key=(form.key.data or "")[:36] or None))  # fmt: skip
        if made is not None:
            flash(_("เริ่มร่างแผนแล้ว ขั้นต่อไปคือเพิ่มหลักสูตรที่จะจัด"), "good")
            return redirect(url_for("workforce.plan", plan_id=made.id), 303)
    page = render_template("workforce/plan_form.html", form=form, plan=None, based_on=based_on)
    return page, 422 if form.errors else 200


def _based_on() -> WorkforcePlan | None:
    typed = request.args.get("of", "")
    return queries.plan(db.session, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


@blueprint.get("/workforce/plans/<int:plan_id>")
@requires(VIEW)
def plan(plan_id: int) -> Any:
    """A plan: what it runs, and how the gap closes year by year."""
    found = queries.plan(db.session, plan_id)
    worked = queries.worked_out(db.session, found)
    others = [
        one for one in queries.plans(db.session, post=found.post.code)
        if one.id != found.id and one.horizon == found.horizon
    ]  # fmt: skip
    return render_template(
        "workforce/plan.html", plan=found, worked=worked, courses=queries.in_courses(found.courses), others=others,
        picture=pictures.gap_closing(found.name, worked.years), actor=current_actor(),
        needed=rules.seats_needed(worked.bases, rules.USUAL_PASS_PERCENT), usual=rules.USUAL_PASS_PERCENT,
    )  # fmt: skip


@blueprint.route("/workforce/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def edit_plan(plan_id: int) -> Any:
    """Change a draft's name, reason or day."""
    found = queries.plan(db.session, plan_id)
    form = PlanForm(obj=found)
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.change_plan(
            db.session, actor=current_actor(), plan=queries.plan(db.session, plan_id), seen=form.seen(),
            name=form.name.data, reason=form.reason.data, as_of=form.as_of.data) or True)  # fmt: skip
        if done:
            flash(_("บันทึกแผนแล้ว"), "good")
            return redirect(url_for("workforce.plan", plan_id=plan_id), 303)
        found = queries.plan(db.session, plan_id)
    page = render_template("workforce/plan_form.html", form=form, plan=found, based_on=None)
    return page, 422 if form.errors else 200


@blueprint.route("/workforce/plans/<int:plan_id>/courses/new", methods=["GET", "POST"])
@requires(CHANGE)
def new_plan_course(plan_id: int) -> Any:
    """Add a course to a draft."""
    return _course_page(plan_id, None)


@blueprint.route("/workforce/plans/<int:plan_id>/courses/<int:row_id>", methods=["GET", "POST"])
@requires(CHANGE)
def edit_plan_course(plan_id: int, row_id: int) -> Any:
    """Change a course of a draft."""
    return _course_page(plan_id, row_id)


def _course_page(plan_id: int, row_id: int | None) -> Any:
    found = queries.plan(db.session, plan_id)
    row = None if row_id is None else _row(found, row_id)
    form = CourseForm(lock=found.lock) if row is None else CourseForm(
        lock=found.lock, course=row.course_id, ends_on=row.ends_on, cohorts=row.cohorts, seats=row.seats,
        pass_percent=row.pass_percent, reason=row.reason)  # fmt: skip
    courses = {course.id: course for course in queries.courses_for(db.session, found.post)}
    if row is not None:
        courses.setdefault(row.course_id, row.course)
    form.course.choices = [(number, named(course)) for number, course in courses.items()]
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.put_course(
            db.session, actor=current_actor(), plan=found, seen=form.seen(), course=courses[form.course.data],
            ends_on=form.ends_on.data, cohorts=form.cohorts.data, seats=form.seats.data,
            pass_percent=form.pass_percent.data, reason=form.reason.data, row=row))  # fmt: skip
        if done is not None:
            flash(_("บันทึกหลักสูตรในแผนแล้ว"), "good")
            return redirect(url_for("workforce.plan", plan_id=plan_id), 303)
        found = queries.plan(db.session, plan_id)
    first, last = found.as_of, queries.last_day_of(found)
    page = render_template("workforce/plan_course.html", form=form, plan=found, row_id=row_id, first=first, last=last)
    return page, 422 if form.errors else 200


def _row(found: WorkforcePlan, row_id: int) -> WorkforcePlanCourse:
    row = next((one for one in found.courses if one.id == row_id), None)
    if row is None:
        raise NotFound()
    return row


@blueprint.post("/workforce/plans/<int:plan_id>/courses/<int:row_id>/remove")
@requires(CHANGE)
def remove_plan_course(plan_id: int, row_id: int) -> Any:
    """Take a course out of a draft."""
    found = queries.plan(db.session, plan_id)
    row, lock = _row(found, row_id), request.form.get("lock", "")
    seen = int(lock) if lock.isascii() and lock.isdigit() and len(lock) < 9 else None
    try:
        operations.remove_course(db.session, actor=current_actor(), plan=found, seen=seen, row=row)
        db.session.commit()
        flash(_("นำหลักสูตรออกจากแผนแล้ว"), "good")
    except Refused as refused:
        db.session.rollback()
        flash(_(refused.message, **refused.values), "bad")
    return redirect(url_for("workforce.plan", plan_id=plan_id), 303)


@blueprint.route("/workforce/plans/<int:plan_id>/adopt", methods=["GET", "POST"])
@requires(CHANGE)
def adopt_plan(plan_id: int) -> Any:
    """Another person adopts a plan, after a look at what it holds."""
    found = queries.plan(db.session, plan_id)
    form = AdoptForm(lock=found.lock)
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.adopt(
            db.session, actor=current_actor(), plan=found, seen=form.seen(), note=form.note.data) or True)  # fmt: skip
        if done:
            flash(_("เห็นชอบแผนแล้ว ตัวเลขของแผนถูกเก็บไว้ตามที่เห็นชอบ"), "good")
            return redirect(url_for("workforce.plan", plan_id=plan_id), 303)
        found = queries.plan(db.session, plan_id)
    worked = queries.worked_out(db.session, found)
    standing = next((one for one in queries.plans(db.session, post=found.post.code, state="adopted")
                     if one.horizon == found.horizon), None)  # fmt: skip
    page = render_template("workforce/plan_adopt.html", form=form, plan=found, worked=worked, standing=standing)
    return page, 422 if form.errors else 200


@blueprint.route("/workforce/plans/<int:plan_id>/discard", methods=["GET", "POST"])
@requires(CHANGE)
def discard_plan(plan_id: int) -> Any:
    """Put a draft away, with a reason."""
    found = queries.plan(db.session, plan_id)
    form = DiscardForm(lock=found.lock)
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.discard(
            db.session, actor=current_actor(), plan=found, seen=form.seen(), reason=form.reason.data) or True)  # fmt: skip
        if done:
            flash(_("ยกเลิกร่างแผนแล้ว"), "good")
            return redirect(url_for("workforce.plans"), 303)
        found = queries.plan(db.session, plan_id)
    page = render_template("workforce/plan_discard.html", form=form, plan=found)
    return page, 422 if form.errors else 200


@blueprint.get("/workforce/plans/compare")
@requires(VIEW)
def compare_plans() -> Any:
    """Two plans of a post side by side."""
    pair = []
    for key in ("a", "b"):
        typed = request.args.get(key, "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            return redirect(url_for("workforce.plans"), 303)
        pair.append(queries.plan(db.session, int(typed)))
    first, second = pair
    if first.post_id != second.post_id:
        raise NotFound()
    seen = outlook(db.session, first.as_of)
    same_day = second.as_of == first.as_of
    worked = [
        queries.worked_out(db.session, first, seen),
        queries.worked_out(db.session, second, seen if same_day else None),
    ]
    return render_template("workforce/plan_compare.html", plans=pair, worked=worked, **_compared(pair, worked))


def _compared(pair: list[WorkforcePlan], worked: list[queries.Worked]) -> dict[str, Any]:
    """The years that both plans have, and the picture of them."""
    second = {year.fiscal_year: year for year in worked[1].years}
    rows = [(year, second[year.fiscal_year]) for year in worked[0].years if year.fiscal_year in second]
    names = tuple(f"{one.name} ({words.HORIZONS_SHORT[one.horizon]} {one.version})" for one in pair)
    shown = [(a.fiscal_year, a.gap_before, a.gap_after, b.gap_after) for a, b in rows]
    picture = pictures.two_plans((names[0], names[1]), shown) if shown else None
    return {"rows": rows, "names": names, "picture": picture}


def carried_out(form: Any, work: Callable[[], Any]) -> Any:
    """Do the work and commit; a rule that says no is shown in the form, and nothing is written."""
    try:
        done = work()
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        form.form_errors.append(_(refused.message, **refused.values))
        return None
    except Refused:
        db.session.rollback()
        raise
    return done
