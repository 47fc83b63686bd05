"""Development plans: a plan of an officer for a post, its versions with their items, and the notes on progress."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Post
from webapp.database import Base, Json, UtcTime
from webapp.officers.models import Officer


class DevelopmentPlan(Base):
    """What an officer does to come nearer to a post. One open plan for each post."""

    __tablename__ = "development_plan"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'proposed', 'returned', 'agreed', 'in-progress', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        Index(
            "uq_development_plan_open",
            "officer_id",
            "post_id",
            unique=True,
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    state: Mapped[str] = mapped_column(String(20), index=True)
    begun_by: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    closed_how: Mapped[str] = mapped_column(String(10), default="", comment="reviewed | ended")
    review: Mapped[str] = mapped_column(Text, default="", comment="what came of it, or why it was ended")
    version: Mapped[int] = mapped_column(default=1)
    officer: Mapped[Officer] = relationship(lazy="raise")
    post: Mapped[Post] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class PlanEdition(Base):
    """One version of a plan. Once proposed, its content stands still; a change of an agreed one is the next version."""

    __tablename__ = "plan_edition"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("state in ('draft', 'proposed', 'returned', 'agreed', 'superseded')", name="state"),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint("decided_by_id is null or decided_by_id <> officer_id", name="decided_by_another"),
        CheckConstraint("state <> 'returned' or decided_reason <> ''", name="return_has_reason"),
        Index(
            "uq_plan_edition_agreed",
            "plan_id",
            unique=True,
            sqlite_where=text("state = 'agreed'"),
            postgresql_where=text("state = 'agreed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"))
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("officer.id"), comment="whose plan: the database refuses own agreement"
    )
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    aim: Mapped[str] = mapped_column(Text, default="")
    change_reason: Mapped[str] = mapped_column(Text, default="", comment="why an agreed plan is changed")
    asked_id: Mapped[int | None] = mapped_column(
        ForeignKey("officer.id"), index=True, comment="mentor or head asked to agree"
    )
    proposed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_reason: Mapped[str] = mapped_column(Text, default="")
    asked: Mapped[Officer | None] = relationship(lazy="raise", foreign_keys=[asked_id])


class PlanItem(Base):
    """One thing to do in a version: the gap it answers, the action, by when, how success is seen.

    ``line`` is the item's number within the plan; it stays the same from version to version, and progress hangs on it.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        UniqueConstraint("edition_id", "line"),
        CheckConstraint("gap_kind in ('criterion', 'competency', 'other')", name="gap_kind"),
        CheckConstraint("share is null or share in (70, 20, 10)", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("plan_edition.id"))
    line: Mapped[int]
    gap_kind: Mapped[str] = mapped_column(String(10))
    gap_code: Mapped[str] = mapped_column(String(80), default="", comment="criterion id or competency code")
    gap: Mapped[dict[str, Any]] = mapped_column(Json, comment="name, current and expected, in both languages")
    action_kind: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(Text)
    share: Mapped[int | None] = mapped_column(comment="70 in the work, 20 from others, 10 from courses")
    due_on: Mapped[dt.date | None]
    measure: Mapped[str] = mapped_column(Text, default="")
    support: Mapped[str] = mapped_column(Text, default="")


class PlanNote(Base):
    """Progress on an item, by its owner or a comment of mentor or head; only added to."""

    __tablename__ = "plan_note"
    __table_args__ = (
        CheckConstraint("kind in ('note', 'done', 'not-done', 'reopened')", name="kind"),
        CheckConstraint("kind <> 'not-done' or text <> ''", name="not_done_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("development_plan.id"), index=True)
    line: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[str] = mapped_column(String(200))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True, comment="of the form: sent twice, written once")
