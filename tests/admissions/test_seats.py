"""Seats after publication: answers, calls in order, registers across cohorts, and what the passing of days does."""

import datetime as dt

import pytest
from sqlalchemy import select

from tests.admissions import world
from webapp import clock
from webapp.admissions import applying, seats, sweeping
from webapp.admissions import selection_queries as reads
from webapp.admissions.models import Offer, RegisterEntry
from webapp.careers.models import Course
from webapp.errors import Conflict, RuleBroken
from webapp.notices.models import Notice
from webapp.officers.models import Officer

DAY = dt.timedelta(days=1)
MARKS = {f"A{place}": (95 - 5 * place,) * 3 for place in range(1, 6)}


@pytest.fixture
def people(session):
    return world.staff(session, "นางพรทิพย์"), world.staff(session, "นายสมเกียรติ")


@pytest.fixture
def cohort(session, people):
    """Published: A1 and A2 have seats, A3 is on the reserve list, A4 and A5 on the register."""
    made = world.cohort(session)
    world.with_plan(session, made, *people)
    world.candidates(session, made, people[0], MARKS)
    for number in ("A2", "A3"):
        from tests.people import account

        _officer(session, number).account_id = account("officer", name=number).id
    world.published(session, made, *people)
    session.commit()
    return made


def _officer(session, number):
    return session.scalars(select(Officer).where(Officer.officer_no == number)).one()


def _offer(session, number):
    return reads.own_offers(session, _officer(session, number).id)[0]


def _entry(session, number):
    officer = _officer(session, number)
    return session.scalars(
        select(RegisterEntry).where(RegisterEntry.officer_id == officer.id).order_by(RegisterEntry.id.desc())
    ).first()


def _waiting(session, cohort):
    return [
        (one.officer.officer_no, one.source, one.order) for one in reads.waiting_for(session, cohort, clock.today())
    ]


def _answer(session, number, accepted, reason=""):
    seats.answer(
        session, world.oneself(_officer(session, number)), _offer(session, number), accepted=accepted, reason=reason
    )


def test_whoever_takes_a_seat_is_enrolled_and_sending_twice_changes_nothing(any_database, session, cohort):
    _answer(session, "A1", True)
    _answer(session, "A1", True)
    assert world.statuses(session, cohort)["A1"] == "enrolled"
    with pytest.raises(Conflict):
        _answer(session, "A1", False, "เปลี่ยนใจ")


def test_giving_up_takes_a_reason_and_frees_the_seat_for_the_next(session, people, cohort):
    with pytest.raises(RuleBroken):
        _answer(session, "A2", False)
    session.rollback()
    assert seats.free_seats(session, cohort) == 0
    _answer(session, "A2", False, "ติดภารกิจ")
    assert seats.free_seats(session, cohort) == 1
    assert _waiting(session, cohort) == [("A3", "reserve", 1), ("A4", "register", 2), ("A5", "register", 3)]
    offer = seats.call(session, people[0], cohort, _entry(session, "A3").id)
    assert (offer.source, offer.answer_by) == ("reserve", clock.today() + dt.timedelta(days=7))
    assert _entry(session, "A3").state == "called"
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == _officer(session, "A3").account_id)).all()
    assert kinds[-1] == "admissions:offer:made", "told when the turn comes"
    _answer(session, "A3", True)
    assert (world.statuses(session, cohort)["A3"], _entry(session, "A3").state) == ("enrolled", "used")


def test_nobody_is_called_without_a_free_seat_or_past_others_without_a_reason(session, people, cohort):
    with pytest.raises(RuleBroken):
        seats.call(session, people[0], cohort, _entry(session, "A3").id)
    _answer(session, "A1", False, "ติดภารกิจ")
    with pytest.raises(RuleBroken):
        seats.call(session, people[0], cohort, _entry(session, "A4").id)
    offer = seats.call(session, people[0], cohort, _entry(session, "A4").id, reason="A3 ขอเลื่อนไปรุ่นหน้า")
    assert offer.passed_over == ["A3"]


def test_an_offer_not_answered_lapses_after_its_day_and_is_recalled_before(session, cohort):
    last = _offer(session, "A2").answer_by
    assert not sweeping.is_due(session, last - 3 * DAY)
    assert sweeping.sweep(session, last - 2 * DAY)["recalled"] == 2
    assert sweeping.sweep(session, last) == {}, "told once"
    assert sweeping.is_due(session, last + DAY)
    assert sweeping.sweep(session, last + DAY)["lapsed"] == 2
    assert sweeping.sweep(session, last + DAY) == {}
    assert world.statuses(session, cohort)["A2"] == "withdrawn"
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == _officer(session, "A2").account_id)).all()
    assert kinds[-2:] == ["admissions:offer:recalled", "admissions:offer:lapsed"]


