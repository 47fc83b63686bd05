"""Mentor pairings, and the sessions of coaching, mentoring and shadowing."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.courses.models import Enrollment
from webapp.database import Base, UtcTime
from webapp.officers.models import Officer

SESSION_KINDS = ("coaching", "mentoring", "shadowing")


class MentorPairing(Base):
    """A mentor (พี่เลี้ยง) given to a trainee for a cohort, until ended."""

    __tablename__ = "mentor_pairing"
    __table_args__ = (
        Index(
            "uq_mentor_pairing_standing",
            "enrollment_id",
            "mentor_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    paired_by: Mapped[str] = mapped_column(String(200))
    paired_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
    mentor: Mapped[Officer] = relationship(lazy="raise")


class CoachingSession(Base):
    """One session between a mentor (or an outside host) and a trainee. It counts once the trainee acknowledges it.

    Coaching and mentoring count towards coaching hours; shadowing is counted apart.
    """

    __tablename__ = "coaching_session"
    __table_args__ = (
        CheckConstraint("kind in ('coaching', 'mentoring', 'shadowing')", name="kind"),
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        CheckConstraint("mentor_id is not null or kind = 'shadowing'", name="mentor_or_host"),
        UniqueConstraint("natural_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    natural_key: Mapped[str | None] = mapped_column(
        String(200), comment="enrollment|mentor|day|kind|start while the session stands; none once withdrawn"
    )
    held_on: Mapped[dt.date]
    started_at: Mapped[str] = mapped_column(String(5), default="", comment="HH:MM, empty if not told")
    kind: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    topic: Mapped[str] = mapped_column(String(500))
    agreed: Mapped[str] = mapped_column(Text, default="", comment="what was agreed")
    next_step: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[dt.date | None]
    host: Mapped[str] = mapped_column(String(300), default="")
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True, comment="of the form: sent twice, recorded once")
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[str] = mapped_column(String(200), default="")
    questioned_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="the trainee says it is not right")
    question: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    import_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
    mentor: Mapped[Officer | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}
