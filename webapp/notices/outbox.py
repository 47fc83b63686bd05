"""The mail outbox: written in the transaction of the act it tells of, sent later by the worker.

A mail that carries a one-time link holds a placeholder; the address is filled in at the moment of sending, so that
neither the database nor a backup holds a working link.
"""

import datetime as dt
import logging
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts import links
from webapp.notices.models import OutboxMail

log = logging.getLogger("kaona.mail")

AT_ONCE = 50
"""Mails sent in one go; the rest waits for the worker's next look."""

PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long a mail that could not be sent waits before the next try; the last one repeats."""

GIVEN_UP_AFTER = 12
"""Tries. Then it stays in the outbox for the administrator to see."""

SERVER_PATIENCE_S = 20


def write_mail(session: Session, to: str, subject: str, body: str) -> None:
    """Put a mail into the outbox, in the caller's transaction."""
    one_line = " ".join(subject.split())
    session.add(OutboxMail(to=to, subject=one_line[:300], body=body, created_at=clock.now(), failed=""))
    session.flush()


def send_waiting_mail(session: Session) -> int:
    """Send what is due, oldest first; how many went out. Commits after each, so that a kill repeats one mail at most.

    Without a mail server a development instance writes each mail to ``outbox/`` in its data folder; in production the
    mails wait for the administrator (page "outbox").
    """
    config = current_app.config["KAONA"]
    if config.production and not config.mail_server:
        return 0
    now = clock.now()
    due = session.scalars(
        select(OutboxMail.id)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.tries < GIVEN_UP_AFTER)
        .where(OutboxMail.try_after.is_(None) | (OutboxMail.try_after <= now))
        .order_by(OutboxMail.id)
        .limit(AT_ONCE)
    ).all()
    session.rollback()
    return sum(_send_one(session, number) for number in due)


def _send_one(session: Session, number: int) -> bool:
    mail = session.get(OutboxMail, number)
    if mail is None or mail.sent_at is not None:
        session.rollback()
        return False
    message = _message(session, mail)
    tries = mail.tries
    session.rollback()  # nothing is held while a mail server takes its time
    failed = _deliver(message, number)
    mail = session.get_one(OutboxMail, number, populate_existing=True)
    mail.tries = tries + 1
    mail.failed = failed[:300]
    if failed:
        mail.try_after = clock.now() + PAUSES[min(tries, len(PAUSES) - 1)]
    else:
        mail.sent_at = clock.now()
    session.commit()
    return not failed


def _message(session: Session, mail: OutboxMail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = current_app.config["KAONA"].mail_sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = make_msgid(idstring=str(mail.id), domain="kaona.invalid")
    message.set_content(links.filled_in(session, mail.body))
    return message


def _deliver(message: EmailMessage, number: int) -> str:
    """Hand the mail over; empty when it went out, else why it did not."""
    config = current_app.config["KAONA"]
    try:
        if config.mail_server:
            _by_smtp(config.mail_server, message)
        else:
            _to_folder(config.data_dir / "outbox", message, number)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("mail %s was not sent: %s", number, error)
        return f"{type(error).__name__}: {error}"
    return ""


def _by_smtp(server: str, message: EmailMessage) -> None:
    """``host``, ``host:port`` or ``smtp[s]://user:password@host:port``; encrypted wherever the server offers it."""
    parts = urlsplit(server if "://" in server else f"smtp://{server}")
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SERVER_PATIENCE_S, context=context)
    else:
        connection = smtplib.SMTP(host, parts.port or 25, timeout=SERVER_PATIENCE_S)
    with connection:
        if parts.scheme != "smtps":
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=context)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message)


def _to_folder(folder: Path, message: EmailMessage, number: int) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{number:06d}.txt"
    heads = "\n".join(f"{name}: {message[name]}" for name in ("From", "To", "Subject", "Date"))
    path.touch(mode=0o600)
    path.write_text(f"{heads}\n\n{message.get_content()}", encoding="utf-8")


def outbox_page(session: Session, *, limit: int, offset: int) -> tuple[list[OutboxMail], int]:
    """Mails, newest first, and how many there are."""
    total = session.scalar(select(func.count(OutboxMail.id))) or 0
    rows = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(limit).offset(offset))
    return list(rows), total


def shown(body: str) -> str:
    """The mail's text for the administrator's eyes: without the secret of a one-time link."""
    from flask_babel import gettext

    return links.PLACEHOLDER.sub(gettext("(ลิงก์ใช้ครั้งเดียว ไม่แสดงที่นี่)"), body)
