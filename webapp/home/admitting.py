"""Home of those who apply and those who admit: nominations and seats to answer; applications, results and free seats."""

import datetime as dt
from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.admissions import queries
from webapp.admissions import selection_queries as reads
from webapp.admissions.models import Application, Selection
from webapp.admissions.seats import free_seats
from webapp.careers.words import in_language as named
from webapp.courses.models import Cohort
from webapp.home.tasks import Task


def officer_tasks(session: Session, officer_id: int) -> list[Task]:
    """Nominations and seats that wait for the officer's answer."""
    applications = queries.applications_of(session, officer_id)
    tasks = [
        Task(
            _("ตอบรับการเสนอชื่อ: %(cohort)s", cohort=named(one.cohort)),
            url_for("admissions.own", application_id=one.id), one.nominated_by, due=one.cohort.applications_close_on,
        )
        for one in applications
        if one.state == "nominated" and one.cohort.closed_at is None
    ]  # fmt: skip
    where = {one.cohort_id: one.id for one in applications}
    for offer in reads.own_offers(session, officer_id, unanswered=True):
        url = url_for("admissions.mine")
        if offer.cohort_id in where:
            url = url_for("admissions.own", application_id=where[offer.cohort_id], _anchor="seat")
        title = _("ตอบรับหรือสละที่นั่ง: %(cohort)s", cohort=named(offer.cohort))
        tasks.append(Task(title, url, due=offer.answer_by))
    return tasks


def live_applications(session: Session, officer_id: int) -> list[tuple[Application, str]]:
    """The officer's applications for cohorts that go on, each with what the published result gave, if there is one."""
    given = {
        place.selection.cohort_id: place.kind
        for place in reads.own_places(session, officer_id)
        if place.selection.status == "published"
    }
    return [
        (one, given.get(one.cohort_id, ""))
        for one in queries.applications_of(session, officer_id)
        if one.cohort.closed_at is None and one.state not in ("withdrawn", "turned-down")
    ]


def selected(session: Session, cohort_ids: Sequence[int]) -> set[int]:
    """Cohorts whose entry selection is published."""
    rows = select(Selection.cohort_id).where(Selection.cohort_id.in_(cohort_ids), Selection.status == "published")
    return set(session.scalars(rows))


def institute_tasks(session: Session, account_id: int | None, cohorts: Sequence[Cohort], today: dt.date) -> list[Task]:
    """Applications and exceptions to decide, results to confirm or publish, free seats that somebody waits for."""
    tasks = []
    for cohort, count in queries.waiting_by_cohort(session, ("filed",)):
        title = _("พิจารณาใบสมัคร %(count)s ราย: %(cohort)s", count=count, cohort=named(cohort))
        url = url_for("admissions.applicants", code=cohort.code, state="filed")
        tasks.append(Task(title, url, due=cohort.starts_on))
    return [*tasks, *_exceptions(session, account_id), *_selections(session, account_id),
            *_free_seats(session, cohorts, today)]  # fmt: skip


def _exceptions(session: Session, account_id: int | None) -> list[Task]:
    rows = session.scalars(
        select(Application)
        .where(Application.state == "exception", Application.proposed_by_id != account_id)
        .options(joinedload(Application.cohort), joinedload(Application.officer))
        .order_by(Application.proposed_at, Application.id)
        .limit(20)
    )
    return [
        Task(
            _("พิจารณาข้อยกเว้นของ %(name)s", name=named(one.officer)),
            url_for("admissions.applicant", code=one.cohort.code, officer_no=one.officer.officer_no),
            _("เสนอโดย %(who)s", who=one.proposed_by), waits=True,
        )
        for one in rows
    ]  # fmt: skip


def _selections(session: Session, account_id: int | None) -> list[Task]:
    rows = session.scalars(
        select(Selection)
        .where(Selection.status.in_(("draft", "confirmed")), Selection.confirmed_by_id.is_distinct_from(account_id))
        .options(joinedload(Selection.cohort))
        .order_by(Selection.id.desc())
        .limit(10)
    )
    tasks = []
    for one in rows:
        words = _("ยืนยันร่างผลการคัดเลือก: %(cohort)s") if one.status == "draft" else _("ประกาศผลการคัดเลือก: %(cohort)s")
        note = "" if one.status == "draft" else _("ยืนยันโดย %(who)s ต้องให้อีกคนหนึ่งประกาศ", who=one.confirmed_by)
        url = url_for("admissions.selection", selection_id=one.id)
        tasks.append(Task(words % {"cohort": named(one.cohort)}, url, note, waits=True))
    return tasks


def _free_seats(session: Session, cohorts: Sequence[Cohort], today: dt.date) -> list[Task]:
    """Cohorts with a published result that have not begun, where a seat is free and somebody waits."""
    published = selected(session, [one.id for one in cohorts])
    tasks = []
    for cohort in cohorts:
        if cohort.id not in published or cohort.starts_on <= today:
            continue
        free = free_seats(session, cohort)
        if free and reads.waiting_for(session, cohort, today):
            title = _("เรียกผู้อยู่ลำดับถัดไป ที่นั่งว่าง %(count)s ที่: %(cohort)s", count=free, cohort=named(cohort))
            tasks.append(Task(title, url_for("admissions.seats_of", code=cohort.code), due=cohort.starts_on))
    return tasks
