"""The assessor's pages (own timetable, observing, rating), and the participant's own timetable with its materials."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.assessments.center import observing, queries
from webapp.assessments.center.models import Center, CenterParticipant, CenterSitting
from webapp.assessments.center.observing import OPENS_BEFORE, Post
from webapp.assessments.center.places import Place, places_of, progress, rated_places
from webapp.assessments.center.results_queries import report_shown_to
from webapp.assessments.center.setting_views import BASE, attempt
from webapp.assessments.views import blueprint, said
from webapp.careers.models import Competency
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.files.sending import send
from webapp.officers.models import Officer

ASSESS = "assessments:center:assess"
TAKE = "assessments:center:take"
POST = f"{BASE}/work/<exercise>/<officer_no>"


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of the assessor's own timetable."""

    place: Place
    exercise: Any
    officer: Officer
    sitting: CenterSitting | None
    rated: bool
    open: bool


def _duties(center: Center, assessor_id: int) -> list[Duty]:
    exercises = {row.id: row for row in queries.exercises_of(db.session, center.id)}
    people = {row.id: row.officer for row in queries.participants_of(db.session, center.id)}
    rated, now = rated_places(db.session, center.id), clock.now()
    return [
        Duty(place, exercises[place.exercise_id], people[place.participant_id], sitting, place in rated,
             sitting is None or now >= sitting.starts_at - OPENS_BEFORE)
        for place, sitting in places_of(db.session, center.id).items()
        if place.assessor_id == assessor_id
    ]  # fmt: skip


@blueprint.get(f"{BASE}/work")
@requires(ASSESS)
def center_work(code: str) -> Any:
    """What an assessor has to do in a center: sessions in order, written work to mark, what is rated."""
    found = queries.center_by_code(db.session, code)
    own = queries.own_assessor(db.session, found.id, current_actor().account_id)
    duties = _duties(found, own.id) if found.published_at is not None else []
    rooms = {row.id: row.name for row in queries.rooms_of(db.session, found.id)}
    done = progress([one.place for one in duties], {one.place for one in duties if one.rated})
    return render_template(
        "assessments/center/work.html", center=found, own=own, duties=duties, rooms=rooms, done=done,
        live=[one for one in duties if one.sitting is not None], written=[one for one in duties if one.sitting is None],
        whole=_wholly_rated(duties),
    )  # fmt: skip


def _wholly_rated(duties: list[Duty]) -> list[Officer]:
    """Participants of whom the assessor has rated everything: their wash-up page is open to the assessor."""
    left = {one.officer.id for one in duties if not one.rated}
    return list({one.officer.id: one.officer for one in duties if one.officer.id not in left}.values())


def _post(code: str, exercise: str, officer_no: str) -> Post:
    found = queries.center_by_code(db.session, code)
    own = queries.own_assessor(db.session, found.id, current_actor().account_id)
    participant = queries.participant_in(db.session, found.id, officer_no)
    return observing.post_of(
        db.session, found, own, participant, queries.exercise_in(db.session, found.id, exercise)
    )  # fmt: skip


def _competencies(codes: tuple[str, ...]) -> list[Competency]:
    rows = {row.code: row for row in queries.competencies_named(db.session, codes)}
    return [rows[code] for code in codes]


@blueprint.get(POST)
@requires(ASSESS)
def center_observe(code: str, exercise: str, officer_no: str) -> Any:
    """Observations of one participant in one exercise: typed quickly, classed under competencies."""
    post = _post(code, exercise, officer_no)
    return _observe_page(post, "")


def _observe_page(post: Post, problem: str, typed: str = "") -> str:
    rows = observing.observations_at(db.session, post.place)
    missing = set(observing.unobserved(db.session, post))
    competencies = _competencies(post.competencies)
    beside = [
        one for one in _duties(post.center, post.assessor.id)
        if post.sitting is not None and one.sitting is not None and one.sitting.id == post.sitting.id
    ]  # fmt: skip
    return render_template(
        "assessments/center/observe.html", post=post, center=post.center, rows=rows, competencies=competencies,
        problem=problem, typed=typed, key=str(uuid.uuid4()), beside=beside, names={row.code: named(row) for row in competencies},
        missing=[row for row in competencies if row.code in missing], rated=observing.ratings_at(db.session, post.place),
        materials=queries.materials_of(db.session, [post.exercise.id]).get(post.exercise.id, []),
    )  # fmt: skip


@blueprint.post(POST)
@requires(ASSESS)
def center_observe_add(code: str, exercise: str, officer_no: str) -> Any:
    """Keep an observation. A page's script asks for JSON and may send what was typed while the network was away."""
    post = _post(code, exercise, officer_no)
    form = request.form
    script = request.accept_mimetypes.best == "application/json"
    try:
        made = observing.observe(
            db.session, current_actor(), post, words=form.get("words", ""), seen_at=_moment(form.get("seen_at", "")),
            classed=_classed(post, form), key=form.get("key", "")[:80] or None,
        )  # fmt: skip
        db.session.commit()
    except Refused as refused:
        if refused.status == 404 and not script:
            raise
        db.session.rollback()
        if script:
            return jsonify(refused=said(refused)), refused.status
        return _observe_page(_post(code, exercise, officer_no), said(refused), form.get("words", "")), refused.status
    if script:
        return jsonify(saved=made.id)
    return redirect(url_for(".center_observe", code=code, exercise=exercise, officer_no=officer_no), 303)


