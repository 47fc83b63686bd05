"""What this room needs of rooms beside and above it, handed over when the house is put together (``webapp/app.py``)."""

from typing import cast

from flask import current_app
from sqlalchemy import Select


def cohorts_published() -> Select[tuple[int]]:
    """Cohorts with a published shortlist: executives read their work."""
    return cast("Select[tuple[int]]", current_app.extensions["kaona.published"]())


def officers_mentored_by(officer_id: int) -> Select[tuple[int]]:
    """Officers whose mentor this officer is now."""
    return cast("Select[tuple[int]]", current_app.extensions["kaona.theirs"](officer_id))
