"""The figures of cohorts too large for a sheet each: the same figures, row by row."""

import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.ranking.columns import ExactColumn
from webapp.assessments.ranking.scores import half_up
from webapp.audit import Actor
from webapp.courses.models import CourseSession, Enrollment
from webapp.courses.queries import attendance_grid
from webapp.exports import operations
from webapp.exports.scorecards.figures import gather_figures, half_up_column
from webapp.officers.models import Officer
from webapp.shortlist.operations import rank_cohort
from webapp.shortlist.queries import cohort_by_code

COHORT = "ADD-2569-1"
NUMBERS = st.one_of(st.none(), st.fractions(min_value=0, max_value=1000, max_denominator=900))


@given(st.lists(NUMBERS, max_size=12), st.integers(0, 4))
def test_columns_round_half_up_as_single_figures_do(numbers: list[Fraction | None], decimals: int) -> None:
    found = half_up_column(ExactColumn.of(numbers), decimals)
    for number, whole in zip(numbers, found, strict=True):
        assert Decimal(int(whole)).scaleb(-decimals) == half_up(number or Fraction(), decimals)


def sheet_of(session: Session, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(operations, "MOST_OFFICER_SHEETS", 5)
    actor = Actor(kind="operator", name="ผู้ทดสอบ", role="operator")
    taken = operations.scorecards(session, actor=actor, cohort=cohort_by_code(session, COHORT))
    assert taken.file_name == f"figures-{COHORT}.xlsx" and taken.facts["figures_only"]
    return openpyxl.load_workbook(io.BytesIO(taken.content)).active


def test_the_figures_are_those_of_the_ranking(
    demo_app: object, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = sheet_of(session, monkeypatch)
    result = rank_cohort(session, cohort_by_code(session, COHORT))
    heads = [cell.value for cell in sheet[1]]
    rows = {
        row[1].value: dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)
    }
    for entry in result["entries"]:
        row = rows[entry["officer_no"]]
        assert (row["ลำดับ"], row["คะแนนรวม"], row["ชื่อ"]) == (entry["rank"], float(entry["composite"]), entry["name_th"])
        assert bool(row["เท่ากันคร่อมเส้น"]) == entry["tied_at_line"]
        shown = [row[head] for head in heads[3 : 3 + len(entry["components"])]]
        assert shown == [float(text) for text in entry["components"].values()]
    for other in result["unranked"]:
        assert rows[other["officer_no"]]["ลำดับ"] is None and rows[other["officer_no"]]["เหตุผล"]
    assert len(rows) == len(result["entries"]) + len(result["unranked"])


def test_hours_per_session_are_those_of_the_sheets(demo_app: object, session: Session) -> None:
    cohort = cohort_by_code(session, COHORT)
    figures = gather_figures(session, cohort)
    place = [heading.words for heading in figures.headings].index("S01")
    [first] = session.scalars(
        select(CourseSession.id).where(CourseSession.cohort_id == cohort.id, CourseSession.code == "S01")
    )
    grid = attendance_grid(session, cohort)
    numbers = session.execute(
        select(Enrollment.id, Officer.officer_no).join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort.id)
    )  # fmt: skip
    expected = {
        number: float(grid[person, first][1]) if grid[person, first][0] else 0.0
        for person, number in numbers if (person, first) in grid
    }  # fmt: skip
    assert expected
    assert {row[1]: row[place] for row in figures.rows() if row[place] is not None} == expected
