"""The mark sheet of a paper sitting: out as a workbook without names, and what was filled in, with every bad cell named."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from webapp.assessments.bank.document import exact
from webapp.assessments.exams.models import Exam, ExamMarker
from webapp.assessments.exams.onpaper.letters import read_cell, written
from webapp.assessments.exams.onpaper.printing import Printed
from webapp.assessments.ranking.scores import plain
from webapp.careers.words import in_language
from webapp.errors import BadInput
from webapp.spreadsheets.cells import Code, Flag, Text
from webapp.spreadsheets.reading import Column, OpenFile, Problem, Table, open_file, read_table
from webapp.spreadsheets.writing import Book

ANSWERS, ESSAYS = "คำตอบ", "ข้อเขียน"
"""The names of the two sheets, in every language: files go back and forth between readers of both."""

NUMBER, VARIANT, PRESENT, PLACE, MARKER = "เลขผู้สอบ", "ชุด", "มาสอบ", "ข้อ", "ผู้ตรวจ"
NOT_HERE = "ข้อเขียน"
LINES = 8
"""Lines of a rubric that the sheet of essays has room for."""

LONGEST = 2000


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Standing:
    """What has come in already: present, answers by place, essay points by (place, marker) and rubric line."""

    present: bool | None = None
    answers: Mapping[int, Any] = field(default_factory=dict)
    essays: Mapping[tuple[int, int], Mapping[str, str]] = field(default_factory=dict)


def workbook(
    exam: Exam, printed: Sequence[Printed], markers: Sequence[ExamMarker], standing: Mapping[int, Standing], *,
    created: dt.datetime, language: str,
) -> bytes:  # fmt: skip
    """The mark sheet of these papers, filled in as far as marks have come in; by candidate number, without names."""
    content = io.BytesIO()
    rows = sorted(printed, key=lambda row: row.candidate.number)
    most = max((len(row.asked) for row in rows), default=0)
    with Book(content, created=created, title=in_language(exam), language=language) as book:
        sheet = book.sheet(ANSWERS, landscape=True)
        headings = [NUMBER, VARIANT, PRESENT, *(f"{PLACE} {n}" for n in range(1, most + 1))]
        book.table(sheet, headings, (_row(one, standing, most, language) for one in rows), widths={0: 12, 1: 8, 2: 9})
        book.header(sheet, f"{in_language(exam)} · {exam.code}")
        essays = [row for one in rows for row in _essay_rows(one, standing, markers)]
        if essays:
            other = book.sheet(ESSAYS, landscape=True)
            headings = [NUMBER, VARIANT, PLACE, MARKER, *(_line(n) for n in range(1, LINES + 1)), _("เกณฑ์ของข้อนี้")]
            book.table(other, headings, essays, widths={0: 12, 1: 8, 2: 8, 3: 28})
        guide = book.sheet(_("วิธีกรอก"))
        book.table(guide, [_("เรื่อง"), _("วิธีกรอก")], _guide(), widths={0: 28, 1: 90})
    return content.getvalue()


def _line(number: int) -> str:
    return f"เกณฑ์ {number}"


def _row(one: Printed, standing: Mapping[int, Standing], most: int, language: str) -> list[Any]:
    there = standing.get(one.candidate.id, Standing())
    cells: list[Any] = [one.candidate.number, one.code, None if there.present is None else int(there.present)]
    for asked in one.asked:
        if asked.type == "essay":
            cells.append(NOT_HERE)
        else:
            cells.append(written(asked.shown, there.answers.get(asked.position), language))
    return cells + [None] * (most - len(one.asked))


def _essay_rows(one: Printed, standing: Mapping[int, Standing], markers: Sequence[ExamMarker]) -> list[list[Any]]:
    there = standing.get(one.candidate.id, Standing())
    rows = []
    for asked in one.asked:
        if asked.type != "essay":
            continue
        rubric = rubric_of(asked.shown.document)
        told = " · ".join(f"{n} {row['name_th']} ({row['points']})" for n, row in enumerate(rubric, 1))
        for marker in markers:
            marks = there.essays.get((asked.position, marker.account_id), {})
            points = [_number(marks.get(row["id"])) for row in rubric]
            rows.append([one.candidate.number, one.code, asked.position, marker.name,
                         *points, *[None] * (LINES - len(points)), told])  # fmt: skip
    return rows


def _number(text: str | None) -> Any:
    if text is None:
        return None
    value = float(exact(text))
    return int(value) if value.is_integer() else value


def rubric_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines that an essay is marked by, or one for the whole answer."""
    rows = list(document["rubric"])[:LINES]
    return rows or [{"id": "", "name_th": "คะแนนรวม", "name_en": "Whole answer", "points": document["points"]}]


