"""Applications and what was decided on them, frozen selections, the seats offered, and the register of the qualified."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Course
from webapp.courses.models import Cohort, Enrollment
from webapp.database import Base, Json, UtcTime
from webapp.files.models import StoredFile
from webapp.officers.models import Officer


class Announcement(Base):
    """What a cohort's call for applications says beside its days: conditions, and the papers to hand in."""

    __tablename__ = "admission_announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), unique=True)
    conditions_th: Mapped[str] = mapped_column(Text, default="")
    conditions_en: Mapped[str] = mapped_column(Text, default="")
    papers: Mapped[str] = mapped_column(Text, default="", comment="papers to hand in, one to a line")
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Application(Base):
    """An officer's application for a cohort, their own or by nomination, and the decision on the entry rule.

    Only an accepted one becomes an enrollment (``applied``): whoever is refused never stands in the cohort's lists. ``entry``
    is the check as it stood when it was decided. An exception (accepted although the rule is not met) is proposed by one
    person and approved by another.
    """

    __tablename__ = "admission_application"
    __table_args__ = (
        UniqueConstraint("cohort_id", "officer_id"),
        CheckConstraint(
            "state in ('nominated', 'turned-down', 'filed', 'exception', 'accepted', 'refused', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("via in ('own', 'nomination', 'staff', 'register')", name="via"),
        CheckConstraint(
            "decided_by_id is null or proposed_by_id is null or decided_by_id <> proposed_by_id", name="second_person"
        ),
        CheckConstraint("state <> 'refused' or decided_reason <> ''", name="refusal_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    enrollment_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrollment.id"), unique=True, comment="none: not accepted into the selection"
    )
    state: Mapped[str] = mapped_column(String(12))
    via: Mapped[str] = mapped_column(String(12))
    motive: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    nominated_by: Mapped[str] = mapped_column(String(200), default="")
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    nominated_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    nomination_reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="the officer's answer to the nomination")
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    entry: Mapped[dict[str, Any] | None] = mapped_column(Json, comment="the entry check as it stood when decided")
    proposed_by: Mapped[str] = mapped_column(String(200), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    exception_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    officer: Mapped[Officer] = relationship(lazy="raise")
    enrollment: Mapped[Enrollment | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class ApplicationFile(Base):
    """Evidence handed in with an application."""

    __tablename__ = "admission_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("admission_application.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    file: Mapped[StoredFile] = relationship(lazy="raise")


class Selection(Base):
    """One drawing-up of an entry selection. What it was made from and what came out are frozen as bytes.

    draft → confirmed → published, each by a person; the publisher is another than the one who confirmed.
    """

    __tablename__ = "admission_selection"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'confirmed', 'published', 'superseded', 'discarded')", name="status"),
        CheckConstraint("seats >= 0 and reserve >= 0", name="size"),
        CheckConstraint(
            "published_by_id is null or confirmed_by_id is null or published_by_id <> confirmed_by_id",
            name="second_person",
        ),
        Index(
            "uq_admission_selection_published",
            "cohort_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assessment_plan.id"))
    plan_version: Mapped[int]
    seats: Mapped[int] = mapped_column(comment="free when it was drawn up")
    reserve: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    inputs: Mapped[str] = mapped_column(Text, comment="canonical JSON of everything the ranking read")
    inputs_digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text, comment="canonical JSON of the ranking")
    result_digest: Mapped[str] = mapped_column(String(64))
    audit_head: Mapped[str] = mapped_column(String(64), comment="head of the audit chain when it was frozen")
    drawn_up_by: Mapped[str] = mapped_column(String(200))
    drawn_up_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drawn_up_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_by: Mapped[str | None] = mapped_column(String(200))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("admission_selection.id"))
    reason: Mapped[str] = mapped_column(Text, default="", comment="why it supersedes, or why it was discarded")
    key: Mapped[str | None] = mapped_column(String(36), unique=True, comment="of the form: sent twice, drawn up once")
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class LineDecision(Base):
    """Who of a group tied across a line (of the seats, of the reserve) stands above it: a named person, with a reason."""

    __tablename__ = "admission_line_decision"
    __table_args__ = (
        UniqueConstraint("selection_id", "line"),
        CheckConstraint("line in ('seat', 'reserve')", name="line"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("admission_selection.id"))
    line: Mapped[str] = mapped_column(String(8))
    chosen: Mapped[list[str]] = mapped_column(Json, comment="officer numbers above the line, of the tied group")
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class Place(Base):
    """What a published selection gave one applicant: every applicant has exactly one.

    A seat, a place on the reserve list, the register; or nothing: not passed (``none``), not admitted to the selection
    (``refused``), withdrawn.
    """

    __tablename__ = "admission_place"
    __table_args__ = (
        UniqueConstraint("selection_id", "officer_id"),
        CheckConstraint("kind in ('seat', 'reserve', 'register', 'none', 'refused', 'withdrawn')", name="kind"),
        CheckConstraint("kind not in ('seat', 'reserve', 'register') or rank is not null", name="rank"),
        CheckConstraint("kind = 'refused' or kind = 'withdrawn' or enrollment_id is not null", name="enrollment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("admission_selection.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    officer_no: Mapped[str] = mapped_column(String(40), comment="as frozen: a number may change later")
    rank: Mapped[int | None]
    composite: Mapped[str] = mapped_column(String(40), default="", comment="as published; empty: not ranked")
    selection: Mapped[Selection] = relationship(lazy="raise")
    officer: Mapped[Officer] = relationship(lazy="raise")


class RegisterEntry(Base):
    """Somebody who passed a selection and found no seat: stands in the course's register (บัญชี) for a set time.

    Whoever stands on the reserve list stands here too: the list is for the cohort, the register outlasts it.
    """

    __tablename__ = "admission_register"
    __table_args__ = (
        UniqueConstraint("selection_id", "officer_id"),
        CheckConstraint("state in ('standing', 'called', 'used', 'left', 'replaced', 'ended')", name="state"),
        CheckConstraint("until_on >= from_on", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    selection_id: Mapped[int] = mapped_column(ForeignKey("admission_selection.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    rank: Mapped[int]
    composite: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date] = mapped_column(comment="the last day on which it can be used")
    state: Mapped[str] = mapped_column(String(10), default="standing")
    state_reason: Mapped[str] = mapped_column(Text, default="")
    told_ending_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(default=1)
    selection: Mapped[Selection] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise")
    officer: Mapped[Officer] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class Offer(Base):
    """A seat offered to one person until a day: at publication, from the reserve list, or from the register."""

    __tablename__ = "admission_offer"
    __table_args__ = (
        CheckConstraint("source in ('seat', 'reserve', 'register')", name="source"),
        CheckConstraint("answer is null or answer in ('accepted', 'declined', 'lapsed', 'canceled')", name="answer"),
        CheckConstraint("passed_over = '[]' or reason <> ''", name="passing_over_reason"),
        Index(
            "uq_admission_offer_open",
            "enrollment_id",
            unique=True,
            sqlite_where=text("answer is null"),
            postgresql_where=text("answer is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    source: Mapped[str] = mapped_column(String(10))
    selection_id: Mapped[int | None] = mapped_column(ForeignKey("admission_selection.id"))
    register_id: Mapped[int | None] = mapped_column(ForeignKey("admission_register.id"), index=True)
    rank: Mapped[int]
    passed_over: Mapped[list[str]] = mapped_column(Json, default=list, comment="officer numbers that stood before")
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    answer_by: Mapped[dt.date] = mapped_column(comment="the last day of the answer")
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    answer: Mapped[str | None] = mapped_column(String(10))
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class RegisterRule(Base):
    """How long the register of a course is valid and how long an offer stands; changed by adding a row with its reason."""

    __tablename__ = "admission_register_rule"
    __table_args__ = (
        CheckConstraint("months between 1 and 120", name="months"),
        CheckConstraint("answer_days between 1 and 90", name="answer_days"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    months: Mapped[int]
    answer_days: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[dt.datetime] = mapped_column(UtcTime)
