"""What tests start from. See ``databases.py``, ``browser.py``, ``people.py`` and ``machine.py`` beside this file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests import machine, postgresql
from tests.reader import ReaderClient
from webapp.audit import Actor
from webapp.database import WroteWhileReading, db, reading_only

# A busy machine is no reason to fail: laws are tested here, never times.
settings.register_profile("kaona", deadline=None)
settings.load_profile("kaona")

pytest_plugins = ["tests.databases", "tests.browser", "tests.people", "tests.commands"]


# The app, its database, and who acts ---------------------------------------------------------------------------------


@pytest.fixture
def app(make_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """The app on a fresh database with the shipped reference data and nobody in it; its context is pushed."""
    yield from _in_context(make_app("reference"))


@pytest.fixture
def demo_app(make_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """The app on a fresh copy of the invented institute. Use it instead of ``app``, not beside it."""
    yield from _in_context(make_app("demo"))


def _in_context(app: Flask) -> Iterator[Flask]:
    app.test_client_class = ReaderClient
    with app.app_context():
        yield app


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Session:
    """The database session that the test prepares and reads with (of ``demo_app`` where the test names that)."""
    _app_of(request)
    return db.session


@pytest.fixture
def client(request: pytest.FixtureRequest) -> FlaskClient:
    """A browser without scripts, signed out."""
    return _app_of(request).test_client()


def _app_of(request: pytest.FixtureRequest) -> Flask:
    return request.getfixturevalue("demo_app" if "demo_app" in request.fixturenames else "app")


@pytest.fixture
def postgres_session(request: pytest.FixtureRequest, databases: Any) -> Iterator[Session]:
    """A session on a fresh PostgreSQL database, for what only PostgreSQL does."""
    machine.require("postgresql")
    app = databases.postgresql_app("reference")
    with app.app_context():
        yield db.session


@pytest.fixture
def actor() -> Actor:
    """Somebody who acts, where it does not matter who."""
    return Actor(kind="operator", name="ผู้ทดสอบ", role="operator")


# What every test is held to ------------------------------------------------------------------------------------------

WRITES = ("insert", "update", "delete", "replace")


@event.listens_for(Engine, "before_cursor_execute")
def _pages_only_read(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Fail a GET that writes, also where it goes around the session's own guard."""
    if reading_only.get() and statement.lstrip().lower().startswith(WRITES):
        raise WroteWhileReading(statement[:200])


class Statements(list[str]):
    """The SQL statements that ran while it was listening."""

    def __enter__(self) -> "Statements":
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.append(statement)


@pytest.fixture
def statements() -> type[Statements]:
    """``with statements() as ran: client.get(…)`` and ``len(ran)`` is the number of queries of a page."""
    return Statements


# The run -------------------------------------------------------------------------------------------------------------


FIRST = ("test_every_page", "test_main_job")
"""The longest files begin the run, so that no test process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys are marked, and come first; a file stays in one test process (``--dist loadfile``)."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    journeys = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path not in journeys, item.path not in journeys or item.path.stem not in FIRST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked ``needs(part)`` run where the part is."""
    for mark in item.iter_markers("needs"):
        for part in mark.args:
            machine.require(part)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that started the others stops the PostgreSQL they shared."""
    if hasattr(session.config, "workerinput"):
        return
    factory = getattr(session.config, "_tmp_path_factory", None)
    note = Path(factory.getbasetemp()) / "postgresql.json" if factory else None
    if note is not None and note.exists():
        postgresql.stop(json.loads(note.read_text()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what this machine could not run."""
    missing = [part for part, is_there in machine.PARTS.items() if not is_there()]
    if missing:
        terminalreporter.section("not run on this machine")
        terminalreporter.line("missing: " + ", ".join(missing) + "  (.ci/run as root on Debian puts them in place)")
