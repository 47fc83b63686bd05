"""Server-side sign-ins: the cookie holds a secret, the row decides whether it still opens anything (promise 12)."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, SignIn
from webapp.database import UtcTime

IDLE = dt.timedelta(hours=2)
"""Unused this long, a sign-in ends: a long meeting fits, a forgotten office PC does not stay open overnight."""

ABSOLUTE = dt.timedelta(hours=12)
"""However busy, a sign-in ends after a working day."""

SEEN_EVERY = dt.timedelta(minutes=1)
"""Last use is written down at most this often."""


def digest(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(session: Session, account_id: int, *, address: str = "", agent: str = "") -> str:
    """Open a sign-in and return the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SignIn(
            secret_digest=digest(secret), account_id=account_id, started_at=now, seen_at=now,
            address=address[:64], agent=agent[:200],
        )
    )  # fmt: skip
    session.flush()
    return secret


def standing(seen_after: Any, started_after: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a sign-in still opens something."""
    return (SignIn.ended_at.is_(None), SignIn.seen_at > seen_after, SignIn.started_at > started_after)


# Asked at every request, and so put together once.
_FOUND = (
    select(SignIn, Account)
    .join(Account, Account.id == SignIn.account_id)
    .where(
        SignIn.secret_digest == bindparam("digest"), Account.active,
        *standing(bindparam("seen_after", type_=UtcTime()), bindparam("started_after", type_=UtcTime())),
    )
)  # fmt: skip


def find(session: Session, secret: str) -> tuple[SignIn, Account] | None:
    """The standing sign-in with this secret and its account, roles as they are now; None when it opens nothing."""
    now = clock.now()
    asked = {"digest": digest(secret), "seen_after": now - IDLE, "started_after": now - ABSOLUTE}
    row = session.execute(_FOUND, asked).one_or_none()
    return None if row is None else (row[0], row[1])


def is_stale(sign_in: SignIn) -> bool:
    """Whether the last use should be written down again."""
    return clock.now() - sign_in.seen_at >= SEEN_EVERY


def touch(session: Session, sign_in_id: int) -> None:
    """Write down that the sign-in was just used."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=clock.now()))


def end(session: Session, secret: str) -> None:
    """End the sign-in with this secret."""
    session.execute(
        update(SignIn)
        .where(SignIn.secret_digest == digest(secret), SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(session: Session, account_id: int, *, but: str = "", only: int | None = None) -> int:
    """End the account's sign-ins (``only`` one of them; all ``but`` the one with this secret); how many there were."""
    statement = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but:
        statement = statement.where(SignIn.secret_digest != digest(but))
    if only is not None:
        statement = statement.where(SignIn.id == only)
    return int(session.execute(statement.values(ended_at=clock.now())).rowcount)  # type: ignore[attr-defined]


def of_account(session: Session, account_id: int) -> list[SignIn]:
    """The account's standing sign-ins, last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.account_id == account_id, *standing(clock.now() - IDLE, clock.now() - ABSOLUTE))
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )


def forget_old(session: Session) -> None:
    """Take away rows of sign-ins that ended or ran out more than a month ago."""
    from sqlalchemy import delete

    before = clock.now() - dt.timedelta(days=31)
    session.execute(delete(SignIn).where(or_(SignIn.ended_at < before, SignIn.started_at < before)))
