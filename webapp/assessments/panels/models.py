"""Tables of interview and proposal panels: guides, who may not mark whom, statements, notes, settings, discussions, turns."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.assessments.models import PURPOSES
from webapp.assessments.panels.rules import RELATIONS, SETTINGS
from webapp.database import Base, Exact, Json, UtcTime


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def _only(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class InterviewGuide(Base):
    """One version of a component's interview guide: the same questions, order and scale for everybody.

    A version is edited while it is a draft, put in force by a second person, and stays as it is from then on.
    """

    __tablename__ = "interview_guide"
    __table_args__ = (
        UniqueConstraint("cohort_id", "purpose", "component", "version"),
        CheckConstraint(_one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint("status in ('draft', 'in-force', 'superseded')", name="status"),
        CheckConstraint("status <> 'in-force' or approved_at is not null", name="approved"),
        _only("uq_interview_guide_in_force", "cohort_id", "purpose", "component", where="status = 'in-force'"),
        _only("uq_interview_guide_draft", "cohort_id", "purpose", "component", where="status = 'draft'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    document: Mapped[dict[str, Any]] = mapped_column(
        Json,
        comment="minutes, opening, closing; questions in their order with competency, weight and levels 1-5 in words",
    )
    reason: Mapped[str] = mapped_column(Text, default="", comment="why this version replaces the one before")
    drafted_by: Mapped[str] = mapped_column(String(200))
    drafted_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    writers: Mapped[list[int]] = mapped_column(Json, default=list, comment="accounts that wrote any of it")
    approved_by: Mapped[str | None] = mapped_column(String(200), comment="the second person")
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class PanelRelation(Base):
    """What stands between a panel member and one person. The latest of a pair stands; none is changed or deleted.

    ``named``: a substitute marks this person; ``none``: nothing, or no longer; the others keep the two apart.
    """

    __tablename__ = "panel_relation"
    __table_args__ = (
        CheckConstraint(_one_of("relation", RELATIONS), name="relation"),
        CheckConstraint("found in ('declared', 'register', 'staff')", name="found"),
        CheckConstraint("relation <> 'none' or note <> ''", name="lifted_with_reason"),
        Index("ix_panel_relation_member_id_enrollment_id", "member_id", "enrollment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    relation: Mapped[str] = mapped_column(String(12))
    found: Mapped[str] = mapped_column(String(10), comment="declared by the member, from the register, or by staff")
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class PanelStatement(Base):
    """A member's statement about conflicts of interest: whom it covers, and what was said. Never changed."""

    __tablename__ = "panel_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"), index=True)
    covers: Mapped[list[int]] = mapped_column(Json, comment="enrollments the statement speaks of")
    said: Mapped[list[dict[str, Any]]] = mapped_column(
        Json, comment="whom the member named, as typed, and the relation"
    )
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class AssessorTraining(Base):
    """A day on which an assessor was trained to assess. The latest day counts."""

    __tablename__ = "assessor_training"
    __table_args__ = (UniqueConstraint("account_id", "trained_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    trained_on: Mapped[dt.date]
    course: Mapped[str] = mapped_column(String(300), default="")
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class PanelSetting(Base):
    """A figure by which a component's panel works, with its reason. The latest of a kind stands."""

    __tablename__ = "panel_setting"
    __table_args__ = (
        CheckConstraint(_one_of("kind", SETTINGS), name="kind"),
        CheckConstraint(_one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_panel_setting_cohort_id", "cohort_id", "purpose", "component"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Exact)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class PanelNote(Base):
    """A member's working notes on one person, apart from the marks: theirs and the staff's, never the officer's."""

    __tablename__ = "panel_note"
    __table_args__ = (UniqueConstraint("member_id", "enrollment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    note: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class Discussion(Base):
    """The members of a panel talk about one person whose marks lie too far apart. While it is open they may revise."""

    __tablename__ = "panel_discussion"
    __table_args__ = (
        CheckConstraint(_one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint("(closed_at is null) = (after is null)", name="after"),
        CheckConstraint("closed_at is null or conclusion <> ''", name="conclusion"),
        _only("uq_panel_discussion_open", "enrollment_id", "purpose", "component", where="closed_at is null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    before: Mapped[list[dict[str, Any]]] = mapped_column(Json, comment="member, entry and exact points when it opened")
    threshold: Mapped[Decimal] = mapped_column(Exact, comment="per cent of the maximum that stood then")
    opened_by: Mapped[str] = mapped_column(String(200), comment="empty: by itself, with the last mark")
    opened_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    after: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class InterviewTurn(Base):
    """Whose turn it is when: the order and time of a component's interviews."""

    __tablename__ = "interview_turn"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "purpose", "component"),
        CheckConstraint(_one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    starts_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(300), default="")
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[dt.datetime] = mapped_column(UtcTime)
