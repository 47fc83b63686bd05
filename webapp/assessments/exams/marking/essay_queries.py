"""Essays as markers and staff read them. Nothing here names anybody: an essay is known by the candidate's number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.bank.rules import rubric_mark
from webapp.assessments.exams.marking.conflicts import Apart, by_candidate, has_declared, kept_apart
from webapp.assessments.exams.marking.essay_rules import agreed_marks, assigned, own_order
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, EssayMark, Exam, ExamMarker, ExamPart
from webapp.assessments.exams.papers import EssayOutcome
from webapp.assessments.exams.results import essay_rule, outcome_of_marks
from webapp.assessments.exams.taking import standing_answers
from webapp.assessments.statistics.reliability import Ratings
from webapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Essay:
    """One written answer: of which candidate number, to which question, what it is worth, its standing marks."""

    question_id: int
    number: str
    version_id: int
    code: str
    document: Mapping[str, Any]
    points: Fraction
    text: str
    marks: tuple[EssayMark, ...]
    earlier: tuple[EssayMark, ...]
    outcome: EssayOutcome
    turn: str
    candidate_id: int = field(default=0, repr=False)
    """For the server alone."""

    def mark_of(self, account_id: int | None, part: str = "") -> EssayMark | None:
        """The standing mark of one account: of the round it marked in, or the agreed one."""
        return next((mark for mark in self.marks if mark.marker_id == account_id
                     and (mark.part == part if part else mark.part != "agreed")), None)  # fmt: skip

    @property
    def agreed(self) -> bool:
        return agreed_marks(self.marks) is not None

    def share(self, mark: EssayMark) -> Fraction | None:
        """A mark as a share of the points."""
        found = rubric_mark(self.document, mark.marks)
        return None if found is None else found.fraction

    def earned(self, mark: EssayMark) -> Fraction | None:
        """A mark in points of the exam."""
        share = self.share(mark)
        return None if share is None else share * self.points


def essays_of(session: Session, exam: Exam) -> list[Essay]:
    """Every answered essay of attempts that have ended, by candidate number and question; four statements."""
    rows = session.execute(
        select(AttemptQuestion.id, AttemptQuestion.attempt_id, AttemptQuestion.position, AttemptQuestion.version_id,
               ExamPart.points, ItemVersion.document, Item.code, Candidate.id.label("candidate_id"), Candidate.number, Candidate.seed)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .join(ItemVersion, ItemVersion.id == AttemptQuestion.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id, ItemVersion.type == "essay", Attempt.ended_at.is_not(None))
        .order_by(Candidate.number, Item.code)
    ).all()  # fmt: skip
    if not rows:
        return []
    answers = standing_answers(session, sorted({row.attempt_id for row in rows}))
    standing, earlier = _marks(session, exam)
    found = []
    for row in rows:
        text = str((answers.get(row.attempt_id, {}).get(row.position) or {}).get("text") or "")
        if not text.strip():
            continue
        marks = tuple(standing.get(row.id, ()))
        found.append(Essay(
            row.id, row.number, row.version_id, row.code, row.document,
            Fraction(row.points) if row.points is not None else Fraction(row.document["points"]), text, marks,
            tuple(earlier.get(row.id, ())), outcome_of_marks(row.document, marks, essay_rule(exam)),
            f"{row.seed}:{row.version_id}", row.candidate_id,
        ))  # fmt: skip
    return found


def _marks(session: Session, exam: Exam) -> tuple[dict[int, list[EssayMark]], dict[int, list[EssayMark]]]:
    """By question, the marks that stand, and those that were replaced."""
    rows = session.scalars(
        select(EssayMark)
        .join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(ExamPart.exam_id == exam.id).order_by(EssayMark.id)
    ).all()  # fmt: skip
    gone = {row.replaces_id for row in rows}
    standing: dict[int, list[EssayMark]] = defaultdict(list)
    earlier: dict[int, list[EssayMark]] = defaultdict(list)
    for row in rows:
        (earlier if row.id in gone else standing)[row.question_id].append(row)
    return standing, earlier


# One marker


@dataclass(frozen=True, slots=True)
class Desk:
    """A marker's exam: what is theirs to mark, in their own order, and how much of it is left."""

    exam: Exam
    marker: ExamMarker
    essays: tuple[Essay, ...]
    declared: bool

    @property
    def left(self) -> int:
        return sum(waits_for(essay, self.marker) for essay in self.essays)

    @property
    def by_question(self) -> list[tuple[Essay, list[Essay]]]:
        """The essays under the question that they answer, in the order of the questions' codes."""
        found: dict[int, list[Essay]] = defaultdict(list)
        for essay in self.essays:
            found[essay.version_id].append(essay)
        return sorted(((rows[0], rows) for rows in found.values()), key=lambda pair: (pair[0].code, pair[0].version_id))


