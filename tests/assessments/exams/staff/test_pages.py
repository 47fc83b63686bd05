"""The institute's pages of exams: who may open what, a draft made ready by another, refusals said where they arise."""

import re

import pytest
from sqlalchemy import select

from tests.assessments.exams.papers import ready_exam, sitter
from webapp.assessments.exams.models import Attempt, Candidate, Exam, ExamPool, ExamRoom

OPEN = "/exams/ADD-2569-2-EXAM"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_an_exam_is_set_up_by_one_and_made_ready_by_another(demo_app, session, client, sign_in):
    sign_in(client, role="institute")
    made = client.submit("/exams/new", {
        "code": "NEW-1", "name_th": "สอบความรู้ทั่วไป", "opens_on": "1/2/2570", "opens_time": "9.00", "closes_on": "1/2/2570",
        "closes_time": "๑๒.๐๐", "minutes": "90", "shows": "marks", "pages": "all", "feeds": "",
    })  # fmt: skip
    assert made.status_code == 303, text_of(made)
    assert made.location.endswith("/exams/NEW-1/blueprint")
    category = session.scalar(select(Exam).where(Exam.code == "NEW-1"))
    assert category.opens_at.hour == 2
    assert not category.one_per_page
    page = client.get("/exams/NEW-1/blueprint").get_data(as_text=True)
    branch = re.search(r'<option value="(\d+)">[^<]*เมืองและพื้นที่ \((\d+)\)', page)
    assert branch is not None
    short = client.submit("/exams/NEW-1/blueprint", {"l-0-category": branch[1], "l-0-draw": "90"})
    assert short.status_code == 303
    assert "ต้องใช้ 90 ข้อ แต่คลังมีข้อที่อนุมัติแล้ว 8 ข้อ" in text_of(client.get("/exams/NEW-1"))
    client.submit("/exams/NEW-1/blueprint", {"l-0-category": branch[1], "l-0-draw": "5", "l-0-points": "2"})
    page = text_of(client.get("/exams/NEW-1"))
    assert "ท่านสร้างหรือแก้ไขการสอบนี้ จึงยืนยันความพร้อมเองไม่ได้" in page
    assert client.post("/exams/NEW-1/ready").status_code == 303
    session.expire_all()
    assert session.scalar(select(Exam.status).where(Exam.code == "NEW-1")) == "draft"
    sign_in(client, role="institute")
    assert client.post("/exams/NEW-1/ready").location.endswith("/exams/NEW-1")
    session.expire_all()
    assert session.scalar(select(Exam.status).where(Exam.code == "NEW-1")) == "ready"
    assert len(session.scalars(select(ExamPool)).all()) >= 8, "the whole pool of the category is frozen"
    back = client.submit("/exams/NEW-1/draft", {"reason": "ผังข้อสอบไม่ครบ"})
    assert back.status_code == 303
    assert "ร่าง" in text_of(client.get("/exams/NEW-1"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"l-0-category": "1", "l-0-item": "Q-00001"}, "เลือกหมวดหรือระบุข้อ อย่างใดอย่างหนึ่ง"),
        ({"l-0-category": "", "l-0-item": "Q-99999"}, "ไม่มีข้อสอบรหัส Q-99999 ที่อนุมัติแล้ว"),
        ({"l-0-category": "1", "l-0-draw": "0"}, "ต้องเป็นจำนวนเต็มตั้งแต่ 1"),
        ({"l-0-category": "1", "l-0-draw": "2", "l-0-points": "-1"}, "ต้องเป็นตัวเลขมากกว่า 0"),
    ],
)
def test_a_wrong_line_of_the_blueprint_is_named(demo_app, client, sign_in, values, said):
    sign_in(client, role="institute")
    answer = client.submit("/exams/DD-2570-1-EXAM/blueprint", values)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_candidate_who_is_staff_does_not_find_the_exam(demo_app, session, client, sign_in):
    own = sign_in(client, roles=("institute", "officer"))
    person = session.scalar(select(Candidate).join(Exam).where(Exam.code == "ADD-2569-2-EXAM"))
    from webapp.officers.models import Officer

    session.get_one(Officer, person.officer_id).account_id = own.id
    session.commit()
    for page in ("", "/live", "/blueprint", "/preview", "/candidates", "/paper", "/paper/sheet.xlsx"):
        assert client.get(OPEN + page).status_code == 404, page
    assert "ADD-2569-2-EXAM" not in client.get("/exams").get_data(as_text=True)