def test_more_time_takes_a_reason_and_a_later_day(session, people, cohort):
    offer = _offer(session, "A2")
    with pytest.raises(RuleBroken):
        seats.extend(session, people[0], offer, answer_by=offer.answer_by, reason="ลาป่วย")
    with pytest.raises(RuleBroken):
        seats.extend(session, people[0], offer, answer_by=offer.answer_by + DAY, reason=" ")
    session.rollback()
    offer = _offer(session, "A2")
    later = offer.answer_by + 5 * DAY
    seats.extend(session, people[0], offer, answer_by=later, reason="ลาป่วย")
    assert sweeping.sweep(session, later)["lapsed"] == 1, "only the other one"


def test_the_register_is_told_of_its_end_and_ends(session, cohort):
    until = _entry(session, "A3").until_on
    sweeping.sweep(session, clock.today() + 100 * DAY)
    assert not sweeping.is_due(session, until - 31 * DAY)
    assert sweeping.sweep(session, until - 30 * DAY)["ending"] == 3
    assert sweeping.sweep(session, until)["ended"] == 0, "its last day counts"
    assert sweeping.sweep(session, until + DAY)["ended"] == 3
    assert _entry(session, "A4").state == "ended"
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == _officer(session, "A3").account_id)).all()
    assert kinds[-2:] == ["admissions:register:ending", "admissions:register:ended"]


def test_the_register_serves_the_next_cohort_and_its_own_reserve_comes_first(any_database, session, people, cohort):
    first, second = people
    later = world.cohort(session, "DD-2570-2", seats=2, reserve=1)
    assert _waiting(session, later) == [("A3", "register", 1), ("A4", "register", 2), ("A5", "register", 3)]
    seats.call(session, first, later, _entry(session, "A3").id)
    assert world.statuses(session, later) == {"A3": "admitted"}
    _answer(session, "A3", True)
    assert world.statuses(session, later) == {"A3": "enrolled"}
    world.with_plan(session, later, first, second)
    world.candidates(session, later, first, {"C1": (90, 90, 90), "C2": (80, 80, 80), "C3": (70, 70, 70)})
    made = world.published(session, later, first, second)
    assert made.seats == 1, "one seat went to the register"
    assert [(row.officer_no, row.kind) for row in reads.places_of(session, made.id)] == [
        ("C1", "seat"), ("C2", "reserve"), ("C3", "register"),
    ]  # fmt: skip
    assert [number for number, _source, _order in _waiting(session, later)] == ["C2", "A4", "A5", "C3"]


def test_whoever_leaves_is_out_of_the_register(session, people, cohort):
    from webapp.admissions.queries import application_of

    person = _officer(session, "A4")
    made = application_of(session, cohort.id, person.id)
    applying.withdraw(session, world.oneself(person), made, reason="ย้ายสังกัด")
    assert _entry(session, "A4").state == "left"
    assert [number for number, _source, _order in _waiting(session, cohort)] == ["A3", "A5"]


def test_the_rule_of_a_register_is_data_with_a_reason(session, people):
    course = session.scalars(select(Course).where(Course.code == "district-director-course")).one()
    assert seats.days_of(session, course.id) == (24, 7)
    for months, days, reason in ((0, 7, "x"), (121, 7, "x"), (12, 0, "x"), (12, 91, "x"), (12, 10, " ")):
        with pytest.raises(RuleBroken):
            seats.set_rule(session, people[0], course, months=months, answer_days=days, reason=reason)
    seats.set_rule(session, people[0], course, months=12, answer_days=10, reason="มติคณะกรรมการคัดเลือก")
    assert seats.days_of(session, course.id) == (12, 10)


def test_the_worker_does_what_is_due(app, session, cohort):
    from flask import current_app

    offer = _offer(session, "A2")
    offer.answer_by = clock.today() - DAY
    session.commit()
    for sweep in current_app.extensions["kaona.sweeps"]:
        sweep(session)
    assert session.get_one(Offer, offer.id).answer == "lapsed"


def test_a_notice_tells_the_day_in_the_readers_words(app):
    from flask_babel import force_locale

    from webapp.notices.texts import text_of

    text, values = text_of("admissions:offer:made"), {"cohort": "รุ่น 1", "day": "2026-12-06"}
    with app.test_request_context(), force_locale("th"):
        assert "ภายใน 6 ธันวาคม 2569" in text.filled(values)
    with app.test_request_context(), force_locale("en"):
        assert "until 6 December 2026" in text.filled(values)


def test_staff_record_an_answer_given_on_paper_and_the_officer_is_told(session, people, cohort):
    offer = _offer(session, "A2")
    with pytest.raises(RuleBroken):
        seats.answer_for(session, people[0], offer, accepted=True, reason=" ")
    seats.answer_for(session, people[0], offer, accepted=True, reason="หนังสือตอบรับ ลงวันที่ 1")
    assert (world.statuses(session, cohort)["A2"], offer.answered_by) == ("enrolled", "นางพรทิพย์")
    kinds = session.scalars(select(Notice.kind).where(Notice.account_id == _officer(session, "A2").account_id)).all()
    assert kinds[-1] == "admissions:offer:recorded"
