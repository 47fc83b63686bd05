"""Pages of the talent pool: the list, whom the rule suggests, a nomination, its review, and an officer's own page."""

from typing import Any
from uuid import uuid4

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.careers.tenure import add_months
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.errors import NotFound
from webapp.language import language
from webapp.tables import Column, read_table
from webapp.workforce.pages import TALENT, TALENT_CHANGE, blueprint
from webapp.workforce.plans.views import carried_out
from webapp.workforce.queries import covered_posts, names_of_posts, officer_ids_named, officers_by_id, outlook
from webapp.workforce.talent import operations, queries, rules
from webapp.workforce.talent.forms import KeepForm, LeaveForm, NominateForm, ReviewForm

SUGGESTED = (
    Column("name", _l("ข้าราชการ"), always=True),
    Column("shortlists", _l("อยู่ในรายชื่อที่เสนอ")),
    Column("ready", _l("พร้อมแล้วสำหรับ")),
    Column("serves", _l("รับราชการถึง")),
)


@blueprint.get("/workforce/talent")
@requires(TALENT)
def talent() -> Any:
    """Who is in the pool, who waits for review, and whose review is due."""
    status = request.args.get("status", "member")
    status = status if status in ("member", "nominated", "left", "declined") else "member"
    return render_template(
        "workforce/talent.html", members=queries.members(db.session, status=status), status=status,
        counts=queries.counts(db.session),
    )  # fmt: skip


@blueprint.get("/workforce/talent/suggestions")
@requires(TALENT)
def talent_suggestions() -> Any:
    """Whom the stated rule suggests looking at; nothing follows from it."""
    today = clock.today()
    shortlisted = current_app.extensions["kaona.shortlisted_since"](db.session, queries.counted_from(today))
    found = queries.suggestions(db.session, outlook(db.session, today), shortlisted)
    view = read_table(SUGGESTED, request.args, path=request.path, sort="name")
    if view.words:
        ids = officer_ids_named(db.session, view.words)
        found = [one for one in found if one.officer_id in ids]
    view = view.counted(len(found))
    rows = found[view.offset : view.offset + view.limit]
    return render_template(
        "workforce/suggestions.html", table=view, rows=rows, names=names_of_posts(db.session),
        people=officers_by_id(db.session, [one.officer_id for one in rows]), rule=rules,
    )  # fmt: skip


@blueprint.route("/workforce/talent/nominate", methods=["GET", "POST"])
@requires(TALENT_CHANGE)
def nominate() -> Any:
    """Put an officer forward, with the reason and the evidence."""
    number = request.args.get("officer", "").strip()
    if not number:
        return render_template("workforce/nominate_whom.html")
    officer = queries.officer_of(db.session, number)
    places = current_app.extensions["kaona.places_of"]
    evidence = {one.key: one for one in queries.evidence_for(db.session, officer, clock.today(), places)}
    targets = {post.code: post for post in covered_posts(db.session)}
    form = NominateForm(key=str(uuid4()))
    form.post.choices = [("", str(_("ยังไม่ระบุ"))), *((code, named(post)) for code, post in targets.items())]
    thai_first = language() == "th"
    form.evidence.choices = [(key, one.words_th if thai_first else one.words_en) for key, one in evidence.items()]
    if form.validate_on_submit():
        member = carried_out(form, lambda: operations.nominate(
            db.session, actor=current_actor(), officer=officer, post=targets.get(form.post.data),
            reason=form.reason.data, evidence=[evidence[key].document() for key in form.evidence.data],
            key=(form.key.data or "")[:36] or None))  # fmt: skip
        if member is not None:
            flash(_("เสนอชื่อแล้ว ต้องให้ผู้อื่นพิจารณาก่อนจึงจะเข้ากลุ่ม"), "good")
            return redirect(url_for("workforce.talent_member", member_id=member.id), 303)
        officer = queries.officer_of(db.session, number)
    page = render_template(
        "workforce/nominate.html", form=form, officer=officer, standing=queries.standing_of(db.session, officer.id)
    )
    return page, 422 if form.errors else 200


