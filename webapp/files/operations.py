"""Storing files: content by its hash, type by its content, names cleaned. Written to disk before the row is added."""

import hashlib
import io
import os
import re
import secrets
import unicodedata
import zipfile
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from webapp import clock
from webapp.audit import Actor
from webapp.errors import RuleBroken
from webapp.files.models import StoredFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
EVIDENCE = frozenset({"application/pdf", "image/png", "image/jpeg", XLSX, DOCX, PPTX, "text/plain"})
"""What people may hand in as evidence of their work."""

MAX_BYTES = 25 * 1024 * 1024
"""The largest file that may be handed in: a scanned report of some 100 pages fits."""


def store(
    session: Session, actor: Actor, name: str, content: bytes, *, allowed: frozenset[str] | None = EVIDENCE
) -> StoredFile:
    """Keep ``content`` and return its row.

    The type is read from the content. Raises ``RuleBroken`` when the file is empty, too large, or of a type that is
    not among ``allowed`` (none: anything the program itself made).
    """
    if not content:
        raise RuleBroken("ไฟล์ %(name)s ว่างเปล่า กรุณาเลือกไฟล์ที่มีเนื้อหา", name=clean_name(name))
    if len(content) > MAX_BYTES and allowed is not None:
        raise RuleBroken("ไฟล์ %(name)s ใหญ่เกิน 25 MB กรุณาย่อขนาดหรือแบ่งเป็นหลายไฟล์", name=clean_name(name))
    media_type = media_type_of(content)
    if allowed is not None and media_type not in allowed:
        raise RuleBroken(
            "ไฟล์ %(name)s เป็นชนิดที่ไม่รับ กรุณาใช้ PDF, Word, Excel, PowerPoint, PNG, JPEG หรือข้อความ",
            name=clean_name(name),
        )
    digest = hashlib.sha256(content).hexdigest()
    _keep(path_for(digest), content)
    file = StoredFile(
        name=clean_name(name),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        stored_by=actor.name,
        stored_by_id=actor.account_id,
        stored_at=clock.now(),
    )
    session.add(file)
    session.flush()
    return file


def write_ahead(content: bytes) -> None:
    """Put content on the disk before its row is added, where a transaction should not wait for the disk."""
    _keep(path_for(hashlib.sha256(content).hexdigest()), content)


def path_for(digest: str) -> Path:
    """Where the content with this SHA-256 lies."""
    return Path(current_app.config["DATA_DIR"]) / "files" / digest[:2] / digest


def path_of(file: StoredFile) -> Path:
    """Where a stored file's content lies."""
    return path_for(file.sha256)


def clean_name(name: str) -> str:
    """The name without folders, control characters and odd spaces; at most 200 characters, ending kept."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", base)).strip(" .") or "file"
    stem, dot, ending = base.rpartition(".")
    return base if len(base) <= 200 or not dot else f"{stem[: 199 - len(ending)]}.{ending}"


def media_type_of(content: bytes) -> str:
    """The media type, by what the content is, whatever its name says."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\x00" in content else "text/plain"


def _office_type(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "application/octet-stream"
    for part, media_type in (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX), ("ppt/presentation.xml", PPTX)):
        if part in names and "[Content_Types].xml" in names:
            return media_type
    return "application/zip"


def _keep(path: Path, content: bytes) -> None:
    """Write whole or not at all: to a draft, to the disk, then under its name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
