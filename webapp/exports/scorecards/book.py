"""The workbook put together: sheets made in reading order, then written so that every formula finds its cells."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from xlsxwriter.worksheet import Worksheet

from webapp import thai
from webapp.exports.scorecards.attendance_sheet import AttendanceSheet
from webapp.exports.scorecards.component_sheets import ComponentSheet
from webapp.exports.scorecards.figures import Figures, write_figures
from webapp.exports.scorecards.gathering import words
from webapp.exports.scorecards.layout import MOST_OFFICER_SHEETS, Looks, PlainFormulas, here, unique_tab
from webapp.exports.scorecards.material import Material
from webapp.exports.scorecards.officer_sheets import OfficerSheets
from webapp.exports.scorecards.ranking_sheet import FIRST, RankingSheet
from webapp.exports.scorecards.saying import _
from webapp.exports.scorecards.statistics_sheet import write_statistics
from webapp.exports.scorecards.summary import MOST_BARS, ROW, Summary
from webapp.language import language
from webapp.spreadsheets.writing import Book

Report = Callable[[int, str], None]


def _silent(_per_cent: int, _step: str) -> None:
    """Nobody asked how far it is."""


def workbook(material: Material, report: Report = _silent) -> bytes:
    """The cohort's scorecards, or one officer's where the material is of one alone."""
    target = io.BytesIO()
    write(target, material, report)
    return target.getvalue()


def write(target: Any, material: Material, report: Report = _silent) -> None:
    """Write the workbook to ``target`` (a path or a file)."""
    title = _("ใบคะแนน %(cohort)s", cohort=words(material.cohort))
    with Book(target, created=material.made_at, title=title, language=language()) as book:
        _Assembly(book, material, title, report).write()


def figures_workbook(figures: Figures, title: str, made_at: dt.datetime, head: tuple[int, str]) -> bytes:
    """The figures of more officers than can have a sheet each, on one sheet, written row by row."""
    target = io.BytesIO()
    with Book(target, created=made_at, title=title, language=language(), constant_memory=True) as book:
        sheet = book.sheet(_("การจัดลำดับ"), landscape=True)
        rows = write_figures(book, sheet, figures.headings, figures.rows())
        sheet.autofilter(0, 0, max(1, rows), len(figures.headings) - 1)
        book.header(sheet, title, _("การจัดลำดับ ณ ขณะนี้ ยังไม่ตรึงผล"))
        book.footer(sheet, footing(head, made_at))
    return target.getvalue()


def footing(head: tuple[int, str], made_at: dt.datetime) -> str:
    """The printed foot of every sheet: the head of the audit chain and the time."""
    return _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=head[0], head=head[1], when=thai.moment(made_at))


class _Assembly:
    """The sheets of one workbook, and the tabs by which they name each other."""

    def __init__(self, book: Book, material: Material, title: str, report: Report) -> None:
        self.book, self.material, self.title, self.report = book, material, title, report
        self.looks = Looks(book, material.decimals)
        book.workbook.worksheet_class = PlainFormulas
        self.foot = footing(material.audit_head, material.made_at)

    def _sheet(self, wanted: str, *, landscape: bool = True, one_page: bool = False) -> Worksheet:
        sheet = self.book.sheet(unique_tab(self.book, wanted), landscape=landscape)
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW)
        if one_page:
            sheet.fit_to_pages(1, 1)
        self.book.header(sheet, self.title, _("ใบคะแนน"))
        self.book.footer(sheet, self.foot)
        return sheet

    def write(self) -> None:
        m, looks = self.material, self.looks
        self.report(5, _("เขียนแผ่นสรุป"))
        top = self._sheet(_("สรุป"))
        ranking_sheet = None if m.alone else self._sheet(_("การจัดลำดับ"))
        component_tabs = [
            self._sheet(f"{n} {c.name}", landscape=bool(c.criteria) or len(c.members) > 2)
            for n, c in enumerate(m.components, start=1)
        ]
        attendance_sheet = self._sheet(_("เวลาเรียนและชั่วโมง"))
        own = m.persons if len(m.persons) <= MOST_OFFICER_SHEETS else ()
        sheets = {p.officer_no: self._sheet(p.officer_no, landscape=False, one_page=True) for p in own}
        tabs = {number: sheet.get_name() for number, sheet in sheets.items()}
        if not m.alone and m.ranked:
            write_statistics(self._sheet(_("การกระจายของคะแนน")), looks, m)
        data = None if m.alone or not m.ranked else self._sheet(_("ข้อมูลแผนภูมิ"))
        summary = Summary(self.book, looks, m, top)
        summary.write()
        parts = [ComponentSheet(looks, m, component, sheet, summary.places)
                 for component, sheet in zip(m.components, component_tabs, strict=True)]  # fmt: skip
        for number, part in enumerate(parts):
            self.report(10 + 20 * number // max(1, len(parts)), part.component.name)
            part.write()
        attendance = AttendanceSheet(looks, m, attendance_sheet, summary.places)
        attendance.write()
        ranking = None
        if ranking_sheet is not None:
            ranking = RankingSheet(looks, m, ranking_sheet, summary.places, parts)
            ranking.write(tabs)
        officers = OfficerSheets(self.book, looks, m, summary.places, parts, attendance, ranking)
        for index, person in enumerate(own):
            officers.write(sheets[person.officer_no], index, person)
            self.report(30 + 50 * index // len(own), person.name)
        self._links(summary, parts)
        if data is not None and ranking is not None:
            self._chart_data(data, ranking)
            summary.chart(data)
        self.report(85, _("จัดเก็บไฟล์"))
        top.activate()

    def _links(self, summary: Summary, parts: list[ComponentSheet]) -> None:
        """From each component of the weights table to its marks."""
        for part in parts:
            row = summary.places.weight_rows[part.component.code]
            summary.sheet.write_url(row, 0, f"internal:'{part.tab}'!A1", self.looks.link_wrap, part.component.name)

    def _chart_data(self, sheet: Worksheet, ranking: RankingSheet) -> None:
        """What the chart draws: composites within and after the line, and a row between them for the line itself."""
        looks, m = self.looks, self.material
        heads = (_("ลำดับและชื่อ"), _("อยู่ในรายชื่อ"), _("ลำดับถัดไป"), _("เส้น"), _("ความยาวของเส้น"))
        for column, head in enumerate(heads):
            looks.text(sheet, 0, column, head, "head" if not column else "head_right")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 4, 16)
        ranked = m.persons[: m.ranked][:MOST_BARS]
        listed = sum(person.shortlisted for person in ranked)
        line = _("เส้นหลังลำดับที่ %(size)s", size=m.size)
        row = 1
        for index, person in enumerate(ranked):
            if index == listed:
                row = self._line_row(sheet, row, line)
            sheet.write_string(row, 0, f"{person.rank}  {person.name}", looks.plain)
            cell = f"='{ranking.tab}'!{here(FIRST + index, ranking.composite, fixed=True)}"
            column = 1 if person.shortlisted else 2
            sheet.write_formula(row, column, cell, looks.points, float(person.composite))
            row += 1
        if listed == len(ranked):
            self._line_row(sheet, row, line)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)

    def _line_row(self, sheet: Worksheet, row: int, words: str) -> int:
        sheet.write_string(row, 0, words, self.looks.plain)
        sheet.write_number(row, 3, 0, self.looks.whole)
        sheet.write_number(row, 4, 100, self.looks.whole)
        return row + 1
