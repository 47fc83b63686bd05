"""Signing in: throttled before the hash, hashed outside any transaction, equally long for names that do not exist."""

import ipaddress
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import rules, sign_ins, throttle
from webapp.accounts.models import Account
from webapp.accounts.queries import actor_for
from webapp.accounts.security import hash_password, is_right
from webapp.audit import append


@dataclass(frozen=True)
class Entered:
    """A sign-in just opened: the secret for the cookie, and the number by which this browser is known from now on."""

    account_id: int
    secret: str
    browser: str


def network(address: str | None) -> str:
    """The address tries are counted by: an IPv6 household is its /64."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return (address or "")[:64]
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def sign_in(
    session: Session, email: str, password: str, *, address: str, agent: str, known: dict[str, str], present: str = ""
) -> Entered | None:
    """Open a sign-in, or None when name and password do not fit; raises ``TooManyTries``. Commits its two steps itself.

    ``known``: the browser's numbers by account id. ``present``: the secret in the cookie, whose sign-in ends.
    """
    email = email.strip().lower()[:254]
    found = session.execute(
        select(Account.id, Account.password, Account.active).where(Account.email == email)
    ).one_or_none()
    browser = known.get(str(found.id), "") if found else ""
    tried = _write_down(session, email, found.id if found else 0, browser, address)
    session.commit()
    if not is_right(password, found.password if found and found.active else None):
        return None
    assert found is not None
    account = session.get(Account, found.id)
    if account is None or not account.active or account.password != found.password:
        return None  # closed, or another password, while this one was being checked
    throttle.take_back(session, tried)
    if present:
        sign_ins.end(session, present)
    sign_ins.forget_old(session)
    secret = sign_ins.begin(session, account.id, address=address, agent=agent)
    append(session, actor_for(account), "accounts:sign-in:begin", "account", account.id)
    session.commit()
    return Entered(found.id, secret, browser or secrets.token_urlsafe(12))


def _write_down(session: Session, email: str, account_id: int, browser: str, address: str) -> throttle.Try:
    if browser:
        bucket = throttle.keyed("browser", f"{account_id}|{browser}")
        return throttle.begin_try(session, bucket, address, rules.BY_BROWSER, None)
    bucket = throttle.keyed("name", email)
    return throttle.begin_try(session, bucket, address, rules.BY_NAME, rules.BY_ADDRESS)


def another_password(session: Session, account: Account, present: str, new: str) -> str | None:
    """The hash of the new password when the present one is right, else None; raises ``TooManyTries``. Commits the try."""
    hashed = account.password
    bucket = throttle.keyed("own", str(account.id))
    tried = throttle.begin_try(session, bucket, "", rules.BY_BROWSER, None)
    session.commit()
    if not is_right(present, hashed):
        return None
    made = hash_password(new)
    throttle.take_back(session, tried)
    return made


def may_ask_for_link(session: Session, email: str, address: str) -> bool:
    """Whether another link may be sent to this address now. Raises ``TooManyTries`` for the network address alone."""
    everywhere = throttle.keyed("links", address)
    throttle.begin_try(session, everywhere, "", rules.LINKS_BY_ADDRESS, None)
    try:
        throttle.begin_try(session, throttle.keyed("link", email.strip().lower()[:254]), "", rules.LINKS_BY_NAME, None)
    except throttle.TooManyTries:
        return False
    return True
