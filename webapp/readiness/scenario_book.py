"""A saved scenario as a workbook: what was asked, the funnel, a curve per number, the pair and the groups.

Differences, shares and ratios are formulas over the frozen counts, so that a reader can follow each; on the sheet of the
numbers a cell asks for another value and the pool is looked up in the curve.
"""

from typing import Any

from flask_babel import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell as cell
from xlsxwriter.worksheet import Worksheet

from webapp.careers.models import Post
from webapp.careers.words import in_language
from webapp.readiness import words
from webapp.readiness.models import Scenario
from webapp.spreadsheets.writing import Book

GREEN = "#0a5c45"


def write(target: Any, post: Post, saved: Scenario, *, language: str, footer: str) -> None:
    """Write the workbook of a scenario."""
    with Book(target, created=saved.made_at, title=saved.name, language=language) as book:
        for name, make in (
            (_("ฉากทัศน์"), _summary), (_("กรวยของเกณฑ์"), _funnel), (_("ตัวเลข"), _curves), (_("สองเกณฑ์พร้อมกัน"), _grid),
            (_("กลุ่มต่าง ๆ"), _groups),
        ):  # fmt: skip
            sheet = book.sheet(name, landscape=True)
            book.header(sheet, f"{in_language(post)} · {saved.name}")
            book.footer(sheet, footer)
            make(book, sheet, post, saved)


def _summary(book: Book, sheet: Worksheet, post: Post, saved: Scenario) -> None:
    """Who, when, why, which day and version, and the figures against the seats to fill."""
    found = saved.figures
    facts = [
        (_("ตำแหน่ง"), in_language(post)), (_("ชื่อฉากทัศน์"), saved.name), (_("เหตุผล"), saved.reason), (_("ณ วันที่"), saved.as_of),
        (_("ฉบับของแบบสังเขปฯ"), saved.profile_version), (_("บันทึกโดย"), saved.made_by), (_("บันทึกเมื่อ"), saved.made_at),
    ]  # fmt: skip
    for row, (label, value) in enumerate(facts):
        book.text(sheet, row, 0, label, bold=True)
        book.cell(sheet, row, 1, value, **({"text_wrap": True} if isinstance(value, str) else {}))
    row = _numbers(book, sheet, len(facts) + 1, found["numbers"]) + 1
    _heads(book, sheet, row, [_("รายการ"), _("คน"), _("ต่างจากเกณฑ์")])
    book.text(sheet, row + 1, 0, _("เข้าเกณฑ์ตามตัวเลขตามเกณฑ์"))
    book.number(sheet, row + 1, 1, found["passing_before"])
    book.text(sheet, row + 2, 0, _("ผ่านครบทุกเกณฑ์"))
    book.number(sheet, row + 2, 1, found["passing"])
    change = f"={cell(row + 2, 1)}-{cell(row + 1, 1)}"
    sheet.write_formula(
        row + 2, 2, change, book.format(num_format="+#,##0;-#,##0;0"), found["passing"] - found["passing_before"]
    )
    _vacancies(book, sheet, row + 4, cell(row + 2, 1, True, True), found)
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 4, 18)


def _numbers(book: Book, sheet: Worksheet, top: int, numbers: list[dict[str, Any]]) -> int:
    """The numbers asked about beside those of the criteria; returns the row after them."""
    _heads(book, sheet, top, [_("เกณฑ์"), _("ตัวเลขในฉากทัศน์"), _("ตามเกณฑ์"), _("หน่วย")])
    for row, one in enumerate(numbers, top + 1):
        book.text(sheet, row, 0, in_language(one))
        for column, value in ((1, one["value"]), (2, one["own"])):
            sheet.write_number(row, column, float(value), book.format(num_format="0.##"))
        book.text(sheet, row, 3, words.unit_of(one["kind"]))
    return top + 1 + len(numbers)


