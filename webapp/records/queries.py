"""One officer's development record and a cohort's columns, derived from the rooms below, never stored."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.models import CompetencyRating
from webapp.careers.models import Competency, Course, JobProfile, PositionLevel, Post, Qualification, Section, Unit
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound
from webapp.officers.models import (
    Delegation,
    EvidencedWork,
    Officer,
    Posting,
    TrainingRecord,
    officer_qualification,
)  # fmt: skip
from webapp.officers.rules import retires_on
from webapp.records import cohorts
from webapp.records.columns import CohortColumns, columns_of
from webapp.records.record import (
    DevelopmentRecord,
    Held,
    InCharge,
    Name,
    Person,
    Place,
    Rating,
    Source,
    Training,
    Work,
)  # fmt: skip
from webapp.records.rules import EVERYTHING, Reader, Sight, sight_of

Places = Callable[[Session, int], tuple[Place, ...]]


def records_of(session: Session, cohort: Cohort) -> CohortColumns:
    """What the ranking reads of everybody in a cohort, as exact columns (see ``columns.py``)."""
    return columns_of(session, cohort)


def record_of(
    session: Session, officer: Officer, reader: Reader = EVERYTHING, places: Places | None = None
) -> DevelopmentRecord:
    """The officer's development record as far as ``reader`` may see it; ``NotFound`` where it is not theirs to see.

    ``places`` gives the places in published shortlists, which the room above knows (``shortlist.queries.places_of``).
    """
    sight = sight_of(reader, officer.id, _mentors(session, reader, officer.id))
    if sight is None:
        raise NotFound()
    return DevelopmentRecord(
        person=_person(session, officer),
        postings=_postings(session, officer.id),
        delegations=_delegations(session, officer.id),
        works=_works(session, officer.id),
        training=_training(session, officer.id),
        ratings=_ratings(session, officer.id, sight.unreleased_ratings),
        cohorts=cohorts.of_officer(session, officer.id, sight, reader.account_id),
        places=places(session, officer.id) if places is not None and sight.places else (),
    )


def officer_by_no(session: Session, officer_no: str) -> Officer:
    """The officer with this number. Raises ``NotFound``."""
    officer = session.scalar(select(Officer).where(Officer.officer_no == officer_no))
    if officer is None:
        raise NotFound()
    return officer


def sight(session: Session, officer: Officer, reader: Reader) -> Sight | None:
    """What ``reader`` sees of the officer's record."""
    return sight_of(reader, officer.id, _mentors(session, reader, officer.id))


def _mentors(session: Session, reader: Reader, officer_id: int) -> bool:
    """Whether the reader is a mentor of the officer now."""
    if "mentor" not in reader.roles or reader.officer_id is None:
        return False
    pairing = session.scalar(
        select(MentorPairing.id)
        .join(Enrollment, Enrollment.id == MentorPairing.enrollment_id)
        .where(
            MentorPairing.mentor_id == reader.officer_id,
            MentorPairing.ended_at.is_(None),
            Enrollment.officer_id == officer_id,
        )
        .limit(1)
    )
    return pairing is not None


def named(thing: Any, code: str | None = None) -> Name:
    """A thing with two names as a record keeps it."""
    return Name(code if code is not None else thing.code, thing.name_th, thing.name_en)


def source_of(fact: Any) -> Source:
    """The source of a fact about an officer."""
    return Source(fact.__tablename__, fact.id, fact.entered_by, fact.entered_at, fact.import_id)


def _person(session: Session, officer: Officer) -> Person:
    qualifications = session.scalars(
        select(Qualification)
        .join(officer_qualification, officer_qualification.c.qualification_code == Qualification.code)
        .where(officer_qualification.c.officer_id == officer.id)
        .order_by(Qualification.code)
    )
    return Person(
        id=officer.id, officer_no=officer.officer_no, name_th=officer.name_th, name_en=officer.name_en,
        birth_date=officer.birth_date, entry_date=officer.entry_date, retires_on=retires_on(officer.birth_date),
        left_on=officer.left_on, left_reason=officer.left_reason,
        qualifications=tuple(named(qualification) for qualification in qualifications),
        source=Source("officer", officer.id, import_id=officer.import_id),
    )  # fmt: skip


