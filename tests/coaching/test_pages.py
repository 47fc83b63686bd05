"""Pages of coaching: recording on a phone, acknowledging, and what others may not see."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.coaching.people import People, pair, people, said
from tests.people import enter_as
from webapp.accounts.queries import actor_for
from webapp.coaching import operations
from webapp.coaching.models import CoachingSession, MentorPairing
from webapp.thai import day_typed


@pytest.fixture
def world(session: Session) -> People:
    return people(session)


def held(session: Session, world: People, **more: Any) -> CoachingSession:
    made = operations.record_session(
        session,
        actor_for(world.mentor_account),
        mentor_id=world.mentor.id,
        enrollment_id=world.first.id,
        key="k",
        **said(**more),
    )
    session.commit()
    return made


def test_a_mentor_records_a_session_with_the_one_trainee(client: FlaskClient, session: Session, world: People) -> None:
    enter_as(client, world.mentor_account)
    page = client.get("/coaching/new")
    assert f'name="enrollment" value="{world.first.id}"' in page.text
    answer = client.submit("/coaching/new", {"minutes": ["45"], "topic": "งบประมาณ", "kind": "mentoring"})
    assert answer.status_code == 303
    row = session.scalars(select(CoachingSession)).one()
    assert (row.enrollment_id, row.minutes, row.kind, row.topic) == (world.first.id, 45, "mentoring", "งบประมาณ")


def test_a_double_click_records_once(client: FlaskClient, session: Session, world: People) -> None:
    enter_as(client, world.mentor_account)
    form = {
        "enrollment": world.first.id, "held_on": day_typed(said()["held_on"]), "minutes": "60", "kind": "coaching",
        "topic": "งาน", "key": "same-key",
    }  # fmt: skip
    answers = [client.post("/coaching/new", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count(CoachingSession.id))) == 1


def test_a_refused_form_keeps_what_was_typed(client: FlaskClient, world: People) -> None:
    enter_as(client, world.mentor_account)
    form = {
        "enrollment": world.first.id,
        "held_on": "31/2/2569",
        "minutes": "๙๐",
        "kind": "coaching",
        "topic": "เรื่องสำคัญ",
    }
    answer = client.post("/coaching/new", data=form)
    assert answer.status_code == 422
    assert "เรื่องสำคัญ" in answer.text and "31/2/2569" in answer.text and 'value="90"' in answer.text


def test_a_trainee_of_somebody_else_is_refused_as_absent(client: FlaskClient, session: Session, world: People) -> None:
    enter_as(client, world.other_account)
    made = held(session, world)
    for path in (
        f"/coaching/{made.id}",
        f"/coaching/{made.id}/edit",
        f"/coaching/{made.id}/withdraw",
        "/coaching/999999",
    ):
        assert client.get(path).status_code == 404, path
    form = {
        "enrollment": world.first.id,
        "held_on": day_typed(said()["held_on"]),
        "minutes": "60",
        "kind": "coaching",
        "topic": "x",
    }
    assert client.post("/coaching/new", data=form).status_code == 422
    assert "การจัดลำดับงาน" not in client.get("/coaching").text


def test_another_trainee_sees_and_acknowledges_nothing(client: FlaskClient, session: Session, world: People) -> None:
    made = held(session, world)
    enter_as(client, world.second_account)
    assert client.get(f"/coaching/{made.id}").status_code == 404
    assert client.post(f"/coaching/{made.id}/acknowledge", data={"version": made.version}).status_code == 404
    assert client.post(f"/coaching/{made.id}/question", data={"version": made.version, "words": "x"}).status_code == 404


def test_a_trainee_acknowledges_from_the_list(client: FlaskClient, session: Session, world: People) -> None:
    made = held(session, world)
    enter_as(client, world.first_account)
    assert "รอท่านรับรอง" in client.get("/coaching").text
    assert client.post(f"/coaching/{made.id}/acknowledge", data={"version": made.version}).status_code == 303
    session.refresh(made)
    assert made.acknowledged_by == world.first_account.name
    assert "รอท่านรับรอง" not in client.get("/coaching").text


def test_words_are_asked_for_when_it_is_not_right(client: FlaskClient, session: Session, world: People) -> None:
    made = held(session, world)
    enter_as(client, world.first_account)
    path = f"/coaching/{made.id}/question"
    assert client.post(path, data={"version": made.version, "words": " "}).status_code == 422
    assert client.post(path, data={"version": made.version, "words": "แค่ 30 นาที"}).status_code == 303
    enter_as(client, world.mentor_account)
    assert "แค่ 30 นาที" in client.get(f"/coaching/{made.id}").text


def test_a_stale_edit_shows_both_values(client: FlaskClient, session: Session, world: People) -> None:
    made = held(session, world)
    seen = made.version
    operations.change_session(session, actor_for(world.mentor_account), made, version=seen, **said(topic="แก้ก่อน"))
    session.commit()
    enter_as(client, world.mentor_account)
    form = {"held_on": day_typed(made.held_on), "minutes": "60", "kind": "coaching", "topic": "แก้ทีหลัง", "version": seen}
    answer = client.post(f"/coaching/{made.id}/edit", data=form)
    assert answer.status_code == 409
    assert "แก้ก่อน" in answer.text and "แก้ทีหลัง" in answer.text


def test_an_acknowledged_session_offers_no_edit(client: FlaskClient, session: Session, world: People) -> None:
    made = held(session, world)
    operations.acknowledge(session, actor_for(world.first_account), made, version=made.version)
    session.commit()
    enter_as(client, world.mentor_account)
    assert "/edit" not in client.get(f"/coaching/{made.id}").text
    assert client.get(f"/coaching/{made.id}/edit").status_code == 422


def test_commission_sees_hours_but_no_text(client: FlaskClient, session: Session, world: People, sign_in: Any) -> None:
    made = held(session, world)
    sign_in(client, role="commission")
    page = client.get(f"/cohorts/{world.cohort.code}/coaching")
    assert page.status_code == 200
    assert "การจัดลำดับงาน" not in page.text
    assert client.get("/coaching").status_code == 404
    assert client.get(f"/coaching/{made.id}").status_code == 404


def test_staff_share_mentors_out_and_end_a_pairing(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    path = f"/cohorts/{world.cohort.code}/mentors"
    row = session.scalars(select(MentorPairing).where(MentorPairing.enrollment_id == world.first.id)).one()
    assert client.submit(f"{path}/{row.id}/end", {"reason": "ย้าย"}).status_code == 303
    assert "ยังไม่มีพี่เลี้ยง" in client.get(path).text
    answer = client.post(path, data={"everyone": "yes", "mentor": [world.mentor.id, world.other.id]})
    assert answer.status_code == 303
    standing = select(func.count(MentorPairing.id)).where(MentorPairing.ended_at.is_(None))
    assert session.scalar(standing) == 2
    assert client.post(path, data={"enrollment": world.first.id, "mentor": world.first.officer_id}).status_code == 422


@pytest.mark.parametrize("path", ["/coaching", "/coaching?view=trainees", "/coaching/new"])
def test_pages_ask_as_often_for_many_as_for_one(
    client: FlaskClient, session: Session, world: People, statements: Any, path: str
) -> None:
    from tests.shortlist import world as made

    enter_as(client, world.mentor_account)
    client.get(path)
    with statements() as few:
        client.get(path)
    for number in range(6):
        enrollment = made.enroll(session, world.cohort, made.officer(session, f"X{number}"), minutes=0)
        pair(session, enrollment, world.mentor)
        made.coached(session, enrollment, 30, mentor=world.mentor, acknowledged=False)
    session.commit()
    with statements() as many:
        client.get(path)
    assert len(many) == len(few)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_reads_in_both_languages(
    client: FlaskClient, session: Session, world: People, sign_in: Any, language: str
) -> None:
    made = held(session, world)
    client.set_cookie("language", language)
    enter_as(client, world.mentor_account)
    for path in (
        "/coaching",
        "/coaching/new",
        f"/coaching/{made.id}",
        f"/coaching/{made.id}/edit",
        f"/coaching/{made.id}/withdraw",
    ):
        assert client.get(path).status_code == 200, path
    sign_in(client, role="institute")
    row = session.scalars(select(MentorPairing)).first()
    code = world.cohort.code
    for path in (
        "/coaching",
        f"/cohorts/{code}/coaching",
        f"/cohorts/{code}/mentors?q=พี่",
        f"/cohorts/{code}/mentors/{row.id}/end",
    ):
        assert client.get(path).status_code == 200, path
