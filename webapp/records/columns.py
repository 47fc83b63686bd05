"""A cohort as the columns that the ranking reads, straight from the rooms below: nothing here is ever stored.

Only enrollments that are ranked or listed are read: enrolled, completed and withdrawn (domain page §5).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan
from webapp.assessments.queries import standing_scores
from webapp.assessments.ranking.columns import ExactColumn, People, Whole, whole
from webapp.careers.models import Post, Unit
from webapp.careers.tenure import OPEN
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.officers.models import Officer, Posting
from webapp.officers.rules import level_tenures
from webapp.projects.models import ProjectAssignment

LISTED = ("enrolled", "completed", "withdrawn")
"""Statuses that belong to the cohort; withdrawn is listed as not ranked, for that reason."""


@dataclass(frozen=True, slots=True, eq=False)
class CohortColumns:
    """Everybody of a cohort, one row each by officer number, with what the ranking and its pages need."""

    enrollment_ids: Sequence[int]
    officer_ids: Sequence[int]
    names_th: Sequence[str]
    names_en: Sequence[str]
    statuses: Sequence[str]
    people: People
    shadowing_minutes: Whole

    @property
    def officer_nos(self) -> Sequence[str]:
        return self.people.officer_no


def columns_of(
    session: Session, cohort: Cohort, *, purpose: str = "ranking", among: Sequence[int] | None = None
) -> CohortColumns:
    """The columns of ``cohort``; level tenure is that on the cohort's last day.

    An entry selection reads the scores of its own ``purpose``, of the enrollments in ``among`` whatever their status.
    """
    listed = Enrollment.status.in_(LISTED) if among is None else Enrollment.id.in_(list(among))
    rows = session.execute(_enrollments(cohort.id, listed)).all()
    place = {row.id: index for index, row in enumerate(rows)}
    persons = {row.officer_id: index for index, row in enumerate(rows)}
    coaching, shadowing = _minutes(session, cohort.id, place)
    people = People(
        officer_no=[row.officer_no for row in rows],
        scores=standing_scores(session, cohort.id, purpose, enrollment_ids=[row.id for row in rows]).columns,
        attended=ExactColumn.of_hundredths(_attended(session, cohort.id, place)),
        hours_held=hours_held(session, cohort.id),
        coaching_minutes=coaching,
        project_accepted=_accepted(session, cohort.id, place),
        level_tenure=_level_tenure(session, cohort, persons, listed),
        entry_date=np.array([row.entry_date.toordinal() for row in rows], np.int64),
        withdrawn=np.array([row.status == "withdrawn" for row in rows], np.bool_),
    )
    return CohortColumns(
        enrollment_ids=[row.id for row in rows],
        officer_ids=[row.officer_id for row in rows],
        names_th=[f"{row.title}{row.given_name} {row.family_name}".strip() for row in rows],
        names_en=[row.name_en for row in rows],
        statuses=[row.status for row in rows],
        people=people,
        shadowing_minutes=shadowing,
    )


def _enrollments(cohort_id: int, listed: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            Enrollment.id, Enrollment.officer_id, Enrollment.status, Officer.officer_no, Officer.title,
            Officer.given_name, Officer.family_name, Officer.name_en, Officer.entry_date,
        )
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort_id, listed)
        .order_by(Officer.officer_no)
    )  # fmt: skip


def hours_held(session: Session, cohort_id: int) -> Fraction:
    """Hours of all the cohort's sessions, of every part."""
    total = session.scalar(
        select(func.sum(type_coerce(CourseSession.hours, BigInteger))).where(CourseSession.cohort_id == cohort_id)
    )
    return Fraction(int(total or 0), 100)


def _attended(session: Session, cohort_id: int, place: Mapping[int, int]) -> Whole:
    """Hundredths of hours attended, one per person; no row and absent are nought."""
    rows = session.execute(
        select(Attendance.enrollment_id, func.sum(type_coerce(Attendance.hours, BigInteger)))
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.cohort_id == cohort_id, Attendance.present)
        .group_by(Attendance.enrollment_id)
    )
    column = [0] * len(place)
    for enrollment_id, total in rows:
        if enrollment_id in place:
            column[place[enrollment_id]] = int(total)
    return whole(column)


