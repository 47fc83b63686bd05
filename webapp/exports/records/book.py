"""The record as a workbook: who this is on the first sheet, then one sheet per kind of fact, every line with its source."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from webapp import thai
from webapp.exports.records.material import RecordMaterial
from webapp.exports.records.sections import Section, facts_of, headed, is_figure, sections, source_cells
from webapp.exports.scorecards.layout import Looks, decimal_format, lines_needed, unique_tab, wide_enough
from webapp.exports.scorecards.radar import radar
from webapp.exports.scorecards.summary import ROW
from webapp.language import language
from webapp.records.pictures import words
from webapp.records.record import Name
from webapp.spreadsheets.writing import Book

MOST_WIDE = 52


def workbook(material: RecordMaterial) -> bytes:
    """The workbook's bytes."""
    target = io.BytesIO()
    title = _("ประวัติการพัฒนา %(name)s", name=_name(material))
    with Book(target, created=material.made_at, title=title, language=language()) as book:
        _RecordBook(book, material, title).write()
    return target.getvalue()


def _name(material: RecordMaterial) -> str:
    person = material.record.person
    return words(Name("", person.name_th, person.name_en))


class _RecordBook:
    def __init__(self, book: Book, material: RecordMaterial, title: str) -> None:
        self.book, self.material, self.title = book, material, title
        self.looks = Looks(book, 2)
        length, head = material.audit_head
        self.foot = _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=length, head=head,
                      when=thai.moment(material.made_at))  # fmt: skip

    def _sheet(self, name: str, *, landscape: bool = True) -> Worksheet:
        sheet = self.book.sheet(unique_tab(self.book, name), landscape=landscape)
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW)
        self.book.header(sheet, self.title)
        self.book.footer(sheet, self.foot)
        return sheet

    def write(self) -> None:
        found = list(sections(self.material))
        top = self._sheet(_("สรุป"), landscape=False)
        top.fit_to_pages(1, 1)
        tabs = [self._table(section) for section in found]
        self._first(top, found, tabs)

    def _first(self, sheet: Worksheet, found: Sequence[Section], tabs: Sequence[Worksheet]) -> None:
        looks = self.looks
        sheet.set_column(0, 0, 62)
        sheet.set_column(1, 3, 18)
        sheet.set_row(0, 32)
        looks.text(sheet, 0, 0, _name(self.material), "title")
        looks.text(sheet, 1, 0, _("ประวัติการพัฒนา ทุกรายการมีที่มา"), "lead")
        row = 3
        for label, value in facts_of(self.material):
            looks.text(sheet, row, 0, label, "label")
            sheet.merge_range(row, 1, row, 3, "", looks.value)
            looks.text(sheet, row, 1, value, "value")
            sheet.set_row(row, ROW * lines_needed(value, 54))
            row += 1
        row += 1
        for column, head in enumerate((_("แผ่นงาน"), _("รายการ"))):
            looks.text(sheet, row, column, head, "head_right" if column else "head")
        for section, tab in zip(found, tabs, strict=True):
            row += 1
            label = f"{section.of} · {section.title}" if section.of and section.of != section.title else section.title
            sheet.write_url(row, 0, f"internal:'{tab.get_name()}'!A1", looks.link_wrap, label)
            sheet.set_row(row, ROW * lines_needed(label, 62))
            sheet.write_number(row, 1, len(section.rows), looks.whole)
        self._competencies(sheet, row + 2)

    def _table(self, section: Section) -> Worksheet:
        looks, heads = self.looks, headed(section)
        title = f"{section.title} {section.of}" if section.of and section.of != section.title else section.title
        sheet = self._sheet(section.title)
        sheet.set_row(0, 32)
        looks.text(sheet, 0, 0, title, "title")
        looks.text(sheet, 1, 0, section.lead, "lead")
        own = len(section.headings)
        for column, head in enumerate(heads):
            right = column < own and is_figure(section, column)
            looks.text(sheet, 3, column, head, "head_right" if right else "head")
        sheet.set_row(3, ROW * 2)
        for row, line in enumerate(section.rows, start=4):
            for column, value in enumerate((*line.cells, *source_cells(line.source))):
                self._cell(sheet, row, column, value)
        if not section.rows:
            looks.text(sheet, 4, 0, _("ยังไม่มี"), "lead")
        for column, head in enumerate(heads):
            values = [(*line.cells, *source_cells(line.source))[column] for line in section.rows]
            sheet.set_column(column, column, wide_enough((head, *values), 11, MOST_WIDE))
        sheet.freeze_panes(4, 1)
        sheet.repeat_rows(3)
        if section.rows:
            sheet.autofilter(3, 0, 3 + len(section.rows), len(heads) - 1)
        return sheet

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        look: dict[str, Any] = {"bottom": 1, "bottom_color": "#C9D3CC", "indent": 1}
        if isinstance(value, Decimal):
            places = max(0, -int(value.as_tuple().exponent))
            look = {**look, "indent": 0, "align": "right", "num_format": decimal_format(places)}
            sheet.write_number(row, column, value, self.book.format(**look))
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.looks.whole)
        elif isinstance(value, str):
            self.looks.text(sheet, row, column, value, "wrap")
        else:
            self.book.cell(sheet, row, column, value, **look)

    def _competencies(self, sheet: Worksheet, row: int) -> None:
        """The latest rating of each competency against the post's expected level, and the radar of it."""
        m, looks = self.material, self.looks
        if not m.expected or m.post is None:
            return
        latest = m.record.latest_ratings(m.today)
        post = words(Name(m.post.code, m.post.name_th, m.post.name_en))
        looks.text(sheet, row, 0, _("สมรรถนะเทียบกับระดับที่คาดหวังของ%(post)s", post=post), "section")
        for column in (1, 2, 3):
            looks.text(sheet, row, column, "", "section")
        for column, head in enumerate((_("สมรรถนะ"), _("ผลการประเมิน"), _("ระดับที่คาดหวัง"), _("ประเมินเมื่อ"))):
            looks.text(sheet, row + 1, column, head, "head_right" if column in (1, 2) else "head")
        first = row + 2
        for place, expected in enumerate(m.expected, start=first):
            known, rated = m.known.get(expected["competency"]), latest.get(expected["competency"])
            label = expected["competency"] if known is None else words(Name(known.code, known.name_th, known.name_en))
            looks.text(sheet, place, 0, label, "plain")
            if rated is None:
                looks.text(sheet, place, 1, _("ยังไม่มี"), "soft")
                looks.text(sheet, place, 3, "", "plain")
            else:
                sheet.write_number(place, 1, rated.rating, looks.whole)
                sheet.write_datetime(place, 3, rated.rated_on, looks.day)
            level = expected.get("expected_level")
            if level is None:
                looks.text(sheet, place, 2, "—", "soft")
            else:
                sheet.write_number(place, 2, level, looks.whole)
        last = first + len(m.expected) - 1
        if len(m.expected) >= 3:
            chart = radar(self.book, sheet.get_name(), first, last, rated=1, expected=2, width=820)
            sheet.insert_chart(last + 2, 0, chart, {"object_position": 2})
