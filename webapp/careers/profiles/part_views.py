"""Pages of a draft's texts, competencies and course: one form each, usable without scripts."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.careers import queries as careers
from webapp.careers.pages import blueprint
from webapp.careers.profiles import forms, operations, words
from webapp.careers.profiles.pages import CHANGE, carried_out, draft_at, shown
from webapp.database import db
from webapp.errors import NotFound

TEXTS = "any(duties,nature,characteristics,development)"
ROWS = "any(duties,nature,characteristics,development,competencies)"
EDIT = "/posts/<path:code>/profiles/<int:version>/edit"


@blueprint.get(f"{EDIT}/<{TEXTS}:part>")
@requires(CHANGE)
def draft_texts(code: str, version: int, part: str) -> Any:
    """The texts of a part, to add to, change, move and remove."""
    post, profile = draft_at(code, version)
    rows = profile.document.get(part) or []
    return shown("texts", post=post, version=version, part=part, rows=rows, seen=operations.seen_of(rows))


@blueprint.route(f"{EDIT}/<{TEXTS}:part>/add", methods=["GET", "POST"])
@requires(CHANGE)
def add_draft_text(code: str, version: int, part: str) -> Any:
    """Add a text to a part."""
    post, profile = draft_at(code, version)
    form = _item_form(part)
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.add_text(db.session, current_actor(), profile, part, values=_item_values(form, part)),
            _("เพิ่มข้อความแล้ว"),
            lambda _outcome: url_for("careers.draft_texts", code=code, version=version, part=part),
        )
        if answer:
            return answer
    return shown("text", form, post=post, version=version, part=part, place=None, seen="")


@blueprint.route(f"{EDIT}/<{TEXTS}:part>/<int:place>", methods=["GET", "POST"])
@requires(CHANGE)
def change_draft_text(code: str, version: int, part: str, place: int) -> Any:
    """Change or remove one text of a part."""
    post, profile = draft_at(code, version)
    rows = profile.document.get(part) or []
    if not 0 <= place < len(rows):
        raise NotFound()
    seen = operations.seen_of(rows[place])
    form = _item_form(part, data={**rows[place], "seen": seen})
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.change_text(
                db.session, current_actor(), profile, part, place, seen=form.seen.data or "",
                values=_item_values(form, part),
            ),
            _("บันทึกข้อความแล้ว"),
            lambda _outcome: url_for("careers.draft_texts", code=code, version=version, part=part),
        )  # fmt: skip
        if answer:
            return answer
    return shown("text", form, post=post, version=version, part=part, place=place, seen=seen)


def _item_form(part: str, **given: Any) -> forms.ItemForm:
    form = forms.ItemForm(**given)
    if part == "development":
        form.step.choices = list(words.DEVELOPMENT_STEPS.items())
    else:
        del form.step
    return form


def _item_values(form: forms.ItemForm, part: str) -> dict[str, Any]:
    names = ("name_th", "name_en", "source", "source_en", *(("step",) if part == "development" else ()))
    values = {name: form[name].data or "" for name in names}
    return {name: value for name, value in values.items() if value} | ({"ours": True} if form.ours.data else {})


@blueprint.post(f"{EDIT}/<{ROWS}:part>/<int:place>/move")
@requires(CHANGE)
def move_draft_row(code: str, version: int, part: str, place: int) -> Any:
    """Move a text or a competency one place up or down."""
    _post, profile = draft_at(code, version)
    down, seen = request.form.get("to") == "down", request.form.get("seen", "")
    operations.move_row(db.session, current_actor(), profile, part, place, seen=seen, down=down)
    db.session.commit()
    return redirect(_list_of(code, version, part), 303)


@blueprint.post(f"{EDIT}/<{ROWS}:part>/<int:place>/remove")
@requires(CHANGE)
def remove_draft_row(code: str, version: int, part: str, place: int) -> Any:
    """Take a text or a competency out of the draft."""
    _post, profile = draft_at(code, version)
    form = forms.SeenForm()
    answer = carried_out(
        form,
        lambda: operations.remove_row(
            db.session, current_actor(), profile, part, place, seen=form.seen.data or ""
        ),
        _("ลบออกจากร่างแล้ว ค่าเดิมอยู่ในบันทึกการตรวจสอบ"),
        lambda _outcome: _list_of(code, version, part),
    )  # fmt: skip
    return answer or shown("refused", form, back=_list_of(code, version, part))


def _list_of(code: str, version: int, part: str) -> str:
    if part == "competencies":
        return url_for("careers.expected", code=code, version=version)
    return url_for("careers.draft_texts", code=code, version=version, part=part)


# Competencies --------------------------------------------------------------------------------------------------------


@blueprint.get(f"{EDIT}/competencies")
@requires(CHANGE)
def expected(code: str, version: int) -> Any:
    """The expected competencies of a draft."""
    post, profile = draft_at(code, version)
    rows = profile.document["competencies"]
    return shown(
        "expected", post=post, version=version, rows=rows, seen=operations.seen_of(rows), seen_of=operations.seen_of,
        named={row.code: row for row in careers.competencies(db.session)},
    )  # fmt: skip


@blueprint.route(f"{EDIT}/competencies/add", methods=["GET", "POST"])
@requires(CHANGE)
def add_expected(code: str, version: int) -> Any:
    """Expect one more competency."""
    post, profile = draft_at(code, version)
    there = {row["competency"] for row in profile.document["competencies"]}
    form = _expect_form([row for row in careers.competencies(db.session) if row.code not in there])
    return _expect(form, post, profile, version, None)


@blueprint.route(f"{EDIT}/competencies/at/<competency>", methods=["GET", "POST"])
@requires(CHANGE)
def change_expected(code: str, version: int, competency: str) -> Any:
    """Change what is expected of a competency, how it is measured and by whom."""
    post, profile = draft_at(code, version)
    row = next((row for row in profile.document["competencies"] if row["competency"] == competency), None)
    if row is None:
        raise NotFound()
    level = str(row["expected_level"])
    form = _expect_form(
        [found for found in careers.competencies(db.session) if found.code == competency],
        data={**row, "expected_level": level, "seen": operations.seen_of(row)},
    )
    return _expect(form, post, profile, version, competency)


def _expect_form(choices: list[Any], **given: Any) -> forms.ExpectForm:
    form = forms.ExpectForm(**given)
    form.competency.choices = [(row.code, words.in_language(row)) for row in choices]
    return form


def _expect(form: forms.ExpectForm, post: Any, profile: Any, version: int, competency: str | None) -> Any:
    if form.validate_on_submit():
        names = ("competency", "method_th", "method_en", "assessor_th", "assessor_en")
        values = {name: form[name].data or "" for name in names}
        values |= {"expected_level": int(form.expected_level.data), "ours": form.ours.data or None}
        answer = carried_out(
            form,
            lambda: operations.expect(db.session, current_actor(), profile, seen=form.seen.data or "", values=values),
            _("บันทึกสมรรถนะที่คาดหวังแล้ว"),
            lambda _outcome: url_for("careers.expected", code=post.code, version=version),
        )
        if answer:
            return answer
    return shown("expect", form, post=post, version=version, competency=competency)


# The course ----------------------------------------------------------------------------------------------------------


@blueprint.route(f"{EDIT}/course", methods=["GET", "POST"])
@requires(CHANGE)
def choose_course(code: str, version: int) -> Any:
    """Name the course that prepares for the post."""
    post, profile = draft_at(code, version)
    present = profile.document.get("course")
    form = forms.CourseChoiceForm(data={"seen": operations.seen_of(present), "course": present or ""})
    rows = [row for row in careers.courses(db.session) if not row.retired or row.code == present]
    form.course.choices = [("", _("ไม่มีหลักสูตร")), *((row.code, words.in_language(row)) for row in rows)]
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.choose_course(
                db.session, current_actor(), profile, seen=form.seen.data or "", code=form.course.data or ""
            ),
            _("บันทึกหลักสูตรแล้ว"),
            lambda _outcome: url_for("careers.draft", code=code, version=version),
        )
        if answer:
            return answer
    return shown("course", form, post=post, version=version)
