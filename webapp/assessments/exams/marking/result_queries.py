"""Results as staff read them: everybody with total and what is missing, and one paper question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.desk import open_desk
from webapp.assessments.exams.marking.conflicts import candidates_of as candidates_of
from webapp.assessments.exams.marking.essay_queries import Essay, essays_of
from webapp.assessments.exams.marking.regrading import passes, standing
from webapp.assessments.exams.models import Attempt, Candidate, Exam, Regrade
from webapp.assessments.exams.papers import Marked, Paper, Question, component_points, mark_paper
from webapp.assessments.exams.results import changes_of, questions_of, results
from webapp.assessments.models import PlanComponent, ScoreEntry
from webapp.assessments.queries import component_in_force
from webapp.courses.models import Cohort
from webapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate: the paper if they began, what still waits to be marked, and what the ledger holds."""

    candidate: Candidate
    attempt: Attempt | None
    paper: Paper | None
    waiting: tuple[int, ...]
    passed: bool | None
    worth: Decimal | None
    entry: ScoreEntry | None

    @property
    def state(self) -> str:
        """``absent``, ``writing``, ``waiting`` for a marker, or ``marked``."""
        if self.attempt is None or self.paper is None:
            return "absent"
        if self.attempt.ended_at is None:
            return "writing"
        return "waiting" if self.waiting else "marked"

    @property
    def total(self) -> Fraction:
        """For putting in order: nobody's is below nought."""
        return self.paper.total if self.paper is not None and self.paper.total is not None else Fraction(-1)

    @property
    def transferred(self) -> str:
        """``same`` as in the ledger, ``differs``, ``none`` yet, or empty where there is nothing to transfer."""
        if self.worth is None:
            return ""
        if self.entry is None:
            return "none"
        return "same" if self.entry.score == self.worth else "differs"


@dataclass(frozen=True, slots=True)
class Results:
    """An exam's results with the component they feed."""

    rows: tuple[Result, ...]
    component: PlanComponent | None

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    def to_transfer(self, kind: str) -> list[Result]:
        return [row for row in self.rows if row.transferred == kind]

    @property
    def passed(self) -> int:
        return sum(row.passed is True for row in self.rows)


def all_results(session: Session, exam: Exam) -> Results:
    """Everybody admitted, by the Thai alphabet; a fixed number of statements."""
    sats = {sat.candidate.id: sat for sat in results(session, exam)}
    component, entries = _ledger(session, exam)
    rows = []
    for candidate in candidates_of(session, exam):
        sat = sats.get(candidate.id)
        paper = sat.paper if sat is not None else None
        ended = sat is not None and sat.attempt.ended_at is not None
        worth = None if component is None or paper is None or not ended else component_points(paper, component.maximum)
        rows.append(Result(
            candidate, sat.attempt if sat is not None else None, paper,
            tuple(one.position for one in paper.questions if one.points is None) if paper is not None else (),
            passes(exam, paper) if paper is not None and ended else None,
            worth if candidate.enrollment_id is not None else None, entries.get(candidate.enrollment_id or 0),
        ))  # fmt: skip
    return Results(tuple(rows), component)


def _ledger(session: Session, exam: Exam) -> tuple[PlanComponent | None, dict[int, ScoreEntry]]:
    """The component that the exam feeds, and what stands in the ledger for it by enrollment."""
    if exam.cohort_id is None or exam.component is None:
        return None, {}
    component = component_in_force(session, exam.cohort_id, exam.purpose, exam.component)
    if component is None:
        return None, {}
    cohort = session.get_one(Cohort, exam.cohort_id)
    desk = open_desk(session, cohort, exam.purpose, exam.component, everybody=True)
    return component, {number: entry for (number, member), entry in desk.standing.items() if member == ""}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A question of one paper: what was asked and answered, what it earned, why, and by whom it was marked."""

    question: Question
    marked: Marked
    code: str
    number: int
    document: Mapping[str, Any]
    """As it is marked now: with the key of a regrade that stands."""
    regrades: tuple[Regrade, ...]
    essay: Essay | None

    @property
    def markers(self) -> list[str]:
        return [] if self.essay is None else [mark.marker for mark in self.essay.marks if mark.part != "agreed"]


@dataclass(frozen=True, slots=True)
class OnePaper:
    """Everything about one candidate's paper."""

    result: Result
    lines: tuple[PaperLine, ...]
    component: PlanComponent | None


def paper_of(session: Session, exam: Exam, number: str) -> OnePaper:
    """One candidate's paper. Raises ``NotFound``."""
    found = all_results(session, exam)
    result = next((row for row in found.rows if row.candidate.number == number), None)
    if result is None:
        raise NotFound()
    if result.attempt is None:
        return OnePaper(result, (), found.component)
    questions = questions_of(session, exam, [result.attempt.id]).get(result.attempt.id, [])
    regrades = standing(session, exam)
    paper = mark_paper(questions, changes_of(session, exam))
    codes = codes_of(session, [question.version_id for question in questions])
    essays = {essay.version_id: essay for essay in essays_of(session, exam) if essay.number == number}
    lines = []
    for question, marked in zip(questions, paper.questions, strict=True):
        own = tuple(row for row in regrades if row.version_id == question.version_id)
        keyed = [row.change["document"] for row in own if row.kind == "key"]
        lines.append(PaperLine(
            question, marked, *codes[question.version_id], keyed[-1] if keyed else question.document, own,
            essays.get(question.version_id),
        ))  # fmt: skip
    return OnePaper(result, tuple(lines), found.component)


def codes_of(session: Session, versions: Sequence[int]) -> dict[int, tuple[str, int]]:
    """By question version, the item's code and the version's number."""
    rows = session.execute(
        select(ItemVersion.id, Item.code, ItemVersion.number).join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.id.in_(versions)).order_by(ItemVersion.id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an exam: its version, how many had it, and what they earned of it together (a share)."""

    version: ItemVersion
    code: str
    people: int
    share: Fraction | None
    regrades: int


def asked_in(session: Session, exam: Exam) -> list[Asked]:
    """Every question that somebody had, by code."""
    marks: dict[int, list[Marked]] = {}
    for sat in results(session, exam):
        for one in sat.paper.questions:
            marks.setdefault(one.version_id, []).append(one)
    again = [row.version_id for row in standing(session, exam)]
    versions = session.execute(
        select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.id.in_(marks)).order_by(Item.code, ItemVersion.number)
    )  # fmt: skip
    return [
        Asked(version, code, len(marks[version.id]), _share(marks[version.id]), again.count(version.id))
        for version, code in versions
    ]


def _share(marks: Sequence[Marked]) -> Fraction | None:
    done = [one for one in marks if one.points is not None and one.maximum]
    maximum = sum((one.maximum for one in done), Fraction(0))
    return sum((one.points for one in done if one.points is not None), Fraction(0)) / maximum if maximum else None
