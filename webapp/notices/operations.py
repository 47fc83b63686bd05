"""Telling somebody something: on their page, and by mail where it matters."""

from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import links
from webapp.accounts.models import Account
from webapp.notices.models import Notice
from webapp.notices.outbox import send_waiting_mail, write_mail
from webapp.notices.texts import text_of

__all__ = ["mark_read", "notices_of", "notify", "send_waiting_mail", "unread_count"]


def notify(
    session: Session, account_id: int | None, kind: str, values: dict[str, Any] | None = None, link: str = ""
) -> Notice | None:
    """Leave a message for an account (nobody: nothing happens), in the caller's transaction.

    ``kind`` chooses the text (``texts.py``), ``values`` fill it, ``link`` is a path of this site where the thing is.
    """
    if account_id is None:
        return None
    kept = {key: value if isinstance(value, int | str) else str(value) for key, value in (values or {}).items()}
    notice = Notice(account_id=account_id, kind=kind, values=kept, link=link, created_at=clock.now())
    session.add(notice)
    session.flush()
    text = text_of(kind)
    if text.by_mail:
        account = session.get(Account, account_id)
        if account is not None and account.active:
            with force_locale(account.language):
                more = f"{links.public_address()}{link}" if link else links.public_address()
                body = gettext(
                    "เรียน %(name)s\n\n%(text)s\n\n%(link)s\n", name=account.name, text=text.filled(kept), link=more
                )
                write_mail(session, account.email, gettext("ก้าวหน้า: %(text)s", text=text.filled(kept)), body)
    return notice


def notices_of(session: Session, account_id: int, *, limit: int, offset: int) -> tuple[list[Notice], int]:
    """The account's messages, newest first, and how many there are."""
    total = session.scalar(select(func.count(Notice.id)).where(Notice.account_id == account_id)) or 0
    rows = session.scalars(
        select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc()).limit(limit).offset(offset)
    )
    return list(rows), total


def unread_count(session: Session, account_id: int) -> int:
    """How many messages the account has not read."""
    return (
        session.scalar(select(func.count(Notice.id)).where(Notice.account_id == account_id, Notice.read_at.is_(None)))
        or 0
    )


def mark_read(session: Session, account_id: int, notice_id: int | None = None) -> int:
    """Mark one of the account's messages read, or all; how many were."""
    statement = update(Notice).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    if notice_id is not None:
        statement = statement.where(Notice.id == notice_id)
    return int(session.execute(statement.values(read_at=clock.now())).rowcount)  # type: ignore[attr-defined]
