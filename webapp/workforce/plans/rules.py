"""What a plan's courses do to a post's gap, year by year (domain page §6). Pure; the arithmetic is ours.

For each fiscal year of the plan

1. *gap without the plan*: seats open at the end of the year (with those that the chain empties) less those who meet every
   criterion today and still serve; never below nought.
2. *pool*: officers who by then lack only course and assessment, and still serve after the year.
3. each course that ends in the year seats as many as it has places for, but no more than the pool less those who passed
   before; of them the expected share passes, rounded down.
4. *ready through the plan*: those passed so far, but no more than the pool.
5. *gap with the plan*: the gap without it less those ready through it; never below nought.

A course is taken to end with the assessment of competencies: the expected share is of those who pass both.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from webapp.errors import Conflict, RuleBroken

DRAFT, ADOPTED, SUPERSEDED, DISCARDED = "draft", "adopted", "superseded", "discarded"

YEARS_OF = {"short": 2, "long": 5}
"""Fiscal years of a plan: short is this and the next, long reaches the fifth (minutes 3/2562: three to five years ahead)."""

USUAL_PASS_PERCENT = Decimal(80)
"""The share taken for the hint of how many seats would close a gap; a plan's own share has its own reason (ours)."""

MOST_COURSES = 20
"""Courses of one plan: more than the institute could run in five years."""


@dataclass(frozen=True, slots=True)
class Base:
    """A fiscal year before any plan. ``pulled`` are seats that the chain empties."""

    fiscal_year: int
    own: int
    pulled: int
    ready_now: int
    pool: int

    @property
    def open(self) -> int:
        return self.own + self.pulled


@dataclass(frozen=True, slots=True)
class Run:
    """A course of a plan: the fiscal year in which its cohorts end, their places, and the expected share that passes."""

    fiscal_year: int
    ends_on: dt.date
    cohorts: int
    seats: int
    pass_percent: Decimal

    @property
    def places(self) -> int:
        return self.cohorts * self.seats


@dataclass(frozen=True, slots=True)
class Ran:
    """What comes of a course: how many of the pool were left for it, seated, and expected to pass."""

    places: int
    left: int
    seated: int
    passed: int


@dataclass(frozen=True, slots=True)
class PlanYear:
    """A fiscal year with the plan."""

    fiscal_year: int
    own: int
    pulled: int
    ready_now: int
    gap_before: int
    pool: int
    places: int
    passed: int
    ready_by_plan: int
    gap_after: int

    @property
    def open(self) -> int:
        return self.own + self.pulled


def project(bases: Sequence[Base], runs: Sequence[Run]) -> tuple[tuple[PlanYear, ...], tuple[Ran, ...]]:
    """The plan's years, and what comes of each of its courses (in the order in which they end)."""
    passed, years, ran = 0, list[PlanYear](), list[Ran]()
    ordered = in_order(runs)
    for base in bases:
        mine = [run for run in ordered if run.fiscal_year == base.fiscal_year]
        for run in mine:
            left = max(0, base.pool - passed)
            seated = min(run.places, left)
            count = int(seated * run.pass_percent // 100)
            ran.append(Ran(run.places, left, seated, count))
            passed += count
        gap = max(0, base.open - base.ready_now)
        usable = min(passed, base.pool)
        years.append(
            PlanYear(
                base.fiscal_year,
                base.own,
                base.pulled,
                base.ready_now,
                gap,
                base.pool,
                sum(run.places for run in mine),
                passed,
                usable,
                max(0, gap - usable),
            )
        )
    return tuple(years), tuple(ran)


def in_order(runs: Sequence[Run]) -> list[Run]:
    """Courses as they end."""
    return sorted(runs, key=lambda run: run.ends_on)


def seats_needed(bases: Sequence[Base], pass_percent: Decimal) -> int:
    """Places that would close the last year's gap if that share of them passed, as far as the pool allows."""
    if not bases or pass_percent <= 0:
        return 0
    last = bases[-1]
    lacking = min(max(0, last.open - last.ready_now), last.pool)
    return ceil(Fraction(lacking * 100) / Fraction(pass_percent))


def frozen(years: Sequence[PlanYear]) -> list[dict[str, Any]]:
    """The years as they are kept with an adopted plan."""
    return [asdict(year) for year in years]


def thawed(document: Sequence[Mapping[str, Any]]) -> tuple[PlanYear, ...]:
    """Years that were kept."""
    return tuple(PlanYear(**year) for year in document)


# What may be done with a plan ----------------------------------------------------------------------------------------


def check_course(ends_on: dt.date, first: dt.date, last: dt.date) -> None:
    """A plan's courses end within it: after the day it looks from, by the end of its last fiscal year."""
    if ends_on < first:
        raise RuleBroken("วันสิ้นสุดหลักสูตรต้องไม่ก่อนวันที่ของข้อมูลในแผน")
    if ends_on > last:
        raise RuleBroken("วันสิ้นสุดหลักสูตรต้องอยู่ในปีงบประมาณของแผน")


def check_draft(status: str) -> None:
    """Only a draft is changed; an adopted plan is superseded by another."""
    if status != DRAFT:
        raise Conflict("แผนนี้ไม่ใช่ร่างแล้ว จึงแก้ไขไม่ได้ หากต้องการเปลี่ยนให้ร่างแผนฉบับใหม่มาแทน")


def check_lock(found: int, seen: int | None) -> None:
    """The page somebody acts on must show the thing as it is now."""
    if seen is not None and seen != found:
        raise Conflict("มีผู้แก้ไขรายการนี้หลังจากที่ท่านเปิดหน้านี้ กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_second_person(writers: Sequence[int], adopter: int | None) -> None:
    """Whoever adopts a plan wrote nothing in it."""
    if adopter is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะเห็นชอบแผนได้")
    if adopter in writers:
        raise RuleBroken("ผู้เห็นชอบแผนต้องไม่ใช่ผู้ที่เขียนแผนนี้ กรุณาให้ผู้อื่นเห็นชอบ")
