"""Coaching, projects and proposals of the demonstration's trainees."""

import datetime as dt
import random
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.careers.models import Post
from webapp.coaching.models import CoachingSession, MentorPairing
from webapp.coaching.rules import natural_key
from webapp.courses.models import Cohort
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer, Posting
from webapp.projects.models import Milestone, ProjectAssignment, ProjectNote

if TYPE_CHECKING:
    from webapp.demo.cohorts import Trainee

TOPICS = (
    ("การวางแผนงานของเขต", "จัดทำแผนรายไตรมาสร่วมกับหัวหน้าฝ่าย", "ส่งร่างแผนให้ดู"),
    ("การจัดการเรื่องร้องเรียน", "ทบทวนเรื่องค้างเกิน 30 วันทุกวันจันทร์", "สรุปสาเหตุสามอันดับแรก"),
    ("การประชุมกับชุมชน", "ฟังก่อนตอบ และสรุปข้อตกลงทุกครั้ง", "นำประชุมชุมชนครั้งถัดไปด้วยตนเอง"),
    ("การบริหารงบประมาณ", "ดูอัตราเบิกจ่ายรายเดือน", "เสนอแนวทางเร่งรัดโครงการที่ล่าช้า"),
    ("การมอบหมายงานและติดตาม", "มอบหมายเป็นลายลักษณ์อักษรพร้อมกำหนดเวลา", "ลองใช้กับหนึ่งฝ่ายเป็นเวลาหนึ่งเดือน"),
    ("การเตรียมข้อเสนอพัฒนาเขต", "เลือกปัญหาเดียวและเก็บข้อมูลให้พอ", "นำข้อมูลพื้นฐานมาคุยครั้งหน้า"),
)
PROJECTS = (
    "ลดเวลารอคอยงานทะเบียนของสำนักงานเขต", "ปรับปรุงจุดทิ้งขยะริมคลองร่วมกับชุมชน", "เพิ่มการจัดเก็บภาษีป้ายด้วยข้อมูลสำรวจ",
    "ทางเท้าปลอดภัยรอบโรงเรียน", "ศูนย์รับเรื่องร้องทุกข์เชิงรุก", "แปลงผักปลอดสารในพื้นที่ว่างของเขต",
    "จัดระเบียบการค้าริมทางอย่างมีส่วนร่วม", "เตือนภัยน้ำท่วมระดับซอยโดยอาสาสมัคร",
)  # fmt: skip
STEPS = ("วิเคราะห์ปัญหาและกำหนดเป้าหมาย", "วางแผนและขอความเห็นชอบ", "ดำเนินการในพื้นที่นำร่อง", "สรุปผลและบทเรียน")


def mentors(session: Session, chance: random.Random, count: int) -> list[Officer]:
    """Some directors, the same every time."""
    directors = session.scalars(
        select(Officer)
        .join(Posting, Posting.officer_id == Officer.id)
        .join(Post, Post.id == Posting.post_id)
        .where(Post.code == "district-director", Posting.ended_on.is_(None), Posting.acting.is_(False))
        .order_by(Officer.officer_no)
    ).all()
    return chance.sample(list(directors), count)


def coach(
    session: Session, desks: Desks, chance: random.Random, cohort: Cohort, trainees: list["Trainee"], *,
    few: set[int], mentor: Officer | None = None,
) -> None:  # fmt: skip
    """Pair everybody with a mentor and log their sessions; those in ``few`` have too little so far.

    With ``mentor`` the first five trainees are theirs, and some of their sessions wait or are questioned.
    """
    pool = [one for one in mentors(session, chance, 7) if mentor is None or one.id != mentor.id]
    for place, trainee in enumerate(trainees):
        theirs = mentor if mentor is not None and place < 5 else pool[place % len(pool)]
        session.add(
            MentorPairing(
                enrollment_id=trainee.enrollment.id,
                mentor_id=theirs.id,
                paired_by=desks.staff.name,
                paired_at=_at(cohort.starts_on),
            )
        )
        count = chance.randint(3, 6) if place in few else chance.randint(9, 12)
        last = min(cohort.ends_on, DAY - dt.timedelta(days=2))
        days = sorted(chance.sample(range(7, (last - cohort.starts_on).days), count))
        for number, after in enumerate(days):
            held = _session(chance, cohort, trainee, theirs, cohort.starts_on + dt.timedelta(days=after))
            recent = mentor is not None and number >= count - 1 and place < 8
            if not recent:
                held.acknowledged_at, held.acknowledged_by = _at(held.held_on, 1), trainee.officer.name_th
            elif place == 1:
                held.questioned_at, held.question = _at(held.held_on, 1), "วันนั้นพบกันเพียง 45 นาที ขอให้แก้จำนวนนาที"
            session.add(held)
    session.flush()


