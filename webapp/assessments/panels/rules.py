"""Rules of panels: who may not mark whom, when marks lie too far apart, what a rating may be, whose training is valid. Pure.

Whoever is somebody's supervisor, mentor or relative does not judge them: the register tells of the first two, the member
declares what it cannot know. Anchored ratings: Smith & Kendall (1963); the same questions, order and scale for everybody:
Campion, Palmer & Campion (1997), A review of structure in the selection interview.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

NONE = "none"
NAMED = "named"
CONFLICTS = ("self", "supervisor", "mentor", "relative", "other")
RELATIONS = (NONE, NAMED, *CONFLICTS)
DECLARED = ("supervisor", "mentor", "relative", "other")
"""What a member can say of a person."""

LOWEST, HIGHEST = 1, 5
"""The scale of a guide's questions: whole levels, each described in words."""

DISAGREEMENT, TRAINING_YEARS, TRAINING_REQUIRED = "disagreement", "training_years", "training_required"
SETTINGS = (DISAGREEMENT, TRAINING_YEARS, TRAINING_REQUIRED)
SHIPPED = {DISAGREEMENT: Decimal(20), TRAINING_YEARS: Decimal(3), TRAINING_REQUIRED: Decimal(0)}
"""What holds where nobody set another figure (ours): a fifth of the maximum is one level of five; assessors refresh their
training every three years; somebody untrained is an open point, not yet refused."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A named member: off the panel altogether, or named for some people only (in somebody else's place)."""

    recused: bool = False
    substitute: bool = False


