"""Pages of officers, their mentors and heads, and staff who look on: the list of plans, and one plan. Writing: ``own_views``."""

import uuid
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import audit, clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.careers import queries as careers
from webapp.database import db, own_transaction
from webapp.errors import NotFound, Refused
from webapp.plans import operations, queries, rules, words
from webapp.plans.forms import CloseForm, DecideForm, NoteForm, SimpleForm, number, text
from webapp.plans.models import DevelopmentPlan
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("plans", __name__, template_folder="templates")

VIEW = "plans:plan:view"
OWN = "plans:own:change"
AGREE = "plans:plan:agree"

COLUMNS = (
    Column("officer", _l("ข้าราชการ"), always=True),
    Column("post", _l("ตำแหน่งเป้าหมาย")),
    Column("period", _l("ช่วงเวลา")),
    Column("done", _l("ทำแล้ว"), numeric=True),
    Column("next", _l("กำหนดถัดไป")),
    Column("state", _l("สถานะ")),
)
STAGES = (_l("ร่าง"), _l("รอความเห็นชอบ"), _l("เห็นชอบแล้ว"), _l("กำลังดำเนินการ"), _l("ปิดแล้ว"))
STAGE = {"draft": 1, "returned": 1, "proposed": 2, "agreed": 3, "in-progress": 4, "closed": 6}


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "plan_states": words.STATES, "line_states": words.LINE_STATES, "action_kinds": words.ACTIONS,
        "note_kinds": words.NOTES, "share_words": words.SHARES,
    }  # fmt: skip


def reader() -> queries.Reader:
    """Whoever is signed in, as the queries ask."""
    roles = current_roles()
    return queries.Reader(
        current_officer_id(), bool(roles & {"institute", "commission"}), "auditor" in roles, "mentor" in roles
    )


@blueprint.get("/plans")
@requires(VIEW)
def plans() -> Any:
    """Plans by what the reader is: one's own, those of one's people, all."""
    who = reader()
    known = (("own", may_any(OWN)), ("theirs", may_any(AGREE)), ("all", who.everything or who.drafts))
    views = [view for view, allowed in known if allowed]
    asked = request.args.get("view", "")
    view = asked if asked in views else ("all" if "all" in views else views[0])
    states = (
        ("waiting", _l("รอความเห็นชอบ")),
        *((key, words.STATES[key][0]) for key in rules.STATES if key != "proposed"),
    )
    posts = tuple((row.code, careers_named(row)) for row in careers.posts(db.session, kind="target"))
    table = read_table(
        tuple(column for column in COLUMNS if view != "own" or column.key != "post"), request.args, path=request.path,
        sort="", keep=("view",), filters=(Filter("state", _l("สถานะ"), states), Filter("post", _l("ตำแหน่งเป้าหมาย"), posts)),
    )  # fmt: skip
    rows, total = queries.plans_page(
        db.session, who, words=table.words, state=table.chosen["state"], post=table.chosen["post"], view=view,
        limit=table.limit, offset=table.offset,
    )  # fmt: skip
    waiting = queries.to_agree(db.session, who) if view == "theirs" else []
    return render_template(
        "plans/list.html", table=table.counted(total), rows=rows, view=view, views=views, waiting=waiting
    )


def careers_named(row: Any) -> str:
    """A post's name in the reader's language."""
    return str(current_app.jinja_env.filters["named"](row))


@blueprint.get("/plans/<int:plan_id>")
@requires(VIEW)
def plan(plan_id: int) -> Any:
    """One plan: what for, what will be done, how it goes, and who agreed to what. ``version`` shows an older one."""
    return plan_page(queries.plan_visible_to(db.session, reader(), plan_id))


def plan_page(
    found: DevelopmentPlan, *, decide: DecideForm | None = None, note: NoteForm | None = None, line: int = 0,
    errors: tuple[str, ...] = (),
) -> Any:  # fmt: skip
    """The page of a plan; with a form that was refused, its words and errors."""
    who = reader()
    sheet = queries.sheets(db.session, [found], who, number(request.args.get("version")) or None)[0]
    rights = rights_of(sheet, who)
    changes, removed = queries.changes_of(db.session, sheet)
    failed = bool(errors or (decide and decide.errors) or (note and note.errors))
    page = render_template(
        "plans/plan.html", sheet=sheet, plan=found, edition=sheet.edition, stages=STAGES, stage=STAGE[found.state],
        decide=decide or DecideForm(formdata=None, version=str(found.version)), form=SimpleForm(formdata=None, version=str(found.version)),
        note=note or NoteForm(formdata=None), line=line, errors=errors, new_key=lambda: str(uuid.uuid4()),
        changes=changes, removed=removed, **rights,
    )  # fmt: skip
    return page, 422 if failed else 200


def rights_of(sheet: queries.Sheet, who: queries.Reader) -> dict[str, bool]:
    """What the reader may do with the plan as it stands."""
    found, newest = sheet.plan, sheet.newest
    own = found.officer_id == who.officer_id and may_any(OWN)
    theirs = may_any(AGREE) and queries.is_theirs(db.session, who, found.officer_id)
    current, open_ = sheet.edition is newest, found.closed_at is None
    in_force = sheet.agreed is not None and open_
    return {
        "own": own, "theirs": theirs, "is_current": current,
        "may_write": own and open_ and current and newest.state in ("draft", "returned", "agreed"),
        "may_propose": own and open_ and current and newest.state in ("draft", "returned"),
        "may_take_back": own and open_ and current and newest.state == "proposed",
        "may_discard": own and open_ and current and newest.number > 1 and newest.state in ("draft", "returned"),
        "may_decide": theirs and open_ and current and newest.state == "proposed",
        "may_note": (own or theirs) and in_force,
        "may_close": open_ and (own or (theirs and sheet.agreed is not None)),
    }  # fmt: skip


