"""Applications and nominations: window, repeat, papers, decision by the entry rule, exception by two, withdrawal."""

import datetime as dt
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.admissions import world
from webapp import clock
from webapp.admissions import applying, deciding, queries
from webapp.admissions.entry import check_from
from webapp.admissions.models import Application, Place
from webapp.courses.models import Enrollment
from webapp.database import canonical_json
from webapp.errors import Conflict, RuleBroken
from webapp.notices.models import Notice

DAY = dt.timedelta(days=1)


@pytest.fixture
def first(session):
    return world.staff(session, "นางพรทิพย์")


@pytest.fixture
def second(session):
    return world.staff(session, "นายสมเกียรติ")


def test_applied_twice_is_one_application_and_what_was_typed_is_kept(any_database, session):
    cohort, person = world.cohort(session), world.officer(session, "A1")
    made = world.applied(session, cohort, person)
    again = world.applied(session, cohort, person, motive="อีกเหตุผลหนึ่ง")
    assert made.id == again.id and again.motive == "อีกเหตุผลหนึ่ง"
    assert session.scalars(select(Enrollment)).all() == [], "an application is no enrollment before it is accepted"


def test_outside_the_window_nothing_is_taken(session):
    cohort, person = world.cohort(session), world.officer(session, "A1")
    for day in (cohort.applications_open_on - DAY, cohort.applications_close_on + DAY):
        with pytest.raises(RuleBroken):
            applying.apply(session, world.oneself(person), cohort, person, motive="x", today=day)
    applying.apply(session, world.oneself(person), cohort, person, motive="x", today=cohort.applications_close_on)


def test_whoever_meets_the_rule_is_accepted_and_stands_in_the_cohort_as_applied(session, first):
    cohort, person = world.cohort(session), world.officer(session, "A1", signs_in=True)
    made = world.applied(session, cohort, person)
    deciding.accept(session, first, made, version=made.version)
    assert (made.state, world.statuses(session, cohort)) == ("accepted", {"A1": "applied"})
    session.expire(made)
    kept = check_from(made.entry)
    assert kept.met is True and kept.day == cohort.applications_close_on
    told = session.scalars(select(Notice.kind).where(Notice.account_id == person.account_id)).all()
    assert told == ["admissions:application:accepted"]


def test_the_rule_is_checked_as_of_the_last_day_of_applications(session):
    from webapp.officers.models import Posting

    cohort, person = world.cohort(session), world.officer(session, "A1")
    posting = session.scalars(select(Posting).where(Posting.officer_id == person.id)).one()
    for day, met in ((cohort.applications_close_on, True), (cohort.applications_close_on + DAY, False)):
        posting.started_on = day
        session.flush()
        check = deciding.check_of(session, cohort, person.id)
        assert check.met is met
    unmet = check.unmet[0]
    assert (unmet.id, unmet.found, unmet.met_on) == ("dd-entry-assistant", 0, cohort.applications_close_on + DAY)
    assert check_from(json.loads(canonical_json(check.document()))) == check


def test_without_the_rule_met_it_takes_an_exception_by_two_people(any_database, session, first, second):
    cohort, person = world.cohort(session), world.officer(session, "B1", meets=False)
    made = world.applied(session, cohort, person)
    with pytest.raises(RuleBroken):
        deciding.accept(session, first, made)
    assert deciding.accept_all_met(session, first, cohort) == 0
    with pytest.raises(RuleBroken):
        deciding.propose_exception(session, first, made, reason="  ")
    deciding.propose_exception(session, first, made, reason="รักษาการมานาน")
    with pytest.raises(RuleBroken):
        deciding.approve_exception(session, first, made, reason="เห็นด้วย")
    deciding.approve_exception(session, second, made, reason="เห็นด้วย")
    assert (made.state, made.proposed_by, made.decided_by) == ("accepted", "นางพรทิพย์", "นายสมเกียรติ")
    session.expire(made)
    assert check_from(made.entry).met is False, "the check stays as it was"
    made.decided_by_id = made.proposed_by_id
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_refusal_has_its_reason_and_can_be_taken_back(session, first):
    cohort, person = world.cohort(session), world.officer(session, "B1", meets=False, signs_in=True)
    made = world.applied(session, cohort, person)
    with pytest.raises(RuleBroken):
        deciding.refuse(session, first, made, reason="")
    deciding.refuse(session, first, made, reason="ยังไม่เคยดำรงตำแหน่ง")
    assert made.enrollment_id is None and session.scalars(select(Enrollment)).all() == []
    with pytest.raises(RuleBroken):
        applying.add_file(session, world.oneself(person), made, "a.txt", b"x")
    deciding.reconsider(session, first, made, reason="พบคำสั่งใหม่")
    assert (made.state, made.decided_reason, made.entry) == ("filed", "", None)
    made.state = "refused"
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_nobody_decides_where_they_apply_themselves(session):
    person = world.officer(session, "A1", signs_in=True)
    cohort = world.cohort(session)
    made = world.applied(session, cohort, person)
    with pytest.raises(RuleBroken):
        deciding.accept(session, world.oneself(person), made)
    with pytest.raises(RuleBroken):
        deciding.accept_all_met(session, world.oneself(person), cohort)


