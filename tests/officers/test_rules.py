"""Tenure, retirement, service and the check digit, against dateutil and against themselves written the long way."""

import datetime as dt

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.careers.tenure import (
    DAYS_PER_YEAR,
    OPEN,
    add_months,
    as_length,
    days_of_spell,
    tenure,
    tenure_reached,
    tenures,
)
from webapp.officers.rules import (
    Held,
    in_service,
    in_service_many,
    is_national_id,
    level_held,
    level_tenure,
    level_tenures,
    retires_on,
    retires_on_many,
)

D = dt.date.fromisoformat
days = st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31))
month_ends = st.sampled_from([D("2023-12-31"), D("2024-01-30"), D("2024-01-31"), D("2024-02-29"), D("2023-02-28")])


@st.composite
def spells(draw, most=6):
    """Spells that like to touch and overlap: many begin just where the one before ends, some have no end."""
    first = draw(days | month_ends)
    found = []
    for _ in range(draw(st.integers(0, most))):
        length = draw(st.none() | st.integers(0, 800) | st.integers(26, 62))
        last = None if length is None else first + dt.timedelta(days=length)
        found.append((first, last))
        step = draw(st.sampled_from([0, 1, 1, 2]) | st.integers(-300, 300))
        first = (last or first) + dt.timedelta(days=step)
    return found


def by_the_day(found, as_of):
    """Tenure found the slow way: every day held, runs of days, relativedelta."""
    held = set()
    for first, last in found:
        day = first
        while day <= min(last or as_of, as_of):
            held.add(day)
            day += dt.timedelta(days=1)
    total = 0
    for first in sorted(day for day in held if day - dt.timedelta(days=1) not in held):
        end = first
        while end in held:
            end += dt.timedelta(days=1)
        length = relativedelta(end, first)
        total += length.years * 360 + length.months * 30 + length.days
    return total


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        ("2017-10-01", "2019-09-30", (2, 0, 0)),
        ("2017-10-01", "2019-09-29", (1, 11, 29)),
        ("2017-10-01", "2019-10-01", (2, 0, 1)),
        ("2024-02-29", "2025-02-27", (1, 0, 0)),
        ("2024-02-29", "2025-02-28", (1, 0, 1)),
        ("2024-02-29", "2028-02-28", (4, 0, 0)),
        ("2024-01-31", "2024-02-28", (0, 1, 0)),
        ("2023-01-31", "2023-02-27", (0, 1, 0)),
        ("2023-01-31", "2023-02-26", (0, 0, 27)),
        ("2023-01-31", "2023-03-30", (0, 2, 0)),
        ("2023-01-01", "2023-01-01", (0, 0, 1)),
        ("2023-01-01", "2023-01-30", (0, 1, 0)),
        ("2023-01-01", "2023-01-31", (0, 1, 0)),
    ],
)
def test_a_spell_is_whole_months_and_the_days_left_over(first, last, length):
    assert as_length(days_of_spell(D(first), D(last))) == length


def test_both_ends_count_and_the_as_of_day_is_the_last_that_counts():
    spell = [(D("2020-01-01"), None)]
    assert tenure(spell, D("2019-12-31")) == 0
    assert tenure(spell, D("2020-01-01")) == 1
    assert tenure(spell, D("2021-12-31")) == 2 * DAYS_PER_YEAR
    assert tenure(spell, D("2021-12-29")) == 2 * DAYS_PER_YEAR - 1


def test_thirty_days_are_a_month_so_the_thirtieth_day_of_a_long_month_completes_it():
    assert tenure([(D("2020-01-01"), None)], D("2021-12-30")) == 2 * DAYS_PER_YEAR


def test_adjacent_and_overlapping_spells_are_one_and_a_day_between_makes_two():
    whole = tenure([(D("2020-01-15"), D("2021-01-14"))], D("2030-01-01"))
    assert whole == DAYS_PER_YEAR
    assert tenure([(D("2020-01-15"), D("2020-05-31")), (D("2020-06-01"), D("2021-01-14"))], D("2030-01-01")) == whole
    assert tenure([(D("2020-01-15"), D("2020-12-31")), (D("2020-06-01"), D("2021-01-14"))], D("2030-01-01")) == whole
    two = [(D("2020-01-15"), D("2020-05-31")), (D("2020-06-02"), D("2021-01-14"))]
    assert tenure(two, D("2030-01-01")) == sum(days_of_spell(*spell) for spell in two)


