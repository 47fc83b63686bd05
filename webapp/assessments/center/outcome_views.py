"""Results once released: the grid with its stars, a participant's results, their own report and answer, the ledger."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.center import outcome, queries, results_queries, transfer, washup
from webapp.assessments.center.models import Center, CenterParticipant
from webapp.assessments.center.setting_views import BASE, attempt
from webapp.assessments.center.washup_views import not_oneself
from webapp.assessments.center.work_views import own_participant
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import NotFound, Refused

OUTCOME = "assessments:center-outcome:list"
TAKE = "assessments:center:take"
RECORD = "assessments:score:record"


def _released(code: str) -> Center:
    """A center whose results are out; before, they are there for those of the wash-up alone. Raises ``NotFound``."""
    found = queries.center_by_code(db.session, code)
    if found.status != "released" and not may_any("assessments:center-results:list"):
        raise NotFound()
    return found


@blueprint.get(f"{BASE}/grid")
@requires(OUTCOME)
def center_grid(code: str) -> Any:
    """Performance × potential, every cell leading to its people; the stars with the rule that made them so."""
    found = _released(code)
    account_id = current_actor().account_id
    rows = [
        one for one in outcome.outcomes_of(db.session, found)
        if found.status == "released" or one.participant.officer.account_id is None
        or one.participant.officer.account_id != account_id
    ]  # fmt: skip
    chosen = request.args.get("cell", "")
    cells: dict[tuple[int, int], list[outcome.Outcome]] = {}
    for one in rows:
        if one.cell is not None:
            cells.setdefault(one.cell, []).append(one)
    shown = [one for one in rows if _is_in(one, chosen)]
    return render_template(
        "assessments/center/grid.html", center=found, rows=rows, cells=cells, chosen=chosen, shown=shown,
        stars=[one for one in rows if one.star], placed=sum(one.cell is not None for one in rows),
    )  # fmt: skip


def _is_in(one: outcome.Outcome, chosen: str) -> bool:
    """Whether somebody belongs to the cell asked for, to the stars, or to all."""
    if not chosen:
        return True
    return one.star if chosen == "stars" else one.cell is not None and f"{one.cell[0]}-{one.cell[1]}" == chosen


@blueprint.get(f"{BASE}/results/<officer_no>")
@requires(OUTCOME)
def center_result(code: str, officer_no: str) -> Any:
    """One participant's results: finals with what they were made from, the report, the answer."""
    found = _released(code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    if found.status != "released":
        not_oneself(participant)
    return _result(found, participant, own=False)


def _result(found: Center, participant: CenterParticipant, *, own: bool) -> str:
    one = next(row for row in outcome.outcomes_of(db.session, found) if row.participant.id == participant.id)
    answer = results_queries.feedback_on(db.session, [one.report.id]).get(one.report.id) if one.report else None
    return render_template(
        "assessments/center/result.html", center=found, one=one, own=own, answer=answer,
        competencies=outcome.competencies_of(db.session, found), expected=outcome.expected_levels(db.session, found),
        picture=outcome.radar_of(db.session, found, one) if one.finals else None,
    )  # fmt: skip


@blueprint.get(f"{BASE}/results/<officer_no>/report.pdf")
@requires(OUTCOME)
def center_result_pdf(code: str, officer_no: str) -> Any:
    """The participant's report as staff and executives print it."""
    found = _released(code)
    participant = queries.participant_in(db.session, found.id, officer_no)
    if found.status != "released":
        not_oneself(participant)
    return _pdf(found, participant)


def _pdf(found: Center, participant: CenterParticipant) -> Response:
    from webapp.assessments.center.paper import report_pdf

    one = next(row for row in outcome.outcomes_of(db.session, found) if row.participant.id == participant.id)
    if one.report is None:
        raise NotFound()
    answer = Response(report_pdf(db.session, found, one), mimetype="application/pdf")
    name = f"{found.code}-{participant.officer.officer_no}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get(f"{BASE}/own/report")
@requires(TAKE)
def center_own_report(code: str) -> Any:
    """The participant's own report, once released."""
    found, own = own_participant(code)
    if found.status != "released":
        raise NotFound()
    return _result(found, own, own=True)


@blueprint.get(f"{BASE}/own/report.pdf")
@requires(TAKE)
def center_own_report_pdf(code: str) -> Any:
    """The same to keep."""
    found, own = own_participant(code)
    if found.status != "released":
        raise NotFound()
    return _pdf(found, own)


@blueprint.post(f"{BASE}/own/report")
@requires(TAKE)
def center_answer(code: str) -> Any:
    """The participant has read the report, and says what they want to say."""
    found, own = own_participant(code)
    words = request.form.get("words", "")
    return attempt(
        lambda: washup.answer(db.session, current_actor(), found, own, words=words), _("บันทึกการตอบรับแล้ว"),
        url_for(".center_own_report", code=code),
    )  # fmt: skip


@blueprint.get(f"{BASE}/transfer")
@requires(RECORD)
def center_transfer(code: str) -> Any:
    """Components of plans that take their scores from a center, and what this one would give."""
    found = _released(code)
    targets = transfer.targets(db.session)
    chosen = next((one for one in targets if one.component.id == request.args.get("component", 0, type=int)), None)
    rows = transfer.carried(db.session, found, chosen) if chosen is not None else []
    return render_template(
        "assessments/center/transfer.html", center=found, targets=targets, chosen=chosen, rows=rows, key=str(uuid.uuid4()),
        waiting=sum(row.state in ("new", "changed") for row in rows), changed=any(row.state == "changed" for row in rows),
    )  # fmt: skip


@blueprint.post(f"{BASE}/transfer")
@requires(RECORD)
def center_transfer_do(code: str) -> Any:
    """Enter them into the ledger."""
    found, form = _released(code), request.form
    target = transfer.target_of(db.session, form.get("component", 0, type=int))
    back = url_for(".center_transfer", code=code, component=target.component.id)
    try:
        count = transfer.transfer(
            db.session,
            current_actor(),
            found,
            target,
            reason=form.get("reason", ""),
            key=form.get("key") or str(uuid.uuid4()),
        )
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(back, 303)
    flash(_("โอนคะแนนเข้ารุ่นแล้ว %(count)s คน", count=count), "good")
    return redirect(back, 303)