def test_a_stale_page_decides_nothing(session, first):
    made = world.applied(session, world.cohort(session), world.officer(session, "A1"))
    with pytest.raises(Conflict):
        deciding.refuse(session, first, made, reason="x", version=made.version + 1)


def test_a_nomination_needs_head_reason_and_the_officers_answer(session, first):
    cohort, person = world.cohort(session), world.officer(session, "A1", signs_in=True)
    for head, reason in (("", "ดี"), ("ผู้อำนวยการเขต", " ")):
        with pytest.raises(RuleBroken):
            applying.nominate(session, first, cohort, person, head=head, reason=reason, today=clock.today())
    made = applying.nominate(session, first, cohort, person, head="ผู้อำนวยการเขต", reason="ดี", today=clock.today())
    assert made.state == "nominated" and session.scalars(select(Notice.kind)).all() == [
        "admissions:application:nominated"
    ]
    with pytest.raises(RuleBroken):
        applying.nominate(session, first, cohort, person, head="อีกคน", reason="ดี", today=clock.today())
    late = cohort.applications_close_on + DAY
    with pytest.raises(RuleBroken):
        applying.answer_nomination(session, world.oneself(person), made, taken=True, today=late)
    applying.answer_nomination(session, world.oneself(person), made, taken=False, reason="ติดภารกิจ", today=clock.today())
    assert made.state == "turned-down"
    again = world.applied(session, cohort, person)
    assert (again.id, again.state, again.via) == (made.id, "filed", "own")


def test_papers_are_kept_once_and_taken_out_while_nothing_is_decided(session):
    person = world.officer(session, "A1", signs_in=True)
    made = world.applied(session, world.cohort(session), person)
    actor = world.oneself(person)
    row = applying.add_file(session, actor, made, "คำสั่ง.txt", "คำสั่งแต่งตั้ง".encode())
    assert applying.add_file(session, actor, made, "คำสั่ง.txt", "คำสั่งแต่งตั้ง".encode()).id == row.id
    with pytest.raises(RuleBroken):
        applying.add_file(session, actor, made, "a.exe", b"MZ\x00\xff")
    applying.take_file_away(session, actor, made, queries.file_of(session, made.id, row.id))
    assert queries.files_of(session, made.id) == []


def test_withdrawing_takes_the_enrollment_along_and_can_be_done_over(session, first):
    cohort, person = world.cohort(session), world.officer(session, "A1", signs_in=True)
    made = world.applied(session, cohort, person)
    deciding.accept(session, first, made)
    applying.withdraw(session, world.oneself(person), made, reason="ติดภารกิจ")
    assert (made.state, world.statuses(session, cohort)) == ("withdrawn", {"A1": "withdrawn"})
    world.applied(session, cohort, person)
    deciding.accept(session, first, made)
    assert world.statuses(session, cohort) == {"A1": "applied"}


def test_the_database_keeps_states_and_one_application_per_officer(any_database, session, first):
    cohort, person = world.cohort(session), world.officer(session, "A1")
    world.applied(session, cohort, person)
    wrong = [
        Application(cohort_id=cohort.id, officer_id=person.id, state="filed", via="own"),
        Application(cohort_id=world.cohort(session, "X-1").id, officer_id=person.id, state="lost", via="own"),
        Place(selection_id=1, officer_id=person.id, officer_no="A1", kind="seat", rank=None),
    ]
    for row in wrong:
        session.commit()
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
