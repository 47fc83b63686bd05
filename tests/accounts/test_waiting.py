"""A form that may not be sent keeps nobody waiting: the write lock is taken when work begins, not to find out who asks."""

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from tests.people import account
from webapp import clock
from webapp.accounts.models import Account, SignIn


def test_finding_out_who_asks_takes_no_write_lock(client: Any, sign_in: Any, statements: Any) -> None:
    sign_in(client, role="officer")
    with statements() as ran:
        assert client.post("/cohorts/new", data={"code": "X"}).status_code == 404
    assert not [words for words in ran if words.startswith("BEGIN IMMEDIATE")]
    assert [words for words in ran if words.startswith("BEGIN")], "somebody was looked up"


def test_what_the_sender_may_do_is_still_written_and_the_use_noted(client: Any, sign_in: Any, session: Any) -> None:
    person = sign_in(client, role="institute")
    session.execute(update(SignIn).values(seen_at=clock.now() - dt.timedelta(minutes=5)))
    session.commit()
    assert client.post("/language/en", data={"next": "/account"}).status_code == 303
    session.expire_all()
    assert session.get(Account, person.id).language == "en"
    assert clock.now() - session.scalar(select(SignIn.seen_at)) < dt.timedelta(minutes=1)


def test_a_right_withdrawn_or_an_account_closed_counts_on_the_next_form(
    client: Any, sign_in: Any, session: Any
) -> None:
    person = sign_in(client, account=account("institute"))
    session.get(Account, person.id).active = False
    session.commit()
    answer = client.post("/cohorts/new", data={"code": "X"})
    assert answer.status_code == 303 and "/sign-in" in answer.location
