"""The fact columns are what stands in the database, on SQLite and PostgreSQL, and read in few queries."""

import datetime as dt

import numpy as np
import pytest
from sqlalchemy import select

from webapp import clock
from webapp.assessments.models import CompetencyRating
from webapp.careers.criteria.tree import tree_from
from webapp.careers.models import Course, CourseEquivalent, Post, Unit
from webapp.careers.tenure import OPEN
from webapp.officers.models import Delegation, EvidencedWork, Officer, Posting, TrainingRecord, officer_qualification
from webapp.records.facts import load_facts, tables_of

D = dt.date.fromisoformat


def add(session, model, /, **values):
    stamp = {"entered_by": "ผู้ทดสอบ", "entered_at": clock.now()} if hasattr(model, "voided_at") else {}
    thing = model(**stamp, **values)
    session.add(thing)
    session.flush()
    return thing


def officer(session, number, **values):
    given = {
        "given_name": "ก",
        "family_name": "ข",
        "sort_key": number,
        "birth_date": D("1970-10-01"),
        "entry_date": D("1995-06-01"),
    }
    return add(session, Officer, officer_no=number, **{**given, **values})


def id_of(session, model, code):
    return session.scalar(select(model.id).where(model.code == code))


@pytest.fixture
def filled(session):
    """Two officers, every kind of fact, some of it void."""
    one, two = officer(session, "B2"), officer(session, "A1", left_on=D("2020-01-31"), birth_date=D("1970-10-02"))
    post, unit = id_of(session, Post, "assistant-district-director"), id_of(session, Unit, "BMA-D02")
    spell = {"post_id": post, "unit_id": unit, "position_type": "managerial", "level": "primary"}
    add(session, Posting, officer_id=two.id, started_on=D("2018-01-01"), acting=True, **spell)
    add(session, Posting, officer_id=one.id, started_on=D("2019-10-01"), ended_on=D("2020-02-29"), **spell)
    add(session, Posting, officer_id=one.id, started_on=D("2017-10-01"), voided_at=clock.now(), **spell)
    add(session, Delegation, officer_id=one.id, unit_id=unit, section_code="finance", started_on=D("2019-11-01"))
    work = {"officer_id": one.id, "verified_by": "ใคร"}
    add(session, EvidencedWork, title="ก", done_on=D("2019-01-01"), verified_on=D("2019-02-01"), **work)
    add(session, EvidencedWork, title="ข", done_on=D("2019-03-01"), verified_on=D("2019-02-01"), **work)
    add(session, EvidencedWork, title="ค", done_on=D("2019-04-01"), verified_on=None, **work)
    course, other = (
        id_of(session, Course, code) for code in ("district-director-course", "assistant-district-director-course")
    )
    add(session, TrainingRecord, officer_id=one.id, course_id=course, completed_on=D("2020-05-05"), result="passed")
    add(session, TrainingRecord, officer_id=one.id, course_id=other, completed_on=D("2020-05-05"), result="failed")
    rating = {"officer_id": one.id, "competency_code": "integrity", "rated_on": D("2020-06-06")}
    add(session, CompetencyRating, rating=4, method="ก", released_at=clock.now(), **rating)
    add(session, CompetencyRating, rating=2, method="ข", released_at=clock.now(), **rating)
    session.execute(
        officer_qualification.insert(), {"officer_id": two.id, "qualification_code": "standard-managerial-high"}
    )
    add(
        session, CourseEquivalent, course_id=course, equivalent_id=other, accepting_body="ก.ก.", resolution="1/2563",
        valid_from=D("2020-01-01"), valid_until=None,
    )  # fmt: skip
    session.flush()
    return one, two


def test_every_standing_fact_is_a_row_and_no_void_one(any_database, session, filled):
    one, two = filled
    facts = load_facts(session)
    words = facts.words
    assert facts.officer_no.tolist() == ["B2", "A1"]
    assert facts.row.tolist() == [one.id, two.id]
    assert [dt.date.fromordinal(day) for day in facts.retirement] == [D("2030-09-30"), D("2031-09-30")]
    assert facts.entry.tolist() == [D("1995-06-01").toordinal()] * 2
    assert facts.left.tolist() == [OPEN, D("2020-01-31").toordinal()]
    held = facts.postings
    assert held.person.tolist() == [0, 1]
    assert [words.posts[n] for n in held.post] == ["assistant-district-director"] * 2
    assert [(words.types[a], words.levels[b]) for a, b in zip(held.position_type, held.level, strict=True)] == [
        ("managerial", "primary")
    ] * 2
    assert [(words.units[n], words.unit_kinds[n]) for n in held.unit] == [("BMA-D02", "district")] * 2
    assert held.first.tolist() == [D("2019-10-01").toordinal(), D("2018-01-01").toordinal()]
    assert held.last.tolist() == [D("2020-02-29").toordinal(), OPEN]
    assert held.acting.tolist() == [False, True]
    assert [words.sections[n] for n in facts.delegations.section] == ["finance"]
    assert facts.works.day.tolist() == [D("2019-02-01").toordinal(), D("2019-03-01").toordinal()]
    assert [(words.courses[n], d) for n, d in zip(facts.passes.course, facts.passes.day, strict=True)] == [
        ("district-director-course", D("2020-05-05").toordinal())
    ]
    assert sorted((words.competencies[n], int(r)) for n, r in zip(facts.ratings.competency, facts.ratings.rating, strict=True)) == [
        ("integrity", 2), ("integrity", 4),
    ]  # fmt: skip
    assert [
        (int(p), words.qualifications[n])
        for p, n in zip(facts.qualifications.person, facts.qualifications.code, strict=True)
    ] == [(1, "standard-managerial-high")]
    accepted = [e for e in facts.equivalents if e.course == "district-director-course"]
    assert [(e.equivalent, e.first, e.last) for e in accepted] == [
        ("assistant-district-director-course", D("2020-01-01").toordinal(), OPEN)
    ]


def test_one_officer_is_a_table_of_one_row_with_the_same_facts(any_database, session, filled):
    _one, two = filled
    alone, everybody = load_facts(session, officer_ids=[two.id]), load_facts(session)
    again = everybody.of(np.array([1]))
    assert alone.officer_no.tolist() == ["A1"]
    for name in ("postings", "works", "qualifications", "ratings"):
        assert getattr(alone, name).row.tolist() == getattr(again, name).row.tolist()


def test_a_type_nobody_knows_is_unresolved(session, filled):
    session.query(Posting).update({"level": "odd"})
    assert load_facts(session).postings.level.tolist() == [-1, -1]


def test_only_the_tables_a_tree_looks_at_are_read(session, filled):
    tree = tree_from({"id": "c", "kind": "course", "code": "district-director-course"})
    assert tables_of([tree]) == {"postings", "passes"}
    facts = load_facts(session, tables=tables_of([tree]))
    assert (len(facts.passes), len(facts.ratings)) == (1, 0)


def test_an_empty_house_has_no_facts(session):
    facts = load_facts(session)
    assert len(facts) == 0
    assert len(facts.postings) == 0
