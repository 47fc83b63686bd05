"""What this room needs of rooms above it, handed over when the house is put together (``webapp/app.py``)."""

from typing import cast

from flask import current_app
from sqlalchemy import Select


def officers_mentored_by(officer_id: int) -> Select[tuple[int]]:
    """Officers whose mentor this officer is now."""
    return cast("Select[tuple[int]]", current_app.extensions["kaona.theirs"](officer_id))


def mentors_of_officer(officer_id: int) -> Select[tuple[int]]:
    """Officers who mentor this officer now."""
    return cast("Select[tuple[int]]", current_app.extensions["kaona.mentors_of"](officer_id))
