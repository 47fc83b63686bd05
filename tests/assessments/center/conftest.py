"""A small center for the tests, made through its operations: four participants, three assessors, two exercises."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from tests.assessments.conftest import officer
from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.center import arranging, observing, people, places, queries, rules, setting, washup
from webapp.assessments.center.setting import ExerciseContent, Policy
from webapp.assessments.center.timetable import arrange
from webapp.clock import BANGKOK

POLICY = Policy(
    name_th="ศูนย์ทดสอบ", name_en="Test center", purpose="พัฒนา", who_sees="เจ้าตัว", retention="3 ปี",
    stars={"performance": "4", "potential": "4", "lowest": "3", "reason": "มติ"}, meetings=2, threshold=Decimal(2),
)  # fmt: skip
EXERCISES = (
    ExerciseContent("role-play", "role-play", "บทบาทสมมติ", "Role play", minutes=30, assessors=1, instructions_th="ทำ"),
    ExerciseContent("in-basket", "in-basket", "งานในถาด", "In-basket", minutes=30, group_size=4, assessors=0, readers=1,
                    instructions_th="ทำ"),
)  # fmt: skip
SHOWN = ("leadership", "coordination")


@dataclass
class House:
    """The people around a test center."""

    session: object
    staff: object
    second: object
    accounts: list = field(default_factory=list)
    center: object = None

    def actor(self, assessor):
        return actor_for(next(one for one in self.accounts if one.id == assessor.account_id))

    def posts(self):
        """Every place of the center as a post with its assessor's actor."""
        assessors = {row.id: row for row in queries.assessors_of(self.session, self.center.id)}
        participants = {row.id: row for row in queries.participants_of(self.session, self.center.id)}
        exercises = {row.id: row for row in queries.exercises_of(self.session, self.center.id)}
        return [
            (
                self.actor(assessors[place.assessor_id]),
                observing.post_of(
                    self.session, self.center, assessors[place.assessor_id], participants[place.participant_id],
                    exercises[place.exercise_id],
                ),
            )
            for place in places.places_of(self.session, self.center.id)
        ]  # fmt: skip

    def arrange(self):
        task = arranging.arrangement_of(self.session, self.center).task
        arranging.build(self.session, self.staff, self.center, task, arrange(task, effort=2))

    def rate(self, actor, post, **levels):
        for code in post.competencies:
            observing.observe(self.session, actor, post, words=f"เห็น {code}", classed={code: "+"})
        observing.submit(self.session, actor, post, {code: levels.get(code, 3) for code in post.competencies}, {})

    def rate_all(self, **levels):
        for actor, post in self.posts():
            self.rate(actor, post, **levels)

    def conclude(self, ratings=None):
        """Finals as the mean says, reports, closing by the second person."""
        for participant in queries.taking_part(self.session, self.center.id):
            lines = washup.lines_of(self.session, self.center, participant.id)
            finals = {line.competency: (rules.mechanical(line.mean), "") for line in lines}
            washup.decide(self.session, self.staff, self.center, participant, finals, present=["ก"], seen={})
            overall = rules.mechanical(rules.potential([rating for rating, _note in finals.values()]))
            washup.write_report(
                self.session, self.staff, self.center, participant, overall=overall, overall_note="", strengths="ดี",
                needs="พัฒนา", advice="ฝึก", number=0,
            )  # fmt: skip
        washup.close(self.session, self.second, self.center)

    def participant(self, place=0):
        return queries.participants_of(self.session, self.center.id)[place]


def begin(session, people_count=4, *, policy=POLICY, day=dt.date(2026, 1, 5)):
    """A draft with everything that approval asks for."""
    staff, second = (account("institute", name=f"เจ้าหน้าที่ {n}") for n in ("หนึ่ง", "สอง"))
    panel = [account("assessor", name=f"ผู้ประเมิน {n}") for n in ("ก", "ข", "ค")]
    house = House(session, actor_for(staff), actor_for(second), panel)
    center = house.center = setting.create(session, house.staff, policy)
    for content in EXERCISES:
        setting.save_exercise(session, house.staff, center, content)
    weights = {(row.code, code): Decimal(1) for row in EXERCISES for code in SHOWN}
    setting.save_matrix(session, house.staff, center, weights)
    names = ("กานดา", "ขวัญ", "คมสัน", "งามตา", "จันทร์", "ฉวี")
    officers = [officer(session, f"C{n}", name) for n, name in enumerate(names[:people_count], 1)]
    people.add_participants(session, house.staff, center, [one.id for one in officers])
    for one in panel:
        people.add_assessor(session, house.staff, center, account_id=one.id, trained_on=dt.date(2025, 12, 1))
    for name, holds in (("ห้อง 1", 4), ("ห้อง 2", 1)):
        people.add_room(session, house.staff, center, name=name, holds=holds)
    at = dt.datetime.combine(day, dt.time(9), BANGKOK)
    people.add_block(session, house.staff, center, starts_at=at, ends_at=at + dt.timedelta(hours=4))
    return house


@pytest.fixture
def draft(session):
    """A complete draft."""
    house = begin(session)
    session.commit()
    return house


@pytest.fixture
def running(session):
    """A center whose timetable is published and whose sessions have begun."""
    house = begin(session)
    setting.approve(session, house.second, house.center)
    house.arrange()
    arranging.publish(session, house.staff, house.center)
    session.commit()
    return house
