"""The documents of a paper sitting: papers, answer sheets, the markers' key, the list to sign."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import thai
from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.bank.queries import pictures_of
from webapp.assessments.bank.richtext import pictures_in
from webapp.assessments.bank.words import TRUE_FALSE
from webapp.assessments.exams.models import Candidate, Exam, ExamRoom
from webapp.assessments.exams.onpaper.letters import key_of, letter, variant
from webapp.assessments.exams.onpaper.nodes import blocks_of
from webapp.assessments.exams.staff.paper import Asked, Source, source_of
from webapp.assessments.exams.staff.queries import Seat
from webapp.assessments.exams.staff.words import window
from webapp.assessments.ranking.scores import shown as points
from webapp.careers.words import in_language
from webapp.documents import render
from webapp.errors import RuleBroken
from webapp.files.operations import path_of
from webapp.language import language

PAPERS = "assessments/documents/exam_papers.typ"
KEYS = "assessments/documents/exam_keys.typ"
LIST = "assessments/documents/exam_list.typ"
ESSAY_LINES = 20
"""Lines for an essay whose question does not say how many."""

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Printed:
    """One person's paper."""

    candidate: Candidate
    code: str
    asked: Sequence[Asked]


def printed_of(source: Source, candidates: Sequence[Candidate]) -> list[Printed]:
    """The papers of these candidates. Raises ``RuleBroken`` where the pools are too small for the blueprint."""
    found = []
    for candidate in candidates:
        try:
            asked = source.paper(candidate.seed)
        except ValueError:
            raise RuleBroken("ข้อสอบในคลังไม่พอกับผังข้อสอบ จึงยังจัดชุดข้อสอบไม่ได้") from None
        found.append(Printed(candidate, variant(candidate.seed, [one.version_id for one in asked]), asked))
    return found


def papers(session: Session, exam: Exam, candidates: Sequence[Candidate], *, made_at: dt.datetime, report: Report) -> bytes:  # fmt: skip
    """Everybody's paper with an answer sheet, as one document."""
    report(5, _("จัดชุดข้อสอบรายคน"))
    source = source_of(session, exam)
    rows = printed_of(source, candidates)
    used = sorted({one.version_id for row in rows for one in row.asked})
    data = _head(exam, made_at) | {
        "questions": {str(number): _question(source.documents[number]) for number in used},
        "pictures": _pictures(session, source, used),
        "papers": [_paper(row) for row in rows],
        "words": {
            "number": _("เลขผู้สอบ"), "variant": _("ชุด"),
            "paper": _("ข้อสอบ"), "answers": _("กระดาษคำตอบ"), "page": _("หน้า"), "points": _("คะแนน"),
            "time": _("วันเวลาสอบ"), "minutes": _("เวลาทำข้อสอบ"), "room": _("ห้องหรือรอบสอบ"),
            "targets": _("ตัวเลือกสำหรับจับคู่"), "entries": _("รายการที่ต้องเรียงลำดับ"), "end": _("จบข้อสอบ"),
            "essay_on_sheet": _("ตอบในกระดาษคำตอบ"), "instructions": _("คำชี้แจง"),
            "how": _("ไม่ต้องเขียนชื่อ เขียนคำตอบลงในช่องของแต่ละข้อให้ชัดเจน ข้อเลือกตอบให้เขียนตัวอักษรหน้าตัวเลือก ข้อที่เลือกได้หลายคำตอบเขียนทุกตัว ข้อเรียงลำดับเขียนตัวอักษรตามลำดับจากแรกไปหลัง"),
        },
    }  # fmt: skip
    report(40, _("จัดหน้าเอกสาร %(count)s ชุด", count=len(rows)))
    return render(PAPERS, data, dated=made_at)


def keys(session: Session, exam: Exam, candidates: Sequence[Candidate], *, made_at: dt.datetime, report: Report) -> bytes:  # fmt: skip
    """The right answers of each person's paper, for the markers."""
    report(5, _("จัดชุดข้อสอบรายคน"))
    rows = printed_of(source_of(session, exam), candidates)
    data = _head(exam, made_at) | {
        "title": _("เฉลยสำหรับผู้ตรวจ"), "warning": _("ลับ ใช้เฉพาะผู้ตรวจของสถาบัน และทำลายหลังตรวจเสร็จ"),
        "number": _("เลขผู้สอบ"), "variant": _("ชุด"), "worth": _("คะแนน"), "essay": _("ข้อเขียน ตรวจตามเกณฑ์"),
        "papers": [{
            "number": row.candidate.number, "code": row.code,
            "cells": [[str(one.position), key_of(one.shown, language()), points(one.points), one.type]
                      for one in row.asked],
        } for row in rows],
    }  # fmt: skip
    report(50, _("จัดหน้าเอกสาร %(count)s ชุด", count=len(rows)))
    return render(KEYS, data, dated=made_at)


