"""A center's finals enter a cohort's ranking only through a component of its plan, by the one ledger, with nothing rounded."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select

from tests.assessments.conftest import enroll
from webapp import clock
from webapp.assessments.center import transfer, washup
from webapp.assessments.models import ScoreEntry
from webapp.assessments.plans.operations import load_plan
from webapp.assessments.plans.rules import ComponentContent, PlanContent, TieBreakerContent
from webapp.assessments.queries import standing_scores
from webapp.careers.models import Course
from webapp.courses.models import Cohort
from webapp.errors import NotAllowed, RuleBroken

PLAN = PlanContent(
    components=(
        ComponentContent("exam", "การสอบ", "Examination", Decimal(60), Decimal(100), None, "exam", "มติ"),
        ComponentContent(
            "center", "ศูนย์การประเมิน", "Center", Decimal(40), Decimal(30), Decimal(60), "assessment-center", "มติ"
        ),
    ),
    gates=(),
    tie_breakers=(TieBreakerContent("exam", "มติ"),),
)


@pytest.fixture
def target(session, running):
    """A cohort of the center's first participant and somebody else; its plan asks for the center."""
    course = session.scalar(select(Course).where(Course.code == "district-director-course"))
    cohort = Cohort(
        code="DD-9", course_id=course.id, name_th="รุ่น", name_en="", starts_on=dt.date(2026, 1, 5),
        ends_on=dt.date(2026, 6, 30), seats=40, created_at=clock.now(), created_by="ผู้ทดสอบ",
    )  # fmt: skip
    session.add(cohort)
    session.flush()
    load_plan(session, running.staff, cohort, "ranking", PLAN)
    for place in (0, 1):
        enroll(session, cohort, running.participant(place).officer)
    session.flush()
    (found,) = transfer.targets(session)
    return found


def test_the_score_is_the_plans_own_formula_of_the_finals(session, running, target):
    running.rate_all(leadership=5, coordination=4)
    with pytest.raises(RuleBroken, match="แจ้งผล"):
        transfer.transfer(session, running.staff, running.center, target, reason="", key="k")
    running.conclude()
    washup.release(session, running.staff, running.center)
    rows = transfer.carried(session, running.center, target)
    assert [row.state for row in rows] == ["new", "new"]
    assert {row.total for row in rows} == {Fraction(30) * Fraction(9, 10)}
    assert transfer.transfer(session, running.staff, running.center, target, reason="", key="k") == 2
    session.commit()
    entries = session.scalars(select(ScoreEntry).where(ScoreEntry.component == "center")).all()
    assert [entry.note for entry in entries] == [running.center.code] * 2
    assert [mark["criterion"] for mark in entries[0].marks] == ["leadership", "coordination"]
    column = standing_scores(session, target.cohort.id).columns["center"]
    assert [column[row] for row in range(2)] == [Fraction(27), Fraction(27)], "the ranking reads it"
    assert [row.state for row in transfer.carried(session, running.center, target)] == ["same", "same"]
    assert transfer.transfer(session, running.staff, running.center, target, reason="", key="k2") == 0


def test_only_staff_carry_scores_over_and_none_are_typed(session, running, target):
    from webapp.accounts.queries import actor_for

    running.rate_all()
    running.conclude()
    washup.release(session, running.staff, running.center)
    with pytest.raises(NotAllowed):
        transfer.transfer(session, actor_for(running.accounts[0]), running.center, target, reason="", key="k")


def test_a_cohort_whose_plan_does_not_ask_for_it_is_no_target(session, running):
    assert transfer.targets(session) == []
