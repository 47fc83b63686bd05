"""Making what staff take away, and writing into the audit log who took it."""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.panels.queries import still_to_mark
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import BadInput, NotAllowed, NotFound, RuleBroken
from webapp.exports.records.book import workbook as workbook_of_record
from webapp.exports.records.document import as_json
from webapp.exports.records.material import RecordMaterial, gather_record
from webapp.exports.scorecards.book import Report, figures_workbook, workbook
from webapp.exports.scorecards.figures import gather_figures
from webapp.exports.scorecards.gathering import gather, people_listed, words
from webapp.exports.scorecards.layout import MOST_OFFICER_SHEETS
from webapp.officers.models import Officer
from webapp.records.rules import EVERYTHING, Reader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished file and what the audit log says about it."""

    file_name: str
    content: bytes
    media_type: str
    action: str
    thing: str
    key: str
    facts: dict[str, object]


def _silent(_per_cent: int, _step: str) -> None:
    """Nobody asked how far it is."""


def check_may(actor: Actor, permission: str) -> None:
    """The operator and the program may; an account needs the permission. Raises ``NotAllowed``."""
    if actor.kind == "account" and not may(actor.roles, permission):
        raise NotAllowed()


def scorecards(
    session: Session, *, actor: Actor, cohort: Cohort, officer_no: str = "", report: Report = _silent
) -> Taken:
    """The scorecard workbook of a cohort, or of one officer in it. Only reads; see ``note``."""
    check_may(actor, "exports:scorecards:make")
    _refuse_before_own_marks(session, actor, cohort)
    report(1, "")
    if not officer_no and people_listed(session, cohort.id) > MOST_OFFICER_SHEETS:
        return _figures(session, cohort, report)
    material = gather(session, cohort, officer_no)
    content = workbook(material, report)
    name = "-".join(part for part in ("scorecards", cohort.code, officer_no) if part)
    facts: dict[str, object] = {
        "cohort": cohort.code, "officer_no": officer_no or None, "people": len(material.persons),
        "run_id": None if material.run is None else material.run.id, "plan_version": material.plan_version,
    }  # fmt: skip
    return Taken(f"{plain_name(name)}.xlsx", content, XLSX, "exports:scorecards:take", "cohort", cohort.code, facts)


def _refuse_before_own_marks(session: Session, actor: Actor, cohort: Cohort) -> None:
    """The workbook holds every member's marks: whoever still has to give their own does not get it (promise 14)."""
    if still_to_mark(session, actor.account_id, cohort.id):
        raise RuleBroken("ท่านเป็นกรรมการที่ยังส่งคะแนนไม่ครบ จึงยังรับใบคะแนนที่มีคะแนนของกรรมการคนอื่นไม่ได้")


KINDS = ("xlsx", "pdf", "json")
MEDIA = {"xlsx": XLSX, "pdf": "application/pdf", "json": "application/json"}


def check_kind(kind: str) -> str:
    """The kind of a record's file. Raises ``BadInput`` for another, naming the three."""
    if kind not in KINDS:
        raise BadInput("ประวัติการพัฒนาส่งออกได้เป็น .xlsx .pdf หรือ .json ไม่ใช่ “%(kind)s”", kind=kind[:40])
    return kind


def record(session: Session, *, actor: Actor, reader: Reader, officer: Officer, kind: str) -> Taken:
    """One officer's development record as a file, as far as the reader may see it. Only reads; see ``note``."""
    check_may(actor, "records:record:export")
    check_kind(kind)
    material = gather_record(session, officer, reader)
    content = _record_file(material, kind)
    facts: dict[str, object] = {"officer_no": officer.officer_no, "kind": kind}
    name = plain_name(f"record-{officer.officer_no}.{kind}")
    return Taken(name, content, MEDIA[kind], "exports:record:take", "officer", officer.officer_no, facts)


def reader_for(session: Session, actor: Actor) -> Reader:
    """The actor as a record's reader: the operator sees everything, an account what its roles and officer allow."""
    if actor.kind != "account":
        return EVERYTHING
    officer_id = session.scalar(select(Officer.id).where(Officer.account_id == actor.account_id))
    return Reader(actor.roles, officer_id, actor.account_id)


def officer_or_refusal(session: Session, officer_no: str) -> Officer:
    """The officer with this number. Raises ``NotFound`` with the number, for commands."""
    officer = session.scalar(select(Officer).where(Officer.officer_no == officer_no))
    if officer is None:
        raise NotFound("ไม่พบข้าราชการหมายเลข %(officer)s", officer=officer_no)
    return officer


def _record_file(material: RecordMaterial, kind: str) -> bytes:
    if kind == "pdf":
        from webapp.exports.records.paper import pdf

        return pdf(material)
    return workbook_of_record(material) if kind == "xlsx" else as_json(material)


def _figures(session: Session, cohort: Cohort, report: Report) -> Taken:
    """The figures alone of a cohort in which not everybody can have a sheet."""
    figures = gather_figures(session, cohort)
    report(30, "")
    title = _("ใบคะแนน %(cohort)s", cohort=words(cohort))
    content = figures_workbook(figures, title, clock.now(), audit.head_of(session))
    facts: dict[str, object] = {"cohort": cohort.code, "people": figures.count, "run_id": None, "figures_only": True}
    name = plain_name(f"figures-{cohort.code}.xlsx")
    return Taken(name, content, XLSX, "exports:scorecards:take", "cohort", cohort.code, facts)


def note(session: Session, actor: Actor, taken: Taken) -> None:
    """Who took what: one entry in the audit log, with the digest of the file."""
    facts = {**taken.facts, "file": taken.file_name, "sha256": hashlib.sha256(taken.content).hexdigest()}
    audit.append(session, actor, taken.action, taken.thing, taken.key, after=facts)


def plain_name(name: str) -> str:
    """A file name of plain letters, which every system and header takes."""
    return "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "-_." else "-" for letter in name)
