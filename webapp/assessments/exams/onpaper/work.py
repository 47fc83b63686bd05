"""What the worker prints for a paper sitting; done again from the start if it was killed."""

from typing import Any

from flask_babel import force_locale

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.accounts.queries import account_by_id, actor_for
from webapp.assessments.exams.handling import check_handles, exam_by_code
from webapp.assessments.exams.models import Candidate, Exam
from webapp.assessments.exams.onpaper import printing
from webapp.assessments.exams.staff.queries import seats_of
from webapp.audit import Actor
from webapp.database import db
from webapp.errors import NotAllowed, RuleBroken
from webapp.jobs.kinds import Made, Report


def papers(arguments: dict[str, Any], report: Report) -> Made:
    """The papers and answer sheets of ``exam`` (of one ``room``, if given) in ``language``, for ``account_id``."""
    return _made(arguments, report, printing.papers, "papers", "assessments:exam:change")


def keys(arguments: dict[str, Any], report: Report) -> Made:
    """The markers' key of the same papers."""
    return _made(arguments, report, printing.keys, "keys", "assessments:key:view")


def _made(arguments: dict[str, Any], report: Report, make: Any, name: str, permission: str) -> Made:
    session = db.session
    with force_locale(arguments["language"]):
        actor, exam = _asked(arguments, permission)
        candidates = _candidates(exam, int(arguments.get("room") or 0))
        if not candidates:
            raise RuleBroken("ยังไม่มีผู้เข้าสอบ จึงไม่มีข้อสอบให้พิมพ์")
        content = make(session, exam, candidates, made_at=clock.now(), report=report)
    audit.append(
        session, actor, "assessments:exam:print", "Exam", exam.code, after={"what": name, "count": len(candidates)}
    )
    return Made(file_name=f"{exam.code}-{name}.pdf", content=content, facts={"count": len(candidates)})


def _asked(arguments: dict[str, Any], permission: str) -> tuple[Actor, Exam]:
    """Whoever asked, with the rights they hold now. Raises ``NotAllowed`` where one was withdrawn since."""
    account = account_by_id(db.session, arguments["account_id"])
    actor = actor_for(account)
    if not account.active or not may(actor.roles, permission):
        raise NotAllowed()
    exam = exam_by_code(db.session, arguments["exam"], actor.account_id)
    check_handles(db.session, actor, exam)
    return actor, exam


def _candidates(exam: Exam, room_id: int) -> list[Candidate]:
    seats = seats_of(db.session, exam)
    return [row.candidate for row in seats if not room_id or row.candidate.room_id == room_id]
