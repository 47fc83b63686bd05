"""Pages where the commission changes a competency's wording, with every version kept, or adds one."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.validators import Length

from webapp.accounts.access import current_actor, requires
from webapp.careers import queries as careers
from webapp.careers.pages import READ, blueprint
from webapp.careers.profiles import competency_operations, queries, words
from webapp.careers.profiles.forms import LONGEST_TEXT, LineField, TextAreaField
from webapp.careers.profiles.pages import CHANGE, carried_out, shown
from webapp.database import db
from webapp.fields import ReasonField, Required

LEVELS = (1, 2, 3, 4, 5)


class CompetencyForm(FlaskForm):
    """A competency's wording; the five levels' fields are added below."""

    seen = HiddenField()
    code = LineField(_l("รหัสสมรรถนะ"), [Required(), Length(max=40)])
    group = SelectField(_l("กลุ่มสมรรถนะ"), choices=list(words.COMPETENCY_GROUPS.items()))
    name_th = LineField(_l("ชื่อภาษาไทย"), [Required(), Length(max=300)])
    name_en = LineField(_l("ชื่อภาษาอังกฤษ"), [Length(max=300)])
    definition_th = TextAreaField(_l("นิยามภาษาไทย"), [Required(), Length(max=LONGEST_TEXT)])
    definition_en = TextAreaField(_l("นิยามภาษาอังกฤษ"), [Length(max=LONGEST_TEXT)])
    reason = ReasonField(_l("เหตุผลของการเปลี่ยนแปลง"))


for _level in LEVELS:
    setattr(CompetencyForm, f"level_{_level}_th", LineField(_l("ชื่อระดับภาษาไทย"), [Length(max=300)]))
    setattr(CompetencyForm, f"level_{_level}_en", LineField(_l("ชื่อระดับภาษาอังกฤษ"), [Length(max=300)]))
    setattr(
        CompetencyForm, f"indicators_{_level}_th", TextAreaField(_l("พฤติกรรมบ่งชี้ภาษาไทย"), [Length(max=LONGEST_TEXT)])
    )
    setattr(
        CompetencyForm, f"indicators_{_level}_en",
        TextAreaField(_l("พฤติกรรมบ่งชี้ภาษาอังกฤษ"), [Length(max=LONGEST_TEXT)]),
    )  # fmt: skip


@blueprint.route("/competencies/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_competency() -> Any:
    """Add a competency."""
    form = CompetencyForm()
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: competency_operations.add_competency(
                db.session, current_actor(), code=form.code.data or "", group=form.group.data, told=_told(form),
                reason=form.reason.data or "",
            ),
            _("เพิ่มสมรรถนะแล้ว"),
            lambda made: url_for("careers.competency", code=made.code),
        )  # fmt: skip
        if answer:
            return answer
    return shown("competency_form", form, competency=None, levels=LEVELS)


@blueprint.route("/competencies/<path:code>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_competency(code: str) -> Any:
    """Change a competency's wording; the version before is kept, and published profiles keep theirs."""
    found = careers.competency(db.session, code)
    form = CompetencyForm(data={**_data(found), "seen": str(found.version)})
    del form.code, form.group
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: competency_operations.change_competency(
                db.session, current_actor(), found, seen=form.seen.data or "", told=_told(form),
                reason=form.reason.data or "",
            ),
            _("บันทึกสมรรถนะแล้ว ฉบับเดิมเก็บไว้"),
            lambda _made: url_for("careers.competency", code=code),
        )  # fmt: skip
        if answer:
            return answer
    return shown("competency_form", form, competency=careers.competency(db.session, code), levels=LEVELS)


@blueprint.get("/competencies/<path:code>/versions")
@requires(READ)
def competency_versions(code: str) -> Any:
    """Every version of a competency's wording, newest first."""
    found = careers.competency(db.session, code)
    return shown("competency_versions", competency=found, rows=queries.competency_versions(db.session, code))


@blueprint.get("/competencies/<path:code>/versions/<int:version>")
@requires(READ)
def competency_version(code: str, version: int) -> Any:
    """A competency as it read in one version."""
    found = careers.competency(db.session, code)
    kept = queries.competency_version(db.session, code, version)
    return shown("competency_version", competency=found, kept=kept)


def _data(found: Any) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("name_th", "name_en", "definition_th", "definition_en")}
    for level in found.levels:
        number = level["level"]
        told |= {f"level_{number}_{tongue}": level.get(f"name_{tongue}", "") for tongue in ("th", "en")}
        for tongue in ("th", "en"):
            lines = [row.get(f"name_{tongue}", "") for row in level["indicators"]]
            told[f"indicators_{number}_{tongue}"] = "\n".join(lines)
    return told


def _told(form: Any) -> dict[str, Any]:
    """The wording as typed: one indicator per line, the English ones in the same order."""
    levels = []
    for number in LEVELS:
        thai = _lines(form[f"indicators_{number}_th"].data)
        english = _lines(form[f"indicators_{number}_en"].data)
        rows = [{"name_th": line, "name_en": english[n] if n < len(english) else ""} for n, line in enumerate(thai)] + [
            {"name_th": "", "name_en": line} for line in english[len(thai) :]
        ]
        names = {f"name_{tongue}": form[f"level_{number}_{tongue}"].data or "" for tongue in ("th", "en")}
        levels.append({"level": number, **names, "indicators": rows})
    names = {name: form[name].data or "" for name in ("name_th", "name_en", "definition_th", "definition_en")}
    return {**names, "levels": levels}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
