"""A small cohort for the tests of assessments: its plan, its people, its panel."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.people import account
from webapp import clock
from webapp.accounts.models import Account
from webapp.accounts.queries import actor_for
from webapp.assessments.desk import open_desk, people_of
from webapp.assessments.operations import record_score
from webapp.assessments.panels.blind import candidate_number
from webapp.assessments.panels.conflicts import state
from webapp.assessments.plans.operations import load_plan
from webapp.assessments.plans.rules import (
    ComponentContent,
    CriterionContent,
    GateContent,
    PlanContent,
    TieBreakerContent,
)
from webapp.assessments.rules import Given
from webapp.careers.models import Course
from webapp.courses.models import Cohort, Enrollment
from webapp.officers.models import Officer
from webapp.thai import sort_key

RUBRIC = (
    CriterionContent(
        "analysis", "การวิเคราะห์", "Analysis", Decimal(2), Decimal(10), (("10", "ครบถ้วน"), ("5", "บางส่วน"))
    ),
    CriterionContent("delivery", "การนำเสนอ", "Delivery", Decimal(1), Decimal(5)),
)
PLAN = PlanContent(
    components=(
        ComponentContent("exam", "การสอบ", "Examination", Decimal(60), Decimal(100), Decimal(60), "exam", "มติ"),
        ComponentContent("proposal", "ข้อเสนอ", "Proposal", Decimal(40), Decimal(50), None, "proposal", "มติ", RUBRIC),
    ),
    gates=(GateContent("attendance_percent", Decimal(80), "มติ"),),
    tie_breakers=(TieBreakerContent("exam", "มติ"), TieBreakerContent("entry_date", "มติ")),
)


def officer(session, number, name="สมชาย", **more):
    made = Officer(
        officer_no=number, title="นาย", given_name=name, family_name="ทดสอบ", name_en=f"Person {number}",
        sort_key=sort_key(f"{name} {number}"), birth_date=dt.date(1975, 1, 2), entry_date=dt.date(2000, 1, 3), **more,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def enroll(session, cohort, person, status="enrolled"):
    made = Enrollment(
        cohort_id=cohort.id, officer_id=person.id, status=status, decided_by="ผู้ทดสอบ", decided_at=clock.now()
    )
    session.add(made)
    session.flush()
    return made


def number_of(session, enrollment, component="proposal"):
    """What the panel of a blind component calls somebody."""
    return candidate_number(people_of(session, enrollment.cohort_id, "ranking")[enrollment.id], component, "ranking")


def no_conflicts(session, *members):
    """The members state that nothing stands between them and anybody they mark."""
    for member in members:
        desk = open_desk(session, session.get(Cohort, member.cohort_id), member.purpose, member.component)
        state(session, actor_for(session.get(Account, member.account_id)), member, desk, [])
    session.commit()


@pytest.fixture
def cohort(session, actor):
    """A cohort of three with a plan in force: an exam, and a proposal marked by a rubric."""
    course = session.scalar(select(Course).where(Course.code == "district-director-course"))
    made = Cohort(
        code="DD-1", course_id=course.id, name_th="รุ่นทดสอบ", name_en="Test cohort", starts_on=dt.date(2026, 1, 5),
        ends_on=dt.date(2026, 6, 30), seats=40, created_at=clock.now(), created_by="ผู้ทดสอบ",
    )  # fmt: skip
    session.add(made)
    session.flush()
    load_plan(session, actor, made, "ranking", PLAN)
    session.commit()
    return made


@pytest.fixture
def trainees(session, cohort):
    """Three enrollments."""
    made = [
        enroll(session, cohort, officer(session, f"T{n}", name)) for n, name in enumerate(("กานดา", "ขวัญ", "คมสัน"), 1)
    ]
    session.commit()
    return made


@pytest.fixture
def score_one(session, actor):
    """``score_one(component, points)``: one mark for somebody of the cohort loaded last."""

    def give(component, points):
        cohort = session.scalar(select(Cohort).order_by(Cohort.id.desc()))
        enrollment = enroll(session, cohort, officer(session, f"S{cohort.id}{points}"))
        entry = record_score(session, actor, enrollment, component, Given(Decimal(points)))
        session.commit()
        return entry

    return give


@pytest.fixture
def staff(app):
    """A member of the institute's staff."""
    return account("institute", name="เจ้าหน้าที่ หนึ่ง")


@pytest.fixture
def assessors(app):
    """Two assessors."""
    return [account("assessor", name="กรรมการ ก"), account("assessor", name="กรรมการ ข")]
