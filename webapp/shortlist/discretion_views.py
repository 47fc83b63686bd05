"""Exception rules of the commission, officers put forward under them by executives, and the report."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, current_roles, requires
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.shortlist import discretion, queries
from webapp.shortlist.forms import DiscretionForm, ReasonForm, RuleForm
from webapp.shortlist.models import ExceptionRule
from webapp.shortlist.views import blueprint, frozen_table
from webapp.steps import carried_out


def _rule(rule_id: int) -> ExceptionRule:
    rule = db.session.get(ExceptionRule, rule_id)
    if rule is None:
        raise NotFound()
    return rule


@blueprint.get("/exception-rules")
@requires("shortlist:discretion:list")
def exception_rules() -> Any:
    """Exception rules with all their versions."""
    return render_template("shortlist/rules.html", rules=queries.exception_rules(db.session), actor=current_actor())


@blueprint.route("/exception-rules/new", methods=["GET", "POST"])
@requires("shortlist:exception-rule:change")
def new_rule() -> Any:
    """Draft an exception rule, or the next version of one."""
    form = RuleForm()
    earlier = request.args.get("of", "")
    if not form.is_submitted() and earlier:
        found = next((rule for rule in queries.exception_rules(db.session) if rule.code == earlier), None)
        form = RuleForm(obj=found) if found is not None else form
        form.reason.data = ""
    if form.validate_on_submit():
        rule = carried_out(form, lambda: discretion.draft_rule(
            db.session, actor=current_actor(), code=form.code.data, name_th=form.name_th.data,
            name_en=form.name_en.data or "", text_th=form.text_th.data, text_en=form.text_en.data or "",
            reason=form.reason.data))  # fmt: skip
        if rule is not None:
            flash(_("ร่างหลักเกณฑ์แล้ว ต้องให้ผู้อื่นประกาศก่อนจึงจะใช้ได้"), "good")
            return redirect(url_for("shortlist.exception_rules"), 303)
    return render_template("shortlist/rule_form.html", form=form), 422 if form.errors else 200


@blueprint.post("/exception-rules/<int:rule_id>/publish")
@requires("shortlist:exception-rule:change")
def publish_rule(rule_id: int) -> Any:
    """Another person than the author publishes a rule."""
    try:
        discretion.publish_rule(db.session, actor=current_actor(), rule=_rule(rule_id))
        db.session.commit()
        flash(_("ประกาศหลักเกณฑ์แล้ว ใช้ได้กับรายชื่อที่จัดทำหลังจากนี้"), "good")
    except Refused as refused:
        db.session.rollback()
        flash(_(refused.message, **refused.values), "bad")
    return redirect(url_for("shortlist.exception_rules"), 303)


@blueprint.route("/exception-rules/<int:rule_id>/withdraw", methods=["GET", "POST"])
@requires("shortlist:exception-rule:change")
def withdraw_rule(rule_id: int) -> Any:
    """Withdraw a rule with a reason."""
    form = ReasonForm()
    rule = _rule(rule_id)
    if form.validate_on_submit():
        done = carried_out(form, lambda: discretion.withdraw_rule(
            db.session, actor=current_actor(), rule=rule, reason=form.reason.data))  # fmt: skip
        if done is not None:
            flash(_("ยกเลิกหลักเกณฑ์แล้ว"), "good")
            return redirect(url_for("shortlist.exception_rules"), 303)
        rule = _rule(rule_id)
    return render_template("shortlist/withdraw_rule.html", form=form, rule=rule), 422 if form.errors else 200


@blueprint.route("/shortlists/<int:run_id>/discretion", methods=["GET", "POST"])
@requires("shortlist:discretion:use")
def use_discretion(run_id: int) -> Any:
    """An executive puts an officer forward under an exception rule, beside the ranking."""
    run = queries.run_visible_to(db.session, run_id, current_roles())
    usable = queries.rules_usable_for(db.session, run)
    table, _inputs = frozen_table(run)
    form = DiscretionForm()
    form.rule_id.choices = [(rule.id, f"{rule.name_th} ({rule.code} {rule.version})") for rule in usable]
    people = [row for row in [*table.first(table.ranked), *table.others()] if not row.shortlisted or row.tied_at_line]
    form.officer_no.choices = [(row.officer_no, f"{row.name_th} · {row.officer_no}") for row in people]
    if form.validate_on_submit():
        rule = next(rule for rule in usable if rule.id == form.rule_id.data)
        done = carried_out(form, lambda: discretion.use_discretion(
            db.session, actor=current_actor(), run=run, officer_no=form.officer_no.data, rule=rule,
            category=form.category.data, reason=form.reason.data))  # fmt: skip
        if done is not None:
            flash(_("บันทึกการใช้ดุลยพินิจแล้ว แสดงไว้ข้างการจัดลำดับ ลำดับเดิมไม่เปลี่ยน"), "good")
            return redirect(url_for("shortlist.run", run_id=run_id), 303)
        run = queries.run_visible_to(db.session, run_id, current_roles())
    return render_template(
        "shortlist/use_discretion.html", run=run, cohort=run.cohort, form=form, usable=usable
    ), 422 if form.errors else 200


@blueprint.get("/discretion")
@requires("shortlist:discretion:list")
def discretion_report() -> Any:
    """Every officer put forward outside a ranking."""
    rows = queries.discretion_report(db.session)
    counts: dict[str, int] = {}
    for _made, rule, *_more in rows:
        counts[rule.code] = counts.get(rule.code, 0) + 1
    return render_template("shortlist/discretion_report.html", rows=rows, counts=counts)
