"""The doctor says what is wrong and what to do."""

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.people import account
from webapp import clock
from webapp.audit import Actor
from webapp.database import only_reading
from webapp.keeping.doctor import Finding, examine


def examined() -> list[Finding]:
    with only_reading():
        return list(examine())


def wrong() -> dict[str, str]:
    return {finding.what: finding.remedy for finding in examined() if finding.state == "wrong"}


def test_a_well_installation_has_nothing_wrong(any_database: str, app: Flask, session: Session) -> None:
    account("administrator")
    app.config["DATA_DIR"].chmod(0o700)
    findings = examined()
    assert [finding for finding in findings if finding.state != "good"] == []
    assert {"settings", "storage", "styles and fonts", "database", "migrations", "audit chain"} <= {
        f.what for f in findings
    }


def test_every_trouble_comes_with_what_to_do(
    app: Flask, session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.jobs.operations import start
    from webapp.notices.outbox import GIVEN_UP_AFTER, write_mail

    (app.config["DATA_DIR"] / "audit.key").write_text("x")
    (app.config["DATA_DIR"] / "audit.key").chmod(0o644)
    app.config["DATA_DIR"].chmod(0o755)
    write_mail(session, "a@b.go.th", "x", "y")
    session.execute(text(f"update outbox_mail set tries = {GIVEN_UP_AFTER}"))
    job = start(session, actor, "audit-verify", {})
    job.asked_at = clock.now() - dt.timedelta(hours=1)
    session.commit()
    monkeypatch.setitem(app.config, "AUDIT_KEY", "not the key in use before")
    monkeypatch.setitem(app.config, "KAONA", replace(app.config["KAONA"], environment="production"))
    found = wrong()
    assert set(found) == {"storage", "keys", "mail", "worker", "audit key", "address"}
    assert all(found.values())


def test_a_database_behind_its_program_is_told(app: Flask, session: Session) -> None:
    session.execute(text("delete from alembic_version"))
    session.commit()
    assert wrong() == {"migrations": "Run `kaona init`."}


def test_the_command_exits_with_1_when_something_is_wrong(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from webapp.cli import main

    monkeypatch.setattr("webapp.app.create_app", lambda _config, **_more: app)

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["doctor", *arguments], catch_exceptions=False)

    session.rollback()
    assert run().exit_code == 0
    session.execute(text("delete from alembic_version"))
    session.commit()
    done = run("--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["ok"] is False


def test_a_data_folder_that_was_open_to_others_is_closed_in_production(tmp_path):
    from webapp.app import keep_to_oneself

    tmp_path.chmod(0o755)
    keep_to_oneself(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_commands_say_what_they_have_to_say_and_nothing_of_the_tools_below(tmp_path):
    environment = {**os.environ, "KAONA_DATA_DIR": str(tmp_path / "fresh"), "KAONA_ENV": "development"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "init"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("The database is ready")
