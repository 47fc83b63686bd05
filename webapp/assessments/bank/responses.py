"""Responses: brought into their form, whether they answer anything, and the one that earns most."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from webapp.assessments.bank.document import exact

Document = Mapping[str, Any]
Response = dict[str, Any]

LONGEST_LINE = 1000
LONGEST_ESSAY = 100_000
KEYS = {
    "single": "choice", "true-false": "choice", "multiple": "choices", "matching": "pairs", "ordering": "order",
    "numeric": "value", "text": "text", "essay": "text",
}  # fmt: skip


def tidy(document: Document, raw: Any) -> Response:
    """The response in its form, without what the document does not have; ``{}`` when nothing usable is left.

    Never fails: what a browser sends may hold anything.
    """
    if not isinstance(raw, Mapping):
        return {}
    kind, given = document["type"], raw.get(KEYS.get(document["type"], ""))
    if kind in ("single", "true-false"):
        return {"choice": given} if given in _ids(document, "choices") else {}
    if kind == "multiple":
        chosen = set(_texts(given))
        kept = [name for name in _ids(document, "choices") if name in chosen]
        return {"choices": kept} if kept else {}
    if kind == "matching":
        pairs = _pairs(document, given)
        return {"pairs": pairs} if pairs else {}
    if kind == "ordering":
        order = _order(document, given)
        return {"order": order} if any(order) else {}
    longest = LONGEST_ESSAY if kind == "essay" else LONGEST_LINE
    text = given[:longest].replace("\r\n", "\n") if isinstance(given, str) else ""
    return {KEYS[kind]: text} if text.strip() else {}


def is_answered(document: Document, response: Any) -> bool:
    """Whether the response answers anything at all."""
    return bool(tidy(document, response))


def _ids(document: Document, name: str) -> list[str]:
    return [row["id"] for row in document[name]]


def _texts(given: Any) -> list[str]:
    return [name for name in given if isinstance(name, str)] if isinstance(given, list | tuple) else []


def _pairs(document: Document, given: Any) -> list[list[str]]:
    """Different pairs in the document's order; one beyond what a source or target may be used for is left out."""
    sources, targets = _ids(document, "sources"), _ids(document, "targets")
    asked = set()
    for pair in given if isinstance(given, list | tuple) else ():
        if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(name, str) for name in pair):
            asked.add((pair[0], pair[1]))
    most = {("source", row["id"]): row["max"] for row in document["sources"]}
    most |= {("target", row["id"]): row["max"] for row in document["targets"]}
    used: dict[tuple[str, str], int] = {}
    kept = []
    for source in sources:
        for target in targets:
            ends = (("source", source), ("target", target))
            if (source, target) in asked and all(not most[end] or used.get(end, 0) < most[end] for end in ends):
                kept.append([source, target])
                for end in ends:
                    used[end] = used.get(end, 0) + 1
    return kept


def _order(document: Document, given: Any) -> list[str | None]:
    """As many places as there are entries; each entry once, at its first mention."""
    known, seen, places = set(_ids(document, "entries")), set(), []
    for name in (given if isinstance(given, list | tuple) else [])[: len(known)]:
        usable = isinstance(name, str) and name in known and name not in seen
        places.append(name if usable else None)
        if usable:
            seen.add(name)
    return places + [None] * (len(known) - len(places))


def best_response(document: Document) -> Response:
    """A response that earns as much as can be earned; for an essay, the model answer's place: ``{}``."""
    kind = document["type"]
    if kind in ("single", "true-false"):
        return {"choice": max(document["choices"], key=lambda row: exact(row["fraction"]))["id"]}
    if kind == "multiple":
        right = sorted((row for row in document["choices"] if exact(row["fraction"]) > 0),
                       key=lambda row: -exact(row["fraction"]))  # fmt: skip
        return tidy(document, {"choices": [row["id"] for row in right[: document["max_choices"] or None]]})
    if kind == "matching":
        right = sorted((row for row in document["pairs"] if exact(row["fraction"]) > 0),
                       key=lambda row: -exact(row["fraction"]))  # fmt: skip
        return tidy(document, {"pairs": [[row["source"], row["target"]] for row in right]})
    if kind == "ordering":
        return {"order": list(document["order"])}
    if kind == "essay":
        return {}
    best = max(document["answers"], key=lambda row: exact(row["fraction"]))
    if kind == "text":
        return {"text": text_example(best)}
    unit = f" {document['units'][0]['text']}" if document["unit_required"] else ""
    factor = exact(document["units"][0]["factor"]) if unit else Fraction(1)
    return {"value": _decimal(number_example(best) / factor) + unit}


def text_example(answer: Mapping[str, Any]) -> str:
    """A text that the answer accepts: its own, a star standing for nothing."""
    if not answer["wildcards"]:
        return str(answer["text"])
    return re.sub(r"\\\*|\*", lambda match: "*" if match[0] == "\\*" else "", str(answer["text"])).strip() or "-"


def number_example(answer: Mapping[str, Any]) -> Fraction:
    """A number that the answer accepts: its value, or one within its range."""
    if "value" in answer:
        return exact(answer["value"])
    low = None if answer["low"] is None else exact(answer["low"])
    high = None if answer["high"] is None else exact(answer["high"])
    if low is None and high is None:
        return Fraction(0)
    if low is None or high is None:
        return low + 1 if low is not None else (high or 0) - Fraction(1)
    return (low + high) / 2


def _decimal(number: Fraction) -> str:
    """The number as somebody would type it; one that never ends as a ratio (``7/3``), which is read too."""
    from webapp.assessments.ranking.scores import plain

    return plain(number)


def count_words(text: str) -> int:
    """About how many words a text has: what spaces part, and for Thai, which has no spaces, five letters to a word.

    An estimate (ours): vowels and tone marks above and below are not counted. It advises candidates; nothing is scored by it.
    """
    thai_letters = len(re.findall("[ก-ฮะาำเแโใไ]", text))
    others = len(re.findall(r"[^\W\d_]+|\d+", re.sub("[\u0e00-\u0e7f]+", " ", text)))
    return others + -(-thai_letters // 5)
