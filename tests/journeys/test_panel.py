"""A panel in a real browser: a conflict of interest, a substitute who marks on a phone without seeing the others, a talk."""

import re
from typing import Any

PANEL = "/cohorts/JMA-2570-1/scores/interview"
SELECTION = "purpose=selection"


def test_a_conflict_a_substitute_on_a_phone_and_a_disagreement_talked_about(house: Any) -> None:
    # The register keeps the supervisor away, and staff see who wants replacing.
    apart = house.page("assessor2", phone=True)
    apart.goto("/my/panels")
    apart.get_by_role("row").filter(has_text="สัมภาษณ์").get_by_role("link").first.click()
    apart.get_by_text("ท่านไม่ต้องให้คะแนนคนต่อไปนี้ เพราะมีส่วนได้เสีย").wait_for()

    staff = house.page("staff")
    staff.goto("/")
    staff.get_by_role("link", name="กรรมการมีส่วนได้เสีย หาผู้ให้คะแนนแทน").click()
    row = staff.get_by_role("row").filter(has_text="เป็นผู้บังคับบัญชา")
    person = row.get_by_role("rowheader").locator(".name").inner_text()
    row.get_by_role("combobox").select_option(index=1)
    substitute = row.get_by_role("combobox").locator("option:checked").inner_text()
    row.get_by_role("button", name="แต่งตั้งแทน").click()
    staff.get_by_text(f"แต่งตั้ง {substitute} ให้คะแนนแทนแล้ว").wait_for()

    # The substitute states first, then marks one person, by levels, on a phone; nobody else's marks are shown.
    email = _email_of(house, substitute)
    phone = house.page(email, phone=True)
    phone.goto("/")
    phone.get_by_role("link", name="แจ้งส่วนได้เสีย: สัมภาษณ์").click()
    phone.get_by_role("button", name="บันทึกการแจ้งส่วนได้เสีย").click()
    phone.get_by_text("โปรดยืนยันว่าได้แจ้งครบถ้วนตามจริง").wait_for()
    phone.get_by_label("ข้าพเจ้าขอยืนยัน").check()
    phone.get_by_role("button", name="บันทึกการแจ้งส่วนได้เสีย").click()
    phone.get_by_text("บันทึกการแจ้งส่วนได้เสียแล้ว").wait_for()
    assert phone.get_by_text("เปิดหน้าของคนนี้").count() == 1, "only the person they are named for"
    phone.get_by_role("link", name="เปิดหน้าของคนนี้").click()
    phone.get_by_role("heading", name=person).wait_for()
    assert "ดร.อรุณี" not in phone.content()
    for group in phone.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(1).check()
    phone.get_by_text("เก็บร่างแล้วเมื่อ").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="ตรวจก่อนส่งคะแนน").click()
    phone.get_by_role("button", name="ส่งคะแนน").click()
    phone.get_by_text("ส่งคะแนนแล้ว 1 คน").wait_for()

    # Forty of a hundred points apart: the talk is open, and the substitute revises with a reason.
    phone.get_by_role("link", name=person).first.click()
    phone.get_by_role("heading", name="แก้ไขคะแนนของท่าน").wait_for()
    assert "ดร.อรุณี" in phone.content()
    for box in phone.locator("form select").all():
        box.select_option("4")
    phone.get_by_role("button", name="แก้ไขคะแนน").click()
    phone.get_by_text("การแก้ไขคะแนนต้องระบุเหตุผล").wait_for()
    phone.get_by_label("เหตุผลที่แก้ไข").fill("เห็นหลักฐานจากกรรมการอีกท่าน")
    phone.get_by_role("button", name="แก้ไขคะแนน").click()
    phone.get_by_text("แก้ไขคะแนนแล้ว คะแนนเดิมยังอยู่ในประวัติ").wait_for()

    # Staff write down what was concluded, and see before and after.
    staff.goto(f"{PANEL}/differences?{SELECTION}")
    staff.get_by_role("link", name=person).click()
    staff.get_by_label("ข้อสรุปและเหตุผล").fill("กรรมการเห็นพ้องกันหลังดูหลักฐาน")
    staff.get_by_role("button", name="บันทึกข้อสรุปและปิดการหารือ").click()
    staff.get_by_text("บันทึกข้อสรุปและปิดการหารือแล้ว").wait_for()
    line = staff.get_by_role("row").filter(has_text=substitute).last
    assert re.findall(r"\d+", line.inner_text().replace(substitute, "")) == ["40", "80"]
    staff.get_by_text("กรรมการเห็นพ้องกันหลังดูหลักฐาน").wait_for()


def _email_of(house: Any, name: str) -> str:
    """The sign-in of somebody of the demonstration who has not chosen a password yet: given one here."""
    from sqlalchemy import select

    from webapp import clock
    from webapp.accounts.models import Account
    from webapp.accounts.security import hash_password
    from webapp.database import db
    from webapp.demo.accounts import PASSWORD

    with house.app.app_context():
        found = db.session.scalars(select(Account).where(Account.name == name)).one()
        if found.password is None:
            found.password, found.password_set_at = hash_password(PASSWORD), clock.now()
            db.session.commit()
        return str(found.email)
