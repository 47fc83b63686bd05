"""How far assessors agree, and who is severe.

Ratings are a table: a row per person rated (ratee), a column per assessor; ``nan`` where an assessor did not rate.
Sources: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological Methods 1, 30-46
(intervals of the two-way models); Kendall & Babington Smith (1939).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.assessments.statistics import Refusal
from webapp.assessments.statistics.distributions import f_quantile

Ratings = NDArray[np.float64]

CONFIDENCE = 0.95
"""The usual width of an interval; shown beside it."""

FEWEST = 2
"""Fewer persons or assessors than this have nothing to agree about."""

FEW_RATEES = 10
"""Below this many persons an interval is so wide that the page says so (ours)."""

MODELS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
"""One-way random; two-way random, absolute agreement; two-way mixed, consistency. Then the mean of the k assessors."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """An intraclass correlation with its 95 % interval (none where every assessor agrees to the point)."""

    model: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Squares:
    """Mean squares of a complete table: between ratees, within ratees, between assessors, and what is left."""

    ratees: int
    assessors: int
    between: float
    within: float
    judges: float
    error: float


@dataclass(frozen=True, slots=True)
class Severity:
    """How far an assessor marks above (+) or below (-) the others, on average over the people they share, in points."""

    difference: float
    people: int


def table_of(rows: Sequence[Sequence[Any]]) -> Ratings:
    """Rows of numbers, None where nothing was given, as the table that the functions here read."""
    return np.array([[np.nan if value is None else float(value) for value in row] for row in rows], np.float64, ndmin=2)


def refusal(ratings: Ratings) -> Refusal | None:
    """Why agreement cannot be computed for this table, if it cannot."""
    if ratings.size == 0 or ratings.shape[0] < FEWEST:
        return Refusal("too-few-ratees", {"found": 0 if ratings.size == 0 else ratings.shape[0], "least": FEWEST})
    if ratings.shape[1] < FEWEST:
        return Refusal("too-few-assessors", {"found": ratings.shape[1], "least": FEWEST})
    if np.isnan(ratings).any():
        return Refusal("not-everybody-rated", {"missing": int(np.isnan(ratings).sum())})
    if np.ptp(ratings) == 0:
        return Refusal("all-marks-equal")
    return None


def squares(ratings: Ratings) -> Squares:
    """The analysis of variance of a complete table (Shrout & Fleiss 1979, table 1)."""
    n, k = ratings.shape
    mean, of_ratees, of_judges = ratings.mean(), ratings.mean(axis=1), ratings.mean(axis=0)
    total = float(((ratings - mean) ** 2).sum())
    between = float(k * ((of_ratees - mean) ** 2).sum())
    judges = float(n * ((of_judges - mean) ** 2).sum())
    error = _settled(total - between - judges, total)
    return Squares(
        n, k, between / (n - 1), (error + judges) / (n * (k - 1)), judges / (k - 1), error / ((n - 1) * (k - 1))
    )


def _settled(value: float, scale: float) -> float:
    """Nothing, where what is left is only the noise of subtraction."""
    return 0.0 if abs(value) < 1e-12 * max(scale, 1) else value


def intraclass(ratings: Ratings) -> tuple[Correlation, ...] | Refusal:
    """The six intraclass correlations of :data:`MODELS` with 95 % intervals, or why there are none."""
    refused = refusal(ratings)
    if refused is not None:
        return refused
    s = squares(ratings)
    n, k = s.ratees, s.assessors
    if s.between == 0 and (s.error == 0 or s.within == 0):
        return Refusal("ratees-do-not-differ")
    single = (
        (s.between - s.within) / (s.between + (k - 1) * s.within),
        (s.between - s.error) / (s.between + (k - 1) * s.error + k * (s.judges - s.error) / n),
        (s.between - s.error) / (s.between + (k - 1) * s.error),
    )
    average = (
        _ratio(s.between - s.within, s.between),
        _ratio(s.between - s.error, s.between + (s.judges - s.error) / n),
        _ratio(s.between - s.error, s.between),
    )
    low_high = (_one_way(s), _two_way_random(s, single[1]), _two_way_mixed(s))
    return (
        *(Correlation(MODELS[m], single[m], *low_high[m]) for m in range(3)),
        *(Correlation(MODELS[m + 3], average[m], *_of_the_mean(low_high[m], k)) for m in range(3)),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("-inf")


Interval = tuple[float | None, float | None]
TAIL = 1 - (1 - CONFIDENCE) / 2


def _one_way(s: Squares) -> Interval:
    return _interval(s.between, s.within, s.ratees - 1, s.ratees * (s.assessors - 1), s.assessors)


def _two_way_mixed(s: Squares) -> Interval:
    return _interval(s.between, s.error, s.ratees - 1, (s.ratees - 1) * (s.assessors - 1), s.assessors)


def _interval(between: float, rest: float, upper: int, lower: int, k: int) -> Interval:
    if rest == 0:
        return None, None
    found = between / rest
    low, high = found / f_quantile(TAIL, upper, lower), found * f_quantile(TAIL, lower, upper)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _two_way_random(s: Squares, icc: float) -> Interval:
    """Satterthwaite's approximation (Shrout & Fleiss 1979, p. 424)."""
    if s.error == 0:
        return None, None
    n, k = s.ratees, s.assessors
    judges = s.judges / s.error
    inner = n * (1 + (k - 1) * icc) - k * icc
    freedom = ((k - 1) * (n - 1) * (k * icc * judges + inner) ** 2) / ((n - 1) * (k * icc * judges) ** 2 + inner**2)
    if not (isfinite(freedom) and freedom > 0):
        return None, None
    upper, lower = f_quantile(TAIL, n - 1, freedom), f_quantile(TAIL, freedom, n - 1)
    rest = k * s.judges + (k * n - k - n) * s.error
    low = n * (s.between - upper * s.error) / (upper * rest + n * s.between)
    high = n * (lower * s.between - s.error) / (rest + n * lower * s.between)
    return low, high


