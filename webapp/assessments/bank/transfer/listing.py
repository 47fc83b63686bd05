"""Lists of what did not come in or did not go out, as a workbook to take away."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence

from webapp.spreadsheets.writing import Book

WIDTHS = (24, 60, 70)


def workbook(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, created: dt.datetime, title: str, language: str
) -> bytes:
    """One sheet with these heads and rows; every cell is text."""
    content = io.BytesIO()
    with Book(content, created=created, title=title, language=language) as book:
        sheet = book.sheet("list", landscape=True)
        book.table(sheet, heads, rows)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
    return content.getvalue()
