"""A small cohort in the database, for the tests of records and shortlists: named people, a plan, marks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.assessments.models import AssessmentPlan, PlanComponent, PlanGate, PlanTieBreaker, ScoreEntry
from webapp.careers.models import Course, Post, Unit
from webapp.coaching.models import CoachingSession
from webapp.courses.models import Attendance, Cohort, CourseSession, Enrollment
from webapp.officers.models import Officer, Posting
from webapp.projects.models import ProjectAssignment
from webapp.thai import sort_key

STARTS, ENDS = dt.date(2026, 1, 5), dt.date(2026, 6, 30)
COMPONENTS = (
    {"code": "exam", "weight": 50, "maximum": 100, "pass_percent": 60},
    {"code": "proposal", "weight": 30, "maximum": 100, "pass_percent": 60},
    {"code": "project", "weight": 10, "maximum": 50},
    {"code": "coaching", "weight": 10, "maximum": 100},
)
NAMES = {"exam": ("การสอบ", "Examination"), "proposal": ("ข้อเสนอการพัฒนา", "Proposal"),
         "project": ("โครงการ", "Project"), "coaching": ("การสอนงาน", "Coaching")}  # fmt: skip


def cohort(session: Session, code: str = "DD-2569-1", size: int = 5, ends_on: dt.date = ENDS) -> Cohort:
    """A cohort of the district director course with two sessions of six hours."""
    course = session.scalar(select(Course).where(Course.code == "district-director-course"))
    made = Cohort(
        code=code, course=course, name_th="หลักสูตรผู้อำนวยการเขต รุ่นที่ 1", name_en="District director course 1",
        starts_on=STARTS, ends_on=ends_on, seats=40, shortlist_size=size, created_at=clock.now(), created_by="ทดสอบ",
    )  # fmt: skip
    session.add(made)
    session.flush()
    for number in (1, 2):
        session.add(CourseSession(
            cohort_id=made.id, code=f"S0{number}", part="lecture", name_th=f"บรรยาย {number}", name_en=f"Lecture {number}",
            held_on=STARTS + dt.timedelta(days=number), hours=Decimal(6),
        ))  # fmt: skip
    session.flush()
    return made


def plan(
    session: Session, of: Cohort, *, components: Sequence[Mapping[str, Any]] = COMPONENTS, approved: bool = True,
    gates: Mapping[str, Any] | None = None, tie_breakers: Sequence[str] = ("exam", "proposal", "level_tenure", "entry_date"),
    reason: str = "ตามมติคณะกรรมการ", decimals: int = 2, version: int = 1,
) -> AssessmentPlan:  # fmt: skip
    """A ranking plan in force, every part with its reason."""
    gates = {"attendance_percent": 80, "coaching_hours": 2} if gates is None else gates
    made = AssessmentPlan(
        cohort_id=of.id, purpose="ranking", version=version, status="in-force", decimals=decimals, drafted_by="ก",
        drafted_at=clock.now(), approved_by="ข" if approved else None, approved_at=clock.now() if approved else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for position, component in enumerate(components):
        name_th, name_en = NAMES.get(component["code"], (component["code"], component["code"]))
        session.add(PlanComponent(plan_id=made.id, position=position, name_th=name_th, name_en=name_en, reason=reason,
                                  **{key: Decimal(str(v)) if key != "code" else v for key, v in component.items()}))  # fmt: skip
    session.add_all(
        PlanGate(plan_id=made.id, kind=kind, value=Decimal(value), reason=reason) for kind, value in gates.items()
    )
    session.add_all(
        PlanTieBreaker(plan_id=made.id, position=n, key=key, reason=reason) for n, key in enumerate(tie_breakers)
    )
    session.flush()
    session.expire(made)
    return made


def officer(session: Session, number: str, *, given: str = "", entry: dt.date = dt.date(2000, 10, 1)) -> Officer:
    """An officer with one open posting as assistant district director since 2020."""
    given = given or f"ชื่อ{number}"
    made = Officer(
        officer_no=number, title="นาย", given_name=given, family_name="ทดสอบ", name_en=f"Mr {number}",
        sort_key=sort_key(f"{given} ทดสอบ"), birth_date=dt.date(1975, 3, 1), entry_date=entry,
    )  # fmt: skip
    session.add(made)
    session.flush()
    post = session.scalar(select(Post).where(Post.code == "assistant-district-director"))
    unit = session.scalar(select(Unit).where(Unit.code == "BMA-D01"))
    session.add(Posting(
        officer_id=made.id, post_id=post.id, unit_id=unit.id, position_type="managerial", level="primary",
        started_on=dt.date(2020, 10, 1), entered_by="ทดสอบ", entered_at=clock.now(),
    ))  # fmt: skip
    session.flush()
    return made


def enroll(
    session: Session, of: Cohort, who: Officer, scores: Mapping[str, Any] | None = None, *, status: str = "enrolled",
    attended: Sequence[Any] = (6, 6), minutes: int = 120, accepted: bool | None = None,
) -> Enrollment:  # fmt: skip
    """An enrollment with scores (a number, or panel members' numbers by name), hours attended and coaching minutes."""
    made = Enrollment(cohort_id=of.id, officer_id=who.id, status=status, decided_by="ทดสอบ", decided_at=clock.now())
    session.add(made)
    session.flush()
    for code, given in (scores or {}).items():
        for member, points in given.items() if isinstance(given, Mapping) else [("", given)]:
            session.add(ScoreEntry(
                enrollment_id=made.id, purpose="ranking", component=code, member=member, score=Decimal(str(points)),
                maximum=Decimal(50 if code == "project" else 100), entered_by="ทดสอบ", entered_at=clock.now(),
            ))  # fmt: skip
    sessions = session.scalars(
        select(CourseSession).where(CourseSession.cohort_id == of.id).order_by(CourseSession.code)
    )
    for held, hours in zip(sessions, attended, strict=False):
        session.add(Attendance(session_id=held.id, enrollment_id=made.id, present=bool(hours), hours=Decimal(str(hours)),
                               entered_by="ทดสอบ", entered_at=clock.now()))  # fmt: skip
    if minutes:
        coached(session, made, minutes, mentor=who)
    if accepted is not None:
        session.add(ProjectAssignment(enrollment_id=made.id, kind="project", title="โครงการทดลอง", accepted=accepted,
                                      assigned_by="ทดสอบ", assigned_at=clock.now()))  # fmt: skip
    session.flush()
    return made


def coached(session: Session, of: Enrollment, minutes: int, *, mentor: Officer, kind: str = "coaching",
            acknowledged: bool = True, topic: str = "การบริหารงานเขต") -> CoachingSession:  # fmt: skip
    """A session of coaching."""
    made = CoachingSession(
        enrollment_id=of.id, mentor_id=mentor.id, held_on=dt.date(2026, 2, 1), kind=kind, minutes=minutes, topic=topic,
        recorded_by="ทดสอบ", recorded_at=clock.now(), acknowledged_at=clock.now() if acknowledged else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def five_and_more(session: Session, *, approved: bool = True, reason: str = "ตามมติคณะกรรมการ") -> Cohort:
    """Eight people: a tie across the fifth place, one below a mark, one withdrawn, one without enough coaching."""
    made = cohort(session)
    plan(session, made, approved=approved, reason=reason)
    for number, exam in (("A1", 95), ("A2", 90), ("A3", 85), ("A4", 80)):
        enroll(session, made, officer(session, number), {"exam": exam, "proposal": 80, "project": 40, "coaching": 90})
    tied = {"exam": 75, "proposal": {"กรรมการ ก": 70, "กรรมการ ข": 75.5}, "project": 40, "coaching": 90}
    for number in ("A5", "A6"):
        enroll(session, made, officer(session, number), tied)
    enroll(session, made, officer(session, "B1"), {"exam": 59.99, "proposal": 80, "project": 40, "coaching": 90})
    enroll(session, made, officer(session, "B2"), {"exam": 70}, status="withdrawn")
    enroll(session, made, officer(session, "B3"), {"exam": 90, "proposal": 80, "project": 40}, minutes=119)
    enroll(session, made, officer(session, "C1"), {"exam": 99}, status="applied")
    session.commit()
    return made
