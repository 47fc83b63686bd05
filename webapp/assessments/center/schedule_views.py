"""The timetable's pages: building it in a job, looking at it by time, person or room, changing it by hand, publishing it."""

import datetime as dt
import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import thai
from webapp.accounts.access import current_actor, requires
from webapp.assessments.center import arranging, queries
from webapp.assessments.center.models import Center
from webapp.assessments.center.setting_views import BASE, attempt
from webapp.assessments.center.timetable import evenness
from webapp.assessments.center.timetable_words import problem_words, rule_words
from webapp.assessments.views import blueprint, said
from webapp.careers.words import in_language as named
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.jobs.operations import start

LIST = "assessments:center:list"
CHANGE = "assessments:center:change"
VIEWS = ("time", "participant", "assessor", "room")


def names_of(center: Center) -> dict[tuple[str, str], str]:
    """(kind, code) → name of everything in a timetable, in the reader's language."""
    people = {
        ("participant", str(row.id)): named(row.officer) for row in queries.participants_of(db.session, center.id)
    }
    panel = {("assessor", str(row.id)): row.name for row in queries.assessors_of(db.session, center.id)}
    rooms = {("room", str(row.id)): row.name for row in queries.rooms_of(db.session, center.id)}
    exercises = {("exercise", row.code): named(row) for row in queries.exercises_of(db.session, center.id)}
    return people | panel | rooms | exercises


@blueprint.get(f"{BASE}/timetable")
@requires(LIST)
def center_timetable(code: str) -> Any:
    """The timetable by time, participant, assessor or room; what it breaks; loads."""
    found = queries.center_by_code(db.session, code)
    view = request.args.get("view", "time")
    view = view if view in VIEWS else "time"
    names = names_of(found)
    exercises = {row.id: row for row in queries.exercises_of(db.session, found.id)}
    sats = queries.sittings_of(db.session, found.id)
    there = arranging.arrangement_of(db.session, found)
    problems = arranging.problems_of(db.session, found) if sats else []
    impossible = found.no_timetable or {}
    return render_template(
        "assessments/center/timetable.html", center=found, view=view, groups=_groups(view, sats, names), names=names,
        exercises=exercises, total=len(sats), loads=_loads(sats, exercises, names), even=evenness(there.task) * found.slot_minutes,
        problems=[problem_words(one, names) for one in problems],
        impossible=rule_words(impossible["rule"], impossible["figures"], names) if impossible else "",
        begun=queries.has_begun(db.session, found.id), key=str(uuid.uuid4()),
        readings=queries.readers_of(db.session, found.id), assessors=queries.assessors_of(db.session, found.id),
    )  # fmt: skip


def _groups(
    view: str, sats: list[queries.Sat], names: dict[tuple[str, str], str]
) -> list[tuple[str, list[queries.Sat]]]:
    """Sessions under headings: the day, or each person or room."""
    if view == "time":
        days: dict[str, list[queries.Sat]] = {}
        for sat in sats:
            days.setdefault(thai.day_long(sat.sitting.starts_at), []).append(sat)
        return list(days.items())
    of = {
        "participant": lambda sat: [str(one) for one in sat.participants],
        "assessor": lambda sat: [str(one) for one in sat.assessors],
        "room": lambda sat: [str(sat.sitting.room_id)],
    }[view]
    found: dict[str, list[queries.Sat]] = {code: [] for kind, code in names if kind == view}
    for sat in sats:
        for code in of(sat):
            found[code].append(sat)
    return [(names[view, code], rows) for code, rows in found.items()]


