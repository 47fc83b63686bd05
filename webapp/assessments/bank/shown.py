"""Texts of items on pages: in the reader's language, their markup as it is, pictures at an address of the page's room."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from webapp.assessments.bank import richtext
from webapp.assessments.bank.words import TRUE_FALSE
from webapp.language import language

Rich = Callable[..., Markup]


def rich_for(address: Callable[[str], str]) -> Rich:
    """``rich(row, "text")``: the row's text in the reader's language, or in the other where that one has none.

    ``address`` gives where the picture with this SHA-256 is served to this reader. Documents hold only markup that
    ``richtext`` has cleaned, which is what makes it safe here.
    """

    def rich(row: Any, name: str = "text") -> Markup:
        get = row.get if isinstance(row, Mapping) else lambda key, default="": getattr(row, key, default)
        first, second = (f"{name}_en", f"{name}_th") if language() == "en" else (f"{name}_th", f"{name}_en")
        markup = get(first, "") or get(second, "")
        if not markup and name == "text":
            return Markup.escape(str(TRUE_FALSE.get(get("id", ""), "")))
        return Markup(richtext.shown(markup, address))

    return rich
