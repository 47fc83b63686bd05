"""Home of those who learn and those who help them: trainee, mentor, panel member."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock, thai
from webapp.admissions.models import Application
from webapp.admissions.queries import cohorts_open_to
from webapp.assessments.exams.candidate.queries import own_exams
from webapp.assessments.models import PlanComponent
from webapp.assessments.panels.matters import panel_matters
from webapp.assessments.queries import plan_in_force, released_components, standing_scores
from webapp.careers.words import in_language as named
from webapp.coaching import queries as coaching
from webapp.coaching.words import hours_and_minutes
from webapp.courses import queries as courses
from webapp.courses.models import Cohort, CourseSession, Enrollment
from webapp.courses.rules import IN_THE_COHORT, Attended
from webapp.home import neighbors
from webapp.home.admitting import live_applications
from webapp.home.rules import is_below, minutes_due
from webapp.home.tasks import Task, some
from webapp.officers.models import Officer
from webapp.projects import queries as projects
from webapp.projects.queries import Line

SOON = dt.timedelta(days=30)
"""How far ahead a step of a project is already a task (ours)."""


@dataclass(frozen=True)
class Result:
    """A component in the trainee's own view: the score once released."""

    component: PlanComponent
    released: bool
    score: Fraction | None


@dataclass
class Learning:
    """Where a trainee stands in the course they are in now."""

    officer_no: str = ""
    enrollment: Enrollment | None = None
    attended: Attended | None = None
    minutes: coaching.Minutes = field(default_factory=coaching.Minutes)
    gates: dict[str, Decimal] = field(default_factory=dict)
    works: list[Line] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    next_sessions: list[tuple[CourseSession, Cohort]] = field(default_factory=list)
    others: list[Enrollment] = field(default_factory=list)
    open_cohorts: list[Cohort] = field(default_factory=list)
    applications: list[tuple[Application, str]] = field(default_factory=list)
    """Applications for cohorts that go on, each with what the published result gave, if there is one."""

    attendance_short: bool = False
    """Whether attendance is below the requirement, of the sessions held so far."""
    coaching_short: bool = False
    """Whether acknowledged hours are fewer than the requirement in proportion to the time gone by (ours)."""

    @property
    def in_course(self) -> bool:
        return self.enrollment is not None and self.enrollment.status in IN_THE_COHORT


def learning_of(session: Session, officer_id: int, today: dt.date) -> Learning:
    """Where the officer stands: in the newest cohort they sit in, or have asked to join."""
    enrollments = courses.enrollments_of(session, officer_id)
    live = [one for one in enrollments if one.cohort.closed_at is None and one.status != "withdrawn"]
    sitting = [one for one in live if one.status in IN_THE_COHORT]
    chosen = next(iter(sitting or live), None)
    found = Learning(
        officer_no=session.get_one(Officer, officer_id).officer_no, enrollment=chosen, others=[one for one in enrollments if one is not chosen],
        open_cohorts=cohorts_open_to(session, officer_id, today),
    )  # fmt: skip
    if chosen is None or not found.in_course:
        found.applications = live_applications(session, officer_id)
        return found
    found.attended = courses.attended_by(session, chosen.cohort, [chosen.id])[chosen.id]
    found.minutes = coaching.minutes_by(session, [chosen.id]).get(chosen.id, coaching.Minutes())
    found.gates = neighbors.gates(session, [chosen.cohort_id]).get(chosen.cohort_id, {})
    _pace(session, found, chosen.cohort, today)
    found.works = projects.assignments_of(session, [chosen.id])
    found.next_sessions = courses.next_sessions(session, [chosen.cohort_id], today)
    found.results = _results(session, chosen)
    return found


def _pace(session: Session, found: Learning, cohort: Cohort, today: dt.date) -> None:
    """Set whether the trainee falls behind, by the same measure as the institute's page."""
    held = session.scalar(
        select(func.sum(CourseSession.hours)).where(
            CourseSession.cohort_id == cohort.id, CourseSession.held_on <= today
        )
    )
    gate, asked = found.gates.get("attendance_percent"), found.gates.get("coaching_hours")
    if found.attended is not None:
        found.attendance_short = is_below(found.attended.hours, held or Decimal(0), gate)
    due = minutes_due(asked, cohort.starts_on, cohort.ends_on, today)
    found.coaching_short = due is not None and found.minutes.counted < due


def _results(session: Session, enrollment: Enrollment) -> list[Result]:
    plan = plan_in_force(session, enrollment.cohort_id)
    if plan is None:
        return []
    released = released_components(session, enrollment.cohort_id, "ranking")
    scores = standing_scores(session, enrollment.cohort_id, "ranking", [enrollment.id]) if released else None
    return [
        Result(one, one.code in released, scores.column(one.code)[0] if scores and one.code in released else None)
        for one in plan.components
    ]


