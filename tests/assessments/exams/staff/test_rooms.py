"""Rooms: as even as the seats allow, nobody above them, a window that follows; whoever has begun stays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.assessments.exams.papers import PLANNER, candidate_of, ready_exam, sitter
from webapp import clock
from webapp.assessments.exams import taking
from webapp.assessments.exams.models import ExamIncident, ExamRoom
from webapp.assessments.exams.staff import operations, rooms
from webapp.errors import Conflict, RuleBroken

HOUR = dt.timedelta(hours=1)


@given(
    people=st.integers(0, 60),
    places=st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 30)), st.integers(0, 10)), min_size=1, max_size=6),
)
def test_everybody_is_seated_evenly_and_never_above_the_seats(
    people: int, places: list[tuple[int | None, int]]
) -> None:
    free = [None if seats is None else max(0, seats - taken) for seats, taken in places]
    if None not in free and sum(count or 0 for count in free) < people:
        with pytest.raises(RuleBroken):
            rooms.spread(people, places)
        return
    given_ = rooms.spread(people, places)
    assert sum(given_) == people
    assert all(limit is None or count <= limit for limit, count in zip(free, given_, strict=True))
    after = [taken + count for (_seats, taken), count in zip(places, given_, strict=True)]
    for here, count in enumerate(given_):
        if count:  # nobody would sit with fewer people elsewhere, but where a room is full
            assert all(
                after[here] <= after[there] + 1 or (free[there] is not None and given_[there] == free[there])
                for there in range(len(places))
            )


def test_a_room_gives_its_window_and_whoever_has_begun_stays(any_database, session, actor):
    people = [sitter(session, f"R{n}")[0] for n in range(4)]
    exam = ready_exam(session, people)
    morning = rooms.put_room(session, actor, exam, rooms.RoomPlan("ห้อง 1", "นาย ก", seats=2))
    later = clock.now() + 5 * HOUR
    evening = rooms.put_room(session, actor, exam, rooms.RoomPlan("ห้อง 2", "", 2, later, later + 2 * HOUR))
    assert rooms.share_out(session, actor, exam) == 4
    assert rooms.seated(session, exam) == {morning.id: 2, evening.id: 2}
    assert rooms.share_out(session, actor, exam) == 0, "nobody is moved"
    here = [candidate_of(session, exam, person) for person in people]
    early = next(one for one in here if one.room_id == morning.id)
    late = next(one for one in here if one.room_id == evening.id)
    assert (early.opens_at, early.sitting, late.opens_at) == (None, "ห้อง 1", later)
    operations.set_sitting(
        session, actor, exam, late, opens_at=later + HOUR, closes_at=later + 3 * HOUR, room=evening, minutes=10,
        reason="มาจากต่างจังหวัด",
    )  # fmt: skip
    rooms.put_room(session, actor, exam, rooms.RoomPlan("ห้อง 2 บ่าย", "", 2, later, later + 4 * HOUR), evening)
    assert (late.opens_at, late.extra_minutes, late.sitting) == (later + HOUR, 10, "ห้อง 2 บ่าย"), (
        "their own window stays"
    )
    taking.start(session, actor, early)
    with pytest.raises(RuleBroken, match="เริ่มสอบในห้อง"):
        rooms.put_room(session, actor, exam, rooms.RoomPlan("ห้อง 1", "", 2, later, later + HOUR), morning)
    with pytest.raises(RuleBroken, match="เริ่มสอบแล้ว"):
        operations.set_sitting(
            session, actor, exam, early, opens_at=None, closes_at=None, room=evening, minutes=0, reason="ย้าย"
        )
    with pytest.raises(RuleBroken, match="เริ่มสอบแล้ว"):
        operations.unseat(session, actor, exam, early, reason="ไม่มา")
    with pytest.raises(RuleBroken, match="ยังมีผู้เข้าสอบ"):
        rooms.drop_room(session, actor, exam, morning)
    session.commit()
    with pytest.raises(Conflict):
        rooms.put_room(session, actor, exam, rooms.RoomPlan("ห้อง 1"))


def test_closing_before_time_needs_its_reason(session, actor):
    person, _own = sitter(session, "R8")
    exam = ready_exam(session, [person])
    with pytest.raises(RuleBroken, match="ก่อนเวลา"):
        operations.close(session, actor, exam, reason=" ")
    operations.close(session, actor, exam, reason="ส่งครบทุกคนแล้ว")
    assert exam.status == "closed"
    kept = session.scalars(select(ExamIncident.note).where(ExamIncident.exam_id == exam.id)).all()
    assert kept == ["ส่งครบทุกคนแล้ว"]


def test_an_exam_called_off_is_told_and_cannot_be_called_off_while_somebody_writes(session, actor):
    person, _own = sitter(session, "R9")
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    attempt = taking.start(session, actor, candidate)
    with pytest.raises(RuleBroken, match="กำลังทำข้อสอบ"):
        operations.cancel_exam(session, actor, exam, reason="น้ำท่วม")
    taking.submit(session, PLANNER, attempt, key="k")
    with pytest.raises(RuleBroken, match="เหตุผล"):
        operations.cancel_exam(session, actor, exam, reason=" ")
    operations.cancel_exam(session, actor, exam, reason="น้ำท่วมสถานที่สอบ")
    assert (exam.status, exam.cancel_reason) == ("cancelled", "น้ำท่วมสถานที่สอบ")
    from webapp.notices.operations import notices_of

    told, _total = notices_of(session, person.account_id, limit=5, offset=0)
    assert told[0].kind == "assessments:exam:cancelled"


@pytest.mark.parametrize(
    "broken",
    [
        lambda exam, _one: ExamRoom(exam_id=exam.id, name="ห้อง", seats=0),
        lambda exam, _one: ExamRoom(exam_id=exam.id, name="ห้อง", opens_at=clock.now()),
        lambda exam, _one: ExamRoom(exam_id=exam.id, name="ห้อง", opens_at=clock.now(), closes_at=clock.now() - HOUR),
        lambda _exam, one: setattr(one, "time_reason", "ไม่มีเวลาของตน"),
        lambda exam, _one: setattr(exam, "status", "cancelled"),
    ],
)
def test_the_database_says_no_too(any_database, session, actor, broken):
    person, _own = sitter(session, "D1")
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    made = broken(exam, candidate)
    if made is not None:
        session.add(made)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
