"""Imports in a real browser: staff bring in a roster, see what is wrong, correct it, and put one record right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.imports.workbooks import ROSTER, make_cohort, roster, workbook
from webapp.database import db


@pytest.fixture
def entered(client: Any, sign_in: Any, open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """``entered(phone=…)``: a page of somebody of the institute, in a database with one cohort."""
    make_cohort(db.session)
    sign_in(client, role="institute")
    cookie = client.get_cookie("kaona")

    def enter(language: str = "th", **options: Any) -> Any:
        page = open_page(**options)
        page.context.add_cookies(
            [
                {"name": "kaona", "value": cookie.value, "url": live_server.url},
                {"name": "language", "value": language, "url": live_server.url},
            ]
        )
        return page

    return enter


def bring(page: Any, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.goto("/imports")
    page.get_by_role("link", name="นำเข้าไฟล์ใหม่").first.click()
    page.get_by_label("ไฟล์นี้เป็นข้อมูลอะไร").select_option(label="ทะเบียนทั้งชุด")
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="ตรวจไฟล์").click()


def test_staff_bring_in_a_roster_correct_it_and_put_one_record_right(
    entered: Callable[..., Any], accessible: Callable[[Any], None], tmp_path: Path
) -> None:
    page = entered()
    wrong = roster()
    wrong["officers"][2][5] = "30/2/2512"
    bring(page, tmp_path / "ทะเบียน.xlsx", workbook(wrong))
    page.get_by_role("cell", name="ไม่มีวันนี้ในปฏิทิน").wait_for()
    assert "30/2/2512" in page.locator("main").inner_text()
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดแถวที่ไม่รับไปแก้ไข").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    bring(page, tmp_path / "ทะเบียน.xlsx", workbook(ROSTER))
    page.get_by_text("ทุกแถวใช้ได้").wait_for()
    accessible(page)
    page.get_by_role("button", name="ยืนยันการนำเข้า").click()
    page.get_by_role("link", name="การดำรงตำแหน่ง").click()
    accessible(page)
    page.get_by_role("link", name="0002").click()
    accessible(page)
    page.get_by_label("วันที่เริ่ม").fill("1/11/2560")
    page.get_by_label("เหตุผลที่แก้ไข").fill("ตามคำสั่งแก้ไข")
    page.get_by_role("button", name="บันทึกการแก้ไข").click()
    page.get_by_text("รายการที่เคยใช้").wait_for()
    assert "1 พ.ย. 2560" in page.locator("dl.facts").first.inner_text()
    accessible(page)


def test_every_page_is_accessible_and_fits_a_phone(
    entered: Callable[..., Any], accessible: Callable[[Any], None], tmp_path: Path
) -> None:
    """Pages of a run with changes and warnings, which no link of the invented institute reaches."""
    desk = entered()
    bring(desk, tmp_path / "a.xlsx", workbook(ROSTER))
    desk.get_by_role("button", name="ยืนยันการนำเข้า").click()
    changed = roster()
    changed["officers"][1][3] = "ดีใจ"
    bring(desk, tmp_path / "b.xlsx", workbook(changed))
    desk.get_by_role("button", name="ยืนยันการนำเข้า").click()
    phones = {language: entered(language, phone=True) for language in ("th", "en")}
    for address in ("/imports/1", "/imports/1?show=warnings", "/imports/2/changes", "/imports/1/records/postings",
                    "/records/postings/1"):  # fmt: skip
        for language, phone in phones.items():
            phone.goto(address)
            assert phone.locator("h1").count() == 1
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, f"{address} {language}"
        accessible(phones["en"])
