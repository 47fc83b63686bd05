"""What a shortlist run may become, who may make it so, and what still stands in the way. Pure."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.errors import Conflict, RuleBroken

DRAFT, CONFIRMED, PUBLISHED, SUPERSEDED, DISCARDED = "draft", "confirmed", "published", "superseded", "discarded"

OBJECTION_DAYS = 30
"""Days for an objection after publication where the institute has set none (ours; a setting, see ``objection_window``)."""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One thing to put right before a step.

    ``code``: ``tie`` (a tie across the line is not decided), ``reason`` (a component, gate or tie-breaker of the plan has
    no stated reason; ``thing`` and ``name`` say which), ``approval`` (the plan has no second person), ``stale`` (figures
    have changed since the run was drawn up).
    """

    code: str
    thing: str = ""
    name: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


def check_status(found: str, wanted: str) -> None:
    """A step starts from one status only; another means somebody else was faster."""
    if found != wanted:
        raise Conflict("รายชื่อนี้เปลี่ยนสถานะไปแล้วก่อนที่ท่านจะกดปุ่ม กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_version(found: int, seen: int | None) -> None:
    """The page somebody acts on must show the run as it is now."""
    if seen is not None and seen != found:
        raise Conflict("รายชื่อนี้มีผู้แก้ไขหลังจากที่ท่านเปิดหน้านี้ กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_second_person(first_id: int | None, second_id: int | None) -> None:
    """Whoever publishes is another person than whoever confirmed (domain page §5, promise 10)."""
    if second_id is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะยืนยันหรือเผยแพร่รายชื่อได้")
    if first_id == second_id:
        raise RuleBroken("ผู้เผยแพร่ต้องเป็นคนละคนกับผู้ยืนยันรายชื่อ กรุณาให้ผู้อื่นเผยแพร่")


def check_reason(reason: str) -> str:
    """A reason that says something; returned without the spaces around it."""
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    return reason.strip()


def tied_group(result: dict[str, Any]) -> tuple[list[str], int]:
    """Officers tied across the line, and how many places of the list are left for them."""
    tied = [entry["officer_no"] for entry in result["entries"] if entry["tied_at_line"]]
    above = sum(1 for entry in result["entries"] if entry["shortlisted"] and not entry["tied_at_line"])
    return tied, max(0, result["size"] - above) if tied else 0


def check_tie_choice(result: dict[str, Any], chosen: Collection[str]) -> list[str]:
    """The choice among a tied group: as many as there are places left. Returns them in the list's order."""
    tied, places = tied_group(result)
    if not tied:
        raise RuleBroken("รายชื่อนี้ไม่มีผู้ที่ลำดับเท่ากันคร่อมเส้น")
    if not set(chosen) <= set(tied):
        raise RuleBroken("เลือกได้เฉพาะผู้ที่ลำดับเท่ากันคร่อมเส้น")
    picked = [number for number in tied if number in set(chosen)]
    if len(picked) != places:
        raise RuleBroken("ต้องเลือก %(places)s คนจากผู้ที่ลำดับเท่ากัน %(tied)s คน", places=places, tied=len(tied))
    return picked


def first_names(result: dict[str, Any], chosen: Sequence[str] | None) -> list[str]:
    """Who is on the list: everyone within the line; of a group tied across it, whom the decision names."""
    return [
        entry["officer_no"]
        for entry in result["entries"]
        if entry["shortlisted"] and (not entry["tied_at_line"] or chosen is None or entry["officer_no"] in chosen)
    ]


def objections_end(published_on: dt.date, days: int) -> dt.date:
    """The last day of the window: ``days`` days after the day of publication."""
    return published_on + dt.timedelta(days=days)


def check_window(until: dt.date | None, today: dt.date) -> None:
    """Objections are filed while the window is open."""
    if until is None or today > until:
        raise RuleBroken("พ้นกำหนดยื่นคำคัดค้านแล้ว ท่านยังร้องทุกข์ต่อ ก.พ.ค. กรุงเทพมหานคร ได้ตามกฎหมาย")


def closing_day(ends_on: dt.date, today: dt.date) -> dt.date:
    """The day a cohort's training records bear: its last day, never after today."""
    return min(ends_on, today)


@dataclass(frozen=True, slots=True)
class Change:
    """One person whose place, composite or state differs between two runs; none where they are not ranked."""

    officer_no: str
    name_th: str
    rank_before: int | None
    rank_after: int | None
    composite_before: str
    composite_after: str
    listed_before: bool
    listed_after: bool


def changes_between(
    before: dict[str, Any],
    after: dict[str, Any],
    chosen_before: Sequence[str] | None = None,
    chosen_after: Sequence[str] | None = None,
) -> list[Change]:
    """What differs between two results of a cohort, in the order of the later one, then whoever has gone from it.

    The chosen are those whom a decision on the tie across the line puts forward.
    """
    listed = set(first_names(before, chosen_before)), set(first_names(after, chosen_after))
    old = {row["officer_no"]: row for row in [*before["entries"], *before["unranked"]]}
    new = {row["officer_no"]: row for row in [*after["entries"], *after["unranked"]]}
    changes = []
    for number in [*new, *(number for number in old if number not in new)]:
        one, two = old.get(number, {}), new.get(number, {})
        change = Change(
            number, (two or one)["name_th"], one.get("rank"), two.get("rank"), one.get("composite", ""),
            two.get("composite", ""), number in listed[0], number in listed[1],
        )  # fmt: skip
        parts = (one.get("components"), one.get("reasons")) != (two.get("components"), two.get("reasons"))
        places = (change.rank_before, change.composite_before, change.listed_before)
        if parts or places != (change.rank_after, change.composite_after, change.listed_after):
            changes.append(change)
    return changes
