"""A person's competencies against the expected levels, as a radar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.charts.marks import (
    GREEN,
    MUTED,
    NARROW,
    RULE,
    WIDE,
    Drawing,
    Mark,
    Path,
    Picture,
    Text,
    diamond,
    dot,
    fitted,
    near,
    polyline,
    sheet,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """One competency: the level found (None: not assessed yet) and the level its post expects."""

    label: str
    value: float | None
    expected: float | None = None

    @property
    def short(self) -> bool:
        return self.value is not None and self.expected is not None and self.value < self.expected


def radar(
    axes: Sequence[Axis],
    *,
    title: str,
    sentence: str,
    levels: int = 5,
    value_word: str = "",
    expected_word: str = "",
) -> Picture:
    """Levels 0 to ``levels`` from the center outwards; an axis below its expected level carries a diamond."""
    value_word = value_word or _("ผลการประเมิน")
    expected_word = expected_word or _("ระดับที่คาดหวัง")
    words = (value_word, expected_word, _("ต่ำกว่าที่คาดหวัง"))
    missing = _("ยังไม่มี")
    rows = tuple((axis.label, _shown(axis.value, missing), _shown(axis.expected, "—")) for axis in axes)
    return Picture(
        title, sentence, _wide(axes, levels, words), _narrow(axes, levels, words),
        (_("สมรรถนะ"), value_word, expected_word), rows,
    )  # fmt: skip


def _shown(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:g}"


def _at(center: tuple[float, float], radius: float, index: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * index / count - math.pi / 2
    return center[0] + radius * math.cos(angle), center[1] + radius * math.sin(angle)


def _wide(axes: Sequence[Axis], levels: int, words: tuple[str, ...]) -> Drawing:
    center, radius = (WIDE / 2, 206.0), 160.0
    marks = _web(center, radius, len(axes), levels) + _shape(axes, center, radius, levels)
    for index, axis in enumerate(axes):
        x, y = _at(center, radius + 18, index, len(axes))
        side = x - center[0]
        anchor = "middle" if abs(side) < 24 else ("start" if side > 0 else "end")
        lift = -4 if y < center[1] - radius else (14 if y > center[1] + radius else 5)
        room = 300 if anchor == "middle" else (WIDE - x if side > 0 else x)
        marks.append(Text(near(x), near(y + lift), fitted(axis.label, room, 15), 15, anchor))
    return sheet(WIDE, 436, marks + _key(words, 424, (150, 320, 506)))


def _narrow(axes: Sequence[Axis], levels: int, words: tuple[str, ...]) -> Drawing:
    center, radius = (NARROW / 2, 136.0), 108.0
    marks = _web(center, radius, len(axes), levels) + _shape(axes, center, radius, levels)
    top = 284 + 3 * 24 + 6
    for index, axis in enumerate(axes):
        x, y = _at(center, radius + 16, index, len(axes))
        marks.append(Text(near(x), near(y + 5), str(index + 1), 15, "middle", weight=600))
        found = _shown(axis.value, "–") + ("" if axis.expected is None else f" / {axis.expected:g}")
        line = top + index * 26
        marks += [
            Text(0, line, str(index + 1), 15, weight=600),
            Text(28, line, fitted(axis.label, 214, 15)),
            Text(NARROW, line, found, 15, "end", weight=600),
        ]
    key = [mark for step in range(3) for mark in _key(words, 284 + step * 24, (0, 0, 0), only=step)]
    return sheet(NARROW, top + len(axes) * 26 - 12, marks + key)


def _web(center: tuple[float, float], radius: float, count: int, levels: int) -> list[Mark]:
    marks: list[Mark] = []
    for level in range(1, levels + 1):
        ring = [_at(center, radius * level / levels, index, count) for index in range(count)]
        marks.append(Path(polyline(ring, closed=True), stroke=RULE, thickness=1))
    spokes = (polyline([center, _at(center, radius, index, count)]) for index in range(count))
    marks += [Path(spoke, stroke=RULE, thickness=1) for spoke in spokes]
    for level in range(1, levels + 1):
        up = center[1] - radius * level / levels
        marks.append(Text(near(center[0] + 5), near(up + 13), str(level), 12, fill=MUTED))
    return marks


def _shape(axes: Sequence[Axis], center: tuple[float, float], radius: float, levels: int) -> list[Mark]:
    count = len(axes)
    marks: list[Mark] = []
    if any(axis.expected is not None for axis in axes):
        ring = [_at(center, radius * (axis.expected or 0) / levels, i, count) for i, axis in enumerate(axes)]
        marks.append(Path(polyline(ring, closed=True), stroke=MUTED, thickness=1.5, dash="5 4"))
    found = [(i, axis, _at(center, radius * axis.value / levels, i, count))
             for i, axis in enumerate(axes) if axis.value is not None]  # fmt: skip
    if len(found) == count:
        outline = polyline([place for _index, _axis, place in found], closed=True)
        marks += [Path(outline, fill=GREEN, opacity=0.14), Path(outline, stroke=GREEN, thickness=2.5)]
    for _index, axis, (x, y) in found:
        note = f"{axis.label} {axis.value:g}"
        marks.append(diamond(x, y, note=note) if axis.short else dot(x, y, 4.5, note=note))
    return marks


def _key(words: tuple[str, ...], y: float, places: Sequence[float], *, only: int | None = None) -> list[Mark]:
    signs: list[list[Mark]] = [
        [Path(f"M{places[0]} {y - 5}h22", stroke=GREEN, thickness=2.5), dot(places[0] + 11, y - 5)],
        [Path(f"M{places[1]} {y - 5}h22", stroke=MUTED, thickness=1.5, dash="5 4")],
        [diamond(places[2] + 11, y - 5)],
    ]
    wanted = range(3) if only is None else [only]
    marks: list[Mark] = []
    for index in wanted:
        marks += [*signs[index], Text(near(places[index] + 30), near(y), words[index], 15, fill=MUTED)]
    return marks
