"""A development record as a file: every figure with its source, nothing the reader may not see."""

import datetime as dt
import io
import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.exports import operations
from webapp.exports.records.document import FORMAT
from webapp.officers.models import Officer
from webapp.records.rules import EVERYTHING, Reader

OPERATOR = Actor(kind="operator", name="ผู้ทดสอบ", role="operator")


def graduate(session: Session) -> Officer:
    """Somebody who went through the finished cohort."""
    return session.scalars(
        select(Officer).join(Enrollment).join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Cohort.code == "DD-2568-1", Enrollment.status == "completed").order_by(Officer.officer_no)
    ).first()  # type: ignore[return-value]  # fmt: skip


def made(session: Session, kind: str, reader: Reader = EVERYTHING, language: str = "th") -> bytes:
    with force_locale(language):
        return operations.record(session, actor=OPERATOR, reader=reader, officer=graduate(session), kind=kind).content


def document(session: Session, reader: Reader = EVERYTHING) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(made(session, "json", reader))
    return found


def test_the_document_keeps_its_names(demo_app: object, session: Session) -> None:
    found = document(session)
    assert found["format"] == FORMAT == "kaona-development-record/1"
    assert list(found) == [
        "format", "made_at", "audit_head", "officer", "postings", "delegations", "works", "training",
        "competency_ratings", "cohorts", "shortlists",
    ]  # fmt: skip
    assert list(found["cohorts"][0]) == [
        "cohort", "course", "status", "status_reason", "starts_on", "ends_on", "attendance", "coaching", "projects",
        "scores", "gates", "source",
    ]  # fmt: skip


def test_days_are_iso_and_figures_decimal_strings(demo_app: object, session: Session) -> None:
    found = document(session)
    dt.date.fromisoformat(found["officer"]["birth_date"])
    dt.datetime.fromisoformat(found["made_at"])
    score = next(row for row in found["cohorts"][0]["scores"] if row["score"])
    assert all(Decimal(score[name]) >= 0 for name in ("weight", "maximum", "score"))

    def floats(value: Any) -> bool:
        if isinstance(value, dict):
            return any(floats(one) for one in value.values())
        return any(floats(one) for one in value) if isinstance(value, list) else isinstance(value, float)

    assert not floats(found)


def test_the_national_id_is_masked_everywhere(demo_app: object, session: Session) -> None:
    officer = graduate(session)
    assert officer.national_id
    digits = officer.national_id
    for kind in ("json", "xlsx", "pdf"):
        assert digits.encode() not in made(session, kind)
    sheet = openpyxl.load_workbook(io.BytesIO(made(session, "xlsx"))).worksheets[0]
    assert not any(digits in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert re.fullmatch(r"x-xxxx-xxxxx-\d\d-\d", document(session)["officer"]["national_id"])


def test_every_fact_names_its_source(demo_app: object, session: Session) -> None:
    found = document(session)
    for part in ("postings", "delegations", "training", "competency_ratings", "shortlists"):
        assert all(row["source"]["id"] for row in found[part]), part
    entries = [entry for cohort in found["cohorts"] for score in cohort["scores"] for entry in score["entries"]]
    assert entries and all(entry["source"]["by"] and entry["source"]["at"] for entry in entries)


def test_an_officer_does_not_read_who_gave_which_mark(demo_app: object, session: Session) -> None:
    own = Reader(frozenset({"officer"}), graduate(session).id)
    text = made(session, "json", own).decode()
    scores = [score for cohort in json.loads(text)["cohorts"] for score in cohort["scores"]]
    assert all(not entry["source"]["by"] for score in scores for entry in score["entries"])
    assert "ดร.อรุณี พิพัฒน์กุล" in made(session, "json").decode() and "ดร.อรุณี พิพัฒน์กุล" not in json.dumps(
        scores, ensure_ascii=False
    )


def test_the_commission_takes_hours_of_coaching_without_their_text(demo_app: object, session: Session) -> None:
    topics = {held["topic"] for cohort in document(session)["cohorts"] for held in cohort["coaching"]["sessions"]}
    assert topics - {""}
    seen = document(session, Reader(frozenset({"commission"})))
    assert {held["topic"] for cohort in seen["cohorts"] for held in cohort["coaching"]["sessions"]} <= {""}
    assert seen["cohorts"][0]["coaching"]["acknowledged_minutes"] > 0


def test_the_workbook_has_real_dates_and_the_source_of_every_line(demo_app: object, session: Session) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(session, "xlsx")))
    sheet = book["การดำรงตำแหน่ง"]
    heads = [cell.value for cell in sheet[4]]
    assert heads[-3:] == ["ผู้บันทึก", "บันทึกเมื่อ", "การนำเข้า"]
    day = sheet.cell(5, heads.index("ตั้งแต่") + 1)
    assert isinstance(day.value, dt.datetime) and "107041E" in day.number_format
    assert all(sheet.cell(row, len(heads) - 2).value for row in range(5, sheet.max_row + 1))


@pytest.mark.needs("pdftoppm")
@pytest.mark.parametrize(("language", "wanted"), [("th", "ประวัติการพัฒนา"), ("en", "Development record")])
def test_the_document_prints_on_a4_with_page_numbers_and_words_that_can_be_searched(
    demo_app: object, session: Session, tmp_path: Path, language: str, wanted: str
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(made(session, "pdf", language=language))
    text = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
    about = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
    assert wanted in text and re.search(r"1\s*/\s*\d+", text)
    assert "A4" in about
