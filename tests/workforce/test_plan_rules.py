"""What a plan's courses do to the gap: examples, and laws that hold for every plan."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import Conflict, RuleBroken
from webapp.workforce.plans.rules import (
    Base,
    Run,
    check_course,
    check_draft,
    check_second_person,
    frozen,
    project,
    seats_needed,
    thawed,
)


def run(year, places, percent=80, month=6):
    return Run(year, dt.date(year - 543, month, 30), 1, places, Decimal(percent))


def test_passes_are_rounded_down_and_bounded_by_the_pool_and_by_who_passed_before():
    bases = [Base(2570, 8, 2, 4, 10), Base(2571, 12, 2, 3, 12)]
    years, ran = project(bases, [run(2571, 20), run(2570, 9)])
    assert [(one.left, one.seated, one.passed) for one in ran] == [(10, 9, 7), (5, 5, 4)]
    assert [(y.gap_before, y.passed, y.ready_by_plan, y.gap_after) for y in years] == [(6, 7, 7, 0), (11, 11, 11, 0)]


def test_who_passed_and_retired_no_longer_counts():
    years, _ran = project([Base(2570, 5, 0, 0, 10), Base(2571, 9, 0, 0, 3)], [run(2570, 10, 100)])
    assert [(y.ready_by_plan, y.gap_after) for y in years] == [(10, 0), (3, 6)]


def test_figures_kept_with_a_plan_come_back_as_they_were():
    years, _ran = project([Base(2570, 5, 1, 2, 10)], [run(2570, 3)])
    assert thawed(frozen(years)) == years


def test_the_hint_closes_the_gap_as_far_as_there_are_people():
    bases = [Base(2570, 5, 0, 0, 3), Base(2571, 14, 2, 4, 10)]
    assert seats_needed(bases, Decimal(80)) == 13
    assert seats_needed(bases, Decimal(0)) == 0
    assert seats_needed([], Decimal(80)) == 0


def test_courses_end_within_the_plan_and_only_drafts_change():
    first, last = dt.date(2026, 11, 22), dt.date(2028, 9, 30)
    check_course(first, first, last)
    check_course(last, first, last)
    for day in (first - dt.timedelta(1), last + dt.timedelta(1)):
        with pytest.raises(RuleBroken):
            check_course(day, first, last)
    check_draft("draft")
    with pytest.raises(Conflict):
        check_draft("adopted")
    check_second_person([1, 2], 3)
    for adopter in (1, None):
        with pytest.raises(RuleBroken):
            check_second_person([1, 2], adopter)


COUNT = st.integers(0, 60)
BASES = st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=5).map(
    lambda rows: [Base(2570 + place, *row) for place, row in enumerate(rows)]
)
RUNS = st.lists(
    st.builds(run, st.integers(2570, 2574), st.integers(0, 80), st.integers(0, 100), st.sampled_from([3, 6, 9])),
    max_size=6,
)


@given(BASES, RUNS)
def test_nothing_is_negative_and_a_plan_never_widens_a_gap(bases, runs):
    years, ran = project(bases, runs)
    for year, base in zip(years, bases, strict=True):
        assert 0 <= year.gap_after <= year.gap_before
        assert 0 <= year.ready_by_plan <= min(year.pool, year.passed)
        assert year.gap_before == max(0, base.own + base.pulled - base.ready_now)
    for one in ran:
        assert 0 <= one.passed <= one.seated <= min(one.places, one.left)
    assert project(bases, sorted(runs, key=lambda r: r.ends_on, reverse=True))[0][-1].places == years[-1].places


@given(BASES, RUNS.filter(bool), st.integers(0, 5), st.integers(1, 30))
def test_more_seats_never_widen_the_gap_of_any_year(bases, runs, place, more):
    place %= len(runs)
    larger = [replace(one, seats=one.seats + more) if n == place else one for n, one in enumerate(runs)]
    for before, after in zip(project(bases, runs)[0], project(bases, larger)[0], strict=True):
        assert after.gap_after <= before.gap_after
        assert after.passed >= before.passed
