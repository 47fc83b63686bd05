"""Guessing gets slow: tries are counted in the database, per name, per known browser and per address.

A try is written down before the password is hashed and taken back when it was right, so that many tries at once do not
all slip past the count. The name is kept as a keyed digest only.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import rules
from webapp.accounts.models import SignInFailure
from webapp.errors import Refused

KEPT = dt.timedelta(days=1)
"""How long failures are kept: the window for counting, and a day for whoever looks into an attack."""


class TooManyTries(Refused):
    """Come back in ``seconds``."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("มีการลองหลายครั้งในเวลาสั้น โปรดลองอีกครั้งภายหลัง")
        self.retry_after = seconds


def keyed(purpose: str, text: str) -> str:
    """A digest of ``text`` that means nothing without the program's key."""
    key: str = current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Try:
    """A try that has been written down."""

    id: int
    bucket: str


def begin_try(session: Session, bucket: str, address: str, patience: rules.Patience,
              by_address: rules.Patience | None) -> Try:  # fmt: skip
    """Write a try down, or raise :class:`TooManyTries` with the seconds to wait. The caller commits."""
    now = clock.now()
    waits = [_wait(session, SignInFailure.name_digest == bucket, now, patience)]
    if by_address is not None:
        waits.append(_wait(session, SignInFailure.address == address, now, by_address))
    if max(waits) > 0:
        raise TooManyTries(max(waits))
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - KEPT))
    noted = SignInFailure(at=now, name_digest=bucket, address=address)
    session.add(noted)
    session.flush()
    return Try(noted.id, bucket)


def _wait(session: Session, which: object, now: dt.datetime, patience: rules.Patience) -> int:
    since = now - dt.timedelta(seconds=rules.WINDOW_S)
    count, last = session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(which, SignInFailure.at > since)  # type: ignore[arg-type]
    ).one()
    return rules.wait_after(count, (now - last).total_seconds(), patience) if last else 0


def take_back(session: Session, tried: Try) -> None:
    """The try was right: it and the failures of the same name from the same kind of browser no longer count."""
    session.execute(delete(SignInFailure).where(SignInFailure.name_digest == tried.bucket))
