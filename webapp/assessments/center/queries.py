"""Centers as they are read: whole centers with what belongs to them, and who may see which."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account, Role
from webapp.assessments.center.models import (
    Center,
    CenterAssessor,
    CenterBlock,
    CenterCell,
    CenterExercise,
    CenterMaterial,
    CenterParticipant,
    CenterReader,
    CenterRoom,
    CenterSeat,
    CenterSitting,
)
from webapp.assessments.center.models_results import CenterObservation, CenterRating
from webapp.careers.models import Competency, JobProfile, Post
from webapp.careers.queries import published_profile
from webapp.courses.models import Cohort, Enrollment
from webapp.database import Base
from webapp.errors import NotFound
from webapp.officers.models import Officer


@dataclass(frozen=True, slots=True)
class CenterRow:
    """A center in a list: how many take part and assess, and when it runs."""

    center: Center
    participants: int
    assessors: int
    first: Any
    last: Any


@dataclass(slots=True)
class Sat:
    """A session of the timetable with who sits in it."""

    sitting: CenterSitting
    participants: list[int] = field(default_factory=list)
    assessors: list[int] = field(default_factory=list)


def centers(session: Session) -> list[CenterRow]:
    """Every center, the latest first; one statement."""
    people = select(func.count(CenterParticipant.id)).where(CenterParticipant.center_id == Center.id).scalar_subquery()
    named = select(func.count(CenterAssessor.id)).where(CenterAssessor.center_id == Center.id).scalar_subquery()
    first = select(func.min(CenterBlock.starts_at)).where(CenterBlock.center_id == Center.id).scalar_subquery()
    last = select(func.max(CenterBlock.starts_at)).where(CenterBlock.center_id == Center.id).scalar_subquery()
    rows = session.execute(select(Center, people, named, first, last).order_by(Center.id.desc()))
    return [CenterRow(*row) for row in rows]


def center_by_code(session: Session, code: str) -> Center:
    """The center with this code. Raises ``NotFound``."""
    found = session.scalar(select(Center).where(Center.code == code))
    if found is None:
        raise NotFound()
    return found


def exercises_of(session: Session, center_id: int) -> list[CenterExercise]:
    """The exercises of a center in their order."""
    query = select(CenterExercise).where(CenterExercise.center_id == center_id)
    return list(session.scalars(query.order_by(CenterExercise.position, CenterExercise.id)))


def exercise_in(session: Session, center_id: int, code: str) -> CenterExercise:
    """One exercise of the center. Raises ``NotFound``."""
    query = select(CenterExercise).where(CenterExercise.center_id == center_id, CenterExercise.code == code)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def cells_of(session: Session, center_id: int) -> dict[tuple[int, str], CenterCell]:
    """The matrix: (exercise id, competency code) → cell."""
    query = (
        select(CenterCell)
        .join(CenterExercise, CenterExercise.id == CenterCell.exercise_id)
        .where(CenterExercise.center_id == center_id)
        .order_by(CenterExercise.position, CenterCell.id)
    )
    return {(cell.exercise_id, cell.competency_code): cell for cell in session.scalars(query)}


def materials_of(session: Session, exercise_ids: Iterable[int]) -> dict[int, list[CenterMaterial]]:
    """The files of exercises."""
    query = select(CenterMaterial).where(CenterMaterial.exercise_id.in_(list(exercise_ids))).order_by(CenterMaterial.id)
    found: dict[int, list[CenterMaterial]] = {}
    for row in session.scalars(query):
        found.setdefault(row.exercise_id, []).append(row)
    return found


def material_in(session: Session, center_id: int, material_id: int) -> CenterMaterial:
    """A file of one of the center's exercises. Raises ``NotFound``."""
    found = session.scalar(
        select(CenterMaterial)
        .join(CenterExercise, CenterExercise.id == CenterMaterial.exercise_id)
        .where(CenterExercise.center_id == center_id, CenterMaterial.id == material_id)
    )
    if found is None:
        raise NotFound()
    return found


def competencies_offered(session: Session, center: Center) -> list[Competency]:
    """The competencies of the target post's profile in its order; all of them where no post is named. Others in use last."""
    rows = {row.code: row for row in session.scalars(select(Competency).order_by(Competency.position, Competency.code))}
    wanted = wanted_competencies(session, center)
    used = [code for _exercise, code in cells_of(session, center.id)]
    codes = dict.fromkeys([*(wanted or rows), *used])
    return [rows[code] for code in codes if code in rows]


