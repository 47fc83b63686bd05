"""What the files about the workforce are made from, worked out once for both kinds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import audit, clock, thai
from webapp.careers.queries import Named, level_names
from webapp.careers.words import in_language as named
from webapp.workforce.models import WorkforcePlan
from webapp.workforce.outlook import Outlook
from webapp.workforce.plans.queries import Worked, worked_out
from webapp.workforce.queries import names_of_posts, outlook


@dataclass(frozen=True)
class ForecastMaterial:
    """The forecast as it looks on a day, with the names of its posts."""

    outlook: Outlook
    names: Mapping[str, Named]
    levels: Mapping[tuple[str | None, str | None], Named]
    made_at: dt.datetime
    foot: str

    def name(self, code: str) -> str:
        """A post's name in the reader's language."""
        return named(self.names[code])


@dataclass(frozen=True)
class PlanMaterial:
    """A plan with its figures."""

    plan: WorkforcePlan
    worked: Worked
    made_at: dt.datetime
    foot: str


def gather_forecast(session: Session, day: dt.date) -> ForecastMaterial:
    """Everything the files of the forecast show."""
    now = clock.now()
    return ForecastMaterial(
        outlook(session, day), names_of_posts(session), level_names(session), now, _foot(session, now)
    )  # fmt: skip


def gather_plan(session: Session, plan: WorkforcePlan) -> PlanMaterial:
    """Everything the files of a plan show."""
    now = clock.now()
    return PlanMaterial(plan, worked_out(session, plan), now, _foot(session, now))


def _foot(session: Session, now: dt.datetime) -> str:
    """The head of the audit log and the time, printed on every page."""
    length, head = audit.head_of(session)
    return _("บันทึกการตรวจสอบ %(length)s: %(head)s · %(when)s", length=length, head=head[:16], when=thai.moment(now))
