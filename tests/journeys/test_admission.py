"""From an application to a seat, in Thai: the rule explained, papers, acceptance, marks, a tie decided, two people, the letter."""

import re

import pytest
from sqlalchemy import select

from tests.admissions import world
from tests.journeys.conftest import House
from webapp.admissions.models import Application
from webapp.courses.models import Cohort, Enrollment
from webapp.database import db
from webapp.demo.accounts import Desks, add
from webapp.officers.models import Officer

pytestmark = pytest.mark.browser

CODE, WHO = "DD-2571-1", "applies"
MOTIVE = "ต้องการนำประสบการณ์งานชุมชนไปพัฒนาการบริหารเขต"


def prepared(house: House) -> str:
    """A cohort with one seat that takes applications, somebody who has applied, and an officer who has not; their name."""
    with house.app.app_context():
        first, second = world.staff(db.session, "ผู้จัดทำแผน"), world.staff(db.session, "ผู้อนุมัติแผน")
        cohort = world.cohort(db.session, CODE, seats=1)
        world.with_plan(db.session, cohort, first, second)
        world.applied(db.session, cohort, world.officer(db.session, "J-2"))
        own = world.officer(db.session, "J-1")
        add(db.session, Desks({}, {}), f"{WHO}@kaona.example", own)
        db.session.commit()
        return own.name_th


def test_from_an_application_to_a_seat(house: House) -> None:
    name = prepared(house)
    officer = house.page(WHO)
    an_officer_applies_with_the_rule_explained(officer)
    staff, second = house.page("staff"), house.page("staff2")
    staff_accept_and_mark(staff)
    a_tie_at_the_last_seat_is_decided_and_the_result_confirmed(staff, name)
    another_person_publishes(second)
    the_officer_reads_the_letter_and_takes_the_seat(officer)
    with house.app.app_context():
        statuses = db.session.execute(
            select(Officer.officer_no, Enrollment.status)
            .join(Enrollment, Enrollment.officer_id == Officer.id)
            .join(Cohort, Cohort.id == Enrollment.cohort_id)
            .where(Cohort.code == CODE)
        ).all()
        assert sorted(tuple(row) for row in statuses) == [("J-1", "enrolled"), ("J-2", "reserve")]
        assert {one.state for one in db.session.scalars(select(Application).where(Application.motive == MOTIVE))} == {
            "accepted"
        }


def an_officer_applies_with_the_rule_explained(page) -> None:
    page.goto("/")
    page.get_by_role("link", name="การสมัครของฉัน").click()
    page.get_by_role("link", name=re.compile(f"หลักสูตรผู้อำนวยการเขต {CODE}")).click()
    assert page.get_by_text("ดำรงตำแหน่งหรือเคยดำรงตำแหน่งผู้ช่วยผู้อำนวยการเขต").first.is_visible()
    assert page.get_by_text("ผ่านคุณสมบัติ", exact=True).first.is_visible()
    page.get_by_label("เหตุผลและความตั้งใจในการสมัคร").fill(MOTIVE)
    page.get_by_label("เอกสารแนบ").set_input_files(
        [{"name": "คำสั่ง.txt", "mimeType": "text/plain", "buffer": "คำสั่งแต่งตั้ง".encode()}]
    )
    page.get_by_role("button", name="ยื่นใบสมัคร").click()
    page.get_by_text("รอพิจารณาคุณสมบัติ").first.wait_for()
    assert page.get_by_role("link", name="คำสั่ง.txt").is_visible()


def staff_accept_and_mark(page) -> None:
    page.goto(f"/cohorts/{CODE}/admission")
    page.get_by_role("link", name="พิจารณาใบสมัคร 2 ราย").click()
    page.get_by_role("link", name="รับผู้ที่ผ่านคุณสมบัติ").click()
    page.get_by_role("button", name="รับเข้าคัดเลือก 2 คน").click()
    page.get_by_text("รับผู้สมัครที่ผ่านคุณสมบัติ 2 ราย").wait_for()
    for component, points in (("general", "75"), ("specific", "๘๐"), ("interview", "82.5")):
        page.goto(f"/cohorts/{CODE}/scores/{component}?purpose=selection")
        boxes = page.locator("input[name^=mark-]")
        assert boxes.count() == 2
        for place in range(2):
            boxes.nth(place).fill(points)
        page.get_by_role("button", name="บันทึกคะแนน").click()
        page.get_by_text("บันทึกคะแนนแล้ว 2 รายการ").wait_for()


def a_tie_at_the_last_seat_is_decided_and_the_result_confirmed(page, name: str) -> None:
    page.goto(f"/cohorts/{CODE}/admission")
    page.get_by_role("link", name="จัดทำผลการคัดเลือก").click()
    page.get_by_role("button", name="จัดทำร่างผลการคัดเลือก").click()
    page.get_by_role("link", name="ตัดสินลำดับที่เท่ากัน").click()
    page.get_by_label(f"{name} (J-1)").check()
    page.get_by_label("เหตุผล").fill("ประสบการณ์งานชุมชนยาวกว่า ตามมติคณะกรรมการคัดเลือก")
    page.get_by_role("button", name="บันทึกการตัดสิน").click()
    page.get_by_role("link", name="ยืนยันผลการคัดเลือก").click()
    page.get_by_role("button", name="ยืนยันผลการคัดเลือก").click()
    page.get_by_text("ขั้นต่อไปคือให้อีกคนหนึ่งประกาศ").wait_for()


def another_person_publishes(page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(f"ประกาศผลการคัดเลือก: .*{CODE}")).click()
    page.get_by_role("link", name="ประกาศผลการคัดเลือก").click()
    page.get_by_role("button", name="ประกาศผลการคัดเลือก").click()
    page.get_by_text("ประกาศผลการคัดเลือกแล้ว").wait_for()
    page.get_by_role("link", name="ตรวจสอบโดยคำนวณใหม่").click()
    page.get_by_text("ตรงกันทุกตัวอักษร").first.wait_for()


def the_officer_reads_the_letter_and_takes_the_seat(page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("ตอบรับหรือสละที่นั่ง")).click()
    page.get_by_role("link", name="ดูผลและที่มาของคะแนน").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="หนังสือแจ้งผล (PDF)").click()
    assert taken.value.suggested_filename == f"kaona-admission-{CODE}.pdf"
    page.get_by_role("link", name="ใบสมัครและที่นั่งของท่าน").click()
    page.get_by_label("ตอบรับที่นั่งและเข้ารับการอบรม").check()
    page.locator("#seat").get_by_role("button", name="ส่งคำตอบ").click()
    page.get_by_text("ท่านเป็นผู้เข้ารับการอบรมของรุ่นนี้").first.wait_for()


def test_whoever_does_not_meet_the_rule_is_told_what_to_do(house: House) -> None:
    """On a phone and without scripts."""
    page = house.page("candidate", phone=True, scripts=False)
    page.goto("/cohorts/DD-2570-1/apply")
    assert page.get_by_text("รับสมัครถึง 18 ธันวาคม 2569").is_visible()
    assert page.get_by_text("สิ่งที่ทำได้").is_visible(), "the rule is not met, and the page says what to do"
