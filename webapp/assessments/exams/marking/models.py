"""Tables of marking: what a marker has declared, and of whom they mark nothing. Both are only added to."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.assessments.exams.marking.essay_rules import CONFLICTS
from webapp.database import Base, UtcTime


class MarkerDeclaration(Base):
    """A marker says, before the first essay, whom they are too close to. They are not told who sits the exam."""

    __tablename__ = "exam_marker_declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    marker_id: Mapped[int] = mapped_column(ForeignKey("exam_marker.id", ondelete="CASCADE"), index=True)
    names: Mapped[str] = mapped_column(Text, default="", comment="one to a line, as typed; empty: nobody")
    declared_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class MarkerConflict(Base):
    """A marker marks nothing of this candidate: declared, or recorded by staff. What the register says is not stored."""

    __tablename__ = "exam_marker_conflict"
    __table_args__ = (
        UniqueConstraint("marker_id", "candidate_id"),
        CheckConstraint(f"kind in ({', '.join(repr(value) for value in CONFLICTS)})", name="kind"),
        CheckConstraint("found in ('declared', 'staff')", name="found"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    marker_id: Mapped[int] = mapped_column(ForeignKey("exam_marker.id", ondelete="CASCADE"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    found: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[dt.datetime] = mapped_column(UtcTime)
