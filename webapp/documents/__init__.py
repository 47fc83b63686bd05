"""PDF documents set by typst in our own typeface: A4, page numbers, Thai not justified, the same bytes for the same data.

A room brings a ``.typ`` file under ``webapp/<room>/documents/`` that begins with
``#import "/documents/frame.typ": *`` and reads its data from ``data`` (a JSON document, never built into the source).
"""

import datetime as dt
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.assets import pdf_fonts
from webapp.database import canonical_json
from webapp.documents.glyphs import covered_letters

WEBAPP = Path(__file__).resolve().parent.parent
REPLACEMENT = "?"
"""Stands for a letter that the typeface does not have: one missing glyph would otherwise refuse the whole PDF/A file."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Document:
    """A finished PDF, and the letters of the data that its typeface could not show."""

    content: bytes
    replaced: tuple[str, ...]


def render(template: str, data: dict[str, Any], *, dated: dt.datetime) -> bytes:
    """The PDF/A of ``template`` (a path under ``webapp/``) with ``data``; see :func:`render_document`."""
    return render_document(template, data, dated=dated).content


def render_document(template: str, data: dict[str, Any], *, dated: dt.datetime) -> Document:
    """Set ``template`` with ``data``. ``dated`` is the document's own date (of its freezing or publication).

    The same data and date give the same bytes. Exact numbers and days come to the template as text: show them the way
    the reader should see them before handing them over.
    """
    import typst

    replaced: set[str] = set()
    covered = covered_letters(tuple(sorted(pdf_fonts().glob("*.ttf"))))
    tidy = _with_known_letters(json.loads(canonical_json(data)), covered, replaced)
    if replaced:
        _log.warning(
            "letters without a glyph in %s: %s", template, " ".join(f"U+{ord(letter):04X}" for letter in replaced)
        )
    content = typst.compile(
        WEBAPP / template,
        root=WEBAPP,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[pdf_fonts()]),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={
            "data": canonical_json(tidy),
            "year": str(dated.astimezone(dt.UTC).year),
            "month": str(dated.astimezone(dt.UTC).month),
            "day": str(dated.astimezone(dt.UTC).day),
        },
        pdf_standards=["a-2u"],
        timestamp=dated.astimezone(dt.UTC).replace(microsecond=0),
    )
    return Document(bytes(content), tuple(sorted(replaced)))


def _with_known_letters(value: Any, covered: frozenset[int], replaced: set[str]) -> Any:
    """The same data with every letter that has no glyph replaced and noted."""
    if isinstance(value, str):
        # A picture is drawn, not set: its own text is checked with the rest of its source.
        missing = {letter for letter in value if ord(letter) not in covered and letter not in "\n\t"}
        if not missing:
            return value
        replaced |= missing
        return "".join(REPLACEMENT if letter in missing else letter for letter in value)
    if isinstance(value, list):
        return [_with_known_letters(one, covered, replaced) for one in value]
    if isinstance(value, dict):
        return {name: _with_known_letters(one, covered, replaced) for name, one in value.items()}
    return value
