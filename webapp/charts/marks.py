"""What every picture is made of: plain marks with their places, no style sheet needed, so that print shows the same.

A picture is drawn twice, wide for a desk or paper and narrow for a phone, so that its words stay readable.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

INK = "#23211d"
MUTED = "#5a554c"
RULE = "#ddd8ce"
GREEN = "#0a5c45"
LEAF = "#8dbba7"
TINT = "#e4efe9"
STONE = "#b5aea2"
SAND = "#d9b870"
AMBER = "#a85b00"
WHITE = "#ffffff"

SERIES = (GREEN, LEAF, SAND, "#5b7f95", STONE, "#c48a6a", "#3f8f7b", "#8a7f9e")
"""Fills in the order series use them; a legend and the table name them, so color is never alone."""

WIDE = 800
NARROW = 296


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled box; ``note`` is its spoken and hovered words."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0
    stroke: str = "none"
    note: str = ""
    tag: ClassVar[str] = "rect"


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = RULE
    thickness: float = 1
    dash: str = ""
    tag: ClassVar[str] = "line"


@dataclass(frozen=True, slots=True)
class Path:
    d: str
    fill: str = "none"
    stroke: str = "none"
    thickness: float = 2
    dash: str = ""
    opacity: float = 1
    note: str = ""
    tag: ClassVar[str] = "path"


@dataclass(frozen=True, slots=True)
class Text:
    """Words; ``y`` is the base line, ``anchor`` start, middle or end."""

    x: float
    y: float
    words: str
    size: float = 16
    anchor: str = "start"
    fill: str = INK
    weight: int = 400
    tag: ClassVar[str] = "text"


Mark = Rect | Line | Path | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet of a given size, in drawing units (a CSS pixel at full size)."""

    width: int
    height: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: what it is called, one sentence that says what it shows, two drawings, and its data as a table."""

    title: str
    sentence: str
    wide: Drawing
    narrow: Drawing
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheet(width: float, height: float, marks: Iterable[Mark]) -> Drawing:
    return Drawing(round(width), round(height), tuple(marks))


def near(value: float) -> float:
    """A coordinate to a tenth: half the bytes, no visible difference."""
    rounded = round(float(value), 1)
    return int(rounded) if rounded == int(rounded) else rounded


def words_width(words: str, size: float) -> float:
    """About how wide words are in Sarabun; vowels and tone marks above and below take no room."""
    return sum(size * 0.56 for letter in words if unicodedata.category(letter) != "Mn")


def fitted(words: str, room: float, size: float) -> str:
    """The words, cut with an ellipsis when they would not fit the room; never in the middle of a stacked letter."""
    if words_width(words, size) <= room:
        return words
    kept, used = "", size * 0.6
    for letter in words:
        used += 0 if unicodedata.category(letter) == "Mn" else size * 0.56
        if used > room:
            break
        kept += letter
    return kept.rstrip() + "…" if kept.strip() else ""


def polyline(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    path = "M" + "L".join(f"{near(x)} {near(y)}" for x, y in points)
    return path + "Z" if closed else path


def dot(x: float, y: float, radius: float = 4, *, fill: str = GREEN, note: str = "") -> Path:
    """A round mark, drawn as a path so that one kind of mark less is needed."""
    r, d = near(radius), near(2 * radius)
    return Path(f"M{near(x - radius)} {near(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0Z", fill, WHITE, 1.5, note=note)


def diamond(x: float, y: float, radius: float = 6, *, fill: str = AMBER, note: str = "") -> Path:
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    return Path(polyline(corners, closed=True), fill, WHITE, 1.5, note=note)


def legend(entries: Iterable[tuple[str, str]], *, width: float, y: float) -> tuple[list[Mark], float]:
    """Boxes with their words from left to right, wrapped at the width; returns the marks and the next free line."""
    marks: list[Mark] = []
    x = 0.0
    for fill, words in entries:
        needed = 22 + words_width(words, 15) + 18
        if x and x + needed > width:
            x, y = 0.0, y + 24
        marks += [Rect(near(x), near(y), 14, 14, fill, 3), Text(near(x + 22), near(y + 12), words, 15, fill=MUTED)]
        x += needed
    return marks, y + 30


def round_step(span: float, parts: int = 5) -> float:
    """A step people count in (1, 2, 5, 10, …) that divides the span into about so many parts."""
    rough = max(span, 1e-9) / parts
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 1.0
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
