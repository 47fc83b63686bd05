"""The map of career paths: lanes of steps that end in one column, so that the key position stands below itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.charts.marks import (
    GREEN,
    INK,
    MUTED,
    NARROW,
    RULE,
    TINT,
    WHITE,
    Drawing,
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

DESK = 1100
"""Wider than other pictures: six steps side by side, each with room for the longest Thai name of a post."""

GAP = 20.0
LABEL, DETAIL, LINE = 14.0, 13.0, 19.0
BREAKS = ("ผู้", "หัวหน้า", "สังกัด", "สำนัก", "ระดับ", "กลุ่ม", "กรุงเทพ", "รับผิดชอบ", "ผลงาน")
"""Beginnings of words before which a long Thai name may be parted where it has no space."""

LEADING = tuple("เแโใไ")
"""Vowels written before their consonant: never the last of a line."""


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step: its post or level, what it asks (level, kind of unit, years, …), and a word on who stands there.

    ``state`` is ``here``, ``done`` or nothing; ``tag`` says it in words, so that color is never alone.
    """

    label: str
    notes: tuple[str, ...] = ()
    tag: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A path: its name (none where the picture's title says it) and its steps in order."""

    label: str
    steps: tuple[WayStep, ...]


def ways(
    paths: Sequence[Way], *, title: str, sentence: str, columns: int = 0, tag_head: str = "", narrow_room: int = NARROW
) -> Picture:
    """Career paths as lanes: side by side on a desk, one below the other on a phone. ``columns``: of the longest lane."""
    most = max([columns, 1, *(len(path.steps) for path in paths)])
    rows = tuple(
        (
            path.label or title,
            f"{place}. {step.label}",
            " · ".join(step.notes) or "—",
            *((step.tag or "—",) if tag_head else ()),
        )
        for path in paths
        for place, step in enumerate(path.steps, start=1)
    )
    heads = (_("เส้นทาง"), _("ขั้น"), _("เงื่อนไข"), *((tag_head,) if tag_head else ()))
    return Picture(title, sentence, _lanes(paths, most), _ladders(paths, NARROW), heads, rows)


def _lanes(paths: Sequence[Way], most: int) -> Drawing:
    marks: list[Mark] = []
    wide = (DESK - GAP * (most - 1)) / most
    y = 0.0
    for path in paths:
        if path.label:
            marks.append(Text(0, near(y + 18), fitted(path.label, DESK, 15), 15, weight=600))
            y += 28
        high = max((_height(step, wide) for step in path.steps), default=0.0)
        shift = most - len(path.steps)
        for index, step in enumerate(path.steps):
            x = (index + shift) * (wide + GAP)
            marks += _box(step, x, y, wide, high)
            if index:
                middle = near(y + high / 2)
                marks.append(
                    Path(f"M{near(x - GAP + 2)} {middle}h{near(GAP - 5)}m-5 -5l5 5l-5 5", stroke=MUTED, thickness=1.5)
                )
        y += high + 24
    return sheet(DESK, max(y - 22, 1), marks)


def _ladders(paths: Sequence[Way], width: int) -> Drawing:
    marks: list[Mark] = []
    y = 0.0
    for path in paths:
        for line in wrapped(path.label, width, 15):
            marks.append(Text(0, near(y + 18), line, 15, weight=600))
            y += 22
        y += 6 if path.label else 0
        for index, step in enumerate(path.steps):
            high = _height(step, width)
            marks += _box(step, 0, y, width, high)
            if index + 1 < len(path.steps):
                marks.append(Path(f"M{width / 2} {near(y + high + 3)}v14m-5 -6l5 6l5 -6", stroke=MUTED, thickness=1.5))
            y += high + 20
        y += 16
    return sheet(width, max(y - 34, 1), marks)


def _lines(step: WayStep, width: float) -> list[tuple[str, bool]]:
    """The words of a step, line by line; the second says whether it belongs to the label."""
    room = width - 16
    label = [(line, True) for line in wrapped(step.label, room, LABEL)]
    return [*label, *((line, False) for note in step.notes for line in wrapped(note, room, DETAIL))]


def _height(step: WayStep, width: float) -> float:
    return LINE * (len(_lines(step, width)) + len(wrapped(step.tag, width - 16, DETAIL))) + 14


def _box(step: WayStep, x: float, y: float, width: float, height: float) -> list[Mark]:
    fill, stroke = (TINT, GREEN) if step.state == "here" else (WHITE, GREEN if step.state == "done" else RULE)
    note = ", ".join(part for part in (step.label, *step.notes, step.tag) if part)
    marks: list[Mark] = [Rect(near(x + 0.5), near(y + 0.5), near(width - 1), near(height - 1), fill, 6, stroke, note)]
    at = y + 20
    for line, is_label in _lines(step, width):
        look = (LABEL, INK, 600) if is_label else (DETAIL, MUTED, 400)
        marks.append(Text(near(x + 8), near(at), line, look[0], fill=look[1], weight=look[2]))
        at += LINE
    tags = wrapped(step.tag, width - 16, DETAIL)
    at = y + height - 10 - LINE * (len(tags) - 1)
    for line in tags:
        marks.append(Text(near(x + 8), near(at), line, DETAIL, fill=GREEN, weight=600))
        at += LINE
    return marks


def wrapped(words: str, room: float, size: float) -> list[str]:
    """The words in lines that fit the room, parted at spaces, before common Thai words, or between letters at the worst."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words, room, size):
        if line and words_width(line + piece.rstrip(), size) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(words: str, room: float, size: float) -> Iterator[str]:
    """Parts that are kept whole, each narrower than the room."""
    piece = ""
    for place, letter in enumerate(words):
        joined = unicodedata.category(letter) == "Mn" or letter in "ๆำะาๅ" or piece[-1:] in LEADING
        follows = piece[-1:] in (" ", "/") or any(words.startswith(begin, place) for begin in BREAKS)
        if piece and not joined and (follows or words_width(piece + letter, size) > room):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece
