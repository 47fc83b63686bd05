"""Agreement as it is shown: figures or sentences, the chart, the page and the workbook of a panel."""

import io
from decimal import Decimal as D

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessments.conftest import number_of
from tests.people import account
from webapp import charts
from webapp.accounts.queries import actor_for
from webapp.assessments.operations import record_score, release_scores
from webapp.assessments.panels.operations import name_member, recuse
from webapp.assessments.reliability.words import shown
from webapp.assessments.rules import Given, Line
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.reliability import Ratings, ratings_from, reliability_of
from webapp.charts import marks

SIX = Ratings(
    tuple("abcdef"), ("ก", "ข", "ค", "ง"),
    ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)),
)  # fmt: skip
PAGE = "/cohorts/DD-1/scores/proposal/agreement"


def test_the_published_example_is_shown_with_its_printed_digits_and_named_models(app) -> None:
    with app.test_request_context():
        page = shown(reliability_of(SIX))
    values = {line.model: line.value for line in page.lines}
    assert values == {
        "ICC(1,1)": "0.17", "ICC(2,1)": "0.29", "ICC(3,1)": "0.71", "ICC(1,4)": "0.44", "ICC(2,4)": "0.62", "ICC(3,4)": "0.91",
    }  # fmt: skip
    assert [line.model for line in page.lines if line.decides] == ["ICC(2,4)"]
    assert all(line.words and line.interval != "—" for line in page.lines)
    assert "6 คน (น้อยกว่า 10 คน)" in page.warning
    assert page.picture is not None
    assert [row[0] for row in page.picture.rows] == ["ข", "ค", "ง", "ก"], "the strictest first"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (((1, 2),), "มีผู้ถูกประเมิน 1 คน ต้องมีอย่างน้อย 2 คน"),
        (((1,), (2,)), "มีผู้ประเมิน 1 คน ต้องมีอย่างน้อย 2 คน"),
        (((1, None), (2, 3)), "ยังขาดคะแนน 1 ช่อง"),
        (((2, 2), (2, 2)), "คะแนนทุกช่องเท่ากัน"),
        (((1, 3), (1, 3)), "ผู้ถูกประเมินได้คะแนนไม่ต่างกัน"),
        ((), "มีผู้ถูกประเมิน 0 คน"),
    ],
)
def test_what_the_data_do_not_allow_is_refused_with_a_sentence(app, rows, sentence: str) -> None:
    width = len(rows[0]) if rows else 0
    table = Ratings(tuple(f"p{n}" for n in range(len(rows))), tuple("กขค"[:width]), rows)
    with app.test_request_context():
        page = shown(reliability_of(table))
    assert sentence in page.refused
    assert not page.lines


def test_whoever_nobody_rated_and_who_rated_nobody_are_left_out() -> None:
    table = Ratings(("a", "b", "c"), ("ก", "ข", "ค"), ((1, 2, None), (None, None, None), (3, 3, None)))
    found = reliability_of(table)
    assert (found.people, found.assessors, found.missing, found.complete) == (2, ("ก", "ข"), 0, 2)
    assert table.complete().rows == ()


MARKS = st.one_of(st.none(), st.integers(1, 5))


