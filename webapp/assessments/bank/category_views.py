"""The category tree and its editor."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank import queries, shelves
from webapp.assessments.views import blueprint, said
from webapp.database import db
from webapp.errors import Refused


@blueprint.get("/bank/categories")
@requires("assessments:item:list")
def bank_categories() -> Any:
    """Every category in its place, with how many items it has."""
    tree = queries.tree(db.session)
    chosen = next((row for row in tree if row.id == request.args.get("change", type=int)), None)
    return render_template("assessments/bank/categories.html", tree=tree, chosen=chosen)


@blueprint.post("/bank/categories")
@requires("assessments:item:change")
def bank_change_categories() -> Any:
    """Add a category, or rename, move or remove the one named."""
    parent_id, category_id = request.form.get("parent", type=int), request.form.get("category", type=int)
    name_th, name_en = (request.form.get(name, "") for name in ("name_th", "name_en"))
    try:
        parent = queries.category(db.session, parent_id) if parent_id else None
        if not category_id:
            shelves.add_category(db.session, current_actor(), parent=parent, name_th=name_th, name_en=name_en)
        elif request.form.get("action") == "remove":
            shelves.remove_category(db.session, current_actor(), queries.category(db.session, category_id))
        else:
            found = queries.category(db.session, category_id)
            shelves.change_category(db.session, current_actor(), found, parent=parent, name_th=name_th, name_en=name_en)
        db.session.commit()
    except Refused as refused:
        if refused.status == 404:
            raise
        db.session.rollback()
        flash(said(refused), "bad")
        return redirect(url_for(".bank_categories", change=category_id or None), 303)
    flash(_("บันทึกหมวดแล้ว"), "good")
    return redirect(url_for(".bank_categories"), 303)
