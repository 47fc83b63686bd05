"""Quantiles of the F distribution, by its relation to the regularized incomplete beta function.

Source: the continued fraction of the incomplete beta function (Abramowitz and Stegun 1964, 26.5.8), evaluated by Lentz's
method. Checked against scipy in the tests.
"""

from math import exp, isinf, lgamma, log, log1p

TINY = 1e-300
PRECISE = 1e-15
STEPS = 10_000


def beta_share(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return value


def _off_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def f_share(value: float, upper: float, lower: float) -> float:
    """The share of an F distribution with ``upper`` and ``lower`` degrees of freedom at or below ``value``."""
    return beta_share(upper / 2, lower / 2, upper * value / (upper * value + lower)) if value > 0 else 0.0


def f_quantile(share: float, upper: float, lower: float) -> float:
    """The value below which ``share`` (between 0 and 1) of that F distribution lies, by bisection to full precision."""
    least, most = 0.0, 1.0
    while f_share(most, upper, lower) < share:
        least, most = most, most * 2
        if isinf(most):
            return most
    for _step in range(200):
        middle = (least + most) / 2
        if middle in (least, most):
            break
        least, most = (middle, most) if f_share(middle, upper, lower) < share else (least, middle)
    return (least + most) / 2