def _grade(level: PositionLevel | None, posting: Posting) -> Name:
    code = f"{posting.position_type}/{posting.level}"
    if level is None:
        return Name(code, code)
    return Name(code, f"{level.type_name_th} {level.name_th}", f"{level.type_name_en}, {level.name_en}")


def _postings(session: Session, officer_id: int) -> tuple[Held, ...]:
    rows = session.execute(
        select(Posting, Post, Unit, Section, PositionLevel)
        .join(Post, Post.id == Posting.post_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .outerjoin(Section, Section.code == Posting.section_code)
        .outerjoin(
            PositionLevel,
            (PositionLevel.position_type == Posting.position_type) & (PositionLevel.level == Posting.level),
        )
        .where(Posting.officer_id == officer_id, Posting.voided_at.is_(None))
        .order_by(Posting.started_on.desc(), Posting.id.desc())
    )
    return tuple(
        Held(
            post=named(post), grade=_grade(level, posting), unit=named(unit),
            section=None if section is None else named(section), started_on=posting.started_on,
            ended_on=posting.ended_on, acting=posting.acting, order_ref=posting.order_ref, source=source_of(posting),
        )
        for posting, post, unit, section, level in rows
    )  # fmt: skip


def _delegations(session: Session, officer_id: int) -> tuple[InCharge, ...]:
    rows = session.execute(
        select(Delegation, Unit, Section)
        .join(Unit, Unit.id == Delegation.unit_id)
        .join(Section, Section.code == Delegation.section_code)
        .where(Delegation.officer_id == officer_id, Delegation.voided_at.is_(None))
        .order_by(Delegation.started_on.desc(), Section.position, Delegation.id)
    )
    return tuple(
        InCharge(named(unit), named(section), row.started_on, row.ended_on, row.order_ref, source_of(row))
        for row, unit, section in rows
    )


def _works(session: Session, officer_id: int) -> tuple[Work, ...]:
    rows = session.scalars(
        select(EvidencedWork)
        .where(EvidencedWork.officer_id == officer_id, EvidencedWork.voided_at.is_(None))
        .order_by(EvidencedWork.done_on.desc(), EvidencedWork.id)
    )
    return tuple(
        Work(row.title, row.done_on, row.category, row.verified_by, row.verified_on, source_of(row)) for row in rows
    )


def _training(session: Session, officer_id: int) -> tuple[Training, ...]:
    rows = session.execute(
        select(TrainingRecord, Course)
        .join(Course, Course.id == TrainingRecord.course_id)
        .where(TrainingRecord.officer_id == officer_id, TrainingRecord.voided_at.is_(None))
        .order_by(TrainingRecord.completed_on.desc(), TrainingRecord.id)
    )
    return tuple(
        Training(
            named(course), row.completed_on, row.result, row.institution or course.institution, row.hours,
            row.certificate_no, row.cohort_id, source_of(row),
        )
        for row, course in rows
    )  # fmt: skip


def _ratings(session: Session, officer_id: int, unreleased: bool) -> tuple[Rating, ...]:
    """The ratings that stand: for the officer and their mentor the released ones alone."""
    seen = () if unreleased else (CompetencyRating.released_at.is_not(None),)
    rows = session.execute(
        select(CompetencyRating, Competency)
        .join(Competency, Competency.code == CompetencyRating.competency_code)
        .where(CompetencyRating.officer_id == officer_id, CompetencyRating.voided_at.is_(None), *seen)
        .order_by(Competency.position, CompetencyRating.rated_on.desc(), CompetencyRating.id)
    )
    return tuple(
        Rating(named(competency), row.rating, row.rated_on, row.method, row.assessor, source_of(row))
        for row, competency in rows
    )


def posts_with_profiles(session: Session) -> list[Post]:
    """Posts with a published profile, whose expected levels a record can be held against."""
    return list(
        session.scalars(
            select(Post)
            .where(Post.id.in_(select(JobProfile.post_id).where(JobProfile.status == "published")))
            .order_by(Post.id)
        )
    )
