"""Reads of projects and proposal outlines, each already by who may see it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.courses.models import Cohort, Enrollment
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.projects import neighbors
from webapp.projects.models import Milestone, ProjectAssignment, ProjectFile, ProjectNote
from webapp.projects.rules import state_of

BY_STATE: dict[str, ColumnElement[bool]] = {
    "accepted": ProjectAssignment.accepted.is_(True),
    "submitted": and_(ProjectAssignment.submitted_at.is_not(None), ProjectAssignment.accepted.is_not(True)),
    "returned": and_(ProjectAssignment.submitted_at.is_(None), ProjectAssignment.accepted.is_(False)),
    "working": and_(ProjectAssignment.submitted_at.is_(None), ProjectAssignment.accepted.is_(None)),
}


@dataclass(frozen=True)
class Reader:
    """Whoever reads: by which relation they may see work under its author's name."""

    officer_id: int | None
    everything: bool = False
    mentor: bool = False
    executive: bool = False


@dataclass(frozen=True)
class Line:
    """An assignment in a list, with how far it is."""

    assignment: ProjectAssignment
    done: int
    steps: int
    next_title: str = ""
    next_on: dt.date | None = None
    last_note: ProjectNote | None = None

    @property
    def state(self) -> str:
        return state_of(self.assignment)


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """Work the reader may see with its author's name: all; own; of their trainees; of published cohorts."""
    if reader.everything:
        return ProjectAssignment.id.is_not(None)
    allowed: list[ColumnElement[bool]] = []
    if reader.officer_id is not None:
        allowed.append(Enrollment.officer_id == reader.officer_id)
        if reader.mentor:
            allowed.append(Enrollment.officer_id.in_(neighbors.officers_mentored_by(reader.officer_id)))
    if reader.executive:
        allowed.append(Enrollment.cohort_id.in_(neighbors.cohorts_published()))
    return or_(*allowed) if allowed else ProjectAssignment.id.is_(None)


def _full() -> Select[tuple[ProjectAssignment]]:
    return (
        select(ProjectAssignment)
        .join(ProjectAssignment.enrollment)
        .join(Enrollment.officer)
        .join(Enrollment.cohort)
        .options(
            contains_eager(ProjectAssignment.enrollment).contains_eager(Enrollment.officer),
            contains_eager(ProjectAssignment.enrollment).contains_eager(Enrollment.cohort),
        )
    )


def assignment_visible_to(session: Session, reader: Reader, assignment_id: int) -> ProjectAssignment:
    """One assignment with its people. Raises ``NotFound``, also where it is not the reader's to see."""
    found = session.scalar(_full().where(ProjectAssignment.id == assignment_id, visible_to(reader)))
    if found is None:
        raise NotFound()
    return found


def own_assignment(session: Session, officer_id: int | None, assignment_id: int) -> ProjectAssignment:
    """An assignment of the officer themselves. Raises ``NotFound``."""
    return assignment_visible_to(session, Reader(officer_id or 0), assignment_id)


def assignments_page(
    session: Session, reader: Reader, *, words: str = "", state: str = "", kind: str = "", cohort_id: int | None = None,
    mine: str = "", limit: int = 50, offset: int = 0,
) -> tuple[list[Line], int]:  # fmt: skip
    """Assignments the reader may see, by the Thai alphabet, and how many. ``mine``: ``trainee`` or ``mentor``."""
    where = [visible_to(reader)]
    for word in words.split():
        name = Officer.title + Officer.given_name + " " + Officer.family_name
        found = (name.contains(word, autoescape=True), ProjectAssignment.title.icontains(word, autoescape=True))
        where.append(or_(*found, Officer.officer_no == word))
    if state in BY_STATE:
        where.append(BY_STATE[state])
    if kind:
        where.append(ProjectAssignment.kind == kind)
    if cohort_id is not None:
        where.append(Enrollment.cohort_id == cohort_id)
    if mine == "trainee":
        where.append(Enrollment.officer_id == (reader.officer_id or 0))
    elif mine == "mentor":
        where.append(Enrollment.officer_id.in_(neighbors.officers_mentored_by(reader.officer_id or 0)))
    rows = session.scalars(
        _full()
        .where(*where)
        .order_by(Cohort.starts_on.desc(), Officer.sort_key, ProjectAssignment.kind.desc(), ProjectAssignment.id)
        .limit(limit)
        .offset(offset)
    ).all()
    total = session.scalar(
        select(func.count(ProjectAssignment.id))
        .join(ProjectAssignment.enrollment).join(Enrollment.officer).join(Enrollment.cohort).where(*where)
    )  # fmt: skip
    return lines(session, rows), total or 0


