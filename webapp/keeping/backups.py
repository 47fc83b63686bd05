"""Making a backup while the product runs, and putting one in place; both check every byte before they say "done"."""

import os
import secrets
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import OneTimeLink, SignIn
from webapp.audit import Actor, append
from webapp.database import canonical_json, db
from webapp.errors import BadInput, RuleBroken
from webapp.keeping import archive, postgresql, sqlite_copy
from webapp.trail import verifying
from webapp.trail.rules import Verdict


@dataclass(frozen=True)
class Made:
    """What a backup holds, or what was restored."""

    entries: int
    head: str
    files: int
    size: int
    with_keys: bool = False
    kept_aside: str = ""


def make(target: Path) -> Made:
    """Back up database, jobs' book and stored files into ``target``, verified; it appears only once it is whole."""
    data_dir: Path = current_app.config["DATA_DIR"]
    if not target.parent.is_dir():
        raise BadInput("ไม่มีโฟลเดอร์ %(folder)s", folder=str(target.parent))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as folder:
            manifest = _fill(draft, Path(folder), data_dir)
        with tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as folder:
            archive.unpack(draft, Path(folder), current_app.config["AUDIT_KEY"])  # read back what is on the disk
        os.replace(draft, target)
    except OSError as error:
        raise RuleBroken("เขียนไฟล์สำรองไม่สำเร็จ: %(why)s", why=error.strerror or str(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    members = manifest["members"]
    return Made(
        manifest["audit"]["length"], manifest["audit"]["hash"], sum(name.startswith("files/") for name in members),
        target.stat().st_size, with_keys="keys/audit.key" in members,
    )  # fmt: skip


def _fill(draft: Path, folder: Path, data_dir: Path) -> dict[str, Any]:
    key = current_app.config["AUDIT_KEY"]
    name, verdict, at = _database(db.engine, folder)
    if not verdict.is_whole:
        raise RuleBroken("บันทึกการตรวจสอบในสำเนาไม่ครบถ้วน: %(why)s", why=verifying.sentence(verdict))
    manifest: dict[str, Any] = {
        "format": archive.FORMAT,
        "made_at": clock.now(),
        "database": db.engine.dialect.name,
        "revisions": sorted(at),
        "audit": {"length": verdict.length, "hash": verdict.head},
        "key": archive.fingerprint(key),
        "members": {},
    }
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", compresslevel=6) as packed:
            for member, path in [(name, folder / name), *_others(folder, data_dir)]:
                manifest["members"][member] = archive.add(packed, member, path)
            manifest["seal"] = archive.seal(manifest, key)
            packed.writestr(archive.MANIFEST, canonical_json(manifest))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _database(engine: Engine, folder: Path) -> tuple[str, Verdict, set[str]]:
    """The copy of the database in ``folder``, the walk of its audit chain, and its migrations."""
    db.session.rollback()
    if engine.dialect.name == "postgresql":
        return "database.dump", postgresql.dump(engine, folder / "database.dump"), postgresql.revisions(engine)
    source = Path(engine.url.database or "")
    if not source.is_file():
        raise RuleBroken("ยังไม่มีฐานข้อมูลที่ %(path)s เริ่มต้นด้วยคำสั่ง kaona init", path=str(source))
    copy = folder / "database.sqlite"
    sqlite_copy.online_copy(source, copy)
    trouble = sqlite_copy.damage(copy)
    if trouble:
        raise RuleBroken("ฐานข้อมูลเสียหาย จึงยังไม่ได้สำรอง: %(why)s", why=trouble)
    return copy.name, sqlite_copy.audit_of(copy, current_app.config["AUDIT_KEY"]), sqlite_copy.revisions(copy)


def _others(folder: Path, data_dir: Path) -> list[tuple[str, Path]]:
    """Stored files, the jobs' book, and the keys a development instance keeps beside them.

    Files are listed after the database was copied: they are written before their rows, so none is missing.
    """
    found = []
    if (data_dir / "jobs.sqlite").is_file():
        sqlite_copy.online_copy(data_dir / "jobs.sqlite", folder / "jobs.sqlite")
        found.append(("jobs.sqlite", folder / "jobs.sqlite"))
    stored = sorted(path for path in (data_dir / "files").rglob("*") if path.is_file())
    found += [(f"files/{path.relative_to(data_dir / 'files').as_posix()}", path) for path in stored]
    config = current_app.config["KAONA"]
    if not config.production:
        kept = {"secret.key": config.secret_key, "audit.key": config.audit_key, "signing.key": config.signing_key}
        found += [
            (f"keys/{name}", data_dir / name)
            for name, in_use in kept.items()
            if (data_dir / name).is_file() and (data_dir / name).read_text().strip() == in_use
        ]
    return found


# Putting a backup in place -------------------------------------------------------------------------------------------


def put_in_place(backup: Path, actor: Actor, known_revisions: set[str]) -> Made:
    """Check the backup, then put it where the database and the files are; the old database is kept aside.

    ``known_revisions``: the migrations this program knows. Raises ``BadInput`` or ``RuleBroken`` and leaves all as it
    was when the backup is damaged, of another kind of database, or of a newer program.
    """
    data_dir: Path = current_app.config["DATA_DIR"]
    if not backup.is_file():
        raise BadInput("ไม่มีไฟล์ %(file)s", file=str(backup))
    engine = db.engine
    db.session.rollback()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data_dir) as folder:
        contents = archive.unpack(backup, Path(folder), current_app.config["AUDIT_KEY"])
        _fits(contents, engine, known_revisions)
        _is_whole(contents)
        aside = _place_database(contents, engine)
        _place_others(contents, data_dir)
    current_app.config["AUDIT_KEY"] = contents.audit_key
    if engine.dialect.name == "postgresql":
        verdict = verifying.verify(db.session)
        if not verdict.is_whole:
            raise RuleBroken("บันทึกการตรวจสอบในสำเนาไม่ครบถ้วน: %(why)s", why=verifying.sentence(verdict))
    audit = contents.manifest["audit"]
    _nobody_is_inside(db.session)
    append(
        db.session,
        actor,
        "keeping:backup:restore",
        "backup",
        backup.name,
        after={**audit, "made_at": contents.manifest["made_at"]},
    )
    db.session.commit()
    files = sum(name.startswith("files/") for name in contents.names)
    return Made(audit["length"], audit["hash"], files, backup.stat().st_size, kept_aside=aside)


def _nobody_is_inside(session: Session) -> None:
    """What ended or was used after the backup must not come to life with it: everybody signs in and asks anew."""
    now = clock.now()
    session.execute(update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now))
    session.execute(update(OneTimeLink).where(OneTimeLink.used_at.is_(None)).values(expires_at=now))


