"""Rooms and rounds of an exam: each with its own window and seats, candidates shared out over them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.models import Attempt, Candidate, Exam, ExamRoom
from webapp.audit import Actor
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What staff decide about a room: its name, who invigilates, its seats, and a window where it differs from the exam's."""

    name: str
    invigilators: str = ""
    seats: int | None = None
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


def rooms_of(session: Session, exam: Exam) -> Sequence[ExamRoom]:
    """The exam's rooms, in the order of their windows and names."""
    return session.scalars(
        select(ExamRoom).where(ExamRoom.exam_id == exam.id)
        .order_by(func.coalesce(ExamRoom.opens_at, exam.opens_at), ExamRoom.name, ExamRoom.id)
    ).all()  # fmt: skip


def seated(session: Session, exam: Exam) -> Counter[int]:
    """How many candidates each room has; 0 stands for none chosen."""
    rows = session.execute(
        select(func.coalesce(Candidate.room_id, 0), func.count())
        .where(Candidate.exam_id == exam.id).group_by(Candidate.room_id)
    )  # fmt: skip
    return Counter({row[0]: row[1] for row in rows})


def room_at(session: Session, exam: Exam, room_id: int | None) -> ExamRoom | None:
    """The room of this exam with this id; none for none. Raises ``NotFound``."""
    if not room_id:
        return None
    found = session.get(ExamRoom, room_id)
    if found is None or found.exam_id != exam.id:
        raise NotFound()
    return found


def put_room(session: Session, actor: Actor, exam: Exam, plan: RoomPlan, room: ExamRoom | None = None) -> ExamRoom:
    """Add a room, or change one: those seated in it who have not begun follow. Raises ``RuleBroken`` or ``Conflict``."""
    check_handles(session, actor, exam)
    _still_open(exam)
    name = " ".join(plan.name.split())
    if not name:
        raise RuleBroken("ต้องตั้งชื่อห้องหรือรอบสอบ")
    if plan.opens_at and plan.closes_at and plan.closes_at <= plan.opens_at:
        raise RuleBroken("เวลาปิดสอบต้องอยู่หลังเวลาเปิดสอบ")
    moved = room is not None and (room.opens_at, room.closes_at) != (plan.opens_at, plan.closes_at)
    before = {} if room is None else _shown(room)
    room = room or ExamRoom(exam_id=exam.id)
    if moved and session.scalar(_begun(room).limit(1)) is not None:
        raise RuleBroken("มีผู้เริ่มสอบในห้องหรือรอบนี้แล้ว จึงเปลี่ยนเวลาไม่ได้ แต่ให้เวลาเพิ่มเป็นรายคนได้")
    room.name, room.invigilators, room.seats = name, " ".join(plan.invigilators.split()), plan.seats
    room.opens_at, room.closes_at = plan.opens_at, plan.closes_at
    try:
        with session.begin_nested():
            session.add(room)
    except IntegrityError:
        raise Conflict("มีห้องหรือรอบสอบชื่อ “%(name)s” แล้ว กรุณาใช้ชื่ออื่น", name=name) from None
    for candidate in session.scalars(select(Candidate).where(Candidate.room_id == room.id).order_by(Candidate.id)):
        _put(candidate, room)
    session.flush()
    audit.append(session, actor, "assessments:exam:exam-room", "Exam", exam.code, before=before, after=_shown(room))
    return room


def drop_room(session: Session, actor: Actor, exam: Exam, room: ExamRoom) -> str:
    """Take a room away that nobody is seated in; its name."""
    check_handles(session, actor, exam)
    _still_open(exam)
    if seated(session, exam)[room.id]:
        raise RuleBroken("ยังมีผู้เข้าสอบในห้องหรือรอบนี้ กรุณาย้ายไปห้องอื่นก่อน")
    name = room.name
    session.delete(room)
    session.flush()
    audit.append(session, actor, "assessments:exam:exam-room", "Exam", exam.code, before={"name": name})
    return name


def share_out(session: Session, actor: Actor, exam: Exam) -> int:
    """Seat everybody who has no room, in the order of names, the emptiest room first; how many. Nobody is moved.

    Raises ``RuleBroken`` where the seats are too few for all.
    """
    check_handles(session, actor, exam)
    _still_open(exam)
    rooms = rooms_of(session, exam)
    if not rooms:
        raise RuleBroken("ยังไม่มีห้องสอบ กรุณาเพิ่มอย่างน้อยหนึ่งห้อง")
    waiting = session.scalars(
        select(Candidate).join(Officer, Officer.id == Candidate.officer_id)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .where(Candidate.exam_id == exam.id, Candidate.room_id.is_(None), Attempt.id.is_(None))
        .order_by(Officer.sort_key, Officer.officer_no)
    ).all()  # fmt: skip
    places = spread(len(waiting), [(room.seats, seated(session, exam)[room.id]) for room in rooms])
    there = iter(waiting)
    for room, count in zip(rooms, places, strict=True):
        for _place in range(count):
            candidate = next(there)
            candidate.room_id = room.id
            _put(candidate, room)
    session.flush()
    if waiting:
        after = {room.name: count for room, count in zip(rooms, places, strict=True)}
        audit.append(session, actor, "assessments:exam:sittings", "Exam", exam.code, after=after)
    return len(waiting)


def spread(people: int, rooms: Sequence[tuple[int | None, int]]) -> list[int]:
    """How many of ``people`` go into each room of (seats, taken): as even as the seats allow, never above them."""
    free = [None if seats is None else max(0, seats - taken) for seats, taken in rooms]
    if all(count is not None for count in free) and sum(count or 0 for count in free) < people:
        missing = people - sum(count or 0 for count in free)
        raise RuleBroken("ที่นั่งไม่พอ ขาดอีก %(count)s ที่ กรุณาเพิ่มห้องหรือจำนวนที่นั่ง", count=missing)
    given = [0] * len(rooms)
    for _person in range(people):
        open_rooms = [n for n, count in enumerate(free) if count is None or given[n] < count]
        chosen = min(open_rooms, key=lambda n: (rooms[n][1] + given[n], n))
        given[chosen] += 1
    return given


def _begun(room: ExamRoom):  # type: ignore[no-untyped-def]
    return select(Attempt.id).join(Candidate, Candidate.id == Attempt.candidate_id).where(Candidate.room_id == room.id)


def _put(candidate: Candidate, room: ExamRoom) -> None:
    """What the room says of a candidate; a window of their own, given with a reason, stays."""
    candidate.sitting = room.name
    if not candidate.time_reason:
        candidate.opens_at, candidate.closes_at = room.opens_at, room.closes_at


def _shown(room: ExamRoom) -> dict[str, object]:
    return {
        "name": room.name, "invigilators": room.invigilators, "seats": room.seats, "opens_at": room.opens_at,
        "closes_at": room.closes_at,
    }  # fmt: skip


def _still_open(exam: Exam) -> None:
    if exam.status not in ("draft", "ready"):
        raise RuleBroken("การสอบนี้ปิดแล้ว จึงแก้ไขรายชื่อไม่ได้")
