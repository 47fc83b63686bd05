"""Items are written, reviewed by a second person, used, and retired with a reason; an approved version never changes."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.bank import richtext
from webapp.assessments.bank.document import TYPES, cleaned, exact, problems
from webapp.assessments.bank.models import (
    CHANGEABLE,
    OPEN,
    TAG_KINDS,
    Item,
    ItemAuthor,
    ItemCategory,
    ItemPicture,
    ItemReview,
    ItemTag,
    ItemVersion,
)
from webapp.assessments.ranking.scores import plain
from webapp.audit import Actor
from webapp.careers.models import Competency
from webapp.database import canonical_json
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.files.operations import media_type_of, store
from webapp.thai import normalized

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
MOST_PICTURE_BYTES = 5 * 1024 * 1024
"""The largest picture: beyond it a page of questions is slow on the phones that candidates use."""
MOST_TAGS = 20


def create_item(
    session: Session, actor: Actor, *, category: ItemCategory, document: Mapping[str, Any], origin: str = "",
    tags: Iterable[tuple[str, str]] = (), reason: str = "", recorded: bool = True,
) -> ItemVersion:  # fmt: skip
    """A new item with its first version, a draft. The document may still have problems: a draft is not used.

    ``recorded=False`` leaves the audit entry to the caller, who writes one for many (an import).
    """
    _check(actor, "assessments:item:change")
    item = Item(
        code=secrets.token_hex(16), category_id=category.id, origin=origin[:300], created_by=actor.name,
        created_by_id=actor.account_id, created_at=clock.now(),
    )  # fmt: skip
    session.add(item)
    session.flush()
    item.code = f"Q-{item.id:05d}"
    version = _new_version(session, actor, item, 1, document, reason)
    _replace_tags(session, item, tags)
    if recorded:
        _record(session, actor, "create", item, version)
    return version


def change_item(
    session: Session, actor: Actor, item: Item, document: Mapping[str, Any], *, based_on: str, reason: str = ""
) -> ItemVersion:
    """Change an item: its draft in place; beside an approved or retired version a new draft, with its reason.

    ``based_on`` is the digest of the version that was read. Raises ``Conflict`` when somebody has changed it since, and
    ``RuleBroken`` while it is in review.
    """
    _check(actor, "assessments:item:change")
    latest = _latest(session, item)
    if latest.digest != based_on:
        raise Conflict("ข้อสอบนี้ถูกแก้ไขหลังจากที่ท่านเปิดอ่าน โดย %(who)s กรุณาเปิดใหม่แล้วแก้ไขอีกครั้ง", who=latest.made_by)
    if latest.status == "in-review":
        raise RuleBroken("ข้อสอบนี้อยู่ระหว่างการตรวจทาน ต้องดึงกลับเป็นร่างก่อนจึงจะแก้ไขได้")
    if latest.status not in CHANGEABLE:
        if not reason.strip():
            raise RuleBroken("การจัดทำฉบับใหม่ต้องระบุเหตุผล")
        latest.latest = False
        session.flush()
        version = _new_version(session, actor, item, latest.number + 1, document, reason)
    else:
        before = latest.digest
        put_document(latest, document)
        latest.reason = reason.strip() or latest.reason
        latest.status, latest.changed_at = "draft", clock.now()
        _add_author(session, actor, latest)
        version = latest
        if version.digest == before:
            return version
    session.flush()
    _record(session, actor, "change", item, version)
    return version


def submit(session: Session, actor: Actor, item: Item) -> ItemVersion:
    """Hand a draft in for review. Raises ``RuleBroken`` while its document has problems."""
    _check(actor, "assessments:item:change")
    version = _latest(session, item)
    if version.status not in CHANGEABLE:
        raise Conflict("ข้อสอบนี้ไม่ได้เป็นร่างแล้ว")
    if problems(version.document):
        raise RuleBroken("ข้อสอบยังไม่ครบถ้วน กรุณาแก้ไขข้อที่แจ้งไว้ก่อนส่งตรวจทาน")
    version.status, version.submitted_by, version.submitted_at = "in-review", actor.name, clock.now()
    _add_author(session, actor, version)
    session.flush()
    _record(session, actor, "submit", item, version)
    return version


def withdraw(session: Session, actor: Actor, item: Item) -> ItemVersion:
    """Take a version back from review, so that it can be changed."""
    _check(actor, "assessments:item:change")
    version = _latest(session, item)
    if version.status != "in-review":
        raise Conflict("ข้อสอบนี้ไม่ได้อยู่ระหว่างการตรวจทานแล้ว")
    version.status = "draft"
    session.flush()
    _record(session, actor, "withdraw", item, version)
    return version


def review(session: Session, actor: Actor, item: Item, *, decision: str, note: str, digest: str) -> ItemVersion:
    """A second person approves a version or returns it with the reason.

    Raises ``RuleBroken`` for whoever wrote or submitted any of it, and ``Conflict`` when it is not what was read.
    """
    _check(actor, "assessments:item:review")
    version = _latest(session, item)
    if version.status != "in-review" or version.digest != digest:
        raise Conflict("ข้อสอบนี้เปลี่ยนไปหลังจากที่ท่านเปิดอ่าน กรุณาเปิดใหม่")
    if is_author(session, actor, version):
        raise RuleBroken("ผู้เขียนหรือผู้แก้ไขข้อสอบตรวจทานข้อสอบของตนไม่ได้ ต้องให้เจ้าหน้าที่คนอื่นตรวจทาน")
    if decision not in ("approved", "returned"):
        raise RuleBroken("ต้องเลือกว่าอนุมัติหรือส่งกลับ")
    if decision == "returned" and not note.strip():
        raise RuleBroken("การส่งกลับต้องระบุเหตุผล")
    now = clock.now()
    if decision == "approved":
        for former in session.scalars(_versions(item).where(ItemVersion.status == "approved")):
            former.status = "superseded"
        session.flush()
        version.approved_by, version.approved_at = actor.name, now
    version.status = decision
    session.add(
        ItemReview(version_id=version.id, decision=decision, note=note.strip(), reviewer=actor.name,
                   reviewer_id=actor.account_id, reviewed_at=now)
    )  # fmt: skip
    session.flush()
    _record(session, actor, "approve" if decision == "approved" else "return", item, version)
    return version


def retire(session: Session, actor: Actor, item: Item, *, reason: str) -> ItemVersion:
    """Take an item out of use, with the reason: no new paper takes it; what was answered stays as it was."""
    _check(actor, "assessments:item:change")
    if not reason.strip():
        raise RuleBroken("การเลิกใช้ข้อสอบต้องระบุเหตุผล")
    version = session.scalar(_versions(item).where(ItemVersion.status == "approved"))
    if version is None:
        raise RuleBroken("ข้อสอบนี้ไม่มีฉบับที่ใช้อยู่")
    if session.scalar(_versions(item).where(ItemVersion.status.in_(OPEN))) is not None:
        raise RuleBroken("มีร่างฉบับใหม่ค้างอยู่ กรุณาทิ้งร่างก่อนเลิกใช้ข้อสอบ")
    version.status, version.reason = "retired", reason.strip()
    version.retired_by, version.retired_at = actor.name, clock.now()
    session.flush()
    _record(session, actor, "retire", item, version, reason=reason.strip())
    return version


def discard(session: Session, actor: Actor, item: Item) -> bool:
    """Put an open version away; the item with it where it never had another. Returns whether the item is still there."""
    _check(actor, "assessments:item:change")
    version = _latest(session, item)
    if version.status not in CHANGEABLE:
        raise Conflict("ทิ้งได้เฉพาะร่าง")
    _record(session, actor, "discard", item, version)
    for table in (ItemReview, ItemAuthor):
        for row in session.scalars(select(table).where(table.version_id == version.id)):
            session.delete(row)
    session.flush()
    session.delete(version)
    session.flush()
    former = session.scalar(_versions(item).order_by(ItemVersion.number.desc()).limit(1))
    if former is not None:
        former.latest = True
        session.flush()
        return True
    for kept in (ItemTag, ItemPicture):
        for row in session.scalars(select(kept).where(kept.item_id == item.id)):
            session.delete(row)
    session.flush()
    session.delete(item)
    session.flush()
    return False


def file_item(
    session: Session, actor: Actor, item: Item, *, category: ItemCategory, tags: Iterable[tuple[str, str]]
) -> None:
    """Move an item to a category and give it these tags. Both help to find it and change nothing of what it asks."""
    _check(actor, "assessments:item:change")
    item.category_id = category.id
    _replace_tags(session, item, tags)
    session.flush()
    audit.append(session, actor, "assessments:item:file", "Item", item.code, after={"category": category.name_th})


def add_picture(session: Session, actor: Actor, item: Item, name: str, content: bytes) -> ItemPicture:
    """Keep a picture for an item's documents; the same picture twice is one. PNG, JPEG or GIF, at most 5 MB."""
    _check(actor, "assessments:item:change")
    if not content or media_type_of(content) not in PICTURES:
        raise RuleBroken("รูปต้องเป็นไฟล์ PNG, JPEG หรือ GIF")
    if len(content) > MOST_PICTURE_BYTES:
        raise RuleBroken("รูปใหญ่เกิน 5 MB กรุณาย่อขนาด")
    digest = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(ItemPicture).where(ItemPicture.item_id == item.id, ItemPicture.sha256 == digest))
    if known is not None:
        return known
    picture = ItemPicture(
        item_id=item.id, sha256=digest, file_id=store(session, actor, name, content, allowed=PICTURES).id
    )
    session.add(picture)
    session.flush()
    return picture


