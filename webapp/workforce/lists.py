"""The people and units behind the forecast's figures, a page at a time, in the order of the question."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.careers.criteria.facts import Column as Numbers
from webapp.officers.rules import RETIREMENT_AGE
from webapp.tables import Column, TableView, read_table
from webapp.workforce import queries
from webapp.workforce.chain.rules import current_postings
from webapp.workforce.outlook import Outlook
from webapp.workforce.pages import eligibility_address
from webapp.workforce.rules import BENCH_YEARS, seats_at

PEOPLE = (
    Column("name", _l("ข้าราชการ"), always=True),
    Column("post", _l("ตำแหน่งปัจจุบัน")),
    Column("unit", _l("หน่วยงาน")),
    Column("serves", _l("รับราชการถึง")),
    Column("why", _l("คุณสมบัติรายข้อ")),
)
LEAVING = (
    Column("name", _l("ข้าราชการ"), always=True),
    Column("unit", _l("หน่วยงาน")),
    Column("born", _l("วันเกิด")),
    Column("sixty", _l("อายุครบ 60 ปี")),
    Column("serves", _l("วันสุดท้ายของการรับราชการ")),
)
UNITS = (
    Column("unit", _l("หน่วยงาน"), always=True),
    Column("seats", _l("อัตรา"), numeric=True),
    Column("held", _l("ผู้ดำรงตำแหน่ง"), numeric=True),
    Column("empty", _l("ว่าง"), numeric=True),
)
KEPT = ("as_of", "year", "in", "source", "so_far")


@dataclass(frozen=True, slots=True)
class Shown:
    """An officer of a list: names, present post and unit, and until when they serve."""

    officer_no: str
    name_th: str
    name_en: str
    post: Any
    unit: Any
    units: tuple[Any, ...]
    birth_date: dt.date
    sixty_on: dt.date
    counted_on: dt.date
    last_day: dt.date
    leaves_early: bool
    address: str


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit with its seats, how many hold them and how many are empty."""

    code: str
    unit: Any
    seats: int
    held: int

    @property
    def empty(self) -> int:
        return max(0, self.seats - self.held)


def years_asked() -> int:
    """In how many years those asked for are ready: 0 to 3."""
    typed = str(request.args.get("in") or "0")
    return int(typed) if typed in {str(years) for years in range(BENCH_YEARS + 1)} else 0


def source_asked(found: Outlook, code: str) -> str:
    """The source of the chain in the address, where there is such a one."""
    typed = str(request.args.get("source") or "")
    return typed if typed in found.sources(code) else ""


def leaving(
    session: Session, found: Outlook, code: str, index: int, so_far: bool = False
) -> tuple[TableView, list[Shown]]:
    """A post's holders whose last day is the 30 September of a fiscal year, or of one up to it (``so_far``)."""
    persons = found.leaving_by(code, index) if so_far else found.leaving(code, found.span[index])
    held = found.holders(code)
    units: dict[int, list[str]] = {}
    for person, unit in zip(held.pairs[0].tolist(), held.pairs[1].tolist(), strict=True):
        units.setdefault(person, []).append(found.facts.words.units[unit])
    return _people(session, found, persons, LEAVING, code, units)


def bench(session: Session, found: Outlook, code: str, years: int, index: int) -> tuple[TableView, list[Shown]]:
    """Those ready for a post in so many years who serve beyond a fiscal year."""
    return _people(session, found, found.on_bench(code, years, found.span[index]), PEOPLE, code)


def pool(session: Session, found: Outlook, code: str, index: int, source: str) -> tuple[TableView, list[Shown]]:
    """Those who by a fiscal year lack only course and assessment; with a source, all prepared of that source."""
    if source:
        mask = found.prepared(code, index) & found.sources(code)[source]
    else:
        mask = found.pool(code, index)
    return _people(session, found, np.flatnonzero(mask), PEOPLE, code)


def _people(
    session: Session, found: Outlook, persons: Numbers, columns: Sequence[Column], code: str,
    units: dict[int, list[str]] | None = None,
) -> tuple[TableView, list[Shown]]:  # fmt: skip
    view = read_table(columns, request.args, path=request.path, sort="name", keep=KEPT)
    rows = [int(one) for one in persons]
    if view.words:
        named = queries.officer_ids_named(session, view.words)
        rows = [row for row in rows if int(found.facts.row[row]) in named]
    rows.sort(key=lambda row: str(found.facts.officer_no[row]))
    view = view.counted(len(rows))
    return view, _shown(session, found, rows[view.offset : view.offset + view.limit], code, units)


def _shown(
    session: Session, found: Outlook, rows: Sequence[int], code: str, units: dict[int, list[str]] | None
) -> list[Shown]:
    facts, held = found.facts, found.facts.postings
    officers = queries.officers_by_id(session, [int(facts.row[row]) for row in rows])
    unit_names, post_names = queries.names_of_units(session), queries.names_of_posts(session)
    present = current_postings(facts, found.today.toordinal())
    shown = []
    for row in rows:
        officer = officers[int(facts.row[row])]
        posting = int(present[row])
        here = facts.words.units[held.unit[posting]] if posting >= 0 else ""
        at = (units or {}).get(row, [here] if here else [])
        last = dt.date.fromordinal(int(min(facts.retirement[row], facts.left[row])))
        shown.append(Shown(
            officer.officer_no, f"{officer.title}{officer.given_name} {officer.family_name}", officer.name_en,
            post_names.get(facts.words.posts[held.post[posting]]) if posting >= 0 else None,
            unit_names.get(here), tuple(unit_names[one] for one in at), officer.birth_date, *_sixty(officer.birth_date),
            last, int(facts.left[row]) < int(facts.retirement[row]), eligibility_address(code, officer.officer_no),
        ))  # fmt: skip
    return shown


def _sixty(born: dt.date) -> tuple[dt.date, dt.date]:
    """The sixtieth birthday, and the day that counts: born on 1 October counts as reaching 60 on 30 September."""
    year = born.year + RETIREMENT_AGE
    leap = (born.month, born.day) == (2, 29) and not _has_leap_day(year)
    birthday = dt.date(year, 3, 1) if leap else born.replace(year=year)
    return birthday, dt.date(year, 9, 30) if (born.month, born.day) == (10, 1) else birthday


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def empty_seats(session: Session, found: Outlook, code: str) -> tuple[TableView, list[UnitShown]]:
    """Units where seats of a post are empty."""
    seats = seats_at(found.facts, found.of(code).seats)
    held = np.bincount(found.holders(code).pairs[1], minlength=len(seats))
    names = queries.names_of_units(session)
    units = [
        UnitShown(unit, names[unit], int(seats[place]), int(held[place]))
        for place, unit in enumerate(found.facts.words.units)
        if seats[place] > held[place]
    ]
    view = read_table(UNITS, request.args, path=request.path, sort="unit", keep=KEPT)
    if view.words:
        units = [one for one in units if view.words.lower() in f"{one.unit['name_th']} {one.unit['name_en']}".lower()]
    view = view.counted(len(units))
    return view, units[view.offset : view.offset + view.limit]
