"""Interview guides: read and printed, edited by one, put in force by another."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.assessments.desk import open_desk
from webapp.assessments.panels import guides, queries
from webapp.assessments.panels.guide_forms import SPARE, read_guide, typed_guide
from webapp.assessments.panels.models import InterviewGuide
from webapp.assessments.panels.rules import guide_problems, shares
from webapp.assessments.panels.seats import guide_in_force
from webapp.assessments.panels.views import PANEL, competency_names
from webapp.assessments.panels.words import problem_words
from webapp.assessments.plans.forms import count_of
from webapp.assessments.views import blueprint, place, points, said
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused

GUIDE = "/cohorts/<code>/scores/<component>/guide"


@blueprint.get(GUIDE)
@requires("assessments:guide:view")
def guide(code: str, component: str) -> Any:
    """The guide in force, or the version asked for: questions in their order, weights, levels, who wrote and approved it."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    versions = guides.versions_of(db.session, cohort.id, purpose, component)
    number = request.args.get("version", type=int)
    found = next((row for row in versions if row.version == number), None)
    if number is not None and found is None:
        raise NotFound()
    if found is None:
        found = next((row for row in versions if row.status == "in-force"), None)
    if found is None:
        found = next((row for row in versions if row.status == "draft"), None)
    content = guides.content_of(found)
    return render_template(
        "assessments/guide.html", cohort=cohort, purpose=purpose, desk=desk, guide=found, content=content,
        versions=versions, draft=next((row for row in versions if row.status == "draft"), None),
        used=guides.is_used(db.session, cohort.id, purpose, component), competencies=competency_names(),
        problems=[problem_words(row) for row in guide_problems(content)] if found and found.status == "draft" else [],
        shares=[points(share) for share in shares(content)], own=_wrote(found),
    )  # fmt: skip


def _wrote(found: InterviewGuide | None) -> bool:
    return found is not None and current_actor().account_id in found.writers


@blueprint.get(f"{PANEL}/guide")
@requires("assessments:score:enter")
def panel_guide(member_id: int) -> Any:
    """The guide as a member of the panel reads and prints it."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    found = guide_in_force(db.session, member.cohort_id, member.purpose, member.component)
    if found is None:
        raise NotFound()
    cohort = db.session.get_one(Cohort, member.cohort_id)
    content = guides.content_of(found)
    return render_template(
        "assessments/panel_guide.html", member=member, cohort=cohort, guide=found, content=content,
        desk=open_desk(db.session, cohort, member.purpose, member.component), competencies=competency_names(),
        shares=[points(share) for share in shares(content)],
    )  # fmt: skip


@blueprint.route(f"{GUIDE}/edit", methods=["GET", "POST"])
@requires("assessments:panel:change")
def edit_guide(code: str, component: str) -> Any:
    """The editor of a draft; it begins as a copy of what is in force, or of another cohort's guide (``?from=``)."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    draft = guides.draft_of(db.session, cohort.id, purpose, component)
    others = guides.others(db.session, cohort.id, purpose, component)
    copied = next((row for row, _cohort in others if row.id == request.args.get("from", type=int)), None)
    start = copied or draft or guide_in_force(db.session, cohort.id, purpose, component)
    typed: Any = typed_guide(guides.content_of(start), draft.reason if draft else "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = request.form
        content, boxes = read_guide(typed, competency_names())
        errors = boxes.errors
        if not errors:
            try:
                made = guides.write_draft(
                    db.session, current_actor(), cohort, purpose, component, content, reason=boxes.reason("reason")
                )
                db.session.commit()
            except Refused as refused:
                return _back(refused, code, component, purpose, None)
            flash(_("เก็บร่างแนวคำถามฉบับที่ %(version)s แล้ว", version=made.version), "good")
            return redirect(_address(code, component, purpose, made.version), 303)
    lines = max(count_of(typed, "q", "text"), 1) + (0 if errors else SPARE)
    page = render_template(
        "assessments/guide_form.html", cohort=cohort, purpose=purpose, desk=desk, typed=typed, errors=errors, lines=lines,
        competencies=list(competency_names().values()), others=others, draft=draft,
        used=guides.is_used(db.session, cohort.id, purpose, component),
        replaces=guide_in_force(db.session, cohort.id, purpose, component),
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.post(f"{GUIDE}/<int:version>/approve")
@requires("assessments:panel:change")
def approve_guide(code: str, component: str, version: int) -> Any:
    """The second person puts a draft in force."""
    return _decided(
        code, component, version, guides.put_in_force, _("แนวคำถามฉบับที่ %(version)s ใช้บังคับแล้ว", version=version)
    )


@blueprint.post(f"{GUIDE}/<int:version>/discard")
@requires("assessments:panel:change")
def discard_guide(code: str, component: str, version: int) -> Any:
    """Put a draft away."""
    return _decided(code, component, version, guides.discard, _("ทิ้งร่างแนวคำถามแล้ว"))


def _decided(code: str, component: str, version: int, act: Any, words: str) -> Any:
    cohort, purpose = place(code)
    versions = guides.versions_of(db.session, cohort.id, purpose, component)
    found = next((row for row in versions if row.version == version), None)
    if found is None:
        raise NotFound()
    try:
        act(db.session, current_actor(), cohort, found)
        db.session.commit()
    except Refused as refused:
        return _back(refused, code, component, purpose, version)
    flash(words, "good")
    return redirect(_address(code, component, purpose, None), 303)


def _back(refused: Refused, code: str, component: str, purpose: str, version: int | None) -> Any:
    if refused.status == 404:
        raise refused
    db.session.rollback()
    flash(said(refused), "bad")
    return redirect(_address(code, component, purpose, version), 303)


def _address(code: str, component: str, purpose: str, version: int | None) -> str:
    chosen = None if purpose == "ranking" else purpose
    return url_for(".guide", code=code, component=component, purpose=chosen, version=version)