def attendance(exam: Exam, seats: Sequence[Seat], rooms: Sequence[ExamRoom], made_at: dt.datetime) -> bytes:
    """The list that candidates sign, a page for each room."""
    named = {room.id: room for room in rooms}
    groups: dict[int, list[Seat]] = {room.id: [] for room in rooms} | {0: []}
    for seat in seats:
        groups[seat.candidate.room_id or 0].append(seat)
    data = _head(exam, made_at) | {
        "title": _("ใบลงชื่อเข้าสอบ"),
        "headings": [_("ที่"), _("ชื่อ"), _("เลขประจำตัว"), _("เลขผู้สอบ"), _("ลายมือชื่อ"), _("หมายเหตุ")],
        "invigilator": _("ผู้คุมสอบ"), "present": _("ผู้เข้าสอบ"), "people": _("คน"),
        "rooms": [_room(exam, named.get(number), rows, alone=len(groups) == 1) for number, rows in groups.items() if rows],
    }  # fmt: skip
    return render(LIST, data, dated=made_at)


def _room(exam: Exam, room: ExamRoom | None, rows: Sequence[Seat], *, alone: bool) -> dict[str, Any]:
    opens, closes = (room.opens_at, room.closes_at) if room is not None else (None, None)
    return {
        "name": room.name if room is not None else ("" if alone else _("ยังไม่จัดห้อง")),
        "invigilators": room.invigilators if room is not None else "", "count": str(len(rows)),
        "time": window(opens or exam.opens_at, closes or exam.closes_at),
        "rows": [[str(n), in_language(row.officer), row.officer.officer_no, row.candidate.number, "", _extra(row)]
                 for n, row in enumerate(rows, 1)],
    }  # fmt: skip


def _extra(row: Seat) -> str:
    minutes = row.candidate.extra_minutes
    return _("เวลาเพิ่ม %(minutes)s นาที", minutes=minutes) if minutes else ""


def _head(exam: Exam, made_at: dt.datetime) -> dict[str, Any]:
    name = in_language(exam)
    text = (exam.instructions_en if language() == "en" else "") or exam.instructions_th or exam.instructions_en
    return {
        "language": language(), "exam": name, "exam_code": exam.code, "header": name, "title": name,
        "footer": _("พิมพ์ %(when)s", when=thai.moment(made_at)), "time": window(exam.opens_at, exam.closes_at),
        "minutes": _("%(minutes)s นาที", minutes=exam.minutes), "instructions": text.splitlines(),
    }  # fmt: skip


def _told(row: Any, name: str) -> str:
    first, second = (f"{name}_en", f"{name}_th") if language() == "en" else (f"{name}_th", f"{name}_en")
    return str(row.get(first) or row.get(second) or "")


def _question(document: Any) -> dict[str, Any]:
    """A question's own texts, by part; how they are ordered is each paper's."""
    texts = {}
    for part in ("choices", "sources", "targets", "entries"):
        for row in document.get(part, ()):
            markup = _told(row, "text") or str(TRUE_FALSE.get(row["id"], ""))
            texts[f"{part}:{row['id']}"] = blocks_of(markup)
    return {"stem": blocks_of(_told(document, "stem")), "texts": texts}


def _paper(row: Printed) -> dict[str, Any]:
    candidate = row.candidate
    return {
        "number": candidate.number, "code": row.code, "room": candidate.sitting,
        "time": window(candidate.opens_at, candidate.closes_at) if candidate.opens_at and candidate.closes_at else "",
        "asked": [_asked(one) for one in row.asked],
    }  # fmt: skip


def _asked(one: Asked) -> dict[str, Any]:
    document = one.shown.document
    parts = {
        name: [[str(n + 1) if name == "sources" else letter(n, language()), row.id] for n, row in enumerate(rows)]
        for name, rows in one.shown.parts.items()
    }
    units = ", ".join(unit["text"] for unit in document.get("units", ()))
    return {
        "place": str(one.position), "version": str(one.version_id), "type": one.type, "points": points(one.points),
        "parts": parts, "unit": units, "lines": int(document.get("lines") or ESSAY_LINES),
        "hint": _hint(one.type, document),
    }  # fmt: skip


def _hint(kind: str, document: Any) -> str:
    if kind == "multiple":
        most = document.get("max_choices")
        return _("เลือกได้ไม่เกิน %(count)s ข้อ", count=most) if most else _("เลือกทุกข้อที่ถูก")
    hints = {
        "matching": _("จับคู่แต่ละรายการกับตัวเลือก"),
        "ordering": _("เรียงลำดับจากแรกไปหลัง"),
        "essay": _("ตอบในกระดาษคำตอบ"),
    }
    return hints.get(kind, "")


def _pictures(session: Session, source: Source, used: Sequence[int]) -> dict[str, Any]:
    """Every picture that the questions show (not those of their keys), by its SHA-256."""
    found: dict[str, Any] = {}
    for number in used:
        document = source.documents[number]
        markups = [_told(document, "stem")] + [
            _told(row, "text")
            for part in ("choices", "sources", "targets", "entries")
            for row in document.get(part, ())
        ]
        wanted = {sha for markup in markups for sha in pictures_in(markup)} - set(found)
        if wanted:
            item = session.get_one(Item, session.get_one(ItemVersion, number).item_id)
            for picture in pictures_of(session, item):
                if picture.sha256 in wanted:
                    found[picture.sha256] = _bytes(picture)
    return found


def _bytes(picture: Any) -> dict[str, Any]:
    content = path_of(picture.file).read_bytes()
    if content.lstrip()[:5] in (b"<?xml", b"<svg ") or b"<svg" in content[:300]:
        return {"svg": content.decode("utf-8", "replace")}
    return {"bytes": list(content)}
