"""A cohort invented from a seed: its file, its roster workbook as somebody else would make it, and its ranking worked
out from the rules as they are written (domain.md §3 and §5), with nothing of the product's own code."""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from dateutil.relativedelta import relativedelta
from openpyxl import Workbook

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
STARTS, ENDS = dt.date(2026, 1, 5), dt.date(2026, 6, 30)

Spell = tuple[str, str, str, str, dt.date, dt.date | None, bool]  # post, unit, type, level, first, last, acting


@dataclass
class Person:
    """What counts about one officer."""

    entry: dt.date
    status: str
    postings: list[Spell] = field(default_factory=list)
    scores: dict[str, Fraction] = field(default_factory=dict)
    hours: Fraction = Fraction(0)
    minutes: int = 0


class Invented:
    """A cohort invented from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.people: dict[str, Person] = {}
        self.components = self._components()
        self.sessions = [
            (f"S{n:02}", self.chance.choice((3, 6, 1.5, 2)), STARTS + dt.timedelta(days=7 * n))
            for n in range(1, self.chance.choice((3, 9)))
        ]
        self.tie_breakers = self.chance.choice(
            (["exam", "level_tenure", "entry_date"], ["level_tenure"], [], ["entry_date", "exam"])
        )
        self.gates = self.chance.choice(
            ({}, {"attendance_percent": 80}, {"attendance_percent": 66.7, "coaching_hours": 2.5})
        )
        self.size = self.chance.choice((5, 2, 3))
        self.sheets: dict[str, list[list[Any]]] = {}
        self._fill()

    def _components(self) -> list[tuple[str, Any, int, Any]]:
        if self.chance.random() < 0.5:
            weight = self.chance.choice(("33.3", "45.25"))
            return [("exam", weight, 90, 60), ("b", str(100 - Decimal(weight)), 30, None), ("gate", 0, 10, 50)]
        return [
            ("exam", 50, self.chance.choice((100, 80, 60)), 60), ("proposal", 30, 100, self.chance.choice((60, None, 62.5))),
            ("project", 10, self.chance.choice((20, 100, 7)), None), ("coaching", 10, 100, None),
        ]  # fmt: skip

    # -- what the product is given

    def cohort_file(self) -> bytes:
        """The cohort's YAML file."""
        lines = [
            "cohort: C-1", "course: district-director-course", "name_th: รุ่นทดสอบ", "starts_on: '2026-01-05'", "ends_on: 2026-06-30",
            "seats: 60", f"shortlist_size: {self.size}", "sessions:",
            *(f"  - {{code: {code}, part: lecture, title_th: คาบ {code}, date: {day}, hours: {hours}}}" for code, hours, day in self.sessions),
            "assessment:", "  decimals: 2", "  components:",
            *(f"    - {{code: {code}, weight: {weight}, max: {most}{'' if mark is None else f', pass: {mark}'}}}" for code, weight, most, mark in self.components),
        ]  # fmt: skip
        if self.gates:
            lines.append("  gates: {" + ", ".join(f"{kind}: {value}" for kind, value in self.gates.items()) + "}")
        if self.tie_breakers:
            lines.append("  tie_breakers: [" + ", ".join(self.tie_breakers) + "]")
        return "\n".join(lines).encode()

    def workbook(self) -> bytes:
        """The roster workbook; days in all the ways people write them, numbers as numbers or Thai digits."""
        book = Workbook()
        book.remove(book.active)
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def _day(self, day: dt.date) -> Any:
        buddhist = day.year + 543
        return self.chance.choice((
            day.isoformat(), day, f"{day.day}/{day.month}/{buddhist}", f"{day.day} {MONTHS[day.month - 1]} {buddhist}",
            f"{day.day:02}/{day.month:02}/{buddhist}".translate(THAI_DIGITS),
        ))  # fmt: skip

    def _fill(self) -> None:
        chance = self.chance
        officers, postings, enrollments = [], [], []
        for place in range(chance.choice((3, 8, 25))):
            number = f"{chance.choice(('A', '0', ''))}{100 + place}"
            person = Person(
                dt.date(chance.choice((1999, 2000, 2001)), chance.choice((1, 10)), 1),
                chance.choice(("enrolled",) * 4 + ("completed", "withdrawn", "applied")),
            )
            self.people[number] = person
            officers.append(
                [
                    number,
                    "นาย",
                    f"สมชาย{place}",
                    "ใจดี",
                    self._day(dt.date(1970 + place % 15, 5, 1)),
                    self._day(person.entry),
                    chance.choice(("f", "m", None)),
                ]
            )
            enrollments.append(
                ["C-1", number, None if person.status == "enrolled" and chance.random() < 0.3 else person.status]
            )
            postings += self._postings(number, person)
        self.sheets["officers"] = [
            ["officer_no", "title", "given_name", "family_name", "birth_date", "entry_date", "sex"],
            *officers,
        ]
        if postings:
            self.sheets["postings"] = [
                ["officer_no", "post_code", "position_type", "level", "unit_code", "start_date", "end_date", "acting"],
                *postings,
            ]
        self.sheets["enrollments"] = [["cohort_code", "officer_no", "status"], *enrollments]
        self._attendance()
        self._coaching()
        self._scores()

    def _postings(self, number: str, person: Person) -> list[list[Any]]:
        chance, day, rows, seen = self.chance, person.entry, [], set()
        for _ in range(chance.choice((0, 1, 2, 4))):
            kind, level = chance.choice((("managerial", "primary"), ("knowledge", "senior-professional")))
            last = None if chance.random() < 0.3 else day + dt.timedelta(days=chance.choice((30, 400, 1500)))
            post, unit = (
                chance.choice(("section-head", "assistant-district-director", "some-new-post")),
                chance.choice(("BMA-D01", "BMA-D02", "BMA-B01")),
            )
            acting = chance.random() < 0.2
            if (post, unit, day) not in seen:
                seen.add((post, unit, day))
                rows.append(
                    [number, post, kind, level, unit, self._day(day), self._day(last) if last else None, int(acting)]
                )
                person.postings.append((post, unit, kind, level, day, last, acting))
            day = max(person.entry, (last or day) + dt.timedelta(days=chance.choice((1, -10, 40, 400))))
        return rows

    def _attendance(self) -> None:
        rows: list[list[Any]] = []
        for number, person in self.people.items():
            for code, hours, _day in self.sessions:
                draw = self.chance.random()
                if draw < 0.03:
                    continue
                present, given = draw >= 0.06, self.chance.choice((0.5, 1, 1.25)) if draw < 0.2 else None
                rows.append(["C-1", number, code, int(present), given if present else None])
                person.hours += Fraction(str(given or hours)) if present else 0
        self.chance.shuffle(rows)
        self.sheets["attendance"] = [["cohort_code", "officer_no", "session_code", "present", "hours"], *rows]

    def _coaching(self) -> None:
        rows = []
        for number, person in self.people.items():
            for place in range(self.chance.choice((1, 3, 5))):
                kind, minutes = (
                    self.chance.choice(("coaching", "mentoring", "shadowing")),
                    self.chance.choice((30, 50, 90, 61)),
                )
                said, mentor = (
                    self.chance.choice((1, 1, 0, None)),
                    self.chance.choice([one for one in self.people if one != number]),
                )
                rows.append(
                    [
                        "C-1",
                        number,
                        mentor,
                        self._day(STARTS + dt.timedelta(days=place * 9 + 1)),
                        kind,
                        minutes,
                        "หัวข้อ",
                        said,
                    ]
                )
                person.minutes += minutes if said == 1 and kind != "shadowing" else 0
        self.sheets["coaching"] = [
            ["cohort_code", "officer_no", "mentor_no", "held_on", "kind", "minutes", "topic", "acknowledged"],
            *rows,
        ]

    def _scores(self) -> None:
        chance, rows = self.chance, []
        for number, person in self.people.items():
            for code, _weight, most, _mark in self.components:
                if chance.random() < 0.02:
                    continue
                count = chance.choice((1, 1, 2, 3)) if code != "gate" else 1
                points = [self._points(most) for _ in range(count)]
                for place, given in enumerate(points):
                    shown = float(given) if chance.random() < 0.7 else str(given).translate(THAI_DIGITS)
                    rows.append(
                        [
                            "C-1",
                            number,
                            code,
                            f"กรรมการ {place}" if count > 1 else None,
                            shown,
                            most if chance.random() < 0.3 else None,
                        ]
                    )
                person.scores[code] = sum(map(Fraction, points)) / count
        chance.shuffle(rows)
        self.sheets["scores"] = [
            ["cohort_code", "officer_no", "component", "panel_member", "score", "max_score"],
            *rows,
        ]

    def _points(self, most: int) -> Decimal:
        hundredths = Decimal(self.chance.randrange(most * 58, most * 100 + 1)) / 100
        return hundredths.quantize(Decimal(1)) if self.chance.random() < 0.5 else hundredths

    # -- what the rules say

    def expected(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The entries of the ranking, and the numbers of those who are not ranked."""
        ranked, others = [], []
        for number, person in self.people.items():
            if person.status == "applied":
                continue
            if not self._qualifies(person):
                others.append(number)
                continue
            exact = sum(Fraction(str(weight)) * person.scores[code] / most for code, weight, most, _ in self.components)
            ranked.append(((-_half_up(exact), *self._tie_key(person)), number, exact, person))
        ranked.sort(key=lambda row: (row[0], row[1]))
        entries: list[dict[str, Any]] = []
        for place, (key, number, exact, person) in enumerate(ranked):
            same = place > 0 and ranked[place - 1][0] == key
            entries.append({
                "rank": entries[-1]["rank"] if same else place + 1, "officer_no": number, "composite": _text(exact),
                "components": {code: _text(person.scores[code]) for code, *_ in self.components},
            })  # fmt: skip
        inside = [entry for entry in entries if entry["rank"] <= self.size]
        last = max((entry["rank"] for entry in inside), default=0)
        for entry in entries:
            entry["shortlisted"] = entry["rank"] <= self.size
            entry["tied_at_line"] = len(inside) > self.size and entry["rank"] == last
        return entries, sorted(others)

    def _qualifies(self, person: Person) -> bool:
        if person.status == "withdrawn" or any(code not in person.scores for code, *_ in self.components):
            return False
        if any(
            mark is not None and person.scores[code] * 100 < Fraction(str(mark)) * most
            for code, _, most, mark in self.components
        ):
            return False
        held = sum(Fraction(str(hours)) for _, hours, _ in self.sessions)
        if person.hours * 100 < Fraction(str(self.gates.get("attendance_percent", 0))) * held:
            return False
        return Fraction(person.minutes, 60) >= Fraction(str(self.gates.get("coaching_hours", 0)))

    def _tie_key(self, person: Person) -> list[Any]:
        personal = {"level_tenure": -_level_tenure(person), "entry_date": person.entry}
        return [personal[key] if key in personal else -person.scores[key] for key in self.tie_breakers]


def _level_tenure(person: Person) -> int:
    held = [
        spell
        for spell in person.postings
        if not spell[6] and spell[4] <= ENDS and (spell[5] is None or spell[5] >= ENDS)
    ]
    if not held:
        return 0
    latest = min(held, key=lambda spell: (-spell[4].toordinal(), spell[0], spell[1]))
    days = set()
    for spell in person.postings:
        if not spell[6] and spell[2:4] == latest[2:4] and spell[4] <= ENDS:
            days |= set(range(spell[4].toordinal(), min(spell[5] or ENDS, ENDS).toordinal() + 1))
    total = 0
    for first in sorted(day for day in days if day - 1 not in days):
        end = first
        while end in days:
            end += 1
        start, stop, months = dt.date.fromordinal(first), dt.date.fromordinal(end), 0
        while start + relativedelta(months=months + 1) <= stop:
            months += 1
        total += 30 * months + (stop - (start + relativedelta(months=months))).days
    return total


def _half_up(exact: Fraction) -> int:
    return int((exact * 200 + 1) // 2)


def _text(exact: Fraction) -> str:
    return f"{_half_up(exact) // 100}.{_half_up(exact) % 100:02}"
