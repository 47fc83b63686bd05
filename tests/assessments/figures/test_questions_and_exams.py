"""Classical test theory: published figures, laws, and advice at its thresholds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.assessments.statistics import Refusal, standard
from webapp.assessments.statistics import test_theory as theory

ANSWERS = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]], float)


def test_kr20_of_a_perfect_staircase() -> None:
    """Guttman's scale of five people and four questions: p = .8 .6 .4 .2, variance 2, so 4/3 (1 - .8/2) = .80."""
    found = theory.whole(ANSWERS, [1, 1, 1, 1])
    assert isinstance(found, theory.Whole)
    assert found.kuder_richardson == pytest.approx(0.8)
    assert found.error == pytest.approx(np.sqrt(2.5) * np.sqrt(0.2))


def test_alpha_agrees_with_a_second_opinion() -> None:
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin

        table = np.random.default_rng(5).integers(0, 4, (25, 6)).astype(float)
        theirs = pingouin.cronbach_alpha(pd.DataFrame(table))[0]
    found = theory.whole(table, [3] * 6)
    assert isinstance(found, theory.Whole)
    assert found.alpha == pytest.approx(theirs)
    assert found.kuder_richardson is None


def test_advice_names_what_is_wrong() -> None:
    points = np.array([[1, 0, 1, 1], [1, 0, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]], float)
    found = theory.questions(points, [1] * 4)
    assert not isinstance(found, Refusal)
    assert found[0].advice == ("too-easy",)
    assert found[0].rest_correlation is None
    assert "check-key" in found[1].advice


@given(st.lists(st.integers(0, 6), min_size=2, max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_groups_weigh_one_and_do_not_depend_on_the_order(totals: list[int], random) -> None:  # type: ignore[no-untyped-def]
    order = list(range(len(totals)))
    random.shuffle(order)
    values = np.array(totals, float)
    for weights, shuffled in zip(theory.group_weights(values), theory.group_weights(values[order]), strict=True):
        assert weights.sum() == pytest.approx(1)
        assert np.allclose(weights[order], shuffled)


def test_a_distractor_that_draws_the_best_is_named() -> None:
    taken = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]], bool)
    found = theory.choices(taken, [True, False, False], np.array([1, 4, 3, 2], float))
    assert [choice.advice for choice in found] == [(), ("draws-the-best",), ("idle",)]
    assert [choice.taken for choice in found] == [2, 2, 0]


def test_the_histogram_counts_everybody_once() -> None:
    found = theory.histogram(np.array([0, 10, 99.99, 100, 50]), 100)
    assert sum(count for _low, _high, count in found) == 5
    assert found[-1][2] == 2
    assert found[1][2] == 1


def test_nobody_or_one_person_is_refused() -> None:
    assert isinstance(theory.whole(np.zeros((1, 4)), [1] * 4), Refusal)
    alike = theory.whole(np.ones((5, 4)), [1] * 4)
    assert isinstance(alike, theory.Whole)
    assert isinstance(alike.alpha, Refusal)


def test_an_angoff_round_averages_judges_exactly() -> None:
    half, most = Fraction(1, 2), Fraction(9, 10)
    found = standard.round_of([[half, most], [half, half]], [Fraction(1), Fraction(2)])
    assert found.cuts == (Fraction(23, 10), Fraction(3, 2))
    assert found.cut == Fraction(19, 10)
    assert found.percent == Fraction(190, 3)
    assert found.spread == pytest.approx(0.5656854)
    with pytest.raises(ValueError):
        standard.round_of([[half]], [Fraction(1), Fraction(1)])
