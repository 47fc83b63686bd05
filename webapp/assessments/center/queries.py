"""Centers as they are read: whole centers with what belongs to them, and who may see which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account, Role
from webapp.assessments.center.models import (
    Center,
    CenterAssessor,
    CenterBlock,
    CenterCell,
    CenterConflict,
    CenterExercise,
    CenterMaterial,
    CenterObservation,
    CenterParticipant,
    CenterRating,
    CenterRoom,
    CenterSeat,
    CenterSitting,
)
from webapp.careers.models import Competency, JobProfile, Post
from webapp.careers.queries import published_profile
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
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


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict of interest, declared or found in the data; ``cohort`` names where a pairing comes from."""

    assessor_id: int
    participant_id: int
    kind: str
    source: str
    note: str = ""


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


def wanted_competencies(session: Session, center: Center) -> list[str]:
    """Codes of the competencies that the profile of the target post expects; none without a post."""
    profile = published_profile(session, center.post_id) if center.post_id is not None else None
    return [str(row["code"]) for row in (profile.document.get("competencies") or ())] if profile is not None else []


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
    found = session.get(CenterAssessor, assessor_id)
    if found is None or found.center_id != center_id:
        raise NotFound()
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


def declared_conflicts(session: Session, center_id: int) -> list[CenterConflict]:
    """What assessors declared."""
    query = (
        select(CenterConflict)
        .join(CenterAssessor, CenterAssessor.id == CenterConflict.assessor_id)
        .where(CenterAssessor.center_id == center_id)
        .order_by(CenterConflict.id)
    )
    return list(session.scalars(query))


def conflicts_of(session: Session, center_id: int) -> list[Found]:
    """Every conflict of a center, what the data say before what was declared; the same statements however many.

    From the data: the assessor is the participant, their supervisor or that one's supervisor, their mentor (also of an
    ended pairing), or a mentor in a cohort they are in.
    """
    found = [
        Found(row.assessor_id, row.participant_id, row.kind, "declared", row.note)
        for row in declared_conflicts(session, center_id)
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
