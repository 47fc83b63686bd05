"""The check of a long chain, as a job."""

from typing import Any

from webapp.database import db, only_reading
from webapp.jobs.kinds import Made, Report
from webapp.trail import verifying


def verify(_arguments: dict[str, Any], report: Report) -> Made:
    """Walk the chain without keeping anybody from writing; says how far it is."""
    with only_reading():
        verdict = verifying.verify(
            db.session, report=lambda done, whole: report(int(100 * done / max(1, whole)), f"{done} / {whole}")
        )
    return Made(facts={"message": verifying.sentence(verdict), "ok": verdict.is_whole})
