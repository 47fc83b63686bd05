"""Tables of standard setting: an Angoff panel of an exam, its judges, its rounds, their judgements, and what was adopted.

Nothing here is deleted or overwritten once it is submitted, closed or decided: every round stays as it was.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.assessments.exams.models import Exam
from webapp.database import Base, Exact, Json, UtcTime


class StandardPanel(Base):
    """A standard-setting panel of an exam, with the description of the borderline candidate that its judges imagine."""

    __tablename__ = "exam_standard_panel"
    __table_args__ = (CheckConstraint("borderline <> ''", name="borderline"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    borderline: Mapped[str] = mapped_column(Text, comment="who just deserves to pass: what they can do and cannot")
    created_by: Mapped[str] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    exam: Mapped[Exam] = relationship(lazy="raise")


class StandardJudge(Base):
    """A named judge of a panel."""

    __tablename__ = "exam_standard_judge"
    __table_args__ = (UniqueConstraint("panel_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_panel.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    named_by: Mapped[str] = mapped_column(String(200))
    named_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class StandardRound(Base):
    """A round of estimates. One is open at a time; ``note`` keeps what was discussed after it."""

    __tablename__ = "exam_standard_round"
    __table_args__ = (
        UniqueConstraint("panel_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        Index(
            "uq_exam_standard_round_open",
            "panel_id",
            unique=True,
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_panel.id"))
    number: Mapped[int]
    opened_by: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    note: Mapped[str] = mapped_column(Text, default="")


class StandardJudgement(Base):
    """One judge's estimates of one round: theirs alone and free to change until submitted, then fixed."""

    __tablename__ = "exam_standard_judgement"
    __table_args__ = (UniqueConstraint("round_id", "judge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_round.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_judge.id"), index=True)
    estimates: Mapped[dict[str, Any]] = mapped_column(Json, comment="per cent by question version; as typed in a draft")
    saved_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class StandardProposal(Base):
    """A cut put forward as the exam's pass mark, with its reason; adopted or turned down by a second person."""

    __tablename__ = "exam_standard_proposal"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(decided_at is null) = (adopted is null)", name="decided"),
        CheckConstraint("adopted is null or adopted or decided_reason <> ''", name="decided_reason"),
        Index(
            "uq_exam_standard_proposal_open",
            "panel_id",
            unique=True,
            sqlite_where=text("decided_at is null"),
            postgresql_where=text("decided_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_panel.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("exam_standard_round.id"), index=True)
    cut_percent: Mapped[Decimal] = mapped_column(Exact, comment="what the round's judges came to, to hundredths")
    percent: Mapped[Decimal] = mapped_column(Exact, comment="proposed pass mark, per cent of the total")
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    adopted: Mapped[bool | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="", comment="the second person")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_reason: Mapped[str] = mapped_column(Text, default="")
