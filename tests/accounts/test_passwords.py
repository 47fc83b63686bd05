"""One-time links are used once; passwords changed and forgotten; sign-ins elsewhere ended."""

import datetime as dt
import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.people import PASSWORD, account, enter_as
from webapp import clock
from webapp.accounts import links, operations
from webapp.accounts.models import Account, OneTimeLink, SignIn
from webapp.audit import Actor
from webapp.errors import NotFound
from webapp.notices.models import OutboxMail

NEW = "ทุเรียนหมอนทองสามลูก"


NEW = "ทุเรียนหมอนทองสามลูก"


@pytest.fixture
def secret(session: Session, actor: Actor) -> str:
    person = account("officer", email="new@bangkok.go.th", name="สมหญิง รักเรียน")
    link = operations.invite(session, actor, person, by_mail=False)
    session.commit()
    return links.secret_of(link)


def test_looking_at_a_link_uses_nothing_up_and_sending_the_form_does(
    any_database: str, client: FlaskClient, secret: str, session: Session
) -> None:
    for _ in range(2):
        assert client.get(f"/link/{secret}").status_code == 200
    assert client.submit(f"/link/{secret}", {"password": NEW, "again": NEW}).status_code == 303
    assert client.get(f"/link/{secret}").status_code == 404
    assert client.post(f"/link/{secret}", data={"password": NEW, "again": NEW}).status_code == 404
    answer = client.post("/sign-in", data={"email": "new@bangkok.go.th", "password": NEW})
    assert answer.status_code == 303
    stored = session.scalars(select(Account.password).where(Account.email == "new@bangkok.go.th")).one()
    assert stored is not None
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("password", "again"),
    [("short", "short"), ("password1234", "password1234"), ("สมหญิง1234567", "สมหญิง1234567"), (NEW, NEW + "x")],
)
def test_a_password_that_will_not_do_leaves_the_link_alive(
    client: FlaskClient, secret: str, password: str, again: str
) -> None:
    assert client.submit(f"/link/{secret}", {"password": password, "again": again}).status_code == 422
    assert client.submit(f"/link/{secret}", {"password": NEW, "again": NEW}).status_code == 303


def test_an_old_a_newer_and_an_invented_link_do_not_work(
    client: FlaskClient, secret: str, session: Session, actor: Actor
) -> None:
    assert client.get("/link/" + "x" * 43).status_code == 404
    person = session.scalars(select(Account).where(Account.email == "new@bangkok.go.th")).one()
    newer = links.secret_of(operations.invite(session, actor, person, by_mail=False))
    session.commit()
    assert client.get(f"/link/{secret}").status_code == 404
    assert client.get(f"/link/{newer}").status_code == 200
    session.execute(update(OneTimeLink).values(expires_at=clock.now() - dt.timedelta(seconds=1)))
    session.commit()
    assert client.get(f"/link/{newer}").status_code == 404


def test_of_two_who_use_a_link_at_once_one_loses(app: Flask, secret: str, session: Session) -> None:
    operations.use_link(session, secret, "$argon2id$first")
    with pytest.raises(NotFound):
        operations.use_link(session, secret, "$argon2id$second")


@pytest.mark.usefixtures("secret")
def test_a_forgotten_password_answers_alike_and_as_long_for_everybody(
    client: FlaskClient, session: Session, app: Flask
) -> None:
    person = account("officer", email="known@bangkok.go.th", password=PASSWORD)
    spent, pages = [], []
    for email in ("known@bangkok.go.th", "unknown@bangkok.go.th"):
        started = time.monotonic()
        answer = client.submit("/forgotten-password", {"email": email})
        spent.append(time.monotonic() - started)
        pages.append((answer.status_code, answer.location))
    assert pages == [(303, "/forgotten-password/sent")] * 2
    assert abs(spent[0] - spent[1]) < 0.25
    mails = session.scalars(select(OutboxMail)).all()
    assert [mail.to for mail in mails] == [person.email]


def test_no_more_than_three_mails_an_hour_go_to_one_address(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.accounts.views.SAME_TIME_S", 0)
    account("officer", email="known@bangkok.go.th", password=PASSWORD)
    for _ in range(5):
        assert client.submit("/forgotten-password", {"email": "known@bangkok.go.th"}).status_code == 303
    assert session.scalar(select(func.count(OutboxMail.id))) == 3


def test_another_password_ends_every_other_sign_in(app: Flask, client: FlaskClient, session: Session) -> None:
    person = account("officer", password=PASSWORD)
    other = app.test_client()
    enter_as(client, person)
    enter_as(other, person)
    before = client.get_cookie("kaona")
    assert client.submit("/account/password", {"present": "not it", "password": NEW, "again": NEW}).status_code == 422
    answer = client.submit("/account/password", {"present": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert "รหัสผ่านของท่านถูกเปลี่ยนแล้ว" in session.scalars(select(OutboxMail.subject)).one()
    copied = app.test_client()
    assert before is not None
    copied.set_cookie("kaona", before.value)
    assert copied.get("/account").status_code == 303, "the cookie of before is dead too"


def test_guessing_the_present_password_is_slowed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.accounts.entering.is_right", lambda *_: False)
    enter_as(client, account("officer", password="x" * 20))
    data = {"present": "guess", "password": NEW, "again": NEW}
    answers = [client.post("/account/password", data=data).status_code for _ in range(9)]
    assert answers[-1] == 429


def test_one_sees_where_one_is_signed_in_and_ends_it_there(app: Flask, client: FlaskClient, session: Session) -> None:
    person = account("officer")
    elsewhere = app.test_client()
    enter_as(elsewhere, person)
    enter_as(client, person)
    page = client.get("/account").text
    assert "เครื่องนี้" in page
    ended = re.search(r"/account/sign-ins/(\d+)/end", page)
    assert ended is not None
    assert client.post(ended[0]).status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    enter_as(elsewhere, person)
    assert client.post("/account/sign-ins/end-others").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert session.scalar(select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None))) == 1


def test_the_language_is_kept_and_leads_back_to_our_own_page(client: FlaskClient, session: Session) -> None:
    person = account("officer")
    enter_as(client, person)
    answer = client.post("/language/en", data={"next": "/account"})
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "My account" in client.get("/account").text
    session.expire_all()
    assert person.language == "en"
    assert client.post("/language/en", data={"next": "//evil.example"}).location == "/"
    assert client.post("/language/xx").status_code == 404
