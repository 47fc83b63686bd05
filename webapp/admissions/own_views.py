"""An officer's own pages: what can be applied for, the application, the result and the seat."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.admissions import applying, deciding, queries, rules, seats
from webapp.admissions import selection_queries as reads
from webapp.admissions.entry import as_of, check_from
from webapp.admissions.forms import ApplyForm, NominationAnswerForm, OfferAnswerForm, PapersForm
from webapp.admissions.models import Application, Offer
from webapp.admissions.views import blueprint
from webapp.courses.models import Cohort
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import RuleBroken
from webapp.files.sending import send
from webapp.officers.models import Officer
from webapp.steps import ReasonForm, carried_out

OWN = "/my/applications/<int:application_id>"


def own_officer() -> Officer:
    """The officer behind the sign-in. Raises ``RuleBroken`` where there is none."""
    officer_id = current_officer_id()
    officer = db.session.get(Officer, officer_id) if officer_id else None
    if officer is None:
        raise RuleBroken("บัญชีของท่านยังไม่ได้เชื่อมกับทะเบียนข้าราชการ กรุณาติดต่อสถาบัน")
    return officer


@blueprint.get("/my/applications")
@requires("admissions:application:file")
def mine() -> Any:
    """What the officer can apply for, has applied for, and has been offered."""
    officer_id = current_officer_id() or 0
    return render_template(
        "admissions/mine.html", open_cohorts=queries.cohorts_open_to(db.session, officer_id, clock.today()),
        applications=queries.applications_of(db.session, officer_id), places=reads.own_places(db.session, officer_id),
        offers=reads.own_offers(db.session, officer_id, unanswered=True),
        entries=reads.own_entries(db.session, officer_id),
    )  # fmt: skip


@blueprint.route("/cohorts/<code>/apply", methods=["GET", "POST"])
@requires("admissions:application:file")
def apply(code: str) -> Any:
    """The officer applies, with the entry rule explained before anything is sent."""
    cohort, officer = cohort_by_code(db.session, code), own_officer()
    found = queries.application_of(db.session, cohort.id, officer.id)
    if found is not None and found.state not in ("filed", *rules.TAKEN_BACK):
        return redirect(url_for("admissions.own", application_id=found.id), 303)
    form = ApplyForm(motive=found.motive if found is not None else "")
    if form.validate_on_submit():
        made = carried_out(form, lambda: applying.apply(
            db.session, current_actor(), cohort, officer, motive=form.motive.data or "", papers=_papers(form),
            today=clock.today(),
        ))  # fmt: skip
        if made is not None:
            flash(_("ยื่นใบสมัครแล้ว สถาบันจะแจ้งผลการพิจารณาให้ทราบ"), "good")
            return redirect(url_for("admissions.own", application_id=made.id), 303)
        cohort, officer = cohort_by_code(db.session, code), own_officer()
    page = render_template(
        "admissions/apply.html", cohort=cohort, form=form, check=deciding.check_of(db.session, cohort, officer.id),
        day=as_of(cohort), announcement=queries.announcement_of(db.session, cohort.id), found=found,
        officer=officer, window=_window(cohort),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _window(cohort: Cohort) -> str:
    """Why no application is taken today; empty while the window is open."""
    try:
        rules.check_window(clock.today(), cohort.applications_open_on, cohort.applications_close_on)
    except RuleBroken as refused:
        return _(refused.message, **refused.values)
    return ""


def _papers(form: Any) -> list[tuple[str, bytes]]:
    return [(file.filename, file.read()) for file in form.papers.data or () if file and file.filename]


@blueprint.get(OWN)
@requires("admissions:application:file")
def own(application_id: int) -> Any:
    """One own application: where it stands, why, and what can be done."""
    return _own_page(queries.own_application(db.session, application_id, current_officer_id()))


def _own_page(found: Application, **forms: Any) -> Any:
    cohort = found.cohort
    check = check_from(found.entry) if found.entry else deciding.check_of(db.session, cohort, found.officer_id)
    offers = [one for one in reads.own_offers(db.session, found.officer_id) if one.cohort_id == cohort.id]
    offer = next((one for one in offers if one.answer is None), None)
    pages = {
        "nomination_form": NominationAnswerForm(version=found.version), "papers_form": PapersForm(),
        "withdraw_form": ReasonForm(version=found.version),
        "offer_form": OfferAnswerForm(version=offer.version if offer else 0), **forms,
    }  # fmt: skip
    page = render_template(
        "admissions/own.html", application=found, cohort=cohort, check=check, day=as_of(cohort), offers=offers,
        offer=offer, files=queries.files_of(db.session, found.id), window=_window(cohort),
        places=[one for one in reads.own_places(db.session, found.officer_id) if one.selection.cohort_id == cohort.id],
        **pages,
    )  # fmt: skip
    return page, 422 if any(form.errors for form in forms.values()) else 200


@blueprint.post(f"{OWN}/nomination")
@requires("admissions:application:file")
def answer_nomination(application_id: int) -> Any:
    """Take a nomination, which files the application, or turn it down."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    form = NominationAnswerForm()
    taken = form.taken.data == "yes"
    if form.validate_on_submit():
        words = form.words.data or ""
        done = carried_out(form, lambda: applying.answer_nomination(
            db.session, current_actor(), found, taken=taken, motive=words if taken else "", reason="" if taken else words,
            today=clock.today(), version=form.seen(),
        ) or True)  # fmt: skip
        if done:
            flash(_("รับการเสนอชื่อและยื่นใบสมัครแล้ว") if taken else _("บันทึกว่าท่านไม่รับการเสนอชื่อแล้ว"), "good")
            return redirect(url_for("admissions.own", application_id=application_id), 303)
    return _again(application_id, nomination_form=form)


