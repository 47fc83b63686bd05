"""Pages of an officer who writes a plan: begin, aim and period, items, proposing and taking back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.careers import queries as careers
from webapp.careers.criteria.tree import TreeHasProblems, tree_from
from webapp.careers.models import Post
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.officers.models import Officer
from webapp.plans import operations, queries, rules
from webapp.plans.forms import BeginForm, FrameForm, ItemForm, ProposeForm, number, text, year_from
from webapp.plans.models import DevelopmentPlan, PlanItem
from webapp.plans.views import OWN, blueprint, careers_named, reader


def own_officer() -> Officer:
    """The officer behind the sign-in. Raises ``NotFound`` where there is none."""
    found = db.session.get(Officer, current_officer_id() or 0)
    if found is None:
        raise NotFound("บัญชีของท่านยังไม่ได้เชื่อมกับทะเบียนข้าราชการ กรุณาติดต่อสถาบัน")
    return found


def own_plan(plan_id: int) -> DevelopmentPlan:
    """A plan of the officer signed in. Raises ``NotFound``."""
    return queries.own_plan(db.session, current_officer_id(), plan_id)


@blueprint.route("/plans/new", methods=["GET", "POST"])
@requires(OWN)
def new() -> Any:
    """Begin a plan for a post."""
    today = clock.today()
    posts = [row for row in careers.posts(db.session, kind="target") if row.profile_version is not None]
    form = BeginForm(starts_on=today, ends_on=year_from(today), post=request.args.get("post", ""))
    form.post.choices = [(row.code, careers_named(row)) for row in posts]
    officer_id = current_officer_id()
    if officer_id is not None and form.validate_on_submit():
        try:
            post = careers.post(db.session, form.post.data)
            made = operations.begin(db.session, current_actor(), own_officer(), post, **form.said())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("เริ่มแผนแล้ว เพิ่มรายการที่จะทำได้เลย"), "good")
            return redirect(url_for("plans.plan", plan_id=made.id), 303)
    standing = {row.post.code: row for row in queries.open_plans(db.session, officer_id)} if officer_id else {}
    page = render_template("plans/new.html", form=form, officer_id=officer_id, standing=standing)
    return page, 422 if form.errors else 200


@blueprint.route("/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@requires(OWN)
def edit(plan_id: int) -> Any:
    """Change the aim and the period."""
    found = own_plan(plan_id)
    edition = queries.sheets(db.session, [found], reader())[0].newest
    rules.check_may_write(edition, found.closed_at is not None)
    form = FrameForm(version=str(found.version), starts_on=edition.starts_on, ends_on=edition.ends_on, aim=edition.aim)
    if form.validate_on_submit():
        try:
            operations.change_frame(
                db.session, current_actor(), found, version=number(form.version.data), **form.said()
            )
            db.session.commit()
        except Refused as refused:
            return _refused(form, refused, plan_id, "plans/frame.html", edition=edition)
        flash(_("บันทึกแผนแล้ว"), "good")
        return redirect(url_for("plans.plan", plan_id=plan_id), 303)
    page = render_template("plans/frame.html", form=form, plan=found, edition=edition)
    return page, 422 if form.errors else 200


def _refused(form: Any, refused: Refused, plan_id: int, template: str, **more: Any) -> Any:
    """The form again with what was typed; a stale one says so and may be sent anew after reading."""
    db.session.rollback()
    form.form_errors.append(_(refused.message, **refused.values))
    found = own_plan(plan_id)
    if refused.status == 409:
        form.version.raw_data, form.version.data = None, str(found.version)
    if "edition" in more:
        more["edition"] = queries.sheets(db.session, [found], reader())[0].newest
    return render_template(template, form=form, plan=found, **more), refused.status


# Items ---------------------------------------------------------------------------------------------------------------


def gaps_of(post: Post) -> dict[str, dict[str, str]]:
    """What an item can answer: the criteria and competencies of the post's published profile, with their names."""
    profile = careers.published_profile(db.session, post.id)
    if profile is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    try:
        criteria = tree_from(profile.document["criteria"]).of
    except (KeyError, TreeHasProblems):
        criteria = ()
    for node in criteria:
        for one in (node, *node.of):
            found[f"criterion:{one.id}"] = _names(dict(one.texts), one.id)
    known = {row.code: row for row in careers.competencies(db.session)}
    for row in profile.document.get("competencies") or ():
        named = known.get(row["competency"])
        if named is not None:
            names = {"name_th": named.name_th, "name_en": named.name_en}
            found[f"competency:{named.code}"] = {**names, "level": str(row.get("expected_level", ""))}
    return found


def _names(texts: dict[str, Any], code: str) -> dict[str, str]:
    return {"name_th": str(texts.get("name_th") or code), "name_en": str(texts.get("name_en") or "")}


def _choices(gaps: dict[str, dict[str, str]], form: ItemForm) -> None:
    criteria = [(key, careers_named(value)) for key, value in gaps.items() if key.startswith("criterion:")]
    competencies = [(key, careers_named(value)) for key, value in gaps.items() if key.startswith("competency:")]
    form.gap.choices = [
        ("", _("เรื่องอื่น")),
        *criteria,
        *((key, _("สมรรถนะ: %(name)s", name=name)) for key, name in competencies),
    ]


@blueprint.route("/plans/<int:plan_id>/items/new", methods=["GET", "POST"])
@requires(OWN)
def new_item(plan_id: int) -> Any:
    """Add an item to the plan."""
    found = own_plan(plan_id)
    return _item_page(found, None, ItemForm(version=str(found.version), gap=request.args.get("gap", "")))


