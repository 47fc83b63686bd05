"""A selection: ranked by the ranking rules over its own marks, frozen, decided, published by two; nobody vanishes."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select, text

from tests.admissions import world
from webapp.admissions import deciding, selecting
from webapp.admissions import selection_queries as reads
from webapp.admissions.freezing import frozen, places_in, result_of, thawed
from webapp.admissions.models import Offer, Place, RegisterEntry, Selection
from webapp.admissions.verification import differences
from webapp.database import canonical_json
from webapp.errors import Conflict, RuleBroken

MARKS = {
    "A1": (90, 90, 90),
    "A2": (80, 80, 80),
    "A3": (80, 80, 80),
    "A4": (70, 70, 70),
    "A5": (65, 65, 65),
    "A6": (90, 59.99, 90),
}


@pytest.fixture
def people(session):
    return world.staff(session, "นางพรทิพย์"), world.staff(session, "นายสมเกียรติ")


@pytest.fixture
def cohort(session, people):
    made = world.cohort(session)
    world.with_plan(session, made, *people)
    return made


def test_from_marks_to_seats_reserve_and_register(any_database, session, people, cohort):
    first, second = people
    world.candidates(session, cohort, first, MARKS)
    refused = world.applied(session, cohort, world.officer(session, "B1", meets=False))
    deciding.refuse(session, first, refused, reason="ไม่ผ่านคุณสมบัติ")
    drawn = selecting.draw_up(session, actor=first, cohort=cohort)
    assert [(tie.line, tie.group, tie.room) for tie in reads.allocation_of(session, drawn).ties] == [
        ("seat", ("A2", "A3"), 1)
    ]
    with pytest.raises(RuleBroken):
        selecting.confirm(session, actor=first, selection=drawn)
    with pytest.raises(RuleBroken):
        selecting.decide_line(session, actor=first, selection=drawn, line="seat", chosen=["A3"], reason=" ")
    selecting.decide_line(session, actor=first, selection=drawn, line="seat", chosen=["A3"], reason="ประสบการณ์ตรง")
    with pytest.raises(Conflict):
        selecting.decide_line(session, actor=first, selection=drawn, line="seat", chosen=["A2"], reason="อีกครั้ง")
    selecting.confirm(session, actor=first, selection=drawn)
    with pytest.raises(RuleBroken):
        selecting.publish(session, actor=first, selection=drawn)
    selecting.publish(session, actor=second, selection=drawn)
    session.commit()
    found = {row.officer_no: (row.kind, row.rank) for row in session.scalars(select(Place))}
    assert found == {
        "A1": ("seat", 1), "A3": ("seat", 2), "A2": ("reserve", 2), "A4": ("register", 4), "A5": ("register", 5),
        "A6": ("none", None), "B1": ("refused", None),
    }  # fmt: skip
    assert world.statuses(session, cohort) == {
        "A1": "admitted", "A2": "reserve", "A3": "admitted", "A4": "applied", "A5": "applied", "A6": "applied",
    }  # fmt: skip
    assert len(session.scalars(select(Offer)).all()) == 2
    assert {row.rank for row in session.scalars(select(RegisterEntry))} == {2, 4, 5}
    assert differences(session, drawn) == []


def test_below_a_pass_mark_or_without_a_mark_is_not_ranked_with_the_reason(session, people, cohort):
    world.candidates(session, cohort, people[0], {"A1": (60, 60, 60), "A2": (59.99, 99, 99), "A3": (90, 90, None)})
    result = result_of(thawed(frozen(selecting.inputs_of(session, cohort))))
    assert [row["officer_no"] for row in result["entries"]] == ["A1"], "reaching the mark passes"
    reasons = {row["officer_no"]: [(r["code"], r["component"]) for r in row["reasons"]] for row in result["unranked"]}
    assert reasons == {"A2": [("below-pass-mark", "general")], "A3": [("missing-score", "interview")]}


def test_marks_of_the_selection_are_not_those_of_the_course(session, people, cohort):
    """The same enrollment may have marks under the same code for both purposes: each ranking reads its own."""
    from decimal import Decimal

    from webapp import clock
    from webapp.assessments.models import ScoreEntry

    made = world.candidates(session, cohort, people[0], {"A1": (70, 70, 70)})
    session.add(
        ScoreEntry(
            enrollment_id=made["A1"].enrollment_id, purpose="ranking", component="general", score=Decimal(99),
            maximum=Decimal(100), entered_by="ทดสอบ", entered_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    result = result_of(thawed(frozen(selecting.inputs_of(session, cohort))))
    assert result["entries"][0]["components"]["general"] == "70.00"


def test_what_stands_in_the_way_of_publishing_is_said(session, people):
    first, second = people
    cohort = world.cohort(session, "DD-X")
    world.with_plan(session, cohort, first, None)
    made = world.candidates(session, cohort, first, {"A1": (90, 90, 90)})
    world.applied(session, cohort, world.officer(session, "B1"))
    drawn = selecting.draw_up(session, actor=first, cohort=cohort)
    selecting.confirm(session, actor=first, selection=drawn)
    world.mark(session, cohort, first, {"B2": _accepted(session, cohort, first, "B2")}, {"B2": (95, 95, 95)})
    codes = {point.code for point in reads.open_points(session, drawn, selecting.inputs_of(session, cohort))}
    assert codes == {"undecided", "stale", "plan"}
    with pytest.raises(RuleBroken):
        selecting.publish(session, actor=second, selection=drawn)
    selecting.discard(session, actor=first, selection=drawn, reason="มีผู้สมัครเพิ่ม")
    assert made["A1"].state == "accepted" and drawn.reason == "มีผู้สมัครเพิ่ม"


def _accepted(session, cohort, first, number):
    made = world.applied(session, cohort, world.officer(session, number))
    deciding.accept(session, first, made)
    return made.enrollment_id


def test_the_same_form_twice_draws_up_once(session, people, cohort):
    world.candidates(session, cohort, people[0], {"A1": (90, 90, 90)})
    one = selecting.draw_up(session, actor=people[0], cohort=cohort, key="k")
    assert selecting.draw_up(session, actor=people[0], cohort=cohort, key="k").id == one.id
    assert len(session.scalars(select(Selection)).all()) == 1


def test_whoever_applies_does_not_draw_up(session, people, cohort):
    person = world.officer(session, "A1", signs_in=True)
    world.applied(session, cohort, person)
    with pytest.raises(RuleBroken):
        selecting.draw_up(session, actor=world.oneself(person), cohort=cohort)


def test_a_published_selection_is_superseded_never_changed(session, people, cohort):
    first, second = people
    made = world.candidates(session, cohort, first, {"A1": (90, 90, 90), "A2": (80, 80, 80), "A3": (70, 70, 70)})
    old = world.published(session, cohort, first, second)
    from tests.admissions.hands import correct

    correct(session, cohort, first, made["A3"].enrollment_id, "specific", 100)
    drawn = selecting.draw_up(session, actor=first, cohort=cohort)
    selecting.confirm(session, actor=first, selection=drawn)
    with pytest.raises(RuleBroken):
        selecting.publish(session, actor=second, selection=drawn, reason=" ")
    selecting.publish(session, actor=second, selection=drawn, reason="แก้คะแนนตามใบคะแนน")
    assert (old.status, drawn.supersedes_id) == ("superseded", old.id)
    kinds = {row.officer_no: row.kind for row in reads.places_of(session, drawn.id)}
    assert kinds == {"A1": "seat", "A3": "seat", "A2": "reserve"}
    assert world.statuses(session, cohort) == {"A1": "admitted", "A2": "reserve", "A3": "admitted"}
    states = {row.selection_id: row.state for row in session.scalars(select(RegisterEntry))}
    assert states == {old.id: "replaced", drawn.id: "standing"}
    answers = sorted((row.selection_id, row.answer or "") for row in session.scalars(select(Offer)))
    assert answers == [(old.id, "canceled"), (old.id, "canceled"), (drawn.id, ""), (drawn.id, "")]
    assert differences(session, old) == [] and differences(session, drawn) == []


def test_a_changed_byte_or_place_is_found(session, people, cohort):
    world.candidates(session, cohort, people[0], {"A1": (90, 90, 90), "A2": (80, 80, 80), "A3": (70, 70, 70)})
    made = world.published(session, cohort, *people)
    session.execute(text("update admission_place set kind = 'seat' where officer_no = 'A3'"))
    assert len(differences(session, made)) == 1
    session.rollback()
    inputs = thawed(made.inputs)
    inputs["people"]["people"][0]["scores"]["general"] = "95"
    made.inputs = canonical_json(inputs)
    assert len(differences(session, made)) >= 3, "the digest, the result computed again, the marks behind it"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.data())
def test_every_applicant_is_in_exactly_one_list_whatever_the_order(data):
    """Seat, reserve, register, not passed, withdrawn, refused: one of them, and the same whatever the order of rows."""
    numbers = [f"A{place}" for place in range(data.draw(some.integers(1, 12)))]
    marks = some.one_of(some.none(), some.integers(50, 100).map(str))
    rows = [
        {
            "officer_no": number, "withdrawn": data.draw(some.booleans()),
            "scores": {code: data.draw(marks) for code in world.COMPONENTS},
        }
        for number in numbers
    ]  # fmt: skip
    others = [
        {"officer_no": f"B{n}", "name_th": "", "name_en": "", "state": "refused", "reason": "x"} for n in range(2)
    ]
    inputs = _inputs(rows, others, data.draw(some.integers(0, 6)), data.draw(some.integers(0, 4)))
    shuffled = {**inputs, "people": {**inputs["people"], "people": data.draw(some.permutations(rows))}}
    result = result_of(inputs)
    assert frozen(result_of(shuffled)) == frozen(result)
    given_ = places_in(result)
    assert sorted(given_) == sorted([*numbers, "B0", "B1"])
    listed = [*(r["officer_no"] for r in result["entries"]), *(r["officer_no"] for r in result["unranked"])]
    assert sorted(listed) == sorted(numbers)


def _inputs(rows, others, seats, reserve):
    from webapp.assessments.plans.rules import PlanContent
    from webapp.demo.admissions import plan

    content: PlanContent = plan()
    return {
        "cohort": {"code": "X"}, "seats": seats, "reserve": reserve, "plan": _plan(content),
        "plan_facts": {"version": 1},
        "people": {"hours_held": "0", "facts": ["withdrawn"], "components": list(world.COMPONENTS), "people": rows},
        "persons": {row["officer_no"]: {"name_th": row["officer_no"], "name_en": ""} for row in rows},
        "marks": {}, "others": others,
    }  # fmt: skip


def _plan(content):
    from webapp.assessments.ranking.plan import document_of, plan_from

    document = json.loads(canonical_json(content.document()))
    document["tie_breakers"] = [row["key"] for row in document["tie_breakers"]]
    document["gates"] = {}
    return document_of(plan_from(document, 1))


def test_a_seat_already_taken_stays_taken(session, people, cohort):
    """A1 and A2 have taken their seats; a correction puts A3 above A2: it takes another seat, or nothing is published."""
    from tests.admissions.hands import correct
    from webapp.admissions import seats

    first, second = people
    made = world.candidates(session, cohort, first, {"A1": (90, 90, 90), "A2": (80, 80, 80), "A3": (70, 70, 70)})
    world.published(session, cohort, first, second)
    for offer in session.scalars(select(Offer)).all():
        seats.answer(session, first, offer, accepted=True)
    correct(session, cohort, first, made["A3"].enrollment_id, "specific", 100)
    drawn = selecting.draw_up(session, actor=first, cohort=cohort)
    selecting.confirm(session, actor=first, selection=drawn)
    points = reads.open_points(session, drawn, selecting.inputs_of(session, cohort))
    assert [(point.code, point.count) for point in points] == [("kept", 1)]
    with pytest.raises(RuleBroken):
        selecting.publish(session, actor=second, selection=drawn, reason="แก้คะแนน")
    cohort.seats = 3
    session.flush()
    selecting.discard(session, actor=first, selection=drawn, reason="เพิ่มที่นั่ง")
    world.published(session, cohort, first, second)
    assert world.statuses(session, cohort) == {"A1": "enrolled", "A2": "enrolled", "A3": "admitted"}
