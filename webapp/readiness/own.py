"""One officer and every target post: how far it is to each, what time alone will do, what to do next.

The same evaluation as the lists, the forecast and the export; the officer's facts are read once for all posts.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.careers.criteria.advice import Rated, Way, cost, counterfactual, ratings_of
from webapp.careers.criteria.evaluation import Evaluation, Rule, evaluate
from webapp.careers.criteria.facts import Facts, number_of
from webapp.careers.criteria.foresee import NEVER
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import Node, TreeHasProblems
from webapp.careers.models import Course, PositionLevel, Post
from webapp.courses.models import Cohort
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.plans.queries import Reader as PlanReader
from webapp.plans.queries import officers_under
from webapp.readiness.explain import Explained, explained
from webapp.readiness.queries import rule_in_force
from webapp.records.facts import load_facts, tables_of

MOST_ACTIONS = 3
"""Things to do next that are named for a post (ours): as many as a person remembers."""

EVERY_COMPETENCY = Node(id="every-competency", kind="competency")


@dataclass(frozen=True)
class Distance:
    """One target post for one officer. ``evaluated`` is False for whoever holds the post or is not in service."""

    post: Post
    found: Evaluation
    top: tuple[Explained, ...]
    evaluated: bool
    met_on: int | None
    way: Way
    rated: tuple[Rated, ...] = ()
    holds: bool = False
    behind: bool = False
    """Of a lower rank than what the officer holds now, or held before: no aim any more."""

    @property
    def rule(self) -> Rule:
        return self.found.rule

    @property
    def tree(self) -> Node:
        return self.found.rule.tree

    @property
    def met(self) -> int:
        return sum(one.is_met for one in self.top)

    @property
    def total(self) -> int:
        return len(self.top)

    @property
    def is_met(self) -> bool:
        return self.met == self.total

    @property
    def missing(self) -> tuple[Explained, ...]:
        return tuple(one for one in self.top if not one.is_met)

    @property
    def by_time(self) -> tuple[Explained, ...]:
        """What time alone will do."""
        return tuple(one for one in self.missing if one.met_on is not None)

    @property
    def to_do(self) -> tuple[Explained, ...]:
        """What time alone will not do: the next things to do, the shortest way of each known."""
        return tuple(one for one in self.missing if one.met_on is None)

    @property
    def below(self) -> tuple[Rated, ...]:
        """Competencies not at the expected level, or not assessed yet."""
        return tuple(one for one in self.rated if not one.reached)


@dataclass(frozen=True)
class Own:
    """An officer's readiness: the posts by nearness, those held now last."""

    officer: Officer
    day: dt.date
    distances: tuple[Distance, ...] = ()
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    """Cohorts that take applications now, by course."""

    @property
    def aims(self) -> tuple[Distance, ...]:
        return tuple(one for one in self.distances if one.evaluated and not one.behind)

    @property
    def held(self) -> tuple[Distance, ...]:
        return tuple(one for one in self.distances if one.holds)

    def chosen(self, code: str) -> Distance | None:
        """The post asked for, else the nearest that is not reached yet, else the nearest."""
        for one in self.distances:
            if one.post.code == code:
                return one
        ahead = [one for one in self.aims if not one.is_met]
        return next(iter(ahead or self.aims or self.held or self.distances), None)


def readiness_of(session: Session, officer: Officer, day: dt.date, *, cohorts: bool = True) -> Own:
    """The officer's distance to every target post with a published profile."""
    rules = []
    for post in session.scalars(select(Post).where(Post.is_target).order_by(Post.id)):
        try:
            rule = rule_in_force(session, post)
        except TreeHasProblems:
            continue
        if rule is not None:
            rules.append((post, rule))
    if not rules:
        return Own(officer, day)
    tables = tables_of([rule.tree for _post, rule in rules]) | {"ratings"}
    facts = load_facts(session, tables=tables, officer_ids=[officer.id])
    ranks = {(row.position_type, row.level): row.position for row in session.scalars(select(PositionLevel))}
    distances = [
        replace(distance(post, evaluate(rule, facts, day.toordinal())), behind=is_behind(post, facts, day, ranks))
        for post, rule in rules
    ]
    places = {one.post.id: place for place, one in enumerate(distances)}
    ordered = sorted(distances, key=lambda one: (one.behind, not one.evaluated, *nearness(one), places[one.post.id]))
    return Own(officer, day, tuple(ordered), open_cohorts(session, day) if cohorts else {})


