"""A plan as it is kept: agreed by another, changed by versions, every turn audited."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.coaching.people import People, people
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.audit import AuditEntry
from webapp.careers.models import Post
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.notices.models import Notice
from webapp.officers.models import Officer
from webapp.plans import operations, queries
from webapp.plans.models import DevelopmentPlan, PlanEdition, PlanItem, PlanNote
from webapp.plans.queries import Reader


@pytest.fixture
def world(session: Session) -> People:
    """``mentor`` mentors the trainee; ``other`` is the trainee's head."""
    made = people(session)
    made.trainee.supervisor_id = made.other.id
    session.commit()
    return made


def item(**more: Any) -> dict[str, Any]:
    return {
        "gap_kind": "criterion", "gap_code": "dd-sections", "gap": {"name_th": "ฝ่ายที่กำกับดูแล"}, "action_kind": "rotation",
        "action": "ขอรับมอบหมายเพิ่มสองฝ่าย", "share": 70, "due_on": clock.today() + dt.timedelta(days=100),
        "measure": "คำสั่งมอบหมาย", "support": "", **more,
    }  # fmt: skip


def begun(session: Session, world: People) -> DevelopmentPlan:
    post = session.scalars(select(Post).where(Post.code == "district-director")).one()
    plan = operations.begin(session, actor_for(world.first_account), world.trainee, post, aim="เป็นผู้อำนวยการเขต")
    operations.add_line(session, actor_for(world.first_account), plan, **item())
    session.commit()
    return plan


def proposed(session: Session, world: People, plan: DevelopmentPlan | None = None, **more: Any) -> DevelopmentPlan:
    plan = plan or begun(session, world)
    operations.propose(session, actor_for(world.first_account), plan, version=plan.version, asked=world.mentor, **more)
    session.commit()
    return plan


def agreed(session: Session, world: People, plan: DevelopmentPlan | None = None, **more: Any) -> DevelopmentPlan:
    plan = proposed(session, world, plan, **more)
    operations.decide(
        session, actor_for(world.mentor_account), plan, version=plan.version, decider_id=world.mentor.id, agree=True
    )
    session.commit()
    return plan


def test_there_is_one_open_plan_for_a_post(session: Session, world: People) -> None:
    plan = begun(session, world)
    with pytest.raises(RuleBroken, match="อยู่แล้ว"):
        begun(session, world)
    session.rollback()
    operations.close(session, actor_for(world.first_account), plan, version=plan.version, own=True, text="เริ่มใหม่")
    assert begun(session, world).id != plan.id
    assert (plan.state, plan.closed_how) == ("closed", "ended")


def test_a_gap_is_added_once(session: Session, world: People) -> None:
    plan = begun(session, world)
    before = session.scalar(select(func.count(PlanItem.id)))
    operations.add_line(session, actor_for(world.first_account), plan, **item(action="อีกครั้ง"))
    assert session.scalar(select(func.count(PlanItem.id))) == before
    assert queries.planned_gaps(session, world.trainee.id) == {
        ("district-director", "criterion", "dd-sections"): plan.id
    }


def test_mentor_agrees_and_the_owner_carries_it_out(session: Session, world: People) -> None:
    plan = agreed(session, world)
    assert plan.state == "agreed"
    owner = actor_for(world.first_account)
    for _ in range(2):
        operations.note(session, owner, plan, 1, kind="note", text="รับมอบหมายหนึ่งฝ่ายแล้ว", own=True, key="k")
    operations.note(session, owner, plan, 1, kind="done", text="", own=True, key="k2")
    session.commit()
    assert plan.state == "in-progress"
    assert session.scalar(select(func.count(PlanNote.id))) == 2
    sheet = queries.sheets(session, [plan], Reader(world.trainee.id))[0]
    assert (sheet.done, sheet.next_due()) == (1, None)
    operations.close(session, actor_for(world.mentor_account), plan, version=plan.version, own=False, text="สำเร็จ")
    assert (plan.state, plan.closed_how, plan.review) == ("closed", "reviewed", "สำเร็จ")
    acts = set(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("plans:"))))
    assert acts == {
        "plans:plan:begin", "plans:item:add", "plans:plan:propose", "plans:plan:agree", "plans:item:note", "plans:plan:close",
    }  # fmt: skip
    assert session.scalar(select(func.count(Notice.id)).where(Notice.kind.startswith("plans:"))) == 5


