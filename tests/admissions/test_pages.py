"""Pages of the room, as clients without scripts use them: every step, what is refused, who sees what."""

import datetime as dt
import io
import re

import pytest
from sqlalchemy import select

from tests.admissions import world
from tests.people import account
from webapp import clock
from webapp.admissions.models import Application, Offer, Selection
from webapp.courses.models import Enrollment


@pytest.fixture
def staff():
    return account("institute", name="นางพรทิพย์")


@pytest.fixture
def second():
    return account("institute", name="นายสมเกียรติ")


@pytest.fixture
def cohort(session, staff, second):
    from webapp.accounts.queries import actor_for

    made = world.cohort(session, seats=1, reserve=1)
    world.with_plan(session, made, actor_for(staff), actor_for(second))
    session.commit()
    return made


@pytest.fixture
def person(session):
    made = world.officer(session, "A1", signs_in=True)
    session.commit()
    return made


def enter(client, sign_in, session, person):
    from webapp.accounts.models import Account

    sign_in(client, account=session.get_one(Account, person.account_id))


def filed(session):
    return session.scalars(select(Application)).one()


def test_an_officer_applies_with_papers_and_sees_the_rule(client, sign_in, session, cohort, person):
    enter(client, sign_in, session, person)
    assert "/cohorts/DD-2570-1/apply" in client.get("/").text
    page = client.get("/cohorts/DD-2570-1/apply").text
    assert "ผ่านคุณสมบัติ" in page and "ดำรงตำแหน่งหรือเคยดำรงตำแหน่งผู้ช่วยผู้อำนวยการเขต" in page
    empty = client.submit("/cohorts/DD-2570-1/apply", {"motive": " "})
    assert empty.status_code == 422 and filed_none(session)
    answer = client.post(
        "/cohorts/DD-2570-1/apply",
        data={"motive": "ต้องการพัฒนางานเขต", "papers": [(io.BytesIO(b"order"), "order.txt"), (io.BytesIO(b"work"), "work.txt")]},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 303
    own = client.get(answer.location).text
    assert "order.txt" in own and "รอพิจารณาคุณสมบัติ" in own and "ต้องการพัฒนางานเขต" in own
    paper = re.search(r'href="(/my/applications/\d+/papers/\d+)"', own).group(1)
    answered = client.get(paper)
    assert answered.data == b"order"
    answered.close()
    stranger = account("officer")
    sign_in(client, account=stranger)
    assert client.get(paper).status_code == 404 and client.get(answer.location).status_code == 404


def filed_none(session):
    return session.scalars(select(Application)).all() == []


def test_what_was_typed_stays_when_a_paper_is_refused(client, sign_in, session, cohort, person):
    enter(client, sign_in, session, person)
    answer = client.post(
        "/cohorts/DD-2570-1/apply",
        data={"motive": "ข้อความยาวที่พิมพ์ไว้", "papers": [(io.BytesIO(b"MZ\x00\xff"), "a.exe")]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422 and "ข้อความยาวที่พิมพ์ไว้" in answer.text and "เป็นชนิดที่ไม่รับ" in answer.text
    assert filed_none(session)


def test_without_the_rule_met_the_page_says_what_to_do(client, sign_in, session, cohort):
    person = world.officer(session, "B1", meets=False, signs_in=True)
    session.commit()
    enter(client, sign_in, session, person)
    page = client.get("/cohorts/DD-2570-1/apply").text
    assert "ไม่ผ่านคุณสมบัติ" in page and "สิ่งที่ทำได้" in page and "แจ้งสถาบันให้แก้ทะเบียน" in page


def test_outside_the_window_there_is_no_form(client, sign_in, session, cohort, person):
    cohort.applications_close_on = clock.today() - dt.timedelta(days=1)
    session.commit()
    enter(client, sign_in, session, person)
    page = client.get("/cohorts/DD-2570-1/apply").text
    assert "พ้นกำหนดรับสมัครแล้ว" in page and 'name="motive"' not in page
    assert client.post("/cohorts/DD-2570-1/apply", data={"motive": "x"}).status_code == 422


def test_a_head_nominates_and_the_officer_answers_from_home(client, sign_in, session, cohort, person, staff):
    sign_in(client, account=staff)
    path = "/cohorts/DD-2570-1/admission/nominate?q=A1"
    assert client.submit(path, {"officer": str(person.id), "head": "ผอ.เขตดุสิต", "reason": ""}).status_code == 422
    data = {"officer": str(person.id), "head": "ผอ.เขตดุสิต", "reason": "ผลงานเด่น"}
    assert client.post(path, data=data).status_code == 303
    enter(client, sign_in, session, person)
    home = client.get("/").text
    assert "ตอบรับการเสนอชื่อ" in home
    path = f"/my/applications/{filed(session).id}"
    assert "ผลงานเด่น" in client.get(path).text
    version = str(filed(session).version)
    assert client.post(f"{path}/nomination", data={"version": version}).status_code == 422
    done = client.post(f"{path}/nomination", data={"taken": "yes", "words": "ยินดี", "version": version})
    assert done.status_code == 303
    session.expire_all()
    assert (filed(session).state, filed(session).motive) == ("filed", "ยินดี")


def test_staff_decide_with_a_reason_and_the_officer_reads_it(client, sign_in, session, cohort, staff, second):
    person = world.officer(session, "B1", meets=False, signs_in=True)
    world.applied(session, cohort, person)
    session.commit()
    sign_in(client, account=staff)
    assert "พิจารณาใบสมัคร 1 ราย" in client.get("/").text
    path = "/cohorts/DD-2570-1/admission/applicants/B1"
    version = str(filed(session).version)
    assert client.post(path, data={"step": "accept", "version": version}).status_code == 422, "not open to this one"
    assert client.post(path, data={"step": "exception", "version": version, "reason": ""}).status_code == 422
    assert client.post(path, data={"step": "exception", "version": "99", "reason": "x"}).status_code == 409
    assert (
        client.post(path, data={"step": "exception", "version": version, "reason": "รักษาการมานาน"}).status_code == 303
    )
    session.expire_all()
    version = str(filed(session).version)
    assert client.post(path, data={"step": "approve", "version": version, "reason": "ดี"}).status_code == 422
    sign_in(client, account=second)
    assert "พิจารณาข้อยกเว้นของ" in client.get("/").text
    assert client.post(path, data={"step": "refuse", "version": version, "reason": "ไม่ถึงสองปี"}).status_code == 303
    enter(client, sign_in, session, person)
    own = client.get(f"/my/applications/{filed(session).id}").text
    assert "ไม่ถึงสองปี" in own and "ก.พ.ค." in own


def test_those_who_meet_the_rule_are_accepted_at_once_after_a_look(client, sign_in, session, cohort, staff):
    for number, meets in (("A1", True), ("A2", True), ("B1", False)):
        world.applied(session, cohort, world.officer(session, number, meets=meets))
    session.commit()
    sign_in(client, account=staff)
    page = client.get("/cohorts/DD-2570-1/admission/accept-all").text
    assert "จะรับ 2 คน" in page and "ต้องพิจารณาทีละราย 1 คน" in page
    assert client.post("/cohorts/DD-2570-1/admission/accept-all").status_code == 303
    assert world.statuses(session, cohort) == {"A1": "applied", "A2": "applied"}


def test_from_ranking_to_enrollment_by_clicks(client, sign_in, session, cohort, staff, second):
    from webapp.accounts.queries import actor_for

    first = actor_for(staff)
    made = world.candidates(session, cohort, first, {"A1": (80, 80, 80), "A2": (80, 80, 80), "A3": (70, 70, 50)})
    one = account("officer", name="ผู้สมัคร")
    made["A2"].officer = session.get_one(world.Officer, made["A2"].officer_id)
    made["A2"].officer.account_id = one.id
    session.commit()
    sign_in(client, account=staff)
    assert "80.00" in client.get("/cohorts/DD-2570-1/admission/draw-up").text
    assert client.post("/cohorts/DD-2570-1/admission/draw-up", data={"key": "k"}).status_code == 303
    selection = session.scalars(select(Selection)).one()
    path = f"/admissions/{selection.id}"
    page = client.get(path).text
    assert "ตัดสินลำดับที่เท่ากัน" in page and "คะแนนการสัมภาษณ์ ได้ 50 จาก 100" in page
    entry_date = {"version": str(selection.version), "reason": "มติกรรมการ"}
    assert client.post(f"{path}/tie/seat", data={**entry_date, "chosen": ["A1", "A2"]}).status_code == 422
    assert client.post(f"{path}/tie/seat", data={**entry_date, "chosen": ["A2"]}).status_code == 303
    assert client.post(f"{path}/confirm").status_code == 303
    assert client.post(f"{path}/publish").status_code == 422, "the second person publishes"
    sign_in(client, account=second)
    assert "ประกาศผลการคัดเลือก" in client.get("/").text
    assert client.post(f"{path}/publish").status_code == 303
    assert "ตรงกันทุกตัวอักษร" in client.get(f"{path}/verify").text
    assert client.get(f"{path}/people/A3").status_code == 200
    sign_in(client, account=one)
    assert "ตอบรับหรือสละที่นั่ง" in client.get("/").text
    result = client.get(f"/my/applications/results/{selection.id}").text
    assert "ได้ที่นั่ง" in result and "ยังไม่ประกาศ" in result, "marks are shown once released"
    assert "ชื่อA1" not in result and "ชื่อA3" not in result
    assert f'href="/my/applications/results/{selection.id}"' in client.get("/my/record").text
    offer = session.scalars(select(Offer)).one()
    path = f"/my/applications/{made['A2'].id}/seats/{offer.id}"
    assert client.post(path, data={"accepted": "no", "version": str(offer.version)}).status_code == 422
    assert client.post(path, data={"accepted": "yes", "version": str(offer.version)}).status_code == 303
    assert world.statuses(session, cohort)["A2"] == "enrolled"
    assert "ท่านเป็นผู้เข้ารับการอบรมของรุ่นนี้" in client.get(f"/my/applications/{made['A2'].id}").text


def test_whoever_was_put_in_by_staff_or_file_stands_beside_the_applications(client, sign_in, session, cohort, staff):
    person = world.officer(session, "C1", meets=False)
    session.add(
        Enrollment(
            cohort_id=cohort.id, officer_id=person.id, status="applied", decided_by="นำเข้า", decided_at=clock.now()
        )
    )
    session.commit()
    sign_in(client, account=staff)
    assert "ชื่อC1" in client.get("/cohorts/DD-2570-1/admission/applicants").text
    page = client.get("/cohorts/DD-2570-1/admission/applicants/C1").text
    assert "ถือเป็นการตัดสินของสถาบัน" in page and "ไม่ผ่านคุณสมบัติ" in page
    assert (
        client.post("/cohorts/DD-2570-1/admission/applicants/C1", data={"step": "refuse", "reason": "x"}).status_code
        == 404
    )


def test_the_call_is_announced_and_its_days_checked(client, sign_in, session, cohort, staff):
    sign_in(client, account=staff)
    path = "/cohorts/DD-2570-1/admission/announcement"
    late = cohort.starts_on.isoformat()
    first = clock.today().isoformat()
    words = {"opens_on": first, "closes_on": late, "conditions_th": "เงื่อนไขที่พิมพ์", "papers": "คำสั่งแต่งตั้ง"}
    refused = client.submit(path, words)
    assert refused.status_code == 422 and "เงื่อนไขที่พิมพ์" in refused.text
    closes = (clock.today() + dt.timedelta(days=3)).isoformat()
    assert client.submit(path, {**words, "closes_on": closes}).status_code == 303
    assert "คำสั่งแต่งตั้ง" in client.get("/cohorts/DD-2570-1/admission").text


def test_the_commission_and_the_auditor_read_and_change_nothing(client, sign_in, session, cohort, staff):
    world.applied(session, cohort, world.officer(session, "A1"))
    session.commit()
    for role in ("commission", "auditor"):
        sign_in(client, role=role)
        for path in ("", "/applicants", "/applicants/A1", "/draw-up", "/seats"):
            page = client.get(f"/cohorts/DD-2570-1/admission{path}")
            assert page.status_code == 200 and 'class="btn btn-primary"' not in page.text.split("<main")[1], path
        assert client.post("/cohorts/DD-2570-1/admission/draw-up", data={}).status_code == 404
        assert client.post("/cohorts/DD-2570-1/admission/applicants/A1", data={"step": "accept"}).status_code == 404
        assert client.get("/admissions/register").status_code == 200
    for role in ("officer", "mentor", "assessor", "executive"):
        sign_in(client, role=role)
        assert client.get("/cohorts/DD-2570-1/admission").status_code == 404


def test_the_rule_of_the_register_is_set_with_a_reason(client, sign_in, session, cohort, staff):
    sign_in(client, account=staff)
    path = "/admissions/register/district-director-course/rule"
    assert client.submit(path, {"months": "12", "answer_days": "10", "reason": ""}).status_code == 422
    assert client.submit(path, {"months": "0", "answer_days": "10", "reason": "x"}).status_code == 422
    assert client.submit(path, {"months": "12", "answer_days": "10", "reason": "มติกรรมการ"}).status_code == 303
    assert "มติกรรมการ" in client.get(path).text


def test_staff_take_lists_away_and_the_commission_does_not(client, sign_in, session, cohort, staff, second):
    from webapp.accounts.queries import actor_for

    world.candidates(session, cohort, actor_for(staff), {"A1": (80, 80, 80), "A2": (70, 70, 70), "A3": (70, 70, 50)})
    made = world.published(session, cohort, actor_for(staff), actor_for(second))
    session.commit()
    addresses = (
        "/cohorts/DD-2570-1/admission/applicants.xlsx",
        f"/admissions/{made.id}.xlsx",
        "/admissions/register.xlsx",
    )
    sign_in(client, account=staff)
    pages = ("/cohorts/DD-2570-1/admission/applicants", f"/admissions/{made.id}", "/admissions/register")
    for address, page in zip(addresses, pages, strict=True):
        assert address in client.get(page).text
        assert client.get(address).data.startswith(b"PK")
    sign_in(client, role="commission")
    for address in addresses:
        assert client.get(address).status_code == 404


def test_a_new_selection_plan_starts_from_the_three_parts(client, sign_in, session, staff):
    world.cohort(session, "DD-NEW")
    session.commit()
    sign_in(client, account=staff)
    page = client.get("/cohorts/DD-NEW/plan/edit?purpose=selection").text
    for code in ("general", "specific", "interview"):
        assert f'value="{code}"' in page
    assert page.count('value="60"') == 3 and "g-attendance_percent" not in page, "nobody has attended yet"
    assert "g-attendance_percent" in client.get("/cohorts/DD-NEW/plan/edit").text
