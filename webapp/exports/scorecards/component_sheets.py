"""One sheet per component: every panel member's marks, their totals by the rubric, and the mean, all recomputing."""

from collections.abc import Mapping
from fractions import Fraction

from xlsxwriter.worksheet import Worksheet

from webapp.assessments.ranking.scores import exact, plain
from webapp.exports.scorecards.layout import Looks, at, here, lines_needed, number_in_formula, wide_enough, widths
from webapp.exports.scorecards.material import Component, Mark, Material, Person
from webapp.exports.scorecards.saying import _
from webapp.exports.scorecards.summary import ROW, Places

NAMES = 2
"""Columns before the marks: officer number and name."""

TOP = 4
"""The row of the members' names; rubric lines, weights and maxima stand below it."""


class ComponentSheet:
    """Lays out a component's sheet, so that others can point at its means, and writes it."""

    def __init__(
        self, looks: Looks, material: Material, component: Component, sheet: Worksheet, places: Places
    ) -> None:
        self.looks, self.material, self.component, self.sheet, self.places = looks, material, component, sheet, places
        self.tab = sheet.get_name()
        self.rubric = component.criteria if any(
            mark.lines for person in material.persons for mark in person.marks.get(component.code, {}).values()
        ) else ()  # fmt: skip
        self.block = len(self.rubric) + 1
        self.first = TOP + (4 if self.rubric else 1)
        self.mean_column = NAMES + self.block * len(component.members)

    def score_at(self, index: int) -> str:
        """The cell of one person's score, for other sheets."""
        return at(self.tab, self.first + index, self.mean_column)

    def write(self) -> None:
        component, looks, sheet = self.component, self.looks, self.sheet
        sheet.set_row(0, 32)
        looks.text(sheet, 0, 0, component.name, "title")
        looks.text(sheet, 1, 0, self._lead(), "lead")
        sheet.write_url(2, 0, f"internal:'{self.places.summary}'!A1", looks.link_bare, _("ไปแผ่นสรุป"))
        self._widths()
        self._heads()
        for index, person in enumerate(self.material.persons):
            self._person(self.first + index, person)
        last = self.first + len(self.material.persons) - 1
        sheet.freeze_panes(self.first, NAMES)
        sheet.repeat_rows(TOP, self.first - 1)
        sheet.autofilter(self.first - 1, 0, max(last, self.first), self.mean_column + (1 if self._has_pass() else 0))

    def _has_pass(self) -> bool:
        return self.component.pass_percent is not None

    def _lead(self) -> str:
        component = self.component
        parts = [
            _("น้ำหนักร้อยละ %(weight)s", weight=plain(component.weight)),
            _("คะแนนเต็ม %(maximum)s", maximum=plain(component.maximum)),
        ]
        if component.pass_percent is not None:
            parts.append(_("เกณฑ์ผ่านร้อยละ %(percent)s", percent=plain(component.pass_percent)))
        if self.rubric:
            parts.append(_("คะแนนของกรรมการ = คะแนนเต็ม × ผลรวม (น้ำหนัก × คะแนน ÷ เต็ม) ÷ ผลรวมน้ำหนัก"))
        return " · ".join([*parts, _("คะแนนขององค์ประกอบ = ค่าเฉลี่ยของกรรมการ")])

    def _widths(self) -> None:
        persons = self.material.persons
        given = {0: wide_enough((p.officer_no for p in persons), 14), 1: wide_enough((p.name for p in persons), 22)}
        for column in range(NAMES, self.mean_column):
            total = (column - NAMES + 1) % self.block == 0
            given[column] = (12 if self.rubric else 20) if total else 13
        given[self.mean_column], given[self.mean_column + 1] = 13, 15
        widths(self.sheet, given)

    def _heads(self) -> None:
        looks, sheet, last = self.looks, self.sheet, self.first - 1
        for row in range(TOP, last):
            for column in range(self.mean_column + 2 if self._has_pass() else self.mean_column + 1):
                looks.text(sheet, row, column, "", "head_small")
        looks.text(sheet, last, 0, _("เลขประจำตัวข้าราชการ"), "head")
        looks.text(sheet, last, 1, _("ชื่อ"), "head")
        for number, member in enumerate(self.component.members):
            self._member_heads(NAMES + number * self.block, member or _("คะแนน"))
        looks.text(sheet, last, self.mean_column, _("คะแนนเฉลี่ย"), "head_right")
        if self._has_pass():
            looks.text(sheet, last, self.mean_column + 1, _("เกณฑ์ผ่าน"), "head")
        if self.rubric:
            looks.text(sheet, TOP + 1, 1, _("น้ำหนักของข้อ"), "head_small_text")
            looks.text(sheet, TOP + 2, 1, _("คะแนนเต็มของข้อ"), "head_small_text")
            longest = max(lines_needed(c.name, 13) for c in self.rubric)
            sheet.set_row(last, ROW * max(2, longest) + 4)
        else:
            sheet.set_row(last, ROW * max(2, *(lines_needed(m, 20) for m in self.component.members)) + 4)

    def _member_heads(self, column: int, member: str) -> None:
        looks, sheet, last = self.looks, self.sheet, self.first - 1
        if not self.rubric:
            looks.text(sheet, last, column, member, "head_right")
            return
        sheet.merge_range(TOP, column, TOP, column + self.block - 1, "", looks.head_center)
        looks.text(sheet, TOP, column, member, "head_center")
        for place, criterion in enumerate(self.rubric):
            sheet.write_number(TOP + 1, column + place, float(criterion.weight), looks.head_small)
            sheet.write_number(TOP + 2, column + place, float(criterion.maximum), looks.head_small)
            looks.text(sheet, last, column + place, criterion.name, "head_right")
        looks.text(sheet, last, column + self.block - 1, _("รวม"), "head_right")

    def _person(self, row: int, person: Person) -> None:
        looks, sheet, component = self.looks, self.sheet, self.component
        looks.text(sheet, row, 0, person.officer_no, "plain")
        looks.text(sheet, row, 1, person.name, "plain")
        marks = person.marks.get(component.code, {})
        totals = []
        for number, member in enumerate(component.members):
            column, mark = NAMES + number * self.block, marks.get(member)
            if mark is None:
                for place in range(self.block):
                    looks.text(sheet, row, column + place, "—" if place == self.block - 1 else "", "soft")
                continue
            self._mark(row, column, mark)
            totals.append(here(row, column + self.block - 1))
        score = person.scores.get(component.code)
        if score is None or not totals:
            looks.text(sheet, row, self.mean_column, _("รอคะแนน") if totals else _("ยังไม่มี"), "soft")
            if self._has_pass():
                looks.text(sheet, row, self.mean_column + 1, "", "plain")
            return
        sheet.write_formula(row, self.mean_column, f"=AVERAGE({','.join(totals)})", looks.composite, float(score))
        if self._has_pass():
            self._passed(row, score)

    def _passed(self, row: int, score: Fraction) -> None:
        mark = self.component.pass_points or Fraction()
        words = (_("ผ่าน"), _("ต่ำกว่าเกณฑ์"))
        formula = (
            f"=IF(ROUND({here(row, self.mean_column)},10)>=ROUND({self.places.pass_points[self.component.code]},10),"
            f'"{words[0]}","{words[1]}")'
        )
        met = score >= mark
        self.sheet.write_formula(
            row, self.mean_column + 1, formula, self.looks.plain if met else self.looks.act, words[0 if met else 1]
        )

    def _mark(self, row: int, column: int, mark: Mark) -> None:
        """One member's marks: the rubric's lines with their total as a formula, or the one figure given."""
        sheet, looks, total = self.sheet, self.looks, column + self.block - 1
        if not mark.lines:
            for place in range(self.block - 1):
                looks.text(sheet, row, column + place, "", "soft")
            sheet.write_number(row, total, float(mark.total), looks.points)
            return
        by_code = {line["criterion"]: line for line in mark.lines}
        if self._as_headed(by_code):
            for place, criterion in enumerate(self.rubric):
                sheet.write_number(row, column + place, float(by_code[criterion.code]["points"]), looks.general)
            formula = self._total(row, column)
        else:
            for place in range(self.block - 1):
                looks.text(sheet, row, column + place, "", "soft")
            formula = self._total_by_itself(mark)
        sheet.write_formula(row, total, formula, looks.points, float(mark.total))

    def _as_headed(self, by_code: Mapping[str, Mapping[str, str]]) -> bool:
        """Whether the lines weigh what the sheet's heading says (they were given by the rubric of this version)."""
        return set(by_code) == {c.code for c in self.rubric} and all(
            exact(by_code[c.code]["weight"]) == c.weight and exact(by_code[c.code]["maximum"]) == c.maximum
            for c in self.rubric
        )

    def _total(self, row: int, column: int) -> str:
        lines = range(column, column + len(self.rubric))
        weights, maxima = ([here(TOP + step, c, fixed=True) for c in lines] for step in (1, 2))
        shares = "+".join(
            f"{weight}*{here(row, c)}/{maximum}" for weight, maximum, c in zip(weights, maxima, lines, strict=True)
        )
        return f"={self.places.maximum[self.component.code]}*({shares})/SUM({weights[0]}:{weights[-1]})"

    def _total_by_itself(self, mark: Mark) -> str:
        """A mark given by an earlier rubric carries its own weights."""
        lines = [tuple(exact(line[key]) for key in ("weight", "points", "maximum")) for line in mark.lines or ()]
        shares = "+".join(
            "*".join(map(number_in_formula, line[:2])) + f"/{number_in_formula(line[2])}" for line in lines
        )
        weights = number_in_formula(sum((line[0] for line in lines), Fraction()))
        return f"={self.places.maximum[self.component.code]}*({shares})/{weights}"
