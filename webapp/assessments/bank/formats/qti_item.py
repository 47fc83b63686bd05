"""A QTI item as one of ours. Its scoring is fitted to the file's own processing and then checked against it.

Readers propose documents (from the mapping, from the correct response, from the scores of single choices); the first whose
marks equal those of :class:`qti_processing.Processor` for every response tried is taken. Where the responses are few, all
are tried; where they are many, all single ones, the empty one, and a seeded sample. Where none fits, the item is refused.
"""

import html
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.formats import localized
from webapp.assessments.bank.formats.qti_processing import (
    Declaration,
    Processor,
    Unsupported,
    declaration,
    number,
    read_value,
)
from webapp.assessments.bank.formats.qti_text import INTERACTIONS, Body
from webapp.assessments.bank.formats.qti_trials import SEED, Trial, allowed, orders, subsets, variants
from webapp.assessments.bank.richtext import says_something
from webapp.assessments.bank.rules import score

TEMPLATES = {
    "match_correct": "match_correct", "CC2_match": "match_correct", "CC2_match_basic": "match_correct",
    "map_response": "map_response", "CC2_map_response": "map_response",
}  # fmt: skip


class NotOurs(Exception):
    """The item does not map to ours: a code and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class ItemReader:
    """One normalized assessment item."""

    def __init__(self, item: Element, body: Body) -> None:
        self.item, self.body = item, body
        self.interaction = self._interaction()
        self.declared = self._declared()

    def document(self) -> dict[str, Any]:
        """The document whose marks are those of the file. Raises ``NotOurs``."""
        if self.item.get("adaptive") in ("true", "1"):
            raise NotOurs("adaptive")
        if self.item.find("templateDeclaration") is not None:
            raise NotOurs("template-variables")
        readers: dict[str, Callable[[], dict[str, Any]]] = {
            "choiceInteraction": self.choices, "hottextInteraction": self.choices, "inlineChoiceInteraction": self.choices,
            "orderInteraction": self.order, "matchInteraction": self.pairs, "gapMatchInteraction": self.pairs,
            "textEntryInteraction": self.entry, "extendedTextInteraction": self.extended, "sliderInteraction": self.entry,
        }  # fmt: skip
        if self.interaction.tag not in readers:
            raise NotOurs("interaction", found=self.interaction.tag)
        raw = readers[self.interaction.tag]()
        title = self.item.get("title", "")
        stem = self.body.stem(self.interaction)
        raw |= {"title_": title, "stem_": stem if says_something(stem) else html.escape(title or "?")}
        return self._fitted(raw)

    def _interaction(self) -> Element:
        body = self.item.find("itemBody")
        found = [] if body is None else [e for e in body.iter() if e.tag in INTERACTIONS]
        if not found:
            raise NotOurs("no-interaction")
        if len(found) > 1:
            raise NotOurs("several-interactions", count=len(found))
        return found[0]

    def _declared(self) -> Declaration:
        wanted = self.interaction.get("responseIdentifier", "RESPONSE")
        try:
            for element in self.item.findall("responseDeclaration"):
                if element.get("identifier") == wanted:
                    return declaration(element)
        except Unsupported as error:
            raise NotOurs("processing", found=error.what) from None
        raise NotOurs("no-declaration", found=wanted)

    # what scores

    def processor(self) -> Processor | None:
        """The item's own processing; None where it has none."""
        processing = self.item.find("responseProcessing")
        if processing is None:
            return None
        template = processing.get("template") or processing.get("templateLocation") or ""
        name = template.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml")
        if not list(processing) and template and name not in TEMPLATES:
            raise NotOurs("processing", found=name or template)
        if not list(processing) and not template:
            return None
        outcomes = {
            element.get("identifier", ""): _default(element) for element in self.item.findall("outcomeDeclaration")
        }
        template = "" if list(processing) else TEMPLATES[name]
        return Processor({self.declared.identifier: self.declared}, outcomes, list(processing), template)

    def _fitted(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The raw document with the scoring that the file's own processing gives."""
        if raw["type"] == "essay":
            return cleaned(localized(raw))
        try:
            processor = self.processor()
            if processor is None:
                raise NotOurs("no-processing")
            trials = list(self._trials(raw))
            theirs = [processor.score({self.declared.identifier: value}) for _ours, value in trials]
            empty = processor.score({self.declared.identifier: None})
        except Unsupported as error:
            raise NotOurs("processing", found=error.what) from None
        best = max(theirs, default=Fraction(0))
        if best <= 0:
            raise NotOurs("never-scores")
        wrong: list[Any] = []
        for proposal in self._proposals(raw, trials, theirs, best):
            proposal["scoring"] = {"unanswered": _text(empty / best), **proposal["scoring"]}
            document = cleaned(localized({**proposal, "points": _text(best)}))
            wrong = wrong or problems(document)
            if not problems(document) and _agrees(document, trials, theirs, empty):
                return document
        raise (
            NotOurs(f"document:{wrong[0].code}", path=wrong[0].path, **wrong[0].values) if wrong else NotOurs("scoring")
        )

    def _proposals(
        self, raw: dict[str, Any], trials: Sequence[Trial], theirs: Sequence[Fraction], best: Fraction
    ) -> Iterator[dict[str, Any]]:
        """Documents that might score as the file does, the plainest first."""
        mapping = self.declared.mapping
        lower = None if mapping is None or mapping.lower is None else _text(mapping.lower / best)
        default = _text(mapping.default / best) if mapping is not None else "0"
        bounds: list[str | None] = [lower] if mapping is not None else []
        bounds += [bound for bound in ("0", None) if bound not in bounds]
        singles = {
            _key(ours): points / best for (ours, _value), points in zip(trials, theirs, strict=True) if _key(ours)
        }
        if raw["type"] == "ordering":
            yield from (
                {**raw, "scoring": {"rule": rule}} for rule in ("all-or-nothing", "position", "all-pairs", "next")
            )
            return
        if raw["type"] in ("numeric", "text"):
            for bound in bounds:
                yield {**raw, "answers": self._answers(raw, best), "scoring": {"rule": "sum", "lower": bound,
                                                                               "default": default}}  # fmt: skip
            return
        for worth in ([_mapped_worth(self.declared, best)] if mapping is not None else []) + [singles]:
            for bound in bounds:
                yield _weighed(raw, worth, {"rule": "sum", "lower": bound, "default": default})
        if raw["type"] != "single":
            right = self.declared.correct
            names = right if isinstance(right, list) else [] if right is None else [right]
            worth = {name: Fraction(1, len(names)) for name in names}
            yield _weighed(raw, worth, {"rule": "all-or-nothing"})

    # by interaction

    def choices(self) -> dict[str, Any]:
        tag = {"choiceInteraction": "simpleChoice", "hottextInteraction": "hottext"}.get(
            self.interaction.tag, "inlineChoice"
        )
        choices = [
            {"id": e.get("identifier", ""), "text_": self.body.inner(e), "fixed": e.get("fixed") == "true", "fraction": "0"}
            for e in self.interaction.iter(tag)
        ]  # fmt: skip
        several = self.declared.cardinality == "multiple"
        raw: dict[str, Any] = {
            "type": "multiple" if several else "single", "choices": choices,
            "shuffle": self.interaction.get("shuffle", "false") == "true", "scoring": {},
        }  # fmt: skip
        if several:
            raw |= {
                "max_choices": self.interaction.get("maxChoices", "1" if tag != "inlineChoice" else "0"),
                "min_choices": self.interaction.get("minChoices", "0"),
            }
        return raw

    def order(self) -> dict[str, Any]:
        found = list(self.interaction.iter("simpleChoice"))
        entries = [{"id": e.get("identifier", ""), "text_": self.body.inner(e)} for e in found]
        correct = self.declared.correct
        if not isinstance(correct, list):
            raise NotOurs("no-correct-response")
        return {"type": "ordering", "entries": entries, "order": correct, "scoring": {}}

    def pairs(self) -> dict[str, Any]:
        if self.declared.base != "directedPair":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.base}")
        if self.interaction.tag == "gapMatchInteraction":
            sources = [self._end(e) for e in self.interaction.iter() if e.tag in ("gapText", "gapImg")]
            targets = [
                {"id": e.get("identifier", ""), "text_": f"[{n}]", "max": 1}
                for n, e in enumerate(self.interaction.iter("gap"), 1)
            ]
        else:
            sets = self.interaction.findall("simpleMatchSet")
            if len(sets) != 2:
                raise NotOurs("interaction", found=self.interaction.tag)
            sources, targets = ([self._end(e) for e in one.findall("simpleAssociableChoice")] for one in sets)
        return {
            "type": "matching", "sources": sources, "targets": targets, "scoring": {},
            "shuffle": self.interaction.get("shuffle", "false") == "true",
        }  # fmt: skip

    def _end(self, element: Element) -> dict[str, Any]:
        return {
            "id": element.get("identifier", ""), "text_": self.body.inner(element), "fixed": element.get("fixed") == "true",
            "max": element.get("matchMax", "1"),
        }  # fmt: skip

    def entry(self) -> dict[str, Any]:
        if self.declared.cardinality != "single":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.cardinality}")
        if self.declared.base in ("integer", "float"):
            return {"type": "numeric", "scoring": {}}
        if self.declared.base != "string":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.base}")
        return {"type": "text", "compare": "exact", "scoring": {}}

    def extended(self) -> dict[str, Any]:
        try:
            scored = self.processor() is not None and (self.declared.correct is not None or self.declared.mapping)
        except NotOurs:
            scored = None
        if scored and self.declared.cardinality == "single":
            return self.entry()
        if self.declared.cardinality != "single":
            raise NotOurs("interaction", found=f"{self.interaction.tag} {self.declared.cardinality}")
        lines = self.interaction.get("expectedLines") or "15"
        return {"type": "essay", "lines": lines}

    # accepted answers, and responses to try

    def _answers(self, raw: dict[str, Any], best: Fraction) -> list[dict[str, Any]]:
        """What the file accepts of a typed answer: mapped values, the correct one, and those its rules compare with."""
        processor = self.processor()
        assert processor is not None
        found: list[dict[str, Any]] = []
        for text, case, span in self._keys():
            value = read_value([text], "single", self.declared.base)
            points = processor.score({self.declared.identifier: value})
            fraction = _text(points / best)
            if raw["type"] == "text":
                found.append({"text": text, "fraction": fraction, "case": case, "wildcards": "*" in span})
                if "*" in span:
                    found[-1]["text"] = f"*{text}*"
            else:
                found.append({**_spanned(text, span), "fraction": fraction})
        return found

    def _keys(self) -> Iterator[tuple[str, bool, Any]]:
        """(text, case sensitive, tolerance or ``*``) of every value that the file names."""
        seen = set()
        for element in self.item.iter("stringMatch"):
            for key in self._compared(element):
                span = "*" if element.get("substring", "false") == "true" else ""
                seen.add(key)
                yield key, element.get("caseSensitive", "true") != "false", span
        for element in self.item.iter("equal"):
            for key in self._compared(element):
                seen.add(key)
                yield key, True, dict(element.attrib)
        if self.declared.mapping is not None:
            for key, _value, case in self.declared.mapping.entries:
                if key not in seen:
                    seen.add(key)
                    yield key, case, ""
        values = [self.declared.correct, *(_base_value(e) for e in self.item.iter("match"))]
        for shown in dict.fromkeys(map(_shown, values)):
            if shown is not None and shown not in seen:
                yield shown, True, ""

    def _compared(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == "baseValue":
                yield (child.text or "").strip() if self.declared.base != "string" else child.text or ""
            elif child.tag == "correct" and (key := _shown(self.declared.correct)) is not None:
                yield key

    def _trials(self, raw: dict[str, Any]) -> Iterator[Trial]:
        kind = raw["type"]
        if kind == "single":
            yield from (({"choice": row["id"]}, row["id"]) for row in raw["choices"])
        elif kind == "multiple":
            yield from self._sets(raw)
        elif kind == "ordering":
            yield from orders(raw["order"])
        elif kind == "matching":
            yield from self._pair_sets(raw)
        else:
            yield from self._typed_trials(kind)

    def _sets(self, raw: dict[str, Any]) -> Iterator[Trial]:
        names = [row["id"] for row in raw["choices"]]
        most = int(raw["max_choices"]) or len(names)
        for chosen in subsets(names):
            if 0 < len(chosen) <= most:
                yield {"choices": list(chosen)}, list(chosen)

    def _pair_sets(self, raw: dict[str, Any]) -> Iterator[Trial]:
        sources, targets = ([row["id"] for row in raw[part]] for part in ("sources", "targets"))
        pairs = [(s, t) for s in sources for t in targets]
        correct = self.declared.correct if isinstance(self.declared.correct, list) else [self.declared.correct]
        right = [tuple(str(pair).split()) for pair in correct if pair]
        sets: list[Sequence[tuple[str, ...]]] = [[pair] for pair in pairs]
        sets += [right[:n] for n in range(2, len(right) + 1)] + [[*right, pair] for pair in pairs if pair not in right]
        chance = random.Random(SEED)
        sets += [chance.sample(pairs, chance.randint(1, len(pairs))) for _n in range(200)] if pairs else []
        most = {row["id"]: int(row["max"]) for part in ("sources", "targets") for row in raw[part]}
        for one in sets:
            kept = allowed(one, most)
            if kept:
                yield {"pairs": [list(pair) for pair in kept]}, [" ".join(pair) for pair in kept]

    def _typed_trials(self, kind: str) -> Iterator[Trial]:
        name = "value" if kind == "numeric" else "text"
        for text in dict.fromkeys(variants([key for key, _case, _span in self._keys()], kind)):
            yield {name: text}, read_value([text], "single", self.declared.base)


def _default(element: Element) -> Any:
    base, cardinality = element.get("baseType", ""), element.get("cardinality", "single")
    values = [v.text or "" for v in element.findall("defaultValue/value")]
    if values:
        return read_value(values, cardinality, base)
    return Fraction(0) if base in ("float", "integer") and cardinality == "single" else None


def _text(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _shown(value: Any) -> str | None:
    if isinstance(value, Fraction):
        return _text(value)
    return value if isinstance(value, str) else None


def _base_value(element: Element) -> Any:
    return element.findtext("baseValue")


def _key(ours: dict[str, Any]) -> str:
    """The name of a response with a single part; empty for others."""
    if "choice" in ours:
        return str(ours["choice"])
    rows = ours.get("choices") or ours.get("pairs") or []
    if len(rows) != 1:
        return ""
    return rows[0] if isinstance(rows[0], str) else " ".join(rows[0])


def _mapped_worth(declared: Declaration, best: Fraction) -> dict[str, Fraction]:
    assert declared.mapping is not None
    worth = {name: value / best for name, value, _case in declared.mapping.entries}
    return {"": declared.mapping.default / best, **worth}


def _weighed(raw: dict[str, Any], worth: dict[str, Fraction], scoring: dict[str, Any]) -> dict[str, Any]:
    """The document with a worth for each choice or pair; what is not named is worth the mapping's default."""
    rest = worth.get("", Fraction(0))
    if "choices" in raw:
        rows = [{**row, "fraction": _text(worth.get(row["id"], rest))} for row in raw["choices"]]
        return {**raw, "choices": rows, "scoring": scoring}
    pairs = [
        {"source": name.split()[0], "target": name.split()[1], "fraction": _text(value)}
        for name, value in worth.items()
        if name and len(name.split()) == 2 and (value or scoring.get("default", "0") != "0")
    ]
    return {**raw, "pairs": pairs, "scoring": scoring}


def _agrees(document: dict[str, Any], trials: Iterable[Trial], theirs: Iterable[Fraction], empty: Fraction) -> bool:
    if score(document, {}).points != empty:
        return False
    return all(score(document, ours).points == points for (ours, _value), points in zip(trials, theirs, strict=True))


def _spanned(text: str, span: Any) -> dict[str, Any]:
    """A number with the tolerance of an ``equal``."""
    mode = span.get("toleranceMode", "exact") if isinstance(span, dict) else "exact"
    if mode == "exact":
        return {"value": text, "mode": "exact"}
    spans = [number(one) for one in span.get("tolerance", "0").split()]
    below, above = (one / 100 if mode == "relative" else one for one in (spans[0], spans[-1]))
    return {
        "value": text, "mode": mode, "below": _text(below), "above": _text(above),
        "low_open": span.get("includeLowerBound") == "false", "high_open": span.get("includeUpperBound") == "false",
    }  # fmt: skip
