"""An officer's own readiness: the posts they could aim for, what is missing, and the way into their plan."""

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.careers import queries as careers
from webapp.database import db
from webapp.errors import NotFound
from webapp.language import language
from webapp.officers import pictures, rules
from webapp.officers import queries as officers
from webapp.officers.models import Officer
from webapp.plans import operations as planning
from webapp.plans import queries as plans
from webapp.readiness import own as reading
from webapp.readiness import own_words, queries
from webapp.readiness.officer_views import EVERYTHING, reader
from webapp.readiness.own import Distance
from webapp.readiness.pages import OWN, blueprint


@blueprint.get("/readiness")
@requires(OWN)
def own() -> Any:
    """The reader's own readiness; for whoever is not in the register, what to do instead."""
    person = db.session.get(Officer, current_officer_id() or 0)
    if person is None:
        return render_template("readiness/own_nobody.html")
    return _page(person)


@blueprint.get("/officers/<officer_no>/readiness")
@requires(OWN)
def own_of(officer_no: str) -> Any:
    """The same of one officer, for their mentor or head and those who read everything."""
    return _page(readable(officer_no))


def readable(officer_no: str) -> Officer:
    """The officer, if the reader may see their readiness. Raises ``NotFound``."""
    roles = current_roles()
    return reading.officer_readable(
        db.session, officer_no, officer_id=current_officer_id(), everything=bool(roles & EVERYTHING),
        mentor="mentor" in roles,
    )  # fmt: skip


def _page(person: Officer) -> Any:
    today, mine = clock.today(), person.id == current_officer_id()
    found = reading.readiness_of(db.session, person, today)
    chosen = found.chosen(request.args.get("post", ""))
    planner = mine and may_any("plans:own:change")
    who = plans.Reader(current_officer_id(), mentor="mentor" in current_roles())
    sheets = plans.own_sheets(db.session, person.id) if mine else []
    retires = rules.retires_on(person.birth_date)
    return render_template(
        "readiness/own.html", person=person, mine=mine, own=found, chosen=chosen, planner=planner, sheets=sheets,
        says=own_words, posts=_tabs(found, chosen), **_details(found, chosen, sheets, retires),
        planned=plans.planned_gaps(db.session, person.id) if mine else {},
        career=_career(person, today), retires=retires, today=today,
        people=reading.people_of(db.session, who.officer_id, mentor=who.mentor) if mine else (),
        may_detail=_may_detail(person),
    )  # fmt: skip


def _may_detail(person: Officer) -> bool:
    """Whether the reader may open the officer's career too: a head who is not the mentor may not."""
    try:
        officers.officer_visible_to(db.session, reader(), person.officer_no)
    except NotFound:
        return False
    return True


def _details(found: reading.Own, chosen: Distance | None, sheets: list[Any], retires: dt.date) -> dict[str, Any]:
    if chosen is None:
        return {"names": None, "radar": None, "ahead": []}
    names = queries.names(db.session, chosen.tree)
    due = [
        (line.item.due_on, line.item.action)
        for sheet in sheets if sheet.plan.post_id == chosen.post.id
        for line in sheet.lines if line.state == "open" and line.item.due_on
    ]  # fmt: skip
    return {
        "names": names,
        "radar": own_words.radar(chosen, names),
        "ahead": own_words.days_ahead(chosen, due, retires),
    }


def _tabs(found: reading.Own, chosen: Distance | None) -> list[tuple[Distance, str, bool]]:
    address = {**(request.view_args or {})}
    return [
        (one, url_for(request.endpoint or "", **address, post=one.post.code) + "#way", one is chosen)
        for one in found.distances
    ]


def _career(person: Officer, today: dt.date) -> Any:
    facts = (
        ask(db.session, person.id) for ask in (officers.postings_of, officers.delegations_of, officers.training_of)
    )
    postings, delegations, training = facts
    return pictures.career(careers_named(person), postings, delegations, training, today)


def careers_named(thing: Any) -> str:
    """A name in the reader's language."""
    from webapp.careers.words import in_language

    return in_language(thing)


@blueprint.post("/readiness/plan")
@requires("plans:own:change")
def add_to_plan() -> Any:
    """Put a gap into the officer's plan for the post: the open one, or a new draft."""
    person = db.session.get(Officer, current_officer_id() or 0)
    if person is None:
        raise NotFound()
    post = careers.post(db.session, request.form.get("post", ""))
    found = reading.readiness_of(db.session, person, clock.today(), cohorts=False)
    one = next((row for row in found.distances if row.post.id == post.id), None)
    content = None if one is None else _content(one, request.form.get("gap", ""))
    if content is None:
        raise NotFound()
    actor = current_actor()
    plan = plans.open_plan_for(db.session, person.id, post.id) or planning.begin(db.session, actor, person, post)
    ends_on = plans.newest_of(plans.editions_of(db.session, [plan.id])[plan.id]).ends_on
    planning.add_line(db.session, actor, plan, due_on=ends_on, **content)
    plan_id = plan.id
    db.session.commit()
    flash(_("เพิ่มลงแผนแล้ว ปรับถ้อยคำและกำหนดเสร็จได้ในแผน"), "good")
    if request.form.get("then") == "plan":
        return redirect(url_for("plans.plan", plan_id=plan_id), 303)
    return redirect(url_for("readiness.own", post=post.code, _anchor="way"), 303)


def _content(one: Distance, gap: str) -> dict[str, Any] | None:
    """The item for a gap of this officer, ``criterion:…`` or ``competency:…``; none where there is no such gap."""
    kind, _colon, code = gap.partition(":")
    names = queries.names(db.session, one.tree)
    if kind == "criterion":
        for item in one.missing:
            if item.node.id == code:
                return own_words.criterion_item(item, one, names, language())
    if kind == "competency":
        for rated in one.below:
            if rated.expected.competency == code:
                return own_words.competency_item(rated, names, language())
    return None
