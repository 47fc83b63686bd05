"""What a job made is for whoever asked for it, while they may."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.people import account, enter_as, role_named
from webapp.accounts.permissions import PERMISSIONS
from webapp.accounts.queries import actor_for
from webapp.files.operations import store
from webapp.jobs.kinds import KINDS, NEEDS
from webapp.jobs.models import Job
from webapp.jobs.operations import start


def test_every_kind_says_which_right_its_outcome_takes() -> None:
    assert set(NEEDS) == set(KINDS)
    assert set(NEEDS.values()) <= set(PERMISSIONS)


@pytest.fixture
def job(session: Session) -> Job:
    """Scorecards that somebody of the institute asked for, and that are done."""
    person = account("institute")
    made = start(session, actor_for(person), "scorecards", {})
    made.file_id = store(session, actor_for(person), "scorecards.txt", b"what was made").id
    made.status = "done"
    session.commit()
    return made


def test_who_asked_takes_it_away_and_an_auditor_may(client: FlaskClient, session: Session, job: Job) -> None:
    from webapp.accounts.models import Account

    asked_by = session.get_one(Account, job.asked_by_id)
    enter_as(client, asked_by)
    with client.get(f"/jobs/{job.id}/file") as answer:
        assert answer.data == b"what was made"
    asked_by.roles = [role_named("mentor")]
    session.commit()
    assert client.get(f"/jobs/{job.id}/file").status_code == 404, "a right withdrawn since holds on the next request"
    enter_as(client, account("auditor"))
    with client.get(f"/jobs/{job.id}/file") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("role", ["institute", "commission", "officer", "administrator"])
def test_nobody_else_does(client: FlaskClient, job: Job, role: str) -> None:
    enter_as(client, account(role))
    assert client.get(f"/jobs/{job.id}/file").status_code == 404
