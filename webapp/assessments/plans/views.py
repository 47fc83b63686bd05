"""A cohort's plan with every reason; its editor, rubrics and second approval."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.assessments.models import SOURCES, AssessmentPlan
from webapp.assessments.plans import forms, operations
from webapp.assessments.plans.operations import content_of, open_points_of, problems_of_draft
from webapp.assessments.plans.rules import PlanContent, to_start_from
from webapp.assessments.plans.words import problem_words
from webapp.assessments.queries import plan_in_force, plan_version, plan_versions, takes_part
from webapp.assessments.ranking.plan import PERSONAL_TIE_BREAKERS
from webapp.assessments.views import blueprint, place, said
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused

BASE = "/cohorts/<code>/plan"


@blueprint.get(BASE)
@requires("assessments:plan:view")
def plan(code: str) -> Any:
    """The plan in force (or the version asked for) with its reasons, who made it and who approved it."""
    cohort, purpose = place(code)
    _check_theirs(cohort)
    staff = may_any("assessments:panel:list")
    number = request.args.get("version", type=int)
    if number is None:
        found = plan_in_force(db.session, cohort.id, purpose)
    else:
        found = plan_version(db.session, cohort.id, purpose, number)
        if found is None or (found.status == "draft" and not staff):
            raise NotFound()
    versions = plan_versions(db.session, cohort.id, purpose) if staff else []
    other = plan_in_force(db.session, cohort.id, "selection" if purpose == "ranking" else "ranking")
    problems = problems_of_draft(db.session, cohort, found) if found is not None and found.status == "draft" else []
    return render_template(
        "assessments/plan.html", cohort=cohort, purpose=purpose, plan=found, versions=versions, staff=staff,
        problems=[(problem_words(row), forms.field_of(row)) for row in problems], other=other,
        open_points=open_points_of(found) if found is not None and staff and found.status == "in-force" else [],
        draft=next((row for row in versions if row.status == "draft"), None), own=_drafted_by_reader(found),
    )  # fmt: skip


def _check_theirs(cohort: Cohort) -> None:
    """Officers see the plan of their own cohort, assessors that of their panels; the others see every plan."""
    if current_roles() - {"officer", "assessor"}:
        return
    if not takes_part(db.session, cohort.id, current_officer_id(), current_actor().account_id):
        raise NotFound()


def _drafted_by_reader(found: AssessmentPlan | None) -> bool:
    return found is not None and found.drafted_by_id is not None and found.drafted_by_id == current_actor().account_id


@blueprint.route(f"{BASE}/edit", methods=["GET", "POST"])
@requires("assessments:plan:change")
def edit_plan(code: str) -> Any:
    """The plan editor: a draft, which changes nothing until a second person puts it in force."""
    cohort, purpose = place(code)
    draft = operations.draft_of(db.session, cohort.id, purpose)
    current = draft or plan_in_force(db.session, cohort.id, purpose)
    errors: dict[str, str] = {}
    content = content_of(current) if current else to_start_from(purpose)
    typed: Any = forms.typed_plan(content, draft.reason if draft else "")
    if request.method == "POST":
        typed = request.form
        content, boxes = forms.read_plan(typed, content_of(current) if current else PlanContent(()))
        errors = boxes.errors
        if not errors:
            draft = operations.start_draft(db.session, current_actor(), cohort, purpose)
            operations.change_draft(db.session, current_actor(), cohort, draft, content, boxes.reason("reason"))
            db.session.commit()
            flash(_("เก็บร่างแผนฉบับที่ %(version)s แล้ว", version=draft.version), "good")
            return redirect(_address(code, purpose, draft.version), 303)
    page = render_template(
        "assessments/plan_form.html", cohort=cohort, purpose=purpose, draft=draft, typed=typed, errors=errors,
        components=max(forms.count_of(typed, "c", "code"), 1) + (0 if errors else forms.SPARE_COMPONENTS),
        breakers=forms.count_of(typed, "t", "key") + (0 if errors else forms.SPARE_BREAKERS), sources=SOURCES,
        personal=PERSONAL_TIE_BREAKERS,
        codes=[typed[name] for name in typed if name.startswith("c-") and name.endswith("-code") and typed[name]],
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.route(f"{BASE}/rubric/<component>", methods=["GET", "POST"])
@requires("assessments:plan:change")
def edit_rubric(code: str, component: str) -> Any:
    """The rubric of a component in the draft: lines with weight, maximum and what points mean."""
    cohort, purpose = place(code)
    draft = operations.draft_of(db.session, cohort.id, purpose)
    row = next((row for row in content_of(draft).components if row.code == component), None) if draft else None
    if draft is None or row is None:
        raise NotFound()
    errors: dict[str, str] = {}
    typed: Any = forms.typed_rubric(row.rubric)
    if request.method == "POST":
        typed = request.form
        rubric, boxes = forms.read_rubric(typed)
        errors = boxes.errors
        if not errors:
            content = content_of(draft)
            rows = tuple(replace(r, rubric=rubric) if r.code == component else r for r in content.components)
            operations.change_draft(
                db.session, current_actor(), cohort, draft, replace(content, components=rows), draft.reason
            )
            db.session.commit()
            flash(_("เก็บเกณฑ์ย่อยแล้ว"), "good")
            return redirect(_address(code, purpose, draft.version), 303)
    page = render_template(
        "assessments/rubric_form.html", cohort=cohort, purpose=purpose, draft=draft, component=row, typed=typed,
        errors=errors, lines=forms.count_of(typed, "r", "name_th") + (0 if errors else forms.SPARE_CRITERIA),
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.post(f"{BASE}/<int:version>/approve")
@requires("assessments:plan:approve")
def approve_plan(code: str, version: int) -> Any:
    """The second person: puts a draft in force, or approves a plan that was loaded from a file."""
    cohort, purpose = place(code)
    found = plan_version(db.session, cohort.id, purpose, version)
    if found is None:
        raise NotFound()
    try:
        if found.status == "draft":
            operations.put_in_force(db.session, current_actor(), cohort, found)
        else:
            operations.approve_loaded(db.session, current_actor(), cohort, found)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(_address(code, purpose, version), 303)
    flash(_("แผนฉบับที่ %(version)s ใช้บังคับและได้รับอนุมัติแล้ว", version=version), "good")
    return redirect(_address(code, purpose, None), 303)


@blueprint.post(f"{BASE}/<int:version>/discard")
@requires("assessments:plan:change")
def discard_plan(code: str, version: int) -> Any:
    """Put a draft away."""
    cohort, purpose = place(code)
    found = plan_version(db.session, cohort.id, purpose, version)
    if found is None:
        raise NotFound()
    operations.discard_draft(db.session, current_actor(), cohort, found)
    db.session.commit()
    flash(_("ทิ้งร่างแผนแล้ว"), "good")
    return redirect(_address(code, purpose, None), 303)


def _address(code: str, purpose: str, version: int | None) -> str:
    return url_for(".plan", code=code, purpose=None if purpose == "ranking" else purpose, version=version)
