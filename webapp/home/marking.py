"""What marking an exam asks of assessors and of the institute's staff."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.exams.figures.models import StandardPanel, StandardProposal
from webapp.assessments.exams.figures.panels import own_panels
from webapp.assessments.exams.handling import open_to
from webapp.assessments.exams.marking.essay_queries import desks_of
from webapp.assessments.exams.models import Exam
from webapp.careers.words import in_language as named
from webapp.home.tasks import Task, some


def marker_tasks(session: Session, account_id: int) -> list[Task]:
    """Essays that wait for the reader, and pass marks that want their estimates."""
    essays = [
        Task(
            _("ตรวจข้อเขียน: %(exam)s", exam=named(desk.exam)), url_for("assessments.essay_desk", code=desk.exam.code),
            _("เหลือ %(left)s จาก %(total)s ชิ้น", left=desk.left, total=len(desk.essays)), waits=True,
        )
        for desk in desks_of(session, account_id) if desk.left
    ]  # fmt: skip
    standards = [
        Task(
            _("ประเมินเกณฑ์ผ่านรอบที่ %(round)s: %(exam)s", round=at.open_round.round.number, exam=named(at.exam)),
            url_for("assessments.my_standard", number=at.panel.id), waits=True,
        )
        for at, judge in own_panels(session, account_id)
        if at.open_round is not None and not at.open_round.submitted(judge)
    ]  # fmt: skip
    return essays + standards


def staff_tasks(session: Session, account_id: int) -> list[Task]:
    """Exams that are over and not out yet, and pass marks that another member of staff has proposed."""
    over = session.scalars(
        select(Exam).where(Exam.status == "closed", open_to(account_id)).order_by(Exam.closes_at, Exam.id)
    )
    tasks = [
        Task(_("ตรวจและประกาศผล: %(exam)s", exam=named(exam)), url_for("assessments.exam_results", code=exam.code))
        for exam in over
    ]
    proposed = session.execute(
        select(StandardProposal, Exam)
        .join(StandardPanel, StandardPanel.id == StandardProposal.panel_id)
        .join(Exam, Exam.id == StandardPanel.exam_id)
        .where(
            StandardProposal.decided_at.is_(None), StandardProposal.proposed_by_id.is_distinct_from(account_id),
            Exam.status.in_(("ready", "closed")), open_to(account_id),
        )
        .order_by(StandardProposal.id)
    )  # fmt: skip
    for proposal, exam in proposed:
        address = url_for("assessments.standard_panel", code=exam.code, number=proposal.panel_id)
        tasks.append(Task(_("พิจารณาเกณฑ์ผ่าน: %(exam)s", exam=named(exam)), address, waits=True))
    return some(tasks, url_for("home.index"))
