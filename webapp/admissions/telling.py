"""Who is told of what an admission becomes: applicants of their own result, staff of the next step."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, Role, account_role
from webapp.accounts.permissions import PERMISSIONS
from webapp.admissions.models import Selection
from webapp.audit import Actor
from webapp.courses.models import Cohort
from webapp.notices.operations import notify
from webapp.officers.models import Officer


def tell_confirmed(session: Session, selection: Selection, actor: Actor) -> None:
    """A confirmed selection waits for another person to publish it."""
    cohort = session.get_one(Cohort, selection.cohort_id)
    for account_id in session.scalars(
        select(Account.id)
        .join(account_role, account_role.c.account_id == Account.id)
        .join(Role, Role.id == account_role.c.role_id)
        .where(
            Role.name.in_(sorted(PERMISSIONS["admissions:selection:publish"])), Account.active,
            Account.id != (actor.account_id or 0),
        )
        .distinct()
        .order_by(Account.id)
    ).all():  # fmt: skip
        values = {"cohort": cohort.name_th}
        notify(session, account_id, "admissions:selection:confirmed", values, f"/admissions/{selection.id}")


def tell_officer(session: Session, officer: Officer, kind: str, link: str = "/my/applications", **values: Any) -> None:
    """Tell an officer, where they sign in."""
    notify(session, officer.account_id, kind, values, link)
