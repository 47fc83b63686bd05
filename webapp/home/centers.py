"""Home: what an assessment center needs of each role now."""

import datetime as dt
from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.assessments.center import places, queries, results_queries, setting, washup
from webapp.assessments.center.models import Center
from webapp.assessments.center.observing import OPENS_BEFORE
from webapp.careers.words import in_language as named
from webapp.home.tasks import Task

MOST = 3
"""Centers that are looked into for a home page, the newest: the rest stand on the centers' own page."""
GRIDS = 3
"""Released grids that an executive is pointed to, the latest first."""


def assessor_tasks(session: Session, account_id: int) -> list[Task]:
    """Ratings that are open now, and conflicts of interest not declared yet."""
    tasks = []
    for center, assesses, _takes in queries.own_centers(session, account_id, None)[:MOST]:
        if not assesses or center.status not in ("draft", "approved"):
            continue
        own = queries.own_assessor(session, center.id, account_id)
        if own.declared_at is None:
            url = url_for("assessments.center_declare", code=center.code)
            tasks.append(Task(_("แจ้งส่วนได้เสีย: %(center)s", center=named(center)), url, waits=True))
        if center.published_at is None:
            continue
        rated, now = places.rated_places(session, center.id), clock.now()
        mine = [
            (place, sitting) for place, sitting in places.places_of(session, center.id).items()
            if place.assessor_id == own.id and place not in rated
        ]  # fmt: skip
        due = [place for place, sitting in mine if sitting is None or now >= sitting.starts_at - OPENS_BEFORE]
        ahead = [sitting.starts_at for _place, sitting in mine if sitting is not None and now < sitting.starts_at]
        url = url_for("assessments.center_work", code=center.code)
        if due:
            title = _("สังเกตและให้คะแนนอีก %(count)s รายการ: %(center)s", count=len(due), center=named(center))
            tasks.append(Task(title, url, waits=True))
        elif ahead:
            title = _("รอบที่ท่านต้องสังเกต: %(center)s", center=named(center))
            tasks.append(Task(title, url, due=_day(min(ahead))))
    return tasks


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(clock.BANGKOK).date()


def participant_tasks(session: Session, officer_id: int, today: dt.date) -> list[Task]:
    """Sessions to come, and a report to read and answer."""
    tasks = []
    for center, _assesses, takes in queries.own_centers(session, None, officer_id)[:MOST]:
        if not takes:
            continue
        own = next(row for row in queries.participants_of(session, center.id) if row.officer_id == officer_id)
        report = results_queries.report_shown_to(session, center, own)
        if report is not None and not results_queries.feedback_on(session, [report.id]):
            title = _("อ่านและตอบรับรายงานผล: %(center)s", center=named(center))
            tasks.append(Task(title, url_for("assessments.center_own_report", code=center.code)))
        elif center.status == "approved":
            days = [
                _day(sat.sitting.starts_at)
                for sat in queries.sittings_of(session, center.id)
                if own.id in sat.participants
            ]
            ahead = [day for day in days if day >= today]
            if ahead:
                title = _("เข้ารับการประเมิน: %(center)s", center=named(center))
                tasks.append(Task(title, url_for("assessments.center_own", code=center.code), due=min(ahead)))
    return tasks


def staff_tasks(session: Session, account_id: int) -> list[Task]:
    """Centers that want a second person: to approve, to close, to release; and those whose wash-up may begin."""
    tasks = []
    for center in _under_way(session):
        name, url = named(center), url_for("assessments.center", code=center.code)
        if (
            center.status == "draft"
            and account_id not in (center.editors or [])
            and not setting.missing(session, center)
        ):
            note = _("จัดทำโดย %(who)s", who=center.created_by)
            tasks.append(Task(_("อนุมัติศูนย์การประเมิน: %(center)s", center=name), url, note, waits=True))
        if center.status == "closed" and center.closed_by_id != account_id:
            note = _("ปิดโดย %(who)s ต้องให้อีกคนหนึ่งแจ้งผล", who=center.closed_by)
            url = url_for("assessments.center_washup", code=center.code)
            tasks.append(Task(_("แจ้งผลศูนย์การประเมิน: %(center)s", center=name), url, note, waits=True))
        if center.status == "approved":
            tasks += _approved(session, center, account_id)
    return tasks


def _approved(session: Session, center: Center, account_id: int) -> Iterable[Task]:
    name = named(center)
    if center.published_at is None:
        url = url_for("assessments.center_timetable", code=center.code)
        return [Task(_("จัดและประกาศตาราง: %(center)s", center=name), url)]
    unrated, undecided, unwritten = washup.left_to_do(session, center)
    url = url_for("assessments.center_washup", code=center.code)
    if not unrated and (undecided or unwritten):
        return [Task(_("ประชุมสรุปผล: %(center)s", center=name), url)]
    finals = results_queries.finals_of(session, center.id).values()
    if not (unrated or undecided or unwritten) and all(row.decided_by_id != account_id for row in finals):
        return [Task(_("ตรวจและปิดการประเมิน: %(center)s", center=name), url, waits=True)]
    return []


def _under_way(session: Session) -> list[Center]:
    """The newest centers not released yet."""
    rows = session.scalars(select(Center).where(Center.status != "released").order_by(Center.id.desc()).limit(MOST))
    return list(rows)[::-1]


def executive_tasks(session: Session) -> list[Task]:
    """Grids to read, newest first."""
    rows = session.scalars(
        select(Center)
        .where(Center.status == "released")
        .order_by(Center.released_at.desc(), Center.id.desc())
        .limit(GRIDS)
    )
    return [
        Task(
            _("ดูตารางศักยภาพและดาวเด่น: %(center)s", center=named(row)), url_for("assessments.center_grid", code=row.code),
            _("แจ้งผลเมื่อ %(when)s", when=thai.moment(row.released_at)),
        )
        for row in rows
    ]  # fmt: skip
