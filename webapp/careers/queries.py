"""What the careers room shows: posts, published profiles, competencies, the course catalog, paths and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp import thai
from webapp.careers.models import (
    CareerPath,
    Competency,
    Course,
    CourseEquivalent,
    JobProfile,
    PositionLevel,
    Post,
    Seat,
    Section,
    Unit,
)
from webapp.errors import NotFound

Named = dict[str, str]

UNKNOWN_LEVEL: Named = {"name_th": "", "name_en": ""}


def level_names(session: Session) -> dict[tuple[str | None, str | None], Named]:
    """How a position type and level read: อำนวยการ ระดับสูง / Managerial, high level."""
    found: dict[tuple[str | None, str | None], Named] = {}
    for row in session.scalars(select(PositionLevel).order_by(PositionLevel.position)):
        found[row.position_type, row.level] = {
            "name_th": f"{row.type_name_th} ระดับ{row.name_th}",
            "name_en": f"{row.type_name_en}, {row.name_en.lower()} level",
        }
        found.setdefault((row.position_type, None), {"name_th": row.type_name_th, "name_en": row.type_name_en})
    return found


# Posts and profiles --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post in the list."""

    code: str
    name_th: str
    name_en: str
    level: Named
    is_key: bool
    is_target: bool
    heads_unit: bool
    seats: int | None
    profile_version: int | None


def posts(
    session: Session, *, words: str = "", kind: str = "", sort: str = "", descending: bool = False
) -> list[PostRow]:
    """Every post: target posts first in the order of the minutes, then by position type and level, highest first.

    ``kind`` narrows to ``target`` posts, posts that ``head`` a unit, or a position type.
    """
    levels = level_names(session)
    places = {key: place for place, key in enumerate(levels)}
    versions = dict(session.execute(_published_versions()).all())
    seats = _seat_totals(session)
    query = select(
        Post.id, Post.code, Post.name_th, Post.name_en, Post.position_type, Post.level, Post.is_key, Post.is_target,
        Post.heads_unit,
    )  # fmt: skip
    if words:
        query = query.where(_has(words, Post.name_th, Post.name_en, Post.code))
    query = query.where(Post.retired_on.is_not(None) if kind == "retired" else Post.retired_on.is_(None))
    if kind == "retired":
        pass
    elif kind == "target":
        query = query.where(Post.is_target)
    elif kind == "head":
        query = query.where(Post.heads_unit)
    elif kind:
        query = query.where(Post.position_type == kind)
    found = session.execute(query.order_by(Post.id)).all()
    if sort == "name":
        ordered = sorted(found, key=lambda row: (thai.sort_key(row.name_th), row.id), reverse=descending)
    else:
        ordered = sorted(
            found, key=lambda row: (not row.is_target, -places.get((row.position_type, row.level), -1), row.id)
        )
    return [
        PostRow(
            row.code, row.name_th, row.name_en, levels.get((row.position_type, row.level), UNKNOWN_LEVEL), row.is_key,
            row.is_target, row.heads_unit, seats.get(row.id), versions.get(row.id),
        )
        for row in ordered
    ]  # fmt: skip


def _has(words: str, *columns: Any) -> Any:
    return or_(*(column.contains(words, autoescape=True) for column in columns))


def _published_versions() -> Any:
    return (
        select(JobProfile.post_id, func.max(JobProfile.version))
        .where(JobProfile.status == "published")
        .group_by(JobProfile.post_id)
    )


