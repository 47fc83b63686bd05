"""Which letters a typeface has, read from its character map (OpenType ``cmap``, formats 4 and 12)."""

import struct
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=4)
def covered_letters(fonts: tuple[Path, ...]) -> frozenset[int]:
    """The letters (as code points) that every one of these font files has."""
    if not fonts:
        return frozenset()
    covered = letters_of(fonts[0].read_bytes())
    for font in fonts[1:]:
        covered &= letters_of(font.read_bytes())
    return frozenset(covered)


def letters_of(font: bytes) -> set[int]:
    """The code points for which a font file has a glyph."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for number in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if tag == b"cmap":
            return _letters_of_map(font, start)
    return set()


def _letters_of_map(font: bytes, start: int) -> set[int]:
    letters: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        _platform, _encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
        at = start + offset
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 4:
            letters |= _segments(font, at)
        elif kind == 12:
            for group in range(struct.unpack_from(">L", font, at + 12)[0]):
                first, last, _glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * group)
                letters.update(range(first, last + 1))
    return letters


def _segments(font: bytes, at: int) -> set[int]:
    """Format 4: segments of code points, each with a shift or a table of glyphs; glyph 0 is 'missing'."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    shifts = struct.unpack_from(f">{count}h", font, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    letters = set()
    for segment in range(count):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            if offsets[segment] == 0:
                glyph = (code + shifts[segment]) & 0xFFFF
            else:
                place = offsets_at + 2 * segment + offsets[segment] + 2 * (code - starts[segment])
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph:
                letters.add(code)
    return letters
