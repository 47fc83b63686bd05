"""What all pages of the room share: the blueprint, its sections, and the filter for texts kept in two languages."""

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from webapp.careers import words
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
)


@blueprint.context_processor
def _sections_of_the_room() -> dict[str, Any]:
    return {"careers_pages": PAGES}


def page_of(table: TableView, rows: list[Any]) -> tuple[TableView, list[Any]]:
    """The table knowing its total, and the rows of the page asked for."""
    return table.counted(len(rows)), rows[table.offset : table.offset + table.limit]
