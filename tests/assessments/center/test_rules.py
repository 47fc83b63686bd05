"""Rules of assessment centers at their thresholds."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from webapp.assessments.center import rules


def test_a_matrix_needs_a_simulation_and_every_competency_twice() -> None:
    kinds = {"a": "in-basket", "b": "presentation"}
    assert rules.matrix_problems({"a": ["x", "y"], "b": ["x", "y"]}, kinds) == []
    found = rules.matrix_problems({"a": ["x"], "b": ["x", "y"]}, kinds, ["x", "y", "z"])
    assert {(one.code, one.about) for one in found} == {("not-measured", "z"), ("in-too-few-exercises", "y")}
    assert (
        rules.matrix_problems({"b": ["x"], "c": ["x"]}, {"b": "presentation", "c": "case-analysis"})[0].code
        == "no-simulation"
    )
    assert rules.matrix_problems({}, {})[0].code == "no-exercises"
    assert rules.Problem("exercise-measures-nothing", "b") in rules.matrix_problems({"a": ["x"], "b": []}, kinds)


def test_assessors_of_one_exercise_share_its_weight() -> None:
    given = rules.shares([("a", 5), ("a", 3), ("b", 2)], {"a": Fraction(1), "b": Fraction(2)})
    assert rules.weighted_mean(given) == Fraction(8, 3)
    assert rules.weighted_mean([]) is None
    assert [rules.mechanical(Fraction(n, 2)) for n in (2, 5, 7, 10)] == [1, 3, 4, 5]


def test_a_star_reaches_every_part_of_the_rule() -> None:
    rule = rules.Stars(Fraction(4), Fraction(4))
    assert rules.is_star(rule, Fraction(4), [5, 4, 3])
    assert not rules.is_star(rule, Fraction(39, 10), [5, 4, 3])
    assert not rules.is_star(rule, Fraction(4), [4, 4, 3])
    assert not rules.is_star(rule, Fraction(5), [5, 5, 5, 2])
    assert not rules.is_star(rule, None, [5])
    assert [rules.band(Fraction(n, 10)) for n in (24, 25, 34, 35)] == [0, 1, 1, 2]


GIVEN = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), min_size=1, max_size=12)
WEIGHTS = st.fixed_dictionaries({name: st.fractions(Fraction(1, 10), Fraction(5)) for name in "abc"})


@given(GIVEN, WEIGHTS, st.randoms())
def test_the_mean_lies_between_the_ratings_whatever_their_order(given_, weights, chance) -> None:  # type: ignore[no-untyped-def]
    mean = rules.weighted_mean(rules.shares(given_, weights))
    ratings = [rating for _exercise, rating in given_]
    assert mean is not None
    assert min(ratings) <= mean <= max(ratings)
    assert min(ratings) <= rules.mechanical(mean) <= max(ratings)
    mixed = list(given_)
    chance.shuffle(mixed)
    assert rules.weighted_mean(rules.shares(mixed, weights)) == mean


@given(GIVEN, WEIGHTS, st.fractions(Fraction(1, 10), Fraction(10)))
def test_only_how_weights_stand_to_each_other_matters(given_, weights, factor) -> None:  # type: ignore[no-untyped-def]
    larger = {name: weight * factor for name, weight in weights.items()}
    assert rules.weighted_mean(rules.shares(given_, larger)) == rules.weighted_mean(rules.shares(given_, weights))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.fractions(1, 5), st.fractions(1, 5), st.fractions(1, 5))
def test_nobody_loses_a_star_by_doing_better(finals, performance, least, potential) -> None:  # type: ignore[no-untyped-def]
    rule = rules.Stars(least, potential)
    if rules.is_star(rule, performance, finals):
        better = [min(5, one + 1) for one in finals]
        assert rules.is_star(rule, min(Fraction(5), performance + 1), better)
    assert rules.is_star(rule, performance, finals) == (rules.why_no_star(rule, performance, finals) == [])
