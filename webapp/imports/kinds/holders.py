"""More holders of a post in a unit than it has seats is odd: a warning, never a refusal."""

from typing import Any

from sqlalchemy import select

from webapp.careers.models import Post, Seat, Unit
from webapp.imports.known import Known
from webapp.officers.models import Officer, Posting
from webapp.spreadsheets.reading import Table


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


MORE_THAN_SEATS = _l("ตำแหน่งนี้ในหน่วยงานนี้มีผู้ดำรงตำแหน่ง %(holders)s คน เกินอัตรา %(seats)s")
Pair = tuple[str, str]


def warn_of_seats(table: Table, known: Known) -> None:
    """Warn once per post and unit, at the last row that names it, where more officers hold it today than it has seats."""
    seats = _seats(known)
    posts = {post for post, _unit in seats}
    names = ("officer_no", "post_code", "unit_code", "start_date", "end_date", "acting")
    held: dict[Pair, set[str]] = {}
    last: dict[Pair, int] = {}
    in_file: set[tuple[Any, ...]] = set()
    for place, row in enumerate(zip(*(table.column(name) for name in names), strict=True)):
        number, post, unit, start, end, acting = row
        if post not in posts or start is None:
            continue
        in_file.add(row[:4])
        last[post, unit] = place
        if not acting and start <= known.today and (end is None or end >= known.today):
            held.setdefault((post, unit), set()).add(number)
    for key in _there(known, last):
        if key not in in_file:
            held.setdefault((key[1], key[2]), set()).add(key[0])
    for pair, place in sorted(last.items(), key=lambda item: item[1]):
        holders = len(held.get(pair, ()))
        if holders > seats.get(pair, holders):
            table.warn(place, "post_code", MORE_THAN_SEATS, holders=holders, seats=seats[pair])


def _seats(known: Known) -> dict[Pair, int]:
    """(post, unit) → seats, for every unit that has any."""
    by_kind = select(Post.code, Unit.code, Seat.seats).join(Seat, Seat.post_id == Post.id)
    found: dict[Pair, int] = {}
    for post, unit, seats in known.session.execute(by_kind.join(Unit, Unit.kind == Seat.unit_kind)):
        found[post, unit] = seats
    for post, unit, seats in known.session.execute(by_kind.join(Unit, Unit.id == Seat.unit_id)):
        found[post, unit] = seats
    return found


def _there(known: Known, pairs: dict[Pair, int]) -> list[tuple[Any, ...]]:
    """(officer, post, unit, first day) of the substantive postings open today in these posts and units."""
    if not pairs:
        return []
    statement = (
        select(Officer.officer_no, Post.code, Unit.code, Posting.started_on)
        .join(Posting, Posting.officer_id == Officer.id)
        .join(Post, Post.id == Posting.post_id)
        .join(Unit, Unit.id == Posting.unit_id)
        .where(Posting.voided_at.is_(None), Posting.acting.is_(False), Posting.started_on <= known.today)
        .where(Posting.ended_on.is_(None) | (Posting.ended_on >= known.today))
        .where(Post.code.in_({post for post, _unit in pairs}))
    )
    return [tuple(row) for row in known.session.execute(statement) if (row[1], row[2]) in pairs]
