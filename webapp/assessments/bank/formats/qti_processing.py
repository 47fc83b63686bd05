"""QTI's own response processing, carried out: what a response scores by the rules that stand in the file itself.

The standard templates (match_correct, map_response, their CC2 variants) and written-out rules are run alike. Numbers are
exact fractions. What is not carried out is refused by name (:class:`Unsupported`), never guessed.
Source: IMS QTI 2.1, 2.2 and 3.0 information models, response processing and expressions.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import exact

Value = Any
"""None (null), text, Fraction, bool, or a list of those (multiple, ordered)."""


class Unsupported(Exception):
    """The processing uses something that is not carried out here."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class ResponseMapping:
    """A mapping of a response declaration."""

    entries: tuple[tuple[str, Fraction, bool], ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None


@dataclass(frozen=True)
class Declaration:
    """A response variable: cardinality, base type, the correct response, the mapping."""

    identifier: str
    cardinality: str
    base: str
    correct: Value = None
    mapping: ResponseMapping | None = None


def number(text: str) -> Fraction:
    """A number of the file. Raises ``Unsupported`` where it is none."""
    try:
        return exact(text)
    except ValueError:
        raise Unsupported(f"number {text[:30]!r}") from None


def read_value(texts: Sequence[str], cardinality: str, base: str) -> Value:
    """Values as written in the file, in their base type."""
    values = [_typed(text, base) for text in texts]
    if cardinality == "single":
        return values[0] if values else None
    return values or None


def _typed(text: str, base: str) -> Value:
    if base in ("float", "integer"):
        return number(text.strip())
    if base == "boolean":
        return text.strip() in ("true", "1")
    return text if base == "string" else " ".join(text.split())


def declaration(element: Element) -> Declaration:
    """A response declaration of a normalized item."""
    cardinality, base = element.get("cardinality", "single"), element.get("baseType", "identifier")
    correct = element.find("correctResponse")
    mapping = element.find("mapping")
    return Declaration(
        element.get("identifier", ""), cardinality, base,
        None if correct is None else read_value([v.text or "" for v in correct.findall("value")], cardinality, base),
        None if mapping is None else _mapping(mapping, base),
    )  # fmt: skip


def _mapping(element: Element, base: str) -> ResponseMapping:
    entries = tuple(
        (
            entry.get("mapKey", "") if base == "string" else " ".join(entry.get("mapKey", "").split()),
            number(entry.get("mappedValue", "0")), entry.get("caseSensitive", "true") in ("true", "1"),
        )
        for entry in element.findall("mapEntry")
    )  # fmt: skip
    lower, upper = element.get("lowerBound"), element.get("upperBound")
    return ResponseMapping(
        entries, number(element.get("defaultValue", "0")), None if lower is None else number(lower),
        None if upper is None else number(upper),
    )  # fmt: skip


class _Exit(Exception):
    pass


@dataclass
class Processor:
    """The processing of one item. :meth:`score` gives the value of SCORE for a response."""

    declarations: Mapping[str, Declaration]
    outcomes: Mapping[str, Value]
    rules: Sequence[Element]
    template: str = ""
    responses: dict[str, Value] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def score(self, responses: Mapping[str, Value], outcome: str = "SCORE") -> Fraction:
        """The score of the responses, by identifier (None: not answered)."""
        self.responses = {name: _as_null(value) for name, value in responses.items()}
        self.values = dict(self.outcomes)
        if self.template:
            return self._by_template()
        with contextlib.suppress(_Exit):
            self._run(self.rules)
        found = self.values.get(outcome)
        if found is None:
            return Fraction(0)
        if not isinstance(found, Fraction):
            raise Unsupported("SCORE")
        return found

    def _by_template(self) -> Fraction:
        declared = self.declarations.get("RESPONSE") or next(iter(self.declarations.values()))
        given = self.responses.get(declared.identifier)
        if self.template == "match_correct":
            return Fraction(int(_same(given, declared.correct, declared.cardinality)))
        return Fraction(0) if given is None else self._mapped(declared)

    def _run(self, rules: Sequence[Element]) -> None:
        for rule in rules:
            if rule.tag == "responseCondition":
                self._condition(rule)
            elif rule.tag == "setOutcomeValue":
                self.values[rule.get("identifier", "")] = self.value(_only(rule))
            elif rule.tag == "responseProcessingFragment":
                self._run(list(rule))
            elif rule.tag == "exitResponse":
                raise _Exit
            else:
                raise Unsupported(rule.tag)

    def _condition(self, rule: Element) -> None:
        for branch in rule:
            if branch.tag == "responseElse":
                self._run(list(branch))
                return
            if branch.tag not in ("responseIf", "responseElseIf"):
                raise Unsupported(branch.tag)
            test, *body = list(branch)
            if self.value(test) is True:
                self._run(body)
                return

    def value(self, element: Element) -> Value:
        """The value of an expression."""
        run = _EXPRESSIONS.get(element.tag)
        if run is None:
            raise Unsupported(element.tag)
        return run(self, element)

    def of(self, element: Element) -> list[Value]:
        return [self.value(child) for child in element]

    def variable(self, element: Element) -> Value:
        name = element.get("identifier", "")
        if name in self.declarations:
            return self.responses.get(name)
        return self.values.get(name)

    def declared(self, element: Element) -> Declaration:
        found = self.declarations.get(element.get("identifier", ""))
        if found is None:
            raise Unsupported(f"{element.tag} {element.get('identifier', '')}")
        return found

    def map_response(self, element: Element) -> Value:
        return self._mapped(self.declared(element))

    def _mapped(self, declared: Declaration) -> Fraction:
        """The sum of the mapped values, each different value once, within the mapping's bounds."""
        mapping = declared.mapping
        if mapping is None:
            raise Unsupported("mapResponse without a mapping")
        given = self.responses.get(declared.identifier)
        values = [] if given is None else given if isinstance(given, list) else [given]
        total = Fraction(0)
        seen: list[str] = []
        for value in values:
            key = _written(value)
            if key in seen:
                continue
            seen.append(key)
            total += _lookup(mapping, key, declared.base)
        if mapping.lower is not None:
            total = max(total, mapping.lower)
        return min(total, mapping.upper) if mapping.upper is not None else total


def _lookup(mapping: ResponseMapping, key: str, base: str) -> Fraction:
    for name, value, case in mapping.entries:
        if name == key or (base == "string" and not case and name.casefold() == key.casefold()):
            return value
        if base in ("pair", "float", "integer") and _alike(name, key, base):
            return value
    return mapping.default


def _alike(name: str, key: str, base: str) -> bool:
    if base == "pair":
        return sorted(name.split()) == sorted(key.split())
    try:
        return exact(name) == exact(key)
    except ValueError:
        return False


def _written(value: Value) -> str:
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else str(float(value))
    return str(value)


def _as_null(value: Value) -> Value:
    return None if value == "" or value == [] else value


def _only(element: Element) -> Element:
    children = list(element)
    if len(children) != 1:
        raise Unsupported(element.tag)
    return children[0]


def _same(one: Value, other: Value, cardinality: str = "") -> bool:
    """Whether two values match: containers of the same values, in order only where they are ordered."""
    if one is None or other is None:
        return False
    if isinstance(one, list) and isinstance(other, list):
        if cardinality == "ordered":
            return one == other
        return sorted(map(_written, one)) == sorted(map(_written, other))
    return bool(one == other)


def _match(run: Processor, element: Element) -> Value:
    one, other = run.of(element)
    if one is None or other is None:
        return None
    names = [child.get("identifier", "") for child in element if child.tag in ("variable", "correct")]
    kinds = {run.declarations[name].cardinality for name in names if name in run.declarations}
    bases = {run.declarations[name].base for name in names if name in run.declarations}
    if "pair" in bases:
        one, other = (
            [" ".join(sorted(str(v).split())) for v in (x if isinstance(x, list) else [x])] for x in (one, other)
        )
    ordered = "ordered" in kinds or any(child.tag == "ordered" for child in element)
    return _same(one, other, "ordered" if ordered else "")


def _logic(every: bool) -> Callable[[Processor, Element], Value]:
    def run(self: Processor, element: Element) -> Value:
        values = self.of(element)
        if (not every) in values:
            return not every
        return None if None in values else every

    return run


def _fold(join: Callable[[Sequence[Fraction]], Fraction | None]) -> Callable[[Processor, Element], Value]:
    """A numeric expression of its parts, containers opened; null where one of them is."""

    def run(self: Processor, element: Element) -> Value:
        values: list[Value] = []
        for value in self.of(element):
            values += value if isinstance(value, list) else [value]
        if any(not isinstance(value, Fraction) for value in values):
            return None
        return join(values)

    return run


def _product(values: Sequence[Fraction]) -> Fraction:
    total = Fraction(1)
    for value in values:
        total *= value
    return total


def _compare(test: Callable[[Fraction, Fraction], bool]) -> Callable[[Processor, Element], Value]:
    def run(self: Processor, element: Element) -> Value:
        one, other = self.of(element)
        return test(one, other) if isinstance(one, Fraction) and isinstance(other, Fraction) else None

    return run


def _equal(self: Processor, element: Element) -> Value:
    one, other = self.of(element)
    if not isinstance(one, Fraction) or not isinstance(other, Fraction):
        return None
    mode = element.get("toleranceMode", "exact")
    if mode == "exact":
        return one == other
    spans = [number(text) for text in element.get("tolerance", "0").split()]
    below, above = spans[0], spans[-1]
    if mode == "relative":
        below, above = abs(one) * below / 100, abs(one) * above / 100
    low = other >= one - below if element.get("includeLowerBound", "true") != "false" else other > one - below
    high = other <= one + above if element.get("includeUpperBound", "true") != "false" else other < one + above
    return low and high


def _string_match(self: Processor, element: Element) -> Value:
    one, other = self.of(element)
    if one is None or other is None:
        return None
    if element.get("caseSensitive", "true") == "false":
        one, other = str(one).casefold(), str(other).casefold()
    return one in other if element.get("substring", "false") == "true" else one == other


def _container(self: Processor, element: Element) -> Value:
    found: list[Value] = []
    for value in self.of(element):
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found or None


def _member(self: Processor, element: Element) -> Value:
    one, other = self.of(element)
    return None if one is None or other is None else one in other


def _contains(self: Processor, element: Element) -> Value:
    one, other = self.of(element)
    if one is None or other is None:
        return None
    return all(one.count(value) >= other.count(value) for value in other)


def _not(self: Processor, element: Element) -> Value:
    value = self.value(_only(element))
    return None if value is None else not value


def _any_n(self: Processor, element: Element) -> Value:
    values = self.of(element)
    true = sum(value is True for value in values)
    return int(element.get("min", "0")) <= true <= int(element.get("max", "0"))


_EXPRESSIONS: dict[str, Callable[[Processor, Element], Value]] = {
    "baseValue": lambda run, e: _typed(e.text or "", e.get("baseType", "string")),
    "variable": lambda run, e: run.variable(e),
    "correct": lambda run, e: run.declared(e).correct,
    "mapResponse": lambda run, e: run.map_response(e),
    "null": lambda run, e: None,
    "isNull": lambda run, e: run.value(_only(e)) is None,
    "match": _match,
    "and": _logic(True),
    "or": _logic(False),
    "not": _not,
    "anyN": _any_n,
    "sum": _fold(lambda values: sum(values, Fraction(0))),
    "product": _fold(_product),
    "subtract": _fold(lambda v: v[0] - v[1]),
    "divide": _fold(lambda v: v[0] / v[1] if v[1] else None),
    "max": _fold(lambda v: max(v) if v else None),
    "min": _fold(lambda v: min(v) if v else None),
    "truncate": _fold(lambda v: Fraction(int(v[0]))),
    "gt": _compare(lambda a, b: a > b),
    "gte": _compare(lambda a, b: a >= b),
    "lt": _compare(lambda a, b: a < b),
    "lte": _compare(lambda a, b: a <= b),
    "equal": _equal,
    "stringMatch": _string_match,
    "multiple": _container,
    "ordered": _container,
    "member": _member,
    "contains": _contains,
    "containerSize": lambda run, e: Fraction(len(run.value(_only(e)) or [])),
}
