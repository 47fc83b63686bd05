"""Saving answers from the page's script: said after the commit, kept once, late and older ones told, whoever asks."""

import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.assessments.exams.candidate.conftest import Hall
from tests.assessments.exams.papers import ready_exam, sitter
from tests.people import enter_as
from webapp import clock
from webapp.app import csrf
from webapp.assessments.exams.candidate.turns import token_of
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion, ExamIncident

JSON = {"Accept": "application/json"}


def save(hall: Hall, position: int, *, client: Any = None, page: str = "page-one", turn: int = 1, **boxes: Any) -> Any:
    sent = {"page": page, "turn": turn, "position": position, "based": 0, **boxes}
    return (client or hall.client).post(f"{hall.url}/save", data=sent, headers=JSON)


def test_saved_is_said_with_the_second_and_the_time_left(hall: Hall, session: Session) -> None:
    hall.begin()
    answer = save(hall, 1, q1="2", flagged="yes").json
    assert answer["saved"]
    assert re.fullmatch(r"\d\d:\d\d:\d\d( น\.)?", answer["at"])
    assert 3590 < answer["remaining"] <= 3600
    assert not answer["late"]
    kept = session.scalars(select(Answer)).one()
    assert answer["standing"] == kept.id
    assert session.scalar(select(AttemptQuestion.flagged).where(AttemptQuestion.position == 1))
    again = save(hall, 1, q1="2").json
    assert (again["standing"], again["at"]) == (kept.id, answer["at"]), "sent again: kept once, the same answer"
    assert session.scalar(select(func.count()).select_from(Answer)) == 1
    other = save(hall, 1, q1="3")
    assert other.status_code == 409, "the same count with other content"


def test_an_answer_of_a_page_that_did_not_know_of_a_newer_one_is_kept_aside(hall: Hall, session: Session) -> None:
    hall.begin()
    first = save(hall, 7, q7="เขต ก").json
    second = save(hall, 7, page="page-two", based=first["standing"], q7="เขต ข").json
    assert not second["aside"]
    older = save(hall, 7, turn=2, based=first["standing"], q7="เขต ค").json
    assert older["aside"]
    assert older["standing"] == second["standing"]
    chosen = save(hall, 7, turn=3, based=second["standing"], q7="เขต ค").json
    assert not chosen["aside"]
    assert session.scalars(select(Answer.aside).order_by(Answer.id)).all() == [False, False, True, False]


def test_an_answer_after_the_end_is_kept_late(hall: Hall, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.begin()
    hall.client.post(f"{hall.url}/submit")
    late = save(hall, 1, q1="1").json
    assert (late["saved"], late["late"], late["remaining"]) == (True, True, 0)
    assert session.scalars(select(Answer.late)).one()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"position": "9"}, 404), ({"position": "0"}, 404), ({"position": "x"}, 404), ({"turn": "0"}, 404),
        ({"turn": "99999999999"}, 404), ({"page": "<b>"}, 400), ({"page": ""}, 400), ({"q1": "77"}, 200),
        ({"based": "-1"}, 200), ({"q1": "\u0e01" * 5000}, 200),
    ],
)  # fmt: skip
def test_no_input_breaks_saving(hall: Hall, sent: dict[str, str], status: int) -> None:
    hall.begin()
    whole = {"page": "page-one", "turn": "1", "position": "1", "q1": "1", **sent}
    assert hall.client.post(f"{hall.url}/save", data=whole, headers=JSON).status_code == status


def test_the_page_is_there_and_what_it_missed_is_noted_only_where_the_exam_says_so(
    hall: Hall, session: Session
) -> None:
    hall.begin()
    gone = {"away": "2", "away_seconds": "31"}
    answer = hall.client.post(f"{hall.url}/here", data=gone, headers=JSON).json
    assert not answer["ended"]
    assert session.scalar(select(func.count()).select_from(ExamIncident)) == 0
    hall.exam.lockdown = True
    session.commit()
    hall.client.post(f"{hall.url}/here", data=gone, headers=JSON)
    assert session.scalars(select(ExamIncident.note)).one() == "ออกจากหน้าสอบ 2 ครั้ง รวม 31 วินาที"


