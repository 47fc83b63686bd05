"""Plans that close a post's gap, and the pool of officers of high potential. What was adopted or reviewed is not changed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Course, Post
from webapp.database import Base, Json, Points, UtcTime
from webapp.officers.models import Officer

ADOPTED = text("status = 'adopted'")
IN_POOL = text("status in ('nominated', 'member')")


class WorkforcePlan(Base):
    """A plan for a target post over the short or the long term: draft → adopted by another person → superseded.

    Figures are worked out anew while it is a draft; ``adopted_figures`` are those it was adopted with.
    """

    __tablename__ = "workforce_plan"
    __table_args__ = (
        UniqueConstraint("post_id", "horizon", "version"),
        CheckConstraint("horizon in ('short', 'long')", name="horizon"),
        CheckConstraint("status in ('draft', 'adopted', 'superseded', 'discarded')", name="status"),
        CheckConstraint("reason <> '' and name <> ''", name="reason"),
        CheckConstraint("(adopted_at is null) = (adopted_figures is null)", name="adopted_figures"),
        CheckConstraint(
            "adopted_by_id is null or drafted_by_id is null or adopted_by_id <> drafted_by_id", name="second_person"
        ),
        Index("uq_workforce_plan_adopted", "post_id", "horizon", unique=True, sqlite_where=ADOPTED, postgresql_where=ADOPTED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    horizon: Mapped[str] = mapped_column(String(5))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    as_of: Mapped[dt.date] = mapped_column(comment="the day on which gap and pool are looked at")
    editors: Mapped[list[int]] = mapped_column(Json, default=list, comment="accounts that wrote in the draft")
    drafted_by: Mapped[str] = mapped_column(String(200))
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drafted_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    adopted_by: Mapped[str | None] = mapped_column(String(200))
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    adopted_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    adopted_note: Mapped[str] = mapped_column(Text, default="", comment="resolution under which it was adopted")
    adopted_figures: Mapped[list[dict[str, Any]] | None] = mapped_column(Json, comment="year by year, as adopted")
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="", comment="why it was superseded or discarded")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("workforce_plan.id"))
    key: Mapped[str | None] = mapped_column(String(36), unique=True, comment="of the form: sent twice, drafted once")
    lock: Mapped[int] = mapped_column(default=1)
    post: Mapped[Post] = relationship(lazy="raise")
    courses: Mapped[list["WorkforcePlanCourse"]] = relationship(
        lazy="raise", order_by="(WorkforcePlanCourse.ends_on, WorkforcePlanCourse.id)", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": lock}


class WorkforcePlanCourse(Base):
    """A course that a plan runs: when its cohorts end, how many there are, their seats, and who is expected to pass."""

    __tablename__ = "workforce_plan_course"
    __table_args__ = (
        CheckConstraint("cohorts between 1 and 50", name="cohorts"),
        CheckConstraint("seats between 1 and 1000", name="seats"),
        CheckConstraint("pass_percent between 0 and 10000", name="pass_percent"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("workforce_plan.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    ends_on: Mapped[dt.date]
    cohorts: Mapped[int]
    seats: Mapped[int] = mapped_column(comment="per cohort")
    pass_percent: Mapped[Decimal] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(Text, comment="where the expected pass rate comes from")
    course: Mapped[Course] = relationship(lazy="raise")


class TalentMember(Base):
    """An officer's membership of the talent pool: nominated → accepted or declined by another person → left."""

    __tablename__ = "talent_member"
    __table_args__ = (
        CheckConstraint("status in ('nominated', 'member', 'declined', 'left')", name="status"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("status <> 'member' or (from_on is not null and review_on is not null)", name="dates"),
        CheckConstraint("until_on is null or from_on is null or until_on >= from_on", name="until"),
        CheckConstraint(
            "reviewed_by_id is null or nominated_by_id is null or reviewed_by_id <> nominated_by_id",
            name="second_person",
        ),
        Index("uq_talent_member_standing", "officer_id", unique=True, sqlite_where=IN_POOL, postgresql_where=IN_POOL),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), comment="the post they are seen in one day")
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json, comment="kind, words in both languages, address")
    nominated_by: Mapped[str] = mapped_column(String(200))
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    nominated_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(200))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    from_on: Mapped[dt.date | None]
    until_on: Mapped[dt.date | None]
    review_on: Mapped[dt.date | None] = mapped_column(comment="when membership is looked at again")
    key: Mapped[str | None] = mapped_column(String(36), unique=True)
    lock: Mapped[int] = mapped_column(default=1)
    officer: Mapped[Officer] = relationship(lazy="raise")
    post: Mapped[Post | None] = relationship(lazy="raise")
    steps: Mapped[list["TalentStep"]] = relationship(lazy="raise", order_by="TalentStep.id")
    __mapper_args__ = {"version_id_col": lock}


class TalentStep(Base):
    """What happened to a membership, by whom and why; only ever added."""

    __tablename__ = "talent_step"
    __table_args__ = (
        CheckConstraint("kind in ('nominated', 'accepted', 'declined', 'kept', 'left')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("talent_member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    done_by: Mapped[str] = mapped_column(String(200))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[dt.datetime] = mapped_column(UtcTime)
