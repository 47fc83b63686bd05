"""How the room's change pages answer: on success the page of the thing, on a refusal the form again with the reason."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from webapp.careers import words
from webapp.database import db
from webapp.errors import Conflict, Refused

CHANGE = "careers:draft:change"


def carried_out(form: Any, change: Callable[[], Any], said: str, to: Callable[[Any], str]) -> Any:
    """Carry out a change and go to the page that shows it; none on a refusal, told in the form."""
    try:
        address = to(change())
        db.session.commit()
    except Conflict:
        raise
    except Refused as refused:
        db.session.rollback()
        form.form_errors = [*form.form_errors, _(refused.message, **refused.values)]
        return None
    flash(said, "good")
    return redirect(address, 303)


def form_page(form: Any, *, heading: str, button: str, back: str, **more: Any) -> Any:
    """A change page: one form below its heading; 422 when something is to be put right."""
    page = render_template("careers/change_form.html", form=form, heading=heading, button=button, back=back, **more)
    return page, 422 if form.errors or form.form_errors else 200


def grade_choices(levels: list[Any], nothing: str = "", keep: str = "") -> list[tuple[str, str]]:
    """Types and levels to choose from; a retired one only where it stands already."""
    offered = [
        (f"{row.position_type}/{row.level}", _grade(row))
        for row in reversed(levels)
        if row.retired_on is None or f"{row.position_type}/{row.level}" == keep
    ]
    return [("", nothing), *offered]


def _grade(row: Any) -> str:
    told = {
        "name_th": f"{row.type_name_th} ระดับ{row.name_th}",
        "name_en": f"{row.type_name_en}, {row.name_en.lower()} level",
    }
    return words.in_language(told)


def split_grade(value: str | None) -> tuple[str | None, str | None]:
    """Type and level of a choice; none and none where nothing was chosen."""
    kind, _slash, level = (value or "").partition("/")
    return kind or None, level or None
