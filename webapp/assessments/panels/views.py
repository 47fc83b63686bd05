"""An assessor's panels and marking sheets; the page on which staff name and recuse members."""

import uuid
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_actor, requires
from webapp.accounts.models import Account
from webapp.assessments.desk import Desk, Person, open_desk
from webapp.assessments.models import MarkDraft, PanelMember, ScoreEntry
from webapp.assessments.panels import blind, operations, queries
from webapp.assessments.panels.conflicts import covered
from webapp.assessments.panels.discussing import Apart, apart, keep_note, notes_of
from webapp.assessments.panels.guides import content_of
from webapp.assessments.panels.operations import SCORE, drafts_digest, drafts_of, given_from, problem_of
from webapp.assessments.panels.overview import overview_of
from webapp.assessments.panels.seats import guide_in_force
from webapp.assessments.panels.turns import turns_of
from webapp.assessments.panels.words import FIGURE_WORDS, FOUND_WORDS, RELATION_WORDS, SHIPPED_REASONS, figure_value
from webapp.assessments.rules import total_of
from webapp.assessments.views import blueprint, place, said
from webapp.careers.queries import competencies
from webapp.courses.models import Cohort
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.files.anonymous import send_anonymous
from webapp.language import language
from webapp.projects.models import ProjectAssignment
from webapp.projects.queries import files_of

PANEL = "/my/panels/<int:member_id>"


@dataclass
class Row:
    """A line of the marking sheet: whom, what is typed, and what was submitted."""

    person: Person
    typed: dict[str, str] = field(default_factory=dict)
    note: str = ""
    entry: ScoreEntry | None = None
    problem: str = ""
    total: Fraction | None = None


@blueprint.get("/my/panels")
@requires("assessments:score:enter")
def my_panels() -> Any:
    """Which panels need the assessor now."""
    account_id = current_actor().account_id
    found = queries.own_panels(db.session, account_id) if account_id is not None else []
    return render_template("assessments/my_panels.html", panels=found)


@blueprint.route(PANEL, methods=["GET", "POST"])
@requires("assessments:score:enter")
def marking(member_id: int) -> Any:
    """The marking sheet: every trainee, every line of the rubric; kept as a draft until submitted.

    It shows the member's own marks alone: nobody else's, and no score. Where marking is blind it names nobody.
    """
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    desk = own_desk(member)
    if unstated(member, desk):
        return redirect(url_for(".state_conflicts", member_id=member_id), 303)
    if request.method == "POST":
        _keep(member, desk)
        db.session.commit()
        if request.form.get("action") == "check":
            return redirect(url_for(".check_marks", member_id=member_id), 303)
        flash(_("เก็บร่างแล้ว ยังไม่ได้ส่ง"), "good")
        return redirect(url_for(".marking", member_id=member_id), 303)
    works = queries.handed_in(db.session, member.cohort_id, desk.component.source)
    return render_template(
        "assessments/marking.html",
        member=member,
        desk=desk,
        rows=_rows(member, desk),
        fields=_fields(desk),
        works=works,
        turns={} if desk.blind else {row.enrollment_id: row for row in turns_of(db.session, desk)},
        apart=[] if desk.blind else [desk.people[n] for n in desk.seats.apart(member.name) if n in desk.people],
        talks=[row for row in apart_of(member, desk) if row.to_do],
    )


@blueprint.route(f"{PANEL}/people/<handle>", methods=["GET", "POST"])
@requires("assessments:score:enter")
def mark_one(member_id: int, handle: str) -> Any:
    """One person on a page, as at an interview: each question with its words and levels, marks, and notes apart from them."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    desk = own_desk(member)
    person = blind.person_at(desk, handle)
    if not marks_them(member, desk, person):
        raise NotFound()
    if unstated(member, desk):
        return redirect(url_for(".state_conflicts", member_id=member_id), 303)
    if request.method == "POST":
        _keep(member, desk)
        db.session.commit()
        if request.form.get("action") == "check":
            return redirect(url_for(".check_marks", member_id=member_id, who=handle), 303)
        flash(_("เก็บร่างแล้ว ยังไม่ได้ส่ง"), "good")
        return redirect(url_for(".mark_one", member_id=member_id, handle=handle), 303)
    rows = _rows(member, desk)
    place = next(number for number, row in enumerate(rows) if row.person.handle == handle)
    return render_template(
        "assessments/mark_one.html", member=member, desk=desk, row=rows[place], fields=_fields(desk),
        guide=content_of(guide_in_force(db.session, member.cohort_id, member.purpose, member.component)),
        own_note=notes_of(db.session, member).get(person.enrollment_id, ""), place=place + 1, count=len(rows),
        before=rows[place - 1].person if place else None, after=rows[place + 1].person if place + 1 < len(rows) else None,
        competencies=competency_names(),
    )  # fmt: skip


def competency_names() -> dict[str, Any]:
    """Competencies by code, for the questions that measure them."""
    return {row.code: row for row in competencies(db.session)}


@blueprint.post(f"{PANEL}/draft")
@requires("assessments:score:enter")
def keep_drafts(member_id: int) -> Any:
    """What the sheet's script sends while the assessor types; answers with one line that says so."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    _keep(member, own_desk(member))
    db.session.commit()
    return _("เก็บร่างแล้วเมื่อ %(time)s", time=thai.clock_time(clock.now(), language()))


