"""For the machine in front: is the program alive, and can it work."""

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from webapp.accounts.access import public
from webapp.database import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Any:
    """The program answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def ready() -> Any:
    """The program answers and reaches its database at the version it was built for."""
    from webapp.app import alembic

    db.session.execute(text("select 1"))
    at_head = {row.revision for row in alembic.heads()} == {row.revision for row in alembic.current()}
    return ({"status": "ok"}, 200) if at_head else ({"status": "migrations are missing: kaona init"}, 503)
