"""Civil servants and the facts of their service.

A fact that turns out wrong is voided with a reason and, where there is a right one, replaced by a new row: the old row
stays. Natural keys are unique among the facts that stand.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from webapp.careers.models import Course, Post, Qualification, Section, Unit
from webapp.database import Base, Points, UtcTime

STANDING = text("voided_at is null")


def standing_key(name: str, *columns: str) -> Index:
    """A natural key, unique among the facts that stand."""
    return Index(f"uq_{name}_standing", *columns, unique=True, sqlite_where=STANDING, postgresql_where=STANDING)


class Fact:
    """What every fact about an officer carries: where it came from, and whether it still stands."""

    entered_by: Mapped[str] = mapped_column(String(200), comment="name as it was, or 'imported by …'")
    entered_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    import_id: Mapped[int | None] = mapped_column(index=True, comment="the import that last wrote it")
    voided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    voided_by: Mapped[str | None] = mapped_column(String(200))
    void_reason: Mapped[str | None] = mapped_column(Text)
    replaced_by_id: Mapped[int | None]

    @declared_attr
    @classmethod
    def officer_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("officer.id"), index=True)


officer_qualification = Table(
    "officer_qualification",
    Base.metadata,
    Column("officer_id", ForeignKey("officer.id"), primary_key=True),
    Column("qualification_code", ForeignKey("qualification.code"), primary_key=True),
)


class Officer(Base):
    """A civil servant of the BMA."""

    __tablename__ = "officer"
    __table_args__ = (
        CheckConstraint("sex is null or sex in ('f', 'm')", name="sex"),
        CheckConstraint("supervisor_id is null or supervisor_id <> id", name="own_supervisor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    officer_no: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    given_name: Mapped[str] = mapped_column(String(150))
    family_name: Mapped[str] = mapped_column(String(150))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    sort_key: Mapped[str] = mapped_column(String(400), index=True, comment="Thai alphabetical order")
    national_id: Mapped[str | None] = mapped_column(String(13), comment="masked on every screen")
    birth_date: Mapped[dt.date]
    entry_date: Mapped[dt.date]
    sex: Mapped[str | None] = mapped_column(String(1), comment="fairness figures only")
    email: Mapped[str | None] = mapped_column(String(254))
    left_on: Mapped[dt.date | None]
    left_reason: Mapped[str] = mapped_column(String(200), default="")
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    import_id: Mapped[int | None] = mapped_column(index=True)
    qualifications: Mapped[list[Qualification]] = relationship(secondary=officer_qualification, lazy="raise")

    @property
    def name_th(self) -> str:
        """Title, given and family name as an office writes them (the title joins the given name)."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()


class Posting(Fact, Base):
    """A spell of holding a post; both dates count, an open one has no end."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="dates"),
        standing_key("posting", "officer_id", "post_id", "unit_id", "started_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    position_type: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    section_code: Mapped[str | None] = mapped_column(ForeignKey("section.code"), index=True)
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    acting: Mapped[bool] = mapped_column(default=False)
    order_ref: Mapped[str] = mapped_column(String(200), default="")
    level_text: Mapped[str] = mapped_column(String(60), default="", comment="level as the file said it, if converted")
    post: Mapped[Post] = relationship(lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    section: Mapped[Section | None] = relationship(lazy="raise")


class Delegation(Fact, Base):
    """A section put under an assistant director's charge, with authority to act for the director."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="dates"),
        standing_key("delegation", "officer_id", "unit_id", "section_code", "started_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    section_code: Mapped[str] = mapped_column(ForeignKey("section.code"), index=True)
    started_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]
    order_ref: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[Unit] = relationship(lazy="raise")
    section: Mapped[Section] = relationship(lazy="raise")


class EvidencedWork(Fact, Base):
    """A piece of evidenced work (ผลงานเชิงประจักษ์); it counts once verified."""

    __tablename__ = "evidenced_work"
    __table_args__ = (standing_key("evidenced_work", "officer_id", "title", "done_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(500))
    done_on: Mapped[dt.date]
    category: Mapped[str] = mapped_column(String(200), default="")
    verified_by: Mapped[str] = mapped_column(String(200), default="")
    verified_on: Mapped[dt.date | None]


class TrainingRecord(Fact, Base):
    """A course an officer completed, passed or failed."""

    __tablename__ = "training_record"
    __table_args__ = (
        CheckConstraint("result in ('passed', 'failed')", name="result"),
        standing_key("training_record", "officer_id", "course_id", "completed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    completed_on: Mapped[dt.date]
    result: Mapped[str] = mapped_column(String(10))
    institution: Mapped[str] = mapped_column(String(300), default="")
    hours: Mapped[object | None] = mapped_column(Points)
    certificate_no: Mapped[str] = mapped_column(String(100), default="")
    cohort_id: Mapped[int | None] = mapped_column(index=True, comment="the cohort whose closing wrote it")
    course: Mapped[Course] = relationship(lazy="raise")
