"""Every point anyone is given: assessment plans, panels, the append-only score ledger, competency ratings."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.careers.models import Named
from webapp.courses.models import Cohort, Enrollment
from webapp.database import Base, Exact, Json, Points, UtcTime
from webapp.officers.models import Fact, standing_key

PURPOSES = ("selection", "ranking")
SOURCES = ("exam", "proposal", "project", "coaching", "attendance", "assessment-center", "manual")
GATES = ("attendance_percent", "coaching_hours", "project_accepted")


class AssessmentPlan(Base):
    """One version of the plan by which a cohort is selected or ranked. A version never changes once it is in force."""

    __tablename__ = "assessment_plan"
    __table_args__ = (
        UniqueConstraint("cohort_id", "purpose", "version"),
        CheckConstraint("purpose in ('selection', 'ranking')", name="purpose"),
        CheckConstraint("status in ('draft', 'in-force', 'superseded')", name="status"),
        CheckConstraint("decimals between 0 and 6", name="decimals"),
        Index(
            "uq_assessment_plan_in_force",
            "cohort_id",
            "purpose",
            unique=True,
            sqlite_where=text("status = 'in-force'"),
            postgresql_where=text("status = 'in-force'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    decimals: Mapped[int] = mapped_column(default=2)
    reason: Mapped[str] = mapped_column(Text, default="", comment="why this version replaces the one before")
    drafted_by: Mapped[str] = mapped_column(String(200))
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drafted_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    approved_by: Mapped[str | None] = mapped_column(String(200), comment="the second person")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    components: Mapped[list["PlanComponent"]] = relationship(lazy="selectin", order_by="PlanComponent.position")
    gates: Mapped[list["PlanGate"]] = relationship(lazy="selectin", order_by="PlanGate.kind")
    tie_breakers: Mapped[list["PlanTieBreaker"]] = relationship(lazy="selectin", order_by="PlanTieBreaker.position")
    cohort: Mapped[Cohort] = relationship(lazy="raise")


class PlanComponent(Named, Base):
    """A component of a plan: weight and pass mark in per cent, maximum in points. Weight 0 with a pass mark is a gate."""

    __tablename__ = "plan_component"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assessment_plan.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    weight: Mapped[Decimal] = mapped_column(Exact, comment="per cent")
    maximum: Mapped[Decimal] = mapped_column(Exact, comment="points")
    pass_percent: Mapped[Decimal | None] = mapped_column(Exact, comment="per cent of the maximum")
    source: Mapped[str] = mapped_column(String(20), default="manual")
    face_to_face: Mapped[bool] = mapped_column(
        default=False, comment="the panel meets the person, so cannot mark blind"
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[list["RubricCriterion"]] = relationship(lazy="selectin", order_by="RubricCriterion.position")


class RubricCriterion(Named, Base):
    """A line of the rubric by which panel members mark a component; ``anchors`` describes what points mean."""

    __tablename__ = "rubric_criterion"
    __table_args__ = (UniqueConstraint("component_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("plan_component.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    weight: Mapped[Decimal] = mapped_column(Exact)
    maximum: Mapped[Decimal] = mapped_column(Exact, comment="points")
    anchors: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class PlanGate(Base):
    """A condition apart from scores: attendance per cent, coaching hours, or the project accepted (1)."""

    __tablename__ = "plan_gate"
    __table_args__ = (
        UniqueConstraint("plan_id", "kind"),
        CheckConstraint("kind in ('attendance_percent', 'coaching_hours', 'project_accepted')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assessment_plan.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Exact)
    reason: Mapped[str] = mapped_column(Text, default="")
    name_th: Mapped[str] = mapped_column(String(300), default="", comment="empty: the product's own words")
    name_en: Mapped[str] = mapped_column(String(300), default="")


class PlanTieBreaker(Base):
    """What decides between equal composites, in order: a component's code, ``level_tenure`` or ``entry_date``."""

    __tablename__ = "plan_tie_breaker"
    __table_args__ = (UniqueConstraint("plan_id", "position"), UniqueConstraint("plan_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assessment_plan.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    name_th: Mapped[str] = mapped_column(String(300), default="", comment="empty: the product's own words")
    name_en: Mapped[str] = mapped_column(String(300), default="")


class PanelMember(Base):
    """A named assessor of one component of a cohort. Recused members' marks do not count."""

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("cohort_id", "purpose", "component", "name"),
        CheckConstraint("purpose in ('selection', 'ranking')", name="purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    named_by: Mapped[str] = mapped_column(String(200))
    named_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    substitute: Mapped[bool] = mapped_column(
        default=False, comment="marks only the people named for them, in the place of a member who may not"
    )
    recused_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    recused_by: Mapped[str] = mapped_column(String(200), default="")
    recused_reason: Mapped[str] = mapped_column(Text, default="")


class MarkDraft(Base):
    """A panel member's marks for one trainee before they are submitted: theirs alone, not a score."""

    __tablename__ = "mark_draft"
    __table_args__ = (UniqueConstraint("member_id", "enrollment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("panel_member.id"))
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"), index=True)
    marks: Mapped[dict[str, Any]] = mapped_column(Json, comment="points as text by criterion code, or 'score'")
    note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ScoreEntry(Base):
    """One line of the ledger: a submitted mark, its correction, or its withdrawal. Never updated, never deleted.

    The standing mark of (enrollment, purpose, component, member) is the entry that no other replaces.
    A correction names the entry it replaces and a reason; an entry can be replaced once, so a lost race shows.
    """

    __tablename__ = "score_entry"
    __table_args__ = (
        CheckConstraint("purpose in ('selection', 'ranking')", name="purpose"),
        CheckConstraint("replaces_id is null or reason <> ''", name="correction_reason"),
        CheckConstraint("withdrawn = (score is null and marks is null)", name="score_or_marks"),
        CheckConstraint("score is null or score >= 0", name="score"),
        Index(
            "uq_score_entry_first",
            "enrollment_id",
            "purpose",
            "component",
            "member",
            unique=True,
            sqlite_where=text("replaces_id is null"),
            postgresql_where=text("replaces_id is null"),
        ),
        Index("ix_score_entry_enrollment_id_purpose_component", "enrollment_id", "purpose", "component"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    member: Mapped[str] = mapped_column(String(200), default="", comment="panel member's name; empty: one mark for all")
    score: Mapped[Decimal | None] = mapped_column(Points)
    marks: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Json, comment="rubric marks: criterion, weight, maximum, points as exact text"
    )
    maximum: Mapped[Decimal] = mapped_column(Exact, comment="the component's maximum when it was given")
    withdrawn: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("score_entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    import_id: Mapped[int | None] = mapped_column(
        index=True,
        comment="the import it stems from; a correction keeps it, so that imported marks still count as they stand",
    )
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="of the form: sent twice, recorded once")
    enrollment: Mapped[Enrollment] = relationship(lazy="raise")


class ScoreRelease(Base):
    """From here on officers see their marks of a component. Release governs sight, never ranking."""

    __tablename__ = "score_release"
    __table_args__ = (UniqueConstraint("cohort_id", "purpose", "component"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    component: Mapped[str] = mapped_column(String(40))
    released_by: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class CompetencyRating(Fact, Base):
    """A rating of one competency, 1-5, by a method on a day."""

    __tablename__ = "competency_rating"
    __table_args__ = (
        CheckConstraint("rating between 1 and 5", name="rating"),
        standing_key("competency_rating", "officer_id", "competency_code", "rated_on", "method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_code: Mapped[str] = mapped_column(ForeignKey("competency.code"), index=True)
    rating: Mapped[int]
    rated_on: Mapped[dt.date]
    method: Mapped[str] = mapped_column(String(200))
    assessor: Mapped[str] = mapped_column(String(200), default="")
    released_at: Mapped[dt.datetime | None] = mapped_column(
        UtcTime, comment="from here on it counts and its officer sees it; an imported one at import, as decided already"
    )
    released_by: Mapped[str] = mapped_column(String(200), default="")
    center_final_id: Mapped[int | None] = mapped_column(
        ForeignKey("center_final.id"), index=True, comment="the final rating of an assessment center that it carries"
    )
