"""A paper sitting: what is printed, filled in and brought in is marked as on screen; twice changes nothing, wrong is named."""

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.assessments.exams.papers import candidate_of, ready_exam, sitter
from tests.people import account
from tests.reader import form_with
from webapp import clock
from webapp.assessments.bank.responses import best_response
from webapp.assessments.exams import results, setting, taking
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, EssayMark
from webapp.assessments.exams.onpaper import marks, printing, sheets
from webapp.assessments.exams.onpaper.letters import written
from webapp.assessments.exams.staff.paper import source_of
from webapp.assessments.exams.staff.queries import markers_of, seats_of
from webapp.documents import render
from webapp.errors import RuleBroken
from webapp.jobs import operations as jobs
from webapp.jobs.models import Job
from webapp.officers.models import Officer


@pytest.fixture
def paper(any_database: str, session: Any, actor: Any) -> dict[str, Any]:
    """An exam of every type, shuffled for each person, two markers, three candidates."""
    people = [sitter(session, f"K{n}")[0] for n in range(3)]
    exam = ready_exam(session, people, code="K-1", shuffle=True)
    for name in ("กรรมการ ก", "กรรมการ ข"):
        setting.name_marker(session, actor, exam, account("assessor", name=name).id, name)
    session.commit()
    source = source_of(session, exam)
    printed = printing.printed_of(source, [candidate_of(session, exam, person) for person in people])
    return {"exam": exam, "source": source, "printed": printed, "people": people}


def sheet_of(session: Any, paper: dict[str, Any], language: str = "th") -> openpyxl.Workbook:
    exam = paper["exam"]
    content = sheets.workbook(
        exam, paper["printed"], markers_of(session, exam), marks.standing_of(session, exam), created=clock.now(),
        language=language,
    )  # fmt: skip
    return openpyxl.load_workbook(io.BytesIO(content))


def fill(book: openpyxl.Workbook, paper: dict[str, Any], *, absent: int = 1) -> None:
    """The best answers of everybody but the last ``absent``; seven tenths of the essay from one marker, all from the other."""
    by_number = {one.candidate.number: one for one in paper["printed"]}
    gone = {one.candidate.number for one in paper["printed"][len(by_number) - absent :]}
    answers = book[sheets.ANSWERS]
    for row in answers.iter_rows(min_row=2):
        one = by_number[row[0].value]
        row[2].value = 0 if one.candidate.number in gone else 1
        for asked in one.asked:
            if one.candidate.number not in gone and asked.type != "essay":
                cell = written(asked.shown, best_response(asked.shown.document), "th")
                row[2 + asked.position].value = cell
    for row in book[sheets.ESSAYS].iter_rows(min_row=2):
        one = by_number[row[0].value]
        if one.candidate.number in gone:
            continue
        essay = next(asked for asked in one.asked if asked.position == row[2].value)
        for n, line in enumerate(sheets.rubric_of(essay.shown.document)):
            row[4 + n].value = float(line["points"]) if row[3].value == "กรรมการ ก" else float(line["points"]) * 0.9


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def bring(session: Any, actor: Any, paper: dict[str, Any], content: bytes, reason: str = "") -> marks.Brought:
    exam = paper["exam"]
    markers = markers_of(session, exam)
    filled = sheets.read(content, paper["printed"], markers)
    assert [problem.reason() for problem in filled.problems] == []
    return marks.bring_in(
        session, actor, exam, paper["source"], paper["printed"], filled, markers, reason=reason, digest="d"
    )


