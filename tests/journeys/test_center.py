"""A whole assessment center in the browser, in Thai: from policy and matrix to the participant's report and the grid."""

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from tests.journeys.conftest import House
from webapp import clock, thai
from webapp.database import db
from webapp.officers.models import Officer

pytestmark = pytest.mark.browser

EXERCISES = (
    ("case-1", "role-play", "บทบาทสมมติ ผู้ร้องเรียน", "1", "0"),
    ("case-2", "in-basket", "งานในถาดวันแรก", "0", "1"),
)
SHOWN = ("สภาวะผู้นำ", "ความคิดสร้างสรรค์")


def test_a_whole_center_from_matrix_to_report(house: House) -> None:
    staff, second = house.page("staff"), house.page("staff2")
    number = _officer_number(house)
    address = _set_up(staff, number)
    second.goto(address)
    second.get_by_role("button", name="อนุมัติศูนย์การประเมิน").click()
    _timetable(staff, address)
    for who in ("assessor", "assessor2"):
        _assess(house, who, address)
    _wash_up(staff, address)
    second.goto(f"{address}/washup")
    second.get_by_role("button", name="ปิดการประเมิน").click()
    staff.goto(f"{address}/washup")
    staff.get_by_role("button", name="แจ้งผล").click()
    assert "แจ้งผลแล้ว" in staff.inner_text("main")
    _read(house, address)
    executive = house.page("executive")
    executive.goto("/")
    executive.get_by_role("link", name=re.compile("ดูตารางศักยภาพและดาวเด่น: ศูนย์ทดลอง")).click()
    executive.get_by_role("link", name=re.compile("1 คน ผลงาน ระดับสูง ศักยภาพ ระดับสูง")).click()
    executive.locator("#people table").get_by_role("link").first.click()
    assert "ดาวเด่น" in executive.inner_text("main")


def _officer_number(house: House) -> str:
    with house.app.app_context():
        found = db.session.scalars(select(Officer).where(Officer.account_id.is_not(None)).order_by(Officer.id)).all()
        trainee = next(one for one in found if _email(one.account_id) == "trainee@kaona.example")
        return trainee.officer_no


def _email(account_id: int | None) -> str:
    from webapp.accounts.models import Account

    return db.session.get_one(Account, account_id).email


def _set_up(staff: Any, number: str) -> str:
    """Policy, exercises, matrix, a participant found by number, assessors, a room and a time; returns the address."""
    staff.goto("/centers/new")
    staff.get_by_label("ชื่อ (ไทย)").fill("ศูนย์ทดลอง")
    for label in ("วัตถุประสงค์", "ใครเห็นอะไร", "การเก็บรักษา", "เหตุผลของเกณฑ์"):
        staff.get_by_label(label).fill("ตามมติคณะทำงาน")
    staff.get_by_label("หารือจนเห็นพ้อง").check()
    staff.get_by_role("button", name="บันทึกศูนย์การประเมิน").click()
    staff.wait_for_url(re.compile(r"/centers/AC-\d+-\d+$"))
    address = staff.url
    for code, kind, name, assessors, readers in EXERCISES:
        staff.goto(f"{address}/exercises/new")
        staff.locator("#code").fill(code)
        staff.locator("#kind").select_option(kind)
        staff.locator("#name_th").fill(name)
        staff.locator("#assessors").fill(assessors)
        staff.locator("#readers").fill(readers)
        staff.locator("#instructions_th").fill("อ่านแล้วดำเนินการ")
        staff.get_by_role("button", name="บันทึกแบบฝึก").click()
    staff.goto(f"{address}/matrix")
    staff.get_by_label(f"{SHOWN[0]}, {EXERCISES[0][2]}").fill("1")
    staff.get_by_role("button", name="บันทึกตารางสมรรถนะ").click()
    assert "ต้องวัดในแบบฝึกอย่างน้อยสองแบบ" in staff.inner_text("main")
    for shown in SHOWN:
        for _code, _kind, name, *_rest in EXERCISES:
            staff.get_by_label(f"{shown}, {name}").fill("1")
    staff.get_by_role("button", name="บันทึกตารางสมรรถนะ").click()
    assert "ทุกสมรรถนะวัดในแบบฝึกอย่างน้อยสองแบบ" in staff.inner_text("main")
    staff.goto(f"{address}/participants?q={number}")
    staff.get_by_role("checkbox", name=re.compile(number)).first.check()
    staff.get_by_role("button", name="เพิ่มคนที่เลือก").first.click()
    staff.get_by_text("บันทึกผลงาน", exact=False).first.click()
    staff.get_by_label("ผลงาน (1-5)").fill("4.5")
    staff.get_by_label("ที่มา").fill("ผลการประเมินราชการ 2569")
    staff.get_by_role("button", name="บันทึกผลงาน").click()
    for name in ("ดร.อรุณี พิพัฒน์กุล", "นายไพโรจน์ ธรรมรักษา"):
        staff.goto(f"{address}/assessors")
        staff.locator("#account").select_option(label=name)
        staff.locator("#trained_on").fill("1/10/2569")
        staff.get_by_role("button", name="เพิ่มผู้ประเมิน").click()
    staff.goto(f"{address}/places")
    staff.get_by_label("ชื่อห้อง").fill("ห้อง 1")
    staff.get_by_label("รับผู้เข้ารับการประเมินได้พร้อมกัน").fill("1")
    staff.get_by_role("button", name="เพิ่มห้อง").click()
    staff.get_by_label("วัน", exact=True).fill(thai.day_typed(clock.today() - dt.timedelta(days=1), "th"))
    staff.get_by_role("button", name="เพิ่มช่วงเวลา").click()
    return address


