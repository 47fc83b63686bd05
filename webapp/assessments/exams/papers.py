"""What a paper earns: automatic marks, essay marks by two markers, and regrades on top. Pure and exact.

Nothing here is stored: the same papers, marks and regrades give the same totals at any time, so a regrade changes all and
only what it should, and undoing it brings back the figure of before (promise 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from webapp.assessments.bank.rules import Mark, score

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class EssayRule:
    """How two marks of an essay become one: ``mean``, ``third`` or ``agree`` beyond the threshold (per cent of points)."""

    markers: int
    rule: str
    threshold: Fraction


@dataclass(frozen=True, slots=True)
class EssayMarks:
    """The standing marks of one essay, as shares of its points; None where there is none yet."""

    first: Fraction | None = None
    second: Fraction | None = None
    third: Fraction | None = None
    agreed: Fraction | None = None


@dataclass(frozen=True, slots=True)
class EssayOutcome:
    """The share that counts, and why: ``first``, ``mean``, ``third``, ``agreed``; or what is waited for.

    Waiting: ``needs-first``, ``needs-second``, ``needs-third``, ``needs-agreement``.
    """

    share: Fraction | None
    why: str
    difference: Fraction | None = None


def essay_outcome(marks: EssayMarks, how: EssayRule) -> EssayOutcome:
    """One marker: their mark. Two: the mean, unless they differ by more than the threshold.

    Then, by the rule: the mean all the same; the mean of a third mark and the nearer of the two (of a third mark half-way
    between them, that mark); or the mark that both agree on.
    """
    first, second = marks.first, marks.second
    if marks.agreed is not None:
        return EssayOutcome(marks.agreed, "agreed", None if first is None or second is None else abs(first - second))
    if first is None:
        return EssayOutcome(None, "needs-first")
    if how.markers == 1:
        return EssayOutcome(first, "first")
    if second is None:
        return EssayOutcome(None, "needs-second")
    apart = abs(first - second)
    if apart * HUNDRED <= how.threshold or how.rule == "mean":
        return EssayOutcome((first + second) / 2, "mean", apart)
    if how.rule == "agree":
        return EssayOutcome(None, "needs-agreement", apart)
    if marks.third is None:
        return EssayOutcome(None, "needs-third", apart)
    third = marks.third
    to_first, to_second = abs(third - first), abs(third - second)
    if to_first == to_second:
        return EssayOutcome(third, "third", apart)
    return EssayOutcome((third + (first if to_first < to_second else second)) / 2, "third", apart)


@dataclass(frozen=True, slots=True)
class Change:
    """A standing regrade of a question: ``key`` (another document), ``points``, ``void`` or ``full``."""

    kind: str
    document: Mapping[str, Any] | None = None
    points: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a paper with its answer. ``points`` is what it is worth in this exam."""

    position: int
    version_id: int
    document: Mapping[str, Any]
    points: Fraction
    response: Any = None
    essay: EssayOutcome | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a question earned: points of ``maximum``; None while an essay waits. ``void`` counts neither way."""

    position: int
    version_id: int
    points: Fraction | None
    maximum: Fraction
    state: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``total`` is None while something waits to be marked; a total below nought counts as nought."""

    questions: tuple[Marked, ...]
    total: Fraction | None
    maximum: Fraction

    @property
    def percent(self) -> Fraction | None:
        return None if self.total is None or not self.maximum else HUNDRED * self.total / self.maximum


def mark_question(question: Question, changes: Sequence[Change] = ()) -> Marked:
    """The mark of one question under the regrades that stand, in the order in which they were made."""
    document, points, state = question.document, question.points, ""
    for change in changes:
        if change.kind == "key" and change.document is not None:
            document = change.document
        elif change.kind == "points" and change.points is not None:
            points = change.points
        elif change.kind in ("void", "full"):
            state = change.kind
    place = (question.position, question.version_id)
    if state == "void":
        return Marked(*place, Fraction(0), Fraction(0), "void")
    if state == "full":
        return Marked(*place, points, points, "full")
    mark = score(document, question.response)
    share = mark.fraction
    if mark.state == "to-mark":
        share = question.essay.share if question.essay is not None else None
        return Marked(
            *place, None if share is None else share * points, points, "essay" if share is not None else "to-mark", mark
        )
    return Marked(*place, (share or Fraction(0)) * points, points, mark.state, mark)


def mark_paper(questions: Sequence[Question], changes: Mapping[int, Sequence[Change]]) -> Paper:
    """The paper's marks; ``changes`` by question version."""
    marked = tuple(mark_question(question, changes.get(question.version_id, ())) for question in questions)
    maximum = sum((one.maximum for one in marked), Fraction(0))
    if any(one.points is None for one in marked):
        return Paper(marked, None, maximum)
    total = sum((one.points for one in marked if one.points is not None), Fraction(0))
    return Paper(marked, max(total, Fraction(0)), maximum)


def component_points(paper: Paper, component_maximum: Decimal) -> Decimal | None:
    """The paper as points of the component that it feeds: its share of the maximum, rounded once, half up, to hundredths.

    None while something waits to be marked, or where every question is void.
    """
    if paper.total is None or not paper.maximum:
        return None
    hundredths = HUNDRED * Fraction(component_maximum) * paper.total / paper.maximum
    return Decimal(floor(hundredths + Fraction(1, 2))).scaleb(-2)
