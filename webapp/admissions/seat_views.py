"""Pages of seats and the register: who waits in which order, calls and answers, the registers and their rule."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.admissions import rules, seats, words
from webapp.admissions import selection_queries as reads
from webapp.admissions.forms import CallForm, ExtendForm, RecordAnswerForm, RegisterRuleForm
from webapp.admissions.views import blueprint
from webapp.careers.models import Course
from webapp.careers.words import in_language
from webapp.courses.queries import cohort_by_code, courses_offered
from webapp.database import db
from webapp.errors import NotFound
from webapp.steps import carried_out
from webapp.tables import Column, Filter, read_table

REGISTER_COLUMNS = (
    Column("order", _l("ลำดับในบัญชี"), numeric=True, sortable=True, always=True),
    Column("name", _l("ชื่อ"), always=True),
    Column("course", _l("หลักสูตร")),
    Column("from", _l("มาจาก")),
    Column("composite", _l("คะแนนรวม"), numeric=True),
    Column("until", _l("บัญชีใช้ได้ถึง")),
    Column("state", _l("สถานะ")),
)


@blueprint.get("/cohorts/<code>/admission/seats")
@requires("admissions:selection:list")
def seats_of(code: str) -> Any:
    """A cohort's seats: free, offered and answered; and who waits, in order."""
    cohort = cohort_by_code(db.session, code)
    today = clock.today()
    waiting = reads.waiting_for(db.session, cohort, today)
    return render_template(
        "admissions/seats.html", cohort=cohort, free=seats.free_seats(db.session, cohort), waiting=waiting,
        taken=reads.seats_taken(db.session, cohort.id), offers=reads.offers_of(db.session, cohort.id),
        turn=_turn(waiting), days=seats.days_of(db.session, cohort.course_id),
    )  # fmt: skip


def _turn(waiting: list[reads.Waiting]) -> set[str]:
    """Whose turn it is."""
    return (
        set(rules.next_in_order(rules.Ranked(one.officer.officer_no, one.order) for one in waiting))
        if waiting
        else set()
    )


