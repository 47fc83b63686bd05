"""Bars to both sides of nought: who lies above the others, who below."""

from collections.abc import Sequence

from webapp.charts.bars import Bar
from webapp.charts.marks import (
    AMBER,
    GREEN,
    INK,
    MUTED,
    NARROW,
    WIDE,
    Drawing,
    Line,
    Mark,
    Picture,
    Rect,
    Text,
    fitted,
    near,
    sheet,
)


def deviations(
    bars: Sequence[Bar], *, title: str, sentence: str, columns: tuple[str, ...], below: str = "", above: str = ""
) -> Picture:
    """Each bar from nought to its value, left below and right above; ``columns`` heads the table (name, figure, note)."""
    most = max((abs(bar.value) for bar in bars), default=0.0) or 1.0
    drawings = [_both_sides(bars, width, most, below, above) for width in (WIDE, NARROW)]
    rows = tuple((bar.label, bar.shown, bar.flag)[: len(columns)] for bar in bars)
    return Picture(title, sentence, drawings[0], drawings[1], columns, rows)


def _both_sides(bars: Sequence[Bar], width: int, most: float, below: str, above: str) -> Drawing:
    narrow = width == NARROW
    left, step = (0.0, 52.0) if narrow else (240.0, 34.0)
    room = 58.0
    middle = left + (width - left) / 2
    half = (width - left) / 2 - room
    y, marks = 4.0, list[Mark]()
    if below or above:
        gap = 10.0
        marks += [
            Text(near(middle - gap), 16, fitted(f"← {below}", half + room - gap, 14), 14, "end", MUTED),
            Text(near(middle + gap), 16, fitted(f"{above} →", half + room - gap, 14), 14, "start", MUTED),
        ]
        y = 28.0
    top = y
    for bar in bars:
        at = y + (24 if narrow else 4)
        words_at = y + (16 if narrow else 20)
        length = half * abs(bar.value) / most
        start = middle - length if bar.value < 0 else middle
        end = start if bar.value < 0 else middle + length
        note = f"{bar.label} {bar.shown}"
        marks += [
            Text(0, near(words_at), fitted(bar.label, width if narrow else left - 16, 15), 15),
            Rect(near(start), near(at), near(max(length, 1.5)), 22, AMBER if bar.value < 0 else GREEN, 2, note=note),
            Text(
                near(end - 6 if bar.value < 0 else end + 6),
                near(at + 16),
                bar.shown,
                15,
                "end" if bar.value < 0 else "start",
                weight=600,
            ),
        ]
        y += step
    marks.append(Line(near(middle), near(top), near(middle), near(y), INK, 1))
    return sheet(width, y + 4, marks)


__all__ = ["deviations"]
