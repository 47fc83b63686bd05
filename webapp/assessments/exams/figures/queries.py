"""How an exam's questions behaved, gathered from its papers: who counts, which questions they had, what they chose.

Only whoever finished counts, with a paper on which nothing waits to be marked, under the regrades that stand; a question
taken out of the exam is left out here as well. Where a blueprint draws, people had different questions: then each question
is judged among those who had it, against the share of the points that each of them reached.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.bank import richtext
from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, Exam, ExamPart
from webapp.assessments.exams.papers import Marked, Paper
from webapp.assessments.exams.results import Sat, changes_of, results
from webapp.assessments.exams.taking import standing_answers
from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.test_theory import (
    ENOUGH_PEOPLE,
    Choice,
    Question,
    Whole,
    choices,
    histogram,
    question,
    whole,
)

CHOICE_TYPES = ("single", "true-false", "multiple")
FEWEST = 2
LATEST_EXAMS = 20
"""So many sittings of an item are computed for its history, the latest."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question of an exam: which, how many had it, its figures or why there are none, and its choices."""

    version_id: int
    code: str
    number: int
    document: Mapping[str, Any]
    people: int
    full: float
    figures: Question | Refusal
    chosen: tuple[tuple[str, bool, Choice], ...] = ()
    """Choice id, whether it earns points, how it was taken."""

    @property
    def few(self) -> bool:
        return self.people < ENOUGH_PEOPLE

    @property
    def name_th(self) -> str:
        return self._called("th", "en")

    @property
    def name_en(self) -> str:
        return self._called("en", "th")

    def _called(self, *languages: str) -> str:
        """Its title, or what it asks, in the first language that has it."""
        names = [self.document[f"{part}_{language}"] for part in ("title", "stem") for language in languages]
        return richtext.plain(next((name for name in names if name), ""))

    @property
    def advice(self) -> tuple[str, ...]:
        return self.figures.advice if isinstance(self.figures, Question) else ()


@dataclass(frozen=True, slots=True)
class ExamFigures:
    """An exam as a whole with its questions, the bars of its histogram (per cent) and who is left out."""

    people: int
    unfinished: int
    waiting: int
    same_paper: bool
    whole: Whole | Refusal
    items: tuple[ItemFigures, ...]
    bars: tuple[tuple[float, float, int], ...]
    cut: Decimal | None
    passed: int | None
    void: int

    @property
    def few(self) -> bool:
        return self.people < ENOUGH_PEOPLE

    @property
    def flagged(self) -> list[ItemFigures]:
        return [item for item in self.items if item.advice or any(choice.advice for _id, _right, choice in item.chosen)]


@dataclass(frozen=True, slots=True)
class _Row:
    """A person who counts: the marks by question version, and the share of the points reached."""

    attempt_id: int
    marks: Mapping[int, Marked]
    paper: Paper

    @property
    def share(self) -> float:
        return _share(self.paper.total or Fraction(0), self.paper.maximum)

    def rest(self, version_id: int) -> float:
        mark = self.marks[version_id]
        return _share((self.paper.total or Fraction(0)) - (mark.points or 0), self.paper.maximum - mark.maximum)


def _share(points: Fraction, maximum: Fraction) -> float:
    return float(points / maximum) if maximum else 0.0


def figures_of(session: Session, exam: Exam, *, with_choices: bool = True) -> ExamFigures:
    """The figures of an exam. A fixed number of statements, whatever the number of people and questions."""
    everybody = results(session, exam)
    ended = [sat for sat in everybody if sat.attempt.ended_at is not None]
    rows = [_row(sat) for sat in ended if sat.paper.total is not None and sat.paper.maximum]
    order, void = _versions(rows)
    same = bool(rows) and all(len(row.marks) == len(order) for row in rows)
    documents = _documents(session, exam, order)
    taken = _taken(session, rows) if with_choices else {}
    items = tuple(_item(rows, version, documents[version], taken) for version in order)
    totals = np.array([100 * row.share for row in rows], np.float64)
    cut = exam.pass_percent
    return ExamFigures(
        len(rows), len(everybody) - len(ended), len(ended) - len(rows), same, _whole(rows, order, same), items,
        tuple(histogram(totals, 100.0)) if rows else (), cut,
        None if cut is None else sum(1 for row in rows if (row.paper.percent or 0) >= Fraction(cut)), void,
    )  # fmt: skip


def _row(sat: Sat) -> _Row:
    return _Row(sat.attempt.id, {one.version_id: one for one in sat.paper.questions if one.state != "void"}, sat.paper)


def _versions(rows: Sequence[_Row]) -> tuple[list[int], int]:
    """The question versions that anybody had, and how many of them do not count any more."""
    found = sorted({version for row in rows for version in row.marks})
    asked = {one.version_id for row in rows for one in row.paper.questions}
    return found, len(asked) - len(found)