def _seat_totals(session: Session) -> dict[int, int]:
    """All seats of each post: those per unit of a kind times the units, and those of named units."""
    totals: dict[int, int] = {}
    for row in seats(session):
        totals[row.post_id] = totals.get(row.post_id, 0) + row.total
    return totals


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Seats of a post at every unit of a kind, or at one unit, with the reason for the number."""

    id: int
    post_id: int
    unit_kind: str | None
    unit: Named | None
    seats: int
    units: int
    reason: str

    @property
    def total(self) -> int:
        return self.seats * self.units


def seats(session: Session, post_id: int | None = None) -> list[SeatRow]:
    """Seats as they are set, of one post or of all."""
    units = dict(
        session.execute(select(Unit.kind, func.count()).where(Unit.retired_on.is_(None)).group_by(Unit.kind)).all()
    )
    query = select(Seat, Unit.name_th, Unit.name_en).outerjoin(Unit, Unit.id == Seat.unit_id).order_by(Seat.id)
    if post_id is not None:
        query = query.where(Seat.post_id == post_id)
    return [
        SeatRow(
            seat.id,
            seat.post_id,
            seat.unit_kind,
            None if seat.unit_id is None else {"name_th": name_th, "name_en": name_en},
            seat.seats,
            1 if seat.unit_kind is None else units.get(seat.unit_kind, 0),
            seat.reason,
        )
        for seat, name_th, name_en in session.execute(query)
    ]


def post(session: Session, code: str) -> Post:
    """The post with this code. Raises ``NotFound``."""
    found = session.scalar(select(Post).where(Post.code == code))
    if found is None:
        raise NotFound()
    return found


def published_profile(session: Session, post_id: int, version: int | None = None) -> JobProfile | None:
    """The published profile of a post: the latest, or the version named. Withdrawn and draft ones do not count."""
    query = select(JobProfile).where(JobProfile.post_id == post_id, JobProfile.status == "published")
    if version is not None:
        query = query.where(JobProfile.version == version)
    return session.scalar(query.order_by(JobProfile.version.desc()).limit(1))


def published_versions(session: Session, post_id: int) -> list[JobProfile]:
    """All published versions of a post's profile, newest first."""
    return list(
        session.scalars(
            select(JobProfile)
            .where(JobProfile.post_id == post_id, JobProfile.status == "published")
            .order_by(JobProfile.version.desc())
        )
    )


def posts_of_codes(session: Session, codes: Sequence[str]) -> dict[str, Post]:
    """Posts by code, for naming them on a page."""
    return {found.code: found for found in session.scalars(select(Post).where(Post.code.in_(codes)).order_by(Post.id))}


# Competencies --------------------------------------------------------------------------------------------------------


def competencies(session: Session) -> list[Competency]:
    """All competencies in their order."""
    return list(session.scalars(select(Competency).order_by(Competency.position, Competency.code)))


def competency(session: Session, code: str) -> Competency:
    """The competency with this code. Raises ``NotFound``."""
    found = session.get(Competency, code)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the published profile of a post expects of one competency."""

    post_code: str
    post_name_th: str
    post_name_en: str
    version: int
    expected: dict[str, Any]

    @property
    def post(self) -> Named:
        return {"name_th": self.post_name_th, "name_en": self.post_name_en}


def expectations(session: Session) -> dict[str, list[Expectation]]:
    """By competency: the posts whose latest published profile expects it."""
    latest = _published_versions().subquery()
    query = (
        select(JobProfile, Post.code, Post.name_th, Post.name_en)
        .join(latest, (latest.c.post_id == JobProfile.post_id) & (latest.c[1] == JobProfile.version))
        .join(Post, Post.id == JobProfile.post_id)
        .order_by(Post.id)
    )
    found: dict[str, list[Expectation]] = {}
    for profile, code, name_th, name_en in session.execute(query):
        for row in profile.document.get("competencies", ()):
            expectation = Expectation(code, name_th, name_en, profile.version, row)
            found.setdefault(row["competency"], []).append(expectation)
    return found


# Courses -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in the catalog's list."""

    code: str
    name_th: str
    name_en: str
    institution: str
    external: bool
    retired: bool
    post: Named | None
    equivalents: int


def courses(session: Session, *, words: str = "", kind: str = "", descending: bool = False) -> list[CourseRow]:
    """The catalog: our own courses first, then others', each by the Thai alphabet; ``kind``: own, external, retired."""
    accepted = (
        select(CourseEquivalent.course_id, func.count().label("many"))
        .where(CourseEquivalent.withdrawn_at.is_(None))
        .group_by(CourseEquivalent.course_id)
        .subquery()
    )
    query = (
        select(Course, Post.name_th, Post.name_en, accepted.c.many)
        .outerjoin(Post, Post.id == Course.post_id)
        .outerjoin(accepted, accepted.c.course_id == Course.id)
        .order_by(Course.id)
    )
    if words:
        query = query.where(_has(words, Course.name_th, Course.name_en, Course.code, Course.institution))
    if kind == "retired":
        query = query.where(Course.retired_on.is_not(None))
    elif kind:
        query = query.where(Course.retired_on.is_(None), Course.external.is_(kind == "external"))
    rows = [
        CourseRow(
            course.code, course.name_th, course.name_en, course.institution, course.external,
            course.retired_on is not None,
            None if post_th is None else {"name_th": post_th, "name_en": post_en}, many or 0,
        )
        for course, post_th, post_en, many in session.execute(query)
    ]  # fmt: skip
    rows.sort(key=lambda row: (thai.sort_key(row.name_th), row.code), reverse=descending)
    return sorted(rows, key=lambda row: (row.retired, row.external))


