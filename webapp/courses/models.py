"""Cohorts of a course, their sessions, who is enrolled, and who attended."""

import datetime as dt
import secrets
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Course, Named
from webapp.database import Base, Points, UtcTime
from webapp.officers.models import Officer

ENROLLMENT_STATUSES = ("applied", "admitted", "reserve", "enrolled", "withdrawn", "completed")
SESSION_PARTS = ("lecture", "activity", "experience")


class Cohort(Named, Base):
    """A numbered run (รุ่น) of a course."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("shortlist_size > 0", name="shortlist_size"),
        CheckConstraint("reserve >= 0", name="reserve"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    applications_open_on: Mapped[dt.date | None]
    applications_close_on: Mapped[dt.date | None]
    seats: Mapped[int]
    reserve: Mapped[int] = mapped_column(default=0, comment="length of the reserve list of the entry selection")
    shortlist_size: Mapped[int] = mapped_column(default=5)
    place: Mapped[str] = mapped_column(String(300), default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    created_by: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    course: Mapped[Course] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class CourseSession(Named, Base):
    """One session of a cohort: a lecture, an activity or an experience."""

    __tablename__ = "course_session"
    __table_args__ = (
        UniqueConstraint("cohort_id", "code"),
        CheckConstraint("part in ('lecture', 'activity', 'experience')", name="part"),
        CheckConstraint("hours > 0", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    code: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(12))
    held_on: Mapped[dt.date]
    hours: Mapped[Decimal] = mapped_column(Points)
    place: Mapped[str] = mapped_column(String(300), default="")
    speaker: Mapped[str] = mapped_column(String(300), default="")
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class Enrollment(Base):
    """An officer in a cohort, from application to completion."""

    __tablename__ = "enrollment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "officer_id"),
        CheckConstraint(
            "status in ('applied', 'admitted', 'reserve', 'enrolled', 'withdrawn', 'completed')", name="status"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    status_reason: Mapped[str] = mapped_column(Text, default="")
    blind_key: Mapped[str] = mapped_column(
        String(32),
        default=lambda: secrets.token_hex(16),
        comment="what candidate numbers of blind marking are made from",
    )
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    import_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    officer: Mapped[Officer] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Attendance(Base):
    """Whether a trainee was there, and for how many hours of the session."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("session_id", "enrollment_id"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("course_session.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    present: Mapped[bool]
    hours: Mapped[Decimal] = mapped_column(Points, comment="0 where absent")
    note: Mapped[str] = mapped_column(String(300), default="")
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    import_id: Mapped[int | None] = mapped_column(index=True)
    session: Mapped[CourseSession] = relationship(lazy="raise")
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
