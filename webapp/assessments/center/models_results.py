"""What comes of assessment centers: observations, ratings, the wash-up, reports. All of it is only ever added.

The database refuses a rating that rests on no observation classed under its competency (``migrations/write``).
"""

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.assessments.center.models import METHODS, one_of
from webapp.database import Base, Exact, Json, UtcTime


class CenterObservation(Base):
    """What an assessor saw, heard or read, when; before any rating. A wrong one is answered by another, never changed."""

    __tablename__ = "center_observation"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        Index("ix_center_observation_place", "participant_id", "exercise_id", "assessor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"))
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("center_assessor.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[dt.datetime] = mapped_column(
        UtcTime, comment="as the assessor's device says; never after it came in"
    )
    received_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="sent twice, kept once")


class CenterClassing(Base):
    """An observation classed under a competency, as showing it (+) or its absence (-)."""

    __tablename__ = "center_classing"
    __table_args__ = (
        UniqueConstraint("observation_id", "competency_code"),
        CheckConstraint("sign in ('+', '-')", name="sign"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("center_observation.id"))
    competency_code: Mapped[str] = mapped_column(ForeignKey("competency.code"), index=True)
    sign: Mapped[str] = mapped_column(String(1))
    classed_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class CenterRating(Base):
    """An assessor's behaviorally anchored rating (1-5) of a competency in an exercise. Corrected by a new one."""

    __tablename__ = "center_rating"
    __table_args__ = (
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("replaces_id is null or reason <> ''", name="correction_reason"),
        Index("ix_center_rating_place", "participant_id", "exercise_id", "competency_code"),
        Index(
            "uq_center_rating_first",
            "participant_id",
            "exercise_id",
            "assessor_id",
            "competency_code",
            unique=True,
            sqlite_where=text("replaces_id is null"),
            postgresql_where=text("replaces_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"))
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("center_assessor.id"), index=True)
    competency_code: Mapped[str] = mapped_column(ForeignKey("competency.code"), index=True)
    rating: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    rated_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    rated_by: Mapped[str] = mapped_column(String(200))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("center_rating.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text, default="")


class CenterFinal(Base):
    """The final rating of a competency from the wash-up, with what the ratings came to before it and why it differs."""

    __tablename__ = "center_final"
    __table_args__ = (
        CheckConstraint(one_of("method", METHODS), name="method"),
        CheckConstraint("replaces_id is null or note <> ''", name="correction_note"),
        Index(
            "uq_center_final_first",
            "participant_id",
            "competency_code",
            unique=True,
            sqlite_where=text("replaces_id is null"),
            postgresql_where=text("replaces_id is null"),
        ),
        CheckConstraint("rating between 1 and 5", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"))
    competency_code: Mapped[str] = mapped_column(ForeignKey("competency.code"), index=True)
    before: Mapped[Decimal | None] = mapped_column(Exact, comment="weighted mean of the standing ratings then")
    rating: Mapped[int] = mapped_column(comment="1-5")
    method: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    present: Mapped[list[str]] = mapped_column(Json, default=list, comment="who sat in the wash-up")
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("center_final.id"), unique=True)


class CenterReport(Base):
    """The participant's report: overall rating, strengths, needs, advice; one version replaces another."""

    __tablename__ = "center_report"
    __table_args__ = (
        UniqueConstraint("participant_id", "number"),
        CheckConstraint("overall between 1 and 5", name="overall"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"))
    number: Mapped[int]
    overall: Mapped[int]
    overall_note: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class CenterDiscussion(Base):
    """What the wash-up said about a participant, in the order it was noted. Only ever added."""

    __tablename__ = "center_discussion"
    __table_args__ = (CheckConstraint("words <> ''", name="words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    present: Mapped[list[str]] = mapped_column(Json, default=list, comment="who sat in the wash-up")
    written_by: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="sent twice, kept once")


class CenterFeedback(Base):
    """The participant has read the report and been told about it; their own words about it, if any."""

    __tablename__ = "center_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("center_report.id"), unique=True)
    words: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[dt.datetime] = mapped_column(UtcTime)
