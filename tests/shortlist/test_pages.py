"""The shortlist's pages: from draft to publication by two people, what stands in the way, and who sees what."""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm.exc import StaleDataError

from tests.people import account
from tests.shortlist import world
from webapp import clock
from webapp.assessments.models import ScoreRelease
from webapp.audit import Actor, AuditEntry
from webapp.database import db
from webapp.errors import Conflict
from webapp.notices.models import Notice
from webapp.officers.models import Officer
from webapp.shortlist import operations
from webapp.shortlist.models import Discretion, ExceptionRule, Objection, ShortlistRun, TieDecision


@pytest.fixture
def cohort(session):
    return world.five_and_more(session)


@pytest.fixture
def staff():
    return account("institute", name="นางพรทิพย์")


@pytest.fixture
def second():
    return account("institute", name="นายสมชาย")


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)


def hidden(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    return found.group(1) if found else ""


def send(client, path, **fields):
    """Open the page, then send its form with these fields."""
    page = client.get(path)
    assert page.status_code == 200, path
    data = {"csrf_token": token(page), "version": hidden(page, "version"), "key": hidden(page, "key"), **fields}
    return client.post(path, data=data)


def only_run(session):
    session.expire_all()
    return session.scalars(select(ShortlistRun).order_by(ShortlistRun.id.desc())).first()


def publish_first(session, client, sign_in, staff, second):
    """A run drawn up, decided, confirmed and published by two people."""
    sign_in(client, account=staff)
    assert send(client, "/cohorts/DD-2569-1/shortlist/new", size="5").status_code == 303
    run = only_run(session)
    assert send(client, f"/shortlists/{run.id}/tie", chosen=["A5"], reason="ประสบการณ์ตรง").status_code == 303
    assert send(client, f"/shortlists/{run.id}/confirm").status_code == 303
    sign_in(client, account=second)
    assert send(client, f"/shortlists/{run.id}/publish", reason="คะแนนแก้ไข").status_code == 303
    return only_run(session)


def test_from_ranking_to_publication_by_two_people(session, client, sign_in, cohort, staff, second, any_database):
    run = publish_first(session, client, sign_in, staff, second)
    assert (run.status, run.confirmed_by, run.published_by) == ("published", "นางพรทิพย์", "นายสมชาย")
    assert (run.objections_until - clock.today()).days == 30
    done = session.scalars(select(AuditEntry.action).where(AuditEntry.thing == "shortlist_run")).all()
    assert done == ["shortlist:run:draw-up", "shortlist:tie:decide", "shortlist:run:confirm", "shortlist:run:publish"]
    page = client.get(f"/shortlists/{run.id}").text
    assert "ประสบการณ์ตรง" in page
    assert "ไม่ได้เสนอต่อ" in page


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


def test_two_people_confirm_at_once_and_one_is_told(session, client, sign_in, cohort, staff, second):
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="4")
    run = only_run(session)
    page = client.get(f"/shortlists/{run.id}/confirm")
    data = {"csrf_token": token(page), "version": hidden(page, "version")}
    assert client.post(f"/shortlists/{run.id}/confirm", data=data).status_code == 303
    again = client.post(f"/shortlists/{run.id}/confirm", data=data)
    assert again.status_code == 409
    assert "กรุณาเปิดหน้านี้ใหม่" in again.text
    assert only_run(session).confirmed_by == "นางพรทิพย์"


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
    assert client.get(f"/shortlists/{newer.id}/compare/{first.id}").status_code == 200
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


def officer_account(session, number, *roles):
    made = account("officer", *roles)
    session.scalar(select(Officer).where(Officer.officer_no == number)).account_id = made.id
    session.commit()
    return made


def test_officers_see_their_own_place_once_published_and_nobody_elses(session, client, sign_in, cohort, staff, second):
    own = officer_account(session, "A5")
    sign_in(client, account=own)
    assert "ยังไม่มีผลที่เผยแพร่" in client.get("/my/places").text
    run = publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=own)
    page = client.get(f"/my/places/{run.id}").text
    assert "76.33" in page
    assert "ก.พ.ค." in page
    assert "ชื่อA1" not in page
    assert page.count("ยังไม่ประกาศ") == 4
    for path in (
        f"/shortlists/{run.id}",
        "/shortlists",
        "/cohorts/DD-2569-1/ranking",
        f"/shortlists/{run.id}/people/A1",
    ):
        assert client.get(path).status_code == 404
    stranger = account("officer")
    sign_in(client, account=stranger)
    assert client.get(f"/my/places/{run.id}").status_code == 404


def test_an_executive_sees_published_runs_only(session, client, sign_in, cohort, staff, second):
    sign_in(client, account=staff)
    send(client, "/cohorts/DD-2569-1/shortlist/new", size="4")
    draft = only_run(session)
    run = publish_first(session, client, sign_in, staff, second)
    sign_in(client, role="executive")
    listed = client.get("/shortlists").text
    assert f'/shortlists/{run.id}"' in listed
    assert f'/shortlists/{draft.id}"' not in listed
    assert client.get(f"/shortlists/{draft.id}").status_code == 404
    assert client.get(f"/shortlists/{run.id}").status_code == 200