@blueprint.route("/plans/<int:plan_id>/items/<int:line>", methods=["GET", "POST"])
@requires(OWN)
def item(plan_id: int, line: int) -> Any:
    """Change an item of the plan."""
    found = own_plan(plan_id)
    sheet = queries.sheets(db.session, [found], reader())[0]
    row = next((one.item for one in sheet.lines if one.item.line == line), None)
    if row is None:
        raise NotFound()
    told = {key: row.gap.get(key) or careers_told(row.gap, key) for key in ("current", "expected")}
    form = ItemForm(
        obj=row, version=str(found.version), gap=f"{row.gap_kind}:{row.gap_code}" if row.gap_code else "",
        share=str(row.share or ""), **told,
    )  # fmt: skip
    return _item_page(found, row, form)


def careers_told(thing: Any, key: str) -> str:
    """A text kept in two languages, in the reader's."""
    from webapp.careers.words import told

    return told(thing, key)


def _item_page(found: DevelopmentPlan, row: PlanItem | None, form: ItemForm) -> Any:
    edition = queries.sheets(db.session, [found], reader())[0].newest
    rules.check_may_write(edition, found.closed_at is not None)
    gaps = gaps_of(found.post)
    _choices(gaps, form)
    plan_id = found.id
    if form.validate_on_submit():
        said, version = form.said(gaps), number(form.version.data)
        if row is not None:
            said["gap"] = _kept_words(row, said)
        try:
            if row is None:
                made = operations.add_line(db.session, current_actor(), found, version=version, **said)
            else:
                made = operations.change_line(db.session, current_actor(), found, row.line, version=version, **said)
            line = made.line
            db.session.commit()
        except Refused as refused:
            return _refused(form, refused, plan_id, "plans/item.html", edition=edition, item=row)
        flash(_("เพิ่มลงแผนแล้ว") if row is None else _("บันทึกรายการแล้ว"), "good")
        return redirect(url_for("plans.plan", plan_id=plan_id, _anchor=f"line-{line}"), 303)
    page = render_template("plans/item.html", form=form, plan=found, item=row, edition=edition)
    return page, 422 if form.errors else 200


def _kept_words(row: PlanItem, said: dict[str, Any]) -> dict[str, Any]:
    """The gap's words: both languages stay as the readiness page wrote them where the officer did not change them."""
    gap = dict(said["gap"])
    if (row.gap_kind, row.gap_code) != (said["gap_kind"], said["gap_code"]):
        return gap
    for key in ("current", "expected"):
        if gap[key] == (row.gap.get(key) or careers_told(row.gap, key)):
            gap = {
                **{k: v for k, v in gap.items() if k != key},
                **{k: v for k, v in row.gap.items() if k.startswith(key)},
            }
    return gap


@blueprint.post("/plans/<int:plan_id>/items/<int:line>/remove")
@requires(OWN)
def remove_item(plan_id: int, line: int) -> Any:
    """Take an item out of the plan."""
    found = own_plan(plan_id)
    version = number(request.form.get("version"))
    operations.remove_line(db.session, current_actor(), found, line, version=version)
    db.session.commit()
    flash(_("นำรายการออกแล้ว"), "good")
    return redirect(url_for("plans.plan", plan_id=plan_id, _anchor="items"), 303)


# Agreement -----------------------------------------------------------------------------------------------------------


@blueprint.route("/plans/<int:plan_id>/propose", methods=["GET", "POST"])
@requires(OWN)
def propose(plan_id: int) -> Any:
    """A look at what is proposed, and to whom."""
    found = own_plan(plan_id)
    sheet = queries.sheets(db.session, [found], reader())[0]
    rules.check_may_write(sheet.newest, found.closed_at is not None)
    people = queries.may_be_asked(db.session, found.officer)
    form = ProposeForm(version=str(found.version), asked=people[0][0].id if people else None)
    how = {"head": _("ผู้บังคับบัญชา"), "mentor": _("พี่เลี้ยง")}
    form.asked.choices = [(one.id, f"{careers_named(one)} ({how[kind]})") for one, kind in people]
    if form.validate_on_submit():
        asked = next((one for one, _kind in people if one.id == form.asked.data), None)
        try:
            operations.propose(
                db.session, current_actor(), found, version=number(form.version.data), asked=asked,
                change=text(form.change.data),
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            return _refused(
                form, refused, plan_id, "plans/propose.html", edition=sheet.newest, sheet=sheet, people=people
            )
        flash(_("เสนอแผนแล้ว จะแจ้งท่านเมื่อมีความเห็น"), "good")
        return redirect(url_for("plans.plan", plan_id=plan_id), 303)
    page = render_template(
        "plans/propose.html", form=form, plan=found, sheet=sheet, edition=sheet.newest, people=people
    )
    return page, 422 if form.errors else 200


@blueprint.post("/plans/<int:plan_id>/take-back")
@requires(OWN)
def take_back(plan_id: int) -> Any:
    """Take the proposal back while nobody has decided."""
    found = own_plan(plan_id)
    operations.take_back(db.session, current_actor(), found, version=number(request.form.get("version")))
    db.session.commit()
    flash(_("ถอนการเสนอแล้ว แก้ไขและเสนอใหม่ได้"), "good")
    return redirect(url_for("plans.plan", plan_id=plan_id), 303)


@blueprint.post("/plans/<int:plan_id>/discard")
@requires(OWN)
def discard(plan_id: int) -> Any:
    """Give up a change of an agreed plan."""
    found = own_plan(plan_id)
    operations.discard_change(db.session, current_actor(), found, version=number(request.form.get("version")))
    db.session.commit()
    flash(_("ยกเลิกการแก้ไขแล้ว แผนฉบับที่เห็นชอบยังใช้อยู่"), "good")
    return redirect(url_for("plans.plan", plan_id=plan_id), 303)
