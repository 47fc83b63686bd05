"""Centers: the list, one with what it lacks, its policy, exercises and matrix; approval by a second person."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, may_any, requires
from webapp.assessments.center import queries, setting, setting_forms, words
from webapp.assessments.center.models import AUDIENCES, EXERCISE_KINDS, METHODS, Center
from webapp.assessments.views import blueprint, said
from webapp.careers.models import Post
from webapp.database import db
from webapp.errors import Refused
from webapp.files.sending import send
from webapp.language import language

BASE = "/centers/<code>"


@blueprint.app_context_processor
def _center_words() -> dict[str, Any]:
    return {
        "center_status_words": words.CENTER_STATUS_WORDS, "center_status_kinds": words.CENTER_STATUS_KINDS,
        "method_words": words.METHOD_WORDS, "exercise_words": words.EXERCISE_WORDS, "audience_words": words.AUDIENCE_WORDS,
        "conflict_words": words.CONFLICT_WORDS, "conflict_source": words.source_of, "stars_sentence": words.stars_sentence,
        "star_words": words.star_words,
    }  # fmt: skip


def attempt(act: Callable[[], Any], done: str, address: str) -> Any:
    """Do one operation and commit; a refusal is said on the page it came from."""
    try:
        act()
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(address, 303)
    flash(done, "good")
    return redirect(address, 303)


def lacks_of(center: Center, found: list[setting.Missing]) -> list[tuple[str, str]]:
    """What is missing in words, each with the address of the page that puts it right."""
    names = {row.code: _named(row) for row in queries.exercises_of(db.session, center.id)}
    names |= {row.code: _named(row) for row in queries.competencies_offered(db.session, center)}
    pages = words.PAGE_OF_MISSING
    return [(words.missing_words(one, names), url_for(f".{pages[one.code]}", code=center.code)) for one in found]


def _named(row: Any) -> str:
    return (row.name_en or row.name_th) if language() == "en" else row.name_th


@blueprint.get("/centers")
@requires("assessments:center:list")
def centers() -> Any:
    """Every assessment center."""
    return render_template("assessments/center/list.html", rows=queries.centers(db.session))


@blueprint.get(BASE)
@requires("assessments:center:list")
def center(code: str) -> Any:
    """A center: its policy, how far it is set up and what it lacks; approval."""
    found = queries.center_by_code(db.session, code)
    exercises = queries.exercises_of(db.session, found.id)
    lacks = lacks_of(found, setting.missing(db.session, found)) if found.status == "draft" else []
    return render_template(
        "assessments/center/center.html", center=found, exercises=exercises, lacks=lacks,
        participants=len(queries.participants_of(db.session, found.id)),
        assessors=len(queries.assessors_of(db.session, found.id)), rooms=len(queries.rooms_of(db.session, found.id)),
        blocks=queries.blocks_of(db.session, found.id), sittings=len(queries.sittings_of(db.session, found.id)),
        post=db.session.get(Post, found.post_id) if found.post_id else None,
        wrote=current_actor().account_id in (found.editors or []), begun=queries.has_begun(db.session, found.id),
    )  # fmt: skip


@blueprint.route("/centers/new", methods=["GET", "POST"])
@requires("assessments:center:change")
def center_new() -> Any:
    """A new center."""
    return _edit(None)


@blueprint.route(f"{BASE}/edit", methods=["GET", "POST"])
@requires("assessments:center:change")
def center_edit(code: str) -> Any:
    """The policy, the method and the rules of a center."""
    return _edit(queries.center_by_code(db.session, code))


def _edit(found: Center | None) -> Any:
    posts = queries.posts_with_profile(db.session)
    errors: dict[str, str] = {}
    typed: Any = setting_forms.typed_policy(found)
    if request.method == "POST":
        typed = request.form
        policy, errors = setting_forms.read_policy(typed, {str(post.id): post.id for post in posts})
        try:
            if not errors:
                code = _saved(found, policy, request.form.get("version", 0, type=int))
                db.session.commit()
                flash(_("บันทึกศูนย์การประเมินแล้ว"), "good")
                return redirect(url_for(".center", code=code), 303)
        except Refused as refused:
            db.session.rollback()
            errors = {"name_th": said(refused)}
    page = render_template(
        "assessments/center/edit.html",
        center=found,
        typed=typed,
        errors=errors,
        posts=posts,
        methods=METHODS,
        key=request.form.get("key") or str(uuid.uuid4()),
    )
    return page, 422 if errors else 200


def _saved(found: Center | None, policy: setting.Policy, version: int) -> str:
    if found is None:
        return setting.create(db.session, current_actor(), policy, key=request.form.get("key", "")[:80] or None).code
    setting.change(db.session, current_actor(), found, policy, version=version)
    return found.code


@blueprint.post(f"{BASE}/approve")
@requires("assessments:center:approve")
def center_approve(code: str) -> Any:
    """The second person approves."""
    found = queries.center_by_code(db.session, code)
    return attempt(
        lambda: setting.approve(db.session, current_actor(), found), _("อนุมัติศูนย์การประเมินแล้ว"),
        url_for(".center", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/reopen")
@requires("assessments:center:change")
def center_reopen(code: str) -> Any:
    """Take the approval back, with a reason."""
    found, reason = queries.center_by_code(db.session, code), request.form.get("reason", "")
    return attempt(
        lambda: setting.reopen(db.session, current_actor(), found, reason=reason), _("นำกลับมาเป็นร่างแล้ว"),
        url_for(".center", code=code),
    )  # fmt: skip


@blueprint.get(f"{BASE}/policy.pdf")
@requires("assessments:center:list", "assessments:center:own")
def center_policy(code: str) -> Any:
    """The policy document to print; whoever takes part or assesses may have it too."""
    from webapp.assessments.center.paper import policy_pdf

    found = queries.center_by_code(db.session, code)
    check_theirs(found)
    answer = Response(policy_pdf(db.session, found), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.code}-policy.pdf"'
    return answer


def check_theirs(found: Center) -> None:
    """Staff see every center; officers and assessors those that name them. Raises ``NotFound``."""
    from webapp.accounts.access import current_officer_id
    from webapp.errors import NotFound

    if may_any("assessments:center:list"):
        return
    own = queries.own_centers(db.session, current_actor().account_id, current_officer_id())
    if found.id not in {center.id for center, _assesses, _takes in own}:
        raise NotFound()


# Exercises and the matrix


@blueprint.get(f"{BASE}/exercises")
@requires("assessments:center:list")
def center_exercises(code: str) -> Any:
    """The exercises of a center with their figures and files."""
    found = queries.center_by_code(db.session, code)
    exercises = queries.exercises_of(db.session, found.id)
    materials = queries.materials_of(db.session, [row.id for row in exercises])
    return render_template("assessments/center/exercises.html", center=found, exercises=exercises, materials=materials)


@blueprint.route(f"{BASE}/exercises/new", methods=["GET", "POST"])
@requires("assessments:center:change")
def center_exercise_new(code: str) -> Any:
    """A new exercise."""
    return _exercise(queries.center_by_code(db.session, code), None)


@blueprint.route(f"{BASE}/exercises/<exercise>/edit", methods=["GET", "POST"])
@requires("assessments:center:change")
def center_exercise(code: str, exercise: str) -> Any:
    """An exercise: figures, instructions in both languages, files."""
    return _exercise(queries.center_by_code(db.session, code), exercise)


def _exercise(found: Center, wanted: str | None) -> Any:
    row = queries.exercise_in(db.session, found.id, wanted) if wanted is not None else None
    setting.check_draft(current_actor(), found)
    errors: dict[str, str] = {}
    typed: Any = setting_forms.typed_exercise(row)
    if request.method == "POST":
        typed = request.form
        content, errors = setting_forms.read_exercise(typed)
        try:
            if not errors:
                made = setting.save_exercise(
                    db.session, current_actor(), found, content, row, version=request.form.get("version", type=int)
                )
                db.session.commit()
                flash(_("บันทึกแบบฝึกแล้ว"), "good")
                return redirect(url_for(".center_exercise", code=found.code, exercise=made.code), 303)
        except Refused as refused:
            db.session.rollback()
            errors = {"code": said(refused)}
    page = render_template(
        "assessments/center/exercise.html", center=found, exercise=row, typed=typed, errors=errors, kinds=EXERCISE_KINDS,
        audiences=AUDIENCES, materials=queries.materials_of(db.session, [row.id]).get(row.id, []) if row else [],
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.post(f"{BASE}/exercises/<exercise>/remove")
@requires("assessments:center:change")
def center_exercise_remove(code: str, exercise: str) -> Any:
    """Take an exercise out."""
    found = queries.center_by_code(db.session, code)
    row = queries.exercise_in(db.session, found.id, exercise)
    return attempt(
        lambda: setting.remove_exercise(db.session, current_actor(), found, row), _("นำแบบฝึกออกแล้ว"),
        url_for(".center_exercises", code=code),
    )  # fmt: skip


@blueprint.post(f"{BASE}/exercises/<exercise>/materials")
@requires("assessments:center:change")
def center_material_add(code: str, exercise: str) -> Any:
    """Keep a file with an exercise."""
    found = queries.center_by_code(db.session, code)
    row = queries.exercise_in(db.session, found.id, exercise)
    file = request.files.get("file")
    name, content = (file.filename or "", file.read()) if file is not None else ("", b"")
    return attempt(
        lambda: setting.add_material(
            db.session, current_actor(), found, row, name=name, content=content,
            audience=request.form.get("audience", ""),
        ),
        _("เก็บเอกสารแล้ว"), url_for(".center_exercise", code=code, exercise=exercise),
    )  # fmt: skip


@blueprint.post(f"{BASE}/materials/<int:material_id>/remove")
@requires("assessments:center:change")
def center_material_remove(code: str, material_id: int) -> Any:
    """Take a file off."""
    found = queries.center_by_code(db.session, code)
    row = queries.material_in(db.session, found.id, material_id)
    return attempt(
        lambda: setting.remove_material(db.session, current_actor(), found, row), _("นำเอกสารออกแล้ว"),
        url_for(".center_exercises", code=code),
    )  # fmt: skip


@blueprint.get(f"{BASE}/materials/<int:material_id>")
@requires("assessments:center:list", "assessments:center:assess")
def center_material(code: str, material_id: int) -> Any:
    """A file of an exercise: for staff, and for the center's assessors. Participants get theirs in the exercise itself."""
    found = queries.center_by_code(db.session, code)
    if not may_any("assessments:center:list"):
        queries.own_assessor(db.session, found.id, current_actor().account_id)
    return send(queries.material_in(db.session, found.id, material_id).file)


