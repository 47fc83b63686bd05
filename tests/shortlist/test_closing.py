"""Closing a cohort: training records for everybody who stayed, once, and taken back only with a reason."""

import datetime as dt

import pytest
from sqlalchemy import select

from tests.shortlist import world
from webapp import clock
from webapp.careers.models import Course
from webapp.courses.models import Enrollment
from webapp.errors import Conflict, RuleBroken
from webapp.officers.models import Officer, TrainingRecord
from webapp.shortlist import closing, operations


def results(session, standing=True):
    rows = select(Officer.officer_no, TrainingRecord.result).join(Officer, Officer.id == TrainingRecord.officer_id)
    rows = rows.where(TrainingRecord.voided_at.is_(None) if standing else TrainingRecord.voided_at.is_not(None))
    return dict(session.execute(rows.order_by(Officer.officer_no)).all())


def statuses(session):
    rows = select(Officer.officer_no, Enrollment.status).join(Officer, Officer.id == Enrollment.officer_id)
    return dict(session.execute(rows).all())


def test_whoever_meets_every_mark_and_gate_has_passed_among_the_five_or_not(session, actor, cohort, any_database):
    report = closing.close(session, actor=actor, cohort=cohort)
    session.commit()
    assert results(session) == {
        **dict.fromkeys(["A1", "A2", "A3", "A4", "A5", "A6"], "passed"),
        "B1": "failed",
        "B3": "failed",
    }
    assert (report.passed, report.failed, report.created) == (6, 2, 8)
    assert session.scalar(select(TrainingRecord.completed_on).limit(1)) == cohort.ends_on
    found = statuses(session)
    assert (found["A1"], found["B1"], found["B2"], found["C1"]) == ("completed", "completed", "withdrawn", "applied")


def test_a_missing_score_without_a_pass_mark_is_no_mark_missed(session, actor):
    cohort = world.cohort(session)
    world.plan(session, cohort)
    world.enroll(session, cohort, world.officer(session, "A1"), {"exam": 60, "proposal": 60})
    world.enroll(session, cohort, world.officer(session, "A2"), {"exam": 60})
    closing.close(session, actor=actor, cohort=cohort)
    assert results(session) == {"A1": "passed", "A2": "failed"}


def test_closing_twice_changes_nothing(session, actor, cohort):
    first = closing.close(session, actor=actor, cohort=cohort)
    session.commit()
    second = closing.close(session, actor=actor, cohort=cohort)
    assert (second.passed, second.failed, second.created, second.completed_on) == (
        first.passed,
        first.failed,
        0,
        first.completed_on,
    )
    assert len(session.scalars(select(TrainingRecord)).all()) == 8


def test_results_that_changed_since_need_the_cohort_reopened(session, actor, cohort):
    closing.close(session, actor=actor, cohort=cohort)
    enrollment = session.scalar(select(Enrollment).join(Officer).where(Officer.officer_no == "B3"))
    world.coached(session, enrollment, 1, mentor=session.get(Officer, enrollment.officer_id), kind="mentoring")
    with pytest.raises(Conflict):
        closing.close(session, actor=actor, cohort=cohort)
    closing.reopen(session, actor=actor, cohort=cohort, reason="พบชั่วโมงที่ขาด")
    assert (results(session), len(results(session, standing=False))) == ({}, 8)
    assert statuses(session)["A1"] == "enrolled"
    closing.close(session, actor=actor, cohort=cohort)
    assert results(session)["B3"] == "passed"


def test_a_cohort_is_reopened_only_with_a_reason(session, actor, cohort):
    with pytest.raises(Conflict):
        closing.reopen(session, actor=actor, cohort=cohort, reason="เหตุผล")
    closing.close(session, actor=actor, cohort=cohort)
    with pytest.raises(RuleBroken):
        closing.reopen(session, actor=actor, cohort=cohort, reason="  ")


def test_records_never_bear_a_day_after_today(session, actor, monkeypatch):
    monkeypatch.setenv("KAONA_TODAY", "2026-05-15")
    cohort = world.cohort(session, ends_on=dt.date(2026, 6, 30))
    world.plan(session, cohort)
    world.enroll(session, cohort, world.officer(session, "A1"), {"exam": 60, "proposal": 60})
    assert closing.close(session, actor=actor, cohort=cohort).completed_on == dt.date(2026, 5, 15)
    session.commit()
    monkeypatch.setenv("KAONA_TODAY", "2026-07-15")
    assert closing.close(session, actor=actor, cohort=cohort).completed_on == dt.date(2026, 5, 15)


def test_an_imported_record_that_says_otherwise_is_replaced_and_kept(session, actor, cohort):
    officer = session.scalar(select(Officer).where(Officer.officer_no == "A1"))
    course = session.scalar(select(Course).where(Course.code == "district-director-course"))
    session.add(TrainingRecord(officer_id=officer.id, course_id=course.id, completed_on=cohort.ends_on, result="failed",
                               entered_by="นำเข้า", entered_at=clock.now()))  # fmt: skip
    session.commit()
    closing.close(session, actor=actor, cohort=cohort)
    assert results(session)["A1"] == "passed"
    assert results(session, standing=False) == {"A1": "failed"}


def test_the_ranking_is_the_same_after_closing(session, actor, cohort):
    before = operations.rank_cohort(session, cohort)
    closing.close(session, actor=actor, cohort=cohort)
    assert operations.rank_cohort(session, cohort) == before
