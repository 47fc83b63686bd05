"""Reads for the pages of career paths: where everybody stands, who took the course of a post, and how they did."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers import organization_queries, path_rules, queries
from webapp.careers.criteria.facts import Facts
from webapp.careers.models import CareerPath, Course, Post
from webapp.courses.models import Cohort, Enrollment
from webapp.officers.models import Officer
from webapp.readiness import paths_rules as rules
from webapp.readiness.neighbors import Places, published_places
from webapp.records.columns import LISTED
from webapp.records.facts import load_facts


@dataclass(frozen=True, slots=True)
class PathFigures:
    """A path with the figures of its steps, and how those who came that way did."""

    path: CareerPath
    steps: list[rules.StepFigures]
    outcome: rules.Outcome | None


@dataclass(frozen=True, slots=True)
class PostFigures:
    """The paths to a post, and how everybody did who took its course."""

    post: Post
    paths: list[PathFigures]
    everybody: rules.Outcome


def statistics(session: Session, as_of: dt.date) -> list[PostFigures]:
    """The figures of every path in use, by post."""
    facts = load_facts(session, tables=("postings", "passes"))
    ways = rules.Ways(facts, as_of.toordinal())
    posts = organization_queries.posts_by_id(session)
    groups: dict[int, list[CareerPath]] = {}
    for path in queries.paths(session):
        groups.setdefault(path.post_id, []).append(path)
    rows = _enrolled(session, list(groups))
    places = published_places(session)
    found = []
    for post_id, paths in groups.items():
        trainees = _trainees([row for row in rows if row.post_id == post_id], places, facts)
        figures = []
        for path in paths:
            way = ways.of(path.steps)
            figures.append(PathFigures(path, rules.step_figures(way), rules.outcome_of_way(way, trainees)))
        found.append(PostFigures(posts[post_id], figures, rules.outcome(trainees)))
    return found


def _enrolled(session: Session, posts: list[int]) -> list[Any]:
    """Everybody who took a course that prepares for one of these posts."""
    query = (
        select(
            Enrollment.officer_id, Officer.officer_no, Cohort.id, Cohort.starts_on, Cohort.ends_on, Cohort.closed_at,
            Course.code, Course.post_id,
        )
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Course.post_id.in_(posts), Enrollment.status.in_(LISTED))
        .order_by(Enrollment.id)
    )  # fmt: skip
    return list(session.execute(query).all())


def _trainees(rows: list[Any], places: Places, facts: Facts) -> rules.Trainees:
    known = {int(number): place for place, number in enumerate(facts.row.tolist())}
    rows = [row for row in rows if row.officer_id in known]
    given = [places.get((row.id, row.officer_no)) for row in rows]
    passes = _pass_days(facts)
    return rules.Trainees(
        person=np.array([known[row.officer_id] for row in rows], np.int64),
        begun=np.array([row.starts_on.toordinal() for row in rows], np.int64),
        closed=np.array([row.closed_at is not None for row in rows], bool),
        passed=np.array([_passed(row, passes.get((known[row.officer_id], row.code), ())) for row in rows], bool),
        ranked=np.array([place is not None for place in given], bool),
        listed=np.array([place is not None and place[0] for place in given], bool),
        composite=np.array([float(place[1]) if place else 0.0 for place in given], float),
    )


def _pass_days(facts: Facts) -> dict[tuple[int, str], list[int]]:
    """(person, course) → the days on which it was passed."""
    found: dict[tuple[int, str], list[int]] = {}
    rows = facts.passes
    for person, course, day in zip(rows.person.tolist(), rows.course.tolist(), rows.day.tolist(), strict=True):
        found.setdefault((person, facts.words.courses[course]), []).append(day)
    return found


def _passed(row: Any, days: Any) -> bool:
    return any(row.starts_on.toordinal() <= day <= row.ends_on.toordinal() for day in days)


@dataclass(frozen=True, slots=True)
class OwnPaths:
    """Where one officer is on the paths to a post; ``best`` is the shortest way on."""

    post: Post
    paths: list[CareerPath]
    positions: list[rules.Position]
    best: int | None


def own(session: Session, officer_id: int, as_of: dt.date) -> list[OwnPaths]:
    """One officer on every path in use, by post."""
    facts = load_facts(session, tables=("postings",), officer_ids=[officer_id])
    posts = organization_queries.posts_by_id(session)
    grades: dict[path_rules.Grade, int] = {
        (row.position_type, row.level): row.position for row in organization_queries.levels(session, retired=True)
    }
    usual = {row.code: (row.position_type, row.level) for row in posts.values()}
    around = path_rules.Surroundings(post="", grades=grades, posts=usual)
    rank = own_rank(facts, as_of.toordinal(), grades)
    groups: dict[int, list[CareerPath]] = {}
    for path in queries.paths(session):
        groups.setdefault(path.post_id, []).append(path)
    found = []
    for post_id, paths in groups.items():
        positions = [
            rules.position(
                path.steps, facts, 0, as_of.toordinal(),
                ranks=[path_rules.rank_of(step, around) for step in path.steps], rank=rank,
            )
            for path in paths
        ]  # fmt: skip
        found.append(OwnPaths(posts[post_id], paths, positions, rules.shortest(positions)))
    return found


def own_rank(facts: Facts, as_of: int, grades: dict[path_rules.Grade, int]) -> int | None:
    """The place of the officer's present level, of the postings that go on; the highest of several."""
    rows, words = facts.postings, facts.words
    now = ~rows.acting & (rows.first <= as_of) & (rows.last >= as_of)
    present = [
        grades.get((words.types[kind], words.levels[level]))
        for kind, level in zip(rows.position_type[now].tolist(), rows.level[now].tolist(), strict=True)
        if kind >= 0 and level >= 0
    ]
    return max((rank for rank in present if rank is not None), default=None)
