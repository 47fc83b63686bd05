"""The forecast and the plans to take away, as Excel or PDF."""

from typing import Any

from flask import request

from webapp.accounts.access import requires
from webapp.database import db
from webapp.errors import BadInput
from webapp.exports.lists import take
from webapp.exports.operations import XLSX, Taken, plain_name
from webapp.exports.views import blueprint
from webapp.exports.workforce import book, paper
from webapp.exports.workforce.material import gather_forecast, gather_plan
from webapp.workforce.pages import looked
from webapp.workforce.plans.queries import plan as plan_by_id

EXPORT = "workforce:forecast:export"
MEDIA = {"xlsx": XLSX, "pdf": "application/pdf"}


def _kind() -> str:
    kind = request.args.get("kind", "xlsx")
    if kind not in MEDIA:
        raise BadInput("เลือกชนิดไฟล์เป็น xlsx หรือ pdf")
    return kind


@blueprint.get("/workforce/file")
@requires(EXPORT)
def workforce_forecast() -> Any:
    """The forecast as it looks on the day asked for."""
    kind, seen = _kind(), looked()
    material = gather_forecast(db.session, seen.day)
    content = book.forecast_book(material) if kind == "xlsx" else paper.forecast_paper(material)
    name = plain_name(f"workforce-{seen.day.isoformat()}.{kind}")
    facts: dict[str, object] = {"as_of": seen.day.isoformat(), "kind": kind}
    return take(
        Taken(name, content, MEDIA[kind], "exports:workforce:take", "workforce_forecast", seen.day.isoformat(), facts)
    )


@blueprint.get("/workforce/plans/<int:plan_id>/file")
@requires(EXPORT)
def workforce_plan(plan_id: int) -> Any:
    """A plan with its courses and its gap."""
    kind, found = _kind(), plan_by_id(db.session, plan_id)
    material = gather_plan(db.session, found)
    content = book.plan_book(material) if kind == "xlsx" else paper.plan_paper(material)
    name = plain_name(f"workforce-plan-{found.id}-{found.version}.{kind}")
    facts: dict[str, object] = {"plan": found.id, "version": found.version, "status": found.status, "kind": kind}
    return take(Taken(name, content, MEDIA[kind], "exports:workforce:take", "workforce_plan", str(found.id), facts))
