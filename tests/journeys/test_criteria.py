"""The commission's office drafts a criterion and publishes it with a second person, and adds a post from nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.people import account, enter_as

DRAFT = "/posts/district-director/profiles/2"


@pytest.fixture
def commission(app: Any, client: Any, open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """``commission("วิเชียร")``: a page of somebody of the commission's office, with or without scripts."""

    def enter(name: str, **options: Any) -> Any:
        own = app.test_client()
        enter_as(own, account("commission", name=name))
        page = open_page(**options)
        cookie = own.get_cookie("kaona")
        page.context.add_cookies([{"name": "kaona", "value": cookie.value, "url": live_server.url}])
        return page

    return enter


def test_a_criterion_is_drafted_refused_without_a_reason_and_published_by_a_second_person(
    commission: Callable[..., Any], accessible: Callable[[Any], None]
) -> None:
    page = commission("ศิริพร")
    page.goto("/posts/district-director")
    page.get_by_role("link", name="เริ่มร่างใหม่").click()
    page.get_by_label("ฉบับใหม่นี้เปลี่ยนอะไร เพราะเหตุใด").fill("ให้มีผู้ผ่านเกณฑ์พอกับอัตราที่จะว่าง")
    page.get_by_role("button", name="เริ่มร่าง").click()
    accessible(page)
    page.get_by_role("link", name="เกณฑ์การพิจารณาคัดเลือกเบื้องต้น").click()
    page.locator("#pool").get_by_text("เข้าเกณฑ์ตามร่างนี้").wait_for()
    accessible(page)
    page.locator("#dd-sections").get_by_role("link", name="แก้ไข").click()
    accessible(page)
    page.get_by_label("จำนวนขั้นต่ำ").fill("5")
    page.get_by_role("button", name="ดูจำนวนผู้ผ่านก่อนบันทึก").click()
    page.locator("#pool").get_by_text("เข้าเกณฑ์ตามร่างนี้").wait_for()
    assert page.get_by_label("จำนวนขั้นต่ำ").input_value() == "5"
    page.get_by_role("button", name="บันทึกเกณฑ์").click()
    assert "ตัวเลขในข้อความไม่ตรงกับจำนวนที่ใช้ตรวจ" in page.locator("#dd-sections").inner_text()
    page.get_by_role("link", name="เพิ่มเกณฑ์ในกลุ่มนี้").first.click()
    page.get_by_role("link", name="ผลงานเชิงประจักษ์", exact=True).click()
    page.get_by_label("ข้อความภาษาไทย").fill("มีผลงานเชิงประจักษ์")
    page.get_by_label("จำนวนผลงาน").fill("1")
    page.get_by_role("button", name="บันทึกเกณฑ์").click()

    second = commission("วิเชียร")
    second.goto(f"{DRAFT}/publish")
    accessible(second)
    second.get_by_role("button", name="ลองเผยแพร่อีกครั้ง").click()
    second.get_by_text("เกณฑ์ข้อนี้ยังไม่มีเหตุผล").wait_for()

    page.goto(f"{DRAFT}/publish")
    page.get_by_role("link", name="มีผลงานเชิงประจักษ์").first.click()
    page.get_by_label("เหตุผล: มีไว้เพื่ออะไร และตัวเลขมีที่มาจากอะไร").fill("ต้องเห็นงานที่ทำสำเร็จจริง")
    page.locator("#source").fill("มติ ก.ก. ครั้งที่ 4/2569")
    page.get_by_role("button", name="บันทึกเกณฑ์").click()
    page.goto(f"{DRAFT}/publish")
    assert page.get_by_text("ท่านเป็นผู้ร่างหรือแก้ไขร่างนี้").count()

    second.goto(f"{DRAFT}/compare")
    accessible(second)
    second.goto(f"{DRAFT}/publish")
    second.get_by_role("button", name="เผยแพร่ฉบับที่ 2").click()
    second.get_by_text("เผยแพร่แบบสังเขปฯ ฉบับที่ 2 แล้ว").wait_for()
    second.goto("/posts/district-director")
    assert "มีผลงานเชิงประจักษ์" in second.locator("#criteria").inner_text()


