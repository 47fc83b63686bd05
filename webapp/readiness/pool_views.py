"""How many officers pass under a draft of a profile: a part of the criteria editor, and a page of its own."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import requires
from webapp.careers import queries as careers
from webapp.careers.criteria.evaluation import Rule, evaluate
from webapp.careers.criteria.tree import TreeHasProblems
from webapp.database import db
from webapp.errors import NotFound
from webapp.readiness import asking, pool, queries
from webapp.readiness.pages import DRAFT, blueprint, is_fragment


@blueprint.get("/posts/<path:post_code>/profiles/<int:version>/pool")
@requires(DRAFT)
def draft_pool(post_code: str, version: int) -> Any:
    """Who passes under the criteria in force and under this version, the difference, and each criterion before and after."""
    post = careers.post(db.session, post_code)
    profile = queries.profile(db.session, post.id, version)
    if profile is None:
        raise NotFound()
    in_force, problems = queries.rule_in_force(db.session, post), list[str]()
    asked, found = None, None
    try:
        draft = queries.rule_of_profile(post, profile)
    except TreeHasProblems:
        problems.append(_("เกณฑ์ในร่างยังไม่ครบหรือยังมีที่ผิด จึงยังนับจำนวนคนไม่ได้ แก้ร่างให้ครบก่อน"))
    else:
        asked = asking.Asked(post, draft, draft, clock.today(), version)
        asked = asking.with_changes(asked, asking.changes_in(request.args), problems)
        problems = list(asked.problems)
        found = _compared(in_force, asked.rule)
    page = "readiness/_pool.html" if is_fragment() else "readiness/pool.html"
    return render_template(
        page, post=post, profile=profile, asked=asked, pool=found, problems=problems,
        numbers=[] if asked is None else asking.numbers_of(asked.rule.tree), asking=asking,
    )  # fmt: skip


def _compared(before: Rule | None, after: Rule) -> pool.Pool:
    trees = [rule.tree for rule in (before, after) if rule is not None]
    facts, day = queries.facts_for(db.session, trees), clock.today().toordinal()
    # Under either rule the same people are looked at: those who are evaluated for the post.
    return pool.compared(before and evaluate(before, facts, day), evaluate(after, facts, day))
