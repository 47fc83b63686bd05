"""Walks the audit chain from its first entry to its head and names the first bad one.

Entries are read in batches by their place, so that memory stays the same however long the chain is, and without holding
anything that would keep others from writing. The head is read before the walk; what is added meanwhile is not missed
from the count, for length and head are compared again in one statement at the end.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.audit import GENESIS, AuditEntry, AuditHead, AuditOpening, entry_hash, sealed
from webapp.trail.rules import Link, Verdict, first_trouble, more_exactly

BATCH = 1_000
"""Entries read at a time."""

NEAR = 2_000
"""How far around a bad entry its true place is looked for."""

Report = Callable[[int, int], None]


def verify(session: Session, *, printed: tuple[int, str] | None = None, report: Report | None = None) -> Verdict:
    """Walk the chain. ``printed``: a length and hash from a shortlist or export, which the chain must still contain."""
    head = session.execute(select(AuditHead.length, AuditHead.hash, AuditHead.seal)).one_or_none()
    running, walked, found_printed = GENESIS, 0, printed is None or tuple(printed) == (0, GENESIS)
    until = head.length if head else None
    for link in links(session, 1, until):
        trouble = first_trouble(walked + 1, running, link)
        if trouble == "edited":
            trouble = _look_closer(session, running, link)
        if trouble:
            return Verdict(walked, running, trouble, walked + 1)
        running, walked = link.hash, link.id
        found_printed = found_printed or (printed is not None and (walked, running) == tuple(printed))
        if report and walked % BATCH == 0:
            report(walked, until or walked)
    return _at_the_end(session, walked, running, head) or (
        Verdict(walked, running)
        if found_printed
        else Verdict(walked, running, "not-this-head", printed[0] if printed else None)
    )


def _at_the_end(session: Session, walked: int, running: str, head: Any) -> Verdict | None:
    """What is wrong with the head, if anything is."""
    session.rollback()  # what others added meanwhile
    counted = select(func.count()).select_from(AuditEntry).where(AuditEntry.id > AuditHead.length).scalar_subquery()
    now = session.execute(select(AuditHead.length, counted.label("beyond"))).one_or_none()
    if head is None:
        return Verdict(walked, running, "head-removed", walked) if walked else None
    if not hmac.compare_digest(head.seal, sealed(head.length, head.hash)):
        return Verdict(walked, running, "head-edited", head.length)
    if walked < head.length:
        return Verdict(walked, running, "cut", walked + 1, {"length": head.length})
    if running != head.hash:
        return Verdict(walked, running, "head-edited", walked)
    if now is None or now.beyond:
        return Verdict(walked, running, "beyond-head", (now.length if now else walked) + 1)
    return None


def links(session: Session, first: int, until: int | None = None) -> Iterator[Link]:
    """The entries from place ``first`` on, in order, each with whether its hash and its values are right."""
    columns = list(AuditEntry.__table__.columns)
    last = first - 1
    while True:
        wanted = (
            select(
                *columns, AuditOpening.salt, type_coerce(AuditOpening.values, Text).label("raw"), AuditOpening.reason
            )
            .outerjoin(AuditOpening, AuditOpening.entry_id == AuditEntry.id)
            .where(AuditEntry.id > last)
            .order_by(AuditEntry.id)
            .limit(BATCH)
        )
        rows = session.execute(wanted if until is None else wanted.where(AuditEntry.id <= until)).all()
        for row in rows:
            yield Link(row.id, row.previous, row.hash, hmac.compare_digest(row.hash, entry_hash(row)), _values_of(row))
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _values_of(row: Any) -> str:
    if row.salt is None:
        return "removed"
    # The stored text is the canonical form itself: hashed as it lies there, never parsed and written again.
    text = f"[{_text(row.salt)},{row.raw},{_text(row.reason)}]"
    return "right" if hashlib.sha256(text.encode()).hexdigest() == row.digest else "edited"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _look_closer(session: Session, running: str, bad: Link) -> str:
    """Tell an edit from an entry that was moved, slipped in, or rewritten with all that follow."""
    row = session.execute(select(*AuditEntry.__table__.columns).where(AuditEntry.id == bad.id)).one()
    moved_from = next((place for place in _places_around(bad.id) if _would_be_right(row, place)), None)
    elsewhere = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.previous == running, AuditEntry.id != bad.id)
    )
    following = next(links(session, bad.id + 1), None)
    return more_exactly(running, bad, following, moved_from, bool(elsewhere))


def _places_around(place: int) -> Iterator[int]:
    for distance in range(1, NEAR):
        yield place + distance
        if place > distance:
            yield place - distance


def _would_be_right(row: Any, place: int) -> bool:
    """Whether the entry's hash is right for another place in the chain."""

    class Moved:
        id = place

        def __getattr__(self, name: str) -> Any:
            return getattr(row, name)

    return hmac.compare_digest(row.hash, entry_hash(Moved()))  # type: ignore[arg-type]


