"""The reference data the product ships with, and its loader (run by ``kaona init``).

Units, sections, position types, posts, seats, qualifications, competencies, courses with accepted equivalents, the
three job profiles and the fifteen paths are YAML files beside this one. In them ``ours: true`` (for a reason:
``reason_ours``) marks what the minutes do not say, and pages show that mark.

How repeating is safe: a thing is known by its code. What is missing is added. What is there and still as it was shipped
(the digest kept with the row says so) follows a newer release; what was edited in the product, or imported under the
same code, is never touched. Rows without a digest (sections, levels and their conversion, qualifications,
seats, equivalents, the rule of paths) are only added.
A published profile never changes: a post that has version 1 keeps it. Evidence, answers to remarks and competency
versions are only ever added (``webapp/careers/profiles/loading.py``).

The document of a job profile::

    duties, nature, characteristics   lists of {name_th, name_en, source, source_en, ours}
    competencies    list of {competency, group, expected_level, method_th, method_en, assessor_th, assessor_en, ours}
    criteria        the tree of preliminary criteria (``webapp/careers/criteria``)
    course          code of the course that prepares for the post, or none
    course_entry    the tree of its entry rule, as of the last day of applications, or none
    development     list of {step, name_th, name_en, source, source_en}
    shipped         true for version 1
"""

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import (
    CareerPath,
    CareerPathVersion,
    Competency,
    Course,
    CourseEquivalent,
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
from webapp.careers.profiles import loading
from webapp.careers.profiles.models import BodyRemark
from webapp.careers.shipped import read
from webapp.database import canonical_json

SHIPPED_BY = "Kaona (มากับระบบ / shipped)"
"""Stands where a person's name stands for profiles drafted in the product."""


@dataclass
class Loaded:
    """What a load did, in rows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept_as_edited: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        edited = f", {len(self.kept_as_edited)} edited here and left alone" if self.kept_as_edited else ""
        return f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged{edited}"


def load_reference_data(session: Session, actor: Actor) -> Loaded:
    """Add what is missing and update what nobody has edited; flush, and audit once if anything changed."""
    loaded = Loaded()
    _only_missing(session, loaded, Section, ("code",), _sections())
    _only_missing(session, loaded, PositionLevel, ("position_type", "level"), read.position_levels())
    _only_missing(session, loaded, LevelConversion, ("old_level", "position_type"), read.level_conversions())
    _follow(session, loaded, Unit, read.units())
    _follow(session, loaded, Post, _posts())
    posts = {post.code: post.id for post in session.scalars(select(Post))}
    _only_missing(session, loaded, Seat, ("post_id", "unit_kind"), _seats(posts))
    _only_missing(session, loaded, Qualification, ("code",), _qualifications())
    _follow(session, loaded, Competency, read.competencies())
    loading.keep_competency_versions(session, loaded, SHIPPED_BY)
    _follow(session, loaded, Course, _courses(posts))
    courses = {course.code: course.id for course in session.scalars(select(Course))}
    _only_missing(session, loaded, CourseEquivalent, ("course_id", "equivalent_id"), _equivalents(courses))
    _only_missing(session, loaded, JobProfile, ("post_id", "version"), _profiles(posts))
    _follow(session, loaded, CareerPath, _paths(posts))
    _only_missing(session, loaded, PathRule, ("post_id",), _path_rules(posts))
    _follow(session, loaded, BodyRemark, loading.remarks())
    loading.answer_remarks(session, loaded, SHIPPED_BY)
    loading.add_evidence(session, loaded, SHIPPED_BY, posts)
    if loaded.added or loaded.updated:
        audit.append(session, actor, "careers:reference:load", "reference data", "shipped", after=asdict(loaded))
    return loaded


def digest(values: dict[str, Any]) -> str:
    """The fingerprint of what was shipped for one row."""
    return hashlib.sha256(canonical_json(values).encode()).hexdigest()


def _only_missing(
    session: Session, loaded: Loaded, model: Any, key: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    """Add the rows whose key is not there yet; leave all others as they are."""
    there = {tuple(found) for found in session.execute(select(*(getattr(model, column) for column in key)))}
    missing = [row for row in rows if tuple(row[column] for column in key) not in there]
    session.add_all(model(**row) for row in missing)
    session.flush()
    loaded.added += len(missing)
    loaded.unchanged += len(rows) - len(missing)


def _follow(session: Session, loaded: Loaded, model: Any, rows: list[dict[str, Any]]) -> None:
    """Add missing rows; bring rows that are still as shipped to the present release; leave edited ones alone."""
    there = {found.code: found for found in session.scalars(select(model))}
    for row in rows:
        present, fingerprint = there.get(row["code"]), digest(row)
        if present is None:
            session.add(model(**row, shipped=fingerprint))
            loaded.added += 1
        elif present.shipped == fingerprint:
            loaded.unchanged += 1
        elif present.shipped and digest({column: getattr(present, column) for column in row}) == present.shipped:
            if isinstance(present, CareerPath):
                session.add(CareerPathVersion.of(present, clock.now()))
                present.version += 1
            for column, value in row.items():
                setattr(present, column, value)
            present.shipped = fingerprint
            loaded.updated += 1
        else:
            loaded.kept_as_edited.append(row["code"])
    session.flush()


def _sections() -> list[dict[str, Any]]:
    rows = read.read("organization")["sections"]
    return [{"code": row["code"], **read.names(row), "position": place} for place, row in enumerate(rows, start=1)]


def _posts() -> list[dict[str, Any]]:
    return [
        {
            "code": row["code"],
            **read.names(row),
            "position_type": row.get("type"),
            "level": row.get("level"),
            "is_key": row.get("key", False),
            "is_target": row.get("target", False),
            "heads_unit": row.get("heads_unit", False),
        }
        for row in read.read("organization")["posts"]
    ]


def _seats(posts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"post_id": posts[row["post"]], "unit_kind": row["unit_kind"], "seats": row["seats"], "reason": row["reason"]}
        for row in read.read("organization")["seats"]
    ]


def _qualifications() -> list[dict[str, Any]]:
    return [{"code": row["code"], **read.names(row)} for row in read.read("organization")["qualifications"]]


def _courses(posts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "code": row["code"],
            **read.names(row),
            "post_id": posts[row["post"]] if "post" in row else None,
            "external": row.get("external", False),
            "institution": row.get("institution", ""),
            "curriculum": row.get("curriculum", {}),
        }
        for row in read.read("courses")["courses"]
    ]


def _equivalents(courses: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "course_id": courses[row["course"]],
            "equivalent_id": courses[row["equivalent"]],
            "accepting_body": row["accepting_body"],
            "resolution": row["resolution"],
            "reason": row["reason"],
        }
        for row in read.read("courses")["equivalents"]
    ]


def _profiles(posts: dict[str, int]) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "post_id": posts[row["post"]],
            "version": row["version"],
            "status": "published",
            "document": row["document"],
            "drafted_by": SHIPPED_BY,
            "drafted_at": now,
            "published_by": SHIPPED_BY,
            "published_at": now,
        }
        for row in read.profiles()
    ]


def _paths(posts: dict[str, int]) -> list[dict[str, Any]]:
    document = read.read("paths")
    return [
        {
            "code": row["code"],
            **read.names(row),
            "post_id": posts[document["post"]],
            "kind": row["kind"],
            "reconstruction": document["reconstruction"],
            "steps": row["steps"],
            "position": place,
        }
        for place, row in enumerate(document["paths"], start=1)
    ]


def _path_rules(posts: dict[str, int]) -> list[dict[str, Any]]:
    document = read.read("paths")
    rule = document["rule"]
    return [
        {
            "post_id": posts[document["post"]],
            "through_post_id": posts[rule["through"]],
            "reason": rule["reason"],
            "source": f"{rule['source']} / {rule['source_en']}",
        }
    ]
