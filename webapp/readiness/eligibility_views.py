"""A post's candidates: everybody evaluated, the nearest first; and the same as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import thai
from webapp.accounts.access import requires
from webapp.careers import queries as careers
from webapp.careers.criteria.evaluation import Evaluation, evaluate
from webapp.careers.criteria.foresee import NEVER
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import Node
from webapp.careers.words import in_language
from webapp.database import db
from webapp.errors import RuleBroken
from webapp.readiness import asking, explain, nearness, queries, sheets, words
from webapp.readiness.pages import LIST, blueprint
from webapp.tables import Column, Filter, TableView, read_table

EXPORT = "readiness:post:export"
MOST_EXPORTED = 20_000
"""People in one workbook: what is written while a reader waits; each has a sentence of their own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One officer in the list: what each criterion came to, what is missing and the day on which time alone would do."""

    officer: Any
    post: Any
    unit: Any
    states: dict[str, str]
    figures: dict[str, str]
    unmet: int
    missing: str
    met_on: int | None


@blueprint.get("/posts/<path:post_code>/eligibility")
@requires(LIST)
def post(post_code: str) -> Any:
    """Who qualifies for a post, and how far everybody else is."""
    asked = asking.asked_of(db.session, post_code, request.args)
    found = _evaluation(asked)
    table, rows, units = _asked_rows(asked, found)
    shown = rows[table.offset : table.offset + table.limit]
    return render_template(
        "readiness/post.html", asked=asked, found=found, table=table.counted(len(rows)), units=units,
        rows=list(_rows(found, shown, units)), top=top_level(found.rule.tree), numbers=asking.numbers_of(found.rule.tree),
        versions=careers.published_versions(db.session, asked.post.id), asking=asking, summary=found.summary,
    ), 400 if asked.problems else 200  # fmt: skip


@blueprint.get("/posts/<path:post_code>/eligibility.xlsx")
@requires(EXPORT)
def post_workbook(post_code: str) -> Response:
    """The list as seen, all its pages, as a workbook."""
    asked = asking.asked_of(db.session, post_code, request.args)
    found = _evaluation(asked)
    table, rows, units = _asked_rows(asked, found)
    if len(rows) > MOST_EXPORTED:
        raise RuleBroken(
            "มี %(count)s คน เกินกว่าที่ส่งออกได้ในคราวเดียว (%(most)s คน) กรองตามผล เกณฑ์ หรือหน่วยงานก่อน หรือใช้คำสั่ง kaona eligibility --json",
            count=thai.number(len(rows)),
            most=thai.number(MOST_EXPORTED),
        )
    title = _("ผู้เข้าเกณฑ์ %(post)s", post=in_language(asked.post))
    lines = sheets.people_lines(_rows(found, rows, units), table, top_level(found.rule.tree))
    return sheets.listed(f"eligibility-{asked.post.code}", title, sheets.headings(table), lines, asked)


def _evaluation(asked: asking.Asked) -> Evaluation:
    facts = queries.facts_for(db.session, [asked.rule.tree])
    return evaluate(asked.rule, facts, asked.as_of.toordinal())


def _asked_rows(asked: asking.Asked, found: Evaluation) -> tuple[TableView, np.ndarray, dict[str, Any]]:
    """The table as asked, everybody it holds in order, and the units by code."""
    units = queries.units(db.session)
    table = _table(asked, found.rule.tree, units)
    facts = found.facts
    only = None
    if table.words:
        only = np.isin(facts.row, queries.officers_with(db.session, table.words))
    if table.chosen["unit"]:
        number = facts.words.units.index(table.chosen["unit"])
        held = nearness.of_current(facts, nearness.held_on(facts, found.as_of), "unit") == number
        only = held if only is None else only & held
    mask = nearness.chosen(found, nearness.Wanted(table.chosen["state"], table.chosen["by"], only))
    if table.sort == "name":
        rows = nearness.in_order_of(facts, mask, queries.officers_by_name(db.session))
    else:
        rows = (nearness.by_number if table.sort == "number" else nearness.by_nearness)(found, mask)
    return table, rows[::-1] if table.descending else rows, units


def _table(asked: asking.Asked, tree: Node, units: dict[str, Any]) -> TableView:
    top = top_level(tree)
    columns = [
        Column("name", _l("ชื่อ"), sortable=True, always=True),
        Column("number", _l("เลขประจำตัวข้าราชการ"), sortable=True, shown=False),
        Column("post", _l("ตำแหน่งปัจจุบัน"), shown=False),
        Column("unit", _l("หน่วยงาน"), shown=False),
        *(Column(node.id, _("เกณฑ์ %(number)s", number=n)) for n, node in enumerate(top, 1)),
        Column("near", _l("สิ่งที่ยังขาด"), sortable=True),
        Column("met_on", _l("ครบได้เองตามเวลา"), shown=False),
    ]
    by = [
        (f"{how}:{node.id}", f"{said} {n}")
        for how, said in (("lacks", _("ไม่ผ่านเกณฑ์")), ("alone", _("ติดเฉพาะเกณฑ์")), ("meets", _("ผ่านเกณฑ์")))
        for n, node in enumerate(top, 1)
    ]
    states = (("met", _("เข้าเกณฑ์ครบ")), ("not-met", _("ยังไม่ครบ")), ("unknown", _("ข้อมูลขัดกัน ต้องแก้ไข")))
    filters = (
        Filter("state", _l("ผล"), states),
        Filter("by", _l("ตามเกณฑ์"), by),
        Filter("unit", _l("หน่วยงาน"), [(code, in_language(unit)) for code, unit in units.items()]),
    )
    path = url_for("readiness.post", post_code=asked.post.code)
    table = read_table(columns, request.args, path=path, sort="near", filters=filters)
    return replace(table, asked=(*asked.arguments(), *table.asked))


def _rows(found: Evaluation, people: np.ndarray, units: dict[str, Any]) -> Iterator[Row]:
    """The rows of some people, in their order: judged again by themselves, so that days are worked out for them alone."""
    facts = found.facts.of(people)
    some = evaluate(found.rule, facts, found.as_of)
    some = replace(some, whom=np.ones(len(facts), bool))
    officers = queries.officers_of(db.session, facts.row.tolist())
    posts, told = queries.posts(db.session), queries.names(db.session, found.rule.tree)
    current, held = nearness.held_on(facts, found.as_of), facts.postings
    top, tree = top_level(found.rule.tree), found.rule.tree
    unmet, days = nearness.unmet(some), some.met_on[tree.id]
    for row, officer_id in enumerate(facts.row.tolist()):
        at = int(current[row])
        yield Row(
            officer=officers[officer_id],
            post=posts[facts.words.posts[held.post[at]]] if at >= 0 else None,
            unit=units[facts.words.units[held.unit[at]]] if at >= 0 else None,
            states={node.id: explain.state_of(node, some, row) for node in top},
            figures={node.id: words.found(node, some, row) for node in top},
            unmet=int(unmet[row]),
            missing=words.way(explain.shortest(some, row), tree, told),
            met_on=None if days[row] == NEVER else int(days[row]),
        )
