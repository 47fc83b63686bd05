"""The ``kaona`` command for the tests, called in this process: starting a program takes longer than most commands.

That it also starts as a program of its own is shown by test_start.py, test_serve.py and the walk in test_docs.py.
"""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.databases import AUDIT_SECRET, SECRET, dispose
from webapp.database import db

Kaona = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kaona(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kaona:
    """``code, out, err = kaona("cohort", "rank", …)`` on the test's database, as an operator would."""
    app: Flask = request.getfixturevalue("demo_app" if "demo_app" in request.fixturenames else "app")
    settings = {
        "KAONA_DATA_DIR": str(app.config["DATA_DIR"]), "DATABASE_URL": app.config["KAONA"].database_url,
        "KAONA_ENV": "development", "SECRET_KEY": SECRET, "KAONA_AUDIT_KEY": AUDIT_SECRET,
    }  # fmt: skip

    def run(*words: object) -> tuple[int, str, str]:
        from webapp import app as house
        from webapp.cli import main

        made: list[Flask] = []
        create_app = house.create_app
        db.session.commit()
        with monkeypatch.context() as patched:
            patched.setattr(
                house, "create_app", lambda *args, **more: made.append(create_app(*args, **more)) or made[-1]
            )
            done = CliRunner().invoke(main, [str(word) for word in words], env=settings, catch_exceptions=False)
        for one in made:
            dispose(one)  # as the end of a program does
        db.session.expire_all()
        return done.exit_code, done.stdout, done.stderr

    return run
