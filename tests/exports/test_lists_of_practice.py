"""Lists of what happened in a cohort as workbooks: to whom, what they hold, and that typed text stays text."""

import datetime as dt
import io
from decimal import Decimal as D

import openpyxl
import pytest
from sqlalchemy import select

from tests.assessments.conftest import cohort, trainees  # noqa: F401  (fixtures)
from webapp import clock
from webapp.assessments.models import CompetencyRating
from webapp.assessments.operations import record_score, release_scores
from webapp.assessments.rules import Given
from webapp.audit import AuditEntry
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, CourseSession

FORMULA = '=HYPERLINK("http://evil.example","x")'
ADDRESSES = {
    "/coaching.xlsx": {"institute"},
    "/cohorts/DD-1/attendance.xlsx": {"institute"},
    "/ratings.xlsx": {"institute", "commission"},
    "/cohorts/DD-1/scores/exam/marks.xlsx": {"institute", "commission"},
}


@pytest.fixture
def practice(session, cohort, trainees, actor):  # noqa: F811
    held = CourseSession(
        cohort_id=cohort.id, code="S01", part="lecture", name_th="คาบ", held_on=dt.date(2026, 1, 6), hours=D(6)
    )
    session.add(held)
    session.flush()
    stamp = {"entered_by": "ผู้ทดสอบ", "entered_at": clock.now()}
    session.add_all([
        Attendance(session_id=held.id, enrollment_id=trainees[0].id, present=True, hours=D("4.5"), **stamp),
        CoachingSession(
            enrollment_id=trainees[0].id, held_on=dt.date(2026, 2, 1), kind="shadowing", minutes=90, topic=FORMULA,
            agreed="+1\t@x", host="ผู้ว่า", recorded_by="ก", recorded_at=clock.now(),
        ),
        CompetencyRating(
            officer_id=trainees[0].officer_id, competency_code="leadership", rating=4, rated_on=dt.date(2026, 2, 1),
            method="-360", released_at=clock.now(), **stamp,
        ),
    ])  # fmt: skip
    record_score(session, actor, trainees[0], "exam", Given(D("66.67")))
    session.commit()


def rows(answer):
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_each_list_goes_to_those_who_export_it_and_holds_what_pages_show(
    client, sign_in, session, cohort, practice, actor  # noqa: F811
):  # fmt: skip
    sign_in(client, role="institute")
    assert client.get("/cohorts/DD-1/scores/exam/marks.xlsx").status_code == 404, "not released"
    release_scores(session, actor, cohort, "exam")
    session.commit()
    found = {address: rows(client.get(address)) for address in ADDRESSES}
    assert any(FORMULA in row and 90 in row for row in found["/coaching.xlsx"])
    assert any("T1" in row and 4.5 in row and 75 in row for row in found["/cohorts/DD-1/attendance.xlsx"])
    assert any("-360" in row and 4 in row for row in found["/ratings.xlsx"])
    assert any("T1" in row and row.count(66.67) == 2 for row in found["/cohorts/DD-1/scores/exam/marks.xlsx"])
    taken = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "exports:list:take")).all()
    assert len(taken) == len(ADDRESSES)
    for role in ("officer", "mentor", "assessor", "institute", "commission", "executive", "auditor", "administrator"):
        sign_in(client, role=role)
        for address, roles in ADDRESSES.items():
            assert (client.get(address).status_code == 200) == (role in roles), (role, address)


def test_garbage_in_the_question_is_no_error(client, sign_in, practice):
    sign_in(client, role="institute")
    for question in (
        "sort=x'--",
        "page=99999999999999999999",
        "page=-1",
        "cohort=%F0%9F",
        "state=x&kind=y",
        "q=%25_%5C",
    ):
        for address in ("/coaching.xlsx", "/ratings.xlsx"):
            assert client.get(f"{address}?{question}").status_code == 200, question
