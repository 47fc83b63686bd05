"""The order of interviews: who comes when, as a plain list that staff set and print."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock, thai
from webapp.accounts.permissions import may
from webapp.assessments.desk import Desk
from webapp.assessments.panels.conflicts import key_of
from webapp.assessments.panels.models import InterviewTurn
from webapp.audit import Actor
from webapp.errors import NotAllowed, RuleBroken

MOST_MINUTES = 480


def turns_of(session: Session, desk: Desk) -> list[InterviewTurn]:
    """The turns of a component's people, in order."""
    query = select(InterviewTurn).where(
        InterviewTurn.enrollment_id.in_(list(desk.people)), InterviewTurn.purpose == desk.purpose,
        InterviewTurn.component == desk.code,
    )  # fmt: skip
    return list(session.scalars(query.order_by(InterviewTurn.position, InterviewTurn.id)))


def put_turns(
    session: Session, actor: Actor, desk: Desk, order: Sequence[int], *, first: dt.date, at: dt.time, minutes: int,
    per_day: int | None, place: str,
) -> list[InterviewTurn]:  # fmt: skip
    """Write the list anew: the people in this order, one after another, so many a working day."""
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
    if sorted(order) != sorted(desk.people):
        raise RuleBroken("รายชื่อเปลี่ยนไปจากที่เห็น กรุณาเปิดหน้านี้ใหม่แล้วจัดลำดับอีกครั้ง")
    if not 5 <= minutes <= MOST_MINUTES:
        raise RuleBroken("เวลาต่อคนต้องอยู่ระหว่าง 5 ถึง 480 นาที")
    if per_day is not None and per_day < 1:
        raise RuleBroken("จำนวนคนต่อวันต้องไม่น้อยกว่า 1")
    before = {row.enrollment_id: row for row in turns_of(session, desk)}
    rows = []
    for place_in_list, number in enumerate(order):
        starts_at = when(first, at, minutes, per_day, place_in_list)
        row = before.get(number)
        if row is None:
            row = InterviewTurn(enrollment_id=number, purpose=desk.purpose, component=desk.code)
            session.add(row)
        row.position, row.starts_at, row.minutes, row.place = place_in_list + 1, starts_at, minutes, place.strip()
        row.set_by, row.set_at = actor.name, clock.now()
        rows.append(row)
    session.flush()
    audit.append(
        session, actor, "assessments:panel:schedule", "InterviewTurn", key_of(desk),
        after={"first": rows[0].starts_at.isoformat() if rows else "", "people": len(rows), "minutes": minutes},
    )  # fmt: skip
    return rows


def when(first: dt.date, at: dt.time, minutes: int, per_day: int | None, place: int) -> dt.datetime:
    """When the person at a place of the list (from 0) begins; a day that is full goes on to the next working day.

    Raises ``RuleBroken`` where a day would go past midnight.
    """
    days, place_of_day = (0, place) if per_day is None else divmod(place, per_day)
    day = first
    for _time in range(days):
        day += dt.timedelta(days=1)
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
    start = dt.datetime.combine(day, at, thai.BANGKOK) + dt.timedelta(minutes=minutes * place_of_day)
    if (start + dt.timedelta(minutes=minutes)).date() != day:
        raise RuleBroken("เวลาในวันเดียวไม่พอ กำหนดจำนวนคนต่อวันให้น้อยลง")
    return start


def order_by(desk: Desk, how: str, typed: Mapping[int, int]) -> list[int]:
    """The people in an order: drawn by lot, by the numbers typed, or of the Thai alphabet."""
    people = list(desk.people)
    if how == "lot":
        secrets.SystemRandom().shuffle(people)
    elif how == "typed":
        places = {number: place for place, number in enumerate(people)}
        last = len(people) + 1
        people.sort(key=lambda number: (typed.get(number, last), places[number]))
    return people
