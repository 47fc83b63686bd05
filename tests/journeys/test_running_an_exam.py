"""An exam as the institute runs it: set up by one, made ready by another, watched while a candidate comes and goes."""

import datetime as dt
import re
from typing import Any

from sqlalchemy import select

from webapp import clock, thai
from webapp.accounts.models import Account
from webapp.database import db
from webapp.officers.models import Officer

CODE = "JOURNEY-1"


def trainee_no(house: Any) -> str:
    """The officer number of the demonstration's trainee."""
    with house.app.app_context():
        found = db.session.scalar(
            select(Officer.officer_no).join(Account, Account.id == Officer.account_id)
            .where(Account.email == "trainee@kaona.example")
        )  # fmt: skip
    assert found is not None
    return found


def set_up(page: Any, number: str) -> None:
    """Plan the exam, fix its blueprint, admit the trainee."""
    opened = clock.now().astimezone(thai.BANGKOK) - dt.timedelta(minutes=5)
    page.goto("/exams")
    page.get_by_role("link", name="จัดสอบครั้งใหม่").first.click()
    page.get_by_label("รหัสการสอบ").fill(CODE)
    page.get_by_label("ชื่อการสอบ (ไทย)").fill("สอบประเมินความรู้")
    page.get_by_label("วันเปิดสอบ").fill(thai.day_typed(opened.date(), "th"))
    page.get_by_label("เวลาเปิดสอบ").fill(f"{opened:%H.%M}")
    page.get_by_label("วันปิดสอบ").fill(thai.day_typed(opened.date() + dt.timedelta(days=1), "th"))
    page.get_by_label("เวลาปิดสอบ").fill("16.30")
    page.get_by_label("เวลาทำข้อสอบ").fill("๖๐")
    page.get_by_label("รหัสเริ่มสอบ").fill("9119")
    page.get_by_role("button", name="สร้างการสอบ").click()
    page.get_by_text("ขั้นต่อไปจัดทำผังข้อสอบ").wait_for()
    chosen = page.get_by_label("หมวดของบรรทัดที่ 1")
    chosen.select_option(
        label=next(text for text in chosen.locator("option").all_inner_texts() if "เมืองและพื้นที่" in text)
    )
    page.get_by_label("จำนวนข้อของบรรทัดที่ 1").fill("3")
    page.get_by_role("button", name="บันทึกผังข้อสอบ").click()
    page.get_by_text("บันทึกผังข้อสอบแล้ว").wait_for()
    page.get_by_role("link", name="ผู้เข้าสอบ", exact=True).click()
    page.get_by_label("เลขประจำตัวข้าราชการ").fill(number)
    page.get_by_role("button", name="เพิ่มผู้เข้าสอบ").click()
    page.get_by_text("เพิ่มผู้เข้าสอบแล้ว 1 คน").wait_for()


def test_from_the_plan_to_the_last_candidate(house: Any, accessible: Any) -> None:
    staff = house.page("staff")
    set_up(staff, trainee_no(house))
    staff.goto(f"/exams/{CODE}")
    staff.get_by_text("ขอให้เจ้าหน้าที่อีกคนตรวจและยืนยัน").wait_for()
    assert staff.get_by_role("link", name="ตรวจและยืนยันความพร้อม").count() == 0

    second = house.page("staff2")
    second.goto("/")
    second.get_by_role("link", name="ตรวจและยืนยันความพร้อมของการสอบ: สอบประเมินความรู้").click()
    second.get_by_role("link", name="ตรวจและยืนยันความพร้อม").click()
    second.get_by_role("button", name="ยืนยันความพร้อม").click()
    second.get_by_text("ยืนยันความพร้อมแล้ว").wait_for()

    live = house.page("staff")
    live.goto(f"/exams/{CODE}/live")
    seat = live.locator("#board tbody tr")
    assert "ยังไม่เริ่ม" in seat.inner_text()
    accessible(live)

    candidate = house.page("trainee")
    candidate.goto(f"/my/exams/{CODE}")
    candidate.get_by_label("รหัสเริ่มสอบ").fill("๙๑๑๙")
    candidate.get_by_label(re.compile("ข้าพเจ้าอ่านข้อปฏิบัติแล้ว")).check()
    candidate.get_by_role("button", name="เริ่มสอบ").click()
    candidate.wait_for_url(re.compile("questions"))
    live.get_by_text("กำลังทำ").last.wait_for(timeout=15_000)  # the page renews itself
    live.locator("#board tbody tr", has_text="กำลังทำ").wait_for(timeout=15_000)

    live.locator("#board tbody th a").click()
    live.get_by_role("link", name="ให้เวลาเพิ่ม").click()
    live.get_by_label("เหตุผล").fill("เครื่องคอมพิวเตอร์ขัดข้อง")
    live.get_by_role("button", name="ให้เวลาเพิ่ม").click()
    live.get_by_text("รวมเวลาเพิ่ม 10 นาที").wait_for()
    live.get_by_text("+10: เครื่องคอมพิวเตอร์ขัดข้อง").wait_for()

    candidate.goto(f"/my/exams/{CODE}/submit")
    candidate.get_by_role("button", name="ส่งข้อสอบ").click()
    candidate.wait_for_url(re.compile("receipt"))
    live.get_by_role("link", name="ปรับใหม่ตอนนี้").click()
    live.locator("#board tbody tr", has_text="ส่งข้อสอบแล้ว").wait_for()