def trainee_tasks(session: Session, officer_id: int, found: Learning, today: dt.date) -> list[Task]:
    """Sessions to acknowledge, work to do or revise."""
    waiting = [
        Task(
            _("รับรองการสอนงาน: %(topic)s", topic=one.topic), url_for("coaching.session", session_id=one.id),
            f"{named(one.mentor) if one.mentor else one.host} · {hours_and_minutes(one.minutes)}", waits=True,
        )
        for one in coaching.to_acknowledge(session, officer_id)
    ]  # fmt: skip
    tasks = exam_tasks(session, officer_id) + some(waiting, url_for("coaching.sessions", view="own"))
    for line in found.works:
        url = url_for("projects.assignment", assignment_id=line.assignment.id)
        if line.state == "returned":
            tasks.append(
                Task(
                    _("แก้ไขและส่งใหม่: %(title)s", title=line.assignment.title),
                    url,
                    line.assignment.decided_reason,
                    waits=True,
                )
            )
        elif line.state == "working" and line.next_on and line.next_on <= today + SOON:
            title = line.next_title or _("ส่งงาน")
            tasks.append(Task(f"{title}: {line.assignment.title}", url, due=line.next_on))
    return tasks


def exam_tasks(session: Session, officer_id: int) -> list[Task]:
    """Exams to go on with, to enter now, or to get ready for."""
    now = clock.now()
    words = {"writing": _("ทำข้อสอบต่อ: %(exam)s"), "open": _("เข้าสอบ: %(exam)s"), "upcoming": _("เตรียมเข้าสอบ: %(exam)s")}
    tasks = []
    for own in own_exams(session, officer_id):
        phase = own.phase(now)
        if phase not in words or (phase == "upcoming" and own.sitting.opens_at > now + SOON):
            continue
        ends = own.attempt.deadline_at if own.attempt is not None else own.sitting.closes_at
        when = own.sitting.opens_at if phase == "upcoming" else ends
        tasks.append(
            Task(
                words[phase] % {"exam": named(own.exam)}, url_for("assessments.exam_door", code=own.exam.code),
                f"{thai.moment(when)} {own.candidate.sitting}".strip(), due=when.astimezone(clock.BANGKOK).date(),
                waits=phase == "writing",
            )
        )  # fmt: skip
    return tasks


@dataclass
class Mentoring:
    """A mentor's trainees, and the gates of their cohorts."""

    trainees: list[coaching.Trainee] = field(default_factory=list)
    asked: dict[int, Decimal] = field(default_factory=dict)


def mentoring_of(session: Session, officer_id: int | None) -> Mentoring:
    """The mentor's trainees of open cohorts."""
    trainees = coaching.trainees_to_record(session, officer_id)
    gates = neighbors.gates(session, {one.cohort.id for one in trainees})
    return Mentoring(
        trainees, {key: value["coaching_hours"] for key, value in gates.items() if "coaching_hours" in value}
    )


def mentor_tasks(session: Session, officer_id: int, found: Mentoring) -> list[Task]:
    """Sessions that the trainee says are not right, notes that want a comment, trainees without any session."""
    questioned = [
        Task(
            _("แก้ไขบันทึกที่ %(name)s แจ้งว่าไม่ตรง", name=named(one.enrollment.officer)),
            url_for("coaching.session", session_id=one.id), one.question, waits=True,
        )
        for one in coaching.questioned_of_mentor(session, officer_id)
    ]  # fmt: skip
    tasks = some(questioned, url_for("coaching.sessions", view="trainees", state="questioned"))
    works = projects.assignments_of(session, [one.enrollment.id for one in found.trainees])
    tasks += some(
        [
            Task(
                _("ให้ความเห็นต่องานของ %(name)s", name=named(line.assignment.enrollment.officer)),
                url_for("projects.assignment", assignment_id=line.assignment.id, _anchor="events"),
                line.assignment.title, waits=True,
            )
            for line in works
            if line.last_note is not None and line.last_note.kind == "progress"
        ],
        url_for("projects.assignments", view="trainees"),
    )  # fmt: skip
    for one in found.trainees:
        if not (one.minutes.counted or one.minutes.waiting or one.minutes.shadowing):
            title = _("เริ่มสอนงาน %(name)s", name=named(one.officer))
            tasks.append(
                Task(title, url_for("coaching.record_session", trainee=one.enrollment.id), _("ยังไม่มีการสอนงานที่บันทึกไว้"))
            )
    return tasks


def assessor_tasks(session: Session, account_id: int) -> list[Task]:
    """Panels where conflicts are to be stated, marks to be given, or marks lie too far apart."""
    matters = panel_matters(session, account_id)
    tasks = [
        Task(
            _("แจ้งส่วนได้เสีย: %(component)s %(cohort)s", component=named(one.component), cohort=named(one.cohort)),
            url_for("assessments.state_conflicts", member_id=one.member.id),
            _("ก่อนให้คะแนน"), waits=True,
        )
        for one in matters.own if one.member.id in matters.unstated and one.cohort.closed_at is None
    ]  # fmt: skip
    tasks += [
        Task(
            _("หารือคะแนนที่ต่างกัน %(count)s คน: %(component)s", count=matters.talks[one.member.id], component=named(one.component)),
            url_for("assessments.marking", member_id=one.member.id), named(one.cohort), waits=True,
        )
        for one in matters.own if matters.talks.get(one.member.id) and one.cohort.closed_at is None
    ]  # fmt: skip
    return tasks + [
        Task(
            _("ให้คะแนน%(component)s: %(cohort)s", component=named(one.component), cohort=named(one.cohort)),
            url_for("assessments.marking", member_id=one.member.id),
            _("เหลือ %(left)s จาก %(total)s คน", left=one.left, total=one.total),
            due=one.cohort.ends_on if one.member.purpose == "ranking" else None,
        )
        for one in matters.own
        if one.left and one.cohort.closed_at is None and one.member.id not in matters.unstated
    ]  # fmt: skip
