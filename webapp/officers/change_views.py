"""Pages of staff: an officer's particulars, facts added by hand, evidenced works verified."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from webapp import clock
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.careers import queries as careers
from webapp.careers.models import Course, Post, Section, Unit
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.officers import operations, pictures, queries
from webapp.officers.forms import DelegationForm, OfficerForm, PostingForm, TrainingForm, VerifyForm, WorkForm
from webapp.officers.models import EvidencedWork, Officer
from webapp.officers.views import ANCHORS, blueprint, reader

CHANGE = "officers:officer:change"
DAYS = ("birth_date", "entry_date", "left_on")


@blueprint.route("/officers/<officer_no>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def edit(officer_no: str) -> Any:
    """Change an officer's particulars, with the reason."""
    found = queries.officer_visible_to(db.session, reader(), officer_no)
    supervisor = db.session.get(Officer, found.supervisor_id) if found.supervisor_id else None
    form = OfficerForm(
        **{name: getattr(found, name) or "" for name in operations.PARTICULARS if name not in DAYS},
        **{name: getattr(found, name) for name in DAYS}, seen=operations.stamp_of(found),
        qualifications=[one.code for one in found.qualifications],
        supervisor_no=supervisor.officer_no if supervisor else "",
    )  # fmt: skip
    offered = queries.qualifications_offered(db.session)
    form.qualifications.choices = [(row.code, pictures.named(row)) for row in offered]
    if form.validate_on_submit():
        try:
            operations.change_officer(db.session, current_actor(), found, seen=form.seen.data or "", **form.said())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            found = queries.officer_visible_to(db.session, reader(), officer_no)
        else:
            flash(_("บันทึกข้อมูลข้าราชการแล้ว"), "good")
            return redirect(url_for("officers.officer", officer_no=officer_no), 303)
    return render_template("officers/edit.html", form=form, officer=found), 422 if form.errors else 200


@blueprint.route("/officers/<officer_no>/add/<any(posting, delegation, work, training):kind>", methods=["GET", "POST"])
@requires(CHANGE)
def add(officer_no: str, kind: str) -> Any:
    """Add a fact by hand."""
    found = queries.officer_visible_to(db.session, reader(), officer_no)
    make_form, save = FACTS[kind]
    form = make_form()
    if form.validate_on_submit():
        try:
            made = save(found, form)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            found = queries.officer_visible_to(db.session, reader(), officer_no)
        else:
            flash(_("เพิ่มรายการแล้ว"), "good")
            return redirect(url_for("officers.officer", officer_no=officer_no, _anchor=f"{kind}-{made.id}"), 303)
    page = render_template("officers/add.html", form=form, officer=found, kind=kind, anchor=ANCHORS[kind])
    return page, 422 if form.errors else 200


def _posting_form() -> FlaskForm:
    form = PostingForm()
    form.post.choices = [(row.id, pictures.named(row)) for row in queries.posts_offered(db.session)]
    form.unit.choices = [(row.id, pictures.named(row)) for row in queries.units_offered(db.session)]
    form.section.choices = [("", _("ไม่ใช่ตำแหน่งในฝ่าย")), *_sections()]
    levels = careers.level_names(db.session)
    form.grade.choices = [("", _("ตามตำแหน่ง"))] + [
        (f"{kind}/{level}", pictures.named(name)) for (kind, level), name in levels.items() if kind and level
    ]
    return form


def _sections() -> list[tuple[str, str]]:
    return [(row.code, pictures.named(row)) for row in careers.sections(db.session)]


def _save_posting(officer: Officer, form: Any) -> Any:
    kind, _slash, level = (form.grade.data or "").partition("/")
    return operations.add_posting(
        db.session, current_actor(), officer, post=db.session.get_one(Post, form.post.data),
        unit=db.session.get_one(Unit, form.unit.data), started_on=form.started_on.data, ended_on=form.ended_on.data,
        position_type=kind, level=level, section_code=form.section.data or "", acting=form.acting.data,
        order_ref=(form.order_ref.data or "").strip(),
    )  # fmt: skip


def _delegation_form() -> FlaskForm:
    form = DelegationForm()
    districts = [row for row in queries.units_offered(db.session) if row.kind == "district"]
    form.unit.choices = [(row.id, pictures.named(row)) for row in districts]
    form.section.choices = _sections()
    return form


def _save_delegation(officer: Officer, form: Any) -> Any:
    return operations.add_delegation(
        db.session, current_actor(), officer, unit=db.session.get_one(Unit, form.unit.data),
        section=db.session.get_one(Section, form.section.data), started_on=form.started_on.data,
        ended_on=form.ended_on.data, order_ref=(form.order_ref.data or "").strip(),
    )  # fmt: skip


def _save_work(officer: Officer, form: Any) -> Any:
    return operations.add_work(
        db.session, current_actor(), officer, title=form.title.data, done_on=form.done_on.data,
        category=(form.category.data or "").strip(),
    )  # fmt: skip


def _training_form() -> FlaskForm:
    form = TrainingForm()
    form.course.choices = [(row.id, pictures.named(row)) for row in queries.courses_offered(db.session)]
    return form


def _save_training(officer: Officer, form: Any) -> Any:
    return operations.add_training(
        db.session, current_actor(), officer, course=db.session.get_one(Course, form.course.data),
        completed_on=form.completed_on.data, result=form.result.data, institution=(form.institution.data or "").strip(),
        hours=form.hours.data, certificate_no=(form.certificate_no.data or "").strip(),
    )  # fmt: skip


FACTS: dict[str, tuple[Callable[[], Any], Callable[[Officer, Any], Any]]] = {
    "posting": (_posting_form, _save_posting),
    "delegation": (_delegation_form, _save_delegation),
    "work": (WorkForm, _save_work),
    "training": (_training_form, _save_training),
}


@blueprint.route("/officers/works/<int:work_id>/verify", methods=["GET", "POST"])
@requires("officers:evidence:verify")
def verify(work_id: int) -> Any:
    """The commission's office verifies an evidenced work."""
    work, found = queries.fact_visible_to(db.session, reader(), "work", work_id)
    if not isinstance(work, EvidencedWork):
        raise NotFound()
    form = VerifyForm(verified_on=clock.today())
    if form.validate_on_submit():
        try:
            operations.verify_work(
                db.session, current_actor(), found, work, verified_on=form.verified_on.data,
                actor_officer_id=current_officer_id(),
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(_(refused.message, **refused.values))
            work, found = queries.fact_visible_to(db.session, reader(), "work", work_id)
        else:
            flash(_("รับรองผลงานแล้ว"), "good")
            return redirect(url_for("officers.officer", officer_no=found.officer_no, _anchor=f"work-{work.id}"), 303)
    return render_template("officers/verify.html", form=form, work=work, officer=found), 422 if form.errors else 200
