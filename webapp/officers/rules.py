"""Rules about a civil servant's service: tenure in a level, retirement, being in service, the national id's check digit.

Pure: the day always comes as an argument.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from webapp.careers.tenure import Days, Length, as_length, tenure, tenures
from webapp.errors import RuleBroken

__all__ = [
    "Held",
    "Length",
    "as_length",
    "born_to_serve_on",
    "check_happened",
    "check_spell",
    "check_verification",
    "in_service",
    "in_service_many",
    "is_national_id",
    "level_held",
    "level_tenure",
    "level_tenures",
    "retires_on",
    "retires_on_many",
    "tenure",
    "tenures",
]

RETIREMENT_AGE = 60


@dataclass(frozen=True, slots=True)
class Held:
    """One posting, as far as the rules look at it."""

    post_code: str
    position_type: str
    level: str
    unit_code: str
    started_on: dt.date
    ended_on: dt.date | None = None
    acting: bool = False

    def covers(self, day: dt.date) -> bool:
        """Whether the posting is held on ``day``; both its ends count."""
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


def retires_on(birth_date: dt.date) -> dt.date:
    """The last day of service: 30 September of the fiscal year in which the officer reaches 60.

    Born on 1 October counts as reaching 60 on 30 September (domain page §6).
    """
    late = (birth_date.month, birth_date.day) > (10, 1)
    return dt.date(birth_date.year + RETIREMENT_AGE + late, 9, 30)


def retires_on_many(birth_dates: Days) -> Days:
    """:func:`retires_on` for day ordinals: someone born on 1 October is taken as born the day before."""
    eve = np.datetime64("1970-01-01", "D") + (birth_dates - dt.date(1970, 1, 1).toordinal() - 1)
    fiscal_year = (eve.astype("datetime64[M]") + 3).astype("datetime64[Y]").astype(np.int64)
    september = ((fiscal_year + RETIREMENT_AGE) * 12 + 9).astype("datetime64[M]").astype("datetime64[D]")
    return september.astype(np.int64) - 1 + dt.date(1970, 1, 1).toordinal()


def in_service(entry_date: dt.date, birth_date: dt.date, left_on: dt.date | None, day: dt.date) -> bool:
    """In service on ``day``: entered by then, not past the retirement day, not left before it."""
    return entry_date <= day <= retires_on(birth_date) and (left_on is None or left_on >= day)


def in_service_many(entry_dates: Days, retirement_days: Days, left_on: Days, day: int) -> np.ndarray:
    """:func:`in_service` for day ordinals (``left_on`` = ``tenure.OPEN`` for those who have not left)."""
    return (entry_dates <= day) & (day <= retirement_days) & (left_on >= day)


def level_held(postings: Iterable[Held], day: dt.date) -> tuple[str, str] | None:
    """Position type and level held on ``day``: those of the latest-begun substantive posting.

    Begun on the same day: the lower post code, then the lower unit code. None where no such posting is held.
    """
    held = [posting for posting in postings if not posting.acting and posting.covers(day)]
    if not held:
        return None
    chosen = min(held, key=lambda p: (-p.started_on.toordinal(), p.post_code, p.unit_code))
    return chosen.position_type, chosen.level


def level_tenure(postings: Iterable[Held], day: dt.date) -> int:
    """Days (360-day count) in the type and level held on ``day``, over all substantive postings of it in any unit.

    The tie-breaker of the ranking (domain page §5); 0 where nothing is held.
    """
    postings = list(postings)
    now = level_held(postings, day)
    if now is None:
        return 0
    same = [p for p in postings if not p.acting and (p.position_type, p.level) == now]
    return tenure(((p.started_on, p.ended_on) for p in same), day)


def level_tenures(
    people: int,
    person: Days,
    first: Days,
    last: Days,
    acting: np.ndarray,
    grade: Days,
    post: Days,
    unit: Days,
    day: int,
) -> Days:
    """:func:`level_tenure` of persons 0 … people - 1, from one row per posting.

    ``grade`` numbers the pairs of type and level; ``post`` and ``unit`` number the codes in their order as text.
    """
    real = ~acting.astype(bool)
    person, first, last, grade, post, unit = (x[real] for x in (person, first, last, grade, post, unit))
    current = np.full(people, -1, np.int64)
    held = np.flatnonzero((first <= day) & (last >= day))
    order = held[np.lexsort((-unit[held], -post[held], first[held], person[held]))]
    current[person[order]] = grade[order]  # the last row of a person wins: latest start, then lowest codes
    same = current[person] == grade
    return tenures(people, person[same], first[same], last[same], day)


def is_national_id(text: str) -> bool:
    """Whether ``text`` is a national id: thirteen digits, the last of them the check digit.

    The check digit is (11 - Σ digit × weight mod 11) mod 10 with weights 13 down to 2.
    """
    if len(text) != 13 or not (text.isascii() and text.isdigit()):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(text[:12], range(13, 1, -1), strict=True))
    return (11 - weighted % 11) % 10 == int(text[12])


def born_to_serve_on(day: dt.date) -> dt.date:
    """The earliest birth date with which an officer is not past the retirement day on ``day``."""
    year = day.year if (day.month, day.day) <= (9, 30) else day.year + 1
    return dt.date(year - RETIREMENT_AGE - 1, 10, 2)


def check_spell(started_on: dt.date, ended_on: dt.date | None) -> None:
    """Raise ``RuleBroken`` for a spell that ends before it starts; both days count, so the same day is fine."""
    if ended_on is not None and ended_on < started_on:
        raise RuleBroken("วันสิ้นสุดต้องไม่ก่อนวันเริ่ม")


def check_happened(day: dt.date, today: dt.date) -> None:
    """Raise ``RuleBroken`` for something that has happened and yet lies after today."""
    if day > today:
        raise RuleBroken("วันที่ต้องไม่เกินวันนี้ เพราะบันทึกได้เฉพาะสิ่งที่เกิดขึ้นแล้ว")


def check_verification(
    *, done_on: dt.date, verified_on: dt.date, today: dt.date, verified_already: bool, by_author: bool, of_oneself: bool
) -> None:
    """Raise ``RuleBroken`` unless a work may be verified: once, by another than its author and than who entered it."""
    if verified_already:
        raise RuleBroken("ผลงานนี้รับรองแล้ว")
    if of_oneself:
        raise RuleBroken("ไม่มีผู้ใดรับรองผลงานของตนเองได้")
    if by_author:
        raise RuleBroken("ผู้ที่บันทึกผลงานนี้รับรองเองไม่ได้ กรุณาให้ผู้อื่นรับรอง")
    check_happened(verified_on, today)
    if verified_on < done_on:
        raise RuleBroken("วันที่รับรองต้องไม่ก่อนวันที่ของผลงาน")
