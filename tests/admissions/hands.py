"""What hands do: correct a mark of the selection; open a page, fill in its form, send it."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from webapp.assessments.desk import open_desk
from webapp.assessments.operations import correct_score
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Cohort


def correct(session: Session, of: Cohort, first: Actor, enrollment_id: int | None, component: str, points: Any) -> None:
    """Correct a mark with a reason."""
    desk = open_desk(session, of, "selection", component, everybody=True)
    entry = desk.entries_of(enrollment_id or 0)[0]
    correct_score(session, first, entry.id, Given(score=Decimal(str(points))), reason="ตามใบคะแนนต้นฉบับ")
