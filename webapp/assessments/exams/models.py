"""Tables of examinations. Answers and essay marks are only ever added; the database keeps one attempt per person."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.exams.rules import ENDINGS, ESSAY_RULES, SHOWS, STATUSES, USUAL_ESSAY_REASON
from webapp.careers.models import Named
from webapp.courses.models import Cohort
from webapp.database import Base, Exact, Json, UtcTime
from webapp.officers.models import Officer


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Exam(Named, Base):
    """An examination: blueprint, window, length, what candidates see afterwards, and which component it feeds."""

    __tablename__ = "exam"
    __table_args__ = (
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint(_one_of("shows", SHOWS), name="shows"),
        CheckConstraint(_one_of("essay_rule", ESSAY_RULES), name="essay_rule"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        CheckConstraint("essay_markers in (1, 2)", name="essay_markers"),
        CheckConstraint("(cohort_id is null) = (component is null)", name="component_of_cohort"),
        CheckConstraint("pass_percent is null or pass_reason <> ''", name="pass_reason"),
        CheckConstraint("essay_reason <> ''", name="essay_reason"),
        CheckConstraint("status <> 'cancelled' or cancel_reason <> ''", name="cancel_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    purpose: Mapped[str] = mapped_column(
        String(10), default="ranking", comment="of the cohort's plan: selection | ranking"
    )
    component: Mapped[str | None] = mapped_column(
        String(40), comment="the component that its totals are transferred to"
    )
    instructions_th: Mapped[str] = mapped_column(Text, default="")
    instructions_en: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    closes_at: Mapped[dt.datetime] = mapped_column(
        UtcTime, comment="nobody starts or writes after it, but for extra time"
    )
    minutes: Mapped[int]
    shuffle: Mapped[bool] = mapped_column(default=True)
    one_per_page: Mapped[bool] = mapped_column(default=True)
    start_code: Mapped[str] = mapped_column(String(12), default="", comment="told by the invigilator; empty: none")
    lockdown: Mapped[bool] = mapped_column(default=False, comment="the page notes when it loses the focus")
    shows: Mapped[str] = mapped_column(String(10), default="marks", comment="what candidates see after release")
    pass_percent: Mapped[Decimal | None] = mapped_column(Exact, comment="the cut, per cent of the total")
    pass_reason: Mapped[str] = mapped_column(
        Text, default="", comment="where the cut comes from (an Angoff panel, a rule)"
    )
    essay_markers: Mapped[int] = mapped_column(default=2)
    essay_rule: Mapped[str] = mapped_column(String(6), default="third")
    essay_threshold: Mapped[Decimal] = mapped_column(
        Exact, default=Decimal(20), comment="difference, per cent of points"
    )
    essay_reason: Mapped[str] = mapped_column(
        Text, default=USUAL_ESSAY_REASON, comment="why this rule and this threshold"
    )
    status: Mapped[str] = mapped_column(String(10), default="draft")
    created_by: Mapped[str] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    planned_by: Mapped[list[int]] = mapped_column(
        Json, default=list, comment="accounts that shaped it: none of them makes it ready"
    )
    ready_by: Mapped[str] = mapped_column(String(200), default="", comment="the second person")
    ready_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    cancelled_by: Mapped[str] = mapped_column(String(200), default="")
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    released_by: Mapped[str] = mapped_column(String(200), default="")
    released_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(default=1)
    cohort: Mapped[Cohort | None] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}


class ExamPart(Base):
    """A line of the blueprint: so many questions of a category, or one named question."""

    __tablename__ = "exam_part"
    __table_args__ = (
        UniqueConstraint("exam_id", "position"),
        CheckConstraint("(category_id is null) <> (item_id is null)", name="category_or_item"),
        CheckConstraint("draw >= 1", name="draw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    position: Mapped[int]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("item_category.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    draw: Mapped[int] = mapped_column(default=1)
    points: Mapped[Decimal | None] = mapped_column(Exact, comment="of each question here; none: the question's own")


class ExamPool(Base):
    """A question version that a part may draw, frozen when the exam is made ready."""

    __tablename__ = "exam_pool"
    __table_args__ = (UniqueConstraint("part_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("exam_part.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    position: Mapped[int]


class ExamRoom(Base):
    """A sitting of an exam: a room or group with its own window, where that differs from the exam's."""

    __tablename__ = "exam_room"
    __table_args__ = (
        UniqueConstraint("exam_id", "name"),
        CheckConstraint("(opens_at is null) = (closes_at is null)", name="window_whole"),
        CheckConstraint("closes_at is null or closes_at > opens_at", name="window"),
        CheckConstraint("seats is null or seats >= 1", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    name: Mapped[str] = mapped_column(String(200))
    invigilators: Mapped[str] = mapped_column(String(400), default="")
    seats: Mapped[int | None]
    opens_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    closes_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class Candidate(Base):
    """An officer admitted to an exam, under a number that tells nothing; with extra time or a sitting of their own."""

    __tablename__ = "exam_candidate"
    __table_args__ = (
        UniqueConstraint("exam_id", "officer_id"),
        UniqueConstraint("exam_id", "number"),
        CheckConstraint("extra_minutes = 0 or extra_reason <> ''", name="extra_reason"),
        CheckConstraint("extra_minutes between 0 and 1440", name="extra_minutes"),
        CheckConstraint("(opens_at is null) = (closes_at is null)", name="sitting"),
        CheckConstraint("time_reason = '' or opens_at is not null", name="time_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollment.id"), index=True)
    number: Mapped[str] = mapped_column(String(12), comment="what markers see")
    seed: Mapped[str] = mapped_column(String(32), comment="draws and orders this person's paper")
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_reason: Mapped[str] = mapped_column(Text, default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("exam_room.id"), index=True)
    opens_at: Mapped[dt.datetime | None] = mapped_column(UtcTime, comment="of the room, or of a sitting of one's own")
    closes_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    time_reason: Mapped[str] = mapped_column(Text, default="", comment="why a sitting of one's own; empty: the room's")
    sitting: Mapped[str] = mapped_column(String(200), default="", comment="room or session, as told to the candidate")
    exam: Mapped[Exam] = relationship(lazy="raise")
    officer: Mapped[Officer] = relationship(lazy="raise")


class Attempt(Base):
    """The one attempt of a candidate."""

    __tablename__ = "exam_attempt"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (ending is null)", name="ending_with_time"),
        CheckConstraint(f"ending is null or {_one_of('ending', ENDINGS)}", name="ending"),
        CheckConstraint("ending is null or ending <> 'staff' or end_reason <> ''", name="end_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("exam_candidate.id"), unique=True)
    on_paper: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    deadline_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    ending: Mapped[str | None] = mapped_column(String(10))
    end_reason: Mapped[str] = mapped_column(Text, default="")
    end_key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="of the form: sent twice, ended once")
    receipt: Mapped[str] = mapped_column(String(20), default="")
    candidate: Mapped[Candidate] = relationship(lazy="raise")


class AttemptQuestion(Base):
    """A question of somebody's paper, in its place."""

    __tablename__ = "exam_question"
    __table_args__ = (UniqueConstraint("attempt_id", "position"), UniqueConstraint("attempt_id", "version_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("exam_attempt.id"))
    position: Mapped[int]
    part_id: Mapped[int] = mapped_column(ForeignKey("exam_part.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    flagged: Mapped[bool] = mapped_column(default=False, comment="the candidate wants to look again")
    item_version: Mapped[ItemVersion] = relationship(lazy="raise")


class Answer(Base):
    """An answer as it reached the server. Never changed: the last one in time counts.

    ``page`` and ``turn`` say from which open page it came and in which order there, so that one sent again is kept once.
    One that was written without knowing of another page's newer answer is kept ``aside``: it never overwrites silently.
    """

    __tablename__ = "exam_answer"
    __table_args__ = (
        UniqueConstraint("question_id", "page", "turn"),
        Index("ix_exam_answer_question_id_id", "question_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("exam_question.id"))
    page: Mapped[str] = mapped_column(String(40))
    turn: Mapped[int]
    response: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    late: Mapped[bool] = mapped_column(
        default=False, comment="reached the server after the attempt had ended: not scored"
    )
    aside: Mapped[bool] = mapped_column(
        default=False, comment="from a page that did not know of the answer standing then: kept, does not stand"
    )


class LateAcceptance(Base):
    """Staff let a late answer count, with a reason."""

    __tablename__ = "exam_late_acceptance"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("exam_answer.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    accepted_by: Mapped[str] = mapped_column(String(200))
    accepted_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ExamIncident(Base):
    """Something noted during an exam, by the invigilator or by the page (the focus lost)."""

    __tablename__ = "exam_incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("exam_candidate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), comment="note | focus-lost | extra-time | ended")
    note: Mapped[str] = mapped_column(Text, default="")
    noted_by: Mapped[str] = mapped_column(String(200))
    noted_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ExamMarker(Base):
    """A named marker of an exam's essays."""

    __tablename__ = "exam_marker"
    __table_args__ = (UniqueConstraint("exam_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    decides: Mapped[bool] = mapped_column(default=False, comment="the third, who marks where the two differ too much")
    named_by: Mapped[str] = mapped_column(String(200))
    named_at: Mapped[dt.datetime] = mapped_column(UtcTime)


_AGREED_EACH = "replaces_id is null and part = 'agreed'"
_ONE_EACH = "replaces_id is null and part <> 'agreed'"


class EssayMark(Base):
    """One marker's submitted mark of one essay, by rubric. Corrected by a new entry that replaces it, with a reason.

    ``first`` and ``second`` are by different markers. An ``agreed`` mark is one marker's proposal, and stands once another
    marker has entered the same.
    """

    __tablename__ = "exam_essay_mark"
    __table_args__ = (
        CheckConstraint("replaces_id is null or reason <> ''", name="correction_reason"),
        CheckConstraint("part in ('first', 'second', 'third', 'agreed')", name="part"),
        Index("ix_exam_essay_mark_question_id_part", "question_id", "part"),
        Index(
            "uq_exam_essay_mark_first_of_part",
            "question_id",
            "part",
            unique=True,
            sqlite_where=text(_ONE_EACH),
            postgresql_where=text(_ONE_EACH),
        ),
        Index(
            "uq_exam_essay_mark_once_each",
            "question_id",
            "marker_id",
            unique=True,
            sqlite_where=text(_ONE_EACH),
            postgresql_where=text(_ONE_EACH),
        ),
        Index(
            "uq_exam_essay_mark_agreed_once_each",
            "question_id",
            "marker_id",
            unique=True,
            sqlite_where=text(_AGREED_EACH),
            postgresql_where=text(_AGREED_EACH),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("exam_question.id"))
    part: Mapped[str] = mapped_column(String(8))
    marks: Mapped[dict[str, Any]] = mapped_column(Json, comment="points as exact text by rubric line")
    note: Mapped[str] = mapped_column(Text, default="")
    marker: Mapped[str] = mapped_column(String(200))
    marker_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    marked_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("exam_essay_mark.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    key: Mapped[str | None] = mapped_column(String(80), unique=True)


class Regrade(Base):
    """A question marked otherwise for everybody: another key, other points, void, or full marks. Undone, it stays here."""

    __tablename__ = "exam_regrade"
    __table_args__ = (
        CheckConstraint("kind in ('key', 'points', 'void', 'full')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("undone_at is null or undone_reason <> ''", name="undone_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    change: Mapped[dict[str, Any]] = mapped_column(Json, comment="the document with another key, or the points")
    reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[list[Any]] = mapped_column(Json, comment="whose total changed: candidate number, before, after")
    made_by: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    undone_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    undone_reason: Mapped[str] = mapped_column(Text, default="")
    key: Mapped[str | None] = mapped_column(String(80), unique=True, comment="of the form: sent twice, made once")
