"""Results of an exam as a workbook: everybody's total, and the marks question by question with what still waits."""

import datetime as dt
import io
from typing import Any

from flask_babel import gettext as _

from webapp.assessments.exams.marking.result_queries import Result, Results
from webapp.assessments.exams.marking.words import RESULT_STATE_WORDS
from webapp.assessments.exams.models import Exam
from webapp.assessments.views import points
from webapp.spreadsheets.writing import Book


def workbook(
    exam: Exam, found: Results, codes: dict[int, tuple[str, int]], *, created: dt.datetime, language: str
) -> bytes:
    """The workbook's bytes; ``codes`` names each question version. Figures are those of the page, rounded as there."""
    target = io.BytesIO()
    name = (exam.name_en or exam.name_th) if language == "en" else exam.name_th
    with Book(target, created=created, title=name, language=language) as book:
        sheet = book.sheet(_("ผลการสอบ"), landscape=True)
        heads = [_("เลขประจำตัว"), _("ชื่อ"), _("เลขผู้เข้าสอบ"), _("คะแนนสอบรวม"), _("คะแนนเต็ม"), _("คิดเป็นร้อยละ"),
                 _("ผลตามเกณฑ์"), _("สถานะ"), _("ในบัญชีคะแนน")]  # fmt: skip
        book.table(sheet, heads, [_row(row, language) for row in found.rows])
        book.footer(sheet, name)
        _marks(book, found, codes, language)
    return target.getvalue()


def _row(row: Result, language: str) -> list[Any]:
    paper, entry = row.paper, row.entry
    passed = "" if row.passed is None else _("ผ่าน") if row.passed else _("ไม่ผ่าน")
    figures = [None] * 3 if paper is None else [_number(paper.total), _number(paper.maximum), _number(paper.percent)]
    held = None if entry is None or entry.score is None else float(entry.score)
    return [
        row.candidate.officer.officer_no, _called(row, language), row.candidate.number, *figures, passed,
        str(RESULT_STATE_WORDS[row.state]), held,
    ]  # fmt: skip


def _called(row: Result, language: str) -> str:
    officer = row.candidate.officer
    return str((officer.name_en or officer.name_th) if language == "en" else officer.name_th)


def _number(value: Any) -> float | None:
    """As the page shows it: at most two decimals, half up."""
    return None if value is None else float(points(value))


def _marks(book: Book, found: Results, codes: dict[int, tuple[str, int]], language: str) -> None:
    """A row per candidate, a column per question; a question that somebody did not have is empty."""
    sheet = book.sheet(_("คะแนนรายข้อ"), landscape=True)
    versions = sorted(codes, key=lambda version: codes[version])
    rows = []
    for row in found.rows:
        if row.paper is None:
            continue
        marks = {one.version_id: one for one in row.paper.questions}
        cells = [
            None if version not in marks
            else _("รอตรวจ") if marks[version].points is None
            else _("ตัดออก") if marks[version].state == "void" else _number(marks[version].points)
            for version in versions
        ]  # fmt: skip
        rows.append([row.candidate.officer.officer_no, _called(row, language), *cells])
    heads = [_("เลขประจำตัว"), _("ชื่อ"), *(f"{codes[version][0]} ({codes[version][1]})" for version in versions)]
    book.table(sheet, heads, rows)
    sheet.freeze_panes(1, 2)
