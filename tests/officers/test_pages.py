"""Pages of officers: finding, one officer, changing by hand, and what others may not see."""

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.coaching.people import People, people, signed
from tests.people import enter_as
from tests.shortlist import world as made
from webapp import clock
from webapp.audit import AuditEntry, AuditOpening
from webapp.careers.models import Course, Post, Section, Unit
from webapp.officers import queries
from webapp.officers.models import Delegation, EvidencedWork, Officer, Posting, TrainingRecord
from webapp.thai import day_typed

NATIONAL_ID = "1101700230708"
YESTERDAY = clock.today() - dt.timedelta(days=1)


@pytest.fixture
def world(session: Session) -> People:
    found = people(session)
    found.trainee.national_id = NATIONAL_ID
    session.commit()
    return found


# Finding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["เกษม", "กษ", "ม ทดส", "นายเกษ", "T1"])
def test_any_part_of_a_name_finds_the_officer(client: FlaskClient, world: People, sign_in: Any, words: str) -> None:
    sign_in(client, role="institute")
    page = client.get("/officers", query_string={"q": words}).text
    assert "นายเกษม ทดสอบ" in page
    assert "นายขจร" not in page


def test_names_stand_in_the_order_of_the_thai_alphabet(client: FlaskClient, session: Session, sign_in: Any) -> None:
    for number, given in enumerate(("เอก", "แก้ว", "กมล", "โอภาส", "ไก่")):
        made.officer(session, f"Z{number}", given=given)
    session.commit()
    sign_in(client, role="executive")
    page = client.get("/officers").text
    order = sorted(("เอก", "แก้ว", "กมล", "โอภาส", "ไก่"), key=lambda name: page.index(f"นาย{name} "))
    assert order == ["กมล", "แก้ว", "ไก่", "เอก", "โอภาส"]


def test_the_list_narrows_by_post_unit_and_service(session: Session, world: People) -> None:
    everybody = queries.Reader(None, everything=True)
    today = clock.today()
    found, total = queries.officers_page(session, everybody, today, unit="BMA-D01", post="assistant-district-director")
    assert total == len(found) == 4
    assert queries.officers_page(session, everybody, today, unit="BMA-D02")[1] == 0
    world.trainee.left_on = today
    session.flush()
    assert queries.officers_page(session, everybody, today, service="left")[1] == 0
    world.trainee.left_on = YESTERDAY
    session.flush()
    assert [one.officer_no for one in queries.officers_page(session, everybody, today, service="left")[0]] == ["T1"]


def test_a_mentor_finds_their_trainees_alone(client: FlaskClient, world: People) -> None:
    enter_as(client, world.mentor_account)
    page = client.get("/officers").text
    assert "เกษม" in page and "ขจร" not in page
    assert client.get("/officers/T1").status_code == 200
    assert client.get("/officers/T2").status_code == 404
    assert client.get("/officers/M1").status_code == 200


def test_an_officer_sees_their_own_page_alone(client: FlaskClient, world: People) -> None:
    enter_as(client, world.first_account)
    assert client.get("/officers").status_code == 404
    assert client.get("/my/career", follow_redirects=True).status_code == 200
    assert client.get("/officers/T2").status_code == 404
    assert client.get("/officers/nobody").status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(
    client: FlaskClient, session: Session, sign_in: Any, statements: Any
) -> None:
    made.officer(session, "A0")
    session.commit()
    sign_in(client, role="institute")
    client.get("/officers")
    with statements() as few:
        client.get("/officers")
    for number in range(1, 15):
        made.officer(session, f"A{number}")
    session.commit()
    with statements() as many:
        client.get("/officers")
    assert len(many) == len(few)


# The national id -----------------------------------------------------------------------------------------------------


