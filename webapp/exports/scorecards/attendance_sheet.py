"""Attendance per session with totals, acknowledged coaching, shadowing apart: the hours the gates are held against."""

from fractions import Fraction

from xlsxwriter.worksheet import Worksheet

from webapp.assessments.ranking.scores import plain
from webapp.exports.scorecards.gathering import words
from webapp.exports.scorecards.layout import Looks, at, here, wide_enough, widths
from webapp.exports.scorecards.material import Material, Person
from webapp.exports.scorecards.saying import _
from webapp.exports.scorecards.summary import Places

HEADS = 3
"""Rows of the heading: what the session is, its part, its day, its hours."""

FIRST = HEADS + 4
SESSIONS = 2


class AttendanceSheet:
    """Lays out and writes the hours; ``found_at`` is where an officer's sheet finds a person's figures."""

    def __init__(self, looks: Looks, material: Material, sheet: Worksheet, places: Places) -> None:
        self.looks, self.material, self.sheet, self.places = looks, material, sheet, places
        self.tab = sheet.get_name()
        self.total = SESSIONS + len(material.sessions)
        self.project = "project_accepted" in material.gates

    def found_at(self, index: int, what: str) -> str:
        """The cell of a person's ``total``, ``percent``, ``minutes``, ``hours`` or ``shadowing``."""
        order = ("total", "percent", "minutes", "hours", "shadowing")
        return at(self.tab, FIRST + index, self.total + order.index(what))

    def write(self) -> None:
        looks, sheet, material = self.looks, self.sheet, self.material
        sheet.set_row(0, 32)
        looks.text(sheet, 0, 0, _("เวลาเรียนและชั่วโมง"), "title")
        looks.text(sheet, 1, 0, self._lead(), "lead")
        persons = material.persons
        given: dict[int, float] = {
            0: wide_enough((p.officer_no for p in persons), 14),
            1: wide_enough((p.name for p in persons), 22),
        }
        given |= {SESSIONS + place: 7.5 for place in range(len(material.sessions))}
        given |= {self.total + place: 13 for place in range(6)}
        widths(sheet, given)
        self._heads()
        for index, person in enumerate(persons):
            self._person(FIRST + index, person)
        sheet.freeze_panes(FIRST, SESSIONS)
        sheet.repeat_rows(HEADS, FIRST - 1)
        sheet.autofilter(FIRST - 1, 0, max(FIRST, FIRST + len(persons) - 1), self.total + 4 + self.project)

    def _lead(self) -> str:
        gates = self.material.gates
        parts = []
        if "attendance_percent" in gates:
            parts.append(_("เข้าเรียนอย่างน้อยร้อยละ %(percent)s", percent=gates["attendance_percent"]))
        if "coaching_hours" in gates:
            parts.append(_("การสอนงานและให้คำปรึกษาที่รับรองแล้วอย่างน้อย %(hours)s ชั่วโมง", hours=gates["coaching_hours"]))
        parts.append(_("ชั่วโมงของทุกคาบรวม %(hours)s ชั่วโมง", hours=plain(self.material.hours_held)))
        return " · ".join(parts)

    def _heads(self) -> None:
        looks, sheet = self.looks, self.sheet
        from webapp.courses.forms import PARTS

        names = dict(PARTS)
        for row in range(HEADS, FIRST):
            for column in range(self.total + 5 + self.project):
                looks.text(sheet, row, column, "", "head_small")
        sheet.set_row(HEADS, 150)
        sheet.set_row(HEADS + 1, 66)
        sheet.set_row(HEADS + 2, 84)
        looks.text(sheet, HEADS, 1, _("คาบ"), "head_small_text")
        looks.text(sheet, HEADS + 1, 1, _("ส่วน"), "head_small_text")
        looks.text(sheet, HEADS + 2, 1, _("วันที่"), "head_small_text")
        for place, held in enumerate(self.material.sessions, start=SESSIONS):
            looks.text(sheet, HEADS, place, f"{held.code} {words(held)}", "head_turned")
            looks.text(sheet, HEADS + 1, place, str(names.get(held.part, "")), "head_turned_soft")
            sheet.write_datetime(HEADS + 2, place, held.held_on, looks.day_head)
            sheet.write_number(FIRST - 1, place, float(held.hours), looks.head_hours)
        looks.text(sheet, FIRST - 1, 0, _("เลขประจำตัวข้าราชการ"), "head")
        looks.text(sheet, FIRST - 1, 1, _("ชื่อ (ชั่วโมงของคาบ)"), "head")
        heads = [_("ชั่วโมงที่เข้าเรียน"), _("ร้อยละ"), _("สอนงานและให้คำปรึกษา (นาที)"), _("สอนงานและให้คำปรึกษา (ชั่วโมง)"),
                 _("เรียนรู้งานจากต้นแบบ (นาที)")]  # fmt: skip
        heads += [_("โครงการ")] if self.project else []
        for place, head in enumerate(heads, start=self.total):
            looks.text(sheet, FIRST - 1, place, head, "head_right")
        sheet.set_row(FIRST - 1, 66)

    def _person(self, row: int, person: Person) -> None:
        looks, sheet, material = self.looks, self.sheet, self.material
        looks.text(sheet, row, 0, person.officer_no, "plain")
        looks.text(sheet, row, 1, person.name, "plain")
        for place, held in enumerate(material.sessions, start=SESSIONS):
            hours = person.hours.get(held.id)
            if hours is None:
                looks.text(sheet, row, place, "—", "soft")
            else:
                short = hours < held.hours
                sheet.write_number(row, place, float(hours), looks.hours_low if short else looks.hours)
        self._totals(row, person)

    def _totals(self, row: int, person: Person) -> None:
        looks, sheet, gates, held = self.looks, self.sheet, self.material.gates, self.material.hours_held
        percent = person.attended * 100 / held if held else person.attended * 0
        low = "attendance_percent" in gates and percent < Fraction(gates["attendance_percent"])
        if self.material.sessions:
            formula = f"=SUM({here(row, SESSIONS)}:{here(row, self.total - 1)})"
            sheet.write_formula(row, self.total, formula, looks.hours_sum, float(person.attended))
            formula = f"={here(row, self.total)}/{self.places.held}*100"
            look = looks.percent_low if low else looks.percent
            sheet.write_formula(row, self.total + 1, formula, look, float(percent))
        else:
            looks.text(sheet, row, self.total, "—", "soft")
            looks.text(sheet, row, self.total + 1, "—", "soft")
        few = "coaching_hours" in gates and person.coaching_minutes < Fraction(gates["coaching_hours"]) * 60
        sheet.write_number(row, self.total + 2, person.coaching_minutes, looks.whole)
        formula, look = f"={here(row, self.total + 2)}/60", looks.percent_low if few else looks.percent
        sheet.write_formula(row, self.total + 3, formula, look, person.coaching_minutes / 60)
        sheet.write_number(row, self.total + 4, person.shadowing_minutes, looks.whole)
        if self.project:
            accepted = _("ยอมรับแล้ว") if person.project_accepted else _("ยังไม่ยอมรับ")
            looks.text(sheet, row, self.total + 5, accepted, "plain" if person.project_accepted else "act")
