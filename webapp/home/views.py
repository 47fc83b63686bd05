"""Home: what needs me now."""

from typing import Any

from flask import Blueprint, render_template

from webapp.accounts.access import requires

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires("home:own:view")
def index() -> Any:
    """The home page of the person signed in."""
    return render_template("home/index.html")
