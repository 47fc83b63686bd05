"""Sheets read into typed columns: headings matched in any order, blank rows skipped, every bad cell named.

A whole column is read at once and kept as a list; rows exist only as positions in those lists. Row numbers are those a
person sees in the spreadsheet.
"""

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from webapp.errors import BadInput
from webapp.spreadsheets import checks
from webapp.spreadsheets.cells import Bad, Cell, Seen, Type, shown, squeezed

csv.field_size_limit(1_000_000)


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


EMPTY_CELL = _l("ต้องไม่ว่าง")
MISSING_COLUMN = _l("ไม่มีคอลัมน์นี้ในไฟล์")
TWICE = _l("คอลัมน์นี้ซ้ำกัน")
UNKNOWN_COLUMN = _l("ไม่รู้จักคอลัมน์นี้ จึงไม่ได้อ่าน")
ERROR_CELL = _l("เซลล์เป็นข้อผิดพลาดของสูตร")


REJECTED_BECAUSE = "เหตุที่ไม่รับ"
"""The heading of the column of reasons in a workbook of rejected rows; it is skipped without a word when read again."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its machine name, Thai heading, a line of help and what it may hold."""

    name: str
    heading: str
    help: str
    type: Type
    required: bool = False
    key: bool = False


@dataclass(frozen=True)
class Problem:
    """One cell (or heading) and what is wrong with it; the reason is Thai source text, filled from ``values``."""

    row: int | None
    column: str
    value: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sheet: str = ""

    def reason(self, translate: Any = str) -> str:
        """The sentence for the reader; ``translate`` is gettext."""
        text = str(translate(self.message))
        return text % self.values if self.values else text


@dataclass
class Table:
    """A sheet as columns. ``rows`` are the spreadsheet's own row numbers; ``columns`` holds the columns present."""

    sheet: str
    rows: list[int]
    columns: dict[str, list[Any]]
    cells: dict[str, Sequence[Cell]]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unusable: list[Problem] = field(default_factory=list)
    bad_places: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Any]:
        """The values of a column; None throughout where the sheet does not have it."""
        found = self.columns.get(name)
        return [None] * len(self.rows) if found is None else found

    def reject(self, place: int, column: str, message: str, **values: Any) -> None:
        """Say that the cell in ``column`` at position ``place`` is wrong."""
        self.problems.append(self._problem(place, column, message, values))
        self.bad_places.add(place)

    def warn(self, place: int, column: str, message: str, **values: Any) -> None:
        """Say that the cell is odd, without rejecting it."""
        self.warnings.append(self._problem(place, column, message, values))

    def _problem(self, place: int, column: str, message: str, values: Mapping[str, Any]) -> Problem:
        cells = self.cells.get(column)
        value = shown(cells[place]) if cells is not None else ""
        return Problem(self.rows[place], column, value, message, values, self.sheet)


Grid = list[list[Cell]]
"""A sheet as the reader gives it: rows from the first row of the spreadsheet on."""


@contextlib.contextmanager
def _refusing_damage() -> Iterator[None]:
    """Whatever a damaged workbook breaks in the reader is one clear refusal."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, *checks.DAMAGED) as error:
        raise BadInput(_l("ไฟล์เสียหาย เปิดไม่ได้")) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own way of giving up, outside Exception
            raise BadInput(_l("ไฟล์เสียหาย เปิดไม่ได้")) from error
        raise


@dataclass
class OpenFile:
    """A file that was found safe to open: its sheets by name (a .csv file is one sheet)."""

    type: str
    sheet_names: list[str]
    _file: BinaryIO
    _book: Any = None
    _rows: Grid | None = None
    _odd: frozenset[str] = frozenset()

    def grid(self, sheet: str) -> Grid:
        """All cells of a sheet from its first row on; an error such as #N/A and a formula without value stand as such."""
        if self._rows is not None:
            return self._rows
        number = self.sheet_names.index(sheet)
        with _refusing_damage():
            rows: Grid = self._book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            width = len(rows[0]) if rows else 0
            for cell in checks.odd_cells(self._file, number, self._odd):
                if cell.column <= width:
                    rows.extend([""] * width for _ in range(cell.row - len(rows)))
                    rows[cell.row - 1][cell.column - 1] = cell.value
        return rows

    def close(self) -> None:
        """Let go of the file."""
        if self._book is not None:
            self._book.close()
        self._file.close()

    def __enter__(self) -> "OpenFile":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def open_file(source: Path | bytes) -> OpenFile:
    """Open a .xlsx or .csv file after the safety checks; raises :class:`BadInput` with what is wrong."""
    try:
        file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    except OSError as error:
        raise BadInput(_l("เปิดไฟล์ไม่ได้")) from error
    try:
        if checks.real_type(file) == "csv":
            name = "csv" if isinstance(source, bytes) else source.stem
            return OpenFile("csv", [name], file, _rows=_csv_rows(file.read()))
        return _open_workbook(file, checks.check_workbook(file))
    except BaseException:
        file.close()
        raise


def _open_workbook(file: BinaryIO, odd: frozenset[str]) -> OpenFile:
    from python_calamine import CalamineWorkbook

    with _refusing_damage():
        book = CalamineWorkbook.from_filelike(file)
    return OpenFile("xlsx", list(book.sheet_names), file, _book=book, _odd=odd)


