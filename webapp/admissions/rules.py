"""Who may apply, who decides, and how seats, the reserve list and the register follow from the ranking. Pure.

Of this the minutes name the three parts of the selection and the register (remark 4); weights, marks, the reserve list and
the days are ours, kept as data that can be changed (domain page §4.2, §5).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from webapp.errors import Conflict, RuleBroken

SEAT, RESERVE, REGISTER, NONE, UNDECIDED = "seat", "reserve", "register", "none", "undecided"
DRAFT, CONFIRMED, PUBLISHED, SUPERSEDED, DISCARDED = "draft", "confirmed", "published", "superseded", "discarded"

DEFAULT_MONTHS = 24
"""How long a register is valid where nobody has set it for the course (ours: two yearly cohorts)."""

DEFAULT_ANSWER_DAYS = 7
"""How long an offered seat waits for its answer where nobody has set it (ours: a working week and a weekend)."""

ENDING_DAYS = 30
"""The end of a register's validity is told so many days before."""

OFFER_REMINDER_DAYS = 2
"""An offer without an answer is recalled so many days before its last day (ours)."""


# Applications --------------------------------------------------------------------------------------------------------

MAY_DECIDE = ("filed",)
TAKEN_BACK = ("turned-down", "withdrawn")
"""States from which an officer may apply again while the window is open."""


def check_window(today: dt.date, opens_on: dt.date | None, closes_on: dt.date | None) -> None:
    """Applications are taken from the first to the last day of the window, both included."""
    if opens_on is None or closes_on is None:
        raise RuleBroken("รุ่นนี้ไม่อยู่ในช่วงรับสมัคร")
    if today < opens_on:
        raise RuleBroken("ยังไม่ถึงวันเปิดรับสมัคร")
    if today > closes_on:
        raise RuleBroken("พ้นกำหนดรับสมัครแล้ว")


