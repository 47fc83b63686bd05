"""What the marking pages share: the exam of the address, and doing something or saying why not."""

from collections.abc import Callable
from typing import Any

from webapp.accounts.access import current_actor
from webapp.assessments.exams.handling import exam_by_code
from webapp.assessments.exams.models import Exam
from webapp.assessments.views import said
from webapp.database import db
from webapp.errors import Refused


def this_exam(code: str) -> Exam:
    """The exam of the address, where the reader may handle it."""
    return exam_by_code(db.session, code, current_actor().account_id)


def tried(act: Callable[[], Any]) -> tuple[Any, str]:
    """Do it and commit; what was made, or the refusal in words."""
    try:
        made = act()
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        return None, said(refused)
    return made, ""
