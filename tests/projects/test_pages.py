"""Pages of projects: work, files and decisions, and what others may not see."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coaching.people import People, people
from tests.people import enter_as
from webapp.audit import Actor
from webapp.projects import operations
from webapp.projects.models import ProjectAssignment, ProjectFile
from webapp.projects.rules import Step

PDF = b"%PDF-1.7 report"


@pytest.fixture
def world(session: Session) -> People:
    return people(session)


@pytest.fixture
def work(session: Session, world: People, actor: Actor) -> ProjectAssignment:
    operations.assign(
        session, actor, world.cohort, [world.first], kind="project", title="ลดน้ำท่วมขัง", steps=[Step("เก็บข้อมูล", None)]
    )
    session.commit()
    return session.scalars(select(ProjectAssignment)).one()


def test_a_trainee_works_and_hands_in(
    client: FlaskClient, session: Session, world: People, work: ProjectAssignment
) -> None:
    enter_as(client, world.first_account)
    page = f"/projects/{work.id}"
    assert client.submit(page, {"text": "คุยกับฝ่ายโยธาแล้ว"}).status_code == 303
    assert client.submit(page, {"done": "yes"}).status_code == 303
    assert client.post(f"{page}/files", data={"file": (io.BytesIO(PDF), "รายงาน.pdf")}).status_code == 303
    assert client.submit(f"{page}/submit", {"summary": "ท่อระบายน้ำ"}).status_code == 303
    told = client.get(page).text
    assert "คุยกับฝ่ายโยธาแล้ว" in told and "รายงาน.pdf" in told and "ถอนการส่ง" in told
    assert client.post(f"{page}/files", data={"file": (io.BytesIO(PDF), "2.pdf")}).status_code == 422


def test_a_wrong_file_is_said_at_the_form(client: FlaskClient, world: People, work: ProjectAssignment) -> None:
    enter_as(client, world.first_account)
    answer = client.post(f"/projects/{work.id}/files", data={"file": (io.BytesIO(b"MZ\x90\x00\xff"), "x.pdf")})
    assert answer.status_code == 422
    assert "ชนิดที่ไม่รับ" in answer.text


def test_a_mentor_comments_on_their_trainees_work_alone(
    client: FlaskClient, world: People, work: ProjectAssignment
) -> None:
    enter_as(client, world.mentor_account)
    assert client.submit(f"/projects/{work.id}", {"text": "ดีมาก"}).status_code == 303
    assert client.get(f"/projects/{work.id}/submit").status_code == 404
    enter_as(client, world.other_account)
    assert client.get(f"/projects/{work.id}").status_code == 404
    assert client.post(f"/projects/{work.id}/notes", data={"text": "x"}).status_code == 404
    assert "ลดน้ำท่วมขัง" not in client.get("/projects").text


def test_another_trainee_finds_nothing(
    client: FlaskClient, session: Session, world: People, work: ProjectAssignment, actor: Actor
) -> None:
    row = operations.add_file(session, actor, work, "รายงาน.pdf", PDF)
    session.commit()
    enter_as(client, world.second_account)
    for path in (f"/projects/{work.id}", f"/projects/{work.id}/files/{row.id}", f"/projects/{work.id}/submit"):
        assert client.get(path).status_code == 404, path
    for path in ("take-back", "notes", "files", f"files/{row.id}/take-away"):
        assert client.post(f"/projects/{work.id}/{path}", data={"text": "x"}).status_code == 404, path


def test_a_file_comes_as_a_download_only(
    client: FlaskClient, session: Session, world: People, work: ProjectAssignment, actor: Actor
) -> None:
    row = operations.add_file(session, actor, work, "รายงาน.pdf", PDF)
    session.commit()
    enter_as(client, world.first_account)
    answer = client.get(f"/projects/{work.id}/files/{row.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()


def handed_in(session: Session, actor: Actor, work: ProjectAssignment) -> ProjectFile:
    row = operations.add_file(session, actor, work, "งานของเกษม.pdf", PDF)
    operations.submit(session, actor, work, summary="บทสรุป", version=work.version)
    session.commit()
    return row


def test_an_assessor_finds_no_work_under_its_authors_name(
    client: FlaskClient, session: Session, world: People, work: ProjectAssignment, actor: Actor, sign_in: Any
) -> None:
    row = handed_in(session, actor, work)
    sign_in(client, role="assessor")
    for path in ("", f"/files/{row.id}"):
        assert client.get(f"/projects/{work.id}{path}").status_code == 404, path


def test_staff_assign_to_a_cohort_and_decide(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    code = world.cohort.code
    values = {"title": "ศึกษาเขตของท่าน", "steps": "เก็บข้อมูล | 1/1/2569\nเขียน", "who": "0", "kind": "proposal"}
    assert client.submit(f"/cohorts/{code}/projects/assign", values).status_code == 303
    rows = session.scalars(select(ProjectAssignment).order_by(ProjectAssignment.id)).all()
    assert [row.kind for row in rows] == ["proposal", "proposal"]
    assert (
        client.post(
            f"/projects/{rows[0].id}/decide", data={"decision": "accept", "version": rows[0].version}
        ).status_code
        == 422
    )
    operations.submit(session, Actor("system", "x"), rows[0], summary="x", version=rows[0].version)
    session.commit()
    path = f"/projects/{rows[0].id}/decide"
    assert client.submit(path, {"decision": "return", "reason": ""}).status_code == 422
    assert client.submit(path, {"decision": "return", "reason": "ขาดงบประมาณ"}).status_code == 303
    assert "ขาดงบประมาณ" in client.get(f"/projects/{rows[0].id}").text


def test_a_step_with_a_day_that_is_none_is_refused(client: FlaskClient, world: People, sign_in: Any) -> None:
    sign_in(client, role="institute")
    values = {"title": "x", "steps": "เก็บข้อมูล | 31/2/2569", "who": "0", "kind": "project"}
    answer = client.submit(f"/cohorts/{world.cohort.code}/projects/assign", values)
    assert answer.status_code == 422
    assert "31/2/2569" in answer.text


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_reads_in_both_languages(
    client: FlaskClient,
    session: Session,
    world: People,
    work: ProjectAssignment,
    actor: Actor,
    sign_in: Any,
    language: str,
) -> None:
    client.set_cookie("language", language)
    enter_as(client, world.first_account)
    for path in ("/projects", f"/projects/{work.id}", f"/projects/{work.id}/submit"):
        assert client.get(path).status_code == 200, path
    enter_as(client, world.mentor_account)
    for path in ("/projects", f"/projects/{work.id}"):
        assert client.get(path).status_code == 200, path
    handed_in(session, actor, work)
    sign_in(client, role="assessor")
    assert client.get("/projects").status_code == 200
    sign_in(client, role="institute")
    code = world.cohort.code
    for path in (
        "/projects", f"/projects/{work.id}", f"/projects/{work.id}/edit", f"/projects/{work.id}/decide",
        f"/cohorts/{code}/projects", f"/cohorts/{code}/projects/assign",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    sign_in(client, role="executive")
    assert client.get("/projects").status_code == 200
    assert client.get(f"/projects/{work.id}").status_code == 404
