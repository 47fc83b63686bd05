"""A handed-in file without what says whose it is: document properties, authors of comments and changes, picture notes.

For readers who may not know (blind marking, promise 14). The stored file stays as it was handed in. What the text itself
says stays too: that is the writer's own doing, and the page where work is handed in says so.
"""

import io
import re
import zipfile
from pathlib import Path

from flask import Response

from webapp.errors import NotFound
from webapp.files.models import StoredFile
from webapp.files.operations import DOCX, PPTX, XLSX, path_of

XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = b"http://schemas.openxmlformats.org/"
EMPTY_PARTS = {
    "docProps/core.xml": XML + b'<cp:coreProperties xmlns:cp="' + OFFICE + b'package/2006/metadata/core-properties"/>',
    "docProps/app.xml": XML + b'<Properties xmlns="' + OFFICE + b'officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": XML + b'<Properties xmlns="' + OFFICE + b'officeDocument/2006/custom-properties"/>',
}
"""Parts of an office document that hold nothing but properties."""

NAMES_IN_XML = (
    (re.compile(rb'\b((?:\w+:)?(?:author|initials|userId|providerId|displayName|lastEditedBy|userName))="[^"]*"'), rb'\1=""'),
    (re.compile(rb"<((?:\w+:)?author)>[^<]*</"), rb"<\1></"),
    (re.compile(rb'(<(?:\w+:)?cmAuthor\b[^>]*?\bname)="[^"]*"'), rb'\1=""'),
)  # fmt: skip
"""Who wrote comments and made changes, in Word, Excel and PowerPoint."""

PDF_NAMES = re.compile(
    rb"/(?:Author|Creator|Producer|Title|Subject|Keywords|Company|Manager)\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)"
)
PDF_REFERENCE = re.compile(rb"/(?:Info|Metadata)\s+\d+\s+\d+\s+R")
PDF_PACKET = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)  # fmt: skip

LARGEST_UNPACKED = 200 * 1024 * 1024


def anonymous_copy(file: StoredFile) -> bytes:
    """The file's content without its properties. Raises ``NotFound`` when it is gone from the disk."""
    path = path_of(file)
    if not path.exists():
        raise NotFound("ไม่พบเนื้อหาของไฟล์ในที่เก็บ กรุณาแจ้งผู้ดูแลระบบ")
    return without_properties(file.media_type, Path(path).read_bytes())


def without_properties(media_type: str, content: bytes) -> bytes:
    """The same document, saying nothing of who made it."""
    if media_type in (DOCX, XLSX, PPTX):
        return _office(content)
    if media_type == "application/pdf":
        return _pdf(content)
    if media_type == "image/jpeg":
        return _jpeg(content)
    return _png(content) if media_type == "image/png" else content


def send_anonymous(file: StoredFile, name: str) -> Response:
    """The file as a download under a name that tells nothing; only its ending is kept."""
    ending = file.name.rpartition(".")[2].lower()
    plain = ending if ending.isascii() and ending.isalnum() and len(ending) <= 5 else "bin"
    answer = Response(anonymous_copy(file), mimetype=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{plain}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _office(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        if sum(part.file_size for part in source.infolist()) > LARGEST_UNPACKED:
            raise NotFound("ไฟล์นี้ใหญ่เกินกว่าจะเปิดให้อ่านแบบปิดชื่อ กรุณาแจ้งเจ้าหน้าที่สถาบัน")
        for part in source.infolist():
            if part.filename.startswith("docProps/thumbnail"):
                continue
            body = EMPTY_PARTS.get(part.filename) or source.read(part)
            if part.filename.endswith(".xml"):
                for found, instead in NAMES_IN_XML:
                    body = found.sub(instead, body)
            target.writestr(zipfile.ZipInfo(part.filename), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _pdf(content: bytes) -> bytes:
    """Blanked in place, so that every offset stays: names in plain text, the way to properties, and their packet."""
    content = PDF_NAMES.sub(lambda found: found.group(0).replace(found.group(1), _empty(found.group(1))), content)
    content = PDF_PACKET.sub(lambda found: b" " * len(found.group(0)), content)
    return PDF_REFERENCE.sub(lambda found: b" " * len(found.group(0)), content)


def _empty(text: bytes) -> bytes:
    return text[:1] + b" " * (len(text) - 2) + text[-1:]


def _jpeg(content: bytes) -> bytes:
    """Without the segments that hold notes: camera, place, owner, comments."""
    made, place = bytearray(content[:2]), 2
    while place + 4 <= len(content) and content[place] == 0xFF and content[place + 1] != 0xDA:
        mark, size = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if mark not in (0xE1, 0xED, 0xFE):
            made += content[place : place + 2 + size]
        place += 2 + size
    return bytes(made + content[place:])


def _png(content: bytes) -> bytes:
    made, place = bytearray(content[:8]), 8
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] not in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"):
            made += content[place : place + 12 + size]
        place += 12 + size
    return bytes(made)
