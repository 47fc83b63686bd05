"""The careers pages: who may see and change what, in both languages, and what a change leaves behind."""

import io
import re
from html import unescape
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from webapp.audit import AuditEntry, AuditOpening
from webapp.careers.models import Course, CourseEquivalent

READERS = ("officer", "mentor", "assessor", "institute", "commission", "executive", "auditor")
PAGES = (
    "/posts",
    "/posts/district-director",
    "/posts/assistant-district-director",
    "/posts/section-head",
    "/posts/plan-analyst",
    "/posts/district-director/profiles/1",
    "/paths",
    "/paths/DD-01",
    "/paths/DD-01/versions/1",
    "/organization",
    "/organization/conversion",
    "/units/BMA-D01",
    "/competencies",
    "/competencies/leadership",
    "/units",
    "/courses",
    "/courses/district-director-course",
    "/courses/junior-metropolitan-administrator",
)
CHANGES = (
    "/posts/new",
    "/posts/plan-analyst/retire",
    "/posts/district-director/seats/new",
    "/posts/district-director/path-rule/lift",
    "/posts/section-head/path-rule",
    "/units/new",
    "/units/BMA-D01/retire",
    "/organization/sections/new",
    "/organization/levels/knowledge/expert/retire",
    "/organization/qualifications/new",
    "/organization/conversion/new",
    "/organization/conversion/7/knowledge/withdraw",
    "/paths/new",
    "/paths/DD-01/retire",
    "/courses/new",
    "/courses/district-director-course/edit",
    "/courses/district-director-course/retire",
    "/courses/junior-metropolitan-administrator/equivalents/new",
    "/courses/junior-metropolitan-administrator/equivalents/1/edit",
    "/courses/junior-metropolitan-administrator/equivalents/1/withdraw",
)
THAI = re.compile("[ก-๙]")


def words_of(page: Any) -> str:
    """The words of the page's main part."""
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    assert main is not None
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group())))


def send(client: Any, address: str, **values: str) -> Any:
    """Fill in the form at the address and send it, as a browser does."""
    form = client.get(address).text
    hidden = dict(re.findall(r'name="(csrf_token|seen)"[^>]*value="([^"]*)"', form))
    return client.post(address, data={**hidden, **values})


@pytest.mark.parametrize("role", READERS)
def test_everybody_with_work_here_reads_what_is_published(client: Any, sign_in: Any, role: str) -> None:
    sign_in(client, role=role)
    assert {page: client.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)


def test_an_administrator_of_accounts_does_not(client: Any, sign_in: Any) -> None:
    sign_in(client, role="administrator")
    assert client.get("/posts").status_code == 404


@pytest.mark.parametrize("role", [role for role in READERS if role != "commission"])
def test_only_the_commission_changes_the_catalog(client: Any, sign_in: Any, role: str) -> None:
    sign_in(client, role=role)
    assert {page: client.get(page).status_code for page in CHANGES} == dict.fromkeys(CHANGES, 404)
    assert "/courses/new" not in client.get("/courses").text


@pytest.mark.parametrize("page", [*PAGES, *CHANGES])
def test_in_english_nothing_is_left_in_thai(client: Any, sign_in: Any, page: str) -> None:
    sign_in(client, role="commission")
    client.set_cookie("language", "en")
    words = words_of(client.get(page))
    found = list(THAI.findall(words))
    if page.endswith("/edit"):
        return  # the Thai name and the resolution as recorded stand in their fields
    assert not found, "".join(THAI.sub(lambda letter: letter.group(), words))


def test_a_profile_shows_every_criterion_with_its_reason_and_source(client: Any, sign_in: Any) -> None:
    sign_in(client, role="officer")
    words = words_of(client.get("/posts/district-director"))
    assert "รับผิดชอบฝ่ายในสำนักงานเขตมาแล้วไม่น้อยกว่า 7 ใน 10 ฝ่าย" in words
    assert "ผู้ช่วยผู้อำนวยการเขตสองคนแบ่งกันดูแล 10 ฝ่าย" in words
    assert "รายงานการประชุม อ.ก.ก. ครั้งที่ 3/2562 ข้อ 6.4 (1) 3" in words
    assert words.count("เหตุผล:") == 6  # five criteria and the entry rule of the course


