"""Home of those who run the courses: institute, commission, executives."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from webapp import thai
from webapp.accounts.access import current_actor
from webapp.accounts.permissions import may
from webapp.assessments.bank import queries as bank
from webapp.assessments.bank.transfer.queries import imports_to_confirm
from webapp.assessments.models import AssessmentPlan, PlanComponent, ScoreEntry
from webapp.assessments.queries import replaced_ids
from webapp.careers.models import JobProfile
from webapp.careers.words import in_language as named
from webapp.coaching import queries as coaching
from webapp.coaching.models import MentorPairing
from webapp.courses import queries as courses
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.database import Base
from webapp.home import admitting, neighbors
from webapp.home.examining import exam_tasks
from webapp.home.panels import panel_tasks
from webapp.home.rules import is_below, minutes_due
from webapp.home.tasks import Task, some
from webapp.officers import queries as officers
from webapp.projects.models import ProjectAssignment
from webapp.projects.queries import BY_STATE
from webapp.shortlist.models import Objection, ShortlistRun


@dataclass(frozen=True)
class Health:
    """A running cohort at a glance: whom it is losing, by attendance and by coaching."""

    cohort: Cohort
    people: int
    held: Decimal
    attended_percent: Decimal | None
    behind_attendance: int
    behind_coaching: int
    without_mentor: int


def open_cohorts(session: Session) -> list[Cohort]:
    """Cohorts not closed, those that end first at the front."""
    return list(session.scalars(select(Cohort).where(Cohort.closed_at.is_(None)).order_by(Cohort.ends_on, Cohort.id)))


def health_of(session: Session, cohorts: Sequence[Cohort], today: dt.date) -> list[Health]:
    """How the cohorts that have begun are doing; five statements whatever their number."""
    begun = [one for one in cohorts if one.starts_on <= today]
    ids = [one.id for one in begun]
    people = session.execute(
        select(Enrollment.id, Enrollment.cohort_id)
        .where(Enrollment.cohort_id.in_(ids), Enrollment.status.in_(IN_THE_COHORT))
        .order_by(Enrollment.id)
    ).all()
    members: dict[int, list[int]] = {}
    for enrollment_id, cohort_id in people:
        members.setdefault(cohort_id, []).append(enrollment_id)
    held = _by(session, select(CourseSession.cohort_id, func.sum(CourseSession.hours)).where(
        CourseSession.cohort_id.in_(ids), CourseSession.held_on <= today
    ).group_by(CourseSession.cohort_id))  # fmt: skip
    attended = _by(session, select(Attendance.enrollment_id, func.sum(Attendance.hours)).join(
        CourseSession, CourseSession.id == Attendance.session_id
    ).where(CourseSession.cohort_id.in_(ids), Attendance.present, CourseSession.held_on <= today).group_by(
        Attendance.enrollment_id
    ))  # fmt: skip
    in_them = select(Enrollment.id).where(Enrollment.cohort_id.in_(ids))
    minutes = coaching.minutes_by(session, in_them)
    mentored = set(session.scalars(select(MentorPairing.enrollment_id).where(
        MentorPairing.ended_at.is_(None), MentorPairing.enrollment_id.in_(in_them)
    )))  # fmt: skip
    gates = neighbors.gates(session, ids)
    return [
        _health(
            one,
            members.get(one.id, []),
            held.get(one.id, Decimal(0)),
            attended,
            minutes,
            mentored,
            gates.get(one.id, {}),
            today,
        )
        for one in begun
    ]


def _health(
    cohort: Cohort, members: list[int], held: Decimal, attended: dict[int, Decimal], minutes: dict[int, coaching.Minutes],
    mentored: set[int], gates: dict[str, Decimal], today: dt.date,
) -> Health:  # fmt: skip
    hours = [attended.get(one, Decimal(0)) for one in members]
    gate, asked = gates.get("attendance_percent"), gates.get("coaching_hours")
    due = minutes_due(asked, cohort.starts_on, cohort.ends_on, today)
    return Health(
        cohort, len(members), held,
        sum(hours, Decimal(0)) * 100 / (held * len(members)) if held and members else None,
        sum(1 for one in hours if is_below(one, held, gate)),
        sum(1 for one in members if due is not None and minutes.get(one, coaching.Minutes()).counted < due),
        sum(1 for one in members if one not in mentored),
    )  # fmt: skip


def _by(session: Session, statement: Any) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(statement)}


def institute_tasks(
    session: Session, cohorts: Sequence[Cohort], health: Iterable[Health], today: dt.date
) -> list[Task]:
    """Sheets not filled, applications and work to decide, scores missing, lists to carry on, imports that failed."""
    tasks = some(
        [
            Task(
                _("บันทึกการเข้าเรียน: %(session)s", session=named(held)),
                url_for("courses.take_attendance", code=cohort.code, session_code=held.code), named(cohort), due=held.held_on,
            )
            for held, cohort in courses.sessions_without_attendance(session, today)
        ],
        url_for("courses.cohorts"),
    )  # fmt: skip
    ids = [one.id for one in cohorts]
    applied = _counts(session, Enrollment.status == "applied", ids)
    submitted = _counts(session, BY_STATE["submitted"], ids, ProjectAssignment)
    missing = _scores_missing(session, ids)
    selected = admitting.selected(session, ids)
    without = {one.cohort.id: one.without_mentor for one in health}
    for cohort in cohorts:
        name = named(cohort)
        closes = cohort.applications_close_on
        if applied.get(cohort.id) and closes and closes < today and cohort.id not in selected:
            title = _("คัดเลือกผู้สมัคร %(count)s คน: %(cohort)s", count=applied[cohort.id], cohort=name)
            tasks.append(Task(title, url_for("admissions.overview", code=cohort.code), due=cohort.starts_on))
        if submitted.get(cohort.id):
            title = _("พิจารณางานที่ส่ง %(count)s ชิ้น: %(cohort)s", count=submitted[cohort.id], cohort=name)
            tasks.append(Task(title, url_for("projects.cohort", code=cohort.code, state="submitted"), waits=True))
        if without.get(cohort.id):
            title = _("มอบหมายพี่เลี้ยงให้อีก %(count)s คน: %(cohort)s", count=without[cohort.id], cohort=name)
            tasks.append(Task(title, url_for("coaching.pairings", code=cohort.code)))
        if cohort.ends_on < today:
            tasks += _after_the_end(cohort, missing.get(cohort.id, 0))
    own = current_actor().account_id
    tasks += admitting.institute_tasks(session, own, cohorts, today)
    panels = panel_tasks(session, own) if own is not None else []
    return [*tasks, *panels, *exam_tasks(session, today), *_items_to_review(session), *_lists_and_imports(session)]


def _items_to_review(session: Session) -> list[Task]:
    """Questions of the bank that wait for a second person where the reader wrote none, and the reader's files to confirm."""
    actor = current_actor()
    count = bank.count_waiting(session, actor.account_id) if may(actor.roles, "assessments:item:review") else 0
    title = _("ตรวจทานข้อสอบ %(count)s ข้อ", count=count)
    tasks = [Task(title, url_for("assessments.bank_review"), waits=True)] if count else []
    for run in imports_to_confirm(session, actor.account_id) if may(actor.roles, "assessments:item:change") else []:
        words = _("ยืนยันไฟล์ข้อสอบ: %(file)s", file=run.file_name)
        tasks.append(Task(words, url_for("assessments.bank_import", run_id=run.id)))
    return tasks


