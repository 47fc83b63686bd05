"""A list as it is seen, taken away as a workbook: the same question, all its pages, noted in the audit log."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from webapp import audit, clock, thai
from webapp.accounts.access import current_actor
from webapp.database import db, own_transaction
from webapp.exports.operations import XLSX, Taken, note, plain_name
from webapp.language import language
from webapp.spreadsheets.listing import listing

MOST_ROWS = 100_000
"""Rows of one list; more than an office reads, fewer than a sheet holds."""


def list_file(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str, of: tuple[str, str]
) -> Response:
    """The rows as a workbook to download; ``of`` is what the list is of, as (thing, key), for the audit log."""
    now = clock.now()
    length, head = audit.head_of(db.session)
    footer = _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=length, head=head, when=thai.moment(now))
    kept = [list(row) for row in rows]
    content = listing(title, headings, kept, created=now, language=language(), footer=footer)
    question = request.query_string.decode("ascii", "replace")[:500]
    facts: dict[str, object] = {"list": title, "rows": len(kept), "question": question}
    return take(Taken(f"{plain_name(name)}.xlsx", content, XLSX, "exports:list:take", of[0], of[1], facts))


def take(taken: Taken) -> Response:
    """The file as a download, and who took it in the audit log.

    Handing something over is a GET that shows what the reader may see; that it was taken is the framework's own note, in
    its own short transaction.
    """
    actor = current_actor()
    db.session.rollback()
    with own_transaction() as own:
        note(own, actor, taken)
    answer = Response(taken.content, mimetype=taken.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{taken.file_name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer
