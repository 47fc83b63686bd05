"""Reads about accounts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.audit import Actor
from webapp.errors import BadInput


def actor_for(account: Account) -> Actor:
    """The account as operations and the audit log name it."""
    roles = frozenset(role.name for role in account.roles)
    return Actor(
        kind="account", name=account.name, role=",".join(sorted(roles)), account_id=account.id, roles=roles
    )


def actor_for_email(session: Session, email: str) -> Actor:
    """The active account with this e-mail, for ``--as``. Raises ``BadInput`` where there is none."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.active))
    if account is None:
        raise BadInput("ไม่มีบัญชีผู้ใช้ที่ใช้งานได้สำหรับอีเมล %(email)s", email=email)
    return actor_for(account)
