"""The ranking sheet: places, figures and composites that recompute, and below them who is not ranked and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from webapp.assessments.ranking.plan import ENTRY_DATE, LEVEL_TENURE
from webapp.assessments.ranking.scores import plain
from webapp.exports.scorecards.component_sheets import ComponentSheet
from webapp.exports.scorecards.gathering import source_words
from webapp.exports.scorecards.layout import Looks, at, guard_holds, here, lines_needed, rounded, wide_enough, widths
from webapp.exports.scorecards.material import Material, Person
from webapp.exports.scorecards.saying import _
from webapp.exports.scorecards.summary import ROW, Places
from webapp.records.words import tie_breaker_name

HEADS = 3
"""The row of the headings."""

FIRST = HEADS + 1
COMPONENTS = 5
"""The first component's column, after rank, number, name, post and unit."""


class RankingSheet:
    """Lays out and writes the ranking; ``composite_at`` and ``rank_at`` are where other sheets find a person."""

    def __init__(
        self, looks: Looks, material: Material, sheet: Worksheet, places: Places, parts: Sequence[ComponentSheet]
    ) -> None:
        self.looks, self.material, self.sheet, self.places, self.parts = looks, material, sheet, places, parts
        self.tab = sheet.get_name()
        self.composite = COMPONENTS + len(parts)
        self.facts = [key for key in material.tie_breakers if key in (LEVEL_TENURE, ENTRY_DATE)]
        self.within = self.composite + 1 + len(self.facts)
        self.last = FIRST + material.ranked - 1
        self.last_column = self.within + (1 if material.decision is None else 2)

    def composite_at(self, index: int) -> str:
        return at(self.tab, FIRST + index, self.composite)

    def rank_at(self, index: int) -> str:
        return at(self.tab, FIRST + index, 0)

    def write(self, officers: Mapping[str, str]) -> None:
        """``officers`` are the tabs of the officers' own sheets by number."""
        looks, sheet, material = self.looks, self.sheet, self.material
        sheet.set_row(0, 32)
        looks.text(sheet, 0, 0, _("การจัดลำดับ"), "title")
        looks.text(sheet, 1, 0, source_words(material), "lead")
        self._widths()
        self._heads()
        for index, person in enumerate(material.persons[: material.ranked]):
            self._person(index, person, officers)
        sheet.freeze_panes(FIRST, 3)
        sheet.repeat_rows(HEADS)
        if material.ranked:
            sheet.autofilter(HEADS, 0, self.last, self.last_column)
        else:
            looks.text(sheet, FIRST, 0, _("ยังจัดลำดับใครไม่ได้ เหตุผลของแต่ละคนอยู่ด้านล่าง"), "lead")
        self._others(officers)

    def _widths(self) -> None:
        persons = self.material.persons
        given: dict[int, float] = {
            0: 8, 1: wide_enough((p.officer_no for p in persons), 14), 2: wide_enough((p.name for p in persons), 22),
            3: wide_enough((p.post for p in persons), 18), 4: wide_enough((p.unit for p in persons), 16, 36),
        }  # fmt: skip
        given |= {COMPONENTS + place: 18 for place in range(len(self.parts))}
        given |= {self.composite: 13, self.within: 18, self.within + 1: 20, self.within + 2: 20}
        given |= {self.composite + 1 + place: 17 for place in range(len(self.facts))}
        widths(self.sheet, given)

    def _heads(self) -> None:
        heads: list[tuple[str, str]] = [
            (_("ลำดับ"), "head"), (_("เลขประจำตัวข้าราชการ"), "head"), (_("ชื่อ"), "head"), (_("ตำแหน่ง"), "head"),
            (_("หน่วยงาน"), "head"),
        ]  # fmt: skip
        for component in self.material.components:
            below = _(
                "เต็ม %(maximum)s · ร้อยละ %(weight)s", maximum=plain(component.maximum), weight=plain(component.weight)
            )
            heads.append((f"{component.name}\n{below}", "head_right"))
        heads.append((_("คะแนนรวม"), "head_right"))
        for key in self.facts:
            unit = _("วัน (ปีละ 360)") if key == LEVEL_TENURE else ""
            heads.append((f"{tie_breaker_name(self.material.names, key)} {unit}".strip(), "head_right"))
        heads += [(_("อยู่ใน %(size)s ลำดับแรก", size=self.material.size), "head"), (_("เท่ากันคร่อมเส้น"), "head")]
        if self.material.decision is not None:
            heads.append((_("คำตัดสิน"), "head"))
        for column, (head, look) in enumerate(heads):
            self.looks.text(self.sheet, HEADS, column, head, look)
        self.sheet.set_row(HEADS, ROW * max(lines_needed(head, 14) for head, _look in heads[COMPONENTS:]) + 4)

    def _person(self, index: int, person: Person, officers: Mapping[str, str]) -> None:
        looks, sheet, row = self.looks, self.sheet, FIRST + index
        sheet.write_formula(row, 0, self._rank_formula(row), looks.rank, person.rank)
        self._named(row, person, officers)
        for place, part in enumerate(self.parts):
            score = person.scores.get(part.component.code)
            sheet.write_formula(row, COMPONENTS + place, f"={part.score_at(index)}", looks.points, float(score or 0))
        sheet.write_formula(row, self.composite, self._composite(row, person), looks.composite, float(person.composite))
        self._facts(row, person)
        self._flags(row, person)

    def _named(self, row: int, person: Person, officers: Mapping[str, str]) -> None:
        looks, sheet = self.looks, self.sheet
        tab = officers.get(person.officer_no)
        if tab is None:
            looks.text(sheet, row, 1, person.officer_no, "plain")
        else:
            sheet.write_url(row, 1, f"internal:'{tab}'!A1", looks.link, person.officer_no)
        for column, value in ((2, person.name), (3, person.post or "—"), (4, person.unit or "—")):
            looks.text(sheet, row, column, value, "plain")

    def _composite(self, row: int, person: Person) -> str:
        cells = [
            f"{self.places.weight[part.component.code]}*{here(row, COMPONENTS + place)}/"
            f"{self.places.maximum[part.component.code]}"
            for place, part in enumerate(self.parts)
        ]
        if not guard_holds(sum(person.parts.values()), self.material.decimals):
            return f"=ROUND({'+'.join(cells)},{self.material.decimals})"
        return f"={rounded('+'.join(cells), self.material.decimals)}"

    def _facts(self, row: int, person: Person) -> None:
        for place, key in enumerate(self.facts, start=self.composite + 1):
            if key == LEVEL_TENURE:
                self.sheet.write_number(row, place, person.level_tenure or 0, self.looks.whole)
            elif person.entry_date is not None:
                self.sheet.write_datetime(row, place, person.entry_date, self.looks.day)

    def _rank_formula(self, row: int) -> str:
        """One more than those with a higher composite, or an equal one and a better tie-breaker."""
        keys = [(self.composite, True, False)]
        codes = [part.component.code for part in self.parts]
        for key in self.material.tie_breakers:
            if key in self.facts:
                keys.append((self.composite + 1 + self.facts.index(key), key == LEVEL_TENURE, False))
            else:
                keys.append((COMPONENTS + codes.index(key), True, True))
        terms, equal = [], ""
        for column, higher_first, dusty in keys:
            every = f"{here(FIRST, column, fixed=True)}:{here(self.last, column, fixed=True)}"
            own = here(row, column)
            if dusty:
                every, own = f"ROUND({every},9)", f"ROUND({own},9)"
            terms.append(f"{equal}({every}{'>' if higher_first else '<'}{own})")
            equal += f"({every}={own})*"
        return f"=1+SUMPRODUCT({'+'.join(terms)})"

    def _flags(self, row: int, person: Person) -> None:
        looks, sheet, size = self.looks, self.sheet, self.places.size
        rank, every = here(row, 0), f"{here(FIRST, 0, fixed=True)}:{here(self.last, 0, fixed=True)}"
        listed, tied = _("อยู่ในรายชื่อ"), _("เท่ากันคร่อมเส้น")
        sheet.write_formula(
            row, self.within, f'=IF({rank}<={size},"{listed}","")', looks.good, listed if person.shortlisted else ""
        )
        formula = f'=IF(AND({rank}<={size},{rank}-1+COUNTIF({every},{rank})>{size}),"{tied}","")'
        chosen = self.material.chosen(person)
        sheet.write_formula(row, self.within + 1, formula, looks.act, tied if person.tied_at_line else "")
        if self.material.decision is not None:
            words = "" if chosen is None else _("เสนอต่อตามคำตัดสิน") if chosen else _("ไม่ได้เสนอต่อ")
            looks.text(sheet, row, self.within + 2, words, "plain")

    def _others(self, officers: Mapping[str, str]) -> None:
        """Who is not ranked, with the scores there are and every reason; nobody vanishes."""
        looks, sheet, material = self.looks, self.sheet, self.material
        others = material.persons[material.ranked :]
        if not others:
            return
        row = max(self.last, FIRST) + 2
        looks.text(sheet, row, 0, _("ไม่ได้จัดลำดับ %(count)s คน", count=len(others)), "title")
        sheet.set_row(row, 30)
        row += 1
        heads = ["", _("เลขประจำตัวข้าราชการ"), _("ชื่อ"), _("ตำแหน่ง"), _("หน่วยงาน")]
        heads += [component.name for component in material.components] + [_("เหตุผล")]
        for column, head in enumerate(heads):
            looks.text(sheet, row, column, head, "head_right" if COMPONENTS <= column < self.composite else "head")
        sheet.merge_range(row, self.composite, row, self.last_column, "", looks.head)
        looks.text(sheet, row, self.composite, _("เหตุผล"), "head")
        sheet.set_row(row, ROW * max(lines_needed(head, 14) for head in heads[COMPONENTS : self.composite] or [""]) + 4)
        for index, person in enumerate(others, start=material.ranked):
            row += 1
            self._other(row, index, person, officers)

    def _other(self, row: int, index: int, person: Person, officers: Mapping[str, str]) -> None:
        looks, sheet = self.looks, self.sheet
        looks.text(sheet, row, 0, "—", "center")
        self._named(row, person, officers)
        for place, part in enumerate(self.parts):
            score = person.scores.get(part.component.code)
            if score is None:
                looks.text(sheet, row, COMPONENTS + place, _("ยังไม่มี"), "soft")
            else:
                sheet.write_formula(row, COMPONENTS + place, f"={part.score_at(index)}", looks.points, float(score))
        reasons: Any = "\n".join(person.reasons)
        sheet.merge_range(row, self.composite, row, self.last_column, "", looks.act)
        looks.text(sheet, row, self.composite, reasons, "act")
        width = 13 + 18 + 20 + 17 * len(self.facts)
        sheet.set_row(row, ROW * lines_needed(reasons, width))
