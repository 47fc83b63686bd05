"""The demonstration's admissions: a call that is open, with applications in every state; and a result with its register."""

import datetime as dt
import random
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.admissions import applying, deciding, seats, selecting
from webapp.admissions import selection_queries as reads
from webapp.admissions.models import Application, Offer, Selection
from webapp.assessments.desk import open_desk
from webapp.assessments.operations import Mark, enter, release_scores
from webapp.assessments.plans.operations import approve_loaded, load_plan
from webapp.assessments.plans.rules import ComponentContent, PlanContent, TieBreakerContent
from webapp.assessments.queries import plan_in_force
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer

SEED = 2571
CONDITIONS = (
    "ผู้สมัครต้องมีคุณสมบัติครบในวันสุดท้ายของการรับสมัคร และต้องเข้ารับการอบรมได้ตลอดหลักสูตร\nการคัดเลือกมีสามส่วน: ความรู้ทั่วไป ความรู้เฉพาะตำแหน่ง และการสัมภาษณ์",
    "Applicants must meet the entry rule on the last day of applications and be able to attend the whole course.\nThe selection has three parts: general knowledge, post-specific knowledge, and an interview.",
)  # fmt: skip
PAPERS = "คำสั่งแต่งตั้งที่เกี่ยวข้อง\nผลงานหรือโครงการที่รับผิดชอบในรอบสามปี"
MOTIVES = (
    "รับผิดชอบงานทะเบียนและงานปกครองมาหลายปี ต้องการเรียนรู้การบริหารเขตทั้งระบบ",
    "เคยนำโครงการลดน้ำท่วมขังร่วมกับชุมชน ต้องการพัฒนาทักษะการเจรจาและการสื่อสารกับประชาชน",
    "ต้องการเตรียมความพร้อมสำหรับงานบริหารพื้นที่ และนำข้อมูลมาใช้วางแผนงานของเขต",
    "ตั้งใจนำการคิดเชิงออกแบบไปปรับปรุงบริการหน้าสำนักงานเขต",
)


def plan() -> PlanContent:
    """General 30, post-specific 40, interview 30, each with a pass mark of 60 per cent; two tie-breakers."""
    part = (
        ("general", "ความรู้ทั่วไป", "General knowledge", 30, "exam", "พื้นฐานการบริหารกรุงเทพมหานครที่ผู้เข้าอบรมทุกคนต้องมี"),
        ("specific", "ความรู้เฉพาะตำแหน่ง", "Post-specific knowledge", 40, "exam", "ใช้ทำงานในตำแหน่งโดยตรง จึงมีน้ำหนักมากที่สุด"),
        ("interview", "การสัมภาษณ์", "Interview", 30, "manual", "ดูวิสัยทัศน์และการสื่อสารซึ่งข้อสอบวัดไม่ได้"),
    )  # fmt: skip
    ties = (("specific", "ความรู้เฉพาะตำแหน่งบอกความพร้อมได้ใกล้ที่สุด"), ("general", "ความรู้ทั่วไปเป็นฐานของการอบรม"))
    return PlanContent(
        tuple(
            ComponentContent(code, th, en, Decimal(weight), Decimal(100), Decimal(60), source, reason)
            for code, th, en, weight, source, reason in part
        ),
        (),
        tuple(TieBreakerContent(key, reason) for key, reason in ties),
    )


def with_plan(session: Session, desks: Desks, cohort: Cohort, *, approved: bool) -> None:
    """The cohort's call and its selection plan."""
    applying.announce(
        session, desks.staff, cohort, conditions_th=CONDITIONS[0], conditions_en=CONDITIONS[1], papers=PAPERS
    )
    load_plan(session, desks.staff, cohort, "selection", plan())
    if approved:
        found = plan_in_force(session, cohort.id, "selection")
        assert found is not None
        approve_loaded(session, desks.second, cohort, found)


def officer(person: Officer) -> Actor:
    """The officer as the demonstration lets them act."""
    return Actor(kind="system", name=person.name_th, role="officer", account_id=person.account_id)


def applied(session: Session, cohort: Cohort, people: list[Officer], day: dt.date) -> list[Application]:
    """Everybody applies, each with a reason."""
    return [
        applying.apply(session, officer(one), cohort, one, motive=MOTIVES[place % len(MOTIVES)], today=day)
        for place, one in enumerate(people)
    ]


