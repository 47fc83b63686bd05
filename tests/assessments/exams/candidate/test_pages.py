"""A candidate's pages: what each shows and when, without scripts."""

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.assessments.exams.candidate.conftest import Hall
from tests.assessments.exams.papers import HOUR, candidate_of, ready_exam
from tests.people import account, enter_as
from webapp import clock
from webapp.assessments.bank.models import Item
from webapp.assessments.bank.operations import add_picture
from webapp.assessments.exams import taking
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, EssayMark
from webapp.audit import Actor

KEYS = re.compile("ถูกต้อง|เฉลย|fraction|feedback|สำนักงานเขต|ครบ\\b")
"""What stands only in the keys of the questions (tests/assessments/bank/items.py)."""


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
STAFF = Actor("operator", "เจ้าหน้าที่", "operator")


def later(monkeypatch: pytest.MonkeyPatch, delta: dt.timedelta) -> None:
    moment = clock.now() + delta
    monkeypatch.setattr(clock, "now", lambda: moment)


def standing(session: Session, hall: Hall) -> dict[int, Any]:
    attempt = taking.attempt_of(session, candidate_of(session, hall.exam, hall.officer).id)
    assert attempt is not None
    return taking.standing_answers(session, [attempt.id]).get(attempt.id, {})


def test_from_the_list_to_the_receipt(hall: Hall, session: Session) -> None:
    listed = hall.client.get("/my/exams")
    assert "ความรู้พื้นฐาน" in listed.text
    door = hall.client.get(hall.url)
    assert "ข้อปฏิบัติ" in door.text
    unread = hall.client.submit(hall.url, {}, action=f"{hall.url}/start")
    assert unread.status_code == 422
    hall.begin()
    page = hall.client.get(f"{hall.url}/questions", follow_redirects=True)
    assert "ข้อ 1 จาก 8" in page.text
    answer = hall.client.submit(f"{hall.url}/questions/1", {"q1": "2", "go": "2"}, action=f"{hall.url}/questions/1")
    assert answer.location == f"{hall.url}/questions/2"
    said = hall.client.get(answer.location)
    assert re.search(r"บันทึกแล้ว \d\d:\d\d:\d\d", said.text)
    answer = hall.client.submit(f"{hall.url}/questions/8", {"q8": "ความเห็น\r\nสองบรรทัด", "flag-8": "yes", "go": "review"}, action=f"{hall.url}/questions/8")  # fmt: skip
    review = hall.client.get(answer.location)
    assert "ตอบแล้ว 2 จาก 8 ข้อ ทำเครื่องหมายไว้ 1 ข้อ" in review.text
    handed = hall.client.submit(f"{hall.url}/submit", {}, action=f"{hall.url}/submit")
    receipt = hall.client.get(handed.location)
    code = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", receipt.text)
    assert code
    assert "2 จาก 8 ข้อ" in receipt.text
    assert standing(session, hall)[8] == {"text": "ความเห็น\nสองบรรทัด"}
    again = hall.client.post(f"{hall.url}/submit")
    assert again.status_code == 303
    assert code[0] in hall.client.get(again.location).text, "handed in twice, the receipt is the same"
    assert hall.client.get(f"{hall.url}/questions").location == hall.url, "there is no way back"


def test_no_page_of_a_candidate_holds_a_key(hall: Hall, session: Session) -> None:
    hall.begin()
    pages = [hall.client.get(f"{hall.url}{path}").text for path in ("", "/questions/1", "/review", "/submit")]
    hall.client.post(f"{hall.url}/submit")
    pages += [hall.client.get(f"{hall.url}/receipt").text]
    hall.exam.status, hall.exam.shows, hall.exam.released_at = "released", "answers", clock.now()
    session.commit()
    pages += [hall.client.get(f"{hall.url}/result").text]
    for page in pages:
        main = page.partition("<main")[2]
        assert "ความรู้พื้นฐาน" in main
        assert not KEYS.search(main.replace("ส่งคำตอบ", "")), KEYS.search(main)