def _guide() -> list[list[str]]:
    return [
        [PRESENT, _("1 มาสอบ 0 ไม่มาสอบ ผู้ที่ไม่มาไม่ต้องกรอกคำตอบ")],
        [_("เลือกตอบ"), _("ตัวอักษรหน้าตัวเลือก เช่น ข ข้อที่เลือกได้หลายคำตอบเขียนทุกตัว เช่น ก ค")],
        [_("จับคู่"), _("เลขรายการตามด้วยตัวอักษร เช่น 1ข 2ก 3ค")],
        [_("เรียงลำดับ"), _("ตัวอักษรตามลำดับจากแรกไปหลัง เช่น ขกคง")],
        [_("ตัวเลขและคำสั้น"), _("ตามที่ผู้สอบเขียน ระบบตรวจด้วยเฉลยและคำที่ยอมรับ")],
        [_("ไม่ตอบ"), _("เว้นว่าง หรือเขียน -")],
        [NOT_HERE, _("กรอกคะแนนตามเกณฑ์แต่ละข้อในแผ่น “ข้อเขียน” แถวละผู้ตรวจหนึ่งคน")],
        [VARIANT, _("ต้องตรงกับรหัสชุดบนกระดาษคำตอบ ระบบไม่รับแถวที่ไม่ตรง")],
    ]


# What was filled in


@dataclass
class Filled:
    """A mark sheet as it was read: by candidate id what it says, and what is wrong with it."""

    rows: dict[int, Standing] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes, printed: Sequence[Printed], markers: Sequence[ExamMarker]) -> Filled:
    """Read a mark sheet whole; nothing of it may be used while ``problems`` holds anything. Raises ``BadInput``."""
    with open_file(content) as file:
        if ANSWERS not in file.sheet_names:
            raise BadInput(_l("ไม่มีแผ่น “%(sheet)s” กรุณาใช้ใบกรอกผลที่ดาวน์โหลดจากหน้านี้"), sheet=ANSWERS)
        by_number = {one.candidate.number: one for one in printed}
        found = Filled()
        essays = _read_essays(file, by_number, markers, found)
        _read_answers(file, by_number, essays, found)
    return found


def _columns(most: int) -> list[Column]:
    return [
        Column("number", NUMBER, "", Code(12), required=True, key=True), Column("variant", VARIANT, "", Code(8)),
        Column("present", PRESENT, "", Flag()),
        *(Column(f"q{n}", f"{PLACE} {n}", "", Text(LONGEST)) for n in range(1, most + 1)),
    ]  # fmt: skip


def _read_answers(file: OpenFile, by_number: Mapping[str, Printed], essays: dict[int, Any], found: Filled) -> None:
    most = max((len(one.asked) for one in by_number.values()), default=0)
    table = read_table(file.grid(ANSWERS), _columns(most), ANSWERS)
    for place in range(len(table)):
        one = _whose(table, place, by_number)
        if one is None:
            continue
        if one.candidate.id in found.rows:
            table.reject(place, "number", _l("เลขผู้สอบนี้ซ้ำกัน"))
            continue
        found.rows[one.candidate.id] = _answers(table, place, one, essays.pop(one.candidate.id, {}))
    headings = {column.name: column.heading for column in _columns(most)}
    found.problems += [_worded(problem, headings) for problem in (*table.unusable, *table.problems)]


def _worded(problem: Problem, headings: Mapping[str, str]) -> Problem:
    named = headings.get(problem.column, problem.column)
    return Problem(problem.row, named, problem.value, problem.message, problem.values, problem.sheet)


def _whose(table: Table, place: int, by_number: Mapping[str, Printed]) -> Printed | None:
    """Whose row it is; none where it names nobody, or another's paper."""
    number, code = table.column("number")[place], table.column("variant")[place]
    one = by_number.get(number or "")
    if one is None:
        if number:
            table.reject(place, "number", _l("ไม่มีเลขผู้สอบนี้ในการสอบ"))
        return None
    if code is not None and code.upper() != one.code:
        table.reject(place, "variant", _l("ผู้สอบเลขนี้ใช้ชุด %(code)s กรุณาตรวจว่าหยิบกระดาษคำตอบถูกคน"), code=one.code)
        return None
    return one


