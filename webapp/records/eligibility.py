"""Who meets a post's criteria on a day, from the database: the published profile's rule over the fact columns."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.criteria.evaluation import Evaluation, Rule, evaluate, rule_of
from webapp.careers.criteria.tree import Problem, TreeHasProblems
from webapp.careers.models import Post
from webapp.careers.queries import published_profile
from webapp.errors import BadInput
from webapp.records.facts import load_facts, tables_of

Change = tuple[str, str, Any]
"""A what-if: criterion, parameter, value."""


def rule_for(session: Session, post_code: str, version: int | None = None) -> Rule:
    """The rule of a post's published profile: the latest, or the version named."""
    post = session.scalar(select(Post).where(Post.code == post_code))
    if post is None:
        raise BadInput("ไม่มีตำแหน่งรหัส “%(post)s”", post=post_code)
    profile = published_profile(session, post.id, version)
    if profile is None:
        if version is not None:
            raise BadInput(
                "ตำแหน่ง “%(post)s” ไม่มีแบบสังเขปฉบับที่ %(version)s ที่ประกาศใช้แล้ว", post=post_code, version=version
            )
        raise BadInput("ตำแหน่ง “%(post)s” ยังไม่มีแบบสังเขปที่ประกาศใช้ จึงยังไม่มีเกณฑ์ให้พิจารณา", post=post_code)
    return rule_of(post.code, profile.version, profile.document)


def evaluation(session: Session, rule: Rule, as_of: dt.date, *, officer_ids: Sequence[int] | None = None) -> Evaluation:
    """Everybody (or some officers) judged by the rule on a day."""
    facts = load_facts(session, tables=tables_of([rule.tree]), officer_ids=officer_ids)
    return evaluate(rule, facts, as_of.toordinal())


def changed(rule: Rule, changes: Iterable[Change]) -> Rule:
    """The rule with other numbers; refused with one sentence where one makes no sense."""
    try:
        return rule.what_if(changes)
    except TreeHasProblems as refusal:
        raise _refused(refusal.problems[0]) from None


def _refused(problem: Problem) -> BadInput:
    """What is wrong with a what-if, said to the person who asked."""
    given = {name: _listed(value) for name, value in problem.parameters.items()}
    match problem.code:
        case "unknown-criterion":
            return BadInput("ไม่มีเกณฑ์ “%(path)s” เกณฑ์ของตำแหน่งนี้คือ %(known)s", path=problem.path, **given)
        case "unknown-parameter" if problem.parameters["known"]:
            return BadInput("“%(path)s” เปลี่ยนไม่ได้ ค่าที่เปลี่ยนได้ของเกณฑ์นี้คือ %(known)s", path=problem.path, **given)
        case "unknown-parameter":
            return BadInput("“%(path)s” เปลี่ยนไม่ได้ เกณฑ์นี้ไม่มีตัวเลขให้เปลี่ยน", path=problem.path)
        case "out-of-range":
            return BadInput("“%(path)s” ต้องอยู่ระหว่าง %(least)s ถึง %(most)s ไม่ใช่ “%(found)s”", path=problem.path, **given)
    return BadInput("“%(path)s” ต้องเป็นตัวเลข ไม่ใช่ “%(found)s”", path=problem.path, found=given.get("found", ""))


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
