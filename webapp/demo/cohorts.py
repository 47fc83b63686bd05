"""The demonstration's cohorts: one published, one complete but not drawn up, one running, one taking applications."""

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.assessments.desk import open_desk
from webapp.assessments.operations import Mark, enter, release_scores
from webapp.assessments.panels.conflicts import state
from webapp.assessments.panels.operations import name_member
from webapp.assessments.plans.operations import approve_loaded, load_plan
from webapp.assessments.queries import panel_seats, plan_in_force
from webapp.assessments.rules import Given, Line
from webapp.careers.models import Course, Post
from webapp.courses import operations as courses
from webapp.courses.models import Cohort, CourseSession, Enrollment
from webapp.demo import accounts, admissions, plans, work
from webapp.demo.accounts import Desks
from webapp.demo.careers import DAY
from webapp.officers.models import Officer, Posting
from webapp.shortlist import closing
from webapp.shortlist import operations as shortlist

PANELS = ("assessor@kaona.example", "assessor2@kaona.example")


@dataclass(frozen=True)
class Trainee:
    """Somebody in a cohort, with how able the invention makes them (a standard normal number)."""

    enrollment: Enrollment
    officer: Officer
    ability: float


def officers_in(session: Session, posts: tuple[str, ...], before: dt.date) -> list[Officer]:
    """Officers who hold one of the posts since before a day, by number."""
    return list(session.scalars(
        select(Officer)
        .join(Posting, Posting.officer_id == Officer.id)
        .join(Post, Post.id == Posting.post_id)
        .where(Post.code.in_(posts), Posting.ended_on.is_(None), Posting.acting.is_(False), Posting.started_on < before)
        .order_by(Officer.officer_no)
    ))  # fmt: skip


def set_up(
    session: Session,
    desks: Desks,
    code: str,
    course: str,
    names: tuple[str, str],
    first: dt.date,
    last: dt.date,
    **values: Any,
) -> Cohort:
    """A cohort with its programme spread over its weeks."""
    found = session.scalars(select(Course).where(Course.code == course)).one()
    cohort = courses.open_cohort(
        session, desks.staff, code=code, course=found, name_th=names[0], name_en=names[1], starts_on=first, ends_on=last,
        place="สถาบันพัฒนาข้าราชการกรุงเทพมหานคร", **values,
    )  # fmt: skip
    step = (last - first).days // len(plans.PROGRAMME)
    for place, (key, part, thai, english, hours) in enumerate(plans.PROGRAMME):
        day = first + dt.timedelta(days=1 + place * step)
        courses.put_session(
            session, desks.staff, cohort, code=key, part=part, name_th=thai, name_en=english,
            held_on=day - dt.timedelta(days=max(0, day.weekday() - 4)), hours=Decimal(hours),
            speaker="วิทยากรภายนอก" if part == "lecture" else "",
        )  # fmt: skip
    return cohort


def with_plan(session: Session, desks: Desks, cohort: Cohort, tie_breakers: tuple[str, ...]) -> None:
    """The cohort's plan in force, approved by a second person, and its panels."""
    load_plan(session, desks.staff, cohort, "ranking", plans.plan(tie_breakers=tie_breakers))
    plan = plan_in_force(session, cohort.id, "ranking")
    approve_loaded(session, desks.second, cohort, plan)
    for component in ("proposal", "project"):
        for email in PANELS:
            name_member(session, desks.staff, cohort, component, desks.accounts[email])


def fill(
    session: Session, desks: Desks, chance: random.Random, cohort: Cohort, officers: list[Officer]
) -> list[Trainee]:
    """Enroll the officers; the members of the panels state that nothing stands between them."""
    trainees = [
        Trainee(courses.enroll(session, desks.staff, cohort, officer), officer, chance.gauss(0, 1))
        for officer in officers
    ]
    stated(session, desks, cohort)
    return trainees


def stated(session: Session, desks: Desks, cohort: Cohort, purpose: str = "ranking") -> None:
    """Every member of the cohort's panels states that they are free of conflicts."""
    by_account = {account.id: desks.actors[email] for email, account in desks.accounts.items()}
    seats = panel_seats(session, list(by_account), [cohort.id])
    for member in seats:
        if member.purpose == purpose and member.account_id is not None:
            desk = open_desk(session, cohort, purpose, member.component)
            state(session, by_account[member.account_id], member, desk, [])


