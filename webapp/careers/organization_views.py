"""Pages of the organization: units, sections, levels, qualifications and the conversion of old levels, with their changes."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.careers import organization_forms as forms
from webapp.careers import organization_operations as operations
from webapp.careers import organization_queries, queries, words
from webapp.careers.changing import CHANGE, carried_out, form_page, grade_choices, split_grade
from webapp.careers.forms import ReasonForm
from webapp.careers.operations import fingerprint
from webapp.careers.pages import READ, blueprint
from webapp.database import db

Kind = operations.Kind


def crumb(kind: Kind) -> list[tuple[str, str]]:
    """The list a thing stands in."""
    if kind is operations.UNIT:
        return [(_("หน่วยงาน"), url_for("careers.units"))]
    return [(_("โครงสร้างและระดับ"), url_for("careers.organization"))]


def titles(kind: Kind) -> dict[str, str]:
    """How the pages of a kind are called."""
    return {
        "post": {"add": _("เพิ่มตำแหน่ง"), "change": _("แก้ไขตำแหน่ง")},
        "unit": {"add": _("เพิ่มหน่วยงาน"), "change": _("แก้ไขหน่วยงาน")},
        "section": {"add": _("เพิ่มฝ่าย"), "change": _("แก้ไขฝ่าย")},
        "position_level": {"add": _("เพิ่มระดับตำแหน่ง"), "change": _("แก้ไขระดับตำแหน่ง")},
        "qualification": {"add": _("เพิ่มคุณสมบัติ"), "change": _("แก้ไขคุณสมบัติ")},
    }[kind.name]


def change_form(
    kind: Kind, row: Any, form: Any, values: Any, *, to: Any, back: str, crumbs: list[tuple[str, str]]
) -> Any:
    """Add a thing (no row) or change one, as every kind does it; ``values`` reads the form."""
    heading = titles(kind)["change" if row is not None else "add"]
    if form.validate_on_submit():
        actor, reason = current_actor(), form.reason.data or ""

        def change() -> Any:
            if row is None:
                return operations.add(db.session, actor, kind, values(form), reason=reason)
            return operations.change(
                db.session, actor, kind, row, values(form), seen=form.seen.data or "", reason=reason
            )

        answer = carried_out(form, change, _("บันทึกแล้ว"), to)
        if answer:
            return answer
    return form_page(form, heading=heading, button=_("บันทึก"), back=back, crumbs=crumbs, thing=row)


def retire_form(kind: Kind, row: Any, *, to: str, crumbs: list[tuple[str, str]]) -> Any:
    """Retire a thing or put it back, as every kind does it."""
    retired = row.retired_on is not None
    heading = _("นำกลับมาใช้") if retired else _("เลิกใช้")
    form = ReasonForm()
    if form.validate_on_submit():
        act = operations.resume if retired else operations.retire
        answer = carried_out(
            form,
            lambda: act(db.session, current_actor(), kind, row, reason=form.reason.data or ""),
            _("นำกลับมาใช้แล้ว") if retired else _("บันทึกการเลิกใช้แล้ว"),
            lambda _row: to,
        )
        if answer:
            return answer
    warning = "" if retired else _("สิ่งที่เลิกใช้ไม่อยู่ในรายการให้เลือกอีก ข้อมูลที่อ้างถึงแล้วยังอยู่ครบ และนำกลับมาใช้ได้")
    return form_page(
        form, heading=heading, button=heading, back=to, crumbs=crumbs, thing=row, danger=not retired, warning=warning
    )


def seen_of(kind: Kind, row: Any) -> str:
    """The fingerprint that a form carries along."""
    return fingerprint(operations.as_told(kind, row))


# Units ---------------------------------------------------------------------------------------------------------------


@blueprint.get("/units/<path:code>")
@requires(READ)
def unit(code: str) -> str:
    """A unit: what it is, and which posts have seats there."""
    found = operations.find(db.session, operations.UNIT, code)
    return render_template(
        "careers/unit.html", unit=found, seats=organization_queries.seats_at(db.session, found), words=words
    )


def _unit_form(row: Any) -> Any:
    data = {"seen": seen_of(operations.UNIT, row), "kind": row.kind, "zone": row.zone} if row is not None else {}
    names = {"name_th": row.name_th, "name_en": row.name_en} if row is not None else {}
    form = forms.UnitForm(data={**names, **data})
    form.kind.choices = list(words.UNIT_KINDS.items())
    zones = dict.fromkeys([*words.ZONES, *queries.zones(db.session)])
    form.zone.choices = [("", _("ไม่มี")), *((zone, words.zone(zone)) for zone in zones)]
    return form


def _unit_values(form: Any) -> dict[str, Any]:
    return {**_names(form), "kind": form.kind.data, "zone": form.zone.data or ""}


def _names(form: Any) -> dict[str, Any]:
    code = {"code": form.code.data or ""} if form.code is not None else {}
    return {**code, "name_th": form.name_th.data or "", "name_en": form.name_en.data or ""}


def _unit_page(row: Any) -> str:
    return url_for("careers.unit", code=row.code)


@blueprint.route("/units/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_unit() -> Any:
    """Add a unit."""
    kind = operations.UNIT
    form = _unit_form(None)
    return change_form(kind, None, form, _unit_values, to=_unit_page, back=url_for("careers.units"), crumbs=crumb(kind))


@blueprint.route("/units/<path:code>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_unit(code: str) -> Any:
    """Change a unit's names, kind or group."""
    kind = operations.UNIT
    row = operations.find(db.session, kind, code)
    form = _unit_form(row)
    del form.code
    page = _unit_page(row)
    crumbs = [*crumb(kind), (words.in_language(row), page)]
    return change_form(kind, row, form, _unit_values, to=_unit_page, back=page, crumbs=crumbs)


