"""An officer reads how far they are, builds a plan from the gaps and proposes it; the mentor agrees on a phone; progress is noted."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.journeys.conftest import House
from webapp.database import db

pytestmark = pytest.mark.browser

ACTION = "เรียนรู้งานของฝ่ายที่ยังไม่เคยทำกับหัวหน้าฝ่ายสำนักงานเขตข้างเคียง"
DONE = "ไปเรียนรู้งานครบสามวันแล้ว และนำระบบนัดหมายมาใช้ที่ฝ่าย"


def mentor_name(house: House) -> str:
    with house.app.app_context():
        from webapp.accounts.models import Account
        from webapp.officers.models import Officer

        account = db.session.scalars(select(Account.id).where(Account.email == "mentor@kaona.example")).one()
        return db.session.scalars(select(Officer).where(Officer.account_id == account)).one().name_th


def fits(page: Any) -> bool:
    """Whether nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_from_the_gap_to_the_agreed_plan_and_its_progress(house: House) -> None:
    officer = house.page("trainee", phone=True)
    officer.goto("/")
    officer.locator("#ahead").get_by_role("link", name="ดูก้าวต่อไป").tap()

    # How far, and what next.
    officer.wait_for_url(re.compile("/readiness"))
    assert officer.get_by_role("heading", level=1).inner_text() == "ความพร้อมของฉัน"
    assert re.search(r"เข้าเกณฑ์ \d จาก \d ข้อ", officer.locator(".aims").inner_text())
    assert officer.locator(".next-steps > li").count() in (1, 2, 3)
    assert officer.locator("#competency-radar").is_visible() and fits(officer)

    # Gaps go into the plan, each once.
    before = officer.get_by_role("link", name="อยู่ในแผนแล้ว").count()
    officer.get_by_role("button", name="เพิ่มลงแผนของฉัน").first.tap()
    officer.get_by_text("เพิ่มลงแผนแล้ว").wait_for()
    officer.locator("#competencies").get_by_role("button", name="เพิ่มลงแผนของฉัน").first.tap()
    officer.get_by_role("link", name="อยู่ในแผนแล้ว").nth(before + 1).wait_for()
    officer.get_by_role("link", name="อยู่ในแผนแล้ว").first.tap()

    # The officer puts it in their own words, and proposes it.
    officer.get_by_role("link", name="แก้ไขรายการ").last.tap()
    officer.get_by_label("สิ่งที่จะทำ").fill(ACTION)
    officer.get_by_role("button", name="บันทึกรายการ").tap()
    assert ACTION in officer.locator("#items").inner_text()
    address = re.sub("#.*", "", officer.url)
    officer.get_by_role("link", name="เสนอขอความเห็นชอบ").tap()
    officer.get_by_role("heading", level=1, name="เสนอขอความเห็นชอบ").wait_for()
    assert fits(officer)
    officer.get_by_label(re.compile(mentor_name(house))).check()
    officer.get_by_role("button", name="เสนอแผน").tap()
    officer.get_by_text("รอความเห็นชอบของ").wait_for()
    assert officer.get_by_role("link", name="แก้ไขรายการ").count() == 0

    # The mentor finds it at home, and agrees.
    mentor = house.page("mentor", phone=True)
    mentor.goto("/")
    mentor.locator("#tasks").get_by_role("link", name=re.compile("^พิจารณาแผนของ")).first.wait_for()
    mentor.goto(address)
    assert ACTION in mentor.locator("#items").inner_text() and fits(mentor)
    mentor.get_by_role("link", name="พิจารณาแผน").tap()
    mentor.get_by_label("ส่งคืนให้แก้ไข").check()
    mentor.get_by_role("button", name="บันทึกความเห็น").tap()
    mentor.get_by_text("กรุณาระบุเหตุผลที่ส่งคืน").first.wait_for()
    mentor.get_by_label("เห็นชอบแผน").check()
    mentor.get_by_role("button", name="บันทึกความเห็น").tap()
    mentor.get_by_text("เห็นชอบแผนแล้ว").wait_for()

    # The officer notes how it goes.
    officer.goto(address)
    line = officer.locator("article").last
    line.locator("summary").tap()
    line.get_by_label("ทำแล้ว").check()
    line.get_by_role("textbox").fill(DONE)
    line.get_by_role("button", name="บันทึกความก้าวหน้า").tap()
    officer.get_by_text("บันทึกความก้าวหน้าแล้ว").wait_for()
    assert DONE in officer.locator("article").last.inner_text()
    assert "กำลังดำเนินการ" in officer.locator(".pagehead").inner_text()
    mentor.goto(address)
    assert DONE in mentor.locator("article").last.inner_text()
