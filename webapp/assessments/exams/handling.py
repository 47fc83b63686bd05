"""Who keeps away from an exam: whoever sits it never handles it, and its markers do not know whom they mark.

Until the results are out, the staff's pages of an exam are closed to its candidates and to its essay markers alike
(promises 10 and 14), whatever further roles they hold.
"""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.assessments.desk import check_staff
from webapp.assessments.exams.models import Candidate, Exam, ExamMarker
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer


def sits(session: Session, account_id: int | None, exam: Exam) -> bool:
    """Whether the officer behind an account is a candidate, or in the cohort that the exam is for."""
    return account_id is not None and session.scalar(select(Exam.id).where(Exam.id == exam.id, _sitting(account_id))) is not None  # fmt: skip


def check_handles(session: Session, actor: Actor, exam: Exam) -> None:
    """The actor is staff and does not sit the exam. Raises ``RuleBroken`` or ``NotAllowed``."""
    check_staff(actor)
    if sits(session, actor.account_id, exam):
        raise RuleBroken("ท่านเป็นผู้เข้าสอบหรืออยู่ในรุ่นที่สอบ จึงทำรายการนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นดำเนินการ")


def open_to(account_id: int | None) -> Any:
    """A ``where`` clause: exams whose pages staff and auditor with this account may open."""
    if account_id is None:
        return Exam.id > 0
    marks = select(ExamMarker.id).where(ExamMarker.exam_id == Exam.id, ExamMarker.account_id == account_id).exists()
    return ~_sitting(account_id) & ((Exam.status == "released") | ~marks)


def exam_by_code(session: Session, code: str, account_id: int | None) -> Exam:
    """The exam with its cohort, for a member of staff or the auditor. Raises ``NotFound``, also where it is closed to them."""
    query = select(Exam).where(Exam.code == code, open_to(account_id)).options(joinedload(Exam.cohort))
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def _sitting(account_id: int) -> Any:
    own = select(Officer.id).where(Officer.account_id == account_id)
    return or_(
        select(Candidate.id).where(Candidate.exam_id == Exam.id, Candidate.officer_id.in_(own)).exists(),
        select(Enrollment.id).where(Enrollment.cohort_id == Exam.cohort_id, Enrollment.officer_id.in_(own)).exists(),
    )
