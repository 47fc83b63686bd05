"""A question file brought in: kept, looked at, and its items written in one step. The same file twice adds nothing.

A file is read while nothing is being written; what it holds then goes in set-wise, so that the write lock is short.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.bank import operations, queries, shelves
from webapp.assessments.bank.formats import CannotRead, Found, keeping
from webapp.assessments.bank.models import ItemCategory, ItemImport
from webapp.assessments.bank.transfer import detecting
from webapp.assessments.bank.transfer.placing import PICTURE, place
from webapp.assessments.bank.transfer.queries import documents_titled
from webapp.audit import Actor
from webapp.errors import Conflict, NotAllowed, RuleBroken
from webapp.files.models import StoredFile
from webapp.files.operations import clean_name, path_of, store, write_ahead

OPEN = ("uploaded", "checked", "unreadable")
_ALT = re.compile(r'\balt="([^"]*)"')


@dataclass
class Batch:
    """A file's items as they would stand in the bank, each with its digest, the pictures they show, and what is refused.

    The digest is of the document with its parts named by their place: it tells whether the bank has the same item,
    whatever the file calls its choices.
    """

    format: str = ""
    items: list[tuple[Found, str]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def batch_of(content: bytes, name: str = "", report: Callable[[int], None] | None = None) -> Batch:
    """Everything in a file. Raises ``CannotRead``. Pictures that a question may not show give way to their words."""
    try:
        kind, reading = detecting.read(content, name, report)
    except RecursionError:
        raise CannotRead("too-deep") from None
    good = {digest for digest, (_name, picture) in reading.pictures.items() if detecting.usable_picture(picture)}
    refused = [
        {"place": one.place[:300], "name": one.name[:300], "code": one.code, "values": _jsonable(one.values)}
        for one in reading.refused
    ]
    pictures = {digest: one for digest, one in reading.pictures.items() if digest in good}
    batch = Batch(kind, [], refused, pictures)
    for found in reading.items:
        document, notes = found.document, found.notes
        if len(good) < len(reading.pictures):
            document = _without(document, good)
            notes = notes if document == found.document else (*notes, "picture-refused")
        if len(found.tags) > operations.MOST_TAGS:
            notes = (*notes, "tags-left-out")
        whole = replace(found, document=document, notes=tuple(dict.fromkeys(notes)))
        batch.items.append((whole, keeping.digest(document)))
    return batch


def _without(value: Any, good: set[str]) -> Any:
    """The document with only the pictures that are good; of others their words stay."""
    if isinstance(value, Mapping):
        return {key: _without(one, good) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, good) for one in value]
    if not isinstance(value, str):
        return value

    def kept(match: re.Match[str]) -> str:
        words = _ALT.search(match[0])
        return match[0] if match[1] in good else f"[{words[1]}]" if words and words[1] else ""

    return PICTURE.sub(kept, value)


def _jsonable(value: Any) -> Any:
    return {key: _jsonable(one) for key, one in value.items()} if isinstance(value, Mapping) else str(value)[:500]


# -- the steps


def receive(session: Session, actor: Actor, name: str, content: bytes, *, key: str) -> ItemImport:
    """Keep an uploaded file and open its page. The same key again gives the same import.

    Raises ``Conflict`` for a key used with another file and ``CannotRead`` for what is no question file at all.
    """
    _check(actor)
    detecting.format_of(content)
    digest = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(ItemImport).where(ItemImport.key == key)) if key else None
    if known is not None:
        if (known.file_sha256, known.uploaded_by_id) != (digest, actor.account_id):
            raise Conflict("คำขอนี้ถูกใช้ไปแล้วกับไฟล์อื่น กรุณาเปิดหน้านำเข้าใหม่แล้วลองอีกครั้ง")
        return known
    file = store(session, actor, name or "file", content, allowed=None)
    run = ItemImport(
        file_name=clean_name(name), file_sha256=digest, file_id=file.id, status="uploaded", uploaded_by=actor.name,
        uploaded_by_id=actor.account_id, uploaded_at=clock.now(), key=key or None,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def content_of(session: Session, run: ItemImport) -> bytes:
    """The file as it was uploaded."""
    return path_of(session.get_one(StoredFile, run.file_id)).read_bytes()


def known_digests(session: Session, items: Sequence[tuple[Found, str]]) -> set[str]:
    """Which of these stand in the bank already, in any version, whatever their parts are called there."""
    titles = {operations.title_of(found.document) for found, _digest in items}
    return {keeping.digest(document) for document in documents_titled(session, titles)}


def keep_preview(session: Session, run: ItemImport, batch: Batch | CannotRead) -> None:
    """What the file would bring, kept for its page; nothing else is written."""
    if run.status not in OPEN:
        return
    if isinstance(batch, CannotRead):
        run.status = "unreadable"
        run.unreadable = {"code": batch.code, "values": _jsonable(batch.values)}
        session.flush()
        return
    seen = known_digests(session, batch.items)
    rows = []
    for found, digest in batch.items:
        document = found.document
        shown = found.name or operations.title_of(document)
        rows.append({
            "place": found.place[:300], "name": shown[:200], "type": document["type"], "points": document["points"],
            "category": list(found.category), "tags": list(found.tags), "notes": list(found.notes),
            "there": digest in seen, "document": document,
        })  # fmt: skip
        seen.add(digest)
    run.format, run.found, run.refused, run.status = batch.format, rows, batch.refused, "checked"
    session.flush()


def discard(session: Session, actor: Actor, run: ItemImport) -> None:
    """Put an upload aside; nothing of it was written."""
    _check(actor)
    if run.status not in OPEN:
        raise Conflict("ไฟล์นี้นำเข้าไปแล้ว จึงยกเลิกไม่ได้")
    run.status, run.found = "discarded", _listed(run.found)
    session.flush()


def choose(
    session: Session, actor: Actor, run: ItemImport, *, category: ItemCategory | None, own_categories: bool
) -> None:
    """Say where the items go: all into ``category``, or into the file's own categories, beneath it where it is given."""
    _check(actor)
    if run.status != "checked":
        return
    if category is None and not (own_categories and any(row["category"] for row in run.found)):
        raise RuleBroken("ต้องเลือกหมวดที่จะเก็บข้อสอบ")
    run.category_id, run.own_categories = category.id if category is not None else None, own_categories
    session.flush()


