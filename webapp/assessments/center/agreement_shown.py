"""How far the assessors of a center agree, from the ratings as they were first given."""

from typing import Any

from sqlalchemy.orm import Session

from webapp.assessments.center.models import Center


def agreement_of(session: Session, center: Center) -> Any:
    """Figures of agreement ready to be shown; none before two assessors have rated the same person."""
    return None
