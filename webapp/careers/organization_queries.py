"""Reads for the pages of the organization: its lists, what is still used, and the conversion of old levels."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.careers import path_queries
from webapp.careers.models import (
    Course,
    JobProfile,
    LevelConversion,
    PathRule,
    PositionLevel,
    Post,
    Qualification,
    Seat,
    Section,
    Unit,
)
from webapp.careers.queries import Named
from webapp.database import canonical_json
from webapp.errors import NotFound
from webapp.language import language


def levels(session: Session, *, retired: bool = False) -> list[PositionLevel]:
    """Levels in use (or with the retired ones) from the lowest."""
    query = select(PositionLevel).order_by(PositionLevel.position, PositionLevel.position_type, PositionLevel.level)
    return list(session.scalars(query if retired else query.where(PositionLevel.retired_on.is_(None))))


def types(session: Session) -> dict[str, Named]:
    """Position types by code, lowest first."""
    return {
        row.position_type: {"name_th": row.type_name_th, "name_en": row.type_name_en}
        for row in levels(session, retired=True)
    }


def sections(session: Session) -> list[Section]:
    """All sections in their order, retired ones too."""
    return list(session.scalars(select(Section).order_by(Section.position, Section.code)))


def qualifications(session: Session) -> list[Qualification]:
    """All qualifications by code, retired ones too."""
    return list(session.scalars(select(Qualification).order_by(Qualification.code)))


def draft_version(session: Session, post_id: int) -> int | None:
    """The version of a post's profile that is being drafted, if one is."""
    query = select(func.max(JobProfile.version)).where(JobProfile.post_id == post_id, JobProfile.status == "draft")
    return session.scalar(query)


def courses_for(session: Session, post_id: int) -> int:
    """How many courses in use prepare for a post."""
    query = select(func.count()).where(Course.post_id == post_id, Course.retired_on.is_(None))
    return session.scalar(query) or 0


def units_in_use(session: Session) -> list[Unit]:
    """Units in use by code, to choose from."""
    return list(session.scalars(select(Unit).where(Unit.retired_on.is_(None)).order_by(Unit.code)))


def posts_in_use(session: Session) -> list[Post]:
    """Posts in use: target posts first, then by code."""
    query = select(Post).where(Post.retired_on.is_(None))
    return list(session.scalars(query.order_by(Post.is_target.desc(), Post.id)))


def posts_by_id(session: Session) -> dict[int, Post]:
    """Every post by its number."""
    return {row.id: row for row in session.scalars(select(Post).order_by(Post.id))}


def seat(session: Session, post_id: int, number: int) -> Seat:
    """A seat row of this post. Raises ``NotFound``."""
    found = session.get(Seat, number)
    if found is None or found.post_id != post_id:
        raise NotFound()
    return found


def seats_at(session: Session, unit: Unit) -> list[tuple[Post, Seat]]:
    """The posts that have seats at a unit: those of its kind and those of its own."""
    rows = session.execute(
        select(Post, Seat)
        .join(Seat, Seat.post_id == Post.id)
        .where((Seat.unit_id == unit.id) | (Seat.unit_kind == unit.kind))
        .order_by(Post.id, Seat.id)
    )
    return [(post, row) for post, row in rows]


def conversions(session: Session) -> list[LevelConversion]:
    """The conversion of old levels in force, by old level and type."""
    query = select(LevelConversion).where(LevelConversion.withdrawn_at.is_(None))
    return list(session.scalars(query.order_by(LevelConversion.old_level, LevelConversion.position_type)))


def conversion(session: Session, old_level: int, position_type: str) -> LevelConversion:
    """One row of the conversion in force. Raises ``NotFound``."""
    found = session.get(LevelConversion, (old_level, position_type)) if 0 < old_level < 100 else None
    if found is None or found.withdrawn_at is not None:
        raise NotFound()
    return found


def uses(session: Session, kind: str, row: Any) -> list[str]:
    """What in force stands on a thing, by name: paths, rules of paths, posts, published criteria."""
    if kind == "post":
        through = session.scalars(
            select(Post).join(PathRule, PathRule.post_id == Post.id).where(PathRule.through_post_id == row.id)
        )
        return [_name(found) for found in (*path_queries.uses_of_post(session, row.code), *through)]
    if kind == "position_level":
        posts, paths = path_queries.uses_of_level(session, row.position_type, row.level)
        return [_name(found) for found in (*posts, *paths)]
    if kind == "qualification":
        return [_name(post) for post in _posts_asking_for(session, row.code)]
    return []


def _posts_asking_for(session: Session, code: str) -> list[Post]:
    """Posts with a published profile whose criteria name this code."""
    rows = session.execute(
        select(Post, JobProfile.document)
        .join(JobProfile, JobProfile.post_id == Post.id)
        .where(JobProfile.status == "published", Post.retired_on.is_(None))
        .order_by(Post.id, JobProfile.version)
    )
    found = {post.id: post for post, document in rows if f'"{code}"' in canonical_json(document.get("criteria"))}
    return list(found.values())


def _name(thing: Any) -> str:
    return str((thing.name_en or thing.name_th) if language() == "en" else thing.name_th)
