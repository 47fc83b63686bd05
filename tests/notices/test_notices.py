"""Messages and mail: written with the act, shown to their reader alone, sent once, tried again."""

import smtplib
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.people import account, enter_as
from webapp import clock
from webapp.notices import outbox
from webapp.notices.models import Notice, OutboxMail
from webapp.notices.operations import notify, unread_count
from webapp.notices.texts import TEXTS, text_of


def test_a_message_reaches_its_reader_alone_and_is_read(client: FlaskClient, session: Session) -> None:
    mine, theirs = account("officer"), account("officer")
    first = notify(session, mine.id, "coaching:session:recorded", {"mentor": "นางพรทิพย์ <b>"}, link="/account")
    other = notify(session, theirs.id, "coaching:session:recorded", {"mentor": "ใครอีกคน"})
    session.commit()
    assert first is not None
    assert other is not None
    enter_as(client, mine)
    page = client.get("/notices").text
    assert "นางพรทิพย์ &lt;b&gt;" in page
    assert "ใครอีกคน" not in page
    assert client.post(f"/notices/{other.id}/open").status_code == 404
    answer = client.post(f"/notices/{first.id}/open")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert unread_count(session, mine.id) == 0
    assert unread_count(session, theirs.id) == 1


def test_a_message_leads_only_to_our_own_pages(client: FlaskClient, session: Session) -> None:
    mine = account("officer")
    notice = notify(session, mine.id, "jobs:job:done", {"title": "x"}, link="//evil.example")
    session.commit()
    assert notice is not None
    enter_as(client, mine)
    assert client.post(f"/notices/{notice.id}/open").location == "/"


def test_messages_are_many_and_the_page_asks_equally_often(
    client: FlaskClient, session: Session, statements: Any
) -> None:
    mine = account("officer")
    enter_as(client, mine)

    def asked() -> int:
        with statements() as ran:
            client.get("/notices")
        return len(ran)

    notify(session, mine.id, "jobs:job:done", {"title": "0"})
    session.commit()
    few = asked()
    for number in range(80):
        notify(session, mine.id, "jobs:job:done", {"title": str(number)})
    session.commit()
    assert asked() == few
    assert client.post("/notices/read").status_code == 303
    assert unread_count(session, mine.id) == 0


@pytest.mark.parametrize("kind", [*TEXTS, "left:by:an-older-version"])
def test_every_text_can_be_shown_whatever_values_it_was_given(app: Flask, kind: str) -> None:
    assert text_of(kind).filled({})
    assert "%(" not in text_of(kind).filled({"mentor": "ก", "trainee": "ข"})


def test_every_kind_that_is_sent_has_its_text() -> None:
    """A room that sends a new kind adds its text."""
    import re
    from pathlib import Path

    import webapp

    sent = set()
    for path in Path(webapp.__file__).parent.rglob("*.py"):
        sent |= set(
            re.findall(r"notify\([^)]*?\"([a-z-]+:[a-z-]+:[a-z-]+)\"", path.read_text(encoding="utf-8"), re.DOTALL)
        )
    assert sorted(sent - set(TEXTS)) == []


def test_mail_is_in_the_readers_language(app: Flask, session: Session) -> None:
    person = account("officer")
    person.language = "en"
    notify(session, person.id, "shortlist:run:published", {"cohort": "DD-2569-1"}, link="/my/results")
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.subject.startswith("Kaona: The list of DD-2569-1 is published")
    assert "http://127.0.0.1:8000/my/results" in mail.body


def test_nobody_and_a_closed_account_get_no_mail(app: Flask, session: Session) -> None:
    closed = account("officer")
    closed.active = False
    notify(session, closed.id, "shortlist:run:published", {"cohort": "x"})
    assert notify(session, None, "shortlist:run:published", {}) is None
    assert session.scalars(select(OutboxMail)).all() == []
    assert len(session.scalars(select(Notice)).all()) == 1


def test_a_subject_holds_no_line_break(app: Flask, session: Session) -> None:
    outbox.write_mail(session, "a@b.go.th", "one\r\nBcc: other@b.go.th", "text")
    assert session.scalars(select(OutboxMail.subject)).one() == "one Bcc: other@b.go.th"


class Server:
    """Stands for a mail server."""

    sent: list[Any] = []
    refuses = False

    def __init__(self, *_args: Any, **_more: Any) -> None:
        if self.refuses:
            raise smtplib.SMTPConnectError(421, "busy")

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def ehlo(self) -> None: ...

    def has_extn(self, name: str) -> bool:
        return name == "starttls"

    def starttls(self, context: Any) -> None:
        assert context.check_hostname

    def send_message(self, message: Any) -> None:
        self.sent.append(message)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    monkeypatch.setitem(app.config, "KAONA", replace(app.config["KAONA"], mail_server="mail.example:587"))
    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(Server, "sent", [])
    monkeypatch.setattr(Server, "refuses", False)
    return Server


def test_mail_is_sent_once(any_database: str, app: Flask, session: Session, server: type[Server]) -> None:
    outbox.write_mail(session, "a@b.go.th", "เรื่อง", "ข้อความ")
    session.commit()
    assert outbox.send_waiting_mail(session) == 1
    assert outbox.send_waiting_mail(session) == 0
    (message,) = server.sent
    assert (message["To"], message["Subject"], message.get_content()) == ("a@b.go.th", "เรื่อง", "ข้อความ\n")


def test_mail_that_did_not_go_is_tried_again_later_and_given_up_at_last(
    app: Flask, session: Session, server: type[Server]
) -> None:
    outbox.write_mail(session, "a@b.go.th", "x", "y")
    session.commit()
    server.refuses = True
    assert outbox.send_waiting_mail(session) == 0
    mail = session.scalars(select(OutboxMail)).one()
    assert "421" in mail.failed
    assert mail.try_after is not None
    assert mail.try_after > clock.now()
    server.refuses = False
    assert outbox.send_waiting_mail(session) == 0, "its pause is not over"
    session.execute(update(OutboxMail).values(try_after=clock.now()))
    session.commit()
    assert outbox.send_waiting_mail(session) == 1
    outbox.write_mail(session, "a@b.go.th", "x", "y")
    session.execute(update(OutboxMail).where(OutboxMail.sent_at.is_(None)).values(tries=outbox.GIVEN_UP_AFTER))
    session.commit()
    assert outbox.send_waiting_mail(session) == 0


def test_the_administrator_sees_the_outbox_without_the_links(client: FlaskClient, session: Session) -> None:
    from webapp.accounts import links, operations
    from webapp.audit import SYSTEM

    link = operations.invite(session, SYSTEM, account("officer"), by_mail=True)
    secret = links.secret_of(link)
    session.commit()
    enter_as(client, account("administrator"))
    page = client.get("/outbox").text
    assert "คำเชิญเข้าใช้ระบบก้าวหน้า" in page
    assert "ลิงก์ใช้ครั้งเดียว ไม่แสดงที่นี่" in page
    assert secret not in page