def is_behind(post: Post, facts: Facts, day: dt.date, ranks: dict[tuple[str, str], int]) -> bool:
    """Whether the post lies behind the one person: they hold a higher rank now, or held it before (ours).

    Ranks are the order of position types and levels; acting does not count, and a post held now is not behind.
    """
    held, words, today = facts.postings, facts.words, day.toordinal()
    begun = (held.first <= today) & ~held.acting
    now = begun & (held.last >= today)
    code = number_of(words.posts, post.code)
    if bool((now & (held.post == code)).any()):
        return False
    if bool((begun & (held.post == code)).any()):
        return True
    own = [
        ranks.get((words.types[kind], words.levels[level]), 0)
        for kind, level in zip(held.position_type[now].tolist(), held.level[now].tolist(), strict=True)
        if kind >= 0 and level >= 0
    ]
    return max(own, default=0) > ranks.get((post.position_type or "", post.level or ""), 10**6)


def distance(post: Post, found: Evaluation) -> Distance:
    """How far the one person of an evaluation is from the post."""
    facts, day, evaluated = found.facts, found.as_of, bool(found.whom[0])
    serving = bool(facts.entry[0] <= day <= min(facts.retirement[0], facts.left[0]))
    found = replace(found, whom=np.ones(len(facts), bool))
    tree = found.rule.tree
    met_on = int(found.met_on[tree.id][0])
    return Distance(
        post=post, found=found, top=tuple(explained(node, found, 0) for node in top_level(tree)), evaluated=evaluated,
        met_on=None if met_on == NEVER else met_on, way=counterfactual(tree, found.measures, found.verdicts, 0),
        rated=tuple(ratings_of(EVERY_COMPETENCY, facts, day, 0, found.rule.expected)),
        holds=serving and not evaluated,
    )  # fmt: skip


def nearness(one: Distance) -> tuple[int, Fraction]:
    """The order of the lists: fewer criteria unmet first, then fewer added units in all (``readiness.nearness``)."""
    return one.total - one.met, cost(one.way)


def open_cohorts(session: Session, day: dt.date) -> dict[str, Cohort]:
    """Cohorts that take applications on the day, by course; of several the one that closes first."""
    rows = session.execute(
        select(Course.code.label("course"), Cohort)
        .join(Course, Course.id == Cohort.course_id)
        .where(Cohort.closed_at.is_(None), Cohort.applications_open_on <= day, Cohort.applications_close_on >= day)
        .order_by(Cohort.applications_close_on.desc(), Cohort.id.desc())
    )
    return {row.course: row.Cohort for row in rows}


def officer_readable(
    session: Session, officer_no: str, *, officer_id: int | None, everything: bool, mentor: bool
) -> Officer:
    """The officer, for themselves, their mentor or head, and those who read everything. Raises ``NotFound``."""
    query = select(Officer).where(Officer.officer_no == officer_no)
    if not everything:
        theirs = officers_under(PlanReader(officer_id, mentor=mentor))
        query = query.where(or_(Officer.id == (officer_id or 0), theirs))
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def people_of(session: Session, officer_id: int | None, *, mentor: bool) -> Sequence[Officer]:
    """Officers whose head or mentor the reader is, by the Thai alphabet."""
    theirs = officers_under(PlanReader(officer_id, mentor=mentor))
    return session.scalars(select(Officer).where(theirs).order_by(Officer.sort_key, Officer.id)).all()