def waits_for(essay: Essay, marker: ExamMarker) -> bool:
    """Whether an essay on the marker's desk waits for them now."""
    if essay.outcome.why == "needs-agreement":
        own = essay.mark_of(marker.account_id, "agreed")
        return own is None or any(
            mark.part == "agreed" and mark.marker_id != marker.account_id and mark.id > own.id for mark in essay.marks
        )
    return essay.mark_of(marker.account_id) is None


def shares_of(
    exam: Exam, essays: Sequence[Essay], markers: Sequence[ExamMarker], away: Mapping[int, set[int]]
) -> dict[int, list[Essay]]:
    """By account, what is theirs: of the first round what falls to them; of the third's, what the two differ about."""
    falls = first_round(exam, essays, markers, away)
    found: dict[int, list[Essay]] = {}
    for marker in markers:
        account = marker.account_id
        if marker.decides:
            own = [
                one for one in essays
                if one.mark_of(account)
                or (one.outcome.why == "needs-third" and account not in away.get(one.candidate_id, ()))
            ]  # fmt: skip
        else:
            own = [one for one in essays if account in falls[one.question_id]]
        found[account] = own
    return found


def first_round(
    exam: Exam, essays: Sequence[Essay], markers: Sequence[ExamMarker], away: Mapping[int, set[int]]
) -> dict[int, list[int]]:
    """By essay, the accounts that mark it in the first round."""
    there = {
        essay.question_id: [
            mark.marker_id for mark in essay.marks if mark.part in ("first", "second") and mark.marker_id
        ]
        for essay in essays
    }
    first = [marker.account_id for marker in markers if not marker.decides]
    kept_away = {essay.question_id: away.get(essay.candidate_id, set()) for essay in essays}
    turns = [(essay.question_id, essay.turn) for essay in essays]
    return assigned(turns, first, there, exam.essay_markers, kept_away)


def desk_of(session: Session, exam: Exam, marker: ExamMarker) -> Desk:
    """A marker's desk of one exam: what waits first, in an order of the marker's own."""
    away = by_candidate(kept_apart(session, exam))
    own = shares_of(exam, essays_of(session, exam), markers_of(session, exam), away)[marker.account_id]
    own.sort(key=lambda essay: (not waits_for(essay, marker), own_order(marker.account_id, essay.turn)))
    return Desk(exam, marker, tuple(own), has_declared(session, marker))


def desks_of(session: Session, account_id: int | None, statuses: Sequence[str] = ("ready", "closed")) -> list[Desk]:
    """The exams that name the account as a marker, by default until their results are out; the newest first."""
    if account_id is None:
        return []
    rows = session.execute(
        select(Exam, ExamMarker).join(ExamMarker, ExamMarker.exam_id == Exam.id)
        .where(ExamMarker.account_id == account_id, Exam.status.in_(statuses))
        .order_by(Exam.opens_at.desc(), Exam.id)
    ).all()  # fmt: skip
    return [desk_of(session, exam, marker) for exam, marker in rows]