def lines(session: Session, rows: Sequence[ProjectAssignment]) -> list[Line]:
    """The assignments with how many steps are done, what is next, and the last note."""
    ids = [row.id for row in rows]
    steps = milestones_by(session, ids)
    last = (
        select(func.max(ProjectNote.id)).where(ProjectNote.assignment_id.in_(ids)).group_by(ProjectNote.assignment_id)
    )
    notes = {note.assignment_id: note for note in session.scalars(select(ProjectNote).where(ProjectNote.id.in_(last)))}
    made = []
    for row in rows:
        own = steps.get(row.id, [])
        ahead = next((step for step in own if step.done_on is None), None)
        made.append(
            Line(
                row, sum(1 for step in own if step.done_on), len(own), ahead.title if ahead else "",
                ahead.due_on if ahead else row.due_on, notes.get(row.id),
            )
        )  # fmt: skip
    return made


def assignments_of(session: Session, enrollment_ids: Iterable[int]) -> list[Line]:
    """All assignments of the enrollments, with how far they are."""
    rows = session.scalars(
        _full()
        .where(ProjectAssignment.enrollment_id.in_(list(enrollment_ids)))
        .order_by(ProjectAssignment.kind.desc(), ProjectAssignment.due_on, ProjectAssignment.id)
    ).all()
    return lines(session, rows)


def milestones_by(session: Session, assignment_ids: Sequence[int]) -> dict[int, list[Milestone]]:
    """The steps of each assignment, in order."""
    found: dict[int, list[Milestone]] = {}
    query = select(Milestone).where(Milestone.assignment_id.in_(assignment_ids))
    for step in session.scalars(query.order_by(Milestone.assignment_id, Milestone.position)):
        found.setdefault(step.assignment_id, []).append(step)
    return found


def milestone_of(session: Session, assignment_id: int, milestone_id: int) -> Milestone:
    """A step of the assignment. Raises ``NotFound``."""
    found = session.scalar(
        select(Milestone).where(Milestone.id == milestone_id, Milestone.assignment_id == assignment_id)
    )
    if found is None:
        raise NotFound()
    return found


def notes_of(session: Session, assignment_id: int) -> list[ProjectNote]:
    """What happened to the assignment, newest first."""
    query = select(ProjectNote).where(ProjectNote.assignment_id == assignment_id)
    return list(session.scalars(query.order_by(ProjectNote.written_at.desc(), ProjectNote.id.desc())))


def files_of(session: Session, assignment_id: int) -> list[ProjectFile]:
    """The files that stand, oldest first."""
    return list(
        session.scalars(
            select(ProjectFile)
            .where(ProjectFile.assignment_id == assignment_id, ProjectFile.withdrawn_at.is_(None))
            .options(joinedload(ProjectFile.file))
            .order_by(ProjectFile.id)
        )
    )


def file_of(session: Session, assignment_id: int, file_id: int) -> ProjectFile:
    """A standing file of the assignment with its stored file. Raises ``NotFound``."""
    for row in files_of(session, assignment_id):
        if row.id == file_id:
            return row
    raise NotFound()
