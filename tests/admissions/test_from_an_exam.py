"""The general test of a selection sat as an exam: its totals reach the ranking through the ledger, nothing is typed again."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.admissions import world
from tests.assessments.bank.items import single
from tests.assessments.exams.papers import HOUR, PLANNER, approved
from webapp import clock
from webapp.admissions import deciding, selecting
from webapp.admissions.freezing import thawed
from webapp.assessments.bank.models import ItemCategory
from webapp.assessments.exams import results, saving, setting, taking
from webapp.assessments.exams.models import Candidate
from webapp.assessments.models import ScoreEntry
from webapp.courses.models import Cohort, Enrollment
from webapp.officers.models import Officer


def sat_by(session: Session, of: Cohort, right: dict[str, int]) -> None:
    """A test of four questions, sat by the applicants with so many right answers each, closed and transferred."""
    category = ItemCategory(name_th="ความรู้ทั่วไป")
    session.add(category)
    session.flush()
    versions = approved(session, category, [single() for _ in range(4)])
    now = clock.now()
    plan = setting.Plan("GEN-1", "ความรู้ทั่วไป", "General", now - HOUR, now + HOUR, 60, of.id, "selection", "general",
                        shuffle=False)  # fmt: skip
    exam = setting.plan_exam(session, PLANNER, plan)
    setting.set_blueprint(session, PLANNER, exam, [setting.Line(item_id=version.item_id) for version in versions])
    setting.make_ready(session, PLANNER, exam)
    assert setting.admit_cohort(session, PLANNER, exam) == len(right)
    key = {row["id"]: row["fraction"] for row in versions[0].document["choices"]}
    good, bad = (next(name for name, share in key.items() if (share == "1") is wanted) for wanted in (True, False))
    rows = session.execute(
        select(Candidate, Officer.officer_no)
        .join(Officer, Officer.id == Candidate.officer_id)
        .where(Candidate.exam_id == exam.id)
        .order_by(Candidate.id)
    ).all()
    for candidate, number in rows:
        attempt = taking.start(session, PLANNER, candidate)
        for place in range(1, 5):
            answer = {"choice": good if place <= right[number] else bad}
            saving.save(session, attempt, place, answer, page="p", turn=place)
        taking.submit(session, PLANNER, attempt, key=number)
    results.close_exam(session, PLANNER, exam)
    assert results.transfer(session, PLANNER, exam, key="once") == len(right)


def test_totals_of_an_entry_exam_rank_the_selection(any_database: str, session: Session) -> None:
    first, second = world.staff(session, "นางพรทิพย์"), world.staff(session, "นายสมเกียรติ")
    of = world.cohort(session)
    world.with_plan(session, of, first, second)
    right = {"A1": 3, "A2": 4, "A3": 2}
    for number in right:
        world.applied(session, of, world.officer(session, number))
    deciding.accept_all_met(session, first, of)
    session.commit()
    sat_by(session, of, right)
    entries = session.scalars(select(ScoreEntry).order_by(ScoreEntry.id)).all()
    assert {(entry.purpose, entry.component) for entry in entries} == {("selection", "general")}
    assert sorted(entry.score for entry in entries) == [Decimal(50), Decimal(75), Decimal(100)]
    by_number: dict[str, Any] = dict(
        session.execute(
            select(Officer.officer_no, Enrollment.id)
            .join(Enrollment, Enrollment.officer_id == Officer.id)
            .where(Enrollment.cohort_id == of.id)
            .order_by(Officer.officer_no)
        ).all()
    )
    rest = dict.fromkeys(right, (None, 80, 80))
    world.mark(session, of, first, by_number, rest)
    session.commit()
    drawn = selecting.draw_up(session, actor=first, cohort=of)
    found = thawed(drawn.result)
    assert [row["officer_no"] for row in found["entries"]] == ["A2", "A1"]
    (left,) = found["unranked"]
    assert (left["officer_no"], left["reasons"][0]["component"]) == ("A3", "general"), "two of four are below 60 %"
