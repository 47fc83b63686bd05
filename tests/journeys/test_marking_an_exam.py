"""Marking in a real browser: two who do not see each other and differ, a third who settles it, a regrade and its undoing,
the release, and what the officer then sees.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from webapp import clock
from webapp.accounts.models import Account
from webapp.accounts.queries import actor_for
from webapp.assessments.bank.document import cleaned
from webapp.assessments.bank.models import Item, ItemCategory, ItemVersion
from webapp.assessments.exams import results, saving, setting, taking
from webapp.assessments.exams.models import AttemptQuestion, Candidate
from webapp.database import db
from webapp.officers.models import Officer

pytestmark = pytest.mark.browser

CHOICE = {"type": "single", "stem_th": "กรุงเทพมหานครมีกี่เขต", "choices": [
    {"id": "a", "text_th": "50 เขต", "fraction": "1"}, {"id": "b", "text_th": "52 เขต", "fraction": "0"},
]}  # fmt: skip
ESSAY = {"type": "essay", "stem_th": "เสนอแผนรับมือน้ำท่วมของเขต", "points": "10", "rubric": [
    {"id": "think", "name_th": "การวิเคราะห์", "points": "6", "levels": []},
    {"id": "write", "name_th": "การสื่อสาร", "points": "4", "levels": []},
]}  # fmt: skip


def an_exam(house: Any) -> str:
    """An exam that the trainee and a colleague have sat; the trainee's candidate number."""
    with house.app.app_context():
        session = db.session
        people = {row.email.partition("@")[0]: row for row in session.scalars(select(Account))}
        staff, second = actor_for(people["staff"]), actor_for(people["staff2"])
        now, category = clock.now(), session.scalars(select(ItemCategory)).first()
        items = [_approved(session, category, f"J{n}", raw, now) for n, raw in enumerate((CHOICE, ESSAY))]
        exam = setting.plan_exam(session, staff, setting.Plan(
            "JOURNEY", "สอบวัดความรู้ (ทดลอง)", "Journey", now - dt.timedelta(minutes=5), now + dt.timedelta(hours=1), 30,
            pass_percent=Decimal(60), pass_reason="มติ", shows="marks",
        ))  # fmt: skip
        setting.set_blueprint(session, staff, exam, [setting.Line(item_id=item.item_id) for item in items])
        setting.make_ready(session, second, exam)
        own = session.scalars(select(Officer).where(Officer.account_id == people["trainee"].id)).one()
        other = session.scalars(select(Officer).where(Officer.account_id.is_(None)).order_by(Officer.id.desc())).first()
        setting.admit(session, staff, exam, {own.id: None, other.id: None})
        for place, who in enumerate(("assessor", "assessor2", "marker")):
            setting.name_marker(session, staff, exam, people[who].id, people[who].name, decides=place == 2)
        number = ""
        for candidate in session.scalars(select(Candidate).where(Candidate.exam_id == exam.id)).all():
            attempt = taking.start(session, staff, candidate)
            mine = candidate.officer_id == own.id
            number = candidate.number if mine else number
            for row in session.scalars(select(AttemptQuestion).where(AttemptQuestion.attempt_id == attempt.id)).all():
                given = {"choice": "b"} if row.version_id == items[0].id else {"text": "แผนของผู้สอบ"} if mine else None
                if given:
                    saving.save(session, attempt, row.position, given, page="p", turn=row.position)
            taking.submit(session, staff, attempt, key=f"journey-{candidate.id}")
        results.close_exam(session, staff, exam)
        session.commit()
        return number


def _approved(session: Any, category: Any, code: str, raw: Any, now: dt.datetime) -> ItemVersion:
    item = Item(code=code, category_id=category.id, created_by="ก", created_at=now)
    session.add(item)
    session.flush()
    document = cleaned(raw)
    version = ItemVersion(
        item_id=item.id, number=1, latest=True, status="approved", type=document["type"], title=code, words="",
        document=document, digest=code, made_by="ก", made_at=now, changed_at=now, approved_by="ข", approved_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def mark(house: Any, who: str, number: str, think: str, write: str) -> None:
    """Declare to be close to nobody, then mark the essay by its number."""
    page = house.page(who)
    page.goto("/my/essays")
    page.get_by_role("link", name="สอบวัดความรู้ (ทดลอง)").click()
    page.get_by_label("ไม่มี", exact=True).check()
    page.get_by_role("button", name="ยืนยันและเริ่มตรวจ").click()
    page.get_by_role("link", name=number).click()
    assert "แผนของผู้สอบ" in page.get_by_role("main").inner_text()
    assert page.get_by_text("คะแนนของผู้ตรวจ").count() == 0
    page.get_by_label("การวิเคราะห์").fill(think)
    page.get_by_label("การสื่อสาร").fill(write)
    page.get_by_role("button", name="ส่งคะแนน").click()
    page.get_by_text(f"บันทึกคะแนนของผู้สอบ {number} แล้ว").wait_for()


def test_two_differ_a_third_settles_a_regrade_is_undone_and_the_officer_sees_the_result(house: Any) -> None:
    number = an_exam(house)
    mark(house, "assessor", number, "6", "4")
    mark(house, "assessor2", number, "2", "2")
    staff = house.page("staff")
    staff.goto("/exams/JOURNEY/essays")
    row = staff.locator("section", has=staff.locator("#differing")).get_by_role("row").filter(has_text=number)
    assert "รอผู้ตรวจคนที่สาม" in row.inner_text()
    mark(house, "marker", number, "5", "4")
    staff.goto("/exams/JOURNEY/results")
    assert "9.5 / 11" in staff.get_by_role("row").filter(has_text=number).inner_text()  # (9 + 10) / 2, and 0 of 1

    staff.get_by_role("link", name="ตรวจใหม่").click()
    staff.get_by_role("row").filter(has_text="J0").get_by_role("link", name="ตรวจข้อนี้ใหม่").click()
    staff.get_by_label("52 เขต").fill("100")
    staff.get_by_role("button", name="ดูว่าคะแนนของใครเปลี่ยน").click()
    assert "+1" in staff.get_by_role("table", name="ผู้ที่คะแนนเปลี่ยน").inner_text()
    staff.get_by_label("เหตุผล").fill("ประกาศแบ่งเขตใหม่")
    staff.get_by_role("button", name="ยืนยันการตรวจใหม่").click()
    staff.get_by_text("ตรวจใหม่แล้ว คะแนนเปลี่ยน 2 คน").wait_for()
    staff.get_by_label("เหตุผลที่ยกเลิก").fill("ประกาศยังไม่มีผลใช้")
    staff.get_by_role("button", name="ยกเลิกการตรวจใหม่").click()
    staff.get_by_text("คะแนนกลับเป็นอย่างเดิม").wait_for()
    staff.goto("/exams/JOURNEY/results")
    assert "9.5 / 11" in staff.get_by_role("row").filter(has_text=number).inner_text()
    staff.get_by_role("link", name="ประกาศผล").click()
    staff.get_by_role("button", name="ประกาศผล").click()
    staff.get_by_text("ประกาศผลแล้ว และแจ้งผู้เข้าสอบทุกคน").wait_for()

    officer = house.page("trainee", phone=True)
    officer.goto("/my/exams")
    officer.get_by_role("link", name="สอบวัดความรู้ (ทดลอง)").first.click()
    officer.wait_for_url(re.compile("/my/exams/JOURNEY"))
    assert "9.5" in officer.get_by_role("main").inner_text()
