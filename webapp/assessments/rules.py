"""Rules of giving points: what a mark may be, when a component has its score, and the ledger folded (domain page §5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from webapp.assessments.panels.rules import Anchored, is_level
from webapp.assessments.ranking.scores import Mark, component_score, exact, rubric_total
from webapp.errors import RuleBroken

MARK_DECIMALS = 2
"""Entered points have at most two decimals (domain page §5)."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a member gives a trainee: one score, or points per line of the rubric; both absent means withdrawn."""

    score: Decimal | None = None
    marks: tuple["Line", ...] | None = None

    @property
    def withdrawn(self) -> bool:
        return self.score is None and self.marks is None

    def document(self) -> list[dict[str, str]] | None:
        """The rubric marks as the ledger keeps them."""
        return None if self.marks is None else [line.document() for line in self.marks]


class Line(NamedTuple):
    """Points on one line of a rubric, with what it weighed and its maximum when they were given."""

    criterion: str
    weight: Decimal
    maximum: Decimal
    points: Decimal

    def document(self) -> dict[str, str]:
        return {
            "criterion": self.criterion, "weight": f"{self.weight:f}", "maximum": f"{self.maximum:f}",
            "points": f"{self.points:f}",
        }  # fmt: skip


def check_points(points: Decimal, maximum: Decimal, what: str = "") -> None:
    """Points lie between 0 and the maximum and have at most two decimals; raises ``RuleBroken`` otherwise."""
    if not points.is_finite() or points < 0 or points > maximum:
        if what:
            raise RuleBroken("%(what)s: คะแนนต้องอยู่ระหว่าง 0 ถึง %(maximum)s", what=what, maximum=f"{maximum:f}")
        raise RuleBroken("คะแนนต้องอยู่ระหว่าง 0 ถึง %(maximum)s", maximum=f"{maximum:f}")
    exponent = points.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MARK_DECIMALS:
        raise RuleBroken("คะแนนมีทศนิยมได้ไม่เกินสองตำแหน่ง")


def check_given(given: Given, maximum: Decimal, rubric: Sequence[Any]) -> None:
    """A member marks by the rubric where the component has one, line by line and all of them; else with one score."""
    if given.withdrawn:
        return
    if not rubric:
        if given.score is None:
            raise RuleBroken("องค์ประกอบนี้ไม่มีเกณฑ์ย่อย กรอกคะแนนรวมช่องเดียว")
        check_points(given.score, maximum)
        return
    if given.marks is None:
        raise RuleBroken("องค์ประกอบนี้ให้คะแนนตามเกณฑ์ย่อย กรอกคะแนนให้ครบทุกข้อ")
    by_code = {line.criterion: line for line in given.marks}
    if len(by_code) != len(given.marks) or set(by_code) != {criterion.code for criterion in rubric}:
        raise RuleBroken("องค์ประกอบนี้ให้คะแนนตามเกณฑ์ย่อย กรอกคะแนนให้ครบทุกข้อ")
    for criterion in rubric:
        points = by_code[criterion.code].points
        if isinstance(criterion, Anchored) and not is_level(points):
            raise RuleBroken("%(what)s: ให้ระดับเป็นจำนวนเต็ม 1 ถึง 5", what=criterion.name_th)
        check_points(points, criterion.maximum, criterion.name_th)


def total_of(score: Decimal | None, marks: Iterable[Mapping[str, Any]] | None, maximum: Decimal) -> Fraction | None:
    """A member's total for a component in exact points: the score given, or the rubric's total; none if withdrawn."""
    if marks is not None:
        return _by_rubric(maximum, tuple((m["weight"], m["maximum"], m["points"]) for m in marks))
    return None if score is None else Fraction(score)


def check_lines(given: Given) -> None:
    """Marks that come as lines of another sheet: every line within its own maximum."""
    if not given.marks:
        raise RuleBroken("กรุณากรอกคะแนน")
    for line in given.marks:
        check_points(line.points, line.maximum, line.criterion)


@lru_cache(maxsize=50_000)
def _by_rubric(maximum: Decimal, lines: tuple[tuple[Any, Any, Any], ...]) -> Fraction:
    """The rubric's total of these very lines: the same marks come again and again, and give the same number."""
    return rubric_total(exact(maximum), [Mark(*map(exact, line)) for line in lines])


class MemberMark(NamedTuple):
    """A standing mark as the rule below reads it."""

    member: str
    total: Fraction | None
    imported: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A component's score for one trainee, and the named members still awaited when there is none yet."""

    score: Fraction | None
    awaiting: tuple[str, ...] = ()


def outcome(marks: Iterable[MemberMark], named: Sequence[str], recused: Iterable[str]) -> Outcome:
    """A component has its score only when every named member who is not recused has submitted; it is the mean of their
    totals. Imported marks count as they stand; recused members' marks do not count (domain page §5).
    """
    gone = set(recused)
    counted = [mark for mark in marks if mark.total is not None and mark.member not in gone]
    given = {mark.member for mark in counted}
    awaiting = tuple(name for name in named if name not in given and name not in gone)
    entered_here = any(mark.member and not mark.imported for mark in counted)
    if awaiting and (entered_here or not counted):
        return Outcome(None, awaiting)
    return Outcome(component_score([mark.total for mark in counted if mark.total is not None]))


class LedgerLine(NamedTuple):
    """An entry as far as folding needs it."""

    id: int
    place: tuple[Any, ...]  # enrollment, purpose, component, member
    replaces: int | None


def standing(entries: Iterable[LedgerLine]) -> dict[tuple[Any, ...], int]:
    """The ledger folded: of each place the entry that no other replaces, whatever order the entries are read in."""
    entries = list(entries)
    replaced = {entry.replaces for entry in entries if entry.replaces is not None}
    return {entry.place: entry.id for entry in entries if entry.id not in replaced}