def test_what_is_filled_in_is_marked_as_on_screen_and_twice_changes_nothing(paper, session, actor):
    exam, (first, second, third) = paper["exam"], paper["people"]
    book = sheet_of(session, paper)
    fill(book, paper)
    content = saved(book)
    brought = bring(session, actor, paper, content)
    assert (brought.people, brought.changed) == (2, 0)
    marked = {sat.candidate.officer_id: sat for sat in results.results(session, exam)}
    assert set(marked) == {first.id, second.id}, "who did not come has no attempt"
    for sat in marked.values():
        assert sat.attempt.on_paper
        assert sat.attempt.receipt
        for question in sat.paper.questions:
            if question.state != "essay":
                assert question.points == question.maximum, question
        assert sat.paper.total is not None, "two marks of the essay near each other: their mean"
    on_screen = taking.start(session, actor, candidate_of(session, exam, third))
    same = next(one for one in paper["printed"] if one.candidate.officer_id == third.id)

    order = session.scalars(
        select(AttemptQuestion.version_id)
        .where(AttemptQuestion.attempt_id == on_screen.id)
        .order_by(AttemptQuestion.position)
    )
    assert [asked.version_id for asked in same.asked] == list(order), "the paper is the one on screen"
    before = [session.scalar(select(func.count()).select_from(table)) for table in (Answer, EssayMark, Attempt)]
    again = bring(session, actor, paper, content)
    assert (again.people, again.new, again.changed) == (0, 0, 0)
    refilled = bring(session, actor, paper, saved(sheet_of(session, paper)))
    assert (refilled.new, refilled.changed) == (0, 0), "the sheet as it is handed out now says what stands"
    after = [session.scalar(select(func.count()).select_from(table)) for table in (Answer, EssayMark, Attempt)]
    assert after == before


def test_a_change_needs_its_reason_and_keeps_what_was(paper, session, actor):
    book = sheet_of(session, paper)
    fill(book, paper)
    bring(session, actor, paper, saved(book))
    session.commit()
    one = paper["printed"][0]
    place = next(asked.position for asked in one.asked if asked.type == "single")
    for row in book[sheets.ANSWERS].iter_rows(min_row=2):
        if row[0].value == one.candidate.number:
            row[2 + place].value = "-"
    content = saved(book)
    with pytest.raises(RuleBroken, match="แก้ผลที่นำเข้าแล้ว 1 รายการ"):
        bring(session, actor, paper, content)
    session.rollback()
    assert bring(session, actor, paper, content, reason="อ่านกระดาษผิด").changed == 1
    attempt = session.scalars(select(Attempt).where(Attempt.candidate_id == one.candidate.id)).one()
    assert place not in {p for p, given in taking.standing_answers(session, [attempt.id])[attempt.id].items() if given}


def test_every_bad_cell_is_named_and_nothing_is_brought_in(paper, session, actor):
    book = sheet_of(session, paper)
    fill(book, paper)
    answers = book[sheets.ANSWERS]
    one, other = paper["printed"][:2]
    rows = {row[0].value: row for row in answers.iter_rows(min_row=2)}
    single = next(asked.position for asked in one.asked if asked.type == "single")
    rows[one.candidate.number][2 + single].value = "ฮ"
    essay = next(asked.position for asked in one.asked if asked.type == "essay")
    rows[one.candidate.number][2 + essay].value = "ก"
    rows[other.candidate.number][1].value = one.code
    rows[paper["printed"][2].candidate.number][0].value = "000001"
    marks_sheet = next(row for row in book[sheets.ESSAYS].iter_rows(min_row=2) if row[0].value == one.candidate.number)
    marks_sheet[4].value = 999
    filled = sheets.read(saved(book), paper["printed"], markers_of(session, paper["exam"]))
    said = " / ".join(f"{row.column} {row.reason()}" for row in filled.problems)
    for words in (
        f"ข้อ {single} “ฮ” ไม่ใช่ตัวเลือก", f"ข้อ {essay} ข้อนี้เป็นข้อเขียน", f"ผู้สอบเลขนี้ใช้ชุด {other.code}",
        "ไม่มีเลขผู้สอบนี้ในการสอบ", "คะแนนต้องอยู่ระหว่าง 0",
    ):  # fmt: skip
        assert words in said, said
    assert len(filled.problems) == 5


