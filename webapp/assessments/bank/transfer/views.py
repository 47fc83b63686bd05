"""Question files brought in: the history, an upload, what it would bring item by item, and its confirmation."""

import contextlib
import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.bank import queries as bank
from webapp.assessments.bank import sheets
from webapp.assessments.bank.formats import CannotRead
from webapp.assessments.bank.models import IMPORT_STATUSES, ItemImport
from webapp.assessments.bank.transfer import detecting, incoming, listing, queries, work
from webapp.assessments.bank.transfer.words import (
    FORMAT_WORDS,
    IMPORT_KINDS,
    IMPORT_WORDS,
    refusal,
    scored,
    unreadable,
)
from webapp.assessments.bank.transfer.words import notes as note_words
from webapp.assessments.exams.waiting import wait_for_exams
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import Refused
from webapp.fields import Required
from webapp.files.models import StoredFile
from webapp.files.operations import XLSX
from webapp.files.sending import send
from webapp.jobs import operations as jobs
from webapp.language import language
from webapp.tables import Column, Filter, read_table

HISTORY = (
    Column("file", _l("ไฟล์"), always=True),
    Column("format", _l("รูปแบบ")),
    Column("status", _l("สถานะ")),
    Column("who", _l("ผู้นำเข้า")),
    Column("when", _l("เมื่อ")),
    Column("created", _l("ข้อใหม่"), numeric=True),
    Column("known", _l("มีอยู่แล้ว"), numeric=True),
    Column("refused", _l("ไม่รับ"), numeric=True),
)
FOUND = (
    Column("name", _l("ข้อ"), always=True),
    Column("type", _l("ชนิด")),
    Column("points", _l("คะแนนเต็ม"), numeric=True),
    Column("category", _l("หมวดในไฟล์")),
    Column("note", _l("ข้อสังเกต")),
)
REFUSED = (Column("name", _l("ข้อ"), always=True), Column("place", _l("ตำแหน่งในไฟล์")), Column("reason", _l("เหตุผล")))


class UploadForm(FlaskForm):
    """A question file."""

    file = FileField(_l("ไฟล์ข้อสอบ"), [Required()])


@blueprint.app_context_processor
def _transfer_words() -> dict[str, Any]:
    return {"format_words": FORMAT_WORDS, "import_words": IMPORT_WORDS, "import_kinds": IMPORT_KINDS}


@blueprint.get("/bank/imports")
@requires("assessments:item:list")
def bank_imports() -> str:
    """The history: who brought which file, when, and what came of it."""
    filters = (
        Filter("format", _l("รูปแบบ"), list(FORMAT_WORDS.items())),
        Filter("status", _l("สถานะ"), [(name, IMPORT_WORDS[name]) for name in IMPORT_STATUSES]),
    )
    table = read_table(HISTORY, request.args, path=request.path, sort="", filters=filters)
    rows, total = queries.imports_page(
        db.session, words=table.words, kind=table.chosen["format"], status=table.chosen["status"], limit=table.limit,
        offset=table.offset,
    )  # fmt: skip
    return render_template("assessments/bank/imports.html", table=table.counted(total), rows=rows)


@blueprint.route("/bank/imports/new", methods=["GET", "POST"])
@requires("assessments:item:change")
def bank_import_new() -> Any:
    """Choose a file; a small one is looked at at once, a large one by the worker."""
    form = UploadForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            with contextlib.closing(form.file.data) as upload:
                return _received(upload.filename or "", upload.read())
        except CannotRead as error:
            db.session.rollback()
            form.file.errors = [unreadable({"code": error.code, "values": error.values})]
        except Refused as refused:
            db.session.rollback()
            form.file.errors = [said(refused)]
    key = request.form.get("key", "")[:36] or str(uuid.uuid4())
    page = render_template(
        "assessments/bank/import_new.html", form=form, key=key, megabytes=detecting.LARGEST_BYTES >> 20
    )
    return page, 422 if form.errors else 200


def _received(name: str, content: bytes) -> Any:
    run = incoming.receive(db.session, current_actor(), name, content, key=request.form.get("key", "")[:36])
    run_id, waiting = run.id, run.status == "uploaded"
    db.session.commit()
    if waiting and len(content) > work.AT_ONCE_BYTES[detecting.format_of(content)]:
        return _in_background("items-check", run_id, f"items-check-{run_id}")
    if waiting:
        work.check_import(run_id)
    return redirect(url_for(".bank_import", run_id=run_id), 303)


def _in_background(kind: str, run_id: int, key: str) -> Any:
    actor, back = current_actor(), url_for(".bank_import", run_id=run_id)
    job = jobs.start(db.session, actor, kind, work.arguments(actor, run_id=run_id), key=key, back_to=back)
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.get("/bank/imports/<int:run_id>")
@requires("assessments:item:list")
def bank_import(run_id: int) -> str:
    """One file: what it would bring or brought, item by item, and every question that does not come in with its reason."""
    return _page(run_id, "")