def test_the_national_id_is_masked_and_opened_for_a_reason_only(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="commission")
    assert NATIONAL_ID not in client.get("/officers/T1").text
    assert client.post("/officers/T1/national-id", data={"reason": " "}).status_code == 422
    page = client.post("/officers/T1/national-id", data={"reason": "ตรวจคำสั่งแต่งตั้ง"})
    assert NATIONAL_ID in page.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "officers:national-id:view")).one()
    assert session.get_one(AuditOpening, entry.id).reason == "ตรวจคำสั่งแต่งตั้ง"
    assert NATIONAL_ID not in client.get("/officers/T1").text


def test_others_do_not_open_a_national_id(client: FlaskClient, world: People, sign_in: Any) -> None:
    enter_as(client, world.mentor_account)
    assert client.post("/officers/T1/national-id", data={"reason": "x"}).status_code == 404
    assert NATIONAL_ID[-3:] not in client.get("/officers/T1").text
    sign_in(client, role="executive")
    assert client.post("/officers/T1/national-id", data={"reason": "x"}).status_code == 404
    sign_in(client, role="auditor")
    assert client.post("/officers/T1/national-id", data={"reason": "x"}).status_code == 404
    enter_as(client, world.first_account)
    assert NATIONAL_ID in client.post("/officers/T1/national-id").text


# Changing ------------------------------------------------------------------------------------------------------------