@given(days | month_ends, st.integers(-600, 600))
def test_months_are_added_as_dateutil_adds_them(day, months):
    assert add_months(day, months) == day + relativedelta(months=months)


@given(spells(), days)
def test_tenure_is_what_counting_every_day_gives(found, as_of):
    assert tenure(found, as_of) == by_the_day(found, as_of)


def columns(people):
    """Columns (person, first, last) of a list of lists of spells."""
    rows = [(n, a.toordinal(), b.toordinal() if b else OPEN) for n, found in enumerate(people) for a, b in found]
    return (
        tuple(np.array(column, np.int64) for column in zip(*rows, strict=True))
        if rows
        else (np.zeros(0, np.int64),) * 3
    )


@settings(max_examples=300)
@given(st.lists(spells(), max_size=6), days, st.randoms())
def test_many_officers_at_once_get_what_each_gets_alone(people, as_of, random):
    person, first, last = columns(people)
    order = list(range(len(person)))
    random.shuffle(order)
    many = tenures(len(people), person[order], first[order], last[order], as_of.toordinal())
    assert many.tolist() == [tenure(found, as_of) for found in people]
    each = np.full(len(order), as_of.toordinal())
    assert tenures(len(people), person[order], first[order], last[order], each).tolist() == many.tolist()


@given(spells(), days, st.integers(0, 2000))
def test_time_alone_never_loses_tenure(found, as_of, later):
    assert tenure(found, as_of + dt.timedelta(days=later)) >= tenure(found, as_of)


def test_in_a_short_month_the_days_left_over_run_out_before_they_are_counted():
    january = columns([[(D("2023-01-01"), None)]])
    wanted = [(59, "2023-02-28"), (60, "2023-02-28"), (61, "2023-03-01"), (30, "2023-01-30"), (31, "2023-02-01")]
    assert [(n, dt.date.fromordinal(int(tenure_reached(1, *january, n)[0])).isoformat()) for n, _ in wanted] == wanted


@settings(max_examples=300)
@given(spells(), st.integers(0, 1500))
def test_tenure_is_reached_on_the_first_day_that_has_it(found, wanted):
    day = tenure_reached(1, *columns([found]), wanted).tolist()[0]
    if day > OPEN:
        assert not found or tenure(found, D("2100-01-01")) < wanted
        return
    reached = dt.date.fromordinal(day)
    assert tenure(found, reached) >= max(wanted, 1)
    assert tenure(found, reached - dt.timedelta(days=1)) < max(wanted, 1)


# Level tenure

NAMES = st.sampled_from(["a", "b", "c"])


@st.composite
def careers(draw):
    start = draw(days)
    begins = st.sampled_from([start, start + dt.timedelta(days=30)]) | days
    found = {}
    for _ in range(draw(st.integers(0, 6))):
        first, length = draw(begins), draw(st.none() | st.integers(0, 800))
        last = None if length is None else first + dt.timedelta(days=length)
        held = Held(
            draw(NAMES),
            draw(st.sampled_from("mk")),
            draw(st.sampled_from("12")),
            draw(NAMES),
            first,
            last,
            draw(st.booleans()),
        )
        found[held.post_code, held.unit_code, first] = held  # one posting of a post, a unit and a start can be, no more
    return list(found.values())


def test_the_latest_begun_substantive_posting_names_the_level():
    career = [
        Held("head", "knowledge", "senior-professional", "D1", D("2010-01-01"), D("2015-12-31")),
        Held("head", "knowledge", "senior-professional", "D2", D("2014-01-01")),
        Held("assistant", "managerial", "primary", "D2", D("2020-01-01"), D("2021-12-31")),
        Held("director", "managerial", "high", "D2", D("2021-06-01"), acting=True),
    ]
    assert level_held(career, D("2021-12-31")) == ("managerial", "primary")
    assert level_tenure(career, D("2021-12-31")) == 2 * DAYS_PER_YEAR
    assert level_held(career, D("2022-01-01")) == ("knowledge", "senior-professional")
    assert level_tenure(career, D("2022-12-31")) == 13 * DAYS_PER_YEAR
    assert level_tenure(career, D("2009-12-31")) == 0


