"""Home of whoever develops, and of their heads and mentors: the nearest post, the plan, what waits for agreement."""

import datetime as dt
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.careers.words import in_language as named
from webapp.home.tasks import Task, some
from webapp.officers.models import Officer
from webapp.plans import queries as plans
from webapp.readiness import own_words
from webapp.readiness.own import readiness_of

SOON = dt.timedelta(days=30)
"""How far ahead an item of a plan is already a task (ours)."""


@dataclass
class Developing:
    """Where an officer stands on the way to a post, in a line, and their open plans."""

    summary: str = ""
    sheets: list[plans.Sheet] = field(default_factory=list)


def developing_of(session: Session, officer_id: int, today: dt.date) -> Developing:
    """The officer's readiness in one line, and their open plans."""
    own = readiness_of(session, session.get_one(Officer, officer_id), today, cohorts=False)
    return Developing(own_words.summary(own), plans.own_sheets(session, officer_id))


def own_tasks(found: Developing, today: dt.date) -> list[Task]:
    """A plan that was returned, and items whose day has come near."""
    tasks = []
    for sheet in found.sheets:
        url = url_for("plans.plan", plan_id=sheet.plan.id)
        if sheet.newest.state == "returned":
            title = _("แก้ไขแผนพัฒนาที่ส่งคืน: %(post)s", post=named(sheet.plan.post))
            tasks.append(Task(title, url, sheet.newest.decided_reason, waits=True))
        if sheet.agreed is not None:
            tasks += [
                Task(
                    _("ตามแผนพัฒนา: %(action)s", action=line.item.action),
                    f"{url}#line-{line.item.line}",
                    due=line.item.due_on,
                )
                for line in sheet.lines
                if line.state == "open" and line.item.due_on is not None and line.item.due_on <= today + SOON
            ]
    return some(tasks, url_for("plans.plans", view="own"))


def to_agree(session: Session, officer_id: int, *, mentor: bool) -> list[Task]:
    """Plans of one's people that wait for one's agreement."""
    rows = plans.to_agree(session, plans.Reader(officer_id, mentor=mentor))
    tasks = [
        Task(
            _("พิจารณาแผนของ %(name)s", name=named(plan.officer)), url_for("plans.plan", plan_id=plan.id),
            named(plan.post), waits=True,
        )
        for plan, _edition in rows
    ]  # fmt: skip
    return some(tasks, url_for("plans.plans", view="theirs"))
