"""The demonstration's interviews: a guide put in force by a second person, a panel with a conflict, marks to talk about."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.desk import open_desk
from webapp.assessments.models import PanelMember
from webapp.assessments.panels import conflicts, discussing, guides, operations, settings, turns
from webapp.assessments.panels.conflicts import Said
from webapp.assessments.panels.rules import GuideContent, QuestionContent
from webapp.assessments.plans.operations import approve_loaded, load_plan
from webapp.assessments.plans.rules import ComponentContent, PlanContent, TieBreakerContent
from webapp.assessments.queries import plan_in_force
from webapp.audit import Actor
from webapp.careers.models import Course
from webapp.courses import operations as courses
from webapp.courses.models import Cohort, Enrollment
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer, Posting

CODE = "JMA-2570-1"
MEMBERS = ("assessor@kaona.example", "assessor2@kaona.example")

SELECTION = PlanContent(
    components=(
        ComponentContent(
            "general", "ความรู้ทั่วไป", "General knowledge", Decimal(30), Decimal(100), Decimal(60), "exam",
            "การคัดเลือกสามส่วน: ความรู้ทั่วไป ความรู้เฉพาะตำแหน่ง และสัมภาษณ์",
        ),
        ComponentContent(
            "specific", "ความรู้เฉพาะตำแหน่ง", "Knowledge of the post", Decimal(40), Decimal(100), Decimal(60), "exam",
            "งานของหัวหน้าฝ่ายใช้ความรู้เฉพาะมากที่สุด จึงมีน้ำหนักมากที่สุด",
        ),
        ComponentContent(
            "interview", "สัมภาษณ์", "Interview", Decimal(30), Decimal(100), Decimal(60), "manual",
            "สมรรถนะที่ข้อสอบวัดไม่ได้ วัดด้วยคำถามเดียวกันทุกคน", face_to_face=True,
        ),
    ),
    tie_breakers=(TieBreakerContent("specific", "งานใช้ความรู้เฉพาะมากที่สุด"), TieBreakerContent("entry_date", "ผู้เข้ารับราชการก่อนได้ลำดับก่อน")),
)  # fmt: skip

GUIDE = GuideContent(
    30,
    "สวัสดีครับ/ค่ะ วันนี้กรรมการจะถามคำถามเดียวกันกับทุกคน คำถามละประมาณแปดนาที ขอให้เล่าจากเหตุการณ์ที่ท่านทำจริง",
    "ขอบคุณที่มาสัมภาษณ์ ท่านมีสิ่งใดจะเพิ่มเติมหรือไม่",
    (
        QuestionContent(
            "citizens", "การรับฟังประชาชน", "Listening to citizens",
            "เล่าถึงครั้งหนึ่งที่ประชาชนไม่พอใจการทำงานของฝ่ายท่าน ท่านทำอย่างไร และผลเป็นอย่างไร",
            "ท่านรู้ได้อย่างไรว่าเขาไม่พอใจเรื่องใด\nถ้าทำใหม่ได้ ท่านจะทำต่างไปอย่างไร", "service-mind", Decimal(30),
            ("เล่าไม่ได้ หรือโทษประชาชน", "รับฟังแต่ไม่ได้ดำเนินการต่อ", "แก้ปัญหาเฉพาะหน้าได้", "แก้ปัญหาและแจ้งผลกลับให้ประชาชนทราบ", "แก้ที่ต้นเหตุ วัดผลได้ และป้องกันไม่ให้เกิดซ้ำ"),
        ),
        QuestionContent(
            "team", "การนำทีม", "Leading a team",
            "เล่าถึงครั้งที่คนในทีมเห็นไม่ตรงกันจนงานหยุด ท่านทำให้งานเดินต่อได้อย่างไร",
            "ท่านตัดสินใจจากข้อมูลใด\nคนที่ไม่เห็นด้วยรู้สึกอย่างไรหลังจากนั้น", "teamwork", Decimal(40),
            ("ปล่อยให้งานหยุด หรือใช้อำนาจสั่งโดยไม่รับฟัง", "รับฟังบางคน งานเดินต่อแต่ความขัดแย้งยังอยู่", "ไกล่เกลี่ยให้งานเสร็จตามกำหนด", "ให้ทีมหาทางออกร่วมกันและแบ่งงานใหม่", "ทีมทำงานร่วมกันได้ดีขึ้นหลังเหตุการณ์ มีหลักฐานให้เห็น"),
        ),
        QuestionContent(
            "integrity", "ความซื่อตรงต่อหน้าที่", "Integrity",
            "เล่าถึงครั้งที่มีผู้ขอให้ท่านทำสิ่งที่ไม่เป็นไปตามระเบียบ ท่านตอบอย่างไร",
            "ใครรู้เรื่องนี้บ้าง\nท่านบันทึกไว้อย่างไร", "integrity", Decimal(30),
            ("ทำตามคำขอ", "เลี่ยงโดยไม่อธิบาย", "ปฏิเสธและอธิบายระเบียบ", "ปฏิเสธและเสนอทางที่ถูกระเบียบ", "ปฏิเสธ เสนอทางที่ถูก บันทึกและรายงานตามขั้นตอน"),
        ),
    ),
)  # fmt: skip

GIVEN = (
    (("4", "4", "4"), ("4", "3", "4")),
    (("3", "4", "3"), ("3", "3", "3")),
    (("5", "4", "5"), ("4", "4", "5")),
    (("2", "3", "3"), ("3", "3", "2")),
)  # fmt: skip
APART = (("5", "5", "4"), ("3", "2", "3"))


def write(session: Session, desks: Desks) -> int:
    """An intake of seven applicants with their interviews: four marked alike, one to talk about, one apart, one to come."""
    cohort = _cohort(session, desks)
    judge = _register(session, desks.accounts[MEMBERS[1]].id)
    people = _applicants(session, judge)
    for officer in people:
        courses.enroll(session, desks.staff, cohort, officer, status="applied")
    load_plan(session, desks.staff, cohort, "selection", SELECTION)
    approve_loaded(session, desks.second, cohort, plan_in_force(session, cohort.id, "selection"))
    guides.write_draft(session, desks.staff, cohort, "selection", "interview", GUIDE)
    draft = guides.draft_of(session, cohort.id, "selection", "interview")
    assert draft is not None
    guides.put_in_force(session, desks.second, cohort, draft)
    members = [
        operations.name_member(session, desks.staff, cohort, "interview", desks.accounts[email], purpose="selection")
        for email in MEMBERS
    ]
    settings.record_training(
        session, desks.staff, desks.accounts[MEMBERS[0]], dt.date(2025, 6, 14), course="การสัมภาษณ์แบบมีโครงสร้าง"
    )
    desk = open_desk(session, cohort, "selection", "interview")
    settings.set_figure(
        session,
        desks.staff,
        desk,
        "disagreement",
        Decimal(20),
        reason="มติคณะกรรมการสรรหา: ต่างกันเกินหนึ่งระดับจากห้าระดับให้หารือก่อนประกาศ",
    )
    turns.put_turns(
        session, desks.staff, desk, list(desk.people), first=dt.date(2026, 11, 18), at=dt.time(9), minutes=30, per_day=4,
        place="ห้องประชุม 2 สถาบันพัฒนาข้าราชการกรุงเทพมหานคร",
    )  # fmt: skip
    _mark(session, desks, cohort, members)
    return len(GUIDE.questions)


def _cohort(session: Session, desks: Desks) -> Cohort:
    course = session.scalars(select(Course).where(Course.code == "junior-metropolitan-administrator")).one()
    return courses.open_cohort(
        session, desks.staff, code=CODE, course=course, name_th="หลักสูตรนักบริหารมหานครระดับต้น รุ่นที่ 1/2570",
        name_en="Junior metropolitan administrator course 1/2570", starts_on=dt.date(2027, 2, 1), ends_on=dt.date(2027, 4, 30),
        place="สถาบันพัฒนาข้าราชการกรุงเทพมหานคร", seats=5, reserve=2, applications_open_on=dt.date(2026, 10, 1),
        applications_close_on=dt.date(2026, 10, 31),
    )  # fmt: skip


def _register(session: Session, account_id: int) -> Officer:
    """The second member is an officer of the register, so that the register can tell whom they supervise."""
    from webapp.demo.cohorts import officers_in

    free = set(session.scalars(select(Enrollment.officer_id)))
    judge = next(
        row
        for row in officers_in(session, ("district-director",), DAY)
        if row.id not in free and row.account_id is None
    )
    judge.account_id = account_id
    session.flush()
    return judge


def _applicants(session: Session, judge: Officer) -> list[Officer]:
    """Seven officers in nobody's cohort; the member's own subordinate among them."""
    from webapp.demo.cohorts import officers_in

    taken = set(session.scalars(select(Enrollment.officer_id)))
    pool = [
        row
        for row in officers_in(session, ("bureau-senior-officer", "bureau-section-head", "section-head"), DAY)
        if row.id not in taken
    ]
    unit = session.scalar(
        select(Posting.unit_id).where(Posting.officer_id == judge.id, Posting.ended_on.is_(None)).limit(1)
    )
    near = set(session.scalars(select(Posting.officer_id).where(Posting.unit_id == unit, Posting.ended_on.is_(None))))
    subordinate = next((row for row in pool if row.id in near), pool[0])
    subordinate.supervisor_id = judge.id
    session.flush()
    others = [row for row in pool if row.id != subordinate.id and row.supervisor_id != judge.id][:60:10]
    return [subordinate, *others]


def _mark(session: Session, desks: Desks, cohort: Cohort, members: list[PanelMember]) -> None:
    """Statements (the first member names a relative), then marks; the subordinate is marked by the first member alone."""
    actors = [desks.actors[email] for email in MEMBERS]
    desk = open_desk(session, cohort, "selection", "interview")
    people = [number for number in desk.people if not desk.apart(members[1].name, number)]
    subordinate = next(number for number in desk.people if desk.apart(members[1].name, number))
    relative = people[-1]
    conflicts.state(session, actors[0], members[0], desk, [Said("relative", "คู่สมรสเป็นพี่น้องกัน", relative)])
    conflicts.state(session, actors[1], members[1], open_desk(session, cohort, "selection", "interview"), [])
    for number, levels in zip(people, GIVEN, strict=False):
        for actor, member, own in zip(actors, members, levels, strict=True):
            _submit(session, actor, member, number, own)
    for actor, member, levels in zip(actors, members, APART, strict=True):
        _submit(session, actor, member, people[len(GIVEN)], levels)
    _submit(session, actors[0], members[0], subordinate, GIVEN[0][0])
    _note(session, actors[0], members[0], people[len(GIVEN)])


def _submit(session: Session, actor: Actor, member: PanelMember, number: int, levels: tuple[str, ...]) -> None:
    marks = {row.code: level for row, level in zip(GUIDE.questions, levels, strict=True)}
    operations.save_drafts(session, actor, member, {number: (marks, "")})
    seen = operations.drafts_digest(operations.drafts_of(session, member))
    operations.submit(session, actor, member, [number], seen=seen, key=f"demo-{member.id}-{number}")


def _note(session: Session, actor: Actor, member: PanelMember, number: int) -> None:
    discussing.keep_note(
        session, actor, member, number, "ยกตัวอย่างโครงการตลาดนัดชุมชน มีตัวเลขผู้ร้องเรียนก่อนและหลัง ตอบคำถามต่อเนื่องได้ครบ"
    )
