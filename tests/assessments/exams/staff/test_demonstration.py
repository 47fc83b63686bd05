"""The demonstration's exams: one with results that look real, one that its trainee can sit today, two being prepared."""

from sqlalchemy import func, select

from webapp import clock
from webapp.accounts.models import Account
from webapp.assessments.exams import results, rules, taking
from webapp.assessments.exams.models import Attempt, Candidate, Exam, ExamRoom
from webapp.officers.models import Officer

FIRST_NUMBER = "109431"
"""The lowest candidate number of the finished exam."""


def named(session, code):
    return session.scalars(select(Exam).where(Exam.code == code)).one()


def test_the_finished_exam_tells_the_able_from_the_others(demo_app, session):
    exam = named(session, "ADD-2569-2-PRE")
    assert exam.status == "released"
    totals = sorted(sat.paper.percent for sat in results.results(session, exam) if sat.paper.percent is not None)
    assert len(totals) >= 30
    assert totals[0] < 40
    assert totals[-1] > 90
    first = session.scalar(select(func.min(Candidate.number)).where(Candidate.exam_id == exam.id))
    assert first == FIRST_NUMBER, "the same in every demonstration"
    assert all(sat.attempt.receipt for sat in results.results(session, exam))


def test_the_trainee_can_sit_the_open_exam(demo_app, session, actor):
    exam = named(session, "ADD-2569-2-EXAM")
    own = (
        select(Candidate).join(Officer, Officer.id == Candidate.officer_id)
        .join(Account, Account.id == Officer.account_id)
        .where(Candidate.exam_id == exam.id, Account.email == "trainee@kaona.example")
    )  # fmt: skip
    candidate = session.scalars(own).one()
    assert rules.may_start(taking.sitting_of(exam, candidate), exam.status, clock.now()) == ""
    assert taking.attempt_of(session, candidate.id) is None
    assert taking.start(session, actor, candidate, code="4512").deadline_at > clock.now()
    states = session.scalars(
        select(Attempt.ending).join(Candidate, Candidate.id == Attempt.candidate_id).where(Candidate.exam_id == exam.id)
    ).all()
    assert {None, "submitted"} <= set(states)
    assert session.scalar(select(func.count()).select_from(ExamRoom).where(ExamRoom.exam_id == exam.id)) == 2
