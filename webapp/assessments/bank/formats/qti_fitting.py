"""The scoring of a QTI item as one of ours, fitted to the file's own processing and then checked against it.

Documents are proposed (from the mapping, from the correct response, from the scores of single choices, from the numbers
that the rules compare with); the first whose marks equal those of :class:`qti_processing.Processor` for every response
tried is taken. Where none fits, the item is refused.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.formats import localized
from webapp.assessments.bank.formats.qti_processing import Declaration, Processor
from webapp.assessments.bank.formats.qti_trials import Trial, orders, pair_sets, probes, ranges, spellings, subsets
from webapp.assessments.bank.formats.qti_values import Unsupported, Value, number, read_value, written
from webapp.assessments.bank.rules import score

WORTH_NOTHING = Fraction(0)
OF_SCORING = {"none-right", "not-full", "fraction-range", "upper-bound", "lower-bound"}
"""Problems that a proposal has because its scoring is not the file's."""


class NotOurs(Exception):
    """The item does not map to ours: a code and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Fitting:
    """One item's raw document (texts and parts, no scoring yet) beside its processing."""

    def __init__(self, item: Element, declared: Declaration, processor: Processor, raw: dict[str, Any]) -> None:
        self.item, self.declared, self.processor, self.raw = item, declared, processor, raw
        self.kind: str = raw["type"]
        self.trials: list[Trial] = []
        self.theirs: list[Fraction] = []
        self.best = WORTH_NOTHING

    def points(self, value: Value) -> Fraction:
        """What the file gives for a response."""
        return self.processor.score({self.declared.identifier: value})

    def document(self) -> dict[str, Any]:
        """The document whose marks are those of the file. Raises ``NotOurs``."""
        try:
            self.trials = list(self._trials())
            self.theirs = [self.points(value) for _ours, value in self.trials]
            empty = self.points(None)
            self.best = max(self.theirs, default=WORTH_NOTHING)
            if self.best <= 0:
                raise NotOurs("never-scores")
            wrong: list[Any] = []
            for proposal in self._proposals():
                proposal["scoring"] = {"unanswered": written(empty / self.best), **proposal["scoring"]}
                document = cleaned(localized({**proposal, "points": written(self.best)}))
                found = problems(document)
                wrong = wrong or found
                if not found and self._agrees(document, empty):
                    return document
        except Unsupported as error:
            raise NotOurs("processing", found=error.what) from None
        if wrong and wrong[0].code not in OF_SCORING:
            raise NotOurs(f"document:{wrong[0].code}", path=wrong[0].path, **wrong[0].values)
        raise NotOurs("scoring")

    def _agrees(self, document: dict[str, Any], empty: Fraction) -> bool:
        if score(document, {}).points != empty:
            return False
        return all(
            score(document, ours).points == points
            for (ours, _value), points in zip(self.trials, self.theirs, strict=True)
        )

    # documents that might score as the file does, the plainest first

    def _proposals(self) -> Iterator[dict[str, Any]]:
        mapping = self.declared.mapping
        lower = None if mapping is None or mapping.lower is None else written(mapping.lower / self.best)
        default = written(mapping.default / self.best) if mapping is not None else "0"
        bounds: list[str | None] = [lower] if mapping is not None else []
        bounds += [bound for bound in ("0", None) if bound not in bounds]
        if self.kind == "ordering":
            for rule in ("all-or-nothing", "position", "all-pairs", "next", "distance"):
                yield {**self.raw, "scoring": {"rule": rule}}
        elif self.kind in ("numeric", "text"):
            other = "zzz-nothing" if self.kind == "text" else self._turning_points()[0] - 1
            default = written(self.points(other) / self.best)
            for bound in bounds:
                scoring = {"rule": "sum", "lower": bound, "default": default}
                yield {**self.raw, "answers": self._answers(), "scoring": scoring}
            if self.kind == "numeric":
                yield from self._ranged()
        else:
            whole = [self._whole(right) for right in self._telling()] if self.kind != "single" else []
            yield from whole if mapping is None else ()
            for worth in ([self._mapped_worth()] if mapping is not None else []) + [self._single_worth()]:
                for bound in bounds:
                    yield self._weighed(worth, {"rule": "sum", "lower": bound, "default": default})
            yield from whole if mapping is not None else ()

    def _whole(self, right: Sequence[str]) -> dict[str, Any]:
        share = {name: Fraction(1, len(right)) for name in right}
        return self._weighed(share, {"rule": "all-or-nothing"})

    def _mapped_worth(self) -> dict[str, Fraction]:
        assert self.declared.mapping is not None
        worth = {self._ours(name): value / self.best for name, value, _case in self.declared.mapping.entries}
        return {"": self.declared.mapping.default / self.best, **worth}

    def _single_worth(self) -> dict[str, Fraction]:
        """What each choice or pair is worth alone."""
        worth = {}
        for (ours, _value), points in zip(self.trials, self.theirs, strict=True):
            rows = [ours["choice"]] if "choice" in ours else ours.get("choices") or ours.get("pairs") or []
            if len(rows) == 1:
                worth[rows[0] if isinstance(rows[0], str) else " ".join(rows[0])] = points / self.best
        return worth

    def _weighed(self, worth: dict[str, Fraction], scoring: dict[str, Any]) -> dict[str, Any]:
        """The document with a worth for each choice or pair; what is not named is worth the mapping's default."""
        rest = worth.get("", WORTH_NOTHING)
        if "choices" in self.raw:
            rows = [{**row, "fraction": written(worth.get(row["id"], rest))} for row in self.raw["choices"]]
            return {**self.raw, "choices": rows, "scoring": scoring}
        pairs = [
            {"source": name.split()[0], "target": name.split()[1], "fraction": written(value)}
            for name, value in worth.items()
            if len(name.split()) == 2 and (value or scoring.get("default", "0") != "0")
        ]
        return {**self.raw, "pairs": pairs, "scoring": scoring}

    def _ours(self, pair: str) -> str:
        """A pair of the file as ours: source first."""
        ends = pair.split()
        if len(ends) != 2:
            return pair
        sources = {row["id"] for row in self.raw.get("sources", ())}
        if self.declared.base == "pair" and ends[0] not in sources:
            ends.reverse()
        return " ".join(ends)

    # answers that are typed

    def _answers(self) -> list[dict[str, Any]]:
        """What the file accepts of a typed answer: mapped values, the correct one, and those its rules compare with."""
        found: list[dict[str, Any]] = []
        for text, case, span in self._keys():
            fraction = written(self.points(read_value([text], "single", self.declared.base)) / self.best)
            if self.kind == "numeric":
                found.append({**_spanned(text, span), "fraction": fraction})
            else:
                inside = span == "*"
                text = text.replace("*", "\\*") if inside else text
                found.append({
                    "text": f"*{text}*" if inside else text, "fraction": fraction, "case": case, "wildcards": inside,
                })  # fmt: skip
        return sorted(found, key=lambda row: bool(row.get("wildcards")))

    def _keys(self) -> Iterator[tuple[str, bool, Any]]:
        """(text, case sensitive, tolerance or ``*``) of every value that the file names."""
        seen: set[Any] = set()
        for element in self.item.iter():
            if element.tag in ("stringMatch", "substring"):
                inside = element.tag == "substring" or element.get("substring", "false") == "true"
                case, span = element.get("caseSensitive", "true") != "false", "*" if inside else ""
            elif element.tag == "equal":
                case, span = True, dict(element.attrib)  # type: ignore[assignment]
            else:
                continue
            for key in self._compared(element):
                if (key, str(span)) not in seen:
                    seen |= {key, (key, str(span))}
                    yield key, case, span
        for key, case in self._named():
            if key not in seen:
                seen.add(key)
                yield key, case, ""

    def _named(self) -> Iterator[tuple[str, bool]]:
        """Values of the mapping, the correct one, and those that ``match`` compares with."""
        if self.declared.mapping is not None:
            yield from ((key, case) for key, _value, case in self.declared.mapping.entries)
        values = [self.declared.correct, *(element.findtext("baseValue") for element in self.item.iter("match"))]
        yield from ((written(value), True) for value in values if value is not None and not isinstance(value, list))

    def _compared(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == "baseValue" and (child.text or "").strip():
                yield (child.text or "").strip()
            elif child.tag == "correct" and self.declared.correct is not None:
                yield written(self.declared.correct)

    def _turning_points(self) -> list[Fraction]:
        """Every number at which the score may change: those that the file names, and their tolerances' ends."""
        points: set[Fraction] = set()
        for key, _case in self._named():
            points.add(number(key))
        for element in self.item.iter("baseValue"):
            if element.get("baseType") in ("float", "integer"):
                points.add(number((element.text or "").strip()))
        ends = set(points)
        for element in self.item.iter("equal"):
            for span in (number(text) for text in element.get("tolerance", "0").split()):
                for sign in (-1, 1):
                    if element.get("toleranceMode") != "relative":
                        ends |= {point + sign * span for point in points}
                    elif (scale := 1 + sign * span / 100) > 0:
                        ends |= {point * scale for point in points} | {point / scale for point in points}
        for element in self.item.iter("equalRounded"):
            if element.get("roundingMode") != "decimalPlaces":
                raise Unsupported("equalRounded significantFigures")
            half = Fraction(1, 2) / 10 ** int(element.get("figures", "0") or 0)
            ends |= {p + sign * half for p in points for sign in (-1, 1)}
        return sorted(ends)

    def _ranged(self) -> Iterator[dict[str, Any]]:
        """The document whose accepted ranges are read off the file's scores around every number that it names."""
        found = ranges(self._turning_points(), self.points)
        far = self.points(self._turning_points()[0] - 1)
        answers = [{**row, "fraction": written(row.pop("share") / self.best)} for row in found]
        yield {**self.raw, "answers": answers,
               "scoring": {"rule": "sum", "lower": None, "default": written(far / self.best)}}  # fmt: skip

    # responses to try

    def _trials(self) -> Iterator[Trial]:
        if self.kind == "single":
            yield from (({"choice": row["id"]}, row["id"]) for row in self.raw["choices"])
        elif self.kind == "multiple":
            names = [row["id"] for row in self.raw["choices"]]
            most = int(self.raw["max_choices"]) or len(names)
            for chosen in subsets(names, self._telling()):
                if 0 < len(chosen) <= most:
                    yield {"choices": list(chosen)}, list(chosen)
        elif self.kind == "ordering":
            yield from orders(self.raw["order"])
        elif self.kind == "matching":
            yield from self._pair_trials()
        elif self.kind == "numeric":
            for point in probes(self._turning_points()):
                yield {"value": written(point)}, point
        else:
            for text in dict.fromkeys(spellings([key for key, _case, _span in self._keys()])):
                yield {"text": text}, read_value([text], "single", self.declared.base)

    def _telling(self) -> list[list[str]]:
        """Sets of choices or pairs (ours) that matter: the correct response, what the mapping pays for, what rules name."""
        sets: list[list[str]] = []
        correct = self.declared.correct
        if correct is not None:
            sets.append([self._ours(one) for one in (correct if isinstance(correct, list) else [correct])])
        if self.declared.mapping is not None:
            sets.append([self._ours(name) for name, value, _case in self.declared.mapping.entries if value > 0])
        for element in self.item.iter("multiple"):
            named = [" ".join((one.text or "").split()) for one in element.iter("baseValue")]
            known = {row["id"] for row in self.raw.get("choices", ())}
            if named and (not known or set(named) <= known):
                sets.append([self._ours(one) for one in named])
        return [one for one in sets if one]

    def _pair_trials(self) -> Iterator[Trial]:
        sources, targets = ([row["id"] for row in self.raw[part]] for part in ("sources", "targets"))
        pairs = [(source, target) for source in sources for target in targets]
        telling = [[(p.split()[0], p.split()[1]) for p in one if len(p.split()) == 2] for one in self._telling()]
        most = {row["id"]: int(row["max"]) for part in ("sources", "targets") for row in self.raw[part]}
        for kept in pair_sets(pairs, telling, most):
            theirs = [f"{a} {b}" for a, b in kept]
            value = theirs[0] if self.declared.cardinality == "single" else theirs
            if self.declared.cardinality != "single" or len(theirs) == 1:
                yield {"pairs": [list(pair) for pair in kept]}, value


def _spanned(text: str, span: Any) -> dict[str, Any]:
    """A number with the tolerance of an ``equal``."""
    mode = span.get("toleranceMode", "exact") if isinstance(span, dict) else "exact"
    if mode == "exact":
        return {"value": text, "mode": "exact"}
    spans: Sequence[Fraction] = [number(one) for one in span.get("tolerance", "0").split()] or [WORTH_NOTHING]
    below, above = (one / 100 if mode == "relative" else one for one in (spans[0], spans[-1]))
    return {
        "value": text, "mode": mode, "below": written(below), "above": written(above),
        "low_open": span.get("includeLowerBound") == "false", "high_open": span.get("includeUpperBound") == "false",
    }  # fmt: skip
