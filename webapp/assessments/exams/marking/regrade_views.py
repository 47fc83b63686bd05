"""Regrading: what was changed, another key, points, void or full marks with a preview, and undoing it."""

import uuid
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.bank.shown import rich_for
from webapp.assessments.exams.marking import answers, new_key, regrading, result_queries
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.models import Exam, Regrade
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import Refused, RuleBroken
from webapp.fields import read_points

KEPT = ("kind", "points")


@blueprint.get("/exams/<code>/regrades")
@requires("assessments:exam:list")
def exam_regrades(code: str) -> Any:
    """Every regrade of the exam, and the questions that can be regraded."""
    exam = this_exam(code)
    found = regrading.regrades_of(db.session, exam)
    codes = result_queries.codes_of(db.session, [row.version_id for row in found])
    return render_template(
        "assessments/exams/marking/regrades.html", exam=exam, regrades=found, codes=codes,
        asked=result_queries.asked_in(db.session, exam),
    )  # fmt: skip


@blueprint.get("/exams/<code>/regrades/new/<int:version_id>")
@requires("assessments:exam:change")
def exam_regrade(code: str, version_id: int) -> Any:
    """How a question is to be marked from now on."""
    exam = this_exam(code)
    version = regrading.version_in(db.session, exam, version_id)
    return _form(exam, version, new_key.boxes_of(_document(exam, version)), "")


def _document(exam: Exam, version: ItemVersion) -> Any:
    """The question as it is marked now: with the latest key that stands."""
    keyed = [row for row in regrading.standing(db.session, exam) if row.version_id == version.id and row.kind == "key"]
    return keyed[-1].change["document"] if keyed else version.document


def _form(exam: Exam, version: ItemVersion, typed: Any, problem: str) -> Any:
    document = _document(exam, version)
    item = result_queries.codes_of(db.session, [version.id])[version.id]
    page = render_template(
        "assessments/exams/marking/regrade.html", exam=exam, version=version, document=document, typed=typed,
        problem=problem, item_code=item[0], kinds=_kinds(document), more=range(new_key.MORE), row_words=answers.row_words,
        key_words=answers.key_words, rich=rich_for(lambda sha256: url_for(".bank_picture", code=item[0], sha256=sha256)),
    )  # fmt: skip
    return page, 422 if problem else 200


def _kinds(document: Any) -> list[str]:
    return [kind for kind in regrading.KINDS if kind != "key" or new_key.may_change(document)]


@blueprint.post("/exams/<code>/regrades/new/<int:version_id>")
@requires("assessments:exam:change")
def exam_regrade_check(code: str, version_id: int) -> Any:
    """What it would do: nothing is recorded yet."""
    exam = this_exam(code)
    version = regrading.version_in(db.session, exam, version_id)
    if "back" in request.form:
        return _form(exam, version, request.form, "")
    try:
        proposal = _proposal(exam, version)
    except Refused as refused:
        return _form(exam, version, request.form, said(refused))
    return _preview(exam, version, proposal, "")


def _proposal(exam: Exam, version: ItemVersion) -> Regrade:
    kind = request.form.get("kind", "")
    document = points = None
    if kind == "key":
        document = new_key.with_key(_document(exam, version), request.form)
    elif kind == "points":
        try:
            points = read_points(request.form.get("points", "") or "0")
        except ValueError:
            raise RuleBroken("พิมพ์เป็นตัวเลข เช่น 7 หรือ 7.5") from None
    return regrading.considered(exam, version, kind, document=document, points=points)


def _preview(exam: Exam, version: ItemVersion, proposal: Regrade, problem: str) -> Any:
    found = regrading.preview(db.session, exam, proposal)
    boxes = [(name, value) for name, value in request.form.items()
             if name in KEPT or name.partition("-")[0] in ("c", "m", "o", "a", "new")]  # fmt: skip
    page = render_template(
        "assessments/exams/marking/regrade_check.html", exam=exam, version=version, proposal=proposal, found=found,
        boxes=boxes, problem=problem, reason=request.form.get("reason", ""), key=str(uuid.uuid4()),
        item_code=result_queries.codes_of(db.session, [version.id])[version.id][0], key_words=answers.key_words,
        before=_document(exam, version),
        names={row.id: row for row in result_queries.candidates_of(db.session, exam)},
    )  # fmt: skip
    return page, 409 if problem else 200


@blueprint.post("/exams/<code>/regrades/new/<int:version_id>/confirmed")
@requires("assessments:exam:change")
def exam_regrade_do(code: str, version_id: int) -> Any:
    """Record it, where nothing has changed since the preview."""
    exam = this_exam(code)
    version = regrading.version_in(db.session, exam, version_id)
    try:
        proposal = _proposal(exam, version)
    except Refused as refused:
        return _form(exam, version, request.form, said(refused))
    made, problem = tried(lambda: regrading.regrade(
        db.session, current_actor(), exam, proposal, reason=request.form.get("reason", "")[:2000],
        seen=request.form.get("seen", ""), key=request.form.get("key") or None,
    ))  # fmt: skip
    if problem:
        exam = this_exam(code)
        version = regrading.version_in(db.session, exam, version_id)
        return _preview(exam, version, _proposal(exam, version), problem)
    flash(_("ตรวจใหม่แล้ว คะแนนเปลี่ยน %(count)s คน", count=len(made.changed)), "good")
    return redirect(url_for(".exam_regrade_one", code=code, number=made.id), 303)


@blueprint.route("/exams/<code>/regrades/<int:number>", methods=["GET", "POST"])
@requires("assessments:exam:list")
def exam_regrade_one(code: str, number: int) -> Any:
    """One regrade: whose total it changed, why, by whom; and what undoing it would do."""
    exam = this_exam(code)
    found = regrading.regrade_at(db.session, exam, number)
    problem = ""
    if request.method == "POST":
        _made, problem = tried(lambda: regrading.undo_regrade(
            db.session, current_actor(), exam, found, reason=request.form.get("reason", "")[:2000],
            seen=request.form.get("seen", ""),
        ))  # fmt: skip
        if not problem:
            flash(_("ยกเลิกการตรวจใหม่แล้ว คะแนนกลับเป็นอย่างเดิม"), "good")
            return redirect(url_for(".exam_regrade_one", code=code, number=number), 303)
        exam = this_exam(code)
        found = regrading.regrade_at(db.session, exam, number)
    candidates = result_queries.candidates_of(db.session, exam)
    page = render_template(
        "assessments/exams/marking/regrade_one.html", exam=exam, regrade=found, problem=problem,
        reason=request.form.get("reason", ""), codes=result_queries.codes_of(db.session, [found.version_id]),
        version=regrading.version_in(db.session, exam, found.version_id), key_words=answers.key_words,
        names={row.number: row for row in candidates},
        then=[[number, *(None if text is None else Fraction(text) for text in figures)] for number, *figures in found.changed],
        undo=regrading.preview_undo(db.session, exam, found) if found.undone_at is None else None,
    )  # fmt: skip
    return page, 422 if problem else 200
