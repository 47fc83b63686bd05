"""A published test, figure for figure, and second opinions on random data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics import test_theory as theory

# Law School Admission Test, section VI: Bock & Lieberman (1970), Psychometrika 35, table 1: how many of 1,000 people
# gave each pattern of right and wrong answers to five questions.
LSAT6 = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4, "01000": 1,
    "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29, "10010": 14, "10011": 81,
    "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56, "11010": 21, "11011": 173,
    "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip


def lsat() -> np.ndarray:
    rows = [[float(answer) for answer in pattern] for pattern, count in LSAT6.items() for _one in range(count)]
    return np.array(rows)


def test_the_law_school_test_gives_the_printed_digits() -> None:
    """Facilities and alpha (0.295), and correlations with the rest, as printed by Rizopoulos (2006), Journal of
    Statistical Software 17(5), section 3: descriptive statistics of the same data.
    """
    points = lsat()
    assert points.shape == (1000, 5)
    found = theory.questions(points, [1] * 5)
    assert not isinstance(found, Refusal)
    assert [round(one.facility, 3) for one in found] == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert [round(one.rest_correlation or 0, 4) for one in found] == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    whole = theory.whole(points, [1] * 5)
    assert isinstance(whole, theory.Whole)
    assert round(whole.kuder_richardson or 0, 3) == 0.295


def test_kr20_by_kuder_and_richardsons_own_formula() -> None:
    """k/(k-1) (1 - sum pq / variance), with the variance of all people: the same as alpha of right-or-wrong questions."""
    points = lsat()
    p = points.mean(axis=0)
    by_hand = 5 / 4 * (1 - float((p * (1 - p)).sum()) / float(points.sum(axis=1).var(ddof=0)))
    whole = theory.whole(points, [1] * 5)
    assert isinstance(whole, theory.Whole)
    assert whole.kuder_richardson == pytest.approx(by_hand)
    assert whole.error == pytest.approx(whole.deviation * np.sqrt(1 - by_hand))


def test_correlations_agree_with_a_second_opinion_on_random_marks() -> None:
    random = np.random.default_rng(11)
    for _time in range(20):
        people, count = random.integers(5, 60), random.integers(2, 12)
        full = random.integers(1, 11, count).astype(float)
        points = np.floor(random.random((people, count)) * (full + 1))
        found = theory.questions(points, list(full))
        assert not isinstance(found, Refusal)
        totals = points.sum(axis=1)
        for n, one in enumerate(found):
            assert one.facility == pytest.approx(points[:, n].mean() / full[n])
            rest = totals - points[:, n]
            if one.rest_correlation is None:
                assert np.ptp(points[:, n]) == 0 or np.ptp(rest) == 0
            else:
                assert one.rest_correlation == pytest.approx(stats.pearsonr(points[:, n], rest).statistic, abs=1e-9)


def test_discrimination_is_the_upper_less_the_lower_27_per_cent() -> None:
    """Of 100 people without ties at the edges: the 27 best less the 27 worst."""
    random = np.random.default_rng(5)
    own = (random.random(100) < np.linspace(0.1, 0.9, 100)).astype(float)
    totals = np.arange(100, dtype=float)
    found = theory.question(own, 1.0, totals, totals)
    assert found.discrimination == pytest.approx(own[-27:].mean() - own[:27].mean())


@given(st.integers(0, 10**6), st.integers(3, 25), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_the_order_of_people_and_of_questions_does_not_matter(seed: int, people: int, count: int) -> None:
    random = np.random.default_rng(seed)
    points = random.integers(0, 4, (people, count)).astype(float)
    rows, columns = random.permutation(people), random.permutation(count)
    found, again = theory.questions(points, [3] * count), theory.questions(points[rows][:, columns], [3] * count)
    assert not isinstance(found, Refusal)
    assert not isinstance(again, Refusal)
    for place, column in enumerate(columns):
        for name in ("facility", "rest_correlation", "discrimination"):
            one, other = getattr(found[column], name), getattr(again[place], name)
            assert (one is None and other is None) or one == pytest.approx(other, abs=1e-9)
    one, other = theory.whole(points, [3] * count), theory.whole(points[rows][:, columns], [3] * count)
    assert isinstance(one, theory.Whole)
    assert isinstance(other, theory.Whole)
    if not isinstance(one.alpha, Refusal):
        assert one.alpha == pytest.approx(other.alpha)


@pytest.mark.parametrize(("facility", "advice"), [(0.19, ("too-hard",)), (0.20, ()), (0.90, ()), (0.91, ("too-easy",))])
def test_advice_on_facility_below_at_and_above_its_thresholds(facility: float, advice: tuple[str, ...]) -> None:
    assert theory._advice(facility, 0.4, 0.4) == advice


@pytest.mark.parametrize(("figure", "advice"), [(-0.01, ("check-key",)), (0.19, ("weak",)), (0.20, ())])
def test_advice_on_discrimination_below_at_and_above_its_thresholds(figure: float, advice: tuple[str, ...]) -> None:
    assert theory._advice(0.5, figure, 0.5) == advice
    assert theory._advice(0.5, 0.5, figure) == advice
