"""Databases for the tests.

A migrated database with the shipped reference data is built once per run and copied for each test, on SQLite as a
file and on PostgreSQL by ``CREATE DATABASE … TEMPLATE``; the demonstration data likewise, when a test asks for them.
Each test process keeps one app per kind of database and gives it a fresh copy, so that a test costs milliseconds.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from config import Config
from tests import machine, postgresql
from webapp.database import db

SECRET = "only for tests, and long enough to be taken: 0123456789"
AUDIT_SECRET = "another one only for tests, also long enough: 98765"


def config_for(url: str, folder: Path) -> Config:
    """The settings that tests run with."""
    return Config(
        data_dir=folder, database_url=url, secret_key=SECRET, audit_key=AUDIT_SECRET, testing=True
    )  # fmt: skip


def make(config: Config) -> Flask:
    """The app with these settings; imported here, so that tests of plain rules start without it."""
    from webapp.app import create_app

    return create_app(config)


def dispose(app: Flask) -> None:
    """Close every connection the app holds to its database."""
    with app.app_context():
        db.engine.dispose()


@contextmanager
def one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    """Only one test process of the run is inside at a time."""
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fill(app: Flask, content: str) -> None:
    """What ``kaona init`` does, and ``kaona demo`` after it where ``content`` is 'demo'."""
    from webapp.app import alembic
    from webapp.audit import SYSTEM
    from webapp.careers.shipped import load_reference_data

    with app.app_context():
        alembic.upgrade()
        load_reference_data(db.session, SYSTEM)
        db.session.commit()
        if content == "demo":
            from webapp.demo import operations as demo

            demo.build(db.session)
            db.session.commit()


@dataclass
class Databases:
    """Builds the templates once per run and hands out copies."""

    shared: Path
    worker: str
    apps: dict[str, Flask] = field(default_factory=dict)
    _server: dict[str, object] | None = None

    # SQLite

    def sqlite_template(self, content: str) -> Path:
        """The folder holding the template: the database and the stored files that belong to it."""
        folder = self.shared / f"template-{content}"
        done = folder / "done"
        with one_at_a_time(self.shared, content):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                app = make(config_for(f"sqlite:///{folder / 'kaona.sqlite'}", folder))
                fill(app, content)
                dispose(app)
                done.touch()
        return folder

    def sqlite_app(self, content: str) -> Flask:
        """An app on a fresh copy of the template."""
        template = self.sqlite_template(content)
        folder = self.shared / f"work-{self.worker}"
        app = self.apps.get("sqlite")
        if app is not None:
            dispose(app)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder, ignore=shutil.ignore_patterns("done"))
        if app is None:
            app = self.apps["sqlite"] = make(config_for(f"sqlite:///{folder / 'kaona.sqlite'}", folder))
        return app

    # PostgreSQL

    def server(self) -> dict[str, object]:
        """The server of this run, started when first asked for."""
        if self._server is None:
            path = self.shared / "postgresql.json"
            with one_at_a_time(self.shared, "postgresql"):
                self._server = postgresql.remembered(path)
                if self._server is None:
                    self._server = postgresql.start()
                    path.write_text(json.dumps(self._server))
        return self._server

    def postgresql_template(self, content: str) -> str:
        """The name of the template database."""
        name = f"kaona_{os.getpid() if self.worker == 'main' else self.shared.name.replace('-', '_')}_{content}"
        with one_at_a_time(self.shared, f"postgresql-{content}"):
            done = self.shared / f"postgresql-{content}.done"
            if not done.exists():
                self.sql(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE template0')
                folder = self.shared / f"postgresql-{content}"
                folder.mkdir(exist_ok=True)
                app = make(config_for(postgresql.url_of(self.server(), name), folder))
                fill(app, content)
                dispose(app)
                done.touch()
        return name

    def postgresql_app(self, content: str) -> Flask:
        """An app on a fresh copy of the template."""
        template = self.postgresql_template(content)
        name = f"{template}_{self.worker}"
        folder = self.shared / f"postgresql-work-{self.worker}"
        app = self.apps.get("postgresql")
        if app is not None:
            dispose(app)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.shared / f"postgresql-{content}", folder)
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if app is None:
            app = self.apps["postgresql"] = make(config_for(postgresql.url_of(self.server(), name), folder))
        return app

    def sql(self, *statements: str) -> None:
        """Run statements about whole databases."""
        engine = create_engine(str(self.server()["url"]), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()


def shared_folder(factory: pytest.TempPathFactory, worker: str) -> Path:
    """The folder that all test processes of this run see."""
    base = factory.getbasetemp()
    return base if worker == "main" else base.parent


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Databases]:
    """The run's databases."""
    worker = "main" if worker_id == "master" else worker_id
    folder = shared_folder(tmp_path_factory, worker)
    found = Databases(shared=folder, worker=worker)
    yield found
    for app in found.apps.values():
        dispose(app)
    if worker == "main" and found._server is not None:
        postgresql.stop(found._server)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """Runs the test twice: its ``app`` and ``session`` are on SQLite, then on PostgreSQL."""
    if request.param == "postgresql":
        machine.require("postgresql")
    return request.param


MakeApp = Callable[[str], Flask]


@pytest.fixture
def make_app(request: pytest.FixtureRequest, databases: Databases) -> MakeApp:
    """Gives an app on a fresh database with the content asked for, of the kind this test runs on."""
    kind = request.getfixturevalue("any_database") if "any_database" in request.fixturenames else "sqlite"
    return databases.postgresql_app if kind == "postgresql" else databases.sqlite_app