def test_particulars_change_with_a_reason_and_are_found_by_the_new_name(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    assert client.submit("/officers/T1/edit", {"given_name": "อารี", "reason": ""}).status_code == 422
    assert client.submit("/officers/T1/edit", {"given_name": "อารี", "reason": "เปลี่ยนชื่อ"}).status_code == 303
    assert "นายอารี ทดสอบ" in client.get("/officers?q=อารี").text
    assert session.get_one(Officer, world.trainee.id).national_id == NATIONAL_ID


def test_a_stale_change_of_particulars_is_refused(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="institute")
    from tests.reader import form_with

    form = form_with(client.get("/officers/T1/edit").text, {"seen"})
    world.trainee.family_name = "เปลี่ยนแล้ว"
    session.commit()
    answer = client.post("/officers/T1/edit", data={**form.values, "given_name": "อารี", "reason": "x"})
    assert answer.status_code == 422
    assert "ก่อนท่าน" in answer.text


@pytest.mark.parametrize(
    "values",
    [{"national_id": "1101700230709"}, {"supervisor_no": "T1"}, {"supervisor_no": "none"}, {"left_on": "1/1/2500"}],
)
def test_particulars_that_cannot_be_are_refused(
    client: FlaskClient, world: People, sign_in: Any, values: dict[str, str]
) -> None:
    sign_in(client, role="institute")
    assert client.submit("/officers/T1/edit", {**values, "reason": "x"}).status_code == 422


def ids(session: Session) -> dict[str, str]:
    return {
        "post": str(session.scalar(select(Post.id).where(Post.code == "section-head"))),
        "unit": str(session.scalar(select(Unit.id).where(Unit.code == "BMA-D02"))),
        "course": str(session.scalar(select(Course.id).order_by(Course.id).limit(1))),
        "section": session.scalar(select(Section.code).where(Section.code == "revenue")) or "",
    }


def test_facts_are_added_by_hand_once(client: FlaskClient, session: Session, world: People, sign_in: Any) -> None:
    sign_in(client, role="institute")
    some = ids(session)
    day = day_typed(YESTERDAY)
    posting = {
        "post": some["post"],
        "unit": some["unit"],
        "section": "revenue",
        "grade": "knowledge/senior-professional",
        "started_on": day,
    }
    delegation = {"unit": some["unit"], "section": some["section"], "started_on": day}
    work = {"title": "ลานกีฬาชุมชน", "done_on": day}
    training = {"completed_on": day, "course": some["course"], "result": "passed"}
    for kind, values in (("posting", posting), ("delegation", delegation), ("work", work), ("training", training)):
        assert client.submit(f"/officers/T1/add/{kind}", dict(values)).status_code == 303, kind
        answer = client.submit(f"/officers/T1/add/{kind}", dict(values))
        assert answer.status_code == 422, kind
        assert "อยู่แล้ว" in answer.text
    for model in (Delegation, EvidencedWork, TrainingRecord):
        assert session.scalar(select(func.count(model.id)).where(model.officer_id == world.trainee.id)) == 1
    page = client.get("/officers/T1").text
    assert "ลานกีฬาชุมชน" in page


def test_what_has_happened_cannot_lie_ahead(client: FlaskClient, world: People, sign_in: Any) -> None:
    sign_in(client, role="commission")
    tomorrow = day_typed(clock.today() + dt.timedelta(days=1))
    assert client.submit("/officers/T1/add/work", {"title": "x", "done_on": tomorrow}).status_code == 422
    assert client.submit("/officers/T1/add/training", {"completed_on": tomorrow}).status_code == 422


def test_an_order_signed_ahead_is_taken(client: FlaskClient, session: Session, world: People, sign_in: Any) -> None:
    sign_in(client, role="commission")
    some = ids(session)
    tomorrow = day_typed(clock.today() + dt.timedelta(days=1))
    values = {"unit": some["unit"], "section": some["section"], "started_on": tomorrow}
    assert client.submit("/officers/T1/add/delegation", values).status_code == 303


def test_a_work_is_verified_by_another_than_who_entered_it(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    sign_in(client, role="commission")
    client.submit("/officers/T1/add/work", {"title": "งาน", "done_on": day_typed(YESTERDAY)})
    work = session.scalars(select(EvidencedWork)).one()
    path = f"/officers/works/{work.id}/verify"
    assert client.submit(path, {"verified_on": day_typed(clock.today())}).status_code == 422
    another = signed(world.other, "commission")
    another.name = "อีกคน"
    session.commit()
    enter_as(client, another)
    assert client.submit(path, {"verified_on": day_typed(YESTERDAY - dt.timedelta(days=1))}).status_code == 422
    assert client.submit(path, {"verified_on": day_typed(clock.today())}).status_code == 303
    assert client.post(path, data={"verified_on": day_typed(clock.today())}).status_code == 422
    session.refresh(work)
    assert work.verified_by == "อีกคน"


def test_a_voided_fact_stays_to_be_seen_with_its_reason(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    row = session.scalars(select(Posting).where(Posting.officer_id == world.trainee.id)).one()
    row.voided_at, row.voided_by, row.void_reason = clock.now(), "ผู้แก้", "คำสั่งถูกยกเลิก"
    session.commit()
    sign_in(client, role="auditor")
    page = client.get("/officers/T1").text
    assert "คำสั่งถูกยกเลิก" in page and "ไม่มีตำแหน่งในปัจจุบัน" in page


def test_a_fact_leads_to_its_place_on_the_page(client: FlaskClient, session: Session, world: People) -> None:
    row = session.scalars(select(Posting).where(Posting.officer_id == world.trainee.id)).one()
    enter_as(client, world.mentor_account)
    assert client.get(f"/officers/facts/posting/{row.id}").location.endswith(f"/officers/T1#posting-{row.id}")
    enter_as(client, world.other_account)
    assert client.get(f"/officers/facts/posting/{row.id}").status_code == 404


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_reads_in_both_languages(
    client: FlaskClient, session: Session, world: People, sign_in: Any, language: str
) -> None:
    client.set_cookie("language", language)
    sign_in(client, role="commission")
    client.submit("/officers/T1/add/work", {"title": "งาน", "done_on": day_typed(YESTERDAY)})
    work = session.scalars(select(EvidencedWork)).one()
    pages = [
        "",
        "/T1",
        "/T1/edit",
        f"/works/{work.id}/verify",
        *(f"/T1/add/{kind}" for kind in ("posting", "delegation", "work", "training")),
    ]
    for path in pages:
        assert client.get(f"/officers{path}").status_code == 200, path
