"""Pages of single records: what an import changed, and correcting or voiding one record with a reason."""

import datetime as dt
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from webapp import thai
from webapp.accounts.access import current_actor, current_roles, may_any, requires
from webapp.database import db
from webapp.errors import NotAllowed, NotFound, RuleBroken
from webapp.fields import ReasonField, Required
from webapp.imports import corrections, queries
from webapp.imports.kinds.kind import FactKind
from webapp.imports.views import blueprint
from webapp.imports.words import names_by_code, page_heading
from webapp.language import language
from webapp.spreadsheets.cells import Choice, Flag
from webapp.spreadsheets.reading import Column as SheetColumn
from webapp.tables import Column, read_table

CORRECT = "officers:fact:correct"
CHANGE_COLUMNS = (
    Column("thing", _l("รายการ"), always=True),
    Column("before", _l("ก่อนนำเข้า")),
    Column("after", _l("หลังนำเข้า")),
)


@blueprint.get("/imports/<int:run_id>/changes")
@requires("imports:run:list")
def changes(run_id: int) -> str:
    """The existing rows that an import changed, with what they held before."""
    run = queries.run_seen_by(db.session, current_roles(), run_id)
    table = read_table(CHANGE_COLUMNS, request.args, path=request.path, sort="")
    rows, count = queries.changes_page(db.session, run, limit=table.limit, offset=table.offset)
    return render_template("imports/changes.html", run=run, table=table.counted(count), rows=rows)


@blueprint.get("/imports/<int:run_id>/records/<kind>")
@requires("imports:run:list")
def records(run_id: int, kind: str) -> str:
    """The records of one kind that an import wrote, each leading to its own page."""
    run = queries.run_seen_by(db.session, current_roles(), run_id)
    found = _kind(kind)
    columns = tuple(
        Column(one.name, _(one.heading), always=one.name == "officer_no")
        for one in found.columns
        if _is_kept(found, one.name)
    )
    table = read_table(columns, request.args, path=request.path, sort="")
    rows, count = queries.facts_page(db.session, found, run, limit=table.limit, offset=table.offset)
    return render_template(
        "imports/records.html",
        run=run,
        kind=found,
        table=table.counted(count),
        rows=rows,
        names=queries.names(db.session),
    )


def _kind(name: str) -> FactKind:
    kind = queries.fact_kinds().get(name)
    if kind is None:
        raise NotFound()
    return kind


def _may_correct(kind: FactKind) -> bool:
    """Ratings are the institute's to change; the facts of a career both offices'."""
    return may_any("assessments:rating:change" if kind.name == "competency-ratings" else CORRECT)


def _to_correct(name: str) -> FactKind:
    kind = _kind(name)
    if not _may_correct(kind):
        raise NotAllowed()
    return kind


def _is_kept(kind: FactKind, name: str) -> bool:
    return any(one.name == name for one in (*kind.key_fields, *kind.fields))


@blueprint.get("/records/<kind>/<int:fact_id>")
@requires(CORRECT, "imports:run:list")
def fact(kind: str, fact_id: int) -> str:
    """One record with everything that stood in its place before, and the ways to correct or void it."""
    return _fact_page(_kind(kind), fact_id, None, None)


def _correction_form(kind: FactKind, there: dict[str, Any] | None) -> FlaskForm:
    """A field per column of the kind, holding what stands now."""
    named = names_by_code(queries.names(db.session))

    class CorrectionForm(FlaskForm):
        reason = ReasonField(_("เหตุผลที่แก้ไข"))

    for column in kind.columns:
        if column.name != "officer_no" and _is_kept(kind, column.name):
            setattr(CorrectionForm, f"typed_{column.name}", _field(column, (there or {}).get(column.name), named))
    return CorrectionForm()


