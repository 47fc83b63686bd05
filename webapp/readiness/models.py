"""Feasibility scenarios: what was asked of a post's criteria, why, and the figures as they were. Never changed."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Post
from webapp.database import Base, Json, UtcTime


class Scenario(Base):
    """A saved question about a post: other numbers of its criteria, the day, the version, and the figures then."""

    __tablename__ = "readiness_scenario"
    __table_args__ = (CheckConstraint("name <> '' and reason <> ''", name="said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True, comment="of the form: sent twice, saved once")
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    profile_version: Mapped[int]
    as_of: Mapped[dt.date]
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[list[list[str]]] = mapped_column(Json, comment="criterion, parameter, value")
    figures: Mapped[dict[str, Any]] = mapped_column(Json, comment="frozen: funnel, curves, groups, vacancies")
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    post: Mapped[Post] = relationship(lazy="raise")
