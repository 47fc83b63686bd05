"""What the states and kinds of imports are called."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.imports.kinds import KINDS, ROSTER
from webapp.imports.kinds.postings import POSITION_TYPES
from webapp.imports.kinds.training import RESULTS
from webapp.language import language

CHOICES = {"position_type": POSITION_TYPES, "result": RESULTS}
STATUS_WORDS = {
    "uploaded": _l("กำลังตรวจ"),
    "checked": _l("ตรวจแล้ว รอยืนยัน"),
    "rejected": _l("ไม่รับ"),
    "applied": _l("นำเข้าแล้ว"),
    "discarded": _l("ยกเลิก"),
}
STATUS_KINDS = {"uploaded": "wait", "checked": "act", "rejected": "bad", "applied": "good", "discarded": "off"}


def kind_title(name: str) -> str:
    """What a kind of import is called."""
    if name == ROSTER:
        return _("ทะเบียนทั้งชุด")
    kind = KINDS.get(name)
    return _(kind.title) if kind else name


def problem(entry: dict[str, Any]) -> dict[str, Any]:
    """A kept problem as a page shows it: where, what stood there, and why it is not taken."""
    text = _(entry["message"])
    kind = KINDS.get(entry["sheet"])
    return {
        "sheet": kind_title(entry["sheet"]) if kind else entry["sheet"],
        "row": entry["row"],
        "column": entry["column"],
        "value": entry["value"],
        "reason": text % {name: value(one) for name, one in entry["values"].items()} if entry["values"] else text,
    }


def heading(column: str) -> str:
    """What a column of any kind is called; its own name where no kind has it."""
    for kind in KINDS.values():
        for one in kind.columns:
            if one.name == column:
                return _(one.heading)
    return _("ระดับตามไฟล์") if column == "level_text" else column


def thing_title(table: str) -> str:
    """What the rows of a database table are called here."""
    for kind in KINDS.values():
        if kind.model.__tablename__ == table:
            return _(kind.title)
    return table


def value(kept: Any) -> str:
    """A value of the history as a page shows it: ISO days as the reader reads days."""
    if isinstance(kept, str) and len(kept) == 10 and kept[4:5] == kept[7:8] == "-":
        try:
            return thai.day(dt.date.fromisoformat(kept))
        except ValueError:
            return kept
    return cell(kept)


def told(column: str, row: dict[str, Any], names: dict[str, dict[str, tuple[str, str]]]) -> str:
    """What a record holds in a column, by name where it is a code."""
    kept = row[column]
    key = f"{row.get('position_type')}/{kept}" if column == "level" else kept
    pair = names.get(column, {}).get(key)
    if pair is not None:
        return (pair[1] or pair[0]) if language() == "en" else pair[0]
    labels = CHOICES.get(column, {})
    return _(labels[kept]) if kept in labels else cell(kept)


ON_PAGES = {"post_code": _l("ตำแหน่ง"), "unit_code": _l("หน่วยงาน"), "course_code": _l("หลักสูตร")}
"""Columns whose codes pages show by name."""


def page_heading(column: Any) -> str:
    """A file's column as a page names it."""
    return str(ON_PAGES.get(column.name) or _(column.heading))


def names_by_code(names: dict[str, dict[str, tuple[str, str]]]) -> dict[str, dict[str, str]]:
    """Column → code → name in the reader's language, to choose from; a level by its own code."""
    english = language() == "en"
    return {
        column: {code.rpartition("/")[2]: (pair[1] or pair[0]) if english else pair[0] for code, pair in pairs.items()}
        for column, pairs in names.items()
    }


def entered_by(who: str) -> str:
    """Who entered a record, in the reader's language where it came by import."""
    prefix = "imported by "
    return _("นำเข้าโดย %(who)s", who=who.removeprefix(prefix)) if who.startswith(prefix) else who


def cell(kept: Any) -> str:
    """A stored value as a page shows it; a dash for none."""
    if kept is None or kept == "" or kept == []:
        return "—"
    if isinstance(kept, bool):
        return _("ใช่") if kept else _("ไม่ใช่")
    if isinstance(kept, dt.date):
        return thai.day(kept)
    if isinstance(kept, list | tuple):
        return "; ".join(map(str, kept))
    return str(kept)