def test_begun_on_the_same_day_the_lower_post_code_then_unit_code_decides():
    day = D("2020-01-01")
    one, two = Held("b", "m", "1", "u1", day), Held("a", "k", "2", "u2", day)
    assert level_held([one, two], day) == level_held([two, one], day) == ("k", "2")
    three = Held("a", "m", "1", "u1", day)
    assert level_held([two, three], day) == level_held([three, two], day) == ("m", "1")


@settings(max_examples=300)
@given(st.lists(careers(), max_size=5), days)
def test_level_tenure_of_many_is_that_of_each(people, day):
    rows = [(n, p) for n, career in enumerate(people) for p in career]
    grades = sorted({(p.position_type, p.level) for _, p in rows})
    numbers = [
        (n, p.started_on.toordinal(), p.ended_on.toordinal() if p.ended_on else OPEN, p.acting,
         grades.index((p.position_type, p.level)), ord(p.post_code), ord(p.unit_code))
        for n, p in rows
    ]  # fmt: skip
    made = [np.array(column, np.int64) for column in zip(*numbers, strict=True)] or [np.zeros(0, np.int64)] * 7
    many = level_tenures(len(people), *made, day.toordinal())
    assert many.tolist() == [level_tenure(career, day) for career in people]


# Retirement and service


@pytest.mark.parametrize(
    ("born", "retires"),
    [
        ("1962-10-02", "2023-09-30"),
        ("1963-10-01", "2023-09-30"),
        ("1963-10-02", "2024-09-30"),
        ("1963-09-30", "2023-09-30"),
        ("1963-12-31", "2024-09-30"),
        ("1964-01-01", "2024-09-30"),
        ("1964-02-29", "2024-09-30"),
    ],
)
def test_an_officer_retires_at_the_end_of_the_fiscal_year_of_the_sixtieth_birthday(born, retires):
    assert retires_on(D(born)) == D(retires)


@given(st.lists(st.dates(dt.date(1930, 1, 1), dt.date(2010, 12, 31)), max_size=20))
def test_retirement_of_many_is_that_of_each(births):
    many = retires_on_many(np.array([b.toordinal() for b in births], np.int64))
    assert [dt.date.fromordinal(int(day)) for day in many] == [retires_on(b) for b in births]


@pytest.mark.parametrize(
    ("day", "left_on", "serving"),
    [
        ("1985-05-31", None, False),
        ("1985-06-01", None, True),
        ("2023-09-30", None, True),
        ("2023-10-01", None, False),
        ("2020-01-01", "2020-01-01", True),
        ("2020-01-02", "2020-01-01", False),
    ],
)
def test_in_service_from_entry_to_the_retirement_day_unless_left_before(day, left_on, serving):
    entry, birth, left = D("1985-06-01"), D("1963-10-01"), D(left_on) if left_on else None
    assert in_service(entry, birth, left, D(day)) is serving
    many = in_service_many(
        np.array([entry.toordinal()]),
        retires_on_many(np.array([birth.toordinal()])),
        np.array([left.toordinal() if left else OPEN]),
        D(day).toordinal(),
    )
    assert many.tolist() == [serving]


# National id


@pytest.mark.parametrize("text", ["1101700230708", "1234567890121"])
def test_a_national_id_ends_with_its_check_digit(text):
    assert is_national_id(text)
    wrong = text[:12] + str((int(text[12]) + 1) % 10)
    assert not is_national_id(wrong)


@pytest.mark.parametrize(
    "text", ["", "110170023070", "11017002307081", "110170023070x", "๑๑๐๑๗๐๐๒๓๐๗๐๘", "1 10170023070"]
)
def test_anything_but_thirteen_plain_digits_is_no_national_id(text):
    assert not is_national_id(text)
