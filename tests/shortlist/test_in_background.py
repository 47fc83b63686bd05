"""The list of thousands is drawn up by the worker, once, with the rights held when it is done."""

from tests.shortlist import hands, world
from webapp.jobs.models import Job
from webapp.jobs.operations import do
from webapp.shortlist import queries


def test_a_large_list_is_a_job_that_leads_to_the_run_and_is_done_once(client, sign_in, session, monkeypatch):
    world.five_and_more(session)
    monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 3)
    sign_in(client, role="institute")
    answer = hands.send(client, "/cohorts/DD-2569-1/shortlist/new", size="5")
    assert answer.status_code == 303 and "/jobs/" in answer.location
    assert hands.only_run(session) is None
    job = session.query(Job).one()
    do(job.id)
    run = hands.only_run(session)
    session.expire_all()
    assert (job.status, job.result["go_to"]) == ("done", f"/shortlists/{run.id}")
    job.status = "waiting"  # killed after its commit, before it was noted as done
    session.commit()
    do(job.id)
    assert hands.only_run(session).id == run.id
    assert client.get(answer.location).status_code == 200


def test_who_lost_the_right_meanwhile_draws_nothing_up(client, sign_in, session, monkeypatch):
    world.five_and_more(session)
    monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 3)
    person = sign_in(client, role="institute")
    hands.send(client, "/cohorts/DD-2569-1/shortlist/new", size="5")
    session.get(type(person), person.id).roles.clear()
    session.commit()
    do(session.query(Job).one().id)
    session.expire_all()
    assert session.query(Job).one().status == "failed"
    assert hands.only_run(session) is None