def _again(application_id: int, **forms: Any) -> Any:
    """The page once more with what was typed; what was refused has been rolled back."""
    return _own_page(queries.own_application(db.session, application_id, current_officer_id()), **forms)


@blueprint.post(f"{OWN}/withdraw")
@requires("admissions:application:file")
def withdraw(application_id: int) -> Any:
    """Withdraw an application, with the reason."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    form = ReasonForm()
    if form.validate_on_submit():
        done = carried_out(form, lambda: applying.withdraw(
            db.session, current_actor(), found, reason=form.reason.data or "", version=form.seen()) or True)  # fmt: skip
        if done:
            flash(_("ถอนใบสมัครแล้ว"), "good")
            return redirect(url_for("admissions.own", application_id=application_id), 303)
    return _again(application_id, withdraw_form=form)


@blueprint.post(f"{OWN}/papers")
@requires("admissions:application:file")
def add_papers(application_id: int) -> Any:
    """Hand in more papers while nothing is decided."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    form = PapersForm()
    if form.validate_on_submit():
        done = carried_out(form, lambda: [
            applying.add_file(db.session, current_actor(), found, name, content) for name, content in _papers(form)
        ] or True)  # fmt: skip
        if done:
            flash(_("เก็บเอกสารแล้ว"), "good")
            return redirect(url_for("admissions.own", application_id=application_id, _anchor="papers"), 303)
    return _again(application_id, papers_form=form)


@blueprint.get(f"{OWN}/papers/<int:file_id>")
@requires("admissions:application:file")
def own_paper(application_id: int, file_id: int) -> Any:
    """An own paper, as a download."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    return send(queries.file_of(db.session, found.id, file_id).file)


@blueprint.post(f"{OWN}/papers/<int:file_id>/take-away")
@requires("admissions:application:file")
def take_paper_away(application_id: int, file_id: int) -> Any:
    """Take an own paper out while nothing is decided."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    applying.take_file_away(db.session, current_actor(), found, queries.file_of(db.session, found.id, file_id))
    db.session.commit()
    flash(_("นำเอกสารออกแล้ว"), "good")
    return redirect(url_for("admissions.own", application_id=application_id, _anchor="papers"), 303)


@blueprint.post(f"{OWN}/seats/<int:offer_id>")
@requires("admissions:application:file")
def answer_offer(application_id: int, offer_id: int) -> Any:
    """Take a seat, which enrolls the officer, or give it up with a reason."""
    found = queries.own_application(db.session, application_id, current_officer_id())
    offer = reads.own_offer(db.session, offer_id, current_officer_id())
    form = OfferAnswerForm()
    if form.validate_on_submit():
        accepted = form.accepted.data == "yes"
        if carried_out(form, lambda: _answered(offer, form, accepted)):
            flash(_("ตอบรับแล้ว ท่านเป็นผู้เข้ารับการอบรมของรุ่นนี้") if accepted else _("บันทึกการสละสิทธิ์แล้ว"), "good")
            return redirect(url_for("admissions.own", application_id=found.id), 303)
    return _again(application_id, offer_form=form)


def _answered(offer: Offer, form: OfferAnswerForm, accepted: bool) -> bool:
    seats.answer(
        db.session, current_actor(), offer, accepted=accepted, reason=form.reason.data or "", version=form.seen()
    )
    return True


@blueprint.get("/my/applications/results/<int:selection_id>")
@requires("admissions:application:file")
def result(selection_id: int) -> Any:
    """The officer's own place in a published selection, with the rule and where every figure comes from."""
    from webapp.admissions.selection_views import frozen_table, released_of

    place = reads.own_place(db.session, selection_id, current_officer_id())
    table, inputs = frozen_table(place.selection)
    return render_template(
        "admissions/result.html", place=place, selection=place.selection, cohort=place.selection.cohort, inputs=inputs,
        explained=table.explained(place.officer_no, {}), table=table, released=released_of(place.selection),
        application=queries.application_of(db.session, place.selection.cohort_id, place.officer_id),
        other=next((one for one in inputs["others"] if one["officer_no"] == place.officer_no), None),
        entries=[one for one in reads.own_entries(db.session, place.officer_id) if one.selection_id == selection_id],
    )  # fmt: skip


@blueprint.get("/my/applications/results/<int:selection_id>/letter")
@requires("admissions:application:file")
def own_letter(selection_id: int) -> Any:
    """The officer's own letter, as a PDF."""
    from webapp.admissions.letters import file_name, letter

    place = reads.own_place(db.session, selection_id, current_officer_id())
    content = letter(db.session, place)
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(place.selection.cohort))
    return response