@dataclass(frozen=True, slots=True)
class Seats:
    """Who marks whom on one panel: its members by name, and what stands between a member and a person."""

    members: Mapping[str, Seat] = field(default_factory=dict)
    relations: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """(member's name, enrollment) → the relation that stands."""

    @property
    def full(self) -> tuple[str, ...]:
        """Members who mark everybody they are not kept apart from."""
        return tuple(name for name, seat in self.members.items() if not seat.recused and not seat.substitute)

    def counts(self, name: str, enrollment_id: int) -> bool:
        """Whether a mark by ``name`` counts for a person: the member is not recused, altogether or for this person."""
        seat = self.members.get(name)
        recused = seat is not None and seat.recused
        return not recused and self.relations.get((name, enrollment_id)) not in CONFLICTS

    def marks(self, name: str, enrollment_id: int) -> bool:
        """Whether the member is one of those who must mark this person."""
        seat = self.members.get(name)
        if seat is None or not self.counts(name, enrollment_id):
            return False
        return not seat.substitute or self.relations.get((name, enrollment_id)) == NAMED

    def named_for(self, enrollment_id: int) -> tuple[str, ...]:
        """The members who must mark this person, in the panel's order."""
        return tuple(name for name in self.members if self.marks(name, enrollment_id))

    def more_or_fewer(self) -> dict[int, int]:
        """By person, how many members must mark them more (substitutes) or fewer (conflicts) than the full panel."""
        change: dict[int, int] = {}
        for (name, enrollment_id), relation in self.relations.items():
            seat = self.members.get(name)
            if seat is None or seat.recused:
                continue
            if not seat.substitute and relation in CONFLICTS:
                change[enrollment_id] = change.get(enrollment_id, 0) - 1
            elif seat.substitute and relation == NAMED:
                change[enrollment_id] = change.get(enrollment_id, 0) + 1
        return change

    def apart(self, name: str) -> frozenset[int]:
        """The people whom a member may not mark."""
        return frozenset(
            person for (who, person), relation in self.relations.items() if who == name and relation in CONFLICTS
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows of a person: who they are, who supervises them, who mentors or mentored them."""

    officer_id: int
    supervisor_id: int | None
    mentor_ids: Collection[int] = ()


def register_relation(officer_id: int | None, person: Known) -> str:
    """What the register itself says of a member (``officer_id``, if they are in it) and a person: a relation or ``none``."""
    if officer_id is None:
        return NONE
    if officer_id == person.officer_id:
        return "self"
    if officer_id == person.supervisor_id:
        return "supervisor"
    return "mentor" if officer_id in person.mentor_ids else NONE


def difference(totals: Sequence[Fraction]) -> Fraction:
    """How far the highest mark lies above the lowest."""
    return max(totals) - min(totals) if totals else Fraction(0)


def to_discuss(totals: Sequence[Fraction], maximum: Decimal, percent: Decimal) -> bool:
    """Whether marks lie further apart than so many per cent of the maximum; exactly as far is still within it."""
    return 100 * difference(totals) > Fraction(percent) * Fraction(maximum)


def is_level(points: Decimal) -> bool:
    """Whether points are a level of a guide's scale: a whole number from 1 to 5."""
    return points == points.to_integral_value() and LOWEST <= points <= HIGHEST


def training_valid(trained_on: dt.date | None, today: dt.date, years: Decimal) -> bool:
    """Whether somebody's training is still valid: not longer ago than so many whole years, that day included."""
    if trained_on is None:
        return False
    return today <= valid_until(trained_on, years)


def valid_until(trained_on: dt.date, years: Decimal) -> dt.date:
    """The last day on which training of a day is valid; of 29 February, 28 February in a year without one."""
    year = trained_on.year + int(years)
    try:
        return trained_on.replace(year=year)
    except ValueError:
        return trained_on.replace(year=year, day=28)


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """A question of a guide as values."""

    code: str
    name_th: str
    name_en: str
    text: str
    probes: str
    competency: str
    weight: Decimal
    levels: tuple[str, ...]

    def document(self) -> dict[str, object]:
        return {
            "code": self.code, "name_th": self.name_th, "name_en": self.name_en, "text": self.text,
            "probes": self.probes, "competency": self.competency, "weight": f"{self.weight:f}", "levels": list(self.levels),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchored:
    """A question as a line of the marking sheet: five levels, each in words; marked in whole levels only."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    anchors: tuple[dict[str, str], ...]
    text: str
    probes: str
    competency: str
    maximum: Decimal = Decimal(HIGHEST)


@dataclass(frozen=True, slots=True)
class GuideContent:
    """A guide as values."""

    minutes: int
    opening: str
    closing: str
    questions: tuple[QuestionContent, ...]

    def document(self) -> dict[str, object]:
        return {
            "minutes": self.minutes, "opening": self.opening, "closing": self.closing,
            "questions": [question.document() for question in self.questions],
        }  # fmt: skip

    @staticmethod
    def of(document: Mapping[str, Any]) -> "GuideContent":
        """The guide that a document holds."""
        questions = tuple(
            QuestionContent(**{**row, "weight": Decimal(row["weight"]), "levels": tuple(row["levels"])})
            for row in document["questions"]
        )
        return GuideContent(int(document["minutes"]), document["opening"], document["closing"], questions)

    def lines(self) -> list[Anchored]:
        """The questions as lines of the marking sheet, in their order."""
        return [
            Anchored(
                row.code, row.name_th, row.name_en, row.weight,
                tuple({"points": str(level), "text": words} for level, words in enumerate(row.levels, 1)),
                row.text, row.probes, row.competency,
            )
            for row in self.questions
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuideProblem:
    """What keeps a guide from coming into force: a code, the question's number, and the level if it is one."""

    code: str
    question: int = 0
    level: int = 0


def guide_problems(content: GuideContent) -> list[GuideProblem]:
    """Everything that is missing before a second person can put a guide in force."""
    found = [] if content.questions else [GuideProblem("no-questions")]
    for number, question in enumerate(content.questions, 1):
        if not question.text:
            found.append(GuideProblem("no-text", number))
        if not question.competency:
            found.append(GuideProblem("no-competency", number))
        if question.weight <= 0:
            found.append(GuideProblem("no-weight", number))
        levels = (*question.levels, *("",) * HIGHEST)[:HIGHEST]
        found += [
            GuideProblem("no-anchor", number, level) for level, words in enumerate(levels, 1) if not words.strip()
        ]
    return found


def shares(content: GuideContent) -> list[Fraction]:
    """What each question is worth of the component, in exact per cent."""
    total = sum((Fraction(question.weight) for question in content.questions), Fraction())
    return [100 * Fraction(question.weight) / total if total else Fraction() for question in content.questions]