@given(st.lists(st.tuples(MARKS, MARKS, MARKS), min_size=1, max_size=9), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_people_and_of_assessors_does_not_matter(rows, chance) -> None:
    people, assessors = [f"p{n}" for n in range(len(rows))], ["ก", "ข", "ค"]
    flat = [(people[n], assessors[m], row[m]) for n, row in enumerate(rows) for m in range(3)]
    shuffled = list(flat)
    chance.shuffle(shuffled)
    one, other = reliability_of(ratings_from(flat)), reliability_of(ratings_from(shuffled))
    assert isinstance(one.correlations, Refusal) == isinstance(other.correlations, Refusal)
    if not isinstance(one.correlations, Refusal):
        assert np.allclose([c.value for c in one.correlations], [c.value for c in other.correlations])
    assert one.within == other.within or one.within == pytest.approx(other.within)
    said = {name: s and round(s.difference, 9) for name, s in zip(one.assessors, one.severity, strict=True)}
    assert said == {name: s and round(s.difference, 9) for name, s in zip(other.assessors, other.severity, strict=True)}


def test_bars_of_severity_stay_on_their_sheet_on_both_sides() -> None:
    bars = [charts.Bar("ก" * 60, -3.25, "−3.25", flag="9"), charts.Bar("ข", 1.0, "+1.00", flag="9")]
    picture = charts.deviations(bars, title="t", sentence="s", columns=("a", "b", "c"), below="เข้มกว่า", above="ผ่อนกว่า")
    for drawing in (picture.wide, picture.narrow):
        rects = [mark for mark in drawing.marks if isinstance(mark, marks.Rect)]
        assert rects[0].x + rects[0].width == pytest.approx(rects[1].x, abs=0.2), "both begin at nought"
        assert all(rect.x >= 0 and rect.x + rect.width <= drawing.width for rect in rects)
        texts = [mark for mark in drawing.marks if isinstance(mark, marks.Text)]
        assert all(0 <= text.x <= drawing.width for text in texts)


def give(session, staff, member, enrollment, analysis, delivery):
    lines = (Line("analysis", D(2), D(10), D(analysis)), Line("delivery", D(1), D(5), D(delivery)))
    return record_score(session, actor_for(staff), enrollment, "proposal", Given(marks=lines), member=member.name)


@pytest.fixture
def marked(session, cohort, trainees, assessors, staff):
    panel = [name_member(session, actor_for(staff), cohort, "proposal", person) for person in assessors]
    for trainee, pair in zip(trainees, ((("8", "4"), ("6", "4")), (("9", "5"), ("7", "3")), (("4", "2"), ("3", "2"))), strict=True):  # fmt: skip
        for member, lines in zip(panel, pair, strict=True):
            give(session, staff, member, trainee, *lines)
    session.commit()
    return panel


def test_staff_see_agreement_before_release_and_others_only_after(client, sign_in, session, cohort, marked, staff):
    for role in ("commission", "executive"):
        sign_in(client, role=role)
        assert client.get(PAGE).status_code == 404
    sign_in(client, account=staff)
    text = client.get(PAGE).text
    assert "ICC(2,2)" in text and "ความเข้มงวดของกรรมการแต่ละคน" in text
    assert "−" in client.get(f"{PAGE}?line=analysis").text
    assert client.get(f"{PAGE}?line=nothing").status_code == 404
    release_scores(session, actor_for(staff), cohort, "proposal")
    session.commit()
    sign_in(client, role="commission")
    assert "ICC(2,2)" in client.get(PAGE).text
    sign_in(client, role="assessor")
    assert client.get(PAGE).status_code == 404


def test_staff_on_the_panel_see_no_agreement_before_their_own_marks(client, sign_in, session, cohort, marked, staff):
    both = account("institute", "assessor", name="กรรมการ เจ้าหน้าที่")
    name_member(session, actor_for(staff), cohort, "proposal", both)
    session.commit()
    sign_in(client, account=both)
    text = client.get(PAGE).text
    assert "ICC" not in text and "แสดงเมื่อท่านส่งคะแนนของตนแล้ว" in text
    assert client.get(f"{PAGE}.xlsx").status_code == 404


def test_a_recused_members_marks_are_no_part_of_it_and_gaps_are_said(client, sign_in, session, cohort, trainees, marked, staff):  # fmt: skip
    third = name_member(session, actor_for(staff), cohort, "proposal", account("assessor", name="กรรมการคนที่สาม"))
    for trainee in trainees[:2]:
        give(session, staff, third, trainee, "1", "5")
    session.commit()
    sign_in(client, account=staff)
    text = client.get(PAGE).text
    assert "ยังขาดคะแนน 1 ช่อง" in text and "คำนวณเฉพาะ 2 คนที่ได้คะแนนครบ" in text
    assert "ICC(2,3)" in client.get(f"{PAGE}?only=complete").text
    recuse(session, actor_for(staff), third, reason="เป็นญาติ")
    session.commit()
    text = client.get(PAGE).text
    assert "ICC(2,2)" in text and "กรรมการคนที่สาม" not in text


def test_the_workbook_holds_the_figures_a_chart_and_marks_only_once_released(
    client, sign_in, session, cohort, trainees, marked, staff
):
    sign_in(client, account=staff)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}.xlsx").data))
    assert book.sheetnames == ["ความสอดคล้อง", "ความเข้มงวด"]
    cells = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    from webapp.assessments.statistics.agreement import intraclass, table_of

    # total = 50 × (2·a/10 + d/5) / 3
    totals = [[50 * (D(2) * a / 10 + D(d) / 5) / 3 for a, d in pair] for pair in (((8, 4), (6, 4)), ((9, 5), (7, 3)), ((4, 2), (3, 2)))]  # fmt: skip
    expected = intraclass(table_of(totals))
    assert not isinstance(expected, Refusal)
    for one in expected:
        assert cells[one.model] == pytest.approx(one.value)
    assert book.worksheets[1]._charts
    assert number_of(session, trainees[0]) not in str(cells)
    release_scores(session, actor_for(staff), cohort, "proposal")
    session.commit()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}.xlsx").data))
    assert book.sheetnames[-1] == "คะแนนที่ใช้คำนวณ"
    assert book.worksheets[-1].max_row == 4
