"""The cohorts of one officer: attendance, coaching, projects and scores, as far as a reader may see them."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PanelMember, PlanComponent, ScoreEntry, ScoreRelease
from webapp.assessments.panels.rules import Seat, Seats
from webapp.assessments.panels.seats import standing_relations
from webapp.assessments.rules import MemberMark, outcome, total_of
from webapp.careers.models import Course
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.officers.models import Officer
from webapp.projects.models import ProjectAssignment
from webapp.records.record import Attended, Coached, Entry, InCohort, Name, Project, Scored, Source
from webapp.records.rules import Sight

ByCohort = dict[int, list[Any]]


def of_officer(session: Session, officer_id: int, sight: Sight, account_id: int | None = None) -> tuple[InCohort, ...]:
    """Every cohort the officer applied to or was in, newest first."""
    rows = session.execute(
        select(Enrollment, Cohort, Course)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Enrollment.officer_id == officer_id)
        .order_by(Cohort.starts_on.desc(), Enrollment.id.desc())
    ).all()
    if not rows:
        return ()
    attendance = _attendance(session, officer_id)
    coaching = _coaching(session, officer_id, sight)
    projects = _projects(session, officer_id, sight)
    plans = _plans(session, [cohort.id for _, cohort, _ in rows])
    scores = _Scores(session, officer_id, [cohort.id for _, cohort, _ in rows], sight, account_id)
    return tuple(
        _in_cohort(
            enrollment, cohort, course, sight, attendance[enrollment.id], coaching[enrollment.id],
            projects[enrollment.id], plans[cohort.id], scores,
        )
        for enrollment, cohort, course in rows
    )  # fmt: skip


def _in_cohort(
    enrollment: Enrollment, cohort: Cohort, course: Course, sight: Sight, attendance: Sequence[Attended],
    coaching: Sequence[Coached], projects: Sequence[Project], plans: Sequence[AssessmentPlan], scores: "_Scores",
) -> InCohort:  # fmt: skip
    acknowledged = [session for session in coaching if session.acknowledged_at is not None]
    gates = [gate for plan in plans if plan.purpose == "ranking" for gate in plan.gates]
    return InCohort(
        enrollment_id=enrollment.id,
        code=cohort.code,
        title=Name(cohort.code, cohort.name_th, cohort.name_en),
        course=Name(course.code, course.name_th, course.name_en),
        status=enrollment.status,
        status_reason=enrollment.status_reason,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        hours_held=sum((row.held_hours for row in attendance), Fraction()),
        hours_attended=sum((row.hours or Fraction() for row in attendance), Fraction()),
        attendance=tuple(attendance) if sight.attendance else (),
        coaching_minutes=sum(row.minutes for row in acknowledged if row.kind != "shadowing"),
        shadowing_minutes=sum(row.minutes for row in acknowledged if row.kind == "shadowing"),
        unacknowledged=len(coaching) - len(acknowledged),
        coaching=tuple(coaching),
        projects=tuple(projects),
        scores=tuple(
            scores.of(enrollment.id, cohort.id, plan, component) for plan in plans for component in plan.components
        ),
        gates={gate.kind: Fraction(gate.value) for gate in gates},
        source=Source(
            "enrollment", enrollment.id, enrollment.decided_by, enrollment.decided_at, enrollment.import_id,
            enrollment.status_reason,
        ),
    )  # fmt: skip


def _attendance(session: Session, officer_id: int) -> ByCohort:
    """By enrollment, every session of its cohort with what was entered for the officer."""
    rows = session.execute(
        select(Enrollment.id, CourseSession, Attendance)
        .join(CourseSession, CourseSession.cohort_id == Enrollment.cohort_id)
        .outerjoin(
            Attendance,
            and_(Attendance.session_id == CourseSession.id, Attendance.enrollment_id == Enrollment.id),
        )
        .where(Enrollment.officer_id == officer_id)
        .order_by(Enrollment.id, CourseSession.held_on, CourseSession.code)
    )
    found: ByCohort = defaultdict(list)
    for enrollment_id, held, row in rows:
        source = (
            None
            if row is None
            else Source("attendance", row.id, row.entered_by, row.entered_at, row.import_id, row.note)
        )
        hours = None if row is None else Fraction(row.hours) if row.present else Fraction()
        name = Name(held.code, held.name_th, held.name_en)
        found[enrollment_id].append(
            Attended(held.code, name, held.part, held.held_on, Fraction(held.hours), hours, source)
        )
    return found


def _coaching(session: Session, officer_id: int, sight: Sight) -> ByCohort:
    rows = session.execute(
        select(CoachingSession, Officer)
        .join(Enrollment, Enrollment.id == CoachingSession.enrollment_id)
        .outerjoin(Officer, Officer.id == CoachingSession.mentor_id)
        .where(Enrollment.officer_id == officer_id, CoachingSession.withdrawn_at.is_(None))
        .order_by(CoachingSession.held_on, CoachingSession.id)
    )
    found: ByCohort = defaultdict(list)
    for row, mentor in rows:
        found[row.enrollment_id].append(
            Coached(
                id=row.id, kind=row.kind, held_on=row.held_on, minutes=row.minutes,
                mentor=row.host if mentor is None else mentor.name_th,
                topic=row.topic if sight.coaching_text else "", acknowledged_at=row.acknowledged_at,
                source=Source("coaching_session", row.id, row.recorded_by, row.recorded_at, row.import_id),
            )
        )  # fmt: skip
    return found


def _projects(session: Session, officer_id: int, sight: Sight) -> ByCohort:
    rows = session.scalars(
        select(ProjectAssignment)
        .join(Enrollment, Enrollment.id == ProjectAssignment.enrollment_id)
        .where(Enrollment.officer_id == officer_id)
        .order_by(ProjectAssignment.kind.desc(), ProjectAssignment.id)
    )
    found: ByCohort = defaultdict(list)
    for row in rows:
        decided = row.accepted is not None
        found[row.enrollment_id].append(
            Project(
                id=row.id, kind=row.kind, title=row.title if sight.project_text else "", due_on=row.due_on,
                submitted_at=row.submitted_at, accepted=row.accepted,
                source=Source(
                    "project_assignment", row.id, row.decided_by if decided else row.assigned_by,
                    row.decided_at if decided else row.assigned_at, None, row.decided_reason if sight.project_text else "",
                ),
            )
        )  # fmt: skip
    return found


def _plans(session: Session, cohort_ids: Sequence[int]) -> ByCohort:
    """Plans in force by cohort, the entry selection first."""
    rows = session.scalars(
        select(AssessmentPlan)
        .where(AssessmentPlan.cohort_id.in_(cohort_ids), AssessmentPlan.status == "in-force")
        .order_by(AssessmentPlan.cohort_id, AssessmentPlan.purpose.desc())
    )
    found: ByCohort = defaultdict(list)
    for plan in rows:
        found[plan.cohort_id].append(plan)
    return found


class _Scores:
    """The ledger of one officer, with the panels and releases of their cohorts: three statements."""

    def __init__(
        self, session: Session, officer_id: int, cohort_ids: Sequence[int], sight: Sight, account_id: int | None
    ) -> None:
        self.account_id = account_id
        self.sight = sight
        self.entries: dict[tuple[int, str, str], list[ScoreEntry]] = defaultdict(list)
        ledger = (
            select(ScoreEntry)
            .join(Enrollment, Enrollment.id == ScoreEntry.enrollment_id)
            .where(Enrollment.officer_id == officer_id)
            .order_by(ScoreEntry.id)
        )
        for entry in session.scalars(ledger):
            self.entries[entry.enrollment_id, entry.purpose, entry.component].append(entry)
        self.panels: dict[tuple[int, str, str], list[PanelMember]] = defaultdict(list)
        members = select(PanelMember).where(PanelMember.cohort_id.in_(cohort_ids)).order_by(PanelMember.id)
        for member in session.scalars(members):
            self.panels[member.cohort_id, member.purpose, member.component].append(member)
        self.relations = standing_relations(session, [row.id for rows in self.panels.values() for row in rows])
        released = select(ScoreRelease).where(ScoreRelease.cohort_id.in_(cohort_ids))
        self.released = {(r.cohort_id, r.purpose, r.component) for r in session.scalars(released)}

    def of(self, enrollment_id: int, cohort_id: int, plan: AssessmentPlan, component: PlanComponent) -> Scored:
        """One component as the reader may see it."""
        entries = self.entries[enrollment_id, plan.purpose, component.code]
        released = (cohort_id, plan.purpose, component.code) in self.released
        panel = self.panels[cohort_id, plan.purpose, component.code]
        seats = self._seats(panel, enrollment_id)
        state, score = self._score(entries, seats, enrollment_id)
        if (not released and not self.sight.unreleased_scores) or self._still_marks(
            panel, seats, entries, enrollment_id
        ):
            state, score, entries = "hidden", None, []
        return Scored(
            purpose=plan.purpose, component=Name(component.code, component.name_th or component.code, component.name_en),
            weight=Fraction(component.weight), maximum=Fraction(component.maximum),
            pass_percent=None if component.pass_percent is None else Fraction(component.pass_percent),
            decimals=plan.decimals, released=released, state=state, score=score,
            entries=self._history(entries) if self.sight.history else (),
        )  # fmt: skip

    def _seats(self, panel: Sequence[PanelMember], enrollment_id: int) -> Seats:
        """Who of a panel marks the person."""
        members = {row.name: Seat(row.recused_at is not None, row.substitute) for row in panel}
        stand = {(row.name, enrollment_id): self.relations.get((row.id, enrollment_id)) for row in panel}
        return Seats(members, {pair: row.relation for pair, row in stand.items() if row is not None})

    def _still_marks(
        self, panel: Sequence[PanelMember], seats: Seats, entries: Sequence[ScoreEntry], enrollment_id: int
    ) -> bool:
        """Whether the reader sits on the panel and has still to give this person a mark."""
        given = {entry.member for entry in entries}
        own = [row.name for row in panel if row.account_id == self.account_id and seats.marks(row.name, enrollment_id)]
        return self.account_id is not None and any(name not in given for name in own)

    def _score(self, entries: Sequence[ScoreEntry], seats: Seats, enrollment_id: int) -> tuple[str, Fraction | None]:
        replaced = {entry.replaces_id for entry in entries}
        marks = [
            MemberMark(e.member, total_of(e.score, e.marks, e.maximum), e.import_id is not None)
            for e in entries
            if e.id not in replaced
        ]
        gone = [name for name in seats.members if not seats.counts(name, enrollment_id)]
        found = outcome(marks, seats.named_for(enrollment_id), gone)
        if found.score is not None:
            return "scored", found.score
        return ("awaiting" if any(mark.total is not None for mark in marks) else "none"), None

    def _history(self, entries: Sequence[ScoreEntry]) -> tuple[Entry, ...]:
        """The lines of the ledger; an officer sees values and reasons, not who of the panel gave which."""
        replaced = {entry.replaces_id for entry in entries}
        order = {name: n for n, name in enumerate(dict.fromkeys(e.member for e in entries if e.member), start=1)}
        return tuple(
            Entry(
                id=e.id,
                member=e.member if self.sight.members else str(order.get(e.member, "")),
                total=total_of(e.score, e.marks, e.maximum),
                stands=e.id not in replaced,
                replaces=e.replaces_id,
                source=Source(
                    "score_entry", e.id, e.entered_by if self.sight.members else "", e.entered_at, e.import_id, e.reason
                ),
            )
            for e in entries
        )  # fmt: skip
