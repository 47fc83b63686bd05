"""Reads about accounts."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import sign_ins
from webapp.accounts.models import Account, OneTimeLink, Role, SignIn
from webapp.audit import Actor
from webapp.errors import BadInput, NotFound


def actor_for(account: Account) -> Actor:
    """The account as operations and the audit log name it."""
    roles = frozenset(role.name for role in account.roles)
    return Actor(
        kind="account", name=account.name, role=",".join(sorted(roles)), account_id=account.id, roles=roles
    )  # fmt: skip


def actor_for_email(session: Session, email: str) -> Actor:
    """The active account with this e-mail, for ``--as``. Raises ``BadInput`` where there is none."""
    return actor_for(account_by_email(session, email))


def account_by_email(session: Session, email: str, *, closed_too: bool = False) -> Account:
    """The account with this e-mail. Raises ``BadInput`` where there is none."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower()))
    if account is None or not (account.active or closed_too):
        raise BadInput("ไม่มีบัญชีผู้ใช้ที่ใช้งานได้สำหรับอีเมล %(email)s", email=email)
    return account


def account_by_id(session: Session, account_id: int) -> Account:
    """The account. Raises ``NotFound``."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    return account


@dataclass(frozen=True)
class AccountRow:
    """An account in the list."""

    account: Account
    seen_at: object
    invited: bool

    @property
    def state(self) -> str:
        """``closed``, ``open``, ``invited`` (a link is out) or ``waiting`` (never reached)."""
        if not self.account.active:
            return "closed"
        if self.account.password is not None:
            return "open"
        return "invited" if self.invited else "waiting"


SORTS = {"name": Account.name, "email": Account.email, "created": Account.created_at}


def accounts_page(
    session: Session, *, words: str, role: str, state: str, sort: str, descending: bool, limit: int, offset: int
) -> tuple[list[AccountRow], int]:
    """A page of accounts and how many there are in all."""
    wanted = _accounts(words, role, state)
    total = session.scalar(select(func.count()).select_from(wanted.with_only_columns(Account.id).subquery())) or 0
    column = SORTS.get(sort, Account.name)
    seen = select(func.max(SignIn.seen_at)).where(SignIn.account_id == Account.id).scalar_subquery()
    rows = session.execute(
        wanted.add_columns(seen, _invited())
        .order_by(column.desc() if descending else column, Account.id)
        .limit(limit)
        .offset(offset)
    )
    return [AccountRow(account, seen_at, bool(invited)) for account, seen_at, invited in rows], total


def row_of(session: Session, account: Account) -> AccountRow:
    """One account as the list shows it."""
    seen = session.scalar(select(func.max(SignIn.seen_at)).where(SignIn.account_id == account.id))
    invited = session.scalar(select(_invited()).select_from(Account).where(Account.id == account.id))
    return AccountRow(account, seen, bool(invited))


def _invited() -> object:
    return exists().where(
        OneTimeLink.account_id == Account.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > clock.now()
    )


def _accounts(words: str, role: str, state: str) -> Select[tuple[Account]]:
    wanted = select(Account)
    for word in words.split():
        wanted = wanted.where(
            Account.name.icontains(word, autoescape=True) | Account.email.icontains(word, autoescape=True)
        )
    if role:
        wanted = wanted.where(Account.roles.any(Role.name == role))
    if state == "closed":
        wanted = wanted.where(Account.active.is_(False))
    elif state == "open":
        wanted = wanted.where(Account.active, Account.password.is_not(None))
    elif state == "waiting":
        wanted = wanted.where(Account.active, Account.password.is_(None))
    return wanted


def own_sign_ins(session: Session, account_id: int) -> list[SignIn]:
    """The account's standing sign-ins, last used first."""
    return sign_ins.of_account(session, account_id)