def _field(column: SheetColumn, value: Any, named: dict[str, dict[str, str]]) -> Any:
    """The form field for a column of a file: a choice by name where values are known, else text."""
    checks = [Required()] if column.required else []
    words = {"label": page_heading(column), "description": _(column.help), "validators": checks}
    if isinstance(column.type, Choice) or column.name in named:
        known = named.get(column.name) or getattr(column.type, "choices", {})
        choices = [(code, label if column.name in named else _(label)) for code, label in known.items()]
        words["description"] = ""
        typed = request.form.get(f"typed_{column.name}", "")
        if typed and typed not in known:
            choices.append((typed, typed))  # nothing typed is lost, also what cannot be right
        shown = choices if column.required else [("", "—"), *choices]
        return SelectField(**words, choices=shown, default=value or "", validate_choice=column.name not in named)
    if isinstance(column.type, Flag):
        return SelectField(**words, choices=[("0", _("ไม่ใช่")), ("1", _("ใช่"))], default="1" if value else "0")
    shown = thai.day_typed(value, language()) if isinstance(value, dt.date) else corrections.text_of(value)
    return StringField(**words, default=shown)


class VoidForm(FlaskForm):
    """Nothing but the reason."""

    reason = ReasonField(_l("เหตุผลที่ยกเลิก"))


def _fact_page(kind: FactKind, fact_id: int, form: FlaskForm | None, void_form: VoidForm | None) -> str:
    found = queries.fact(db.session, kind, fact_id)
    there = queries.standing_fact(db.session, kind, fact_id)
    return render_template(
        "imports/fact.html", kind=kind, fact=found, there=there, officer=queries.officer_of(db.session, found),
        form=form or _correction_form(kind, there), void_form=void_form or VoidForm(prefix="void"),
        history=queries.history_of(db.session, kind, found), names=queries.names(db.session), is_kept=_is_kept, page_heading=page_heading, may_correct=_may_correct(kind),
    )  # fmt: skip


@blueprint.post("/records/<kind>/<int:fact_id>/correct")
@requires(CORRECT)
def correct(kind: str, fact_id: int) -> Any:
    """Replace a wrong record by a right one, with the reason."""
    found = _to_correct(kind)
    form = _correction_form(found, queries.standing_fact(db.session, found, fact_id))
    queries.fact(db.session, found, fact_id)
    if form.validate_on_submit():
        typed = {
            column.name: form[f"typed_{column.name}"].data or ""
            for column in found.columns
            if f"typed_{column.name}" in form
        }
        try:
            new_id = corrections.correct(
                db.session, current_actor(), found, fact_id, typed, reason=form["reason"].data or ""
            )
        except corrections.NotRight as wrong:
            db.session.rollback()
            for problem in wrong.problems:
                name = f"typed_{problem.column}"
                target = form[name] if name in form else form["reason"]
                target.errors = [*target.errors, problem.reason(_)]
        except RuleBroken as refused:
            db.session.rollback()
            form["reason"].errors = [_(refused.message, **refused.values)]
        else:
            db.session.commit()
            flash(_("แก้ไขแล้ว รายการเดิมเก็บไว้พร้อมเหตุผล"), "good")
            return redirect(url_for("imports.fact", kind=kind, fact_id=new_id), 303)
    return _fact_page(found, fact_id, form, None), 422


@blueprint.post("/records/<kind>/<int:fact_id>/void")
@requires(CORRECT)
def void(kind: str, fact_id: int) -> Any:
    """Mark a record as void, with the reason."""
    found = _to_correct(kind)
    form = VoidForm(prefix="void")
    queries.fact(db.session, found, fact_id)
    if not form.validate_on_submit():
        return _fact_page(found, fact_id, None, form), 422
    corrections.void(db.session, current_actor(), found, fact_id, reason=form.reason.data or "")
    db.session.commit()
    flash(_("ยกเลิกรายการแล้ว รายการเดิมเก็บไว้พร้อมเหตุผล"), "good")
    answer: Response = redirect(url_for("imports.fact", kind=kind, fact_id=fact_id), 303)  # type: ignore[assignment]
    return answer