def theirs_plan(plan_id: int) -> DevelopmentPlan:
    """A plan of one of the reader's people. Raises ``NotFound``."""
    who = reader()
    found = queries.plan_visible_to(db.session, who, plan_id)
    if not queries.is_theirs(db.session, who, found.officer_id):
        raise NotFound()
    return found


@blueprint.post("/plans/<int:plan_id>/decide")
@requires(AGREE)
def decide(plan_id: int) -> Any:
    """Mentor or head agree to the plan, or return it with a reason."""
    found = theirs_plan(plan_id)
    form = DecideForm()
    if not form.validate_on_submit():
        return plan_page(found, decide=form)
    agree = form.decision.data == "agree"
    try:
        operations.decide(
            db.session, current_actor(), found, version=number(form.version.data), decider_id=current_officer_id() or 0,
            agree=agree, reason=text(form.reason.data),
        )  # fmt: skip
        db.session.commit()
    except Refused as refused:
        if refused.status != 422:
            raise
        db.session.rollback()
        return plan_page(theirs_plan(plan_id), decide=form, errors=(_(refused.message, **refused.values),))
    flash(_("เห็นชอบแผนแล้ว เจ้าของแผนเริ่มดำเนินการได้") if agree else _("ส่งคืนแผนพร้อมเหตุผลแล้ว"), "good")
    return redirect(url_for("plans.plan", plan_id=found.id), 303)


@blueprint.post("/plans/<int:plan_id>/items/<int:line>/progress")
@requires(OWN, AGREE)
def progress(plan_id: int, line: int) -> Any:
    """The owner notes how an item goes, done or not done; mentor and head comment."""
    who = reader()
    found = queries.plan_visible_to(db.session, who, plan_id)
    own = found.officer_id == who.officer_id and may_any(OWN)
    if not own and not (may_any(AGREE) and queries.is_theirs(db.session, who, found.officer_id)):
        raise NotFound()
    form = NoteForm()
    kind = (request.form.get("kind") or "note")[:10]
    key = (form.key.data or "")[:36] or str(uuid.uuid4())
    if not form.text.validate(form):
        return plan_page(found, note=form, line=line)
    try:
        operations.note(
            db.session, current_actor(), found, line, kind=kind, text=text(form.text.data), own=own, key=key
        )
        db.session.commit()
    except Refused as refused:
        if refused.status != 422:
            raise
        db.session.rollback()
        found = queries.plan_visible_to(db.session, who, plan_id)
        return plan_page(found, note=form, line=line, errors=(_(refused.message, **refused.values),))
    flash(_("บันทึกความก้าวหน้าแล้ว") if own else _("ส่งความเห็นแล้ว"), "good")
    return redirect(url_for("plans.plan", plan_id=found.id, _anchor=f"line-{line}"), 303)


@blueprint.route("/plans/<int:plan_id>/close", methods=["GET", "POST"])
@requires(OWN, AGREE)
def close(plan_id: int) -> Any:
    """Mentor or head review the plan and close it; its owner ends it, with the reason."""
    who = reader()
    found = queries.plan_visible_to(db.session, who, plan_id)
    sheet = queries.sheets(db.session, [found], who)[0]
    rights = rights_of(sheet, who)
    if not rights["may_close"]:
        raise NotFound()
    form = CloseForm(version=str(found.version))
    if rights["own"]:
        form.review.label.text = _("เหตุผลที่ยุติแผน")
    if form.validate_on_submit():
        operations.close(
            db.session, current_actor(), found, version=number(form.version.data), own=rights["own"],
            text=form.review.data or "",
        )  # fmt: skip
        db.session.commit()
        flash(_("ยุติแผนแล้ว") if rights["own"] else _("ทบทวนและปิดแผนแล้ว"), "good")
        return redirect(url_for("plans.plan", plan_id=found.id), 303)
    page = render_template("plans/close.html", form=form, plan=found, sheet=sheet, own=rights["own"])
    return page, 422 if form.errors else 200


@blueprint.get("/plans/<int:plan_id>/file")
@requires(VIEW)
def file(plan_id: int) -> Any:
    """The plan on A4 as PDF; that it was taken is noted in the audit log."""
    from webapp.plans.paper import pdf

    found = queries.plan_visible_to(db.session, reader(), plan_id)
    sheet = queries.sheets(db.session, [found], reader(), number(request.args.get("version")) or None)[0]
    content = pdf(sheet, audit.head_of(db.session), clock.now())
    actor, edition = current_actor(), sheet.edition.number
    db.session.rollback()
    with own_transaction() as own:
        audit.append(own, actor, "plans:plan:take", "DevelopmentPlan", plan_id, after={"edition": edition})
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="development-plan-{plan_id}-{edition}.pdf"'
    return answer


from webapp.plans import own_views  # noqa: E402, F401  (adds its pages to the blueprint)
