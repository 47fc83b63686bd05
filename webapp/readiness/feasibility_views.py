"""Whether a post's criteria leave enough people: one page of figures for any numbers, and saved scenarios."""

import io
import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.careers import queries as careers
from webapp.database import db
from webapp.language import language
from webapp.readiness import asking, counting, figures, operations, pictures, queries, sheets
from webapp.readiness.forms import ScenarioForm
from webapp.readiness.pages import blueprint

VIEW = "readiness:feasibility:view"
CHANGE = "readiness:feasibility:change"
EXPORT = "readiness:feasibility:export"
MOST_COMPARED = 4
"""Scenarios side by side: as many columns as a page holds."""


@blueprint.get("/posts/<path:post_code>/feasibility")
@requires(VIEW)
def feasibility(post_code: str) -> Any:
    """Do enough officers pass, which criterion costs most, and what would other numbers do."""
    asked = asking.asked_of(db.session, post_code, request.args)
    return _page(asked, ScenarioForm(formdata=None, key=str(uuid.uuid4()))), 400 if asked.problems else 200


@blueprint.post("/posts/<path:post_code>/feasibility")
@requires(CHANGE)
def save_scenario(post_code: str) -> Any:
    """Save what is asked, with its reason and its figures as they are now."""
    asked = asking.asked_of(db.session, post_code, request.args)
    form = ScenarioForm()
    if asked.problems or not form.validate_on_submit():
        return _page(asked, form), 422
    saved = operations.save_scenario(
        db.session, current_actor(), asked.post, key=form.key.data or "", name=form.name.data or "",
        reason=form.reason.data or "", version=asked.rule.version, as_of=asked.as_of, changes=asked.changes,
        found=_figures(asked),
    )  # fmt: skip
    db.session.commit()
    flash(_("บันทึกฉากทัศน์แล้ว"))
    return redirect(url_for("readiness.scenario", post_code=post_code, scenario_id=saved.id), 303)


def _figures(asked: asking.Asked) -> figures.Document:
    """Everything the page shows, from the facts as they are."""
    pair = (request.args.get("first", ""), request.args.get("second", ""))
    return counting.feasibility_figures(db.session, asked.post, asked.base, asked.changes, asked.as_of, pair)


def _page(asked: asking.Asked, form: ScenarioForm) -> str:
    found = _figures(asked)
    return render_template(
        "readiness/feasibility.html", asked=asked, found=found, form=form, asking=asking,
        numbers=asking.numbers_of(asked.rule.tree), versions=careers.published_versions(db.session, asked.post.id),
        funnel=pictures.funnel_of(found), curves=pictures.curves_of(found), heat=pictures.heat_of(found),
        people_link_of=_people_link,
    )  # fmt: skip


def _people_link(asked: asking.Asked) -> Any:
    """The address of those who meet or lack a criterion, for the same question."""
    return lambda by: url_for("readiness.post", post_code=asked.post.code, by=by, **asked.query, _anchor="people")


# Scenarios ------------------------------------------------------------------------------------------------------------


@blueprint.get("/posts/<path:post_code>/scenarios")
@requires(VIEW)
def scenarios(post_code: str) -> Any:
    """The saved scenarios of a post, and some of them side by side."""
    post = careers.post(db.session, post_code)
    found = queries.scenarios(db.session, post.id)
    wanted = {value for value in request.args.getlist("with") if value.isascii() and value.isdigit()}
    compared = [one for one in found if str(one.id) in wanted][:MOST_COMPARED]
    return render_template(
        "readiness/scenarios.html", post=post, rows=found, compared=compared, wanted=wanted, most=MOST_COMPARED,
        asked=asking.Asked(post, None, None, clock.today(), None),  # type: ignore[arg-type]
    )  # fmt: skip


@blueprint.get("/posts/<path:post_code>/scenarios/<int:scenario_id>")
@requires(VIEW)
def scenario(post_code: str, scenario_id: int) -> Any:
    """A saved scenario: who, when and why, and the figures as they were."""
    post = careers.post(db.session, post_code)
    saved = queries.scenario(db.session, post.id, scenario_id)
    found = saved.figures
    return render_template(
        "readiness/scenario.html", post=post, saved=saved, found=found, funnel=pictures.funnel_of(found),
        curves=pictures.curves_of(found), heat=pictures.heat_of(found), again=_again(post.code, saved),
    )  # fmt: skip


def _again(code: str, saved: Any) -> str:
    """The address of the same question today."""
    changes = [f"{criterion}.{name}={value}" for criterion, name, value in saved.changes]
    return url_for("readiness.feasibility", post_code=code, set=changes, version=saved.profile_version)


@blueprint.get("/posts/<path:post_code>/scenarios/<int:scenario_id>.xlsx")
@requires(EXPORT)
def scenario_workbook(post_code: str, scenario_id: int) -> Response:
    """A saved scenario as a workbook with charts and formulas."""
    from webapp.readiness import scenario_book

    post = careers.post(db.session, post_code)
    saved = queries.scenario(db.session, post.id, scenario_id)
    content = io.BytesIO()
    scenario_book.write(content, post, saved, language=language(), footer=sheets.footer())
    return sheets.taken(
        f"scenario-{post.code}-{saved.id}", content.getvalue(), ("scenario", str(saved.id)), {"name": saved.name}
    )
