"""What the pages of drafts share: the draft behind an address, a change carried out or refused, and what a reader is shown."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from webapp.accounts.access import may_any
from webapp.careers import queries as careers
from webapp.careers.criteria.tree import TreeHasProblems
from webapp.careers.models import JobProfile, Post
from webapp.careers.profiles import queries, trees, words
from webapp.database import db
from webapp.errors import NotFound, Refused

DRAFT = "careers:draft:view"
CHANGE = "careers:draft:change"


def draft_at(code: str, version: int) -> tuple[Post, JobProfile]:
    """The post and its draft at an address; a post request keeps others from editing it meanwhile."""
    post = careers.post(db.session, code)
    if request.method == "POST":
        return post, queries.draft_to_change(db.session, post.id, version)
    found = queries.version_of(db.session, post.id, version, drafts=True)
    if found.status != "draft":
        raise NotFound()
    return post, found


def version_at(code: str, version: int) -> tuple[Post, JobProfile]:
    """The post and a version that the reader may see."""
    post = careers.post(db.session, code)
    return post, queries.version_of(db.session, post.id, version, drafts=may_any(DRAFT))


def carried_out(form: Any, change: Callable[[], Any], said: str, to: Callable[[Any], str]) -> Any:
    """Carry out a change: on success the page ``to`` names, on a refusal nothing, and the form says why.

    What was typed stays in the form, also where somebody else was faster.
    """
    try:
        outcome = change()
        db.session.commit()
    except TreeHasProblems as found:
        db.session.rollback()
        _at_the_fields(form, found)
        return None
    except NotFound:
        raise
    except Refused as refused:
        db.session.rollback()
        form.form_errors = [*form.form_errors, _(refused.message, **refused.values)]
        form.refused_status = refused.status
        return None
    flash(said, "good")
    return redirect(to(outcome), 303)


def _at_the_fields(form: Any, found: TreeHasProblems) -> None:
    """Each problem at the field that it is about; what has no field stands above the form."""
    for problem in found.problems:
        _path, name = trees.node_and_field(problem.path)
        field = form._fields.get("groups" if name.startswith("groups") else words.FORM_FIELDS.get(name, ""))
        if field is None:
            form.form_errors = [*form.form_errors, words.problem(problem)]
        else:
            field.errors = [*field.errors, words.problem(problem)]


def shown(template: str, form: Any = None, **values: Any) -> Any:
    """A page; with a form, the status says whether it was refused."""
    page = render_template(f"careers/profiles/{template}.html", form=form, words=words, **values)
    if form is None:
        return page
    return page, getattr(form, "refused_status", 422 if form.errors else 200)
