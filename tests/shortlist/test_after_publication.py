"""After publication: own results, objections, discretion, and who sees which marks."""

from sqlalchemy import select

from tests.people import account
from tests.shortlist.hands import hidden, officer_account, only_run, publish_first, send, token
from webapp import clock
from webapp.assessments.models import ScoreRelease
from webapp.notices.models import Notice
from webapp.shortlist.models import Discretion, ExceptionRule, Objection


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
    undecided = send(client, f"/objections/{objection.id}/answer", reason="ตรวจแล้วถูกต้อง").text
    assert "กรุณาเลือกจากรายการ" in undecided
    assert "Not a valid choice" not in undecided
    assert (
        send(client, f"/objections/{objection.id}/answer", outcome="dismissed", reason="ตรวจแล้วถูกต้อง").status_code
        == 303
    )
    sign_in(client, account=own)
    assert "ตรวจแล้วถูกต้อง" in client.get(path).text
    publish_first(session, client, sign_in, staff, second)
    sign_in(client, account=own)
    replaced = client.get(path).text
    assert "รายชื่อนี้ถูกแทนแล้ว" in replaced
    assert "พ้นกำหนด" not in replaced


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


def test_whoever_is_next_and_everybody_whose_result_it_is_are_told(session, client, sign_in, cohort, staff, second):
    own = officer_account(session, "A5")
    run = publish_first(session, client, sign_in, staff, second)
    told = session.execute(select(Notice.account_id, Notice.kind, Notice.link).order_by(Notice.id)).all()
    assert (second.id, "shortlist:run:confirmed", f"/shortlists/{run.id}") in told
    assert (own.id, "shortlist:run:published", f"/my/places/{run.id}") in told
    assert staff.id not in {account_id for account_id, _kind, _link in told}


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
