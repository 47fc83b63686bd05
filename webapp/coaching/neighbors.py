"""What this room needs of rooms above it, handed over when the house is put together (``webapp/app.py``)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session


class Gates(Protocol):
    """What the assessment plans in force ask of a cohort apart from scores."""

    def __call__(self, session: Session, cohort_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
        """Cohort id → gate → value; a cohort without a plan or gate is left out."""


def hours_asked(session: Session, cohort_ids: Iterable[int]) -> dict[int, Decimal]:
    """Coaching hours that the cohorts' plans ask for; a cohort whose plan asks for none is left out."""
    gates = cast(Gates, current_app.extensions["kaona.gates"])(session, cohort_ids)
    return {cohort: values["coaching_hours"] for cohort, values in gates.items() if "coaching_hours" in values}
