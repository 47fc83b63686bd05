"""Conflicts of interest between a center's assessors and participants: declared, or found in the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.assessments.center.models import CenterAssessor, CenterConflict, CenterParticipant
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.officers.models import Officer


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict of interest, declared or found in the data; ``cohort`` names where a pairing comes from."""

    assessor_id: int
    participant_id: int
    kind: str
    source: str
    note: str = ""
    conflict_id: int | None = None


def declared(session: Session, center_id: int) -> list[CenterConflict]:
    """What assessors declared."""
    query = (
        select(CenterConflict)
        .join(CenterAssessor, CenterAssessor.id == CenterConflict.assessor_id)
        .where(CenterAssessor.center_id == center_id)
        .order_by(CenterConflict.id)
    )
    return list(session.scalars(query))


def known(session: Session, center_id: int) -> list[Found]:
    """Every conflict of a center, what the data say before what was declared; the same statements however many.

    From the data: the assessor is the participant, their supervisor or that one's supervisor, their mentor (also of an
    ended pairing), or a mentor in a cohort they are in.
    """
    found = [
        Found(row.assessor_id, row.participant_id, row.kind, "declared", row.note, row.id)
        for row in declared(session, center_id)
    ]
    return [*_found_in_data(session, center_id), *found]


def _found_in_data(session: Session, center_id: int) -> list[Found]:
    panel = {
        row.officer_id: row.assessor_id
        for row in session.execute(
            select(Officer.id.label("officer_id"), CenterAssessor.id.label("assessor_id"))
            .join(CenterAssessor, CenterAssessor.account_id == Officer.account_id)
            .where(CenterAssessor.center_id == center_id)
        )
    }
    if not panel:
        return []
    return [*_superiors(session, center_id, panel), *_mentors(session, center_id, panel)]


def _superiors(session: Session, center_id: int, panel: dict[int, int]) -> list[Found]:
    above = select(Officer.id, Officer.supervisor_id).subquery()
    rows = session.execute(
        select(CenterParticipant.id, Officer.id, Officer.supervisor_id, above.c.supervisor_id)
        .join(Officer, Officer.id == CenterParticipant.officer_id)
        .outerjoin(above, above.c.id == Officer.supervisor_id)
        .where(CenterParticipant.center_id == center_id)
        .order_by(CenterParticipant.id)
    )
    found = []
    for participant, officer, superior, over in rows:
        for who, source in ((officer, "self"), (superior, "supervisor"), (over, "superior")):
            if who in panel:
                found.append(Found(panel[who], participant, "supervisor" if source != "self" else "other", source))
    return found


def _mentors(session: Session, center_id: int, panel: dict[int, int]) -> list[Found]:
    rows = session.execute(_pairings(list(panel)).where(CenterParticipant.center_id == center_id))
    found: dict[tuple[int, int], Found] = {}
    for participant, mentor, own, cohort in rows:
        key = (panel[mentor], participant)
        if own or key not in found:
            found[key] = Found(*key, "mentor", "mentor" if own else "cohort-mentor", cohort)
    return list(found.values())


def _pairings(mentors: Sequence[int]) -> Select[Any]:
    """Participant, mentor, whether it is their own, and the cohort: of pairings in cohorts the participant is in."""
    paired = select(
        MentorPairing.mentor_id, Enrollment.officer_id, Enrollment.cohort_id
    ).join(Enrollment, Enrollment.id == MentorPairing.enrollment_id).where(MentorPairing.mentor_id.in_(mentors)).subquery()  # fmt: skip
    return (
        select(
            CenterParticipant.id, paired.c.mentor_id, paired.c.officer_id == CenterParticipant.officer_id, Cohort.code
        )
        .join(Enrollment, Enrollment.officer_id == CenterParticipant.officer_id)
        .join(paired, paired.c.cohort_id == Enrollment.cohort_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .order_by(CenterParticipant.id, paired.c.mentor_id, Cohort.id)
        .distinct()
    )