def attend(
    session: Session,
    desks: Desks,
    chance: random.Random,
    cohort: Cohort,
    trainees: list[Trainee],
    absent: set[int],
    until: dt.date,
    always: frozenset[int] = frozenset(),
) -> None:
    """Take attendance of the sessions held until a day.

    Those in ``absent`` (places in the list) miss most of them, those in ``always`` none.
    """
    held = session.scalars(
        select(CourseSession)
        .where(CourseSession.cohort_id == cohort.id, CourseSession.held_on <= until)
        .order_by(CourseSession.held_on)
    )
    for session_ in held.all():
        sheet: dict[int, tuple[bool, Decimal | None]] = {}
        for place, trainee in enumerate(trainees):
            here = chance.random() < (0.35 if place in absent else 0.96)
            part = Decimal(3) if here and chance.random() < 0.05 and session_.hours > 3 else None
            if place in always:
                here, part = True, None
            sheet[trainee.enrollment.id] = (here, part)
        courses.take_attendance(session, desks.staff, session_, sheet)


def score(
    session: Session, desks: Desks, chance: random.Random, cohort: Cohort, trainees: list[Trainee],
    *, components: tuple[str, ...] = ("exam", "proposal", "project", "coaching"), without: dict[str, set[int]] | None = None,
    alike: tuple[int, int] | None = None, low: set[int] | None = None, members: dict[str, tuple[str, ...]] | None = None,
) -> None:  # fmt: skip
    """Enter marks: staff for exam and coaching, each panel member for proposal and project.

    ``without`` leaves marks out (component → places), ``alike`` gives two people the same, ``low`` fails the exam.
    """
    for component in components:
        rubric = {"proposal": plans.PROPOSAL_RUBRIC, "project": plans.PROJECT_RUBRIC}.get(component)
        who = (members or {}).get(component, PANELS) if rubric else ("",)
        for email in who:
            desk = open_desk(session, cohort, "ranking", component)
            marks: dict[int, Given] = {}
            for place, trainee in enumerate(trainees):
                if place in (without or {}).get(component, set()):
                    continue
                marks[place] = _given(
                    chance, trainee.ability, rubric, low=component == "exam" and place in (low or set())
                )
            if alike and set(alike) <= set(marks):
                marks[alike[1]] = marks[alike[0]]
            actor = desks.actors[email] if email else desks.staff
            enter(session, actor, desk, [
                Mark(trainees[place].enrollment.id, actor.name if email else "", given) for place, given in marks.items()
            ])  # fmt: skip


def _given(chance: random.Random, ability: float, rubric: Any, *, low: bool) -> Given:
    if rubric:
        return Given(marks=tuple(
            Line(line.code, line.weight, line.maximum, Decimal(_within(round((7.4 + 0.8 * ability + chance.gauss(0, 0.6)) * 2) / 2, 4, 10)))
            for line in rubric
        ))  # fmt: skip
    value = 54.5 if low else _within(round((76 + 6 * ability + chance.gauss(0, 4)) * 4) / 4, 62, 98)
    return Given(score=Decimal(str(value)))


def _within(value: float, least: float, most: float) -> str:
    return str(max(least, min(most, value)))


