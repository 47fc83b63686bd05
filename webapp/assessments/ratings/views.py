"""Competency ratings: the list with search, and one officer's, where staff record and correct them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from webapp import clock
from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.center.results_queries import centers_of
from webapp.assessments.models import CompetencyRating
from webapp.assessments.ratings import operations
from webapp.assessments.views import blueprint, said
from webapp.careers.models import Competency
from webapp.database import db
from webapp.errors import NotFound, Refused, RuleBroken
from webapp.fields import Required, ThaiDateField
from webapp.language import language
from webapp.officers.models import Officer
from webapp.tables import Column, TableView, read_table

COLUMNS = (
    Column("name", _l("ชื่อ"), sortable=True, always=True),
    Column("competency", _l("สมรรถนะ"), sortable=True),
    Column("rating", _l("ระดับ"), sortable=True, numeric=True),
    Column("rated", _l("วันที่ประเมิน"), sortable=True),
    Column("method", _l("วิธีประเมิน")),
)
ORDERS = {
    "name": Officer.sort_key,
    "competency": Competency.position,
    "rating": CompetencyRating.rating,
    "rated": CompetencyRating.rated_on,
}


class RatingForm(FlaskForm):
    """One rating."""

    competency = SelectField(_l("สมรรถนะ"))
    rating = SelectField(_l("ระดับ"), coerce=int, choices=[(number, str(number)) for number in operations.LEVELS])
    rated_on = ThaiDateField(_l("วันที่ประเมิน"), [Required()])
    method = StringField(_l("วิธีประเมิน"), [Required(), Length(max=200)])
    assessor = StringField(_l("ผู้ประเมิน"), [Optional(), Length(max=200)])


@blueprint.get("/ratings")
@requires("assessments:rating:list")
def ratings() -> Any:
    """Every rating that stands."""
    view = read_table(COLUMNS, request.args, path=request.path, sort="rated", descending=True)
    rows, total = found(db.session, view)
    return render_template("assessments/ratings.html", table=view.counted(total), rows=rows)


def found(session: Session, view: TableView) -> tuple[list[Any], int]:
    """The standing ratings that the reader asked for, and how many there are."""
    query = (
        select(CompetencyRating, Officer, Competency)
        .join(Officer, Officer.id == CompetencyRating.officer_id)
        .join(Competency, Competency.code == CompetencyRating.competency_code)
        .where(CompetencyRating.voided_at.is_(None))
    )
    if view.words:
        name = Officer.given_name + " " + Officer.family_name
        query = query.where(
            or_(
                name.contains(view.words, autoescape=True), Officer.officer_no.contains(view.words, autoescape=True),
                Competency.name_th.contains(view.words, autoescape=True),
            )
        )  # fmt: skip
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = ORDERS[view.sort]
    query = query.order_by(order.desc() if view.descending else order, CompetencyRating.id)
    return [tuple(row) for row in session.execute(query.limit(view.limit).offset(view.offset))], total


@blueprint.route("/officers/<officer_no>/ratings", methods=["GET", "POST"])
@requires("assessments:rating:list")
def officer_ratings(officer_no: str) -> Any:
    """One officer's ratings with the voided ones; staff add to them."""
    officer = _officer(officer_no)
    form = _form()
    if request.method == "POST":
        if not may_any("assessments:rating:change"):
            raise NotFound()
        if form.validate() and _recorded(officer, form):
            return redirect(url_for(".officer_ratings", officer_no=officer_no), 303)
    given = db.session.execute(
        select(CompetencyRating, Competency)
        .join(Competency, Competency.code == CompetencyRating.competency_code)
        .where(CompetencyRating.officer_id == officer.id)
        .order_by(Competency.position, CompetencyRating.rated_on.desc(), CompetencyRating.id.desc())
    ).all()
    centers = centers_of(db.session, [row.center_final_id for row, _competency in given if row.center_final_id])
    page = render_template("assessments/officer_ratings.html", officer=officer, given=given, form=form, centers=centers)
    return page, 422 if form.errors else 200


@blueprint.post("/officers/<officer_no>/ratings/release")
@requires("assessments:rating:change")
def release_ratings(officer_no: str) -> Any:
    """Let what was rated count, and its officer see it."""
    officer = _officer(officer_no)
    try:
        count = operations.release_ratings(db.session, current_actor(), officer)
        db.session.commit()
    except RuleBroken as refused:
        db.session.rollback()
        flash(said(refused), "bad")
    else:
        flash(_("เผยแพร่ผลประเมินแล้ว %(count)s รายการ", count=count), "good")
    return redirect(url_for(".officer_ratings", officer_no=officer_no), 303)


@blueprint.route("/officers/<officer_no>/ratings/<int:rating_id>", methods=["GET", "POST"])
@requires("assessments:rating:change")
def change_rating(officer_no: str, rating_id: int) -> Any:
    """Correct or void one rating, with the reason."""
    officer = _officer(officer_no)
    row = db.session.get(CompetencyRating, rating_id)
    if row is None or row.officer_id != officer.id or row.voided_at is not None:
        raise NotFound()
    form = _form(
        competency=row.competency_code,
        rating=row.rating,
        rated_on=row.rated_on,
        method=row.method,
        assessor=row.assessor,
    )
    problem = ""
    void = request.form.get("action") == "void"
    if request.method == "POST" and (void or form.validate()):
        reason = request.form.get("reason", "")[:2000]
        try:
            if void:
                operations.void_rating(db.session, current_actor(), officer, row, reason=reason)
            else:
                operations.correct_rating(db.session, current_actor(), officer, row, reason=reason, **_values(form))
            db.session.commit()
        except Refused as refused:
            if refused.status == 404:
                raise
            db.session.rollback()
            problem = said(refused)
        else:
            flash(_("บันทึกแล้ว ผลเดิมยังอยู่ในประวัติ"), "good")
            return redirect(url_for(".officer_ratings", officer_no=officer_no), 303)
    page = render_template(
        "assessments/change_rating.html", officer=officer, row=row, form=form, problem=problem, typed=request.form
    )
    return page, 422 if problem or form.errors else 200


def _recorded(officer: Officer, form: RatingForm) -> bool:
    try:
        operations.record_rating(db.session, current_actor(), officer, **_values(form))
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        form.form_errors.append(said(refused))
        return False
    flash(_("บันทึกผลประเมินแล้ว"), "good")
    return True


def _values(form: RatingForm) -> dict[str, Any]:
    return {
        "competency": form.competency.data, "rating": form.rating.data, "rated_on": form.rated_on.data,
        "method": form.method.data, "assessor": form.assessor.data or "",
    }  # fmt: skip


def _form(**values: Any) -> RatingForm:
    form = RatingForm(**(values or {"rated_on": clock.today()}))
    known = db.session.scalars(select(Competency).order_by(Competency.position, Competency.code))
    english = language() == "en"
    form.competency.choices = [(row.code, row.name_en if english and row.name_en else row.name_th) for row in known]
    return form


def _officer(officer_no: str) -> Officer:
    officer = db.session.scalar(select(Officer).where(Officer.officer_no == officer_no))
    if officer is None:
        raise NotFound()
    return officer
