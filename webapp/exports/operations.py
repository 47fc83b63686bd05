"""Making what staff take away, and writing into the audit log who took it."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.permissions import may
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import NotAllowed
from webapp.exports.scorecards.book import Report, workbook
from webapp.exports.scorecards.gathering import gather

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
    report(1, "")
    material = gather(session, cohort, officer_no)
    content = workbook(material, report)
    name = "-".join(part for part in ("scorecards", cohort.code, officer_no) if part)
    facts = {
        "cohort": cohort.code, "officer_no": officer_no or None, "people": len(material.persons),
        "run_id": None if material.run is None else material.run.id, "plan_version": material.plan_version,
    }  # fmt: skip
    return Taken(f"{_plain_name(name)}.xlsx", content, XLSX, "exports:scorecards:take", "cohort", cohort.code, facts)


def note(session: Session, actor: Actor, taken: Taken) -> None:
    """Who took what: one entry in the audit log, with the digest of the file."""
    facts = {**taken.facts, "file": taken.file_name, "sha256": hashlib.sha256(taken.content).hexdigest()}
    audit.append(session, actor, taken.action, taken.thing, taken.key, after=facts)


def _plain_name(name: str) -> str:
    """A file name of letters that every system takes."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
