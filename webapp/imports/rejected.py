"""The rejected rows of a file as a workbook to correct: the columns as they came, and why each row was not taken."""

import io
from collections.abc import Callable
from pathlib import Path

from webapp.imports.models import ImportRun
from webapp.imports.operations import Checked, tabs_of
from webapp.spreadsheets.reading import REJECTED_BECAUSE, Problem, open_file
from webapp.spreadsheets.writing import Book


def rejected_workbook(run: ImportRun, path: Path, translate: Callable[[str], str]) -> bytes:
    """Every row with a problem, sheet by sheet; the last column holds the reasons and is skipped when read again."""
    reasons: dict[str, dict[int, list[str]]] = {}
    for one in run.problems:
        problem = Problem(one["row"], one["column"], one["value"], one["message"], one["values"], one["sheet"])
        kind = one["sheet"] or run.kind
        if one["row"] is not None:
            reasons.setdefault(kind, {}).setdefault(one["row"], []).append(
                f"{one['column']}: {problem.reason(translate)}"
            )
    file = io.BytesIO()
    with open_file(path) as source, Book(file, created=run.uploaded_at, title=run.file_name) as book:
        tabs = dict(tabs_of(source, run.kind, run.sheet or None, Checked(run.kind, "", "", "")))
        for kind, tab in tabs.items():
            if kind in reasons:
                _write(book, kind, source.grid(tab), reasons[kind])
        if not reasons:
            book.sheet(run.kind)
    return file.getvalue()


def _write(book: Book, kind: str, grid: list[list[object]], reasons: dict[int, list[str]]) -> None:
    top = next((number for number, row in enumerate(grid) if any(cell != "" for cell in row)), 0)
    heads = [str(cell) for cell in grid[top]]
    rows = [[*grid[row - 1], "\n".join(reasons[row])] for row in sorted(reasons) if top + 1 < row <= len(grid)]
    book.table(book.sheet(kind), [*heads, REJECTED_BECAUSE], rows)