def _vacancies(book: Book, sheet: Worksheet, top: int, pool: str, found: dict[str, Any]) -> None:
    """Seats to fill per fiscal year, their running total, and candidates per seat as formulas."""
    years = found["vacancies"]
    if not years:
        book.text(sheet, top, 0, _("ยังไม่ได้กำหนดอัตราของตำแหน่งนี้ จึงเทียบกับอัตราว่างไม่ได้"))
        return
    _heads(book, sheet, top, [_("ปีงบประมาณ"), _("เกษียณ"), _("ต้องบรรจุ"), _("สะสม"), _("ผู้ผ่านเกณฑ์วันนี้ต่ออัตราสะสม")])
    total = 0
    for row, (year, retiring, open_) in enumerate(years, top + 1):
        total += open_
        sheet.write_number(row, 0, year, book.format(num_format="0", align="left"))
        book.number(sheet, row, 1, retiring)
        book.number(sheet, row, 2, open_)
        sheet.write_formula(
            row, 3, f"=SUM({cell(top + 1, 2, True)}:{cell(row, 2)})", book.format(num_format="#,##0"), total
        )
        share = found["passing"] / total if total else ""
        sheet.write_formula(
            row, 4, f'=IF({cell(row, 3)}=0,"",{pool}/{cell(row, 3)})', book.format(num_format="0.0"), share
        )


def _funnel(book: Book, sheet: Worksheet, _post: Post, saved: Scenario) -> None:
    """Left after each criterion; what each takes away is a formula."""
    found = saved.figures
    _heads(book, sheet, 0, [_("เกณฑ์"), _("เหลือถึงข้อนี้"), _("ตัดออก"), _("ผ่านข้อนี้"), _("ติดเฉพาะข้อนี้")])
    book.text(sheet, 1, 0, _("พิจารณาทั้งหมด"))
    book.number(sheet, 1, 1, found["evaluated"])
    before = found["evaluated"]
    for row, one in enumerate(found["stages"], 2):
        book.text(sheet, row, 0, f"{row - 1}. {in_language(one)}", text_wrap=True)
        book.number(sheet, row, 1, one["left"])
        sheet.write_formula(
            row, 2, f"={cell(row - 1, 1)}-{cell(row, 1)}", book.format(num_format="#,##0"), before - one["left"]
        )
        book.number(sheet, row, 3, one["met"])
        book.number(sheet, row, 4, one["sole_blocker"])
        before = one["left"]
    sheet.set_column(0, 0, 70)
    sheet.set_column(1, 4, 16)
    last, name = len(found["stages"]) + 1, sheet.get_name()
    chart = book.workbook.add_chart({"type": "bar"})
    chart.add_series({
        "name": _("เหลือถึงข้อนี้"), "categories": [name, 1, 0, last, 0], "values": [name, 1, 1, last, 1],
        "fill": {"color": GREEN}, "data_labels": {"value": True}, "gap": 40,
    })  # fmt: skip
    chart.set_title({"name": _("กรวยของเกณฑ์")})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 120 + 60 * last})
    sheet.insert_chart(last + 2, 0, chart, {"description": _("กรวยของเกณฑ์")})


def _curves(book: Book, sheet: Worksheet, _post: Post, saved: Scenario) -> None:
    """A table and a line per number, and a cell that asks for another value."""
    name, top = sheet.get_name(), 0
    for one in saved.figures["curves"]:
        points = one["points"]
        unit = words.unit_of(one["kind"])
        book.text(sheet, top, 0, in_language(one), bold=True)
        _heads(book, sheet, top + 1, [unit, _("ผ่านครบ (คน)"), _("ต่างจากค่าที่ใช้")])
        first, last = top + 2, top + 1 + len(points)
        pools = dict(points)
        for row, (value, pool) in enumerate(points, first):
            sheet.write_number(row, 0, float(value), book.format(num_format="0.##", bold=value == one["now"]))
            book.number(sheet, row, 1, pool)
            own = f"INDEX({_span(first, last, 1)},MATCH({float(one['now']):g},{_span(first, last, 0)},0))"
            change = pool - pools[one["now"]]
            sheet.write_formula(row, 2, f"={cell(row, 1)}-{own}", book.format(num_format="+#,##0;-#,##0;0"), change)
        _ask(book, sheet, top, (first, last), one)
        chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
        chart.add_series({
            "name": in_language(one), "categories": [name, first, 0, last, 0], "values": [name, first, 1, last, 1],
            "line": {"color": GREEN}, "marker": {"type": "circle", "fill": {"color": GREEN}, "border": {"color": GREEN}},
        })  # fmt: skip
        chart.set_x_axis({"name": unit})
        chart.set_y_axis({"name": _("ผ่านครบ (คน)"), "min": 0})
        chart.set_legend({"none": True})
        chart.set_size({"width": 560, "height": 300})
        sheet.insert_chart(top + 1, 7, chart, {"description": in_language(one)})
        top = max(last, top + 16) + 2
    sheet.set_column(0, 2, 18)
    sheet.set_column(4, 5, 24)


