"""A job says how far it is, and that never stands in the way of its work."""

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.audit import Actor
from webapp.database import only_reading
from webapp.errors import Conflict
from webapp.imports.models import ImportRun
from webapp.imports.work import job_arguments, receive
from webapp.jobs import operations
from webapp.jobs.models import Job
from webapp.jobs.operations import do, reporter, start
from webapp.officers.models import Officer

ROWS = "\n".join(f"P{number:03},ก,ข,1/1/2515,1/1/2540" for number in range(20))
FILE = f"officer_no,given_name,family_name,birth_date,entry_date\n{ROWS}\n".encode()


@pytest.fixture(autouse=True)
def always_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every step took as long as those of a large file."""
    monkeypatch.setattr(operations, "REPORT_EVERY_S", 0)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_for(account("institute"))


def asked(session: Session, staff: Actor, kind: str, run: ImportRun) -> Job:
    job = start(session, staff, kind, job_arguments(run, staff))
    session.commit()
    return job


def test_a_large_file_is_checked_and_written_while_it_says_how_far_it_is(
    any_database: str, session: Session, staff: Actor
) -> None:
    run = receive(session, staff, "officers", "officers.csv", FILE, "a-key")
    session.commit()
    for kind in ("import-check", "import-apply"):
        job = asked(session, staff, kind, run)
        began = time.monotonic()
        do(job.id)
        session.refresh(job)
        assert (job.status, job.error) == ("done", "")
        assert time.monotonic() - began < 5  # nobody waited for a lock held by oneself
    assert session.get_one(ImportRun, run.id, populate_existing=True).status == "applied"
    assert session.scalar(select(Officer.id).where(Officer.officer_no == "P019"))


def test_who_holds_the_write_lock_goes_on_without_saying_so(session: Session, staff: Actor) -> None:
    run = receive(session, staff, "officers", "officers.csv", FILE, "a-key")
    job = asked(session, staff, "import-check", run)
    session.get_one(Job, job.id).status = "running"
    session.flush()
    reporter(job.id)(50, "x")
    session.commit()
    assert session.get_one(Job, job.id, populate_existing=True).progress == 0


def test_who_only_reads_may_say_how_far_it_is(any_database: str, session: Session, staff: Actor) -> None:
    run = receive(session, staff, "officers", "officers.csv", FILE, "a-key")
    number = asked(session, staff, "import-check", run).id
    session.rollback()
    with only_reading():
        session.scalars(select(Officer.id)).all()
        reporter(number)(50, "x")
    assert session.get_one(Job, number, populate_existing=True).progress == 50


def test_asked_again_a_job_is_made_once_and_one_that_failed_is_tried_again(session: Session, staff: Actor) -> None:
    first = start(session, staff, "import-check", {"run_id": 1}, key="the-form")
    assert start(session, staff, "import-check", {"run_id": 1}, key="the-form") is first
    first.status = "failed"
    second = start(session, staff, "import-check", {"run_id": 1}, key="the-form")
    assert (second.status, second.id > first.id) == ("waiting", True)
    assert start(session, staff, "import-check", {"run_id": 1}, key="the-form") is second
    with pytest.raises(Conflict):
        start(session, staff, "import-check", {"run_id": 2}, key="the-form")
