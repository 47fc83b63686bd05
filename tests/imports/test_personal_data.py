"""What reports of a file hand back: national ids masked, and the entry rule beside enrollments before anything is written."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.assessments.conftest import cohort, officer, trainees  # noqa: F401  (fixtures)
from tests.people import account
from webapp.courses.models import Enrollment
from webapp.imports.models import ImportRun
from webapp.imports.operations import apply_checked, check_file

GOOD, WRONG = "1101700207030", "1101700207031"
FILE = (
    "officer_no,given_name,family_name,birth_date,entry_date,national_id,email\n"
    f"0001,ก,ข,30/2/2512,2540-01-01,{GOOD},\n"
    f"0002,ค,ง,1970-01-01,1999-01-01,{WRONG},{GOOD}\n"
).encode()


@pytest.fixture
def run(client, sign_in, session):
    """A rejected file of officers, and who brought it."""
    uploader = sign_in(client, account=account("commission"))
    data = {"kind": "officers", "key": "k", "file": (io.BytesIO(FILE), "officers.csv")}
    address = client.post("/imports/new", data=data).location
    assert session.scalar(select(ImportRun.status)) == "rejected"
    return address, uploader


def cells(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [[str(cell) for cell in row] for row in book["officers"].iter_rows(values_only=True)]


def test_rejected_rows_hold_no_full_national_id_but_a_wrong_one_for_its_uploader(client, sign_in, run):
    address, _uploader = run
    rows = cells(client.get(f"{address}/rejected.xlsx"))
    assert GOOD not in str(rows)
    assert rows[2][5] == WRONG
    assert GOOD not in client.get(address).text
    answer = client.get(f"{address}/file")
    assert answer.status_code == 200
    answer.close()
    sign_in(client, account=account("commission"))
    assert WRONG not in str(cells(client.get(f"{address}/rejected.xlsx")))
    assert client.get(f"{address}/file").status_code == 404
    assert f"{address}/file" not in client.get(address).text


def test_the_entry_rule_stands_beside_enrollments_before_they_are_written_and_after_once(session, cohort, actor):  # noqa: F811
    officer(session, "E1")
    session.commit()
    checked = check_file(session, actor, "enrollments", b"cohort_code,officer_no\nDD-1,E1\n", file_name="a.csv")
    assert [(one.row, one.column, one.value) for one in checked.warnings] == [(2, "officer_no", "E1")]
    assert "ไม่ผ่านเกณฑ์เข้าอบรม" in checked.warnings[0].reason()
    assert session.scalar(select(func.count(Enrollment.id))) == 0
    apply_checked(session, actor, checked)
    assert session.scalar(select(func.count(Enrollment.id))) == 1
    assert len(checked.warnings) == 1
