"""What the other tests rely on: a signed-in client, queries counted, and a page that writes caught."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.database import WroteWhileReading, reading_only


def test_each_test_starts_without_what_the_one_before_left(any_database: str, session: Session) -> None:
    assert session.scalars(select(Account)).all() == []


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_leaves_is_gone(
    any_database: str, session: Session, sign_in: Any, client: FlaskClient, turn: int
) -> None:
    sign_in(client, role="institute")
    assert len(session.scalars(select(Account)).all()) == 1


def test_a_signed_in_client_is_somebody_and_another_client_is_nobody(
    app: Flask, client: FlaskClient, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    assert client.get("/jobs").status_code == 200
    assert app.test_client().get("/jobs").status_code == 303


def test_writing_while_reading_is_caught_also_around_the_session(session: Session) -> None:
    session.rollback()
    token = reading_only.set(True)
    try:
        with pytest.raises(WroteWhileReading):
            session.execute(text("DELETE FROM account"))
    finally:
        session.rollback()
        reading_only.reset(token)


def test_statements_are_counted(session: Session, statements: Callable[[], Any]) -> None:
    with statements() as ran:
        session.scalars(select(Account)).all()
    assert len([statement for statement in ran if "FROM account" in statement]) == 1


def test_a_post_from_another_site_is_refused_and_one_from_a_page_of_ours_is_not(
    client: FlaskClient, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    assert client.post("/sign-out", token=False).status_code == 400
    assert client.post("/sign-out").status_code == 303
