"""Pages of career paths: the map, one path with its versions, and the editor, which works without scripts."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock
from webapp.accounts.access import current_actor, requires
from webapp.careers import organization_queries, path_forms, path_operations, path_pages, path_queries, queries, words
from webapp.careers import path_rules as rules
from webapp.careers.changing import CHANGE, carried_out, form_page, grade_choices, split_grade
from webapp.careers.forms import ReasonForm
from webapp.careers.models import CareerPath, Post
from webapp.careers.operations import fingerprint
from webapp.careers.pages import READ, blueprint
from webapp.database import db


@blueprint.get("/paths")
@requires(READ)
def paths() -> str:
    """The map: the paths in use as lanes of steps, by post and by where they grow; a reconstruction is called one."""
    found = queries.paths(db.session)
    bound = path_queries.rules(db.session)
    return render_template(
        "careers/paths.html",
        groups=_by_post(found),
        retired=queries.paths(db.session, retired=True),
        rules=bound,
        skipping=path_queries.paths_that_skip(found, bound, clock.today()),
        kinds=words.PATH_KINDS,
    )


def _by_post(found: list[CareerPath]) -> list[tuple[Post, Any]]:
    """Each post that has paths, with its maps."""
    posts = organization_queries.posts_by_id(db.session)
    groups: dict[int, list[CareerPath]] = {}
    for path in found:
        groups.setdefault(path.post_id, []).append(path)
    return [(posts[post_id], path_pages.maps(db.session, group)) for post_id, group in groups.items()]


@blueprint.get("/paths/<path:code>")
@requires(READ)
def path(code: str) -> str:
    """One path as it stands, with its versions."""
    found = path_queries.path(db.session, code)
    return _path_page(found, found)


@blueprint.get("/paths/<path:code>/versions/<int:number>")
@requires(READ)
def path_version(code: str, number: int) -> str:
    """A path as it was, shown for ever."""
    found = path_queries.path(db.session, code)
    return _path_page(found, path_queries.version(db.session, found, number))


def _path_page(found: CareerPath, shown: Any) -> str:
    told = path_pages.PathWords(db.session, [shown])
    bound = path_queries.rules(db.session, found.post_id)
    skipping = path_queries.paths_that_skip([found], bound, clock.today()) if shown is found else {}
    sentence = _("รวมอย่างน้อย %(years)s ปีก่อนถึงตำแหน่งปลายทาง", years=sum(step.get("years") or 0 for step in shown.steps))
    return render_template(
        "careers/path.html",
        path=found,
        shown=shown,
        post=db.session.get(Post, found.post_id),
        steps=told.of(shown),
        picture=path_pages.drawn([shown], told, title=_("ขั้นของเส้นทาง"), sentence=sentence),
        versions=path_queries.versions(db.session, found),
        rule=bound.get(found.post_id),
        skipping=skipping,
        kinds=words.PATH_KINDS,
    )


# The editor ----------------------------------------------------------------------------------------------------------


def _offer(form: Any, kept: set[str]) -> None:
    """Fill the choices of the path and of each step."""
    posts = [(row.code, words.in_language(row)) for row in organization_queries.posts_in_use(db.session)]
    levels = organization_queries.levels(db.session, retired=True)
    kinds = [("", _("ที่ใดก็ได้")), *words.UNIT_KINDS.items()]
    form.kind.choices = list(words.PATH_KINDS.items())
    if form.post_code is not None:
        form.post_code.choices = posts
    named = {code for code, _name in posts}
    known = queries.posts_of_codes(db.session, sorted(kept - named))
    posts += [(row.code, words.in_language(row)) for row in known.values()]
    for entry in form.steps.entries:
        grade = entry.form.grade.data or ""
        entry.form.post.choices = [("", _("ไม่ระบุตำแหน่ง ใช้ประเภทและระดับ")), *posts]
        entry.form.grade.choices = grade_choices(levels, _("ตามตำแหน่ง"), grade)
        entry.form.unit_kind.choices = kinds


def _row(step: Any) -> dict[str, Any]:
    """A step as the form holds it."""
    grade = f"{step['position_type']}/{step['level']}" if step.get("position_type") else ""
    numbers = {name: step.get(name) for name in rules.NUMBERS}
    notes = {name: step.get(name, "") for name in ("note_th", "note_en")}
    return {"post": step.get("post", ""), "grade": grade, "unit_kind": step.get("unit_kind", ""), **numbers, **notes}


def _steps(form: Any) -> list[dict[str, Any]]:
    """The steps as they are kept, from the form."""
    found = []
    for entry in form.steps.entries:
        row = entry.form
        position_type, level = split_grade(row.grade.data)
        found.append(
            {
                "post": row.post.data or None, "position_type": position_type, "level": level,
                "unit_kind": row.unit_kind.data or None, "note_th": row.note_th.data, "note_en": row.note_en.data,
                **{name: int(row[name].data or 0) for name in rules.NUMBERS},
            }
        )  # fmt: skip
    return found


def _arranged(form: Any, asked: str) -> Any:
    """The form after a step was added, moved or taken out; what was typed elsewhere stays. Nothing is saved."""
    act, _dash, typed = asked.partition("-")
    place = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
    rows = [{field.short_name: field.data for field in entry.form} for entry in form.steps.entries]
    rows = {
        "add": lambda: rules.added(rows, place),
        "up": lambda: rules.moved(rows, place, -1),
        "down": lambda: rules.moved(rows, place, 1),
        "remove": lambda: rules.removed(rows, place),
    }.get(act, lambda: rows)()
    data = {field.short_name: field.data for field in form if field.short_name not in ("steps", "csrf_token")}
    form_class = type(form)
    return form_class(formdata=None, data={**data, "steps": rows[: rules.MOST_STEPS]})


def _values(form: Any) -> dict[str, Any]:
    return {
        "name_th": form.name_th.data or "", "name_en": form.name_en.data or "", "kind": form.kind.data,
        "reconstruction": bool(form.reconstruction.data), "steps": _steps(form), "reason": form.reason.data or "",
    }  # fmt: skip


def _editor(form: Any, found: CareerPath | None, change: Any, said: str) -> Any:
    """The editor: arranged where a step's button was pressed, saved where the path's was, else shown."""
    asked = request.form.get("arrange", "")
    if asked and request.method == "POST":
        form = _arranged(form, asked)
    if found is not None:
        del form.code, form.post_code
    _offer(form, {entry.form.post.data for entry in form.steps.entries} - {None, ""})
    if not asked and form.validate_on_submit():
        answer = carried_out(form, lambda: change(form), said, lambda row: url_for("careers.path", code=row.code))
        if answer:
            return answer
    status = 422 if form.errors or form.form_errors else 200
    return render_template("careers/path_form.html", form=form, path=found), status


@blueprint.route("/paths/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_path() -> Any:
    """Add a path to a post."""
    wanted = request.args.get("post", "")
    form = path_forms.PathForm(data={"post_code": wanted, "kind": "district", "steps": [{}, {"post": wanted}]})

    def change(sent: Any) -> CareerPath:
        post = queries.post(db.session, sent.post_code.data)
        return path_operations.add_path(db.session, current_actor(), post, code=sent.code.data or "", **_values(sent))

    return _editor(form, None, change, _("เพิ่มเส้นทางแล้ว"))


@blueprint.route("/paths/<path:code>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_path(code: str) -> Any:
    """Change a path; the version before is kept."""
    found = path_queries.path(db.session, code)
    seen = fingerprint(path_operations.as_told(found))
    names = {name: getattr(found, name) for name in ("name_th", "name_en", "kind", "reconstruction")}
    form = path_forms.PathForm(data={**names, "seen": seen, "steps": [_row(step) for step in found.steps]})

    def change(sent: Any) -> CareerPath:
        return path_operations.change_path(
            db.session, current_actor(), found, seen=sent.seen.data or "", **_values(sent)
        )

    return _editor(form, found, change, _("บันทึกเส้นทางแล้ว ฉบับก่อนหน้ายังเปิดดูได้"))


@blueprint.route("/paths/<path:code>/retire", methods=["GET", "POST"])
@requires(CHANGE)
def retire_path(code: str) -> Any:
    """Take a path out of use, or put it back."""
    found = path_queries.path(db.session, code)
    retired = found.retired_on is not None
    page = url_for("careers.path", code=found.code)
    form = ReasonForm()
    if form.validate_on_submit():
        act = path_operations.resume_path if retired else path_operations.retire_path
        answer = carried_out(
            form,
            lambda: act(db.session, current_actor(), found, reason=form.reason.data or ""),
            _("นำเส้นทางกลับมาใช้แล้ว") if retired else _("เลิกใช้เส้นทางแล้ว"),
            lambda _row: page,
        )
        if answer:
            return answer
    heading = _("นำเส้นทางกลับมาใช้") if retired else _("เลิกใช้เส้นทาง")
    crumbs = [(_("เส้นทางความก้าวหน้า"), url_for("careers.paths")), (words.in_language(found), page)]
    return form_page(form, heading=heading, button=heading, back=page, crumbs=crumbs, thing=found, danger=not retired)
