"""The rejected rows of a file as a workbook to correct: the columns as they came, and why each row was not taken."""

import io
from collections.abc import Callable
from pathlib import Path

from webapp.imports.kinds import KINDS
from webapp.imports.models import ImportRun
from webapp.imports.operations import Checked, masked, tabs_of, without_national_id
from webapp.spreadsheets.cells import Uncomputed, shown, squeezed
from webapp.spreadsheets.reading import REJECTED_BECAUSE, Problem, open_file
from webapp.spreadsheets.writing import Book


def rejected_workbook(
    run: ImportRun, path: Path, translate: Callable[[str], str], *, for_uploader: bool = False
) -> bytes:
    """Every row with a problem, sheet by sheet; the last column holds the reasons and is skipped when read again.

    National ids are masked (promise 18), but for a wrong one, which its uploader has to see to put it right.
    """
    wrong_ids = {
        (one["sheet"] or run.kind, one["row"])
        for one in run.problems
        if for_uploader and one["column"] == "national_id"
    }
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
                _write(book, kind, source.grid(tab), reasons[kind], {row for sheet, row in wrong_ids if sheet == kind})
        if not reasons:
            book.sheet(run.kind)
    return file.getvalue()


def _write(book: Book, kind: str, grid: list[list[object]], reasons: dict[int, list[str]], wrong_ids: set[int]) -> None:
    top = next((number for number, row in enumerate(grid) if any(cell != "" for cell in row)), 0)
    heads = [str(cell) for cell in grid[top]]
    column = _id_column(kind, heads)
    rows = [
        [*_masked(grid[row - 1], column, row in wrong_ids), "\n".join(reasons[row])]
        for row in sorted(reasons)
        if top + 1 < row <= len(grid)
    ]
    book.table(book.sheet(kind), [*heads, REJECTED_BECAUSE], rows)


def _id_column(kind: str, heads: list[str]) -> int:
    """Where the column of national ids stands; -1 where there is none."""
    names = {
        squeezed(name) for one in KINDS[kind].columns if one.name == "national_id" for name in (one.name, one.heading)
    }
    return next((place for place, head in enumerate(heads) if squeezed(head) in names), -1)


def _masked(row: list[object], column: int, wrong: bool) -> list[object]:
    """A row with every national id masked, but for one that is itself what is wrong."""
    return [
        cell if place == column and wrong else masked(cell) if place == column else _kept(cell)
        for place, cell in enumerate(row)
    ]


def _kept(cell: object) -> object:
    text = shown(cell)
    tidy = without_national_id(text)
    return tidy if tidy != text or isinstance(cell, Uncomputed) else cell
