"""Where several people stand, round by round: a dot each, the mean as a line; how they come together shows at once."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

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
    Path,
    Picture,
    Text,
    near,
    sheet,
)

Row = tuple[str, Sequence[tuple[str, float]], float]


def dots_by_round(rows: Sequence[Row], *, title: str, sentence: str) -> Picture:
    """``rows`` are (round, [(who, per cent)], mean), the first at the top, on one scale of per cent."""
    drawings = [_dots(rows, width) for width in (WIDE, NARROW)]
    names = list(dict.fromkeys(name for _label, people, _mean in rows for name, _value in people))
    table = []
    for name in names:
        found = [dict(people).get(name) for _label, people, _mean in rows]
        table.append((name, *("—" if value is None else f"{value:.2f}" for value in found)))
    table.append((_("เฉลี่ย"), *(f"{mean:.2f}" for _label, _people, mean in rows)))
    return Picture(title, sentence, drawings[0], drawings[1], (_("ผู้ตัดสิน"), *(row[0] for row in rows)), tuple(table))


def _dots(rows: Sequence[Row], width: int) -> Drawing:
    narrow = width == NARROW
    left, step = (8.0, 74.0) if narrow else (96.0, 62.0)
    values = [value for _label, people, _mean in rows for _name, value in people]
    low = max(0.0, 10 * (min(values, default=0) // 10))
    high = min(100.0, 10 * (max(values, default=100) // 10 + 1))
    high = high if high > low else low + 10

    def across(value: float) -> float:
        return left + (width - left - 16) * (value - low) / (high - low)

    bottom = 8 + step * len(rows)
    marks: list[Mark] = []
    every = 10 if high - low <= (40 if narrow else 80) else 20
    tick = low
    while tick <= high:
        at = near(across(tick))
        marks += [Line(at, 4, at, bottom), Text(at, bottom + 20, f"{tick:g}", 14, "middle", MUTED)]
        tick += every
    for number, (label, people, mean) in enumerate(rows):
        top = 8 + step * number
        middle = top + (48 if narrow else step / 2)
        marks.append(Text(0, near(top + (18 if narrow else step / 2 + 5)), label, 15, fill=INK, weight=600))
        at = near(across(mean))
        marks.append(Line(at, near(middle - 20), at, near(middle + 20), AMBER, 3))
        for name, value in people:
            x = near(across(value))
            marks.append(Path(
                f"M{x - 7} {near(middle)}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0", fill=GREEN, opacity=0.65,
                note=f"{name}: {value:.2f}",
            ))  # fmt: skip
    return sheet(width, bottom + 30, marks)
