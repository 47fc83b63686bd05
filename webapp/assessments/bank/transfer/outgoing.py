"""The bank's items as a file, with their key: the latest versions that a list shows, or those chosen from it.

What the file's format cannot mark as we do stays out and is listed with the reason. One audit entry per file.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.bank import queries as bank
from webapp.assessments.bank import sheets
from webapp.assessments.bank.document import problems
from webapp.assessments.bank.formats.writing import Given, write
from webapp.assessments.bank.models import Item, ItemExport, ItemVersion
from webapp.assessments.bank.transfer.queries import pictures_by_digest
from webapp.audit import Actor
from webapp.errors import Conflict, NotAllowed, RuleBroken
from webapp.files.models import StoredFile
from webapp.files.operations import path_of, store

FORMATS = ("moodle", "gift", "qti", "excel")
ENDINGS = {"moodle": "xml", "gift": "txt", "qti": "zip", "excel": "xlsx"}
ASKED = ("q", "category", "type", "tag", "status")
Report = Callable[[int, str], None]
Rows = Sequence[tuple[Item, ItemVersion]]


def begin(session: Session, actor: Actor, *, kind: str, asked: Mapping[str, Any], key: str = "") -> ItemExport:
    """Ask for a file. The same key again gives the same one. Raises ``Conflict`` for a key used for another."""
    _check(actor)
    if kind not in FORMATS:
        raise RuleBroken("ต้องเลือกรูปแบบไฟล์")
    known = session.scalar(select(ItemExport).where(ItemExport.key == key)) if key else None
    if known is not None:
        if (known.format, known.asked, known.made_by_id) != (kind, dict(asked), actor.account_id):
            raise Conflict("คำขอนี้ถูกใช้ไปแล้วกับไฟล์อื่น กรุณาเปิดหน้าส่งออกใหม่แล้วลองอีกครั้ง")
        return known
    made = ItemExport(
        format=kind, asked=dict(asked), made_by=actor.name, made_by_id=actor.account_id, made_at=clock.now(), key=key or None
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def count(session: Session, asked: Mapping[str, Any]) -> int:
    """How many items were asked for."""
    return bank.count_latest(session, **_filters(session, asked))


def chosen(session: Session, asked: Mapping[str, Any]) -> list[tuple[Item, ItemVersion]]:
    """The items that were asked for: those named, or those that the list's search and filters leave."""
    return bank.latest_versions(session, **_filters(session, asked))


def _filters(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    branches = {row.id: row for row in bank.tree(session)}
    category = str(asked.get("category") or "")
    branch = branches.get(int(category)) if category.isascii() and category.isdigit() and len(category) < 9 else None
    return {
        "words": str(asked.get("q") or ""), "categories": branch.beneath if branch else (), "kind": str(asked.get("type") or ""),
        "tag": str(asked.get("tag") or ""), "status": str(asked.get("status") or ""), "codes": tuple(asked.get("codes") or ()),
    }  # fmt: skip


def content_for(
    session: Session, made: ItemExport, language: str, report: Report | None = None
) -> tuple[bytes, int, list[dict[str, Any]]]:
    """The file, how many items it holds, and those that it does not with their reasons. Only reads."""
    rows = chosen(session, made.asked)
    left_out = [_left(item, version, "unfinished") for item, version in rows if problems(version.document)]
    rows = [(item, version) for item, version in rows if not problems(version.document)]
    ways = {row.id: row.way for row in bank.tree(session)}
    if made.format == "excel":
        return _workbook(rows, ways, left_out, language)
    pictures = {
        digest: (file.name, path_of(file).read_bytes())
        for digest, file in pictures_by_digest(session, [item.id for item, _version in rows]).items()
    }
    given = [
        Given(version.title[:200], version.document, ways[item.category_id], _tags(item)) for item, version in rows
    ]
    written = write(made.format, given, pictures, report)
    for refused in written.refused:
        item, version = rows[int(refused.place) - 1]
        left_out.append(_left(item, version, str(refused.values.get("why", "")).strip("'")))
    return written.content, written.count, left_out


def _workbook(
    rows: Rows, ways: Mapping[int, tuple[str, ...]], left_out: list[dict[str, Any]], language: str
) -> tuple[bytes, int, list[dict[str, Any]]]:
    from webapp.assessments.bank.transfer.words import carried

    lines = []
    for item, version in rows:
        tags = [(tag.kind, tag.value) for tag in item.tags]
        row = sheets.row_of(version.document, " > ".join(ways[item.category_id]), tags)
        if row is None:
            left_out.append(_left(item, version, "row"))
        else:
            lines.append(row)
    named = [(entry["code"], entry["name"], carried(entry)) for entry in left_out]
    return sheets.workbook(lines, created=clock.now(), language=language, left_out=named), len(lines), left_out


def _tags(item: Item) -> tuple[str, ...]:
    return tuple(tag.value if tag.kind == "topic" else f"competency:{tag.value}" for tag in item.tags)


def _left(item: Item, version: ItemVersion, why: str) -> dict[str, Any]:
    return {"code": item.code, "name": version.title, "why": why}


def finish(
    session: Session, actor: Actor, made: ItemExport, content: bytes, count: int, left_out: list[dict[str, Any]]
) -> StoredFile:
    """Keep the file that was made, and record that it left with its key."""
    _check(actor)
    if made.file_id is not None:
        return session.get_one(StoredFile, made.file_id)
    file = store(session, actor, f"items-{made.id}.{ENDINGS[made.format]}", content, allowed=None)
    made.file_id, made.items, made.left_out = file.id, count, left_out
    session.flush()
    audit.append(
        session, actor, "assessments:item:export", "ItemExport", made.id,
        after={"format": made.format, "items": count, "left_out": len(left_out), "sha256": file.sha256},
    )  # fmt: skip
    return file


def _check(actor: Actor) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:key:view"):
        raise NotAllowed()
