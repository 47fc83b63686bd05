"""What is looked at before a file is opened: what it really is, how large it unpacks, how far its cells reach.

A bomb or a wrong type is refused within a second and without loading it (promise 16).
"""

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from webapp.errors import BadInput
from webapp.spreadsheets.cells import Uncomputed

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
"""50,000 officers with 150,000 postings unpack to about 120 MB; three times that is allowed."""

MAX_RATIO = 100
RATIO_COUNTS_FROM = 10 * 1024 * 1024
"""Honest sheets shrink 10 to 30 times; a part larger than this that shrinks over a hundredfold is a bomb."""

MAX_PARTS = 1_000
MAX_ROWS = 300_000
MAX_COLUMNS = 200
FREE_AREA = 1_000_000
AREA_PER_CELL = 8
"""The reader keeps a sheet as a full rectangle: it may hold at most this many places per filled cell."""

DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    ParseError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    EOFError,
    OSError,
)
"""What reading a damaged or made-up archive ends in."""

_CHUNK = 1 << 20
KEPT_UNPACKED = 24 * 1024 * 1024
"""A sheet up to this size is unpacked once and kept while it is checked; a larger one is unpacked again."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']e["'][^>]*>""")
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; a formula that came out as an empty text says so by its type ``str``."""

_SHOWN_FORMULA = 200
_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_CELL_NAME = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ERROR_VALUE = re.compile(rb"#[A-Z/0]+[!?A]?")


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class OddCell:
    """A cell that the reader would show as empty and that is not: row and column counted from 1.

    It holds an error such as #N/A, or a formula that no spreadsheet program has worked out yet.
    """

    row: int
    column: int
    value: str | Uncomputed


def real_type(file: BinaryIO) -> str:
    """``xlsx`` or ``csv``, told by content and not by name; raises :class:`BadInput` for anything else."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if size == 0:
        raise BadInput(_l("ไฟล์ว่างเปล่า"))
    if size > MAX_FILE_BYTES:
        raise BadInput(_l("ไฟล์ใหญ่เกิน %(limit)s MB"), limit=MAX_FILE_BYTES // 1024 // 1024)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(_l("เป็นไฟล์ Excel รุ่นเก่า (.xls) หรือไฟล์ที่ใส่รหัสผ่าน กรุณาบันทึกเป็น .xlsx ที่ไม่มีรหัสผ่าน"))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if head.startswith((b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"PK")) or b"\x00" in head:
        raise BadInput(_l("ไม่ใช่ไฟล์ .xlsx หรือ .csv"))
    return "csv"


def check_workbook(file: BinaryIO) -> frozenset[str]:
    """Refuse a workbook whose parts are too many, too large unpacked, or not those of an .xlsx file.

    Returns the sheets in which some cell may be an error such as #N/A or a formula without a value.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive.infolist())
            return _check_contents(archive)
    except DAMAGED as error:
        raise BadInput(_l("ไฟล์เสียหาย เปิดไม่ได้")) from error
    finally:
        file.seek(0)


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MAX_PARTS or len(set(names)) != len(names):
        raise BadInput(_l("โครงสร้างไฟล์ผิดปกติ ไม่ใช่ไฟล์ .xlsx ที่ใช้ได้"))
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise BadInput(_l("ข้อมูลในไฟล์ใหญ่เกินกว่าจะเปิดได้อย่างปลอดภัย"))
    for part in parts:
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise BadInput(_l("ข้อมูลในไฟล์ใหญ่เกินกว่าจะเปิดได้อย่างปลอดภัย"))
        if part.flag_bits & 1:
            raise BadInput(_l("ไฟล์ใส่รหัสผ่าน กรุณาบันทึกใหม่โดยไม่มีรหัสผ่าน"))
    if "[Content_Types].xml" not in names or not any(name.lower() == "xl/workbook.xml" for name in names):
        raise BadInput(_l("ไม่ใช่ไฟล์ .xlsx หรือ .csv"))


@dataclass
class _Counted:
    """What one walk through a sheet's text finds, cheap enough to do for every file."""

    cells: int = 0
    plain_cells: int = 0
    rows: int = 0
    plain_rows: int = 0
    breaks: int = 0
    prefixed: bool = False
    odd: bool = False

    def add(self, chunk: bytes) -> None:
        self.cells += chunk.count(b"<c ")
        self.plain_cells += chunk.count(b'<c r="')
        self.rows += chunk.count(b"<row")
        self.plain_rows += chunk.count(b'<row r="')
        self.breaks += chunk.count(b"\n") + chunk.count(b"\t") + chunk.count(b"\r")
        self.prefixed = self.prefixed or b":c " in chunk or b":row " in chunk
        self.odd = self.odd or b't="e"' in chunk or b"<f>" in chunk or b"<f " in chunk

    @property
    def written_plainly(self) -> bool:
        """Whether every cell and row begins with its address, as Excel and all common writers do it."""
        plain = self.cells == self.plain_cells and self.rows == self.plain_rows
        return plain and self.breaks < 8 and not self.prefixed


def _check_contents(archive: zipfile.ZipFile) -> frozenset[str]:
    """Refuse what no spreadsheet holds; returns the sheets whose cells need a second look."""
    odd = set()
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        is_sheet = "/worksheets/" in name and name.endswith(".xml")
        counted = _Counted()
        small = is_sheet and part.file_size <= KEPT_UNPACKED
        chunks = list(_chunks(archive, part)) if small else None
        for number, chunk in enumerate(chunks or _chunks(archive, part)):
            if (number == 0 or not is_sheet) and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                raise BadInput(_l("โครงสร้างไฟล์ผิดปกติ ไม่ใช่ไฟล์ .xlsx ที่ใช้ได้"))
            if is_sheet:
                counted.add(chunk)
        if is_sheet:
            _check_reach(chunks or _Unpacked(archive, part), counted)
            if counted.odd or not counted.written_plainly:
                odd.add(part.filename)
    return frozenset(odd)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part unpacked piece by piece, cut where a tag begins; a size that lies is refused by the checksum."""
    with archive.open(part) as stream:
        kept = b""
        while piece := stream.read(_CHUNK):
            piece = kept + piece
            cut = piece.rfind(b"<")
            cut = cut if cut > 0 else len(piece)
            yield piece[:cut]
            kept = piece[cut:]
        yield kept


@dataclass(frozen=True)
class _Unpacked:
    """A part too large to keep, unpacked anew each time it is walked through."""

    archive: zipfile.ZipFile
    part: zipfile.ZipInfo

    def __iter__(self) -> Iterator[bytes]:
        return _chunks(self.archive, self.part)


def _check_reach(chunks: Iterable[bytes], counted: _Counted) -> None:
    """Refuse a sheet whose few cells lie so far apart that the rectangle around them would fill the memory."""
    if counted.rows > MAX_ROWS:
        raise BadInput(_l("มีมากกว่า %(limit)s แถว"), limit=f"{MAX_ROWS:,}")
    area = max(FREE_AREA, AREA_PER_CELL * counted.cells)
    likely_rows = max(2_000, 2 * counted.rows)
    rows, columns = _above(likely_rows), _columns_above(min(MAX_COLUMNS, area // (likely_rows * 2)))
    far_cell = re.compile(rb'<c r="(?:[A-Za-z]{1,3}(?:%s)"|(?:%s)\d)' % (rows, columns))
    far_row = re.compile(rb'<row r="(?:%s)"' % rows)
    if counted.written_plainly and not any(far_cell.search(chunk) or far_row.search(chunk) for chunk in chunks):
        return
    last_row = last_column = 0
    for chunk in chunks:
        addresses = _CELL.findall(chunk)
        last_row = max([last_row, *map(int, {digits for _, digits in addresses})])
        last_column = max([last_column, *map(column_number, {letters for letters, _ in addresses})])
        for digits in re.findall(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](\d{1,10})["']""", chunk):
            last_row = max(last_row, int(digits))
    if last_row > MAX_ROWS:
        raise BadInput(_l("มีมากกว่า %(limit)s แถว"), limit=f"{MAX_ROWS:,}")
    if last_column > MAX_COLUMNS:
        raise BadInput(_l("มีมากกว่า %(limit)s คอลัมน์"), limit=MAX_COLUMNS)
    if last_row * last_column > area:
        raise BadInput(_l("มีเซลล์ที่อยู่ห่างจากตารางมาก กรุณาลบแถวและคอลัมน์ที่ไม่ใช้ แล้วบันทึกใหม่"))


