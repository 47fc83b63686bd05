"""The timetable in the database: searched by the worker, changed by hand with the same checks, published with notices."""

import pytest
from sqlalchemy import select

from tests.assessments.center.checker import wrong_with
from tests.assessments.center.conftest import begin
from webapp.assessments.center import arranging, observing, people, queries, setting, work
from webapp.assessments.center.models import CenterParticipant
from webapp.assessments.center.timetable_words import rule_words
from webapp.errors import Conflict, RuleBroken
from webapp.notices.models import Notice


def stands(session, house):
    there = arranging.arrangement_of(session, house.center)
    return there, arranging.as_sittings(session, house.center, there)


def test_the_worker_puts_a_timetable_in_place_that_breaks_no_rule(any_database, session):
    house = begin(session)
    with pytest.raises(RuleBroken, match="อนุมัติ"):
        arranging.check_may_build(session, house.staff, house.center)
    setting.approve(session, house.second, house.center)
    session.commit()
    arguments = {"center_id": house.center.id, "account_id": house.staff.account_id}
    made = work.timetable(arguments, lambda _percent, _step: None)
    session.commit()
    assert made.go_to == f"/centers/{house.center.code}/timetable"
    there, sittings = stands(session, house)
    assert wrong_with(there.task, list(sittings.values())) == []
    assert len(queries.readers_of(session, house.center.id)) == 4
    before = list(sittings.values())
    work.timetable(arguments, lambda _percent, _step: None)  # killed and done again: the same
    session.commit()
    assert list(stands(session, house)[1].values()) == before


def test_a_rule_that_cannot_be_kept_is_kept_on_the_center_and_said(session, draft):
    for block in queries.blocks_of(session, draft.center.id):
        block.slots = 1
    setting.approve(session, draft.second, draft.center)
    session.commit()
    work.timetable({"center_id": draft.center.id, "account_id": draft.staff.account_id}, lambda _p, _s: None)
    session.commit()
    session.refresh(draft.center)
    kept = draft.center.no_timetable
    assert kept["rule"] == "participants-time"
    assert rule_words(kept["rule"], kept["figures"], {}).startswith("เวลาไม่พอให้ผู้เข้ารับการประเมินทำครบทุกแบบฝึก ต้องใช้ 2 ช่อง")
    assert not queries.has_timetable(session, draft.center.id)


def test_a_timetable_searched_for_other_people_is_not_put_in_place(session, draft):
    setting.approve(session, draft.second, draft.center)
    task = arranging.arrangement_of(session, draft.center).task
    people.remove_participant(session, draft.staff, draft.center, draft.participant())
    with pytest.raises(Conflict, match="ระหว่างที่ระบบจัดตาราง"):
        arranging.build(session, draft.staff, draft.center, task, [])


def test_a_change_by_hand_may_break_nothing(session, running):
    there, sittings = stands(session, running)
    number, one = next((key, row) for key, row in sittings.items() if row.exercise == "role-play")
    start = there.slots[one.start]
    other = next(int(a) for a in there.task.assessors if a not in one.assessors)
    busy = next(row for key, row in sittings.items() if key != number and row.start != one.start)
    session.commit()
    version = running.center.version
    with pytest.raises(arranging.RulesBroken) as refused:
        arranging.change_sitting(
            session, running.staff, running.center, number, starts_at=start, room_id=int(one.room), assessor_ids=[], version=version,
        )  # fmt: skip
    assert next(problem.rule for problem in refused.value.problems) == "assessors"
    with pytest.raises(arranging.RulesBroken):
        arranging.change_sitting(
            session, running.staff, running.center, number, starts_at=there.slots[busy.start], room_id=int(busy.room),
            assessor_ids=[int(a) for a in one.assessors], version=version,
        )  # fmt: skip
    assert stands(session, running)[1] == sittings
    arranging.change_sitting(
        session,
        running.staff,
        running.center,
        number,
        starts_at=start,
        room_id=int(one.room),
        assessor_ids=[other],
        version=version,
    )
    session.commit()
    assert stands(session, running)[1][number].assessors == (str(other),)
    with pytest.raises(Conflict):
        arranging.change_sitting(
            session, running.staff, running.center, number, starts_at=start, room_id=int(one.room), assessor_ids=[other],
            version=version,
        )  # fmt: skip


