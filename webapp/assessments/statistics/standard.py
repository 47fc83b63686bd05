"""Angoff panels: where a pass mark comes from.

Each judge says for each question which share of borderline candidates would get it right (0 to 1), on their own; the
judges' totals average to the cut. A second round follows a discussion with data, and so on; every round is kept.
Source: Angoff (1971), in Thorndike (ed.), Educational Measurement, 2nd ed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt


@dataclass(frozen=True, slots=True)
class Round:
    """One round: each judge's cut, their mean in points and in per cent, spread and standard error, spread per question.

    ``spread`` (standard deviation between judges) and ``error`` are in points; None with fewer than two judges.
    """

    cuts: tuple[Fraction, ...]
    cut: Fraction
    percent: Fraction
    spread: float | None
    error: float | None
    question_spread: tuple[float | None, ...]


def round_of(estimates: Sequence[Sequence[Fraction]], full: Sequence[Fraction]) -> Round:
    """The round of these judges (a row each) over these questions; every judge must have estimated every question.

    Raises ValueError where a row is short, a share lies outside 0 to 1, or nobody judged.
    """
    if not estimates or not full:
        raise ValueError("no judges or no questions")
    if any(len(row) != len(full) for row in estimates):
        raise ValueError("a judge has not estimated every question")
    if any(not 0 <= share <= 1 for row in estimates for share in row):
        raise ValueError("a share lies outside 0 to 1")
    cuts = tuple(sum((s * p for s, p in zip(row, full, strict=True)), Fraction(0)) for row in estimates)
    cut = sum(cuts, Fraction(0)) / len(cuts)
    spread = _deviation(cuts)
    return Round(
        cuts, cut, 100 * cut / sum(full, Fraction(0)), spread,
        None if spread is None else spread / sqrt(len(cuts)),
        tuple(_deviation([row[n] for row in estimates]) for n in range(len(full))),
    )  # fmt: skip


def _deviation(values: Sequence[Fraction]) -> float | None:
    if len(values) < 2:
        return None
    mean = sum(values, Fraction(0)) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
