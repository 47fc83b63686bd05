"""Whether a post's criteria leave enough people, and which number costs most. Pure; one evaluation, many numbers.

*Funnel*: the criteria of the top level in their order, and how many still meet all of them so far. *Curve*: how many would
pass for each value of one number; *grid*: of two numbers together. *Four-fifths*: a group whose share passing is below 0.8
of the highest group's share may be disadvantaged (Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D).
Groups of fewer than :data:`FEWEST` are not shown, nor is any group that would give them away by subtraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.facts import Column
from webapp.careers.criteria.judge import judge, top_level
from webapp.careers.criteria.tree import MOST_COUNT, MOST_YEARS, Node, with_parameter, written

FEWEST = 5
"""People in the smallest group that is shown (access table: results by group, n at least 5)."""

FOUR_FIFTHS = Fraction(4, 5)
MOST_VALUES = 13
"""Values along one curve: as many as a reader tells apart on a page."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A criterion of the top level: met by how many, how many left after it, and for how many it alone is in the way."""

    node: Node
    met: int
    left: int
    sole_blocker: int


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a number, as text, and how many would pass."""

    value: str
    pool: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How many would pass for each value of a criterion's number."""

    node: Node
    now: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """How many would pass for each pair of values of two numbers: a row per value of the first."""

    first: Node
    second: Node
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    pools: tuple[tuple[int, ...], ...]


def funnel(found: Evaluation) -> tuple[Stage, ...]:
    """The criteria in their order, those left after each, and what each alone costs."""
    left, stages = found.whom.copy(), []
    for node in top_level(found.rule.tree):
        left &= found.verdicts[node.id].met
        tally = found.summary.per_criterion[node.id]
        stages.append(Stage(node, tally.met, int(np.count_nonzero(left)), tally.sole_blocker))
    return tuple(stages)


def pool_with(found: Evaluation, changes: Sequence[tuple[Node, str]]) -> int:
    """How many pass with other numbers: only the verdicts are made anew."""
    tree = found.rule.tree
    for node, value in changes:
        tree = with_parameter(tree, node.id, str(node.parameter), value)
    return int(np.count_nonzero(judge(tree, found.measures)[tree.id].met & found.whom))


def values_for(node: Node, found: Evaluation) -> tuple[str, ...]:
    """Values of a criterion's number worth looking at: whole ones from nought, and the one it has."""
    own = Fraction(node.k) if node.kind == "at_least" else node.amount
    if node.kind == "at_least":
        values = {Fraction(n) for n in range(1, len(node.of) + 1)}
    else:
        most = {"sections": len(found.facts.words.sections)}.get(node.kind, max(5, int(own) * 2, int(own) + 2))
        most = min(most, int(own) + MOST_VALUES - 1, MOST_YEARS if node.kind == "tenure" else MOST_COUNT)
        values = {Fraction(n) for n in range(max(0, int(own) - MOST_VALUES), most + 1)}
        values = set(sorted(values, key=lambda value: abs(value - own))[: MOST_VALUES - 1])
    return tuple(str(written(value)) for value in sorted(values | {own}))


def curve(found: Evaluation, node: Node) -> Curve:
    """How many would pass for each value of one number, all else as it is."""
    points = tuple(Point(value, pool_with(found, [(node, value)])) for value in values_for(node, found))
    return Curve(node, own_value(node), points)


def curves(found: Evaluation) -> tuple[Curve, ...]:
    """A curve for every number of the rule, in the profile's order."""
    return tuple(curve(found, node) for node in found.rule.tree.walk() if node.parameter)


def own_value(node: Node) -> str:
    """A criterion's number as text."""
    return str(node.k if node.kind == "at_least" else written(node.amount))


def grid(found: Evaluation, first: Node, second: Node) -> Grid:
    """How many would pass for each pair of values of two numbers."""
    rows, columns = values_for(first, found), values_for(second, found)
    pools = tuple(tuple(pool_with(found, [(first, a), (second, b)]) for b in columns) for a in rows)
    return Grid(first, second, rows, columns, pools)


# Groups ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A group of those evaluated. The figures are None where it is not shown."""

    key: str
    evaluated: int | None
    passing: int | None
    ratio: Fraction | None = None

    @property
    def is_shown(self) -> bool:
        return self.evaluated is not None

    @property
    def share(self) -> Fraction | None:
        """The share of the group that passes."""
        return None if not self.evaluated or self.passing is None else Fraction(self.passing, self.evaluated)

    @property
    def is_low(self) -> bool:
        """Whether the share is below four fifths of the highest group's."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS


def grouped(found: Evaluation, keys: Sequence[str], of: Column) -> tuple[Group, ...]:
    """Those evaluated by group: ``of`` says which of ``keys`` each person belongs to. Empty groups are left out."""
    whom = found.whom
    passing = found.verdicts[found.rule.tree.id].met & whom
    sizes = np.bincount(of[whom], minlength=len(keys)).tolist()
    passes = np.bincount(of[passing], minlength=len(keys)).tolist()
    counts = {key: (sizes[n], passes[n]) for n, key in enumerate(keys) if sizes[n]}
    hidden = suppressed({key: size for key, (size, _passes) in counts.items()})
    shown = {key: Fraction(passes, size) for key, (size, passes) in counts.items() if key not in hidden}
    best = max(shown.values(), default=Fraction(0))
    return tuple(
        Group(key, None, None) if key in hidden else Group(key, size, passes, shown[key] / best if best else None)
        for key, (size, passes) in counts.items()
    )


def suppressed(sizes: Mapping[str, int]) -> frozenset[str]:
    """The groups not shown: those of fewer than five, and, because the total is known, as many of the next smallest as it
    takes until at least two are hidden that together have at least five people."""
    hidden = {key for key, size in sizes.items() if 0 < size < FEWEST}
    if not hidden:
        return frozenset()
    rest = sorted((size, key) for key, size in sizes.items() if key not in hidden and size)
    for _size, key in rest:
        if len(hidden) >= 2 and sum(sizes[one] for one in hidden) >= FEWEST:
            break
        hidden.add(key)
    return frozenset(hidden)


AGES = (("under-40", 0), ("40-44", 40), ("45-49", 45), ("50-54", 50), ("55-60", 55))
"""Age groups on the as-of date, each from so many completed years (ours)."""


def age_groups(births: Column, as_of: int) -> Column:
    """Each person's place among :data:`AGES`, by completed years on a day."""
    years = completed_years(births, as_of)
    return np.searchsorted(np.array([least for _key, least in AGES]), years, side="right") - 1


def completed_years(births: Column, as_of: int) -> Column:
    """Completed years of age on a day; whoever was born on 29 February has a birthday on 1 March of other years."""

    def parts(days: Column) -> tuple[Column, Column, Column]:
        dates = (days - UNIX).astype("datetime64[D]")
        months = dates.astype("datetime64[M]")
        years = dates.astype("datetime64[Y]").astype(np.int64)
        return years, months.astype(np.int64) % 12, (dates - months.astype("datetime64[D]")).astype(np.int64)

    year, month, day = parts(np.array([as_of]))
    born_year, born_month, born_day = parts(births)
    before = (month < born_month) | ((month == born_month) & (day < born_day))
    return np.maximum(0, year - born_year - before)


UNIX = 719_163
"""The ordinal of 1 January 1970, from which numpy counts days."""
