"""Lines: how a figure moves with a number, a small trend beside a word, and a cohort's weeks as a heat table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.charts.marks import (
    GREEN,
    MUTED,
    NARROW,
    TINT,
    WIDE,
    Drawing,
    Line,
    Mark,
    Path,
    Picture,
    Text,
    dot,
    near,
    polyline,
    round_step,
    sheet,
    words_width,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a curve, with both figures as printed."""

    x: float
    y: float
    x_shown: str
    y_shown: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One week of one person: ``level`` 0 (least) to 4 (most), None when there was nothing to attend."""

    shown: str
    level: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    label: str
    cells: tuple[HeatCell, ...]
    link: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """People by weeks; it is its own table, so it needs no second one."""

    title: str
    sentence: str
    label_word: str
    heads: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    total_word: str = ""


def heat_level(share: float | None) -> int | None:
    """The shade for a share of 1: 0 none, 1 under half, 2 under three quarters, 3 under all, 4 all of it."""
    if share is None:
        return None
    return sum((share > 0, share >= 0.5, share >= 0.75, share >= 1))


def curve(points: Sequence[Point], *, title: str, sentence: str, x_word: str, y_word: str,
          here: Point | None = None, here_word: str = "") -> Picture:  # fmt: skip
    """A figure against a number; ``here`` marks today's number with its words."""
    here_word = here_word or _("ปัจจุบัน")
    drawings = [_curve(points, width, x_word, y_word, here, here_word) for width in (WIDE, NARROW)]
    rows = tuple((point.x_shown, point.y_shown) for point in points)
    return Picture(title, sentence, drawings[0], drawings[1], (x_word, y_word), rows)


def _curve(points: Sequence[Point], width: int, x_word: str, y_word: str, here: Point | None,
           here_word: str) -> Drawing:  # fmt: skip
    left, top, bottom = 52.0, 44.0, 260.0
    low, high = min(point.x for point in points), max(point.x for point in points)
    step = round_step(max(point.y for point in points), 4)
    ceiling = step * max(1, -(-max(point.y for point in points) // step))

    def place(point: Point) -> tuple[float, float]:
        across = (point.x - low) / (high - low or 1)
        return left + 14 + (width - left - 34) * across, bottom - (bottom - top) * point.y / ceiling

    marks: list[Mark] = [Text(0, 16, y_word, 15, fill=MUTED)]
    for part in range(round(ceiling / step) + 1):
        at = near(bottom - (bottom - top) * part * step / ceiling)
        marks += [Line(left, at, width, at), Text(left - 8, at + 5, f"{part * step:,g}", 14, "end", MUTED)]
    line = [place(point) for point in points]
    marks.append(Path(polyline([(line[0][0], bottom), *line, (line[-1][0], bottom)], closed=True), fill=TINT))
    marks += [Line(left, bottom, width, bottom, MUTED), Path(polyline(line), stroke=GREEN, thickness=2.5)]
    marks += _ticks(points, line, width, bottom)
    for point, (x, y) in zip(points, line, strict=True):
        marks.append(dot(x, y, 3.5, note=f"{point.x_shown}: {point.y_shown}"))
    if here is not None:
        marks += _here(place(here), width, top, bottom, f"{here_word}: {here.y_shown}")
    marks.append(Text(width, bottom + 48, x_word, 15, "end", MUTED))
    return sheet(width, bottom + 56, marks)


def _ticks(points: Sequence[Point], line: Sequence[tuple[float, float]], width: int, bottom: float) -> list[Mark]:
    """Words under the line, only where the last one leaves room."""
    marks: list[Mark] = []
    free = 0.0
    for point, (x, _y) in zip(points, line, strict=True):
        half = words_width(point.x_shown, 14) / 2
        if x - half >= free and x + half <= width:
            marks.append(Text(near(x), bottom + 22, point.x_shown, 14, "middle"))
            free = x + half + 12
    return marks


def _here(place: tuple[float, float], width: int, top: float, bottom: float, words: str) -> list[Mark]:
    x, y = place
    anchor = "end" if x + words_width(words, 15) + 12 > width else "start"
    return [
        Line(near(x), top, near(x), bottom, GREEN, 1.5, "6 4"),
        dot(x, y, 6),
        Text(near(x + (-10 if anchor == "end" else 10)), top - 8, words, 15, anchor, GREEN, 600),
    ]


def sparkline(values: Sequence[float], *, width: int = 120, height: int = 28) -> Drawing:
    """A trend the height of a word; its sentence stands beside it, so it needs no table."""
    if not values:
        return sheet(width, height, ())
    low, span = min(values), (max(values) - min(values)) or 1
    gap = (width - 8) / max(1, len(values) - 1)
    line = [(4 + gap * i, height - 5 - (height - 10) * (value - low) / span) for i, value in enumerate(values)]
    return sheet(width, height, (Path(polyline(line), stroke=GREEN, thickness=2), dot(*line[-1], 3.5)))
