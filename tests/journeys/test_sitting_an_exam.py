"""Sitting an exam in a real browser: the network cut in the middle and another machine, no scripts, a phone, a lost sign-in."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.assessments.exams.papers import candidate_of, ready_exam
from tests.journeys.conftest import House
from webapp.accounts.models import Account
from webapp.assessments.exams import taking
from webapp.assessments.exams.models import Exam
from webapp.database import db
from webapp.demo.accounts import PASSWORD
from webapp.officers.models import Officer

SAVED = re.compile(r"บันทึกแล้ว \d\d:\d\d:\d\d")


def the_trainee() -> Officer:
    return db.session.scalars(
        select(Officer).join(Account, Account.id == Officer.account_id).where(Account.email == "trainee@kaona.example")
    ).one()


@pytest.fixture
def exam_for_the_trainee(the_house: House) -> Callable[..., str]:
    """``exam_for_the_trainee(code)``: an exam of every kind of question for the demonstration's trainee; its address."""

    def make(code: str, **more: Any) -> str:
        with the_house.app.app_context():
            ready_exam(db.session, [the_trainee()], code=code, **more)
        return f"/my/exams/{code}"

    return make


def answers(house: House, code: str) -> dict[int, Any]:
    with house.app.app_context():
        exam = db.session.scalars(select(Exam).where(Exam.code == code)).one()
        attempt = taking.attempt_of(db.session, candidate_of(db.session, exam, the_trainee()).id)
        assert attempt is not None
        return taking.standing_answers(db.session, [attempt.id]).get(attempt.id, {})


def begin(page: Any, url: str) -> None:
    page.goto(url)
    page.get_by_label("ข้าพเจ้าอ่านข้อปฏิบัติแล้ว").check()
    page.get_by_role("button", name="เริ่มสอบ").click()
    page.get_by_role("heading", name="ข้อ 1 จาก 8").wait_for()


def here(page: Any) -> Any:
    """The question that is shown."""
    return page.locator(".exam-question:visible").first