def test_paths_are_called_a_reconstruction(client: Any, sign_in: Any) -> None:
    sign_in(client, role="officer")
    page = client.get("/paths")
    assert "เส้นทางเหล่านี้จัดทำขึ้นใหม่" in page.text
    assert page.text.count('<li id="DD-') == page.text.count("จัดทำขึ้นใหม่</span>") == 15


def test_what_is_not_there_answers_404(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    for page in ("/posts/nobody", "/posts/district-director/profiles/2", "/competencies/magic", "/courses/none",
                 "/courses/district-director-course/equivalents/1/edit"):  # fmt: skip
        assert client.get(page).status_code == 404, page


def test_queries_of_a_page_do_not_grow_with_its_rows(client: Any, sign_in: Any, session: Any, statements: Any) -> None:
    sign_in(client, role="commission")
    for page in ("/posts", "/courses", "/units"):  # the maps: tests/careers/test_paths.py
        client.get(page)
        with statements() as few:
            client.get(page + "?q=ไม่มีชื่อนี้")
        with statements() as many:
            client.get(page)
        assert len(many) <= len(few), (page, many)


def test_adding_a_course_keeps_its_reason_in_the_audit_log(client: Any, sign_in: Any, session: Any) -> None:
    person = sign_in(client, role="commission")
    answer = send(
        client, "/courses/new", code="area-based-management", name_th="การบริหารจัดการเชิงพื้นที่",
        name_en="Area-based management", external="", hours="๓๐", post_code="district-director", reason="ข้อสังเกตที่ 11",
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/courses/area-based-management")
    course = session.scalar(select(Course).where(Course.code == "area-based-management"))
    assert (course.name_en, course.hours, course.external) == ("Area-based management", 30, False)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "careers:course:add"))
    assert entry.actor_name == person.name
    assert session.get(AuditOpening, entry.id).reason == "ข้อสังเกตที่ 11"


