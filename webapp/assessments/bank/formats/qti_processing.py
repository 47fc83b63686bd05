"""QTI's own response processing, carried out: what a response scores by the rules that stand in the file itself.

The standard templates (match_correct, map_response, their CC2 variants) and written-out rules are run alike. Numbers are
exact fractions. What is not carried out is refused by name (:class:`Unsupported`), never guessed.
Source: IMS QTI 2.1, 2.2 and 3.0 information models, response processing.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from webapp.assessments.bank.formats.qti_expressions import EXPRESSIONS, only
from webapp.assessments.bank.formats.qti_values import (
    Unsupported,
    Value,
    alike,
    as_null,
    number,
    read_value,
    same,
    typed,
    written,
)

LARGEST_BITS = 4_096
"""The size of a number beyond which no score is computed."""
TEMPLATES = {
    "match_correct": "match_correct", "map_response": "map_response", "CC2_match": "CC2_match",
    "CC2_match_basic": "CC2_match", "CC2_map_response": "CC2_map_response", "CC2_map_response_basic": "CC2_map_response",
}  # fmt: skip


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


def declaration(element: Element) -> Declaration:
    """A response declaration of a normalized item."""
    cardinality, base = element.get("cardinality", "single"), element.get("baseType", "identifier")
    correct = element.find("correctResponse")
    mapping = element.find("mapping")
    return Declaration(
        element.get("identifier", ""), cardinality, base,
        None if correct is None else as_null(_values(correct, cardinality, base)),
        None if mapping is None else _mapping(mapping, base),
    )  # fmt: skip


def _values(element: Element, cardinality: str, base: str) -> Value:
    return read_value([value.text or "" for value in element.findall("value")], cardinality, base)


def _mapping(element: Element, base: str) -> ResponseMapping:
    entries = tuple(
        (
            entry.get("mapKey", "").strip() if base == "string" else " ".join(entry.get("mapKey", "").split()),
            number(entry.get("mappedValue", "0")), entry.get("caseSensitive", "true") in ("true", "1"),
        )
        for entry in element.findall("mapEntry")
    )  # fmt: skip
    lower, upper = element.get("lowerBound"), element.get("upperBound")
    return ResponseMapping(
        entries, number(element.get("defaultValue", "0")), None if lower is None else number(lower),
        None if upper is None else number(upper),
    )  # fmt: skip


def outcome_default(element: Element) -> Value:
    """The value with which an outcome begins; numbers begin at 0."""
    base, cardinality = element.get("baseType", ""), element.get("cardinality", "single")
    stated = element.find("defaultValue")
    if stated is not None and stated.find("value") is not None:
        return _values(stated, cardinality, base)
    return Fraction(0) if base in ("float", "integer") and cardinality == "single" else None


class _Exit(Exception):
    pass


@dataclass
class Processor:
    """The processing of one item. :meth:`score` gives the value of SCORE for a response."""

    declarations: Mapping[str, Declaration]
    outcomes: Mapping[str, Value]
    rules: Sequence[Element]
    template: str = ""
    tables: Mapping[str, Element] = field(default_factory=dict)
    responses: dict[str, Value] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def score(self, responses: Mapping[str, Value], outcome: str = "SCORE") -> Fraction:
        """The score of the responses, by identifier (None: not answered)."""
        self.responses = {name: as_null(value) for name, value in responses.items()}
        self.values = dict(self.outcomes)
        if self.template:
            self._by_template()
        else:
            with contextlib.suppress(_Exit):
                self._run(self.rules)
        found = self.values.get(outcome)
        if found is None:
            return Fraction(0)
        if not isinstance(found, Fraction):
            raise Unsupported("SCORE")
        return found

    def _by_template(self) -> None:
        declared = self.declarations.get("RESPONSE") or next(iter(self.declarations.values()))
        given = self.responses.get(declared.identifier)
        right = same(given, declared.correct, declared.cardinality, declared.base)
        if self.template.endswith("map_response"):
            points = Fraction(0) if given is None else self._mapped(declared)
            right = points == self.values.get("MAXSCORE")
        else:
            best = self.values.get("MAXSCORE") if self.template == "CC2_match" else None
            points = (best if isinstance(best, Fraction) else Fraction(1)) if right else Fraction(0)
        self.values["SCORE"] = points
        if self.template.startswith("CC2"):
            self.values["FEEDBACKBASIC"] = "empty" if given is None else "correct" if right else "incorrect"

    def _run(self, rules: Sequence[Element]) -> None:
        for rule in rules:
            name = rule.get("identifier", "")
            if rule.tag == "responseCondition":
                self._condition(rule)
            elif rule.tag == "setOutcomeValue":
                self.values[name] = self.value(only(rule))
            elif rule.tag == "lookupOutcomeValue":
                self.values[name] = self._looked_up(name, self.value(only(rule)))
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
            parts = list(branch)
            if branch.tag not in ("responseIf", "responseElseIf") or not parts:
                raise Unsupported(branch.tag)
            if self.value(parts[0]) is True:
                self._run(parts[1:])
                return

    def _looked_up(self, name: str, value: Value) -> Value:
        """The value of the outcome's table for a number."""
        table = self.tables.get(name)
        kind = table.find("*") if table is not None else None
        if kind is None or kind.tag not in ("matchTable", "interpolationTable") or table is None:
            raise Unsupported("lookupOutcomeValue")
        base = table.get("baseType", "float")
        if isinstance(value, Fraction):
            for entry in kind:
                source, below = number(entry.get("sourceValue", "")), entry.get("includeBoundary", "true") != "false"
                fits = value == source if kind.tag == "matchTable" else value > source or (below and value == source)
                if fits:
                    return typed(entry.get("targetValue", ""), base)
        default = kind.get("defaultValue")
        return None if default is None else typed(default, base)

    def value(self, element: Element) -> Value:
        """The value of an expression."""
        run = EXPRESSIONS.get(element.tag)
        if run is None:
            raise Unsupported(element.tag)
        value = run(self, element)
        if isinstance(value, Fraction) and value.numerator.bit_length() > LARGEST_BITS:
            raise Unsupported("number too large")
        return value

    def of(self, element: Element) -> list[Value]:
        return [self.value(child) for child in element]

    def variable(self, element: Element) -> Value:
        name = element.get("identifier", "")
        return self.responses.get(name) if name in self.declarations else self.values.get(name)

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
            key = written(value)
            if any(alike(one, key, declared.base) for one in seen):
                continue
            seen.append(key)
            total += lookup(mapping, key, declared.base)
        if mapping.lower is not None:
            total = max(total, mapping.lower)
        return min(total, mapping.upper) if mapping.upper is not None else total


def lookup(mapping: ResponseMapping, key: str, base: str) -> Fraction:
    """What one value is worth by the mapping."""
    for name, value, case in mapping.entries:
        if alike(name, key, base) or (base == "string" and not case and name.casefold() == key.casefold()):
            return value
    return mapping.default
