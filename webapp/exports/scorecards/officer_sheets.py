"""One scorecard per officer on one A4 page: place, components with their contributions, gates, competencies as a radar."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from webapp.exports.scorecards.attendance_sheet import AttendanceSheet
from webapp.exports.scorecards.component_sheets import ComponentSheet
from webapp.exports.scorecards.gathering import source_words, words
from webapp.exports.scorecards.layout import GREEN, Looks, guard_holds, here, lines_needed, rounded, widths
from webapp.exports.scorecards.material import Material, Person
from webapp.exports.scorecards.radar import radar
from webapp.exports.scorecards.ranking_sheet import RankingSheet
from webapp.exports.scorecards.saying import _
from webapp.exports.scorecards.summary import GATES, ROW, Places
from webapp.spreadsheets.writing import Book

COLUMNS = {0: 46, 1: 13, 2: 13, 3: 13, 4: 15, 5: 13, 6: 19}
LAST = 6
RADAR_LEAST = 3
"""Competencies a radar needs to have a shape."""


class OfficerSheets:
    """Writes officers' sheets with formulas that point at the component, attendance and ranking sheets."""

    def __init__(
        self, book: Book, looks: Looks, material: Material, places: Places, parts: Sequence[ComponentSheet],
        attendance: AttendanceSheet, ranking: RankingSheet | None,
    ) -> None:  # fmt: skip
        self.book, self.looks, self.material, self.places = book, looks, material, places
        self.parts, self.attendance, self.ranking = parts, attendance, ranking
        self.states = _status_words()

    def write(self, sheet: Worksheet, index: int, person: Person) -> None:
        """One officer's page."""
        widths(sheet, COLUMNS)
        looks = self.looks
        sheet.set_row(0, 34)
        looks.text(sheet, 0, 0, person.name, "title")
        parts = (person.officer_no, person.post, person.unit)
        looks.text(sheet, 1, 0, " · ".join(part for part in parts if part), "lead")
        looks.text(sheet, 2, 0, f"{words(self.material.cohort)} · {source_words(self.material)}", "lead")
        back = self.ranking.tab if self.ranking is not None else self.places.summary
        label = _("กลับไปแผ่นการจัดลำดับ") if self.ranking is not None else _("ไปแผ่นสรุป")
        sheet.write_url(3, 0, f"internal:'{back}'!A1", looks.link_bare, label)
        row, composite = self._components(sheet, 9, index, person)
        self._place(sheet, 5, index, person, composite)
        row = self._reasons(sheet, row + 1, person)
        row = self._gates(sheet, row, index, person)
        row = self._competencies(sheet, row, person)
        sheet.print_area(0, 0, row, LAST)

    def _place(self, sheet: Worksheet, row: int, index: int, person: Person, composite: str) -> None:
        looks, material = self.looks, self.material
        for column, label in ((0, _("ลำดับ")), (1, _("คะแนนรวม")), (3, _("ผล")), (5, _("สถานะในรุ่น"))):
            looks.text(sheet, row, column, label, "bare_soft")
        sheet.set_row(row + 1, 38)
        if person.rank is None:
            looks.text(sheet, row + 1, 0, _("ไม่ได้จัดลำดับ"), "medium_act")
            looks.text(sheet, row + 1, 1, "—", "medium")
        else:
            shown = f'0" {_("จาก %(ranked)s", ranked=material.ranked)}"'
            look = self.book.format(bold=True, font_size=24, font_color=GREEN, align="left", num_format=shown)
            if self.ranking is None:
                sheet.write_number(row + 1, 0, person.rank, look)
            else:
                sheet.write_formula(row + 1, 0, f"={self.ranking.rank_at(index)}", look, person.rank)
            sheet.write_formula(row + 1, 1, f"={composite}", looks.large, float(person.composite))
        looks.text(sheet, row + 1, 3, self._outcome(person), "medium" if person.shortlisted else "medium_soft")
        looks.text(sheet, row + 1, 5, str(self.states.get(person.status, "")), "medium_soft")

    def _outcome(self, person: Person) -> str:
        chosen = self.material.chosen(person)
        if chosen is not None:
            return _("เสนอต่อตามคำตัดสิน") if chosen else _("ไม่ได้เสนอต่อ")
        if person.tied_at_line:
            return _("เท่ากันคร่อมเส้น")
        if person.shortlisted:
            return _("อยู่ใน %(size)s ลำดับแรก", size=self.material.size)
        return _("อยู่หลังเส้น") if person.rank is not None else "—"

    def _section(self, sheet: Worksheet, row: int, title: str) -> int:
        for column in range(LAST + 1):
            self.looks.text(sheet, row, column, title if column == 0 else "", "section")
        sheet.set_row(row, 26)
        return row + 1

    def _heads(self, sheet: Worksheet, row: int, heads: Sequence[str], numeric: Sequence[int]) -> int:
        for column in range(LAST + 1):
            head = heads[column] if column < len(heads) else ""
            self.looks.text(sheet, row, column, head, "head_right" if column in numeric else "head")
        lines = max(lines_needed(head, COLUMNS[column]) for column, head in enumerate(heads))
        sheet.set_row(row, ROW * lines + 4)
        return row + 1

    def _components(self, sheet: Worksheet, row: int, index: int, person: Person) -> tuple[int, str]:
        """Scores on their own maximum and what each contributes; the composite is their sum, rounded once."""
        looks, places = self.looks, self.places
        row = self._section(sheet, row, _("องค์ประกอบและคะแนนรวม"))
        heads = (
            _("องค์ประกอบ"),
            _("คะแนน"),
            _("คะแนนเต็ม"),
            _("น้ำหนัก (ร้อยละ)"),
            _("ได้ในคะแนนรวม"),
            _("เกณฑ์ผ่าน"),
            _("ผล"),
        )
        row = self._heads(sheet, row, heads, (1, 2, 3, 4, 5))
        first = row
        for part in self.parts:
            code, score = part.component.code, person.scores.get(part.component.code)
            sheet.write_url(row, 0, f"internal:'{part.tab}'!A1", looks.link_wrap, part.component.name)
            sheet.set_row(row, ROW * lines_needed(part.component.name, COLUMNS[0]))
            sheet.write_formula(row, 2, f"={places.maximum[code]}", looks.general, float(part.component.maximum))
            sheet.write_formula(row, 3, f"={places.weight[code]}", looks.general, float(part.component.weight))
            if score is None:
                looks.text(sheet, row, 1, _("ยังไม่มี"), "soft")
                looks.text(sheet, row, 4, "—", "soft")
            else:
                sheet.write_formula(row, 1, f"={part.score_at(index)}", looks.points, float(score))
                share = part.component.weight * score / part.component.maximum
                formula = f"={here(row, 3)}*{here(row, 1)}/{here(row, 2)}"
                sheet.write_formula(row, 4, formula, looks.exact, float(share))
            self._passing(sheet, row, part)
            self._passed(sheet, row, part, index, person)
            row += 1
        looks.text(sheet, row, 0, _("คะแนนรวม (ปัดครั้งเดียว ครึ่งปัดขึ้น)"), "total_text")
        for column in (1, 2, 3, 5, 6):
            looks.text(sheet, row, column, "", "total_text")
        if person.rank is None:
            looks.text(sheet, row, 4, "—", "total")
        else:
            every = f"SUM({here(first, 4)}:{here(row - 1, 4)})"
            decimals = self.material.decimals
            holds = guard_holds(sum(person.parts.values()), decimals)
            formula = rounded(every, decimals) if holds else f"ROUND({every},{decimals})"
            sheet.write_formula(row, 4, f"={formula}", looks.total, float(person.composite))
        return row + 1, here(row, 4)

    def _passing(self, sheet: Worksheet, row: int, part: ComponentSheet) -> None:
        cell = self.places.pass_points.get(part.component.code)
        if cell is None:
            self.looks.text(sheet, row, 5, "—", "soft")
        else:
            sheet.write_formula(row, 5, f"={cell}", self.looks.general, float(part.component.pass_points or 0))

    def _passed(self, sheet: Worksheet, row: int, part: ComponentSheet, index: int, person: Person) -> None:
        mark, score = part.component.pass_points, person.scores.get(part.component.code)
        if mark is None or score is None:
            self.looks.text(sheet, row, 6, "—" if score is not None else _("รอคะแนน"), "plain")
            return
        cell = f"'{part.tab}'!{here(part.first + index, part.mean_column + 1, fixed=True)}"
        met = score >= mark
        self._verdict(sheet, row, f"={cell}", met, _("ผ่าน") if met else _("ต่ำกว่าเกณฑ์"))

    def _verdict(self, sheet: Worksheet, row: int, formula: str, met: bool, words: str) -> None:
        sheet.write_formula(row, LAST, formula, self.looks.good if met else self.looks.act, words)

    def _reasons(self, sheet: Worksheet, row: int, person: Person) -> int:
        if not person.reasons:
            return row
        row = self._section(sheet, row, _("เหตุที่ไม่ได้จัดลำดับ"))
        for reason in person.reasons:
            sheet.merge_range(row, 0, row, LAST, "", self.looks.act)
            self.looks.text(sheet, row, 0, reason, "act")
            sheet.set_row(row, ROW * lines_needed(reason, sum(COLUMNS.values())))
            row += 1
        return row + 1

    def _gates(self, sheet: Worksheet, row: int, index: int, person: Person) -> int:
        looks, m = self.looks, self.material
        row = self._section(sheet, row, _("ชั่วโมงและเงื่อนไข"))
        row = self._heads(sheet, row, (_("เงื่อนไข"), _("พบ"), _("ต้องได้"), "", "", "", _("ผล")), (1, 2))
        held = m.hours_held
        percent = float(person.attended * 100 / held) if held else 0.0
        if m.sessions:
            self._gate(sheet, row, "attendance_percent", self.attendance.found_at(index, "percent"), percent)
            row += 1
        self._gate(sheet, row, "coaching_hours", self.attendance.found_at(index, "hours"), person.coaching_minutes / 60)
        row += 1
        if "project_accepted" in m.gates:
            self._line(sheet, row, GATES["project_accepted"]())
            met = bool(person.project_accepted)
            looks.text(sheet, row, LAST, _("ครบ") if met else _("ไม่ครบ"), "good" if met else "act")
            row += 1
        self._line(sheet, row, _("เรียนรู้งานจากต้นแบบ (ชั่วโมง นับแยก)"))
        formula = f"={self.attendance.found_at(index, 'shadowing')}/60"
        sheet.write_formula(row, 1, formula, looks.percent, person.shadowing_minutes / 60)
        return row + 2

    def _line(self, sheet: Worksheet, row: int, name: str) -> None:
        self.looks.text(sheet, row, 0, name, "wrap")
        for column in range(1, LAST + 1):
            self.looks.text(sheet, row, column, "", "plain")
        sheet.set_row(row, ROW * lines_needed(name, COLUMNS[0]))

    def _gate(self, sheet: Worksheet, row: int, kind: str, cell: str, found: float) -> None:
        self._line(sheet, row, GATES[kind]())
        required = self.material.gates.get(kind)
        reference = self.places.gates.get(kind)
        sheet.write_formula(row, 1, f"={cell}", self.looks.percent, found)
        if required is None or reference is None:
            self.looks.text(sheet, row, 2, "—", "soft")
            return
        sheet.write_formula(row, 2, f"={reference}", self.looks.general, float(required))
        good, bad = _("ครบ"), _("ไม่ครบ")
        met = round(found, 10) >= round(float(required), 10)
        formula = f'=IF(ROUND({here(row, 1)},10)>=ROUND({here(row, 2)},10),"{good}","{bad}")'
        self._verdict(sheet, row, formula, met, good if met else bad)

    def _competencies(self, sheet: Worksheet, row: int, person: Person) -> int:
        """The latest rating of each competency against what the target post expects, as a table and a radar."""
        looks, m = self.looks, self.material
        if not m.expected:
            return row
        row = self._section(sheet, row, _("สมรรถนะเทียบกับระดับที่คาดหวังของ%(post)s", post=m.post))
        heads = (_("สมรรถนะ"), _("ผลการประเมิน"), _("ระดับที่คาดหวัง"), _("ต่าง"), _("ประเมินเมื่อ"), _("วิธีและผู้ประเมิน"), "")
        row = self._heads(sheet, row, heads, (1, 2, 3))
        first = row
        for expected in m.expected:
            rated = person.ratings.get(expected.code)
            looks.text(sheet, row, 0, expected.name, "wrap")
            sheet.set_row(row, ROW * lines_needed(expected.name, COLUMNS[0]))
            self._rating(sheet, row, rated, expected.level)
            if rated is not None:
                sheet.write_datetime(row, 4, rated.rated_on, looks.day)
                told = " · ".join(part for part in (rated.method, rated.assessor) if part)
                sheet.merge_range(row, 5, row, LAST, "", looks.small_wrap)
                looks.text(sheet, row, 5, told, "small_wrap")
                sheet.set_row(row, max(ROW * lines_needed(expected.name, COLUMNS[0]), 15 * lines_needed(told, 36)))
            else:
                for column in (4, 5, 6):
                    looks.text(sheet, row, column, "", "plain")
            row += 1
        if len(m.expected) >= RADAR_LEAST:
            self._radar(sheet, row + 1, first, row - 1, person)
            row += 16
        return row

    def _rating(self, sheet: Worksheet, row: int, rated: object, level: int | None) -> None:
        looks, rating = self.looks, getattr(rated, "rating", None)
        if rating is None:
            looks.text(sheet, row, 1, _("ยังไม่มี"), "soft")
        else:
            sheet.write_number(row, 1, rating, looks.whole)
        if level is None:
            looks.text(sheet, row, 2, "—", "soft")
        else:
            sheet.write_number(row, 2, level, looks.whole)
        if rating is None or level is None:
            looks.text(sheet, row, 3, "—", "soft")
        else:
            look = looks.signed if rating >= level else looks.signed_low
            sheet.write_formula(row, 3, f"={here(row, 1)}-{here(row, 2)}", look, rating - level)

    def _radar(self, sheet: Worksheet, row: int, first: int, last: int, person: Person) -> None:
        chart = radar(self.book, sheet.get_name(), first, last, rated=1, expected=2)
        sheet.insert_chart(row, 0, chart, {"object_position": 2, "x_offset": 10, "description": _(
            "สมรรถนะของ %(name)s เทียบกับระดับที่คาดหวัง", name=person.name)})  # fmt: skip


def _status_words() -> dict[str, object]:
    from webapp.courses.forms import STATUSES

    return dict(STATUSES)
