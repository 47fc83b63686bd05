"""The invigilator's page: who is where, in as many statements for three people as for thirty; acts with their reasons."""

import datetime as dt

import pytest
from sqlalchemy import select

from tests.assessments.exams.papers import candidate_of, ready_exam, sitter
from tests.people import account
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.exams import rules, saving, taking
from webapp.assessments.exams.models import Answer, ExamIncident
from webapp.assessments.exams.staff import board, invigilating
from webapp.errors import Conflict, RuleBroken

MINUTE = dt.timedelta(minutes=1)


def test_everybody_is_shown_as_they_are(any_database, session, actor, monkeypatch):
    people = [sitter(session, f"B{n}")[0] for n in range(5)]
    exam = ready_exam(session, people)
    waiting, writing, lost, finished, over = (candidate_of(session, exam, person) for person in people)
    start = clock.now()
    attempts = {one.id: taking.start(session, actor, one) for one in (writing, lost, finished, over)}
    saving.save(session, attempts[writing.id], 1, {"choice": "a"}, page="p", turn=1)
    saving.save(session, attempts[writing.id], 1, {"choice": "b"}, page="p", turn=2)
    taking.submit(session, actor, attempts[finished.id], key="k")
    attempts[over.id].deadline_at = start + MINUTE
    session.flush()
    now = start + 2 * MINUTE
    attempts[writing.id].seen_at = now - rules.LOST_AFTER
    attempts[lost.id].seen_at = now - rules.LOST_AFTER - dt.timedelta(seconds=1)
    session.flush()
    found = board.board_of(session, exam, now)
    states = {place.candidate.id: place.state for place in found.places}
    assert states == {
        waiting.id: "waiting", writing.id: "writing", lost.id: "lost", finished.id: "finished", over.id: "timed-out"
    }  # fmt: skip
    place = next(one for one in found.places if one.candidate.id == writing.id)
    assert (place.answered, place.questions) == (1, 8)
    assert place.minutes_left == 58
    assert next(one for one in found.places if one.candidate.id == over.id).minutes_left == 0


def test_the_board_asks_as_often_for_three_as_for_twelve(session, client, sign_in, statements):
    exams = [
        ready_exam(session, [sitter(session, f"{code}{n}")[0] for n in range(count)], code=code)
        for code, count in (("B-SMALL", 3), ("B-LARGE", 12))
    ]
    sign_in(client, role="institute")
    counted = []
    for exam in exams:
        client.get(f"/exams/{exam.code}/live")
        with statements() as ran:
            assert client.get(f"/exams/{exam.code}/live", headers={"HX-Request": "true"}).status_code == 200
        counted.append(len(ran))
    assert counted[0] == counted[1]


def test_minutes_pressed_twice_are_given_once(session, actor):
    person, _own = sitter(session, "B1")
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    attempt = taking.start(session, actor, candidate)
    ends = attempt.deadline_at
    for _press in range(2):
        invigilating.add_minutes(session, actor, exam, candidate, 10, reason="เครื่องขัดข้อง", seen=0)
    session.refresh(attempt)
    assert attempt.deadline_at == ends + 10 * MINUTE
    with pytest.raises(Conflict):
        invigilating.add_minutes(session, actor, exam, candidate, 5, reason="อีกเหตุ", seen=0)
    invigilating.add_minutes(session, actor, exam, candidate, 5, reason="อีกเหตุ", seen=10)
    assert candidate.extra_minutes == 15
    for minutes in (0, -5):
        with pytest.raises(RuleBroken):
            invigilating.add_minutes(session, actor, exam, candidate, minutes, reason="ผิด", seen=15)
    kinds = session.scalars(select(ExamIncident.kind).where(ExamIncident.candidate_id == candidate.id)).all()
    assert kinds == ["extra-time", "extra-time"]


def test_at_another_machine_only_the_new_one_can_write(session, client, sign_in, actor):
    person, own = sitter(session, "B2")
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    with pytest.raises(RuleBroken, match="ไม่ได้กำลังทำ"):
        invigilating.another_machine(session, actor, exam, candidate, reason="เครื่องดับ")
    taking.start(session, actor, candidate)
    session.commit()
    sign_in(client, account=own)
    assert client.get("/my/exams").status_code == 200
    invigilating.another_machine(session, actor, exam, candidate, reason="เครื่องดับ")
    session.commit()
    assert client.get("/my/exams").status_code == 303, "the old machine is signed out"


def test_a_late_answer_counts_once_staff_have_said_why(session, actor, monkeypatch):
    person, _own = sitter(session, "B3")
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    attempt = taking.start(session, actor, candidate)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + 61 * MINUTE)
    saving.save(session, attempt, 1, {"choice": "a"}, page="p", turn=1)
    taking.submit(session, actor, attempt, key="k")
    (late,) = board.late_answers(session, attempt)
    assert (late.position, late.in_time, late.accepted) == (1, False, None)
    assert board.board_of(session, exam, clock.now()).late_waiting == 1
    assert taking.standing_answers(session, [attempt.id]) == {}
    with pytest.raises(RuleBroken):
        invigilating.accept_late(session, actor, exam, late.answer.id, reason="  ")
    first = invigilating.accept_late(session, actor, exam, late.answer.id, reason="เครือข่ายล่ม")
    assert invigilating.accept_late(session, actor, exam, late.answer.id, reason="เครือข่ายล่ม").id == first.id
    assert taking.standing_answers(session, [attempt.id]) == {attempt.id: {1: {"choice": "a"}}}
    assert board.board_of(session, exam, clock.now()).late_waiting == 0
    assert session.get_one(Answer, late.answer.id).late, "the answer itself is never changed"


def test_nobody_invigilates_an_exam_that_they_sit(session):
    own = account("institute", "officer")
    person, _other = sitter(session, "B4")
    person.account_id = own.id
    exam = ready_exam(session, [person])
    candidate = candidate_of(session, exam, person)
    taking.start(session, actor_for(own), candidate)
    with pytest.raises(RuleBroken, match="เป็นผู้เข้าสอบ"):
        invigilating.add_minutes(session, actor_for(own), exam, candidate, 10, reason="ขอเวลา", seen=0)
