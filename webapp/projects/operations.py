"""What staff, trainees and mentors do with projects: assign, work, comment, submit, decide. Evidence, never points."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.errors import Conflict, RuleBroken
from webapp.files.operations import store
from webapp.notices.operations import notify
from webapp.officers.models import Officer
from webapp.projects import rules
from webapp.projects.models import Milestone, ProjectAssignment, ProjectFile, ProjectNote
from webapp.projects.rules import Step


def assign(
    session: Session, actor: Actor, cohort: Cohort, enrollments: Sequence[Enrollment], *, kind: str, title: str,
    brief: str = "", due_on: dt.date | None = None, steps: Sequence[Step] = (),
) -> int:  # fmt: skip
    """Give everybody of ``enrollments`` the same assignment; whoever has it already keeps theirs. Returns how many got it.

    Raises ``RuleBroken`` for a closed cohort, nobody to give it to, or milestones that do not fit.
    """
    _check_open(cohort)
    rules.check_steps(steps, due_on)
    present = set(session.scalars(select(ProjectAssignment.enrollment_id).where(
        ProjectAssignment.enrollment_id.in_([one.id for one in enrollments]),
        ProjectAssignment.kind == kind, ProjectAssignment.title == title,
    )))  # fmt: skip
    new = [one for one in enrollments if one.id not in present and one.status in IN_THE_COHORT]
    if not new:
        raise RuleBroken("ทุกคนที่เลือกมีงานชื่อนี้แล้ว กรุณาเลือกคนอื่นหรือตั้งชื่องานใหม่")
    made = [
        ProjectAssignment(
            enrollment_id=one.id, kind=kind, title=title, brief=brief, due_on=due_on, assigned_by=actor.name,
            assigned_at=clock.now(),
        )
        for one in new
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for row in made:
        _add_steps(session, row, steps)
    session.flush()
    audit.append(
        session, actor, "projects:assignment:make", "Cohort", cohort.code,
        after={"kind": kind, "title": title, "due_on": due_on, "assignments": [row.id for row in made],
               "steps": [step.title for step in steps]},
    )  # fmt: skip
    _tell_all(session, new, made)
    return len(made)


def _tell_all(session: Session, enrollments: Sequence[Enrollment], made: Sequence[ProjectAssignment]) -> None:
    ids = [one.officer_id for one in enrollments]
    people = {one.id: one for one in session.scalars(select(Officer).where(Officer.id.in_(ids)))}
    for enrollment, row in zip(enrollments, made, strict=True):
        account_id = people[enrollment.officer_id].account_id
        notify(session, account_id, "projects:assignment:made", {"title": row.title}, f"/projects/{row.id}")


def change_assignment(
    session: Session, actor: Actor, assignment: ProjectAssignment, *, version: int, title: str, brief: str,
    due_on: dt.date | None, steps: Sequence[Step],
) -> None:  # fmt: skip
    """Staff change what is asked. Steps done already keep their place while their title stands.

    Raises ``Conflict`` for a stale page, ``RuleBroken`` once accepted or where the title is taken.
    """
    _check_version(assignment, version)
    if rules.state_of(assignment) == "accepted":
        raise RuleBroken("งานนี้ได้รับการยอมรับแล้ว จึงแก้ไขไม่ได้")
    rules.check_steps(steps, due_on)
    before = {"title": assignment.title, "brief": assignment.brief, "due_on": assignment.due_on}
    taken = session.scalar(select(ProjectAssignment.id).where(
        ProjectAssignment.enrollment_id == assignment.enrollment_id, ProjectAssignment.kind == assignment.kind,
        ProjectAssignment.title == title, ProjectAssignment.id != assignment.id,
    ))  # fmt: skip
    if taken is not None:
        raise RuleBroken("ผู้เข้ารับการอบรมคนนี้มีงานชื่อนี้แล้ว")
    assignment.title, assignment.brief, assignment.due_on = title, brief, due_on
    done = {
        row.title: (row.done_on, row.done_by)
        for row in session.scalars(select(Milestone).where(Milestone.assignment_id == assignment.id))
    }
    session.execute(delete(Milestone).where(Milestone.assignment_id == assignment.id))
    _add_steps(session, assignment, steps, done)
    session.flush()
    audit.append(
        session, actor, "projects:assignment:change", "ProjectAssignment", assignment.id, before=before,
        after={"title": title, "brief": brief, "due_on": due_on, "steps": [step.title for step in steps]},
    )  # fmt: skip


def mark_step(session: Session, actor: Actor, assignment: ProjectAssignment, step: Milestone, *, done: bool) -> None:
    """The trainee says that a step is done, or takes it back. Marking it as it is changes nothing."""
    rules.check_may_work(assignment)
    if done == (step.done_on is not None):
        return
    step.done_on, step.done_by = (clock.today(), actor.name) if done else (None, "")
    session.flush()
    audit.append(
        session, actor, "projects:milestone:mark", "Milestone", step.id, after={"title": step.title, "done": done}
    )  # fmt: skip


def write_note(
    session: Session, actor: Actor, assignment: ProjectAssignment, *, kind: str, text: str, key: str
) -> ProjectNote:
    """Add a trainee's progress note or a mentor's comment. The same ``key`` adds it once.

    Raises ``RuleBroken`` without words, ``Conflict`` for the same key with other words.
    """
    if not text.strip():
        raise RuleBroken("กรุณาพิมพ์ข้อความก่อนส่ง")
    known = session.scalar(select(ProjectNote).where(ProjectNote.key == key))
    if known is not None:
        if (known.assignment_id, known.kind, known.text) != (assignment.id, kind, text):
            raise Conflict("ข้อความนี้ส่งไปแล้วด้วยเนื้อหาอื่น กรุณาเปิดหน้าใหม่")
        return known
    try:
        with session.begin_nested():
            note = _log(session, actor, assignment, kind, text, key)
    except IntegrityError:
        raise Conflict("ข้อความนี้ส่งไปแล้ว กรุณาเปิดหน้าใหม่เพื่อตรวจสอบ") from None
    audit.append(session, actor, f"projects:note:{kind}", "ProjectAssignment", assignment.id, after={"note": note.id})
    if kind == "comment":
        values = {"who": actor.name, "title": assignment.title}
        trainee = _trainee(session, assignment)
        notify(session, trainee.account_id, "projects:assignment:commented", values, f"/projects/{assignment.id}")
    return note


def add_file(session: Session, actor: Actor, assignment: ProjectAssignment, name: str, content: bytes) -> ProjectFile:
    """Keep a file with the assignment; the same content under the same name once.

    Raises ``RuleBroken`` for a type or size that is not taken, too many files, or work that is being judged.
    """
    rules.check_may_work(assignment)
    file = store(session, actor, name, content)
    standing = session.scalars(
        select(ProjectFile).where(ProjectFile.assignment_id == assignment.id, ProjectFile.withdrawn_at.is_(None))
    ).all()
    for row in standing:
        known = session.get_one(type(file), row.file_id)
        if (known.sha256, known.name) == (file.sha256, file.name):
            session.delete(file)
            session.flush()
            return row
    if len(standing) >= rules.MOST_FILES:
        raise RuleBroken("แนบไฟล์ได้ไม่เกิน %(most)s ไฟล์ กรุณานำไฟล์ที่ไม่ใช้ออกก่อน", most=rules.MOST_FILES)
    made = ProjectFile(assignment_id=assignment.id, file_id=file.id)
    session.add(made)
    session.flush()
    audit.append(
        session, actor, "projects:file:add", "ProjectAssignment", assignment.id,
        after={"file": file.name, "sha256": file.sha256, "size": file.size},
    )  # fmt: skip
    return made


def take_file_away(session: Session, actor: Actor, assignment: ProjectAssignment, row: ProjectFile) -> None:
    """Take a file out of the assignment; what was stored is kept."""
    rules.check_may_work(assignment)
    row.withdrawn_at = clock.now()
    session.flush()
    audit.append(
        session, actor, "projects:file:take-away", "ProjectAssignment", assignment.id, before={"file": row.file.name}
    )  # fmt: skip


def submit(session: Session, actor: Actor, assignment: ProjectAssignment, *, summary: str, version: int) -> bool:
    """Hand the work in with a summary. Handed in twice with the same summary: once; returns whether it was new.

    Raises ``Conflict`` for another summary or a stale page, ``RuleBroken`` for what the rules refuse.
    """
    if assignment.submitted_at is not None and assignment.accepted is not True:
        if assignment.summary == summary:
            return False
        raise Conflict("งานนี้ส่งไปแล้วด้วยบทสรุปอื่น หากต้องการแก้ไข กรุณาถอนการส่งก่อน")
    rules.check_submission(assignment, summary)
    _check_version(assignment, version)
    _check_open(_cohort(session, assignment))
    assignment.submitted_at, assignment.summary = clock.now(), summary
    assignment.accepted, assignment.decided_reason, assignment.decided_by = None, "", ""
    assignment.decided_at = None
    _log(session, actor, assignment, "submitted", summary)
    files = session.scalar(select(func.count(ProjectFile.id)).where(
        ProjectFile.assignment_id == assignment.id, ProjectFile.withdrawn_at.is_(None)
    ))  # fmt: skip
    audit.append(
        session, actor, "projects:assignment:submit", "ProjectAssignment", assignment.id,
        after={"summary": summary, "files": files},
    )  # fmt: skip
    return True


def take_back(session: Session, actor: Actor, assignment: ProjectAssignment, *, version: int) -> None:
    """Take a submission back while it is not decided. Raises ``RuleBroken`` after, ``Conflict`` for a stale page."""
    if rules.state_of(assignment) != "submitted":
        raise RuleBroken("งานนี้ยังไม่ได้ส่ง หรือพิจารณาไปแล้ว จึงถอนการส่งไม่ได้")
    _check_version(assignment, version)
    assignment.submitted_at = None
    _log(session, actor, assignment, "taken-back", "")
    audit.append(session, actor, "projects:assignment:take-back", "ProjectAssignment", assignment.id)


def decide(
    session: Session, actor: Actor, assignment: ProjectAssignment, *, accept: bool, reason: str, version: int,
    actor_officer_id: int | None = None,
) -> None:  # fmt: skip
    """Staff accept the work, or return it with a reason so that it can be handed in again.

    Raises ``RuleBroken`` for one's own work or nothing to decide, ``Conflict`` for a stale page.
    """
    if actor_officer_id is not None and actor_officer_id == _trainee(session, assignment).id:
        raise RuleBroken("ไม่มีผู้ใดพิจารณางานของตนเองได้")
    rules.check_may_decide(assignment, accept, reason)
    _check_version(assignment, version)
    _check_open(_cohort(session, assignment))
    assignment.accepted, assignment.decided_reason = accept, reason
    assignment.decided_by, assignment.decided_at = actor.name, clock.now()
    if not accept:
        assignment.submitted_at = None
    verb = "accepted" if accept else "returned"
    _log(session, actor, assignment, verb, reason)
    audit.append(
        session, actor, f"projects:assignment:{'accept' if accept else 'return'}", "ProjectAssignment", assignment.id,
        before={"state": "submitted"}, after={"state": verb}, reason=reason,
    )  # fmt: skip
    values = {"who": actor.name, "title": assignment.title}
    trainee = _trainee(session, assignment)
    notify(session, trainee.account_id, f"projects:assignment:{verb}", values, f"/projects/{assignment.id}")


def _add_steps(
    session: Session, assignment: ProjectAssignment, steps: Sequence[Step],
    done: dict[str, tuple[dt.date | None, str]] | None = None,
) -> None:  # fmt: skip
    for position, step in enumerate(steps, start=1):
        done_on, done_by = (done or {}).get(step.title, (None, ""))
        session.add(
            Milestone(
                assignment_id=assignment.id, position=position, title=step.title, due_on=step.due_on, done_on=done_on,
                done_by=done_by,
            )
        )  # fmt: skip


def _log(
    session: Session, actor: Actor, assignment: ProjectAssignment, kind: str, text: str, key: str | None = None
) -> ProjectNote:
    note = ProjectNote(
        assignment_id=assignment.id, kind=kind, text=text, written_by=actor.name, written_by_id=actor.account_id,
        written_at=clock.now(), key=key,
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def _check_version(assignment: ProjectAssignment, version: int) -> None:
    if version != assignment.version:
        raise Conflict("งานนี้ถูกเปลี่ยนไปแล้วตั้งแต่ท่านเปิดหน้านี้ กรุณาเปิดหน้าใหม่แล้วตรวจสอบอีกครั้ง")


def _cohort(session: Session, assignment: ProjectAssignment) -> Cohort:
    return session.get_one(Cohort, session.get_one(Enrollment, assignment.enrollment_id).cohort_id)


def _trainee(session: Session, assignment: ProjectAssignment) -> Officer:
    return session.get_one(Officer, session.get_one(Enrollment, assignment.enrollment_id).officer_id)


def _check_open(cohort: Cohort) -> None:
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงเปลี่ยนโครงการไม่ได้")
