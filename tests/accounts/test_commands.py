"""Accounts from the command line."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import officer
from webapp.accounts.models import Account
from webapp.audit import AuditEntry

NEW = "ทุเรียนหมอนทองสามลูก"


@pytest.fixture
def kaona(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    from click.testing import CliRunner

    from webapp.cli import main

    monkeypatch.setattr("webapp.app.create_app", lambda _config, **_more: app)
    return lambda *arguments: CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_the_command_makes_an_account_and_prints_its_link(kaona: Any, session: Session) -> None:
    officer(session, "K-9", name="สมศรี")
    session.commit()
    done = kaona(
        "account", "create", "Somsri@bangkok.go.th", "--role", "officer", "--role", "mentor", "--officer", "K-9"
    )
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/link/[A-Za-z0-9_-]{43}\n", done.stdout)
    made = session.scalars(select(Account)).one()
    assert (made.email, made.name, [role.name for role in made.roles]) == (
        "somsri@bangkok.go.th",
        "สมศรี ทดสอบ",
        ["mentor", "officer"],
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "accounts:account:create")).one()
    assert entry.actor_kind == "operator"
    session.rollback()
    again = kaona("account", "invite", "somsri@bangkok.go.th")
    assert again.exit_code == 0, again.output
    assert again.stdout != done.stdout
    assert kaona("account", "disable", "somsri@bangkok.go.th", "--reason", "ทดสอบ").exit_code == 0
    assert kaona("account", "invite", "somsri@bangkok.go.th").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("x@y.go.th", "--role", "king"), 2), (("nonsense", "--role", "officer"), 2), (("x@y.go.th",), 2),
        (("x@y.go.th", "--role", "officer", "--officer", "none"), 2), (("x@y.go.th", "--role", "auditor", "--role", "mentor"), 1),
    ],
)  # fmt: skip
def test_the_command_refuses_in_one_sentence_and_writes_nothing(
    kaona: Any, session: Session, arguments: tuple[str, ...], code: int
) -> None:
    done = kaona("account", "create", *arguments)
    assert done.exit_code == code
    assert "Traceback" not in done.output
    session.rollback()
    assert session.scalar(select(func.count(Account.id))) == 0