def own_desk(session: Session, code: str, account_id: int | None) -> Desk:
    """The account's desk of one exam. Raises ``NotFound`` where it is not a marker, or the exam is still a draft or was called off."""
    row = session.execute(
        select(Exam, ExamMarker).join(ExamMarker, ExamMarker.exam_id == Exam.id)
        .where(Exam.code == code, ExamMarker.account_id == account_id, Exam.status.not_in(("draft", "cancelled")))
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    return desk_of(session, row[0], row[1])


def markers_of(session: Session, exam: Exam) -> Sequence[ExamMarker]:
    return session.scalars(select(ExamMarker).where(ExamMarker.exam_id == exam.id).order_by(ExamMarker.id)).all()


def essay_on(desk: Desk, number: str, version_id: int) -> Essay:
    """The essay of a candidate number on the desk. Raises ``NotFound``."""
    for essay in desk.essays:
        if essay.number == number and essay.version_id == version_id:
            return essay
    raise NotFound()


def as_marker_sees(essay: Essay, marker: ExamMarker, released: bool) -> Essay:
    """The essay without other markers' marks, until the results are out or the two have to agree (promise 14)."""
    if released or (essay.outcome.why in ("needs-agreement", "agreed") and essay.mark_of(marker.account_id)):
        return essay
    own = tuple(mark for mark in essay.marks if mark.marker_id == marker.account_id)
    before = tuple(mark for mark in essay.earlier if mark.marker_id == marker.account_id)
    return replace(essay, marks=own, earlier=before, outcome=EssayOutcome(None, ""))


# Staff


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a marker is."""

    marker: ExamMarker
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class EssaysAtHand:
    """Marking as staff follow it: every essay, every marker's share, who is kept apart, and whom nobody can mark."""

    essays: tuple[Essay, ...]
    progress: tuple[Progress, ...]
    apart: tuple[Apart, ...]
    nobody: int

    @property
    def differing(self) -> list[Essay]:
        """Essays whose two marks differ by more than the threshold, settled or not; the widest apart first."""
        found = [one for one in self.essays if one.outcome.why in ("needs-third", "needs-agreement", "third", "agreed")]
        return sorted(found, key=lambda one: (-(one.outcome.difference or 0), one.number, one.code))

    @property
    def settled(self) -> int:
        return sum(one.outcome.share is not None for one in self.essays)


def at_hand(session: Session, exam: Exam) -> EssaysAtHand:
    """How marking stands; a fixed number of statements."""
    markers, essays, apart = markers_of(session, exam), essays_of(session, exam), kept_apart(session, exam)
    away = by_candidate(apart)
    shares, falls = shares_of(exam, essays, markers, away), first_round(exam, essays, markers, away)
    named = {marker.account_id for marker in markers}
    progress = [
        Progress(
            marker, len(shares[marker.account_id]),
            sum(one.mark_of(marker.account_id) is not None for one in shares[marker.account_id]),
        )
        for marker in markers
    ]  # fmt: skip
    third = {marker.account_id for marker in markers if marker.decides}
    nobody = sum(
        len(falls[one.question_id]) < exam.essay_markers
        or (one.outcome.why == "needs-third" and not third - away.get(one.candidate_id, set()))
        for one in essays
    )
    return EssaysAtHand(
        tuple(essays), tuple(progress), tuple(pair for pair in apart if pair.account_id in named), nobody
    )


def essay_at(session: Session, exam: Exam, number: str, version_id: int) -> Essay:
    """One essay of an exam, for staff. Raises ``NotFound``."""
    for essay in essays_of(session, exam):
        if essay.number == number and essay.version_id == version_id:
            return essay
    raise NotFound()


def ratings_of(hand: EssaysAtHand) -> Ratings:
    """The first round's marks in points: a row per essay, a column per marker."""
    markers = [row.marker for row in hand.progress if not row.marker.decides]
    rows = []
    for essay in hand.essays:
        own = {mark.marker_id: essay.earned(mark) for mark in essay.marks if mark.part in ("first", "second")}
        given = [own.get(marker.account_id) for marker in markers]
        rows.append(tuple(None if points is None else float(points) for points in given))
    names = tuple(f"{essay.number} {essay.code}" for essay in hand.essays)
    return Ratings(names, tuple(marker.name for marker in markers), tuple(rows))
