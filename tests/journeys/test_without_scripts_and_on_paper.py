"""The work goes on where a browser runs no scripts; and what is printed is a document, not a screen."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import machine
from tests.journeys.conftest import House

pytestmark = pytest.mark.browser

TOPIC = "การมอบหมายงานโดยไม่มีสคริปต์"
A4 = re.compile(r"Page size:\s+59[45](?:\.\d+)? x 84[12]")


def test_the_daily_work_goes_without_scripts(house: House) -> None:
    mentor = house.page(phone=True, scripts=False)
    house.sign_in(mentor, "mentor")
    mentor.goto("/coaching/new")
    mentor.get_by_label("นายบุญเลิศ พงษ์พานิช").check()
    mentor.get_by_label("หรือพิมพ์จำนวนนาที").fill("45")
    mentor.get_by_label("หัวข้อ", exact=True).fill(TOPIC)
    mentor.get_by_role("main").get_by_role("button", name="บันทึกการสอนงาน").click()
    assert TOPIC in mentor.get_by_role("main").inner_text()

    trainee = house.page("trainee", scripts=False)
    trainee.goto("/")
    trainee.get_by_role("link", name=f"รับรองการสอนงาน: {TOPIC}").click()
    trainee.get_by_role("button", name="รับรองการสอนงาน").click()
    trainee.goto("/coaching")
    assert "รับรองแล้ว" in trainee.locator("tr", has_text=TOPIC).inner_text()

    staff = house.page("staff", scripts=False)
    staff.goto("/")
    staff.get_by_role("link", name=re.compile("^บันทึกการเข้าเรียน: ")).click()
    staff.get_by_role("button", name="ทำเครื่องหมายว่ามาทุกคน").click()
    staff.goto("/cohorts/ADD-2569-2/sessions/S06/attendance")
    assert staff.locator("input[name^=present-]:checked").count() == 35


@pytest.mark.parametrize(
    "address", ["/officers/10090/record", "/shortlists/1/print", "/shortlists/1", "/cohorts/DD-2568-1/ranking"]
)
def test_on_paper_it_is_a_document(house: House, tmp_path: Path, address: str) -> None:
    machine.require("pdftoppm")
    page = house.page("staff")
    page.goto(address)
    title = page.get_by_role("heading", level=1).inner_text()
    path = tmp_path / "page.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=False)
    assert A4.search(run("pdfinfo", path))
    words = run("pdftotext", "-layout", path)
    for screen_only in ("รุ่นของหลักสูตร", "นำเข้าข้อมูล", "English", "ข้ามไปยังเนื้อหา", "ค้นหา", "เลือกคอลัมน์"):
        assert squeezed(screen_only) not in squeezed(words), screen_only
    assert squeezed(title.split("\n")[0]) in squeezed(words)
    assert re.search(r"\b1\s*/\s*\d+|หน้า\s*1", words), "no page numbers"


def run(*command: Any) -> str:
    extra = ["-"] if command[0] == "pdftotext" else []
    return subprocess.run([*map(str, command), *extra], check=True, capture_output=True, text=True).stdout


def squeezed(words: str) -> str:
    """Thai letters without spaces and marks that text extraction moves about."""
    return re.sub(r"[\s\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0e4d\u0e32]", "", words)