def _minutes(session: Session, cohort_id: int, place: Mapping[int, int]) -> tuple[Whole, Whole]:
    """Acknowledged minutes of coaching and mentoring together, and of shadowing apart."""
    rows = session.execute(
        select(CoachingSession.enrollment_id, CoachingSession.kind, func.sum(CoachingSession.minutes))
        .join(Enrollment, Enrollment.id == CoachingSession.enrollment_id)
        .where(
            Enrollment.cohort_id == cohort_id,
            CoachingSession.acknowledged_at.is_not(None),
            CoachingSession.withdrawn_at.is_(None),
        )
        .group_by(CoachingSession.enrollment_id, CoachingSession.kind)
    )
    coaching, shadowing = np.zeros(len(place), np.int64), np.zeros(len(place), np.int64)
    for enrollment_id, kind, minutes in rows:
        if enrollment_id in place:
            (shadowing if kind == "shadowing" else coaching)[place[enrollment_id]] += int(minutes)
    return coaching, shadowing


def _accepted(session: Session, cohort_id: int, place: Mapping[int, int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Who has an accepted project."""
    rows = session.scalars(
        select(ProjectAssignment.enrollment_id)
        .join(Enrollment, Enrollment.id == ProjectAssignment.enrollment_id)
        .where(Enrollment.cohort_id == cohort_id, ProjectAssignment.kind == "project", ProjectAssignment.accepted)
        .distinct()
    )
    column = np.zeros(len(place), np.bool_)
    column[[place[enrollment_id] for enrollment_id in rows if enrollment_id in place]] = True
    return column


def _level_tenure(session: Session, cohort: Cohort, persons: Mapping[int, int], listed: ColumnElement[bool]) -> Whole:
    """Level tenure in days of the 360-day count, on the cohort's last day."""
    rows = session.execute(
        select(
            Posting.officer_id, Posting.started_on, Posting.ended_on, Posting.acting,
            Posting.position_type, Posting.level, Post.code, Unit.code,
        )
        .join(Enrollment, Enrollment.officer_id == Posting.officer_id)
        .join(Post, Post.id == Posting.post_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Enrollment.cohort_id == cohort.id, listed, Posting.voided_at.is_(None))
    ).all()  # fmt: skip
    return level_tenures(
        len(persons),
        np.array([persons[row[0]] for row in rows], np.int64),
        np.array([row[1].toordinal() for row in rows], np.int64),
        np.array([row[2].toordinal() if row[2] else OPEN for row in rows], np.int64),
        np.array([row[3] for row in rows], np.bool_),
        _numbered([(row[4], row[5]) for row in rows]),
        _numbered([row[6] for row in rows]),
        _numbered([row[7] for row in rows]),
        cohort.ends_on.toordinal(),
    )


def _numbered(values: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Each value's place among the distinct ones, in their order as text."""
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return np.array([places[value] for value in values], np.int64)


def named_components(plan: AssessmentPlan) -> dict[str, dict[str, str]]:
    """The plan's components by code, with both names; the code where there is no name."""
    return {
        c.code: {"name_th": c.name_th or c.code, "name_en": c.name_en or c.name_th or c.code} for c in plan.components
    }


def named_parts(plan: AssessmentPlan) -> dict[str, dict[str, str]]:
    """The plan's components by code, and under ``tie:…`` and ``gate:…`` the names a plan gives its own tie-breakers and gates."""
    given = [(f"tie:{row.key}", row) for row in plan.tie_breakers]
    gates = [(f"gate:{row.kind}", row) for row in plan.gates]
    own = {key: {"name_th": row.name_th, "name_en": row.name_en} for key, row in (*given, *gates) if row.name_th}
    return {**named_components(plan), **own}


def plan_facts(plan: AssessmentPlan) -> dict[str, Any]:
    """What a frozen ranking keeps of its plan beside the figures: version, names, reasons, who drafted and who approved."""
    return {
        "version": plan.version,
        "components": named_parts(plan),
        "reasons": {
            "components": {c.code: c.reason for c in plan.components},
            "gates": {g.kind: g.reason for g in plan.gates},
            "tie_breakers": {t.key: t.reason for t in plan.tie_breakers},
        },
        "drafted_by": plan.drafted_by,
        "approved_by": plan.approved_by,
    }


def rows_of(values: Iterable[str], wanted: str) -> int | None:
    """The row of one officer number, or none."""
    return next((row for row, value in enumerate(values) if value == wanted), None)