@blueprint.get(f"{BASE}/matrix")
@requires("assessments:center:list")
def center_matrix(code: str) -> Any:
    """Exercises × competencies on one page."""
    found = queries.center_by_code(db.session, code)
    return _matrix(found, setting_forms.typed_matrix(queries.cells_of(db.session, found.id)), {})


@blueprint.post(f"{BASE}/matrix")
@requires("assessments:center:change")
def center_matrix_save(code: str) -> Any:
    """The whole matrix at once; what it still lacks is said on the page."""
    found = queries.center_by_code(db.session, code)
    exercises = {row.id: row.code for row in queries.exercises_of(db.session, found.id)}
    competencies = [row.code for row in queries.competencies_offered(db.session, found)]
    weights, errors = setting_forms.read_matrix(request.form, exercises, competencies)
    if errors:
        return _matrix(found, request.form, errors), 422
    return attempt(
        lambda: setting.save_matrix(
            db.session, current_actor(), found, weights, version=request.form.get("version", type=int)
        ),
        _("บันทึกตารางสมรรถนะแล้ว"),
        url_for(".center_matrix", code=code),
    )  # fmt: skip


def _matrix(found: Center, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "assessments/center/matrix.html", center=found, exercises=queries.exercises_of(db.session, found.id),
        competencies=queries.competencies_offered(db.session, found), typed=typed, errors=errors,
        lacks=lacks_of(found, setting.matrix_lacks(db.session, found)),
        elsewhere=queries.competencies_named(db.session, setting.not_measured(db.session, found)),
        changes=found.status == "draft" and may_any("assessments:center:change"),
    )  # fmt: skip
