"""A mentor records a session on a phone; the trainee sees where they stand, writes progress, acknowledges, and the hours rise."""

import re
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.journeys.conftest import House
from webapp.coaching.models import CoachingSession
from webapp.database import db

pytestmark = pytest.mark.browser

TOPIC = "การรับฟังข้อร้องเรียนของประชาชนในพื้นที่"


class Taps:
    """What a person does with a page, counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def tap(self, found: Any) -> None:
        self.count += 1
        found.tap()

    def type(self, label: str, words: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(words)


def trainee_name(house: House) -> str:
    with house.app.app_context():
        from webapp.accounts.models import Account
        from webapp.officers.models import Officer

        account = db.session.scalars(select(Account.id).where(Account.email == "trainee@kaona.example")).one()
        return db.session.scalars(select(Officer).where(Officer.account_id == account)).one().name_th


def recorded(house: House, topic: str = TOPIC) -> int:
    with house.app.app_context():
        return db.session.scalar(select(func.count(CoachingSession.id)).where(CoachingSession.topic == topic)) or 0


def counted_minutes(page: Any) -> int:
    """The acknowledged minutes that home shows ("3 ชม. 30 นาที จาก 12 ชม.")."""
    page.goto("/")
    shown = page.locator("#standing").inner_text()
    found = re.search(r"(?:(\d+) ชม\.)?\s*(?:(\d+) นาที)? จาก \d+ ชม\.", shown)
    assert found, shown
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def test_a_mentor_records_a_session_in_a_few_taps_and_the_trainee_acknowledges_it(house: House) -> None:
    a_mentor_records_a_session_on_a_phone_in_a_few_taps(house)
    the_trainee_sees_where_they_stand_and_acknowledges(house)


def a_mentor_records_a_session_on_a_phone_in_a_few_taps(house: House) -> None:
    page = house.page("mentor", phone=True)
    page.goto("/")
    lines = page.locator(".tasks .whole").evaluate_all("words => words.map(word => word.getClientRects().length)")
    assert lines and set(lines) == {1}, "no name in a task is cut in the middle"
    taps, began = Taps(page), time.monotonic()
    taps.tap(page.get_by_role("main").get_by_role("link", name="บันทึกการสอนงาน").first)
    taps.tap(page.get_by_label(trainee_name(house)))
    taps.tap(page.locator("label", has_text=re.compile("^60$")))
    taps.type("หัวข้อ", TOPIC)
    taps.count += 1
    page.get_by_role("main").get_by_role("button", name="บันทึกการสอนงาน").dblclick()
    page.wait_for_url(re.compile(r"/coaching(?!/new)"))
    assert TOPIC in page.get_by_role("main").inner_text()
    assert taps.count <= 5  # today and coaching stand there already
    assert time.monotonic() - began < 60
    assert recorded(house) == 1  # the second tap of the double tap recorded nothing


def the_trainee_sees_where_they_stand_and_acknowledges(house: House) -> None:
    page = house.page("trainee")
    before = counted_minutes(page)
    standing = page.locator("#standing").inner_text()
    for words in ("เข้าเรียน", "การสอนงานและให้คำปรึกษาที่รับรองแล้ว", "ขั้นที่เสร็จ", "ผลคะแนน", "คาบเรียนถัดไป"):
        assert words in standing
    page.get_by_role("link", name=f"รับรองการสอนงาน: {TOPIC}").click()
    assert TOPIC in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="การสอนงาน").first.click()
    page.get_by_role("button", name=f"รับรองการสอนงาน {TOPIC}").click()
    assert page.get_by_role("button", name=f"รับรองการสอนงาน {TOPIC}").count() == 0
    assert counted_minutes(page) == before + 60


def test_what_is_missing_is_said_and_nothing_typed_is_lost(house: House) -> None:
    page = house.page("mentor", phone=True)
    page.goto("/coaching/new")
    page.get_by_label("หัวข้อ", exact=True).fill("ยังไม่ครบ")
    page.get_by_role("main").get_by_role("button", name="บันทึกการสอนงาน").click()
    assert page.locator(".errors li").count() >= 1
    assert page.get_by_label("หัวข้อ", exact=True).input_value() == "ยังไม่ครบ"
    assert recorded(house, "ยังไม่ครบ") == 0


def test_the_trainee_writes_progress_and_marks_a_step(house: House) -> None:
    page = house.page("trainee")
    page.goto("/")
    page.locator("#standing li", has_text="ขั้นที่เสร็จ 2 จาก 4").get_by_role("link").click()
    steps = page.locator("#steps")
    done = steps.get_by_text(re.compile("^เสร็จ ")).count()
    steps.get_by_role("button", name="ทำเครื่องหมายว่าเสร็จ").first.click()
    assert page.locator("#steps").get_by_text(re.compile("^เสร็จ ")).count() == done + 1
    page.locator("#events").get_by_role("textbox").fill("ลงพื้นที่ครบทุกชุมชนแล้ว")
    page.get_by_role("button", name="บันทึกความก้าวหน้า").click()
    assert "ลงพื้นที่ครบทุกชุมชนแล้ว" in page.locator("#events .history").inner_text()
    address = page.url
    page.goto("/")
    assert page.locator("#standing li", has_text="ขั้นที่เสร็จ 3 จาก 4").count() == 1

    mentor = house.page("mentor", phone=True)
    mentor.goto(address)
    assert "ลงพื้นที่ครบทุกชุมชนแล้ว" in mentor.locator("#events .history").inner_text()
