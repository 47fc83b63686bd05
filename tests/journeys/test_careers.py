"""The careers pages in a real browser: nothing for axe to find, no sideways scrolling, and the catalog edited by hand."""

from collections.abc import Callable
from typing import Any

import pytest

PAGES = (
    "/posts",
    "/posts/assistant-district-director",
    "/paths",
    "/competencies",
    "/competencies/leadership",
    "/units",
    "/courses",
    "/courses/junior-metropolitan-administrator",
    "/courses/new",
    "/courses/district-director-course/edit",
    "/courses/junior-metropolitan-administrator/equivalents/new",
    "/courses/junior-metropolitan-administrator/equivalents/1/withdraw",
)


@pytest.fixture
def entered(client: Any, sign_in: Any, open_page: Callable[..., Any], live_server: Any) -> Callable[..., Any]:
    """``entered(phone=…)``: a page of somebody of the commission's office."""
    sign_in(client, role="commission")
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


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_is_accessible_and_fits_a_phone(
    entered: Callable[..., Any], accessible: Callable[[Any], None], language: str
) -> None:
    desk, phone = entered(language), entered(language, phone=True)
    for address in PAGES:
        desk.goto(address)
        assert desk.locator("h1").count() == 1
        accessible(desk)
        phone.goto(address)
        accessible(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_the_commission_accepts_an_equivalent_and_withdraws_it(entered: Callable[..., Any]) -> None:
    page = entered()
    page.goto("/courses")
    page.get_by_role("link", name="หลักสูตรนักบริหารมหานครระดับต้น", exact=True).click()
    page.get_by_role("link", name="เพิ่มหลักสูตรที่ใช้แทนได้").click()
    page.get_by_label("หลักสูตรที่รับรองให้ใช้แทน").select_option(label="หลักสูตรผู้ช่วยผู้อำนวยการเขต")
    page.get_by_label("ผู้รับรอง").fill("ก.ก.")
    page.get_by_label("มติหรือหนังสือที่รับรอง").fill("มติ ก.ก. ครั้งที่ 5/2569")
    page.get_by_role("button", name="บันทึกหลักสูตรที่ใช้แทนได้").click()
    assert page.locator(".errors").inner_text().count("ต้องระบุเหตุผล") == 1
    assert page.get_by_label("มติหรือหนังสือที่รับรอง").input_value() == "มติ ก.ก. ครั้งที่ 5/2569"
    page.get_by_label("เหตุผลที่รับรอง").fill("เนื้อหาครอบคลุมทุกหัวข้อ")
    page.get_by_role("button", name="บันทึกหลักสูตรที่ใช้แทนได้").click()
    row = page.locator("tr", has_text="มติ ก.ก. ครั้งที่ 5/2569")
    assert "เนื้อหาครอบคลุมทุกหัวข้อ" in row.inner_text()
    row.get_by_role("link", name="ยกเลิกการรับรอง").click()
    page.get_by_label("เหตุผลของการเปลี่ยนแปลง").fill("เปลี่ยนเนื้อหา")
    page.get_by_role("button", name="ยกเลิกการรับรอง").click()
    page.get_by_text("การรับรองที่ยกเลิกแล้ว (1)").click()
    assert page.get_by_text("เปลี่ยนเนื้อหา").is_visible()
