"""How scores are spread: columns in equal steps, and the cut as a line with its word."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from webapp.charts.marks import (
    AMBER,
    GREEN,
    INK,
    LEAF,
    MUTED,
    NARROW,
    WIDE,
    Drawing,
    Line,
    Mark,
    Picture,
    Rect,
    Text,
    near,
    round_step,
    sheet,
    words_width,
)

Step = tuple[float, float, int]


def histogram(
    steps: Sequence[Step], *, title: str, sentence: str, cut: float | None = None, cut_word: str = ""
) -> Picture:
    """``steps`` are (from, to, how many), side by side; those wholly below the cut are paler."""
    drawings = [_columns(steps, width, cut, cut_word) for width in (WIDE, NARROW)]
    rows = tuple((f"{low:g} – {high:g}", str(count)) for low, high, count in steps)
    return Picture(title, sentence, drawings[0], drawings[1], (_("คะแนน (ร้อยละ)"), _("จำนวนคน")), rows)


def _columns(steps: Sequence[Step], width: int, cut: float | None, cut_word: str) -> Drawing:
    left, top, tall = 36.0, 34.0, 200.0
    bottom, first, last = top + tall, steps[0][0], steps[-1][1]
    highest = max(count for _low, _high, count in steps) or 1
    each = max(1.0, round_step(highest, 4))
    ceiling = each * -(-highest // each)

    def across(value: float) -> float:
        return left + (width - left - 12) * (value - first) / (last - first)

    marks: list[Mark] = []
    for number in range(int(ceiling / each) + 1):
        y = near(bottom - tall * number * each / ceiling)
        marks += [Line(left, y, width, y), Text(left - 8, y + 5, f"{number * each:g}", 14, "end", MUTED)]
    for low, high, count in steps:
        x, y = across(low), bottom - tall * count / ceiling
        fill = LEAF if cut is not None and high <= cut else GREEN
        note = _("ร้อยละ %(low)s – %(high)s: %(count)s คน", low=f"{low:g}", high=f"{high:g}", count=count)
        marks.append(Rect(near(x + 1), near(y), near(across(high) - x - 2), near(bottom - y), fill, 2, note=note))
        if count:
            marks.append(Text(near((x + across(high)) / 2), near(y - 5), str(count), 14, "middle"))
    every = 2 if width == NARROW else 1
    edges = [steps[0][0], *(high for _low, high, _count in steps)]
    marks += [
        Text(near(across(edge)), bottom + 20, f"{edge:g}", 14, "middle", MUTED)
        for place, edge in enumerate(edges)
        if place % every == 0
    ]
    marks.append(Line(left, bottom, width, bottom, MUTED))
    if cut is not None:
        marks += _cut(near(across(cut)), bottom, cut_word, width)
    return sheet(width, bottom + 30, marks)


def _cut(x: float, bottom: float, words: str, width: int) -> list[Mark]:
    half = words_width(words, 14) / 2
    at = near(min(max(x, half), width - half))
    return [Line(x, 20, x, bottom, AMBER, 2, "6 4"), Text(at, 14, words, 14, "middle", INK, 600)]