def opened(session: Session, desks: Desks, cohort: Cohort, meet: list[Officer], short: list[Officer]) -> None:
    """A call that is open: accepted, waiting, without the rule met, refused, withdrawn, nominated, an exception asked for."""
    with_plan(session, desks, cohort, approved=False)
    applied(session, cohort, meet[:6], DAY)
    deciding.accept_all_met(session, desks.staff, cohort)
    waiting = applied(session, cohort, [*meet[6:14], *short[:3]], DAY)
    applying.withdraw(session, officer(meet[7]), waiting[1], reason="ได้รับมอบหมายภารกิจเร่งด่วนในช่วงเวลาอบรม")
    deciding.refuse(session, desks.staff, waiting[8], reason="ยังไม่เคยดำรงตำแหน่งผู้ช่วยผู้อำนวยการเขต ซึ่งเป็นคุณสมบัติของหลักสูตร")
    deciding.propose_exception(
        session, desks.staff, waiting[9],
        reason="รักษาการในตำแหน่งผู้ช่วยผู้อำนวยการเขตมากว่าสองปี แต่การรักษาการไม่นับตามเกณฑ์ ขอให้พิจารณาเป็นกรณี",
    )  # fmt: skip
    for place, head in ((14, "ผู้อำนวยการเขตดุสิต"), (15, "ผู้อำนวยการเขตจตุจักร")):
        applying.nominate(
            session, desks.staff, cohort, meet[place], head=head, today=DAY,
            reason="ผลงานโดดเด่นและเพื่อนร่วมงานยอมรับ เหมาะที่จะเตรียมเป็นผู้อำนวยการเขต",
        )  # fmt: skip


def selected(
    session: Session, desks: Desks, cohort: Cohort, pool: list[Officer], candidate: Officer | None
) -> Selection:
    """A result published by two people after a decision on a tie: seats answered and open, a reserve list, a register."""
    chance = random.Random(SEED)
    with_plan(session, desks, cohort, approved=True)
    everybody = applied(session, cohort, pool, cohort.applications_close_on or DAY)
    for application in everybody:
        check = deciding.check_of(session, cohort, application.officer_id)
        if check is None or check.met:
            deciding.accept(session, desks.staff, application)
        else:
            deciding.refuse(session, desks.staff, application, reason="ไม่ผ่านคุณสมบัติตามเกณฑ์ ณ วันปิดรับสมัคร")
    enrollments = [session.get_one(Enrollment, one.enrollment_id) for one in everybody if one.enrollment_id is not None]
    first = next((place for place, one in enumerate(enrollments) if candidate and one.officer_id == candidate.id), None)
    _marks(session, desks, chance, cohort, enrollments, first)
    for component in ("general", "specific", "interview"):
        release_scores(session, desks.staff, cohort, component, purpose="selection")
    made = selecting.draw_up(session, actor=desks.staff, cohort=cohort)
    for tie in reads.allocation_of(session, made).ties:
        selecting.decide_line(
            session, actor=desks.second, selection=made, line=tie.line, chosen=tie.group[: tie.room],
            reason="คะแนนเท่ากันทุกข้อของเกณฑ์ตัดสิน เลือกผู้มีประสบการณ์งานบริการประชาชนยาวกว่า ตามบันทึกการประชุมคณะกรรมการคัดเลือก",
        )  # fmt: skip
    selecting.confirm(session, actor=desks.staff, selection=made)
    selecting.publish(session, actor=desks.second, selection=made)
    _answers(session, cohort, candidate)
    return made


def _marks(
    session: Session, desks: Desks, chance: random.Random, cohort: Cohort, enrollments: list[Enrollment], first: int | None
) -> None:  # fmt: skip
    """Marks of the three parts: two people alike at the last seat, two below a pass mark, the one with a sign-in near the top."""
    ability = [chance.gauss(0, 1) for _one in enrollments]
    if first is not None:
        ability[first] = 1.4
    marks = [
        [Decimal(str(min(96.0, max(61.0, round((75 + 7 * one + chance.gauss(0, 4)) * 2) / 2)))) for _part in range(3)]
        for one in ability
    ]
    marks[3][0] = marks[8][1] = Decimal("52.5")
    order = sorted(range(len(marks)), key=lambda one: (min(marks[one]) >= 60, _sum(marks[one])), reverse=True)
    marks[order[cohort.seats]] = marks[order[cohort.seats - 1]]
    for place, component in enumerate(("general", "specific", "interview")):
        desk = open_desk(session, cohort, "selection", component)
        given = [Mark(one.id, "", Given(score=row[place])) for one, row in zip(enrollments, marks, strict=True)]
        enter(session, desks.staff, desk, given)


def _sum(marks: list[Decimal]) -> Decimal:
    return marks[0] * 30 + marks[1] * 40 + marks[2] * 30


def _answers(session: Session, cohort: Cohort, candidate: Officer | None) -> None:
    """Most have taken their seats, one has given it up, some still think; the one with a sign-in has not answered."""
    offers = session.scalars(select(Offer).where(Offer.cohort_id == cohort.id).order_by(Offer.id)).all()
    for place, offer in enumerate(offers):
        person = session.get_one(Officer, session.get_one(Enrollment, offer.enrollment_id).officer_id)
        if candidate is not None and person.id == candidate.id:
            continue
        if place == 4:
            seats.answer(session, officer(person), offer, accepted=False, reason="ย้ายไปปฏิบัติหน้าที่ต่างสังกัด")
        elif place < 8:
            seats.answer(session, officer(person), offer, accepted=True)
    assert clock.today() <= max(offer.answer_by for offer in offers)
