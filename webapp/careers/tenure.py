"""Tenure: how long somebody has held matching postings (domain page §3, "Tenure"; a rule of ours, exact).

Postings are cut at the as-of date; overlapping and adjacent ones are merged into spells; both ends count. A spell is
whole calendar months, added as dateutil's relativedelta adds them (31 January + 1 month = the last of February), plus
the remaining days, counted from its first day to the day after its last. Spells add up with 30 days = 1 month and
12 months = 1 year: the total is kept as days of that 360-day count, so that N years is 360 × N.

Days are ordinals (``date.toordinal()``). The functions with arrays take one row per posting and give for every officer
exactly what the plain function gives.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

OPEN = dt.date.max.toordinal()
"""The last day of a spell that has no end yet."""

DAYS_PER_MONTH = 30
DAYS_PER_YEAR = 360
_UNIX = dt.date(1970, 1, 1).toordinal()


class Length(NamedTuple):
    """A length of service as people write it."""

    years: int
    months: int
    days: int


def as_length(days: int) -> Length:
    """Years, months and days of a number of days in the 360-day count."""
    months, rest = divmod(days, DAYS_PER_MONTH)
    return Length(months // 12, months % 12, rest)


def add_months(day: dt.date, months: int) -> dt.date:
    """``day`` some calendar months later; the last of the month where that day does not exist."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_of_spell(first: dt.date, last: dt.date) -> int:
    """Days, in the 360-day count, of one spell from ``first`` to ``last``, both counted."""
    end = last + dt.timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    if add_months(first, months) > end:
        months -= 1
    return months * DAYS_PER_MONTH + (end - add_months(first, months)).days


def merged(spells: Iterable[tuple[dt.date, dt.date | None]], as_of: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The spells as they stand on ``as_of``: cut there, overlapping and adjacent ones made one, in order."""
    result: list[tuple[dt.date, dt.date]] = []
    for first, end in sorted(spells, key=lambda spell: spell[0]):
        if first > as_of:
            break
        last = min(end or as_of, as_of)
        if result and first <= result[-1][1] + dt.timedelta(days=1):
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def tenure(spells: Iterable[tuple[dt.date, dt.date | None]], as_of: dt.date) -> int:
    """Days of tenure in the 360-day count of one officer's spells (first day, last day or none) on ``as_of``."""
    return sum(days_of_spell(first, last) for first, last in merged(spells, as_of))


# The same for many officers at once


def as_dates(ordinals: Days) -> NDArray[np.datetime64]:
    """Day ordinals as numpy dates."""
    return (ordinals - _UNIX).astype("datetime64[D]")


def months_later(days: Days, months: Days) -> Days:
    """Each day some calendar months later; the last of the month where that day does not exist."""
    dates = as_dates(days)
    month = dates.astype("datetime64[M]")
    offset = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month + months
    first = target.astype("datetime64[D]").astype(np.int64)
    length = (target + 1).astype("datetime64[D]").astype(np.int64) - first
    return first + np.minimum(offset, length - 1) + _UNIX


def days_of_spells(first: Days, last: Days) -> Days:
    """Days, in the 360-day count, of each spell from ``first`` to ``last``, both counted."""
    end = last + 1
    months = as_dates(end).astype("datetime64[M]").astype(np.int64) - as_dates(first).astype("datetime64[M]").astype(
        np.int64
    )
    whole = months_later(first, months)
    over = whole > end
    months = months - over
    if over.any():
        whole[over] = months_later(first[over], months[over])
    return months * DAYS_PER_MONTH + (end - whole)


def merged_spells(person: Days, first: Days, last: Days) -> tuple[Days, Days, Days]:
    """Spells (person, first, last) with overlapping and adjacent ones of a person made one, by person and day."""
    if not len(person):
        return person, first, last
    order = np.lexsort((first, person))
    person, first, last = person[order], first[order], last[order]
    base = person * (OPEN + 2)
    reach = np.maximum.accumulate(base + last)
    begins = np.ones(len(person), bool)
    begins[1:] = base[1:] + first[1:] > reach[:-1] + 1
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(person)) - 1
    return person[starts], first[starts], reach[ends] - base[ends]


def cut(person: Days, first: Days, last: Days, as_of: int | Days) -> tuple[Days, Days, Days]:
    """Spells as they stand on ``as_of`` (one day, or one per spell): later ones dropped, the rest ended there."""
    begun = first <= as_of
    limit = as_of if isinstance(as_of, int) else as_of[begun]
    return person[begun], first[begun], np.minimum(last[begun], limit)


def tenures(people: int, person: Days, first: Days, last: Days, as_of: int | Days) -> Days:
    """Days of tenure of persons 0 … people - 1, from one row per posting (``last`` = :data:`OPEN` where it is open).

    ``as_of`` is one day for everybody or one per row (the same for all rows of a person).
    """
    who, begin, end = merged_spells(*cut(person, first, last, as_of))
    total = np.zeros(people, np.int64)
    np.add.at(total, who, days_of_spells(begin, end))
    return total


def first_day_of_days(first: Days, days: Days) -> Days:
    """The earliest last day on which a spell begun on ``first`` reaches so many days of the 360-day count.

    ``days`` is at least 1. In a month of 31 days the thirtieth remaining day already makes the next 30.
    """
    months, rest = (days - 1) // DAYS_PER_MONTH, (days - 1) % DAYS_PER_MONTH + 1
    return np.minimum(months_later(first, months) + rest, months_later(first, months + 1)) - 1


def tenure_reached(people: int, person: Days, first: Days, last: Days, days: int) -> Days:
    """The first day on which each person has ``days`` of tenure if what is known comes true; :data:`OPEN` + 1 if never.

    Future spells and ends count as they are known. ``days`` of 0 or less: the day the first spell begins.
    """
    never = np.full(people, OPEN + 1, np.int64)
    who, begin, end = merged_spells(person, first, last)
    if not len(who):
        return never
    worth = days_of_spells(begin, np.minimum(end, OPEN - 1))
    total = np.cumsum(worth)
    head = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    before = total - worth - np.repeat((total - worth)[head], np.diff(np.append(head, len(who))))
    reached = before + worth >= max(days, 1)
    where = np.flatnonzero(reached)
    _, chosen = np.unique(who[where], return_index=True)
    row = where[chosen]
    never[who[row]] = first_day_of_days(begin[row], np.maximum(days - before[row], 1))
    return never
