"""One-time links: an invitation, or a new password. They work once, for a while, and act on POST only.

The database keeps the digest. The secret itself is computed from the row and the program's key, so that a mail waiting
in the outbox, a backup or a stolen database holds no working link.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, OneTimeLink

LIFETIME = {"invitation": dt.timedelta(days=14), "password": dt.timedelta(hours=1)}
"""How long a link works: an invitation survives a holiday, a forgotten password is asked for when it is needed."""

PLACEHOLDER = re.compile(r"\[\[link:(\d+)\]\]")


def issue(session: Session, account_id: int, purpose: str, *, lifetime: dt.timedelta | None = None) -> OneTimeLink:
    """A new link for the account; earlier unused ones of the same purpose stop working."""
    now = clock.now()
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(expires_at=now)
    )
    (link,) = issue_many(session, [account_id], purpose, lifetime=lifetime)
    return link


def issue_many(
    session: Session, account_ids: Sequence[int], purpose: str, *, lifetime: dt.timedelta | None = None
) -> list[OneTimeLink]:
    """New links for accounts that have none of this purpose yet, in their order."""
    now = clock.now()
    made = [
        OneTimeLink(
            account_id=account_id, purpose=purpose, created_at=now, expires_at=now + (lifetime or LIFETIME[purpose]),
            secret_digest=secrets.token_hex(32),
        )
        for account_id in account_ids
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for link in made:
        link.secret_digest = hashlib.sha256(secret_of(link).encode()).hexdigest()
    session.flush()
    return made


def secret_of(link: OneTimeLink) -> str:
    """The secret part of the link's address: keyed over the row, 256 bits."""
    key: str = current_app.config["SECRET_KEY"]
    content = (
        f"one-time-link|{link.id}|{link.account_id}|{link.purpose}|{link.created_at.astimezone(dt.UTC).isoformat()}"
    )
    digest = hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def public_address() -> str:
    """Where people reach the product: configured, never taken from a request's Host header."""
    config = current_app.config["KAONA"]
    if config.public_url:
        return str(config.public_url).rstrip("/")
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::", "") else config.host
    return f"http://{host}:{config.port}"


def address_of(link: OneTimeLink) -> str:
    """The whole address to hand over."""
    # The page is accounts.one_time; commands make links without the pages.
    return f"{public_address()}/link/{secret_of(link)}"


def placeholder(link: OneTimeLink) -> str:
    """What stands in a waiting mail in place of the address."""
    return f"[[link:{link.id}]]"


def filled_in(session: Session, body: str) -> str:
    """The mail's text with its one-time addresses, for the moment of sending."""
    for number in set(PLACEHOLDER.findall(body)):
        link = session.get(OneTimeLink, int(number))
        body = body.replace(f"[[link:{number}]]", address_of(link) if link else "")
    return body


def find(session: Session, secret: str) -> tuple[OneTimeLink, Account] | None:
    """The link with this secret while it works, and whom it is for."""
    row = session.execute(
        select(OneTimeLink, Account)
        .join(Account, Account.id == OneTimeLink.account_id)
        .where(
            OneTimeLink.secret_digest == hashlib.sha256(secret.encode()).hexdigest(),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Account.active,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def use(session: Session, link_id: int) -> bool:
    """Use the link up; False when somebody was faster or it has run out meanwhile."""
    now = clock.now()
    done = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .values(used_at=now)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def withdraw_all(session: Session, account_id: int) -> None:
    """Every unused link of the account stops working."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
        .values(expires_at=clock.now())
    )