def _above(number: int) -> bytes:
    """A pattern for whole numbers above roughly ``number`` (rounded up to one figure)."""
    digits = len(str(number))
    first = int(str(number)[0]) + 1
    longer = rb"\d{%d,}" % (digits + 1)
    return longer if first > 9 else rb"%s|[%d-9]\d{%d}" % (longer, first, digits - 1)


def _columns_above(number: int) -> bytes:
    """A pattern for column letters beyond roughly column ``number`` (at least 26: whole groups of 26 are let pass)."""
    groups = max(number // 26, 1)
    if groups > 25:
        return rb"[A-Za-z]{3}"
    first = chr(ord("A") + groups).encode()
    return rb"[A-Za-z]{3}|[%s-Z%s-z][A-Za-z]" % (first, first.lower())


def column_number(letters: bytes | str) -> int:
    """The place of a column counted from 1: A is 1, AA is 27."""
    text = letters.decode() if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def odd_cells(file: BinaryIO, sheet_number: int, odd: frozenset[str]) -> list[OddCell]:
    """The cells of a sheet (counted from 0) with an error, or with a formula that was never worked out."""
    if not odd:
        return []
    with zipfile.ZipFile(file) as archive:
        path = _sheet_paths(archive)[sheet_number]
        names = {posixpath.normpath(name).lower(): name for name in archive.namelist()}
        part = archive.getinfo(names[path.lower()])
        if part.filename not in odd:
            return []
        content = archive.read(part)
    return [*_error_cells(content), *_uncomputed_cells(content)]


def _error_cells(content: bytes) -> Iterator[OddCell]:
    for match in _ERROR_CELL.finditer(content):
        name = _CELL_NAME.search(match[0])
        value = _ERROR_VALUE.search(content, match.end(), match.end() + 200)
        if name:
            shown = value[0].decode() if value else "#ERROR"
            yield OddCell(int(name[2]), column_number(name[1]), shown)


def _uncomputed_cells(content: bytes) -> Iterator[OddCell]:
    for match in _FORMULA_CELL.finditer(content):
        name = _CELL_NAME.search(match[1])
        if name and not _TEXT.search(match[1]):
            formula = html.unescape((match[2] or b"").decode(errors="replace"))[:_SHOWN_FORMULA] or "…"
            yield OddCell(int(name[2]), column_number(name[1]), Uncomputed((name[1] + name[2]).decode(), f"={formula}"))


def _sheet_paths(archive: zipfile.ZipFile) -> list[str]:
    """The part that holds each sheet, in the order of the workbook's tabs."""
    from defusedxml.ElementTree import fromstring

    names = {name.lower(): name for name in archive.namelist()}
    book = fromstring(archive.read(names["xl/workbook.xml"]))
    links = fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    paths = []
    for sheet in book.iter():
        if sheet.tag.rsplit("}", 1)[-1] != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if key.rsplit("}", 1)[-1] == "id"), "")
        target = targets.get(link, "")
        paths.append(target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}"))
    return paths