def apply(session: Session, actor: Actor, run: ItemImport, batch: Batch) -> ItemImport:
    """Write every item that the bank does not have yet, as drafts, with their pictures and tags: all or nothing.

    One audit entry. Safe to repeat: an import that is applied stays as it is.
    """
    _check(actor)
    if run.status != "checked":
        return run
    seen = known_digests(session, batch.items)
    new, rows = [], _listed(run.found)
    for number, (found, digest) in enumerate(batch.items):
        rows[number]["there"] = digest in seen
        if digest not in seen:
            new.append((number, found))
            seen.add(digest)
    questions = [found for _number, found in new]
    shelf = _categories(session, actor, run, questions)
    items = place(session, actor, run, questions, [shelf[found.category] for found in questions], batch.pictures)
    for (number, _found), item in zip(new, items, strict=True):
        rows[number]["code"] = item.code
    run.status, run.applied_at, run.found = "applied", clock.now(), rows
    run.created, run.known = len(new), len(batch.items) - len(new)
    session.flush()
    codes = [items[0].code, items[-1].code] if items else []
    audit.append(
        session, actor, "assessments:item:import", "ItemImport", run.id,
        after={"file": run.file_name, "sha256": run.file_sha256, "format": run.format, "created": run.created,
               "known": run.known, "refused": len(run.refused), "codes": codes},
    )  # fmt: skip
    return run


def _listed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The preview without its documents: once written they stand in the bank."""
    return [{key: value for key, value in row.items() if key != "document"} for row in rows]


def _check(actor: Actor) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:item:change"):
        raise NotAllowed()


def _categories(
    session: Session, actor: Actor, run: ItemImport, new: Sequence[Found]
) -> dict[tuple[str, ...], ItemCategory]:
    """The category of each of the file's categories: the chosen one, or those of the file beneath it."""
    chosen = queries.category(session, run.category_id) if run.category_id else None
    if chosen is not None and not run.own_categories:
        return {found.category: chosen for found in new}
    way = next((row.way for row in queries.tree(session) if chosen is not None and row.id == chosen.id), ())
    return {
        names: shelves.category_by_path(session, actor, [*way, *names])
        for names in dict.fromkeys(found.category for found in new)
    }  # fmt: skip


def keep_pictures(batch: Batch) -> None:
    """Put the pictures on the disk before the write lock is taken; their rows come with the items."""
    for _name, content in batch.pictures.values():
        write_ahead(content)