def test_the_inspector_post_is_added_from_nothing_without_scripts(commission: Callable[..., Any], app: Any) -> None:
    page, second = commission("ศิริพร", scripts=False), commission("วิเชียร", scripts=False)
    page.goto("/posts/new")
    page.locator("#code").fill("bma-inspector")
    page.locator("#name_th").fill("ผู้ตรวจราชการกรุงเทพมหานคร")
    page.locator("#name_en").fill("BMA inspector")
    page.locator("#grade").select_option("executive/high")
    page.locator("#is_target").check()
    page.locator("#reason").fill("อ.ก.ก. ครั้งที่ 1/2562 เสนอให้จัดทำเส้นทางของตำแหน่งนี้")
    page.locator("main form button[type=submit]").click()
    assert page.url.endswith("/posts/bma-inspector"), page.locator("main").inner_text()
    page.goto("/posts/bma-inspector/profiles/new")
    page.get_by_label("ฉบับใหม่นี้เปลี่ยนอะไร เพราะเหตุใด").fill("ฉบับแรก")
    page.get_by_role("button", name="เริ่มร่าง").click()
    draft = "/posts/bma-inspector/profiles/1"
    for part, words in (
        ("duties", "ตรวจราชการและให้คำแนะนำ"),
        ("nature", "งานตรวจราชการ"),
        ("development", "อบรมหลักสูตร"),
    ):
        page.goto(f"{draft}/edit/{part}/add")
        page.locator("#name_th").fill(words)
        page.get_by_role("button", name="บันทึก").click()
    page.goto(f"{draft}/edit/competencies/add")
    page.get_by_label("สมรรถนะ", exact=True).select_option("strategic-overview")
    page.get_by_label("4", exact=True).check()
    page.get_by_label("วัดอย่างไร", exact=True).fill("สัมภาษณ์เชิงพฤติกรรม")
    page.get_by_label("ใครเป็นผู้ประเมิน", exact=True).fill("คณะกรรมการประเมิน")
    page.get_by_role("button", name="บันทึก").click()
    page.goto(f"{draft}/edit/criteria")
    page.get_by_role("link", name="เพิ่มเกณฑ์ในกลุ่มนี้").click()
    page.get_by_role("link", name="ระยะเวลาดำรงตำแหน่ง").click()
    page.locator("#name_th").fill("ดำรงตำแหน่งประเภทอำนวยการ ระดับสูง ไม่น้อยกว่า 3 ปี")
    page.locator("#name_en").fill("Managerial, high level, for at least 3 years")
    page.locator("#match_grade").select_option("managerial/high")
    page.locator("#amount").fill("3")
    page.locator("#reason_th").fill("ต้องเป็นผู้มีประสบการณ์สูงที่ให้คำปรึกษาได้")
    page.locator("#source").fill("รายงานการประชุม อ.ก.ก. ครั้งที่ 3/2562 ข้อ 4")
    page.get_by_role("button", name="บันทึกเกณฑ์").click()
    assert page.url.endswith("#bi-managerial-high-level-3")
    page.get_by_role("link", name="ดูจำนวนผู้ผ่านเกณฑ์ก่อนและหลังการแก้ไข").click()
    assert "เข้าเกณฑ์ตามร่างนี้" in page.locator("main").inner_text()
    second.goto(f"{draft}/publish")
    second.get_by_role("button", name="เผยแพร่ฉบับที่ 1").click()
    assert second.url.endswith(draft)
    assert "ไม่น้อยกว่า 3 ปี" in second.locator("#criteria").inner_text()

    from webapp.database import db
    from webapp.records.eligibility import rule_for

    rule = rule_for(db.session, "bma-inspector")
    assert [node.id for node in rule.tree.of] == ["bi-managerial-high-level-3"]
