"""Agreement between assessors: the published example, a second opinion, and what is refused."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from webapp.assessments.statistics import Refusal, agreement
from webapp.assessments.statistics.distributions import f_quantile

# Shrout & Fleiss (1979), table 2: six ratees, four judges; table 4: the six coefficients.
SIX = agreement.table_of([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


def test_the_published_example_gives_the_printed_digits() -> None:
    found = agreement.intraclass(SIX)
    assert not isinstance(found, Refusal)
    assert {one.model: round(one.value, 2) for one in found} == {
        "ICC(1,1)": 0.17, "ICC(2,1)": 0.29, "ICC(3,1)": 0.71, "ICC(1,k)": 0.44, "ICC(2,k)": 0.62, "ICC(3,k)": 0.91,
    }  # fmt: skip


def test_a_second_opinion_agrees_on_random_tables() -> None:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin
    random = np.random.default_rng(7)
    for _time in range(12):
        n, k = random.integers(3, 15), random.integers(2, 6)
        table = random.integers(1, 6, (n, k)) + random.normal(0, 0.1, (n, k)) + random.normal(0, 2, (n, 1))
        long = pd.DataFrame(
            [(i, j, table[i, j]) for i in range(n) for j in range(k)], columns=["ratee", "judge", "mark"]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = pingouin.intraclass_corr(long, targets="ratee", raters="judge", ratings="mark")
        ours = agreement.intraclass(table)
        assert not isinstance(ours, Refusal)
        interval = next(column for column in theirs.columns if column.startswith("CI95"))
        for one, value, (low, high) in zip(ours, theirs["ICC"], theirs[interval], strict=True):
            assert one.value == pytest.approx(value, abs=1e-6)
            # theirs are rounded to two digits
            assert one.low is None or one.low == pytest.approx(low, abs=0.00501)
            assert one.high is None or one.high == pytest.approx(high, abs=0.00501)


@given(st.floats(0.01, 0.99), st.integers(1, 60), st.floats(0.5, 80))
@settings(max_examples=60)
def test_quantiles_agree_with_a_second_opinion(share: float, upper: int, lower: float) -> None:
    assert f_quantile(share, upper, lower) == pytest.approx(stats.f.ppf(share, upper, lower), rel=1e-6)


def test_kendalls_w_with_and_without_ties() -> None:
    same = agreement.table_of([[1, 1, 1], [2, 2, 2], [3, 3, 3]])
    assert agreement.kendalls_w(same) == pytest.approx(1)
    # Siegel & Castellan (1988): three judges, six applicants: W = .16
    judges = agreement.table_of([[1, 1, 6], [6, 5, 3], [3, 6, 2], [2, 4, 5], [5, 2, 4], [4, 3, 1]])
    found = agreement.kendalls_w(judges)
    assert not isinstance(found, Refusal)
    assert round(found, 2) == 0.16
    # With ties: Friedman's statistic divided by m(n - 1).
    random = np.random.default_rng(3)
    table = random.integers(1, 5, (7, 4)).astype(float)
    statistic = stats.friedmanchisquare(*table).statistic
    assert agreement.kendalls_w(table) == pytest.approx(statistic / (4 * 6))


def test_within_one_point_and_severity() -> None:
    table = agreement.table_of([[3, 4, 5], [2, 2, None], [1, 3, 2]])
    assert agreement.within(table) == pytest.approx(5 / 7)
    severe = agreement.severity(agreement.table_of([[3, 5], [2, 4], [None, 1]]))
    assert severe == [agreement.Severity(-2.0, 2), agreement.Severity(2.0, 2)]
    assert agreement.severity(agreement.table_of([[3, None], [None, 4]])) == [None, None]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([[1, 2]], "too-few-ratees"),
        ([[1], [2]], "too-few-assessors"),
        ([[1, None], [2, 3]], "not-everybody-rated"),
        ([[2, 2], [2, 2]], "all-marks-equal"),
        ([[1, 3], [1, 3]], "ratees-do-not-differ"),
        ([], "too-few-ratees"),
    ],
)
def test_what_the_data_do_not_allow_is_refused(rows: list[list[float | None]], code: str) -> None:
    found = agreement.intraclass(agreement.table_of(rows))
    assert isinstance(found, Refusal)
    assert found.code == code


def test_perfect_agreement_has_no_interval() -> None:
    found = agreement.intraclass(agreement.table_of([[1, 1], [2, 2], [5, 5]]))
    assert not isinstance(found, Refusal)
    assert [(one.value, one.low) for one in found] == [(1.0, None)] * 6
