"""What the profile pages show: versions, drafts for those who may see them, the codes criteria may name, competency versions."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload

from webapp.careers import words
from webapp.careers.criteria.tree import Known
from webapp.careers.models import Competency, Course, JobProfile, PositionLevel, Post, Qualification
from webapp.careers.profiles import trees
from webapp.careers.profiles.models import CompetencyVersion
from webapp.errors import NotFound


def versions(session: Session, post_id: int, *, drafts: bool) -> list[JobProfile]:
    """Versions of a post's profile, newest first; drafts and withdrawn ones for those who may see drafts."""
    query = select(JobProfile).where(JobProfile.post_id == post_id).order_by(JobProfile.version.desc())
    return list(session.scalars(query if drafts else query.where(JobProfile.status == "published")))


def version_of(session: Session, post_id: int, version: int, *, drafts: bool) -> JobProfile:
    """One version of a post's profile. Raises ``NotFound``, also where it is a draft and the reader may not see drafts."""
    query = select(JobProfile).where(JobProfile.post_id == post_id, JobProfile.version == version)
    found = session.scalar(query if drafts else query.where(JobProfile.status == "published"))
    if found is None:
        raise NotFound()
    return found


def draft_to_change(session: Session, post_id: int, version: int) -> JobProfile:
    """The draft with this number, kept from others' edits until the transaction ends. Raises ``NotFound``."""
    found = session.scalar(
        select(JobProfile)
        .where(JobProfile.post_id == post_id, JobProfile.version == version, JobProfile.status == "draft")
        .options(joinedload(JobProfile.post))
        .with_for_update(of=JobProfile)
    )
    if found is None:
        raise NotFound()
    return found


def open_draft(session: Session, post_id: int) -> JobProfile | None:
    """The draft of a post, if there is one: one at a time."""
    return session.scalar(select(JobProfile).where(JobProfile.post_id == post_id, JobProfile.status == "draft"))


def known(session: Session) -> Known:
    """The codes that a criterion may name."""
    return Known(
        posts=frozenset(session.scalars(select(Post.code))),
        grades=frozenset((row[0], row[1]) for row in session.execute(select(PositionLevel.position_type, PositionLevel.level))),
        unit_kinds=frozenset(words.UNIT_KINDS),
        qualifications=frozenset(session.scalars(select(Qualification.code))),
        courses=frozenset(session.scalars(select(Course.code))),
    )  # fmt: skip


def published_ids(session: Session, post_id: int) -> frozenset[str]:
    """Ids of criteria that stand in a published version of the post's profile: they do not change any more."""
    documents = session.scalars(
        select(JobProfile.document).where(JobProfile.post_id == post_id, JobProfile.status == "published")
    )
    found: set[str] = set()
    for document in documents:
        found |= trees.ids(document.get("criteria")) | trees.ids(document.get("course_entry"))
    return frozenset(found)


def competencies_as_published(session: Session, profile: JobProfile) -> dict[str, Any]:
    """By code, the competencies of a profile as they read in it.

    A published version keeps the wording it was published with (a shipped one the first); others read the present one.
    """
    rows = profile.document.get("competencies") or []
    codes = [row["competency"] for row in rows]
    if profile.status != "published":
        query = select(Competency).where(Competency.code.in_(codes)).order_by(Competency.position)
        return {row.code: row for row in session.scalars(query)}
    pairs = [(row["competency"], row.get("version", 1)) for row in rows]
    kept = select(CompetencyVersion).where(tuple_(CompetencyVersion.code, CompetencyVersion.version).in_(pairs))
    return {row.code: row for row in session.scalars(kept.order_by(CompetencyVersion.id))} if pairs else {}


def competency_versions(session: Session, code: str) -> list[CompetencyVersion]:
    """All versions of a competency, newest first."""
    query = select(CompetencyVersion).where(CompetencyVersion.code == code)
    return list(session.scalars(query.order_by(CompetencyVersion.version.desc())))


def competency_version(session: Session, code: str, version: int) -> CompetencyVersion:
    """One version of a competency. Raises ``NotFound``."""
    found = session.scalar(
        select(CompetencyVersion).where(CompetencyVersion.code == code, CompetencyVersion.version == version)
    )
    if found is None:
        raise NotFound()
    return found


def drafts_waiting(session: Session) -> list[JobProfile]:
    """All open drafts, oldest first."""
    return list(
        session.scalars(
            select(JobProfile)
            .where(JobProfile.status == "draft")
            .options(joinedload(JobProfile.post))
            .order_by(JobProfile.id)
        )
    )


def names_for_criteria(session: Session) -> dict[str, dict[str, Any]]:
    """What the codes in criteria are called: posts, qualifications, courses, by kind and code; live ones first."""
    return {
        "post": _by_code(session.scalars(select(Post).order_by(Post.retired_on.is_not(None), Post.id))),
        "qualification": _by_code(session.scalars(select(Qualification).order_by(Qualification.code))),
        "course": _by_code(session.scalars(select(Course).order_by(Course.external, Course.id))),
    }


def _by_code(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.code: row for row in rows}
