"""The standing marks behind a cohort's component scores, line by line: what a run freezes and a record shows."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, Text, select, type_coerce
from sqlalchemy.orm import Session

from webapp.assessments.models import ScoreEntry
from webapp.assessments.panels.rules import Seats
from webapp.assessments.panels.seats import seats_of
from webapp.assessments.queries import standing_where
from webapp.assessments.rules import total_of


class Given(NamedTuple):
    """One standing mark: its line in the ledger, whose it is, and its exact total."""

    entry_id: int
    member: str
    total: Fraction


def standing_marks(
    session: Session, cohort_id: int, place: Mapping[int, int], purpose: str = "ranking"
) -> list[dict[str, list[Given]]]:
    """By person (in the order of ``place``) and component, the marks that count: recused members' do not."""
    panels = seats_of(session, cohort_id, purpose)
    marks: list[dict[str, list[Given]]] = [{} for _ in place]
    for row in session.execute(_standing(cohort_id, purpose)):
        seats = panels.get(row.component, Seats())
        if row.enrollment_id in place and seats.counts(row.member, row.enrollment_id):
            given = Given(row.id, row.member, _total(row.hundredths, row.marks, row.maximum))
            marks[place[row.enrollment_id]].setdefault(row.component, []).append(given)
    return marks


def _standing(cohort_id: int, purpose: str) -> Select[Any]:
    return (
        select(
            ScoreEntry.id, ScoreEntry.enrollment_id, ScoreEntry.component, ScoreEntry.member, ScoreEntry.maximum,
            type_coerce(ScoreEntry.score, BigInteger).label("hundredths"),
            type_coerce(ScoreEntry.marks, Text).label("marks"),
        )
        .where(*standing_where(cohort_id, purpose))
        .order_by(ScoreEntry.id)
    )  # fmt: skip


def _total(hundredths: int | None, marks: str | None, maximum: Any) -> Fraction:
    if hundredths is not None:
        return Fraction(int(hundredths), 100)
    return total_of(None, json.loads(marks or "[]"), maximum) or Fraction()