def finished(session: Session, desks: Desks, chance: random.Random) -> Cohort:
    """The director course that is over: closed, its shortlist published after a decision on a tie."""
    cohort = set_up(
        session, desks, "DD-2568-1", "district-director-course", ("หลักสูตรผู้อำนวยการเขต รุ่นที่ 1/2568", "District director course 1/2568"),
        dt.date(2025, 11, 3), dt.date(2026, 5, 29), seats=30,
    )  # fmt: skip
    with_plan(session, desks, cohort, ("exam", "proposal"))
    pool = officers_in(session, ("assistant-district-director",), dt.date(2025, 6, 1))
    trainees = fill(session, desks, chance, cohort, chance.sample(pool, 28))
    courses.change_status(
        session, desks.staff, trainees[27].enrollment, status="withdrawn", reason="ได้รับแต่งตั้งให้ปฏิบัติหน้าที่อื่นระหว่างการอบรม"
    )
    work.coach(session, desks, chance, cohort, trainees[:27], few={4})
    attend(session, desks, chance, cohort, trainees, {3}, DAY)
    work.projects(session, desks, chance, cohort, trainees[:27], done=True)
    places = _by_strength(trainees[:27])
    score(session, desks, chance, cohort, trainees[:27], alike=(places[4], places[5]), low={places[20]})
    _tie_fifth(session, desks, cohort, trainees, places)
    for component in ("exam", "proposal", "project", "coaching"):
        release_scores(session, desks.staff, cohort, component)
    run = shortlist.draw_up(session, actor=desks.staff, cohort=cohort)
    _decide(session, desks, run)
    shortlist.confirm(session, actor=desks.staff, run=run)
    shortlist.publish(session, actor=desks.second, run=run)
    closing.close(session, actor=desks.staff, cohort=cohort)
    return cohort


def _by_strength(trainees: list[Trainee]) -> list[int]:
    return sorted(range(len(trainees)), key=lambda place: -trainees[place].ability)


def _tie_fifth(session: Session, desks: Desks, cohort: Cohort, trainees: list[Trainee], places: list[int]) -> None:
    """Correct marks so that two people stand alike at the fifth place: what one has, the other gets, with a reason."""
    from webapp.assessments.operations import correct_score

    document = shortlist.rank_cohort(session, cohort)
    order = [entry["officer_no"] for entry in document["entries"]]
    by_no = {trainee.officer.officer_no: trainee for trainee in trainees}
    fifth, sixth = by_no[order[4]], by_no[order[5]]
    for component in ("exam", "proposal", "project", "coaching"):
        desk = open_desk(session, cohort, "ranking", component)
        mine = {entry.member: entry for entry in desk.entries_of(fifth.enrollment.id)}
        for entry in desk.entries_of(sixth.enrollment.id):
            other = mine[entry.member]
            if (entry.score, entry.marks) == (other.score, other.marks):
                continue
            given = (
                Given(score=other.score)
                if other.marks is None
                else Given(
                    marks=tuple(
                        Line(m["criterion"], Decimal(m["weight"]), Decimal(m["maximum"]), Decimal(m["points"]))
                        for m in other.marks
                    )
                )
            )
            correct_score(session, desks.staff, entry.id, given, reason="แก้ไขตามใบคะแนนต้นฉบับที่ตรวจทานใหม่")


def _decide(session: Session, desks: Desks, run: Any) -> None:
    from webapp.shortlist.freezing import thawed

    tied = [entry["officer_no"] for entry in thawed(run.result)["entries"] if entry["tied_at_line"]]
    if tied:
        shortlist.decide_tie(
            session, actor=desks.second, run=run, chosen=tied[:1],
            reason="คะแนนรวมและคะแนนสอบเท่ากันทุกองค์ประกอบ เลือกผู้มีประสบการณ์กำกับดูแลครบทั้งสิบฝ่าย ตามบันทึกการประชุมคณะทำงาน",
        )  # fmt: skip


def complete(session: Session, desks: Desks, chance: random.Random) -> Cohort:
    """The assistant course that has just ended: every mark but one is in, the list is not drawn up yet."""
    cohort = set_up(
        session, desks, "ADD-2569-1", "assistant-district-director-course", ("หลักสูตรผู้ช่วยผู้อำนวยการเขต รุ่นที่ 1/2569", "Assistant district director course 1/2569"),
        dt.date(2026, 3, 2), dt.date(2026, 10, 30), seats=30,
    )  # fmt: skip
    with_plan(session, desks, cohort, ("exam", "proposal"))
    pool = officers_in(
        session, ("division-director", "bureau-section-head", "bureau-senior-officer"), dt.date(2025, 1, 1)
    )
    trainees = fill(session, desks, chance, cohort, chance.sample(pool, 24))
    work.coach(session, desks, chance, cohort, trainees, few={6})
    attend(session, desks, chance, cohort, trainees, {2}, DAY, frozenset({9}))
    work.projects(session, desks, chance, cohort, trainees, done=True)
    score(session, desks, chance, cohort, trainees, without={"coaching": {9}}, low={11})
    _tie_fifth(session, desks, cohort, trainees, _by_strength(trainees))
    release_scores(session, desks.staff, cohort, "exam")
    return cohort


