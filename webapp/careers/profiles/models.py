"""What stands beside a job profile and is only ever added to: evidence, remarks with their answers, competency versions."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.careers.models import Named
from webapp.database import Base, Json, UtcTime


class Evidence(Base):
    """One piece of evidence beside a post's profile, as one entry of a chain.

    A correction is a new entry that names the one it replaces; one that is withdrawn is replaced by an entry that says
    so. The standing entries are those nobody replaces and that are not withdrawn. The database refuses updates.
    """

    __tablename__ = "profile_evidence"
    __table_args__ = (
        CheckConstraint("kind in ('interview', 'key-problem', 'survey', 'consultation', 'analysis')", name="kind"),
        CheckConstraint("replaces_id is null or reason <> ''", name="reason"),
        UniqueConstraint("replaces_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("profile_evidence.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(300))
    held_on: Mapped[dt.date | None]
    who: Mapped[str] = mapped_column(String(200), default="", comment="the person; shown to staff who work on drafts")
    part: Mapped[str] = mapped_column(
        String(300), default="", comment="the person's post and office, or the group asked"
    )
    summary: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="", comment="what was done about it")
    link: Mapped[str] = mapped_column(String(500), default="")
    profile_version: Mapped[int | None] = mapped_column(comment="the version consulted on, or that answers the problem")
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(Text, default="", comment="why the earlier entry was replaced")


class BodyRemark(Base):
    """A resolution or remark of a body (committee, subcommittee) that career paths and profiles have to answer."""

    __tablename__ = "body_remark"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    body_th: Mapped[str] = mapped_column(String(300))
    body_en: Mapped[str] = mapped_column(String(300), default="")
    said_on: Mapped[dt.date | None]
    number: Mapped[str] = mapped_column(String(40), comment="paragraph or number in the minutes")
    text_th: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300))
    source_en: Mapped[str] = mapped_column(String(300), default="")
    posts: Mapped[list[str]] = mapped_column(Json, default=list, comment="codes of the posts it concerns; none for all")
    position: Mapped[int]
    shipped: Mapped[str] = mapped_column(String(64), default="")


class RemarkAnswer(Base):
    """What was done about a remark, as one entry of a chain; the standing one is the one nobody replaces."""

    __tablename__ = "remark_answer"
    __table_args__ = (
        CheckConstraint("status in ('done', 'partly', 'open', 'outside')", name="status"),
        UniqueConstraint("replaces_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    remark_code: Mapped[str] = mapped_column(ForeignKey("body_remark.code"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("remark_answer.id"))
    status: Mapped[str] = mapped_column(String(10))
    done_th: Mapped[str] = mapped_column(Text)
    done_en: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(300), default="", comment="address in the product where it can be seen")
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class CompetencyVersion(Named, Base):
    """A competency as it read in one version. A published profile keeps the versions it was published with."""

    __tablename__ = "competency_version"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("competency.code"))
    version: Mapped[int]
    definition_th: Mapped[str] = mapped_column(Text)
    definition_en: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(Text, default="")