def _answers(table: Table, place: int, one: Printed, essays: Mapping[tuple[int, int], Mapping[str, str]]) -> Standing:
    answers: dict[int, Any] = {}
    present = table.column("present")[place]
    for asked in one.asked:
        cell = table.column(f"q{asked.position}")[place]
        if cell is None or (asked.type == "essay" and cell == NOT_HERE):
            continue
        if asked.type == "essay":
            table.reject(
                place, f"q{asked.position}", _l("ข้อนี้เป็นข้อเขียนของผู้สอบเลขนี้ กรอกคะแนนในแผ่น “%(sheet)s”"), sheet=ESSAYS
            )
            continue
        try:
            response = read_cell(asked.shown, cell)
        except BadInput as bad:
            table.reject(place, f"q{asked.position}", bad.message, **bad.values)
            continue
        if response:
            answers[asked.position] = response
    for n in range(len(one.asked) + 1, 1000):
        if f"q{n}" not in table.columns:
            break
        if table.column(f"q{n}")[place] is not None:
            table.reject(place, f"q{n}", _l("ข้อสอบของผู้นี้มีเพียง %(count)s ข้อ"), count=len(one.asked))
    if present is False and (answers or essays):
        table.reject(place, "present", _l("กรอกว่าไม่มาสอบ แต่มีคำตอบหรือคะแนน"))
    if present is None and (answers or essays):
        table.reject(place, "present", _l("กรอก 1 เมื่อมาสอบ"))
    return Standing(present, answers, essays)


def _read_essays(
    file: OpenFile, by_number: Mapping[str, Printed], markers: Sequence[ExamMarker], found: Filled
) -> dict[int, dict[tuple[int, int], dict[str, str]]]:  # fmt: skip
    """By candidate id: the points of each essay by each marker, by rubric line."""
    if ESSAYS not in file.sheet_names:
        return {}
    columns = [
        Column("number", NUMBER, "", Code(12), required=True, key=True), Column("variant", VARIANT, "", Code(8)),
        Column("place", PLACE, "", Code(6), required=True, key=True),
        Column("marker", MARKER, "", Text(200), required=True, key=True),
        *(Column(f"line{n}", _line(n), "", Text(20)) for n in range(1, LINES + 1)),
    ]  # fmt: skip
    table = read_table(file.grid(ESSAYS), columns, ESSAYS)
    named = {marker.name: marker.account_id for marker in markers}
    essays: dict[int, dict[tuple[int, int], dict[str, str]]] = {}
    for place in range(len(table)):
        one = _whose(table, place, by_number)
        if one is None:
            continue
        asked = next((row for row in one.asked if str(row.position) == table.column("place")[place]), None)
        if asked is None or asked.type != "essay":
            table.reject(place, "place", _l("ข้อนี้ของผู้สอบเลขนี้ไม่ใช่ข้อเขียน"))
            continue
        marker = named.get(table.column("marker")[place] or "")
        if marker is None:
            table.reject(place, "marker", _l("ไม่มีชื่อนี้ในผู้ตรวจของการสอบ"))
            continue
        marks = _marks(table, place, rubric_of(asked.shown.document))
        if marks:
            essays.setdefault(one.candidate.id, {})[(asked.position, marker)] = marks
    headings = {column.name: column.heading for column in columns}
    found.problems += [_worded(problem, headings) for problem in (*table.unusable, *table.problems)]
    return essays


def _marks(table: Table, place: int, rubric: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Points by rubric line, all of them or none."""
    marks: dict[str, str] = {}
    empty = []
    for n, row in enumerate(rubric, 1):
        typed = table.column(f"line{n}")[place]
        if typed is None:
            empty.append(n)
            continue
        try:
            value = exact(typed)
        except ValueError:
            table.reject(place, f"line{n}", _l("ต้องเป็นตัวเลข"))
            continue
        if not 0 <= value <= exact(row["points"]) or (value * 100).denominator != 1:
            table.reject(
                place, f"line{n}", _l("คะแนนต้องอยู่ระหว่าง 0 ถึง %(most)s มีทศนิยมไม่เกิน 2 ตำแหน่ง"), most=row["points"]
            )
            continue
        marks[str(row["id"])] = plain(Fraction(value))
    if marks and empty:
        table.reject(place, f"line{empty[0]}", _l("กรอกคะแนนให้ครบทุกเกณฑ์"))
    return marks if not empty else {}
