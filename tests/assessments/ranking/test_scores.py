"""Exact points: rubric totals, means, rounding half up, numbers as typed."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.assessments.ranking.scores import (
    Mark,
    as_text,
    component_score,
    exact,
    from_plain,
    half_up,
    plain,
    rubric_total,
)


def test_a_rubric_total_is_the_weighted_share_of_the_maximum():
    marks = [Mark(F(2), F(5), F(4)), Mark(F(1), F(3), F(1))]
    assert rubric_total(100, marks) == 100 * (2 * F(4, 5) + F(1, 3)) / 3 == F(580, 9)
    assert rubric_total("30", [Mark(F(1), F(5), F(5)), Mark(F(0), F(5), F(0))]) == 30


def test_a_rubric_without_any_weight_is_refused():
    with pytest.raises(ValueError, match="weight"):
        rubric_total(100, [Mark(F(0), F(5), F(4))])


def test_a_component_score_is_the_mean_of_its_members():
    assert component_score([F(80), F(81), F("80.5")]) == F(161, 2)
    assert component_score([F(1), F(0), F(0)]) == F(1, 3)
    assert component_score([]) is None


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (F("2.345"), 2, "2.35"), (F("2.3449999"), 2, "2.34"), (F("2.5"), 0, "3"), (F("1.5"), 0, "2"), (F(2, 3), 2, "0.67"),
        (F(0), 2, "0.00"), (F(100), 2, "100.00"), (F("-2.345"), 2, "-2.35"), (F("0.005"), 2, "0.01"), (F(10**30), 1, "1" + "0" * 30 + ".0"),
    ],
)  # fmt: skip
def test_halves_are_rounded_up(number, decimals, text):
    assert as_text(number, decimals) == text


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_a_number_by_at_most_half_a_unit(number, decimals):
    assert abs(F(half_up(number, decimals)) - number) <= F(1, 2 * 10**decimals)


@given(st.fractions())
def test_a_number_written_plainly_reads_back_exactly(number):
    assert from_plain(plain(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (F(25, 2), "12.5"),
        (F(100), "100"),
        (F(1000), "1000"),
        (F(2, 3), "2/3"),
        (F(0), "0"),
        (F(1, 1024), "0.0009765625"),
    ],
)
def test_a_number_is_written_as_a_decimal_where_it_ends(number, text):
    assert plain(number) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (33.3, F(333, 10)),
        ("33.30", F(333, 10)),
        (7, F(7)),
        (Decimal("0.1"), F(1, 10)),
        (F(1, 3), F(1, 3)),
        (1e-7, F(1, 10**7)),
    ],
)
def test_a_number_counts_as_it_was_typed(value, number):
    assert exact(value) == number


@pytest.mark.parametrize(
    "value", [True, None, "", "x", "nan", "inf", float("nan"), float("inf"), Decimal("NaN"), "1e999999999", [1]]
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="not a"):
        exact(value)