@blueprint.route("/units/<path:code>/retire", methods=["GET", "POST"])
@requires(CHANGE)
def retire_unit(code: str) -> Any:
    """Retire a unit or put it back."""
    row = operations.find(db.session, operations.UNIT, code)
    page = _unit_page(row)
    crumbs = [*crumb(operations.UNIT), (words.in_language(row), page)]
    return retire_form(operations.UNIT, row, to=page, crumbs=crumbs)


# Sections, levels, qualifications ------------------------------------------------------------------------------------


@blueprint.get("/organization")
@requires(READ)
def organization() -> str:
    """Sections, position types and levels, and qualifications, each as a list."""
    return render_template(
        "careers/organization.html",
        sections=organization_queries.sections(db.session),
        levels=organization_queries.levels(db.session, retired=True),
        qualifications=organization_queries.qualifications(db.session),
        conversions=organization_queries.conversions(db.session),
    )


def _part_form(kind: Kind, row: Any) -> Any:
    data = {}
    if row is not None:
        data = {name: getattr(row, name) for name in kind.fields} | {"seen": seen_of(kind, row)}
    form_class: Any = {
        "section": forms.SectionForm,
        "position_level": forms.LevelForm,
        "qualification": forms.QualificationForm,
    }[kind.name]
    form = form_class(data=data)
    if kind is operations.LEVEL:
        types = organization_queries.types(db.session)
        form.position_type.choices = [(code, words.in_language(named)) for code, named in types.items()]
    if row is not None:
        for name in ("code", "position_type"):
            if name in form:
                delattr(form, name)
    return form


def _part_values(kind: Kind) -> Any:
    def read(form: Any) -> dict[str, Any]:
        values = {"name_th": form.name_th.data or "", "name_en": form.name_en.data or ""}
        if "position" in form:
            values["position"] = int(form.position.data)
        if "code" in form:
            values[kind.key[-1]] = form.code.data or ""
        if "position_type" in form:
            values["position_type"] = form.position_type.data
        return values

    return read


PART = "<any(sections, levels, qualifications):part>"