def _after_the_end(cohort: Cohort, missing: int) -> list[Task]:
    if missing:
        title = _("คะแนนที่ยังขาด %(count)s รายการ: %(cohort)s", count=missing, cohort=named(cohort))
        return [Task(title, url_for("assessments.scores", code=cohort.code), due=cohort.ends_on)]
    return [Task(_("จัดลำดับและปิดรุ่น: %(cohort)s", cohort=named(cohort)), url_for("shortlist.ranking", code=cohort.code))]


def _counts(session: Session, condition: Any, cohort_ids: list[int], model: Any = Enrollment) -> dict[int, int]:
    query = select(Enrollment.cohort_id, func.count()).where(Enrollment.cohort_id.in_(cohort_ids), condition)
    if model is not Enrollment:
        query = query.join(model, model.enrollment_id == Enrollment.id)
    return _by(session, query.group_by(Enrollment.cohort_id))


def _scores_missing(session: Session, cohort_ids: list[int]) -> dict[int, int]:
    """Components of people that have no mark at all, per cohort with a plan in force."""
    people = _counts(session, Enrollment.status.in_(IN_THE_COHORT), cohort_ids)
    parts = _by(session, select(AssessmentPlan.cohort_id, func.count(PlanComponent.id)).join(
        PlanComponent, PlanComponent.plan_id == AssessmentPlan.id
    ).where(AssessmentPlan.cohort_id.in_(cohort_ids), AssessmentPlan.purpose == "ranking", AssessmentPlan.status == "in-force")
        .group_by(AssessmentPlan.cohort_id))  # fmt: skip
    pairs = (
        select(Enrollment.cohort_id, ScoreEntry.enrollment_id, ScoreEntry.component)
        .join(Enrollment, Enrollment.id == ScoreEntry.enrollment_id)
        .join(AssessmentPlan, and_(AssessmentPlan.cohort_id == Enrollment.cohort_id, AssessmentPlan.status == "in-force"))
        .join(PlanComponent, and_(PlanComponent.plan_id == AssessmentPlan.id, PlanComponent.code == ScoreEntry.component))
        .where(
            Enrollment.cohort_id.in_(cohort_ids), Enrollment.status.in_(IN_THE_COHORT), ScoreEntry.purpose == "ranking",
            AssessmentPlan.purpose == "ranking", ScoreEntry.withdrawn.is_(False), ScoreEntry.id.not_in(replaced_ids()),
        )
        .distinct()
        .subquery()
    )  # fmt: skip
    given = _by(session, select(pairs.c.cohort_id, func.count()).group_by(pairs.c.cohort_id))
    return {key: people.get(key, 0) * count - given.get(key, 0) for key, count in parts.items()}


