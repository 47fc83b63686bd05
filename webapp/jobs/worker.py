"""The worker process: takes up the jobs that requests asked for, and does them durably.

Each job is a durable workflow named by the job's key: killed in the middle, it is taken up again at the next start and
done once. The workflows' own book is ``jobs.sqlite`` in the data folder.
"""

import logging
import signal
import threading
from types import FrameType
from typing import Any

POLL_S = 0.5
HOUSEKEEPING_S = 15.0

log = logging.getLogger("kaona.jobs")


def main() -> None:
    """Work until told to stop."""
    from dbos import DBOS, SetWorkflowID

    from config import Config
    from webapp.app import create_app

    config = Config.from_environment()
    app = create_app(config)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: _stop(stop, _number, _frame))
    DBOS(
        config={
            "name": "kaona",
            "system_database_url": f"sqlite:///{config.data_dir / 'jobs.sqlite'}",
            "executor_id": "worker",
            "application_version": "1",
            "log_level": "WARNING",
        }
    )

    @DBOS.step()
    def one_job(job_id: int) -> None:
        from webapp.jobs.operations import do

        with app.app_context():
            do(job_id)

    @DBOS.workflow()
    def work(job_id: int) -> None:
        one_job(job_id)

    DBOS.launch()
    queue = DBOS.register_queue("kaona", worker_concurrency=1, polling_interval_sec=POLL_S, on_conflict="always_update")
    try:
        _watch(app, stop, lambda key, job_id: _enqueue(queue, SetWorkflowID, work, key, job_id))
    finally:
        DBOS.destroy()


def _stop(stop: threading.Event, _number: int, _frame: FrameType | None) -> None:
    stop.set()


def _enqueue(queue: Any, named: Any, work: Any, key: str, job_id: int) -> None:
    with named(key):
        queue.enqueue(work, job_id)


def _watch(app: Any, stop: threading.Event, take_up: Any) -> None:
    """Look for new jobs twice a second; send the mail that waits every quarter of a minute."""
    from webapp.database import db, reading_only
    from webapp.jobs.operations import waiting_jobs

    since_housekeeping = HOUSEKEEPING_S
    known: set[str] = set()
    while not stop.wait(POLL_S):
        since_housekeeping += POLL_S
        try:
            with app.app_context():
                reading_only.set(True)
                jobs = waiting_jobs(db.session)
                db.session.rollback()
                reading_only.set(False)
            for job_id, key in jobs:
                if key not in known:
                    known.add(key)
                    take_up(key, job_id)
            if since_housekeeping >= HOUSEKEEPING_S:
                since_housekeeping = 0.0
                with app.app_context():
                    _housekeeping()
        except Exception:
            log.exception("the worker could not look for work; it tries again")
            stop.wait(2)


def _housekeeping() -> None:
    from flask import current_app

    from webapp.database import db
    from webapp.notices.operations import send_waiting_mail

    send_waiting_mail(db.session)
    for sweep in current_app.extensions.get("kaona.sweeps", ()):  # what the passing of days does, room by room
        sweep(db.session)


if __name__ == "__main__":
    main()