def _csv_rows(content: bytes) -> Grid:
    text = decoded(content)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count) if any(mark in head for mark in ",;\t") else ","
    rows: Grid = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(list(row))
            if len(rows) > checks.MAX_ROWS:
                raise BadInput(_l("มีมากกว่า %(limit)s แถว"), limit=f"{checks.MAX_ROWS:,}")
            if len(row) > checks.MAX_COLUMNS:
                raise BadInput(_l("มีมากกว่า %(limit)s คอลัมน์"), limit=checks.MAX_COLUMNS)
    except csv.Error as error:
        raise BadInput(_l("ไฟล์ .csv ผิดรูปแบบที่แถว %(row)s"), row=len(rows) + 1) from error
    return rows


def decoded(content: bytes) -> str:
    """The text of a .csv file: UTF-8 with or without its mark, UTF-16 with its mark, or Thai Windows-874/TIS-620."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            encodings = [encoding]
            break
    else:
        encodings = ["utf-8", "cp874"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(chr(code) in text for code in (*range(0x09), *range(0x0E, 0x20), *range(0x80, 0xA0))):
            raise BadInput(_l("ไม่ใช่ไฟล์ .xlsx หรือ .csv"))
        return text
    raise BadInput(_l("อ่านตัวอักษรในไฟล์ไม่ได้ กรุณาบันทึกเป็น CSV UTF-8"))


# --- from cells to typed columns -------------------------------------------------------------------------------------


def read_table(grid: Grid, columns: Sequence[Column], sheet: str = "") -> Table:
    """Match the headings of ``grid`` to ``columns`` and read every column; what is wrong is in the table's lists.

    ``unusable`` holds what makes the whole sheet unreadable (no headings, one twice, a key column missing).
    """
    table = Table(sheet, [], {}, {})
    top = next((number for number, row in enumerate(grid) if not _blank(row)), None)
    if top is None:
        table.unusable.append(Problem(1, "", "", _l("ไม่มีหัวคอลัมน์ในแถวแรก"), sheet=sheet))
        return table
    places = _matched_headings(grid[top], columns, table, top + 1)
    if table.unusable:
        return table
    width = len(grid[top])
    body = grid[top + 1 :]
    places_kept = [number for number, row in enumerate(body) if not _blank(row)]
    table.rows = [number + top + 2 for number in places_kept]
    kept = body if len(places_kept) == len(body) else [body[number] for number in places_kept]
    _report_ragged(kept, width, table)
    by_place = list(zip(*kept, strict=False)) if _even(kept, width) else _padded(kept, width)
    seen: Seen = {}
    for column in columns:
        if column.name in places:
            cells = by_place[places[column.name]] if kept else ()
            table.cells[column.name] = cells
            table.columns[column.name] = _read_column(column, cells, table, seen)
    return table


def _blank(row: Sequence[Cell]) -> bool:
    return all(cell == "" or (type(cell) is str and not cell.strip()) for cell in row)


def _even(rows: Grid, width: int) -> bool:
    return all(len(row) == width for row in rows)


def _padded(rows: Grid, width: int) -> list[tuple[Cell, ...]]:
    return list(zip(*([*row[:width], *[""] * (width - len(row))] for row in rows), strict=True))


def _report_ragged(rows: Grid, width: int, table: Table) -> None:
    """A row of a .csv file with more cells than headings was cut wrongly: its extra cells are reported."""
    for place, row in enumerate(rows):
        if len(row) > width and not _blank(row[width:]):
            extra = next(shown(cell) for cell in row[width:] if cell != "")
            table.problems.append(Problem(table.rows[place], "", extra, _l("มีข้อมูลเกินจำนวนหัวคอลัมน์"), sheet=table.sheet))
            table.bad_places.add(place)


def _matched_headings(heads: Sequence[Cell], columns: Sequence[Column], table: Table, row: int) -> dict[str, int]:
    """Which place holds which column; fills in what is unusable and what is unknown."""
    known = {squeezed(column.heading): column.name for column in columns}
    known |= {squeezed(column.name): column.name for column in columns}
    places: dict[str, int] = {}
    for place, head in enumerate(heads):
        text = shown(head).strip()
        if not text or text == REJECTED_BECAUSE:
            continue
        name = known.get(squeezed(text))
        if name is None:
            table.warnings.append(Problem(row, text, text, UNKNOWN_COLUMN, sheet=table.sheet))
        elif name in places:
            table.unusable.append(Problem(row, name, text, TWICE, sheet=table.sheet))
        else:
            places[name] = place
    for column in columns:
        if column.key and column.required and column.name not in places:
            table.unusable.append(Problem(row, column.name, "", MISSING_COLUMN, sheet=table.sheet))
    return places


def _read_column(column: Column, cells: Sequence[Cell], table: Table, seen: Seen) -> list[Any]:
    values = column.type.read(cells, seen)
    known = seen.get(column.type)
    look = known is None or known.any_bad
    if not _ERRORS.isdisjoint(cells):
        look = True
        values = [
            Bad(ERROR_CELL) if type(cell) is str and cell in _ERRORS else values[n] for n, cell in enumerate(cells)
        ]
    rejected = set()
    if look and Bad in set(map(type, values)):
        for place, value in enumerate(values):
            if type(value) is Bad:
                rejected.add(place)
                table.reject(place, column.name, value.message, **value.values)
        values = [None if type(value) is Bad else value for value in values]
    if column.required and None in values:
        for place, value in enumerate(values):
            if value is None and place not in rejected:
                table.reject(place, column.name, EMPTY_CELL)
    return values


_ERRORS = frozenset({"#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#ERROR"})
