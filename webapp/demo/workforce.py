"""The demonstration's plans for the workforce and its talent pool: one plan adopted, two drafts, a few members."""

import datetime as dt
import random
from decimal import Decimal

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.audit import Actor
from webapp.careers.models import Course, Post
from webapp.careers.tenure import add_months
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer
from webapp.shortlist.queries import places_of
from webapp.workforce.models import TalentMember, WorkforcePlan
from webapp.workforce.outlook import Outlook
from webapp.workforce.plans import operations as plans
from webapp.workforce.queries import outlook
from webapp.workforce.talent import operations as talent
from webapp.workforce.talent.queries import evidence_for

SEED = 2570

PASSES = "รุ่นที่ผ่านมาของหลักสูตรนี้ผ่านราว 8 ใน 10 คน"
REASONS = (
    "นำโครงการแก้น้ำท่วมระดับซอยจนสำเร็จในสองเขต และผู้บังคับบัญชาเห็นว่าคิดเชิงระบบ",
    "หมุนเวียนงานหลายฝ่าย เพื่อนร่วมงานและประชาชนในพื้นที่ให้ความเชื่อถือ",
    "ผลการอบรมอยู่ในลำดับต้น และสอนงานรุ่นน้องต่อเนื่อง",
    "แก้ข้อร้องเรียนเรื่องหาบเร่โดยให้ชุมชนมีส่วนร่วม จนเป็นแบบอย่างของกลุ่มเขต",
    "มีวิสัยทัศน์ต่อการใช้ข้อมูลในงานทะเบียน และทำให้เห็นผลจริง",
)


def write(session: Session, desks: Desks) -> dict[str, int]:
    """Write plans and pool; returns how many of each."""
    first, second = desks.actors["commission@kaona.example"], desks.actors["commission2@kaona.example"]
    made = _plans(session, first, second)
    members = _members(session, first, desks.actors["executive@kaona.example"])
    return {"workforce_plans": made, "talent_members": members}


def _plans(session: Session, first: Actor, second: Actor) -> int:
    """A long-term plan for directors adopted, a bolder draft beside it, and a short-term draft for assistants."""
    adopted = _plan(session, first, "district-director", "long", "แผนสืบทอดตำแหน่งผู้อำนวยการเขต 5 ปี",
                    "ผู้อำนวยการเขตครึ่งหนึ่งเกษียณภายใน 5 ปี ต้องเตรียมผู้ช่วยผู้อำนวยการเขตให้ทัน")  # fmt: skip
    _run(session, first, adopted, "district-director-course", (9, 1), 1, 8)
    _run(session, first, adopted, "district-director-course", (33, 1), 1, 10)
    plans.adopt(session, actor=second, plan=adopted, seen=None, note="มติคณะทำงานเตรียมกำลังคน ครั้งที่ 1")
    bolder = _plan(session, first, "district-director", "long", "แผนเร่งรัด จัดทุกปี",
                   "ทางเลือกให้คณะกรรมการเปรียบเทียบ: จัดหลักสูตรทุกปีเพื่อให้มีตัวเลือกมากกว่าจำนวนที่ว่าง")  # fmt: skip
    for months in (9, 21, 33, 45):
        _run(session, first, bolder, "district-director-course", (months, 1), 1, 10)
    short = _plan(session, second, "assistant-district-director", "short", "แผนเติมผู้ช่วยผู้อำนวยการเขตปีนี้และปีหน้า",
                  "อัตราที่ว่างอยู่และที่จะว่างจากการแต่งตั้งผู้อำนวยการเขตต้องมีผู้พร้อมรับภายในสองปี")  # fmt: skip
    _run(session, second, short, "assistant-district-director-course", (10, 1), 1, 20)
    return 3


def _plan(session: Session, actor: Actor, post: str, horizon: str, name: str, reason: str) -> WorkforcePlan:
    found = session.scalars(select(Post).where(Post.code == post)).one()
    plan = plans.draft_plan(session, actor=actor, post=found, horizon=horizon, name=name, reason=reason, as_of=DAY)
    plan.post = found
    return plan


def _run(
    session: Session, actor: Actor, plan: WorkforcePlan, code: str, after: tuple[int, int], cohorts: int, seats: int
) -> None:
    """A course that ends so many months (and days) after the demonstration's day."""
    course = session.scalars(select(Course).where(Course.code == code)).one()
    ends_on = add_months(DAY, after[0]) - dt.timedelta(days=after[1])
    plans.put_course(session, actor=actor, plan=plan, seen=None, course=course, ends_on=ends_on, cohorts=cohorts,
                     seats=seats, pass_percent=Decimal(80), reason=PASSES)  # fmt: skip


def _members(session: Session, commission: Actor, executive: Actor) -> int:
    """Three members, one nomination that waits, one who left."""
    chance, found = random.Random(SEED), outlook(session, DAY)
    post = session.scalars(select(Post).where(Post.code == "district-director")).one()
    officers = session.scalars(select(Officer).where(Officer.id.in_(_able(found, chance))).order_by(Officer.id)).all()
    today = clock.today()
    for place, (officer, reason) in enumerate(zip(officers, REASONS, strict=False)):
        evidence = [one.document() for one in evidence_for(session, officer, DAY, places_of)]
        member = talent.nominate(
            session, actor=executive if place % 2 else commission, officer=officer, post=post, reason=reason,
            evidence=evidence,
        )  # fmt: skip
        member.officer = officer
        if place == 3:
            continue
        _accept(session, commission if place % 2 else executive, member, today)
        if place == 4:
            talent.leave(session, actor=commission, member=member, seen=None, reason="ขอถอนตัวด้วยเหตุผลทางครอบครัว")
    return len(officers)


def _accept(session: Session, actor: Actor, member: TalentMember, today: dt.date) -> None:
    talent.accept(
        session, actor=actor, member=member, seen=None, from_on=today, until_on=add_months(today, 36),
        review_on=add_months(today, 11), reason="เห็นพ้องกับหลักฐานและเหตุผลของผู้เสนอ ให้พัฒนาด้วยการสอนงานโดยผู้บริหารต้นแบบ",
    )  # fmt: skip


def _able(found: Outlook, chance: random.Random) -> list[int]:
    """Officers ready now for director, with years to serve; by number, so that the choice stays the same."""
    after = found.span[min(2, len(found.span) - 1)]
    rows = np.flatnonzero((found.ready("district-director") == 0) & found.serving(after))
    ids = sorted(int(found.facts.row[row]) for row in rows)
    return sorted(chance.sample(ids, min(len(REASONS), len(ids))))
