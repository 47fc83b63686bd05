"""Pages of trainees, mentors and assessors: their work, its steps, notes, files and submission. Staff: ``staff_views``."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.access import current_actor, current_officer_id, current_roles, may_any, requires
from webapp.database import db
from webapp.errors import NotFound, Refused
from webapp.files.sending import send
from webapp.projects import operations, queries, words
from webapp.projects.forms import NoteForm, SimpleForm, SubmitForm, number, text
from webapp.projects.rules import state_of
from webapp.tables import Column, Filter, read_table

blueprint = Blueprint("projects", __name__, template_folder="templates")

COLUMNS = (
    Column("title", _l("งาน"), always=True),
    Column("trainee", _l("ผู้เข้ารับการอบรม")),
    Column("steps", _l("ขั้นที่เสร็จ"), numeric=True),
    Column("next", _l("ขั้นต่อไป")),
    Column("state", _l("สถานะ")),
)
FILTERS = (
    Filter("state", _l("สถานะ"), tuple((key, label) for key, (label, _kind) in words.STATES.items())),
    Filter("kind", _l("ประเภทของงาน"), tuple(words.KINDS.items())),
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"work_kinds": words.KINDS, "work_states": words.STATES, "work_events": words.EVENTS, "work_state": state_of}


def reader() -> queries.Reader:
    """Whoever is signed in, as the queries ask."""
    roles = current_roles()
    return queries.Reader(
        current_officer_id(), bool(roles & {"institute", "auditor"}), "mentor" in roles, "executive" in roles
    )


@blueprint.get("/projects")
@requires("projects:assignment:view")
def assignments() -> Any:
    """Work by what the reader is: own, of their trainees, all."""
    who = reader()
    open_views = [view for view, allowed in (
        ("own", "officer" in current_roles()), ("trainees", who.mentor), ("all", who.everything or who.executive),
    ) if allowed]  # fmt: skip
    asked = request.args.get("view", "")
    view = asked if asked in open_views else (open_views[-1] if open_views else "")
    table = read_table(COLUMNS, request.args, path=request.path, sort="", filters=FILTERS, keep=("view",))
    rows, total = ([], 0) if not view else queries.assignments_page(
        db.session, who, words=table.words, state=table.chosen["state"], kind=table.chosen["kind"],
        mine={"own": "trainee", "trainees": "mentor", "all": ""}[view], limit=table.limit, offset=table.offset,
    )  # fmt: skip
    return render_template(
        "projects/assignments.html", table=table.counted(total), rows=rows, view=view, views=open_views
    )


@blueprint.get("/projects/<int:assignment_id>")
@requires("projects:assignment:view")
def assignment(assignment_id: int) -> Any:
    """One piece of work under its author's name; panel members read it in their own room, without names."""
    found = queries.assignment_visible_to(db.session, reader(), assignment_id)
    return _assignment_page(found, NoteForm(key=str(uuid.uuid4())))


def _assignment_page(found: Any, note: NoteForm, errors: list[str] | None = None) -> Any:
    own = found.enrollment.officer_id == current_officer_id() and may_any("projects:assignment:work")
    mentor = not own and may_any("projects:assignment:comment") and _is_mentor(found)
    at_work = own and state_of(found) in ("working", "returned")
    page = render_template(
        "projects/assignment.html", work=found, state=state_of(found), note=note, errors=errors or [], own=own,
        mentor=mentor, at_work=at_work, form=SimpleForm(version=str(found.version)),
        steps=queries.milestones_by(db.session, [found.id]).get(found.id, []),
        files=queries.files_of(db.session, found.id), events=queries.notes_of(db.session, found.id),
        may_manage=may_any("projects:assignment:manage"),
    )  # fmt: skip
    return page, 422 if errors or note.errors else 200


def _is_mentor(found: Any) -> bool:
    officer_id = current_officer_id()
    mine, _total = queries.assignments_page(
        db.session,
        queries.Reader(officer_id, mentor=True),
        cohort_id=found.enrollment.cohort_id,
        mine="mentor",
        limit=500,
    )
    return any(line.assignment.id == found.id for line in mine)


