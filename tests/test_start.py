"""The program starts quickly, refuses what it must refuse, and answers those who watch over it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
HEAVY = {"pandas", "dbos", "typst", "ortools", "openpyxl"}
"""What takes longer to import than a page to answer. (numpy, for the ranking, and xlsxwriter come once per worker.)"""


def modules_after(code: str, folder: Path) -> set[str]:
    """The top-level modules that a fresh Python has imported after ``code``."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    environment = {**os.environ, "KAONA_DATA_DIR": str(folder), "DATABASE_URL": "", "KAONA_ENV": "development"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_page_needs_no_slow_library(tmp_path: Path) -> None:
    assert modules_after("import wsgi", tmp_path) & HEAVY == set()


def test_help_imports_neither_web_nor_database(tmp_path: Path) -> None:
    code = "from webapp.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert (
        modules_after(code, tmp_path) & {*HEAVY, "numpy", "xlsxwriter", "flask", "sqlalchemy", "werkzeug", "jinja2"}
        == set()
    )


def test_production_refuses_to_start_without_its_keys(tmp_path: Path) -> None:
    environment = {**os.environ, "KAONA_ENV": "production", "KAONA_DATA_DIR": str(tmp_path), "SECRET_KEY": "short"}
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "init"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.sqlite"))


def test_production_refuses_the_demonstration(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("sign-ins", encoding="utf-8")
    keys = {"SECRET_KEY": "s" * 40, "KAONA_AUDIT_KEY": "a" * 40, "KAONA_SIGNING_KEY": "g" * 43}
    environment = {**os.environ, **keys, "KAONA_ENV": "production", "KAONA_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "init"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "demonstration" in done.stderr


def test_init_prepares_an_empty_folder_and_may_be_repeated(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "KAONA_DATA_DIR": str(tmp_path / "new"),
        "DATABASE_URL": "",
        "KAONA_ENV": "development",
    }
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "webapp.cli", "init"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "0 added" in done.stderr
    assert (tmp_path / "new" / "kaona.sqlite").exists()


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_those_who_watch_get_an_answer(any_database: str, client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_a_page_carries_the_content_policy_and_names_no_other_site(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; img-src 'self' data:")
    assert "unsafe" not in policy
    assert "http" not in policy
