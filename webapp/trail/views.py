"""Pages of the room: the auditor's reading of the audit log, its export, and the check of the chain."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_actor, requires
from webapp.audit import head_of, public_key
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.jobs.operations import start
from webapp.language import language
from webapp.trail import queries, verifying, words
from webapp.trail.differences import differences

blueprint = Blueprint("trail", __name__, template_folder="templates")

CHECKED_AT_ONCE = 15_000
"""Entries walked while the reader waits (about a second); a longer chain is a job."""

ASKED = ("actor", "action", "thing", "key", "q", "since", "until")


def question_asked() -> tuple[queries.Question, dict[str, str]]:
    """The question in the address and, per field, what could not be read."""
    asked = {name: (request.args.get(name) or "").strip()[:200] for name in ASKED}
    days: dict[str, Any] = {}
    errors = {}
    for name in ("since", "until"):
        try:
            days[name] = thai.parse_day(asked[name]) if asked[name] else None
        except (Refused, ValueError) as error:
            days[name] = None
            errors[name] = _(error.message, **error.values) if isinstance(error, Refused) else str(error)
    question = queries.Question(
        actor=asked["actor"], action=asked["action"], thing=asked["thing"], key=asked["key"], words=asked["q"], **days
    )
    return question, errors


def _place(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _address(**changes: Any) -> str:
    kept = {name: request.args.get(name) for name in ASKED if request.args.get(name)}
    pairs = {key: value for key, value in {**kept, **changes}.items() if value is not None}
    return f"{url_for('trail.entries')}?{urlencode(pairs)}" if pairs else url_for("trail.entries")


@blueprint.get("/audit")
@requires("trail:entry:list")
def entries() -> Any:
    """The audit log, newest first."""
    question, errors = question_asked()
    page = queries.entries_page(db.session, question, before=_place("before"), after=_place("after"))
    actions, things = queries.choices(db.session)
    return render_template(
        "trail/list.html", page=page, question=question, errors=errors, actions=actions, things=things, words=words,
        address=_address, asked=request.args, length=head_of(db.session)[0],
        narrowed=any(request.args.get(name) for name in ASKED),
        exports=[(kind, url_for("trail.export", kind=kind) + _address().removeprefix(url_for("trail.entries"))) for kind in ("xlsx", "csv")],
    )  # fmt: skip


@blueprint.get("/audit/<int:entry_id>")
@requires("trail:entry:list")
def entry(entry_id: int) -> Any:
    """One entry: before and after, and why."""
    found = queries.entry_with_opening(db.session, entry_id) if entry_id < 2**31 else None
    if found is None:
        raise NotFound()
    record, opening = found
    rows = differences(opening.values) if opening else []
    return render_template("trail/entry.html", entry=record, opening=opening, rows=rows, words=words)


@blueprint.route("/audit/check", methods=["GET", "POST"])
@requires("trail:entry:list")
def check() -> Any:
    """Walk the chain now, or as a job where it is long."""
    length, _hash = head_of(db.session)
    if request.method == "POST":
        if length > CHECKED_AT_ONCE:
            job = start(db.session, current_actor(), "audit-verify", {}, back_to=url_for("trail.check"))
            db.session.commit()
            return redirect(url_for("jobs.job", job_id=job.id), 303)
        return redirect(url_for("trail.check", now="yes"), 303)
    verdict = None
    if request.args.get("now") and length <= CHECKED_AT_ONCE:
        verdict = verifying.verify(db.session)
    return render_template(
        "trail/check.html", verdict=verdict, said=verifying.sentence(verdict) if verdict else "",
        length=length, head=_hash, public_key=public_key(), at=clock.now(), key=verifying.key_in_use(),
    )  # fmt: skip


# What is seen, to take away ------------------------------------------------------------------------------------------

HEADS = ("id", "at", "actor", "actor_kind", "roles", "action", "thing", "key", "reason", "before", "after", "hash")


@blueprint.get("/audit/export.<any(csv, xlsx):kind>")
@requires("trail:entry:list")
def export(kind: str) -> Any:
    """The entries that the question finds, oldest first."""
    question, _errors = question_asked()
    rows = (_cells(row) for row in queries.for_export(db.session, question))
    content, media = (_csv(rows), "text/csv") if kind == "csv" else (_workbook(rows), XLSX)
    name = f"audit-{clock.today().isoformat()}.{kind}"
    return Response(content, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cells(row: Any) -> list[str]:
    values = row.values or {}
    shown = [json.dumps(values.get(part) or {}, ensure_ascii=False, sort_keys=True) for part in ("before", "after")]
    return [
        str(row.id), row.at.isoformat(), row.actor_name, row.actor_kind, row.actor_role, row.action, row.thing,
        row.thing_key, row.reason or "", *("" if text == "{}" else text for text in shown), row.hash,
    ]  # fmt: skip


def _heads() -> list[str]:
    return [
        _("ลำดับ"), _("เวลา"), _("ผู้กระทำ"), _("ประเภทผู้กระทำ"), _("บทบาท"), _("การกระทำ"), _("สิ่งที่ถูกกระทำ"),
        _("รหัสของสิ่งนั้น"), _("เหตุผล"), _("ก่อน"), _("หลัง"), _("รหัสรายการ"),
    ]  # fmt: skip


def _csv(rows: Any) -> str:
    """Text a spreadsheet would take for a formula is kept as text."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(_heads())
    for cells in rows:
        writer.writerow(["'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells])
    return "\ufeff" + content.getvalue()


def _workbook(rows: Any) -> bytes:
    from webapp.spreadsheets.writing import LONGEST_TEXT, Book

    target = io.BytesIO()
    book = Book(target, created=clock.now(), title=_("บันทึกการตรวจสอบ"), language=language(), constant_memory=True)
    sheet = book.workbook.add_worksheet(_("บันทึกการตรวจสอบ")[:31])
    strong, plain = book.format(bold=True, text_wrap=True), book.format(text_wrap=True, valign="top")
    for column, width in enumerate((8, 26, 24, 12, 18, 28, 18, 20, 30, 45, 45, 24)):
        sheet.set_column(column, column, width)
    for column, head in enumerate(_heads()):
        sheet.write_string(0, column, head, strong)
    sheet.freeze_panes(1, 1)
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if column == 0:
                sheet.write_number(number, 0, int(cell), plain)
            else:
                sheet.write_string(number, column, cell[:LONGEST_TEXT], plain)
    length, last_hash = head_of(db.session)
    sheet.set_footer(f"&L{length}:{last_hash}&R&P / &N")
    book.workbook.close()
    return target.getvalue()
