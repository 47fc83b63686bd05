"""The room's pages: who sees what, the same figures as the command, one question in every list, saved scenarios."""

import io
import re

import openpyxl
import pytest

from tests.readiness import world
from webapp.careers.models import JobProfile, Post
from webapp.readiness import operations, queries
from webapp.readiness.models import Scenario
from webapp.records.eligibility import evaluation, rule_for

DIRECTOR = "/posts/district-director"


@pytest.fixture
def people(session, monkeypatch):
    monkeypatch.setenv("KAONA_TODAY", world.TODAY.isoformat())
    return world.fill(session, seed=7, count=70)


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_list_says_what_the_command_says_and_costs_the_same_for_many(session, client, sign_in, statements, people):
    sign_in(client, role="commission")
    found = evaluation(session, rule_for(session, "section-head"), world.TODAY)
    client.get("/posts/section-head/eligibility")  # from here on the facts are in hand
    with statements() as few:
        page = client.get("/posts/section-head/eligibility?state=met")
    assert f"เข้าเกณฑ์ครบ {found.summary.eligible} คน จาก {found.summary.evaluated} คน" in words_of(page)
    assert page.text.count("<tr data-open>") == found.summary.eligible
    with statements() as many:
        page = client.get("/posts/section-head/eligibility")
    assert page.text.count("<tr data-open>") == min(50, found.summary.evaluated)
    assert len(many) == len(few)
    assert "เรียงจากผู้ที่ใกล้เข้าเกณฑ์ที่สุด" in page.text
    other = client.get(
        "/posts/section-head/eligibility?as_of=1/10/2569&by=alone:sh-course&unit=BMA-D01&q=ก&sort=name&dir=desc"
    )
    assert "1 ตุลาคม 2569" in other.text


def test_other_numbers_move_the_pool_and_nonsense_is_said_with_the_page(client, sign_in, people):
    sign_in(client, role="executive")
    plain = client.get(f"{DIRECTOR}/eligibility")
    easier = client.get(f"{DIRECTOR}/eligibility?n.dd-sections.min=0&set=dd-assistant-tenure.years=0")
    counts = [int(re.search(r"เข้าเกณฑ์ครบ (\d+) คน", words_of(page)).group(1)) for page in (plain, easier)]
    assert counts[1] >= counts[0]
    assert "ตัวเลขสมมติ" in easier.text
    wrong = client.get(f"{DIRECTOR}/eligibility?n.dd-sections.min=ten&as_of=soon&version=99&set=x.y=1")
    assert wrong.status_code == 400
    assert "“ten” ใช้เป็นตัวเลขของเกณฑ์" in wrong.text
    assert 'value="ten"' in wrong.text
    assert client.get("/posts/nothing/eligibility").status_code == 404
    for page in ("eligibility", "feasibility"):
        for day in ("0001-01-01", "9999-12-31"):
            assert client.get(f"{DIRECTOR}/{page}?as_of={day}").status_code == 400


def test_the_list_is_taken_away_as_seen(session, client, sign_in, people):
    sign_in(client, role="institute")
    found = evaluation(session, rule_for(session, "district-director"), world.TODAY)
    answer = client.get(f"{DIRECTOR}/eligibility.xlsx?by=lacks:dd-course")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    lacking = found.summary.evaluated - found.summary.per_criterion["dd-course"].met
    assert sheet.max_row == lacking + 1


def test_an_officer_reads_their_own_answer_and_nobody_elses(session, client, sign_in, people):
    from webapp.officers.models import Officer

    mine, other = sorted(people)[:2]
    account = sign_in(client, role="officer")
    session.query(Officer).filter_by(officer_no=mine).one().account_id = account.id
    session.commit()
    page = client.get(f"{DIRECTOR}/eligibility/{mine}")
    assert page.status_code == 200
    assert "ผ่านแล้ว" in page.text
    assert client.get(f"/posts/assistant-district-director/eligibility/{mine}?as_of=2027-01-01").status_code == 200
    assert client.get(f"{DIRECTOR}/eligibility/{other}").status_code == 404
    assert client.get(f"{DIRECTOR}/eligibility").status_code == 404


def test_every_officers_page_opens_in_both_languages(client, sign_in, statements, people):
    sign_in(client, role="auditor")
    ran = set()
    for number in sorted(people)[:12]:
        with statements() as all_of_them:
            page = client.get(f"/posts/assistant-district-director/eligibility/{number}")
        ran.add(len(all_of_them))
        assert page.status_code == 200
    assert len(ran) == 1
    client.set_cookie("language", "en")
    page = words_of(client.get(f"/posts/assistant-district-director/eligibility/{number}"))
    assert re.search(r"Every criterion is met|Needs: ", page)


