"""The figures of an exam as a workbook: the exam, its questions, the choices, and the spread of scores with its chart."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from webapp.assessments.bank.words import TYPE_WORDS
from webapp.assessments.exams.figures.queries import ExamFigures, ItemFigures
from webapp.assessments.exams.figures.words import ADVICE, refusal_words
from webapp.assessments.exams.models import Exam
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.test_theory import Question, Whole
from webapp.spreadsheets.writing import Book

GREEN = "#0A5C45"
AMBER = "#A85B00"
Said = Callable[[Any, str], str]


def workbook(exam: Exam, found: ExamFigures, *, created: dt.datetime, language: str, choice_words: Said) -> bytes:
    """The workbook's bytes. It names no candidate."""
    target = io.BytesIO()
    name = (exam.name_en or exam.name_th) if language == "en" else exam.name_th
    with Book(target, created=created, title=name, language=language) as book:
        _summary(book, name, found)
        _questions(book, found, language)
        if any(item.chosen for item in found.items):
            _choices(book, found, language, choice_words)
        if found.bars:
            _spread(book, found)
    return target.getvalue()


def _summary(book: Book, name: str, found: ExamFigures) -> None:
    sheet = book.sheet(_("ทั้งฉบับ"))
    book.text(sheet, 0, 0, name, bold=True, font_size=18)
    rows: list[tuple[str, Any]] = [
        (_("ผู้สอบที่นับ"), found.people), (_("ยังไม่จบการสอบ"), found.unfinished), (_("รอตรวจข้อเขียน"), found.waiting),
        (_("ข้อสอบ"), len(found.items)), (_("ข้อที่ตัดออก"), found.void),
    ]  # fmt: skip
    if found.cut is not None:
        rows += [(_("เกณฑ์ผ่าน (ร้อยละ)"), float(found.cut)), (_("ผ่านเกณฑ์ (คน)"), found.passed)]
    if isinstance(found.whole, Whole):
        whole = found.whole
        rows += [(_("ค่าเฉลี่ย (คะแนน)"), whole.mean), (_("ส่วนเบี่ยงเบนมาตรฐาน (คะแนน)"), whole.deviation),
                 (_("แอลฟาของครอนบาค"), _or_words(whole.alpha)),
                 *([("KR-20", whole.kuder_richardson)] if whole.kuder_richardson is not None else []),
                 (_("ความคลาดเคลื่อนมาตรฐานของการวัด (คะแนน)"), whole.error)]  # fmt: skip
    else:
        rows.append((_("ความเที่ยง"), refusal_words(found.whole)))
    if found.few:
        rows.append((_("ข้อควรระวัง"), _("จำนวนผู้สอบน้อย ค่าทุกค่าเปลี่ยนได้มากหากสอบใหม่")))
    for row, (label, value) in enumerate(rows, 2):
        book.text(sheet, row, 0, label)
        look = {"num_format": "0.00"} if isinstance(value, float) else {}
        book.cell(sheet, row, 1, value, align="left", **look)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 60)


def _or_words(value: float | Refusal) -> Any:
    return refusal_words(value) if isinstance(value, Refusal) else value


def _questions(book: Book, found: ExamFigures, language: str) -> None:
    sheet = book.sheet(_("รายข้อ"), landscape=True)
    heads = [_("รหัส"), _("รุ่นที่"), _("ชื่อข้อสอบ"), _("ชนิด"), _("คะแนนเต็ม"), _("ผู้ที่ได้ข้อนี้"), _("ความง่าย"),
             _("สหสัมพันธ์กับส่วนที่เหลือ"), _("อำนาจจำแนก (กลุ่มสูง − กลุ่มต่ำ)"), _("ข้อแนะนำ")]  # fmt: skip
    rows = [_question_row(item, language) for item in found.items]
    last = book.table(sheet, heads, rows, widths={2: 44, 7: 18, 8: 20, 9: 60})
    if not rows:
        return
    name = sheet.get_name()
    chart = book.workbook.add_chart({"type": "scatter"})
    chart.add_series({
        "name": _("ข้อสอบ"), "categories": [name, 1, 6, last - 1, 6], "values": [name, 1, 8, last - 1, 8],
        "marker": {"type": "circle", "size": 7, "fill": {"color": GREEN}, "border": {"color": GREEN}},
    })  # fmt: skip
    chart.set_title({"name": _("ความง่ายกับอำนาจจำแนก")})
    chart.set_x_axis({"name": _("ความง่าย"), "min": 0, "max": 1})
    chart.set_y_axis({"name": _("อำนาจจำแนก"), "min": -1, "max": 1, "crossing": -1})
    chart.set_legend({"none": True})
    chart.set_size({"width": 720, "height": 420})
    sheet.insert_chart(last + 1, 0, chart, {"object_position": 2, "description": _("ความง่ายกับอำนาจจำแนก")})


def _question_row(item: ItemFigures, language: str) -> list[Any]:
    name = item.name_en if language == "en" else item.name_th
    row: list[Any] = [item.code, item.number, name, str(TYPE_WORDS[item.document["type"]]), item.full, item.people]
    if not isinstance(item.figures, Question):
        return [*row, None, None, None, refusal_words(item.figures)]
    figures = item.figures
    advice = " · ".join(str(ADVICE[code]) for code in figures.advice)
    return [*row, *(_rounded(v) for v in (figures.facility, figures.rest_correlation, figures.discrimination)), advice]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _choices(book: Book, found: ExamFigures, language: str, choice_words: Said) -> None:
    sheet = book.sheet(_("ตัวเลือก"), landscape=True)
    heads = [_("รหัส"), _("ชื่อข้อสอบ"), _("ตัวเลือก"), _("ได้คะแนน"), _("เลือก (คน)"), _("สัดส่วน"), _("กลุ่มสูง"), _("กลุ่มต่ำ"),
             _("ข้อแนะนำ")]  # fmt: skip
    rows = [
        [item.code, item.name_en if language == "en" else item.name_th, choice_words(item.document, name),
         _("ใช่") if right else "", choice.taken, round(choice.share, 4), round(choice.upper, 4), round(choice.lower, 4),
         " · ".join(str(ADVICE[code]) for code in choice.advice)]
        for item in found.items for name, right, choice in item.chosen
    ]  # fmt: skip
    book.table(sheet, heads, rows, widths={1: 40, 2: 50, 8: 50})


def _spread(book: Book, found: ExamFigures) -> None:
    sheet: Worksheet = book.sheet(_("การกระจาย"))
    rows = [[f"{low:g} – {high:g}", count] for low, high, count in found.bars]
    last = book.table(sheet, [_("คะแนน (ร้อยละ)"), _("จำนวนคน")], rows)
    if found.cut is not None:
        book.text(sheet, last + 1, 0, _("เกณฑ์ผ่าน (ร้อยละ)"))
        book.cell(sheet, last + 1, 1, float(found.cut))
    name = sheet.get_name()
    cut = None if found.cut is None else float(found.cut)
    points = [{"fill": {"color": AMBER if cut is not None and high <= cut else GREEN}} for _low, high, _n in found.bars]
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series({
        "name": _("จำนวนคน"), "categories": [name, 1, 0, last - 1, 0], "values": [name, 1, 1, last - 1, 1], "gap": 8,
        "points": points, "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": _("การกระจายของคะแนน")})
    chart.set_legend({"none": True})
    chart.set_size({"width": 720, "height": 380})
    sheet.insert_chart(0, 3, chart, {"object_position": 2, "description": _("การกระจายของคะแนน")})