def _session(
    chance: random.Random, cohort: Cohort, trainee: "Trainee", mentor: Officer, day: dt.date
) -> CoachingSession:
    topic, agreed, next_step = chance.choice(TOPICS)
    kind = "shadowing" if chance.random() < 0.06 else chance.choice(("coaching", "mentoring"))
    return CoachingSession(
        enrollment_id=trainee.enrollment.id, mentor_id=mentor.id, held_on=day, kind=kind,
        natural_key=natural_key(trainee.enrollment.id, mentor.id, day, kind, ""), minutes=chance.choice((60, 90, 90, 120)),
        topic=topic, agreed=agreed, next_step=next_step, next_on=day + dt.timedelta(days=21),
        recorded_by=mentor.name_th, recorded_by_id=mentor.account_id, recorded_at=_at(day),
    )  # fmt: skip


def projects(
    session: Session, desks: Desks, chance: random.Random, cohort: Cohort, trainees: list["Trainee"], *, done: bool
) -> None:
    """A project with four milestones for everybody, and a proposal outline; handed in and accepted where ``done``."""
    length = (cohort.ends_on - cohort.starts_on).days
    for trainee in trainees:
        for kind, title in (("project", chance.choice(PROJECTS)), ("proposal", "โครงร่างข้อเสนอการพัฒนางานของสำนักงานเขต")):
            made = ProjectAssignment(
                enrollment_id=trainee.enrollment.id, kind=kind, title=title, due_on=cohort.ends_on - dt.timedelta(days=21),
                brief="เลือกปัญหาของพื้นที่จริง ลงมือทำ และสรุปบทเรียน" if kind == "project" else "ไม่เกิน 5 หน้า นำเสนอ 10 นาที",
                assigned_by=desks.staff.name, assigned_at=_at(cohort.starts_on, 7),
            )  # fmt: skip
            if done:
                made.submitted_at, made.summary = _at(cohort.ends_on, -25), "ดำเนินการตามแผนครบถ้วน แนบรายงานผลแล้ว"
                made.accepted, made.decided_by, made.decided_at = True, desks.staff.name, _at(cohort.ends_on, -20)
            session.add(made)
            session.flush()
            if kind == "project":
                _milestones(session, chance, cohort, made, trainee, length, done)
    session.flush()


def _milestones(
    session: Session,
    chance: random.Random,
    cohort: Cohort,
    made: ProjectAssignment,
    trainee: "Trainee",
    length: int,
    done: bool,
) -> None:
    for place, title in enumerate(STEPS, start=1):
        due = cohort.starts_on + dt.timedelta(days=length * place // 5)
        finished = done or (due < DAY and chance.random() < 0.85)
        session.add(Milestone(
            assignment_id=made.id, position=place, title=title, due_on=due, done_on=due - dt.timedelta(days=2) if finished else None,
            done_by=trainee.officer.name_th if finished else "",
        ))  # fmt: skip
        if finished and chance.random() < 0.5:
            session.add(ProjectNote(
                assignment_id=made.id, kind="progress", text=f"{title}: ทำแล้วตามแผน ได้รับความร่วมมือจากชุมชนดี",
                written_by=trainee.officer.name_th, written_by_id=trainee.officer.account_id, written_at=_at(due, -2),
            ))  # fmt: skip


def _at(day: dt.date, later: int = 0) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=later), dt.time(3, 30), dt.UTC)
