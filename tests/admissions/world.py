"""A cohort that takes applications, officers who meet the entry rule or do not, and staff."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.people import account
from tests.shortlist.world import officer as assistant
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.admissions import applying, deciding, selecting
from webapp.admissions.models import Application, Selection
from webapp.assessments.desk import open_desk
from webapp.assessments.operations import Mark, enter
from webapp.assessments.plans.operations import approve_loaded, load_plan
from webapp.assessments.queries import plan_in_force
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.careers.models import Course
from webapp.courses.models import Cohort, Enrollment
from webapp.demo.admissions import plan
from webapp.officers.models import Officer, Posting

COMPONENTS = ("general", "specific", "interview")


def staff(session: Session, name: str) -> Actor:
    """A member of the institute, as operations take them."""
    return actor_for(account("institute", name=name))


def cohort(session: Session, code: str = "DD-2570-1", *, seats: int = 2, reserve: int = 1) -> Cohort:
    """A cohort of the director course whose window is open today."""
    today = clock.today()
    course = session.scalars(select(Course).where(Course.code == "district-director-course")).one()
    made = Cohort(
        code=code, course=course, name_th=f"หลักสูตรผู้อำนวยการเขต {code}", name_en=f"District director course {code}",
        starts_on=today + dt.timedelta(days=60), ends_on=today + dt.timedelta(days=200), seats=seats, reserve=reserve,
        applications_open_on=today - dt.timedelta(days=5), applications_close_on=today + dt.timedelta(days=5),
        shortlist_size=5, created_at=clock.now(), created_by="ทดสอบ",
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def with_plan(session: Session, of: Cohort, first: Actor, second: Actor | None) -> None:
    """The selection plan in force, approved by ``second`` if given."""
    load_plan(session, first, of, "selection", plan())
    if second is not None:
        found = plan_in_force(session, of.id, "selection")
        assert found is not None
        approve_loaded(session, second, of, found)


def officer(session: Session, number: str, *, meets: bool = True, signs_in: bool = False) -> Officer:
    """An officer who holds the post that the entry rule asks for, or has never held it."""
    made = assistant(session, number)
    if not meets:
        session.delete(session.scalars(select(Posting).where(Posting.officer_id == made.id)).one())
    if signs_in:
        made.account_id = account("officer", name=made.name_th).id
    session.flush()
    return made


def oneself(person: Officer) -> Actor:
    """The officer as operations take them."""
    return Actor(kind="account", name=person.name_th, role="officer", account_id=person.account_id)


def applied(session: Session, of: Cohort, person: Officer, motive: str = "ต้องการพัฒนางานเขต") -> Application:
    """The officer has applied."""
    return applying.apply(session, oneself(person), of, person, motive=motive, today=clock.today())


def candidates(
    session: Session, of: Cohort, first: Actor, marks: Mapping[str, Sequence[Any]]
) -> dict[str, Application]:
    """Officers by number, applied, accepted and marked (general, post-specific, interview; none: no mark yet)."""
    made = {number: applied(session, of, officer(session, number)) for number in marks}
    deciding.accept_all_met(session, first, of)
    mark(session, of, first, {number: made[number].enrollment_id for number in marks}, marks)
    return made


def mark(
    session: Session, of: Cohort, first: Actor, enrollments: Mapping[str, int | None], marks: Mapping[str, Sequence[Any]]
) -> None:  # fmt: skip
    """Enter marks of the three parts."""
    for place, component in enumerate(COMPONENTS):
        desk = open_desk(session, of, "selection", component)
        given = [
            Mark(enrollments[number] or 0, "", Given(score=Decimal(str(row[place]))))
            for number, row in marks.items()
            if row[place] is not None
        ]
        enter(session, first, desk, given)


def published(session: Session, of: Cohort, first: Actor, second: Actor, **choices: Sequence[str]) -> Selection:
    """Drawn up, ties decided by ``choices`` (line=numbers), confirmed and published by two people."""
    made = selecting.draw_up(session, actor=first, cohort=of)
    for line, chosen in choices.items():
        selecting.decide_line(session, actor=first, selection=made, line=line, chosen=chosen, reason="ประสบการณ์ตรง")
    selecting.confirm(session, actor=first, selection=made)
    return selecting.publish(session, actor=second, selection=made, reason="แก้ไขผล")


def statuses(session: Session, of: Cohort) -> dict[str, str]:
    """Enrollment statuses by officer number."""
    rows = session.execute(
        select(Officer.officer_no, Enrollment.status)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .where(Enrollment.cohort_id == of.id)
        .order_by(Officer.officer_no)
    )
    return dict(rows.all())
