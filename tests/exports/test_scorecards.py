"""The scorecard workbook: what it holds, and that every formula recomputes to what is stored (promise 7)."""

import datetime as dt
import io
import random
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exports.recomputing import formulas, recomputed
from webapp.assessments.models import AssessmentPlan, ScoreEntry
from webapp.assessments.ranking.scores import half_up
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.exports import operations
from webapp.exports.scorecards.layout import guard_holds, rounded, tab_name
from webapp.officers.models import Officer
from webapp.shortlist.operations import rank_cohort
from webapp.shortlist.queries import cohort_by_code

FINISHED, COMPLETE, OPEN = "DD-2568-1", "ADD-2569-1", "DD-2570-1"


def made(session: Session, code: str, officer_no: str = "", language: str = "th") -> bytes:
    actor = Actor(kind="operator", name="ผู้ทดสอบ", role="operator")
    with force_locale(language):
        return operations.scorecards(
            session, actor=actor, cohort=cohort_by_code(session, code), officer_no=officer_no
        ).content


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


@pytest.mark.needs("libreoffice")
@pytest.mark.parametrize("code", [FINISHED, COMPLETE])
def test_every_formula_recomputes_to_what_is_stored(
    demo_app: object, session: Session, tmp_path: Path, code: str
) -> None:
    content = made(session, code)
    again, written = recomputed(content, tmp_path), formulas(content, tmp_path)
    assert len(written) > 500
    for (sheet, cell), (formula, stored) in written.items():
        found = again[sheet][cell].value
        if isinstance(stored, (int, float)):
            assert found == pytest.approx(stored, abs=1e-9), (sheet, cell, formula, stored, found)
        else:
            assert (found or "") == (stored or ""), (sheet, cell, formula, stored, found)
    result = rank_cohort(session, cohort_by_code(session, code))
    rows = {
        row[1].value: row for row in again["การจัดลำดับ"].iter_rows(min_row=5) if isinstance(row[0].value, (int, float))
    }
    heads = [cell.value for cell in again["การจัดลำดับ"][4]]
    composite = heads.index("คะแนนรวม")
    assert len(rows) == len(result["entries"])
    for entry in result["entries"]:
        row = rows[entry["officer_no"]]
        assert (row[0].value, row[composite].value) == (entry["rank"], float(entry["composite"]))


@pytest.mark.needs("libreoffice")
def test_halves_round_up_whatever_binary_floats_make_of_them(tmp_path: Path) -> None:
    chance, target = random.Random(7), io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    expected = []
    for row in range(3000):
        weights = [Fraction(50), Fraction(30), Fraction(20)]
        maxima = [Fraction(chance.choice((30, 40, 60, 100, 120))) for _ in weights]
        scores = [Fraction(chance.randint(0, int(m) * 200), 200) for m in maxima]
        exact = sum((w * s / m for w, s, m in zip(weights, scores, maxima, strict=True)), Fraction())
        for column, score in enumerate(scores):
            sheet.write_number(row, column, float(score))
        terms = "+".join(f"{w}*{c}{row + 1}/{m}" for w, c, m in zip(weights, "ABC", maxima, strict=True))
        sheet.write_formula(row, 3, "=" + rounded(terms, 2))
        assert guard_holds(exact, 2)
        expected.append(half_up(exact, 2))
    book.close()
    again = recomputed(target.getvalue(), tmp_path).worksheets[0]
    assert [Decimal(str(round(again.cell(row + 1, 4).value, 6))) for row in range(3000)] == [
        value.normalize() if value else Decimal("0") for value in expected
    ]


def test_a_published_shortlist_is_shown_as_frozen_with_who_did_what(demo_app: object, session: Session) -> None:
    text = "\n".join(
        str(c.value) for row in opened(made(session, FINISHED)).worksheets[0].iter_rows() for c in row if c.value
    )
    for wanted in ("รายชื่อหมายเลข 1 (เผยแพร่แล้ว) ผลตรึงแล้ว", "นางพรทิพย์ อัศวเดช", "นายสมเกียรติ บุญยืน", FINISHED):
        assert wanted in text


def test_a_cohort_without_a_run_says_that_nothing_is_frozen(demo_app: object, session: Session) -> None:
    assert opened(made(session, COMPLETE)).worksheets[0]["A2"].value == "การจัดลำดับ ณ ขณะนี้ ยังไม่ตรึงผล"


def test_a_run_whose_figures_changed_is_not_shown_as_if_they_stood(demo_app: object, session: Session) -> None:
    entry = session.scalars(
        select(ScoreEntry).join(Enrollment).where(ScoreEntry.component == "exam", ScoreEntry.score.is_not(None))
        .where(Enrollment.cohort_id == cohort_by_code(session, FINISHED).id).order_by(ScoreEntry.id)
    ).first()  # fmt: skip
    assert entry is not None and entry.score is not None
    session.add(ScoreEntry(
        enrollment_id=entry.enrollment_id, purpose="ranking", component="exam", member=entry.member,
        score=entry.score - 1, maximum=entry.maximum, replaces_id=entry.id, reason="ตรวจใหม่", entered_by="ผู้ทดสอบ",
        entered_at=dt.datetime.now(dt.UTC),
    ))  # fmt: skip
    session.flush()
    lead = opened(made(session, FINISHED)).worksheets[0]["A2"].value
    assert "ยังไม่ตรึงผล" in lead and "รายชื่อหมายเลข 1" in lead


