"""Pages of development plans: from the gap to the agreement, and what others may not do."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coaching.people import People
from tests.people import enter_as
from tests.plans.test_operations import agreed, begun, item, proposed
from tests.plans.test_operations import world as world
from webapp.accounts.queries import actor_for
from webapp.plans import operations
from webapp.plans.models import DevelopmentPlan, PlanEdition, PlanItem, PlanNote


def test_an_officer_builds_a_plan_from_their_readiness(client: FlaskClient, session: Session, world: People) -> None:
    enter_as(client, world.first_account)
    page = client.get("/readiness?post=district-director")
    assert page.status_code == 200
    for words in ("ผู้อำนวยการเขต", "ก้าวต่อไป", "เพิ่มลงแผนของฉัน", "สมรรถนะเทียบกับระดับที่คาดหวัง"):
        assert words in page.text, words
    for gap in ("criterion:dd-sections", "criterion:dd-sections", "competency:integrity"):
        answer = client.post("/readiness/plan", data={"post": "district-director", "gap": gap})
        assert answer.status_code == 303
    assert client.post("/readiness/plan", data={"post": "district-director", "gap": "criterion:odd"}).status_code == 404
    plan = session.scalars(select(DevelopmentPlan)).one()
    rows = session.scalars(select(PlanItem).order_by(PlanItem.line)).all()
    assert [(row.gap_kind, row.gap_code) for row in rows] == [("criterion", "dd-sections"), ("competency", "integrity")]
    assert rows[1].gap["current_th"] == "ยังไม่ได้ประเมิน" and rows[1].gap["current_en"] == "Not yet assessed"
    assert "อยู่ในแผนแล้ว" in client.get("/readiness?post=district-director").text
    page = client.get(f"/plans/{plan.id}/propose")
    assert "ผู้บังคับบัญชา" in page.text and "พี่เลี้ยง" in page.text
    answer = client.post(f"/plans/{plan.id}/propose", data={"version": plan.version, "asked": world.mentor.id})
    assert answer.status_code == 303
    enter_as(client, world.mentor_account)
    assert "พิจารณาแผนของ" in client.get("/").text
    session.refresh(plan)
    form = {"version": plan.version, "decision": "return", "reason": " "}
    answer = client.post(f"/plans/{plan.id}/decide", data=form)
    assert answer.status_code == 422 and "เหตุผลที่ส่งคืน" in answer.text
    assert client.post(f"/plans/{plan.id}/decide", data={**form, "decision": "agree"}).status_code == 303
    assert session.scalars(select(PlanEdition.state)).one() == "agreed"


def test_progress_needs_a_reason_when_not_done_and_keeps_what_was_typed(
    client: FlaskClient, session: Session, world: People
) -> None:
    plan = agreed(session, world)
    enter_as(client, world.first_account)
    path = f"/plans/{plan.id}/items/1/progress"
    assert client.post(path, data={"kind": "not-done", "text": " "}).status_code == 422
    assert client.post(path, data={"kind": "note", "text": "เริ่มแล้ว", "key": "a"}).status_code == 303
    assert client.post(path, data={"kind": "note", "text": "เริ่มแล้ว", "key": "a"}).status_code == 303
    assert client.post(f"/plans/{plan.id}/items/9/progress", data={"kind": "note", "text": "x"}).status_code == 404
    enter_as(client, world.other_account)
    assert "เริ่มแล้ว" in client.get(f"/plans/{plan.id}").text
    assert client.post(path, data={"text": "ดีมาก"}).status_code == 303
    assert client.post(path, data={"kind": "done", "text": "x"}).status_code == 422
    assert session.scalars(select(PlanNote.text).order_by(PlanNote.id)).all() == ["เริ่มแล้ว", "ดีมาก"]
    assert client.post(f"/plans/{plan.id}/close", data={"version": plan.version, "review": "สำเร็จ"}).status_code == 303
    session.refresh(plan)
    assert plan.closed_how == "reviewed"


def test_others_neither_see_nor_change(client: FlaskClient, session: Session, world: People) -> None:
    plan = begun(session, world)
    paths = [f"/plans/{plan.id}{end}" for end in ("", "/edit", "/items/1", "/items/new", "/propose", "/close", "/file")]
    posts = [
        f"/plans/{plan.id}{end}"
        for end in ("/take-back", "/discard", "/items/1/remove", "/items/1/progress", "/decide")
    ]
    enter_as(client, world.second_account)
    for path in paths:
        assert client.get(path).status_code == 404, path
    for path in posts:
        assert client.post(path, data={"version": plan.version, "decision": "agree"}).status_code == 404, path
    enter_as(client, world.mentor_account)
    assert client.get(paths[0]).status_code == 404
    proposed(session, world, plan)
    assert client.get(paths[0]).status_code == 200
    for path in paths[1:5]:
        assert client.get(path).status_code == 404, path
    enter_as(client, world.first_account)
    assert client.post(posts[-1], data={"version": plan.version, "decision": "agree"}).status_code == 404


def test_a_head_with_the_officers_role_alone_agrees(client: FlaskClient, session: Session, world: People) -> None:
    world.trainee.supervisor_id = world.second.officer_id
    session.commit()
    plan = proposed(session, world)
    enter_as(client, world.second_account)
    assert "ท่านเห็นชอบแผนนี้หรือไม่" in client.get(f"/plans/{plan.id}").text
    assert client.get(f"/officers/{world.trainee.officer_no}/readiness").status_code == 200
    assert client.get(f"/officers/{world.mentor.officer_no}/readiness").status_code == 404
    form = {"version": plan.version, "decision": "agree", "reason": ""}
    assert client.post(f"/plans/{plan.id}/decide", data=form).status_code == 303


def test_a_stale_item_is_refused_and_shown_again(client: FlaskClient, session: Session, world: People) -> None:
    plan = begun(session, world)
    seen = plan.version
    operations.add_line(session, actor_for(world.first_account), plan, version=seen, **item(gap_code="dd-course"))
    session.commit()
    enter_as(client, world.first_account)
    form = {"gap": "", "action_kind": "other", "action": "อ่านกฎหมายท้องถิ่น", "version": seen}
    answer = client.post(f"/plans/{plan.id}/items/1", data=form)
    assert answer.status_code == 409 and "อ่านกฎหมายท้องถิ่น" in answer.text
    form["version"] = plan.version
    assert client.post(f"/plans/{plan.id}/items/1", data=form).status_code == 303


@pytest.mark.parametrize("role", ["institute", "commission", "auditor"])
def test_staff_look_on(client: FlaskClient, session: Session, world: People, sign_in: Any, role: str) -> None:
    plan = agreed(session, world)
    sign_in(client, role=role)
    assert world.trainee.family_name in client.get("/plans").text
    assert "/decide" not in client.get(f"/plans/{plan.id}").text
    assert client.get(f"/officers/{world.trainee.officer_no}/readiness").status_code == 200
    assert (
        client.post(f"/plans/{plan.id}/decide", data={"version": plan.version, "decision": "agree"}).status_code == 404
    )
    answer = client.get(f"/plans/{plan.id}/file")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")


def test_pages_ask_as_often_for_many_plans_as_for_one(
    client: FlaskClient, session: Session, world: People, statements: Any
) -> None:
    plan = begun(session, world)
    enter_as(client, world.first_account)
    paths = ("/plans", f"/plans/{plan.id}", "/readiness")
    for path in paths:
        client.get(path)
    counts = []
    for _ in range(2):
        with statements() as ran:
            for path in paths:
                assert client.get(path).status_code == 200
        counts.append(len(ran))
        for number in range(4):
            operations.add_line(
                session, actor_for(world.first_account), plan, version=plan.version, **item(gap_code=f"x-{number}")
            )
        session.commit()
    assert counts[0] == counts[1]
    assert client.get("/readiness", headers={"Cookie": "language=en"}).status_code == 200
