"""Development plans of the demonstration: a draft, one that waits for the mentor, others agreed, returned and closed.

No chance is drawn here, so that the other figures of the demonstration do not move.
"""

import datetime as dt
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Enrollment
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.notices.models import Notice
from webapp.officers.models import Officer
from webapp.plans import operations, queries
from webapp.plans.models import DevelopmentPlan, PlanNote
from webapp.readiness import own_words
from webapp.readiness.own import Distance, readiness_of
from webapp.readiness.queries import names

AIM = "อยากเติบโตในสายงานเขตและดูแลประชาชนในพื้นที่ให้ดีขึ้น จึงตั้งใจเตรียมตนเองให้พร้อมก่อนมีตำแหน่งว่าง"
PROGRESS = (
    ("note", "ได้รับมอบหมายให้ร่วมกำกับดูแลฝ่ายรายได้เป็นการชั่วคราว เรียนรู้การเร่งรัดจัดเก็บภาษีป้าย"),
    ("done", "ทำครบตามที่ตกลงแล้ว และสรุปบทเรียนให้พี่เลี้ยงอ่าน"),
)
COMMENT = "เห็นความตั้งใจดีมาก เดือนหน้าขอให้ลองนำประชุมติดตามงานด้วยตนเอง"


def write(session: Session, desks: Desks, trainee: Officer, mentor: Officer) -> int:
    """Plans of the trainee who signs in, and of the other trainees of the mentor who signs in; how many."""
    guide = desks.actors["mentor@kaona.example"]
    people = [one for one in _mentored(session, mentor) if one.id != trainee.id]
    with force_locale("th"):
        _own(session, desks, trainee, mentor)
        stories = (_waiting, _changed, _returned, _in_progress, _closed)
        for person, story in zip(people, stories, strict=False):
            story(session, _actor(person), guide, person, mentor)
    session.flush()
    return 2 + min(len(people), len(stories))


def _mentored(session: Session, mentor: Officer) -> list[Officer]:
    ids = (
        select(Enrollment.officer_id)
        .join(MentorPairing, MentorPairing.enrollment_id == Enrollment.id)
        .where(MentorPairing.mentor_id == mentor.id, MentorPairing.ended_at.is_(None))
    )
    return list(session.scalars(select(Officer).where(Officer.id.in_(ids)).order_by(Officer.officer_no)))


def _actor(person: Officer) -> Actor:
    return Actor(kind="system", name=person.name_th, role="officer", account_id=person.account_id)


def _own(session: Session, desks: Desks, trainee: Officer, mentor: Officer) -> None:
    """The trainee's own: last year's, reviewed and closed, and a draft just begun for the nearest post ahead."""
    actor, guide = desks.actors["trainee@kaona.example"], desks.actors["mentor@kaona.example"]
    _closed(session, actor, guide, trainee, mentor)
    plan = _begun(session, actor, trainee, DAY - dt.timedelta(days=4), count=1)
    plan.begun_at = plan.changed_at = _at(DAY, -4)


def _begun(session: Session, actor: Actor, person: Officer, starts_on: dt.date, count: int) -> DevelopmentPlan:
    """A draft for the nearest post ahead, with the person's own gaps."""
    own = readiness_of(session, person, DAY, cohorts=False)
    one = own.chosen("")
    assert one is not None
    plan = operations.begin(session, actor, person, one.post, starts_on=starts_on, aim=AIM)
    for number, content in enumerate(_gaps(session, one)[:count]):
        due_on = starts_on + dt.timedelta(days=120 + 80 * number)
        support = "ขอให้ช่วยแนะนำและติดตามเดือนละครั้ง" if number == 0 else ""
        operations.add_line(session, actor, plan, due_on=due_on, **{**content, "support": support})
    session.flush()
    return plan


def _gaps(session: Session, one: Distance) -> list[dict[str, Any]]:
    told = names(session, one.tree)
    criteria = [own_words.criterion_item(item, one, told, "th") for item in one.to_do]
    return criteria + [own_words.competency_item(rated, told, "th") for rated in one.below]


def _proposed(session: Session, actor: Actor, person: Officer, mentor: Officer, starts_on: dt.date) -> DevelopmentPlan:
    plan = _begun(session, actor, person, starts_on, count=3)
    operations.propose(session, actor, plan, version=plan.version, asked=mentor)
    plan.begun_at = _at(starts_on, -6)
    plan.changed_at = _edition(session, plan).proposed_at = _at(starts_on, -1)
    return plan


def _agreed(
    session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer, starts_on: dt.date
) -> DevelopmentPlan:
    plan = _proposed(session, actor, person, mentor, starts_on)
    _decide(session, guide, plan, mentor, agree=True, reason="เห็นชอบ ขอให้รายงานความก้าวหน้าทุกเดือน", day=starts_on)
    return plan


