"""Bars: a ranking with the line after the first five, parts of a whole, figures by year, criteria that narrow a pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.charts.marks import (
    AMBER,
    GREEN,
    INK,
    LEAF,
    MUTED,
    NARROW,
    RULE,
    SERIES,
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
    diamond,
    fitted,
    legend,
    near,
    round_step,
    sheet,
    words_width,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, length and printed figure; ``place`` is the rank, ``low``/``high`` an interval if known."""

    label: str
    value: float
    shown: str
    place: str = ""
    low: float | None = None
    high: float | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Several figures that belong together: the parts of a whole, or one year's columns."""

    label: str
    values: tuple[float, ...]
    shown: tuple[str, ...] = ()
    total: str = ""

    def printed(self, index: int) -> str:
        return self.shown[index] if self.shown else f"{self.values[index]:g}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One step of a funnel: the criterion and how many still meet it and all before it."""

    label: str
    count: int


def ranked_bars(
    bars: Sequence[Bar],
    *,
    title: str,
    sentence: str,
    maximum: float = 100,
    line_after: int | None = 5,
    line_word: str = "",
    value_word: str = "",
) -> Picture:
    """Bars in the order given, with a line after the ``line_after``-th bar (the caller counts ties across it)."""
    line_word = line_word or _("ห้าลำดับแรก")
    drawings = [_ranking(bars, width, maximum, line_after, line_word) for width in (WIDE, NARROW)]
    rows = tuple((bar.place, bar.label, bar.shown + (f" ({bar.flag})" if bar.flag else "")) for bar in bars)
    return Picture(title, sentence, drawings[0], drawings[1],
                   (_("ลำดับ"), _("ชื่อ"), value_word or _("คะแนนรวม")), rows)  # fmt: skip


def _ranking(bars: Sequence[Bar], width: int, maximum: float, line_after: int | None, line_word: str) -> Drawing:
    narrow = width == NARROW
    left, step = (34.0, 50.0) if narrow else (260.0, 34.0)
    track = width - left - 62
    y, marks = 4.0, list[Mark]()
    for index, bar in enumerate(bars):
        if line_after is not None and index == line_after:
            marks += _cut(y, width, line_word)
            y += 30
        above = line_after is None or index < line_after
        at = y + (24 if narrow else 4)
        words_at = y + 16 if narrow else y + 20
        length = max(2.0, track * min(bar.value, maximum) / maximum)
        note = f"{bar.label} {bar.shown}"
        room = width - 40 if narrow else left - 48
        marks += [
            Text(24, near(words_at), bar.place, 15, "end", MUTED, 600),
            Text(34, near(words_at), fitted(bar.label, room, 15), 15, weight=600 if above else 400),
            Rect(left, near(at), near(track), 22, TINT if above else "#f2efe9", 3),
            Rect(left, near(at), near(length), 22, GREEN if above else STONE, 3, note=note),
            Text(width, near(at + 16), bar.shown, 15, "end", weight=600),
        ]
        marks += _interval(bar, left, track, maximum, at)
        if bar.flag:
            marks.append(diamond(near(left + length - 12), near(at + 11), note=bar.flag))
        y += step
    return sheet(width, y + 4, marks)


def _interval(bar: Bar, left: float, track: float, maximum: float, y: float) -> list[Mark]:
    if bar.low is None or bar.high is None:
        return []
    a, b, middle = (near(left + track * part / maximum) for part in (bar.low, bar.high, bar.value))
    y = near(y + 11)
    d = f"M{a} {y}H{b}M{a} {y - 5}v10M{b} {y - 5}v10"
    return [Path(d, stroke=WHITE, thickness=4), Path(d, stroke=INK, thickness=1.5)] if middle else []


def _cut(y: float, width: float, words: str) -> list[Mark]:
    taken = words_width(words, 15) + 12
    return [
        Text(0, near(y + 18), words, 15, fill=GREEN, weight=600),
        Line(near(taken), near(y + 13), width, near(y + 13), GREEN, 1.5, "6 4"),
    ]


def stacked_bars(groups: Sequence[Group], series: Sequence[str], *, title: str, sentence: str, label_word: str,
                 maximum: float | None = None) -> Picture:  # fmt: skip
    """Each group one bar, its values laid end to end, in the order of ``series``."""
    longest = maximum or max((sum(group.values) for group in groups), default=1) or 1
    drawings = [_stack(groups, series, width, longest) for width in (WIDE, NARROW)]
    return Picture(title, sentence, drawings[0], drawings[1], (label_word, *series), _group_rows(groups))


