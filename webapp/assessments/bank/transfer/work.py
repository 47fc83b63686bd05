"""Files in and out as work: at once for small ones, by the worker with its progress for large ones."""

from typing import Any

from flask_babel import force_locale, gettext

from webapp.accounts.models import Account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank.formats import CannotRead
from webapp.assessments.bank.models import ItemExport, ItemImport
from webapp.assessments.bank.transfer import incoming, outgoing, queries
from webapp.audit import Actor
from webapp.database import db, only_reading, reading_only
from webapp.errors import NotAllowed, RuleBroken
from webapp.jobs.kinds import Made, Report

AT_ONCE_BYTES = {"moodle": 100_000, "gift": 100_000, "qti": 4_000, "excel": 30_000}
"""A file up to this size is looked at within the request. QTI items are tried out one by one, so of those only a single one."""
AT_ONCE_ITEMS = 100
"""Up to this many items are written within the request."""
AT_ONCE_MADE = 10
"""Up to this many items are made into a file within the request; each is read back and tried before it goes out."""


def _silent(_progress: int, _step: str) -> None:
    """Nobody watches."""


def _aloud(report: Report) -> Report:
    """Progress is written also while the file's own session only reads."""

    def say(progress: int, step: str) -> None:
        token = reading_only.set(False)
        try:
            report(progress, step)
        finally:
            reading_only.reset(token)

    return say


def _batch(run_id: int, report: Report) -> tuple[ItemImport, incoming.Batch | CannotRead]:
    """The file read while nothing is being written."""
    session = db.session
    session.commit()
    with only_reading():
        run = queries.import_by_id(session, run_id)
        content, name = incoming.content_of(session, run), run.file_name
    try:
        batch: incoming.Batch | CannotRead = incoming.batch_of(
            content, name, lambda percent: report(5 + percent * 8 // 10, gettext("กำลังอ่านและลองให้คะแนนทีละข้อ"))
        )
    except CannotRead as error:
        batch = error
    return queries.import_by_id(session, run_id), batch


def check_import(run_id: int, report: Report = _silent) -> None:
    """Look at an uploaded file and keep what it would bring."""
    run, batch = _batch(run_id, report)
    incoming.keep_preview(db.session, run, batch)
    db.session.commit()


def apply_import(run_id: int, actor: Actor, report: Report = _silent) -> ItemImport:
    """Write a file's items, whole or not at all. Safe to repeat."""
    _run, batch = _batch(run_id, report)
    if isinstance(batch, CannotRead):
        raise RuleBroken("ไฟล์ที่รับไว้อ่านไม่ได้ กรุณานำเข้าใหม่")
    report(90, gettext("กำลังเขียนข้อสอบ"))
    incoming.keep_pictures(batch)
    db.session.rollback()
    run = db.session.get_one(ItemImport, run_id, with_for_update=True, populate_existing=True)
    incoming.apply(db.session, actor, run, batch)
    db.session.commit()
    return run


def make_export(export_id: int, actor: Actor, language: str, report: Report = _silent) -> ItemExport:
    """Make the file that was asked for. Safe to repeat: one that was made stays."""
    session = db.session
    session.commit()
    with only_reading(), force_locale(language):
        made = queries.export_by_id(session, export_id)
        if made.file_id is None:
            content, count, left_out = outgoing.content_for(session, made, language, _aloud(report))
    made = queries.export_by_id(session, export_id)
    if made.file_id is None:
        outgoing.finish(session, actor, made, content, count, left_out)
    session.commit()
    return made


# -- jobs


def arguments(actor: Actor, **more: Any) -> dict[str, Any]:
    """What a job needs to act for whoever asked."""
    return {"account_id": actor.account_id, **more}


def _actor_of(given: dict[str, Any]) -> Actor:
    """Whoever asked, with the rights of now. Raises ``NotAllowed`` for an account that is closed."""
    account = db.session.get(Account, given["account_id"])
    if account is None or not account.active:
        raise NotAllowed()
    return actor_for(account)


def check(given: dict[str, Any], report: Report) -> Made:
    """The job that looks at a large file."""
    check_import(given["run_id"], report)
    return Made(go_to=f"/bank/imports/{given['run_id']}")


def apply(given: dict[str, Any], report: Report) -> Made:
    """The job that writes a large file's items."""
    apply_import(given["run_id"], _actor_of(given), report)
    return Made(go_to=f"/bank/imports/{given['run_id']}")


def export(given: dict[str, Any], report: Report) -> Made:
    """The job that makes a large file."""
    make_export(given["export_id"], _actor_of(given), given["language"], report)
    return Made(go_to=f"/bank/exports/{given['export_id']}")
