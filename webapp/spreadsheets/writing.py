"""Workbooks written safely: what a person typed comes out as text, days are real dates shown in the Buddhist era.

A thin layer over xlsxwriter: a :class:`Book` keeps the formats, a sheet is xlsxwriter's own worksheet. Text beginning
with ``= + - @`` or a tab stays text exactly as typed, also when somebody edits the cell later (promise 15).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from webapp.thai import BANGKOK

FONT = "TH Sarabun New"
"""The typeface of Thai offices; every Thai Windows has it or Excel takes the nearest one."""

FONT_SIZE = 14
DAY_TH = "[$-107041E]d mmmm yyyy"
DAY_TH_SHORT = "[$-107041E]d mmm yyyy"
DAY_EN = "d mmmm yyyy"
LONGEST_TEXT = 32_767
"""What one cell of Excel can hold."""

NEVER_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_INVISIBLE_IN_WIDTH = set("ัิีึืฺุู็่้๊๋์ํ๎\u200b")


class Book:
    """A workbook being written. ``created`` is written into the file, so that the same content gives the same bytes."""

    def __init__(
        self,
        target: Any,
        *,
        created: dt.datetime,
        title: str = "",
        author: str = "Kaona",
        language: str = "th",
        font: str = FONT,
        font_size: float = FONT_SIZE,
        constant_memory: bool = False,
    ) -> None:
        self.language = language
        self.font = font
        self.font_size = font_size
        self.workbook = xlsxwriter.Workbook(
            target,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "constant_memory": constant_memory,
                "in_memory": not constant_memory,
                "default_date_format": DAY_TH if language == "th" else DAY_EN,
                "default_format_properties": {"font_name": font, "font_size": font_size},
            },
        )
        local = created.astimezone(BANGKOK).replace(tzinfo=None, microsecond=0)
        self.workbook.set_properties({"title": whole(title), "author": author, "created": local})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A cell format of the book's typeface; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        found = self._formats.get(key)
        if found is None:
            base = {"font_name": self.font, "font_size": self.font_size, "valign": "vcenter"}
            found = self._formats[key] = self.workbook.add_format(base | properties)
        return found

    def day_format(self, *, short: bool = False, **properties: Any) -> Format:
        """The format of a day: Buddhist era in Thai, Gregorian in English; a real date either way."""
        thai = DAY_TH_SHORT if short else DAY_TH
        shown = thai if self.language == "th" else ("d mmm yyyy" if short else DAY_EN)
        return self.format(num_format=shown, align=properties.pop("align", "left"), **properties)

    def heading(self, **properties: Any) -> Format:
        """The format of a table's heading row."""
        look = {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E3EFE8", "valign": "vcenter"}
        return self.format(**(look | properties))

    def sheet(self, name: str, *, landscape: bool = False, fit_width: bool = True) -> Worksheet:
        """A new sheet set up for printing on A4; ``name`` is made fit for a tab and unlike the others."""
        sheet: Worksheet = self.workbook.add_worksheet(self._tab(name))
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        if landscape:
            sheet.set_landscape()
        if fit_width:
            sheet.fit_to_pages(1, 0)
        return sheet

    def _tab(self, name: str) -> str:
        tidy = (
            "".join(" " if letter in "[]:*?/\\" else letter for letter in whole(name)).strip().strip("'")[:31]
            or "Sheet"
        )
        taken = {sheet.get_name().casefold() for sheet in self.workbook.worksheets()}
        tab, number = tidy, 2
        while tab.casefold() in taken:
            tab = f"{tidy[: 31 - len(str(number)) - 1]} {number}"
            number += 1
        return tab

    def footer(self, sheet: Worksheet, left: str, right: str = "&P / &N") -> None:
        """A printed footer: ``left`` as plain text (an & in it stays an &), page numbers on the right."""
        sheet.set_footer(f"&L&8{whole(left).replace('&', '&&')[:200]}&R&8{right}")

    def header(self, sheet: Worksheet, left: str, right: str = "") -> None:
        """A printed header of plain text."""
        sheet.set_header(f"&L&9{whole(left).replace('&', '&&')[:120]}&R&9{right.replace('&', '&&')[:100]}")

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is None:
            self.close()

    # --- cells ---

    def text(self, sheet: Worksheet, row: int, column: int, value: str | None, **properties: Any) -> None:
        """Text exactly as typed, never a formula, number or link."""
        text = whole(value or "")[:LONGEST_TEXT]
        if text.startswith(NEVER_FORMULA):
            properties["quote_prefix"] = True
        if text:
            sheet.write_string(row, column, text, self.format(**properties))
        else:
            sheet.write_blank(row, column, None, self.format(**properties))

    def day(self, sheet: Worksheet, row: int, column: int, value: dt.date | None, **properties: Any) -> None:
        """A real date, shown in the era of the book's language; before 1900 Excel has none, so it is text."""
        if value is None:
            sheet.write_blank(row, column, None, self.format(**properties))
        elif value.year < 1900:
            self.text(sheet, row, column, value.isoformat(), **properties)
        else:
            sheet.write_datetime(
                row, column, dt.datetime(value.year, value.month, value.day), self.day_format(**properties)
            )

    def number(
        self, sheet: Worksheet, row: int, column: int, value: Decimal | int | None, decimals: int = 0, **properties: Any
    ) -> None:
        """A number, right-aligned, with this many decimals shown."""
        shown = "#,##0" + ("." + "0" * decimals if decimals else "")
        look = self.format(num_format=shown, align="right", **properties)
        if value is None:
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, value, look)

    def cell(self, sheet: Worksheet, row: int, column: int, value: Any, **properties: Any) -> None:
        """Any plain value by its type: text, number, day, moment (in Bangkok's time), yes or no as 1 or 0."""
        if value is None or isinstance(value, str):
            self.text(sheet, row, column, value, **properties)
        elif isinstance(value, bool):
            sheet.write_number(row, column, int(value), self.format(**properties))
        elif isinstance(value, dt.datetime):
            local = value.astimezone(BANGKOK).replace(tzinfo=None) if value.tzinfo else value
            shown = "[$-107041E]d mmm yyyy h:mm" if self.language == "th" else "d mmm yyyy h:mm"
            sheet.write_datetime(row, column, local, self.format(num_format=shown, align="left", **properties))
        elif isinstance(value, dt.date):
            self.day(sheet, row, column, value, **properties)
        elif isinstance(value, dt.time):
            sheet.write_datetime(row, column, value, self.format(num_format="h:mm", **properties))
        elif isinstance(value, (int, float, Decimal)):
            sheet.write_number(row, column, value, self.format(**properties))
        else:
            self.text(sheet, row, column, str(value), **properties)

    def table(
        self,
        sheet: Worksheet,
        headings: Sequence[str],
        rows: Iterable[Sequence[Any]],
        *,
        top: int = 0,
        widths: Mapping[int, float] | None = None,
    ) -> int:
        """A plain table from row ``top`` with frozen, repeated headings and a filter; returns the row after it."""
        widest = [text_width(heading) for heading in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(top, column, whole(heading), self.heading())
        row = top
        for row, values in enumerate(rows, start=top + 1):
            for column, value in enumerate(values):
                self.cell(sheet, row, column, value)
                if row < top + 500 and column < len(widest):
                    widest[column] = max(widest[column], text_width(value))
        for column, width in enumerate(widest):
            chosen = (widths or {}).get(column, min(max(width + 2, 8), 60))
            sheet.set_column(column, column, chosen)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        if headings:
            sheet.autofilter(top, 0, max(row, top), len(headings) - 1)
        return row + 1


def whole(text: str) -> str:
    """The text without halves of characters, which no file can hold; they come out as question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def text_width(value: Any) -> float:
    """About how wide a value is in Excel's column units: stacked Thai vowels and tone marks take no room."""
    if isinstance(value, dt.datetime):
        return 20
    if isinstance(value, dt.date):
        return 18
    text = "" if value is None else str(value)
    return (
        max((sum(letter not in _INVISIBLE_IN_WIDTH for letter in line) for line in text.split("\n")), default=0) * 1.05
    )