def test_two_participants_change_places(session, running):
    there, sittings = stands(session, running)
    (first, one), (second, other) = [(key, row) for key, row in sittings.items() if row.exercise == "role-play"][:2]
    session.commit()
    arranging.move(
        session, running.staff, running.center, int(one.participants[0]), from_id=first, to_id=second,
        swap_id=int(other.participants[0]), version=running.center.version,
    )  # fmt: skip
    session.commit()
    now = stands(session, running)[1]
    assert now[first].participants == other.participants
    assert now[second].participants == one.participants
    assert wrong_with(there.task, list(now.values())) == []


def test_publishing_tells_everybody_in_it_once(session, draft):
    participant = draft.participant()
    participant.officer.account_id = draft.accounts[2].id
    setting.approve(session, draft.second, draft.center)
    with pytest.raises(RuleBroken, match="จัดตารางก่อน"):
        arranging.publish(session, draft.staff, draft.center)
    draft.arrange()
    arranging.publish(session, draft.staff, draft.center)
    arranging.publish(session, draft.staff, draft.center)
    told = session.scalars(select(Notice).where(Notice.kind == "assessments:center:published")).all()
    assert len(told) == 3 + 1
    with pytest.raises(RuleBroken, match="เหตุผล"):
        arranging.withdraw(session, draft.staff, draft.center, reason="")
    arranging.withdraw(session, draft.staff, draft.center, reason="ห้องไม่ว่าง")
    assert draft.center.published_at is None


def test_a_conflict_declared_later_shows_and_keeps_it_from_being_published(session, draft):
    setting.approve(session, draft.second, draft.center)
    draft.arrange()
    sat = next(sat for sat in queries.sittings_of(session, draft.center.id) if sat.assessors)
    assessor = queries.assessor_in(session, draft.center.id, sat.assessors[0])
    people.declare(session, draft.actor(assessor), draft.center, assessor, {sat.participants[0]: ("relative", "")})
    with pytest.raises(arranging.RulesBroken) as refused:
        arranging.publish(session, draft.staff, draft.center)
    assert "conflicts" in {problem.rule for problem in refused.value.problems}


def test_everybody_in_the_database_is_in_the_timetable(session, running):
    people_there = set(session.scalars(select(CenterParticipant.id)))
    for exercise in queries.exercises_of(session, running.center.id):
        seated = [
            who
            for sat in queries.sittings_of(session, running.center.id)
            if sat.sitting.exercise_id == exercise.id
            for who in sat.participants
        ]
        assert sorted(seated) == sorted(people_there)


def test_a_session_of_which_something_was_noted_stays_and_the_others_may_change(session, running):
    there, sittings = stands(session, running)
    actor, post = next((a, p) for a, p in running.posts() if p.sitting is not None)
    observing.observe(session, actor, post, words="เห็น")
    session.commit()
    seen = post.sitting.id
    assessor = next(int(a) for a in there.task.assessors if a not in sittings[seen].assessors)

    def change(number):
        one = sittings[number]
        arranging.change_sitting(
            session, running.staff, running.center, number, starts_at=there.slots[one.start], room_id=int(one.room),
            assessor_ids=[assessor], version=running.center.version,
        )  # fmt: skip

    with pytest.raises(RuleBroken, match="รอบนี้แล้ว"):
        change(seen)
    others = [key for key, one in sittings.items() if key != seen and one.exercise == "role-play"]
    moved = 0
    for number in others:
        try:
            change(number)
            moved += 1
        except arranging.RulesBroken:
            session.rollback()
    assert moved, "another session could be given to somebody else"


def test_written_work_goes_to_another_reader_without_a_conflict(session, running):
    reader = queries.readers_of(session, running.center.id)[0]
    rows = queries.assessors_of(session, running.center.id)
    first, second = [row for row in rows if row.id != reader.assessor_id][:2]
    people.declare(session, running.staff, running.center, first, {reader.participant_id: ("relative", "")})
    with pytest.raises(RuleBroken, match="ส่วนได้เสีย"):
        arranging.change_reader(session, running.staff, running.center, reader, assessor_id=first.id)
    arranging.change_reader(session, running.staff, running.center, reader, assessor_id=second.id)
    assert reader.assessor_id == second.id
    with pytest.raises(RuleBroken, match="อยู่แล้ว"):
        arranging.change_reader(session, running.staff, running.center, reader, assessor_id=second.id)


def test_a_conflict_with_a_reader_is_a_broken_rule(session, running):
    reader = queries.readers_of(session, running.center.id)[0]
    assessor = queries.assessor_in(session, running.center.id, reader.assessor_id)
    assert arranging.problems_of(session, running.center) == []
    people.declare(session, running.staff, running.center, assessor, {reader.participant_id: ("relative", "")})
    assert "conflicts" in {problem.rule for problem in arranging.problems_of(session, running.center)}
