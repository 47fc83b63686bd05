"""Stored files: content by its hash on disk, one row per stored name. The room that links a file decides who may open it."""

import datetime as dt

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, UtcTime


class StoredFile(Base):
    """A file somebody handed in or the program made."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), comment="as handed in, cleaned")
    media_type: Mapped[str] = mapped_column(String(100), comment="by content, not by name")
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    stored_by: Mapped[str] = mapped_column(String(200))
    stored_by_id: Mapped[int | None] = mapped_column(index=True)
    stored_at: Mapped[dt.datetime] = mapped_column(UtcTime)
