"""Project assignments and proposal outlines: milestones, notes, comments and files. Evidence, never points."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.courses.models import Enrollment
from webapp.database import Base, UtcTime
from webapp.files.models import StoredFile


class ProjectAssignment(Base):
    """A project given to a trainee, or the proposal outline they hand in."""

    __tablename__ = "project_assignment"
    __table_args__ = (
        CheckConstraint("kind in ('project', 'proposal')", name="kind"),
        UniqueConstraint("enrollment_id", "kind", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(500))
    brief: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[dt.date | None]
    assigned_by: Mapped[str] = mapped_column(String(200))
    assigned_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    summary: Mapped[str] = mapped_column(Text, default="", comment="what the trainee hands in, in words")
    accepted: Mapped[bool | None] = mapped_column(comment="none: not decided yet")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Milestone(Base):
    """A step of an assignment with its day; done when the trainee says so."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("assignment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("project_assignment.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[dt.date | None]
    done_on: Mapped[dt.date | None]
    done_by: Mapped[str] = mapped_column(String(200), default="")
    assignment: Mapped[ProjectAssignment] = relationship(lazy="raise")


class ProjectNote(Base):
    """What happened to an assignment: progress notes, mentors' comments, submissions and decisions; only added to."""

    __tablename__ = "project_note"
    __table_args__ = (
        CheckConstraint(
            "kind in ('progress', 'comment', 'submitted', 'taken-back', 'accepted', 'returned')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("project_assignment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(200))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True)


class ProjectFile(Base):
    """A file handed in with an assignment."""

    __tablename__ = "project_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("project_assignment.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    file: Mapped[StoredFile] = relationship(lazy="raise")