def _stack(groups: Sequence[Group], series: Sequence[str], width: int, longest: float) -> Drawing:
    narrow = width == NARROW
    left, step = (0.0, 52.0) if narrow else (220.0, 36.0)
    track = width - left - 60
    marks, y = legend(zip(SERIES, series, strict=False), width=width, y=2)
    for group in groups:
        at, x = y + (24 if narrow else 2), left
        room = width if narrow else left - 16
        marks.append(Text(0, near(y + (16 if narrow else 19)), fitted(group.label, room, 15)))
        for index, value in enumerate(group.values):
            length = track * value / longest
            note = f"{group.label}: {series[index]} {group.printed(index)}"
            marks.append(Rect(near(x), near(at), near(max(0.0, length - 1)), 24, SERIES[index % 8], note=note))
            words = group.printed(index)
            if words_width(words, 14) + 8 < length:
                dark = index % 8 in (0, 3, 6)
                marks.append(Text(near(x + length / 2), near(at + 17), words, 14, "middle", WHITE if dark else INK))
            x += length
        total = group.total or f"{sum(group.values):g}"
        marks.append(Text(width, near(at + 17), total, 15, "end", weight=600))
        y += step
    return sheet(width, y + 2, marks)


def grouped_bars(groups: Sequence[Group], series: Sequence[str], *, title: str, sentence: str,
                 label_word: str) -> Picture:  # fmt: skip
    """Columns side by side for each group, usually a year, with a plain scale from nought."""
    highest = max((value for group in groups for value in group.values), default=1) or 1
    drawings = [_columns(groups, series, width, highest) for width in (WIDE, NARROW)]
    return Picture(title, sentence, drawings[0], drawings[1], (label_word, *series), _group_rows(groups))


def _columns(groups: Sequence[Group], series: Sequence[str], width: int, highest: float) -> Drawing:
    marks, top = legend(zip(SERIES, series, strict=False), width=width, y=2)
    step = round_step(highest, 4)
    ceiling = step * -(-highest // step)
    left, bottom = 44.0, top + 230
    tick = 0.0
    while tick <= ceiling:
        at = near(bottom - 200 * tick / ceiling)
        marks += [Line(left, at, width, at), Text(left - 8, at + 5, f"{tick:g}", 14, "end", MUTED)]
        tick += step
    band = (width - left) / max(1, len(groups))
    thick = min(34.0, band * 0.72 / max(1, len(series)))
    for place, group in enumerate(groups):
        start = left + band * (place + 0.5) - thick * len(series) / 2
        for index, value in enumerate(group.values):
            tall = 200 * value / ceiling
            note = f"{group.label}: {series[index]} {group.printed(index)}"
            x = near(start + thick * index)
            marks.append(Rect(x, near(bottom - tall), near(thick - 2), near(tall), SERIES[index % 8], 2, note=note))
            if thick >= 20:
                words_at = near(bottom - tall - 5)
                marks.append(Text(near(x + thick / 2 - 1), words_at, group.printed(index), 14, "middle"))
        room = band - 4
        marks.append(Text(near(left + band * (place + 0.5)), bottom + 22, fitted(group.label, room, 15), 15, "middle"))
    marks.append(Line(left, bottom, width, bottom, MUTED))
    return sheet(width, bottom + 32, marks)


def _group_rows(groups: Sequence[Group]) -> tuple[tuple[str, ...], ...]:
    return tuple((group.label, *(group.printed(index) for index in range(len(group.values)))) for group in groups)


def funnel(steps: Sequence[Criterion], *, title: str, sentence: str, unit: str = "") -> Picture:
    """How many remain after each criterion, and how many each one takes away."""
    unit = unit or _("คน")
    drawings = [_narrowing(steps, width, unit) for width in (WIDE, NARROW)]
    rows, before = [], None
    for step in steps:
        rows.append((step.label, f"{step.count:,}", "—" if before is None else f"{before - step.count:,}"))
        before = step.count
    return Picture(title, sentence, drawings[0], drawings[1],
                   (_("เกณฑ์"), _("เหลือ (%(unit)s)", unit=unit), _("ไม่ผ่าน (%(unit)s)", unit=unit)),
                   tuple(rows))  # fmt: skip


def _narrowing(steps: Sequence[Criterion], width: int, unit: str) -> Drawing:
    narrow = width == NARROW
    left, high = (0.0, 62.0) if narrow else (300.0, 46.0)
    track = width - left - (104 if narrow else 110)
    most = max((step.count for step in steps), default=1) or 1
    marks: list[Mark] = []
    y, before = 2.0, None
    for index, step in enumerate(steps):
        at = y + (22 if narrow else 0)
        length = max(3.0, track * step.count / most)
        room = width if narrow else left - 20
        fill = GREEN if index == len(steps) - 1 else LEAF
        words = f"{step.count:,} {unit}"
        marks += [
            Text(0, near(y + (14 if narrow else 20)), fitted(step.label, room, 15)),
            Rect(left, near(at), near(length), 30, fill, 3, note=f"{step.label}: {words}"),
            Text(near(left + length + 10), near(at + 20), words, 15, weight=600),
        ]
        if before is not None and before > step.count:
            lost = f"−{before - step.count:,}"
            marks.append(Text(width, near(at + 20), lost, 15, "end", AMBER))
        if index + 1 < len(steps) and not narrow:
            marks.append(Line(left, near(at + 30), left, near(at + high), RULE, 1))
        y, before = y + high, step.count
    return sheet(width, y, marks)


__all__ = ["Bar", "Criterion", "Group", "funnel", "grouped_bars", "ranked_bars", "stacked_bars"]
