"""Accounts are made, changed, linked to officers and closed; the list of them."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import officer
from tests.people import account, enter_as
from webapp.accounts import links, operations
from webapp.accounts.models import Account, OneTimeLink
from webapp.audit import SYSTEM, Actor, AuditEntry, AuditOpening
from webapp.errors import BadInput, Conflict, RuleBroken
from webapp.notices.models import OutboxMail
from webapp.notices.outbox import send_waiting_mail
from webapp.officers.models import Officer

NEW = "ทุเรียนหมอนทองสามลูก"


def test_an_account_is_made_and_invited_by_mail_without_a_working_link_in_the_database(
    client: FlaskClient, administrator: Account, session: Session, app: Flask
) -> None:
    answer = client.submit(
        "/accounts/new",
        {"name": "สมชาย ใจดี", "email": "Somchai@Bangkok.go.th", "roles": ["mentor", "officer"], "by_mail": "y"},
    )
    assert answer.status_code == 303
    made = session.scalars(select(Account).where(Account.email == "somchai@bangkok.go.th")).one()
    assert [role.name for role in made.roles] == ["mentor", "officer"]
    mail = session.scalars(select(OutboxMail)).one()
    assert re.search(r"\[\[link:\d+\]\]", mail.body)
    link = session.scalars(select(OneTimeLink)).one()
    secret = links.secret_of(link)
    assert link.secret_digest != secret
    session.rollback()
    assert send_waiting_mail(session) == 1
    sent = next((app.config["DATA_DIR"] / "outbox").glob("*.txt")).read_text(encoding="utf-8")
    assert f"/link/{secret}" in sent
    assert "สมชาย ใจดี" in sent


def test_a_link_to_hand_over_is_shown_once_and_never_taken_from_the_hosts_name(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    person = account("officer")
    page = client.post(
        f"/accounts/{person.id}/invite", data={"how": "hand"}, headers={"X-Forwarded-Host": "evil.example"}
    )
    address = re.search(r"<code[^>]*>([^<]+)</code>", page.text)
    assert address is not None
    assert address[1].startswith("http://127.0.0.1:8000/link/")
    assert "/link/" not in client.get(f"/accounts/{person.id}").text


@pytest.mark.parametrize("roles", [["auditor", "officer"], ["administrator", "institute"], []])
def test_roles_that_do_not_go_together_are_refused(
    client: FlaskClient, administrator: Account, session: Session, roles: list[str]
) -> None:
    answer = client.submit("/accounts/new", {"name": "ก", "email": "a@b.go.th", "roles": roles})
    assert answer.status_code == 422
    assert 'value="a@b.go.th"' in answer.text, "what was typed is kept"
    assert session.scalar(select(func.count(Account.id))) == 1


@pytest.mark.parametrize(
    "email", ["", "a", "a@", "@b.th", "a b@c.th", "a@b..th", "a@b.th\nBcc: x@y.th", "<a@b.th>", "a" * 250 + "@b.th"]
)
def test_what_is_no_address_is_refused(app: Flask, session: Session, email: str) -> None:
    with pytest.raises(BadInput):
        operations.create_account(session, SYSTEM, email=email, name="x", roles=["officer"])


def test_an_address_is_used_once(app: Flask, session: Session) -> None:
    operations.create_account(session, SYSTEM, email="a@b.go.th", name="x", roles=["officer"])
    with pytest.raises(RuleBroken):
        operations.create_account(session, SYSTEM, email="A@B.go.th ", name="y", roles=["mentor"])


def test_nobody_changes_their_own_roles_or_closes_their_own_account(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    account("administrator")
    answer = client.submit(f"/accounts/{administrator.id}/edit", {"roles": ["auditor"]})
    assert answer.status_code == 422
    assert client.post(f"/accounts/{administrator.id}/disable", data={"reason": "x"}).status_code == 422
    session.expire_all()
    found = session.get_one(Account, administrator.id)
    assert found.active
    assert [role.name for role in found.roles] == ["administrator"]
    assert client.submit(f"/accounts/{administrator.id}/edit", {"name": "ชื่อใหม่"}).status_code == 303


def test_the_last_administrator_stays(any_database: str, app: Flask, session: Session, actor: Actor) -> None:
    last, gone = account("administrator"), account("administrator")
    operations.disable(session, actor, gone, reason="ย้ายหน่วยงาน")
    with pytest.raises(RuleBroken):
        operations.disable(session, actor, last, reason="x")
    with pytest.raises(RuleBroken):
        operations.change_account(session, actor, last, email=last.email, name=last.name, roles=["officer"])


def test_closing_needs_a_reason_ends_everything_and_is_kept(
    app: Flask, session: Session, actor: Actor, client: FlaskClient
) -> None:
    person = account("officer")
    enter_as(client, person)
    link = operations.invite(session, actor, person, by_mail=False)
    secret = links.secret_of(link)
    with pytest.raises(BadInput):
        operations.disable(session, actor, person, reason="  ")
    operations.disable(session, actor, person, reason="ลาออก")
    session.commit()
    assert client.get("/account").status_code == 303
    assert links.find(session, secret) is None
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    opening = session.get_one(AuditOpening, entry.id)
    assert (entry.action, opening.reason, opening.values["after"]) == (
        "accounts:account:disable",
        "ลาออก",
        {"active": False},
    )
    with pytest.raises(Conflict):
        operations.disable(session, actor, person, reason="again")
    operations.enable(session, actor, person, reason="กลับมา")
    assert person.active


def test_an_account_is_linked_to_one_officer_and_an_officer_to_one_account(
    client: FlaskClient, administrator: Account, session: Session
) -> None:
    officer(session, "K-1")
    officer(session, "K-2")
    first, second = account("officer"), account("officer")
    assert client.submit(f"/accounts/{first.id}/edit", {"officer_no": "K-1"}).status_code == 303
    assert client.submit(f"/accounts/{second.id}/edit", {"officer_no": "K-1"}).status_code == 422
    assert client.submit(f"/accounts/{second.id}/edit", {"officer_no": "none"}).status_code == 400
    assert client.submit(f"/accounts/{first.id}/edit", {"officer_no": "K-2"}).status_code == 303
    held = dict(session.execute(select(Officer.officer_no, Officer.account_id)).all())
    assert held == {"K-1": None, "K-2": first.id}


def test_the_auditor_reads_accounts_and_changes_none(client: FlaskClient, session: Session) -> None:
    enter_as(client, account("auditor"))
    person = account("officer")
    assert client.get("/accounts").status_code == 200
    page = client.get(f"/accounts/{person.id}")
    assert page.status_code == 200
    assert "/disable" not in page.text
    assert "/audit?thing=account" in page.text
    assert client.post(f"/accounts/{person.id}/disable", data={"reason": "x"}).status_code == 404


def test_the_list_is_searched_filtered_and_asks_the_database_equally_often(
    client: FlaskClient, administrator: Account, statements: Any, session: Session
) -> None:
    def queries() -> int:
        with statements() as ran:
            client.get("/accounts")
        return len(ran)

    for number in range(3):
        account("officer", name=f"คนที่ {number}")
    few = queries()
    for number in range(3, 30):
        account("mentor", "officer", name=f"คนที่ {number}")
    assert queries() == few
    assert "คนที่ 29" in client.get("/accounts?q=29").text
    page = client.get("/accounts?role=administrator").text
    assert "ผู้ดูแล หนึ่ง" in page
    assert "คนที่ 1" not in page
    closed = account("officer", name="ปิดไปแล้ว")
    closed.active = False
    session.commit()
    assert "ปิดไปแล้ว" in client.get("/accounts?state=closed").text
    assert "ไม่พบรายการ" in client.get("/accounts?q=%25").text, "a sign of LIKE is a letter like any other"
