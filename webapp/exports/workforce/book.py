"""The forecast and a plan as workbooks: figures stand as numbers, sums and gaps as formulas, charts over them."""

import datetime as dt
import io
from collections.abc import Sequence

from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from webapp import thai
from webapp.careers.words import in_language as named
from webapp.exports.scorecards.layout import Looks, here, lines_needed, unique_tab, widths
from webapp.exports.scorecards.summary import ROW
from webapp.exports.workforce.material import ForecastMaterial, PlanMaterial
from webapp.language import language
from webapp.spreadsheets.writing import Book
from webapp.workforce import words
from webapp.workforce.plans.queries import in_courses
from webapp.workforce.rules import Forecast
from webapp.workforce.words import fiscal

COLORS = ("#0A5C45", "#D9B870", "#8DBBA7", "#5B7F95")


def forecast_book(material: ForecastMaterial) -> bytes:
    """The forecast: a first sheet with the gaps, one sheet per target post, the chain, and other heads of units."""
    target, title = io.BytesIO(), _("การเตรียมกำลังคน")
    with Book(target, created=material.made_at, title=title, language=language()) as book:
        _ForecastBook(book, material, title).write()
    return target.getvalue()


def plan_book(material: PlanMaterial) -> bytes:
    """A plan: courses as they can be changed, and the gap that follows from them."""
    target, title = io.BytesIO(), material.plan.name
    with Book(target, created=material.made_at, title=title, language=language()) as book:
        _PlanBook(book, material, title).write()
    return target.getvalue()


class _Sheets:
    """Sheets of one look: title, lead, table, notes, chart."""

    def __init__(self, book: Book, title: str, foot: str) -> None:
        self.book, self.title, self.foot, self.looks = book, title, foot, Looks(book, 0)

    def sheet(self, name: str, lead: str) -> Worksheet:
        sheet = self.book.sheet(unique_tab(self.book, name), landscape=True)
        sheet.hide_gridlines(2)
        sheet.set_default_row(ROW)
        self.book.header(sheet, self.title)
        self.book.footer(sheet, self.foot)
        sheet.set_row(0, 32)
        self.looks.text(sheet, 0, 0, name, "title")
        self.looks.text(sheet, 1, 0, lead, "lead")
        return sheet

    def heads(self, sheet: Worksheet, row: int, heads: Sequence[str], left: int = 1, text_last: bool = False) -> None:
        """A row of headings: the first ``left`` over text, the others over figures (the last over text, if so said)."""
        for column, head in enumerate(heads):
            words_below = column < left or (text_last and column == len(heads) - 1)
            self.looks.text(sheet, row, column, head, "head" if words_below else "head_right")
        sheet.set_row(row, ROW * 2)

    def notes(self, sheet: Worksheet, row: int, columns: int, notes: Sequence[str]) -> int:
        """Notes one under the other across the columns; the row after them."""
        for note in notes:
            sheet.merge_range(row, 0, row, columns - 1, "", self.looks.note)
            self.looks.text(sheet, row, 0, note, "note")
            sheet.set_row(row, ROW * lines_needed(note, 14.0 * columns))
            row += 1
        return row

    def columns(
        self, sheet: Worksheet, row: int, first: int, last: int, series: Sequence[int], head: int, title: str
    ) -> None:
        """A chart of columns over the rows ``first`` to ``last``, the first column naming them."""
        chart = self.book.workbook.add_chart({"type": "column"})
        name = sheet.get_name()
        for place, column in enumerate(series):
            chart.add_series({
                "name": [name, head, column], "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column], "fill": {"color": COLORS[place % 4]}, "gap": 60,
                "data_labels": {"value": True},
            })  # fmt: skip
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#C9D3CC"}}, "min": 0})
        chart.set_size({"width": 900, "height": 340})
        sheet.insert_chart(row, 0, chart, {"object_position": 2, "description": title})


