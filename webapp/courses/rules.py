"""Rules of cohorts: what states an enrollment passes through, what a cohort's days and seats must satisfy."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.errors import RuleBroken

NEXT_STATUSES: dict[str, frozenset[str]] = {
    "applied": frozenset({"admitted", "reserve", "enrolled", "withdrawn"}),
    "reserve": frozenset({"admitted", "enrolled", "withdrawn"}),
    "admitted": frozenset({"enrolled", "reserve", "withdrawn"}),
    "enrolled": frozenset({"withdrawn"}),
    "withdrawn": frozenset({"enrolled", "applied"}),
    "completed": frozenset(),
}
"""From which state staff may move an enrollment to which. ``completed`` is written by closing the cohort alone."""

IN_THE_COHORT = ("enrolled", "completed")
"""The states of those who sit in the course and are ranked (domain.md §5)."""

NEEDS_REASON = frozenset({"withdrawn"})


@dataclass(frozen=True)
class Attended:
    """Hours attended of hours held, and the per cent, exact."""

    hours: Decimal
    total: Decimal

    @property
    def percent(self) -> Decimal | None:
        """Per cent of the hours of all the cohort's sessions; none while it has no sessions."""
        return None if not self.total else self.hours * 100 / self.total


def check_change(before: str, after: str, reason: str) -> None:
    """Raise ``RuleBroken`` unless an enrollment may go from ``before`` to ``after``, with a reason where one is due."""
    if after not in NEXT_STATUSES.get(before, frozenset()):
        raise RuleBroken("เปลี่ยนสถานะนี้ไม่ได้ กรุณาเปิดหน้าใหม่แล้วเลือกสถานะที่แสดง")
    if after in NEEDS_REASON and not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผลของการถอนตัว")


def check_cohort(starts_on: dt.date, ends_on: dt.date, seats: int, shortlist_size: int) -> None:
    """Raise ``RuleBroken`` when a cohort ends before it starts, or has no seat or no place on its shortlist."""
    if ends_on < starts_on:
        raise RuleBroken("วันสิ้นสุดของรุ่นต้องไม่ก่อนวันเริ่ม")
    if seats < 1 or shortlist_size < 1:
        raise RuleBroken("จำนวนที่นั่งและจำนวนรายชื่อที่เสนอต้องเป็นจำนวนเต็มตั้งแต่ 1 ขึ้นไป")


def attended_hours(present: bool, hours: Decimal | None, session_hours: Decimal) -> Decimal:
    """Hours that count for one session: none when absent; the session's own when no other number was given.

    Raises ``RuleBroken`` below 0 or above the session's hours.
    """
    if not present:
        return Decimal(0)
    counted = session_hours if hours is None else hours
    if counted < 0 or counted > session_hours:
        raise RuleBroken("ชั่วโมงต้องอยู่ระหว่าง 0 ถึง %(most)s", most=f"{session_hours:f}")
    return counted


Present = tuple[bool, Decimal]
"""What a sheet says of one person: there or not, and the hours that count."""


def counted(sheet: Mapping[int, tuple[bool, Decimal | None]], session_hours: Decimal) -> dict[int, Present]:
    """A sheet with the hours that count at every row."""
    return {one: (there, attended_hours(there, given, session_hours)) for one, (there, given) in sheet.items()}


def clashes(
    sheet: Mapping[int, Present], seen: Mapping[int, Present | None], standing: Mapping[int, Present]
) -> list[int]:
    """The rows of a sheet that somebody else changed meanwhile, to something other than what is typed now.

    ``seen`` is what the sheet showed when it was opened; a row left as it was shown is nobody's change.
    """
    return [
        one for one, typed in sheet.items()
        if one in seen and typed != seen[one] != standing.get(one) and typed != standing.get(one)
    ]  # fmt: skip


def may_apply(today: dt.date, opens_on: dt.date | None, closes_on: dt.date | None) -> bool:
    """Whether applications are open on ``today``; both days count."""
    return opens_on is not None and closes_on is not None and opens_on <= today <= closes_on