def _classed(post: Post, form: Any) -> dict[str, str]:
    return {
        code: "-" if form.get("sign") == "-" else "+"
        for code in form.getlist("competency")
        if code in post.competencies
    }


def _moment(text: str) -> dt.datetime | None:
    """The device's own moment; none where it is missing or unreadable."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year > 2000 else None


@blueprint.post(f"{POST}/class/<int:observation_id>")
@requires(ASSESS)
def center_class(code: str, exercise: str, officer_no: str, observation_id: int) -> Any:
    """Class an observation under competencies."""
    post = _post(code, exercise, officer_no)
    row = next((one for one, _c in observing.observations_at(db.session, post.place) if one.id == observation_id), None)
    if row is None:
        raise NotFound()

    def act() -> None:
        for competency, sign in _classed(post, request.form).items():
            observing.class_under(db.session, current_actor(), post, row, competency=competency, sign=sign)

    return attempt(
        act, _("จัดการสังเกตเข้าสมรรถนะแล้ว"),
        url_for(".center_observe", code=code, exercise=exercise, officer_no=officer_no),
    )  # fmt: skip


@blueprint.get(f"{POST}/rate")
@requires(ASSESS)
def center_rate(code: str, exercise: str, officer_no: str) -> Any:
    """Behaviorally anchored ratings of the exercise's competencies, beside what was observed."""
    return _rate_page(_post(code, exercise, officer_no), {}, "")


def _rate_page(post: Post, typed: dict[str, str], problem: str) -> str:
    rows = observing.observations_at(db.session, post.place)
    missing = set(observing.unobserved(db.session, post))
    given = {row.competency_code: row for row in observing.ratings_at(db.session, post.place)}
    seen = {
        code: [(row, one.sign) for row, classed in rows for one in classed if one.competency_code == code]
        for code in post.competencies
    }
    return render_template(
        "assessments/center/rate.html", post=post, center=post.center, competencies=_competencies(post.competencies),
        seen=seen, missing=missing, given=given, typed=typed, problem=problem,
    )  # fmt: skip


@blueprint.post(f"{POST}/rate")
@requires(ASSESS)
def center_rate_submit(code: str, exercise: str, officer_no: str) -> Any:
    """Submit the ratings of the exercise."""
    post, form = _post(code, exercise, officer_no), request.form
    given = {code_: form[f"rating-{code_}"] for code_ in post.competencies if form.get(f"rating-{code_}")}
    try:
        ratings = {key: int(value) for key, value in given.items() if value in ("1", "2", "3", "4", "5")}
        notes = {key: form.get(f"note-{key}", "")[:2000] for key in post.competencies}
        observing.submit(db.session, current_actor(), post, ratings, notes)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        return _rate_page(_post(code, exercise, officer_no), dict(form), said(refused)), refused.status
    return redirect(url_for(".center_work", code=code), 303)


@blueprint.post(f"{POST}/correct")
@requires(ASSESS)
def center_rating_correct(code: str, exercise: str, officer_no: str) -> Any:
    """Put another rating in place of one's own, with a reason."""
    post, form = _post(code, exercise, officer_no), request.form
    return attempt(
        lambda: observing.correct(
            db.session, current_actor(), post, form.get("competency", ""), rating=form.get("rating", 0, type=int),
            reason=form.get("reason", ""),
        ),
        _("แก้ไขคะแนนแล้ว คะแนนแรกยังอยู่ในประวัติ"),
        url_for(".center_rate", code=code, exercise=exercise, officer_no=officer_no),
    )  # fmt: skip


# The participant's own


def own_participant(code: str) -> tuple[Center, CenterParticipant]:
    """The center and the place in it of the person signed in, once the timetable is out. Raises ``NotFound``."""
    found = queries.center_by_code(db.session, code)
    officer_id = current_officer_id()
    rows = queries.participants_of(db.session, found.id)
    own = next((row for row in rows if row.officer_id == officer_id), None)
    if own is None or officer_id is None or found.published_at is None:
        raise NotFound()
    return found, own


@blueprint.get(f"{BASE}/own")
@requires(TAKE)
def center_own(code: str) -> Any:
    """A participant's own sessions, with instructions and materials once each has begun; the report once released."""
    found, own = own_participant(code)
    sats = [sat for sat in queries.sittings_of(db.session, found.id) if own.id in sat.participants]
    exercises = {row.id: row for row in queries.exercises_of(db.session, found.id)}
    now = clock.now()
    return render_template(
        "assessments/center/own.html", center=found, own=own, sats=sats, exercises=exercises,
        rooms={row.id: row.name for row in queries.rooms_of(db.session, found.id)},
        begun={sat.sitting.id for sat in sats if now >= sat.sitting.starts_at},
        materials={key: [one for one in rows if one.audience == "participants"]
                   for key, rows in queries.materials_of(db.session, list(exercises)).items()},
        report=report_shown_to(db.session, found, own),
    )  # fmt: skip


@blueprint.get(f"{BASE}/own/materials/<int:material_id>")
@requires(TAKE)
def center_own_material(code: str, material_id: int) -> Any:
    """A participant's file of an exercise, from the moment the session begins."""
    found, own = own_participant(code)
    material = queries.material_in(db.session, found.id, material_id)
    now = clock.now()
    begun = any(
        own.id in sat.participants and sat.sitting.exercise_id == material.exercise_id and now >= sat.sitting.starts_at
        for sat in queries.sittings_of(db.session, found.id)
    )
    if material.audience != "participants" or not begun:
        raise NotFound()
    return send(material.file)