@blueprint.route(f"{PANEL}/check", methods=["GET", "POST"])
@requires("assessments:score:enter")
def check_marks(member_id: int) -> Any:
    """Check, then submit: all that is complete, or one trainee (``?who=``)."""
    member = queries.own_member(db.session, member_id, current_actor().account_id)
    if request.method == "POST":
        desk = own_desk(member)
        who = [blind.person_at(desk, handle).enrollment_id for handle in request.form.getlist("who")]
        try:
            entries = operations.submit(
                db.session, current_actor(), member, who, seen=request.form.get("seen", ""),
                key=request.form.get("key") or str(uuid.uuid4()),
            )  # fmt: skip
            db.session.commit()
        except Refused as refused:
            if refused.status == 404:
                raise
            db.session.rollback()
            flash(said(refused), "bad")
            return redirect(url_for(".check_marks", member_id=member_id), 303)
        flash(_("ส่งคะแนนแล้ว %(count)s คน", count=len(entries)), "good")
        return redirect(url_for(".marking", member_id=member_id), 303)
    desk = own_desk(member)
    only = request.args.get("who")
    rows = [row for row in _rows(member, desk) if row.typed and row.entry is None and only in (None, row.person.handle)]
    ready = [row for row in rows if not row.problem]
    chosen = {row.person.enrollment_id for row in ready}
    seen = drafts_digest([draft for draft in drafts_of(db.session, member) if draft.enrollment_id in chosen])
    return render_template(
        "assessments/check_marks.html", member=member, desk=desk, ready=ready, key=str(uuid.uuid4()), seen=seen,
        unready=[row for row in rows if row.problem], fields=_fields(desk), only=only,
    )  # fmt: skip


@blueprint.get(f"{PANEL}/work/<handle>")
@requires("assessments:score:enter")
def panel_work(member_id: int, handle: str) -> Any:
    """Handed-in work as a panel member reads it: without name, number or file names (promise 14)."""
    person, work, files = _work_at(member_id, handle)
    return render_template(
        "assessments/panel_work.html", person=person, work=work, files=files, member_id=member_id, handle=handle
    )


@blueprint.get(f"{PANEL}/work/<handle>/<int:number>")
@requires("assessments:score:enter")
def panel_work_file(member_id: int, handle: str, number: int) -> Any:
    """A file of work to mark, under a name and with properties that tell nothing."""
    _person, _work, files = _work_at(member_id, handle)
    if not 1 <= number <= len(files):
        raise NotFound()
    return send_anonymous(files[number - 1].file, f"work-{handle}-{number}")


def _work_at(member_id: int, handle: str) -> tuple[Person, Any, list[Any]]:
    """Whom the panel calls ``handle``, the work they handed in, and its files. Nothing of one's own."""
    actor = current_actor()
    member = queries.own_member(db.session, member_id, actor.account_id)
    desk = own_desk(member)
    person = blind.person_at(desk, handle)
    found = queries.handed_in(db.session, member.cohort_id, desk.component.source).get(person.enrollment_id)
    if found is None or not marks_them(member, desk, person):
        raise NotFound()
    return person, db.session.get_one(ProjectAssignment, found), files_of(db.session, found)


@blueprint.route("/cohorts/<code>/scores/<component>/panel", methods=["GET", "POST"])
@requires("assessments:panel:list")
def panel(code: str, component: str) -> Any:
    """Who assesses a component; staff name members by account and recuse them with a reason."""
    cohort, purpose = place(code)
    desk = open_desk(db.session, cohort, purpose, component)
    problem = ""
    if request.method == "POST":
        problem = _change_panel(cohort, purpose, desk)
        if not problem:
            target = url_for(
                ".panel", code=code, component=component, purpose=None if purpose == "ranking" else purpose
            )
            return redirect(target, 303)
        cohort, purpose = place(code)
        desk = open_desk(db.session, cohort, purpose, component)
    taken = {member.account_id for member in desk.panel}
    full = {member.account_id for member in desk.panel if not member.substitute or member.recused_at is not None}
    assessors = queries.assessors(db.session)
    page = render_template(
        "assessments/panel.html", cohort=cohort, purpose=purpose, desk=desk, problem=problem, typed=request.form,
        offered=[account for account in assessors if account.id not in taken], view=overview_of(db.session, desk),
        candidates=[account for account in assessors if account.id not in full], relation_words=RELATION_WORDS,
        found_words=FOUND_WORDS, figure_words=FIGURE_WORDS, figure_value=figure_value, shipped_reasons=SHIPPED_REASONS,
    )  # fmt: skip
    return page, 422 if problem else 200