def _timetable(staff: Any, address: str) -> None:
    """The worker finds it; published."""
    staff.goto(f"{address}/timetable")
    staff.get_by_role("button", name="จัดตารางอัตโนมัติ").click()
    staff.get_by_role("link", name="ดูผล").click(timeout=30_000)
    assert "ทุกคนทำครบทุกแบบฝึก" in staff.inner_text("main")
    staff.get_by_role("button", name="ประกาศตาราง").click()
    assert "ประกาศตารางแล้ว" in staff.inner_text("main")


def _assess(house: House, who: str, address: str) -> None:
    """On a phone: observations, one of them while the network is away; then ratings beside the anchors."""
    page = house.page(who, phone=True)
    page.goto(f"{address}/work")
    for link in [one.get_attribute("href") for one in page.locator("main table th a").all()]:
        page.goto(link)
        page.get_by_label("สิ่งที่เห็นหรือได้ยิน").fill("ถามความเห็นทุกคนก่อนสรุป")
        page.locator("form.observe").get_by_label(SHOWN[0]).check()
        page.context.set_offline(True)
        page.get_by_role("button", name="บันทึกการสังเกต").click()
        page.get_by_text("ยังไม่ได้บันทึก เก็บไว้ในเครื่องนี้").wait_for()
        assert page.get_by_role("list", name="ยังไม่ได้ส่ง").inner_text() == "ถามความเห็นทุกคนก่อนสรุป"
        page.context.set_offline(False)
        page.locator("[data-part=seen]").get_by_text("ถามความเห็นทุกคนก่อนสรุป").wait_for()
        page.get_by_label("สิ่งที่เห็นหรือได้ยิน").fill("เสนอวิธีใหม่ที่คุ้มค่า")
        page.locator("form.observe").get_by_label(SHOWN[1]).check()
        page.get_by_role("button", name="บันทึกการสังเกต").click()
        page.locator("[data-part=seen]").get_by_text("เสนอวิธีใหม่ที่คุ้มค่า").wait_for()
        page.get_by_role("link", name="ไปให้คะแนนแบบฝึกนี้").click()
        for box in page.locator("input[type=radio][value='4']").all():
            box.check()
        page.get_by_role("button", name="ส่งคะแนนแบบฝึกนี้").click()
        page.wait_for_url(re.compile("/work$"))


def _wash_up(staff: Any, address: str) -> None:
    """Everything side by side, what was said, the finals, the report."""
    staff.goto(f"{address}/washup")
    staff.locator("main table").get_by_role("link").first.click()
    staff.get_by_label("สิ่งที่ที่ประชุมหารือ").fill("ผู้ประเมินสองคนเห็นตรงกัน")
    staff.get_by_role("button", name="เก็บบันทึกการหารือ").click()
    staff.get_by_label(f"ผลสุดท้าย {SHOWN[0]}").select_option("5")
    staff.get_by_role("button", name="บันทึกผลสุดท้าย").click()
    assert "ต้องระบุหมายเหตุ" in staff.inner_text("main")
    staff.get_by_label(f"หมายเหตุ {SHOWN[0]}").fill("เด่นชัดทั้งสองแบบฝึก")
    staff.get_by_role("button", name="บันทึกผลสุดท้าย").click()
    staff.get_by_role("link", name="เขียนรายงาน").click()
    for label in ("จุดแข็ง", "สิ่งที่ควรพัฒนา", "คำแนะนำ"):
        staff.get_by_label(label).fill(f"{label}: ฟังทุกฝ่ายก่อนตัดสินใจ")
    staff.get_by_role("button", name="บันทึกรายงาน").click()


def _read(house: House, address: str) -> None:
    """The participant reads and answers."""
    trainee = house.page("trainee", phone=True)
    trainee.goto("/")
    trainee.get_by_role("link", name=re.compile("อ่านและตอบรับรายงานผล: ศูนย์ทดลอง")).click()
    assert "ฟังทุกฝ่ายก่อนตัดสินใจ" in trainee.inner_text("main")
    trainee.get_by_label("ความเห็นของท่านต่อรายงาน").fill("ขอบคุณ จะฝึกต่อ")
    trainee.get_by_role("button", name="ยืนยันว่าอ่านรายงานแล้ว").click()
    assert "อ่านแล้ว" in trainee.inner_text("main")
    assert address
