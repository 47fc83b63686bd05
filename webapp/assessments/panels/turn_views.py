"""The list of who is interviewed when: set and printed by staff, read by whoever may see the panel."""

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import thai
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.desk import open_desk
from webapp.assessments.panels.guides import content_of
from webapp.assessments.panels.seats import guide_in_force
from webapp.assessments.panels.turns import order_by, put_turns, turns_of
from webapp.assessments.views import blueprint, place, said
from webapp.database import db
from webapp.errors import NotFound, Refused, RuleBroken


@blueprint.route("/cohorts/<code>/scores/<component>/schedule", methods=["GET", "POST"])
@requires("assessments:panel:list")
def schedule(code: str, component: str) -> Any:
    """Who comes when, in order, with the members; staff set the order, the first day, minutes and place."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    problem = ""
    if request.method == "POST":
        if not may_any("assessments:panel:change"):
            raise NotFound()
        try:
            typed = {n: request.form.get(f"place-{n}", type=int) for n in desk.people}
            order = order_by(desk, request.form.get("order", ""), {n: place for n, place in typed.items() if place})
            put_turns(
                db.session, current_actor(), desk, order, first=thai.parse_day(request.form.get("first", "")),
                at=_time(request.form.get("at", "")), minutes=_whole("minutes") or 0, per_day=_whole("per_day"),
                place=request.form.get("place", "")[:300],
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            if refused.status == 404:
                raise
            db.session.rollback()
            problem = said(refused)
            cohort, purpose = place(code)
            desk = open_desk(db.session, cohort, purpose, component)
        else:
            flash(_("จัดตารางเวลาแล้ว"), "good")
            chosen = None if purpose == "ranking" else purpose
            return redirect(url_for(".schedule", code=code, component=component, purpose=chosen), 303)
    turns = turns_of(db.session, desk)
    guide = guide_in_force(db.session, cohort.id, purpose, component)
    page = render_template(
        "assessments/schedule.html", cohort=cohort, purpose=purpose, desk=desk, turns=turns, problem=problem,
        typed=request.form, minutes=turns[0].minutes if turns else content_of(guide).minutes,
        missing=[p for n, p in desk.people.items() if n not in {row.enrollment_id for row in turns}],
        changes=may_any("assessments:panel:change"),
    )  # fmt: skip
    return page, 422 if problem else 200


def _time(typed: str) -> dt.time:
    text = thai.arabic_digits(typed).strip().replace(".", ":")
    try:
        hour, minute = text.split(":")
        return dt.time(int(hour), int(minute))
    except ValueError:
        raise RuleBroken("พิมพ์เวลาเริ่มเป็นชั่วโมงและนาที เช่น 9:00 หรือ 13.30") from None


def _whole(name: str) -> int | None:
    text = thai.arabic_digits(request.form.get(name, "")).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise RuleBroken("พิมพ์จำนวนนาทีและจำนวนคนเป็นตัวเลข")
    return int(text)
