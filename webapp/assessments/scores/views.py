"""Score pages of a cohort: the components, a component's sheet, one person's score with its history, release."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import thai
from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.assessments import operations
from webapp.assessments.center.queries import competencies_named
from webapp.assessments.desk import MARKED_STATUSES, Desk, Person, open_desk
from webapp.assessments.models import ScoreEntry
from webapp.assessments.operations import Mark
from webapp.assessments.panels.blind import is_blind, person_at
from webapp.assessments.panels.discussing import flag, notes_on, open_talks
from webapp.assessments.panels.operations import SCORE, given_from, points_from
from webapp.assessments.panels.queries import own_member
from webapp.assessments.panels.views import PANEL, own_desk
from webapp.assessments.queries import plan_in_force
from webapp.assessments.rules import Given
from webapp.assessments.scores import queries
from webapp.assessments.views import blueprint, place, points, said
from webapp.coaching.queries import enrollments_mentored_by
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused, RuleBroken
from webapp.language import language
from webapp.tables import Column, read_table

SHEET = "/cohorts/<code>/scores/<component>"
PAGE = 100
COLUMNS = (Column("name", "", always=True),)


@blueprint.get("/cohorts/<code>/scores")
@requires("assessments:score:list", "assessments:score:list-released")
def scores(code: str) -> Any:
    """The components of a cohort: how many have their score, who assesses, what is released."""
    cohort, purpose = place(code)
    plan = plan_in_force(db.session, cohort.id, purpose)
    other = plan_in_force(db.session, cohort.id, "selection" if purpose == "ranking" else "ranking")
    lines = queries.component_lines(db.session, cohort, plan) if plan is not None else []
    return render_template(
        "assessments/scores.html", cohort=cohort, purpose=purpose, plan=plan, lines=lines, other=other,
        sees_all=may_any("assessments:score:list"),
    )  # fmt: skip


@blueprint.route(SHEET, methods=["GET", "POST"])
@requires("assessments:score:list", "assessments:score:list-released")
def sheet(code: str, component: str) -> Any:
    """Everybody's marks of one component; staff type what paper and examination sheets brought."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    release = queries.releases_of(db.session, cohort.id, purpose).get(component)
    _check_sees(release is not None)
    members = _columns(desk)
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not may_any("assessments:score:record"):
            raise NotFound()
        marks, errors = _typed(desk, members)
        if not errors and _entered(desk, marks, errors):
            return redirect(url_for(".sheet", code=code, component=component, purpose=_asked(purpose), **_kept()), 303)
        if errors:  # somebody may have been faster: show what stands now
            cohort, purpose = place(code)
            desk = open_desk(db.session, cohort, purpose, component)
    table = read_table(COLUMNS, request.args, path=request.path, sort="name", limit=PAGE, keep=("purpose",))
    people = [person for person in desk.people.values() if _named_like(person, table.words)]
    page = render_template(
        "assessments/sheet.html", cohort=cohort, purpose=purpose, desk=desk, members=members, release=release,
        table=table.counted(len(people)), people=people[table.offset : table.offset + table.limit], errors=errors,
        unseen=desk.unseen_by(current_actor().account_id), own_names=_own_names(desk),
        key=request.form.get("key") or str(uuid.uuid4()), typed=request.form, score_field=SCORE,
    )  # fmt: skip
    return page, 422 if errors else 200


def _check_sees(released: bool) -> None:
    """Before release only the institute and the auditor see scores (access table)."""
    if not may_any("assessments:score:list") and not released:
        raise NotFound()


def _asked(purpose: str) -> str | None:
    return None if purpose == "ranking" else purpose


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in ("q", "page") if request.args.get(name)}


def _named_like(person: Person, words: str) -> bool:
    return not words or words.lower() in f"{person.officer_no} {person.name_th} {person.name_en}".lower()


def _columns(desk: Desk) -> list[str]:
    """Whose marks the sheet shows: the panel, and whoever else has given one; one column for all where there is nobody."""
    names = [member.name for member in desk.panel]
    names += sorted({name for _, name in desk.standing} - set(names))
    return names or [""]


