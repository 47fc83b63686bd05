"""Question files in a browser: an author brings in GIFT and QTI, a colleague reviews, and what goes out comes back unchanged."""

from pathlib import Path
from typing import Any

import pytest

from tests.assessments.bank.transfer import files


def bring(page: Any, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.goto("/bank")
    page.get_by_role("link", name="นำเข้าไฟล์ข้อสอบ").click()
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="ตรวจไฟล์").click()


def done(page: Any) -> None:
    """Wait for the job and go on to what it made."""
    page.get_by_role("link", name="ดูผล").click(timeout=60_000)


@pytest.mark.needs("chromium")
def test_files_in_and_out(house: Any, accessible: Any, tmp_path: Path) -> None:
    page = house.page("staff")
    bring(page, tmp_path / "ปลายภาค.txt", files.GIFT.encode())
    page.get_by_text("พบข้อสอบใหม่ 2 ข้อ ยังไม่ได้บันทึก").wait_for()
    page.get_by_text("เนื้อหาและการให้คะแนน").first.click()
    page.get_by_text("กรุงเทพมหานคร [100 %]").wait_for()
    accessible(page)
    page.get_by_role("link", name="นำเข้าไม่ได้ 1 ข้อ").click()
    page.get_by_text("เป็นข้อความอธิบาย ไม่ใช่ข้อสอบ").wait_for()
    accessible(page)
    page.get_by_label("หมวด", exact=True).select_option(index=1)
    page.get_by_role("button", name="ยืนยันนำเข้า 2 ข้อ").click()
    page.get_by_text("นำเข้าเป็นร่าง 2 ข้อ").wait_for()

    bring(page, tmp_path / "ชุด.zip", files.qti())
    done(page)
    page.get_by_role("link", name="นำเข้าไม่ได้ 1 ข้อ").click()
    page.get_by_text("คลังข้อสอบไม่มีวิธีตอบแบบ วาดภาพ").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดรายการที่นำเข้าไม่ได้").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_label("หมวด", exact=True).select_option(index=1)
    page.get_by_role("button", name="ยืนยันนำเข้า 2 ข้อ").click()
    done(page)
    page.get_by_role("link", name="one", exact=True).click()
    assert page.locator(".rich img").first.evaluate("image => image.naturalWidth") == 1, "the picture came along"
    page.get_by_role("button", name="ส่งตรวจทาน").click()
    item = page.url

    second = house.page("staff2")
    second.goto(item)
    second.get_by_role("button", name="อนุมัติให้ใช้").click()
    second.get_by_text("อนุมัติแล้ว").first.wait_for()

    page.goto("/bank?q=one")
    page.get_by_role("checkbox", name="เลือก Q-").first.check()
    page.get_by_role("button", name="ส่งออกข้อที่เลือก").click()
    page.get_by_label("QTI", exact=False).check()
    accessible(page)
    page.get_by_role("button", name="ทำไฟล์").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดไฟล์").click()
    bring(page, tmp_path / "กลับ.zip", Path(download.value.path()).read_bytes())
    page.get_by_text("พบข้อสอบใหม่ 0 ข้อ").or_(page.get_by_role("link", name="ดูผล")).wait_for()
    if page.get_by_role("link", name="ดูผล").count():
        done(page)
    page.get_by_text("ไม่มีข้อใหม่ให้นำเข้า").wait_for()
    accessible(page)


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_pages_fit_a_phone(house: Any, accessible: Any, language: str) -> None:
    page = house.page("staff", phone=True, language=language)
    for address in ("/bank/imports", "/bank/imports/new", "/bank/imports/1", "/bank/imports/1?show=refused", "/bank/exports",
                    "/bank/exports/new", "/bank/exports/1"):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        accessible(page)
