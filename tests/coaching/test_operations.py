"""Sessions and pairings as they are kept: once, only of one's own trainees, changed only while it may be."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.coaching.people import People, pair, people, said
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.audit import Actor, AuditEntry
from webapp.coaching import operations, pairing, queries
from webapp.coaching.models import CoachingSession, MentorPairing
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.notices.models import Notice


@pytest.fixture
def world(session: Session) -> People:
    return people(session)


def record(session: Session, world: People, key: str = "k1", **more: Any) -> CoachingSession:
    made = operations.record_session(
        session,
        actor_for(world.mentor_account),
        mentor_id=world.mentor.id,
        enrollment_id=world.first.id,
        key=key,
        **said(**more),
    )
    session.commit()
    return queries.own_session(session, world.first.officer_id, made.id)


def acknowledge(session: Session, world: People, held: CoachingSession) -> None:
    operations.acknowledge(session, actor_for(world.first_account), held, version=held.version)
    session.commit()


def test_a_session_counts_only_once_acknowledged(session: Session, world: People) -> None:
    held = record(session, world)
    assert queries.minutes_by(session, [world.first.id])[world.first.id].counted == 0
    acknowledge(session, world, held)
    minutes = queries.minutes_by(session, [world.first.id])[world.first.id]
    assert (minutes.counted, minutes.waiting, minutes.shadowing) == (60, 0, 0)


def test_shadowing_is_counted_apart(session: Session, world: People) -> None:
    acknowledge(session, world, record(session, world, kind="shadowing", minutes=240))
    minutes = queries.minutes_by(session, [world.first.id])[world.first.id]
    assert (minutes.counted, minutes.shadowing) == (0, 240)


def test_the_trainee_is_told_and_the_act_is_audited(session: Session, world: People) -> None:
    record(session, world)
    assert (
        session.scalar(select(Notice.kind).where(Notice.account_id == world.first_account.id))
        == "coaching:session:recorded"
    )
    assert session.scalar(select(func.count()).where(AuditEntry.action == "coaching:session:record")) == 1


def test_the_same_form_sent_twice_records_once(session: Session, world: People) -> None:
    first, second = record(session, world), record(session, world)
    assert first.id == second.id
    assert session.scalar(select(func.count(CoachingSession.id))) == 1


def test_the_same_key_with_other_content_is_refused(session: Session, world: People) -> None:
    record(session, world)
    with pytest.raises(Conflict):
        record(session, world, minutes=90)


def test_another_session_of_the_same_day_needs_its_starting_time(session: Session, world: People) -> None:
    record(session, world)
    with pytest.raises(RuleBroken, match="เวลาเริ่ม"):
        record(session, world, key="k2")
    record(session, world, key="k2", started_at="13:30")


def test_a_withdrawn_session_leaves_its_place_free(session: Session, world: People) -> None:
    held = record(session, world)
    operations.withdraw_session(session, actor_for(world.mentor_account), held, reason="ผิดวัน", version=held.version)
    session.commit()
    assert record(session, world, key="k2").id != held.id


def test_only_ones_own_trainees_can_be_recorded(session: Session, world: People) -> None:
    with pytest.raises(NotFound):
        operations.record_session(
            session,
            actor_for(world.mentor_account),
            mentor_id=world.mentor.id,
            enrollment_id=world.second.id,
            key="k",
            **said(),
        )


def test_nobody_records_a_session_with_themselves(session: Session, world: People, actor: Actor) -> None:
    pair(session, world.first, world.trainee)
    with pytest.raises(RuleBroken, match="ตนเอง"):
        operations.record_session(
            session, actor, mentor_id=world.first.officer_id, enrollment_id=world.first.id, key="k", **said()
        )


def test_a_correction_asks_the_trainee_again(session: Session, world: People) -> None:
    held = record(session, world)
    operations.question_session(session, actor_for(world.first_account), held, words="45 นาที", version=held.version)
    assert queries.questioned_of_mentor(session, world.mentor.id) == [held]
    operations.change_session(session, actor_for(world.mentor_account), held, version=held.version, **said(minutes=45))
    assert queries.questioned_of_mentor(session, world.mentor.id) == []
    assert queries.to_acknowledge(session, world.first.officer_id) == [held]
    assert (held.minutes, held.question) == (45, "45 นาที")


def test_an_acknowledged_session_is_withdrawn_by_staff_only(session: Session, world: People, actor: Actor) -> None:
    held = record(session, world)
    acknowledge(session, world, held)
    with pytest.raises(RuleBroken, match="รับรอง"):
        operations.change_session(session, actor, held, version=held.version, **said(minutes=90))
    with pytest.raises(RuleBroken, match="รับรอง"):
        operations.withdraw_session(session, actor, held, reason="ผิด", version=held.version)
    with pytest.raises(RuleBroken, match="เหตุผล"):
        operations.withdraw_session(session, actor, held, reason=" ", version=held.version, staff=True)
    operations.withdraw_session(session, actor, held, reason="บันทึกผิดคน", version=held.version, staff=True)
    session.commit()
    assert queries.minutes_by(session, [world.first.id])[world.first.id].counted == 0
    assert session.get_one(CoachingSession, held.id).withdrawn_reason == "บันทึกผิดคน"


def test_a_stale_page_changes_nothing(session: Session, world: People, actor: Actor) -> None:
    held = record(session, world)
    seen = held.version
    operations.change_session(session, actor, held, version=seen, **said(minutes=45))
    with pytest.raises(Conflict):
        operations.change_session(session, actor, held, version=seen, **said(minutes=50))
    with pytest.raises(Conflict):
        operations.acknowledge(session, actor_for(world.first_account), held, version=seen)
    assert held.minutes == 45


def test_acknowledging_twice_is_the_same_as_once(session: Session, world: People, actor: Actor) -> None:
    held = record(session, world)
    version = held.version
    assert operations.acknowledge(session, actor, held, version=version)
    assert not operations.acknowledge(session, actor, held, version=version)


def test_a_closed_cohort_takes_no_sessions(session: Session, world: People) -> None:
    world.cohort.closed_at = clock.now()
    session.commit()
    with pytest.raises(RuleBroken, match="ปิด"):
        record(session, world)


def test_pairing_evenly_leaves_those_with_a_mentor_alone(session: Session, world: People, actor: Actor) -> None:
    standing = session.scalars(select(MentorPairing)).all()
    pairing.end_pairing(session, actor, queries.pairing_in(session, world.cohort, standing[0].id), reason="ย้ายหน่วยงาน")
    assert pairing.pair_evenly(session, actor, world.cohort, [world.mentor, world.other]) == 1
    assert len(queries.mentors_of(session, [world.first.id])[world.first.id]) == 1
    with pytest.raises(RuleBroken):
        pairing.pair_evenly(session, actor, world.cohort, [world.mentor])


def test_a_pairing_that_stands_is_not_made_again(session: Session, world: People, actor: Actor) -> None:
    with pytest.raises(RuleBroken, match="อยู่แล้ว"):
        pairing.pair(session, actor, world.first, world.mentor)
    with pytest.raises(RuleBroken, match="ตนเอง"):
        pairing.pair(session, actor, world.first, world.trainee)


def test_an_ended_pairing_takes_the_right_to_record_away(session: Session, world: People, actor: Actor) -> None:
    row = queries.mentors_of(session, [world.first.id])[world.first.id][0]
    pairing.end_pairing(session, actor, queries.pairing_in(session, world.cohort, row.id), reason="เกษียณ")
    with pytest.raises(NotFound):
        record(session, world)


@pytest.mark.parametrize(
    "values",
    [{"kind": "lunch"}, {"minutes": 0}, {"minutes": 1441}, {"mentor_id": None}, {"natural_key": "same"}, {"key": "k1"}],
)
def test_the_database_says_no_too(session: Session, world: People, values: dict[str, Any]) -> None:
    held = record(session, world)
    held.natural_key = "same"
    session.commit()
    row = {
        "enrollment_id": world.first.id, "mentor_id": world.mentor.id, "held_on": clock.today(), "kind": "coaching",
        "minutes": 60, "topic": "x", "recorded_by": "x", "recorded_at": clock.now(), **values,
    }  # fmt: skip
    session.add(CoachingSession(**row))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_keeps_one_standing_pairing(session: Session, world: People) -> None:
    with pytest.raises(IntegrityError):
        pair(session, world.first, world.mentor)