def is_author(session: Session, actor: Actor, version: ItemVersion) -> bool:
    """Whether the actor wrote, changed or submitted this version."""
    authors = session.scalars(select(ItemAuthor).where(ItemAuthor.version_id == version.id)).all()
    if actor.account_id is not None:
        return any(row.account_id == actor.account_id for row in authors)
    return any(row.account_id is None and row.name == actor.name for row in authors)


# -- parts of the above


def _new_version(
    session: Session, actor: Actor, item: Item, number: int, document: Mapping[str, Any], reason: str
) -> ItemVersion:
    now = clock.now()
    version = ItemVersion(
        item_id=item.id, number=number, latest=True, status="draft", reason=reason.strip(), made_by=actor.name,
        made_by_id=actor.account_id, made_at=now, changed_at=now,
    )  # fmt: skip
    put_document(version, document)
    session.add(version)
    session.flush()
    _add_author(session, actor, version)
    return version


def put_document(version: ItemVersion, raw: Mapping[str, Any]) -> None:
    """The document in its one form, and beside it what lists and searches need of it."""
    document = cleaned(raw)
    if document["type"] not in TYPES:
        raise RuleBroken("ไม่รู้จักชนิดของข้อสอบ")
    version.document, version.digest = document, digest_of(document)
    version.type = document["type"]
    version.title = title_of(document)
    stem_en = richtext.plain(document["stem_en"])
    version.title_en = (document["title_en"] or ("" if document["title_th"] else stem_en))[:300]
    version.words = normalized(" ".join(_read_by_candidates(document)))
    version.points = _decimal_points(document["points"])