def running(session: Session, desks: Desks, chance: random.Random, trainee: Officer, mentor: Officer) -> Cohort:
    """The assistant course that is in its middle: some marks in, one member still to submit, coaching under way."""
    cohort = set_up(
        session, desks, "ADD-2569-2", "assistant-district-director-course", ("หลักสูตรผู้ช่วยผู้อำนวยการเขต รุ่นที่ 2/2569", "Assistant district director course 2/2569"),
        dt.date(2026, 9, 7), dt.date(2027, 2, 26), seats=40,
    )  # fmt: skip
    with_plan(session, desks, cohort, ("exam", "proposal", "level_tenure", "entry_date"))
    pool = [
        officer for officer in officers_in(session, ("section-head", "bureau-section-head", "bureau-senior-officer"), dt.date(2025, 6, 1))
        if officer.id not in _already(session) and officer.id != trainee.id
    ]  # fmt: skip
    trainees = fill(session, desks, chance, cohort, [trainee, *chance.sample(pool, 35)])
    courses.change_status(
        session, desks.staff, trainees[35].enrollment, status="withdrawn", reason="ลาคลอดบุตร ขอเข้ารุ่นถัดไป"
    )
    attend(session, desks, chance, cohort, trainees[:35], {7, 21}, dt.date(2026, 11, 10))
    work.coach(session, desks, chance, cohort, trainees[:35], few=set(range(35)), mentor=mentor)
    work.projects(session, desks, chance, cohort, trainees[:35], done=False)
    score(session, desks, chance, cohort, trainees[:35], components=("project",), members={"project": PANELS[:1]})
    return cohort


def _already(session: Session) -> set[int]:
    return set(session.scalars(select(Enrollment.officer_id)))


def open_for_applications(session: Session, desks: Desks, chance: random.Random) -> Cohort:
    """The next director course: its window is open, some have applied."""
    cohort = set_up(
        session, desks, "DD-2570-1", "district-director-course", ("หลักสูตรผู้อำนวยการเขต รุ่นที่ 1/2570", "District director course 1/2570"),
        dt.date(2027, 1, 11), dt.date(2027, 7, 30), seats=40, reserve=20,
        applications_open_on=dt.date(2026, 11, 2), applications_close_on=dt.date(2026, 12, 18),
    )  # fmt: skip
    load_plan(
        session,
        desks.staff,
        cohort,
        "ranking",
        plans.plan(tie_breakers=("exam", "proposal", "level_tenure", "entry_date")),
    )
    taken = _already(session)
    pool = [
        officer for officer in officers_in(session, ("assistant-district-director",), DAY) if officer.id not in taken
    ]
    short = [one for one in officers_in(session, ("section-head",), DAY) if one.id not in taken][:3]
    admissions.opened(session, desks, cohort, chance.sample(pool, 17), short)
    return cohort


def just_selected(session: Session, desks: Desks) -> Cohort:
    """The next assistant course: applications are closed, its selection is published, seats wait for their answers."""
    cohort = set_up(
        session, desks, "ADD-2570-1", "assistant-district-director-course", ("หลักสูตรผู้ช่วยผู้อำนวยการเขต รุ่นที่ 1/2570", "Assistant district director course 1/2570"),
        dt.date(2027, 2, 8), dt.date(2027, 8, 27), seats=12, reserve=5,
        applications_open_on=dt.date(2026, 10, 1), applications_close_on=dt.date(2026, 10, 30),
    )  # fmt: skip
    taken, before = _already(session), dt.date(2024, 10, 1)
    directors = officers_in(session, ("division-director",), before)
    candidate = next(one for one in directors if one.id not in taken and one.account_id is None)
    accounts.add(session, desks, "candidate@kaona.example", candidate)
    others = officers_in(session, ("bureau-senior-officer", "bureau-section-head"), before)
    pool = [one for one in others if one.id not in taken]
    people = sorted([candidate, *pool[:27]], key=lambda one: one.officer_no)
    admissions.selected(session, desks, cohort, people, candidate)
    return cohort
