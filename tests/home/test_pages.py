"""Home pages: what needs each role, where they stand, and as many queries for many as for one."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.assessments.conftest import no_conflicts
from tests.coaching.people import People, pair, people, said, signed
from tests.people import account, enter_as
from tests.shortlist import world as made
from webapp import clock
from webapp.accounts.permissions import ROLES
from webapp.accounts.queries import actor_for
from webapp.assessments.models import PanelMember, ScoreRelease
from webapp.audit import Actor, append
from webapp.coaching import operations as coaching
from webapp.courses.models import Attendance, CourseSession
from webapp.home.tasks import Task, in_order, state_of
from webapp.jobs.models import Job
from webapp.projects import operations as projects
from webapp.projects.models import ProjectAssignment
from webapp.projects.rules import Step

TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def world(session: Session) -> People:
    return people(session)


@pytest.mark.parametrize(
    ("task", "state"),
    [
        (Task("x", "/", due=TODAY - dt.timedelta(days=1)), "late"), (Task("x", "/", due=TODAY), "today"),
        (Task("x", "/", due=TODAY + dt.timedelta(days=1)), ""), (Task("x", "/", waits=True), "today"), (Task("x", "/"), ""),
    ],
)  # fmt: skip
def test_a_task_is_late_after_its_day(task: Task, state: str) -> None:
    assert state_of(task, TODAY) == state


def test_what_is_late_comes_first(app: Any) -> None:
    tasks = [
        Task("later", "/", due=TODAY + dt.timedelta(days=9)),
        Task("waits", "/", waits=True),
        Task("late", "/", due=TODAY - dt.timedelta(days=9)),
    ]
    assert [task["title"] for task in in_order(tasks, TODAY)] == ["late", "waits", "later"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["th", "en"])
def test_everybody_has_a_home_that_says_what_to_do_on_an_empty_day(
    client: FlaskClient, sign_in: Any, role: str, language: str
) -> None:
    client.set_cookie("language", language)
    sign_in(client, role=role)
    page = client.get("/")
    assert page.status_code == 200
    if language == "th":
        assert "ไม่มีเรื่องที่รอท่าน" in page.text or role == "administrator"


def test_a_visitor_is_sent_to_the_sign_in(client: FlaskClient) -> None:
    assert client.get("/").status_code == 303


def test_a_trainee_sees_what_waits_and_where_they_stand(
    client: FlaskClient, session: Session, world: People, actor: Actor
) -> None:
    record = {"mentor_id": world.mentor.id, "enrollment_id": world.first.id}
    mentor = actor_for(world.mentor_account)
    held = coaching.record_session(session, mentor, **record, key="a", **said(minutes=90))
    coaching.acknowledge(session, actor, held, version=held.version)
    coaching.record_session(session, mentor, **record, key="b", **said(topic="เรื่องที่รอ", started_at="13:00"))
    late = clock.today() - dt.timedelta(days=1)
    projects.assign(
        session, actor, world.cohort, [world.first], kind="project", title="โครงการ ก", steps=[Step("เก็บข้อมูล", late)]
    )
    session.add(
        ScoreRelease(
            cohort_id=world.cohort.id, purpose="ranking", component="exam", released_by="x", released_at=clock.now()
        )
    )
    session.commit()
    enter_as(client, world.first_account)
    page = client.get("/").text
    for words in (
        "รับรองการสอนงาน: เรื่องที่รอ",
        "เก็บข้อมูล: โครงการ ก",
        "เลยกำหนด",
        "1 ชม. 30 นาที จาก 12 ชม.",
        "ร้อยละ 100.0",
    ):
        assert words in page, words
    assert "ยังไม่ประกาศ" in page


def test_unreleased_scores_are_not_on_the_page(client: FlaskClient, session: Session, world: People) -> None:
    third = made.enroll(session, world.cohort, made.officer(session, "T3"), {"exam": Decimal("87.25")}, minutes=0)
    officer = session.get_one(made.Officer, third.officer_id)
    enter_as(client, signed(officer, "officer"))
    assert "87.25" not in client.get("/").text
    session.add(
        ScoreRelease(
            cohort_id=world.cohort.id, purpose="ranking", component="exam", released_by="x", released_at=clock.now()
        )
    )
    session.commit()
    assert "87.25" in client.get("/").text


def test_a_mentor_sees_questions_notes_and_who_has_not_begun(
    client: FlaskClient, session: Session, world: People, actor: Actor
) -> None:
    enter_as(client, world.mentor_account)
    assert "เริ่มสอนงาน นายเกษม" in client.get("/").text
    held = coaching.record_session(
        session,
        actor_for(world.mentor_account),
        mentor_id=world.mentor.id,
        enrollment_id=world.first.id,
        key="a",
        **said(),
    )
    coaching.question_session(session, actor, held, words="คนละวัน", version=held.version)
    projects.assign(session, actor, world.cohort, [world.first], kind="project", title="โครงการ ก")
    work = session.scalars(select(ProjectAssignment)).one()
    projects.write_note(session, actor, work, kind="progress", text="เริ่มแล้ว", key="n")
    session.commit()
    page = client.get("/").text
    assert "คนละวัน" in page and "ให้ความเห็นต่องานของ นายเกษม" in page
    assert "ขจร" not in page


def test_roles_add_up(client: FlaskClient, session: Session, world: People, sign_in: Any) -> None:
    sign_in(client, roles=("institute", "commission", "assessor"))
    page = client.get("/").text
    assert "รุ่นที่กำลังดำเนินการ" in page


def test_staff_see_sheets_not_filled_and_who_falls_behind(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    session.add(CourseSession(
        cohort_id=world.cohort.id, code="S09", part="lecture", name_th="คาบที่ลืม", held_on=clock.today() - dt.timedelta(days=2), hours=Decimal(6)
    ))  # fmt: skip
    row = session.scalars(select(Attendance).where(Attendance.enrollment_id == world.second.id)).first()
    row.present, row.hours = False, Decimal(0)
    world.cohort.starts_on = clock.today() - dt.timedelta(days=100)
    session.commit()
    sign_in(client, role="institute")
    page = client.get("/").text
    assert "บันทึกการเข้าเรียน: คาบที่ลืม" in page
    assert "2 คน" in page  # behind pace in coaching: both; and in attendance


def test_missing_scores_are_counted_after_the_end(
    client: FlaskClient, session: Session, world: People, sign_in: Any
) -> None:
    world.cohort.ends_on = clock.today() - dt.timedelta(days=1)
    made.enroll(
        session, world.cohort, made.officer(session, "T3"), {"exam": 80, "proposal": {"ก": 70, "ข": 75}}, minutes=0
    )
    session.commit()
    sign_in(client, role="institute")
    assert "คะแนนที่ยังขาด 10 รายการ" in client.get("/").text  # 3 people × 4 components, less 2


def test_an_assessor_sees_marks_to_give(client: FlaskClient, session: Session, world: People) -> None:
    member = account("assessor")
    session.add(PanelMember(
        cohort_id=world.cohort.id, purpose="ranking", component="proposal", name=member.name, account_id=member.id,
        named_by="x", named_at=clock.now(),
    ))  # fmt: skip
    session.commit()
    enter_as(client, member)
    assert "แจ้งส่วนได้เสีย" in client.get("/").text
    no_conflicts(session, session.scalar(select(PanelMember).where(PanelMember.account_id == member.id)))
    assert "เหลือ 2 จาก 2 คน" in client.get("/").text


def test_an_auditor_sees_sensitive_acts(
    client: FlaskClient, session: Session, world: People, actor: Actor, sign_in: Any
) -> None:
    append(session, actor, "officers:national-id:view", "Officer", "T1", reason="ตรวจคำสั่ง")
    session.commit()
    sign_in(client, role="auditor")
    page = client.get("/").text
    assert "ดูเลขประจำตัวประชาชนเต็ม" in page and "ตรวจคำสั่ง" in page


def test_an_administrator_sees_what_failed(client: FlaskClient, session: Session, sign_in: Any) -> None:
    session.add(
        Job(key="j", kind="scorecards", arguments={}, status="failed", asked_by="x", asked_at=clock.now(), error="x")
    )
    session.commit()
    sign_in(client, role="administrator")
    page = client.get("/").text
    assert "งานเบื้องหลังที่ไม่สำเร็จ 1 งาน" in page and "บัญชีที่ยังไม่เคยเข้าใช้" in page


@pytest.mark.parametrize("who", ["mentor", "institute", "commission", "trainee"])
def test_home_asks_as_often_for_many_as_for_one(
    client: FlaskClient, session: Session, world: People, sign_in: Any, statements: Any, actor: Actor, who: str
) -> None:
    projects.assign(
        session, actor, world.cohort, [world.first, world.second], kind="project", title="ก", steps=[Step("ข", None)]
    )
    made.coached(session, world.first, 30, mentor=world.mentor, acknowledged=False)
    session.commit()
    if who == "mentor":
        enter_as(client, world.mentor_account)
    elif who == "trainee":
        enter_as(client, world.first_account)
    else:
        sign_in(client, role=who)
    client.get("/")
    with statements() as few:
        client.get("/")
    for number in range(6):
        enrollment = made.enroll(session, world.cohort, made.officer(session, f"X{number}"), minutes=0)
        pair(session, enrollment, world.mentor)
        made.coached(session, enrollment, 30, mentor=world.mentor, acknowledged=False)
        made.coached(session, world.first, 31 + number, mentor=world.mentor, acknowledged=False)
        projects.assign(session, actor, world.cohort, [enrollment, world.first], kind="proposal", title=f"ค{number}")
        other = made.cohort(session, f"DD-{number}", ends_on=clock.today() + dt.timedelta(days=9))
        made.plan(session, other, approved=False)
    session.commit()
    with statements() as many:
        client.get("/")
    assert len(many) == len(few)