def _typed(desk: Desk, members: list[str]) -> tuple[list[Mark], dict[str, str]]:
    marks, errors = [], {}
    for person in desk.people.values():
        for number, member in enumerate(members):
            name = f"mark-{person.enrollment_id}-{number}"
            text = (request.form.get(name) or "").strip()
            if not text:
                continue
            try:
                given = Given(score=points_from(text))
                desk.check_given(given)
                marks.append(Mark(person.enrollment_id, member, given))
            except RuleBroken as refused:
                errors[name] = f"{person.name_th}: {said(refused)}"
    if not marks and not errors:
        errors["sheet"] = _("ยังไม่ได้กรอกคะแนนช่องใด")
    return marks, errors


def _entered(desk: Desk, marks: list[Mark], errors: dict[str, str]) -> bool:
    try:
        entries = operations.enter(db.session, current_actor(), desk, marks, key=request.form.get("key") or None)
        flag(db.session, current_actor(), desk, [mark.enrollment_id for mark in marks])
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        errors["sheet"] = said(refused)
        return False
    flash(_("บันทึกคะแนนแล้ว %(count)s รายการ", count=len(entries)), "good")
    return True


@blueprint.get(f"{SHEET}/<officer_no>")
@requires("assessments:score:view")
def score(code: str, component: str, officer_no: str) -> Any:
    """One person's score of a component: the members' marks, and every entry behind them with who, when and why."""
    cohort, purpose = place(code)
    return _score_page(cohort, purpose, component, officer_no, {})


def _score_page(cohort: Cohort, purpose: str, component: str, officer_no: str, problem: dict[str, Any]) -> Any:
    desk = open_desk(db.session, cohort, purpose, component, everybody=True)
    person = next((row for row in desk.people.values() if row.officer_no == officer_no), None)
    if person is None:
        raise NotFound()
    release = queries.releases_of(db.session, cohort.id, purpose).get(component)
    return _page_of(desk, person, release, _who_looks(desk, person, release is not None), problem)


@blueprint.get(f"{PANEL}/marks/<handle>")
@requires("assessments:score:enter")
def own_mark(member_id: int, handle: str) -> Any:
    """What a panel member submitted for one person, whom it names only where the member may know."""
    member = own_member(db.session, member_id, current_actor().account_id)
    desk = own_desk(member)
    person = person_at(desk, handle)
    if person.account_id is not None and person.account_id == member.account_id:
        raise NotFound()
    release = queries.releases_of(db.session, desk.cohort.id, desk.purpose).get(desk.code)
    return _page_of(desk, person, release, "assessor", {})


def _page_of(desk: Desk, person: Person, release: Any, view: str, problem: dict[str, Any]) -> Any:
    lines = queries.mark_lines(db.session, desk, person)
    waits = person.enrollment_id in desk.unseen_by(current_actor().account_id)
    if view == "assessor" or waits:
        lines = [line for line in lines if line.entry.member in _own_names(desk)]
    marked = person.status in MARKED_STATUSES[desk.purpose]
    named = desk.named_for(person.enrollment_id)
    open_members = [name for name in named if (person.enrollment_id, name) not in desk.standing]
    return render_template(
        "assessments/score.html", cohort=desk.cohort, purpose=desk.purpose, desk=desk, person=person, release=release,
        lines=lines, view="assessor" if waits else view, waits=waits, rubric_facts=_rubric_facts,
        outcome=desk.outcome_of(person.enrollment_id), history_events=_history,
        sees_history=may_any("assessments:score:history"),
        changes=view == "staff" and not waits and may_any("assessments:score:record"),
        open_members=(open_members or ([""] if not desk.panel and not lines else [])) if marked else [],
        problem=problem, key=str(uuid.uuid4()), score_field=SCORE,
        notes=notes_on(db.session, desk, person.enrollment_id) if view == "staff" and not waits else [],
    )  # fmt: skip


def _rubric_facts(entry: ScoreEntry, criteria: Sequence[Any]) -> list[tuple[str, str]]:
    """The lines of a rubric mark as a summary list: what, and points of the maximum. A center's lines are competencies."""
    lines = queries.rubric_lines(entry, criteria)
    others = [line["code"] for line in lines if line["criterion"] is None]
    competencies = {row.code: _named(row) for row in competencies_named(db.session, others)} if others else {}
    return [
        (
            _named(line["criterion"]) if line["criterion"] is not None else competencies.get(line["code"], line["code"]),
            _("%(points)s จาก %(maximum)s (น้ำหนัก %(weight)s)", points=thai.number(line["points"]),
              maximum=thai.number(line["maximum"]), weight=thai.number(line["weight"])),
        )
        for line in lines
    ]  # fmt: skip


