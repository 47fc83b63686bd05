"""The wash-up's pages: how far it is, one participant's ratings side by side, the report; closing and release."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.center import places, queries, results_queries, rules, washup
from webapp.assessments.center.models import Center, CenterParticipant
from webapp.assessments.center.outcome import suggested_report
from webapp.assessments.center.setting_forms import CenterBoxes
from webapp.assessments.center.setting_views import BASE, attempt
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import NotFound, Refused

RESULTS = "assessments:center-results:list"
CHANGE = "assessments:center:change"
WASHUP = f"{BASE}/washup"


@dataclass(frozen=True, slots=True)
class Row:
    """A participant in the list of the wash-up."""

    participant: CenterParticipant
    done: places.Progress
    flagged: int
    decided: int
    competencies: int
    report: Any


def not_oneself(participant: CenterParticipant) -> None:
    """Nobody works on their own results: answered as absent."""
    account_id = current_actor().account_id
    if participant.officer.account_id is not None and participant.officer.account_id == account_id:
        raise NotFound()


@blueprint.get(WASHUP)
@requires(RESULTS)
def center_washup(code: str) -> Any:
    """How far the wash-up is, person by person; how far assessors agree; closing and release."""
    from webapp.assessments.center.agreement_shown import agreement_of

    found = queries.center_by_code(db.session, code)
    everywhere, rated = places.places_of(db.session, found.id), places.rated_places(db.session, found.id)
    lines, reports = washup.lines_by_participant(db.session, found), results_queries.reports_of(db.session, found.id)
    account_id = current_actor().account_id
    rows = [
        Row(
            one, places.progress([p for p in everywhere if p.participant_id == one.id], rated),
            sum(1 for line in lines[one.id] if line.flagged), sum(1 for line in lines[one.id] if line.final),
            len(lines[one.id]), reports.get(one.id),
        )
        for one in queries.taking_part(db.session, found.id)
        if one.officer.account_id is None or one.officer.account_id != account_id
    ]  # fmt: skip
    return render_template(
        "assessments/center/washup.html", center=found, rows=rows, left=washup.left_to_do(db.session, found),
        agreement=agreement_of(db.session, found), own_id=account_id,
        decided_here=any(row.decided_by_id == account_id for row in results_queries.finals_of(db.session, found.id).values()),
    )  # fmt: skip


def _seen_by_assessor(found: Center, participant: CenterParticipant) -> bool:
    """Whether the person signed in assessed the participant and has submitted all their own ratings of them."""
    own = next(
        (row for row in queries.assessors_of(db.session, found.id) if row.account_id == current_actor().account_id),
        None,
    )
    if own is None:
        return False
    theirs = [
        one for one in places.places_of(db.session, found.id)
        if one.participant_id == participant.id and one.assessor_id == own.id
    ]  # fmt: skip
    return bool(theirs) and places.progress(theirs, places.rated_places(db.session, found.id)).missing == 0


@blueprint.get(f"{WASHUP}/<officer_no>")
@requires(RESULTS, "assessments:center:assess")
def center_washup_person(code: str, officer_no: str) -> Any:
    """All ratings of a participant side by side, the discussion, the finals; an assessor sees it after giving their own."""
    found = queries.center_by_code(db.session, code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    not_oneself(participant)
    if not may_any(RESULTS) and not _seen_by_assessor(found, participant):
        raise NotFound()
    return _person(found, participant, {}, "")


def _person(found: Center, participant: CenterParticipant, typed: Any, problem: str) -> str:
    lines = washup.lines_of(db.session, found, participant.id)
    everywhere = places.places_of(db.session, found.id)
    theirs = sorted(
        (one for one in everywhere if one.participant_id == participant.id),
        key=lambda one: (one.exercise_id, one.assessor_id),
    )
    done = places.progress(theirs, places.rated_places(db.session, found.id))
    competencies = {
        row.code: row for row in queries.competencies_named(db.session, [line.competency for line in lines])
    }
    given = {(row.exercise_id, row.assessor_id, row.competency_code): row for line in lines for row in line.ratings}
    observed = results_queries.observations_of(db.session, participant.id)
    return render_template(
        "assessments/center/washup_person.html", center=found, participant=participant, lines=lines, theirs=theirs, done=done,
        competencies=competencies, given=given, exercises=results_queries.exercises_by_id(db.session, found.id),
        panel={row.id: row for row in queries.assessors_of(db.session, found.id)}, typed=typed, problem=problem,
        discussion=results_queries.discussion_of(db.session, participant.id), observed=observed,
        history=[row for row in results_queries.history_of(db.session, participant.id) if row.replaces_id is not None],
        report=results_queries.reports_of(db.session, found.id).get(participant.id), key=str(uuid.uuid4()),
        computed={line.competency: rules.mechanical(line.mean) for line in lines if line.mean is not None},
        writes=may_any(CHANGE) and found.status == "approved" and not done.missing and bool(theirs),
    )  # fmt: skip


@blueprint.post(f"{WASHUP}/<officer_no>/discussion")
@requires(CHANGE)
def center_discuss(code: str, officer_no: str) -> Any:
    """Write down what was said."""
    found = queries.center_by_code(db.session, code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    return attempt(
        lambda: washup.discuss(
            db.session, current_actor(), found, participant, words=request.form.get("words", "")[:10_000],
            present=_present(found), key=request.form.get("key", "")[:80] or None,
        ),
        _("บันทึกการหารือแล้ว"), url_for(".center_washup_person", code=code, officer_no=officer_no),
    )  # fmt: skip


def _present(found: Center) -> list[str]:
    """Who sat in the wash-up, by name: assessors of the center who were ticked, and whoever writes."""
    chosen = set(request.form.getlist("present"))
    return [
        *(row.name for row in queries.assessors_of(db.session, found.id) if str(row.id) in chosen),
        current_actor().name,
    ]


@blueprint.post(f"{WASHUP}/<officer_no>/finals")
@requires(CHANGE)
def center_decide(code: str, officer_no: str) -> Any:
    """Keep the final ratings that were chosen, each with its note."""
    found = queries.center_by_code(db.session, code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    form = request.form
    chosen = {
        name.removeprefix("final-"): (int(value), form.get(f"note-{name.removeprefix('final-')}", "")[:2000])
        for name, value in form.items()
        if name.startswith("final-") and value in ("1", "2", "3", "4", "5")
    }
    seen = {name: form.get(f"seen-{name}", type=int) for name in chosen}
    try:
        washup.decide(db.session, current_actor(), found, participant, chosen, present=_present(found), seen=seen)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        found = queries.center_by_code(db.session, code)
        participant = queries.participant_in(db.session, found.id, officer_no)
        return _person(found, participant, dict(form), said(refused)), refused.status
    flash(_("บันทึกผลสุดท้ายแล้ว"), "good")
    return redirect(url_for(".center_washup_person", code=code, officer_no=officer_no), 303)


@blueprint.route(f"{WASHUP}/<officer_no>/report", methods=["GET", "POST"])
@requires(CHANGE)
def center_report(code: str, officer_no: str) -> Any:
    """The participant's report, begun from the finals and their indicators."""
    found = queries.center_by_code(db.session, code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    not_oneself(participant)
    if found.status != "approved":
        raise NotFound()
    there = results_queries.reports_of(db.session, found.id).get(participant.id)
    typed: Any = suggested_report(db.session, found, participant, there)
    problem = ""
    if request.method == "POST":
        typed, boxes = request.form, CenterBoxes(request.form)
        try:
            washup.write_report(
                db.session, current_actor(), found, participant, overall=request.form.get("overall", 0, type=int),
                overall_note=boxes.long("overall_note"), strengths=boxes.long("strengths"), needs=boxes.long("needs"),
                advice=boxes.long("advice"), number=request.form.get("number", 0, type=int),
            )  # fmt: skip
            db.session.commit()
            flash(_("บันทึกรายงานแล้ว"), "good")
            return redirect(url_for(".center_washup_person", code=code, officer_no=officer_no), 303)
        except Refused as refused:
            if refused.status == 404:
                raise
            db.session.rollback()
            problem = said(refused)
            found = queries.center_by_code(db.session, code)
            participant = queries.participant_in(db.session, found.id, officer_no)
    page = render_template(
        "assessments/center/report_form.html", center=found, participant=participant, typed=typed, problem=problem,
        errors={},
    )  # fmt: skip
    return page, 422 if problem else 200


@blueprint.post(f"{WASHUP}/close")
@requires(CHANGE)
def center_close(code: str) -> Any:
    """The second person closes."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: washup.close(db.session, current_actor(), found), _("ปิดการประเมินแล้ว รออีกคนหนึ่งแจ้งผล"),
        url_for(".center_washup", code=code),
    )  # fmt: skip


@blueprint.post(f"{WASHUP}/release")
@requires(CHANGE)
def center_release(code: str) -> Any:
    """Results go out."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: washup.release(db.session, current_actor(), found),
        _("แจ้งผลแล้ว ผลสุดท้ายเข้าไปอยู่ในผลประเมินสมรรถนะของแต่ละคน"), url_for(".center_washup", code=code),
    )  # fmt: skip
