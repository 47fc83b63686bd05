"""Shortlist runs: frozen inputs and result, the decisions on ties, discretion beside the ranking, and objections."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.courses.models import Cohort, Enrollment
from webapp.database import Base, Json, UtcTime


class ShortlistRun(Base):
    """One drawing-up of a cohort's ranking. What it was made from and what came out are frozen as bytes.

    draft → confirmed → published, each by a person; the publisher is another than the one who confirmed.
    """

    __tablename__ = "shortlist_run"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'confirmed', 'published', 'superseded', 'discarded')", name="status"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(
            "published_by_id is null or confirmed_by_id is null or published_by_id <> confirmed_by_id",
            name="second_person",
        ),
        Index(
            "uq_shortlist_run_published",
            "cohort_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assessment_plan.id"))
    plan_version: Mapped[int]
    size: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    inputs: Mapped[str] = mapped_column(Text, comment="canonical JSON of everything the ranking read")
    inputs_digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text, comment="canonical JSON of the ranking")
    result_digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), comment="head of the audit chain when it was frozen")
    drawn_up_by: Mapped[str] = mapped_column(String(200))
    drawn_up_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drawn_up_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_by: Mapped[str | None] = mapped_column(String(200))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("shortlist_run.id"))
    reason: Mapped[str] = mapped_column(Text, default="", comment="why it supersedes, or why it was discarded")
    objections_until: Mapped[dt.date | None] = mapped_column(comment="last day of the window, set on publication")
    key: Mapped[str | None] = mapped_column(String(36), unique=True, comment="of the form: sent twice, drawn up once")
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class TieDecision(Base):
    """Who of a group tied across the line goes forward, decided by a named person with a reason."""

    __tablename__ = "tie_decision"
    __table_args__ = (UniqueConstraint("run_id"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("shortlist_run.id"))
    chosen: Mapped[list[str]] = mapped_column(Json, comment="officer numbers put forward of the tied group")
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ExceptionRule(Base):
    """A rule, published beforehand, under which an executive may put an officer forward outside the ranking."""

    __tablename__ = "exception_rule"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint(
            "published_by_id is null or drafted_by_id is null or published_by_id <> drafted_by_id",
            name="second_person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    name_th: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[str] = mapped_column(String(200))
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_by: Mapped[str | None] = mapped_column(String(200))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class Discretion(Base):
    """An officer put forward outside the ranking (ดุลยพินิจ): shown beside it, never inside it."""

    __tablename__ = "discretion"
    __table_args__ = (UniqueConstraint("run_id", "enrollment_id"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("shortlist_run.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("exception_rule.id"))
    category: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    used_by: Mapped[str] = mapped_column(String(200))
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
    rule: Mapped[ExceptionRule] = relationship(lazy="raise")


class ObjectionWindow(Base):
    """How many days officers have for an objection after publication; ours, changed by adding a row with its reason."""

    __tablename__ = "objection_window"
    __table_args__ = (
        CheckConstraint("days between 1 and 365", name="days"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class Objection(Base):
    """An officer's objection (คำคัดค้าน) to a published result, answered with a reason."""

    __tablename__ = "objection"
    __table_args__ = (CheckConstraint("answer is null or answer <> ''", name="answer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("shortlist_run.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    outcome: Mapped[str | None] = mapped_column(String(20), comment="upheld | dismissed")
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