def title_of(document: Mapping[str, Any]) -> str:
    """What lists call the item: its title, or the beginning of what it asks."""
    stem = richtext.plain(document["stem_th"]) or richtext.plain(document["stem_en"])
    return str(document["title_th"] or document["title_en"] or stem or "—")[:300]


def _decimal_points(text: str) -> Any:
    try:
        shown = plain(exact(text))
    except ValueError:
        return None
    return None if "/" in shown or len(shown) > 38 else shown


def _read_by_candidates(document: Mapping[str, Any]) -> list[str]:
    """The words of everything a candidate sees: never of the key, for auditors search these."""
    texts = [document[name] for name in ("title_th", "title_en")]
    rich = [document["stem_th"], document["stem_en"]]
    for name in ("choices", "sources", "targets", "entries"):
        rich += [row[text] for row in document.get(name, ()) for text in ("text_th", "text_en")]
    return [*texts, *(richtext.plain(markup) for markup in rich)]


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document in its one form: two versions that ask the same have the same."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def _add_author(session: Session, actor: Actor, version: ItemVersion) -> None:
    if not is_author(session, actor, version):
        session.add(ItemAuthor(version_id=version.id, name=author_name(actor), account_id=actor.account_id))
        session.flush()


def author_name(actor: Actor) -> str:
    """Who wrote it, told apart from others of the same name."""
    return actor.name if actor.account_id is None else f"{actor.name} ({actor.account_id})"[:200]


def _replace_tags(session: Session, item: Item, tags: Iterable[tuple[str, str]]) -> None:
    wanted = {(kind, normalized(value)[:100]) for kind, value in tags if kind in TAG_KINDS and normalized(value)}
    if len(wanted) > MOST_TAGS:
        raise RuleBroken("ติดป้ายได้ไม่เกิน %(most)s ป้ายต่อข้อ", most=MOST_TAGS)
    codes = [value for kind, value in wanted if kind == "competency"]
    if codes:
        known = set(session.scalars(select(Competency.code).where(Competency.code.in_(codes))))
        if set(codes) - known:
            raise RuleBroken("ไม่รู้จักสมรรถนะ %(code)s", code=", ".join(sorted(set(codes) - known)))
    rows = {(row.kind, row.value): row for row in session.scalars(select(ItemTag).where(ItemTag.item_id == item.id))}
    for key, row in rows.items():
        if key not in wanted:
            session.delete(row)
    session.add_all(ItemTag(item_id=item.id, kind=kind, value=value) for kind, value in sorted(wanted - set(rows)))
    session.flush()


def _versions(item: Item) -> Any:
    return select(ItemVersion).where(ItemVersion.item_id == item.id)


def _latest(session: Session, item: Item) -> ItemVersion:
    found: ItemVersion | None = session.scalar(_versions(item).where(ItemVersion.latest).with_for_update())
    if found is None:
        raise NotFound()
    return found


def _check(actor: Actor, permission: str) -> None:
    if actor.kind == "account" and not may(actor.roles, permission):
        raise NotAllowed()


def _record(session: Session, actor: Actor, verb: str, item: Item, version: ItemVersion, reason: str = "") -> None:
    """One audit entry. It names the version and its digest and nothing of the key, which auditors may not have."""
    after = {"version": version.number, "status": version.status, "type": version.type, "digest": version.digest}
    audit.append(session, actor, f"assessments:item:{verb}", "Item", item.code, after=after, reason=reason)
