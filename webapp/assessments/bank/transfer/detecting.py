"""What a question file is, told by its content, and its questions as one reading. Pure: bytes in, values out."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from webapp.assessments.bank import sheets
from webapp.assessments.bank.formats import CannotRead, Reading, Refused, check_count, gift, moodle, qti
from webapp.errors import BadInput
from webapp.files.operations import media_type_of

Report = Callable[[int], None]
FORMATS = ("moodle", "gift", "qti", "excel")
LARGEST_BYTES = 60 * 1024 * 1024
LARGEST_TEXT = 24 * 1024 * 1024
"""XML and text are read as a whole: beyond this a page's memory would not hold them. Packages may be larger."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
MOST_PICTURE_BYTES = 5 * 1024 * 1024
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_BEFORE_ROOT = re.compile(
    r"\A\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*", re.DOTALL | re.IGNORECASE
)
_HEAD = 20_000


def format_of(content: bytes) -> str:
    """``moodle``, ``gift``, ``qti`` or ``excel``. Raises ``CannotRead`` for what is none of them."""
    if not content:
        raise CannotRead("empty")
    if len(content) > LARGEST_BYTES:
        raise CannotRead("file-too-large", megabytes=LARGEST_BYTES // 2**20)
    if content[:2] == b"PK":
        return "excel" if _is_workbook(content) else "qti"
    if content.startswith(
        (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z")
    ):
        raise CannotRead("not-text")
    if len(content) > LARGEST_TEXT:
        raise CannotRead("file-too-large", megabytes=LARGEST_TEXT // 2**20)
    root = _root_name(content)
    if root is None:
        return "gift"
    if root == "quiz":
        return "moodle"
    if root in ("assessmentItem", "qti-assessment-item"):
        return "qti"
    if root == "questestinterop":
        raise CannotRead("old-qti")
    raise CannotRead("unknown-xml", found=root[:60])


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "xl/workbook.xml" in package.NameToInfo
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise CannotRead("not-zip", reason="") from None


def _root_name(content: bytes) -> str | None:
    """The name of the outermost element; None where the file does not begin as XML."""
    head = content[:_HEAD]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if head[:4] in (b"<\x00?\x00", b"\x00<\x00?"):
        encoding = "utf-16-le" if head[:1] == b"<" else "utf-16-be"
    text = head.decode(encoding, errors="replace")
    prolog = _BEFORE_ROOT.match(text)
    rest = text[prolog.end() :] if prolog else text
    if not rest.startswith("<") and not text.lstrip("\ufeff \r\n\t").startswith("<?xml"):
        return None
    found = _ROOT.match(rest)
    return found[1] if found else None


def read(content: bytes, name: str = "", report: Report | None = None) -> tuple[str, Reading]:
    """The file's format and everything in it. Raises ``CannotRead``. ``report`` is told how far it is, in per cent."""
    kind = format_of(content)
    readers: dict[str, Callable[[], Reading]] = {
        "moodle": lambda: moodle.read(content), "gift": lambda: gift.read(content),
        "qti": lambda: qti.read(content, name, report), "excel": lambda: _workbook(content),
    }  # fmt: skip
    reading = readers[kind]()
    if not reading.items and not reading.refused:
        raise CannotRead("no-items")
    check_count(len(reading.items) + len(reading.refused))
    return kind, reading


def _workbook(content: bytes) -> Reading:
    """The rows of our own form: bad rows are refused one by one, the good ones come in."""
    try:
        found, problems = sheets.read_items(content)
    except BadInput as bad:
        raise CannotRead("sheet", message=str(bad.message), values=_plain(bad.values)) from None
    reading = Reading()
    for item in found:
        tags = tuple(value if kind == "topic" else f"{kind}:{value}" for kind, value in item.tags)
        reading.add(item.document, str(item.row), "", category=item.category, tags=tags)
    for bad_cell in problems:
        values: dict[str, Any] = {
            "column": bad_cell.column, "message": str(bad_cell.message), "values": _plain(bad_cell.values),
        }  # fmt: skip
        reading.refused.append(Refused(str(bad_cell.row or ""), bad_cell.value[:80], "cell", values))
    return reading


def _plain(values: Any) -> dict[str, str]:
    return {key: str(value) for key, value in dict(values).items()}


def usable_picture(content: bytes) -> bool:
    """Whether a picture of a file may stand in a question: PNG, JPEG or GIF by its content, at most 5 MB."""
    return len(content) <= MOST_PICTURE_BYTES and media_type_of(content) in PICTURES
