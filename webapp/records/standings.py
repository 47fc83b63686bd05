"""A ranking as a page shows it: rows with their figures in words, and one person's sum explained in exact terms."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.ranking.ranks import Ranking
from webapp.assessments.ranking.reasons import attendance_percent, attended_hours, coaching_hours, decided, reasons_of
from webapp.assessments.ranking.scores import as_text, plain
from webapp.language import language
from webapp.records.words import Names, component_name, exact_words, length_words, reason_words, tie_breaker_name

GATE_DECIMALS = 2
"""Per cents and hours beside a gate are shown with so many decimals; what counts is the exact figure."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One component of one person: the published score and whether it is below its pass mark or missing."""

    code: str
    shown: str
    below: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of the plan for one person."""

    kind: str
    name: str
    found: str
    required: str
    met: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One person of a ranking. ``decided`` says what set them apart from the one listed just before."""

    officer_no: str
    name_th: str
    name_en: str
    rank: int | None
    composite: str
    cells: tuple[Cell, ...]
    gates: tuple[Gate, ...]
    shortlisted: bool
    tied_at_line: bool
    decided: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One component's share of a composite, exact: weight × score / maximum."""

    code: str
    name: str
    score: str
    shown: str
    maximum: str
    weight: str
    pass_mark: str
    share: str
    below: bool
    missing: bool
    marks: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """How one composite came about."""

    standing: Standing
    parts: tuple[Part, ...]
    exact: str
    formula: str
    tie_facts: tuple[tuple[str, str], ...] = field(default=())


