"""What the worker makes for the exports asked for on pages; done again from the start if it was killed."""

from typing import Any

from flask_babel import force_locale

from webapp.accounts.queries import account_by_id, actor_for
from webapp.audit import Actor
from webapp.database import db, only_reading
from webapp.errors import NotAllowed
from webapp.exports import operations
from webapp.exports.operations import Taken
from webapp.jobs.kinds import Made, Report
from webapp.shortlist.queries import cohort_by_code


def scorecards(arguments: dict[str, Any], report: Report) -> Made:
    """The scorecard workbook of ``cohort`` (of ``officer_no`` alone, if given) in ``language``, for ``account_id``."""
    db.session.rollback()  # nobody waits for a lock that only reading does not need
    with only_reading(), force_locale(arguments["language"]):
        actor = _actor(arguments)
        cohort = cohort_by_code(db.session, arguments["cohort"])
        taken = operations.scorecards(
            db.session, actor=actor, cohort=cohort, officer_no=arguments.get("officer_no", ""), report=report
        )
    return _made(actor, taken)


def record(arguments: dict[str, Any], report: Report) -> Made:
    """The development record of ``officer_no`` as ``kind`` in ``language``, as ``account_id`` may see it."""
    db.session.rollback()  # nobody waits for a lock that only reading does not need
    with only_reading(), force_locale(arguments["language"]):
        actor = _actor(arguments)
        officer = operations.officer_or_refusal(db.session, arguments["officer_no"])
        reader = operations.reader_for(db.session, actor)
        taken = operations.record(db.session, actor=actor, reader=reader, officer=officer, kind=arguments["kind"])
    report(90, "")
    return _made(actor, taken)


def _actor(arguments: dict[str, Any]) -> Actor:
    """Whoever asked, with the rights they hold now: one withdrawn since does not count. Raises ``NotAllowed``."""
    account = account_by_id(db.session, arguments["account_id"])
    if not account.active:
        raise NotAllowed()
    return actor_for(account)


def _made(actor: Actor, taken: Taken) -> Made:
    """The file, noted in the audit log in the transaction that hands it over."""
    operations.note(db.session, actor, taken)
    return Made(file_name=taken.file_name, content=taken.content, facts=taken.facts)