def _of_the_mean(interval: Interval, k: int) -> Interval:
    """The interval of the mean of k assessors, by the Spearman-Brown formula; none where it leaves the formula's range."""
    low, high = (None if x is None or 1 + x * (k - 1) <= 0 else x * k / (1 + x * (k - 1)) for x in interval)
    return low, high


def kendalls_w(ratings: Ratings) -> float | Refusal:
    """Kendall's coefficient of concordance, corrected for ties: 0 no agreement on the order, 1 the same order."""
    refused = refusal(ratings)
    if refused is not None:
        return refused
    n, m = ratings.shape
    ranks = np.column_stack([_ranks(column) for column in ratings.T])
    spread = float(((ranks.sum(axis=1) - m * (n + 1) / 2) ** 2).sum())
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(c, return_counts=True)[1] for c in ratings.T))
    most = m * m * (n**3 - n) - m * ties
    return 12 * spread / most if most else Refusal("ratees-do-not-differ")


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, tied values sharing the mean of theirs."""
    _values, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: NDArray[np.float64] = ((last - counts + 1 + last) / 2)[place]
    return shared


def within(ratings: Ratings, points: float = 1) -> float | Refusal:
    """The share of all pairs of assessors of the same person whose marks lie at most ``points`` apart (0 to 1)."""
    pairs = close = 0
    for row in ratings:
        given = row[~np.isnan(row)]
        apart = np.abs(given[:, None] - given[None, :])[np.triu_indices(len(given), 1)]
        pairs += apart.size
        close += int(np.count_nonzero(apart <= points + 1e-9))
    return close / pairs if pairs else Refusal("nobody-rated-twice")


def severity(ratings: Ratings) -> list[Severity | None]:
    """For each assessor: own mark less the mean of the others' marks, averaged over the people both rated.

    None for an assessor who shares nobody with another. Each person counts once, however many others rated them.
    """
    given = ~np.isnan(ratings)
    marks = np.where(given, ratings, 0.0)
    found: list[Severity | None] = []
    for judge in range(ratings.shape[1]):
        others = given.sum(axis=1) - given[:, judge]
        shared = given[:, judge] & (others > 0)
        if not shared.any():
            found.append(None)
            continue
        rest = (marks.sum(axis=1) - marks[:, judge])[shared] / others[shared]
        found.append(Severity(float((marks[shared, judge] - rest).mean()), int(shared.sum())))
    return found
