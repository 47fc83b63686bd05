"""Tables of assessment centers: how they are set up, who takes part, when they run. What comes of them: ``models_results``.

A center stands apart from any course; its ratings enter a ranking only through an assessment plan that says so.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
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


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The condition that a column holds one of the values."""
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Center(Named, Base):
    """An assessment center: its policy (purpose, who sees what, how long it is kept), method, and rule for stars."""

    __tablename__ = "center"
    __table_args__ = (
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(one_of("method", METHODS), name="method"),
        CheckConstraint("slot_minutes between 5 and 120", name="slot_minutes"),
        CheckConstraint("meetings >= 1", name="meetings"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="of the form: sent twice, made once")
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
    editors: Mapped[list[int]] = mapped_column(
        Json, default=list, comment="accounts that wrote in the draft; none of them approves it"
    )
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
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="the set-up, by whomever")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class CenterExercise(Named, Base):
    """An exercise: how long, how many at once, how many assessors, how long these write afterwards."""

    __tablename__ = "center_exercise"
    __table_args__ = (
        UniqueConstraint("center_id", "code"),
        CheckConstraint(one_of("kind", EXERCISE_KINDS), name="kind"),
        CheckConstraint(
            "minutes > 0 and group_size >= 1 and assessors >= 0 and readers >= 0 and writing_minutes >= 0",
            name="figures",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    group_size: Mapped[int] = mapped_column(default=1)
    assessors: Mapped[int] = mapped_column(default=1, comment="in the room; 0: the written work is marked afterwards")
    readers: Mapped[int] = mapped_column(default=0, comment="who mark each participant's written work afterwards")
    writing_minutes: Mapped[int] = mapped_column(default=0)
    instructions_th: Mapped[str] = mapped_column(Text, default="")
    instructions_en: Mapped[str] = mapped_column(Text, default="")


class CenterMaterial(Base):
    """A file of an exercise: what participants work with, or what only assessors get (a role player's part, a key)."""

    __tablename__ = "center_material"
    __table_args__ = (
        UniqueConstraint("exercise_id", "file_id"),
        CheckConstraint(one_of("audience", AUDIENCES), name="audience"),
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
        CheckConstraint("withdrawn_at is null or withdrawn_reason <> ''", name="withdrawn_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    center_id: Mapped[int] = mapped_column(ForeignKey("center.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    performance: Mapped[Decimal | None] = mapped_column(Exact)
    performance_source: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[dt.datetime] = mapped_column(UtcTime, default=clock.now)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="left after the assessment had begun")
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
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
        CheckConstraint(one_of("kind", CONFLICT_KINDS), name="kind"),
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


class CenterReader(Base):
    """An assessor who marks a participant's written work of an exercise after the session (an in-basket)."""

    __tablename__ = "center_reader"
    __table_args__ = (UniqueConstraint("exercise_id", "participant_id", "assessor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("center_exercise.id"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("center_participant.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("center_assessor.id"), index=True)


from webapp.assessments.center import models_results as _results  # noqa: E402, F401  (its tables belong to the room)