def course(session: Session, code: str) -> Course:
    """The course with this code. Raises ``NotFound``."""
    found = session.scalar(select(Course).where(Course.code == code))
    if found is None:
        raise NotFound()
    return found


def post_of(session: Session, course: Course) -> Post | None:
    """The post a course prepares for."""
    return None if course.post_id is None else session.get(Post, course.post_id)


def equivalents(session: Session, course_id: int) -> list[CourseEquivalent]:
    """Courses accepted in place of this one: standing ones first, then withdrawn ones, newest first."""
    return list(
        session.scalars(
            select(CourseEquivalent)
            .where(CourseEquivalent.course_id == course_id)
            .options(joinedload(CourseEquivalent.equivalent))
            .order_by(CourseEquivalent.withdrawn_at.is_not(None), CourseEquivalent.id)
        )
    )


def accepted_for(session: Session, course_id: int) -> list[CourseEquivalent]:
    """Where this course is accepted in place of another."""
    return list(
        session.scalars(
            select(CourseEquivalent)
            .where(CourseEquivalent.equivalent_id == course_id, CourseEquivalent.withdrawn_at.is_(None))
            .options(joinedload(CourseEquivalent.course))
            .order_by(CourseEquivalent.id)
        )
    )


def equivalent(session: Session, course_id: int, equivalent_id: int) -> CourseEquivalent:
    """The standing acceptance with this number, of this course. Raises ``NotFound``."""
    found = session.scalar(
        select(CourseEquivalent)
        .where(
            CourseEquivalent.id == equivalent_id,
            CourseEquivalent.course_id == course_id,
            CourseEquivalent.withdrawn_at.is_(None),
        )
        .options(joinedload(CourseEquivalent.equivalent), joinedload(CourseEquivalent.course))
    )
    if found is None:
        raise NotFound()
    return found


def standing_pairs(session: Session) -> frozenset[tuple[str, str]]:
    """Every pair (course, accepted equivalent) in force, by code."""
    codes = dict(session.execute(select(Course.id, Course.code)).all())
    pairs = session.execute(
        select(CourseEquivalent.course_id, CourseEquivalent.equivalent_id).where(
            CourseEquivalent.withdrawn_at.is_(None)
        )
    )
    return frozenset((codes[course_id], codes[equivalent_id]) for course_id, equivalent_id in pairs)


# Paths, units and sections -------------------------------------------------------------------------------------------


def paths(session: Session, post_id: int | None = None, *, retired: bool = False) -> list[CareerPath]:
    """Career paths in use (or retired) in their order, to one post or to all."""
    query = select(CareerPath).order_by(CareerPath.post_id, CareerPath.position, CareerPath.id)
    query = query.where(CareerPath.retired_on.is_not(None) if retired else CareerPath.retired_on.is_(None))
    return list(session.scalars(query if post_id is None else query.where(CareerPath.post_id == post_id)))


UnitsPage = tuple[list[Any], int]


def units(
    session: Session, *, words: str = "", kind: str = "", zone: str = "", sort: str = "", descending: bool = False,
    retired: bool = False, limit: int, offset: int,
) -> UnitsPage:  # fmt: skip
    """Units as rows (code, names, kind, zone, retired) and how many there are; by kind and code, or by the name's alphabet."""
    query = select(Unit.code, Unit.name_th, Unit.name_en, Unit.kind, Unit.zone, Unit.retired_on)
    if words:
        query = query.where(_has(words, Unit.name_th, Unit.name_en, Unit.code))
    if kind:
        query = query.where(Unit.kind == kind)
    if zone:
        query = query.where(Unit.zone == zone)
    query = query.where(Unit.retired_on.is_not(None) if retired else Unit.retired_on.is_(None))
    order = ("district", "bureau", "office", "external")
    rows = session.execute(query.order_by(Unit.code)).all()
    if sort == "name":
        rows = sorted(rows, key=lambda row: (thai.sort_key(row.name_th), row.code), reverse=descending)
    else:
        rows = sorted(rows, key=lambda row: (order.index(row.kind), row.code), reverse=descending)
    return list(rows[offset : offset + limit]), len(rows)


def zones(session: Session) -> list[str]:
    """Groups of districts that are in use, in the order of their first district."""
    rows = session.execute(
        select(Unit.zone, func.min(Unit.code)).where(Unit.zone != "").group_by(Unit.zone).order_by(func.min(Unit.code))
    )
    return [zone for zone, _ in rows]


def sections(session: Session) -> list[Section]:
    """The sections of a district office in their order."""
    return list(session.scalars(select(Section).order_by(Section.position, Section.code)))