class _ForecastBook(_Sheets):
    def __init__(self, book: Book, material: ForecastMaterial, title: str) -> None:
        super().__init__(book, title, material.foot)
        self.material, self.found = material, material.outlook

    def write(self) -> None:
        lead = _("ข้อมูล ณ %(day)s", day=thai.day_long(self.found.today))
        top = self.sheet(self.title, lead)
        gaps: list[tuple[str, str, int, list[int]]] = []
        for one in self.found.targets:
            name, row = self._post(one.code, lead)
            gaps.append(
                (self.material.name(one.code), name, row, [self.found.gap(one.code, i) or 0 for i in self._indexes])
            )
        self._first(top, gaps)
        self._chain(lead)
        self._others(lead)

    @property
    def _indexes(self) -> range:
        return range(len(self.found.span))

    def _first(self, sheet: Worksheet, gaps: Sequence[tuple[str, str, int, list[int]]]) -> None:
        """The gap of each target post and year, from their sheets; beneath, what the figures mean."""
        self.heads(sheet, 3, [_("ช่องว่าง (คน)"), *(fiscal(year.number) for year in self.found.span)])
        row = 3
        for name, tab, first, values in gaps:
            row += 1
            self.looks.text(sheet, row, 0, name, "plain")
            for index, value in enumerate(values):
                sheet.write_formula(row, 1 + index, f"='{tab}'!{here(first + index, 8)}", self.looks.whole, value)
        notes = [str(words.NOT_FORECAST), str(words.BENCH_RULE), str(words.GAP_RULE)]
        self.notes(sheet, row + 2, 6, notes)
        widths(sheet, {0: 44, **dict.fromkeys(range(1, 6), 14)})

    def _post(self, code: str, lead: str) -> tuple[str, int]:
        """A target post's years; the tab's name and its first row of figures."""
        name, forecast, looks = self.material.name(code), self.found.forecasts[code], self.looks
        sheet = self.sheet(name, f"{lead} · {self._seats(forecast)}")
        self.heads(
            sheet, 3, [_("ปีงบประมาณ"), _("เกษียณ"), _("ว่าง"), _("ว่างสะสม"), *map(str, words.READY_IN), _("ช่องว่าง")]
        )
        first = 4
        for index, year in enumerate(forecast.years):
            row, ready = first + index, year.ready or (0, 0, 0, 0)
            looks.text(sheet, row, 0, fiscal(year.fiscal_year), "plain")
            sheet.write_number(row, 1, year.retiring, looks.whole)
            sheet.write_number(row, 2, year.vacancies, looks.whole)
            total = f"=SUM({here(first, 2, fixed=True)}:{here(row, 2)})"
            sheet.write_formula(row, 3, total, looks.whole, self.found.open_by(code, index))
            for column, count in enumerate(ready, start=4):
                sheet.write_number(row, column, count, looks.whole)
            gap = f"=MAX(0,{here(row, 3)}-{here(row, 4)})"
            sheet.write_formula(row, 8, gap, looks.composite, self.found.gap(code, index) or 0)
        last = first + len(forecast.years) - 1
        title = _("อัตราว่างเทียบกับผู้พร้อม: %(post)s", post=name)
        self.columns(sheet, last + 2, first, last, (3, 4, 8), 3, title)
        self.notes(sheet, last + 22, 9, [str(words.NOT_FORECAST), str(words.BENCH_RULE), str(words.GAP_RULE)])
        widths(sheet, {0: 16, **dict.fromkeys(range(1, 9), 13)})
        return sheet.get_name(), first

    def _seats(self, forecast: Forecast) -> str:
        if forecast.seats is None:
            return _("ยังไม่ได้กำหนดอัตรา")
        return _("%(seats)s อัตรา", seats=forecast.seats)

    def _chain(self, lead: str) -> None:
        """The chain of every year: own, pulled, filled and gap, with where those come from."""
        sheet, looks = self.sheet(_("ผลต่อเนื่อง"), lead), self.looks
        self.heads(sheet, 3, [_("ปีงบประมาณ"), _("ตำแหน่ง"), _("ว่างสะสม"), _("ว่างเพราะเลื่อนขึ้นไป"), _("รวมที่ต้องเติม"), _("ผู้พร้อม"),
                              _("เติมได้"), _("ยังว่าง"), _("มาจาก")], left=2, text_last=True)  # fmt: skip
        row = 4
        for index in self._indexes:
            chain = self.found.chain(index)
            for link in chain.links:
                looks.text(sheet, row, 0, fiscal(chain.fiscal_year), "plain")
                looks.text(sheet, row, 1, self.material.name(link.post), "wrap")
                sheet.write_number(row, 2, link.own, looks.whole)
                sheet.write_number(row, 3, sum(link.pulled.values()), looks.whole)
                sheet.write_formula(row, 4, f"={here(row, 2)}+{here(row, 3)}", looks.whole, link.open)
                if link.ready_total is None:
                    for column in (5, 6, 7):
                        looks.text(sheet, row, column, "—", "soft")
                else:
                    sheet.write_number(row, 5, link.ready_total, looks.whole)
                    sheet.write_formula(row, 6, f"=MIN({here(row, 4)},{here(row, 5)})", looks.whole, link.taken)
                    sheet.write_formula(row, 7, f"={here(row, 4)}-{here(row, 6)}", looks.whole, link.gap)
                said = ", ".join(
                    f"{words.source_name(key, self.material.names, self.material.levels)} {count}"
                    for key, count in link.filled.items() if count
                )  # fmt: skip
                looks.text(sheet, row, 8, said, "wrap")
                sheet.set_row(row, ROW * lines_needed(said, 52))
                row += 1
        widths(sheet, {0: 14, 1: 34, **dict.fromkeys(range(2, 8), 13), 8: 54})
        sheet.freeze_panes(4, 2)
        sheet.repeat_rows(3)

    def _others(self, lead: str) -> None:
        sheet = self.sheet(_("หัวหน้าหน่วยงานอื่น"), lead)
        heads = [_("ตำแหน่ง"), _("อัตรา"), *(_("เกษียณ %(year)s", year=fiscal(year.number)) for year in self.found.span)]
        self.heads(sheet, 3, heads)
        row = 4
        for one in self.found.posts:
            if one.rule is not None:
                continue
            forecast = self.found.forecasts[one.code]
            self.looks.text(sheet, row, 0, self.material.name(one.code), "plain")
            if forecast.seats is None:
                self.looks.text(sheet, row, 1, "—", "soft")
            else:
                sheet.write_number(row, 1, forecast.seats, self.looks.whole)
            for column, year in enumerate(forecast.years, start=2):
                sheet.write_number(row, column, year.retiring, self.looks.whole)
            row += 1
        widths(sheet, {0: 44, **dict.fromkeys(range(1, 7), 14)})


