"""Posts, paths, job profiles, competencies, courses and their equivalents: all data, edited in the product."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Json, Points, UtcTime


class Named:
    """Two names: Thai first, English second."""

    name_th: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")


class Unit(Named, Base):
    """A district office, a bureau, another office, or an agency outside."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("kind in ('district', 'bureau', 'office', 'external')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(10), index=True)
    zone: Mapped[str] = mapped_column(String(100), default="", comment="group of districts")
    retired_on: Mapped[dt.date | None]
    import_id: Mapped[int | None]
    shipped: Mapped[str] = mapped_column(String(64), default="", comment="digest of what was shipped, if it was")


class Section(Named, Base):
    """One of the sections (ฝ่าย) of a district office."""

    __tablename__ = "section"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    retired_on: Mapped[dt.date | None]


class PositionLevel(Named, Base):
    """A level of a position type, e.g. managerial / high."""

    __tablename__ = "position_level"

    position_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(30), primary_key=True)
    type_name_th: Mapped[str] = mapped_column(String(100))
    type_name_en: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(comment="order within everything, lowest first")
    retired_on: Mapped[dt.date | None]


class LevelConversion(Base):
    """What a level from before the 2554 Act (ระดับ 1-11) is called in one position type since: ours, with its reason."""

    __tablename__ = "level_conversion"
    __table_args__ = (
        ForeignKeyConstraint(["position_type", "level"], ["position_level.position_type", "position_level.level"]),
        CheckConstraint("old_level between 1 and 11", name="old_level"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    old_level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position_type: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, comment="Thai first, English second")
    ours: Mapped[bool] = mapped_column(default=True, comment="our reading; false once the commission has decided")
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class Post(Named, Base):
    """A named position an officer can be appointed to."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    position_type: Mapped[str | None] = mapped_column(String(20), comment="default of its postings")
    level: Mapped[str | None] = mapped_column(String(30))
    is_key: Mapped[bool] = mapped_column(default=False)
    is_target: Mapped[bool] = mapped_column(default=False)
    heads_unit: Mapped[bool] = mapped_column(default=False, comment="its holder heads a unit (workforce forecast)")
    retired_on: Mapped[dt.date | None]
    import_id: Mapped[int | None]
    shipped: Mapped[str] = mapped_column(String(64), default="")


class Seat(Base):
    """How many seats a post has at each unit of a kind, or at one named unit; ours, with its reason."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint("(unit_kind is null) <> (unit_id is null)", name="kind_or_unit"),
        CheckConstraint("seats >= 0", name="seats"),
        UniqueConstraint("post_id", "unit_kind", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    unit_kind: Mapped[str | None] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    seats: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)


class Qualification(Named, Base):
    """A qualification an officer can hold, such as meeting the standard of a position."""

    __tablename__ = "qualification"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    retired_on: Mapped[dt.date | None]


class Competency(Named, Base):
    """A competency with its definition; ``levels`` holds five levels of observable indicators in both languages."""

    __tablename__ = "competency"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    group: Mapped[str] = mapped_column(String(30), comment="core | bma-executive | post-specific")
    definition_th: Mapped[str] = mapped_column(Text)
    definition_en: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, comment="the kept version that says the same")
    shipped: Mapped[str] = mapped_column(String(64), default="")


