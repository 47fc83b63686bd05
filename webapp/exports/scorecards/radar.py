"""The radar of competencies as a chart of the workbook, so that it redraws when a rating is changed."""

from typing import Any

from webapp.exports.scorecards.layout import GREEN, SOFT
from webapp.exports.scorecards.saying import _
from webapp.spreadsheets.writing import Book


def radar(book: Book, tab: str, first: int, last: int, *, rated: int, expected: int, width: int = 940) -> Any:
    """A native radar of ratings (column ``rated``) against expected levels, by the competencies of column A."""
    font = {"name": book.font, "size": 11, "color": "#1F2937"}
    chart = book.workbook.add_chart({"type": "radar"})
    chart.add_series({"name": _("ระดับที่คาดหวัง"), "categories": [tab, first, 0, last, 0],
                      "values": [tab, first, expected, last, expected],
                      "line": {"color": SOFT, "width": 1.75, "dash_type": "dash"}})  # fmt: skip
    chart.add_series({"name": _("ผลการประเมิน"), "categories": [tab, first, 0, last, 0],
                      "values": [tab, first, rated, last, rated], "line": {"color": GREEN, "width": 2.5},
                      "marker": {"type": "circle", "size": 6, "fill": {"color": GREEN}, "border": {"color": GREEN}}})  # fmt: skip
    chart.set_y_axis({"min": 0, "max": 5, "major_unit": 1, "num_font": {**font, "size": 9, "color": "#6B7280"},
                      "major_gridlines": {"visible": True, "line": {"color": "#D1D5DB"}}})  # fmt: skip
    chart.set_x_axis({"num_font": font})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": width, "height": 420})
    return chart