def competencies_named(session: Session, codes: Iterable[str]) -> list[Competency]:
    """The competencies with these codes in their order."""
    query = select(Competency).where(Competency.code.in_(list(codes)))
    return list(session.scalars(query.order_by(Competency.position, Competency.code)))


def wanted_competencies(session: Session, center: Center) -> list[str]:
    """Codes of the competencies that the profile of the target post expects; none without a post."""
    profile = published_profile(session, center.post_id) if center.post_id is not None else None
    return (
        [str(row["competency"]) for row in (profile.document.get("competencies") or ())] if profile is not None else []
    )


def posts_with_profile(session: Session) -> list[Post]:
    """Posts that a center can measure for."""
    published = select(JobProfile.post_id).where(JobProfile.status == "published")
    return list(session.scalars(select(Post).where(Post.id.in_(published)).order_by(Post.id)))


# Who takes part and who assesses


def participants_of(session: Session, center_id: int) -> list[CenterParticipant]:
    """The participants with their officers, by the Thai alphabet."""
    query = (
        select(CenterParticipant)
        .join(Officer, Officer.id == CenterParticipant.officer_id)
        .where(CenterParticipant.center_id == center_id)
        .options(joinedload(CenterParticipant.officer))
        .order_by(Officer.sort_key, Officer.id)
    )
    return list(session.scalars(query))


def taking_part(session: Session, center_id: int) -> list[CenterParticipant]:
    """Those whose results are wanted: the participants who have not left."""
    return [row for row in participants_of(session, center_id) if row.withdrawn_at is None]


def participant_in(session: Session, center_id: int, officer_no: str) -> CenterParticipant:
    """One participant, by the officer's number. Raises ``NotFound``."""
    found = next((row for row in participants_of(session, center_id) if row.officer.officer_no == officer_no), None)
    if found is None:
        raise NotFound()
    return found


def assessors_of(session: Session, center_id: int) -> list[CenterAssessor]:
    """The assessors by name."""
    query = select(CenterAssessor).where(CenterAssessor.center_id == center_id)
    return list(session.scalars(query.order_by(CenterAssessor.name, CenterAssessor.id)))


def assessor_in(session: Session, center_id: int, assessor_id: int) -> CenterAssessor:
    """One assessor of the center. Raises ``NotFound``."""
    found: CenterAssessor = _in(session, CenterAssessor, center_id, assessor_id)
    return found


def own_assessor(session: Session, center_id: int, account_id: int | None) -> CenterAssessor:
    """The center's assessor behind a sign-in. Raises ``NotFound``."""
    found = session.scalar(
        select(CenterAssessor).where(CenterAssessor.center_id == center_id, CenterAssessor.account_id == account_id)
    )
    if found is None or account_id is None:
        raise NotFound()
    return found


def accounts_to_name(session: Session, center_id: int) -> list[Account]:
    """Sign-ins with the role of an assessor that the center does not name yet."""
    named = select(CenterAssessor.account_id).where(
        CenterAssessor.center_id == center_id, CenterAssessor.account_id.is_not(None)
    )
    query = select(Account).where(Account.active, Account.roles.any(Role.name == "assessor"), Account.id.not_in(named))
    return list(session.scalars(query.order_by(Account.name, Account.id)))


def officers_to_add(session: Session, center_id: int, words: str, limit: int = 20) -> list[Officer]:
    """Officers in service found by name or number who do not take part yet."""
    if not words:
        return []
    inside = select(CenterParticipant.officer_id).where(CenterParticipant.center_id == center_id)
    full = Officer.title + Officer.given_name + " " + Officer.family_name
    found = or_(full.contains(words, autoescape=True), Officer.officer_no.startswith(words, autoescape=True))
    query = select(Officer).where(found, Officer.left_on.is_(None), Officer.id.not_in(inside))
    return list(session.scalars(query.order_by(Officer.sort_key, Officer.id).limit(limit)))


def cohorts_to_add(session: Session) -> list[Cohort]:
    """Cohorts, the latest first."""
    return list(session.scalars(select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.id.desc()).limit(50)))


def talent_to_add(session: Session, center_id: int) -> list[Officer]:
    """Members of the talent pool who do not take part yet. The pool's room lies above this one: its table is read by name."""
    pool = Base.metadata.tables["talent_member"]
    members = select(pool.c.officer_id).where(pool.c.status == "member")
    inside = select(CenterParticipant.officer_id).where(CenterParticipant.center_id == center_id)
    query = select(Officer).where(Officer.id.in_(members), Officer.id.not_in(inside), Officer.left_on.is_(None))
    return list(session.scalars(query.order_by(Officer.sort_key, Officer.id)))