def enter(page: Any) -> None:
    """Sign in again, in either language."""
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    page.locator("[name=email]").fill("trainee@kaona.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("^(?!.*sign-in)"))


def said(page: Any, text: Any) -> Any:
    return here(page).locator("[data-said]").filter(has_text=text)


def test_the_network_is_cut_in_the_middle_and_another_machine_finishes(
    house: House, exam_for_the_trainee: Callable[..., str]
) -> None:
    url = exam_for_the_trainee("J-NET")
    page = house.page("trainee")
    page.goto("/")
    page.get_by_role("link", name="เข้าสอบ: ความรู้พื้นฐาน").click()
    begin(page, page.url)
    here(page).get_by_label("ข้อ b").check()
    said(page, SAVED).wait_for()
    page.get_by_role("button", name="บันทึกและไปข้อถัดไป").click()

    page.context.set_offline(True)
    page.get_by_role("heading", name="ข้อ 2 จาก 8").wait_for()
    here(page).get_by_label("ข้อ a").check()
    said(page, "ยังไม่ได้บันทึก").wait_for(timeout=5_000)
    page.get_by_text("ติดต่อระบบไม่ได้ ทำข้อสอบต่อได้").wait_for()
    page.get_by_role("button", name="ข้อ 8 ").click()
    here(page).locator("textarea").fill("ข้อเขียนที่พิมพ์ตอนเครือข่ายขาด")
    page.get_by_text("ยังไม่ได้บันทึก 2 ข้อ").first.wait_for()
    assert answers(house, "J-NET").keys() == {1}

    page.context.set_offline(False)
    said(page, SAVED).wait_for()
    assert answers(house, "J-NET")[8] == {"text": "ข้อเขียนที่พิมพ์ตอนเครือข่ายขาด"}

    # Another machine: everything is there, and its newer answer stands; the older page is told.
    other = house.page("trainee")
    other.goto(url)
    other.get_by_role("link", name="ทำข้อสอบต่อ").click()
    other.get_by_role("button", name="ข้อ 8 ").click()
    area = here(other).locator("textarea")
    assert area.input_value() == "ข้อเขียนที่พิมพ์ตอนเครือข่ายขาด"
    area.fill("ฉบับที่เขียนต่อจากอีกเครื่อง")
    area.blur()
    said(other, SAVED).wait_for()
    here(page).locator("textarea").fill("ฉบับเก่าของเครื่องแรก")
    page.get_by_text("มีคำตอบที่ใหม่กว่าซึ่งบันทึกจากอีกหน้าหนึ่ง").wait_for()
    assert answers(house, "J-NET")[8] == {"text": "ฉบับที่เขียนต่อจากอีกเครื่อง"}

    other.get_by_role("button", name="ทบทวนและส่ง").click()
    other.get_by_text("ตอบแล้ว 3 จาก 8 ข้อ").wait_for()
    other.get_by_role("link", name="ไปหน้าส่งข้อสอบ").click()
    other.get_by_role("button", name="ส่งข้อสอบ").click()
    other.get_by_text("ระบบรับข้อสอบของท่านแล้ว").wait_for()
    assert re.search(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", other.content())


def test_what_was_typed_survives_a_lost_sign_in_and_a_closed_page(
    house: House, exam_for_the_trainee: Callable[..., str]
) -> None:
    url = exam_for_the_trainee("J-OUT")
    page = house.page()
    house.sign_in(page, "trainee")
    begin(page, url)
    page.context.clear_cookies(name="kaona")
    here(page).get_by_label("ข้อ c").check()
    page.get_by_text("ท่านออกจากระบบแล้ว คำตอบยังอยู่ครบ").wait_for()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="เข้าสู่ระบบในแท็บใหม่").click()
    tab = popup.value
    enter(tab)
    tab.close()
    said(page, SAVED).wait_for()
    assert 1 in answers(house, "J-OUT")

    # A second tab: both say so. Signing out with answers that wait is asked first.
    second = house._listened_to(page.context.new_page())
    second.goto(f"{url}/questions/7")
    for each in (page, second):
        each.get_by_text("การสอบนี้เปิดอยู่ในอีกแท็บหนึ่งด้วย").wait_for()
    second.close()

    # The page is closed before the network is back: the next page of this browser sends what it kept.
    page.get_by_role("button", name="ข้อ 7 ").click()
    page.context.set_offline(True)
    here(page).locator("input.form-control").fill("เขตดุสิต")
    said(page, "ยังไม่ได้บันทึก").wait_for()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("details.account summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    assert "ยังส่งไม่ถึงระบบ" in asked[0]
    context = page.context
    page.close(run_before_unload=False)
    again = house._listened_to(context.new_page())
    context.set_offline(False)
    again.goto(f"{url}/questions/7")
    said(again, SAVED).wait_for()
    assert answers(house, "J-OUT")[7] == {"text": "เขตดุสิต"}
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('exam:'))") == []


def test_without_scripts_on_a_phone_by_its_buttons(house: House, exam_for_the_trainee: Callable[..., str]) -> None:
    url = exam_for_the_trainee("J-PLAIN")
    page = house.page("trainee", phone=True, scripts=False)
    begin(page, url)
    here(page).get_by_label("ข้อ b").check()
    page.get_by_role("button", name="บันทึกและไปข้อถัดไป").click()
    page.get_by_role("heading", name="ข้อ 2 จาก 8").wait_for()
    page.get_by_text(SAVED).first.wait_for()
    page.get_by_role("button", name="ข้อ 7 ").click()
    page.locator("#q7").fill("เขตดุสิต")
    page.get_by_role("button", name="บันทึกและเปลี่ยนเป็นภาษาอังกฤษ").click()
    page.get_by_role("heading", name="Question 7 of 8").wait_for()
    assert page.locator("#q7").input_value() == "เขตดุสิต"

    page.context.clear_cookies(name="kaona")
    page.locator("#q7").fill("เขตดุสิต กรุงเทพมหานคร")
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_text("what you sent is still on this page").wait_for()
    assert page.locator("input[name=q7]").input_value() == "เขตดุสิต กรุงเทพมหานคร"
    enter(page.context.new_page())
    page.get_by_role("button", name="Send the answers again").click()
    page.get_by_text("Saved").first.wait_for()
    assert answers(house, "J-PLAIN") == {1: answers(house, "J-PLAIN")[1], 7: {"text": "เขตดุสิต กรุงเทพมหานคร"}}


def test_by_keyboard_alone_at_phone_width_with_the_time_announced(
    house: House, exam_for_the_trainee: Callable[..., str], accessible: Callable[[Any], None]
) -> None:
    url = exam_for_the_trainee("J-KEYS", minutes=6, lockdown=True, one_per_page=False)
    page = house.page("trainee", phone=True)
    begin(page, url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    accessible(page)
    here(page).get_by_label("ข้อ b").focus()
    page.keyboard.press("Space")
    said(page, SAVED).first.wait_for()
    page.evaluate(
        "window.dispatchEvent(new Event('blur')); setTimeout(() => window.dispatchEvent(new Event('focus')), 1100)"
    )
    page.get_by_text("ท่านออกจากหน้านี้ 1 ครั้ง").wait_for()
    assert page.get_by_role("status").filter(has_text="เหลือเวลาอีก 5 นาที").count() == 0
    page.clock.install()
    page.reload()
    page.context.set_offline(True)  # or else the server's clock would put the page's right again
    page.clock.run_for(62_000)
    page.get_by_role("status").filter(has_text="เหลือเวลาอีก 5 นาที").wait_for()
    page.clock.run_for(240_000)
    page.get_by_role("status").filter(has_text="เหลือเวลาอีก 1 นาที").wait_for()
    page.clock.run_for(70_000)
    page.get_by_text("หมดเวลาแล้ว คำตอบที่บันทึกทันเวลานับทั้งหมด").first.wait_for()
    assert not here(page).get_by_label("ข้อ a").is_enabled() or page.evaluate(
        "document.querySelector('.exam-grid').inert"
    )
