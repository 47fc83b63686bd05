"""Pages of imports: the history, an upload, what it would do, and its confirmation. Single records: ``fact_views``."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, SelectField

from webapp.accounts.access import current_actor, current_roles, requires
from webapp.assessments.exams.waiting import wait_for_exams
from webapp.database import db
from webapp.errors import Conflict, NotAllowed, Refused
from webapp.fields import Required
from webapp.files.operations import path_of
from webapp.files.sending import send
from webapp.imports import queries, words, work
from webapp.imports.kinds import KINDS, ROSTER
from webapp.imports.models import ImportRun
from webapp.jobs import operations as jobs
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("imports", __name__, template_folder="templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD = "imports:file:upload"
WITH_NATIONAL_IDS = (ROSTER, "officers")
RUN_COLUMNS = (
    Column("file", _l("ไฟล์"), always=True),
    Column("kind", _l("ชนิดข้อมูล")),
    Column("status", _l("สถานะ")),
    Column("who", _l("ผู้นำเข้า")),
    Column("when", _l("เมื่อ")),
    Column("rows", _l("แถว"), numeric=True),
    Column("created", _l("เพิ่ม"), numeric=True),
    Column("updated", _l("แก้ไข"), numeric=True),
)
PROBLEM_COLUMNS = (
    Column("row", _l("แถว"), numeric=True, always=True),
    Column("sheet", _l("แผ่นงาน")),
    Column("column", _l("คอลัมน์")),
    Column("value", _l("ค่าในไฟล์")),
    Column("reason", _l("เหตุผล")),
)


class UploadForm(FlaskForm):
    """A file and what it holds."""

    kind = SelectField(_l("ไฟล์นี้เป็นข้อมูลอะไร"), [Required()])
    file = FileField(_l("ไฟล์"), [Required()])


def total(run: ImportRun, figure: str) -> int:
    """One figure over all sheets of a run."""
    return sum(counts.get(figure, 0) for counts in run.counts.values())


blueprint.app_template_filter("entered_by")(words.entered_by)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "total": total, "kind_order": list(KINDS), "fact_tables": _fact_tables()}


def _fact_tables() -> dict[str, str]:
    """Table → kind, of what has pages of its own."""
    return {kind.model.__tablename__: name for name, kind in queries.fact_kinds().items()}


@blueprint.get("/imports")
@requires("imports:run:list")
def runs() -> str:
    """The history of imports: who brought what, when, and what came of it."""
    names = [ROSTER, *KINDS]
    table = read_table(
        RUN_COLUMNS, request.args, path=url_for("imports.runs"), sort="",
        filters=(
            Filter("kind", _l("ชนิดข้อมูล"), [(name, words.kind_title(name)) for name in names]),
            Filter("status", _l("สถานะ"), list(words.STATUS_WORDS.items())),
        ),
    )  # fmt: skip
    rows, count = queries.runs_page(
        db.session, current_roles(), words=table.words, kind=table.chosen["kind"], status=table.chosen["status"],
        limit=table.limit, offset=table.offset,
    )  # fmt: skip
    return render_template("imports/runs.html", table=table.counted(count), rows=rows)


@blueprint.route("/imports/new", methods=["GET", "POST"])
@requires(UPLOAD)
def new() -> Any:
    """Choose a kind and a file; a small one is checked at once, a large one in the background."""
    form = UploadForm()
    allowed = queries.kinds_of(current_roles())
    form.kind.choices = [(name, words.kind_title(name)) for name in allowed]
    if request.method == "GET":
        form.kind.data = request.args.get("kind") if request.args.get("kind") in allowed else allowed[0]
    elif form.validate_on_submit():
        try:
            return _received(form)
        except Refused as refused:
            db.session.rollback()
            form.file.errors = [_(refused.message, **refused.values)]
    key = request.form.get("key") or str(uuid.uuid4())
    page = render_template("imports/new.html", form=form, key=key, kinds=[(name, KINDS.get(name)) for name in allowed])
    return page, 422 if form.errors else 200


def _received(form: UploadForm) -> Response:
    actor = current_actor()
    content = form.file.data.read()
    run = work.receive(
        db.session, actor, form.kind.data, form.file.data.filename or "", content, request.form.get("key", "")[:36]
    )
    run_id, waiting = run.id, run.status == "uploaded"
    db.session.commit()
    if waiting and len(content) > work.AT_ONCE_BYTES:
        return _in_background("import-check", run, f"check-{run_id}")
    if waiting:
        work.check_run(run_id, actor)
    return redirect(url_for("imports.run", run_id=run_id), 303)  # type: ignore[return-value]


def _in_background(kind: str, run: ImportRun, key: str) -> Response:
    arguments = work.job_arguments(run, current_actor())
    job = jobs.start(
        db.session, current_actor(), kind, arguments, key=key, back_to=url_for("imports.run", run_id=run.id)
    )
    db.session.commit()
    return redirect(url_for("jobs.job", job_id=job.id), 303)  # type: ignore[return-value]


@blueprint.get("/imports/<int:run_id>")
@requires("imports:run:list")
def run(run_id: int) -> str:
    """One import: what it would do or did, and every cell that was not taken with its reason."""
    found = queries.run_seen_by(db.session, current_roles(), run_id)
    showing = "warnings" if request.args.get("show") == "warnings" else "problems"
    entries = found.warnings if showing == "warnings" else found.problems
    table = read_table(
        PROBLEM_COLUMNS, request.args, path=url_for("imports.run", run_id=run_id), sort="", keep=("show",)
    ).counted(len(entries))
    rows = [words.problem(entry) for entry in entries[table.offset : table.offset + table.limit]]
    return render_template(
        "imports/run.html", run=found, table=table, rows=rows, showing=showing,
        may_bring=found.kind in queries.kinds_of(current_roles()),
        may_take=found.kind in queries.kinds_of(current_roles()) and (found.kind not in WITH_NATIONAL_IDS or _is_own(found)),
        facts=queries.fact_counts(db.session, found) if found.status == "applied" else {},
    )  # fmt: skip


def _is_own(run: ImportRun) -> bool:
    return run.uploaded_by_id is not None and run.uploaded_by_id == current_actor().account_id


def _own_run(run_id: int) -> ImportRun:
    """The import, for somebody who may bring in its kind."""
    found = queries.run_seen_by(db.session, current_roles(), run_id)
    if found.kind not in queries.kinds_of(current_roles()):
        raise NotAllowed()
    return found


@blueprint.post("/imports/<int:run_id>/apply")
@requires(UPLOAD)
def apply(run_id: int) -> Response:
    """Confirm: write the whole file, or nothing."""
    found = _own_run(run_id)
    if found.status == "checked":
        if queries.file_of(db.session, found).size > work.AT_ONCE_BYTES:
            try:
                wait_for_exams(db.session)
            except Conflict as waits:
                db.session.rollback()
                flash(_(waits.message, **waits.values), "bad")
                return redirect(url_for("imports.run", run_id=run_id), 303)  # type: ignore[return-value]
            return _in_background("import-apply", found, f"apply-{run_id}")
        work.apply_run(run_id, current_actor())
        found = queries.run_seen_by(db.session, current_roles(), run_id)
    if found.status == "applied":
        flash(
            _(
                "นำเข้าแล้ว เพิ่ม %(created)s แก้ไข %(updated)s",
                created=total(found, "created"),
                updated=total(found, "updated"),
            ),
            "good",
        )
    else:
        flash(_("ยังไม่ได้นำเข้า เพราะข้อมูลในระบบเปลี่ยนไปหลังตรวจไฟล์ กรุณาดูเหตุผลในหน้านี้"), "bad")
    return redirect(url_for("imports.run", run_id=run_id), 303)  # type: ignore[return-value]


@blueprint.post("/imports/<int:run_id>/discard")
@requires(UPLOAD)
def discard(run_id: int) -> Response:
    """Put an upload aside without writing anything of it."""
    work.discard(db.session, current_actor(), _own_run(run_id))
    db.session.commit()
    flash(_("ยกเลิกไฟล์นี้แล้ว ไม่มีการบันทึกใด ๆ"), "plain")
    return redirect(url_for("imports.runs"), 303)  # type: ignore[return-value]


@blueprint.get("/imports/<int:run_id>/file")
@requires(UPLOAD)
def file(run_id: int) -> Response:
    """The file as it was uploaded; one that may hold national ids goes back to its uploader alone (promise 18)."""
    found = _own_run(run_id)
    if found.kind in WITH_NATIONAL_IDS and not _is_own(found):
        raise NotAllowed()
    return send(queries.file_of(db.session, found))


@blueprint.get("/imports/<int:run_id>/rejected.xlsx")
@requires(UPLOAD)
def rejected(run_id: int) -> Response:
    """The rejected rows as a workbook to correct."""
    from webapp.imports.rejected import rejected_workbook

    found = _own_run(run_id)
    path = path_of(queries.file_of(db.session, found))
    content = rejected_workbook(found, path, _, for_uploader=_is_own(found))
    return _workbook(content, f"rejected-{run_id}.xlsx")


@blueprint.get("/imports/templates/<kind>.xlsx")
@requires(UPLOAD)
def template(kind: str) -> Response:
    """An empty workbook for a kind, with Thai headings, drop-downs and a line of help per column."""
    from webapp.imports.blank import blank_workbook

    if kind not in queries.kinds_of(current_roles()):
        raise NotAllowed()
    return _workbook(blank_workbook(db.session, kind, thai_headings=True), f"{kind}.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


from webapp.imports import fact_views  # noqa: E402, F401