def test_a_page_that_is_there_when_time_is_over_ends_the_attempt(
    hall: Hall, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.begin()
    moment = clock.now() + dt.timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: moment)
    answer = hall.client.post(f"{hall.url}/here", headers=JSON).json
    assert answer["ended"]
    attempt = session.scalars(select(Attempt)).one()
    assert attempt.ending == "time"
    assert attempt.ended_at == attempt.deadline_at
    assert hall.client.post(f"{hall.url}/here", headers=JSON).json["ended"]


# The token of the exam's pages


def test_the_addresses_with_a_token_of_their_own_are_known() -> None:
    exempt = {name.rpartition(".")[2] for name in csrf._exempt_views}
    assert exempt == {"exam_save", "exam_save_page", "exam_here", "exam_hand_in"}


def test_the_exams_token_is_good_for_its_person_and_exam_alone(hall: Hall, session: Session, app: Flask) -> None:
    hall.begin()
    hall.begin(hall.other)
    second, _ = sitter(session, "C-3")
    elsewhere = ready_exam(session, [hall.officer, second], code="EX-9")
    mine = token_of(hall.exam.code, hall.account.id)
    sent = {"page": "page-one", "turn": "1", "position": "1", "q1": "1"}
    for token, client, expected in (
        (mine, hall.client, 200), (token_of(elsewhere.code, hall.account.id), hall.client, 400), (mine, hall.other, 400),
        ("", hall.client, 400), ("0" * 64, hall.client, 400), ("ก", hall.client, 400),
    ):  # fmt: skip
        for path in ("/save", "/here", "/submit", "/questions/1"):
            if path == "/submit" and expected == 200:
                continue
            answer = client.post(f"{hall.url}{path}", data={**sent, "csrf_token": token}, headers=JSON, token=False)
            assert answer.status_code in ({expected, 303} if expected == 200 else {400}), (path, token)
    assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.ended_at.is_not(None))) == 0


def test_a_page_sends_on_after_a_new_sign_in(hall: Hall, app: Flask, session: Session) -> None:
    hall.begin()
    page = hall.client.get(f"{hall.url}/questions/7").text
    token = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page)
    name = re.search(r'name="page" value="([^"]+)"', page)
    assert token
    assert name
    fields = {"csrf_token": token[1], "page": name[1], "q7": "เขตดุสิต <b>", "go": "stay"}
    with hall.client.session_transaction() as cookie:
        cookie.clear()
    script = hall.client.post(f"{hall.url}/save", data={**fields, "turn": 1, "position": 7}, headers=JSON, token=False)
    assert script.status_code == 401
    assert "sign-in" in script.json["sign_in"]
    plain = hall.client.post(f"{hall.url}/questions/7", data=fields, token=False)
    assert plain.status_code == 401
    assert 'value="เขตดุสิต &lt;b&gt;"' in plain.text
    enter_as(hall.client, hall.account)
    assert hall.client.post(f"{hall.url}/questions/7", data=fields, token=False).status_code == 303
    assert session.scalars(select(Answer.response)).one() == {"text": "เขตดุสิต <b>"}


def test_saving_takes_few_statements_however_long_the_paper(hall: Hall, session: Session, statements: Any) -> None:
    from tests.assessments.bank.items import single

    ready_exam(session, [hall.officer], code="EX-60", kinds=[single] * 60)
    hall.begin()
    hall.client.submit("/my/exams/EX-60", {"agreed": "yes"}, action="/my/exams/EX-60/start")
    counts = []
    for code in (hall.exam.code, "EX-60"):
        save(hall, 1, q1="1")
        with statements() as ran:
            sent = {"page": "page-one", "turn": 2, "position": 1, "based": 0, "q1": "2"}
            assert hall.client.post(f"/my/exams/{code}/save", data=sent, headers=JSON).status_code == 200
        counts.append(len([one for one in ran if not one.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]))
    assert counts[0] == counts[1] <= 7