def test_an_objection_is_filed_once_and_answered_with_a_reason(
    session, client, sign_in, cohort, staff, second, any_database
):
    own = officer_account(session, "A5")
    run = publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=own)
    path = f"/my/places/{run.id}"
    page = client.get(path)
    data = {"csrf_token": token(page), "key": hidden(page, "key"), "text": "คะแนนโครงการไม่ถูกต้อง"}
    assert [client.post(path, data=data).status_code for _ in range(2)] == [303, 303]
    assert client.post(path, data={**data, "text": "อื่น"}).status_code == 409
    objection = session.scalars(select(Objection)).one()
    told = session.execute(select(Notice.account_id).where(Notice.kind == "shortlist:objection:filed")).scalars().all()
    assert {staff.id, second.id} <= set(told)
    sign_in(client, account=staff)
    assert "รอคำตอบ" in client.get("/objections").text
    assert send(client, f"/objections/{objection.id}/answer", outcome="dismissed", reason="").status_code == 422
    assert (
        send(client, f"/objections/{objection.id}/answer", outcome="dismissed", reason="ตรวจแล้วถูกต้อง").status_code
        == 303
    )
    sign_in(client, account=own)
    assert "ตรวจแล้วถูกต้อง" in client.get(path).text


def test_the_window_for_objections_closes_and_is_a_setting(
    session, client, sign_in, cohort, staff, second, monkeypatch
):
    monkeypatch.setenv("KAONA_TODAY", "2026-11-22")
    own = officer_account(session, "A5")
    sign_in(client, account=staff)
    assert send(client, "/objections/window", days="7", reason="ตามประกาศ").status_code == 303
    run = publish_first(session, client, sign_in, staff, second)
    assert run.objections_until.isoformat() == "2026-11-29"
    sign_in(client, account=own)
    page = client.get(f"/my/places/{run.id}")
    assert "29 พฤศจิกายน 2569" in page.text
    monkeypatch.setenv("KAONA_TODAY", "2026-11-30")
    sign_in(client, account=own)
    data = {"csrf_token": token(client.get(f"/my/places/{run.id}")), "text": "ขอคัดค้าน"}
    late = client.post(f"/my/places/{run.id}", data=data)
    assert (late.status_code, session.scalars(select(Objection)).all()) == (422, [])
    assert "พ้นกำหนด" in late.text


def test_discretion_needs_a_rule_published_beforehand_by_a_second_person(
    session, client, sign_in, cohort, staff, second
):
    author, other, executive = account("commission"), account("commission"), account("executive", name="ผู้บริหาร")
    late = publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=author)
    fields = {"code": "PHYSICIAN", "name_th": "แพทย์", "text_th": "ผู้มีใบอนุญาต", "reason": "ข้อสังเกตที่ 7"}
    assert send(client, "/exception-rules/new", **fields).status_code == 303
    rule = session.scalars(select(ExceptionRule)).one()
    publish = {"csrf_token": token(client.get("/exception-rules/new"))}
    client.post(f"/exception-rules/{rule.id}/publish", data=publish)
    session.expire_all()
    assert session.get(ExceptionRule, rule.id).published_at is None
    sign_in(client, account=other)
    client.post(f"/exception-rules/{rule.id}/publish", data={"csrf_token": token(client.get("/exception-rules/new"))})
    sign_in(client, account=executive)
    assert "ไม่มีหลักเกณฑ์ข้อยกเว้นที่ใช้ได้" in client.get(f"/shortlists/{late.id}/discretion").text
    run = publish_first(session, client, sign_in, staff, second)
    before = run.result
    sign_in(client, account=executive)
    path = f"/shortlists/{run.id}/discretion"
    fields = {"officer_no": "B1", "rule_id": str(rule.id), "category": "แพทย์", "reason": ""}
    assert send(client, path, **fields).status_code == 422
    assert send(client, path, **{**fields, "reason": "จำเป็นต่อราชการ"}).status_code == 303
    made = session.scalars(select(Discretion)).one()
    assert (made.used_by, only_run(session).result) == ("ผู้บริหาร", before)
    assert "จำเป็นต่อราชการ" in client.get("/discretion").text
    assert "จำเป็นต่อราชการ" in client.get(f"/shortlists/{run.id}").text


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


def test_whoever_is_next_and_everybody_whose_result_it_is_are_told(session, client, sign_in, cohort, staff, second):
    own = officer_account(session, "A5")
    run = publish_first(session, client, sign_in, staff, second)
    told = session.execute(select(Notice.account_id, Notice.kind, Notice.link).order_by(Notice.id)).all()
    assert (second.id, "shortlist:run:confirmed", f"/shortlists/{run.id}") in told
    assert (own.id, "shortlist:run:published", f"/my/places/{run.id}") in told
    assert staff.id not in {account_id for account_id, _kind, _link in told}


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


def test_marks_of_panel_members_show_to_whom_they_may(session, client, sign_in, cohort, staff, second):
    run = publish_first(session, client, sign_in, staff, second)
    for role, seen in (("institute", True), ("auditor", True), ("commission", False), ("executive", False)):
        sign_in(client, role=role)
        assert ("กรรมการ ก" in client.get(f"/shortlists/{run.id}/people/A5").text) is seen, role
    session.add(
        ScoreRelease(
            cohort_id=run.cohort_id, purpose="ranking", component="proposal", released_by="ก", released_at=clock.now()
        )
    )
    session.commit()
    for role, seen in (("commission", True), ("executive", False)):
        sign_in(client, role=role)
        assert ("กรรมการ ก" in client.get(f"/shortlists/{run.id}/people/A5").text) is seen, role