def test_nobody_vanishes_and_the_not_ranked_have_their_reasons(demo_app: object, session: Session) -> None:
    result = rank_cohort(session, cohort_by_code(session, COMPLETE))
    assert result["unranked"]
    sheet = opened(made(session, COMPLETE))["การจัดลำดับ"]
    numbers = [row[1].value for row in sheet.iter_rows(min_row=5)]
    for row in [*result["entries"], *result["unranked"]]:
        assert row["officer_no"] in numbers


def test_one_officer_alone_shows_nobody_else(demo_app: object, session: Session) -> None:
    result = rank_cohort(session, cohort_by_code(session, FINISHED))
    first, second = result["entries"][:2]
    book = opened(made(session, FINISHED, first["officer_no"]))
    assert "การจัดลำดับ" not in book.sheetnames and first["officer_no"] in book.sheetnames
    text = "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value)
    assert second["officer_no"] not in text and second["name_th"] not in text
    assert first["name_th"] in text


def test_text_from_users_is_never_a_formula_or_a_link(demo_app: object, session: Session) -> None:
    plan = session.scalars(
        select(AssessmentPlan).where(AssessmentPlan.cohort_id == cohort_by_code(session, COMPLETE).id)
    ).first()
    assert plan is not None
    plan.components[0].name_th = "=HYPERLINK(\"http://bad.example\",'x')!A1"
    plan.components[0].reason = "@SUM(1,1)"
    officer = session.scalars(
        select(Officer).join(Enrollment).where(Enrollment.cohort_id == plan.cohort_id).order_by(Officer.id)
    ).first()
    assert officer is not None
    officer.title, officer.given_name = "", "+1+cmd|'/c calc'!A0"
    session.flush()
    content = made(session, COMPLETE)
    read = openpyxl.load_workbook(io.BytesIO(content))
    values = [c for sheet in read for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    wild = [c for c in values if "bad.example" in c.value or "calc" in c.value or c.value.startswith("@SUM")]
    assert wild and all(c.data_type in ("s", "inlineStr") for c in wild if c.value[0] in "=+@")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".rels"):
                assert b"External" not in parts.read(name), name


def test_tabs_are_short_unlike_and_without_forbidden_letters(demo_app: object, session: Session) -> None:
    names = openpyxl.load_workbook(io.BytesIO(made(session, FINISHED))).sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert tab_name("ก:ข/ค[1]'ง") == "ก ข ค 1 ง"


def test_it_prints_on_a4_with_repeated_headings_and_the_head_of_the_audit_chain(
    demo_app: object, session: Session
) -> None:
    from webapp import audit

    head = audit.head_of(session)[1]
    book = openpyxl.load_workbook(io.BytesIO(made(session, FINISHED)))
    for sheet in book:
        assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
        assert head in (sheet.oddFooter.left.text or "")
    ranking = book["การจัดลำดับ"]
    assert ranking.print_title_rows and ranking.freeze_panes == "D5" and ranking.auto_filter.ref


def test_dates_are_real_and_shown_in_the_buddhist_era(demo_app: object, session: Session) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(session, FINISHED)))
    days = [c for row in book["เวลาเรียนและชั่วโมง"].iter_rows(max_row=8) for c in row if isinstance(c.value, dt.datetime)]
    assert len(days) == 12 and all("107041E" in day.number_format for day in days)


def test_charts_are_native_a_bar_of_composites_and_a_radar_per_officer(demo_app: object, session: Session) -> None:
    with zipfile.ZipFile(io.BytesIO(made(session, FINISHED))) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert sum("<c:radarChart>" in chart for chart in charts) == 28
    assert sum("<c:barChart>" in chart and "<c:errBars>" in chart for chart in charts) == 1


def test_the_english_workbook_holds_no_thai_words_of_ours(demo_app: object, session: Session) -> None:
    book = opened(made(session, FINISHED, language="en"))
    assert book.sheetnames[:2] == ["Summary", "Ranking"]
    heads = [cell.value for cell in book["Ranking"][4] if cell.value]
    assert not any("\u0e00" <= letter <= "\u0e7f" for head in heads[:5] for letter in head)


def test_a_cohort_without_people_is_refused_in_one_sentence(demo_app: object, session: Session) -> None:
    with pytest.raises(RuleBroken, match="ยังไม่มีผู้เข้ารับการอบรม"):
        made(session, OPEN)


def test_a_stranger_to_the_cohort_is_not_found(demo_app: object, session: Session) -> None:
    with pytest.raises(NotFound):
        made(session, FINISHED, "no-such-number")
