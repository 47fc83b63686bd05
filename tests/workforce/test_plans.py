"""Plans: written by one, adopted by another, kept as adopted, superseded and never changed."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.workforce.people import TODAY, roster
from webapp.audit import AuditEntry
from webapp.workforce.models import WorkforcePlan, WorkforcePlanCourse

NEW = {
    "post": "district-director",
    "horizon": "short",
    "name": "แผนทดสอบ",
    "reason": "เพื่อปิดช่องว่าง",
    "as_of": "22/11/2569",
}


@pytest.fixture
def desk(app, session, client, sign_in, monkeypatch):
    """A roster, and a way to sign in again as somebody of the commission."""
    monkeypatch.setenv("KAONA_TODAY", TODAY.isoformat())
    roster(session)
    return client, lambda **who: sign_in(client, **(who or {"role": "commission"}))


def course_of(session):
    from webapp.careers.models import Course

    return session.scalar(select(Course.id).where(Course.code == "district-director-course"))


def drafted(session, client, **more):
    answer = client.post("/workforce/plans/new", data={**NEW, **more})
    assert answer.status_code == 303, answer.text
    plan_id = int(answer.location.rsplit("/", 1)[1])
    row = {"course": course_of(session), "ends_on": "30/6/2570", "cohorts": "1", "seats": "5", "pass_percent": "80", "reason": "ดูรุ่นก่อน"}  # fmt: skip
    answer = client.post(f"/workforce/plans/{plan_id}/courses/new", data=row)
    assert answer.status_code == 303, answer.text
    return plan_id


def test_a_plan_is_adopted_by_another_kept_superseded_and_compared(desk, session):
    client, enter = desk
    writer = enter()
    first = drafted(session, client)
    page = client.get(f"/workforce/plans/{first}").text
    assert "ท่านเขียนแผนนี้ จึงต้องให้ผู้อื่นเป็นผู้เห็นชอบ" in page
    refused = client.post(f"/workforce/plans/{first}/adopt", data={"note": "มติ 1"})
    assert refused.status_code == 422
    assert "ผู้เห็นชอบแผนต้องไม่ใช่ผู้ที่เขียนแผนนี้" in refused.text
    other = enter()
    assert client.post(f"/workforce/plans/{first}/adopt", data={"note": "มติ 1"}).status_code == 303
    plan = session.get(WorkforcePlan, first)
    assert (plan.status, plan.adopted_by_id, plan.drafted_by_id) == ("adopted", other.id, writer.id)
    year = plan.adopted_figures[0]
    assert (year["own"], year["pool"], year["passed"], year["gap_before"], year["gap_after"]) == (47, 6, 4, 47, 43)
    assert client.post(f"/workforce/plans/{first}/edit", data={**NEW, "name": "อื่น"}).status_code == 409
    second = drafted(session, client, name="แผนที่สอง", reason="ที่นั่งมากขึ้น")
    compared = client.get(f"/workforce/plans/compare?a={first}&b={second}").text
    assert "แผนที่สอง" in compared
    enter(account=writer)
    assert client.post(f"/workforce/plans/{second}/adopt", data={"note": "มติ 2"}).status_code == 303
    session.expire_all()
    assert (plan.status, plan.ended_reason, plan.name) == ("superseded", "ที่นั่งมากขึ้น", "แผนทดสอบ")
    acts = list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("workforce:plan:%"))))
    assert acts.count("workforce:plan:adopt") == 2
    assert "workforce:plan:supersede" in acts


def test_what_makes_no_sense_is_refused_and_nothing_written(desk, session):
    client, enter = desk
    enter()
    assert client.post("/workforce/plans/new", data={**NEW, "reason": " "}).status_code == 422
    plan_id = drafted(session, client)
    row = {"course": course_of(session), "cohorts": "1", "seats": "5", "pass_percent": "80", "reason": "ดูรุ่นก่อน"}
    for day in ("1/10/2571", "21/11/2569", "31/2/2570"):
        assert client.post(f"/workforce/plans/{plan_id}/courses/new", data={**row, "ends_on": day}).status_code == 422
    for wrong in (
        {"seats": "0"},
        {"pass_percent": "101"},
        {"reason": ""},
        {"cohorts": "9999999999"},
        {"course": "99999"},
    ):
        bad = {**row, "ends_on": "30/6/2570", **wrong}
        assert client.post(f"/workforce/plans/{plan_id}/courses/new", data=bad).status_code == 422, wrong
    assert len(session.scalars(select(WorkforcePlanCourse)).all()) == 1
    stale = client.post(f"/workforce/plans/{plan_id}/courses/new", data={**row, "ends_on": "30/6/2570", "lock": "1"})
    assert stale.status_code == 409
    kept = session.scalars(select(WorkforcePlanCourse)).one()
    assert client.post(f"/workforce/plans/{plan_id}/courses/{kept.id}/remove").status_code == 303
    enter()
    empty = client.post(f"/workforce/plans/{plan_id}/adopt", data={"note": "มติ"})
    assert "แผนยังไม่มีหลักสูตร" in empty.text
    assert client.post(f"/workforce/plans/{plan_id}/discard", data={"reason": "เลิกใช้"}).status_code == 303
    for method in (client.get, client.post):
        assert method("/workforce/plans/99999999999/adopt").status_code == 404


def test_the_same_form_sent_twice_makes_one_plan_and_a_new_version_brings_its_courses(desk, session):
    client, enter = desk
    enter()
    key = "0f8fad5b-d9cb-469f-a165-70867728950e"
    addresses = {client.post("/workforce/plans/new", data={**NEW, "key": key}).location for _ in range(2)}
    assert len(addresses) == 1
    plan_id = drafted(session, client)
    client.post(f"/workforce/plans/new?of={plan_id}", data=NEW)
    last = session.scalars(select(WorkforcePlan).order_by(WorkforcePlan.id.desc())).first()
    assert (last.supersedes_id, last.version) == (plan_id, 3)
    assert len(session.scalars(select(WorkforcePlanCourse).where(WorkforcePlanCourse.plan_id == last.id)).all()) == 1


def test_the_database_refuses_two_adopted_plans_and_adoption_by_the_writer(desk, session):
    client, enter = desk
    writer = enter()
    plan_id = drafted(session, client)
    plan = session.get(WorkforcePlan, plan_id)
    plan.status, plan.adopted_by_id, plan.adopted_at, plan.adopted_figures = "adopted", writer.id, plan.drafted_at, []
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_files_hold_the_figures_of_the_page_and_live_formulas(desk, session):
    client, enter = desk
    enter()
    plan_id = drafted(session, client)
    book = client.get(f"/workforce/plans/{plan_id}/file?kind=xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.data))
    years = sheets.get_sheet_by_index(0).to_python()
    assert years[4] == ["2570", 47, 0, 0, 47, 6, 4, 4, 43]
    courses = sheets.get_sheet_by_index(1).to_python()
    assert courses[4][3:8] == [1, 5, 80, 5, 4]
    forecast = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/workforce/file?kind=xlsx").data))
    director = forecast.get_sheet_by_index(1).to_python()
    assert director[4] == ["2570", 1, 47, 47, 0, 6, 0, 0, 47]
    assert forecast.get_sheet_by_index(0).to_python()[4][1] == 47
    for address in (f"/workforce/plans/{plan_id}/file?kind=pdf", "/workforce/file?kind=pdf"):
        paper = client.get(address)
        assert paper.status_code == 200
        assert paper.data.startswith(b"%PDF")
    assert client.get("/workforce/file?kind=exe").status_code == 400
    taken = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "exports:workforce:take")).all()
    assert len(taken) == 4
