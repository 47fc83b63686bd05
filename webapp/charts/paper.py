"""Pictures for printed documents: the same drawing, with ำ written so that typst's SVG reader sets it right."""

from __future__ import annotations

import re

from flask import get_template_attribute

from webapp.charts.marks import Picture

SARA_AM = re.compile("([่้๊๋]?)ำ")


def document_svg(name: str, picture: Picture) -> str:
    """The wide drawing alone as SVG for a document; ``name`` is its id there.

    typst's SVG reader lays the two halves of ำ over the next letter (seen with typst 0.15); written as ํ and า, with a
    tone mark between them, the same word is set as it should be.
    """
    drawn = str(get_template_attribute("_charts.html", "svg")(name, picture))
    return SARA_AM.sub("ํ\\1า", drawn)
