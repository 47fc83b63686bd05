"""What all pages of the room share: the blueprint, its sections, and the filter for texts kept in two languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import audit, clock, thai
from webapp.accounts.access import current_actor
from webapp.careers import words
from webapp.database import db, own_transaction
from webapp.language import language
from webapp.tables import TableView

blueprint = Blueprint("careers", __name__, template_folder="templates")
blueprint.app_template_filter("told")(words.told)
blueprint.app_template_filter("one_language")(words.one_language)

READ = "careers:published:list"

PAGES = (
    (_l("รายการตำแหน่ง"), "careers.posts"),
    (_l("เส้นทางความก้าวหน้า"), "careers.paths"),
    (_l("รายการสมรรถนะ"), "careers.competencies"),
    (_l("หลักสูตร"), "careers.courses"),
    (_l("หน่วยงาน"), "careers.units"),
    (_l("โครงสร้างและระดับ"), "careers.organization"),
    (_l("มติและข้อสังเกต"), "careers.remarks"),
)


@blueprint.context_processor
def _sections_of_the_room() -> dict[str, Any]:
    home = url_for("careers.posts")
    # The main navigation has one entry for the whole room, whichever of its sections is open.
    return {"careers_pages": PAGES, "is_active": lambda address: address == home}


def page_of(table: TableView, rows: list[Any]) -> tuple[TableView, list[Any]]:
    """The table knowing its total, and the rows of the page asked for."""
    return table.counted(len(rows)), rows[table.offset : table.offset + table.limit]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, title: str, table: TableView, rows: Iterable[Mapping[str, Any]]) -> Response:
    """What the reader sees of a list, all its pages, as a workbook; the head of the audit chain stands in the footer."""
    from webapp.spreadsheets.listing import listing

    keys = [head.key for head in table.heads]
    now = clock.now()
    length, head = audit.head_of(db.session)
    footer = _(
        "%(when)s · บันทึกการตรวจสอบ %(length)s: %(head)s",
        when=thai.moment(now, language()),
        length=length,
        head=head[:16],
    )
    content = listing(
        title, [head.label for head in table.heads], ([row[key] for key in keys] for row in rows),
        created=now, language=language(), footer=footer,
    )  # fmt: skip
    actor, asked = current_actor(), request.query_string.decode("ascii", "replace")[:500]
    db.session.rollback()
    with own_transaction() as own:
        audit.append(own, actor, "exports:list:take", name, "list", after={"list": title, "question": asked})
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
