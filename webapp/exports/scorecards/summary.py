"""The first sheet: what the cohort is, whose ranking this is, by what it was made, and the picture of it."""

from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from webapp import thai
from webapp.exports.scorecards.gathering import source_words, words
from webapp.exports.scorecards.layout import AMBER, GRAY, GREEN, Looks, at, here, lines_needed, widths
from webapp.exports.scorecards.material import Material
from webapp.exports.scorecards.saying import _
from webapp.records.words import tie_breaker_name
from webapp.spreadsheets.writing import Book

COLUMNS = {0: 46, 1: 13, 2: 12, 3: 13, 4: 13, 5: 20, 6: 64}
MOST_BARS = 40
"""Bars in the chart; more would not be read on one page, and the ranking sheet has everybody."""

ROW = 21.0


@dataclass
class Places:
    """Where the plan's figures stand, for the formulas of the other sheets."""

    summary: str = ""
    weight: dict[str, str] = field(default_factory=dict)
    maximum: dict[str, str] = field(default_factory=dict)
    pass_points: dict[str, str] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)
    size: str = ""
    held: str = ""
    weight_rows: dict[str, int] = field(default_factory=dict)


class Summary:
    """Writes the summary from top to bottom; ``places`` says afterwards where the weights and gates stand."""

    def __init__(self, book: Book, looks: Looks, material: Material, sheet: Worksheet) -> None:
        self.book, self.looks, self.material, self.sheet = book, looks, material, sheet
        self.places = Places(summary=sheet.get_name())
        self.row = 0

    def write(self) -> None:
        """Everything but the links to other sheets, which are written when those exist."""
        widths(self.sheet, COLUMNS)
        material = self.material
        self.sheet.set_row(0, 32)
        self.looks.text(self.sheet, 0, 0, _("ใบคะแนน %(cohort)s", cohort=words(material.cohort)), "title")
        self.looks.text(self.sheet, 1, 0, source_words(material), "lead")
        self.row = 3
        self._section(_("รุ่นและการจัดลำดับ"))
        for label, value in self._facts():
            self._fact(label, value)
        self._number_fact(_("จำนวนที่เสนอ (อันดับแรก)"), material.size, "size")
        self._number_fact(_("ชั่วโมงของทุกคาบ"), float(material.hours_held), "held")
        self.row += 1
        self._decided()
        self._weights()
        self._gates()
        self._ties()

    def _section(self, title: str) -> None:
        for column in range(len(COLUMNS)):
            self.looks.text(self.sheet, self.row, column, title if column == 0 else "", "section")
        self.sheet.set_row(self.row, 26)
        self.row += 1

    def _fact(self, label: str, value: str) -> None:
        self.looks.text(self.sheet, self.row, 0, label, "label")
        self.sheet.merge_range(self.row, 1, self.row, 6, "", self.looks.value)
        self.looks.text(self.sheet, self.row, 1, value, "value")
        lines = max(lines_needed(value, sum(COLUMNS[c] for c in range(1, 7))), lines_needed(label, COLUMNS[0]))
        self.sheet.set_row(self.row, ROW * lines)
        self.row += 1

    def _number_fact(self, label: str, value: float, place: str) -> None:
        self.looks.text(self.sheet, self.row, 0, label, "label")
        self.sheet.write_number(self.row, 1, value, self.looks.value_left)
        for column in range(2, 7):
            self.looks.text(self.sheet, self.row, column, "", "value")
        setattr(self.places, place, at(self.places.summary, self.row, 1))
        self.row += 1

    def _facts(self) -> list[tuple[str, str]]:
        m, cohort = self.material, self.material.cohort
        profile = _("แบบสังเขปฉบับที่ %(version)s", version=m.profile_version) if m.profile_version else ""
        facts = [
            (_("รหัสรุ่น"), cohort.code),
            (_("หลักสูตร"), m.course),
            (_("ตำแหน่งเป้าหมาย"), " · ".join(part for part in (m.post, profile) if part)),
            (_("ระยะเวลา"), f"{thai.day_long(cohort.starts_on)} – {thai.day_long(cohort.ends_on)}"),
            (_("ผู้เข้ารับการอบรม"), _(
                "%(all)s คน จัดลำดับได้ %(ranked)s คน ไม่ได้จัดลำดับ %(others)s คน", all=m.in_cohort, ranked=m.ranked,
                others=m.in_cohort - m.ranked)),
            (_("แผนการประเมิน"), _("ฉบับที่ %(version)s", version=m.plan_version)),
            (_("ผลที่แสดง"), source_words(m)),
        ]  # fmt: skip
        if m.run is not None:
            facts += self._people_of_run()
        facts.append((_("หัวสายโซ่บันทึกการตรวจสอบ"), f"{m.audit_head[0]} · {m.audit_head[1]}"))
        facts.append((_("ออกสมุดงานเมื่อ"), thai.moment(m.made_at)))
        return facts

    def _people_of_run(self) -> list[tuple[str, str]]:
        run = self.material.run
        assert run is not None
        steps = [
            (_("ผู้จัดทำ"), run.drawn_up_by, run.drawn_up_at),
            (_("ผู้ยืนยัน"), run.confirmed_by, run.confirmed_at),
            (_("ผู้เผยแพร่"), run.published_by, run.published_at),
        ]
        done = [(label, f"{who} · {thai.moment(when)}" if who else _("ยังไม่มี")) for label, who, when in steps]
        return [*done, (_("แฮชของผลที่ตรึง (SHA-256)"), run.result_digest)]

    def _decided(self) -> None:
        """The decision on a tie and discretion, beside the ranking; nothing where there was none."""
        m = self.material
        if m.alone or (m.decision is None and not m.discretions):
            return
        self._section(_("การตัดสินและดุลยพินิจ (ข้างการจัดลำดับ)"))
        if m.decision is not None:
            persons = {person.officer_no: person.name for person in m.persons}
            chosen = ", ".join(persons.get(number, number) for number in m.decision.chosen)
            self._fact(_("ตัดสินลำดับที่เท่ากัน"), _("เสนอ %(names)s เพราะ %(reason)s (%(who)s %(when)s)", names=chosen,
                       reason=m.decision.reason, who=m.decision.decided_by, when=thai.moment(m.decision.decided_at)))  # fmt: skip
        for made, rule, name in m.discretions:
            self._fact(_("ดุลยพินิจ: %(name)s", name=name), _(
                "%(rule)s ประเภท %(category)s: %(reason)s (%(who)s %(when)s)", rule=words(rule), category=made.category,
                reason=made.reason, who=made.used_by, when=thai.moment(made.used_at)))  # fmt: skip
        self.row += 1

    def _weights(self) -> None:
        self._section(_("น้ำหนักและเกณฑ์ผ่าน"))
        heads = (_("องค์ประกอบ"), _("น้ำหนัก (ร้อยละ)"), _("คะแนนเต็ม"), _("เกณฑ์ผ่าน (ร้อยละ)"), _("เกณฑ์ผ่าน (คะแนน)"),
                 _("ที่มาของคะแนน"), _("เหตุผล"))  # fmt: skip
        self._heads(heads, numeric=range(1, 5))
        first = self.row
        for component in self.material.components:
            row, looks = self.row, self.looks
            looks.text(self.sheet, row, 0, component.name, "wrap")
            self.sheet.write_number(row, 1, float(component.weight), looks.general)
            self.sheet.write_number(row, 2, float(component.maximum), looks.general)
            if component.pass_percent is None:
                looks.text(self.sheet, row, 3, "—", "soft")
                looks.text(self.sheet, row, 4, "—", "soft")
            else:
                self.sheet.write_number(row, 3, float(component.pass_percent), looks.general)
                formula = f"={here(row, 3)}*{here(row, 2)}/100"
                self.sheet.write_formula(row, 4, formula, looks.general, float(component.pass_points or 0))
                self.places.pass_points[component.code] = at(self.places.summary, row, 4)
            looks.text(self.sheet, row, 5, SOURCES[component.source](), "wrap")
            looks.text(self.sheet, row, 6, component.reason or _("ยังไม่ระบุเหตุผล"), "wrap")
            self.places.weight[component.code] = at(self.places.summary, row, 1)
            self.places.maximum[component.code] = at(self.places.summary, row, 2)
            self.places.weight_rows[component.code] = row
            self._tall(row, ((component.name, 0), (component.reason, 6)))
            self.row += 1
        self.looks.text(self.sheet, self.row, 0, _("รวมน้ำหนัก"), "total_text")
        total = float(sum(component.weight for component in self.material.components))
        formula = f"=SUM({here(first, 1)}:{here(self.row - 1, 1)})"
        self.sheet.write_formula(self.row, 1, formula, self.book.format(
            bold=True, align="right", top=1, bottom=2, bg_color="#E3EFE8", num_format="General"), total)  # fmt: skip
        for column in range(2, 7):
            self.looks.text(self.sheet, self.row, column, "", "total_text")
        self.row += 2

    def _gates(self) -> None:
        m = self.material
        if not m.gates:
            return
        self._section(_("เงื่อนไขอื่นที่ต้องครบ"))
        self._heads((_("เงื่อนไข"), _("ต้องไม่น้อยกว่า"), "", "", "", "", _("เหตุผล")), numeric=(1,))
        for kind, value in m.gates.items():
            self.looks.text(self.sheet, self.row, 0, GATES[kind](), "wrap")
            if kind == "project_accepted":
                self.looks.text(self.sheet, self.row, 1, _("ยอมรับแล้ว"), "soft")
            else:
                self.sheet.write_number(self.row, 1, float(value), self.looks.general)
                self.places.gates[kind] = at(self.places.summary, self.row, 1)
            for column in range(2, 6):
                self.looks.text(self.sheet, self.row, column, "", "plain")
            reason = m.reasons["gates"].get(kind) or _("ยังไม่ระบุเหตุผล")
            self.looks.text(self.sheet, self.row, 6, reason, "wrap")
            self._tall(self.row, ((GATES[kind](), 0), (reason, 6)))
            self.row += 1
        self.row += 1

    def _ties(self) -> None:
        m = self.material
        if not m.tie_breakers:
            return
        self._section(_("เมื่อคะแนนรวมเท่ากัน ตัดสินตามลำดับ"))
        for number, key in enumerate(m.tie_breakers, start=1):
            reason = m.reasons["tie_breakers"].get(key, "")
            name = tie_breaker_name(m.names, key)
            self._fact(f"{number}. {name}", reason or _("ยังไม่ระบุเหตุผล"))
        self.row += 1

    def _heads(self, heads: tuple[str, ...], numeric: object) -> None:
        for column, head in enumerate(heads):
            self.looks.text(self.sheet, self.row, column, head, "head_right" if column in numeric else "head")  # type: ignore[operator]
        lines = max(lines_needed(head, COLUMNS[column]) for column, head in enumerate(heads))
        self.sheet.set_row(self.row, ROW * lines + 4)
        self.row += 1

    def _tall(self, row: int, texts: tuple[tuple[str, int], ...]) -> None:
        self.sheet.set_row(row, ROW * max(lines_needed(text, COLUMNS[column]) for text, column in texts))

    def chart(self, data: Worksheet) -> None:
        """The composites as bars, best first, and the line after the last place of the list."""
        m = self.material
        ranked = [person for person in m.persons if person.rank is not None]
        if not ranked:
            return
        self._section(_("คะแนนรวมตามลำดับ และเส้นหลังลำดับที่ %(size)s", size=m.size))
        lead = _("แท่งสีเขียวคือผู้ที่อยู่ในรายชื่อ แท่งสีเทาคือลำดับถัดไป เส้นประคือเส้นหลังลำดับที่ %(size)s", size=m.size)
        self.looks.text(self.sheet, self.row, 0, lead, "lead")
        self.row += 1
        bars = min(len(ranked), MOST_BARS) + 1
        chart = self.book.workbook.add_chart({"type": "bar"})
        tab = data.get_name()
        font = {"name": self.book.font, "size": 11, "color": "#1F2937"}
        for column, name, color in ((1, _("อยู่ในรายชื่อ"), GREEN), (2, _("ลำดับถัดไป"), GRAY)):
            chart.add_series({
                "name": name, "categories": [tab, 1, 0, bars, 0], "values": [tab, 1, column, bars, column],
                "fill": {"color": color}, "border": {"none": True}, "gap": 35, "overlap": 100,
                "data_labels": {"value": True, "num_format": self._label_format(), "font": font},
            })  # fmt: skip
        chart.add_series({
            "name": _("เส้นหลังลำดับที่ %(size)s", size=m.size), "categories": [tab, 1, 0, bars, 0],
            "values": [tab, 1, 3, bars, 3], "fill": {"none": True}, "border": {"none": True},
            "y_error_bars": {"type": "custom", "direction": "plus", "end_style": 0,
                             "plus_values": f"='{tab}'!$E$2:$E${bars + 1}", "minus_values": [0],
                             "line": {"color": AMBER, "width": 2, "dash_type": "dash"}},
        })  # fmt: skip
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": GRAY}, "major_tick_mark": "none"})
        chart.set_x_axis({"min": 0, "max": 100, "num_font": font, "major_gridlines": {
            "visible": True, "line": {"color": "#E5E7EB"}}, "label_position": "low", "line": {"none": True}})  # fmt: skip
        chart.set_legend({"none": True})
        chart.set_title({"none": True})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": 1240, "height": 110 + 25 * bars})
        self.sheet.insert_chart(self.row, 0, chart, {"object_position": 2, "description": _(
            "แท่งคะแนนรวมของผู้ที่จัดลำดับได้ เรียงจากมากไปน้อย มีเส้นคั่นหลังลำดับที่ %(size)s", size=m.size)})  # fmt: skip
        self.row += int((110 + 25 * bars) / 28) + 2
        if len(ranked) > MOST_BARS:
            self.looks.text(
                self.sheet, self.row, 0, _("แสดง %(count)s ลำดับแรก ทุกคนอยู่ในแผ่นการจัดลำดับ", count=MOST_BARS), "lead"
            )
            self.row += 1

    def _label_format(self) -> str:
        shown = "0." + "0" * self.material.decimals if self.material.decimals else "0"
        return f"{shown};;"


SOURCES = {
    "exam": lambda: _("การสอบ"), "proposal": lambda: _("โครงร่างข้อเสนอ"), "project": lambda: _("โครงการ"),
    "coaching": lambda: _("การสอนงาน"), "attendance": lambda: _("การเข้าเรียน"),
    "assessment-center": lambda: _("ศูนย์การประเมินผล"), "manual": lambda: _("บันทึกโดยเจ้าหน้าที่"),
}  # fmt: skip
GATES = {
    "attendance_percent": lambda: _("เข้าเรียน (ร้อยละของชั่วโมงทุกคาบ)"),
    "coaching_hours": lambda: _("การสอนงานและให้คำปรึกษาที่รับรองแล้ว (ชั่วโมง)"),
    "project_accepted": lambda: _("โครงการได้รับการยอมรับ"),
}