def test_a_marker_kept_apart_from_somebody_does_not_mark_them_on_paper_either(paper, session, actor):
    exam, one = paper["exam"], paper["printed"][0]
    marker = markers_of(session, exam)[0]
    superior = sitter(session, "K9")[0]
    superior.account_id = marker.account_id
    session.get_one(Officer, one.candidate.officer_id).supervisor_id = superior.id
    session.flush()
    book = sheet_of(session, paper)
    fill(book, paper)
    with pytest.raises(RuleBroken, match="มีความเกี่ยวข้องกับผู้สอบเลข"):
        bring(session, actor, paper, saved(book))


def test_who_sat_on_screen_cannot_come_in_from_paper(paper, session, actor):
    taking.start(session, actor, paper["printed"][0].candidate)
    book = sheet_of(session, paper)
    fill(book, paper)
    with pytest.raises(RuleBroken, match="สอบในระบบแล้ว"):
        bring(session, actor, paper, saved(book))


def test_the_pages_take_the_sheet_in_and_name_what_is_wrong(session, client, sign_in):
    people = [sitter(session, f"V{n}")[0] for n in range(2)]
    exam = ready_exam(session, people, code="V-1", shuffle=True)
    sign_in(client, role="institute")
    content = client.get("/exams/V-1/paper/sheet.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book[sheets.ANSWERS].iter_rows(min_row=2):
        row[2].value = 1
        row[4].value = "???" * 900
    wrong = client.post("/exams/V-1/paper/marks", data={"file": (io.BytesIO(saved(book)), "marks.xlsx")})
    assert wrong.status_code == 422
    assert "แถวที่ 2 คอลัมน์" in wrong.get_data(as_text=True)
    for row in book[sheets.ANSWERS].iter_rows(min_row=2):
        row[4].value = None
    good = client.post("/exams/V-1/paper/marks", data={"file": (io.BytesIO(saved(book)), "marks.xlsx")})
    assert good.status_code == 303
    assert "ผู้เข้าสอบใหม่ 2 คน" in client.get(good.location).get_data(as_text=True)
    bomb = client.post("/exams/V-1/paper/marks", data={"file": (io.BytesIO(b"%PDF-1.4"), "marks.xlsx")})
    assert bomb.status_code == 422
    assert len(seats_of(session, exam)) == 2


def test_papers_and_keys_are_printed_by_a_job_and_pressed_twice_once(session, client, sign_in):
    people = [sitter(session, f"J{n}")[0] for n in range(2)]
    ready_exam(session, people, code="J-1", shuffle=True)
    sign_in(client, role="institute")
    for action in ("papers", "keys"):
        page = client.get("/exams/J-1/paper").get_data(as_text=True)
        form = form_with(page, set(), f"/exams/J-1/paper/{action}")
        first, second = (client.post(form.action, data=form.values) for _press in range(2))
        assert first.location == second.location
        number = int(first.location.rsplit("/", 1)[1])
        jobs.do(number)
        job = session.get_one(Job, number, populate_existing=True)
        assert (job.status, job.error) == ("done", "")
        answer = client.get(f"/jobs/{number}/file")
        assert answer.data.startswith(b"%PDF")
        answer.close()


def test_printed_papers_name_nobody(paper, session, monkeypatch):
    caught: dict[str, Any] = {}

    def look(template: str, data: dict[str, Any], *, dated: Any) -> bytes:
        caught[template] = data
        return render(template, data, dated=dated)

    monkeypatch.setattr(printing, "render", look)
    candidates = [one.candidate for one in paper["printed"]]
    papers = printing.papers(session, paper["exam"], candidates, made_at=clock.now(), report=lambda *_said: None)
    keys = printing.keys(session, paper["exam"], candidates, made_at=clock.now(), report=lambda *_said: None)
    assert papers.startswith(b"%PDF")
    assert keys.startswith(b"%PDF")
    text = str(caught[printing.PAPERS])
    assert "ผู้สอบ K" not in text
    assert all(one.candidate.number in text and one.code in text for one in paper["printed"])
    assert "fraction" not in text
    assert "model" not in text
