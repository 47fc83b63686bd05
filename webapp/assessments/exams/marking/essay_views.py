"""A marker's pages: what waits for me, whom I am too close to, one essay at a time and blind."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank.queries import item_by_code, picture
from webapp.assessments.bank.responses import count_words
from webapp.assessments.bank.shown import Rich, rich_for
from webapp.assessments.exams.marking import conflicts, essay_operations, essay_queries
from webapp.assessments.exams.marking.essay_queries import Desk, Essay
from webapp.assessments.exams.marking.pages import tried
from webapp.assessments.views import blueprint
from webapp.database import db
from webapp.errors import NotFound
from webapp.files.sending import send


@blueprint.get("/my/essays")
@requires("assessments:essay:mark")
def my_essays() -> Any:
    """The exams whose essays wait for me, and those whose results are out."""
    account_id = current_actor().account_id
    return render_template(
        "assessments/exams/marking/my_essays.html", desks=essay_queries.desks_of(db.session, account_id),
        over=essay_queries.desks_of(db.session, account_id, ("released",)),
    )  # fmt: skip


@blueprint.get("/my/essays/<code>")
@requires("assessments:essay:mark")
def essay_desk(code: str) -> Any:
    """My essays of one exam, question by question, in an order of my own; first the declaration."""
    desk = _desk(code)
    over = desk.exam.status == "released"
    if not over and (not desk.declared or request.args.get("declare")):
        return render_template("assessments/exams/marking/declare.html", desk=desk)
    return render_template("assessments/exams/marking/desk.html", desk=desk, waits=essay_queries.waits_for)


@blueprint.post("/my/essays/<code>/declaration")
@requires("assessments:essay:mark")
def essay_declare(code: str) -> Any:
    """Say whom I am too close to, or that there is nobody."""
    desk = _desk(code)
    names = request.form.get("names", "") if request.form.get("close") == "yes" else ""
    if request.form.get("close") not in ("yes", "no") or (request.form["close"] == "yes" and not names.strip()):
        flash(_("เลือกว่ามีหรือไม่มี หากมี กรุณาเขียนชื่อ"), "bad")
        return redirect(url_for(".essay_desk", code=code, declare=1), 303)
    conflicts.declare(db.session, current_actor(), desk.exam, desk.marker, names)
    db.session.commit()
    flash(_("บันทึกแล้ว เริ่มตรวจได้"), "good")
    return redirect(url_for(".essay_desk", code=code), 303)


@blueprint.route("/my/essays/<code>/<number>/<int:version_id>", methods=["GET", "POST"])
@requires("assessments:essay:mark")
def essay(code: str, number: str, version_id: int) -> Any:
    """One essay: read, mark by the rubric, submit. Other marks are shown once both have to agree, and after release."""
    desk = _desk(code)
    found = essay_queries.essay_on(desk, number, version_id)
    problem = ""
    if request.method == "POST":
        seen = request.form.get("seen", "")
        typed = {row["id"]: request.form.get(f"r-{place}", "") for place, row in enumerate(_rubric(found))}
        made, problem = tried(lambda: essay_operations.mark_essay(
            db.session, current_actor(), desk, found, typed, note=request.form.get("note", ""),
            reason=request.form.get("reason", "")[:2000], key=request.form.get("key") or None,
            seen=int(seen) if seen.isdigit() else None,
        ))  # fmt: skip
        if not problem:
            flash(_("บันทึกคะแนนของผู้สอบ %(number)s แล้ว", number=number), "good")
            return redirect(_next(code, found, made.question_id), 303)
        desk = _desk(code)
        found = essay_queries.essay_on(desk, number, version_id)
    return _page(desk, found, problem), 422 if problem else 200


def _desk(code: str) -> Desk:
    return essay_queries.own_desk(db.session, code, current_actor().account_id)


def _rubric(found: Essay) -> list[dict[str, Any]]:
    return essay_operations.rubric_of(found)


def _next(code: str, just: Essay, done: int) -> str:
    """The next essay that waits, of the same question first; else the list."""
    desk = _desk(code)
    waiting = [
        one for one in desk.essays
        if one.question_id != done and essay_queries.waits_for(one, desk.marker) and not one.mark_of(desk.marker.account_id)
    ]  # fmt: skip
    waiting.sort(key=lambda one: one.version_id != just.version_id)
    if waiting:
        return url_for(".essay", code=code, number=waiting[0].number, version_id=waiting[0].version_id)
    return url_for(".essay_desk", code=code)


def _page(desk: Desk, found: Essay, problem: str) -> str:
    account_id = desk.marker.account_id
    agreeing = found.outcome.why == "needs-agreement" and found.mark_of(account_id) is not None
    own = found.mark_of(account_id, "agreed") if agreeing else found.mark_of(account_id)
    seen = essay_queries.as_marker_sees(found, desk.marker, desk.exam.status == "released")
    offered = own
    if agreeing:
        offered = next((mark for mark in reversed(seen.marks) if mark.part == "agreed"), None)
    if problem:
        values = {row["id"]: request.form.get(f"r-{place}", "") for place, row in enumerate(_rubric(found))}
        note = request.form.get("note", "")
    else:
        values, note = (dict(offered.marks), offered.note if not agreeing else "") if offered else ({}, "")
    place = [one.question_id for one in desk.essays if one.version_id == found.version_id]
    return render_template(
        "assessments/exams/marking/essay.html", desk=desk, essay=seen, own=own, agreeing=agreeing,
        rubric=_rubric(found), values=values, note=note, problem=problem, key=str(uuid.uuid4()),
        words=count_words(found.text), open=desk.declared and desk.exam.status != "released" and not seen.agreed,
        rich=_rich(desk.exam.code, found), here=place.index(found.question_id) + 1, of=len(place),
    )  # fmt: skip


def _rich(code: str, found: Essay) -> Rich:
    return rich_for(lambda sha256: url_for(
        ".essay_picture", code=code, number=found.number, version_id=found.version_id, sha256=sha256
    ))  # fmt: skip


@blueprint.get("/my/essays/<code>/<number>/<int:version_id>/pictures/<sha256>")
@requires("assessments:essay:mark")
def essay_picture(code: str, number: str, version_id: int, sha256: str) -> Any:
    """A picture of the question that is being marked."""
    found = essay_queries.essay_on(_desk(code), number, version_id)
    if sha256 not in str(found.document):
        raise NotFound()
    return send(picture(db.session, item_by_code(db.session, found.code), sha256).file)
