"""Results go out in one step: to those who sat the exam, and with them the component's scores where they were transferred."""

from sqlalchemy.orm import Session

from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.marking.result_queries import Results
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.results import came_from, release
from webapp.assessments.operations import release_scores
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.errors import RuleBroken


def release_results(session: Session, actor: Actor, exam: Exam, found: Results, *, with_scores: bool) -> Exam:
    """Release an exam; ``with_scores`` also the scores of its component, which must be in the ledger as they are here.

    Raises ``RuleBroken`` where marks are missing or the ledger holds something else.
    """
    check_handles(session, actor, exam)
    if with_scores and found.component is not None and exam.cohort_id is not None:
        if found.to_transfer("none") or found.to_transfer("differs"):
            raise RuleBroken("คะแนนในบัญชีคะแนนยังไม่ตรงกับผลสอบ กรุณาโอนคะแนนก่อนประกาศ")
        release(session, actor, exam)
        cohort = session.get_one(Cohort, exam.cohort_id)
        if any(row.entry is not None and came_from(row.entry, exam) for row in found.rows):
            release_scores(session, actor, cohort, exam.component or "", purpose=exam.purpose)
        return exam
    return release(session, actor, exam)
