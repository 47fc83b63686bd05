"""Is the installation well: each thing looked at, and what to do where it is not."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select, text

from webapp import assets, clock
from webapp.audit import AuditHead, sealed
from webapp.database import db

LITTLE_SPACE = 500 * 1024 * 1024
"""Bytes free in the data folder below which somebody should act."""

STUCK_AFTER_S = 600
"""A job that waits this long has no worker."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``state`` is ``good``, ``advice`` or ``wrong``; ``remedy`` says what to do."""

    what: str
    state: str
    said: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything; what depends on the database is left out where that does not answer."""
    yield from _settings()
    yield from _storage()
    yield from _assets()
    database = list(_database())
    yield from database
    if all(finding.state != "wrong" for finding in database):
        yield from _contents()


def _settings() -> Iterator[Finding]:
    config = current_app.config["KAONA"]
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("settings", "good", f"{config.environment}, Python {version}, data in {config.data_dir}")
    if not config.production:
        yield Finding("keys", "good", "kept in the data folder (development)")
        return
    yield Finding("keys", "good", "SECRET_KEY and KAONA_AUDIT_KEY are set and differ")
    if not config.public_url.startswith("https://"):
        yield Finding(
            "address", "wrong", f"KAONA_PUBLIC_URL is {config.public_url or 'not set'}",
            "Set KAONA_PUBLIC_URL to the https:// address people use: links in mails are made from it.",
        )  # fmt: skip
    if not config.mail_server:
        yield Finding(
            "mail",
            "advice",
            "no mail server",
            "Set KAONA_MAIL_SERVER (host:port), or hand links over from the accounts pages.",
        )
    if config.signing_key and len(config.signing_key) < 32:
        yield Finding("signing key", "wrong", "KAONA_SIGNING_KEY is short", "Set it to at least 32 random characters.")


def _storage() -> Iterator[Finding]:
    folder: Path = current_app.config["DATA_DIR"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield Finding("storage", "wrong", f"{folder}: {error.strerror}", "Make the data folder writable for this user.")
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        yield Finding(
            "storage", "wrong", f"{free // 1024**2} MB left in {folder}", "Make room, or move KAONA_DATA_DIR."
        )
    else:
        yield Finding("storage", "good", f"{folder} is writable, {free // 1024**3} GB free")
    if folder.stat().st_mode & 0o077:
        state = "wrong" if current_app.config["KAONA"].production else "advice"
        yield Finding("storage", state, f"other users of this machine can look into {folder}", f"chmod 700 {folder}")
    readable = [
        name
        for name in ("secret.key", "audit.key", "signing.key")
        if (folder / name).is_file() and (folder / name).stat().st_mode & 0o077
    ]
    if readable:
        yield Finding("keys", "wrong", f"others can read {', '.join(readable)}", f"chmod 600 in {folder}")


def _assets() -> Iterator[Finding]:
    try:
        names = assets.manifest()
        missing = [
            name for key, name in names.items() if not key.startswith("@") and not (assets.VENDOR / name).is_file()
        ]
        fonts = [path for path in assets.pdf_fonts().iterdir() if path.suffix == ".ttf"]
    except (assets.AssetMissing, OSError) as error:
        yield Finding("styles and fonts", "wrong", str(error), "Run `make setup` once.")
        return
    if missing or not fonts:
        yield Finding(
            "styles and fonts", "wrong", f"missing: {', '.join(missing) or 'document fonts'}", "Run `make setup`."
        )
    else:
        yield Finding("styles and fonts", "good", f"{len(names) - 1} files, {len(fonts)} document fonts")


def _database() -> Iterator[Finding]:
    from webapp.app import alembic

    url = db.engine.url
    shown = url.render_as_string(hide_password=True)
    if db.engine.dialect.name == "sqlite" and not Path(url.database or "").is_file():
        yield Finding("database", "wrong", f"{shown} is not there", "Run `kaona init`.")
        return
    try:
        db.session.execute(text("select 1"))
        at, heads = {row.revision for row in alembic.current()}, {row.revision for row in alembic.heads()}
    except Exception as error:  # whatever the driver says is what the operator needs
        yield Finding(
            "database",
            "wrong",
            f"{shown}: {str(error).splitlines()[0]}",
            "Check DATABASE_URL and that the server runs.",
        )
        return
    yield Finding("database", "good", shown)
    if at != heads:
        yield Finding("migrations", "wrong", f"at {', '.join(map(str, at)) or 'nothing'}", "Run `kaona init`.")
        return
    yield Finding("migrations", "good", f"at {', '.join(map(str, heads))}")
    if db.engine.dialect.name == "sqlite":
        from webapp.keeping.sqlite_copy import damage

        trouble = damage(Path(url.database or ""))
        if trouble:
            yield Finding(
                "database file",
                "wrong",
                trouble,
                "Stop the service and put the last backup in place: kaona restore FILE.",
            )


def _contents() -> Iterator[Finding]:
    from webapp.accounts.models import Account, Role
    from webapp.jobs.models import Job
    from webapp.notices.models import OutboxMail
    from webapp.notices.outbox import GIVEN_UP_AFTER

    head = db.session.get(AuditHead, 1)
    if head is not None and head.seal != sealed(head.length, head.hash):
        yield Finding(
            "audit key", "wrong", "the head of the audit chain was not sealed with this key",
            "Set KAONA_AUDIT_KEY to the key in use before, then run `kaona audit verify`.",
        )  # fmt: skip
    else:
        yield Finding("audit chain", "good", f"{head.length if head else 0} entries (kaona audit verify walks them)")
    administrators = db.session.scalar(
        select(func.count(Account.id)).where(Account.active, Account.roles.any(Role.name == "administrator"))
    )
    if not administrators:
        yield Finding(
            "administrator", "advice", "nobody has the role yet", "kaona account create EMAIL --role administrator"
        )
    unsent = db.session.scalar(
        select(func.count(OutboxMail.id)).where(OutboxMail.sent_at.is_(None), OutboxMail.tries >= GIVEN_UP_AFTER)
    )
    if unsent:
        yield Finding(
            "mail", "wrong", f"{unsent} mails could not be sent", "See the outbox page and KAONA_MAIL_SERVER."
        )
    oldest = db.session.scalar(select(func.min(Job.asked_at)).where(Job.status == "waiting"))
    if oldest is not None and (clock.now() - oldest).total_seconds() > STUCK_AFTER_S:
        yield Finding("worker", "wrong", "jobs are waiting and nobody takes them up", "Start `kaona run`.")
