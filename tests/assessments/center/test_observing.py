"""Observing before rating, blind until one's own ratings are in, first ratings never changed: rules and database."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.assessments.center.conftest import begin
from tests.people import enter_as
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.center import arranging, observing, places, results_queries, setting
from webapp.assessments.center.models_results import CenterObservation, CenterRating
from webapp.errors import Conflict, NotFound, RuleBroken


def start(session):
    house = begin(session, 2)
    setting.approve(session, house.second, house.center)
    house.arrange()
    arranging.publish(session, house.staff, house.center)
    session.commit()
    return house


def test_no_rating_without_an_observation_classed_under_its_competency(session, running):
    actor, post = running.posts()[0]
    levels = dict.fromkeys(post.competencies, 4)
    with pytest.raises(RuleBroken, match="บันทึกการสังเกต"):
        observing.submit(session, actor, post, levels, {})
    seen = observing.observe(session, actor, post, words="ถามความเห็นทุกคน", classed={"leadership": "+"})
    assert observing.unobserved(session, post) == ["coordination"]
    with pytest.raises(RuleBroken, match="บันทึกการสังเกต"):
        observing.submit(session, actor, post, levels, {})
    observing.class_under(session, actor, post, seen, competency="coordination", sign="-")
    assert len(observing.submit(session, actor, post, levels, {})) == 2


def test_the_database_says_so_too(any_database, session):
    house = start(session)
    _actor, post = house.posts()[0]
    session.add(
        CenterRating(
            participant_id=post.participant.id, exercise_id=post.exercise.id, assessor_id=post.assessor.id,
            competency_code="leadership", rating=3, rated_at=clock.now(), rated_by="ใครก็ไม่รู้",
        )
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="a rating needs an observation"):
        session.flush()


@pytest.mark.parametrize("table", ["center_rating", "center_observation", "center_classing"])
def test_what_was_seen_and_rated_is_only_added(any_database, session, table):
    house = start(session)
    house.rate(*house.posts()[0])
    session.commit()
    for act in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(act))
        session.rollback()


def test_a_first_rating_is_one_and_is_corrected_by_another_with_a_reason(session, running):
    actor, post = running.posts()[0]
    running.rate(actor, post, leadership=2)
    again = observing.submit(session, actor, post, {"leadership": 2, "coordination": 3}, {})
    assert len(again) == 2, "sent twice it is the same act"
    with pytest.raises(Conflict):
        observing.submit(session, actor, post, {"leadership": 5, "coordination": 3}, {})
    with pytest.raises(RuleBroken, match="ส่งคะแนนของแบบฝึกนี้แล้ว"):
        observing.observe(session, actor, post, words="เพิ่มทีหลัง")
    with pytest.raises(RuleBroken, match="เหตุผล"):
        observing.correct(session, actor, post, "leadership", rating=4, reason=" ")
    observing.correct(session, actor, post, "leadership", rating=4, reason="อ่านตัวบ่งชี้ผิดระดับ")
    first = {row.competency_code: row.rating for row in results_queries.first_ratings(session, running.center.id)}
    standing = {row.competency_code: row.rating for row in results_queries.standing_ratings(session, running.center.id)}
    assert (first["leadership"], standing["leadership"]) == (2, 4)


def test_every_competency_is_rated_from_1_to_5(session, running):
    actor, post = running.posts()[0]
    for code in post.competencies:
        observing.observe(session, actor, post, words="เห็น", classed={code: "+"})
    for levels in ({"leadership": 3}, {"leadership": 0, "coordination": 3}, {"leadership": 6, "coordination": 3}):
        with pytest.raises(RuleBroken, match="1 ถึง 5"):
            observing.submit(session, actor, post, levels, {})


def test_an_observation_sent_twice_is_kept_once_and_its_time_is_never_ahead(session, running):
    actor, post = running.posts()[0]
    ahead = clock.now() + dt.timedelta(hours=3)
    one = observing.observe(session, actor, post, words="สรุปประเด็น", seen_at=ahead, key="k1")
    assert one.seen_at <= clock.now()
    early = clock.now() - dt.timedelta(minutes=40)
    assert observing.observe(session, actor, post, words="พูดช้า", seen_at=early, key="k2").seen_at == early
    assert observing.observe(session, actor, post, words="สรุปประเด็น", key="k1").id == one.id
    with pytest.raises(Conflict):
        observing.observe(session, actor, post, words="อย่างอื่น", key="k1")
    assert session.query(CenterObservation).count() == 2
    with pytest.raises(RuleBroken):
        observing.observe(session, actor, post, words="  ")


def test_nobody_notes_for_another_nor_where_the_timetable_does_not_put_them(session, running):
    actor, post = running.posts()[0]
    other = next(actor_for(one) for one in running.accounts if one.id != actor.account_id)
    with pytest.raises(NotFound):
        observing.observe(session, other, post, words="แอบอ้าง")
    taken = set(places.places_of(session, running.center.id))
    free = next(
        (assessor, participant)
        for _a, one in running.posts()
        for _b, two in running.posts()
        for assessor, participant in [(one.assessor, two.participant)]
        if places.Place(participant.id, post.exercise.id, assessor.id) not in taken
    )
    with pytest.raises(NotFound):
        observing.post_of(session, running.center, *free, post.exercise)


def test_a_session_is_noted_from_half_an_hour_before_it_begins(session, monkeypatch):
    house = start(session)
    actor, post = next((actor, post) for actor, post in house.posts() if post.sitting is not None)
    for early, open_ in ((31, False), (30, True)):
        monkeypatch.setattr(clock, "now", lambda early=early: post.sitting.starts_at - dt.timedelta(minutes=early))
        if open_:
            observing.observe(session, actor, post, words="เริ่มก่อนเวลา")
        else:
            with pytest.raises(RuleBroken, match="ยังไม่เริ่ม"):
                observing.observe(session, actor, post, words="เริ่มก่อนเวลา")


def test_others_ratings_show_only_after_all_of_ones_own(session, running, client):
    rows = running.posts()
    actor, post = next((a, p) for a, p in rows if p.exercise.code == "role-play")
    others = [(a, p) for a, p in rows if p.participant.id == post.participant.id and a.account_id != actor.account_id]
    mine = [(a, p) for a, p in rows if p.participant.id == post.participant.id and a.account_id == actor.account_id]
    number = post.participant.officer.officer_no
    for one in others:
        running.rate(*one, leadership=5)
    session.commit()
    account = next(one for one in running.accounts if one.id == actor.account_id)
    enter_as(client, account)
    page = f"/centers/{running.center.code}/washup/{number}"
    assert client.get(page).status_code == 404
    own = client.get(f"/centers/{running.center.code}/work/role-play/{number}")
    assert own.status_code == 200
    assert "เห็น leadership" not in own.text, "nothing of what another noted"
    for one in mine:
        running.rate(*one)
    session.commit()
    assert client.get(page).status_code == 200
