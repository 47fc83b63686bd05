"""Lanes: an officer's service through the years, and the steps of career paths side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from webapp.charts.marks import (
    AMBER,
    GREEN,
    INK,
    LEAF,
    MUTED,
    NARROW,
    RULE,
    SAND,
    STONE,
    TINT,
    WHITE,
    WIDE,
    Drawing,
    Line,
    Mark,
    Path,
    Picture,
    Rect,
    Text,
    fitted,
    near,
    sheet,
    words_width,
)

FILLS = {"": GREEN, "acting": SAND, "delegation": LEAF, "training": "#5b7f95", "other": STONE}
"""Fills by kind of spell; the lane's own words say the kind, so color is never alone."""

DARK = frozenset({"", "training"})


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in something; ``until`` None means it still goes on. ``dates`` is the time as printed."""

    label: str
    since: date
    until: date | None
    dates: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    label: str
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: the post, what it asks (years, place) and how many officers stand on it now."""

    label: str
    note: str = ""
    count: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class CareerPath:
    label: str
    steps: tuple[Step, ...]


def timeline(lanes: Sequence[Lane], *, title: str, sentence: str, today: date, year_shift: int = 543) -> Picture:
    """Lanes of spells against the years; ``year_shift`` 543 prints Buddhist-era years, 0 Gregorian ones."""
    starts = [spell.since for lane in lanes for spell in lane.spells] or [today]
    first, last = min(starts).year, max([today.year, *(s.until.year for lane in lanes for s in lane.spells if s.until)])
    drawings = [_service(lanes, width, first, last + 1, today, year_shift) for width in (WIDE, NARROW)]
    rows = tuple((lane.label, spell.label, spell.dates) for lane in lanes for spell in lane.spells)
    return Picture(title, sentence, drawings[0], drawings[1], (_("ประเภท"), _("รายการ"), _("ช่วงเวลา")), rows)


def _service(lanes: Sequence[Lane], width: int, first: int, last: int, today: date, shift: int) -> Drawing:
    narrow = width == NARROW
    left = 0.0 if narrow else 150.0
    days = (date(last, 1, 1) - date(first, 1, 1)).days
    start = date(first, 1, 1)

    def across(day: date) -> float:
        return left + (width - left) * (day - start).days / days

    high = 66.0 if narrow else 50.0
    bottom = 30 + high * len(lanes)
    marks: list[Mark] = []
    every = max(1, -(-(last - first) // (5 if narrow else 11)))
    for year in range(first, last + 1):
        if (year - first) % every == 0 and year < last:
            x = near(across(date(year, 1, 1)))
            marks.append(Line(x, 22, x, bottom))
            if x + 34 <= width:
                marks.append(Text(x, 14, str(year + shift), 14, fill=MUTED))
    for index, lane in enumerate(lanes):
        y = 30 + high * index
        marks.append(Text(0, near(y + (18 if narrow else 26)), fitted(lane.label, 290 if narrow else 140, 15), 15))
        at = y + (26 if narrow else 6)
        spans = [(across(spell.since), across(spell.until or today)) for spell in lane.spells]
        for spell, (begin, end) in zip(lane.spells, spans, strict=True):
            free = min([width, *(other for other, _end in spans if other > begin)]) - end
            marks += _spell(spell, begin, end, at, lane.label, free)
        marks.append(Line(0, near(y + high - 2), width, near(y + high - 2)))
    x = near(across(today))
    marks.append(Line(x, 22, x, bottom, AMBER, 1.5, "4 3"))
    return sheet(width, bottom + 2, marks)


def _spell(spell: Spell, start: float, end: float, y: float, lane: str, free: float) -> list[Mark]:
    """A spell as a box with its words inside, or beside it where it is too short and ``free`` room follows."""
    length = max(4.0, end - start)
    note = f"{lane}: {spell.label}, {spell.dates}"
    box = Rect(near(start), near(y), near(max(3.0, length - 2)), 30, FILLS.get(spell.kind, STONE), 3, note=note)
    words = fitted(spell.label, length - 14, 15)
    if words != spell.label and words_width(spell.label, 15) + 8 < free:
        return [box, Text(near(end + 5), near(y + 20), spell.label, 15)]
    if len(words) < 6:
        return [box]
    return [box, Text(near(start + 7), near(y + 20), words, 15, fill=WHITE if spell.kind in DARK else INK)]


def path_lanes(paths: Sequence[CareerPath], *, title: str, sentence: str) -> Picture:
    """Career paths as lanes of steps: side by side on a desk, one below the other on a phone."""
    rows = tuple((path.label, step.label, step.note or "—", step.count or "—") for path in paths for step in path.steps)
    heads = (_("เส้นทาง"), _("ขั้น"), _("เงื่อนไข"), _("จำนวนที่อยู่ในขั้นนี้"))
    return Picture(title, sentence, _lanes(paths), _ladders(paths), heads, rows)


def _lanes(paths: Sequence[CareerPath]) -> Drawing:
    marks: list[Mark] = []
    most = max((len(path.steps) for path in paths), default=1)
    wide = (WIDE - 24 * (most - 1)) / most
    y = 0.0
    for path in paths:
        marks.append(Text(0, near(y + 18), fitted(path.label, WIDE, 15), 15, weight=600))
        for index, step in enumerate(path.steps):
            x = index * (wide + 24)
            marks += _box(step, x, y + 28, wide)
            if index:
                middle = near(y + 60)
                marks.append(Path(f"M{near(x - 21)} {middle}h16m-6 -5l6 5l-6 5", stroke=MUTED, thickness=1.5))
        y += 118
    return sheet(WIDE, y - 14, marks)


def _ladders(paths: Sequence[CareerPath]) -> Drawing:
    marks: list[Mark] = []
    y = 0.0
    for path in paths:
        marks.append(Text(0, near(y + 18), fitted(path.label, NARROW, 15), 15, weight=600))
        y += 28
        for index, step in enumerate(path.steps):
            marks += _box(step, 0, y, NARROW)
            if index + 1 < len(path.steps):
                marks.append(Path(f"M{NARROW / 2} {near(y + 67)}v14m-5 -6l5 6l5 -6", stroke=MUTED, thickness=1.5))
            y += 84
        y += 10
    return sheet(NARROW, y - 24, marks)


def _box(step: Step, x: float, y: float, width: float) -> list[Mark]:
    fill, stroke = (TINT, GREEN) if step.here else (WHITE, RULE)
    note = ", ".join(part for part in (step.label, step.note, step.count) if part)
    marks: list[Mark] = [
        Rect(near(x + 0.5), near(y + 0.5), near(width - 1), 63, fill, 6, stroke, note),
        Text(near(x + 12), near(y + 25), fitted(step.label, width - 22, 15), 15, weight=600),
    ]
    room = width - 24
    if step.count:
        room -= 8 + 8 * len(step.count)
        marks.append(Text(near(x + width - 12), near(y + 49), step.count, 15, "end", GREEN, 600))
    if step.note:
        marks.append(Text(near(x + 12), near(y + 49), fitted(step.note, room, 15), 15, fill=MUTED))
    return marks
