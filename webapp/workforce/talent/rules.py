"""Who may enter the talent pool, how long, and whom the rule suggests looking at. Pure; all of it is ours.

Membership is a decision of two people, never of the program: the suggestion below only says whom to look at, and why.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.careers.tenure import add_months
from webapp.errors import Conflict, RuleBroken

NOMINATED, MEMBER, DECLINED, LEFT = "nominated", "member", "declined", "left"

REVIEW_MONTHS = 12
"""Membership is looked at again after a year at most: a list nobody reviews becomes a promise (ours)."""

SHORTLIST_YEARS = 3
"""A place on a published shortlist counts for so many years: the span of the bench (ours)."""

LEAST_SERVICE_YEARS = 3
"""Years of service left that make development worth while: the span of the bench (ours)."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for looking at an officer: first names of published shortlists, posts they are ready for."""

    shortlists: tuple[str, ...] = ()
    ready_for: tuple[str, ...] = ()
    service_years: int = 0


def is_suggested(signs: Signs) -> bool:
    """Named on a shortlist published within three years, or ready now for a target post; at least three years to serve."""
    return bool(signs.shortlists or signs.ready_for) and signs.service_years >= LEAST_SERVICE_YEARS


def check_reviewer(nominator: int | None, reviewer: int | None, own_account: int | None) -> None:
    """Another person than the nominator reviews, and nobody reviews themselves."""
    if reviewer is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะพิจารณาการเสนอชื่อได้")
    if reviewer == nominator:
        raise RuleBroken("ผู้พิจารณาต้องเป็นคนละคนกับผู้เสนอชื่อ")
    check_not_oneself(own_account, reviewer)


def check_not_oneself(own_account: int | None, actor: int | None) -> None:
    """Nobody nominates, reviews or removes themselves."""
    if own_account is not None and own_account == actor:
        raise RuleBroken("ท่านทำรายการเกี่ยวกับตนเองไม่ได้")


def check_status(found: str, wanted: Sequence[str]) -> None:
    """A step starts from certain states only; another means somebody else was faster."""
    if found not in wanted:
        raise Conflict("รายการนี้เปลี่ยนสถานะไปแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_dates(today: dt.date, from_on: dt.date, until_on: dt.date | None, review_on: dt.date) -> None:
    """Membership ends after it begins; its review lies ahead, within a year, and not after its end."""
    if until_on is not None and until_on < from_on:
        raise RuleBroken("วันสิ้นสุดต้องไม่ก่อนวันเริ่ม")
    if review_on <= max(today, from_on):
        raise RuleBroken("วันทบทวนต้องอยู่หลังวันนี้และหลังวันเริ่ม")
    if review_on > add_months(max(today, from_on), REVIEW_MONTHS):
        raise RuleBroken("วันทบทวนต้องอยู่ภายใน 12 เดือน")
    if until_on is not None and review_on > until_on:
        raise RuleBroken("วันทบทวนต้องไม่หลังวันสิ้นสุด")
