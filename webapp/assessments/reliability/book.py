"""Agreement as sheets of a workbook: the figures, the severity of each assessor with its chart, and the marks behind them."""

from typing import Any

from flask_babel import gettext as _

from webapp.assessments.reliability.words import MODEL_WORDS, confidence, level_words, refusal_words, shown
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.reliability import Reliability
from webapp.spreadsheets.writing import Book

GREEN = "#0A5C45"
AMBER = "#A85B00"


def write(book: Book, title: str, found: Reliability, *, with_marks: bool) -> None:
    """Add the sheets to a book; the marks name people, so whether they go along is the caller's to say."""
    _figures(book, title, found)
    if any(one is not None for one in found.severity):
        _severity(book, found)
    if with_marks:
        _marks(book, found)


def _figures(book: Book, title: str, found: Reliability) -> None:
    sheet = book.sheet(_("ความสอดคล้อง"), landscape=True)
    book.text(sheet, 0, 0, title, bold=True, font_size=18)
    order, share = found.concordance, found.within
    rows: list[tuple[str, Any]] = [
        (_("ผู้ถูกประเมิน"), found.people), (_("จำนวนผู้ประเมิน"), len(found.assessors)),
        (_("ต่างกันไม่เกินหนึ่งคะแนน (ร้อยละ)"), refusal_words(share) if isinstance(share, Refusal) else 100 * share),
        (_("การเรียงลำดับตรงกัน (Kendall’s W)"), refusal_words(order) if isinstance(order, Refusal) else order),
    ]  # fmt: skip
    for row, (label, value) in enumerate(rows, 2):
        book.text(sheet, row, 0, label)
        book.cell(sheet, row, 1, value, align="left", **({"num_format": "0.00"} if isinstance(value, float) else {}))
    top = len(rows) + 3
    if isinstance(found.correlations, Refusal):
        book.text(sheet, top, 0, _("สหสัมพันธ์ภายในชั้น (ICC)"))
        book.text(sheet, top, 1, refusal_words(found.correlations))
    else:
        heads = [
            _("แบบ"),
            _("ค่า"),
            _("ช่วงความเชื่อมั่นร้อยละ %(width)s: ต่ำ", width=confidence()),
            _("สูง"),
            _("จัดว่า"),
            _("ความหมาย"),
        ]
        for column, words in enumerate(heads):
            sheet.write_string(top, column, words, book.heading())
        for row, one in enumerate(found.correlations, top + 1):
            book.text(sheet, row, 0, one.model)
            for column, value in enumerate((one.value, one.low, one.high), 1):
                book.cell(sheet, row, column, value, num_format="0.000")
            book.text(sheet, row, 4, level_words(one.value))
            book.text(sheet, row, 5, str(MODEL_WORDS[one.model]), text_wrap=True)
        words = shown(found)
        for row, text in enumerate((words.reading, words.warning), top + 8):
            book.text(sheet, row, 0, text)
    for column, width in enumerate((40, 14, 22, 12, 12, 64)):
        sheet.set_column(column, column, width)


def _severity(book: Book, found: Reliability) -> None:
    sheet = book.sheet(_("ความเข้มงวด"))
    pairs = [(name, one) for name, one in zip(found.assessors, found.severity, strict=True) if one is not None]
    pairs.sort(key=lambda pair: (pair[1].difference, pair[0]))
    rows = [[name, round(one.difference, 4), one.people] for name, one in pairs]
    heads = [_("กรรมการ"), _("ต่างจากคนอื่น (คะแนน)"), _("ผู้ที่ประเมินร่วมกัน (คน)")]
    last = book.table(sheet, heads, rows, widths={0: 36})
    name = sheet.get_name()
    chart = book.workbook.add_chart({"type": "bar"})
    chart.add_series({
        "name": heads[1], "categories": [name, 1, 0, last - 1, 0], "values": [name, 1, 1, last - 1, 1], "gap": 40,
        "fill": {"color": GREEN}, "invert_if_negative": True, "invert_if_negative_color": AMBER,
        "data_labels": {"value": True, "num_format": "0.00"},
    })  # fmt: skip
    chart.set_title({"name": _("ความเข้มงวดของกรรมการแต่ละคน")})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 720, "height": 120 + 44 * len(rows)})
    words = {"description": _("ความเข้มงวดของกรรมการแต่ละคน")}
    sheet.insert_chart(last + 1, 0, chart, {"object_position": 2, **words})


def _marks(book: Book, found: Reliability) -> None:
    sheet = book.sheet(_("คะแนนที่ใช้คำนวณ"), landscape=len(found.assessors) > 4)
    rows = [
        [name, *(None if mark is None else float(mark) for mark in marks)]
        for name, marks in zip(found.ratings.ratees, found.ratings.rows, strict=True)
    ]
    book.table(sheet, [_("ผู้ถูกประเมิน"), *found.assessors], rows)
