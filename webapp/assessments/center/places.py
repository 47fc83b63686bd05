"""Who observes or marks whom in which exercise, and what of it is done: read from the timetable, the same everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.assessments.center.models import (
    CenterExercise,
    CenterParticipant,
    CenterReader,
    CenterSeat,
    CenterSitting,
)
from webapp.assessments.center.models_results import CenterRating


class Place(NamedTuple):
    """One assessor's piece of work: a participant in an exercise."""

    participant_id: int
    exercise_id: int
    assessor_id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Of some places, how many are rated."""

    rated: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.rated


def places_of(session: Session, center_id: int) -> dict[Place, CenterSitting | None]:
    """Every place of a center with the session in which it is observed; none where written work is marked afterwards.

    Whoever has left has no places any more.
    """
    staying = select(CenterParticipant.id).where(
        CenterParticipant.center_id == center_id, CenterParticipant.withdrawn_at.is_(None)
    )
    taking, seeing = aliased(CenterSeat), aliased(CenterSeat)
    rows = session.execute(
        select(taking.participant_id, seeing.assessor_id, CenterSitting)
        .join(CenterSitting, CenterSitting.id == taking.sitting_id)
        .join(seeing, seeing.sitting_id == taking.sitting_id)
        .where(
            CenterSitting.center_id == center_id, taking.participant_id.in_(staying), seeing.assessor_id.is_not(None)
        )
        .order_by(CenterSitting.starts_at, CenterSitting.id, taking.id, seeing.id)
    )
    found: dict[Place, CenterSitting | None] = {
        Place(participant or 0, sitting.exercise_id, assessor or 0): sitting for participant, assessor, sitting in rows
    }
    reads = session.scalars(
        select(CenterReader)
        .join(CenterExercise, CenterExercise.id == CenterReader.exercise_id)
        .where(CenterExercise.center_id == center_id, CenterReader.participant_id.in_(staying))
        .order_by(CenterReader.exercise_id, CenterReader.participant_id, CenterReader.id)
    )
    for row in reads:
        found.setdefault(Place(row.participant_id, row.exercise_id, row.assessor_id), None)
    return found


def rated_places(session: Session, center_id: int) -> set[Place]:
    """The places whose ratings have been submitted."""
    rows = session.execute(
        select(CenterRating.participant_id, CenterRating.exercise_id, CenterRating.assessor_id)
        .join(CenterExercise, CenterExercise.id == CenterRating.exercise_id)
        .where(CenterExercise.center_id == center_id)
        .distinct()
    )
    return {Place(*row) for row in rows}


def measured_in(session: Session, center_id: int) -> dict[int, list[str]]:
    """Exercise → competencies that it shows, in the matrix's order."""
    from webapp.assessments.center.queries import cells_of

    found: dict[int, list[str]] = {}
    for exercise, competency in cells_of(session, center_id):
        found.setdefault(exercise, []).append(competency)
    return found


def progress(places: Iterable[Place], rated: set[Place]) -> Progress:
    """How many of some places are rated."""
    theirs = list(places)
    return Progress(sum(1 for one in theirs if one in rated), len(theirs))