def check_version(found: int, seen: int | None) -> None:
    """The page somebody acts on must show the thing as it is now."""
    if seen is not None and seen != found:
        raise Conflict("มีผู้แก้ไขเรื่องนี้หลังจากที่ท่านเปิดหน้านี้ กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_state(found: str, wanted: Collection[str]) -> None:
    """A step starts from certain states only; another means somebody else was faster."""
    if found not in wanted:
        raise Conflict("เรื่องนี้เปลี่ยนสถานะไปแล้วก่อนที่ท่านจะกดปุ่ม กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบอีกครั้ง")


def check_reason(reason: str) -> str:
    """A reason that says something; returned without the spaces around it."""
    if not reason.strip():
        raise RuleBroken("ต้องระบุเหตุผล")
    return reason.strip()


def check_second_person(first_id: int | None, second_id: int | None) -> None:
    """The second step is another person's (promise 10), and a person's at all."""
    if second_id is None:
        raise RuleBroken("ต้องเข้าใช้งานด้วยบัญชีของบุคคลจึงจะทำขั้นนี้ได้")
    if first_id == second_id:
        raise RuleBroken("ขั้นนี้ต้องเป็นคนละคนกับผู้ทำขั้นก่อน กรุณาให้ผู้อื่นดำเนินการ")


# Seats and reserve ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody on the ranking: number and rank (equal ranks are a tie that the plan could not break)."""

    officer_no: str
    rank: int


@dataclass(frozen=True, slots=True)
class Tie:
    """A group of one rank that a line goes through: who, and how many of them the line leaves room for."""

    line: str
    group: tuple[str, ...]
    room: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each ranked person gets; ``ties`` are the lines that still need a decision."""

    places: Mapping[str, str]
    ties: tuple[Tie, ...] = ()
    decided: tuple[Tie, ...] = field(default=())

    def of(self, kind: str) -> list[str]:
        """Officer numbers that get ``kind``, in the order of the ranking."""
        return [number for number, given in self.places.items() if given == kind]


def allocate(
    people: Iterable[Ranked], seats: int, reserve: int, choices: Mapping[str, Collection[str]] | None = None
) -> Allocation:
    """Seats by rank, then the reserve list by rank, then the register; nobody is set before anybody of a better rank.

    A group of one rank across a line is undecided until somebody names who of it stands above (``choices`` by line).
    """
    ordered = sorted(people, key=lambda one: (one.rank, one.officer_no))
    choices = choices or {}
    places: dict[str, str] = {}
    ties: list[Tie] = []
    decided: list[Tie] = []
    rest = ordered
    for line, size in ((SEAT, seats), (RESERVE, reserve)):
        within, rest, tie, taken = _fill(rest, size, line, choices.get(line))
        places |= dict.fromkeys(within, line)
        if tie is not None and taken is None:
            places |= dict.fromkeys(tie.group, UNDECIDED)
            ties.append(tie)
            if line == SEAT:  # what is left of the group comes first on the reserve list, whoever it will be
                reserve_left = max(0, reserve - (len(tie.group) - tie.room))
                below, rest, next_tie, _ = _fill(rest, reserve_left, RESERVE, None)
                places |= dict.fromkeys(below, RESERVE)
                if next_tie is not None:
                    places |= dict.fromkeys(next_tie.group, UNDECIDED)
            break
        if tie is not None:
            decided.append(tie)
    places |= {one.officer_no: REGISTER for one in rest}
    return Allocation({one.officer_no: places[one.officer_no] for one in ordered}, tuple(ties), tuple(decided))


def _fill(
    people: Sequence[Ranked], size: int, line: str, choice: Collection[str] | None
) -> tuple[list[str], list[Ranked], Tie | None, list[str] | None]:
    """Fill ``size`` places in order: who is within, who is left, the tie across the line, and who of it was chosen."""
    within: list[str] = []
    left: list[Ranked] = []
    tie: Tie | None = None
    taken: list[str] | None = None
    for _rank, members in groupby(people, key=lambda one: one.rank):
        group, room = list(members), size - len(within)
        if left or tie is not None or room <= 0:
            left += group
        elif len(group) <= room:
            within += [one.officer_no for one in group]
        else:
            tie = Tie(line, tuple(one.officer_no for one in group), room)
            if choice is not None:
                taken = check_choice(tie, choice)
                within += taken
                left += [one for one in group if one.officer_no not in taken]
    return within, left, tie, taken


def check_choice(tie: Tie, chosen: Collection[str]) -> list[str]:
    """The choice among a tied group: as many as there is room for. Returned in the group's order."""
    if not set(chosen) <= set(tie.group):
        raise RuleBroken("เลือกได้เฉพาะผู้ที่ลำดับเท่ากันคร่อมเส้น")
    picked = [number for number in tie.group if number in set(chosen)]
    if len(picked) != tie.room:
        raise RuleBroken("ต้องเลือก %(places)s คนจากผู้ที่ลำดับเท่ากัน %(tied)s คน", places=tie.room, tied=len(tie.group))
    return picked


def next_in_order(waiting: Iterable[Ranked]) -> list[str]:
    """Whose turn it is: the best rank among those who wait; several where they are tied."""
    ordered = sorted(waiting, key=lambda one: (one.rank, one.officer_no))
    return [one.officer_no for one in ordered if one.rank == ordered[0].rank]


def check_turn(waiting: Iterable[Ranked], chosen: str, reason: str) -> list[str]:
    """Who stands before ``chosen`` and is passed over; that, and a choice among the tied, takes a stated reason.

    Raises ``RuleBroken`` where the person does not wait, or where a reason is due and none is given.
    """
    ordered = sorted(waiting, key=lambda one: (one.rank, one.officer_no))
    mine = next((one for one in ordered if one.officer_no == chosen), None)
    if mine is None:
        raise RuleBroken("ผู้นี้ไม่ได้รออยู่ในบัญชี")
    before = [one.officer_no for one in ordered if one.rank < mine.rank]
    tied = [one.officer_no for one in ordered if one.rank == mine.rank and one.officer_no != chosen]
    if (before or tied) and not reason.strip():
        raise RuleBroken("มีผู้อยู่ลำดับก่อนหรือลำดับเท่ากัน ต้องระบุเหตุผลที่เรียกผู้นี้")
    return before + tied


def check_free(free: int) -> None:
    """A seat is offered only where one is free."""
    if free <= 0:
        raise RuleBroken("ไม่มีที่นั่งว่าง")


def answer_day(today: dt.date, days: int) -> dt.date:
    """The last day of an answer."""
    return today + dt.timedelta(days=days)


def check_answer(today: dt.date, answer_by: dt.date, answer: str | None) -> None:
    """An offer is answered once, until its last day by the server's clock."""
    if answer is not None:
        raise Conflict("ที่นั่งนี้ตอบไปแล้ว")
    if today > answer_by:
        raise RuleBroken("พ้นกำหนดตอบรับแล้ว กรุณาติดต่อสถาบัน")


# Register ------------------------------------------------------------------------------------------------------------


def is_valid(state: str, from_on: dt.date, until_on: dt.date, today: dt.date) -> bool:
    """Whether an entry can be used today."""
    return state == "standing" and from_on <= today <= until_on


def check_valid(state: str, from_on: dt.date, until_on: dt.date, today: dt.date) -> None:
    """Raise ``RuleBroken`` unless an entry can be used today."""
    if state != "standing":
        raise RuleBroken("ชื่อนี้ถูกเรียกหรือออกจากบัญชีแล้ว")
    if not is_valid(state, from_on, until_on, today):
        raise RuleBroken("บัญชีนี้สิ้นอายุแล้ว จึงเรียกใช้ไม่ได้")


def is_ending(state: str, until_on: dt.date, today: dt.date) -> bool:
    """Whether the end of validity is near enough to be told, and not past."""
    return state == "standing" and today <= until_on <= today + dt.timedelta(days=ENDING_DAYS)
