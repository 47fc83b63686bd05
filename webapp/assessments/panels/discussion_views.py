"""Marks that lie apart: staff see them all, members those of people they have marked; talk, revised marks, conclusion."""

import uuid
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import thai
from webapp.accounts.access import current_actor, requires
from webapp.assessments.desk import Desk, Person, open_desk
from webapp.assessments.models import PanelMember
from webapp.assessments.panels import blind, discussing, queries
from webapp.assessments.panels.discussing import apart, discussions_of, threshold_points
from webapp.assessments.panels.operations import SCORE, given_from
from webapp.assessments.panels.rules import DISAGREEMENT
from webapp.assessments.panels.settings import figures_of
from webapp.assessments.panels.views import PANEL, apart_of, own_desk
from webapp.assessments.ranking.scores import exact
from webapp.assessments.scores.queries import mark_lines, rubric_lines
from webapp.assessments.views import blueprint, place, points, said
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused

DIFFERENCES = "/cohorts/<code>/scores/<component>/differences"


@blueprint.get(DIFFERENCES)
@requires("assessments:score:list")
def differences(code: str, component: str) -> Any:
    """Everybody all of whose marks are in, the widest apart first; staff who sit on the panel see those they have marked."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    unseen = desk.unseen_by(current_actor().account_id)
    rows = [row for row in apart(db.session, desk) if row.person.enrollment_id not in unseen]
    figure = figures_of(db.session, cohort.id, purpose, component)[DISAGREEMENT]
    return render_template(
        "assessments/differences.html", cohort=cohort, purpose=purpose, desk=desk, rows=rows, figure=figure,
        threshold=threshold_points(desk.component.maximum, figure.value), waiting=len(desk.people) - len(rows),
    )  # fmt: skip


@blueprint.route(f"{DIFFERENCES}/<officer_no>", methods=["GET", "POST"])
@requires("assessments:score:list")
def discussion(code: str, component: str, officer_no: str) -> Any:
    """One person's marks side by side, before and after the talk; staff open it and write down what was concluded."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    person = next((row for row in desk.people.values() if row.officer_no == officer_no), None)
    if person is None or person.enrollment_id in desk.unseen_by(current_actor().account_id):
        raise NotFound()
    here = url_for(
        ".discussion",
        code=code,
        component=component,
        officer_no=officer_no,
        purpose=None if purpose == "ranking" else purpose,
    )
    problem = ""
    if request.method == "POST":
        problem = _acted(desk, person, None)
        if not problem:
            return redirect(here, 303)
        desk = open_desk(db.session, place(code)[0], purpose, component)
    return _page(desk, desk.people[person.enrollment_id], None, problem)


@blueprint.route(f"{PANEL}/differences/<handle>", methods=["GET", "POST"])
@requires("assessments:score:enter")
def own_discussion(member_id: int, handle: str) -> Any:
    """The same for a member who has marked the person: others' marks, and a form to revise their own with a reason."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    desk = own_desk(member)
    person = blind.person_at(desk, handle)
    if person.enrollment_id not in {row.person.enrollment_id for row in apart_of(member, desk)}:
        raise NotFound()
    problem = ""
    if request.method == "POST":
        full = open_desk(db.session, db.session.get_one(Cohort, member.cohort_id), member.purpose, member.component)
        problem = _acted(full, full.people[person.enrollment_id], member)
        if not problem:
            return redirect(url_for(".own_discussion", member_id=member_id, handle=handle), 303)
        member = queries.own_member(db.session, member_id, current_actor().account_id)
        desk = own_desk(member)
    return _page(desk, blind.person_at(desk, handle), member, problem)


def _acted(desk: Desk, person: Person, member: PanelMember | None) -> str:
    """Open, revise or close, as the form says; returns why not, if not."""
    actor, number = current_actor(), person.enrollment_id
    try:
        match request.form.get("action"):
            case "open":
                discussing.open_discussion(db.session, actor, desk, number)
                words = _("เปิดการหารือแล้ว")
            case "revise" if member is not None:
                given = given_from(request.form, desk.criteria)
                discussing.revise(
                    db.session, actor, desk, member, number, given, seen_id=request.form.get("seen", type=int) or 0,
                    reason=request.form.get("reason", "")[:2000], key=request.form.get("key") or None,
                )  # fmt: skip
                words = _("แก้ไขคะแนนแล้ว คะแนนเดิมยังอยู่ในประวัติ")
            case "close":
                found = discussing.open_one(db.session, desk, number)
                if found is None:
                    return _("การหารือนี้ปิดแล้ว กรุณาเปิดหน้านี้ใหม่")
                discussing.close_discussion(
                    db.session, actor, desk, found, conclusion=request.form.get("conclusion", "")[:4000]
                )
                words = _("บันทึกข้อสรุปและปิดการหารือแล้ว")
            case _:
                raise NotFound()
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        return said(refused)
    flash(words, "good")
    return ""


def _page(desk: Desk, person: Person, member: PanelMember | None, problem: str) -> Any:
    number = person.enrollment_id
    row = next((row for row in apart(db.session, desk) if row.person.enrollment_id == number), None)
    if row is None:
        raise NotFound()
    figure = figures_of(db.session, desk.cohort.id, desk.purpose, desk.code)[DISAGREEMENT]
    talks = [talk for talk in discussions_of(db.session, desk) if talk.enrollment_id == number]
    lines = [line for line in mark_lines(db.session, desk, person) if line.counts]
    own = next((line for line in lines if member is not None and line.member == member.name), None)
    page = render_template(
        "assessments/discussion.html", cohort=desk.cohort, purpose=desk.purpose, desk=desk, person=person, row=row,
        member=member, talks=[_talk(talk) for talk in talks][::-1], figure=figure, lines=lines, own=own, problem=problem,
        heads=[(line.member, True) for line in lines],
        threshold=threshold_points(desk.component.maximum, figure.value), matrix=_matrix(desk, lines), typed=request.form,
        notes=[] if member is not None else discussing.notes_on(db.session, desk, number), key=str(uuid.uuid4()),
        mean=desk.outcome_of(number).score, score_field=SCORE, open=row.discussion is not None and row.discussion.closed_at is None,
    )  # fmt: skip
    return page, 422 if problem else 200


def _talk(talk: Any) -> dict[str, Any]:
    """A discussion as its before and after side by side, points as they are shown."""
    after = {row["member"]: row for row in talk.after or []}
    rows = [
        {
            "member": row["member"], "before": points(exact_fraction(row["points"])),
            "after": points(exact_fraction(after[row["member"]]["points"])) if row["member"] in after else "",
            "changed": row["member"] in after and after[row["member"]]["entry"] != row["entry"],
        }
        for row in talk.before
    ]  # fmt: skip
    return {"talk": talk, "rows": rows, "threshold": thai.number(talk.threshold)}


def exact_fraction(text: str) -> Any:
    """Points as a discussion keeps them: a decimal, or a fraction of two whole numbers."""
    return Fraction(text) if "/" in text else exact(text)


def _matrix(desk: Desk, lines: list[Any]) -> list[dict[str, Any]]:
    """Line by line of the guide or rubric, what each member gave and how far apart that is."""
    found = []
    given = {
        line.member: {row["code"]: row["points"] for row in rubric_lines(line.entry, desk.criteria)} for line in lines
    }
    for row in desk.criteria:
        values = [given[line.member].get(row.code) for line in lines]
        known = [value for value in values if value is not None]
        found.append({"line": row, "values": values, "apart": max(known) - min(known) if known else None})
    return found