def _page(run_id: int, error: str) -> str:
    run, key = queries.import_by_id(db.session, run_id), may_any("assessments:key:view")
    showing = "refused" if request.args.get("show") == "refused" else "found"
    entries = run.refused if showing == "refused" else run.found
    columns = REFUSED if showing == "refused" else FOUND
    table = read_table(columns, request.args, path=url_for(".bank_import", run_id=run_id), sort="", keep=("show",))
    rows = [
        {**row, "reason": refusal(row, key=key)} if showing == "refused" else
        {**row, "note": note_words(row["notes"]), "scored": scored(row.get("document"), key=key)}
        for row in entries[table.offset : table.offset + table.limit]
    ]  # fmt: skip
    new = sum(not row["there"] for row in run.found)
    return render_template(
        "assessments/bank/import.html", run=run, table=table.counted(len(entries)), rows=rows, showing=showing, new=new,
        why=unreadable(run.unreadable) if run.status == "unreadable" else "", error=error, tree=bank.tree(db.session),
        earlier=queries.earlier_import(db.session, run), categories=len({tuple(row["category"]) for row in run.found if row["category"]}),
        changes=may_any("assessments:item:change"),
    )  # fmt: skip


@blueprint.post("/bank/imports/<int:run_id>")
@requires("assessments:item:change")
def bank_import_apply(run_id: int) -> Any:
    """Confirm: every item that the bank does not have comes in as a draft, or none does."""
    run = queries.import_by_id(db.session, run_id)
    if run.status == "checked":
        chosen = request.form.get("category", type=int)
        try:
            incoming.choose(
                db.session, current_actor(), run, own_categories=bool(request.form.get("own")),
                category=bank.category(db.session, chosen) if chosen else None,
            )  # fmt: skip
            if len(run.found) > work.AT_ONCE_ITEMS:
                wait_for_exams(db.session)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            return _page(run_id, said(refused)), 422
        if len(run.found) > work.AT_ONCE_ITEMS or (run.format == "qti" and len(run.found) > 1):
            return _in_background("items-apply", run_id, f"items-apply-{run_id}")
        run = work.apply_import(run_id, current_actor())
    if run.status == "applied":
        flash(_brought(run), "good")
    return redirect(url_for(".bank_import", run_id=run_id), 303)


def _brought(run: ItemImport) -> str:
    if not run.created:
        return _("ไม่มีข้อใหม่ คลังมีข้อสอบของไฟล์นี้อยู่แล้ว %(known)s ข้อ", known=run.known)
    return _("นำเข้าเป็นร่าง %(created)s ข้อ รอส่งให้เจ้าหน้าที่คนอื่นตรวจทาน", created=run.created)


@blueprint.post("/bank/imports/<int:run_id>/discard")
@requires("assessments:item:change")
def bank_import_discard(run_id: int) -> Any:
    """Put an upload aside; nothing of it was written."""
    try:
        incoming.discard(db.session, current_actor(), queries.import_by_id(db.session, run_id))
        db.session.commit()
        flash(_("ยกเลิกไฟล์นี้แล้ว ไม่มีการบันทึกใด ๆ"), "plain")
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
    return redirect(url_for(".bank_imports"), 303)


@blueprint.get("/bank/imports/<int:run_id>/file")
@requires("assessments:key:view")
def bank_import_file(run_id: int) -> Response:
    """The file as it was uploaded, with its key."""
    run = queries.import_by_id(db.session, run_id)
    return send(db.session.get_one(StoredFile, run.file_id))


@blueprint.get("/bank/imports/<int:run_id>/refused.xlsx")
@requires("assessments:key:view")
def bank_import_refused(run_id: int) -> Response:
    """The questions that did not come in, with their reasons, as a workbook."""
    run = queries.import_by_id(db.session, run_id)
    rows = [(row["place"], row["name"], refusal(row)) for row in run.refused]
    content = listing.workbook(
        [_("ตำแหน่งในไฟล์"), _("ข้อ"), _("เหตุผล")], rows, created=clock.now(), title=run.file_name, language=language()
    )
    return _download(content, f"refused-{run_id}.xlsx")


@blueprint.get("/bank/form.xlsx")
@requires("assessments:item:change")
def bank_form() -> Response:
    """The empty form in which items can be written by Excel."""
    return _download(sheets.workbook([], created=clock.now(), language=language()), "items-form.xlsx")


def _download(content: bytes, name: str) -> Response:
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


from webapp.assessments.bank.transfer import export_views as _exports  # noqa: E402, F401
