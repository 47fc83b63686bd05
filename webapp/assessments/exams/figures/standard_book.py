"""A standard-setting panel as a workbook: what it came to round by round, and every judge's estimate of every question."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.exams.figures.panels import PanelAt, RoundAt
from webapp.spreadsheets.writing import Book


def workbook(at: PanelAt, facility: Mapping[int, float], *, created: dt.datetime, language: str) -> bytes:
    """The workbook's bytes."""
    target = io.BytesIO()
    name = (at.exam.name_en or at.exam.name_th) if language == "en" else at.exam.name_th
    with Book(target, created=created, title=name, language=language) as book:
        _summary(book, at, name, language)
        for one in at.closed_rounds:
            _round(book, at, one, facility)
    return target.getvalue()


def _summary(book: Book, at: PanelAt, name: str, language: str) -> None:
    sheet = book.sheet(_("สรุป"), landscape=True)
    book.text(sheet, 0, 0, name, bold=True, font_size=18)
    book.text(sheet, 1, 0, _("เกณฑ์ผ่านโดยวิธี Angoff"))
    book.text(sheet, 3, 0, _("ผู้ที่ผ่านเกณฑ์พอดี"), bold=True)
    sheet.merge_range(3, 1, 3, 6, "")
    book.text(sheet, 3, 1, at.panel.borderline, text_wrap=True, valign="top")
    sheet.set_row(3, 84)
    heads = [_("รอบที่"), _("ผู้ตัดสินที่ส่ง"), _("เกณฑ์ (ร้อยละ)"), _("ส่วนเบี่ยงเบน (ร้อยละ)"),
             _("ความคลาดเคลื่อนมาตรฐาน (ร้อยละ)"), _("ปิดเมื่อ"), _("บันทึกการหารือ")]  # fmt: skip
    rows = []
    for one in at.closed_rounds:
        if one.found is None:
            continue
        whole = float(sum(q.weight for q in at.questions))
        spread, error = (None if v is None else round(100 * v / whole, 2) for v in (one.found.spread, one.found.error))
        rows.append([one.round.number, len(one.judges), round(float(one.found.percent), 2), spread, error,
                     one.round.closed_at, one.round.note])  # fmt: skip
    last = book.table(sheet, heads, rows, top=5, widths={0: 26, 1: 14, 2: 16, 3: 18, 4: 24, 5: 22, 6: 60})
    for row, found in enumerate(at.proposals, last + 1):
        said = _("รอพิจารณา") if found.adopted is None else _("รับเป็นเกณฑ์ผ่าน") if found.adopted else _("ไม่ได้รับเป็นเกณฑ์")
        book.text(sheet, row, 0, f"{_('เสนอร้อยละ')} {thai.number(found.percent)} · {said}")
        sheet.merge_range(row, 1, row, 6, "")
        book.text(sheet, row, 1, found.reason, text_wrap=True)


def _round(book: Book, at: PanelAt, one: RoundAt, facility: Mapping[int, float]) -> None:
    sheet = book.sheet(_("รอบที่ %(number)s", number=one.round.number), landscape=True)
    heads = [_("ที่"), _("รหัส"), _("คะแนนโดยเฉลี่ยในฉบับ"), *(judge.name for judge in one.judges), _("เฉลี่ย"), _("ต่ำสุด"),
             _("สูงสุด"), _("ความง่ายจริง (ร้อยละ)")]  # fmt: skip
    rows: list[list[Any]] = []
    for place, question in enumerate(at.questions, 1):
        given = [float(value) for value in one.column(question.version_id)]
        actual = facility.get(question.version_id)
        rows.append([
            place, question.code, round(float(question.weight), 2), *given, round(sum(given) / len(given), 2), min(given),
            max(given), None if actual is None else round(100 * actual, 2),
        ])  # fmt: skip
    last = book.table(sheet, heads, rows)
    if one.found is None:
        return
    whole = sum(q.weight for q in at.questions)
    book.text(sheet, last, 1, _("เกณฑ์ (ร้อยละ)"), bold=True)
    for column, cut in enumerate(one.found.cuts, 3):
        book.cell(sheet, last, column, round(float(100 * cut / whole), 2), bold=True)
    book.cell(sheet, last, 3 + len(one.judges), round(float(one.found.percent), 2), bold=True)
    name, rows_used = sheet.get_name(), last
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series({
        "name": _("เกณฑ์ของผู้ตัดสินแต่ละคน"), "categories": [name, 0, 3, 0, 2 + len(one.judges)],
        "values": [name, rows_used, 3, rows_used, 2 + len(one.judges)], "fill": {"color": "#0A5C45"}, "gap": 60,
        "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": _("เกณฑ์ของผู้ตัดสินแต่ละคน (ร้อยละ)")})
    chart.set_y_axis({"min": 0, "max": 100})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 340})
    sheet.insert_chart(last + 2, 1, chart, {"object_position": 2, "description": _("เกณฑ์ของผู้ตัดสินแต่ละคน")})