@blueprint.route(f"/organization/{PART}/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_part(part: str) -> Any:
    """Add a section, a level or a qualification."""
    kind = operations.KINDS[part]
    page = url_for("careers.organization") + f"#{part}"
    form = _part_form(kind, None)
    return change_form(kind, None, form, _part_values(kind), to=lambda _row: page, back=page, crumbs=crumb(kind))


@blueprint.route(f"/organization/{PART}/<path:key>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_part(part: str, key: str) -> Any:
    """Change a section, a level or a qualification; never its code."""
    kind = operations.KINDS[part]
    row = operations.find(db.session, kind, key)
    page = url_for("careers.organization") + f"#{part}"
    form = _part_form(kind, row)
    return change_form(kind, row, form, _part_values(kind), to=lambda _row: page, back=page, crumbs=crumb(kind))


@blueprint.route(f"/organization/{PART}/<path:key>/retire", methods=["GET", "POST"])
@requires(CHANGE)
def retire_part(part: str, key: str) -> Any:
    """Retire a section, a level or a qualification, or put it back."""
    kind = operations.KINDS[part]
    row = operations.find(db.session, kind, key)
    return retire_form(kind, row, to=url_for("careers.organization") + f"#{part}", crumbs=crumb(kind))


# The conversion of old levels ----------------------------------------------------------------------------------------


@blueprint.get("/organization/conversion")
@requires(READ)
def conversion() -> str:
    """What levels 1-11 from before the 2554 Act are called since, by type, each with its reason."""
    return render_template(
        "careers/conversion.html",
        rows=organization_queries.conversions(db.session),
        levels=queries.level_names(db.session),
        types=organization_queries.types(db.session),
        crumbs=crumb(operations.LEVEL),
    )


def _conversion_page() -> str:
    return url_for("careers.conversion")


def _conversion_form(row: Any) -> Any:
    levels = organization_queries.levels(db.session)
    grade = f"{row.position_type}/{row.level}" if row is not None else ""
    data = {} if row is None else {"old_level": str(row.old_level), "grade": grade, "reason": row.reason}
    if row is not None:
        data["seen"] = fingerprint(operations.conversion_as_told(row))
    form = forms.ConversionForm(data=data)
    form.grade.choices = grade_choices(levels, keep=grade)
    if row is not None:
        form.old_level.choices = [(str(row.old_level), str(row.old_level))]
        form.grade.choices = [choice for choice in form.grade.choices if choice[0].startswith(f"{row.position_type}/")]
    return form


def _set_conversion(form: Any, *, seen: str | None) -> Any:
    position_type, level = split_grade(form.grade.data)
    return operations.set_conversion(
        db.session, current_actor(), old_level=int(form.old_level.data), position_type=position_type or "",
        level=level or "", reason=form.reason.data or "", seen=seen,
    )  # fmt: skip


@blueprint.route("/organization/conversion/new", methods=["GET", "POST"])
@requires(CHANGE)
def add_conversion() -> Any:
    """Say what an old level is called in a type that it had no row for."""
    form = _conversion_form(None)
    return _conversion_answer(form, _("เพิ่มการเทียบระดับ"), None)


@blueprint.route("/organization/conversion/<int:old_level>/<position_type>/edit", methods=["GET", "POST"])
@requires(CHANGE)
def change_conversion(old_level: int, position_type: str) -> Any:
    """Change what an old level is called in a type."""
    row = organization_queries.conversion(db.session, old_level, position_type)
    form = _conversion_form(row)
    return _conversion_answer(form, _("แก้ไขการเทียบระดับ"), form.seen.data or "")


def _conversion_answer(form: Any, heading: str, seen: str | None) -> Any:
    page = _conversion_page()
    if form.validate_on_submit():
        answer = carried_out(form, lambda: _set_conversion(form, seen=seen), _("บันทึกแล้ว"), lambda _row: page)
        if answer:
            return answer
    crumbs = [*crumb(operations.LEVEL), (_("การเทียบระดับเดิม"), page)]
    return form_page(form, heading=heading, button=_("บันทึก"), back=page, crumbs=crumbs)


@blueprint.route("/organization/conversion/<int:old_level>/<position_type>/withdraw", methods=["GET", "POST"])
@requires(CHANGE)
def withdraw_conversion(old_level: int, position_type: str) -> Any:
    """Take a row of the conversion out of use."""
    row = organization_queries.conversion(db.session, old_level, position_type)
    page = _conversion_page()
    form = ReasonForm()
    if form.validate_on_submit():
        answer = carried_out(
            form,
            lambda: operations.withdraw_conversion(db.session, current_actor(), row, reason=form.reason.data or ""),
            _("ยกเลิกการเทียบแล้ว"),
            lambda _row: page,
        )
        if answer:
            return answer
    crumbs = [*crumb(operations.LEVEL), (_("การเทียบระดับเดิม"), page)]
    heading = _("ยกเลิกการเทียบระดับ %(level)s", level=row.old_level)
    warning = _("การนำเข้าจะไม่เทียบระดับนี้ให้อีก ข้อมูลที่เทียบแล้วยังอยู่")
    return form_page(form, heading=heading, button=heading, back=page, crumbs=crumbs, danger=True, warning=warning)