def test_a_draft_shows_who_passes_before_and_after(session, client, sign_in, people):
    post = session.query(Post).filter_by(code="district-director").one()
    other = session.query(Post).filter_by(code="section-head").one()
    shipped = queries.profile(session, post.id, 1)
    document = dict(shipped.document)
    tree = dict(document["criteria"])
    document["criteria"] = {**tree, "of": [node for node in tree["of"] if node["id"] != "dd-course"]}
    session.add(
        JobProfile(
            post_id=post.id, version=2, status="draft", document=document, drafted_by="ก", drafted_at=shipped.drafted_at
        )
    )
    session.add(
        JobProfile(
            post_id=other.id,
            version=2,
            status="draft",
            document={"criteria": {}},
            drafted_by="ก",
            drafted_at=shipped.drafted_at,
        )
    )
    session.commit()
    sign_in(client, role="commission")
    part = client.get(f"{DIRECTOR}/profiles/2/pool?set=dd-sections.min=0", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "ตัดออกในร่าง" in part.text
    assert "<html" in client.get(f"{DIRECTOR}/profiles/2/pool").text
    assert "เกณฑ์ในร่างยังไม่ครบ" in client.get("/posts/section-head/profiles/2/pool").text
    assert client.get(f"{DIRECTOR}/profiles/9/pool").status_code == 404


# Feasibility ----------------------------------------------------------------------------------------------------------


def test_a_question_is_saved_with_its_reason_and_stays_as_it_was(session, client, sign_in, people):
    sign_in(client, role="commission")
    address = f"{DIRECTOR}/feasibility?set=dd-sections.min=3"
    refused = client.submit(
        address,
        {"name": "ลดเหลือ 3 ฝ่าย", "reason": " "},
        action="/posts/district-director/feasibility?set=dd-sections.min%3D3",
    )
    assert refused.status_code == 422
    assert 'value="ลดเหลือ 3 ฝ่าย"' in refused.text
    assert session.query(Scenario).count() == 0
    answer = client.submit(
        address,
        {"name": "ลดเหลือ 3 ฝ่าย", "reason": "มีผู้ผ่านไม่พอ"},
        action="/posts/district-director/feasibility?set=dd-sections.min%3D3",
    )
    assert answer.status_code == 303
    saved = session.query(Scenario).one()
    assert (saved.changes, saved.profile_version, saved.as_of) == ([["dd-sections", "min", "3"]], 1, world.TODAY)
    before = client.get(answer.location).text
    world.fill(session, seed=8, count=10)
    assert client.get(answer.location).text.count(str(saved.figures["evaluated"])) == before.count(
        str(saved.figures["evaluated"])
    )
    assert "มีผู้ผ่านไม่พอ" in before
    assert client.get(f"{DIRECTOR}/feasibility/nothing").status_code == 404


def test_scenarios_stand_side_by_side_and_go_to_excel(session, client, sign_in, actor, people):
    sign_in(client, role="commission")
    for years in (1, 2):
        client.submit(
            f"{DIRECTOR}/feasibility?set=dd-assistant-tenure.years={years}", {"name": f"แบบที่ {years}", "reason": "เทียบ"},
            action=client_action(years),
        )  # fmt: skip
    saved = session.query(Scenario).order_by(Scenario.id).all()
    assert len(saved) == 2
    page = client.get(f"{DIRECTOR}/scenarios?" + "&".join(f"with={one.id}" for one in saved) + "&with=x")
    assert "เปรียบเทียบ" in page.text
    assert page.text.count("แบบที่ 1") >= 2
    answer = client.get(f"{DIRECTOR}/scenarios/{saved[0].id}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == 5
    assert sum(len(sheet._charts) for sheet in book) >= 3
    formulas = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")
    ]
    assert any("MATCH" in one for one in formulas)
    again = operations.save_scenario(
        session, actor, session.get(Post, saved[0].post_id), key=saved[0].key, name="อื่น", reason="อื่น", version=1,
        as_of=world.TODAY, changes=(), found={"passing": 0},
    )  # fmt: skip
    assert again.id == saved[0].id


def client_action(years):
    query = "" if years == 2 else f"?set=dd-assistant-tenure.years%3D{years}"
    return f"/posts/district-director/feasibility{query}"


def test_only_the_commission_saves_and_only_those_who_may_take_figures_away(client, sign_in, people):
    sign_in(client, role="institute")
    page = client.get(
        "/posts/assistant-district-director/feasibility?first=add-general-districts&second=add-managerial-primary"
    )
    assert page.status_code == 200
    assert "บันทึกฉากทัศน์" not in page.text
    assert (
        client.post("/posts/assistant-district-director/feasibility", data={"name": "ก", "reason": "ข"}).status_code
        == 404
    )
    assert client.get(f"{DIRECTOR}/scenarios/1.xlsx").status_code == 404
