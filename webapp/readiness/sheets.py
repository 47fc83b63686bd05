"""Lists of the room as workbooks: what is seen, all its pages, noted in the audit log."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from webapp import audit, clock, thai
from webapp.accounts.access import current_actor
from webapp.careers.criteria.tree import Node
from webapp.careers.words import in_language
from webapp.database import db, own_transaction
from webapp.language import language
from webapp.readiness.asking import Asked
from webapp.readiness.words import state_words
from webapp.spreadsheets.listing import listing
from webapp.tables import TableView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def headings(table: TableView) -> list[str]:
    """The headings of the columns that are shown; the number always beside the name."""
    labels = table.labels
    keys = [head.key for head in table.heads if head.key != "number"]
    return [labels["name"], labels["number"], *(labels[key] for key in keys if key != "name")]


def people_lines(rows: Iterable[Any], table: TableView, top: Sequence[Node]) -> Iterator[list[Any]]:
    """The candidates as lines of a sheet, a cell per column that is shown."""
    keys = [head.key for head in table.heads if head.key not in ("name", "number")]
    criteria = {node.id for node in top}
    for row in rows:
        cells: dict[str, Any] = {
            "post": in_language(row.post), "unit": in_language(row.unit), "near": row.missing,
            "met_on": None if row.met_on is None else dt.date.fromordinal(row.met_on),
        }  # fmt: skip
        for key in criteria:
            cells[key] = f"{state_words(row.states[key])} ({row.figures[key]})"
        yield [in_language(row.officer), row.officer.officer_no, *(cells[key] for key in keys)]


def footer() -> str:
    """When, and the head of the audit chain."""
    length, head = audit.head_of(db.session)
    when = thai.moment(clock.now(), language())
    return _("%(when)s · บันทึกการตรวจสอบ %(length)s: %(head)s", when=when, length=length, head=head[:16])


def listed(name: str, title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], asked: Asked) -> Response:
    """A list as a workbook of one sheet."""
    content = listing(title, heads, lines, created=clock.now(), language=language(), footer=footer())
    return taken(name, content, ("post", asked.post.code), {"list": title})


def taken(name: str, content: bytes, of: tuple[str, str], facts: dict[str, Any]) -> Response:
    """A workbook to download, and who took it in the audit log."""
    actor, question = current_actor(), request.query_string.decode("ascii", "replace")[:500]
    db.session.rollback()
    with own_transaction() as own:
        audit.append(own, actor, "exports:list:take", of[0], of[1], after={**facts, "question": question})
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
