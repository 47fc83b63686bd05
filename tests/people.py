"""People for the tests: accounts in each role, and their sign-in."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from webapp import clock
from webapp.accounts import sign_ins
from webapp.accounts.models import Account, Role
from webapp.accounts.security import SECRET, hash_password
from webapp.database import db

PASSWORD = "a long enough passphrase for tests"


def role_named(name: str) -> Role:
    """The role, made where the database does not have it yet."""
    from sqlalchemy import select

    role = db.session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        db.session.add(role)
    return role


def account(*roles: str, email: str = "", name: str = "", password: str | None = None) -> Account:
    """A new account with these roles, committed; without a password unless one is given."""
    email = email or f"{'-'.join(roles) or 'nobody'}-{secrets.token_hex(3)}@example.go.th"
    made = Account(
        email=email.lower(),
        name=name or f"ผู้ทดสอบ {', '.join(roles)}",
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        created_at=clock.now(),
        roles=[role_named(role) for role in roles],
    )
    db.session.add(made)
    db.session.commit()
    return made


SignIn = Callable[..., Account]


@pytest.fixture
def sign_in() -> SignIn:
    """``sign_in(client, role="institute")`` makes an account with the role and signs the client in as it.

    Several roles: ``roles=("mentor", "officer")``; somebody who exists: ``account=…``. Returns the account.
    """

    def enter(client: FlaskClient, *, role: str = "", roles: tuple[str, ...] = (), account: Any = None) -> Account:
        found = account or globals()["account"](*(roles or ((role,) if role else ())))
        enter_as(client, found)
        return found

    return enter


def enter_as(client: FlaskClient, found: Account) -> None:
    """Sign the client in without the cost of a password hash.

    This is the one place in the tests that knows what a signed-in cookie holds.
    """
    secret = sign_ins.begin(db.session, found.id, agent="tests")
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie[SECRET] = secret