class JobProfile(Base):
    """One version of a post's job profile. A published version never changes: the database refuses it too."""

    __tablename__ = "job_profile"
    __table_args__ = (
        UniqueConstraint("post_id", "version"),
        CheckConstraint("status in ('draft', 'published', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'published') = (published_at is not null)", name="published_at"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn_at"),
        Index(
            "uq_job_profile_one_draft",
            "post_id",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    document: Mapped[dict[str, Any]] = mapped_column(
        Json, comment="duties, nature, characteristics, competencies, criteria tree, course entry, development plan"
    )
    reason: Mapped[str] = mapped_column(Text, default="", comment="what this version changes, and why")
    based_on: Mapped[int | None] = mapped_column(comment="the published version it was drafted from")
    drafted_by: Mapped[str] = mapped_column(String(200))
    drafted_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    editors: Mapped[list[dict[str, Any]]] = mapped_column(
        Json,
        default=list,
        comment="who wrote in the draft: account, name, time of the last edit; none of them publishes it",
    )
    published_by: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_note: Mapped[str] = mapped_column(
        Text, default="", comment="resolution or order under which it was published"
    )
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    post: Mapped[Post] = relationship(lazy="raise")


class CareerPath(Named, Base):
    """One way to a post: an ordered list of steps."""

    __tablename__ = "career_path"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), comment="district | bureau | mixed")
    reconstruction: Mapped[bool] = mapped_column(default=False, comment="not from the minutes' annex")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    position: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text, default="", comment="why this version; none for what was shipped")
    changed_by: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    retired_on: Mapped[dt.date | None]
    shipped: Mapped[str] = mapped_column(String(64), default="")


class CareerPathVersion(Named, Base):
    """A path as it was before somebody changed it; never changed itself."""

    __tablename__ = "career_path_version"

    path_id: Mapped[int] = mapped_column(ForeignKey("career_path.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    reconstruction: Mapped[bool]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    replaced_at: Mapped[dt.datetime] = mapped_column(UtcTime)

    @classmethod
    def of(cls, path: CareerPath, replaced_at: dt.datetime) -> "CareerPathVersion":
        """The path as it stands, to be kept before it changes."""
        kept = (
            "version",
            "name_th",
            "name_en",
            "kind",
            "reconstruction",
            "steps",
            "reason",
            "changed_by",
            "changed_at",
        )
        return cls(path_id=path.id, replaced_at=replaced_at, **{name: getattr(path, name) for name in kept})


class PathRule(Base):
    """That every path to a post passes through another: a rule of that post alone."""

    __tablename__ = "path_rule"
    __table_args__ = (
        CheckConstraint("post_id <> through_post_id", name="another_post"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    through_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(300), default="")


class PathRuleLift(Base):
    """A decision that lifts a post's rule for a time; it binds no other post. Decisions are withdrawn, never changed."""

    __tablename__ = "path_rule_lift"
    __table_args__ = (
        UniqueConstraint("post_id", "version"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("until is null or until >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("path_rule.post_id"))
    version: Mapped[int]
    resolution: Mapped[str] = mapped_column(String(300), comment="which body decided, where it is written")
    reason: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[dt.date]
    until: Mapped[dt.date | None]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class Course(Named, Base):
    """A course of the catalog, ours or somebody else's."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True, comment="the post it prepares for")
    external: Mapped[bool] = mapped_column(default=False)
    institution: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[Any | None] = mapped_column(Points)
    curriculum: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    retired_on: Mapped[dt.date | None]
    import_id: Mapped[int | None]
    shipped: Mapped[str] = mapped_column(String(64), default="")


class CourseEquivalent(Base):
    """A course accepted in place of another, with who accepted it and for how long."""

    __tablename__ = "course_equivalent"
    __table_args__ = (
        CheckConstraint("course_id <> equivalent_id", name="another_course"),
        CheckConstraint("valid_until is null or valid_from is null or valid_until >= valid_from", name="validity"),
        Index(
            "uq_course_equivalent_standing",
            "course_id",
            "equivalent_id",
            unique=True,
            sqlite_where=text("withdrawn_at is null"),
            postgresql_where=text("withdrawn_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    equivalent_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    accepting_body: Mapped[str] = mapped_column(String(200))
    resolution: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[dt.date | None]
    valid_until: Mapped[dt.date | None]
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    course: Mapped[Course] = relationship(lazy="raise", foreign_keys=[course_id])
    equivalent: Mapped[Course] = relationship(lazy="raise", foreign_keys=[equivalent_id])
