"""Two markers, blind; a third or an agreement beyond the threshold; conflicts kept apart; the database's part in it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.assessments.exams.marking.conftest import desk, give
from webapp import clock
from webapp.accounts.queries import actor_for
from webapp.assessments.exams.marking import conflicts, essay_operations, essay_queries
from webapp.assessments.exams.marking.essay_rules import assigned, own_order
from webapp.assessments.exams.models import EssayMark
from webapp.assessments.exams.results import results
from webapp.coaching.models import MentorPairing
from webapp.errors import Conflict, NotFound, RuleBroken
from webapp.officers.models import Officer


def outcome(session, sat, candidate=0):
    return essay_queries.essay_at(session, sat.exam, sat.candidates[candidate].number, sat.versions["E1"].id).outcome


@pytest.mark.parametrize(
    ("first", "second", "why", "share"),
    [("6", "4", "mean", Fraction(9, 10)), ("6", "3.99", "needs-third", None), ("2", "6", "needs-third", None)],
)
def test_the_threshold_decides_at_below_and_above(session, sat, first, second, why, share):
    """Of 10 points: 2 apart is exactly 20 per cent and still the mean."""
    give(session, sat, 0, 0, first)
    assert outcome(session, sat).why == "needs-second"
    give(session, sat, 1, 0, second)
    found = outcome(session, sat)
    assert (found.why, found.share) == (why, share)


def test_a_third_marker_settles_what_two_differ_about_and_nothing_else(session, sat):
    assert desk(session, sat, 2).essays == ()
    give(session, sat, 0, 0, "6")
    give(session, sat, 1, 0, "2")
    (waiting,) = desk(session, sat, 2).essays
    seen = essay_queries.as_marker_sees(waiting, desk(session, sat, 2).marker, released=False)
    assert seen.marks == (), "the third marks blind too"
    give(session, sat, 2, 0, "5")
    found = outcome(session, sat)
    assert (found.why, found.share) == ("third", Fraction(19, 20)), "with the nearer: (9 + 10) / 2 of 10"
    with pytest.raises(RuleBroken):
        give(session, sat, 0, 0, "5", reason="เปลี่ยนใจ")
    totals = {sat_.candidate.number: sat_.paper.total for sat_ in results(session, sat.exam)}
    assert totals[sat.candidates[0].number] == 1 + 0 + 1 + Fraction(19, 2)


def test_two_who_must_agree_settle_it_by_entering_the_same(session, sat):
    essay_operations.set_rule(
        session, sat.staff, sat.exam, markers=2, rule="agree", threshold=Decimal(10), reason="มติคณะกรรมการสอบ",
        seen_version=sat.exam.version,
    )  # fmt: skip
    give(session, sat, 0, 0, "6")
    give(session, sat, 1, 0, "2")
    assert outcome(session, sat).why == "needs-agreement"
    give(session, sat, 0, 0, "4")
    assert outcome(session, sat).why == "needs-agreement"
    give(session, sat, 1, 0, "5")
    assert outcome(session, sat).why == "needs-agreement"
    give(session, sat, 0, 0, "5")
    found = outcome(session, sat)
    assert (found.why, found.share) == ("agreed", Fraction(9, 10))
    standing = session.scalars(select(EssayMark.part).order_by(EssayMark.id)).all()
    assert standing == ["first", "second", "agreed", "agreed", "agreed"], "the marks of before stay"
    with pytest.raises(RuleBroken):
        essay_operations.set_rule(
            session, sat.staff, sat.exam, markers=2, rule="mean", threshold=Decimal(0), reason="สาย",
            seen_version=sat.exam.version,
        )  # fmt: skip


def test_a_double_submit_is_one_mark_and_a_stale_or_unexplained_one_is_refused(session, sat):
    first = give(session, sat, 0, 0, "5", key="k")
    assert give(session, sat, 0, 0, "5", key="k").id == first.id
    with pytest.raises(Conflict):
        give(session, sat, 0, 0, "4", key="k")
    with pytest.raises(Conflict):
        give(session, sat, 0, 0, "4", seen=None, reason="ก")
    with pytest.raises(RuleBroken):
        give(session, sat, 0, 0, "4")
    second = give(session, sat, 0, 0, "4", reason="อ่านซ้ำ")
    assert second.replaces_id == first.id


def test_nobody_marks_before_declaring(session, sat):
    person = sat.markers[0]
    found = essay_queries.own_desk(session, "EX", person.id)
    with pytest.raises(RuleBroken):
        essay_operations.mark_essay(session, actor_for(person), found, found.essays[0], {"think": "1", "write": "1"})


@pytest.mark.parametrize("relation", ["supervisor", "superior", "mentor", "relative", "staff"])
def test_whoever_is_close_to_a_candidate_never_gets_the_essay(session, sat, relation):
    from tests.assessments.conftest import officer

    person, candidate = sat.markers[0], sat.candidates[0]
    register = officer(session, "M1", "ผู้ตรวจ", account_id=person.id)
    own = session.get(Officer, candidate.officer_id)
    if relation == "supervisor":
        own.supervisor_id = register.id
    elif relation == "superior":
        between = officer(session, "B1", "หัวหน้า", supervisor_id=register.id)
        own.supervisor_id = between.id
    elif relation == "mentor":
        session.add(
            MentorPairing(
                enrollment_id=candidate.enrollment_id, mentor_id=register.id, paired_by="ก", paired_at=clock.now()
            )
        )
    elif relation == "staff":
        marker = essay_queries.own_desk(session, "EX", person.id).marker
        conflicts.record_conflict(session, sat.staff, sat.exam, marker.id, candidate.number, "relative", note="พี่สาว")
    session.flush()
    if relation == "relative":
        found = essay_queries.own_desk(session, "EX", person.id)
        conflicts.declare(session, actor_for(person), found.exam, found.marker, f"{own.given_name} {own.family_name}")
    mine = desk(session, sat, 0)
    assert [essay.number for essay in mine.essays] == [sat.candidates[1].number]
    with pytest.raises(NotFound):
        essay_queries.essay_on(mine, candidate.number, sat.versions["E1"].id)
    hand = essay_queries.at_hand(session, sat.exam)
    assert hand.nobody == 1, "one essay lacks a second marker, and staff are told"
    assert {pair.kind for pair in hand.apart} <= {"supervisor", "mentor", "relative"}


def test_a_conflict_recorded_after_the_mark_is_refused(session, sat):
    give(session, sat, 0, 0, "5")
    marker = desk(session, sat, 0).marker
    with pytest.raises(RuleBroken):
        conflicts.record_conflict(session, sat.staff, sat.exam, marker.id, sat.candidates[0].number, "other", note="")


def test_the_database_keeps_marks_as_they_are(session, sat):
    made = give(session, sat, 0, 0, "5")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(EssayMark).where(EssayMark.id == made.id).values(note="อื่น"))
    other = EssayMark(
        question_id=made.question_id, part="first", marks={}, marker="ข", marker_id=sat.markers[1].id, marked_at=clock.now()
    )  # fmt: skip
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(other)


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True), st.integers(2, 5), st.integers(1, 2),
    st.randoms(use_true_random=False),
)  # fmt: skip
@settings(max_examples=60)
def test_everybody_is_marked_by_two_with_loads_that_differ_by_one_in_any_order(numbers, people, each, random):
    essays = [(number, f"seed{number}") for number in numbers]
    shuffled = list(essays)
    random.shuffle(shuffled)
    found = assigned(essays, list(range(people)), {}, each)
    assert found == assigned(shuffled, list(range(people)), {}, each), "the order of rows does not matter"
    assert all(len(set(markers)) == each for markers in found.values())
    loads = [sum(person in markers for markers in found.values()) for person in range(people)]
    assert max(loads) - min(loads) <= 1


def test_the_order_on_a_desk_differs_between_markers_and_does_not_follow_the_numbers():
    texts = [f"seed{n}" for n in range(40)]
    one, other = (sorted(texts, key=lambda text, who=who: own_order(who, text)) for who in (1, 2))
    assert one != other
    assert one != texts
