"""Pages of staff: hours of a cohort, and who mentors whom."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.coaching import neighbors, pairing, queries
from webapp.coaching.forms import EndForm, SimpleForm, number
from webapp.coaching.views import blueprint
from webapp.courses import queries as courses
from webapp.database import db
from webapp.errors import Refused, RuleBroken
from webapp.officers.models import Officer


@blueprint.get("/cohorts/<code>/coaching")
@requires("coaching:hours:list")
def hours(code: str) -> Any:
    """Everybody's acknowledged hours, what waits, and shadowing apart. The text of sessions is not shown here."""
    cohort = courses.cohort_by_code(db.session, code)
    people = courses.people_in(db.session, cohort)
    minutes = queries.minutes_by(db.session, [enrollment.id for enrollment, _officer in people])
    asked = neighbors.hours_asked(db.session, [cohort.id]).get(cohort.id)
    rows = [(officer, minutes.get(enrollment.id, queries.Minutes())) for enrollment, officer in people]
    return render_template(
        "coaching/hours.html", cohort=cohort, rows=rows, asked=asked,
        enough=sum(1 for _officer, one in rows if asked is not None and one.counted >= asked * 60),
        may_open=may_any("coaching:session:list"),
    )  # fmt: skip


@blueprint.get("/cohorts/<code>/mentors")
@requires("coaching:pairing:list")
def pairings(code: str) -> Any:
    """Who mentors whom in a cohort; ended pairings below."""
    return _pairings_page(code, [])


def _pairings_page(code: str, errors: list[str]) -> Any:
    cohort = courses.cohort_by_code(db.session, code)
    people = courses.people_in(db.session, cohort)
    known = queries.mentors_known(db.session, cohort)
    words = (request.args.get("q") or "").strip()[:100]
    standing = queries.mentors_of(db.session, [enrollment.id for enrollment, _officer in people])
    page = render_template(
        "coaching/pairings.html", cohort=cohort, people=people, standing=standing, known=known, words=words,
        searched=queries.could_mentor(db.session, words), form=SimpleForm(), errors=errors,
        ended=[row for row in queries.pairings_of(db.session, cohort) if row.ended_at is not None],
        without=[enrollment for enrollment, _officer in people if enrollment.id not in standing],
        may_change=may_any("coaching:pairing:change") and cohort.closed_at is None,
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.post("/cohorts/<code>/mentors")
@requires("coaching:pairing:change")
def make_pairing(code: str) -> Any:
    """Give one trainee a mentor, or share those without one out evenly among the mentors ticked."""
    cohort = courses.cohort_by_code(db.session, code)
    mentors = _mentors_ticked()
    try:
        if request.form.get("everyone"):
            count = pairing.pair_evenly(db.session, current_actor(), cohort, mentors)
            said = _("มอบหมายพี่เลี้ยงให้ผู้เข้ารับการอบรม %(count)s คนแล้ว", count=count)
        else:
            said = _pair_one(cohort, mentors)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        if refused.status == 404:
            raise
        return _pairings_page(code, [_(refused.message, **refused.values)])
    flash(said, "good")
    return redirect(url_for("coaching.pairings", code=code), 303)


def _mentors_ticked() -> list[Officer]:
    ids = [number(value) for value in request.form.getlist("mentor")]
    found = [db.session.get(Officer, one) for one in dict.fromkeys(ids)]
    return [one for one in found if one is not None and one.left_on is None]


def _pair_one(cohort: Any, mentors: list[Officer]) -> str:
    chosen = number(request.form.get("enrollment"))
    people = {enrollment.id: (enrollment, officer) for enrollment, officer in courses.people_in(db.session, cohort)}
    if chosen not in people or len(mentors) != 1:
        raise RuleBroken("กรุณาเลือกผู้เข้ารับการอบรมหนึ่งคนและพี่เลี้ยงหนึ่งคน")
    enrollment, officer = people[chosen]
    pairing.pair(db.session, current_actor(), enrollment, mentors[0])
    return _("มอบหมาย %(mentor)s เป็นพี่เลี้ยงของ %(trainee)s แล้ว", mentor=mentors[0].name_th, trainee=officer.name_th)


@blueprint.route("/cohorts/<code>/mentors/<int:pairing_id>/end", methods=["GET", "POST"])
@requires("coaching:pairing:change")
def end_pairing(code: str, pairing_id: int) -> Any:
    """End a pairing with a reason; the sessions stay."""
    cohort = courses.cohort_by_code(db.session, code)
    found = queries.pairing_in(db.session, cohort, pairing_id)
    form = EndForm()
    if form.validate_on_submit():
        pairing.end_pairing(db.session, current_actor(), found, reason=form.reason.data or "")
        db.session.commit()
        flash(_("สิ้นสุดการเป็นพี่เลี้ยงแล้ว"), "good")
        return redirect(url_for("coaching.pairings", code=code), 303)
    return render_template(
        "coaching/end_pairing.html", form=form, cohort=cohort, pairing=found
    ), 422 if form.errors else 200
