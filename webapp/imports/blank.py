"""Blank workbooks to fill in: headings, drop-downs, and one line of help per column."""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter.worksheet import Worksheet

from webapp.careers.models import Competency, Course, PositionLevel, Post, Qualification, Section, Unit
from webapp.courses.models import Cohort
from webapp.errors import BadInput
from webapp.imports.kinds import KINDS, ROSTER
from webapp.imports.operations import HELP_SHEET, LISTS_SHEET
from webapp.spreadsheets.cells import Choice, Day, Flag
from webapp.spreadsheets.reading import Column
from webapp.spreadsheets.writing import Book, text_width

ROWS_WITH_LISTS = 5_000
LONGEST_INLINE_LIST = 250
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Blank workbooks carry one fixed date, so that the same reference data gives the same file."""

_LISTS: dict[str, Any] = {
    "unit_code": select(Unit.code).order_by(Unit.code),
    "post_code": select(Post.code).order_by(Post.code),
    "section": select(Section.code).order_by(Section.position),
    "level": select(PositionLevel.level).distinct().order_by(PositionLevel.level),
    "course_code": select(Course.code).order_by(Course.code),
    "competency": select(Competency.code).order_by(Competency.position),
    "cohort_code": select(Cohort.code).order_by(Cohort.code),
    "qualifications": select(Qualification.code).order_by(Qualification.code),
}
_OPEN_LISTS = frozenset({"unit_code", "post_code", "course_code", "qualifications"})
"""Lists that help but do not bind: other values may be new."""


def blank_workbook(session: Session, kind: str, *, thai_headings: bool = False) -> bytes:
    """An empty .xlsx for ``kind`` (or the whole roster), ready to be filled in and imported."""
    if kind != ROSTER and kind not in KINDS:
        raise BadInput("ไม่รู้จักชนิดการนำเข้า %(kind)s", kind=kind)
    names = list(KINDS) if kind == ROSTER else [kind]
    file = io.BytesIO()
    with Book(file, created=MADE, title=kind) as book:
        sheets = {name: book.sheet(name, landscape=True) for name in names}
        _write_help(book, names)
        lists = _Lists(session, book)
        for name, sheet in sheets.items():
            _write_columns(book, sheet, KINDS[name].columns, thai_headings, lists)
        lists.finish()
    return file.getvalue()


def _write_columns(
    book: Book, sheet: Worksheet, columns: Iterable[Column], thai_headings: bool, lists: "_Lists"
) -> None:
    for place, column in enumerate(columns):
        heading = column.heading if thai_headings else column.name
        look = book.heading(bg_color="#C7E3D2") if column.key or column.required else book.heading()
        sheet.write_string(0, place, heading, look)
        sheet.write_comment(0, place, f"{column.heading}\n{_(column.help)}", {"x_scale": 2, "font_size": 10})
        day = isinstance(column.type, Day)
        sheet.set_column(place, place, max(14, text_width(heading) + 4), book.day_format() if day else book.format())
        sheet.data_validation(1, place, ROWS_WITH_LISTS, place, _validation(column, lists))
    sheet.freeze_panes(1, 0)


def _validation(column: Column, lists: "_Lists") -> dict[str, Any]:
    """The drop-down and the input message of a column."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.heading[:32],
        "input_message": _(column.help)[:255],
    }
    source: Any = None
    if isinstance(column.type, Choice):
        source = list(column.type.choices)
    elif isinstance(column.type, Flag):
        source = [1, 0]
    elif column.name in _LISTS:
        source = lists.range_of(column.name)
    if source:
        rule |= {"validate": "list", "source": source}
        rule["error_type"] = "information" if column.name in _OPEN_LISTS else "stop"
        if column.name == "section" or column.name == "level" or column.name == "competency":
            rule["error_type"] = "warning"  # the Thai names are accepted as well
    return rule


class _Lists:
    """The hidden sheet that drop-downs take their values from."""

    def __init__(self, session: Session, book: Book) -> None:
        self.session = session
        self.sheet = book.sheet(LISTS_SHEET)
        self.ranges: dict[str, str] = {}

    def range_of(self, name: str) -> str | None:
        """The cells that hold a list's values; none where there are no values yet."""
        if name not in self.ranges:
            values = list(self.session.scalars(_LISTS[name]))
            place = len(self.ranges)
            for row, value in enumerate([name, *values]):
                self.sheet.write_string(row, place, value)
            letter = chr(ord("A") + place)
            self.ranges[name] = f"={LISTS_SHEET}!${letter}$2:${letter}${len(values) + 1}" if values else ""
        return self.ranges[name] or None

    def finish(self) -> None:
        """Hide the sheet."""
        self.sheet.hide()


def _write_help(book: Book, names: list[str]) -> None:
    sheet = book.sheet(HELP_SHEET)
    rows = [
        [
            name,
            column.name,
            column.heading,
            _("จำเป็น") if column.required else "",
            _("คีย์") if column.key else "",
            _(column.help),
        ]
        for name in names
        for column in KINDS[name].columns
    ]
    book.table(sheet, [_("แผ่น"), _("คอลัมน์"), _("หัวคอลัมน์ภาษาไทย"), _("จำเป็น"), _("คีย์"), _("คำอธิบาย")], rows)
