"""Drawing up the list of a large cohort, as a job; done again from the start if the worker was killed."""

from typing import Any

from webapp.accounts.permissions import may
from webapp.accounts.queries import account_by_id, actor_for
from webapp.courses.queries import cohort_by_code
from webapp.database import db
from webapp.errors import NotAllowed
from webapp.jobs.kinds import Made, Report
from webapp.shortlist import operations


def draw_up(arguments: dict[str, Any], report: Report) -> Made:
    """Freeze a draft of ``cohort`` with ``size`` names, for ``account_id`` with the rights held now.

    The form's ``key`` makes it safe to repeat: the same run comes back.
    """
    account = account_by_id(db.session, arguments["account_id"])
    actor = actor_for(account)
    if not account.active or not may(actor.roles, "shortlist:run:draw-up"):
        raise NotAllowed()
    db.session.rollback()
    report(10, "")
    cohort = cohort_by_code(db.session, arguments["cohort"])
    run = operations.draw_up(db.session, actor=actor, cohort=cohort, size=arguments["size"], key=arguments["key"])
    number = run.id
    db.session.commit()
    return Made(go_to=f"/shortlists/{number}")