def test_a_refused_form_keeps_what_was_typed_and_writes_nothing(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    before = session.scalar(select(func.count()).select_from(Course))
    again = send(
        client, "/courses/new", code="junior-administrator-ocsc", name_th="ชื่อที่พิมพ์ไว้", external="", reason="ทดสอบ"
    )
    assert again.status_code == 422
    assert "ชื่อที่พิมพ์ไว้" in again.text
    assert "อยู่แล้ว" in again.text
    blank = send(client, "/courses/new", code="new-one", name_th="ชื่อที่พิมพ์ไว้", external="", reason="  ")
    assert blank.status_code == 422
    assert "ต้องระบุเหตุผล" in blank.text
    bad = send(client, "/courses/new", code="รหัส ไทย", name_th="ชื่อ", external="", reason="ทดสอบ")
    assert bad.status_code == 422
    assert session.scalar(select(func.count()).select_from(Course)) == before


def test_a_stale_edit_is_refused(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    address = "/courses/district-director-course/edit"
    form = client.get(address).text
    hidden = dict(re.findall(r'name="(csrf_token|seen)"[^>]*value="([^"]*)"', form))
    values = {"name_th": "หลักสูตรผู้อำนวยการเขต", "external": "", "reason": "แก้ชื่อ"}
    assert client.post(address, data={**hidden, **values, "name_en": "First"}).status_code == 303
    late = client.post(address, data={**hidden, **values, "name_en": "Second"})
    assert late.status_code == 409
    assert session.scalar(select(Course.name_en).where(Course.code == "district-director-course")) == "First"


def test_retiring_a_course_and_putting_it_back(client: Any, sign_in: Any, session: Any) -> None:
    sign_in(client, role="commission")
    address = "/courses/junior-administrator-ocsc/retire"
    assert send(client, address, reason="เลิกจัดแล้ว").status_code == 303
    assert "เลิกใช้แล้ว" in client.get("/courses/junior-administrator-ocsc").text
    assert "เลิกใช้แล้ว" in words_of(client.get("/courses?kind=retired"))
    assert send(client, address, reason="กลับมาจัดอีก").status_code == 303
    assert session.scalar(select(Course.retired_on).where(Course.code == "junior-administrator-ocsc")) is None


ACCEPTED = "/courses/junior-metropolitan-administrator/equivalents"


def test_an_equivalent_is_accepted_edited_and_withdrawn_and_its_history_stays(
    client: Any, sign_in: Any, session: Any
) -> None:
    sign_in(client, role="commission")
    answer = send(
        client, f"{ACCEPTED}/new", equivalent_code="assistant-district-director-course", accepting_body="ก.ก.",
        resolution="มติ ก.ก. ครั้งที่ 5/2569", valid_from="1 ต.ค. 2568", valid_until="30/9/2570", reason="เนื้อหาครอบคลุม",
    )  # fmt: skip
    assert answer.status_code == 303
    row = session.scalar(select(CourseEquivalent).where(CourseEquivalent.resolution == "มติ ก.ก. ครั้งที่ 5/2569"))
    assert (row.valid_from.isoformat(), row.valid_until.isoformat()) == ("2025-10-01", "2027-09-30")
    edited = send(
        client, f"{ACCEPTED}/{row.id}/edit", equivalent_code="assistant-district-director-course", accepting_body="ก.ก.",
        resolution="มติ ก.ก. ครั้งที่ 6/2569", valid_from="1/10/2568", valid_until="", reason="แก้เลขที่มติ",
    )  # fmt: skip
    assert edited.status_code == 303
    assert send(client, f"{ACCEPTED}/{row.id}/withdraw", reason="หลักสูตรเปลี่ยนเนื้อหา").status_code == 303
    words = words_of(client.get("/courses/junior-metropolitan-administrator"))
    assert "การรับรองที่ยกเลิกแล้ว (1)" in words
    assert "หลักสูตรเปลี่ยนเนื้อหา" in words
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("careers:equivalent"))).all()
    assert list(actions) == [f"careers:equivalent:{verb}" for verb in ("accept", "change", "withdraw")]
    assert client.get(f"{ACCEPTED}/{row.id}/edit").status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"equivalent_code": "junior-administrator-ocsc"}, "ได้รับการรับรองให้ใช้แทนอยู่แล้ว"),
        ({"valid_from": "1/10/2569", "valid_until": "1/9/2569"}, "วันสิ้นสุดการรับรองต้องไม่ก่อนวันเริ่ม"),
        ({"valid_from": "31/2/2569"}, "ไม่มีวันนี้ในปฏิทิน"),
        ({"reason": ""}, "ต้องระบุเหตุผล"),
    ],
)
def test_an_equivalent_that_breaks_a_rule_is_refused_with_what_to_do(
    client: Any, sign_in: Any, values: dict[str, str], said: str
) -> None:
    sign_in(client, role="commission")
    good = {
        "equivalent_code": "district-director-course",
        "accepting_body": "ก.ก.",
        "resolution": "มติ",
        "reason": "เหตุ",
    }
    answer = send(client, f"{ACCEPTED}/new", **{**good, **values})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("role", ["commission", "institute", "officer"])
def test_lists_are_exported_by_whom_access_says(client: Any, sign_in: Any, role: str) -> None:
    sign_in(client, role=role)
    found = {name: client.get(f"/{name}.xlsx").status_code for name in ("posts", "units", "courses")}
    allowed = {"commission": ("posts", "units", "courses"), "institute": ("courses",), "officer": ()}[role]
    assert found == {name: 200 if name in allowed else 404 for name in found}
    for name in found:
        assert (f"/{name}.xlsx" in client.get(f"/{name}").text) == (name in allowed)


def test_a_workbook_holds_what_is_seen_on_all_pages(client: Any, sign_in: Any) -> None:
    sign_in(client, role="commission")
    answer = client.get("/units.xlsx?kind=district&zone=กรุงธนใต้&columns=name&columns=zone")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["หน่วยงาน", "กลุ่มเขต"]
    assert len(rows) == 8
    assert rows[1] == ["สำนักงานเขตภาษีเจริญ", "กรุงธนใต้"]
    every = client.get("/units.xlsx").data
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(every)).get_sheet_by_index(0).to_python()) == 78


@pytest.mark.parametrize("page", ["/posts/district-director", "/paths", "/courses", "/units"])
def test_the_main_navigation_shows_where_one_is(client: Any, sign_in: Any, page: str) -> None:
    sign_in(client, role="officer")
    assert re.search(r'<a href="/posts" aria-current="page">', client.get(page).text)
