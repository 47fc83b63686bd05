"""All letters of a selection in one PDF, as a job; done again from the start if the worker was killed."""

from typing import Any

from flask_babel import force_locale

from webapp import audit
from webapp.accounts.permissions import may
from webapp.accounts.queries import account_by_id, actor_for
from webapp.admissions import letters as paper
from webapp.admissions.selection_queries import selection_by_id
from webapp.database import db, only_reading
from webapp.errors import NotAllowed
from webapp.jobs.kinds import Made, Report


def letters(arguments: dict[str, Any], report: Report) -> Made:
    """Set the letters of ``selection_id``, for ``account_id`` with the rights held now."""
    db.session.rollback()  # nobody waits for a lock that only reading does not need
    report(10, "")
    with only_reading(), force_locale("th"):
        actor = actor_for(account_by_id(db.session, arguments["account_id"]))
        if not may(actor.roles, "admissions:letter:make"):
            raise NotAllowed()
        selection = selection_by_id(db.session, arguments["selection_id"])
        content, name = paper.letters(db.session, selection), paper.file_name(selection.cohort)
        number = selection.id
        db.session.rollback()
    report(90, "")
    audit.append(db.session, actor, "admissions:letters:make", "Selection", number, after={"file": name})
    return Made(file_name=name, content=content)
