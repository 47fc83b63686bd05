"""Exams on the institute's home: to be made ready by a second person, going on today, over and not closed."""

import datetime as dt

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.accounts.access import current_actor
from webapp.accounts.permissions import may
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.setting import shaped
from webapp.assessments.exams.staff.queries import exams_for_home
from webapp.careers.words import in_language as named
from webapp.home.tasks import Task


def exam_tasks(session: Session, today: dt.date) -> list[Task]:
    """What exams want of whoever reads this; one statement."""
    actor = current_actor()
    if not may(actor.roles, "assessments:exam:change"):
        return []
    now = clock.now()
    found = []
    for exam in exams_for_home(session, actor.account_id, now):
        if exam.status == "draft":
            found.append(_draft(exam, own=shaped(actor, exam)))
        elif exam.closes_at <= now:
            due = exam.closes_at.astimezone(thai.BANGKOK).date()
            title = _("ปิดการสอบที่เลยเวลาแล้ว: %(exam)s", exam=named(exam))
            found.append(Task(title, url_for("assessments.exam_act", code=exam.code, act="close"), due=due))
        else:
            title = _("คุมสอบ: %(exam)s", exam=named(exam))
            note = _("ปิดสอบ %(when)s", when=thai.moment(exam.closes_at))
            found.append(Task(title, url_for("assessments.exam_live", code=exam.code), note, due=today))
    return found


def _draft(exam: Exam, *, own: bool) -> Task:
    due = exam.opens_at.astimezone(thai.BANGKOK).date()
    url = url_for("assessments.exam", code=exam.code)
    if own:
        return Task(_("จัดการสอบให้พร้อม: %(exam)s", exam=named(exam)), url, _("ต้องให้เจ้าหน้าที่อีกคนยืนยันความพร้อม"), due=due)
    title = _("ตรวจและยืนยันความพร้อมของการสอบ: %(exam)s", exam=named(exam))
    return Task(title, url, _("สร้างโดย %(who)s", who=exam.created_by), due=due, waits=True)
