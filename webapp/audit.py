"""The audit log: who did what to which thing, when and why, before and after.

Entries are only ever added. Each carries a keyed hash over the entry before it, so that an edited, deleted, inserted,
reordered or cut-off entry shows (promise 8). What was changed lies beside the chain as the opening of a salted digest:
personal data can be purged one day without breaking the chain. Reading it is the room ``trail``.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp import clock
from webapp.database import Base, Json, UtcTime, canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in account, the operator at the command line, or the program itself."""

    kind: str  # account | operator | system
    name: str
    role: str = ""
    account_id: int | None = None
    roles: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The name by which records say who did it."""
        return self.name


SYSTEM = Actor(kind="system", name="Kaona", role="system")


class AuditEntry(Base):
    """One business act. Never updated, never deleted."""

    __tablename__ = "audit_entry"
    __table_args__ = (CheckConstraint("actor_kind in ('account', 'operator', 'system')", name="actor_kind"),)

    id: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="place in the chain, from 1"
    )
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_name: Mapped[str] = mapped_column(String(200), comment="as it was")
    actor_role: Mapped[str] = mapped_column(String(100), comment="as it was")
    actor_account: Mapped[str | None] = mapped_column(String(20), index=True)
    action: Mapped[str] = mapped_column(String(80), index=True, comment="room:thing:verb")
    thing: Mapped[str] = mapped_column(String(60))
    thing_key: Mapped[str] = mapped_column(String(200), index=True)
    digest: Mapped[str] = mapped_column(String(64), comment="salted digest of what was changed")
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditOpening(Base):
    """What the digest of an entry was made from: the salt, the values before and after, and the reason."""

    __tablename__ = "audit_opening"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="")


class AuditHead(Base):
    """The last entry, under the key: shows a chain cut at its tail."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    length: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


def append(
    session: Session,
    actor: Actor,
    action: str,
    thing: str,
    key: object,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add one entry to the chain in the caller's transaction and return it.

    ``action`` reads ``room:thing:verb``; ``before`` and ``after`` hold plain values (JSON), never a national id in full.
    """
    session.flush()
    head = session.scalar(select(AuditHead).with_for_update())
    if head is None:
        head = AuditHead(id=1, length=0, hash=GENESIS, seal=sealed(0, GENESIS))
        session.add(head)
    salt = secrets.token_hex(16)
    values = {"before": before or {}, "after": after or {}}
    entry = AuditEntry(
        id=head.length + 1,
        at=clock.now(),
        actor_kind=actor.kind,
        actor_name=actor.name,
        actor_role=actor.role,
        actor_account=None if actor.account_id is None else str(actor.account_id),
        action=action,
        thing=thing,
        thing_key=str(key),
        digest=values_digest(salt, values, reason),
        previous=head.hash,
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    session.add(AuditOpening(entry_id=entry.id, salt=salt, values=values, reason=reason))
    head.length, head.hash, head.seal = entry.id, entry.hash, sealed(entry.id, entry.hash)
    session.flush()
    return entry


def head_of(session: Session) -> tuple[int, str]:
    """Length of the chain and the hash of its last entry: printed on every shortlist and export."""
    head = session.get(AuditHead, 1)
    return (0, GENESIS) if head is None else (head.length, head.hash)


def values_digest(salt: str, values: dict[str, Any], reason: str) -> str:
    """SHA-256 over salt, values and reason in their canonical form."""
    return hashlib.sha256(canonical_json([salt, values, reason]).encode()).hexdigest()


def entry_hash(entry: AuditEntry) -> str:
    """The keyed hash of an entry over everything it says and the entry before it."""
    content = [
        entry.id,
        entry.at.astimezone(dt.UTC).isoformat(),
        entry.actor_kind,
        entry.actor_name,
        entry.actor_role,
        entry.actor_account,
        entry.action,
        entry.thing,
        entry.thing_key,
        entry.digest,
        entry.previous,
    ]
    return _keyed(canonical_json(content))


def sealed(length: int, last_hash: str) -> str:
    """The keyed seal over the chain's length and last hash."""
    return _keyed(canonical_json([length, last_hash]))


def _keyed(text: str) -> str:
    key: str = current_app.config["AUDIT_KEY"]
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign_head(session: Session) -> dict[str, Any]:
    """The chain's head signed with Ed25519, so that outsiders can check it with the public key alone.

    The signature is over the canonical JSON of ``[length, hash, at]``.
    """
    length, last_hash = head_of(session)
    at = clock.now().astimezone(dt.UTC).isoformat(timespec="seconds")
    signature = _signing_key().sign(canonical_json([length, last_hash, at]).encode())
    return {
        "length": length,
        "hash": last_hash,
        "at": at,
        "signature": base64.b64encode(signature).decode(),
        "public_key": public_key(),
    }


def public_key() -> str:
    """The public key of the signatures, base64 of its 32 bytes: printed where heads are printed."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return base64.b64encode(_signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _signing_key() -> Any:
    """The Ed25519 key: its seed is drawn from ``KAONA_SIGNING_KEY``, else from the audit key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret: str = current_app.config["SIGNING_KEY"] or current_app.config["AUDIT_KEY"]
    return Ed25519PrivateKey.from_private_bytes(hmac.new(secret.encode(), b"kaona heads", hashlib.sha256).digest())