@blueprint.get("/workforce/talent/<int:member_id>")
@requires(TALENT)
def talent_member(member_id: int) -> Any:
    """Why an officer is in the pool or was put forward, by whom, until when, and what happened."""
    found = queries.member(db.session, member_id)
    actor = current_actor()
    return render_template(
        "workforce/talent_member.html", member=found,
        may_review=found.status == "nominated" and actor.account_id != found.nominated_by_id,
    )  # fmt: skip


@blueprint.route("/workforce/talent/<int:member_id>/review", methods=["GET", "POST"])
@requires(TALENT_CHANGE)
def review_nomination(member_id: int) -> Any:
    """Another person than the nominator decides."""
    found, today = queries.member(db.session, member_id), clock.today()
    form = ReviewForm(lock=found.lock, from_on=today, review_on=add_months(today, rules.REVIEW_MONTHS))
    if form.validate_on_submit() and _dates_given(form):
        done = carried_out(form, lambda: _decide(found, form))
        if done:
            flash(_("บันทึกผลการพิจารณาแล้ว"), "good")
            return redirect(url_for("workforce.talent_member", member_id=member_id), 303)
        found = queries.member(db.session, member_id)
    page = render_template("workforce/talent_step.html", form=form, member=found, kind="review")
    return page, 422 if form.errors else 200


def _dates_given(form: ReviewForm) -> bool:
    """Days are needed only where the officer is taken into the pool."""
    if form.outcome.data == "accept":
        for field in (form.from_on, form.review_on):
            if field.data is None:
                field.errors = [*field.errors, _("ต้องกรอกช่องนี้")]
                return False
    return True


def _decide(found: Any, form: ReviewForm) -> bool:
    actor = current_actor()
    if form.outcome.data == "accept":
        operations.accept(
            db.session, actor=actor, member=found, seen=form.seen(), reason=form.reason.data, from_on=form.from_on.data,
            until_on=form.until_on.data, review_on=form.review_on.data,
        )  # fmt: skip
    else:
        operations.decline(db.session, actor=actor, member=found, seen=form.seen(), reason=form.reason.data)
    return True


@blueprint.route("/workforce/talent/<int:member_id>/keep", methods=["GET", "POST"])
@requires(TALENT_CHANGE)
def keep_member(member_id: int) -> Any:
    """A member is looked at again and stays."""
    found = queries.member(db.session, member_id)
    form = KeepForm(lock=found.lock, review_on=add_months(clock.today(), rules.REVIEW_MONTHS))
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.keep(
            db.session, actor=current_actor(), member=found, seen=form.seen(), reason=form.reason.data,
            review_on=form.review_on.data) or True)  # fmt: skip
        if done:
            flash(_("บันทึกการทบทวนแล้ว"), "good")
            return redirect(url_for("workforce.talent_member", member_id=member_id), 303)
        found = queries.member(db.session, member_id)
    page = render_template("workforce/talent_step.html", form=form, member=found, kind="keep")
    return page, 422 if form.errors else 200


@blueprint.route("/workforce/talent/<int:member_id>/leave", methods=["GET", "POST"])
@requires(TALENT_CHANGE)
def leave_talent(member_id: int) -> Any:
    """A member leaves the pool, with the reason."""
    found = queries.member(db.session, member_id)
    form = LeaveForm(lock=found.lock)
    if form.validate_on_submit():
        done = carried_out(form, lambda: operations.leave(
            db.session, actor=current_actor(), member=found, seen=form.seen(), reason=form.reason.data) or True)  # fmt: skip
        if done:
            flash(_("บันทึกการออกจากกลุ่มแล้ว"), "good")
            return redirect(url_for("workforce.talent_member", member_id=member_id), 303)
        found = queries.member(db.session, member_id)
    page = render_template("workforce/talent_step.html", form=form, member=found, kind="leave")
    return page, 422 if form.errors else 200


@blueprint.get("/my/talent-pool")
@requires("workforce:own-talent:view")
def own_talent() -> Any:
    """An officer's own membership, once accepted: why, since when, and when it is looked at again."""
    officer_id = current_officer_id()
    if officer_id is None:
        raise NotFound()
    return render_template("workforce/own_talent.html", member=queries.own(db.session, officer_id))