@blueprint.route("/cohorts/<code>/admission/seats/call/<int:entry_id>", methods=["GET", "POST"])
@requires("admissions:selection:change")
def call(code: str, entry_id: int) -> Any:
    """Offer a free seat to somebody who waits; out of turn only with a reason."""
    cohort = cohort_by_code(db.session, code)
    form = CallForm()
    if form.validate_on_submit():
        offer = carried_out(form, lambda: seats.call(
            db.session, current_actor(), cohort, entry_id, reason=form.reason.data or ""))  # fmt: skip
        if offer is not None:
            flash(_("เรียกแล้ว แจ้งเจ้าตัวให้ตอบรับแล้ว"), "good")
            return redirect(url_for("admissions.seats_of", code=code), 303)
        cohort = cohort_by_code(db.session, code)
    waiting = reads.waiting_for(db.session, cohort, clock.today())
    chosen = next((one for one in waiting if one.entry.id == entry_id), None)
    if chosen is None and not form.errors:
        raise NotFound()
    page = render_template(
        "admissions/call.html", cohort=cohort, form=form, chosen=chosen, free=seats.free_seats(db.session, cohort),
        before=[one for one in waiting if chosen and one.entry.id != entry_id and one.order <= chosen.order],
        answer_by=rules.answer_day(clock.today(), seats.days_of(db.session, cohort.course_id)[1]),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.route("/cohorts/<code>/admission/seats/<int:offer_id>/extend", methods=["GET", "POST"])
@requires("admissions:selection:change")
def extend(code: str, offer_id: int) -> Any:
    """Give somebody more time to answer."""
    cohort = cohort_by_code(db.session, code)
    offer = reads.offer_by_id(db.session, offer_id, cohort.id)
    form = ExtendForm(answer_by=offer.answer_by)
    if form.validate_on_submit():
        done = carried_out(form, lambda: seats.extend(
            db.session, current_actor(), offer, answer_by=form.answer_by.data, reason=form.reason.data or "") or True)  # fmt: skip
        if done:
            flash(_("ขยายเวลาตอบรับแล้ว"), "good")
            return redirect(url_for("admissions.seats_of", code=code), 303)
        cohort = cohort_by_code(db.session, code)
        offer = reads.offer_by_id(db.session, offer_id, cohort.id)
    return render_template("admissions/extend.html", cohort=cohort, offer=offer, form=form), 422 if form.errors else 200


@blueprint.route("/cohorts/<code>/admission/seats/<int:offer_id>/answer", methods=["GET", "POST"])
@requires("admissions:selection:change")
def record_answer(code: str, offer_id: int) -> Any:
    """Record an answer that an officer gave on paper, with where it stands."""
    cohort = cohort_by_code(db.session, code)
    offer = reads.offer_by_id(db.session, offer_id, cohort.id)
    form = RecordAnswerForm(version=offer.version)
    if form.validate_on_submit():
        done = carried_out(form, lambda: seats.answer_for(
            db.session, current_actor(), offer, accepted=form.accepted.data == "yes", reason=form.reason.data or "",
            version=form.seen(),
        ) or True)  # fmt: skip
        if done:
            flash(_("บันทึกคำตอบแล้ว และแจ้งเจ้าตัวแล้ว"), "good")
            return redirect(url_for("admissions.seats_of", code=code), 303)
        cohort = cohort_by_code(db.session, code)
        offer = reads.offer_by_id(db.session, offer_id, cohort.id)
    page = render_template("admissions/record_answer.html", cohort=cohort, offer=offer, form=form)
    return page, 422 if form.errors else 200


def filters_for(offered: list[Course]) -> tuple[Filter, ...]:
    """What the register can be narrowed by."""
    return (
        Filter("state", _l("สถานะ"), tuple((key, pair[0]) for key, pair in words.REGISTER.items())),
        Filter("course", _l("หลักสูตร"), tuple((course.code, in_language(course)) for course in offered)),
    )


@blueprint.get("/admissions/register")
@requires("admissions:selection:list")
def register() -> Any:
    """The registers of the qualified, in the order in which they are called."""
    offered = courses_offered(db.session)
    view = read_table(REGISTER_COLUMNS, request.args, path=request.path, sort="order", filters=filters_for(offered))
    course = next((one for one in offered if one.code == view.chosen["course"]), None)
    rows, total = reads.register_page(
        db.session, clock.today(), words=view.words, state=view.chosen["state"], course_id=course.id if course else None,
        descending=view.descending, limit=view.limit, offset=view.offset,
    )  # fmt: skip
    return render_template(
        "admissions/register.html", table=view.counted(total), rows=rows, states=reads.register_states(db.session),
        courses=offered, days={one.id: seats.days_of(db.session, one.id) for one in offered},
    )  # fmt: skip


@blueprint.route("/admissions/register/<course_code>/rule", methods=["GET", "POST"])
@requires("admissions:selection:change")
def register_rule(course_code: str) -> Any:
    """How long a course's register is valid and how long an offer waits, with every change and its reason."""
    course = next((one for one in courses_offered(db.session) if one.code == course_code), None)
    if course is None:
        raise NotFound()
    months, days = seats.days_of(db.session, course.id)
    form = RegisterRuleForm(months=months, answer_days=days)
    if form.validate_on_submit() and carried_out(form, lambda: _rule_set(course, form)):
        flash(_("บันทึกแล้ว ใช้กับผลที่ประกาศและที่นั่งที่เรียกหลังจากนี้"), "good")
        return redirect(url_for("admissions.register"), 303)
    page = render_template(
        "admissions/register_rule.html", course=course, form=form, rules=reads.register_rules(db.session, course.id)
    )
    return page, 422 if form.errors else 200


def _rule_set(course: Course, form: RegisterRuleForm) -> bool:
    seats.set_rule(
        db.session, current_actor(), course, months=form.months.data or 0, answer_days=form.answer_days.data or 0,
        reason=form.reason.data or "",
    )  # fmt: skip
    return True
