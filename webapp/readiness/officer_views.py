"""One officer and one post: how far, why, and what to do; for the officer, their mentor and staff."""

from dataclasses import replace
from typing import Any

import numpy as np
from flask import render_template, request

from webapp.accounts.access import current_officer_id, current_roles, may_any, requires
from webapp.careers import queries as careers
from webapp.careers.criteria.evaluation import Evaluation, evaluate
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import Node
from webapp.database import db
from webapp.officers import queries as officers
from webapp.readiness import asking, explain, nearness, queries, words
from webapp.readiness.pages import LIST, OWN, blueprint
from webapp.records.facts import load_facts, tables_of

EVERYTHING = frozenset({"institute", "commission", "executive", "auditor"})


def reader() -> officers.Reader:
    """Whoever is signed in: staff see everybody, mentors theirs, officers themselves."""
    roles = current_roles()
    return officers.Reader(current_officer_id(), bool(roles & EVERYTHING), "mentor" in roles)


@blueprint.get("/posts/<path:post_code>/eligibility/<officer_no>")
@requires(OWN)
def officer(post_code: str, officer_no: str) -> Any:
    """Each criterion of a post for one officer: met or not, why, when time alone will do, and what to do otherwise."""
    person = officers.officer_visible_to(db.session, reader(), officer_no)
    asked = asking.asked_of(db.session, post_code, request.args)
    found = evaluation_of(asked.rule, [person.id], asked.as_of.toordinal())
    row, evaluated = 0, bool(found.whom[0])
    found = replace(found, whom=np.ones(len(found.facts), bool))
    top = [explain.explained(node, found, row) for node in top_level(found.rule.tree)]
    told = queries.names(db.session, found.rule.tree)
    return render_template(
        "readiness/officer.html", asked=asked, person=person, found=found, top=top, names=told, evaluated=evaluated,
        why_not=_why_not(found), tree=found.rule.tree, asking=asking, numbers=asking.numbers_of(found.rule.tree),
        is_met=bool(found.verdicts[found.rule.tree.id].met[row]), met_on=_day(found, row),
        sentence=words.sentence(explain.lacking(found, row), found.rule.tree, told),
        rows=queries.facts_of(db.session, person.id), versions=careers.published_versions(db.session, asked.post.id),
        missing_sections=_sections_not_held(found, told), may_list=may_any(LIST), own=person.id == current_officer_id(),
    ), 400 if asked.problems else 200  # fmt: skip


def evaluation_of(rule: Any, officer_ids: list[int], day: int) -> Evaluation:
    """A few officers judged on a day."""
    facts = load_facts(db.session, tables=tables_of([rule.tree]), officer_ids=officer_ids)
    return evaluate(rule, facts, day)


def _day(found: Evaluation, row: int) -> int | None:
    day = int(found.met_on[found.rule.tree.id][row])
    return None if day == explain.NEVER else day


def _why_not(found: Evaluation) -> str:
    """Why somebody is not evaluated on the day: ``not-in-service`` or ``holds-the-post``."""
    facts, day = found.facts, found.as_of
    serving = facts.entry[0] <= day <= min(facts.retirement[0], facts.left[0])
    return "holds-the-post" if serving else "not-in-service"


def _sections_not_held(found: Evaluation, told: queries.Names) -> dict[str, list[Any]]:
    """By criterion about sections, the sections nobody has put under this officer's charge yet."""
    wanted: list[Node] = [node for node in found.rule.tree.walk() if node.kind == "sections"]
    return {node.id: [told.sections[code] for code in nearness.sections_not_held(found, node, 0)] for node in wanted}