def _whole(rows: Sequence[_Row], order: Sequence[int], same: bool) -> Whole | Refusal:
    if len(rows) < FEWEST:
        return Refusal("too-few-people", {"found": len(rows), "least": FEWEST})
    if not same:
        return Refusal("papers-differ")
    points = np.array([[float(row.marks[v].points or 0) for v in order] for row in rows], np.float64)
    return whole(points, [float(rows[0].marks[v].maximum) for v in order])


def _item(
    rows: Sequence[_Row],
    version: int,
    about: tuple[str, int, Mapping[str, Any]],
    taken: Mapping[int, Mapping[int, Any]],
) -> ItemFigures:
    code, number, document = about
    had = [row for row in rows if version in row.marks]
    full = max(float(row.marks[version].maximum) for row in had)
    if len(had) < FEWEST:
        refused = Refusal("too-few-people", {"found": len(had), "least": FEWEST})
        return ItemFigures(version, code, number, document, len(had), full, refused)
    own = np.array([full * _share(row.marks[version].points or Fraction(0), row.marks[version].maximum) for row in had])
    totals = np.array([row.share for row in had])
    found = question(own, full, np.array([row.rest(version) for row in had]), totals)
    chosen = _chosen(document, [taken.get(row.attempt_id, {}).get(version) for row in had], totals) if taken else ()
    return ItemFigures(version, code, number, document, len(had), full, found, chosen)


def _chosen(
    document: Mapping[str, Any], responses: Sequence[Any], totals: np.ndarray[Any, Any]
) -> tuple[tuple[str, bool, Choice], ...]:
    """The table of choices; empty for questions without any."""
    if document["type"] not in CHOICE_TYPES:
        return ()
    ids = [row["id"] for row in document["choices"]]
    right = [Fraction(row["fraction"] or 0) > 0 for row in document["choices"]]
    picked = [_picked(response) for response in responses]
    table = np.array([[name in given for name in ids] for given in picked], bool)
    return tuple(zip(ids, right, choices(table, right, totals), strict=True))


def _picked(response: Any) -> frozenset[str]:
    if not isinstance(response, Mapping):
        return frozenset()
    return frozenset(response.get("choices") or ([response["choice"]] if response.get("choice") else []))


def _documents(session: Session, exam: Exam, versions: Sequence[int]) -> dict[int, tuple[str, int, Mapping[str, Any]]]:
    """Code, version number and document of each question; the document with another key where a regrade gave it one."""
    rows = session.execute(
        select(ItemVersion.id, Item.code, ItemVersion.number, ItemVersion.document)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ItemVersion.id.in_(versions)).order_by(Item.id, ItemVersion.number)
    ).all()  # fmt: skip
    changed = {
        version: change.document
        for version, changes in changes_of(session, exam).items()
        for change in changes
        if change.kind == "key" and change.document is not None
    }
    return {row[0]: (row[1], row[2], changed.get(row[0], row[3])) for row in rows}


def _taken(session: Session, rows: Sequence[_Row]) -> dict[int, dict[int, Any]]:
    """What everybody answered in the end: attempt → question version → response."""
    ids = [row.attempt_id for row in rows]
    answers = standing_answers(session, ids)
    places = session.execute(
        select(AttemptQuestion.attempt_id, AttemptQuestion.position, AttemptQuestion.version_id)
        .where(AttemptQuestion.attempt_id.in_(ids)).order_by(AttemptQuestion.id)
    )  # fmt: skip
    found: dict[int, dict[int, Any]] = {number: {} for number in ids}
    for attempt_id, position, version_id in places:
        found[attempt_id][version_id] = answers.get(attempt_id, {}).get(position)
    return found


def exams_with(session: Session, item: Item, where: Any) -> Sequence[Exam]:
    """The exams that are over in which some version of the item was asked, the latest first."""
    asked = (
        select(ExamPart.exam_id)
        .join(AttemptQuestion, AttemptQuestion.part_id == ExamPart.id)
        .join(ItemVersion, ItemVersion.id == AttemptQuestion.version_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(ItemVersion.item_id == item.id)
    )
    query = select(Exam).where(Exam.id.in_(asked), Exam.status.in_(("closed", "released")), where)
    return session.scalars(query.order_by(Exam.opens_at.desc(), Exam.id.desc()).limit(LATEST_EXAMS)).all()


def item_history(session: Session, item: Item, where: Any) -> list[tuple[Exam, ItemFigures]]:
    """An item over its sittings: each exam with the figures of the version asked there; the latest first."""
    numbers = set(session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == item.id)))
    found = []
    for exam in exams_with(session, item, where):
        figures = figures_of(session, exam, with_choices=False)
        found += [(exam, one) for one in figures.items if one.version_id in numbers]
    return found