def _fits(contents: archive.Contents, engine: Engine, known_revisions: set[str]) -> None:
    if contents.manifest["database"] != engine.dialect.name:
        raise RuleBroken(
            "ไฟล์สำรองเป็นของ %(kind)s แต่ระบบนี้ใช้ %(ours)s ตั้ง DATABASE_URL ให้เป็นชนิดเดียวกันก่อน",
            kind=contents.manifest["database"], ours=engine.dialect.name,
        )  # fmt: skip
    if not set(contents.manifest["revisions"]) <= known_revisions:
        raise RuleBroken("ไฟล์สำรองทำจากโปรแกรมรุ่นใหม่กว่า ปรับปรุงโปรแกรมก่อนแล้วลองใหม่")


def _is_whole(contents: archive.Contents) -> None:
    """What a copy must pass before anything is touched (a PostgreSQL dump was walked when it was made)."""
    for name in ("database.sqlite", "jobs.sqlite"):
        if name in contents.names and (trouble := sqlite_copy.damage(contents.path(name))):
            raise BadInput("ฐานข้อมูลในไฟล์สำรองเสียหาย: %(why)s", why=trouble)
    if "database.sqlite" in contents.names:
        verdict = sqlite_copy.audit_of(contents.path("database.sqlite"), contents.audit_key)
        if not verdict.is_whole or verdict.head != contents.manifest["audit"]["hash"]:
            raise BadInput("บันทึกการตรวจสอบในสำเนาไม่ครบถ้วน: %(why)s", why=verifying.sentence(verdict))


def _place_database(contents: archive.Contents, engine: Engine) -> str:
    """Put the database in place; the path where the old one is kept, if there was one."""
    if engine.dialect.name == "postgresql":
        postgresql.restore(engine, contents.path("database.dump"))
        return ""
    target = Path(engine.url.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    engine.dispose()
    aside = ""
    if target.exists():
        sqlite_copy.refuse_if_in_use(target)
        kept = target.with_name(f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}")
        _keep_aside(target, kept)
        aside = str(kept)
    for leftover in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    _put(contents.path("database.sqlite"), target)
    return aside


def _keep_aside(target: Path, kept: Path) -> None:
    """A second name for the old database, so that there is a database at its place at every moment, also if killed."""
    try:
        os.link(target, kept)
    except OSError:  # a file system without second names
        shutil.copy2(target, kept)


def _place_others(contents: archive.Contents, data_dir: Path) -> None:
    for name in contents.names:
        if name.startswith("files/"):
            target = data_dir / name
            if not target.exists():
                _put(contents.path(name), target)
        elif name.startswith("keys/"):
            _put(contents.path(name), data_dir / Path(name).name)
        elif name == "jobs.sqlite":
            for leftover in ("-wal", "-shm"):
                (data_dir / f"jobs.sqlite{leftover}").unlink(missing_ok=True)
            _put(contents.path(name), data_dir / name)


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    shutil.move(source, draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, target)
