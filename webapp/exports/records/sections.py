"""The record as tables in the reader's language: the same for the workbook and the document."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.ranking.scores import half_up
from webapp.exports.records.material import RecordMaterial
from webapp.records.pictures import words
from webapp.records.record import InCohort, Place, Scored, Source
from webapp.records.words import reason_words

HOURS_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, and where it came from."""

    cells: tuple[Any, ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the record. ``of`` is the cohort it belongs to; ``wide`` columns get the room that is left."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    of: str = ""
    wide: tuple[int, ...] = (0,)
    lead: str = ""


def facts_of(material: RecordMaterial) -> list[tuple[str, str]]:
    """Who this is, in pairs."""
    person = material.record.person
    now = [words(row.post) for row in material.record.postings
           if not row.acting and row.ended_on is None and row.started_on <= material.today]  # fmt: skip
    facts = [
        (_("เลขประจำตัวข้าราชการ"), person.officer_no),
        (_("เลขประจำตัวประชาชน"), material.national_id or _("ยังไม่มี")),
        (_("วันเกิด"), thai.day_long(person.birth_date)),
        (_("วันบรรจุ"), thai.day_long(person.entry_date)),
        (_("ครบเกษียณอายุ"), thai.day_long(person.retires_on)),
        (_("ตำแหน่งปัจจุบัน"), ", ".join(now) or _("ไม่มีตำแหน่งที่ดำรงอยู่")),
        (_("คุณสมบัติ"), ", ".join(words(row) for row in person.qualifications) or _("ยังไม่มี")),
    ]
    if person.left_on is not None:
        facts.append((_("พ้นจากราชการ"), f"{thai.day_long(person.left_on)} {person.left_reason}".strip()))
    return facts


def sections(material: RecordMaterial) -> Iterator[Section]:
    """Every table of the record in reading order; a table with nothing in it is left out of cohorts, not of the career."""
    yield from _career(material)
    for cohort in material.record.cohorts:
        yield from _of_cohort(cohort)
    places = tuple(Row(_place(row), row.source) for row in material.record.places)
    heads = (_("รุ่น"), _("ลำดับ"), _("จัดลำดับได้"), _("คะแนนรวม"), _("ผล"), _("เผยแพร่เมื่อ"))
    yield Section("places", _("ลำดับในรายชื่อที่เผยแพร่"), heads, places, wide=(0, 4))


def _career(material: RecordMaterial) -> Iterator[Section]:
    record, present = material.record, _("ปัจจุบัน")
    yield Section("postings", _("การดำรงตำแหน่ง"), (
        _("ตำแหน่ง"), _("ประเภทและระดับ"), _("หน่วยงาน"), _("ตั้งแต่"), _("ถึง"), _("คำสั่ง")), tuple(
        Row((words(r.post) + (f" ({_('รักษาการ')})" if r.acting else ""), words(r.grade),
             " · ".join(part for part in (words(r.unit), words(r.section)) if part), r.started_on, r.ended_on or present,
             r.order_ref), r.source) for r in record.postings), wide=(0, 2))  # fmt: skip
    yield Section("delegations", _("ฝ่ายที่ได้รับมอบหมาย"), (_("ฝ่าย"), _("หน่วยงาน"), _("ตั้งแต่"), _("ถึง"), _("คำสั่ง")), tuple(
        Row((words(r.section), words(r.unit), r.started_on, r.ended_on or present, r.order_ref), r.source)
        for r in record.delegations), wide=(0, 1))  # fmt: skip
    results = {"passed": _("ผ่าน"), "failed": _("ไม่ผ่าน")}
    yield Section("training", _("การอบรม"), (
        _("หลักสูตร"), _("สำเร็จเมื่อ"), _("ผล"), _("หน่วยงานที่จัด"), _("ชั่วโมง"), _("เลขที่ใบรับรอง")), tuple(
        Row((words(r.course), r.completed_on, results[r.result], r.institution,
             None if r.hours is None else Decimal(r.hours), r.certificate_no), r.source)
        for r in record.training), wide=(0, 3))  # fmt: skip
    yield Section("works", _("ผลงานเชิงประจักษ์"), (_("ผลงาน"), _("วันที่"), _("ประเภท"), _("ผู้รับรอง"), _("รับรองเมื่อ")), tuple(
        Row((r.title, r.done_on, r.category, r.verified_by or _("ยังไม่รับรอง"), r.verified_on), r.source)
        for r in record.works))  # fmt: skip
    yield Section("ratings", _("ผลการประเมินสมรรถนะ"), (_("สมรรถนะ"), _("ระดับ"), _("ประเมินเมื่อ"), _("วิธี"), _("ผู้ประเมิน")), tuple(
        Row((words(r.competency), r.rating, r.rated_on, r.method, r.assessor), r.source)
        for r in record.ratings), wide=(0, 3))  # fmt: skip


def _of_cohort(cohort: InCohort) -> Iterator[Section]:
    of = words(cohort.title)
    yield Section("cohort", of, (_("หลักสูตร"), _("ตั้งแต่"), _("ถึง"), _("สถานะ"), _("หมายเหตุ")), (
        Row((words(cohort.course), cohort.starts_on, cohort.ends_on, _status(cohort.status), cohort.status_reason),
            cohort.source),), of, wide=(0, 4))  # fmt: skip
    if cohort.scores:
        yield Section("scores", _("คะแนน"), (
            _("องค์ประกอบ"), _("น้ำหนัก (ร้อยละ)"), _("คะแนนเต็ม"), _("เกณฑ์ผ่าน (ร้อยละ)"), _("คะแนน")),
            tuple(Row(_score(row)) for row in cohort.scores), of)  # fmt: skip
    entries = tuple(_entries(cohort))
    if entries:
        yield Section("entries", _("คะแนนแต่ละรายการและการแก้ไข"), (
            _("องค์ประกอบ"), _("ผู้ให้คะแนน"), _("คะแนน"), _("สถานะของรายการ"), _("เหตุผล")), entries, of, wide=(0, 4))  # fmt: skip
    hours = _("เข้าเรียน %(attended)s จาก %(held)s ชั่วโมง (ร้อยละ %(percent)s)", attended=_number(cohort.hours_attended),
              held=_number(cohort.hours_held), percent=_number(cohort.attendance_percent))  # fmt: skip
    if cohort.attendance:
        rows = tuple(
            Row((h.code, words(h.title), h.held_on, half_up(h.held_hours, HOURS_DECIMALS),
                 _("ยังไม่มี") if h.hours is None else half_up(h.hours, HOURS_DECIMALS)), h.source)
            for h in cohort.attendance
        )  # fmt: skip
        yield Section("attendance", _("การเข้าเรียน"), (_("คาบ"), _("เรื่อง"), _("วันที่"), _("ชั่วโมง"), _("เข้าเรียน")),
                      rows, of, wide=(1,), lead=hours)  # fmt: skip
    yield from _coaching(cohort, of)
    if cohort.projects:
        kinds = {"project": _("โครงการ"), "proposal": _("โครงร่างข้อเสนอ")}
        answers = {True: _("ยอมรับแล้ว"), False: _("ไม่ยอมรับ"), None: _("ยังไม่ตัดสิน")}
        yield Section("projects", _("โครงการและโครงร่างข้อเสนอ"), (
            _("ชนิด"), _("ชื่อ"), _("กำหนดส่ง"), _("ส่งเมื่อ"), _("ผล")), tuple(
            Row((kinds.get(p.kind, p.kind), p.title, p.due_on, p.submitted_at, answers[p.accepted]), p.source)
            for p in cohort.projects), of, wide=(1,))  # fmt: skip


def _coaching(cohort: InCohort, of: str) -> Iterator[Section]:
    if not cohort.coaching:
        return
    kinds = {"coaching": _("สอนงาน"), "mentoring": _("ให้คำปรึกษา"), "shadowing": _("เรียนรู้งานจากต้นแบบ")}
    lead = _("รับรองแล้ว %(hours)s ชั่วโมง เรียนรู้งานจากต้นแบบ %(shadowing)s ชั่วโมง ยังไม่รับรอง %(open)s ครั้ง",
             hours=_number(cohort.coaching_hours), shadowing=_number(cohort.shadowing_hours), open=cohort.unacknowledged)  # fmt: skip
    rows = tuple(
        Row((kinds[s.kind], s.held_on, s.minutes, s.mentor, s.topic,
             _("รับรองแล้ว") if s.acknowledged_at else _("ยังไม่รับรอง")), s.source)
        for s in cohort.coaching
    )  # fmt: skip
    yield Section("coaching", _("การสอนงานและให้คำปรึกษา"), (
        _("ชนิด"), _("วันที่"), _("นาที"), _("ผู้สอนงาน"), _("เรื่อง"), _("การรับรอง")), rows, of, wide=(4,), lead=lead)  # fmt: skip


def _score(row: Scored) -> tuple[Any, ...]:
    states = {"hidden": _("ยังไม่เผยแพร่คะแนน"), "awaiting": _("รอคะแนน"), "none": _("ยังไม่มี")}
    passing = "—" if row.pass_percent is None else half_up(row.pass_percent, 2).normalize()
    shown: Any = states.get(row.state, "") if row.score is None else half_up(row.score, row.decimals)
    return (words(row.component), _exact(row.weight), _exact(row.maximum), passing, shown)


def _entries(cohort: InCohort) -> Iterator[Row]:
    for score in cohort.scores:
        for entry in score.entries:
            total: Any = _("เพิกถอน") if entry.total is None else half_up(entry.total, score.decimals)
            state = _("นับ") if entry.stands else _("ถูกแทนแล้ว")
            member = entry.member or _("คะแนนรวม")
            yield Row((words(score.component), member, total, state, entry.source.reason), entry.source)


def _place(row: Place) -> tuple[Any, ...]:
    if row.rank is None:
        said = "; ".join(reason_words(reason, {}) for reason in row.reasons)
        return (words(row.cohort), "—", row.ranked, "—", _("ไม่ได้จัดลำดับ: %(reasons)s", reasons=said), row.published_at)
    outcome = _("อยู่ใน %(size)s ลำดับแรก", size=row.size) if row.shortlisted else _("อยู่หลังเส้น")
    if row.chosen is not None:
        outcome = _("เสนอต่อตามคำตัดสิน") if row.chosen else _("ไม่ได้เสนอต่อ")
    if row.status == "superseded":
        outcome += " " + _("(รายชื่อนี้ถูกแทนแล้ว)")
    return (words(row.cohort), row.rank, row.ranked, Decimal(row.composite), outcome, row.published_at)


def _status(status: str) -> str:
    return {
        "applied": _("สมัครแล้ว"), "admitted": _("ได้รับคัดเลือก"), "reserve": _("สำรอง"), "enrolled": _("กำลังอบรม"),
        "withdrawn": _("ถอนตัว"), "completed": _("จบการอบรม"),
    }[status]  # fmt: skip


def _exact(number: Fraction) -> Decimal:
    return half_up(number, 4).normalize() + 0


def _number(number: Fraction) -> str:
    return thai.number(half_up(number, HOURS_DECIMALS))


def source_cells(source: Source | None) -> tuple[str, dt.datetime | None, str]:
    """Who entered it, when, and by which import."""
    if source is None:
        return ("", None, "")
    brought = _("นำเข้าครั้งที่ %(number)s", number=source.import_id) if source.import_id else ""
    return (source.by, source.at, brought)


def source_words(source: Source | None) -> str:
    """The same in one line."""
    by, when, brought = source_cells(source)
    return " · ".join(part for part in (brought or by, thai.day(when)) if part)


def shown(value: Any) -> str:
    """A cell as a document prints it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, dt.datetime):
        return thai.moment(value)
    if isinstance(value, dt.date):
        return thai.day(value)
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)


def is_figure(section: Section, column: int) -> bool:
    """Whether a column holds figures, and is set to the right."""
    return any(isinstance(row.cells[column], (int, Decimal)) for row in section.rows)


def headed(section: Section) -> Sequence[str]:
    """The headings with those of the source."""
    return (*section.headings, _("ผู้บันทึก"), _("บันทึกเมื่อ"), _("การนำเข้า"))
