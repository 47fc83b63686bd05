"""What the room reads: rules of profiles, everybody's facts, names and units of officers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.assessments.models import CompetencyRating
from webapp.careers.criteria.evaluation import Rule, rule_of
from webapp.careers.criteria.facts import Column, Facts
from webapp.careers.criteria.tree import Node
from webapp.careers.models import Competency, Course, JobProfile, Post, Qualification, Section, Unit
from webapp.careers.queries import level_names, posts_of_codes, published_profile
from webapp.database import reading_only
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.officers.queries import FULL_NAME, delegations_of, postings_of, training_of, works_of
from webapp.readiness.models import Scenario
from webapp.records.facts import load_facts, tables_of
from webapp.records.in_hand import facts_in_hand


def profile(session: Session, post_id: int, version: int) -> JobProfile | None:
    """One version of a post's profile, published or not."""
    return session.scalar(select(JobProfile).where(JobProfile.post_id == post_id, JobProfile.version == version))


def rule_of_profile(post: Post, found: JobProfile) -> Rule:
    """The rule a profile holds. Raises ``TreeHasProblems`` for a draft that is none yet."""
    return rule_of(post.code, found.version, found.document)


def rule_in_force(session: Session, post: Post) -> Rule | None:
    """The rule of the latest published profile, if there is one."""
    found = published_profile(session, post.id)
    return None if found is None else rule_of_profile(post, found)


def facts_for(session: Session, trees: Collection[Node]) -> Facts:
    """Everybody's facts, as far as these rule trees look at them; where a page asks, those in hand if nothing changed."""
    return facts_in_hand(session) if reading_only.get() else load_facts(session, tables=tables_of(trees))


# Names ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes in a rule tree are called."""

    posts: Mapping[str, Any]
    levels: Mapping[tuple[str | None, str | None], dict[str, str]]
    courses: Mapping[str, Any]
    qualifications: Mapping[str, Any]
    competencies: Mapping[str, Any]
    sections: Mapping[str, Any]


def names(session: Session, tree: Node) -> Names:
    """The names of everything a rule tree mentions."""
    matches = [node.match for node in tree.walk() if node.match is not None]
    posts = sorted(
        {match.post for match in matches if match.post} | {n.while_holding for n in tree.walk() if n.while_holding}
    )
    codes = sorted({node.code for node in tree.walk() if node.code})
    return Names(
        posts=posts_of_codes(session, posts),
        levels=level_names(session),
        courses=_by_code(session, Course, codes),
        qualifications=_by_code(session, Qualification, codes),
        competencies={row.code: row for row in session.scalars(select(Competency).order_by(Competency.position))},
        sections={row.code: row for row in session.scalars(select(Section).order_by(Section.position))},
    )


def _by_code(session: Session, model: Any, codes: list[str]) -> dict[str, Any]:
    return {row.code: row for row in session.scalars(select(model).where(model.code.in_(codes)).order_by(model.code))}


# Officers ------------------------------------------------------------------------------------------------------------


def officers_with(session: Session, words: str) -> Column:
    """Ids of officers whose name or number holds these words."""
    where = (
        FULL_NAME.contains(words, autoescape=True),
        Officer.name_en.icontains(words, autoescape=True),
        Officer.officer_no.startswith(words, autoescape=True),
    )
    return np.array(list(session.scalars(select(Officer.id).where(or_(*where)))), np.int64)


def officers_by_name(session: Session) -> Column:
    """Ids of all officers by the Thai alphabet."""
    return np.array(list(session.scalars(select(Officer.id).order_by(Officer.sort_key, Officer.id))), np.int64)


def officers_of(session: Session, ids: Iterable[int]) -> dict[int, Officer]:
    """Officers by id. Asked in parts, so that a list of any length stays within what a database binds."""
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), MOST_BOUND):
        part = wanted[start : start + MOST_BOUND]
        found.update({row.id: row for row in session.scalars(select(Officer).where(Officer.id.in_(part)))})
    return found


def units(session: Session) -> dict[str, Unit]:
    """All units by code, district offices first."""
    rows = session.scalars(select(Unit).order_by(Unit.kind != "district", Unit.kind, Unit.code))
    return {row.code: row for row in rows}


def posts(session: Session) -> dict[str, Post]:
    """All posts by code."""
    return {row.code: row for row in session.scalars(select(Post).order_by(Post.id))}


MOST_BOUND = 5_000
"""Ids in one question: within what every database takes."""


# The records behind a result ------------------------------------------------------------------------------------------


def facts_of(session: Session, officer_id: int) -> dict[tuple[str, int], Any]:
    """Every fact of an officer that a criterion may count, by (table, number)."""
    ratings = session.scalars(
        select(CompetencyRating).where(CompetencyRating.officer_id == officer_id).order_by(CompetencyRating.id)
    )
    tables = {
        "postings": postings_of(session, officer_id),
        "delegations": delegations_of(session, officer_id),
        "works": works_of(session, officer_id),
        "passes": training_of(session, officer_id),
        "ratings": ratings,
    }
    return {(table, row.id): row for table, rows in tables.items() for row in rows}


# Scenarios ------------------------------------------------------------------------------------------------------------


def scenarios(session: Session, post_id: int) -> list[Scenario]:
    """The saved scenarios of a post, newest first."""
    query = select(Scenario).where(Scenario.post_id == post_id)
    return list(session.scalars(query.order_by(Scenario.made_at.desc(), Scenario.id.desc())))


def scenario(session: Session, post_id: int, scenario_id: int) -> Scenario:
    """One scenario of a post. Raises ``NotFound``."""
    found = session.scalar(select(Scenario).where(Scenario.post_id == post_id, Scenario.id == scenario_id))
    if found is None:
        raise NotFound()
    return found
