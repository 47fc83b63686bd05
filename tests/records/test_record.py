"""One officer's development record: every figure with its source, and nobody sees what is not theirs."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from tests.shortlist import world
from webapp import clock
from webapp.assessments.models import ScoreEntry, ScoreRelease
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Enrollment
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.records.queries import officer_by_no, record_of
from webapp.records.rules import Reader


@pytest.fixture
def cohort(session):
    made = world.five_and_more(session)
    session.add(
        ScoreRelease(cohort_id=made.id, purpose="ranking", component="exam", released_by="ก", released_at=clock.now())
    )
    session.commit()
    return made


def reading(session, number, *roles, own=False, officer_id=None):
    officer = officer_by_no(session, number)
    return record_of(session, officer, Reader(frozenset(roles), officer.id if own else officer_id))


def test_every_figure_names_its_source(session, cohort, any_database):
    record = reading(session, "A5", "institute")
    place = record.cohorts[0]
    assert (place.hours_attended, place.hours_held, place.attendance_percent) == (12, 12, 100)
    assert (place.coaching_hours, place.shadowing_hours) == (2, 0)
    proposal = next(s for s in place.scores if s.component.code == "proposal")
    assert proposal.score == Fraction("72.75")
    assert [(e.member, e.total) for e in proposal.entries] == [("กรรมการ ก", 70), ("กรรมการ ข", Fraction("75.5"))]
    sources = (
        [p.source for p in record.postings] + [e.source for e in proposal.entries] + [c.source for c in place.coaching]
    )
    assert all(source.table and source.id and source.by and source.at for source in sources)


def test_an_officer_sees_released_scores_only_and_not_who_of_the_panel_gave_which(session, cohort):
    scores = {s.component.code: s for s in reading(session, "A5", "officer", own=True).cohorts[0].scores}
    assert (scores["exam"].state, scores["exam"].score) == ("scored", 75)
    assert (scores["proposal"].state, scores["proposal"].score, scores["proposal"].entries) == ("hidden", None, ())
    assert scores["exam"].entries[0].source.by == ""


def test_a_mentor_sees_theirs_without_scores_before_release(session, cohort):
    mentor = officer_by_no(session, "A1")
    trainee = session.scalar(select(Enrollment).join(Officer).where(Officer.officer_no == "A5"))
    session.add(MentorPairing(enrollment_id=trainee.id, mentor_id=mentor.id, paired_by="ก", paired_at=clock.now()))
    session.commit()
    scores = {s.component.code: s for s in reading(session, "A5", "mentor", officer_id=mentor.id).cohorts[0].scores}
    assert (scores["exam"].score, scores["exam"].entries, scores["proposal"].state) == (75, (), "hidden")
    with pytest.raises(NotFound):
        reading(session, "A4", "mentor", officer_id=mentor.id)


def test_another_officer_sees_nothing(session, cohort):
    for roles in (["officer"], ["assessor"], ["administrator"], []):
        with pytest.raises(NotFound):
            reading(session, "A5", *roles, officer_id=officer_by_no(session, "A1").id)


def test_the_commission_sees_hours_and_counts_of_coaching_but_not_its_text(session, cohort):
    place = reading(session, "A5", "commission").cohorts[0]
    assert (place.coaching_minutes, len(place.coaching), place.coaching[0].topic) == (120, 1, "")
    assert {s.component.code: s.state for s in place.scores}["proposal"] == "hidden"


def test_a_correction_shows_beside_what_it_replaced(session, cohort):
    first = session.scalar(select(ScoreEntry).where(ScoreEntry.component == "exam").order_by(ScoreEntry.id))
    session.add(ScoreEntry(
        enrollment_id=first.enrollment_id, purpose="ranking", component="exam", score=96, maximum=100, reason="บวกผิด",
        replaces_id=first.id, entered_by="ข", entered_at=clock.now(),
    ))  # fmt: skip
    session.commit()
    exam = reading(session, "A1", "institute").cohorts[0].scores[0]
    assert exam.score == 96
    assert [(e.total, e.stands, e.source.reason) for e in exam.entries] == [(95, False, ""), (96, True, "บวกผิด")]


def test_the_record_costs_the_same_whatever_is_in_it(session, cohort, statements):
    officer = officer_by_no(session, "A5")
    with statements() as few:
        record_of(session, officer)
    enrollment = session.scalar(select(Enrollment).where(Enrollment.officer_id == officer.id))
    for minutes in range(10, 40):
        world.coached(session, enrollment, minutes, mentor=officer)
    session.commit()
    officer = officer_by_no(session, "A5")
    with statements() as many:
        record_of(session, officer)
    assert len(many) == len(few) <= 20
