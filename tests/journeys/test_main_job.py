"""The main job in a browser, in Thai: from a roster workbook through attendance and scores to a published list and its workbook.

One story, so one test: each step works on what the step before it left, as the days of a cohort do.
"""

import datetime as dt
import io
import re
import shutil
import subprocess
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from tests import machine
from tests.journeys.conftest import House
from tests.people import account, enter_as
from webapp.database import db

pytestmark = pytest.mark.browser

COHORT = "ADD-2569-1"
RUNNING = "ADD-2569-2"
REASON = "ประสบการณ์กำกับดูแลหลากหลายกว่า ตามบันทึกการประชุมคณะทำงาน"


def test_the_main_job_from_the_roster_to_the_scorecards(house: House, tmp_path: Path) -> None:
    staff_import_a_roster_that_first_has_a_bad_row(house)
    one_person_takes_attendance_of_everybody_in_a_minute(house)
    staff_enter_the_missing_score_and_release_it(house)
    the_list_is_drawn_up_decided_confirmed_and_published_by_two_people(house)
    a_trainee_sees_their_own_place_and_nobody_elses(house)
    the_scorecards_say_what_the_page_says_also_recomputed(house, tmp_path)


def roster(unit: str) -> bytes:
    """Two officers who join the running cohort; the second one's office is ``unit``."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {
        "officers": [
            ["officer_no", "title", "given_name", "family_name", "birth_date", "entry_date"],
            ["J0001", "นาง", "เจียระไน", "ทางไกล", "1/10/2518", "1 ต.ค. 2541"],
            ["J0002", "นาย", "เดินทาง", "ก้าวไกล", "2/3/2520", dt.date(2000, 5, 1)],
        ],
        "postings": [
            ["officer_no", "post_code", "position_type", "level", "unit_code", "start_date"],
            ["J0001", "bureau-section-head", "knowledge", "senior-professional", "BMA-B01", "1/10/2562"],
            ["J0002", "bureau-section-head", "knowledge", "senior-professional", unit, "๑/๑๐/๒๕๖๓"],
        ],
        "enrollments": [["cohort_code", "officer_no"], [RUNNING, "J0001"], [RUNNING, "J0002"]],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(page: Any, name: str, content: bytes) -> None:
    page.get_by_role("navigation").get_by_role("link", name="นำเข้าข้อมูล").first.click()
    page.get_by_role("main").get_by_role("link", name="นำเข้าไฟล์").first.click()
    page.locator("select[name=kind]").select_option("roster")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/vnd.ms-excel", "buffer": content}
    )
    page.get_by_role("button", name="ตรวจไฟล์").click()


def staff_import_a_roster_that_first_has_a_bad_row(house: House) -> None:
    page = house.page("staff")
    page.goto("/")
    upload(page, "รายชื่อเพิ่ม.xlsx", roster("BMA-D99"))
    assert "ไม่มีการบันทึกใด ๆ" in page.get_by_role("main").inner_text()
    bad = page.locator("#rows tbody tr")
    assert bad.count() == 1
    assert {"3", "BMA-D99"} <= set(re.split(r"[\s]+", bad.inner_text()))
    assert page.get_by_role("button", name="ยืนยันการนำเข้า").count() == 0
    upload(page, "รายชื่อเพิ่ม แก้แล้ว.xlsx", roster("BMA-B02"))
    assert "ทุกแถวใช้ได้" in page.get_by_role("main").inner_text()
    assert not joined(house)
    page.get_by_role("button", name="ยืนยันการนำเข้า").click()
    assert "นำเข้าแล้ว" in page.get_by_role("heading", level=1).inner_text()
    assert joined(house) == ["J0001", "J0002"]
    page.get_by_role("navigation").get_by_role("link", name="นำเข้าข้อมูล").first.click()
    history = page.get_by_role("main").inner_text()
    assert "รายชื่อเพิ่ม.xlsx" in history and "รายชื่อเพิ่ม แก้แล้ว.xlsx" in history and "พรทิพย์" in history
    page.goto(f"/cohorts/{RUNNING}/people?q=J0001")
    assert "เจียระไน ทางไกล" in page.get_by_role("main").inner_text()


def joined(house: House) -> list[str]:
    from webapp.courses.models import Enrollment
    from webapp.officers.models import Officer

    with house.app.app_context():
        found = select(Officer.officer_no).join(Enrollment).where(Officer.officer_no.like("J000%")).order_by(Officer.id)
        return list(db.session.scalars(found))


def one_person_takes_attendance_of_everybody_in_a_minute(house: House) -> None:
    page = house.page("staff")
    page.goto("/")
    began = time.monotonic()
    page.get_by_role("link", name=re.compile("^บันทึกการเข้าเรียน: ")).click()
    page.get_by_role("button", name="ทำเครื่องหมายว่ามาทุกคน").click()
    everybody = page.locator("input[name^=present-]").count()
    assert everybody == 37
    assert page.locator("output[data-present]").inner_text() == "มา 37 จาก 37 คน"
    page.get_by_label("มา นางเจียระไน ทางไกล").uncheck()
    page.get_by_label("จำนวนชั่วโมง นายเดินทาง ก้าวไกล").fill("2.5")
    page.get_by_role("button", name="บันทึกการเข้าเรียน").click()
    page.wait_for_url(lambda url: "/attendance" not in url or "/sessions/" not in url)
    assert time.monotonic() - began < 60
    page.goto(f"/cohorts/{RUNNING}/sessions/S06/attendance")
    assert page.locator("input[name^=present-]:checked").count() == everybody - 1
    assert Decimal(page.get_by_label("จำนวนชั่วโมง นายเดินทาง ก้าวไกล").input_value()) == Decimal("2.5")


def staff_enter_the_missing_score_and_release_it(house: House) -> None:
    page = house.page("staff")
    page.goto("/")
    page.get_by_role("link", name=re.compile("คะแนนที่ยังขาด 1 รายการ")).click()
    page.locator("tr", has_text="23 จาก 24 คน").get_by_role("link").first.click()
    empty = page.locator("input[name^=mark-]")
    assert empty.count() == 1
    empty.fill("๑๐๑")
    page.get_by_role("button", name="บันทึกคะแนน").click()
    assert page.locator(".errors li").count() == 1
    assert page.locator("input[name^=mark-]").input_value() == "๑๐๑"
    page.locator("input[name^=mark-]").fill("๗๘.๕")
    page.get_by_role("button", name="บันทึกคะแนน").click()
    assert page.locator("input[name^=mark-]").count() == 0
    assert page.get_by_role("link", name="78.50").count() + page.get_by_role("link", name="78.5").count() >= 1
    page.get_by_role("link", name="เผยแพร่คะแนน").click()
    assert "24 จาก 24 คน" in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="เผยแพร่คะแนน").click()
    page.goto("/")
    assert page.get_by_role("link", name=re.compile("คะแนนที่ยังขาด")).count() == 0


def the_list_is_drawn_up_decided_confirmed_and_published_by_two_people(house: House) -> None:
    page = house.page("staff")
    page.goto(f"/cohorts/{COHORT}/ranking")
    page.get_by_role("link", name="จัดทำรายชื่อ").first.click()
    page.get_by_role("button", name="จัดทำร่างรายชื่อ").click()
    address = page.url
    page.get_by_role("link", name="ตัดสินลำดับที่เท่ากัน").first.click()
    tied = page.locator("input[name=chosen]")
    assert tied.count() == 2
    tied.first.check()
    page.get_by_role("button", name="บันทึกการตัดสิน").click()
    assert page.locator(".errors").count() == 1  # without a reason nothing is decided
    assert page.locator("input[name=chosen]").first.is_checked()
    page.get_by_label("เหตุผล").fill(REASON)
    page.get_by_role("button", name="บันทึกการตัดสิน").click()
    assert REASON in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="ยืนยันรายชื่อ").click()
    page.get_by_role("button", name="ยืนยันรายชื่อ").click()
    page.goto(address + "/publish")
    page.get_by_role("button", name="เผยแพร่รายชื่อ").click()
    assert "คนละคน" in page.get_by_role("main").inner_text()

    second = house.page("staff2")
    second.goto(address)
    assert "ยืนยันแล้ว" in second.get_by_role("heading", level=1).inner_text()
    second.get_by_role("link", name="เผยแพร่รายชื่อ").click()
    second.get_by_role("button", name="เผยแพร่รายชื่อ").click()
    assert "เผยแพร่แล้ว" in second.get_by_role("heading", level=1).inner_text()
    second.get_by_role("link", name="ตรวจสอบโดยคำนวณใหม่").click()
    assert "ตรงกัน" in second.get_by_role("main").inner_text()


def a_trainee_sees_their_own_place_and_nobody_elses(house: House) -> None:
    from webapp.courses.models import Cohort, Enrollment
    from webapp.officers.models import Officer

    staff = house.page("staff")
    staff.goto(f"/cohorts/{COHORT}/ranking")
    row = staff.locator("#main .list tbody tr", has=staff.locator("td.number", has_text=re.compile(r"^\s*7\s*$"))).first
    seventh = re.search(r"\b\d{5}\b", row.inner_text())
    composite = row.locator("td.strong").inner_text().split()[0]
    assert seventh
    with house.app.app_context():
        officer = db.session.scalars(select(Officer).where(Officer.officer_no == seventh[0])).one()
        others = db.session.scalars(
            select(Officer).join(Enrollment).join(Cohort).where(Cohort.code == COHORT, Officer.id != officer.id)
        )
        names = [other.family_name + " " for other in others]
        officer.account_id = account("officer", name=officer.name_th).id
        db.session.commit()
        client = house.app.test_client()
        from webapp.accounts.models import Account

        enter_as(client, db.session.get(Account, officer.account_id))
    page = house.page()
    page.context.add_cookies([{"name": "kaona", "value": client.get_cookie("kaona").value, "url": house.url}])
    page.goto("/")
    page.get_by_role("link", name="ลำดับของท่านในรายชื่อที่เผยแพร่").click()
    page.get_by_role("main").get_by_role("link", name="หลักสูตรผู้ช่วยผู้อำนวยการเขต").first.click()
    shown = page.get_by_role("main").inner_text()
    assert "7" in shown.split() and composite in shown
    assert not [name for name in names if name in shown]


def the_scorecards_say_what_the_page_says_also_recomputed(house: House, tmp_path: Path) -> None:
    page = house.page("staff")
    page.goto(f"/cohorts/{COHORT}/ranking")
    shown = composites_on(page)
    assert len(shown) >= 18
    page.get_by_role("button", name="สมุดงานใบคะแนน").click()
    assert "/jobs/" in page.url
    page.get_by_role("link", name="ดาวน์โหลดไฟล์").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลดไฟล์").click()
    path = tmp_path / "scorecards.xlsx"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".xlsx")
    assert composites_in(path) == shown
    assert are_formulas(path)
    if machine.PARTS["libreoffice"]():
        assert composites_in(recomputed(path, tmp_path)) == shown
    else:
        machine.require("libreoffice")


def composites_on(page: Any) -> dict[str, Decimal]:
    """Officer number → composite, of everybody ranked on the page."""
    found = {}
    for row in page.locator("main .list tbody tr:has(td.strong)").all():
        number = re.search(r"\b(?:\d{5}|J\d{4})\b", row.locator("th").inner_text())
        found[number[0]] = Decimal(row.locator("td.strong").inner_text().split()[0])  # type: ignore[index]
    return found


def composites_in(path: Path) -> dict[str, Decimal]:
    """The same from the workbook's ranking sheet, by its headings."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = next(sheet for sheet in book if "ลำดับ" in sheet.title)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(place for place, row in enumerate(rows) if "คะแนนรวม" in row)
    number_at = next(place for place, words in enumerate(rows[head]) if words and "เลขประจำตัว" in str(words))
    composite_at = rows[head].index("คะแนนรวม")
    return {
        str(row[number_at]): Decimal(str(row[composite_at])).quantize(Decimal("0.01"))
        for row in rows[head + 1 :]
        if row[number_at] and isinstance(row[composite_at], int | float)
    }


def are_formulas(path: Path) -> bool:
    """Whether the ranking sheet's composites are live formulas, so that computing anew proves something."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book if "ลำดับ" in sheet.title)
    (head,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "คะแนนรวม")
    return str(sheet.cell(head.row + 1, head.column).value).startswith("=")


def recomputed(path: Path, folder: Path) -> Path:
    """The workbook with every formula computed anew by another program."""
    out, profile = folder / "recomputed", folder / "profile"
    book = openpyxl.load_workbook(path)
    stripped = folder / "stripped.xlsx"
    book.save(stripped)  # openpyxl keeps formulas and drops their values, so that what comes back was computed
    command = [str(machine.libreoffice()), "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "xlsx",
               "--outdir", str(out), str(stripped)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.rmtree(profile, ignore_errors=True)
    return out / "stripped.xlsx"
