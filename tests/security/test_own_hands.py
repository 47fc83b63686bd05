"""Nobody judges themselves (promise 10): by whom they are marked, which list stands, what they wrote, how they are rated."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.assessments.conftest import cohort, trainees  # noqa: F401  (fixtures)
from tests.assessments.test_pages import plan_form
from tests.people import account
from tests.shortlist import hands, world
from webapp import clock
from webapp.assessments.models import AssessmentPlan, CompetencyRating, PanelMember
from webapp.assessments.operations import record_score, release_scores
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.careers.models import Competency
from webapp.coaching.models import MentorPairing
from webapp.errors import RuleBroken
from webapp.imports import corrections
from webapp.imports.kinds import KINDS
from webapp.officers.models import Officer


def of_officer(session, enrollment, *roles):
    """An account of these roles for the officer of the enrollment."""
    made = account(*roles)
    session.get(Officer, enrollment.officer_id).account_id = made.id
    session.commit()
    return made


def test_staff_who_are_trainees_do_not_choose_or_dismiss_their_assessors(client, sign_in, session, trainees):  # noqa: F811
    judge, other = account("assessor", name="กรรมการ ก"), account("assessor", name="กรรมการ ข")
    page = "/cohorts/DD-1/scores/exam/panel"
    sign_in(client, role="institute")
    assert client.post(page, data={"account": judge.id}).status_code == 303
    sign_in(client, account=of_officer(session, trainees[0], "officer", "institute"))
    member = session.scalar(select(PanelMember))
    assert client.post(page, data={"recuse": member.id, "reason": "ให้คะแนนต่ำ"}).status_code == 422
    assert client.post(page, data={"account": other.id}).status_code == 422
    assert [(row.name, row.recused_at) for row in session.scalars(select(PanelMember))] == [("กรรมการ ก", None)]


def test_who_wrote_a_part_of_a_plan_does_not_approve_it(client, sign_in, session, cohort):  # noqa: F811
    first, second = account("institute"), account("institute")
    for person, reason in ((first, "ปรับน้ำหนัก"), (second, "ปรับน้ำหนักตามมติ")):
        sign_in(client, account=person)
        assert client.post("/cohorts/DD-1/plan/edit", data=plan_form(reason=reason)).status_code == 303
    sign_in(client, account=first)
    client.post("/cohorts/DD-1/plan/2/approve")
    plan = select(AssessmentPlan.status).where(AssessmentPlan.version == 2)
    assert session.scalar(plan) == "draft"
    sign_in(client, role="institute")
    client.post("/cohorts/DD-1/plan/2/approve")
    assert session.scalar(plan) == "in-force"


def test_staff_do_not_put_away_a_list_in_which_they_stand(client, sign_in, session):
    world.five_and_more(session)
    sign_in(client, role="institute")
    assert hands.send(client, "/cohorts/DD-2569-1/shortlist/new", size="5").status_code == 303
    run = hands.only_run(session)
    sign_in(client, account=hands.officer_account(session, "A5", "institute"))
    assert hands.send(client, f"/shortlists/{run.id}/discard", reason="ไม่เห็นด้วย").status_code == 422
    assert hands.only_run(session).status == "draft"


def test_nobody_voids_their_own_rating(session, trainees):  # noqa: F811
    own = of_officer(session, trainees[0], "officer", "institute")
    rating = CompetencyRating(
        officer_id=trainees[0].officer_id, competency_code=session.scalar(select(Competency.code)), rating=1,
        rated_on=dt.date(2026, 1, 6), method="สัมภาษณ์", entered_by="ผู้ทดสอบ", entered_at=clock.now(),
    )  # fmt: skip
    session.add(rating)
    session.commit()
    actor = Actor("account", own.name, "institute", own.id, frozenset({"institute"}))
    with pytest.raises(RuleBroken):
        corrections.void(session, actor, KINDS["competency-ratings"], rating.id, reason="ต่ำไป")
    session.rollback()


def test_a_pairing_opens_no_scores_once_the_mentors_role_is_withdrawn(
    client,
    sign_in,
    session,
    cohort,  # noqa: F811
    trainees,  # noqa: F811
    actor,
):
    mentor = of_officer(session, trainees[1], "officer")
    session.add(MentorPairing(
        enrollment_id=trainees[0].id, mentor_id=trainees[1].officer_id, paired_by="ผู้ทดสอบ", paired_at=clock.now(),
    ))  # fmt: skip
    record_score(session, actor, trainees[0], "exam", Given(Decimal(71)))
    release_scores(session, actor, cohort, "exam")
    session.commit()
    sign_in(client, account=mentor)
    assert client.get("/cohorts/DD-1/scores/exam/T1").status_code == 404


def test_a_national_id_in_the_wrong_column_is_masked_in_the_report(session, actor):
    from webapp.imports.operations import check_file
    from webapp.imports.reports import as_json

    content = b"officer_no,unit_code,section,start_date\n1-1017-00207-03-0,X,Y,1101700207030\n"
    told = str(as_json(check_file(session, actor, "delegations", content, file_name="a.csv"), str))
    assert "1101700207030" not in told and "1-1017-00207-03-0" not in told
