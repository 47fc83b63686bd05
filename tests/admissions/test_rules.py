"""Seats, reserve list and register as they follow from a ranking; windows and turns."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.admissions import rules
from webapp.admissions.rules import Ranked, allocate
from webapp.errors import Conflict, RuleBroken


def ranked(*ranks: int) -> list[Ranked]:
    return [Ranked(f"A{place}", rank) for place, rank in enumerate(ranks, start=1)]


def test_seats_then_reserve_then_register() -> None:
    found = allocate(ranked(1, 2, 3, 4, 5), 2, 2)
    assert found.places == {"A1": "seat", "A2": "seat", "A3": "reserve", "A4": "reserve", "A5": "register"}
    assert not found.ties


def test_a_group_that_just_fits_is_no_tie() -> None:
    assert not allocate(ranked(1, 2, 2, 4), 3, 1).ties
    assert not allocate(ranked(1, 1, 3), 2, 0).ties


def test_a_tie_across_the_last_seat_waits_for_a_decision_and_the_others_of_it_come_first_on_the_reserve() -> None:
    people = ranked(1, 2, 2, 2, 5)
    found = allocate(people, 2, 1)
    assert [(tie.line, tie.group, tie.room) for tie in found.ties] == [("seat", ("A2", "A3", "A4"), 1)]
    assert {found.places[number] for number in ("A2", "A3", "A4")} == {"undecided"}
    decided = allocate(people, 2, 2, {"seat": ["A3"]})
    assert decided.places == {"A1": "seat", "A3": "seat", "A2": "reserve", "A4": "reserve", "A5": "register"}
    again = allocate(people, 2, 1, {"seat": ["A3"]})
    assert [(tie.line, tie.group, tie.room) for tie in again.ties] == [("reserve", ("A2", "A4"), 1)]


def test_a_choice_names_as_many_as_there_is_room_for_and_only_of_the_tied() -> None:
    tie = rules.Tie("seat", ("A2", "A3"), 1)
    assert rules.check_choice(tie, ["A3"]) == ["A3"]
    for wrong in ([], ["A2", "A3"], ["A1"]):
        with pytest.raises(RuleBroken):
            rules.check_choice(tie, wrong)


@given(some.lists(some.integers(1, 12), max_size=25), some.integers(0, 10), some.integers(0, 6), some.randoms())
def test_order_of_rows_does_not_matter_and_everybody_gets_exactly_one_place(ranks, seats, reserve, chance) -> None:
    people = [Ranked(f"A{place:02}", rank) for place, rank in enumerate(ranks)]
    shuffled = chance.sample(people, len(people))
    found = allocate(people, seats, reserve)
    assert allocate(shuffled, seats, reserve) == found
    assert sorted(found.places) == sorted(one.officer_no for one in people)
    choices: dict[str, list[str]] = {}
    while found.ties:
        tie = found.ties[0]
        choices[tie.line] = chance.sample(list(tie.group), tie.room)
        found = allocate(shuffled, seats, reserve, choices)
    counts = [list(found.places.values()).count(kind) for kind in ("seat", "reserve", "register")]
    assert counts[0] == min(seats, len(people))
    assert counts[1] == min(reserve, len(people) - counts[0])
    assert sum(counts) == len(people)
    order = {"seat": 0, "reserve": 1, "register": 2}
    by_rank = sorted(people, key=lambda one: one.rank)
    for before, after in pairwise(by_rank):
        if before.rank < after.rank:
            assert order[found.places[before.officer_no]] <= order[found.places[after.officer_no]]


def test_the_window_takes_both_its_days() -> None:
    first, last = dt.date(2026, 11, 2), dt.date(2026, 12, 18)
    for day in (first, last):
        rules.check_window(day, first, last)
    for day in (first - dt.timedelta(days=1), last + dt.timedelta(days=1)):
        with pytest.raises(RuleBroken):
            rules.check_window(day, first, last)
    with pytest.raises(RuleBroken):
        rules.check_window(first, None, last)


def test_passing_somebody_over_takes_a_reason() -> None:
    waiting = [Ranked("A1", 1), Ranked("A2", 2), Ranked("A3", 2)]
    assert rules.check_turn(waiting, "A1", "") == []
    with pytest.raises(RuleBroken):
        rules.check_turn(waiting, "A2", "  ")
    assert rules.check_turn(waiting, "A2", "A1 ขอเลื่อน") == ["A1", "A3"]
    with pytest.raises(RuleBroken):
        rules.check_turn(waiting, "B1", "เหตุผล")
    assert rules.next_in_order(waiting) == ["A1"]
    assert rules.next_in_order(waiting[1:]) == ["A2", "A3"]


def test_an_offer_is_answered_once_until_its_last_day() -> None:
    last = dt.date(2026, 12, 1)
    rules.check_answer(last, last, None)
    with pytest.raises(RuleBroken):
        rules.check_answer(last + dt.timedelta(days=1), last, None)
    with pytest.raises(Conflict):
        rules.check_answer(last, last, "declined")


def test_the_register_is_valid_to_its_last_day() -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2027, 12, 31)
    assert rules.is_valid("standing", first, last, last)
    assert not rules.is_valid("standing", first, last, last + dt.timedelta(days=1))
    assert not rules.is_valid("left", first, last, first)
    with pytest.raises(RuleBroken):
        rules.check_valid("standing", first, last, last + dt.timedelta(days=1))


def test_the_second_step_is_another_persons() -> None:
    rules.check_second_person(1, 2)
    for first, second in ((1, 1), (1, None)):
        with pytest.raises(RuleBroken):
            rules.check_second_person(first, second)
