"""Work in the background: what was asked for, how far it is, and what came of it."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Json, UtcTime


class Job(Base):
    """One piece of long work. A request inserts it in its own transaction; the worker takes it up."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("status in ('waiting', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("progress between 0 and 100", name="progress"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, comment="of the form that asked: asked twice, made once")
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    progress: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(String(300), default="", comment="what it is doing now, for the reader")
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[str] = mapped_column(Text, default="", comment="one sentence for the reader")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    back_to: Mapped[str] = mapped_column(String(300), default="", comment="the page it was asked from")
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
