"""Setting a center up: the matrix, what is missing, the second person, people and their conflicts, rooms and times."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.assessments.center.conftest import EXERCISES, POLICY
from tests.assessments.conftest import officer
from webapp.accounts.queries import actor_for
from webapp.assessments.center import conflicts, people, queries, setting
from webapp.assessments.center.setting import ExerciseContent
from webapp.errors import Conflict, NotAllowed, RuleBroken


def codes(session, center):
    return [one.code for one in setting.missing(session, center)]


def test_a_new_center_says_everything_that_is_missing(session, draft):
    bare = setting.create(session, draft.staff, setting.Policy(name_th="เปล่า"))
    assert codes(session, bare) == [
        "purpose", "who_sees", "retention", "stars", "no-exercises", "participants", "assessors", "rooms", "blocks",
    ]  # fmt: skip
    assert codes(session, draft.center) == []


def test_each_competency_in_two_exercises_and_one_simulation(session, draft):
    lacks = setting.save_matrix(session, draft.staff, draft.center, {("role-play", "leadership"): Decimal(1)})
    assert {(one.code, one.about) for one in lacks} == {
        ("exercise-measures-nothing", "in-basket"), ("in-too-few-exercises", "leadership"),
    }  # fmt: skip
    with pytest.raises(RuleBroken, match="มากกว่า 0"):
        setting.save_matrix(session, draft.staff, draft.center, {("role-play", "leadership"): Decimal(0)})
    with pytest.raises(RuleBroken, match="ไม่มี"):
        setting.save_matrix(session, draft.staff, draft.center, {("none-such", "leadership"): Decimal(1)})


def test_nobody_approves_what_they_set_up_and_approved_it_stands(session, draft):
    with pytest.raises(RuleBroken, match="ผู้จัดทำ"):
        setting.approve(session, draft.staff, draft.center)
    with pytest.raises(NotAllowed):
        setting.approve(session, actor_for(draft.accounts[0]), draft.center)
    setting.approve(session, draft.second, draft.center)
    assert draft.center.approved_by == draft.second.name
    with pytest.raises(RuleBroken, match="อนุมัติแล้ว"):
        setting.save_exercise(session, draft.staff, draft.center, EXERCISES[0])
    with pytest.raises(RuleBroken, match="เหตุผล"):
        setting.reopen(session, draft.staff, draft.center, reason=" ")
    setting.reopen(session, draft.staff, draft.center, reason="แก้คำชี้แจง")
    assert draft.center.status == "draft"


def test_whoever_edits_after_reopening_is_not_the_second_person_any_more(session, draft):
    setting.save_exercise(
        session, draft.second, draft.center, EXERCISES[0], queries.exercise_in(session, draft.center.id, "role-play")
    )
    with pytest.raises(RuleBroken, match="ผู้จัดทำ"):
        setting.approve(session, draft.second, draft.center)


def test_what_is_missing_keeps_it_from_approval(session, draft):
    lonely = ExerciseContent("case", "case-analysis", "กรณีศึกษา", assessors=0, instructions_th="ทำ")
    setting.save_exercise(session, draft.staff, draft.center, lonely)
    assert codes(session, draft.center) == ["exercise-measures-nothing", "nobody-observes"]
    with pytest.raises(RuleBroken, match="ขาดอยู่ 2"):
        setting.approve(session, draft.second, draft.center)


def test_a_stale_edit_is_refused(session, draft):
    session.commit()
    seen = draft.center.version
    setting.change(session, draft.staff, draft.center, POLICY, version=seen)
    session.commit()
    with pytest.raises(Conflict):
        setting.change(session, draft.second, draft.center, POLICY, version=seen)
    with pytest.raises(Conflict):
        setting.save_matrix(session, draft.second, draft.center, {}, version=seen)


def test_conflicts_come_from_the_register_and_from_declarations(session, draft):
    first, second = draft.accounts[:2]
    chief = officer(session, "B1", "หัวหน้า", account_id=first.id)
    participant = draft.participant()
    participant.officer.supervisor_id = chief.id
    session.flush()
    rows = queries.assessors_of(session, draft.center.id)
    people.declare(session, actor_for(second), draft.center, rows[1], {draft.participant(1).id: ("relative", "พี่น้อง")})
    found = {
        (one.assessor_id, one.participant_id, one.kind, one.source) for one in conflicts.known(session, draft.center.id)
    }
    assert found == {
        (rows[0].id, participant.id, "supervisor", "supervisor"),
        (rows[1].id, draft.participant(1).id, "relative", "declared"),
    }
    with pytest.raises(NotAllowed):
        people.declare(session, actor_for(second), draft.center, rows[0], {})
    declared = conflicts.declared(session, draft.center.id)[0]
    with pytest.raises(RuleBroken, match="เหตุผล"):
        people.remove_conflict(session, draft.staff, draft.center, declared, reason="")
    people.remove_conflict(session, draft.staff, draft.center, declared, reason="เข้าใจผิดคน")
    assert len(conflicts.known(session, draft.center.id)) == 1


def test_times_hold_whole_slots_and_lie_apart(session, draft):
    there = queries.blocks_of(session, draft.center.id)[0].starts_at
    for starts, minutes, words in (
        (there + dt.timedelta(days=1), 45, "ช่องละ 30"),
        (there + dt.timedelta(days=1), 0, "จบหลังเริ่ม"),
        (there + dt.timedelta(minutes=210), 60, "ทับ"),
    ):
        with pytest.raises(RuleBroken, match=words):
            people.add_block(
                session, draft.staff, draft.center, starts_at=starts, ends_at=starts + dt.timedelta(minutes=minutes)
            )
    people.add_block(
        session,
        draft.staff,
        draft.center,
        starts_at=there + dt.timedelta(hours=4),
        ends_at=there + dt.timedelta(hours=5),
    )


def test_people_and_places_stand_while_there_is_a_timetable(session, running):
    for act in (
        lambda: people.add_participants(session, running.staff, running.center, [officer(session, "N1").id]),
        lambda: people.remove_participant(session, running.staff, running.center, running.participant()),
        lambda: people.add_room(session, running.staff, running.center, name="ใหม่", holds=1),
    ):
        with pytest.raises(RuleBroken, match="จัดตารางไว้แล้ว"):
            act()


def test_performance_needs_its_source_and_nobody_gives_themselves_one(session, draft):
    row = draft.participant()
    with pytest.raises(RuleBroken, match="ที่มา"):
        people.set_performance(session, draft.staff, draft.center, row, performance=Decimal(4), source=" ")
    for figure in ("0.9", "5.1"):
        with pytest.raises(RuleBroken, match="ระหว่าง 1 ถึง 5"):
            people.set_performance(
                session, draft.staff, draft.center, row, performance=Decimal(figure), source="ปี 2569"
            )
    row.officer.account_id = draft.staff.account_id
    with pytest.raises(RuleBroken, match="เข้ารับการประเมินนี้เอง"):
        people.set_performance(session, draft.staff, draft.center, row, performance=Decimal(4), source="ปี 2569")


def test_codes_count_the_centers_of_a_fiscal_year(session, draft):
    again = setting.create(session, draft.staff, POLICY, key="k1")
    assert setting.create(session, draft.staff, POLICY, key="k1") is again, "sent twice it is made once"
    start, _dash, number = again.code.rpartition("-")
    assert draft.center.code == f"{start}-{int(number) - 1}"
