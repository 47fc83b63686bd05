"""Rules of assessment centers: the matrix, what may be rated, how ratings become final, who is a star. Pure.

Sources: International Taskforce on Assessment Center Guidelines (2015): several exercises with at least one simulation,
each competency in several exercises, observation before rating, integration of data by a declared method.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

LEAST_EXERCISES_PER_COMPETENCY = 2
"""A competency seen in one exercise only cannot be told from the exercise (Guidelines 2015)."""

SIMULATIONS = frozenset({"in-basket", "group-discussion", "role-play"})
LOWEST, HIGHEST = 1, 5
BANDS = (Fraction(5, 2), Fraction(7, 2))
"""The grid's three bands on the scale 1-5: below 2.5, from 2.5, from 3.5 (ours)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a matrix from being used: a code and the name it is about."""

    code: str
    about: str = ""


def matrix_problems(
    cells: Mapping[str, Sequence[str]], kinds: Mapping[str, str], wanted: Sequence[str] = ()
) -> list[Problem]:
    """Everything wrong with a matrix: ``cells`` holds the competencies of each exercise, ``kinds`` each exercise's kind.

    ``wanted``: competencies that must be measured (those of the profile), if any.
    """
    found: list[Problem] = []
    if not cells:
        return [Problem("no-exercises")]
    if not any(kinds.get(exercise) in SIMULATIONS for exercise in cells):
        found.append(Problem("no-simulation"))
    found += [Problem("exercise-measures-nothing", exercise) for exercise, shown in cells.items() if not shown]
    measured: dict[str, int] = dict.fromkeys(wanted, 0)
    for shown in cells.values():
        for competency in shown:
            measured[competency] = measured.get(competency, 0) + 1
    found += [Problem("not-measured", name) for name, times in measured.items() if times == 0]
    found += [
        Problem("in-too-few-exercises", name)
        for name, times in measured.items()
        if 0 < times < LEAST_EXERCISES_PER_COMPETENCY
    ]
    return found


def weighted_mean(ratings: Sequence[tuple[int, Fraction]]) -> Fraction | None:
    """The mean of ratings by the weight of their exercise; several assessors of one exercise share its weight equally.

    Give each rating with its share of the weight. None without any weight.
    """
    weight = sum((share for _rating, share in ratings), Fraction(0))
    return sum((rating * share for rating, share in ratings), Fraction(0)) / weight if weight else None


def shares(ratings: Sequence[tuple[str, int]], weights: Mapping[str, Fraction]) -> list[tuple[int, Fraction]]:
    """(exercise, rating) pairs as ratings with their share of the exercise's weight."""
    count: dict[str, int] = {}
    for exercise, _rating in ratings:
        count[exercise] = count.get(exercise, 0) + 1
    return [(rating, weights.get(exercise, Fraction(0)) / count[exercise]) for exercise, rating in ratings]


def mechanical(mean: Fraction) -> int:
    """The final rating of the mechanical method: the weighted mean rounded once, half up."""
    return max(LOWEST, min(HIGHEST, floor(mean + Fraction(1, 2))))


def potential(finals: Sequence[int]) -> Fraction:
    """A participant's potential: the plain mean of the final ratings."""
    return Fraction(sum(finals), len(finals))


def spread(ratings: Sequence[int]) -> int:
    """How far the ratings of one competency lie apart."""
    return max(ratings) - min(ratings) if ratings else 0


def band(value: Fraction) -> int:
    """0, 1 or 2: the grid's band."""
    return sum(value >= edge for edge in BANDS)


@dataclass(frozen=True, slots=True)
class Stars:
    """The stated rule for stars (ดาวเด่น): least performance, least potential, and that no final rating lies below a floor."""

    performance: Fraction
    potential: Fraction
    lowest: int = 3


def is_star(rule: Stars, performance: Fraction | None, finals: Sequence[int]) -> bool:
    """Whether somebody is a star: performance and the mean of the final ratings (potential) reach the rule, none below its floor."""
    return not why_no_star(rule, performance, finals)


def why_no_star(rule: Stars, performance: Fraction | None, finals: Sequence[int]) -> list[str]:
    """Which parts of the rule are not reached: ``not-rated``, ``no-performance``, ``performance``, ``potential``, ``lowest``."""
    found = []
    if performance is None:
        found.append("no-performance")
    elif performance < rule.performance:
        found.append("performance")
    if not finals:
        found.append("not-rated")
    else:
        found += ["potential"] if potential(finals) < rule.potential else []
        found += ["lowest"] if min(finals) < rule.lowest else []
    return found