def _change_panel(cohort: Cohort, purpose: str, desk: Desk) -> str:
    """Name or recuse, as the form says; returns why not, if not."""
    actor = current_actor()
    try:
        if "recuse" in request.form:
            number = request.form.get("recuse", type=int)
            member = next((row for row in desk.panel if row.id == number), None)
            if member is None:
                raise NotFound()
            operations.recuse(db.session, actor, member, reason=request.form.get("reason", "")[:2000])
            words = _("บันทึกการถอนตัวของ %(name)s แล้ว", name=member.name)
        else:
            account = db.session.get(Account, request.form.get("account", type=int) or 0)
            if account is None:
                return _("เลือกผู้ประเมินที่จะแต่งตั้ง")
            operations.name_member(db.session, actor, cohort, desk.code, account, purpose=purpose)
            words = _("แต่งตั้ง %(name)s แล้ว", name=account.name)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        return said(refused)
    flash(words, "good")
    return ""


def own_desk(member: PanelMember) -> Desk:
    """The desk as the member may see it: candidate numbers where marking is blind."""
    cohort = db.session.get_one(Cohort, member.cohort_id)
    return blind.as_member_sees(db.session, open_desk(db.session, cohort, member.purpose, member.component))


def _fields(desk: Desk) -> list[dict[str, Any]]:
    """The boxes of one trainee: the rubric's lines, or one score."""
    if not desk.criteria:
        return [{"code": SCORE, "line": None, "maximum": desk.component.maximum}]
    return [{"code": line.code, "line": line, "maximum": line.maximum} for line in desk.criteria]


def _keep(member: PanelMember, desk: Desk) -> None:
    boxes = _fields(desk)
    drafts = {}
    for enrollment_id, person in desk.people.items():
        names = [f"m-{person.handle}-{number}" for number in range(len(boxes))]
        if f"own-{person.handle}" in request.form and marks_them(member, desk, person):
            keep_note(db.session, current_actor(), member, enrollment_id, request.form[f"own-{person.handle}"])
        if not any(name in request.form for name in (*names, f"note-{person.handle}")):
            continue
        marks = {box["code"]: request.form.get(name, "") for box, name in zip(boxes, names, strict=True)}
        drafts[enrollment_id] = (marks, request.form.get(f"note-{person.handle}", "")[:2000])
    operations.save_drafts(db.session, current_actor(), member, drafts)


def _rows(member: PanelMember, desk: Desk) -> list[Row]:
    drafts = {draft.enrollment_id: draft for draft in drafts_of(db.session, member)}
    return [
        _row(desk, person, drafts.get(number), desk.standing.get((number, member.name)))
        for number, person in desk.people.items()
        if marks_them(member, desk, person)
    ]


def marks_them(member: PanelMember, desk: Desk, person: Person) -> bool:
    """Whether the member marks this person: not themselves, nor anybody they are kept apart from or not named for."""
    own = person.account_id is not None and person.account_id == member.account_id
    return not own and desk.seats.marks(member.name, person.enrollment_id)


def unstated(member: PanelMember, desk: Desk) -> set[int]:
    """Whom the member marks and has not stated anything about yet."""
    whom = {number for number, person in desk.people.items() if marks_them(member, desk, person)}
    return whom - covered(db.session, member)


def apart_of(member: PanelMember, desk: Desk) -> list[Apart]:
    """Whose marks lie apart, among those the member has marked."""
    unseen = desk.unseen_by(member.account_id)
    return [
        row for row in apart(db.session, desk)
        if row.person.enrollment_id not in unseen and marks_them(member, desk, row.person)
    ]  # fmt: skip


def _row(desk: Desk, person: Person, draft: MarkDraft | None, entry: ScoreEntry | None) -> Row:
    if entry is not None:
        return Row(person, note=entry.note, entry=entry, total=total_of(entry.score, entry.marks, entry.maximum))
    if draft is None:
        return Row(person)
    row = Row(person, typed=dict(draft.marks), note=draft.note)
    refused = problem_of(draft.marks, desk)
    if refused is not None:
        row.problem = said(refused)
    else:
        given = given_from(draft.marks, desk.criteria)
        row.total = total_of(given.score, given.document(), desk.component.maximum)
    return row