def _decide(
    session: Session, guide: Actor, plan: DevelopmentPlan, mentor: Officer, *, agree: bool, reason: str, day: dt.date
) -> None:
    operations.decide(session, guide, plan, version=plan.version, decider_id=mentor.id, agree=agree, reason=reason)
    plan.changed_at = _edition(session, plan).decided_at = _at(day)


def _waiting(session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer) -> None:
    """Waits for the mentor."""
    _proposed(session, actor, person, mentor, DAY - dt.timedelta(days=1))


def _in_progress(session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer) -> None:
    """Agreed half a year ago: one item done, one with a note and the mentor's comment."""
    starts_on = DAY - dt.timedelta(days=170)
    plan = _agreed(session, actor, guide, person, mentor, starts_on)
    lines = [line.item.line for line in queries.sheets(session, [plan], queries.Reader(person.id))[0].lines]
    for after, (line, kind, text) in zip(
        (60, 118, 140), ((lines[0], *PROGRESS[0]), (lines[0], *PROGRESS[1]), (lines[-1], *PROGRESS[0])), strict=True
    ):
        _note(session, actor, plan, line, kind, text, own=True, day=starts_on + dt.timedelta(days=after))
    _note(session, guide, plan, lines[-1], "note", COMMENT, own=False, day=starts_on + dt.timedelta(days=143))


def _returned(session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer) -> None:
    """Returned with a reason."""
    plan = _proposed(session, actor, person, mentor, DAY - dt.timedelta(days=9))
    reason = "ตัววัดของรายการแรกยังกว้างเกินไป ขอให้ระบุจำนวนและวันที่ที่ตรวจสอบได้"
    _decide(session, guide, plan, mentor, agree=False, reason=reason, day=DAY - dt.timedelta(days=5))


def _changed(session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer) -> None:
    """Agreed, and a change of it waits for agreement."""
    starts_on = DAY - dt.timedelta(days=95)
    plan = _agreed(session, actor, guide, person, mentor, starts_on)
    operations.add_line(
        session, actor, plan, version=plan.version, gap_kind="other", gap_code="", gap={"current": "", "expected": ""},
        action_kind="shadowing", action="ติดตามเรียนรู้งานจากผู้อำนวยการเขตในกลุ่มเขตอื่น 5 วัน", share=20,
        due_on=DAY + dt.timedelta(days=90), measure="บันทึกการเรียนรู้ที่พี่เลี้ยงรับรอง", support="ขอให้ประสานสำนักงานเขตปลายทาง",
    )  # fmt: skip
    reason = "ได้รับโอกาสติดตามเรียนรู้งานเพิ่ม จึงขอเพิ่มหนึ่งรายการ"
    operations.propose(session, actor, plan, version=plan.version, asked=mentor, change=reason)
    plan.changed_at = _edition(session, plan).proposed_at = _at(DAY, -2)


def _closed(session: Session, actor: Actor, guide: Actor, person: Officer, mentor: Officer) -> None:
    """Reviewed and closed after a year."""
    starts_on = DAY - dt.timedelta(days=380)
    plan = _agreed(session, actor, guide, person, mentor, starts_on)
    lines = [line.item.line for line in queries.sheets(session, [plan], queries.Reader(person.id))[0].lines]
    for number, line in enumerate(lines[:-1]):
        _note(session, actor, plan, line, *PROGRESS[1], own=True, day=starts_on + dt.timedelta(days=150 + 60 * number))
    text = "เลื่อนไปปีหน้าเพราะปีนี้ไม่มีรุ่นที่เปิดรับสมัคร"
    _note(session, actor, plan, lines[-1], "not-done", text, own=True, day=starts_on + dt.timedelta(days=350))
    review = "ทำได้ตามแผนเกือบทั้งหมด ส่วนที่เหลือให้ตั้งเป็นรายการแรกของแผนปีหน้า"
    operations.close(session, guide, plan, version=plan.version, own=False, text=review)
    plan.changed_at = plan.closed_at = _at(starts_on, 370)


def _note(
    session: Session, actor: Actor, plan: DevelopmentPlan, line: int, kind: str, text: str, *, own: bool, day: dt.date
) -> None:  # fmt: skip
    made: PlanNote = operations.note(
        session, actor, plan, line, kind=kind, text=text, own=own, key=f"demo-{plan.id}-{line}-{day:%Y%m%d}-{kind}"[:36]
    )
    made.written_at = _at(day)
    session.flush()
    _read(session)


def _read(session: Session) -> None:
    """What was told long ago is read."""
    for notice in session.scalars(select(Notice).where(Notice.kind == "plans:item:noted", Notice.read_at.is_(None))):
        notice.read_at = notice.created_at


def _edition(session: Session, plan: DevelopmentPlan) -> Any:
    return queries.newest_of(queries.editions_of(session, [plan.id])[plan.id])


def _at(day: dt.date, after: int = 0) -> dt.datetime:
    """Ten in the morning of the day, in Bangkok."""
    return dt.datetime.combine(day + dt.timedelta(days=after), dt.time(3), dt.UTC)