def _lists_and_imports(session: Session) -> list[Task]:
    tasks = []
    for run in _runs(session, "draft", "confirmed"):
        words = _("ยืนยันร่างรายชื่อ: %(cohort)s") if run.status == "draft" else _("เผยแพร่รายชื่อ: %(cohort)s")
        note = "" if run.status == "draft" else _("ยืนยันโดย %(who)s ต้องให้อีกคนหนึ่งเผยแพร่", who=run.confirmed_by)
        tasks.append(
            Task(words % {"cohort": named(run.cohort)}, url_for("shortlist.run", run_id=run.id), note, waits=True)
        )
    objections = session.scalar(select(func.count(Objection.id)).where(Objection.answered_at.is_(None))) or 0
    if objections:
        tasks.append(
            Task(_("ตอบคำคัดค้าน %(count)s เรื่อง", count=objections), url_for("shortlist.objection_list"), waits=True)
        )
    # The imports room lies beside this one, so its table is read by name.
    run = Base.metadata.tables["import_run"]
    failed = session.execute(
        select(run.c.id, run.c.file_name, run.c.status)
        .where(run.c.status.in_(("rejected", "checked")))
        .order_by(run.c.id.desc())
        .limit(5)
    )
    for run_id, name, status in failed:
        words = (
            _("แก้ไขไฟล์ที่นำเข้าไม่ได้: %(file)s", file=name)
            if status == "rejected"
            else _("ยืนยันการนำเข้า: %(file)s", file=name)
        )
        tasks.append(Task(words, url_for("imports.run", run_id=run_id)))
    return tasks


def _runs(session: Session, *statuses: str, limit: int = 10) -> list[ShortlistRun]:
    query = select(ShortlistRun).where(ShortlistRun.status.in_(statuses)).options(joinedload(ShortlistRun.cohort))
    return list(session.scalars(query.order_by(ShortlistRun.id.desc()).limit(limit)))


def plans_to_approve(session: Session, account_id: int) -> list[Task]:
    """Plans that want their second person, drafted by somebody else than whoever reads this."""
    plans = session.execute(
        select(AssessmentPlan.purpose, AssessmentPlan.drafted_by, Cohort)
        .join(Cohort, Cohort.id == AssessmentPlan.cohort_id)
        .where(
            AssessmentPlan.status.in_(("draft", "in-force")), AssessmentPlan.approved_at.is_(None), Cohort.closed_at.is_(None),
            AssessmentPlan.drafted_by_id.is_distinct_from(account_id),
        )
        .order_by(AssessmentPlan.id)
        .limit(20)
    )  # fmt: skip
    tasks = []
    for purpose, drafted_by, cohort in plans:
        title = _("รับรองแผนการประเมิน: %(cohort)s", cohort=named(cohort))
        url = url_for("assessments.plan", code=cohort.code, purpose=purpose)
        tasks.append(Task(title, url, _("ร่างโดย %(who)s", who=drafted_by), waits=True))
    return tasks


def commission_tasks(session: Session) -> list[Task]:
    """Drafts of profiles, evidenced works to verify."""
    tasks = []
    drafts = session.scalars(
        select(JobProfile)
        .where(JobProfile.status == "draft")
        .options(joinedload(JobProfile.post))
        .order_by(JobProfile.id)
        .limit(20)
    )
    for draft in drafts:
        title = _("ร่างแบบสังเขปฯ ที่ยังไม่เผยแพร่: %(post)s", post=named(draft.post))
        tasks.append(Task(title, url_for("careers.draft", code=draft.post.code, version=draft.version), draft.reason))
    tasks += some(
        [
            Task(
                _("รับรองผลงานของ %(name)s", name=named(officer)), url_for("officers.verify", work_id=work.id), work.title,
                waits=True,
            )
            for work, officer in officers.works_to_verify(session)
        ],
        url_for("officers.officers"),
    )  # fmt: skip
    return tasks


def executive_tasks(session: Session) -> list[Task]:
    """Published shortlists to read, newest first."""
    return [
        Task(
            _("อ่านรายชื่อที่เผยแพร่: %(cohort)s", cohort=named(run.cohort)), url_for("shortlist.run", run_id=run.id),
            _("เผยแพร่เมื่อ %(when)s", when=thai.moment(run.published_at)),
        )
        for run in _runs(session, "published", limit=5)
    ]  # fmt: skip
