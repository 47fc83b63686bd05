"""The talent pool: two people and a reason for every membership; nothing by itself."""

import datetime as dt

import pytest
from sqlalchemy import select

from tests.workforce.people import TODAY, roster
from webapp.errors import RuleBroken
from webapp.officers.models import Officer
from webapp.workforce.models import TalentMember, TalentStep
from webapp.workforce.talent.queries import years_between
from webapp.workforce.talent.rules import Signs, check_dates, check_reviewer, is_suggested


@pytest.fixture
def desk(app, session, client, sign_in, monkeypatch):
    monkeypatch.setenv("KAONA_TODAY", TODAY.isoformat())
    roster(session)
    return client, lambda role="executive", **who: sign_in(client, **(who or {"role": role}))


def test_the_suggestion_follows_the_stated_rule():
    assert is_suggested(Signs(("DD-2569-1",), (), 3))
    assert is_suggested(Signs((), ("district-director",), 9))
    assert not is_suggested(Signs(("DD-2569-1",), (), 2))
    assert not is_suggested(Signs((), (), 20))
    assert years_between(dt.date(2026, 10, 1), dt.date(2029, 9, 30)) == 3
    assert years_between(dt.date(2026, 10, 2), dt.date(2029, 9, 30)) == 2


def test_days_and_reviewers_that_make_no_sense_are_refused():
    day = dt.date(2026, 11, 22)
    check_dates(day, day, None, dt.date(2027, 11, 22))
    for until, review in ((dt.date(2026, 11, 21), dt.date(2027, 1, 1)), (None, day), (None, dt.date(2027, 11, 23)),
                          (dt.date(2027, 1, 1), dt.date(2027, 1, 2))):  # fmt: skip
        with pytest.raises(RuleBroken):
            check_dates(day, day, until, review)
    check_reviewer(1, 2, 3)
    for nominator, reviewer, own in ((1, 1, None), (1, None, None), (1, 2, 2)):
        with pytest.raises(RuleBroken):
            check_reviewer(nominator, reviewer, own)


def test_one_nominates_another_takes_in_and_the_officer_sees_it_then(desk, session):
    client, enter = desk
    nominator = enter()
    officer = session.scalars(select(Officer).where(Officer.officer_no == "20005")).one()
    form = client.get("/workforce/talent/nominate?officer=20005").text
    assert "พร้อมใน 1 ปีสำหรับผู้อำนวยการเขต" in form
    sent = {"post": "district-director", "reason": "แก้น้ำท่วมได้จริง", "evidence": ["ready:district-director"]}
    address = client.post("/workforce/talent/nominate?officer=20005", data=sent).location
    again = client.post("/workforce/talent/nominate?officer=20005", data=sent)
    assert again.status_code == 422
    own_review = client.post(f"{address}/review", data={"outcome": "accept", "reason": "ดี"})
    assert own_review.status_code == 422
    own = enter("officer")
    officer.account_id = own.id
    session.commit()
    assert "แก้น้ำท่วมได้จริง" not in client.get("/my/talent-pool").text
    enter("commission")
    days = {"from_on": "22/11/2569", "until_on": "", "review_on": "22/11/2570"}
    without_day = client.post(f"{address}/review", data={"outcome": "accept", "reason": "เห็นพ้อง", "review_on": ""})
    assert without_day.status_code == 422
    accepted = client.post(f"{address}/review", data={"outcome": "accept", "reason": "เห็นพ้อง", **days})
    assert accepted.status_code == 303, accepted.text
    member = session.scalars(select(TalentMember)).one()
    assert (member.status, member.nominated_by_id, member.review_on) == ("member", nominator.id, dt.date(2027, 11, 22))
    assert member.evidence[0]["words_en"].startswith("Ready in 1 year for")
    enter(account=own)
    assert "แก้น้ำท่วมได้จริง" in client.get("/my/talent-pool").text
    enter("commission")
    kept = {"review_on": "1/11/2570", "reason": "ยังพัฒนาต่อเนื่อง"}
    assert client.post(f"{address}/keep", data=kept).status_code == 303
    assert client.post(f"{address}/leave", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/leave", data={"reason": "ขอถอนตัว"}).status_code == 303
    steps = session.scalars(select(TalentStep.kind).order_by(TalentStep.id)).all()
    assert steps == ["nominated", "accepted", "kept", "left"]
    page = client.get(address).text
    assert "ขอถอนตัว" in page
    assert client.get("/workforce/talent?status=left").status_code == 200


def test_nobody_nominates_themselves_and_the_list_is_not_the_institutes(desk, session):
    client, enter = desk
    own = enter()
    officer = session.scalars(select(Officer).where(Officer.officer_no == "20006")).one()
    officer.account_id = own.id
    session.commit()
    refused = client.post("/workforce/talent/nominate?officer=20006", data={"post": "", "reason": "ตัวเอง"})
    assert refused.status_code == 422
    assert client.get("/workforce/talent/nominate?officer=none").status_code == 404
    assert client.get("/workforce/talent/suggestions").status_code == 200
    enter("institute")
    assert client.get("/workforce/talent").status_code == 404
    assert client.get("/my/talent-pool").status_code == 404


def test_lists_ask_as_much_of_many_as_of_few(desk, session, statements):
    client, enter = desk
    enter()
    pages = ("/workforce/talent?status=nominated", "/workforce/talent/suggestions", "/workforce/plans")
    counts = []
    for number in ("20005", "20007"):
        sent = {"post": "", "reason": "เห็นศักยภาพ"}
        assert client.post(f"/workforce/talent/nominate?officer={number}", data=sent).status_code == 303
        ran_of = []
        for page in pages:
            with statements() as ran:
                assert client.get(page).status_code == 200
            ran_of.append(len(ran))
        counts.append(ran_of)
    assert counts[0] == counts[1]
