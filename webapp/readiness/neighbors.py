"""What this room needs of a room beside it, handed over when the house is put together (``webapp/app.py``)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from webapp.careers.criteria.facts import Facts
from webapp.careers.models import Post


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A fiscal year of a post (Buddhist era): who retires, and the seats to fill (in the first year with those empty now)."""

    fiscal_year: int
    retiring: int
    vacancies: int


def vacancies(session: Session, facts: Facts, post: Post, day: dt.date) -> list[Vacancy] | None:
    """The seats of a post to fill in the coming fiscal years, as the forecast counts them; None where it has no seats."""
    found = current_app.extensions["kaona.vacancies"](session, facts, post, day)
    return None if found is None else [Vacancy(*row) for row in cast("list[tuple[int, int, int]]", found)]


Places = dict[tuple[int, str], tuple[bool, Decimal]]


def published_places(session: Session) -> Places:
    """(cohort id, officer number) → whether put forward by the ranking, and the composite, of the published shortlists."""
    return cast("Places", current_app.extensions["kaona.places"](session))
