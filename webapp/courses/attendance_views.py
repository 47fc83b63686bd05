"""Attendance: the sheet one person fills for everybody in a minute, the cohort at a glance, one's own."""

import contextlib
from decimal import Decimal
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.courses import operations, queries, rules
from webapp.courses.forms import SimpleForm
from webapp.courses.models import Attendance, CourseSession, Enrollment
from webapp.courses.views import blueprint
from webapp.database import db
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.fields import read_points


@blueprint.route("/cohorts/<code>/sessions/<session_code>/attendance", methods=["GET", "POST"])
@requires("courses:attendance:change")
def take_attendance(code: str, session_code: str) -> Any:
    """The attendance sheet of one session: tick, type hours where they differ, save once."""
    cohort = queries.cohort_by_code(db.session, code)
    held = queries.session_by_code(db.session, cohort, session_code)
    people = _sheet(cohort, held)
    form = SimpleForm()
    errors: list[str] = []
    if form.validate_on_submit():
        sheet = _typed(people, held)
        errors = [person["error"] for person in people if person["error"]]
        if not errors:
            try:
                changed = operations.take_attendance(db.session, current_actor(), held, sheet, _seen(people))
                db.session.commit()
            except Conflict as refused:
                db.session.rollback()
                _say_what_stands(people, held, sheet)
                errors = [_(refused.message, **refused.values)]
            except RuleBroken as refused:
                db.session.rollback()
                errors = [_(refused.message, **refused.values)]
            else:
                flash(_("บันทึกการเข้าเรียนแล้ว (เปลี่ยน %(count)s คน)", count=changed), "good")
                return redirect(url_for("courses.sessions", code=code), 303)
    page = render_template(
        "courses/attendance_sheet.html", cohort=cohort, held=held, people=people, form=form, errors=errors,
        future=held.held_on > clock.today(),
    )  # fmt: skip
    return page, 422 if errors else 200


def _sheet(cohort: Any, held: CourseSession) -> list[dict[str, Any]]:
    """The sheet's rows as they stand."""
    known = queries.attendance_of_session(db.session, held)
    rows = []
    for enrollment, officer in queries.people_in(db.session, cohort):
        entry = known.get(enrollment.id)
        part = entry is not None and entry.present and entry.hours != held.hours
        rows.append({
            "id": enrollment.id, "label": officer.name_th, "note": officer.officer_no, "error": "",
            "present": bool(entry and entry.present), "hours": f"{entry.hours:f}" if part and entry else "",
            "was": _mark(entry),
        })  # fmt: skip
    return rows


def _seen(people: list[dict[str, Any]]) -> dict[int, rules.Present | None]:
    """What the sheet showed when it was opened: none for a row that was not recorded yet."""
    seen: dict[int, rules.Present | None] = {}
    for person in people:
        there, _colon, hours = person["was"].partition(":")
        with contextlib.suppress(ValueError):
            seen[person["id"]] = (there == "1", read_points(hours)) if there else None
    return seen


def _say_what_stands(
    people: list[dict[str, Any]], held: CourseSession, sheet: dict[int, tuple[bool, Decimal | None]]
) -> None:
    """At each row that somebody else changed meanwhile: what is kept now and by whom. The next save knows of it."""
    known = queries.attendance_of_session(db.session, held)
    standing = {one: (row.present, row.hours) for one, row in known.items()}
    clashing = rules.clashes(rules.counted(sheet, held.hours), _seen(people), standing)
    for person in people:
        entry = known.get(person["id"])
        if entry is None or person["id"] not in clashing:
            continue
        hours = thai.number(entry.hours)
        value = _("มา %(hours)s ชั่วโมง", hours=hours) if entry.present else _("ไม่มา")
        person["was"] = _mark(entry)
        person["error"] = _("%(name)s บันทึกไว้ว่า%(value)s", name=entry.entered_by, value=value)


def _mark(entry: Attendance | None) -> str:
    return f"{entry.present:d}:{entry.hours:f}" if entry else ""


def _typed(people: list[dict[str, Any]], held: CourseSession) -> dict[int, tuple[bool, Decimal | None]]:
    """What was typed into the sheet; what cannot be read is said at its row, and kept as typed."""
    everyone = "everyone" in request.form
    sheet: dict[int, tuple[bool, Decimal | None]] = {}
    for person in people:
        typed = (request.form.get(f"hours-{person['id']}") or "").strip()
        person["present"] = everyone or f"present-{person['id']}" in request.form
        person["hours"], person["was"] = typed, request.form.get(f"was-{person['id']}", "?")
        hours: Decimal | None = None
        if typed:
            try:
                hours = read_points(typed)
            except ValueError as error:
                person["error"] = f"{person['label']}: {error}"
                continue
            if hours and not person["present"]:
                person["error"] = _("%(name)s: ใส่ชั่วโมงไว้แต่ไม่ได้ทำเครื่องหมายว่ามา", name=person["label"])
                continue
            if hours > held.hours:
                person["error"] = _(
                    "%(name)s: ชั่วโมงต้องไม่เกิน %(most)s", name=person["label"], most=thai.number(held.hours)
                )
                continue
        sheet[person["id"]] = (person["present"], hours)
    return sheet


@blueprint.get("/cohorts/<code>/attendance")
@requires("courses:attendance:list")
def attendance(code: str) -> Any:
    """Everybody's attendance, session by session."""
    cohort = queries.cohort_by_code(db.session, code)
    return render_template(
        "courses/attendance.html", cohort=cohort, sessions=queries.sessions_of(db.session, cohort),
        people=queries.people_in(db.session, cohort), grid=queries.attendance_grid(db.session, cohort),
        attended=queries.attended_by(db.session, cohort), hours=queries.total_hours(db.session, cohort.id),
        today=clock.today(),
    )  # fmt: skip


@blueprint.get("/cohorts/<code>/attendance/<officer_no>")
@requires("courses:attendance:view")
def attendance_of(code: str, officer_no: str) -> Any:
    """One trainee's attendance: where the per cent comes from. Staff see everybody's, mentors theirs, others their own."""
    cohort = queries.cohort_by_code(db.session, code)
    enrollment = queries.enrollment_in(db.session, cohort, officer_no)
    if not may_any("courses:attendance:list") and not _own_or_theirs(enrollment.officer_id):
        raise NotFound()
    total = queries.attended_by(db.session, cohort, [enrollment.id])[enrollment.id]
    return render_template(
        "courses/attendance_of.html", cohort=cohort, enrollment=enrollment, total=total,
        rows=queries.attendance_rows_of(db.session, enrollment.id),
    )  # fmt: skip


def _own_or_theirs(officer_id: int) -> bool:
    reader = current_officer_id()
    if reader is None or reader == officer_id:
        return reader is not None
    theirs = current_app.extensions["kaona.theirs"](reader)
    return (
        "mentor" in current_roles() and db.session.scalar(theirs.where(Enrollment.officer_id == officer_id)) is not None
    )
