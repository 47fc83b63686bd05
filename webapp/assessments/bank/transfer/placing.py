"""The items of a file written set-wise, so that the write lock is short: items, versions, authors, tags, pictures."""

import datetime as dt
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.assessments.bank import operations
from webapp.assessments.bank.formats import Found
from webapp.assessments.bank.models import Item, ItemAuthor, ItemCategory, ItemImport, ItemPicture, ItemTag, ItemVersion
from webapp.assessments.bank.transfer import detecting
from webapp.audit import Actor
from webapp.careers.models import Competency
from webapp.files.models import StoredFile
from webapp.files.operations import store
from webapp.thai import normalized

COMPETENCY = "competency:"
PICTURE = re.compile(r'<img\b[^>]*?src="picture:([0-9a-f]{64})"[^>]*>')

Pictures = Mapping[str, tuple[str, bytes]]


def place(
    session: Session, actor: Actor, run: ItemImport, new: Sequence[Found], categories: Sequence[ItemCategory],
    pictures: Pictures,
) -> list[Item]:  # fmt: skip
    """Each of these questions as an item with its first version, a draft by this actor, in its category."""
    items = _items(session, actor, run, new, categories)
    versions = [_version(actor, item, found, clock.now()) for item, found in zip(items, new, strict=True)]
    session.add_all(versions)
    session.flush()
    name = operations.author_name(actor)
    session.add_all(ItemAuthor(version_id=version.id, name=name, account_id=actor.account_id) for version in versions)
    _tags(session, items, new)
    _pictures(session, actor, items, new, pictures)
    session.flush()
    return items


def _items(
    session: Session, actor: Actor, run: ItemImport, new: Sequence[Found], categories: Sequence[ItemCategory]
) -> list[Item]:
    items = [
        Item(
            code=secrets.token_hex(16), category_id=category.id, created_by=actor.name, created_by_id=actor.account_id,
            created_at=clock.now(), origin=f"{run.file_name}, {found.place}"[:300],
        )
        for found, category in zip(new, categories, strict=True)
    ]  # fmt: skip
    session.add_all(items)
    session.flush()
    if items:
        session.execute(update(Item), [{"id": item.id, "code": f"Q-{item.id:05d}"} for item in items])
        for item in items:
            session.expire(item, ["code"])
    return items


def _version(actor: Actor, item: Item, found: Found, now: dt.datetime) -> ItemVersion:
    version = ItemVersion(
        item_id=item.id, number=1, latest=True, status="draft", reason="", made_by=actor.name,
        made_by_id=actor.account_id, made_at=now, changed_at=now,
    )  # fmt: skip
    operations.put_document(version, found.document)
    return version


def tags_of(found: Found, competencies: set[str]) -> list[tuple[str, str]]:
    """A tag that names a known competency is one; every other is a topic."""
    tags = dict.fromkeys(
        ("competency", tag.removeprefix(COMPETENCY)) if tag.startswith(COMPETENCY) and tag.removeprefix(COMPETENCY) in competencies
        else ("topic", normalized(tag)[:100])
        for tag in found.tags if normalized(tag)
    )  # fmt: skip
    return list(tags)[: operations.MOST_TAGS]


def _tags(session: Session, items: Sequence[Item], new: Sequence[Found]) -> None:
    codes = set(session.scalars(select(Competency.code)))
    for item, found in zip(items, new, strict=True):
        session.add_all(ItemTag(item_id=item.id, kind=kind, value=value) for kind, value in tags_of(found, codes))


def _pictures(session: Session, actor: Actor, items: Sequence[Item], new: Sequence[Found], pictures: Pictures) -> None:
    files: dict[str, StoredFile] = {}
    for item, found in zip(items, new, strict=True):
        for digest in dict.fromkeys(pictures_in(found.document)):
            if digest not in pictures:
                continue
            if digest not in files:
                name, content = pictures[digest]
                files[digest] = store(session, actor, name, content, allowed=detecting.PICTURES)
            session.add(ItemPicture(item_id=item.id, sha256=digest, file_id=files[digest].id))


def pictures_in(value: Any) -> list[str]:
    """The SHA-256 of every picture that a document shows."""
    if isinstance(value, Mapping):
        return [digest for one in value.values() for digest in pictures_in(one)]
    if isinstance(value, list):
        return [digest for one in value for digest in pictures_in(one)]
    return [match[1] for match in PICTURE.finditer(value)] if isinstance(value, str) else []
