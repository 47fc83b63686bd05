"""What a scorecard workbook is made of, as frozen values: read in a fixed number of statements, written nowhere."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from webapp.courses.models import Cohort, CourseSession
from webapp.records.words import Names, component_name
from webapp.shortlist.models import Discretion, ExceptionRule, ShortlistRun, TieDecision


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of a component's rubric."""

    code: str
    name: str
    weight: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the plan with its panel; ``members`` holds "" where one mark stands for all."""

    code: str
    name: str
    weight: Fraction
    maximum: Fraction
    pass_percent: Fraction | None
    source: str
    reason: str
    criteria: tuple[Criterion, ...]
    members: tuple[str, ...]

    @property
    def pass_points(self) -> Fraction | None:
        return None if self.pass_percent is None else self.pass_percent * self.maximum / 100


@dataclass(frozen=True, slots=True)
class Mark:
    """A standing mark: its exact total, and the rubric's lines as the ledger keeps them (none: one figure)."""

    total: Fraction
    lines: tuple[Mapping[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class Expected:
    """A competency of the target post's profile and the level it expects."""

    code: str
    name: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Rated:
    """The latest rating of a competency."""

    rating: int
    rated_on: dt.date
    method: str
    assessor: str


@dataclass(frozen=True, slots=True)
class Person:
    """One officer of the cohort; ``rank`` is none for somebody not ranked, whose ``reasons`` say why."""

    officer_no: str
    name: str
    status: str
    post: str
    unit: str
    rank: int | None
    composite: str
    shortlisted: bool
    tied_at_line: bool
    reasons: tuple[str, ...]
    scores: Mapping[str, Fraction | None]
    parts: Mapping[str, Fraction]
    marks: Mapping[str, Mapping[str, Mark]]
    attended: Fraction
    hours: Mapping[int, Decimal]
    coaching_minutes: int
    shadowing_minutes: int
    project_accepted: bool | None
    level_tenure: int | None
    entry_date: dt.date | None
    ratings: Mapping[str, Rated]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the workbook shows. ``run`` is what it was frozen in; ``other_run`` one that no longer matches."""

    cohort: Cohort
    course: str
    post: str
    profile_version: int | None
    inputs: Mapping[str, Any]
    run: ShortlistRun | None
    other_run: ShortlistRun | None
    decision: TieDecision | None
    discretions: Sequence[tuple[Discretion, ExceptionRule, str]]
    plan_version: int
    size: int
    decimals: int
    components: tuple[Component, ...]
    gates: Mapping[str, str]
    reasons: Mapping[str, Mapping[str, str]]
    tie_breakers: tuple[str, ...]
    sessions: tuple[CourseSession, ...]
    hours_held: Fraction
    expected: tuple[Expected, ...]
    persons: tuple[Person, ...]
    in_cohort: int
    ranked: int
    alone: bool
    as_of: dt.date
    made_at: dt.datetime
    audit_head: tuple[int, str]

    @property
    def names(self) -> Names:
        found: Names = self.inputs["plan_facts"]["components"]
        return found

    def component_name(self, code: str) -> str:
        return component_name(self.names, code)

    def chosen(self, person: Person) -> bool | None:
        """Whether the decision on the tie across the line named this person; none where there is nothing to decide."""
        if not person.tied_at_line or self.decision is None:
            return None
        return person.officer_no in self.decision.chosen