def sentence(verdict: Verdict) -> str:
    """What the walk found, for the reader."""
    place = {"entry": verdict.entry, "length": verdict.length, "head": verdict.head[:12], **verdict.values}
    if verdict.is_whole:
        return _(
            "บันทึกครบถ้วนทั้ง %(length)s รายการ ไม่มีการแก้ไข รหัสท้ายคือ %(head)s", length=verdict.length, head=verdict.head[:12]
        )
    words = {
        "edited": _("รายการที่ %(entry)s ถูกแก้ไขหลังบันทึก", **place),
        "deleted": _("รายการที่ %(entry)s ถูกลบออก", **place),
        "inserted": _("รายการที่ %(entry)s ถูกแทรกเข้ามาโดยไม่ได้มาจากระบบ", **place),
        "reordered": _("รายการที่ %(entry)s ไม่ได้อยู่ในลำดับเดิม", **place),
        "rewritten": _(
            "ตั้งแต่รายการที่ %(entry)s ถูกเขียนใหม่โดยไม่มีกุญแจที่ถูกต้อง หรือกุญแจ KAONA_AUDIT_KEY ที่ใช้ตรวจไม่ใช่กุญแจที่ใช้บันทึก",
            **place,
        ),
        "cut": _("ท้ายบันทึกถูกตัดตั้งแต่รายการที่ %(entry)s", **place),
        "values-edited": _("รายละเอียดของรายการที่ %(entry)s ถูกแก้ไขหลังบันทึก", **place),
        "values-removed": _("รายละเอียดของรายการที่ %(entry)s ถูกลบออก", **place),
        "head-edited": _("หัวของบันทึกถูกแก้ไข รายการสุดท้ายที่ตรวจได้คือ %(length)s", **place),
        "head-removed": _("หัวของบันทึกถูกลบออก รายการสุดท้ายที่ตรวจได้คือ %(length)s", **place),
        "beyond-head": _("รายการที่ %(entry)s ถูกแทรกต่อท้ายโดยไม่ได้มาจากระบบ", **place),
        "not-this-head": _("บันทึกไม่มีรหัสท้ายที่ให้มา (รายการที่ %(entry)s) บันทึกอาจถูกตัดหรือถูกแทนด้วยชุดอื่น", **place),
    }
    return str(words[verdict.trouble])


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict for other programs."""
    return {
        "ok": verdict.is_whole,
        "entries": verdict.length,
        "head": verdict.head,
        "first_bad": verdict.entry,
        "trouble": verdict.trouble or None,
        "message": sentence(verdict),
    }


def key_in_use() -> str:
    """A fingerprint by which two people can tell whether they verify under the same key."""
    key: str = current_app.config["AUDIT_KEY"]
    return hmac.new(key.encode(), b"kaona audit key fingerprint", hashlib.sha256).hexdigest()[:16]
