"""A cohort with two mentors and two trainees who sign in, for the tests of coaching, projects and home."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tests.people import account
from tests.shortlist import world
from webapp import clock
from webapp.accounts.models import Account
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.officers.models import Officer


@dataclass
class People:
    """Who there is: ``first`` (of ``trainee``) is mentored by ``mentor``, ``second`` by ``other``."""

    cohort: Cohort
    mentor: Officer
    other: Officer
    trainee: Officer
    first: Enrollment
    second: Enrollment
    mentor_account: Account
    other_account: Account
    first_account: Account
    second_account: Account


def signed(officer: Officer, *roles: str) -> Account:
    """An account for the officer."""
    made = account(*roles, name=officer.name_th)
    officer.account_id = made.id
    return made


def people(session: Session) -> People:
    """The cohort runs now, its plan asks for 12 hours of coaching and 80 % of attendance."""
    today = clock.today()
    cohort = world.cohort(session, ends_on=today + dt.timedelta(days=60))
    cohort.starts_on = today - dt.timedelta(days=60)
    world.plan(session, cohort, gates={"attendance_percent": 80, "coaching_hours": 12})
    officers = [world.officer(session, number, given=given) for number, given in
                (("M1", "พี่หนึ่ง"), ("M2", "พี่สอง"), ("T1", "เกษม"), ("T2", "ขจร"))]  # fmt: skip
    accounts = [signed(one, "mentor" if one.officer_no[0] == "M" else "officer") for one in officers]
    first, second = (world.enroll(session, cohort, one, minutes=0) for one in officers[2:])
    pair(session, first, officers[0])
    pair(session, second, officers[1])
    session.commit()
    return People(cohort, officers[0], officers[1], officers[2], first, second, *accounts)


def pair(session: Session, enrollment: Enrollment, mentor: Officer) -> MentorPairing:
    """A standing pairing."""
    made = MentorPairing(enrollment_id=enrollment.id, mentor_id=mentor.id, paired_by="ทดสอบ", paired_at=clock.now())
    session.add(made)
    session.flush()
    return made


def said(**more: Any) -> dict[str, Any]:
    """What a mentor says of a session held today."""
    return {
        "held_on": clock.today(), "minutes": 60, "kind": "coaching", "topic": "การจัดลำดับงาน", "agreed": "จดบันทึก",
        "next_step": "", "next_on": None, "started_at": "", **more,
    }  # fmt: skip
