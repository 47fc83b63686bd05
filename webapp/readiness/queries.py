"""What the room reads: rules of profiles, everybody's facts, names and units of officers."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Rule, rule_of
from webapp.careers.criteria.facts import Facts
from webapp.careers.criteria.tree import Node
from webapp.careers.models import JobProfile, Post
from webapp.careers.queries import published_profile
from webapp.records.facts import load_facts, tables_of


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
    """Everybody's facts, as far as these rule trees look at them."""
    return load_facts(session, tables=tables_of(trees))
