"""What a center has come to, as it is read: ratings, finals, discussion, reports; and what each reader may see of it."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.assessments.center.models import Center, CenterExercise, CenterParticipant
from webapp.assessments.center.models_results import (
    CenterDiscussion,
    CenterFeedback,
    CenterFinal,
    CenterObservation,
    CenterRating,
    CenterReport,
)


def _theirs(center_id: int):  # type: ignore[no-untyped-def]
    return select(CenterParticipant.id).where(CenterParticipant.center_id == center_id)


def standing_ratings(session: Session, center_id: int, participant_id: int | None = None) -> list[CenterRating]:
    """The ratings that no other replaces."""
    replaced = select(CenterRating.replaces_id).where(CenterRating.replaces_id.is_not(None))
    query = select(CenterRating).where(
        CenterRating.participant_id.in_(_theirs(center_id)), CenterRating.id.not_in(replaced)
    )
    if participant_id is not None:
        query = query.where(CenterRating.participant_id == participant_id)
    return list(session.scalars(query.order_by(CenterRating.id)))


def first_ratings(session: Session, center_id: int) -> list[CenterRating]:
    """The ratings as they were first given, which agreement is computed from."""
    query = select(CenterRating).where(
        CenterRating.participant_id.in_(_theirs(center_id)), CenterRating.replaces_id.is_(None)
    )
    return list(session.scalars(query.order_by(CenterRating.id)))


def finals_of(session: Session, center_id: int) -> dict[tuple[int, str], CenterFinal]:
    """(participant, competency) → the final rating that stands."""
    replaced = select(CenterFinal.replaces_id).where(CenterFinal.replaces_id.is_not(None))
    query = select(CenterFinal).where(
        CenterFinal.participant_id.in_(_theirs(center_id)), CenterFinal.id.not_in(replaced)
    )
    return {(row.participant_id, row.competency_code): row for row in session.scalars(query.order_by(CenterFinal.id))}


def centers_of(session: Session, final_ids: Iterable[int]) -> dict[int, str]:
    """Final rating → code of its center: where a competency rating comes from."""
    query = (
        select(CenterFinal.id, Center.code)
        .join(CenterParticipant, CenterParticipant.id == CenterFinal.participant_id)
        .join(Center, Center.id == CenterParticipant.center_id)
        .where(CenterFinal.id.in_(list(final_ids)))
    )
    return {row.id: row.code for row in session.execute(query)}


def history_of(session: Session, participant_id: int) -> list[CenterFinal]:
    """Every final rating of a participant, also those replaced, in the order in which they were decided."""
    query = select(CenterFinal).where(CenterFinal.participant_id == participant_id)
    return list(session.scalars(query.order_by(CenterFinal.id)))


def discussion_of(session: Session, participant_id: int) -> list[CenterDiscussion]:
    """What the wash-up said about a participant, in order."""
    query = select(CenterDiscussion).where(CenterDiscussion.participant_id == participant_id)
    return list(session.scalars(query.order_by(CenterDiscussion.id)))


def reports_of(session: Session, center_id: int) -> dict[int, CenterReport]:
    """Participant → the latest version of the report."""
    last = (
        select(CenterReport.participant_id, func.max(CenterReport.number).label("number"))
        .where(CenterReport.participant_id.in_(_theirs(center_id)))
        .group_by(CenterReport.participant_id)
        .subquery()
    )
    query = select(CenterReport).join(
        last, (last.c.participant_id == CenterReport.participant_id) & (last.c.number == CenterReport.number)
    )
    return {row.participant_id: row for row in session.scalars(query.order_by(CenterReport.id))}


def report_shown_to(session: Session, center: Center, participant: CenterParticipant) -> CenterReport | None:
    """The participant's report, once the center's results are released."""
    if center.status != "released" or participant.withdrawn_at is not None:
        return None
    return reports_of(session, center.id).get(participant.id)


def feedback_on(session: Session, report_ids: Iterable[int]) -> dict[int, CenterFeedback]:
    """Report → what its participant answered."""
    query = select(CenterFeedback).where(CenterFeedback.report_id.in_(list(report_ids)))
    return {row.report_id: row for row in session.scalars(query.order_by(CenterFeedback.id))}


def observations_of(session: Session, participant_id: int) -> dict[tuple[int, int], list[CenterObservation]]:
    """(exercise, assessor) → what was noted of a participant, in the order in which it was seen."""
    query = select(CenterObservation).where(CenterObservation.participant_id == participant_id)
    found: dict[tuple[int, int], list[CenterObservation]] = {}
    for row in session.scalars(query.order_by(CenterObservation.seen_at, CenterObservation.id)):
        found.setdefault((row.exercise_id, row.assessor_id), []).append(row)
    return found


def exercises_by_id(session: Session, center_id: int) -> dict[int, CenterExercise]:
    """The exercises by id."""
    query = select(CenterExercise).where(CenterExercise.center_id == center_id)
    return {row.id: row for row in session.scalars(query.order_by(CenterExercise.position, CenterExercise.id))}
