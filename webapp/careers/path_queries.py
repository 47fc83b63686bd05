"""Reads for career paths: one path and its versions, the rule of a post with its decisions, what a path is checked against."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.careers import path_rules
from webapp.careers.models import CareerPath, CareerPathVersion, PathRule, PathRuleLift, PositionLevel, Post
from webapp.errors import NotFound
from webapp.language import language


def path(session: Session, code: str) -> CareerPath:
    """The path with this code, in use or retired. Raises ``NotFound``."""
    found = session.scalar(select(CareerPath).where(CareerPath.code == code))
    if found is None:
        raise NotFound()
    return found


def version(session: Session, path: CareerPath, number: int) -> CareerPath | CareerPathVersion:
    """A version of a path: the present one or one that was replaced. Raises ``NotFound``."""
    if number == path.version:
        return path
    found = session.get(CareerPathVersion, (path.id, number))
    if found is None:
        raise NotFound()
    return found


def versions(session: Session, path: CareerPath) -> list[CareerPath | CareerPathVersion]:
    """All versions, the present one first."""
    older = session.scalars(
        select(CareerPathVersion).where(CareerPathVersion.path_id == path.id).order_by(CareerPathVersion.version.desc())
    )
    return [path, *older]


def next_position(session: Session, post_id: int) -> int:
    """The place after the last path to a post."""
    return (session.scalar(select(func.max(CareerPath.position)).where(CareerPath.post_id == post_id)) or 0) + 1


@dataclass(frozen=True, slots=True)
class RuleOfPost:
    """That every path to a post passes through another, and the decisions that lift it."""

    rule: PathRule
    through: Post
    lifts: tuple[PathRuleLift, ...]

    def lifted_on(self, day: dt.date) -> bool:
        """Whether a decision lifts the rule on this day."""
        told = [path_rules.Lift(row.valid_from, row.until, row.withdrawn_at is not None) for row in self.lifts]
        return path_rules.lifted_on(day, told)

    def standing(self, day: dt.date) -> PathRuleLift | None:
        """The decision in force on this day, the newest first."""
        return next(
            (
                row
                for row in self.lifts
                if row.withdrawn_at is None and row.valid_from <= day and (row.until is None or day <= row.until)
            ),
            None,
        )


def rules(session: Session, post_id: int | None = None) -> dict[int, RuleOfPost]:
    """The rules by post, with their decisions, newest first."""
    query = select(PathRule, Post).join(Post, Post.id == PathRule.through_post_id).order_by(PathRule.post_id)
    lifts = select(PathRuleLift).order_by(PathRuleLift.version.desc())
    if post_id is not None:
        query, lifts = query.where(PathRule.post_id == post_id), lifts.where(PathRuleLift.post_id == post_id)
    decided: dict[int, list[PathRuleLift]] = {}
    for row in session.scalars(lifts):
        decided.setdefault(row.post_id, []).append(row)
    return {
        rule.post_id: RuleOfPost(rule, through, tuple(decided.get(rule.post_id, ())))
        for rule, through in session.execute(query)
    }


def lift(session: Session, post_id: int, number: int) -> PathRuleLift:
    """The standing decision with this version number. Raises ``NotFound``."""
    found = session.scalar(
        select(PathRuleLift).where(
            PathRuleLift.post_id == post_id, PathRuleLift.version == number, PathRuleLift.withdrawn_at.is_(None)
        )
    )
    if found is None:
        raise NotFound()
    return found


def surroundings(session: Session, post: Post, day: dt.date) -> path_rules.Surroundings:
    """What a path to ``post`` is checked against on a day."""
    english = language() == "en"
    rows = session.execute(select(Post.code, Post.position_type, Post.level, Post.name_th, Post.name_en)).all()
    grades: dict[Any, int] = {
        (row.position_type, row.level): row.position for row in session.scalars(select(PositionLevel))
    }
    rule = rules(session, post.id).get(post.id)
    return path_rules.Surroundings(
        post=post.code,
        grades=grades,
        posts={row.code: (row.position_type, row.level) for row in rows},
        names={row.code: (row.name_en or row.name_th) if english else row.name_th for row in rows},
        through=rule.through.code if rule is not None and not rule.lifted_on(day) else "",
    )


def paths_that_skip(
    paths: list[CareerPath], rules: dict[int, RuleOfPost], day: dt.date
) -> dict[str, PathRuleLift | None]:
    """Paths that miss the post their rule names: with the decision that allows it, or none where nothing does."""
    return {
        path.code: rules[path.post_id].standing(day)
        for path in paths
        if path.post_id in rules and path_rules.skips(path.steps, rules[path.post_id].through.code)
    }


def uses_of_post(session: Session, code: str) -> list[CareerPath]:
    """Paths in use that have a step of this post."""
    found = session.scalars(select(CareerPath).where(CareerPath.retired_on.is_(None)).order_by(CareerPath.id))
    return [path for path in found if any(step.get("post") == code for step in path.steps)]


def uses_of_level(session: Session, position_type: str, level: str) -> tuple[list[Post], list[CareerPath]]:
    """Posts and paths in use that stand on a level."""
    posts = session.scalars(
        select(Post)
        .where(Post.position_type == position_type, Post.level == level, Post.retired_on.is_(None))
        .order_by(Post.id)
    )
    found = session.scalars(select(CareerPath).where(CareerPath.retired_on.is_(None)).order_by(CareerPath.id))
    return list(posts), [
        path
        for path in found
        if any((step.get("position_type"), step.get("level")) == (position_type, level) for step in path.steps)
    ]
