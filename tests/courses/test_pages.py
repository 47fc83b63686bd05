"""The pages of cohorts, as staff and trainees open them."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from webapp import thai
from webapp.careers.models import Course
from webapp.courses import operations, queries
from webapp.courses.models import Attendance, Cohort, Enrollment
from webapp.errors import RuleBroken
from webapp.officers.models import Officer


def officer(session, number, given="สมชาย", family="ใจดี", account=None):
    made = Officer(
        officer_no=number, title="นาย", given_name=given, family_name=family, sort_key=thai.sort_key(f"{given} {family}"),
        birth_date=dt.date(1975, 1, 1), entry_date=dt.date(2000, 1, 1), account_id=account.id if account else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def cohort(session, actor):
    course = session.scalar(select(Course).where(Course.code == "district-director-course"))
    made = operations.open_cohort(
        session, actor, code="DD-1", course=course, name_th="รุ่นทดสอบ", name_en="Test cohort",
        starts_on=dt.date(2026, 1, 5), ends_on=dt.date(2026, 6, 30), seats=3,
    )  # fmt: skip
    for number in (1, 2):
        operations.put_session(
            session, actor, made, code=f"S0{number}", part="lecture", name_th=f"คาบที่ {number}",
            held_on=dt.date(2026, 1, 5 + number), hours=Decimal(6),
        )  # fmt: skip
    session.commit()
    return made


def test_staff_set_up_a_cohort_by_page(client, sign_in, session):
    sign_in(client, role="institute")
    course = session.scalar(select(Course.id).where(Course.code == "district-director-course"))
    form = {
        "code": "DD-9",
        "course": course,
        "name_th": "รุ่นเก้า",
        "starts_on": "5/1/2569",
        "ends_on": "30/6/2569",
        "seats": "40",
        "shortlist_size": "5",
    }
    assert client.post("/cohorts/new", data=form).status_code == 303
    assert session.scalar(select(Cohort).where(Cohort.code == "DD-9")).starts_on == dt.date(2026, 1, 5)
    again = client.post("/cohorts/new", data=form)
    assert again.status_code == 422
    assert "มีรุ่นรหัส DD-9 อยู่แล้ว" in again.text


def test_every_page_of_a_cohort_opens(client, sign_in, session, cohort, actor):
    someone = officer(session, "1001")
    operations.enroll(session, actor, cohort, someone)
    session.commit()
    sign_in(client, role="institute")
    for path in (
        "/cohorts", "/cohorts/new", "/cohorts/DD-1", "/cohorts/DD-1/edit", "/cohorts/DD-1/sessions", "/cohorts/DD-1/sessions/new",
        "/cohorts/DD-1/sessions/S01/edit", "/cohorts/DD-1/sessions/S01/attendance", "/cohorts/DD-1/people", "/cohorts/DD-1/people/add?q=สม",
        "/cohorts/DD-1/people/1001", "/cohorts/DD-1/attendance", "/cohorts/DD-1/attendance/1001",
    ):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200, path
    assert client.get("/cohorts/none").status_code == 404


def test_one_sheet_records_everybody(client, sign_in, session, cohort, actor):
    people = [operations.enroll(session, actor, cohort, officer(session, f"10{n}")) for n in range(3)]
    session.commit()
    ids = [person.id for person in people]
    sign_in(client, role="institute")
    form = {f"present-{ids[0]}": "yes", f"present-{ids[1]}": "yes", f"hours-{ids[1]}": "๒.๕"}
    assert client.post("/cohorts/DD-1/sessions/S01/attendance", data=form).status_code == 303
    rows = {row.enrollment_id: (row.present, row.hours) for row in session.scalars(select(Attendance))}
    assert rows == {ids[0]: (True, Decimal(6)), ids[1]: (True, Decimal("2.5")), ids[2]: (False, Decimal(0))}
    attended = queries.attended_by(session, cohort, ids)
    assert [attended[i].percent for i in ids] == [Decimal(50), Decimal("2.5") * 100 / 12, Decimal(0)]
    too_many = client.post(
        "/cohorts/DD-1/sessions/S01/attendance", data={f"present-{ids[0]}": "yes", f"hours-{ids[0]}": "7"}
    )
    assert too_many.status_code == 422
    assert "ต้องไม่เกิน 6" in too_many.text
    unticked = client.post("/cohorts/DD-1/sessions/S01/attendance", data={f"hours-{ids[0]}": "2"})
    assert unticked.status_code == 422
    assert "ไม่ได้ทำเครื่องหมายว่ามา" in unticked.text


def test_two_people_with_the_same_sheet_open_undo_nothing_of_each_others(client, sign_in, session, cohort, actor):
    ids = [operations.enroll(session, actor, cohort, officer(session, f"11{n}")).id for n in range(3)]
    session.commit()
    sign_in(client, role="institute")
    path = "/cohorts/DD-1/sessions/S01/attendance"
    held = queries.session_by_code(session, cohort, "S01")
    everybody = dict.fromkeys(ids, (True, None))
    operations.take_attendance(session, actor, held, everybody)
    session.commit()
    was = {f"was-{one}": "1:6.00" for one in ids}
    assert all(f'name="{name}" value="1:6.00"' in client.get(path).text for name in was)
    operations.take_attendance(session, actor, held, everybody | {ids[0]: (False, None), ids[1]: (True, Decimal(3))})
    session.commit()

    def now():
        session.expire_all()
        rows = session.scalars(select(Attendance).order_by(Attendance.enrollment_id))
        return [(row.present, row.hours) for row in rows]

    shown = was | {f"present-{one}": "yes" for one in ids}
    assert client.post(path, data=shown).status_code == 303
    assert now() == [(False, 0), (True, 3), (True, 6)], "rows left as they were shown are nobody's change"
    refused = client.post(path, data=shown | {f"hours-{ids[1]}": "2", f"hours-{ids[2]}": "1"})
    assert refused.status_code == 422
    assert f"{actor.name} บันทึกไว้ว่ามา 3 ชั่วโมง" in refused.text
    assert now() == [(False, 0), (True, 3), (True, 6)]
    assert f'name="was-{ids[1]}" value="1:3.00"' in refused.text
    knowing = shown | {f"was-{ids[1]}": "1:3.00", f"hours-{ids[1]}": "2", f"hours-{ids[2]}": "1"}
    assert client.post(path, data=knowing).status_code == 303
    assert client.post(path, data=knowing).status_code == 303, "sent twice is the same as once"
    assert now() == [(False, 0), (True, 2), (True, 1)]


def test_a_full_cohort_takes_nobody_more(session, cohort, actor):
    for number in range(3):
        operations.enroll(session, actor, cohort, officer(session, f"20{number}"))
    with pytest.raises(RuleBroken, match="เต็มแล้ว"):
        operations.enroll(session, actor, cohort, officer(session, "209"))
    operations.enroll(session, actor, cohort, officer(session, "210"), status="reserve")


def test_withdrawal_needs_a_reason(client, sign_in, session, cohort, actor):
    enrollment = operations.enroll(session, actor, cohort, officer(session, "3001"))
    session.commit()
    sign_in(client, role="institute")
    path, version = "/cohorts/DD-1/people/3001", enrollment.version
    assert client.post(path, data={"status": "withdrawn", "reason": "", "version": version}).status_code == 422
    assert (
        client.post(path, data={"status": "withdrawn", "reason": "ย้ายหน่วยงาน", "version": version}).status_code == 303
    )
    assert session.get(Enrollment, enrollment.id).status == "withdrawn"
    stale = client.post(path, data={"status": "enrolled", "reason": "", "version": version})
    assert stale.status_code == 409


def test_an_officer_is_led_to_the_application_within_the_window(client, sign_in, session, cohort):
    from webapp import clock

    cohort.starts_on = clock.today() + dt.timedelta(days=60)
    cohort.ends_on = clock.today() + dt.timedelta(days=90)
    cohort.applications_open_on = cohort.applications_close_on = clock.today()
    session.commit()
    account = sign_in(client, role="officer")
    someone = officer(session, "4001", account=account)
    session.commit()
    assert "/cohorts/DD-1/apply" in client.get("/cohorts/DD-1").text
    session.add(
        Enrollment(cohort_id=cohort.id, officer_id=someone.id, status="applied", decided_by="x", decided_at=clock.now())
    )
    session.commit()
    assert "/cohorts/DD-1/apply" not in client.get("/cohorts/DD-1").text
    assert client.post("/cohorts/DD-1/apply", data={"motive": "x"}).status_code == 422, "they are in it already"
    assert client.get("/cohorts/DD-1/people").status_code == 404, "the list of people is for staff"
    assert client.get("/cohorts/DD-1/attendance/4001").status_code == 200
    other = officer(session, "4002", given="สมหญิง")
    session.add(
        Enrollment(cohort_id=cohort.id, officer_id=other.id, status="applied", decided_by="x", decided_at=clock.now())
    )
    session.commit()
    assert client.get("/cohorts/DD-1/attendance/4002").status_code == 404


def test_the_number_of_queries_does_not_grow_with_people(client, sign_in, session, cohort, actor, statements):
    cohort.seats = 60
    operations.enroll(session, actor, cohort, officer(session, "5000"))
    session.commit()
    sign_in(client, role="institute")
    paths = (
        "/cohorts",
        "/cohorts/DD-1",
        "/cohorts/DD-1/people",
        "/cohorts/DD-1/attendance",
        "/cohorts/DD-1/sessions/S01/attendance",
    )

    def counts():
        numbers = []
        for path in paths:
            with statements() as ran:
                assert client.get(path).status_code == 200
            numbers.append(len(ran))
        return numbers

    few = counts()
    for number in range(1, 40):
        operations.enroll(session, actor, cohort, officer(session, f"5{number:03}"))
    session.commit()
    assert counts() == few


def test_staff_who_are_trainees_decide_nothing_about_themselves(client, sign_in, session, cohort, actor):
    account = sign_in(client, roles=("institute", "officer"))
    own = operations.enroll(session, actor, cohort, officer(session, "6001", account=account))
    other = operations.enroll(session, actor, cohort, officer(session, "6002", given="สมหญิง"))
    session.commit()
    form = {f"present-{own.id}": "yes", f"present-{other.id}": "yes"}
    refused = client.post("/cohorts/DD-1/sessions/S01/attendance", data=form)
    assert refused.status_code == 422
    assert "ของตนเองไม่ได้" in refused.text
    assert session.scalars(select(Attendance)).all() == []
    status = {"status": "withdrawn", "reason": "ลาออก", "version": own.version}
    assert client.post("/cohorts/DD-1/people/6001", data=status).status_code == 422
    assert client.post("/cohorts/DD-1/close").status_code == 422
