"""One applicant: the entry rule explained, papers, and the decision; and a head's nomination."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.admissions import applying, deciding, queries
from webapp.admissions import selection_queries as reads
from webapp.admissions.entry import check_from
from webapp.admissions.forms import DecisionForm, NominateForm
from webapp.admissions.models import Application
from webapp.admissions.views import blueprint
from webapp.courses.models import Cohort
from webapp.courses.queries import cohort_by_code, officers_to_enroll
from webapp.database import db
from webapp.errors import NotFound, RuleBroken
from webapp.files.sending import send
from webapp.officers.models import Officer
from webapp.steps import carried_out

PAGE = "/cohorts/<code>/admission/applicants/<officer_no>"


def _choices(application: Application | None, met: bool | None) -> list[tuple[str, Any]]:
    """The steps open on an application where it stands."""
    if application is None or not may_any("admissions:application:change"):
        return []
    accept = [("accept", _("รับเข้าคัดเลือก (ผ่านคุณสมบัติ)"))]
    if application.state == "filed":
        if met is not True:
            accept = [("exception", _("ขอรับเป็นข้อยกเว้น (ต้องมีผู้อนุมัติอีกคน)"))]
        return [*accept, ("refuse", _("ไม่รับใบสมัคร"))]
    if application.state == "exception":
        return [("approve", _("อนุมัติข้อยกเว้น รับเข้าคัดเลือก")), ("refuse", _("ไม่รับใบสมัคร"))]
    return [("reconsider", _("นำกลับมาพิจารณาใหม่"))] if application.state == "refused" else []


STEPS: dict[str, Callable[..., None]] = {
    "refuse": deciding.refuse,
    "exception": deciding.propose_exception,
    "approve": deciding.approve_exception,
    "reconsider": deciding.reconsider,
}
SAID = {
    "accept": _l("รับเข้าคัดเลือกแล้ว"),
    "refuse": _l("บันทึกการไม่รับใบสมัครแล้ว ผู้สมัครเห็นเหตุผลในหน้าใบสมัคร"),
    "exception": _l("บันทึกคำขอข้อยกเว้นแล้ว ขอให้เจ้าหน้าที่อีกคนพิจารณา"),
    "approve": _l("อนุมัติข้อยกเว้นและรับเข้าคัดเลือกแล้ว"),
    "reconsider": _l("นำใบสมัครกลับมาพิจารณาแล้ว"),
}


@blueprint.route(PAGE, methods=["GET", "POST"])
@requires("admissions:application:list")
def applicant(code: str, officer_no: str) -> Any:
    """One applicant of a cohort, and the decision on the application."""
    cohort = cohort_by_code(db.session, code)
    found = queries.applicant(db.session, cohort, officer_no)
    now = deciding.check_of(db.session, cohort, found.officer.id)
    form = DecisionForm(version=found.application.version if found.application else 0)
    form.step.choices = _choices(found.application, True if now is None else now.met)
    if request.method == "POST" and (found.application is None or not form.step.choices):
        raise NotFound()
    if form.validate_on_submit() and carried_out(form, lambda: _decided(found.application, form)):
        flash(SAID[form.step.data], "good")
        return redirect(url_for("admissions.applicant", code=code, officer_no=officer_no), 303)
    if form.form_errors:
        cohort = cohort_by_code(db.session, code)
        found = queries.applicant(db.session, cohort, officer_no)
    application = found.application
    kept = application.entry if application is not None and application.entry else None
    page = render_template(
        "admissions/applicant.html", cohort=cohort, found=found, application=application, form=form, now=now,
        kept=check_from(kept) if kept else None,
        files=queries.files_of(db.session, application.id) if application is not None else [],
        places=[one for one in reads.own_places(db.session, found.officer.id) if one.selection.cohort_id == cohort.id],
        offers=[one for one in reads.own_offers(db.session, found.officer.id) if one.cohort_id == cohort.id],
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _decided(application: Application | None, form: DecisionForm) -> bool:
    assert application is not None
    actor, reason, seen = current_actor(), form.reason.data or "", form.seen()
    if form.step.data == "accept":
        deciding.accept(db.session, actor, application, version=seen)
    else:
        STEPS[form.step.data](db.session, actor, application, reason=reason, version=seen)
    return True


@blueprint.get(f"{PAGE}/papers/<int:file_id>")
@requires("admissions:application:list")
def paper(code: str, officer_no: str, file_id: int) -> Any:
    """A paper of an application, as a download."""
    found = queries.applicant(db.session, cohort_by_code(db.session, code), officer_no)
    if found.application is None:
        raise NotFound()
    return send(queries.file_of(db.session, found.application.id, file_id).file)


@blueprint.route("/cohorts/<code>/admission/nominate", methods=["GET", "POST"])
@requires("admissions:application:change")
def nominate(code: str) -> Any:
    """Find an officer, and record a head's nomination."""
    cohort = cohort_by_code(db.session, code)
    words = (request.args.get("q") or "").strip()[:100]
    form = NominateForm()
    if form.validate_on_submit():
        done = carried_out(form, lambda: _nominated(cohort, form))
        if done is not None:
            flash(_("บันทึกการเสนอชื่อ %(name)s แล้ว รอเจ้าตัวตอบรับ", name=done), "good")
            return redirect(url_for("admissions.applicants", code=code, state="nominated"), 303)
        cohort = cohort_by_code(db.session, code)
    page = render_template(
        "admissions/nominate.html", cohort=cohort, words=words, form=form, chosen=request.form.get("officer", "", str),
        found=officers_to_enroll(db.session, cohort, words),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _nominated(cohort: Cohort, form: NominateForm) -> str:
    officer = db.session.get(Officer, request.form.get("officer", 0, type=int))
    if officer is None:
        raise RuleBroken("กรุณาเลือกข้าราชการที่เสนอชื่อ")
    applying.nominate(
        db.session, current_actor(), cohort, officer, head=form.head.data or "", reason=form.reason.data or "",
        today=clock.today(),
    )  # fmt: skip
    return officer.name_th