@blueprint.post("/projects/<int:assignment_id>/notes")
@requires("projects:assignment:work", "projects:assignment:comment")
def write_note(assignment_id: int) -> Any:
    """The trainee notes progress, the mentor comments."""
    found = queries.assignment_visible_to(db.session, reader(), assignment_id)
    own = found.enrollment.officer_id == current_officer_id() and may_any("projects:assignment:work")
    if not own and not (may_any("projects:assignment:comment") and _is_mentor(found)):
        raise NotFound()
    form = NoteForm()
    if not form.validate_on_submit():
        return _assignment_page(found, form)
    operations.write_note(
        db.session, current_actor(), found, kind="progress" if own else "comment", text=text(form.text.data),
        key=(form.key.data or "")[:36] or str(uuid.uuid4()),
    )  # fmt: skip
    db.session.commit()
    flash(_("บันทึกความก้าวหน้าแล้ว") if own else _("ส่งความเห็นแล้ว"), "good")
    return redirect(url_for("projects.assignment", assignment_id=found.id, _anchor="events"), 303)


@blueprint.post("/projects/<int:assignment_id>/steps/<int:milestone_id>")
@requires("projects:assignment:work")
def mark_step(assignment_id: int, milestone_id: int) -> Any:
    """The trainee marks a step done, or takes that back."""
    found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
    step = queries.milestone_of(db.session, found.id, milestone_id)
    operations.mark_step(db.session, current_actor(), found, step, done=request.form.get("done") == "yes")
    db.session.commit()
    return redirect(url_for("projects.assignment", assignment_id=found.id, _anchor="steps"), 303)


@blueprint.post("/projects/<int:assignment_id>/files")
@requires("projects:assignment:work")
def add_file(assignment_id: int) -> Any:
    """The trainee adds a file; a type or size that is not taken is said at the form."""
    found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
    given = request.files.get("file")
    try:
        if given is None or not given.filename:
            raise Refused("กรุณาเลือกไฟล์ก่อนกดแนบ")
        operations.add_file(db.session, current_actor(), found, given.filename, given.read())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
        return _assignment_page(
            found, NoteForm(formdata=None, key=str(uuid.uuid4())), [_(refused.message, **refused.values)]
        )
    flash(_("แนบไฟล์แล้ว"), "good")
    return redirect(url_for("projects.assignment", assignment_id=found.id, _anchor="files"), 303)


@blueprint.get("/projects/<int:assignment_id>/files/<int:file_id>")
@requires("projects:assignment:view")
def download(assignment_id: int, file_id: int) -> Any:
    """A file of work the reader may see, as a download under its own name."""
    found = queries.assignment_visible_to(db.session, reader(), assignment_id)
    return send(queries.file_of(db.session, found.id, file_id).file)


@blueprint.post("/projects/<int:assignment_id>/files/<int:file_id>/take-away")
@requires("projects:assignment:work")
def take_file_away(assignment_id: int, file_id: int) -> Any:
    """The trainee takes a file out."""
    found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
    operations.take_file_away(db.session, current_actor(), found, queries.file_of(db.session, found.id, file_id))
    db.session.commit()
    flash(_("นำไฟล์ออกแล้ว"), "good")
    return redirect(url_for("projects.assignment", assignment_id=found.id, _anchor="files"), 303)


@blueprint.route("/projects/<int:assignment_id>/submit", methods=["GET", "POST"])
@requires("projects:assignment:work")
def submit(assignment_id: int) -> Any:
    """The trainee hands in: a summary, and a look at what goes along."""
    found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
    form = SubmitForm(version=str(found.version), summary=found.summary)
    if form.validate_on_submit():
        new = operations.submit(
            db.session, current_actor(), found, summary=text(form.summary.data), version=number(form.version.data)
        )
        db.session.commit()
        flash(_("ส่งงานแล้ว ถอนการส่งได้จนกว่าจะพิจารณา") if new else _("งานนี้ส่งไว้แล้ว"), "good")
        return redirect(url_for("projects.assignment", assignment_id=found.id), 303)
    page = render_template(
        "projects/submit.html", form=form, work=found, files=queries.files_of(db.session, found.id),
        steps=queries.milestones_by(db.session, [found.id]).get(found.id, []),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post("/projects/<int:assignment_id>/take-back")
@requires("projects:assignment:work")
def take_back(assignment_id: int) -> Any:
    """The trainee takes a submission back while it is not decided."""
    found = queries.own_assignment(db.session, current_officer_id(), assignment_id)
    operations.take_back(db.session, current_actor(), found, version=number(request.form.get("version")))
    db.session.commit()
    flash(_("ถอนการส่งแล้ว แก้ไขและส่งใหม่ได้"), "good")
    return redirect(url_for("projects.assignment", assignment_id=found.id), 303)


from webapp.projects import staff_views  # noqa: E402, F401  (adds its pages to the blueprint)