def cohort_to_add(session: Session, center_id: int, cohort_id: int) -> list[Officer]:
    """Those of a cohort who do not take part yet."""
    inside = select(CenterParticipant.officer_id).where(CenterParticipant.center_id == center_id)
    theirs = select(Enrollment.officer_id).where(
        Enrollment.cohort_id == cohort_id, Enrollment.status.in_(("enrolled", "completed"))
    )
    query = select(Officer).where(Officer.id.in_(theirs), Officer.id.not_in(inside), Officer.left_on.is_(None))
    return list(session.scalars(query.order_by(Officer.sort_key, Officer.id)))


# Rooms, times, sessions


def rooms_of(session: Session, center_id: int) -> list[CenterRoom]:
    """The rooms by name."""
    query = select(CenterRoom).where(CenterRoom.center_id == center_id).order_by(CenterRoom.name, CenterRoom.id)
    return list(session.scalars(query))


def blocks_of(session: Session, center_id: int) -> list[CenterBlock]:
    """The stretches of time in order."""
    query = select(CenterBlock).where(CenterBlock.center_id == center_id).order_by(CenterBlock.starts_at)
    return list(session.scalars(query))


def sittings_of(session: Session, center_id: int) -> list[Sat]:
    """The timetable in the order of time, with who sits in each session; two statements."""
    query = select(CenterSitting).where(CenterSitting.center_id == center_id)
    rows = session.scalars(query.order_by(CenterSitting.starts_at, CenterSitting.room_id, CenterSitting.id))
    found = {row.id: Sat(row) for row in rows}
    seats = select(CenterSeat).join(CenterSitting, CenterSitting.id == CenterSeat.sitting_id)
    for seat in session.scalars(seats.where(CenterSitting.center_id == center_id).order_by(CenterSeat.id)):
        if seat.participant_id is not None:
            found[seat.sitting_id].participants.append(seat.participant_id)
        elif seat.assessor_id is not None:
            found[seat.sitting_id].assessors.append(seat.assessor_id)
    return list(found.values())


def readers_of(session: Session, center_id: int) -> list[CenterReader]:
    """Who marks whose written work."""
    people = select(CenterParticipant.id).where(CenterParticipant.center_id == center_id)
    query = select(CenterReader).where(CenterReader.participant_id.in_(people))
    return list(session.scalars(query.order_by(CenterReader.exercise_id, CenterReader.participant_id, CenterReader.id)))


def has_timetable(session: Session, center_id: int) -> bool:
    """Whether sessions have been arranged."""
    return session.scalar(select(CenterSitting.id).where(CenterSitting.center_id == center_id).limit(1)) is not None


def room_in(session: Session, center_id: int, room_id: int) -> CenterRoom:
    """One room of the center. Raises ``NotFound``."""
    return _in(session, CenterRoom, center_id, room_id)


def block_in(session: Session, center_id: int, block_id: int) -> CenterBlock:
    """One stretch of time of the center. Raises ``NotFound``."""
    return _in(session, CenterBlock, center_id, block_id)


def _in(session: Session, model: Any, center_id: int, number: int) -> Any:
    found = session.get(model, number)
    if found is None or found.center_id != center_id:
        raise NotFound()
    return found


def has_begun(session: Session, center_id: int) -> bool:
    """Whether anything has been observed or rated: from then on people and exercises stay as they are."""
    theirs = select(CenterParticipant.id).where(CenterParticipant.center_id == center_id)
    seen = select(CenterObservation.id).where(CenterObservation.participant_id.in_(theirs)).limit(1)
    rated = select(CenterRating.id).where(CenterRating.participant_id.in_(theirs)).limit(1)
    return session.scalar(seen) is not None or session.scalar(rated) is not None


def own_centers(session: Session, account_id: int | None, officer_id: int | None) -> list[tuple[Center, bool, bool]]:
    """Centers that name somebody: (center, as an assessor, as a participant). A participant sees one once its timetable is out."""
    assesses = select(CenterAssessor.center_id).where(CenterAssessor.account_id == (account_id or 0))
    takes = select(CenterParticipant.center_id).where(CenterParticipant.officer_id == (officer_id or 0))
    assessing, taking = Center.id.in_(assesses), Center.id.in_(takes) & Center.published_at.is_not(None)
    rows = session.execute(select(Center, assessing, taking).where(or_(assessing, taking)).order_by(Center.id.desc()))
    return [(center, bool(one), bool(other)) for center, one, other in rows]