def _ask(book: Book, sheet: Worksheet, top: int, rows: tuple[int, int], one: dict[str, Any]) -> None:
    """The cell that asks for another value, and the pool looked up for it."""
    values, pools = _span(*rows, 0), _span(*rows, 1)
    book.text(sheet, top + 1, 4, _("ถ้าตัวเลขเป็น"), bold=True)
    own = float(one["now"])
    sheet.write_number(top + 1, 5, own, book.format(num_format="0.##", bg_color="#FBEED2", border=1))
    sheet.data_validation(top + 1, 5, top + 1, 5, {"validate": "list", "source": f"={values}"})
    book.text(sheet, top + 2, 4, _("ผ่านครบ (คน)"), bold=True)
    answer = next(pool for value, pool in one["points"] if value == one["now"])
    sheet.write_formula(
        top + 2, 5, f"=INDEX({pools},MATCH({cell(top + 1, 5)},{values},0))", book.format(num_format="#,##0"), answer
    )


def _grid(book: Book, sheet: Worksheet, _post: Post, saved: Scenario) -> None:
    """Two numbers together, shaded by Excel itself."""
    grid = saved.figures["grid"]
    if grid is None:
        book.text(sheet, 0, 0, _("เกณฑ์ของตำแหน่งนี้มีตัวเลขให้เปลี่ยนไม่ถึงสองข้อ"))
        return
    book.text(sheet, 0, 0, _("แถว: %(name)s", name=in_language(grid["first"])))
    book.text(sheet, 1, 0, _("คอลัมน์: %(name)s", name=in_language(grid["second"])))
    for column, value in enumerate(grid["columns"], 1):
        sheet.write_number(3, column, float(value), book.heading(num_format="0.##"))
    for row, (value, pools) in enumerate(zip(grid["rows"], grid["pools"], strict=True), 4):
        sheet.write_number(row, 0, float(value), book.heading(num_format="0.##"))
        for column, pool in enumerate(pools, 1):
            book.number(sheet, row, column, pool)
    last = 3 + len(grid["rows"])
    sheet.conditional_format(4, 1, last, len(grid["columns"]), {
        "type": "2_color_scale", "min_color": "#FBE3DC", "max_color": "#8DBBA7",
    })  # fmt: skip


def _groups(book: Book, sheet: Worksheet, _post: Post, saved: Scenario) -> None:
    """Groups with their share and ratio as formulas; small groups stay hidden as they were."""
    top = 0
    for by, title in words.group_titles():
        _heads(book, sheet, top, [title, _("พิจารณา"), _("ผ่านครบ"), _("ร้อยละที่ผ่าน"), _("สัดส่วน"), _("เกณฑ์สี่ในห้า")])
        rows = saved.figures["groups"][by]
        first, last = top + 1, top + len(rows)
        for row, one in enumerate(rows, first):
            book.text(sheet, row, 0, words.group_name(by, one["key"]))
            if one["evaluated"] is None:
                book.text(sheet, row, 1, _("ไม่แสดง กลุ่มเล็ก"))
                continue
            _group(book, sheet, row, one, _span(first, last, 3))
        top = last + 2
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 5, 16)


def _group(book: Book, sheet: Worksheet, row: int, one: dict[str, Any], shares: str) -> None:
    book.number(sheet, row, 1, one["evaluated"])
    book.number(sheet, row, 2, one["passing"])
    share, ratio = float(one["share"]), "" if one["ratio"] is None else float(one["ratio"])
    sheet.write_formula(row, 3, f"={cell(row, 2)}/{cell(row, 1)}", book.format(num_format="0.0%"), share)
    sheet.write_formula(
        row, 4, f'=IF(MAX({shares})=0,"",{cell(row, 3)}/MAX({shares}))', book.format(num_format="0.00"), ratio
    )
    low, fine = _("ต่ำกว่า 0.80"), "—"
    told = low if one["low"] else fine
    sheet.write_formula(
        row, 5, f'=IF(AND(ISNUMBER({cell(row, 4)}),{cell(row, 4)}<0.8),"{low}","{fine}")', book.format(), told
    )


def _heads(book: Book, sheet: Worksheet, row: int, heads: list[str]) -> None:
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, book.heading())


def _span(first: int, last: int, column: int) -> str:
    """An absolute range of one column."""
    return f"{cell(first, column, True, True)}:{cell(last, column, True, True)}"
