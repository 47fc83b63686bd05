"""Backups: made while others work, verified at once, put back only when whole (promise 5)."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.people import account, enter_as
from webapp.accounts import links, operations
from webapp.audit import SYSTEM, Actor, AuditEntry, append, head_of
from webapp.database import db
from webapp.errors import BadInput, Refused, RuleBroken
from webapp.files.operations import path_of, store
from webapp.keeping import backups
from webapp.trail import verifying


@pytest.fixture
def known(app: Flask) -> set[str]:
    from webapp.app import alembic

    return {str(revision.revision) for revision in alembic.script_directory.walk_revisions()}


@pytest.fixture
def filled(app: Flask, session: Session, actor: Actor) -> Path:
    """A database with an entry more than shipped, and a stored file; the file's path."""
    append(session, actor, "test:thing:change", "thing", "before the backup")
    kept = store(session, actor, "หลักฐาน.txt", "หลักฐานของผลงาน".encode())
    session.commit()
    return path_of(kept)


def test_what_was_backed_up_comes_back(
    any_database: str, app: Flask, session: Session, actor: Actor, filled: Path, known: set[str], tmp_path: Path
) -> None:
    before, content = head_of(session), filled.read_bytes()
    made = backups.make(tmp_path / "backup.zip")
    assert (made.entries, made.head, made.files) == (*before, 1)
    append(session, actor, "test:thing:change", "thing", "after the backup")
    session.commit()
    filled.unlink()
    session.rollback()
    done = backups.put_in_place(tmp_path / "backup.zip", actor, known)
    assert (done.entries, done.files) == (before[0], 1)
    assert filled.read_bytes() == content
    keys = session.scalars(select(AuditEntry.thing_key).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert keys == ["backup.zip", "before the backup"]
    assert verifying.verify(session).is_whole
    if any_database == "sqlite":
        with sqlite3.connect(done.kept_aside) as old:
            assert old.execute("select thing_key from audit_entry order by id desc").fetchone()[0] == "after the backup"


def test_the_backup_file_is_its_owners_alone_and_appears_only_when_whole(
    app: Flask, filled: Path, tmp_path: Path
) -> None:
    backups.make(tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]
    with pytest.raises(BadInput):
        backups.make(tmp_path / "no-such-folder" / "backup.zip")


def test_keys_of_the_environment_are_never_in_it(app: Flask, filled: Path, tmp_path: Path) -> None:
    backups.make(tmp_path / "backup.zip")
    whole = (tmp_path / "backup.zip").read_bytes()
    for key in (app.config["SECRET_KEY"], app.config["AUDIT_KEY"]):
        assert key.encode() not in whole
    assert not [name for name in zipfile.ZipFile(tmp_path / "backup.zip").namelist() if "key" in name]


def changed(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of the backup in which something was changed."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    other = backup.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return other


def _flip(members: dict[str, bytes]) -> None:
    content = bytearray(members["database.sqlite"])
    content[len(content) // 2] ^= 0xFF
    members["database.sqlite"] = bytes(content)


def _forge(members: dict[str, bytes]) -> None:
    """The list of contents made to fit a changed file."""
    import hashlib

    name = next(name for name in members if name.startswith("files/"))
    members[name] = b"something else"
    manifest = json.loads(members["manifest.json"])
    manifest["members"][name] = {"size": 14, "sha256": hashlib.sha256(b"something else").hexdigest()}
    members["manifest.json"] = json.dumps(manifest).encode()


def _escape(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["members"]["files/../../escaped"] = {"size": 1, "sha256": "0" * 64}
    members["files/../../escaped"] = b"x"
    members["manifest.json"] = json.dumps(manifest).encode()


CHANGES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "a flipped byte": _flip,
    "a forged list": _forge,
    "a name that leads out": _escape,
    "a missing member": lambda members: members.pop("database.sqlite") and None,
    "a member too many": lambda members: members.update({"files/aa/bb": b"x"}),
    "no list": lambda members: members.pop("manifest.json") and None,
    "a list that is none": lambda members: members.update({"manifest.json": b"[]"}),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_damaged_backup_is_refused_and_nothing_changes(
    app: Flask, session: Session, filled: Path, known: set[str], tmp_path: Path, kind: str
) -> None:
    backups.make(tmp_path / "backup.zip")
    other = changed(tmp_path / "backup.zip", CHANGES[kind])
    before = head_of(session)
    session.rollback()
    with pytest.raises(Refused):
        backups.put_in_place(other, SYSTEM, known)
    assert head_of(session) == before
    assert not list(app.config["DATA_DIR"].glob("*before*"))
    assert not list(app.config["DATA_DIR"].glob("restore-*"))


@pytest.mark.parametrize("part", [0, 100, 0.5, 0.99])
def test_a_cut_backup_is_refused(app: Flask, filled: Path, known: set[str], tmp_path: Path, part: float) -> None:
    backups.make(tmp_path / "backup.zip")
    whole = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(part * len(whole)) if part < 1 else int(part)])
    with pytest.raises(BadInput):
        backups.put_in_place(tmp_path / "cut.zip", SYSTEM, known)


def test_a_backup_under_another_key_or_of_a_newer_program_is_refused(
    app: Flask, filled: Path, known: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(tmp_path / "backup.zip")
    with pytest.raises(RuleBroken):
        backups.put_in_place(tmp_path / "backup.zip", SYSTEM, {"none of ours"})
    monkeypatch.setitem(app.config, "AUDIT_KEY", "the key of another house, long enough")
    with pytest.raises(RuleBroken):
        backups.put_in_place(tmp_path / "backup.zip", SYSTEM, known)


def test_a_database_in_use_is_not_replaced(
    app: Flask, session: Session, filled: Path, known: set[str], tmp_path: Path
) -> None:
    backups.make(tmp_path / "backup.zip")
    other = sqlite3.connect(app.config["DATA_DIR"] / "kaona.sqlite")
    other.execute("select count(*) from audit_entry").fetchone()
    try:
        with pytest.raises(RuleBroken):
            backups.put_in_place(tmp_path / "backup.zip", SYSTEM, known)
    finally:
        other.close()
    assert session.scalar(select(func.count(AuditEntry.id)))


def test_a_database_whose_audit_log_was_touched_is_not_called_a_good_backup(
    app: Flask, session: Session, filled: Path, tmp_path: Path
) -> None:
    session.execute(text("drop trigger audit_entry_no_update"))
    session.execute(text("update audit_entry set actor_name = 'x' where id = 1"))
    session.commit()
    with pytest.raises(RuleBroken):
        backups.make(tmp_path / "backup.zip")
    assert not list(tmp_path.iterdir())


def test_a_development_instance_comes_back_on_another_machine(
    app: Flask, session: Session, filled: Path, known: set[str], tmp_path: Path
) -> None:
    config = app.config["KAONA"]
    for name, key in (("audit.key", config.audit_key), ("secret.key", config.secret_key)):
        (app.config["DATA_DIR"] / name).write_text(key)
    made = backups.make(tmp_path / "backup.zip")
    assert made.with_keys
    right = app.config["AUDIT_KEY"]
    app.config["AUDIT_KEY"] = "made by the new machine at its first start"
    try:
        backups.put_in_place(tmp_path / "backup.zip", SYSTEM, known)
        assert app.config["AUDIT_KEY"] == right
        assert verifying.verify(db.session).is_whole
    finally:
        app.config["AUDIT_KEY"] = right


def test_writing_goes_on_while_a_backup_is_made(
    app: Flask, session: Session, actor: Actor, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved during the copy waits for nothing and is not torn in it."""
    from webapp.keeping import sqlite_copy

    plain = sqlite_copy.online_copy

    def while_somebody_writes(source: Path, target: Path) -> None:
        append(db.session, actor, "test:thing:change", "thing", "meanwhile")
        plain(source, target)
        db.session.commit()

    monkeypatch.setattr(sqlite_copy, "online_copy", while_somebody_writes)
    before = head_of(session)[0]
    session.rollback()
    assert backups.make(tmp_path / "backup.zip").entries == before
    assert head_of(session)[0] == before + 1


def test_what_ended_after_the_backup_does_not_come_to_life_with_it(
    app: Flask, session: Session, client: FlaskClient, known: set[str], tmp_path: Path
) -> None:
    person = account("officer")
    secret = links.secret_of(operations.invite(session, SYSTEM, person, by_mail=False))
    enter_as(client, person)
    backups.make(tmp_path / "backup.zip")
    assert client.get("/account").status_code == 200
    session.rollback()
    backups.put_in_place(tmp_path / "backup.zip", SYSTEM, known)
    assert client.get("/account").status_code == 303
    assert client.get(f"/link/{secret}").status_code == 404
