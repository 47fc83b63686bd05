"""While somebody sits an exam, large files wait: writing one holds the database long enough to hold up an answer."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.assessments.exams.models import Attempt
from webapp.errors import Conflict
from webapp.thai import clock_time


def exam_until(session: Session, now: dt.datetime) -> dt.datetime | None:
    """When the last attempt that is going on ends at the latest; none where nobody sits an exam."""
    going_on = (Attempt.ended_at.is_(None), Attempt.on_paper.is_(False), Attempt.deadline_at > now)
    return session.scalar(select(func.max(Attempt.deadline_at)).where(*going_on))


def wait_for_exams(session: Session) -> None:
    """Raises ``Conflict`` with the time from which the import can go on."""
    until = exam_until(session, clock.now())
    if until is not None:
        raise Conflict("กำลังมีผู้สอบอยู่ ไฟล์ใหญ่จึงต้องรอ ยืนยันได้อีกครั้งหลัง %(time)s", time=clock_time(until, "th"))
