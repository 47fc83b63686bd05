"""Agreement between the members of a panel on screen: correlations, order, nearness, and who is severe."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.desk import Desk, open_desk
from webapp.assessments.panels.agreement import TOTAL, ratings_of
from webapp.assessments.queries import released_components
from webapp.assessments.reliability.words import shown
from webapp.assessments.statistics.reliability import Reliability, reliability_of
from webapp.assessments.views import blueprint, place
from webapp.database import db
from webapp.errors import NotFound
from webapp.language import language


@dataclass(frozen=True, slots=True)
class Asked:
    """What agreement is asked of: the desk, the total or one line, everybody or those with every mark."""

    desk: Desk
    purpose: str
    released: bool
    line: str
    only: str
    waits: bool


@blueprint.get("/cohorts/<code>/scores/<component>/agreement")
@requires("assessments:score:list", "assessments:score:list-released")
def agreement(code: str, component: str) -> Any:
    """How far a panel's members agree; to staff who sit on it themselves only after they have submitted."""
    asked = asked_of(code, component)
    found = None if asked.waits else agreement_of(asked)
    return render_template(
        "assessments/agreement.html", cohort=asked.desk.cohort, purpose=asked.purpose, desk=asked.desk, asked=asked,
        found=found, shown=None if found is None else shown(found), lines=_tabs(asked),
    )  # fmt: skip


def asked_of(code: str, component: str) -> Asked:
    """The address read. Raises ``NotFound`` for whoever may not see marks before they are released."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    released = component in released_components(db.session, cohort.id, purpose)
    if not released and not may_any("assessments:score:list"):
        raise NotFound()
    line = request.args.get("line", TOTAL)
    if line != TOTAL and line not in {row.code for row in desk.criteria}:
        raise NotFound()
    only = "complete" if request.args.get("only") == "complete" else ""
    return Asked(desk, purpose, released, line, only, bool(desk.unseen_by(current_actor().account_id)))


def agreement_of(asked: Asked) -> Reliability:
    """The figures for what is asked."""
    ratings = ratings_of(asked.desk, asked.line, said_name)
    return reliability_of(ratings.complete() if asked.only else ratings)


def said_name(thing: Any) -> str:
    """A name in the reader's language."""
    return str((thing.name_en or thing.name_th) if language() == "en" else thing.name_th)


def _tabs(asked: Asked) -> list[tuple[str, str, bool]]:
    names = {TOTAL: _("รวมทุกข้อ"), **{row.code: said_name(row) for row in asked.desk.criteria}}
    if len(names) == 1:
        return []
    purpose = None if asked.purpose == "ranking" else asked.purpose
    code, component = asked.desk.cohort.code, asked.desk.code

    def address(line: str) -> str:
        chosen = None if line == TOTAL else line
        return url_for(".agreement", code=code, component=component, purpose=purpose, line=chosen)

    return [(words, address(line), line == asked.line) for line, words in names.items()]