def test_the_auditor_reads_and_changes_nothing(demo_app, session, client, sign_in):
    sign_in(client, role="auditor")
    for page in ("", "/live", "/blueprint", "/preview", "/candidates", "/rooms", "/paper", "/incidents", "/markers"):
        assert client.get(OPEN + page).status_code == 200, page
    page = client.get(f"{OPEN}/live").get_data(as_text=True)
    assert "4512" not in page, "the start code is a secret until the exam is over"
    number = session.scalar(select(Candidate.number).join(Exam).where(Exam.code == "ADD-2569-2-EXAM"))
    for address in (
        f"{OPEN}/live", f"{OPEN}/live/{number}/end", f"{OPEN}/paper/keys", f"{OPEN}/paper/papers", f"{OPEN}/cancel",
        f"{OPEN}/candidates", f"{OPEN}/rooms", f"{OPEN}/blueprint",
    ):  # fmt: skip
        assert client.post(address).status_code == 404, address
    assert client.get(f"{OPEN}/paper/sheet.xlsx").status_code == 404


def test_the_preview_begins_nothing_and_shows_no_key(demo_app, session, client, sign_in):
    sign_in(client, role="auditor")
    before = len(session.scalars(select(Attempt.id)).all())
    for sample in (1, 2, 3):
        page = client.get(f"/exams/DD-2570-1-EXAM/preview?sample={sample}").get_data(as_text=True)
        assert "fraction" not in page
    assert "ข้อสอบในคลังไม่พอกับผังข้อสอบ" in text_of(client.get("/exams/DD-2570-1-EXAM/preview"))
    one = text_of(client.get(f"{OPEN}/preview?sample=1"))
    assert one == text_of(client.get(f"{OPEN}/preview?sample=1")), "the same sample is the same paper"
    assert one != text_of(client.get(f"{OPEN}/preview?sample=2"))
    assert len(session.scalars(select(Attempt.id)).all()) == before


def test_rooms_and_candidates_by_the_pages(session, client, sign_in):
    people = [sitter(session, f"P{n}")[0] for n in range(3)]
    exam = ready_exam(session, people[:2], code="P-1")
    sign_in(client, role="institute")
    assert client.submit("/exams/P-1/rooms/new", {"name": "ห้อง 1", "seats": "2"}).status_code == 303
    half = client.submit("/exams/P-1/rooms/new", {"name": "ห้อง 2", "opens_on": "1/1/2570"})
    assert "กรอกวันและเวลาให้ครบ" in text_of(half)
    client.submit("/exams/P-1/candidates", {"officer": people[2].officer_no})
    assert "ที่นั่งไม่พอ ขาดอีก 1 ที่" in text_of(client.get(client.post("/exams/P-1/rooms").location))
    room = session.scalars(select(ExamRoom)).one()
    client.submit(f"/exams/P-1/rooms/{room.id}", {"name": "ห้อง 1", "seats": "3"})
    assert "จัดห้องให้แล้ว 3 คน" in text_of(client.get(client.post("/exams/P-1/rooms").location))
    number = session.scalar(select(Candidate.number).where(Candidate.officer_id == people[2].id))
    gone = client.submit(f"/exams/P-1/candidates/{number}/unseat", {"reason": "ลาออก"})
    assert gone.status_code == 303
    session.expire_all()
    assert len(session.scalars(select(Candidate).where(Candidate.exam_id == exam.id)).all()) == 2
    pdf = client.get("/exams/P-1/attendance.pdf")
    assert pdf.data.startswith(b"%PDF")


def test_the_home_says_which_exams_need_the_reader(demo_app, client, sign_in):
    sign_in(client, role="institute")
    page = text_of(client.get("/"))
    assert "ตรวจและยืนยันความพร้อมของการสอบ: สอบวัดความรู้ทั่วไปของหัวหน้าฝ่าย" in page
    assert "คุมสอบ: สอบวัดความรู้ รุ่นที่ 2/2569" in page
