"""A panel for the tests: three people, two members, a component met face to face."""

from decimal import Decimal as D

import pytest
from sqlalchemy import select

from tests.assessments.conftest import assessors, cohort, staff, trainees  # noqa: F401  (fixtures)
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.desk import open_desk
from webapp.assessments.models import PlanComponent
from webapp.assessments.panels.operations import drafts_digest, drafts_of, name_member, save_drafts, submit
from webapp.assessments.panels.rules import GuideContent, QuestionContent

GUIDE = GuideContent(
    30, "สวัสดี", "ขอบคุณ",
    (
        QuestionContent("people", "ผู้คน", "People", "เล่าเรื่องหนึ่ง", "แล้วอย่างไร", "service-mind", D(40), tuple("กขคงจ")),
        QuestionContent("team", "ทีม", "Team", "เล่าอีกเรื่อง", "", "teamwork", D(60), tuple("กขคงจ")),
    ),
)  # fmt: skip


@pytest.fixture
def second(app):
    """Another member of the institute's staff."""
    return account("institute", name="เจ้าหน้าที่ สอง")


@pytest.fixture
def met(session, cohort):  # noqa: F811
    """The proposal is presented face to face, and marked by one figure: its rubric is taken away."""
    component = session.scalar(select(PlanComponent).where(PlanComponent.code == "proposal"))
    component.face_to_face = True
    for line in list(component.criteria):
        session.delete(line)
    session.flush()
    session.expire(component)
    session.commit()
    return component


@pytest.fixture
def panel(session, cohort, met, trainees, assessors, staff):  # noqa: F811
    """Two members of the proposal's panel, who have stated nothing yet."""
    made = [name_member(session, actor_for(staff), cohort, "proposal", person) for person in assessors]
    session.commit()
    return made


@pytest.fixture
def desk(session, cohort, panel):  # noqa: F811
    """``desk()``: the desk of the proposal as it is now."""
    return lambda: open_desk(session, cohort, "ranking", "proposal")


def give(session, person, member, enrollment, marks):
    """A member drafts and submits."""
    actor = actor_for(person)
    save_drafts(session, actor, member, {enrollment.id: (marks if isinstance(marks, dict) else {"score": marks}, "")})
    seen = drafts_digest([row for row in drafts_of(session, member) if row.enrollment_id == enrollment.id])
    return submit(session, actor, member, [enrollment.id], seen=seen, key=f"k{member.id}-{enrollment.id}")