def _loads(
    sats: list[queries.Sat], exercises: dict[int, Any], names: dict[tuple[str, str], str]
) -> list[tuple[str, int, int]]:
    """Assessor, minutes with writing, sessions: the busiest first."""
    minutes = {code: [0, 0] for kind, code in names if kind == "assessor"}
    for sat in sats:
        exercise = exercises[sat.sitting.exercise_id]
        for one in sat.assessors:
            minutes[str(one)][0] += exercise.minutes + exercise.writing_minutes
            minutes[str(one)][1] += 1
    rows = [(names["assessor", code], total, many) for code, (total, many) in minutes.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


@blueprint.post(f"{BASE}/timetable")
@requires(CHANGE)
def center_timetable_build(code: str) -> Any:
    """Ask the worker for a timetable."""
    found = queries.center_by_code(db.session, code)
    actor = current_actor()
    try:
        arranging.check_may_build(db.session, actor, found)
        key = request.form.get("key") or str(uuid.uuid4())
        arguments = {"center_id": found.id, "account_id": actor.account_id}
        job = start(
            db.session, actor, "center-timetable", arguments, key=key, back_to=url_for(".center_timetable", code=code)
        )
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(url_for(".center_timetable", code=code), 303)
    return redirect(url_for("jobs.job", job_id=job.id), 303)


@blueprint.post(f"{BASE}/timetable/clear")
@requires(CHANGE)
def center_timetable_clear(code: str) -> Any:
    """Take the timetable away."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: arranging.clear(db.session, current_actor(), found),
        _("ลบตารางแล้ว"),
        url_for(".center_timetable", code=code),
    )


@blueprint.post(f"{BASE}/timetable/publish")
@requires(CHANGE)
def center_timetable_publish(code: str) -> Any:
    """Tell everybody in it."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: arranging.publish(db.session, current_actor(), found), _("ประกาศตารางแล้ว ผู้ที่มีชื่อในตารางได้รับแจ้ง"),
        url_for(".center_timetable", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/timetable/withdraw")
@requires(CHANGE)
def center_timetable_withdraw(code: str) -> Any:
    """Take the publication back, with a reason."""
    found, reason = queries.center_by_code(db.session, code), request.form.get("reason", "")
    return attempt(
        lambda: arranging.withdraw(db.session, current_actor(), found, reason=reason), _("ถอนประกาศแล้ว"),
        url_for(".center_timetable", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/readers/<int:reader_id>")
@requires(CHANGE)
def center_reader_change(code: str, reader_id: int) -> Any:
    """Another assessor marks a piece of written work."""
    found = queries.center_by_code(db.session, code)
    reader = next((row for row in queries.readers_of(db.session, found.id) if row.id == reader_id), None)
    if reader is None:
        raise NotFound()
    chosen = request.form.get("assessor", 0, type=int)
    return attempt(
        lambda: arranging.change_reader(db.session, current_actor(), found, reader, assessor_id=chosen),
        _("เปลี่ยนผู้ตรวจแล้ว"), url_for(".center_timetable", code=code),
    )  # fmt: skip


@blueprint.get(f"{BASE}/sittings/<int:sitting_id>")
@requires(CHANGE)
def center_sitting(code: str, sitting_id: int) -> Any:
    """One session, to be changed by hand: time, room, assessors; who goes elsewhere."""
    return _sitting(queries.center_by_code(db.session, code), sitting_id, [])


def _sitting(found: Center, sitting_id: int, problems: list[str]) -> str:
    sats = {sat.sitting.id: sat for sat in queries.sittings_of(db.session, found.id)}
    if sitting_id not in sats:
        raise NotFound()
    sat = sats[sitting_id]
    there = arranging.arrangement_of(db.session, found)
    exercise = next(row for row in queries.exercises_of(db.session, found.id) if row.id == sat.sitting.exercise_id)
    others = [one for one in sats.values() if one.sitting.exercise_id == exercise.id and one.sitting.id != sitting_id]
    return render_template(
        "assessments/center/sitting.html", center=found, sat=sat, exercise=exercise, names=names_of(found), others=others,
        starts=there.slots, rooms=queries.rooms_of(db.session, found.id), problems=problems,
        assessors=queries.assessors_of(db.session, found.id),
    )  # fmt: skip


@blueprint.post(f"{BASE}/sittings/<int:sitting_id>")
@requires(CHANGE)
def center_sitting_change(code: str, sitting_id: int) -> Any:
    """Change one session, or send a participant to another; refused where it would break a rule."""
    found = queries.center_by_code(db.session, code)
    if sitting_id not in {sat.sitting.id for sat in queries.sittings_of(db.session, found.id)}:
        raise NotFound()
    try:
        _change(found, sitting_id)
        db.session.commit()
    except arranging.RulesBroken as refused:
        db.session.rollback()
        found = queries.center_by_code(db.session, code)
        names = names_of(found)
        return _sitting(found, sitting_id, [problem_words(one, names) for one in refused.problems]), 422
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        return _sitting(queries.center_by_code(db.session, code), sitting_id, [said(refused)]), refused.status
    flash(_("ปรับตารางแล้ว"), "good")
    return redirect(url_for(".center_timetable", code=code), 303)


def _change(found: Center, sitting_id: int) -> None:
    form, actor = request.form, current_actor()
    version = form.get("version", 0, type=int)
    if form.get("do") == "move":
        target, _dash, swap = form.get("to", "").partition("-")
        if not target.isdecimal() or (swap and not swap.isdecimal()):
            raise NotFound()
        arranging.move(
            db.session, actor, found, form.get("participant", 0, type=int), from_id=sitting_id, to_id=int(target),
            swap_id=int(swap) if swap else None, version=version,
        )  # fmt: skip
        return
    try:
        starts_at = dt.datetime.fromisoformat(form.get("starts_at", ""))
    except ValueError:
        raise NotFound() from None
    if starts_at.tzinfo is None:
        raise NotFound()
    arranging.change_sitting(
        db.session, actor, found, sitting_id, starts_at=starts_at, room_id=form.get("room", 0, type=int),
        assessor_ids=form.getlist("assessor", type=int), version=version,
    )  # fmt: skip
