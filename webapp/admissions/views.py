"""Pages of an admission: how it is going, the call for applications, and who applies."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, may_any, requires
from webapp.admissions import applying, deciding, queries, sweeping, words
from webapp.admissions import selection_queries as reads
from webapp.admissions.entry import as_of, checks, entry_rule
from webapp.admissions.forms import AnnouncementForm
from webapp.admissions.models import Place
from webapp.assessments.queries import plan_in_force
from webapp.courses.models import Cohort
from webapp.courses.operations import change_cohort
from webapp.courses.queries import cohort_by_code
from webapp.database import db, only_reading
from webapp.errors import RuleBroken
from webapp.steps import StepForm, carried_out
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("admissions", __name__, template_folder="templates")

APPLICANT_COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("number", _l("เลขประจำตัวข้าราชการ"), sortable=True),
    Column("check", _l("คุณสมบัติ")),
    Column("state", _l("สถานะใบสมัคร")),
    Column("via", _l("มาโดย")),
    Column("filed", _l("ยื่นเมื่อ"), sortable=True),
)


FILTERS = (
    Filter("state", _l("สถานะใบสมัคร"), tuple((key, pair[0]) for key, pair in words.STATES.items())),
    Filter("via", _l("มาโดย"), tuple(words.VIA.items())),
)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {"admission_words": words, "admission_places": _places_on_record}


def _places_on_record(officer_no: str, own: bool) -> list[Place]:
    """An officer's places in published selections, as far as the reader of a development record may see them."""
    if own:
        return reads.own_places(db.session, current_officer_id() or 0)
    return reads.places_by_number(db.session, officer_no) if may_any("admissions:selection:list") else []


@blueprint.record_once
def _hooks(state: Any) -> None:
    """The worker asks here what the passing of days does; the cohort's page, a room below, how many apply."""
    state.app.extensions.setdefault("kaona.sweeps", []).append(sweep)
    state.app.extensions["kaona.applicants"] = queries.states_of


def sweep(session: Session) -> None:
    """Do what is due today, in a transaction of its own; without anything due nothing is locked."""
    with only_reading():
        due = sweeping.is_due(session, clock.today())
        session.rollback()
    if due:
        sweeping.sweep(session, clock.today())
        session.commit()


def version_of(text: str | None) -> int | None:
    """The version a form was opened with."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


# How it is going -----------------------------------------------------------------------------------------------------


@blueprint.get("/cohorts/<code>/admission")
@requires("admissions:application:list")
def overview(code: str) -> Any:
    """One cohort's admission: the call, the applicants, the selection, the seats, and what comes next."""
    cohort = cohort_by_code(db.session, code)
    states = queries.states_of(db.session, cohort.id)
    selections = reads.selections_of(db.session, cohort.id)
    plan = plan_in_force(db.session, cohort.id, "selection")
    today = clock.today()
    rule = entry_rule(db.session, cohort)
    return render_template(
        "admissions/overview.html", cohort=cohort, states=states, selections=selections, plan=plan, day=as_of(cohort),
        announcement=queries.announcement_of(db.session, cohort.id), rule=rule,
        post=None if rule is None else queries.post_named(db.session, rule.post),
        steps=_steps(cohort, states, selections, plan), taken=reads.seats_taken(db.session, cohort.id),
        waiting=reads.waiting_for(db.session, cohort, today), stage=_stage(cohort, states, selections, today),
    )  # fmt: skip


def _stage(cohort: Cohort, states: dict[str, int], selections: list[Any], today: Any) -> int:
    """Where the admission stands, from 1: announced, applied, decided, drawn up, published."""
    statuses = {selection.status for selection in selections}
    if "published" in statuses:
        return 5
    if statuses & {"draft", "confirmed"}:
        return 4
    opens, closes = cohort.applications_open_on, cohort.applications_close_on
    if opens is None or closes is None or today < opens:
        return 1
    if today <= closes:
        return 2
    return 3 if states.get("filed") or states.get("exception") else 4


def _steps(cohort: Cohort, states: dict[str, int], selections: list[Any], plan: Any) -> list[dict[str, Any]]:
    """What waits for somebody now, as tasks of the page."""
    found = []
    if not may_any("admissions:application:change"):
        return found
    address = url_for("admissions.applicants", code=cohort.code, state="filed")
    if cohort.applications_open_on is None or cohort.applications_close_on is None:
        found.append((_("กำหนดวันรับสมัครและประกาศ"), url_for("admissions.announcement", code=cohort.code)))
    if plan is None:
        found.append((_("กำหนดแผนการคัดเลือก"), url_for("assessments.plan", code=cohort.code, purpose="selection")))
    if states.get("filed"):
        found.append((_("พิจารณาใบสมัคร %(count)s ราย", count=states["filed"]), address))
    if states.get("exception"):
        address = url_for("admissions.applicants", code=cohort.code, state="exception")
        found.append((_("พิจารณาข้อยกเว้น %(count)s ราย", count=states["exception"]), address))
    open_one = next((one for one in selections if one.status in ("draft", "confirmed")), None)
    if open_one is not None:
        words_ = _("ยืนยันร่างผลการคัดเลือก") if open_one.status == "draft" else _("ประกาศผลการคัดเลือก")
        found.append((words_, url_for("admissions.selection", selection_id=open_one.id)))
    return [{"title": title, "url": url, "note": "", "due": "", "state": ""} for title, url in found]


