"""Who is told of what a shortlist becomes: whoever can take the next step, and everybody whose result it is."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, Role, account_role
from webapp.accounts.permissions import PERMISSIONS
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.notices.operations import notify
from webapp.officers.models import Officer
from webapp.records.columns import LISTED
from webapp.shortlist.models import Objection, ShortlistRun


def tell_confirmed(session: Session, run: ShortlistRun, actor: Actor) -> None:
    """A confirmed run waits for another person to publish it."""
    _tell(
        session,
        _holders(session, "shortlist:run:publish", actor),
        "shortlist:run:confirmed",
        run,
        f"/shortlists/{run.id}",
    )


def tell_published(session: Session, run: ShortlistRun) -> None:
    """Everybody of the cohort who signs in can see their result."""
    own = session.scalars(
        select(Officer.account_id)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .where(Enrollment.cohort_id == run.cohort_id, Enrollment.status.in_(LISTED), Officer.account_id.is_not(None))
        .order_by(Officer.account_id)
    ).all()
    _tell(session, [account_id for account_id in own if account_id is not None], "shortlist:run:published", run,
          f"/my/places/{run.id}")  # fmt: skip


def tell_filed(session: Session, objection: Objection, run: ShortlistRun, actor: Actor) -> None:
    """An objection waits for staff to answer it."""
    holders = _holders(session, "shortlist:objection:answer", actor)
    _tell(session, holders, "shortlist:objection:filed", run, f"/objections/{objection.id}")


def tell_answered(session: Session, objection: Objection, account_id: int | None) -> None:
    """Whoever objected has an answer."""
    notify(session, account_id, "shortlist:objection:answered", {}, f"/my/places/{objection.run_id}")


def _tell(session: Session, account_ids: Iterable[int], kind: str, run: ShortlistRun, link: str) -> None:
    cohort = session.get(Cohort, run.cohort_id)
    for account_id in account_ids:
        notify(session, account_id, kind, {"cohort": "" if cohort is None else cohort.name_th}, link)


def _holders(session: Session, permission: str, actor: Actor) -> list[int]:
    """Active accounts that hold ``permission``, but for the one who acts."""
    rows = session.scalars(
        select(Account.id)
        .join(account_role, account_role.c.account_id == Account.id)
        .join(Role, Role.id == account_role.c.role_id)
        .where(Role.name.in_(sorted(PERMISSIONS[permission])), Account.active, Account.id != (actor.account_id or 0))
        .distinct()
        .order_by(Account.id)
    )
    return list(rows)
