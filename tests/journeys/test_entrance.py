"""The front door: a forgotten password, an invitation, signing out, and the language that stays on the page."""

import re
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.journeys.conftest import House
from webapp.database import db

pytestmark = pytest.mark.browser

NEW = "ลมหนาวพัดผ่านคลองแสนแสบ"


def links_sent_to(house: House, email: str) -> list[str]:
    """The one-time links in the mails sent to this address (without a mail server they are files), as paths."""
    from webapp.notices.operations import send_waiting_mail

    with house.app.app_context():
        send_waiting_mail(db.session)
        folder = house.app.config["DATA_DIR"] / "outbox"
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.iterdir())]
    bodies = [mail.get_body().get_content() for mail in mails if mail["To"] == email]
    return [found for body in bodies for found in re.findall(r"/link/[\w.~-]+", body)]


def set_password(page: Any, password: str) -> None:
    page.get_by_label("รหัสผ่าน", exact=False).first.fill(password)
    page.locator("input[name=again]").fill(password)
    page.get_by_role("button", name="ตั้งรหัสผ่าน").click()


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(house: House) -> None:
    page = house.page()
    page.goto("/sign-in")
    page.get_by_role("link", name="ลืมรหัสผ่าน").click()
    page.get_by_label("อีเมล").fill("assessor2@kaona.example")
    page.get_by_role("button", name="ขอลิงก์ตั้งรหัสผ่าน").click()
    known = page.get_by_role("main").inner_text()
    (link,) = links_sent_to(house, "assessor2@kaona.example")
    page.goto("/forgotten-password")
    page.get_by_label("อีเมล").fill("nobody@kaona.example")
    page.get_by_role("button", name="ขอลิงก์ตั้งรหัสผ่าน").click()
    assert page.get_by_role("main").inner_text() == known  # nobody learns which addresses are known
    page.goto(link)
    set_password(page, NEW)
    visitor = house.page()
    house.sign_in(visitor, "assessor2", NEW)
    assert "นายไพโรจน์" in visitor.get_by_role("heading", level=1).inner_text()
    again = house.page()
    again.goto(link)
    assert again.locator("input[name=again]").count() == 0


def test_an_invited_person_sets_a_password_and_comes_in(house: House) -> None:
    admin = house.page("admin")
    admin.goto("/accounts")
    admin.get_by_role("link", name="สร้างบัญชี").click()
    admin.get_by_role("textbox", name="อีเมล").fill("new.person@kaona.example")
    admin.get_by_label("ชื่อ", exact=False).first.fill("นางสาวมาใหม่ ใจดี")
    admin.get_by_label("ผู้ประเมิน").check()
    if admin.locator("input[name=by_mail]").is_checked():
        admin.locator("input[name=by_mail]").uncheck()
    admin.get_by_role("button", name="สร้างบัญชี").click()
    link = re.search(r"/link/[\w.~-]+", admin.content())
    assert link, admin.url
    page = house.page()
    page.goto(link[0])
    set_password(page, NEW)
    visitor = house.page()
    house.sign_in(visitor, "new.person", NEW)
    assert "มาใหม่" in visitor.get_by_role("heading", level=1).inner_text()
    assert visitor.get_by_role("link", name="ให้คะแนน").count() >= 1
    assert visitor.get_by_role("link", name="นำเข้าข้อมูล").count() == 0


def test_signing_out_ends_the_sign_in_even_for_a_copied_cookie(house: House) -> None:
    page = house.page()
    house.sign_in(page, "executive")
    copied = page.context.storage_state()
    thief = house.browser.new_context(base_url=house.url, storage_state=copied).new_page()
    thief.goto("/shortlists")
    assert "/sign-in" not in thief.url
    page.locator("details.account summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.goto("/shortlists")
    assert "/sign-in" in page.url
    thief.goto("/shortlists")
    assert "/sign-in" in thief.url
    thief.context.close()


def test_the_language_switch_keeps_the_page_and_its_search(house: House) -> None:
    page = house.page("staff")
    page.goto("/officers?q=10515")
    page.get_by_role("button", name="English").click()
    assert page.url.endswith("/officers?q=10515")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/cohorts")
    assert page.get_by_role("heading", level=1).inner_text() != "รุ่นของหลักสูตร"
    page.get_by_role("button", name="ภาษาไทย").click()
    assert page.url.endswith("/cohorts")
    assert page.locator("html").get_attribute("lang") == "th"