def test_before_the_window_after_it_and_with_a_code(hall: Hall, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    early = ready_exam(session, [hall.officer], code="EX-2", opens_in=HOUR, start_code="เปิด 99")
    url = f"/my/exams/{early.code}"
    assert "ยังไม่ถึงเวลาเข้าสอบ" in hall.client.get(url).text
    assert hall.client.post(f"{url}/start", data={"agreed": "yes"}).status_code == 422
    later(monkeypatch, HOUR)
    wrong = hall.client.submit(url, {"agreed": "yes", "code": "เปิด 98"}, action=f"{url}/start")
    assert wrong.status_code == 422
    assert "รหัสเริ่มสอบไม่ถูกต้อง" in wrong.text
    assert 'value="เปิด 98"' in wrong.text, "nothing typed is lost"
    assert hall.client.submit(url, {"agreed": "yes", "code": "เปิด ๙๙"}, action=f"{url}/start").status_code == 303
    later(monkeypatch, HOUR * 2)
    enter_as(hall.client, hall.account)
    assert hall.client.get(url).location == f"{url}/receipt"
    assert "หมดเวลาเข้าสอบแล้ว" in hall.client.get(hall.url).text


def test_on_time_out_the_last_saved_answers_count_and_a_late_one_is_kept(
    hall: Hall, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.begin()
    page = hall.client.get(f"{hall.url}/questions/3").text
    name = re.search(r'name="page" value="([^"]+)"', page)
    assert name
    fields = {"page": name[1], "q3": "1", "go": "4"}
    assert hall.client.post(f"{hall.url}/questions/3", data=fields).status_code == 303
    later(monkeypatch, dt.timedelta(minutes=61))
    late = hall.client.post(f"{hall.url}/questions/3", data={**fields, "q3": "2"})
    assert late.location == f"{hall.url}/receipt"
    receipt = hall.client.get(late.location).text
    assert "หมดเวลาสอบแล้ว" in receipt
    assert "ที่ถึงระบบหลังหมดเวลา" in receipt
    ended = hall.client.submit(f"{hall.url}/receipt", {}, action=f"{hall.url}/submit")
    assert "ครบเวลาสอบ" in hall.client.get(ended.location).text
    assert standing(session, hall) == {3: {"choice": "true"}}
    assert session.scalars(select(Answer.late).order_by(Answer.id)).all() == [False, True]


def test_nobody_else_opens_an_attempt(hall: Hall, app: Flask, session: Session) -> None:
    """Neither officers who do not sit it, nor staff, nor the auditor (promise 12)."""
    hall.begin()
    paths = ("", "/questions", "/questions/1", "/review", "/submit", "/receipt", "/result", "/pictures/" + "0" * 64)
    for role in ("officer", "institute", "auditor", "commission", "assessor", "mentor", "executive"):
        stranger = app.test_client()
        enter_as(stranger, account(role))
        absent = {stranger.get(f"/my/exams/none{path}").status_code for path in paths}
        assert absent == {404}
        assert {stranger.get(f"{hall.url}{path}").status_code for path in paths} == {404}, role
        for path in ("/start", "/save", "/here", "/submit", "/questions/1"):
            sent = {"page": "stranger-page", "turn": "1", "position": "1", "q1": "1", "agreed": "yes"}
            assert stranger.post(f"{hall.url}{path}", data=sent).status_code == 404, (role, path)
    assert hall.other.get(f"{hall.url}/questions").location == hall.url, (
        "an admitted one has their own attempt, or none"
    )
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_draft_exam_is_nobodys_business(hall: Hall, session: Session) -> None:
    hall.exam.status = "draft"
    session.commit()
    assert hall.client.get(hall.url).status_code == 404
    assert hall.exam.code not in hall.client.get("/my/exams").text


@pytest.mark.parametrize("shows", ["nothing", "marks", "answers"])
def test_after_release_each_sees_what_the_exam_allows(hall: Hall, session: Session, shows: str) -> None:
    hall.begin()
    hall.client.submit(
        f"{hall.url}/questions/7", {"q7": "กองการเจ้าหน้าที่", "go": "review"}, action=f"{hall.url}/questions/7"
    )
    hall.client.post(f"{hall.url}/submit")
    assert hall.client.get(f"{hall.url}/result").location == hall.url, "not before release"
    hall.exam.status, hall.exam.shows, hall.exam.released_at = "released", shows, clock.now()
    session.commit()
    page = hall.client.get(f"{hall.url}/result").text
    assert ("คะแนนรวม" in page) == (shows != "nothing")
    assert ("กองการเจ้าหน้าที่" in page) == (shows == "answers")
    assert hall.other.get(f"{hall.url}/result").location == hall.url, "who did not sit has no result"


def test_pages_do_not_ask_more_for_more_questions(hall: Hall, session: Session, statements: Any) -> None:
    from tests.assessments.bank.items import single

    long = ready_exam(session, [hall.officer], code="EX-60", kinds=[single] * 60, one_per_page=False)
    other = f"/my/exams/{long.code}"
    hall.begin()
    hall.client.submit(other, {"agreed": "yes"}, action=f"{other}/start")
    for path in ("", "/questions/1", "/review", "/submit"):
        counts = []
        for url in (hall.url, other):
            hall.client.get(url + path)
            with statements() as ran:
                assert hall.client.get(url + path).status_code == 200
            counts.append(len(ran))
        assert counts[0] == counts[1], path
        assert counts[0] <= 12, path


def test_all_questions_on_one_page_are_saved_together(hall: Hall, session: Session) -> None:
    hall.exam.one_per_page = False
    session.commit()
    hall.begin()
    page = f"{hall.url}/questions"
    answer = hall.client.submit(page, {"q1": "1", "q7": "เขตพระนคร", "go": "stay"}, action=f"{hall.url}/questions/0")
    assert answer.location == page
    assert set(standing(session, hall)) == {1, 7}
    assert 'value="เขตพระนคร"' in hall.client.get(page).text


def test_a_choice_can_be_taken_back(hall: Hall, session: Session) -> None:
    """Where a wrong choice costs points, it must be possible to choose none again."""
    hall.begin()
    page = f"{hall.url}/questions/1"
    hall.client.submit(page, {"q1": "1", "go": "stay"}, action=page)
    assert standing(session, hall)[1]
    assert hall.client.submit(page, {"clear": "1"}, action=page).location == page
    assert standing(session, hall)[1] == {}
    assert "ตอบแล้ว 0 จาก 8 ข้อ" in hall.client.get(f"{hall.url}/review").text


def test_the_same_page_sent_twice_is_one_answer_and_what_has_not_changed_is_not_written(
    hall: Hall, session: Session
) -> None:
    hall.exam.one_per_page = False
    session.commit()
    hall.begin()
    name = re.search(r'name="page" value="([^"]+)"', hall.client.get(f"{hall.url}/questions").text)
    assert name
    sent = {"page": name[1], "q1": "1", "q7": "เขตพระนคร", "go": "stay"}
    for _ in range(2):
        assert hall.client.post(f"{hall.url}/questions/0", data=sent).status_code == 303
    hall.client.post(f"{hall.url}/questions/0", data={**sent, "q7": "เขตดุสิต"})
    assert session.scalars(select(Answer.turn).order_by(Answer.id)).all() == [1, 1, 2]


def test_a_picture_of_the_question_is_served_to_its_candidate_and_one_of_the_key_is_not(
    hall: Hall, session: Session
) -> None:
    from tests.assessments.bank.items import single

    shown, hidden = (PNG + name for name in (b"shown", b"hidden"))
    markup = {name: f'<img src="picture:{hashlib.sha256(name).hexdigest()}" alt="แผนที่">' for name in (shown, hidden)}
    exam = ready_exam(session, [hall.officer, hall.second], code="EX-P", kinds=[lambda: single(stem_th=markup[shown], general_feedback_th=markup[hidden])])  # fmt: skip
    item = session.scalars(select(Item).order_by(Item.id.desc())).first()
    assert item is not None
    for content in (shown, hidden):
        add_picture(session, STAFF, item, "a.png", content)
    session.commit()
    url = f"/my/exams/{exam.code}"
    address = f"{url}/pictures/{hashlib.sha256(shown).hexdigest()}"
    assert hall.client.get(address).status_code == 404, "not before the start"
    hall.client.submit(url, {"agreed": "yes"}, action=f"{url}/start")
    assert address in hall.client.get(f"{url}/questions/1").text
    with hall.client.get(address) as picture:
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert hall.client.get(f"{url}/pictures/{hashlib.sha256(hidden).hexdigest()}").status_code == 404
    assert hall.other.get(address).status_code == 404, "who has not begun sees nothing of it"
    hall.client.post(f"{url}/submit")
    assert hall.client.get(address).status_code == 404, "nor afterwards, until answers are shown"


def test_the_list_does_not_ask_more_for_more_exams(hall: Hall, session: Session, statements: Any) -> None:
    counts = []
    for n in range(3):
        ready_exam(session, [hall.officer], code=f"EX-L{n}")
        for page in ("/my/exams", "/"):
            hall.client.get(page)
            with statements() as ran:
                assert hall.client.get(page).status_code == 200
            counts.append(len(ran))
    assert counts[:2] == counts[2:4] == counts[4:]


@pytest.mark.parametrize("shows", ["marks", "answers"])
def test_the_marks_of_an_essay_are_shown_without_their_markers_and_notes(
    hall: Hall, session: Session, shows: str
) -> None:
    hall.begin()
    question = session.scalars(select(AttemptQuestion.id).where(AttemptQuestion.position == 8)).one()
    hall.client.submit(f"{hall.url}/questions/8", {"q8": "ความเห็น", "go": "stay"}, action=f"{hall.url}/questions/8")
    hall.client.post(f"{hall.url}/submit")
    session.add(EssayMark(
        question_id=question, part="first", marks={"r1": "3", "r2": "2"}, note="ข้อสังเกตของผู้ตรวจ", marker="ดร.ผู้ตรวจ",
        marked_at=clock.now(),
    ))  # fmt: skip
    hall.exam.status, hall.exam.shows, hall.exam.released_at, hall.exam.essay_markers = (
        "released",
        shows,
        clock.now(),
        1,
    )
    session.commit()
    page = hall.client.get(f"{hall.url}/result").text
    assert "วิเคราะห์ 3/6, เสนอแนวทาง 2/4" in page
    assert "ข้อสังเกตของผู้ตรวจ" not in page, "markers are told that candidates do not see it"
    assert "ดร.ผู้ตรวจ" not in page