@blueprint.route("/cohorts/<code>/admission/announcement", methods=["GET", "POST"])
@requires("admissions:application:change")
def announcement(code: str) -> Any:
    """The call for applications: its window, conditions and papers."""
    cohort = cohort_by_code(db.session, code)
    found = queries.announcement_of(db.session, cohort.id)
    form = AnnouncementForm(
        obj=found, opens_on=cohort.applications_open_on, closes_on=cohort.applications_close_on,
        cohort_version=cohort.version,
    )  # fmt: skip
    if form.validate_on_submit() and carried_out(form, lambda: _announced(cohort, form)):
        flash(_("บันทึกประกาศรับสมัครแล้ว"), "good")
        return redirect(url_for("admissions.overview", code=code), 303)
    page = render_template("admissions/announcement.html", form=form, cohort=cohort_by_code(db.session, code))
    return page, 422 if form.errors else 200


def _announced(cohort: Cohort, form: AnnouncementForm) -> bool:
    if form.closes_on.data < form.opens_on.data:
        raise RuleBroken("วันสุดท้ายของการรับสมัครต้องไม่ก่อนวันแรก")
    if form.closes_on.data >= cohort.starts_on:
        raise RuleBroken("วันสุดท้ายของการรับสมัครต้องก่อนวันเริ่มอบรม")
    change_cohort(
        db.session, current_actor(), cohort, version=version_of(form.cohort_version.data),
        applications_open_on=form.opens_on.data, applications_close_on=form.closes_on.data,
    )  # fmt: skip
    applying.announce(
        db.session, current_actor(), cohort, conditions_th=form.conditions_th.data or "",
        conditions_en=form.conditions_en.data or "", papers=form.papers.data or "", version=form.seen(),
    )  # fmt: skip
    return True


# Applicants ----------------------------------------------------------------------------------------------------------


@blueprint.get("/cohorts/<code>/admission/applicants")
@requires("admissions:application:list")
def applicants(code: str) -> Any:
    """Who applies for the cohort, with the entry rule beside each and the state of each application."""
    cohort = cohort_by_code(db.session, code)
    view = read_table(
        APPLICANT_COLUMNS, request.args, path=request.path, sort="name",
        filters=FILTERS,
    )  # fmt: skip
    rows, total = queries.applicants_page(
        db.session, cohort, words=view.words, state=view.chosen["state"], via=view.chosen["via"], sort=view.sort,
        descending=view.descending, limit=view.limit, offset=view.offset,
    )  # fmt: skip
    return render_template(
        "admissions/applicants.html", cohort=cohort, table=view.counted(total), rows=rows,
        checks=checks(db.session, cohort, [row.officer.id for row in rows]), day=as_of(cohort),
        waiting=queries.states_of(db.session, cohort.id).get("filed", 0),
    )  # fmt: skip


@blueprint.route("/cohorts/<code>/admission/accept-all", methods=["GET", "POST"])
@requires("admissions:application:change")
def accept_all(code: str) -> Any:
    """Accept everybody who meets the entry rule, after a look at who that is."""
    cohort = cohort_by_code(db.session, code)
    form = StepForm()
    if form.validate_on_submit():
        taken = carried_out(form, lambda: [deciding.accept_all_met(db.session, current_actor(), cohort)])
        if taken is not None:
            flash(_("รับผู้สมัครที่ผ่านคุณสมบัติ %(count)s ราย", count=taken[0]), "good")
            return redirect(url_for("admissions.applicants", code=code), 303)
        cohort = cohort_by_code(db.session, code)
    waiting = queries.to_decide(db.session, cohort.id)
    found = checks(db.session, cohort, [one.officer_id for one in waiting])
    met = [one for one in waiting if found.get(one.officer_id) is None or found[one.officer_id].met is True]
    page = render_template(
        "admissions/accept_all.html", cohort=cohort, form=form, met=met, others=[one for one in waiting if one not in met],
        day=as_of(cohort),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def applicants_of(cohort: Cohort) -> int:
    """How many apply, for pages of other rooms."""
    return sum(current_app.extensions["kaona.applicants"](db.session, cohort.id).values())


from webapp.admissions import applicant_views, own_views, seat_views, selection_views  # noqa: E402, F401
