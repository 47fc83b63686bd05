"""Tables of assessment centers. Observations, ratings and final ratings are only ever added.

A center stands apart from any course; its ratings enter a ranking only through an assessment plan that says so.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import clock
from webapp.careers.models import Named
from webapp.database import Base, Exact, Json, UtcTime
from webapp.files.models import StoredFile
from webapp.officers.models import Officer

STATUSES = ("draft", "approved", "closed", "released")
METHODS = ("consensus", "mechanical")
"""How final ratings come about: agreed in the wash-up, or the weighted mean of the ratings; declared beforehand."""
EXERCISE_KINDS = ("in-basket", "group-discussion", "role-play", "case-analysis", "presentation")
SIMULATIONS = ("in-basket", "group-discussion", "role-play")
AUDIENCES = ("participants", "assessors")
CONFLICT_KINDS = ("supervisor", "mentor", "relative", "other")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Center(Named, Base):
    """An assessment center: its policy (purpose, who sees what, how long it is kept), method, and rule for stars."""

    __tablename__ = "center"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(_one_of("method", METHODS), name="method"),
        CheckConstraint("slot_minutes between 5 and 120", name="slot_minutes"),
        CheckConstraint("meetings >= 1", name="meetings"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True, comment="whose profile it measures")
    purpose: Mapped[str] = mapped_column(Text, default="", comment="policy: what the results are used for")
    who_sees: Mapped[str] = mapped_column(Text, default="", comment="policy: who sees what, and when")
    retention: Mapped[str] = mapped_column(Text, default="", comment="policy: how long what is kept")
    method: Mapped[str] = mapped_column(String(10), default="consensus")
    stars: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, comment="rule for stars: least performance and potential, as exact text, with its reason"
    )
    slot_minutes: Mapped[int] = mapped_column(default=30)
    rest_slots: Mapped[int] = mapped_column(default=0, comment="between two exercises of a participant")
    meetings: Mapped[int] = mapped_column(
        default=2, comment="in how many exercises an assessor may see the same person"
    )
    threshold: Mapped[Decimal] = mapped_column(
        Exact, default=Decimal(1), comment="difference of ratings to be discussed"
    )
    status: Mapped[str] = mapped_column(String(8), default="draft")
    created_by: Mapped[str] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    approved_by: Mapped[str] = mapped_column(String(200), default="", comment="the second person")
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str] = mapped_column(String(200), default="", comment="the wash-up")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    released_by: Mapped[str] = mapped_column(String(200), default="", comment="somebody else than who closed")
    released_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    no_timetable: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, comment="the rule that the last search could not keep, with its figures; empty: none"
    )
    built_by: Mapped[str] = mapped_column(String(200), default="", comment="the timetable")
    built_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_by: Mapped[str] = mapped_column(String(200), default="", comment="the timetable, to those in it")
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class CenterExercise(Named, Base):
    """An exercise: how long, how many at once, how many assessors, how long these write afterwards."""

    __tablename__ = "center_exercise"
    __table_args__ = (
        UniqueConstraint("center_id", "code"),
        CheckConstraint(_one_of("kind", EXERCISE_KINDS), name="kind"),
        CheckConstraint("minutes > 0 and group_size >= 1 and assessors >= 0 and writing_minutes >= 0", name="figures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    group_size: Mapped[int] = mapped_column(default=1)
    assessors: Mapped[int] = mapped_column(default=1)
    writing_minutes: Mapped[int] = mapped_column(default=0)
    instructions_th: Mapped[str] = mapped_column(Text, default="")
    instructions_en: Mapped[str] = mapped_column(Text, default="")


class CenterMaterial(Base):
    """A file of an exercise: what participants work with, or what only assessors get (a role player's part, a key)."""

    __tablename__ = "center_material"
    __table_args__ = (
        UniqueConstraint("exercise_id", "file_id"),
        CheckConstraint(_one_of("audience", AUDIENCES), name="audience"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    audience: Mapped[str] = mapped_column(String(12), default="participants")
    file: Mapped[StoredFile] = relationship(lazy="joined")


class CenterCell(Base):
    """A competency that an exercise shows, and what it weighs there in a mechanical final rating."""

    __tablename__ = "center_cell"
    __table_args__ = (UniqueConstraint("exercise_id", "competency_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"))
    competency_code: Mapped[str] = mapped_column(ForeignKey("competency.code"), index=True)
    weight: Mapped[Decimal] = mapped_column(Exact, default=Decimal(1))


class CenterParticipant(Base):
    """An officer who takes part; performance (1-5) with its source is what the talent grid sets beside potential."""

    __tablename__ = "center_participant"
    __table_args__ = (
        UniqueConstraint("center_id", "officer_id"),
        CheckConstraint("performance is null or performance_source <> ''", name="performance_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    performance: Mapped[Decimal | None] = mapped_column(Exact)
    performance_source: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[dt.datetime] = mapped_column(UtcTime, default=clock.now)
    officer: Mapped[Officer] = relationship(lazy="raise")


class CenterAssessor(Base):
    """A named assessor: trained on a day, and declared about conflicts of interest."""

    __tablename__ = "center_assessor"
    __table_args__ = (UniqueConstraint("center_id", "account_id"), UniqueConstraint("center_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    organization: Mapped[str] = mapped_column(String(200), default="", comment="of somebody from outside")
    trained_on: Mapped[dt.date | None]
    declared_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="declared all conflicts of interest")


class CenterConflict(Base):
    """An assessor must not see a participant: supervisor, mentor, relative, or else."""

    __tablename__ = "center_conflict"
    __table_args__ = (
        UniqueConstraint("assessor_id", "participant_id"),
        CheckConstraint(_one_of("kind", CONFLICT_KINDS), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("center_assessor.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    declared_by: Mapped[str] = mapped_column(String(200))
    declared_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class CenterRoom(Base):
    """A room, and how many participants a session in it may have."""

    __tablename__ = "center_room"
    __table_args__ = (UniqueConstraint("center_id", "name"), CheckConstraint("holds >= 1", name="holds"))

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    name: Mapped[str] = mapped_column(String(100))
    holds: Mapped[int] = mapped_column(default=1)


class CenterBlock(Base):
    """A stretch of time without a break (half a day), in slots."""

    __tablename__ = "center_block"
    __table_args__ = (UniqueConstraint("center_id", "starts_at"), CheckConstraint("slots >= 1", name="slots"))

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    starts_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    slots: Mapped[int]


class CenterSitting(Base):
    """One session of an exercise in the timetable."""

    __tablename__ = "center_sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"), index=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("center_room.id"), index=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by_hand: Mapped[bool] = mapped_column(default=False, comment="changed by hand after the timetable was built")


class CenterSeat(Base):
    """Somebody in a session: a participant who does it, or an assessor who observes."""

    __tablename__ = "center_seat"
    __table_args__ = (
        UniqueConstraint("sitting_id", "participant_id"),
        UniqueConstraint("sitting_id", "assessor_id"),
        CheckConstraint("(participant_id is null) <> (assessor_id is null)", name="one_of_two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("center_sitting.id"))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("center_participant.id"), index=True)
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("center_assessor.id"), index=True)


class CenterObservation(Base):
    """What an assessor saw or heard, when; before any rating."""

    __tablename__ = "center_observation"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        Index("ix_center_observation_place", "participant_id", "exercise_id", "assessor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"))
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("center_assessor.id"), index=True)
    competency_code: Mapped[str | None] = mapped_column(ForeignKey("competency.code"), index=True)
    sign: Mapped[str] = mapped_column(String(1), default="", comment="+ shows it, - shows its absence, empty: neither")
    words: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="sent twice, kept once")


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
        CheckConstraint(_one_of("method", METHODS), name="method"),
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
