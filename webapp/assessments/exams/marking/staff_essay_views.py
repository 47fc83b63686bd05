"""Marking as staff follow it: progress, differences, who is kept apart, the rule with its reason, every mark of an essay."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField

from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank.responses import count_words
from webapp.assessments.bank.shown import rich_for
from webapp.assessments.exams import words
from webapp.assessments.exams.marking import conflicts, essay_operations, essay_queries
from webapp.assessments.exams.marking.essay_rules import CONFLICTS
from webapp.assessments.exams.marking.pages import this_exam, tried
from webapp.assessments.exams.marking.words import CONFLICT_WORDS, FOUND_WORDS
from webapp.assessments.exams.models import Candidate, Exam
from webapp.assessments.reliability.words import shown
from webapp.assessments.statistics.reliability import reliability_of
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.fields import PointsField, ReasonField, Required


@blueprint.app_context_processor
def _marking_words() -> dict[str, Any]:
    return {
        "essay_outcome_words": words.OUTCOME_WORDS, "essay_part_words": words.PART_OF_MARK_WORDS,
        "essay_rule_words": words.ESSAY_RULE_WORDS, "regrade_words": words.REGRADE_WORDS,
        "regrade_help": words.REGRADE_HELP, "shows_words": words.SHOWS_WORDS, "conflict_words": CONFLICT_WORDS, "found_words": FOUND_WORDS,
    }  # fmt: skip


class EssayRuleForm(FlaskForm):
    """How two marks of an essay become one, and why so."""

    essay_markers = RadioField(
        _l("ผู้ตรวจต่อหนึ่งข้อเขียน"), [Required()], choices=[("2", _l("สองคน โดยไม่เห็นคะแนนกัน")), ("1", _l("คนเดียว"))]
    )
    essay_rule = RadioField(
        _l("เมื่อคะแนนสองคนต่างกันเกินกำหนด"),
        [Required()],
        choices=[(name, words.ESSAY_RULE_WORDS[name]) for name in ("third", "agree", "mean")],
    )
    essay_threshold = PointsField(_l("ต่างกันได้ไม่เกิน"), [Required()], maximum=Decimal(100))
    essay_reason = ReasonField(_l("เหตุผลของกติกา"))
    seen = HiddenField()


@blueprint.get("/exams/<code>/essays")
@requires("assessments:exam:list")
def exam_essays(code: str) -> Any:
    """How far marking is, what the markers differ about, and who is kept apart from whom."""
    exam = this_exam(code)
    hand = essay_queries.at_hand(db.session, exam)
    candidates = conflicts.candidates_of(db.session, exam)
    return render_template(
        "assessments/exams/marking/exam_essays.html", exam=exam, hand=hand, kinds=CONFLICTS, candidates=candidates,
        names={row.id: row for row in candidates}, markers={row.marker.account_id: row.marker for row in hand.progress},
        declared=conflicts.declarations_of(db.session, exam), typed=request.args,
    )  # fmt: skip


@blueprint.get("/exams/<code>/essays/agreement")
@requires("assessments:exam:list")
def exam_essay_agreement(code: str) -> Any:
    """How far the markers of the first round agree, in points of the essays that each has marked; no third or agreed marks."""
    exam = this_exam(code)
    hand = essay_queries.at_hand(db.session, exam)
    ratings = essay_queries.ratings_of(hand)
    complete = ratings.complete()
    found = None
    if any(one.marks for one in hand.essays):
        found = shown(reliability_of(complete if complete.rows else ratings))
    return render_template("assessments/exams/marking/agreement.html", exam=exam, found=found)


@blueprint.post("/exams/<code>/essays/apart")
@requires("assessments:exam:change")
def exam_essays_apart(code: str) -> Any:
    """Keep a marker and a candidate apart."""
    exam = this_exam(code)
    _made, problem = tried(lambda: conflicts.record_conflict(
        db.session, current_actor(), exam, request.form.get("marker", type=int) or 0, request.form.get("number", ""),
        request.form.get("kind", ""), note=request.form.get("note", ""),
    ))  # fmt: skip
    flash(problem or _("แยกผู้ตรวจกับผู้เข้าสอบแล้ว"), "bad" if problem else "good")
    return redirect(url_for(".exam_essays", code=code, _anchor="apart"), 303)


@blueprint.route("/exams/<code>/essays/rule", methods=["GET", "POST"])
@requires("assessments:exam:change")
def exam_essay_rule(code: str) -> Any:
    """The rule for essays and its reason, until the first one is marked."""
    exam = this_exam(code)
    form = EssayRuleForm(obj=exam)
    if request.method == "GET":
        form.essay_markers.data, form.seen.data = str(exam.essay_markers), str(exam.version)
    elif form.validate_on_submit():
        _made, problem = tried(lambda: _set_rule(exam, form))
        if not problem:
            flash(_("บันทึกกติกาการตรวจข้อเขียนแล้ว"), "good")
            return redirect(url_for(".exam_essays", code=code), 303)
        form.form_errors.append(problem)
    page = render_template("assessments/exams/marking/rule.html", exam=this_exam(code), form=form)
    return page, 422 if form.errors else 200


def _set_rule(exam: Exam, form: EssayRuleForm) -> Exam:
    seen = form.seen.data or ""
    return essay_operations.set_rule(
        db.session, current_actor(), exam, markers=int(form.essay_markers.data), rule=form.essay_rule.data,
        threshold=form.essay_threshold.data or Decimal(0), reason=form.essay_reason.data,
        seen_version=int(seen) if seen.isdigit() else 0,
    )  # fmt: skip


@blueprint.get("/exams/<code>/essays/<number>/<int:version_id>")
@requires("assessments:exam:list")
def exam_essay(code: str, number: str, version_id: int) -> Any:
    """One essay for staff: every mark, before and after, and what it comes to."""
    exam = this_exam(code)
    found = essay_queries.essay_at(db.session, exam, number, version_id)
    rich = rich_for(lambda sha256: url_for(".bank_picture", code=found.code, sha256=sha256))
    return render_template(
        "assessments/exams/marking/staff_essay.html", exam=exam, essay=found, rich=rich, words=count_words(found.text),
        rubric=essay_operations.rubric_of(found), whose=_whose(exam, found.candidate_id),
    )  # fmt: skip


def _whose(exam: Exam, candidate_id: int) -> Candidate | None:
    return next((row for row in conflicts.candidates_of(db.session, exam) if row.id == candidate_id), None)
