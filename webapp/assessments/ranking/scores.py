"""Points in exact fractions: rubric totals, component scores, and rounding half up, once (domain page §5)."""

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

Number = int | Decimal | Fraction | str


class Mark(NamedTuple):
    """Points given on one line of a rubric, with the line's weight and maximum."""

    weight: Fraction
    maximum: Fraction
    points: Fraction


def exact(value: object) -> Fraction:
    """A number as typed, exactly: a float counts as the shortest decimal that names it (33.3 is 333/10).

    Raises ``ValueError`` for what is not a finite number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        raise ValueError(f"not a number: {value!r}")
    if isinstance(value, float):
        value = repr(value)
    if isinstance(value, str):
        value = Decimal(_digits(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return Fraction(value)


def _digits(text: str) -> str:
    """``text`` if it spells a decimal number of sane length; an exponent could ask for gigabytes of digits."""
    text = text.strip()
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {text!r}") from error
    if not number.is_finite() or abs(number.adjusted()) > 40 or len(number.as_tuple().digits) > 60:
        raise ValueError(f"not a usable number: {text!r}")
    return text


def rubric_total(maximum: Number, marks: Iterable[Mark]) -> Fraction:
    """A panel member's total: component maximum × Σ(wᵢ · pᵢ / maxᵢ) / Σwᵢ.

    Raises ``ValueError`` where no line has a weight, ``ZeroDivisionError`` never: a line's maximum is above nought.
    """
    marks = list(marks)
    weights = sum((mark.weight for mark in marks), Fraction())
    if weights <= 0:
        raise ValueError("a rubric needs at least one line with a weight")
    parts = sum((mark.weight * mark.points / mark.maximum for mark in marks), Fraction())
    return exact(maximum) * parts / weights


def component_score(totals: Sequence[Fraction]) -> Fraction | None:
    """The mean of the members' totals; none while there is no total."""
    if not totals:
        return None
    return sum(totals, Fraction()) / len(totals)


def half_up(number: Fraction, decimals: int) -> Decimal:
    """``number`` rounded once, half up (halves away from nought below nought), to so many decimals."""
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return of_scaled(whole if number >= 0 else -whole, decimals)


def of_scaled(whole: int, decimals: int) -> Decimal:
    """The decimal that has ``whole`` as its digits and so many of them behind the point."""
    return Decimal(int(whole)).scaleb(-decimals, _WIDE)


def as_text(number: Fraction, decimals: int) -> str:
    """``number`` rounded half up as it is published: every decimal written, no exponent."""
    return format(half_up(number, decimals), "f")


def plain(number: Fraction) -> str:
    """An exact number as text: a decimal where it ends (``12.5``), else a fraction (``2/3``)."""
    rest, decimals = number.denominator, 0
    while rest % 2 == 0 or rest % 5 == 0:
        rest, decimals = (rest // 10 if rest % 10 == 0 else rest // 2 if rest % 2 == 0 else rest // 5), decimals + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    return format(of_scaled(int(number * 10**decimals), decimals).normalize(_WIDE), "f")


def from_plain(text: str) -> Fraction:
    """The number that :func:`plain` wrote."""
    return Fraction(text)


def lcm(numbers: Iterable[int]) -> int:
    """The least common multiple of Python's own whole numbers (numpy's would overflow)."""
    return math.lcm(*(int(number) for number in numbers))


_WIDE = Context(prec=400, rounding=ROUND_HALF_UP, Emax=999999, Emin=-999999)


SHOWN_DECIMALS = 2


def shown(number: Fraction) -> str:
    """Points as people read them: at most two decimals, rounded half up where there are more."""
    text = plain(number)
    if "/" in text or len(text.partition(".")[2]) > SHOWN_DECIMALS:
        return as_text(number, SHOWN_DECIMALS)
    return text
