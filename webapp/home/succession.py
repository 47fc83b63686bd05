"""Tasks of the workforce room on home pages: plans to adopt, nominations to review, memberships to look at again."""

import datetime as dt

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.careers.words import in_language as named
from webapp.home.tasks import Task, some
from webapp.workforce.models import TalentMember
from webapp.workforce.plans.queries import waiting

REVIEW_AHEAD = dt.timedelta(days=30)
"""A review becomes a task a month before its day (ours)."""


def plans_to_adopt(session: Session, account_id: int) -> list[Task]:
    """Drafts that somebody else wrote and that hold a course."""
    tasks = [
        Task(_("พิจารณาเห็นชอบแผน: %(name)s", name=plan.name), url_for("workforce.plan", plan_id=plan.id), named(plan.post), waits=True)
        for plan in waiting(session, account_id)
    ]  # fmt: skip
    return some(tasks, url_for("workforce.plans"))


def pool_tasks(session: Session, account_id: int, today: dt.date) -> list[Task]:
    """Nominations of others that wait for review, and members whose review is near or late."""
    rows = session.scalars(
        select(TalentMember)
        .where(TalentMember.status.in_(("nominated", "member")))
        .options(joinedload(TalentMember.officer))
        .order_by(TalentMember.review_on, TalentMember.id)
    )
    tasks = []
    for row in rows:
        address = url_for("workforce.talent_member", member_id=row.id)
        if row.status == "nominated" and row.nominated_by_id != account_id:
            tasks.append(Task(_("พิจารณาการเสนอชื่อ: %(name)s", name=named(row.officer)), address, waits=True))
        elif row.status == "member" and row.review_on is not None and row.review_on <= today + REVIEW_AHEAD:
            tasks.append(Task(_("ทบทวนการอยู่ในกลุ่ม: %(name)s", name=named(row.officer)), address, due=row.review_on))
    return some(tasks, url_for("workforce.talent"))
