"""What this room needs of rooms above it, handed over when the house is put together (``webapp/app.py``)."""

from typing import Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session


class SitsOnPanel(Protocol):
    """Who assesses a cohort."""

    def __call__(self, session: Session, cohort_id: int, account_id: int | None) -> bool:
        """Whether the account is a named member, not recused, of one of the cohort's panels."""


def sits_on_panel(session: Session, cohort_id: int, account_id: int | None) -> bool:
    """Whether the account assesses the cohort: then it cannot also be one of those assessed."""
    return cast(SitsOnPanel, current_app.extensions["kaona.sits_on_panel"])(session, cohort_id, account_id)
