"""SQLite: a copy made while others work, and the checks a copy must pass."""

import sqlite3
from contextlib import closing
from pathlib import Path

from flask import current_app
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from webapp.database import prepare
from webapp.errors import RuleBroken
from webapp.trail import verifying
from webapp.trail.rules import Verdict

WAIT_S = 10


def online_copy(source: Path, target: Path) -> None:
    """Copy the database by SQLite's own online method: one moment, while others read and write."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_S)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def damage(path: Path) -> str:
    """What SQLite itself finds wrong with a database file; empty when it is whole."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            answer = str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if answer != "ok":
                return answer
            orphan = database.execute("PRAGMA foreign_key_check").fetchone()
            return f"{orphan[0]} row {orphan[1]} refers to nothing" if orphan else ""
    except sqlite3.DatabaseError as error:
        return str(error)


def revisions(path: Path) -> set[str]:
    """The migrations the database stands at."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        return {str(row[0]) for row in database.execute("select version_num from alembic_version")}


def audit_of(path: Path, audit_key: str) -> Verdict:
    """The walk of the audit chain in a copy, under the key it was written with."""
    engine = create_engine(f"sqlite:///{path}")
    prepare(engine)
    before = current_app.config["AUDIT_KEY"]
    current_app.config["AUDIT_KEY"] = audit_key
    try:
        with Session(engine) as session:
            return verifying.verify(session)
    finally:
        current_app.config["AUDIT_KEY"] = before
        engine.dispose()
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=DELETE")


def refuse_if_in_use(path: Path) -> None:
    """Raise ``RuleBroken`` while another program has the database open."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as database:
            database.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise RuleBroken("ระบบกำลังทำงานอยู่กับฐานข้อมูลนี้ หยุด kaona run ก่อนแล้วลองใหม่") from error
    except sqlite3.DatabaseError:
        return  # damaged: that is why a backup is put in its place
