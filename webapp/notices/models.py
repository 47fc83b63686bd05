"""Messages to people: on their page, and as mail waiting to be sent."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Json, UtcTime


class Notice(Base):
    """A message shown to one account; the text is chosen by ``kind`` and filled from ``values``, in the reader's language."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    link: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class OutboxMail(Base):
    """A mail written in the transaction of the act it tells of, and sent by the worker."""

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    failed: Mapped[str] = mapped_column(String(300), default="")
