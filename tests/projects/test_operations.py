"""Work as it is kept: assigned once, handed in once, judged as it was handed in, every turn kept."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.coaching.people import People, people
from webapp import clock
from webapp.audit import Actor
from webapp.errors import Conflict, RuleBroken
from webapp.files.models import StoredFile
from webapp.projects import operations, queries
from webapp.projects.models import Milestone, ProjectAssignment, ProjectFile, ProjectNote
from webapp.projects.rules import Step

PDF = b"%PDF-1.7 report"


@pytest.fixture
def world(session: Session) -> People:
    return people(session)


def assigned(session: Session, actor: Actor, world: People, **more: Any) -> ProjectAssignment:
    operations.assign(
        session, actor, world.cohort, [world.first], kind="project", title="ลดน้ำท่วมขัง",
        steps=[Step("เก็บข้อมูล", None), Step("รายงาน", None)], **more,
    )  # fmt: skip
    session.commit()
    return session.scalars(select(ProjectAssignment)).one()


def test_everybody_gets_the_work_once(session: Session, world: People, actor: Actor) -> None:
    assigned(session, actor, world)
    both = [world.first, world.second]
    assert operations.assign(session, actor, world.cohort, both, kind="project", title="ลดน้ำท่วมขัง") == 1
    with pytest.raises(RuleBroken, match="มีงานชื่อนี้แล้ว"):
        operations.assign(session, actor, world.cohort, both, kind="project", title="ลดน้ำท่วมขัง")
    assert session.scalar(select(func.count(ProjectAssignment.id))) == 2


def test_handing_in_twice_is_the_same_as_once(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    version = work.version
    assert operations.submit(session, actor, work, summary="สรุป", version=version)
    assert not operations.submit(session, actor, work, summary="สรุป", version=version)
    with pytest.raises(Conflict):
        operations.submit(session, actor, work, summary="อย่างอื่น", version=work.version)
    assert session.scalar(select(func.count(ProjectNote.id)).where(ProjectNote.kind == "submitted")) == 1


def test_work_is_taken_back_until_decided(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    operations.submit(session, actor, work, summary="สรุป", version=work.version)
    operations.take_back(session, actor, work, version=work.version)
    operations.submit(session, actor, work, summary="สรุปใหม่", version=work.version)
    operations.decide(session, actor, work, accept=True, reason="", version=work.version)
    with pytest.raises(RuleBroken):
        operations.take_back(session, actor, work, version=work.version)


def test_returned_work_keeps_its_history_when_handed_in_again(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    operations.submit(session, actor, work, summary="หนึ่ง", version=work.version)
    operations.decide(session, actor, work, accept=False, reason="ขาดตัวเลข", version=work.version)
    assert queries.lines(session, [work])[0].state == "returned"
    operations.submit(session, actor, work, summary="สอง", version=work.version)
    operations.decide(session, actor, work, accept=True, reason="ครบถ้วน", version=work.version)
    told = [(note.kind, note.text) for note in reversed(queries.notes_of(session, work.id))]
    assert told == [("submitted", "หนึ่ง"), ("returned", "ขาดตัวเลข"), ("submitted", "สอง"), ("accepted", "ครบถ้วน")]
    assert work.accepted is True


def test_nobody_decides_on_their_own_work(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    operations.submit(session, actor, work, summary="สรุป", version=work.version)
    with pytest.raises(RuleBroken, match="ตนเอง"):
        operations.decide(
            session, actor, work, accept=True, reason="", version=work.version, actor_officer_id=world.trainee.id
        )


def test_a_stale_decision_is_refused(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    operations.submit(session, actor, work, summary="สรุป", version=work.version)
    with pytest.raises(Conflict):
        operations.decide(session, actor, work, accept=True, reason="", version=work.version - 1)


def test_changing_what_is_asked_keeps_steps_done(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    step = session.scalars(select(Milestone).order_by(Milestone.position)).first()
    operations.mark_step(session, actor, work, step, done=True)
    steps = [Step("รายงาน", None), Step("เก็บข้อมูล", None), Step("นำเสนอ", None)]
    operations.change_assignment(
        session, actor, work, version=work.version, title="ลดน้ำท่วมขัง 2", brief="", due_on=None, steps=steps
    )
    rows = queries.milestones_by(session, [work.id])[work.id]
    assert [(row.title, row.done_on is not None) for row in rows] == [
        ("รายงาน", False),
        ("เก็บข้อมูล", True),
        ("นำเสนอ", False),
    ]


def test_a_note_sent_twice_is_kept_once(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    for _ in range(2):
        operations.write_note(session, actor, work, kind="progress", text="เริ่มแล้ว", key="n1")
    with pytest.raises(Conflict):
        operations.write_note(session, actor, work, kind="progress", text="อื่น", key="n1")
    assert session.scalar(select(func.count(ProjectNote.id))) == 1


def test_the_same_file_is_kept_once(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    first = operations.add_file(session, actor, work, "รายงาน.pdf", PDF)
    assert operations.add_file(session, actor, work, "รายงาน.pdf", PDF).id == first.id
    assert session.scalar(select(func.count(StoredFile.id))) == 1


def test_a_program_is_refused_whatever_its_name_says(session: Session, world: People, actor: Actor) -> None:
    work = assigned(session, actor, world)
    with pytest.raises(RuleBroken, match="ชนิด"):
        operations.add_file(session, actor, work, "รายงาน.pdf", b"MZ\x90\x00\xff\xfe")
    assert session.scalar(select(func.count(ProjectFile.id))) == 0


@pytest.mark.parametrize("values", [{"kind": "essay"}, {"enrollment_id": 999_999}])
def test_the_database_says_no_too(session: Session, world: People, values: dict[str, Any]) -> None:
    row = {
        "enrollment_id": world.first.id,
        "kind": "project",
        "title": "x",
        "assigned_by": "x",
        "assigned_at": clock.now(),
    }
    session.add(ProjectAssignment(**{**row, **values}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_keeps_one_work_of_a_title(session: Session, world: People, actor: Actor) -> None:
    assigned(session, actor, world)
    session.add(
        ProjectAssignment(
            enrollment_id=world.first.id, kind="project", title="ลดน้ำท่วมขัง", assigned_by="x", assigned_at=clock.now()
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
