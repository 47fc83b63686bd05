"""A list as it is seen on a page, as a workbook of one sheet."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from webapp.spreadsheets.writing import Book


def listing(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    created: dt.datetime,
    language: str,
    footer: str,
) -> bytes:
    """The list with its headings frozen and repeated, ready to print; text stays text (promise 15)."""
    content = io.BytesIO()
    with Book(content, created=created, title=title, language=language) as book:
        sheet = book.sheet(title, landscape=len(headings) > 4)
        book.table(sheet, headings, rows)
        book.header(sheet, title)
        book.footer(sheet, footer)
    return content.getvalue()
