"""The shortlist's pages: from draft to publication by two people, what stands in the way, and what it costs."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm.exc import StaleDataError

from tests.shortlist import world
from tests.shortlist.hands import hidden, only_run, publish_first, send, token
from webapp import clock
from webapp.audit import Actor, AuditEntry
from webapp.database import db
from webapp.errors import Conflict
from webapp.shortlist import operations
from webapp.shortlist.models import ShortlistRun, TieDecision


def test_from_ranking_to_publication_by_two_people(session, client, sign_in, cohort, staff, second, any_database):
    run = publish_first(session, client, sign_in, staff, second)
    assert (run.status, run.confirmed_by, run.published_by) == ("published", "นางพรทิพย์", "นายสมชาย")
    assert (run.objections_until - clock.today()).days == 30
    done = session.scalars(select(AuditEntry.action).where(AuditEntry.thing == "shortlist_run")).all()
    assert done == ["shortlist:run:draw-up", "shortlist:tie:decide", "shortlist:run:confirm", "shortlist:run:publish"]
    page = client.get(f"/shortlists/{run.id}").text
    assert "ประสบการณ์ตรง" in page
    assert "ไม่ได้เสนอต่อ" in page
    for step in ("tie", "confirm", "publish", "discard"):  # as the back button opens them
        back = client.get(f"/shortlists/{run.id}/{step}")
        assert (back.status_code, back.location) == (302, f"/shortlists/{run.id}")
    late = client.post(f"/shortlists/{run.id}/publish", data={"csrf_token": "", "version": "1"})
    assert late.status_code == 409
    assert "ต้องระบุเหตุผล" not in late.text


def test_a_tie_across_the_line_is_decided_before_confirming(session, client, sign_in, cohort, staff):
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="5")
    run = only_run(session)
    assert send(client, f"/shortlists/{run.id}/confirm").status_code == 422
    assert send(client, f"/shortlists/{run.id}/tie", chosen=["A5", "A6"], reason="เหตุผล").status_code == 422
    assert send(client, f"/shortlists/{run.id}/tie", chosen=["A5"], reason=" ").status_code == 422
    assert send(client, f"/shortlists/{run.id}/tie", chosen=["A1"], reason="เหตุผล").status_code == 422
    assert session.scalars(select(TieDecision)).all() == []
    assert only_run(session).status == "draft"


def test_whoever_confirmed_does_not_publish(session, client, sign_in, cohort, staff):
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="4")
    run = only_run(session)
    send(client, f"/shortlists/{run.id}/confirm")
    assert send(client, f"/shortlists/{run.id}/publish").status_code == 422
    assert only_run(session).status == "confirmed"


def test_open_points_of_the_plan_block_publication_and_are_named(session, client, sign_in, staff, second):
    world.five_and_more(session, approved=False, reason="")
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="4")
    run = only_run(session)
    send(client, f"/shortlists/{run.id}/confirm")
    page = client.get(f"/shortlists/{run.id}").text
    assert "แผนการประเมินยังไม่มีผู้อนุมัติคนที่สอง" in page
    assert "องค์ประกอบ exam ของแผนยังไม่มีเหตุผล" in page
    sign_in(client, account=second)
    assert send(client, f"/shortlists/{run.id}/publish").status_code == 422
    assert only_run(session).status == "confirmed"


def test_a_lost_race_inside_the_database_is_a_friendly_refusal(session, cohort, staff, any_database):
    actor = Actor(kind="account", name="ก", account_id=staff.id)
    run = operations.draw_up(session, actor=actor, cohort=cohort)
    operations.decide_tie(session, actor=actor, run=run, chosen=["A5"], reason="เหตุผล")
    session.commit()
    with pytest.raises(Conflict):
        operations.decide_tie(session, actor=actor, run=run, chosen=["A6"], reason="เหตุผล")


def test_a_form_sent_twice_draws_up_one_run(session, client, sign_in, cohort, staff):
    sign_in(client, account=staff)
    page = client.get("/cohorts/DD-2569-1/shortlist/new")
    data = {"csrf_token": token(page), "key": hidden(page, "key"), "size": "5"}
    assert data["key"]
    assert [client.post("/cohorts/DD-2569-1/shortlist/new", data=data).status_code for _ in range(2)] == [303, 303]
    assert len(session.scalars(select(ShortlistRun)).all()) == 1


def test_a_new_run_supersedes_the_published_one_with_a_reason(session, client, sign_in, cohort, staff, second):
    first = publish_first(session, client, sign_in, staff, second)
    newer = publish_first(session, client, sign_in, staff, second)
    session.expire_all()
    assert (session.get(ShortlistRun, first.id).status, newer.supersedes_id, newer.reason) == (
        "superseded",
        first.id,
        "คะแนนแก้ไข",
    )
    compared = f"/shortlists/{newer.id}/compare/{first.id}"
    assert "ผลเหมือนกันทุกคน" in client.get(compared).text
    session.scalar(select(TieDecision).where(TieDecision.run_id == first.id)).chosen = ["A6"]
    session.commit()
    page = client.get(compared).text
    assert "ต่างกัน 2 คน" in page
    assert page.count("เข้ามา") == page.count("ออกไป") == 1
    assert client.get(f"/shortlists/{first.id}").status_code == 200


def test_superseding_without_a_reason_is_refused(session, client, sign_in, cohort, staff, second):
    publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="4")
    run = only_run(session)
    send(client, f"/shortlists/{run.id}/confirm")
    sign_in(client, account=second)
    assert send(client, f"/shortlists/{run.id}/publish", reason="  ").status_code == 422
    assert only_run(session).status == "confirmed"


def test_a_draft_is_discarded_with_a_reason_and_stays_readable(session, client, sign_in, cohort, staff):
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="5")
    run = only_run(session)
    assert send(client, f"/shortlists/{run.id}/discard", reason="").status_code == 422
    assert send(client, f"/shortlists/{run.id}/discard", reason="ทดลอง").status_code == 303
    assert only_run(session).status == "discarded"
    assert "ทดลอง" in client.get(f"/shortlists/{run.id}").text


def test_closing_and_reopening_by_page(session, client, sign_in, cohort, staff):
    sign_in(client, account=staff)
    assert send(client, "/cohorts/DD-2569-1/close").status_code == 303
    assert send(client, "/cohorts/DD-2569-1/reopen", reason="").status_code == 422
    assert send(client, "/cohorts/DD-2569-1/reopen", reason="แก้คะแนน").status_code == 303


def test_every_page_speaks_both_languages_and_names_no_thai_in_english(session, client, sign_in, cohort, staff, second):
    run = publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=staff)
    client.set_cookie("language", "en")
    for path in (
        "/cohorts/DD-2569-1/ranking",
        f"/shortlists/{run.id}",
        f"/shortlists/{run.id}/people/A5",
        "/objections",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert "ลำดับ" not in page.text, path


def test_the_ranking_page_costs_the_same_whatever_the_number_of_people(
    session, client, sign_in, cohort, staff, statements
):
    sign_in(client, account=staff)
    client.get("/cohorts/DD-2569-1/ranking")
    with statements() as few:
        client.get("/cohorts/DD-2569-1/ranking")
    for number in range(30):
        world.enroll(
            session,
            cohort,
            world.officer(session, f"D{number:02}"),
            {"exam": 70, "proposal": 70, "project": 30, "coaching": 60},
        )
    session.commit()
    with statements() as many:
        client.get("/cohorts/DD-2569-1/ranking")
    assert len(many) == len(few) <= 30


def test_a_run_page_and_a_record_page_cost_the_same_whatever_is_in_them(
    session, client, sign_in, cohort, staff, statements
):
    counts = []
    sign_in(client, account=staff)
    for turn in range(2):
        send(client, "/cohorts/DD-2569-1/shortlist/new", size="5")
        run = only_run(session)
        client.get(f"/shortlists/{run.id}")
        with statements() as ran:
            client.get(f"/shortlists/{run.id}")
        with statements() as record:
            client.get("/officers/A5/record")
        counts.append((len(ran), len(record)))
        for number in range(20):
            world.enroll(
                session,
                cohort,
                world.officer(session, f"E{turn}{number:02}"),
                {"exam": 70, "proposal": 70, "project": 30, "coaching": 60},
            )
        session.commit()
    assert counts[0] == counts[1]


def test_a_run_changed_meanwhile_in_another_transaction_is_not_overwritten(
    session, cohort, staff, second, any_database
):
    """Two people confirm at once: the row's version decides, and the loser is told to open the page again."""
    actors = [Actor(kind="account", name=person.name, account_id=person.id) for person in (staff, second)]
    run = operations.draw_up(session, actor=actors[0], cohort=cohort, size=4)
    session.commit()
    assert run.status == "draft"
    session.rollback()
    with db.engine.begin() as other:
        other.execute(text("update shortlist_run set status = 'confirmed', version = version + 1"))
    with pytest.raises((Conflict, StaleDataError)):
        operations.confirm(session, actor=actors[1], run=run)
    session.rollback()
