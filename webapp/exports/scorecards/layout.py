"""How the sheets of a scorecard workbook look, and where a cell stands in another sheet's formula."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from webapp.assessments.ranking.scores import as_text, half_up
from webapp.spreadsheets.writing import LONGEST_TEXT, NEVER_FORMULA, Book, text_width

GREEN, TINT, LINE, SOFT, AMBER, GRAY = "#14532D", "#E3EFE8", "#C9D3CC", "#5B665F", "#B45309", "#B8C2BC"
LONGEST_TAB = 31
MOST_OFFICER_SHEETS = 1_000
"""Officers who get a sheet each; a workbook with more tabs than that cannot be found through."""

GUARD_DECIMALS = 10
"""Decimals kept before the last rounding, so that a binary float's dust never turns 80.125 into 80.12."""


class PlainFormulas(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas use no function that Excel learned after 2007.

    xlsxwriter looks through every formula for some hundred and fifty of those, which is a fifth of the time of a large
    workbook; ours are put together here of cells, ``ROUND``, ``SUM``, ``AVERAGE``, ``IF``, ``AND``, ``COUNTIF`` and
    ``SUMPRODUCT``.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


def tab_name(text: str) -> str:
    """Text as the name of a sheet: letters, digits, spaces and hyphens alone, so that it can stand in a formula."""
    kept = "".join(c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") or c in " -" else " " for c in text)
    return " ".join(kept.split())


def unique_tab(book: Book, wanted: str, otherwise: str = "Sheet") -> str:
    """A tab unlike the others, of at most 31 letters."""
    taken = {sheet.get_name().casefold() for sheet in book.workbook.worksheets()}
    tidy = tab_name(wanted)[:LONGEST_TAB].strip() or otherwise
    tab, number = tidy, 2
    while tab.casefold() in taken or tab.casefold() == "history":
        tab = f"{tidy[: LONGEST_TAB - len(str(number)) - 1]} {number}"
        number += 1
    return tab


def at(sheet: str, row: int, column: int) -> str:
    """A cell as another sheet's formula names it, fixed."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"


def here(row: int, column: int, *, fixed: bool = False) -> str:
    """A cell as a formula of its own sheet names it."""
    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))


def rounded(formula: str, decimals: int) -> str:
    """Rounded once, half up, as published; the inner rounding sweeps a float's dust away first."""
    return f"ROUND(ROUND({formula},{GUARD_DECIMALS}),{decimals})"


def guard_holds(exact: Fraction, decimals: int) -> bool:
    """Whether rounding at the guard first gives what rounding once gives (all but always; see ``rounded``)."""
    return half_up(Fraction(half_up(exact, GUARD_DECIMALS)), decimals) == half_up(exact, decimals)


def decimal_format(decimals: int) -> str:
    return "0" + ("." + "0" * decimals if decimals else "")


def number_in_formula(number: Fraction) -> str:
    """An exact number as a formula spells it."""
    if number.denominator == 1:
        return str(number.numerator)
    text = as_text(number, GUARD_DECIMALS).rstrip("0").rstrip(".")
    return text if Fraction(text) == number else f"({number.numerator}/{number.denominator})"


@dataclass
class Looks:
    """The formats of the workbook, made once each."""

    book: Book
    decimals: int
    made: dict[str, Format] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Format:
        found = self.made.get(name)
        if found is None:
            found = self.made[name] = self._make(name)
        return found

    def _make(self, name: str) -> Format:
        points, exact = decimal_format(self.decimals), decimal_format(max(4, self.decimals))
        rule: dict[str, Any] = {"bottom": 1, "bottom_color": LINE}
        right: dict[str, Any] = {"align": "right", **rule}
        kinds: Mapping[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 20, "font_color": GREEN},
            "lead": {"font_color": SOFT},
            "note": {"font_color": SOFT, "text_wrap": True, "valign": "top"},
            "section": {"bold": True, "font_size": 16, "font_color": GREEN, "bottom": 2, "bottom_color": GREEN},
            "label": {"font_color": SOFT, **rule, "valign": "top", "text_wrap": True},
            "value": {**rule, "text_wrap": True, "valign": "top"},
            "value_left": {**rule, "align": "left", "valign": "top"},
            "head": {"bold": True, "text_wrap": True, "bg_color": TINT, "bottom": 2, "bottom_color": GREEN, "indent": 1},
            "head_right": {"bold": True, "text_wrap": True, "bg_color": TINT, "bottom": 2, "bottom_color": GREEN,
                           "align": "right"},
            "head_center": {"bold": True, "text_wrap": True, "bg_color": TINT, "align": "center", "bottom": 1,
                            "bottom_color": LINE, "left": 1, "left_color": LINE},
            "head_turned": {"bold": True, "text_wrap": True, "bg_color": TINT, "rotation": 90, "align": "center",
                            "valign": "bottom"},
            "head_turned_soft": {"bg_color": TINT, "font_color": SOFT, "rotation": 90, "align": "center"},
            "head_hours": {"bold": True, "bg_color": TINT, "bottom": 2, "bottom_color": GREEN, "align": "right",
                           "num_format": "0.##"},
            "hours_sum": {**right, "num_format": "#,##0.0#", "bold": True},
            "head_small": {"bg_color": TINT, "font_color": SOFT, "align": "right", "num_format": "General"},
            "head_small_text": {"bg_color": TINT, "font_color": SOFT, "indent": 1},
            "plain": {**rule, "indent": 1},
            "wrap": {**rule, "text_wrap": True, "indent": 1},
            "center": {**rule, "align": "center"},
            "soft": {**rule, "font_color": SOFT, "align": "right"},
            "points": {**right, "num_format": points},
            "exact": {**right, "num_format": exact},
            "points_low": {**right, "num_format": points, "font_color": AMBER, "bold": True},
            "general": {**right, "num_format": "General"},
            "hours": {**right, "num_format": "#,##0.0#"},
            "hours_low": {**right, "num_format": "#,##0.0#", "font_color": AMBER, "bold": True},
            "percent": {**right, "num_format": "0.00"},
            "percent_low": {**right, "num_format": "0.00", "font_color": AMBER, "bold": True},
            "whole": {**right, "num_format": "#,##0"},
            "rank": {**rule, "align": "center", "bold": True, "num_format": "0"},
            "total": {"bold": True, "align": "right", "num_format": points, "top": 1, "bottom": 2, "bg_color": TINT},
            "total_exact": {"bold": True, "align": "right", "num_format": exact, "top": 1, "bottom": 2,
                            "bg_color": TINT},
            "total_text": {"bold": True, "indent": 1, "top": 1, "bottom": 2, "bg_color": TINT},
            "composite": {**right, "bold": True, "num_format": points},
            "large": {"bold": True, "font_size": 26, "font_color": GREEN, "align": "left", "num_format": points},
            "large_rank": {"bold": True, "font_size": 26, "font_color": GREEN, "align": "left", "num_format": "0"},
            "bare_soft": {"font_color": SOFT},
            "medium": {"bold": True, "font_size": 18, "font_color": GREEN, "align": "left"},
            "medium_soft": {"font_size": 18, "align": "left"},
            "medium_act": {"bold": True, "font_size": 18, "font_color": AMBER, "align": "left"},
            "signed": {**right, "num_format": "+0;-0;0"},
            "signed_low": {**right, "num_format": "+0;-0;0", "font_color": AMBER, "bold": True},
            "small_wrap": {**rule, "text_wrap": True, "indent": 1, "font_size": 11, "font_color": SOFT},
            "link_wrap": {"font_color": "#1D4ED8", "underline": 1, "text_wrap": True, "indent": 1, **rule},
            "link": {"font_color": "#1D4ED8", "underline": 1, "indent": 1, **rule},
            "link_bare": {"font_color": "#1D4ED8", "underline": 1},
            "good": {**rule, "font_color": GREEN, "bold": True, "indent": 1},
            "act": {**rule, "font_color": AMBER, "bold": True, "text_wrap": True, "indent": 1},
        }  # fmt: skip
        if name.startswith("day"):
            return self.book.day_format(short=True, **({"bg_color": TINT, "font_color": SOFT, "rotation": 90,
                                                        "align": "center"} if name == "day_head" else {**rule, "indent": 1}))  # fmt: skip
        return self.book.format(**kinds[name])

    def text(self, sheet: Worksheet, row: int, column: int, value: str, look: str = "plain") -> None:
        """Text as typed: never a formula, a number or a link."""
        if value and value.startswith(NEVER_FORMULA):
            sheet.write_string(row, column, value[:LONGEST_TEXT], self._quoted(look))
        elif value:
            sheet.write_string(row, column, value[:LONGEST_TEXT], getattr(self, look))
        else:
            sheet.write_blank(row, column, None, getattr(self, look))

    def _quoted(self, look: str) -> Format:
        key = f"quoted {look}"
        if key not in self.made:
            made = self.book.workbook.add_format()
            kept = getattr(self, look)
            made.__dict__.update({k: v for k, v in kept.__dict__.items() if k not in ("xf_index", "dxf_index")})
            made.xf_index, made.dxf_index = None, None
            made.set_quote_prefix()
            self.made[key] = made
        return self.made[key]


def widths(sheet: Worksheet, given: Mapping[int, float]) -> None:
    """Column widths, told one by one."""
    for column, width in given.items():
        sheet.set_column(column, column, width)


def wide_enough(values: Any, least: float = 8, most: float = 44) -> float:
    """A column's width for its texts: stacked Thai marks take no room."""
    return min(max([least, *(text_width(value) * 1.08 + 2 for value in values)]), most)


@lru_cache(maxsize=5_000)
def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of ``width``; Thai breaks between words, so some room is left over."""
    return sum(max(1, -(-int(text_width(part) * 1.15) // max(1, int(width)))) for part in text.split("\n"))
