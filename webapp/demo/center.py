"""The demonstration's assessment centers: one finished with reports and grid, one under way, one being prepared."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account
from webapp.accounts.operations import create_account
from webapp.accounts.queries import actor_for
from webapp.assessments.center import arranging, observing, people, places, queries, rules, setting, washup
from webapp.assessments.center.models import Center, CenterAssessor
from webapp.assessments.center.setting import ExerciseContent, Policy
from webapp.assessments.center.timetable import arrange
from webapp.audit import SYSTEM, Actor
from webapp.careers.queries import post as post_of
from webapp.clock import BANGKOK
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer

SEED = 2571
POST = "assistant-district-director"

POLICY = Policy(
    name_th="ศูนย์การประเมินผู้มีศักยภาพเป็นผู้ช่วยผู้อำนวยการเขต รุ่นที่ 1",
    name_en="Assessment center for future assistant district directors 1",
    purpose="ค้นหาผู้มีศักยภาพเป็นผู้ช่วยผู้อำนวยการเขต และให้แต่ละคนรู้จุดแข็งกับสิ่งที่ควรพัฒนา\nไม่ใช้เป็นเหตุลงโทษ และไม่ใช้จัดลำดับในหลักสูตรใด เว้นแต่แผนการประเมินของหลักสูตรนั้นระบุไว้",
    who_sees="ผู้เข้ารับการประเมินอ่านรายงานของตนเมื่อแจ้งผล\nผู้ประเมินเห็นคะแนนของผู้อื่นเมื่อส่งคะแนนของตนครบแล้ว\nผู้บริหารและสำนักงาน ก.ก. เห็นผลสุดท้ายและตารางศักยภาพหลังแจ้งผล",
    retention="เก็บบันทึกการสังเกตและคะแนน 3 ปี ผลสุดท้ายอยู่ในประวัติสมรรถนะของข้าราชการ",
    method="consensus",
    threshold=Decimal(2),
    stars={
        "performance": "4", "potential": "3.5", "lowest": "3",
        "reason": "ศักยภาพตั้งแต่ 3.5 คือสูงกว่าระดับที่คาดหวังของตำแหน่ง (3) ชัดเจน และผลงานสองรอบล่าสุดอยู่ในระดับดีมาก",
    },
)  # fmt: skip
TASK = "ท่านเป็นผู้ช่วยผู้อำนวยการเขตที่เพิ่งรับงาน อ่านสถานการณ์ที่แจกให้ แล้วดำเนินการตามเวลาที่กำหนด"
EXERCISES = (
    ExerciseContent("in-basket", "in-basket", "งานในถาดเช้าวันจันทร์", "Monday morning in-tray", minutes=60, group_size=12,
                    assessors=0, readers=1, instructions_th=TASK),
    ExerciseContent("discussion", "group-discussion", "อภิปรายกลุ่ม: แผนรับมือน้ำท่วมของเขต", "Group discussion: flood plan of the district",
                    minutes=60, group_size=6, assessors=3, writing_minutes=30, instructions_th=TASK),
    ExerciseContent("role-play", "role-play", "บทบาทสมมติ: ผู้ค้าร้องเรียน", "Role play: a street vendor complains", minutes=30,
                    assessors=1, writing_minutes=30, instructions_th=TASK),
    ExerciseContent("presentation", "presentation", "นำเสนอข้อเสนอพัฒนาเขต", "Presenting a proposal for the district", minutes=30,
                    assessors=2, instructions_th=TASK),
)  # fmt: skip
MATRIX = {
    "in-basket": ("strategic-overview", "change-management"),
    "discussion": ("leadership", "coordination", "creativity"),
    "role-play": ("leadership", "coordination"),
    "presentation": ("strategic-overview", "change-management", "creativity"),
}
PANEL = ("นางสาวกมลวรรณ เพียรพัฒนา", "นายธีระ วรากุล", "ดร.ปรียานุช สิริวัฒน์", "นายอำนาจ เกษมสุข")
SEEN = {
    "leadership": ("ถามความเห็นทุกคนก่อนสรุป และมอบงานพร้อมกำหนดเวลา", "ปล่อยให้ที่ประชุมออกนอกเรื่องนาน"),
    "coordination": ("เสนอให้เชิญฝ่ายโยธาและเทศกิจวางแผนร่วมกันตั้งแต่ต้น", "ไม่ได้เอ่ยถึงหน่วยงานอื่นที่เกี่ยวข้อง"),
    "creativity": ("เสนอใช้แผนที่จุดน้ำท่วมจากประชาชนจัดลำดับงาน", "ใช้วิธีเดิมของปีก่อนโดยไม่ปรับ"),
    "strategic-overview": ("เชื่อมข้อเสนอกับแผนพัฒนากรุงเทพมหานครและงบประมาณสามปี", "มองเฉพาะงานของฝ่ายตน"),
    "change-management": ("อธิบายเหตุผลและลำดับขั้นให้ผู้ได้รับผลกระทบ", "สั่งเปลี่ยนทันทีโดยไม่เตรียมคน"),
}
ADVICE = "ให้รับการสอนงานจากผู้อำนวยการเขตต้นแบบหกเดือน และรับผิดชอบโครงการข้ามฝ่ายหนึ่งโครงการ"


def write(session: Session, desks: Desks, trainee: Officer, officers: list[Officer]) -> int:
    """Three centers; the trainee of the demonstration takes part in the first."""
    chance = random.Random(SEED)
    others = sorted(
        chance.sample([one for one in officers if one.id != trainee.id], 20), key=lambda one: one.officer_no
    )
    panel = _panel(session, desks)
    first = _set_up(session, desks, POLICY, [trainee, *others[:11]], panel, DAY - dt.timedelta(days=40))
    _assess(session, first, panel, chance)
    _conclude(session, desks, first, chance)
    second = replace(POLICY, name_th=f"{POLICY.name_th[:-1]}2", name_en=f"{POLICY.name_en[:-1]}2", method="mechanical")
    running = _set_up(session, desks, second, [trainee, *others[12:17]], panel, clock.today() - dt.timedelta(days=1))
    _assess(session, running, panel, chance, every=2)
    _prepare(session, desks, others[17:])
    return 3


def _panel(session: Session, desks: Desks) -> list[Account]:
    """The two assessors who sign in, and four who only work here."""
    more = [
        create_account(session, SYSTEM, email=f"assessor{n}@kaona.example", name=name, roles=("assessor",))
        for n, name in enumerate(PANEL, 3)
    ]
    return [desks.accounts["assessor@kaona.example"], desks.accounts["assessor2@kaona.example"], *more]


def _set_up(
    session: Session, desks: Desks, policy: Policy, officers: list[Officer], panel: list[Account], first: dt.date
) -> Center:
    """A center from policy to a published timetable, approved by the second person."""
    staff = desks.staff
    center = setting.create(session, staff, replace(policy, post_id=post_of(session, POST).id))
    for content in EXERCISES:
        setting.save_exercise(session, staff, center, content)
    weights = {(exercise, code): Decimal(1) for exercise, codes in MATRIX.items() for code in codes}
    setting.save_matrix(session, staff, center, weights)
    people.add_participants(session, staff, center, [one.id for one in officers])
    for account in panel:
        people.add_assessor(session, staff, center, account_id=account.id, trained_on=DAY - dt.timedelta(days=75))
    _declare(session, center, panel)
    for name, holds in (("ห้องประชุม 1", 12), ("ห้องประชุม 2", 6), ("ห้องเล็ก 1", 1), ("ห้องเล็ก 2", 1), ("ห้องเล็ก 3", 1)):
        people.add_room(session, staff, center, name=name, holds=holds)
    for day in range(2 if len(officers) > 6 else 1):
        for hour, until in ((9, 12), (13, 16)):
            at = dt.datetime.combine(first + dt.timedelta(days=day), dt.time(hour), BANGKOK)
            people.add_block(session, staff, center, starts_at=at, ends_at=at.replace(hour=until))
    setting.approve(session, desks.second, center)
    task = arranging.arrangement_of(session, center).task
    arranging.build(session, staff, center, task, arrange(task))
    arranging.publish(session, staff, center)
    return center


def _declare(session: Session, center: Center, panel: list[Account]) -> None:
    """Everybody declares; the second assessor is related to a participant."""
    rows = {row.account_id: row for row in queries.assessors_of(session, center.id)}
    related = queries.participants_of(session, center.id)[2]
    for place, account in enumerate(panel):
        named = {related.id: ("relative", "ลูกพี่ลูกน้อง")} if place == 1 else {}
        people.declare(session, actor_for(account), center, rows[account.id], named)


def _assess(session: Session, center: Center, panel: list[Account], chance: random.Random, *, every: int = 1) -> None:
    """Every assessor observes and rates at each of their places; with ``every=2`` only at each second one."""
    actors: dict[int, Actor] = {account.id: actor_for(account) for account in panel}
    assessors: dict[int, CenterAssessor] = {row.id: row for row in queries.assessors_of(session, center.id)}
    participants = {row.id: row for row in queries.participants_of(session, center.id)}
    exercises = {row.id: row for row in queries.exercises_of(session, center.id)}
    measured = places.measured_in(session, center.id)
    able = {row: chance.gauss(3.3, 0.9) for row in participants}
    for number, (place, sitting) in enumerate(places.places_of(session, center.id).items()):
        if number % every:
            continue
        assessor = assessors[place.assessor_id]
        post = observing.Post(
            center, assessor, participants[place.participant_id], exercises[place.exercise_id], sitting,
            tuple(measured[place.exercise_id]),
        )  # fmt: skip
        levels = {
            code: max(1, min(5, round(able[place.participant_id] + chance.gauss(0, 0.6)))) for code in post.competencies
        }
        starts = sitting.starts_at if sitting is not None else center.published_at
        for step, (code, level) in enumerate(levels.items()):
            observing.observe(
                session, actors[assessor.account_id or 0], post, words=SEEN[code][level < 3],
                seen_at=starts + dt.timedelta(minutes=5 + 7 * step) if starts else None, classed={code: "+-"[level < 3]},
            )  # fmt: skip
        observing.submit(session, actors[assessor.account_id or 0], post, levels, {})


def _conclude(session: Session, desks: Desks, center: Center, chance: random.Random) -> None:
    """Wash-up, reports, closing by the second person, release by the first."""
    present = [row.name for row in queries.assessors_of(session, center.id)]
    lines = washup.lines_by_participant(session, center)
    names = {row.code: row for row in queries.competencies_named(session, SEEN)}
    for participant in queries.participants_of(session, center.id):
        finals = {line.competency: (rules.mechanical(line.mean), "") for line in lines[participant.id] if line.mean}
        flagged = next((line for line in lines[participant.id] if line.flagged and line.mean), None)
        if flagged is not None and flagged.mean is not None:
            washup.discuss(
                session, desks.staff, center, participant, present=present,
                words=f"หารือ{names[flagged.competency].name_th}: ผู้ประเมินในอภิปรายกลุ่มเห็นพฤติกรรมต่างจังหวะกัน เทียบกับพฤติกรรมบ่งชี้แล้วเห็นพ้องตามผลสุดท้าย",
            )  # fmt: skip
        washup.decide(session, desks.staff, center, participant, finals, present=present, seen={})
        ratings = {code: rating for code, (rating, _note) in finals.items()}
        best, worst = max(ratings, key=lambda code: ratings[code]), min(ratings, key=lambda code: ratings[code])
        washup.write_report(
            session, desks.staff, center, participant, overall=rules.mechanical(rules.potential(list(ratings.values()))),
            overall_note="", strengths=f"{names[best].name_th}: {SEEN[best][0]}", advice=ADVICE, number=0,
            needs=f"{names[worst].name_th}: {SEEN[worst][1]}",
        )  # fmt: skip
        people.set_performance(
            session, desks.staff, center, participant, source="ค่าเฉลี่ยผลการประเมินราชการสองรอบล่าสุด",
            performance=Decimal(chance.randint(28, 48)) / 10,
        )  # fmt: skip
    washup.close(session, desks.second, center)
    washup.release(session, desks.staff, center)


def _prepare(session: Session, desks: Desks, officers: list[Officer]) -> None:
    """A draft that still lacks a simulation, times and a second look."""
    policy = Policy(
        name_th="ศูนย์การประเมินผู้มีศักยภาพเป็นผู้อำนวยการเขต", name_en="Assessment center for future district directors",
        purpose="ค้นหาผู้มีศักยภาพเป็นผู้อำนวยการเขตจากผู้ช่วยผู้อำนวยการเขต", stars=dict(POLICY.stars or {}),
        threshold=Decimal(2), post_id=post_of(session, "district-director").id,
    )  # fmt: skip
    center = setting.create(session, desks.staff, policy)
    setting.save_exercise(session, desks.staff, center, replace(EXERCISES[3], instructions_th=""))
    weights = {("presentation", code): Decimal(1) for code in MATRIX["presentation"]}
    setting.save_matrix(session, desks.staff, center, weights)
    people.add_participants(session, desks.staff, center, [one.id for one in officers])