class Table:
    """A ranking with the names of its people and components, read row by row as pages need it."""

    def __init__(self, ranking: Ranking, persons: Mapping[str, Mapping[str, Any]], names: Names) -> None:
        self.ranking, self.persons, self.names = ranking, persons, names
        self.ranked = int(ranking.ranked.sum())
        self._rows = {str(number): row for row, number in enumerate(ranking.people.officer_no)}

    def __len__(self) -> int:
        return len(self.ranking)

    @property
    def listed(self) -> int:
        """How many stand within the line."""
        return int(self.ranking.shortlisted.sum())

    @property
    def tied(self) -> list[str]:
        """Officers tied across the line."""
        people = self.ranking.people.officer_no
        return [str(people[int(row)]) for row in self.ranking.order if self.ranking.tied_at_line[int(row)]]

    def of(self, officer_no: str) -> Standing | None:
        """One person's row."""
        row = self._rows.get(officer_no)
        return None if row is None else self._standing(row)

    def first(self, count: int, start: int = 0) -> list[Standing]:
        """The ranked from place ``start`` on."""
        return [self._standing(int(row)) for row in self.ranking.order[: self.ranked][start : start + count]]

    def others(self) -> list[Standing]:
        """Everybody who is not ranked, with the reasons; nobody vanishes."""
        return [self._standing(int(row)) for row in self.ranking.order[self.ranked :]]

    def found(self, words: str) -> list[Standing]:
        """The ranked whose name or number holds ``words``, in order."""
        wanted = words.casefold()
        numbers = [str(self.ranking.people.officer_no[int(row)]) for row in self.ranking.order[: self.ranked]]
        kept = [number for number in numbers if wanted in self._searched(number)]
        return [self._standing(self._rows[number]) for number in kept]

    def _searched(self, number: str) -> str:
        person = self.persons[number]
        return f"{person['name_th']} {person['name_en']} {number}".casefold()

    def _standing(self, row: int) -> Standing:
        ranking = self.ranking
        number = str(ranking.people.officer_no[row])
        ranked = bool(ranking.ranked[row])
        person = self.persons[number]
        return Standing(
            officer_no=number, name_th=person["name_th"], name_en=person["name_en"],
            rank=int(ranking.rank[row]) if ranked else None,
            composite=format(ranking.composite(row), "f") if ranked else "",
            cells=tuple(self._cells(row)), gates=tuple(self._gates(row)), shortlisted=bool(ranking.shortlisted[row]),
            tied_at_line=bool(ranking.tied_at_line[row]), decided=self._decided(row) if ranked else "",
            reasons=tuple(reason_words(reason, self.names) for reason in reasons_of(ranking, row)),
        )  # fmt: skip

    def _cells(self, row: int) -> list[Cell]:
        cells = []
        for component in self.ranking.plan.components:
            score = self._score(component.code, row)
            shown = "" if score is None else as_text(score, self.ranking.plan.decimals)
            cells.append(Cell(component.code, shown, self._below(component.code, row), score is None))
        return cells

    def _score(self, code: str, row: int) -> Fraction | None:
        column = self.ranking.people.scores.get(code)
        return None if column is None else column[row]

    def _below(self, code: str, row: int) -> bool:
        mask = self.ranking.checks.below.get(code)
        return bool(mask is not None and mask[row])

    def _gates(self, row: int) -> list[Gate]:
        ranking, gates = self.ranking, self.ranking.plan.gates
        found = []
        if gates.attendance_percent is not None:
            percent = attendance_percent(ranking, row)
            figure = as_text(percent, GATE_DECIMALS)
            shown = _("ร้อยละ %(percent)s", percent=figure)
            required = _("ร้อยละ %(percent)s", percent=plain(gates.attendance_percent))
            found.append(
                Gate(
                    "attendance_percent",
                    self._gate_name("attendance_percent", _("เข้าเรียน")),
                    shown,
                    required,
                    percent >= gates.attendance_percent,
                    figure,
                )
            )
        if gates.coaching_hours is not None:
            hours = coaching_hours(ranking, row)
            figure = as_text(hours, GATE_DECIMALS)
            shown = _("%(hours)s ชั่วโมง", hours=figure)
            required = _("%(hours)s ชั่วโมง", hours=plain(gates.coaching_hours))
            found.append(
                Gate(
                    "coaching_hours",
                    self._gate_name("coaching_hours", _("การสอนงานที่รับรองแล้ว")),
                    shown,
                    required,
                    hours >= gates.coaching_hours,
                    figure,
                )
            )
        if gates.project_accepted and ranking.people.project_accepted is not None:
            accepted = bool(ranking.people.project_accepted[row])
            shown = _("ยอมรับแล้ว") if accepted else _("ยังไม่ยอมรับ")
            found.append(
                Gate(
                    "project_accepted",
                    self._gate_name("project_accepted", _("โครงการ")),
                    shown,
                    _("ยอมรับแล้ว"),
                    accepted,
                    shown,
                )
            )
        return found

    def _gate_name(self, kind: str, words: str) -> str:
        """A gate in the plan's own words where it has some, else in ours."""
        return component_name(self.names, f"gate:{kind}") if f"gate:{kind}" in self.names else words

    def gate_heads(self) -> list[tuple[str, str]]:
        """The plan's gates as column heads."""
        gates = self.ranking.plan.gates
        heads = [("attendance_percent", _("เข้าเรียน (ร้อยละ)"), gates.attendance_percent is not None),
                 ("coaching_hours", _("สอนงาน (ชั่วโมง)"), gates.coaching_hours is not None),
                 ("project_accepted", _("โครงการ"), gates.project_accepted)]  # fmt: skip
        return [(kind, self._gate_name(kind, words)) for kind, words, asked in heads if asked]

    def _decided(self, row: int) -> str:
        """What set a ranked person apart from the one listed just before, as a sentence."""
        found = decided(self.ranking, row)
        if found is None or found.kind == "first" or found.neighbor is None:
            return ""
        neighbor = self.persons[str(self.ranking.people.officer_no[found.neighbor])]
        other = neighbor["name_en" if language() == "en" else "name_th"]
        if found.kind == "composite":
            return ""
        if found.kind == "tied":
            return _("เท่ากับ %(other)s ทุกข้อของเกณฑ์ตัดสิน", other=other)
        return _(
            "คะแนนรวมเท่ากับ%(other)s จึงตัดสินด้วย%(key)s (ผู้นี้ %(own)s อีกฝ่าย %(their)s)",
            other=other, key=tie_breaker_name(self.names, found.key or ""), own=_figure(found.kind, found.own),
            their=_figure(found.kind, found.other),
        )  # fmt: skip

    def explained(self, officer_no: str, marks: Mapping[str, Sequence[Sequence[Any]]]) -> Explained | None:
        """How one person's composite came about, with the standing marks behind each component."""
        row = self._rows.get(officer_no)
        if row is None:
            return None
        parts = tuple(
            self._part(component, row, marks.get(component.code, ())) for component in self.ranking.plan.components
        )
        exact = self.ranking.exact_composite(row)
        standing = self._standing(row)
        terms = " + ".join(
            f"{part.weight} × {part.score} ÷ {part.maximum}"
            for part in parts
            if not part.missing and part.weight != "0"
        )
        return Explained(standing, parts, exact_words(exact), terms, tuple(self._tie_facts(row)))

    def _part(self, component: Any, row: int, marks: Sequence[Sequence[Any]]) -> Part:
        score = self._score(component.code, row)
        share = self.ranking.parts(row)[component.code]
        return Part(
            code=component.code, name=component_name(self.names, component.code),
            score="" if score is None else plain(score),
            shown="" if score is None else as_text(score, self.ranking.plan.decimals),
            maximum=plain(component.maximum), weight=plain(component.weight),
            pass_mark="" if component.pass_points is None else plain(component.pass_points),
            share=exact_words(share), below=self._below(component.code, row), missing=score is None,
            marks=tuple((int(entry), str(member), str(total)) for entry, member, total in marks),
        )  # fmt: skip

    def _tie_facts(self, row: int) -> list[tuple[str, str]]:
        people = self.ranking.people
        facts = []
        for key in self.ranking.plan.tie_breakers:
            if key == "level_tenure" and people.level_tenure is not None:
                shown = length_words(int(people.level_tenure[row]))
            elif key == "entry_date" and people.entry_date is not None:
                shown = _day(int(people.entry_date[row]))
            else:
                score = self._score(key, row)
                shown = "" if score is None else exact_words(score)
            facts.append((tie_breaker_name(self.names, key), shown))
        return facts

    def hours(self, officer_no: str) -> tuple[str, str]:
        """Hours attended and acknowledged coaching hours of one person."""
        row = self._rows[officer_no]
        return plain(attended_hours(self.ranking, row)), as_text(coaching_hours(self.ranking, row), GATE_DECIMALS)


def _day(ordinal: int) -> str:
    return thai.day(dt.date.fromordinal(ordinal))


def _figure(kind: str, value: Any) -> str:
    """A compared figure of a tie-breaker in words."""
    if kind == "level_tenure":
        return length_words(int(value))
    if kind == "entry_date":
        return thai.day(value)
    return exact_words(value)
