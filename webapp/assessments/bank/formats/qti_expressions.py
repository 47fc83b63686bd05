"""QTI's expressions, each as its value for the responses at hand. What is not here is refused by name, never guessed.

Source: IMS QTI 2.1, 2.2 and 3.0 information models, expressions.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.formats.qti_values import Unsupported, Value, as_null, number, same, typed, whole

MOST_FACTORS = 50
Run = Any
"""The :class:`qti_processing.Processor` that asks."""


def only(element: Element) -> Element:
    """The one child of an expression."""
    children = list(element)
    if len(children) != 1:
        raise Unsupported(element.tag)
    return children[0]


def _two(run: Run, element: Element) -> list[Value]:
    values: list[Value] = run.of(element)
    if len(values) != 2:
        raise Unsupported(element.tag)
    return values


def _numbers(values: Sequence[Value]) -> bool:
    return all(isinstance(value, Fraction) for value in values)


def _match(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    names = [child.get("identifier", "") for child in element if child.tag in ("variable", "correct")]
    declared = [run.declarations[name] for name in names if name in run.declarations]
    ordered = any(one.cardinality == "ordered" for one in declared) or any(child.tag == "ordered" for child in element)
    base = "pair" if any(one.base == "pair" for one in declared) else ""
    return same(one, other, "ordered" if ordered else "", base)


def _logic(every: bool) -> Callable[[Run, Element], Value]:
    def run(self: Run, element: Element) -> Value:
        values = self.of(element)
        if (not every) in values:
            return not every
        return None if None in values else every

    return run


def _fold(join: Callable[[Sequence[Fraction]], Fraction | None], count: int = 0) -> Callable[[Run, Element], Value]:
    """A numeric expression of its parts, containers opened; null where one of them is."""

    def run(self: Run, element: Element) -> Value:
        values: list[Value] = []
        for value in self.of(element):
            values += value if isinstance(value, list) else [value]
        if not values or not _numbers(values):
            return None
        if count and len(values) != count:
            raise Unsupported(element.tag)
        return join(values)

    return run


def _product(values: Sequence[Fraction]) -> Fraction:
    total = Fraction(1)
    for value in values[:MOST_FACTORS]:
        total *= value
    if len(values) > MOST_FACTORS:
        raise Unsupported("product")
    return total


def _power(values: Sequence[Fraction]) -> Fraction | None:
    base, exponent = values
    if exponent.denominator != 1 or abs(exponent) > MOST_FACTORS:
        raise Unsupported("power")
    return None if base == 0 and exponent < 0 else base ** int(exponent)


def _compare(test: Callable[[Fraction, Fraction], bool]) -> Callable[[Run, Element], Value]:
    def run(self: Run, element: Element) -> Value:
        one, other = _two(self, element)
        return test(one, other) if _numbers((one, other)) else None

    return run


def _equal(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if not _numbers((one, other)):
        return None
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return one == other
    spans = [number(text) for text in element.get("tolerance", "0").split()] or [Fraction(0)]
    below, above = spans[0], spans[-1]
    if mode == "relative":
        below, above = abs(one) * below / 100, abs(one) * above / 100
    low = other >= one - below if element.get("includeLowerBound", "true") != "false" else other > one - below
    high = other <= one + above if element.get("includeUpperBound", "true") != "false" else other < one + above
    return low and high


def _rounded(value: Fraction, mode: str, figures: int) -> Fraction:
    """The value rounded half up to decimal places or significant figures."""
    places = figures
    if mode == "significantFigures":
        if value == 0:
            return value
        places = figures - 1 - math.floor(math.log10(abs(value)))
    scale = Fraction(10) ** places
    return Fraction(math.floor(value * scale + Fraction(1, 2))) / scale


def _equal_rounded(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if not _numbers((one, other)):
        return None
    mode, figures = element.get("roundingMode", "significantFigures"), whole(element.get("figures"), 3)
    return _rounded(one, mode, figures) == _rounded(other, mode, figures)


def _string_match(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    if element.get("caseSensitive", "true") == "false":
        one, other = str(one).casefold(), str(other).casefold()
    return one in other if element.get("substring", "false") == "true" else one == other


def _substring(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    if element.get("caseSensitive", "true") == "false":
        one, other = str(one).casefold(), str(other).casefold()
    return str(one) in str(other)


def _container(run: Run, element: Element) -> Value:
    found: list[Value] = []
    for value in run.of(element):
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found or None


def _member(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    return one in (other if isinstance(other, list) else [other])


def _contains(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    one, other = (x if isinstance(x, list) else [x] for x in (one, other))
    return all(one.count(value) >= other.count(value) for value in other)


def _delete(run: Run, element: Element) -> Value:
    one, other = _two(run, element)
    if one is None or other is None:
        return None
    return as_null([value for value in other if value != one])


def _index(run: Run, element: Element) -> Value:
    values, place = run.value(only(element)), whole(element.get("n"), 1)
    return values[place - 1] if isinstance(values, list) and 0 < place <= len(values) else None


def _not(run: Run, element: Element) -> Value:
    value = run.value(only(element))
    return None if value is None else not value


def _any_n(run: Run, element: Element) -> Value:
    true = sum(value is True for value in run.of(element))
    return whole(element.get("min"), 0) <= true <= whole(element.get("max"), 0)


def _size(run: Run, element: Element) -> Value:
    value = run.value(only(element))
    return Fraction(0 if value is None else len(value) if isinstance(value, list) else 1)


def _round_to(run: Run, element: Element) -> Value:
    value = run.value(only(element))
    if not isinstance(value, Fraction):
        return None
    return _rounded(value, element.get("roundingMode", "significantFigures"), whole(element.get("figures"), 3))


EXPRESSIONS: dict[str, Callable[[Run, Element], Value]] = {
    "baseValue": lambda run, e: typed(e.text or "", e.get("baseType", "string")),
    "variable": lambda run, e: run.variable(e),
    "correct": lambda run, e: run.declared(e).correct,
    "default": lambda run, e: run.outcomes.get(e.get("identifier", "")),
    "mapResponse": lambda run, e: run.map_response(e),
    "null": lambda run, e: None,
    "isNull": lambda run, e: run.value(only(e)) is None,
    "match": _match,
    "and": _logic(True),
    "or": _logic(False),
    "not": _not,
    "anyN": _any_n,
    "sum": _fold(lambda values: sum(values, Fraction(0))),
    "product": _fold(_product),
    "subtract": _fold(lambda v: v[0] - v[1], 2),
    "divide": _fold(lambda v: v[0] / v[1] if v[1] else None, 2),
    "integerDivide": _fold(lambda v: Fraction(v[0] // v[1]) if v[1] else None, 2),
    "integerModulus": _fold(lambda v: v[0] % v[1] if v[1] else None, 2),
    "power": _fold(_power, 2),
    "max": _fold(max),
    "min": _fold(min),
    "truncate": _fold(lambda v: Fraction(int(v[0])), 1),
    "round": _fold(lambda v: _rounded(v[0], "decimalPlaces", 0), 1),
    "roundTo": _round_to,
    "integerToFloat": _fold(lambda v: v[0], 1),
    "gt": _compare(lambda a, b: a > b),
    "gte": _compare(lambda a, b: a >= b),
    "lt": _compare(lambda a, b: a < b),
    "lte": _compare(lambda a, b: a <= b),
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "stringMatch": _string_match,
    "substring": _substring,
    "multiple": _container,
    "ordered": _container,
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "index": _index,
    "containerSize": _size,
}
