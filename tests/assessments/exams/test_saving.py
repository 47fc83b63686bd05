"""Saving answers on both databases: once, late, aside; and when two things happen at the same moment."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.assessments.exams.papers import PLANNER, candidate_of, ready_exam, sitter
from webapp import clock
from webapp.assessments.exams import rules, saving, taking
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, Candidate
from webapp.database import canonical_json, db
from webapp.errors import Conflict

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def candidate(app: Flask, session: Session) -> Candidate:
    officer, _account = sitter(session, "S-1")
    found = candidate_of(session, ready_exam(session, [officer]), officer)
    session.commit()
    return found


def text(words: str) -> dict[str, str]:
    return {"text": words}


def test_what_becomes_of_an_answer(candidate: Candidate, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = taking.start(session, PLANNER, candidate)
    monkeypatch.setattr(clock, "now", lambda: attempt.started_at)

    def save(words: str, page: str, turn: int, based: int | None = None, **more: Any) -> saving.Saved:
        return saving.save(session, attempt, 7, text(words), page=page, turn=turn, based=based, **more)

    nothing = save("", "page-a", 1)
    assert (nothing.standing_id, nothing.late, nothing.aside) == (0, False, False), (
        "an empty box over nothing is nothing"
    )
    first = save("ก", "page-a", 2, 0, flagged=True)
    assert first.standing_id
    assert session.scalar(select(AttemptQuestion.flagged).where(AttemptQuestion.position == 7))
    assert save("ก", "page-a", 2, 0) == first, "sent again"
    with pytest.raises(Conflict):
        save("ข", "page-a", 2)
    assert save("ก", "page-b", 1, first.standing_id).standing_id == first.standing_id, "the same stands already"
    newer = save("ค", "page-b", 2, first.standing_id)
    aside = save("ง", "page-a", 3, first.standing_id)
    assert (aside.aside, aside.standing_id) == (True, newer.standing_id)
    assert save("จ", "page-a", 1).standing_id == newer.standing_id, "overtaken by a later one of its own page"
    emptied = save("", "page-b", 3, newer.standing_id)
    assert taking.standing_answers(session, [attempt.id]) == {attempt.id: {7: {}}}
    assert not emptied.aside
    monkeypatch.setattr(clock, "now", lambda: attempt.deadline_at + dt.timedelta(seconds=1))
    late = save("ฉ", "page-b", 4, emptied.standing_id)
    assert (late.late, late.remaining, late.standing_id) == (True, 0, emptied.standing_id)
    kept = session.execute(select(Answer.turn, Answer.late, Answer.aside).order_by(Answer.id)).all()
    assert [tuple(row) for row in kept] == [
        (2, False, False), (2, False, False), (3, False, True), (3, False, False), (4, True, False),
    ]  # fmt: skip


@pytest.mark.parametrize("late_by", [-1, 0, 1])
def test_the_deadline_itself_is_in_time(candidate: Candidate, session: Session, late_by: int) -> None:
    attempt = taking.start(session, PLANNER, candidate)
    question = session.scalars(select(AttemptQuestion.id).where(AttemptQuestion.position == 7)).one()
    given = saving.Given(question, text("ก"), "page-a", 1)
    known = saving.known_of(session, attempt.id, question)
    at = attempt.deadline_at + dt.timedelta(microseconds=late_by)
    assert saving.keep(session, attempt.id, given, known, received_at=at).late == (late_by > 0)


def test_what_was_known_before_the_lock_decides_nothing(candidate: Candidate, session: Session) -> None:
    attempt = taking.start(session, PLANNER, candidate)
    question = session.scalars(select(AttemptQuestion.id).where(AttemptQuestion.position == 7)).one()
    old = saving.known_of(session, attempt.id, question)
    saving.save(session, attempt, 7, text("ก"), page="page-a", turn=1)
    given = saving.Given(question, text("ข"), "page-b", 1, based=0)
    assert saving.keep(session, attempt.id, given, old, received_at=clock.now()).aside
    taking.submit(session, PLANNER, attempt, key="k")
    given = saving.Given(question, text("ค"), "page-b", 2, based=0)
    assert saving.keep(session, attempt.id, given, old, received_at=clock.now()).late


def test_the_database_keeps_one_attempt_and_each_answer_once(candidate: Candidate, session: Session) -> None:
    attempt = taking.start(session, PLANNER, candidate)
    now = clock.now()
    question = session.scalars(select(AttemptQuestion.id).where(AttemptQuestion.position == 1)).one()
    answer = {"question_id": question, "page": "page-a", "turn": 1, "response": {}, "saved_at": now}
    session.add(Answer(**answer))
    session.commit()
    for doubled in (
        Answer(**answer), Attempt(candidate_id=candidate.id, started_at=now, deadline_at=now, seen_at=now),
        Attempt(candidate_id=candidate.id, started_at=now, deadline_at=now, seen_at=now, ended_at=now),
        AttemptQuestion(attempt_id=attempt.id, position=1, part_id=1, version_id=1),
    ):  # fmt: skip
        session.add(doubled)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


# At the same moment


def at_once(app: Flask, *works: Callable[[Session], Any]) -> list[Any]:
    """Each piece of work in a thread and a transaction of its own, all released together; what each gave or raised."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                found[place] = works[place](db.session)
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                found[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_starts_at_once_are_one_attempt(candidate: Candidate, app: Flask, session: Session) -> None:
    own = candidate.id

    def start(one: Session) -> int:
        return taking.start(one, PLANNER, one.get_one(Candidate, own)).id

    session.rollback()
    first, second = at_once(app, start, start)
    assert first == second
    assert session.scalar(select(func.count()).select_from(AttemptQuestion)) == 8


def test_the_same_answer_twice_at_once_is_kept_once(candidate: Candidate, app: Flask, session: Session) -> None:
    own = taking.start(session, PLANNER, candidate).id
    session.commit()

    def save(one: Session) -> saving.Saved:
        return saving.save(one, one.get_one(Attempt, own), 7, text("ก"), page="page-a", turn=1, based=0)

    found = at_once(app, *[save] * 4)
    assert len({saved.standing_id for saved in found}) == 1
    assert session.scalar(select(func.count()).select_from(Answer)) == 1


def test_an_answer_and_the_end_at_once_agree_with_the_receipt(
    candidate: Candidate, app: Flask, session: Session
) -> None:
    """Whichever came first: what is not late is in the receipt, and what is late is not."""
    own = taking.start(session, PLANNER, candidate).id
    session.commit()

    def save(turn: int) -> Callable[[Session], saving.Saved]:
        return lambda one: saving.save(one, one.get_one(Attempt, own), turn, text(f"{turn}") if turn != 6 else {"value": "6"}, page="page-a", turn=1)  # fmt: skip

    def end(one: Session) -> Any:
        return taking.submit(one, PLANNER, one.get_one(Attempt, own), key="k").receipt

    *saved, receipt = at_once(app, save(6), save(7), save(8), end)
    attempt = session.get_one(Attempt, own, populate_existing=True)
    counted = taking.standing_answers(session, [own]).get(own, {})
    assert set(counted) == {place for place, one in zip((6, 7, 8), saved, strict=True) if not one.late}
    digests = {n: hashlib.sha256(canonical_json(one).encode()).hexdigest() for n, one in counted.items()}
    assert attempt.ended_at is not None
    assert receipt == rules.receipt(own, attempt.ended_at, digests, app.config["AUDIT_KEY"])
