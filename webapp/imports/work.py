"""Uploads: kept, checked and applied, at once for small files and in the background for large ones.

A file is read and checked while nothing is being written: the one write lock is let go of first.
"""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.database import db, reading_only
from webapp.errors import BadInput, Conflict
from webapp.files.models import StoredFile
from webapp.files.operations import clean_name, path_of, store
from webapp.imports.models import ImportRun
from webapp.imports.operations import WRITING, Checked, Report, apply_checked, check_file, kept
from webapp.jobs.kinds import Made
from webapp.spreadsheets import checks

AT_ONCE_BYTES = 300_000
"""A file up to this size (about 10,000 cells) is checked within the request; a larger one by the worker."""


def _silent(_progress: int, _step: str) -> None:
    """Nobody watches."""


def receive(session: Session, actor: Actor, kind: str, name: str, content: bytes, key: str) -> ImportRun:
    """Keep an uploaded file and open its page in the history. The same key again gives the same run.

    Raises ``BadInput`` for what is no .xlsx or .csv file, ``Conflict`` for a key used with another file.
    """
    checks.real_type(io.BytesIO(content))
    digest = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(ImportRun).where(ImportRun.key == key)) if key else None
    if known is not None:
        if (known.kind, known.file_sha256, known.uploaded_by_id) != (kind, digest, actor.account_id):
            raise Conflict("คำขอนี้ถูกใช้ไปแล้วกับไฟล์อื่น กรุณาเปิดหน้านำเข้าใหม่แล้วลองอีกครั้ง")
        return known
    file = store(session, actor, name or "file", content, allowed=None)
    run = ImportRun(
        kind=kind,
        file_name=clean_name(name),
        file_sha256=digest,
        file_id=file.id,
        status="uploaded",
        uploaded_by=actor.name,
        uploaded_by_id=actor.account_id,
        uploaded_at=clock.now(),
        key=key or None,
    )
    session.add(run)
    session.flush()
    audit.append(
        session, actor, "imports:file:upload", "import_run", run.id, after={"kind": kind, "file": run.file_name, "sha256": digest}
    )  # fmt: skip
    return run


def discard(session: Session, actor: Actor, run: ImportRun) -> None:
    """Put a checked or rejected upload aside; nothing of it was ever written."""
    if run.status not in ("uploaded", "checked", "rejected"):
        raise Conflict("ไฟล์นี้นำเข้าไปแล้ว จึงยกเลิกไม่ได้")
    run.status = "discarded"
    audit.append(session, actor, "imports:file:discard", "import_run", run.id)


@contextlib.contextmanager
def _only_reading(session: Session) -> Iterator[None]:
    """Within, the session reads without holding the write lock."""
    session.commit()
    token = reading_only.set(True)
    try:
        yield
    finally:
        session.rollback()
        reading_only.reset(token)


def _check(session: Session, actor: Actor, run: ImportRun, report: Report) -> Checked:
    file = session.get_one(StoredFile, run.file_id)
    path, kind, name, sheet = path_of(file), run.kind, run.file_name, run.sheet or None
    with _only_reading(session):
        return check_file(session, actor, kind, path, file_name=name, sheet=sheet, report=report)


def check_run(run_id: int, actor: Actor, report: Report = _silent) -> None:
    """Check an uploaded file and keep what it would do, or what is wrong with it."""
    session = db.session
    run = session.get_one(ImportRun, run_id)
    if run.status not in ("uploaded", "checked", "rejected"):
        return
    try:
        checked = _check(session, actor, run, report)
    except BadInput as refused:
        run = session.get_one(ImportRun, run_id)
        run.status, run.counts, run.warnings = "rejected", {}, []
        values = {name: str(value) for name, value in refused.values.items()}
        run.problems = [
            {"sheet": "", "row": None, "column": "", "value": "", "message": str(refused.message), "values": values}
        ]
    else:
        run = session.get_one(ImportRun, run_id)
        run.status = "checked" if checked.fit else "rejected"
        run.counts, run.problems, run.warnings = checked.counts(), kept(checked.errors), kept(checked.warnings)
    session.commit()


def apply_run(run_id: int, actor: Actor, report: Report = _silent) -> None:
    """Write a checked file, whole or not at all; what no longer fits goes back to be looked at. Safe to repeat."""
    session = db.session
    run = session.get_one(ImportRun, run_id)
    if run.status != "checked":
        return
    try:
        checked = _check(session, actor, run, lambda progress, step: report(progress * 6 // 10, step))
        assert checked.changes_digest  # taken now, before the write lock
        report(60, WRITING)  # said before it, too: while it is held no other session can write how far this is
        run = session.get_one(ImportRun, run_id, with_for_update=True, populate_existing=True)
        if run.status != "checked":
            session.rollback()
            return
        if not checked.fit:
            run.status, run.problems = "rejected", kept(checked.errors)
        else:
            apply_checked(session, actor, checked, run=run)
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise Conflict("มีผู้อื่นบันทึกข้อมูลเดียวกันพร้อมกัน กรุณานำเข้าอีกครั้ง") from error


# --- jobs ------------------------------------------------------------------------------------------------------------


def job_arguments(run: ImportRun, actor: Actor) -> dict[str, Any]:
    """What a job needs to act for whoever asked."""
    return {"run_id": run.id, "name": actor.name, "role": actor.role, "account_id": actor.account_id}


def _actor_of(arguments: dict[str, Any]) -> Actor:
    return Actor("account", arguments["name"], arguments["role"], arguments["account_id"])


def check(arguments: dict[str, Any], report: Report) -> Made:
    """The job that checks a large file."""
    check_run(arguments["run_id"], _actor_of(arguments), lambda progress, step: report(progress, gettext(step)))
    return Made(go_to=f"/imports/{arguments['run_id']}")


def apply(arguments: dict[str, Any], report: Report) -> Made:
    """The job that writes a large file."""
    apply_run(arguments["run_id"], _actor_of(arguments), lambda progress, step: report(progress, gettext(step)))
    return Made(go_to=f"/imports/{arguments['run_id']}")
