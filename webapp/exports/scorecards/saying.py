"""The reader's words, looked up once per language: five hundred sheets say the same things."""

from functools import lru_cache
from typing import Any

from flask_babel import get_locale, gettext


def _(text: str, **values: Any) -> str:
    """The text in the reader's language, with its values filled in."""
    said = _said(text, str(get_locale()))
    return said % values if values else said


@lru_cache(maxsize=1_000)
def _said(text: str, _language: str) -> str:
    return str(gettext(text))
