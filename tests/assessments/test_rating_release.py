"""Ratings are seen by their officer, and count, once released; imported ones are released as they come in."""

import datetime as dt

import pytest
from sqlalchemy import select

from tests.people import account
from webapp.accounts.queries import actor_for
from webapp.assessments.models import CompetencyRating
from webapp.assessments.ratings import operations
from webapp.audit import Actor
from webapp.errors import RuleBroken
from webapp.imports import corrections
from webapp.imports.kinds import KINDS
from webapp.imports.operations import apply_checked, check_file
from webapp.officers.models import Officer
from webapp.records.facts import load_facts
from webapp.records.queries import record_of
from webapp.records.rules import Reader

FILE = b"officer_no,competency,rating,rated_on,method\nT1,leadership,4,2026-02-01,360\n"


@pytest.fixture
def person(session, trainees):
    return session.get(Officer, trainees[0].officer_id)


def seen(session, person, *roles):
    return [row.rating for row in record_of(session, person, Reader(frozenset(roles), person.id)).ratings]


def counted(session):
    return len(load_facts(session).ratings.rating)


def test_what_staff_record_is_seen_and_counts_from_its_release(client, sign_in, session, person, staff):
    actor = actor_for(staff)
    operations.record_rating(
        session, actor, person, competency="leadership", rating=3, rated_on=dt.date(2026, 2, 1), method="สัมภาษณ์"
    )
    session.commit()
    assert seen(session, person, "officer") == []
    assert seen(session, person, "institute") == seen(session, person, "commission") == [3]
    assert counted(session) == 0
    sign_in(client, account=staff)
    assert "ยังไม่เผยแพร่" in client.get("/officers/T1/ratings").text
    assert client.post("/officers/T1/ratings/release").status_code == 303
    session.expire_all()
    assert seen(session, person, "officer") == [3]
    assert counted(session) == 1
    assert "ยังไม่เผยแพร่" not in client.get("/officers/T1/ratings").text
    right = operations.correct_rating(
        session, actor, person, session.scalar(select(CompetencyRating)), reason="ผิด", competency="leadership",
        rating=4, rated_on=dt.date(2026, 2, 1), method="สัมภาษณ์",
    )  # fmt: skip
    assert right.released_at is not None


def test_nobody_releases_their_own_ratings(session, person):
    own = account("officer", "institute")
    person.account_id = own.id
    session.flush()
    with pytest.raises(RuleBroken):
        operations.release_ratings(session, actor_for(own), person)


def test_an_imported_rating_is_released_and_stays_so_when_corrected(session, person):
    actor = Actor(kind="operator", name="ผู้ทดสอบ", role="operator")
    apply_checked(session, actor, check_file(session, actor, "competency-ratings", FILE, file_name="a.csv"))
    row = session.scalar(select(CompetencyRating))
    assert row.released_at is not None and row.released_by.startswith("imported by")
    typed = {"competency": "leadership", "rating": "5", "rated_on": "2026-02-01", "method": "360"}
    corrections.correct(session, actor, KINDS["competency-ratings"], row.id, typed, reason="พิมพ์ผิด")
    session.expire_all()
    assert seen(session, person, "officer") == [5]
    assert counted(session) == 1