def _named(thing: Any) -> str:
    return (thing.name_en or thing.name_th) if language() == "en" else thing.name_th


def _history(entries: tuple[ScoreEntry, ...], sees_names: bool) -> list[dict[str, str]]:
    """Entries as a history, the newest first: what it was, who entered it, when and why."""
    return [
        {
            "when": thai.moment(entry.entered_at, language()),
            "title": _("เพิกถอน") if entry.withdrawn else _("%(points)s คะแนน", points=points(Desk.total_of(entry))),
            "who": entry.entered_by if sees_names else "",
            "note": _("เหตุผล: %(reason)s", reason=entry.reason) if entry.reason else "",
        }
        for entry in entries
    ]


def _who_looks(desk: Desk, person: Person, released: bool) -> str:
    """As what the reader may see this: ``staff``, ``released`` (the commission's office, executives, mentors), ``own``,
    ``assessor`` (own marks alone). Everybody else: it is not there.
    """
    if person.officer_id == current_officer_id():
        if released:
            return "own"
        raise NotFound()
    if may_any("assessments:score:list"):
        return "staff"
    if _own_names(desk) and (released or not is_blind(desk.component)):
        return "assessor"
    officer_id = current_officer_id()
    if released and may_any("assessments:score:list-released"):
        return "released"
    if (
        released
        and officer_id is not None
        and "mentor" in current_roles()
        and person.enrollment_id in set(db.session.scalars(enrollments_mentored_by(officer_id)))
    ):
        return "released"
    raise NotFound()


def _own_names(desk: Desk) -> set[str]:
    account_id = current_actor().account_id
    return {member.name for member in desk.panel if member.account_id == account_id and account_id is not None}


@blueprint.post(f"{SHEET}/<officer_no>")
@requires("assessments:score:record")
def change_score(code: str, component: str, officer_no: str) -> Any:
    """Record a paper mark, correct a mark or withdraw it, with the reason."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component, everybody=True)
    person = next((row for row in desk.people.values() if row.officer_no == officer_no), None)
    if person is None:
        raise NotFound()
    seen = request.form.get("seen", type=int)
    member = request.form.get("member", "")
    reason = request.form.get("reason", "")[:2000]
    try:
        given = Given() if request.form.get("action") == "withdraw" else given_from(request.form, desk.criteria)
        mark = Mark(person.enrollment_id, member, given, request.form.get("note", "")[:2000], seen, reason)
        operations.enter(db.session, current_actor(), desk, [mark], key=request.form.get("key") or None)
        flag(db.session, current_actor(), desk, [mark.enrollment_id])
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        problem = {"member": member, "words": said(refused), "typed": request.form}
        return _score_page(place(code)[0], purpose, component, officer_no, problem), refused.status
    flash(_("บันทึกคะแนนแล้ว คะแนนเดิมยังอยู่ในประวัติ") if seen else _("บันทึกคะแนนแล้ว"), "good")
    address = url_for(".score", code=code, component=component, officer_no=officer_no, purpose=_asked(purpose))
    return redirect(address, 303)


@blueprint.route(f"{SHEET}/release", methods=["GET", "POST"])
@requires("assessments:score:release")
def release(code: str, component: str) -> Any:
    """Check, then release a component to the officers: it cannot be taken back."""
    cohort, purpose = place(code)
    plan = plan_in_force(db.session, cohort.id, purpose)
    lines = queries.component_lines(db.session, cohort, plan) if plan is not None else []
    line = next((row for row in lines if row.component.code == component), None)
    if line is None:
        raise NotFound()
    if request.method == "POST":
        try:
            operations.release_scores(db.session, current_actor(), cohort, component, purpose=purpose)
            db.session.commit()
        except RuleBroken as refused:
            db.session.rollback()
            flash(said(refused), "bad")
        else:
            flash(_("เผยแพร่คะแนนให้ผู้เข้ารับการอบรมเห็นแล้ว"), "good")
        return redirect(url_for(".scores", code=code, purpose=_asked(purpose)), 303)
    talks = open_talks(db.session, cohort.id, purpose, component)
    return render_template("assessments/release.html", cohort=cohort, purpose=purpose, line=line, talks=talks)