class _PlanBook(_Sheets):
    """Courses on the first sheet stand open to be changed: seats and expected shares drive every other figure."""

    def __init__(self, book: Book, material: PlanMaterial, title: str) -> None:
        super().__init__(book, title, material.foot)
        self.material, self.plan, self.worked = material, material.plan, material.worked

    def write(self) -> None:
        state = words.PLAN_STATES[self.plan.status][0]
        lead = f"{named(self.plan.post)} · {words.HORIZONS[self.plan.horizon]} · {state}"
        years = self.sheet(_("ช่องว่างรายปี"), lead)
        courses = self.sheet(_("หลักสูตรที่จะจัด"), _("เปลี่ยนรุ่น ที่นั่ง และอัตราการผ่านได้ แล้วแผ่นช่องว่างรายปีจะคำนวณใหม่"))
        rows = self._courses(courses, years.get_name())
        self._years(years, courses.get_name(), rows)

    def _courses(self, sheet: Worksheet, years_tab: str) -> list[tuple[int, int]]:
        """The courses in the order in which they end; their rows with the place of their fiscal year."""
        looks, numbers = self.looks, [year.fiscal_year for year in self.worked.years]
        self.heads(sheet, 3, [_("หลักสูตร"), _("สิ้นสุด"), _("ปีงบประมาณ"), _("รุ่น"), _("ที่นั่งต่อรุ่น"), _("คาดว่าจะผ่าน (ร้อยละ)"),
                              _("เข้าเรียนได้"), _("คาดว่าผ่าน"), _("เหตุผล")], left=3, text_last=True)  # fmt: skip
        rows, first = list[tuple[int, int]](), 4
        for row, course in enumerate(in_courses(self.plan.courses), start=first):
            ran, number = self.worked.ran[course.id], thai.fiscal_year(course.ends_on)
            place = numbers.index(number) if number in numbers else 0
            looks.text(sheet, row, 0, named(course.course), "wrap")
            sheet.write_datetime(row, 1, dt.datetime.combine(course.ends_on, dt.time()), looks.day)
            looks.text(sheet, row, 2, fiscal(number), "plain")
            sheet.write_number(row, 3, course.cohorts, looks.whole)
            sheet.write_number(row, 4, course.seats, looks.whole)
            sheet.write_number(row, 5, course.pass_percent, looks.general)
            before = f"SUM({here(first, 7, fixed=True)}:{here(row - 1, 7)})" if row > first else "0"
            pool = f"'{years_tab}'!{here(4 + place, 5, fixed=True)}"
            seated = f"=MIN({here(row, 3)}*{here(row, 4)},MAX(0,{pool}-{before}))"
            sheet.write_formula(row, 6, seated, looks.whole, ran.seated)
            sheet.write_formula(row, 7, f"=ROUNDDOWN({here(row, 6)}*{here(row, 5)}/100,0)", looks.whole, ran.passed)
            looks.text(sheet, row, 8, course.reason, "wrap")
            sheet.set_row(row, ROW * max(lines_needed(course.reason, 48), lines_needed(named(course.course), 36)))
            rows.append((row, place))
        widths(sheet, {0: 38, 1: 18, 2: 14, 3: 9, 4: 14, 5: 15, 6: 13, 7: 13, 8: 50})
        return rows

    def _years(self, sheet: Worksheet, courses_tab: str, rows: Sequence[tuple[int, int]]) -> None:
        looks, first = self.looks, 4
        self.heads(sheet, 3, [_("ปีงบประมาณ"), _("ว่างสะสม"), _("ว่างจากผลต่อเนื่อง"), _("พร้อมแล้ว"), _("ขาดหากไม่มีแผน"),
                              _("แผนทำให้พร้อมได้"), _("ผ่านสะสม"), _("พร้อมเพราะแผน"), _("ขาดเมื่อมีแผน")])  # fmt: skip
        for index, year in enumerate(self.worked.years):
            row = first + index
            looks.text(sheet, row, 0, fiscal(year.fiscal_year), "plain")
            for column, value in ((1, year.own), (2, year.pulled), (3, year.ready_now), (5, year.pool)):
                sheet.write_number(row, column, value, looks.whole)
            before = f"=MAX(0,{here(row, 1)}+{here(row, 2)}-{here(row, 3)})"
            sheet.write_formula(row, 4, before, looks.composite, year.gap_before)
            through = [course for course, place in rows if place <= index]
            passed = "+".join(f"'{courses_tab}'!{here(course, 7, fixed=True)}" for course in through) or "0"
            sheet.write_formula(row, 6, f"={passed}", looks.whole, year.passed)
            sheet.write_formula(row, 7, f"=MIN({here(row, 6)},{here(row, 5)})", looks.whole, year.ready_by_plan)
            after = f"=MAX(0,{here(row, 4)}-{here(row, 7)})"
            sheet.write_formula(row, 8, after, looks.composite, year.gap_after)
        last = first + len(self.worked.years) - 1
        self.columns(sheet, last + 2, first, last, (4, 8), 3, _("ช่องว่างกำลังคน: %(name)s", name=self.plan.name))
        self.notes(sheet, last + 22, 9, [self.plan.reason, *self._signed(), str(words.NOT_FORECAST)])
        widths(sheet, {0: 16, **dict.fromkeys(range(1, 9), 14)})

    def _signed(self) -> list[str]:
        plan = self.plan
        said = [_("ร่างโดย %(name)s", name=plan.drafted_by), _("ข้อมูล ณ %(day)s", day=thai.day_long(plan.as_of))]
        if plan.adopted_by:
            said.append(_("เห็นชอบโดย %(name)s เมื่อ %(when)s: %(note)s", name=plan.adopted_by,
                          when=thai.moment(plan.adopted_at), note=plan.adopted_note))  # fmt: skip
        return said
