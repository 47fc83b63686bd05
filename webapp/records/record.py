"""What a development record (ประวัติการพัฒนา) is made of: frozen values, each figure with where it came from. Pure.

``dataclasses.asdict`` of a record is its document: dates are dates, exact figures are ``Fraction``.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """A code with its two names."""

    code: str
    name_th: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure came from: the row, and the person or the import that wrote it, when and why."""

    table: str
    id: int
    by: str = ""
    at: dt.datetime | None = None
    import_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose record it is."""

    id: int
    officer_no: str
    name_th: str
    name_en: str
    birth_date: dt.date
    entry_date: dt.date
    retires_on: dt.date
    left_on: dt.date | None
    left_reason: str
    qualifications: tuple[Name, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Held:
    """A spell of holding a post."""

    post: Name
    grade: Name
    unit: Name
    section: Name | None
    started_on: dt.date
    ended_on: dt.date | None
    acting: bool
    order_ref: str
    source: Source


@dataclass(frozen=True, slots=True)
class InCharge:
    """A section in the officer's charge by delegation."""

    unit: Name
    section: Name
    started_on: dt.date
    ended_on: dt.date | None
    order_ref: str
    source: Source


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of evidenced work."""

    title: str
    done_on: dt.date
    category: str
    verified_by: str
    verified_on: dt.date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Training:
    """A course completed, passed or failed."""

    course: Name
    completed_on: dt.date
    result: str
    institution: str
    hours: Any
    certificate_no: str
    cohort_id: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of one competency."""

    competency: Name
    rating: int
    rated_on: dt.date
    method: str
    assessor: str
    source: Source


@dataclass(frozen=True, slots=True)
class Attended:
    """One session of the cohort and how much of it was attended; ``hours`` is none where nobody has entered it."""

    code: str
    title: Name
    part: str
    held_on: dt.date
    held_hours: Fraction
    hours: Fraction | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class Coached:
    """One session of coaching, mentoring or shadowing; ``topic`` is empty for readers who see hours only."""

    id: int
    kind: str
    held_on: dt.date
    minutes: int
    mentor: str
    topic: str
    acknowledged_at: dt.datetime | None
    source: Source


@dataclass(frozen=True, slots=True)
class Project:
    """A project assignment or proposal outline; ``title`` is empty for readers who see its state only."""

    id: int
    kind: str
    title: str
    due_on: dt.date | None
    submitted_at: dt.datetime | None
    accepted: bool | None
    source: Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the score ledger."""

    id: int
    member: str
    total: Fraction | None
    stands: bool
    replaces: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Scored:
    """A component of a plan with the officer's score, where the reader may see it.

    ``state``: ``scored``, ``awaiting`` (named members have not all submitted), ``none`` (no score yet) or ``hidden`` (not released).
    """

    purpose: str
    component: Name
    weight: Fraction
    maximum: Fraction
    pass_percent: Fraction | None
    decimals: int
    released: bool
    state: str
    score: Fraction | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class InCohort:
    """Everything of one cohort the officer is or was in."""

    enrollment_id: int
    code: str
    title: Name
    course: Name
    status: str
    status_reason: str
    starts_on: dt.date
    ends_on: dt.date
    hours_held: Fraction
    hours_attended: Fraction
    attendance: tuple[Attended, ...]
    coaching_minutes: int
    shadowing_minutes: int
    unacknowledged: int
    coaching: tuple[Coached, ...]
    projects: tuple[Project, ...]
    scores: tuple[Scored, ...]
    gates: dict[str, Fraction]
    source: Source

    @property
    def attendance_percent(self) -> Fraction:
        """Hours attended per hours held, in per cent; nought where none were held."""
        return self.hours_attended * 100 / self.hours_held if self.hours_held else Fraction()

    @property
    def coaching_hours(self) -> Fraction:
        """Acknowledged hours of coaching and mentoring."""
        return Fraction(self.coaching_minutes, 60)

    @property
    def shadowing_hours(self) -> Fraction:
        """Acknowledged hours of shadowing, counted apart."""
        return Fraction(self.shadowing_minutes, 60)


@dataclass(frozen=True, slots=True)
class Place:
    """The officer's place in a published shortlist run, frozen as it was published."""

    run_id: int
    cohort_code: str
    cohort: Name
    status: str
    plan_version: int
    size: int
    rank: int | None
    ranked: int
    composite: str
    shortlisted: bool
    tied_at_line: bool
    chosen: bool | None
    reasons: tuple[dict[str, Any], ...]
    published_at: dt.datetime | None
    source: Source


@dataclass(frozen=True, slots=True)
class DevelopmentRecord:
    """One officer's development record, as far as the reader may see it."""

    person: Person
    postings: tuple[Held, ...]
    delegations: tuple[InCharge, ...]
    works: tuple[Work, ...]
    training: tuple[Training, ...]
    ratings: tuple[Rating, ...]
    cohorts: tuple[InCohort, ...]
    places: tuple[Place, ...]

    def latest_ratings(self, day: dt.date) -> dict[str, Rating]:
        """The latest rating of each competency on or before ``day``; of several on one day the lowest."""
        found: dict[str, Rating] = {}
        for rating in self.ratings:
            other = found.get(rating.competency.code)
            if rating.rated_on <= day and (other is None or _later(rating, other)):
                found[rating.competency.code] = rating
        return found


def _later(rating: Rating, other: Rating) -> bool:
    return (rating.rated_on, -rating.rating) > (other.rated_on, -other.rating)
