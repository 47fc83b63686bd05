"""Asking for long work, doing it, and saying how far it is."""

import importlib
import logging
import time
import uuid
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.audit import Actor
from webapp.database import db, own_transaction
from webapp.errors import Conflict, Refused
from webapp.files.operations import store
from webapp.jobs.kinds import KINDS, Made
from webapp.jobs.models import Job

log = logging.getLogger("kaona.jobs")

REPORT_EVERY_S = 0.5
REPORT_WAITS_MS = 250
"""How long saying how far it is may wait for somebody who is writing; it is said again later, and the work goes on."""


def start(
    session: Session,
    actor: Actor,
    kind: str,
    arguments: dict[str, Any],
    *,
    key: str = "",
    back_to: str = "",
) -> Job:
    """Ask for a piece of long work in the caller's transaction; the worker takes it up once that is committed.

    ``key`` is the form's: asked again with the same key and content, the same job is returned, or another attempt begun
    where it failed; with other content it is refused (``Conflict``).
    """
    if kind not in KINDS:
        raise KeyError(kind)
    key = key or str(uuid.uuid4())
    while (known := session.scalar(select(Job).where(Job.key == key))) is not None:
        if (known.kind, known.arguments, known.asked_by_id) != (kind, arguments, actor.account_id):
            raise Conflict("คำขอนี้ถูกใช้ไปแล้วกับงานอื่น กรุณาเปิดหน้าเดิมใหม่แล้วลองอีกครั้ง")
        if known.status != "failed":
            return known
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, key))
    job = Job(
        key=key,
        kind=kind,
        arguments=arguments,
        status="waiting",
        progress=0,
        asked_by=actor.name,
        asked_by_id=actor.account_id,
        asked_at=clock.now(),
        back_to=back_to,
    )
    session.add(job)
    session.flush()
    return job


def waiting_jobs(session: Session) -> list[tuple[int, str]]:
    """Id and key of the jobs nobody has taken up yet, oldest first."""
    return [
        (row.id, row.key)
        for row in session.execute(select(Job.id, Job.key).where(Job.status == "waiting").order_by(Job.id))
    ]


def do(job_id: int) -> None:
    """Do the work of a job, inside the application; a refusal or a surprise ends in one sentence on its page.

    Safe to repeat: a job that is already done or failed is left alone.
    """
    session = db.session
    job = session.get(Job, job_id)
    if job is None or job.status in ("done", "failed"):
        session.rollback()
        return
    job.status, job.started_at, job.progress = "running", clock.now(), 0
    session.commit()
    kind, arguments = job.kind, dict(job.arguments)
    module, _, name = KINDS[kind].partition(":")
    try:
        with force_locale("th"):
            made: Made = getattr(importlib.import_module(module), name)(arguments, reporter(job_id))
        _done(session, job_id, made)
    except Refused as refused:
        session.rollback()
        _failed(session, job_id, gettext(refused.message, **refused.values))
    except Exception:
        log.exception("job %s (%s) failed", job_id, kind)
        session.rollback()
        _failed(session, job_id, gettext("งานนี้ทำไม่สำเร็จเพราะระบบขัดข้อง ยังไม่มีการบันทึกผล กรุณาลองใหม่หรือแจ้งผู้ดูแลระบบ"))


def reporter(job_id: int) -> Any:
    """The ``report`` of a job: writes progress in a short transaction of its own, at most twice a second.

    Work that only reads may call it. What cannot be written soon is not: a job never fails for want of a progress bar.
    """
    last = 0.0

    def report(progress: int, step: str = "") -> None:
        nonlocal last
        if time.monotonic() - last < REPORT_EVERY_S and progress < 100:
            return
        values = {"progress": max(0, min(99, progress)), "step": step[:300]}
        try:
            with own_transaction(REPORT_WAITS_MS) as own:
                own.execute(update(Job).where(Job.id == job_id).values(values))
        except OperationalError:
            log.info("job %s could not say that it is at %s per cent", job_id, progress)
        last = time.monotonic()

    return report


def _done(session: Session, job_id: int, made: Made) -> None:
    job = session.get_one(Job, job_id, populate_existing=True)
    if made.content:
        owner = Actor(kind="account", name=job.asked_by, account_id=job.asked_by_id)
        job.file_id = store(session, owner, made.file_name, made.content, allowed=None).id
    job.result = {**made.facts, "go_to": made.go_to} if made.go_to else made.facts
    job.status, job.progress, job.step, job.finished_at = "done", 100, "", clock.now()
    session.commit()


def _failed(session: Session, job_id: int, sentence: str) -> None:
    job = session.get_one(Job, job_id, populate_existing=True)
    job.status, job.error, job.finished_at = "failed", sentence, clock.now()
    session.commit()
