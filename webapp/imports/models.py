"""What was brought in, by whom, and what it changed."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Json, UtcTime


class ImportRun(Base):
    """One file brought in: checked, then applied whole or not at all."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("status in ('uploaded', 'checked', 'rejected', 'applied', 'discarded')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sheet: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(10))
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, comment="per kind: rows, created, updated, …")
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, comment="rejected rows with reasons")
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    changes_digest: Mapped[str] = mapped_column(String(64), default="")
    uploaded_by: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    applied_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    key: Mapped[str | None] = mapped_column(String(36), unique=True)


class ImportChange(Base):
    """One existing row that an import changed: its values before and after. (Created rows carry the import's id.)"""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
