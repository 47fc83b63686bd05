"""Pages of mentors and trainees: their sessions, recording one, acknowledging one. Staff pages: ``staff_views``."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.coaching import neighbors, operations, queries, rules, words
from webapp.coaching.forms import QUICK, AcknowledgeForm, QuestionForm, SessionForm, WithdrawForm, number
from webapp.database import db
from webapp.errors import Refused
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("coaching", __name__, template_folder="templates")
blueprint.app_template_filter("hours_and_minutes")(words.hours_and_minutes)

COLUMNS = (
    Column("held", _l("วันที่"), sortable=True, always=True),
    Column("trainee", _l("ผู้เข้ารับการอบรม"), sortable=True),
    Column("mentor", _l("พี่เลี้ยง"), sortable=True),
    Column("topic", _l("หัวข้อ")),
    Column("kind", _l("ประเภท")),
    Column("minutes", _l("เวลา"), sortable=True, numeric=True),
    Column("state", _l("สถานะ")),
    Column("recorded", _l("บันทึกเมื่อ"), sortable=True, shown=False),
)
VIEWS = ("own", "trainees", "all")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"session_kinds": words.KINDS, "session_states": words.STATES, "state_of": rules.state_of}


def reader() -> queries.Reader:
    """Whoever is signed in, as the queries ask."""
    roles = current_roles()
    return queries.Reader(current_officer_id(), bool(roles & {"institute", "auditor"}), "mentor" in roles)


@blueprint.get("/coaching")
@requires("coaching:session:list")
def sessions() -> Any:
    """Sessions by what the reader is: to acknowledge and own; of their trainees; all of them."""
    who = reader()
    open_views = [view for view, allowed in zip(VIEWS, _views_of(who), strict=True) if allowed]
    asked = request.args.get("view", "")
    view = asked if asked in open_views else (open_views[-1] if open_views else "own")
    cohorts = queries.cohorts_with_sessions(db.session) if view == "all" else []
    table = read_table(
        tuple(column for column in COLUMNS if view != "own" or column.key != "trainee"),
        request.args,
        path=request.path,
        sort="held",
        descending=True,
        keep=("view",),
        filters=_filters(cohorts),
    )
    rows, total = queries.sessions_page(
        db.session, who, words=table.words, state=table.chosen["state"], kind=table.chosen["kind"],
        cohort=table.chosen.get("cohort", ""), mine={"own": "trainee", "trainees": "mentor", "all": ""}[view],
        sort=table.sort, descending=table.descending, limit=table.limit, offset=table.offset,
    )  # fmt: skip
    trainees = queries.trainees_of(db.session, who.officer_id) if view == "trainees" else []
    waiting = queries.to_acknowledge(db.session, who.officer_id) if view == "own" and who.officer_id else []
    return render_template(
        "coaching/sessions.html", table=table.counted(total), rows=rows, view=view, views=open_views,
        trainees=trainees, waiting=waiting, form=AcknowledgeForm(),
        asked=neighbors.hours_asked(db.session, {one.cohort.id for one in trainees}),
    )  # fmt: skip


def _views_of(who: queries.Reader) -> tuple[bool, bool, bool]:
    return "officer" in current_roles(), who.mentor, who.everything


def _filters(cohorts: list[Any]) -> tuple[Filter, ...]:
    states = Filter("state", _l("สถานะ"), tuple((key, label) for key, (label, _kind) in words.STATES.items()))
    kinds = Filter("kind", _l("ประเภท"), tuple(words.KINDS.items()))
    if not cohorts:
        return (states, kinds)
    return (states, kinds, Filter("cohort", _l("รุ่น"), tuple((row.code, row.code) for row in cohorts)))


@blueprint.route("/coaching/new", methods=["GET", "POST"])
@requires("coaching:session:record")
def record_session() -> Any:
    """A mentor records a session, on a phone within a minute."""
    officer_id = current_officer_id()
    trainees = queries.trainees_to_record(db.session, officer_id)
    form = SessionForm(**_beginning(trainees))
    form.enrollment.choices = _choices(trainees)
    if officer_id is not None and trainees and form.validate_on_submit():
        try:
            made = operations.record_session(
                db.session, current_actor(), mentor_id=officer_id, enrollment_id=form.enrollment.data,
                key=(form.key.data or "")[:36] or str(uuid.uuid4()), **form.said(),
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
        else:
            flash(_("บันทึกการสอนงานแล้ว จะนับชั่วโมงเมื่อผู้เข้ารับการอบรมรับรอง"), "good")
            return redirect(url_for("coaching.session", session_id=made.id), 303)
    page = render_template(
        "coaching/record.html", form=form, trainees=trainees, quick=QUICK, officer_id=officer_id, held=None
    )
    return page, 422 if form.errors else 200


def _beginning(trainees: list[queries.Trainee]) -> dict[str, Any]:
    """What the form starts with: today, a new key, and the only or the named trainee."""
    wanted = number(request.args.get("trainee"))
    chosen = next((one.enrollment.id for one in trainees if one.enrollment.id == wanted or len(trainees) == 1), None)
    return {"held_on": clock.today(), "key": str(uuid.uuid4()), "enrollment": chosen}


def _choices(trainees: list[queries.Trainee]) -> list[tuple[int, str]]:
    several = len({one.enrollment.officer_id for one in trainees}) < len(trainees)
    return [
        (one.enrollment.id, f"{one.officer.name_th} ({one.cohort.code})" if several else one.officer.name_th)
        for one in trainees
    ]


@blueprint.get("/coaching/<int:session_id>")
@requires("coaching:session:list")
def session(session_id: int) -> Any:
    """One session, with what the reader may do about it."""
    who = reader()
    held = queries.session_visible_to(db.session, who, session_id)
    return _session_page(held, who, QuestionForm(version=str(held.version)))


def _session_page(held: Any, who: queries.Reader, question: QuestionForm, errors: bool = False) -> Any:
    undecided = rules.state_of(held) in ("waiting", "questioned")
    held_it = who.mentor and who.officer_id is not None and held.mentor_id == who.officer_id
    page = render_template(
        "coaching/session.html", held=held, state=rules.state_of(held), question=question,
        form=AcknowledgeForm(version=str(held.version)),
        may_acknowledge=undecided and held.enrollment.officer_id == who.officer_id
        and may_any("coaching:session:acknowledge"),
        may_change=undecided and held_it,
        may_withdraw=held.withdrawn_at is None and (may_any("coaching:session:manage") or (undecided and held_it)),
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.post("/coaching/<int:session_id>/acknowledge")
@requires("coaching:session:acknowledge")
def acknowledge(session_id: int) -> Any:
    """The trainee acknowledges their session; it counts from now on."""
    held = queries.own_session(db.session, current_officer_id(), session_id)
    operations.acknowledge(db.session, current_actor(), held, version=number(request.form.get("version")))
    db.session.commit()
    flash(_("รับรองแล้ว นับเวลา %(time)s", time=words.hours_and_minutes(held.minutes)), "good")
    return redirect(url_for("coaching.sessions", view="own"), 303)


@blueprint.post("/coaching/<int:session_id>/question")
@requires("coaching:session:acknowledge")
def question(session_id: int) -> Any:
    """The trainee says what is not right."""
    held = queries.own_session(db.session, current_officer_id(), session_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _session_page(held, reader(), form, errors=True)
    operations.question_session(
        db.session, current_actor(), held, words=form.words.data or "", version=number(form.version.data)
    )
    db.session.commit()
    flash(_("แจ้งผู้สอนงานแล้ว เมื่อแก้ไขแล้วท่านจะได้อ่านและรับรองอีกครั้ง"), "good")
    return redirect(url_for("coaching.session", session_id=held.id), 303)


@blueprint.route("/coaching/<int:session_id>/edit", methods=["GET", "POST"])
@requires("coaching:session:record")
def edit_session(session_id: int) -> Any:
    """The mentor corrects a session that the trainee has not acknowledged."""
    held = queries.held_session(db.session, current_officer_id(), session_id)
    rules.check_may_change(held)
    form = SessionForm(obj=held)
    del form.enrollment
    now_standing = None
    if form.validate_on_submit():
        try:
            operations.change_session(
                db.session, current_actor(), held, version=number(form.version.data), **form.said()
            )
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            held = queries.held_session(db.session, current_officer_id(), session_id)
            if number(form.version.data) != held.version:
                now_standing = held
                form.version.raw_data, form.version.data = None, str(held.version)
        else:
            flash(_("แก้ไขบันทึกแล้ว ผู้เข้ารับการอบรมจะได้อ่านและรับรอง"), "good")
            return redirect(url_for("coaching.session", session_id=held.id), 303)
    page = render_template(
        "coaching/record.html", form=form, trainees=[], quick=QUICK, officer_id=held.mentor_id, held=held,
        now_standing=now_standing,
    )  # fmt: skip
    return page, (409 if now_standing else 422) if form.errors else 200


@blueprint.route("/coaching/<int:session_id>/withdraw", methods=["GET", "POST"])
@requires("coaching:session:record", "coaching:session:manage")
def withdraw_session(session_id: int) -> Any:
    """The mentor takes back a session not yet acknowledged; staff any. The row stays, with the reason."""
    who = reader()
    staff = may_any("coaching:session:manage")
    held = (
        queries.session_visible_to(db.session, who, session_id)
        if staff
        else queries.held_session(db.session, who.officer_id, session_id)
    )
    form = WithdrawForm(version=str(held.version))
    if form.validate_on_submit():
        operations.withdraw_session(
            db.session, current_actor(), held, reason=form.reason.data or "", version=number(form.version.data),
            staff=staff,
        )  # fmt: skip
        db.session.commit()
        flash(_("ถอนบันทึกแล้ว บันทึกเดิมและเหตุผลยังเก็บไว้"), "good")
        return redirect(url_for("coaching.session", session_id=held.id), 303)
    return render_template("coaching/withdraw.html", form=form, held=held), 422 if form.errors else 200


from webapp.coaching import staff_views  # noqa: E402, F401  (adds its pages to the blueprint)
