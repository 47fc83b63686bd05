"""Letters of a published selection: admitted, reserve, register, not admitted; in official Thai, Thai digits, Buddhist era."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import thai
from webapp.admissions import selection_queries as reads
from webapp.admissions.freezing import thawed
from webapp.admissions.models import Offer, Place, RegisterEntry, Selection
from webapp.courses.models import Cohort
from webapp.documents import render
from webapp.records.words import reason_words

TEMPLATE = "admissions/documents/letters.typ"
ROUTE = (
    "หากท่านเห็นว่าผลนี้ไม่ถูกต้อง ท่านมีสิทธิร้องทุกข์ต่อ ก.พ.ค. กรุงเทพมหานคร "
    "(คณะกรรมการพิทักษ์ระบบคุณธรรมของข้าราชการกรุงเทพมหานคร) ภายในกำหนดเวลาตามกฎหมาย"
)
SUBJECTS = {
    "seat": "ผลการคัดเลือก: ได้รับการคัดเลือกเข้ารับการอบรม", "reserve": "ผลการคัดเลือก: ขึ้นบัญชีสำรอง",
    "register": "ผลการคัดเลือก: ขึ้นบัญชีผู้ผ่านการคัดเลือก", "none": "ผลการคัดเลือก: ไม่ผ่านการคัดเลือก",
    "refused": "ผลการพิจารณาใบสมัคร: ไม่มีสิทธิเข้ารับการคัดเลือก", "withdrawn": "ผลการคัดเลือก: ถอนใบสมัคร",
}  # fmt: skip


def letter(session: Session, place: Place) -> bytes:
    """One applicant's letter. The same place gives the same bytes."""
    return _render(session, place.selection, [place])


def letters(session: Session, selection: Selection) -> bytes:
    """Every applicant's letter in one document, in the order of the result."""
    return _render(session, selection, reads.places_of(session, selection.id))


def file_name(cohort: Cohort) -> str:
    """What a letter's file is called: no name of a person in it."""
    return f"kaona-admission-{cohort.code}.pdf"


def _render(session: Session, selection: Selection, places: list[Place]) -> bytes:
    cohort, inputs, result = selection.cohort, thawed(selection.inputs), thawed(selection.result)
    assert selection.published_at is not None
    published = selection.published_at
    facts = _Facts(session, selection, inputs, result)
    data = {
        "title": "หนังสือแจ้งผลการคัดเลือก", "footer": f"ผลการคัดเลือกหมายเลข {_digits(str(selection.id))} · SHA-256 {selection.result_digest[:16]}",
        "letters": [_one(place, cohort, published, facts) for place in places],
    }  # fmt: skip
    return render(TEMPLATE, data, dated=published)


class _Facts:
    """What the letters of one selection say beside the places, read once for all of them."""

    def __init__(self, session: Session, selection: Selection, inputs: dict[str, Any], result: dict[str, Any]) -> None:
        self.selection, self.names = selection, inputs["plan_facts"]["components"]
        self.ranked = len(result["entries"])
        self.unranked = {row["officer_no"]: row["reasons"] for row in result["unranked"]}
        self.others = {row["officer_no"]: row["reason"] for row in result["others"]}
        offers = select(Offer).where(Offer.selection_id == selection.id).order_by(Offer.id)
        self.offers = {offer.enrollment_id: offer for offer in session.scalars(offers)}
        entries = select(RegisterEntry).where(RegisterEntry.selection_id == selection.id)
        self.entries = {entry.officer_id: entry for entry in session.scalars(entries)}


def _one(place: Place, cohort: Cohort, published: dt.datetime, facts: _Facts) -> dict[str, Any]:
    officer, kind = place.officer, place.kind
    return {
        "number": _digits(f"คล. {facts.selection.id}-{place.id}"), "day": _digits(_day(published.astimezone(thai.BANGKOK).date())),
        "subject": SUBJECTS[kind], "to": officer.name_th,
        "officer_no": _digits(f"เลขประจำตัวข้าราชการ {place.officer_no}"),
        "opening": _digits(
            f"ตามที่ท่านสมัครเข้ารับการคัดเลือก {cohort.name_th} ซึ่งกำหนดอบรมระหว่างวันที่ {_day(cohort.starts_on)} "
            f"ถึงวันที่ {_day(cohort.ends_on)} นั้น"
        ),
        "paragraphs": [_digits(text) for text in _said(place, cohort, facts)],
        "reasons": [_digits(reason) for reason in _reasons(place, facts)],
        "closing": "จึงเรียนมาเพื่อทราบ", "route": ROUTE if kind in ("reserve", "register", "none", "refused") else "",
        "signed": f"({facts.selection.published_by})",
    }  # fmt: skip


def _said(place: Place, cohort: Cohort, facts: _Facts) -> list[str]:
    """What the letter says, paragraph by paragraph."""
    entry = facts.entries.get(place.officer_id)
    until = f"บัญชีใช้ได้ถึงวันที่ {_day(entry.until_on)}" if entry is not None else ""
    rank = f"ลำดับที่ {place.rank} จากผู้ผ่านการคัดเลือก {facts.ranked} คน คะแนนรวม {place.composite} คะแนน"
    match place.kind:
        case "seat":
            offer = facts.offers.get(place.enrollment_id or 0)
            by = f" ภายในวันที่ {_day(offer.answer_by)}" if offer is not None else ""
            return [
                f"สถาบันพัฒนาข้าราชการกรุงเทพมหานครขอแจ้งว่า ท่านได้รับการคัดเลือกเข้ารับการอบรม {rank}",
                f"ขอให้ท่านตอบรับหรือสละสิทธิ์ในระบบ{by} หากพ้นกำหนดจะเรียกผู้อยู่ลำดับถัดไปแทน",
            ]
        case "reserve":
            return [
                f"สถาบันพัฒนาข้าราชการกรุงเทพมหานครขอแจ้งว่า ท่านผ่านการคัดเลือกและขึ้นบัญชีสำรอง {rank}",
                f"เมื่อมีที่นั่งว่าง สถาบันจะเรียกตามลำดับ {until}",
            ]
        case "register":
            return [
                f"สถาบันพัฒนาข้าราชการกรุงเทพมหานครขอแจ้งว่า ท่านผ่านการคัดเลือกและขึ้นบัญชีผู้ผ่านการคัดเลือก {rank}",
                f"เมื่อมีที่นั่งว่างในรุ่นนี้หรือรุ่นต่อไป สถาบันจะเรียกตามลำดับ {until}",
            ]
        case "none":
            return ["สถาบันพัฒนาข้าราชการกรุงเทพมหานครขอแจ้งว่า ท่านไม่ผ่านการคัดเลือก เนื่องจาก"]
        case "refused":
            return ["สถาบันพัฒนาข้าราชการกรุงเทพมหานครพิจารณาใบสมัครแล้ว ท่านไม่มีสิทธิเข้ารับการคัดเลือก เนื่องจาก"]
    return ["ท่านถอนใบสมัครแล้ว จึงไม่ได้จัดลำดับในการคัดเลือกครั้งนี้"]


def _reasons(place: Place, facts: _Facts) -> list[str]:
    """Why somebody is not admitted: pass marks not met, or the institute's reason."""
    if place.kind == "none":
        return [reason_words(reason, facts.names) for reason in facts.unranked.get(place.officer_no, ())]
    return [facts.others.get(place.officer_no, "")] if place.kind == "refused" else []


def _day(day: dt.date) -> str:
    return thai.day_long(day, "th")


def _digits(text: str) -> str:
    return thai.thai_digits(text)
