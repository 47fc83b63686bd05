"""Closing a cohort and opening it again, each after a summary to check."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import RuleBroken
from webapp.shortlist import closing, rules
from webapp.shortlist.forms import ReasonForm, StepForm
from webapp.shortlist.views import blueprint, live_table
from webapp.steps import carried_out


@blueprint.route("/cohorts/<code>/close", methods=["GET", "POST"])
@requires("courses:cohort:change")
def close(code: str) -> Any:
    """Close a cohort: its passed and failed training records are written."""
    cohort = cohort_by_code(db.session, code)
    form = StepForm()
    if form.validate_on_submit():
        report = carried_out(form, lambda: closing.close(db.session, actor=current_actor(), cohort=cohort))
        if report is not None:
            flash(
                _("ปิดรุ่นแล้ว บันทึกผลผ่าน %(passed)s คน ไม่ผ่าน %(failed)s คน", passed=report.passed, failed=report.failed),
                "good",
            )
            return redirect(url_for("courses.cohort", code=code), 303)
        cohort = cohort_by_code(db.session, code)
    outcome, why_not = _outcome(cohort)
    table, _plan = live_table(cohort)
    return render_template(
        "shortlist/close.html", cohort=cohort, form=form, outcome=outcome, why_not=why_not, table=table,
        day=rules.closing_day(cohort.ends_on, clock.today()), early=clock.today() < cohort.ends_on,
        missing=sum(any(cell.missing for cell in row.cells) for row in table.others()) if table is not None else 0,
    ), 422 if form.errors else 200  # fmt: skip


def _outcome(cohort: Any) -> tuple[dict[int, str], str]:
    try:
        return closing.outcome_of(db.session, cohort), ""
    except RuleBroken as refused:
        return {}, _(refused.message, **refused.values)


@blueprint.route("/cohorts/<code>/reopen", methods=["GET", "POST"])
@requires("courses:cohort:change")
def reopen(code: str) -> Any:
    """Take a closing back with a reason: its training records are voided."""
    cohort = cohort_by_code(db.session, code)
    form = ReasonForm()
    if form.validate_on_submit():
        report = carried_out(
            form, lambda: closing.reopen(db.session, actor=current_actor(), cohort=cohort, reason=form.reason.data)
        )
        if report is not None:
            flash(_("เปิดรุ่นอีกครั้งแล้ว ประวัติการอบรม %(voided)s รายการถูกยกเลิก", voided=report.voided), "good")
            return redirect(url_for("courses.cohort", code=code), 303)
        cohort = cohort_by_code(db.session, code)
    return render_template("shortlist/reopen.html", cohort=cohort, form=form), 422 if form.errors else 200