def test_a_change_of_an_agreed_plan_is_a_version_that_needs_agreement(session: Session, world: People) -> None:
    plan = agreed(session, world)
    owner = actor_for(world.first_account)
    operations.add_line(session, owner, plan, version=plan.version, **item(gap_code="dd-course", action="สมัครหลักสูตร"))
    session.commit()
    theirs = queries.sheets(session, [plan], Reader(world.mentor.id, mentor=True))[0]
    own = queries.sheets(session, [plan], Reader(world.trainee.id))[0]
    assert plan.state == "agreed"
    assert (theirs.edition.number, len(theirs.lines)) == (1, 1)
    assert (own.edition.number, own.edition.state, len(own.lines)) == (2, "draft", 2)
    with pytest.raises(RuleBroken, match="เหตุผลของการเปลี่ยน"):
        proposed(session, world, plan)
    session.rollback()
    agreed(session, world, plan, change="เพิ่มหลักสูตร")
    states = dict(session.execute(select(PlanEdition.number, PlanEdition.state)).all())
    assert states == {1: "superseded", 2: "agreed"}
    assert [line.item.line for line in queries.sheets(session, [plan], Reader(world.trainee.id))[0].lines] == [1, 2]


def test_a_change_can_be_given_up(session: Session, world: People) -> None:
    plan = agreed(session, world)
    owner = actor_for(world.first_account)
    operations.remove_line(session, owner, plan, 1, version=plan.version)
    operations.discard_change(session, owner, plan, version=plan.version)
    sheet = queries.sheets(session, [plan], Reader(world.trainee.id))[0]
    assert (sheet.edition.number, len(sheet.lines)) == (1, 1)
    operations.change_line(session, owner, plan, 1, version=plan.version, **item(action="อย่างอื่น"))
    assert queries.sheets(session, [plan], Reader(world.trainee.id))[0].edition.number == 3


def test_returned_with_a_reason_it_is_proposed_again(session: Session, world: People) -> None:
    plan = proposed(session, world)
    head = actor_for(world.other_account)
    operations.decide(
        session, head, plan, version=plan.version, decider_id=world.other.id, agree=False, reason="เพิ่มตัววัด"
    )
    session.commit()
    assert plan.state == "returned"
    assert agreed(session, world, plan).state == "agreed"


def test_what_is_proposed_stands_still(session: Session, world: People) -> None:
    plan = proposed(session, world)
    owner = actor_for(world.first_account)
    with pytest.raises(RuleBroken, match="ถอนการเสนอก่อน"):
        operations.remove_line(session, owner, plan, 1, version=plan.version)
    operations.take_back(session, owner, plan, version=plan.version)
    assert plan.state == "draft"
    operations.remove_line(session, owner, plan, 1, version=plan.version)


def test_stale_pages_and_strangers_are_refused(session: Session, world: People) -> None:
    plan = begun(session, world)
    owner, seen = actor_for(world.first_account), plan.version
    operations.add_line(session, owner, plan, version=seen, **item(gap_code="dd-course"))
    with pytest.raises(Conflict):
        operations.add_line(session, owner, plan, version=seen, **item(gap_code="dd-competency"))
    stranger = session.get_one(Officer, world.second.officer_id)
    with pytest.raises(RuleBroken, match="พี่เลี้ยงหรือผู้บังคับบัญชา"):
        operations.propose(session, owner, plan, version=plan.version, asked=stranger)
    with pytest.raises(NotFound):
        operations.change_line(session, owner, plan, 99, version=plan.version, **item())


def test_the_database_refuses_own_agreement_and_a_silent_return(session: Session, world: People) -> None:
    plan = proposed(session, world)
    edition = session.scalars(select(PlanEdition)).one()
    with pytest.raises(RuleBroken, match="ของตนเอง"):
        operations.decide(
            session, actor_for(world.first_account), plan, version=plan.version, decider_id=world.trainee.id, agree=True
        )
    for change in ({"decided_by_id": world.trainee.id}, {"state": "returned", "decided_reason": ""}, {"state": "odd"}):
        for name, value in change.items():
            setattr(edition, name, value)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_who_may_be_asked_and_who_sees_what(session: Session, world: People) -> None:
    plan = begun(session, world)
    assert [(one.id, how) for one, how in queries.may_be_asked(session, world.trainee)] == [
        (world.other.id, "head"), (world.mentor.id, "mentor"),
    ]  # fmt: skip
    readers = {
        "owner": Reader(world.trainee.id), "mentor": Reader(world.mentor.id, mentor=True), "head": Reader(world.other.id),
        "mentor without the role": Reader(world.mentor.id), "staff": Reader(None, everything=True),
        "auditor": Reader(None, drafts=True), "stranger": Reader(world.second.officer_id),
    }  # fmt: skip

    def seen() -> set[str]:
        return {name for name, who in readers.items() if queries.plans_page(session, who)[1] == 1}

    assert seen() == {"owner", "auditor"}
    proposed(session, world, plan)
    assert seen() == {"owner", "auditor", "mentor", "head", "staff"}
    assert [row[0].id for row in queries.to_agree(session, readers["mentor"])] == [plan.id]
    assert queries.to_agree(session, readers["head"]) == []
