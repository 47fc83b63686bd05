"""Question files made: what to take from the list and in which format, the file, and what it could not carry."""

import uuid
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank import queries as bank
from webapp.assessments.bank.transfer import listing, outgoing, queries, work
from webapp.assessments.bank.transfer.words import FORMAT_HELP, FORMAT_WORDS, asked_words, carried
from webapp.assessments.bank.views import competency_names, named
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.files.operations import XLSX
from webapp.files.sending import send
from webapp.jobs import operations as jobs
from webapp.language import language
from webapp.tables import MANY_WORDS, Column, Filter, read_table

MADE = (
    Column("what", _l("สิ่งที่ส่งออก"), always=True),
    Column("format", _l("รูปแบบ")),
    Column("who", _l("ผู้ส่งออก")),
    Column("when", _l("เมื่อ")),
    Column("items", _l("จำนวนข้อ"), numeric=True),
    Column("left_out", _l("ส่งออกไม่ได้"), numeric=True),
)
LEFT_OUT = (Column("name", _l("ข้อ"), always=True), Column("reason", _l("เหตุผล")))
MOST_CHOSEN = 500


@blueprint.get("/bank/exports")
@requires("assessments:item:list")
def bank_exports() -> str:
    """Every file that left with its key: who made it, when, and what it held."""
    filters = (Filter("format", _l("รูปแบบ"), list(FORMAT_WORDS.items())),)
    table = read_table(MADE, request.args, path=request.path, sort="", filters=filters)
    rows, total = queries.exports_page(db.session, kind=table.chosen["format"], limit=table.limit, offset=table.offset)
    return render_template(
        "assessments/bank/exports.html", table=table.counted(total), rows=[(row, _said_of(row.asked)) for row in rows]
    )


def _asked(arguments: Any) -> dict[str, Any]:
    """What the list shows, or the items ticked in it, as it is kept."""
    codes = list(dict.fromkeys(code[:40] for code in arguments.getlist("code")))[:MOST_CHOSEN]
    if codes:
        return {"codes": codes}
    return {name: arguments.get(name, "")[:MANY_WORDS] for name in outgoing.ASKED if arguments.get(name, "")}


def _said_of(asked: Any) -> str:
    branches = {str(row.id): named(row) for row in bank.tree(db.session)}
    return asked_words(asked, branches, competency_names())


@blueprint.route("/bank/exports/new", methods=["GET", "POST"])
@requires("assessments:key:view")
def bank_export_new() -> Any:
    """Say in which format; small files are made at once, large ones by the worker."""
    asked = _asked(request.values)
    error = ""
    if request.method == "POST":
        try:
            return _ordered(asked)
        except Refused as refused:
            db.session.rollback()
            error = said(refused)
    key = request.form.get("key", "")[:36] or str(uuid.uuid4())
    page = render_template(
        "assessments/bank/export_new.html", asked=asked, what=_said_of(asked), key=key, error=error, formats=FORMAT_WORDS,
        help=FORMAT_HELP, count=outgoing.count(db.session, asked), chosen=request.form.get("format", "moodle"),
    )  # fmt: skip
    return page, 422 if error else 200


def _ordered(asked: dict[str, Any]) -> Any:
    actor, key = current_actor(), request.form.get("key", "")[:36]
    made = outgoing.begin(db.session, actor, kind=request.form.get("format", ""), asked=asked, key=key)
    page = url_for(".bank_export_made", export_id=made.id)
    if made.file_id is None and outgoing.count(db.session, asked) > work.AT_ONCE_MADE:
        given = work.arguments(actor, export_id=made.id, language=language())
        job = jobs.start(db.session, actor, "items-export", given, key=f"items-export-{made.id}", back_to=page)
        page = url_for("jobs.job", job_id=job.id)
        db.session.commit()
    else:
        work.make_export(made.id, actor, language())
    return redirect(page, 303)


@blueprint.get("/bank/exports/<int:export_id>")
@requires("assessments:item:list")
def bank_export_made(export_id: int) -> str:
    """A file that was made, and every item that its format could not carry with the reason."""
    made = queries.export_by_id(db.session, export_id)
    table = read_table(LEFT_OUT, request.args, path=request.path, sort="").counted(len(made.left_out))
    rows = [{**row, "reason": carried(row)} for row in made.left_out[table.offset : table.offset + table.limit]]
    return render_template("assessments/bank/export.html", made=made, what=_said_of(made.asked), table=table, rows=rows)


@blueprint.get("/bank/exports/<int:export_id>/file")
@requires("assessments:key:view")
def bank_export_file(export_id: int) -> Response:
    """The file itself, with its key."""
    made = queries.export_by_id(db.session, export_id)
    if made.file is None:
        raise NotFound()
    return send(made.file)


@blueprint.get("/bank/exports/<int:export_id>/left-out.xlsx")
@requires("assessments:item:list")
def bank_export_left_out(export_id: int) -> Response:
    """What the file does not hold, with the reasons, as a workbook."""
    from flask_babel import gettext as _

    made = queries.export_by_id(db.session, export_id)
    rows = [(row["code"], row["name"], carried(row)) for row in made.left_out]
    content = listing.workbook(
        [_("รหัส"), _("ข้อ"), _("เหตุผล")], rows, created=clock.now(), title=f"items-{export_id}", language=language()
    )
    return Response(
        content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="left-out-{export_id}.xlsx"'}
    )
