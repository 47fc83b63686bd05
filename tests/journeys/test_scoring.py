"""Scoring in a real browser: an assessor by keyboard, staff correcting, two tabs, a phone."""

import re
from typing import Any

WAITING = "เหลือ"
RUNNING = "รุ่นที่ 2/2569"


def to_score(page: Any) -> None:
    """Open the panel that still has somebody to score."""
    page.goto("/my/panels")
    page.get_by_role("row").filter(has_text=WAITING).filter(has_text=RUNNING).first.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/my/panels/\d+$"))


def test_an_assessor_marks_by_keyboard_and_what_is_typed_is_kept(house: Any) -> None:
    page = house.page("assessor")
    to_score(page)
    boxes = page.locator("table[data-grid] input.number")
    boxes.first.focus()
    page.keyboard.type("8")
    page.keyboard.press("Enter")  # down the column
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.keyboard.type("7.5")
    page.keyboard.press("ArrowUp")
    page.get_by_text("เก็บร่างแล้วเมื่อ").wait_for()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert boxes.first.input_value() == "8"

    row = page.locator("table[data-grid] tbody tr").first
    for box in row.locator("input.number").all():
        box.fill("9")
    page.get_by_role("button", name="ตรวจก่อนส่งคะแนน").click()
    page.get_by_role("heading", name="ตรวจก่อนส่งคะแนน").wait_for()
    assert page.get_by_text("จะไม่ถูกส่ง").count() == 1  # the one with a single box filled
    page.get_by_role("button", name="ส่งคะแนน").click()
    page.get_by_text("ส่งคะแนนแล้ว 1 คน").wait_for()


def test_a_second_tab_that_has_not_seen_the_submission_changes_nothing(house: Any) -> None:
    first, second = house.page("assessor2"), house.page("assessor2")
    to_score(first)
    second.goto(first.url)
    for page in (first, second):
        for box in page.locator("table[data-grid] tbody tr").first.locator("input.number").all():
            box.fill("6" if page is first else "10")
        page.get_by_role("button", name="ตรวจก่อนส่งคะแนน").click()
        page.get_by_role("heading", name="ตรวจก่อนส่งคะแนน").wait_for()
    first.get_by_role("button", name="ส่งคะแนน").click()
    first.get_by_text("กรุณาตรวจอีกครั้งก่อนส่ง").wait_for()  # what was checked here is no longer what is drafted
    second.get_by_role("button", name="ส่งคะแนน").click()
    second.get_by_text("ส่งคะแนนแล้ว 1 คน").wait_for()


def test_staff_correct_a_score_with_its_reason_on_a_phone(house: Any) -> None:
    page = house.page("staff", phone=True)
    page.goto("/cohorts/ADD-2569-1/scores/exam")
    page.locator("a.source").first.click()
    page.get_by_text("แก้ไขหรือเพิกถอนคะแนนนี้").click()
    page.get_by_label("คะแนนที่ถูกต้อง").fill("91.25")
    page.get_by_role("button", name="แก้ไขคะแนน").click()
    page.get_by_text("การแก้ไขคะแนนต้องระบุเหตุผล").wait_for()
    assert page.get_by_label("คะแนนที่ถูกต้อง").input_value() == "91.25"
    page.get_by_label("เหตุผล").first.fill("ตรวจกระดาษคำตอบซ้ำ")
    page.get_by_role("button", name="แก้ไขคะแนน").click()
    page.get_by_text("คะแนนเดิมยังอยู่ในประวัติ").wait_for()
    assert page.get_by_text("ตรวจกระดาษคำตอบซ้ำ").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
