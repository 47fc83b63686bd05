"""Everything that is said of how far assessors agree, gathered from one table of ratings.

Interviews, proposals and the assessment center hand in the same :class:`Ratings`; the page part, the chart and the
workbook sheet are in the sub-room ``reliability`` beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from webapp.assessments.statistics import Refusal, agreement
from webapp.assessments.statistics.agreement import Correlation, Severity

ONE_POINT = 1.0
"""Marks this close on the scale count as near (issue: percent within one point)."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """A table of marks: a row per person rated, a column per assessor, None where nothing was given."""

    ratees: tuple[str, ...]
    assessors: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def complete(self) -> "Ratings":
        """Only the people whom every assessor has rated."""
        kept = [place for place, row in enumerate(self.rows) if None not in row]
        return Ratings(tuple(self.ratees[n] for n in kept), self.assessors, tuple(self.rows[n] for n in kept))


@dataclass(frozen=True, slots=True)
class Reliability:
    """What the marks of a table say about agreement, or in the place of a figure why it cannot be given."""

    ratings: Ratings
    people: int
    missing: int
    complete: int
    correlations: tuple[Correlation, ...] | Refusal
    concordance: float | Refusal
    within: float | Refusal
    severity: tuple[Severity | None, ...]
    few: bool

    @property
    def assessors(self) -> tuple[str, ...]:
        return self.ratings.assessors


def reliability_of(ratings: Ratings) -> Reliability:
    """Every figure of agreement for a table; people nobody has rated and assessors who rated nobody are left out."""
    used = _rated(ratings)
    table = agreement.table_of(used.rows)
    empty = not used.rows or not used.assessors
    return Reliability(
        ratings=used,
        people=len(used.rows),
        missing=0 if empty else int(np.isnan(table).sum()),
        complete=len(used.complete().rows),
        correlations=agreement.intraclass(table),
        concordance=agreement.kendalls_w(table),
        within=Refusal("nobody-rated-twice") if empty else agreement.within(table, ONE_POINT),
        severity=() if empty else tuple(agreement.severity(table)),
        few=len(used.rows) < agreement.FEW_RATEES,
    )


def _rated(ratings: Ratings) -> Ratings:
    rows = [place for place, row in enumerate(ratings.rows) if any(value is not None for value in row)]
    columns = [n for n in range(len(ratings.assessors)) if any(row[n] is not None for row in ratings.rows)]
    return Ratings(
        tuple(ratings.ratees[place] for place in rows),
        tuple(ratings.assessors[n] for n in columns),
        tuple(tuple(ratings.rows[place][n] for n in columns) for place in rows),
    )


def ratings_from(given: Sequence[tuple[str, str, Any]]) -> Ratings:
    """The table of single ratings (person, assessor, mark), people and assessors in the order they first come."""
    people = tuple(dict.fromkeys(person for person, _assessor, _mark in given))
    assessors = tuple(dict.fromkeys(assessor for _person, assessor, _mark in given))
    marks = {(person, assessor): mark for person, assessor, mark in given}
    rows = tuple(tuple(marks.get((person, assessor)) for assessor in assessors) for person in people)
    return Ratings(people, assessors, rows)
