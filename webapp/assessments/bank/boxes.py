"""A document as the boxes of the editor: the other half of ``forms.py``."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from webapp.assessments.bank import richtext
from webapp.assessments.bank.document import CHOICE_TYPES, FEEDBACKS, exact
from webapp.assessments.ranking.scores import plain

LETTERS = {"c": "text_th", "m": "source_th", "o": "text_th", "n": "value", "a": "text", "r": "name_th"}
"""Each kind of row, and the box by which its rows are counted."""
ROW_OF = {"single": "c", "multiple": "c", "true-false": "c", "matching": "m", "ordering": "o", "numeric": "n",
          "text": "a", "essay": "r"}  # fmt: skip
SPARE = {"c": 4, "m": 4, "o": 4, "n": 1, "a": 2, "r": 2}
"""Empty rows offered below the filled ones; a new item begins with as many."""


def automatic(kind: str, rule: str, right: bool, count_right: int) -> Fraction:
    """The share of a choice nobody gave one: full marks for the right one; among several right ones equal parts, and a
    wrong one takes as much away (so that ticking everything earns nothing), unless only the whole counts.
    """
    if kind != "multiple":
        return Fraction(right)
    if right:
        return Fraction(1, count_right)
    return Fraction(0) if rule == "all-or-nothing" or not count_right else Fraction(-1, count_right)


def is_plain_matching(document: Mapping[str, Any]) -> bool:
    """Whether the pairs can be written as rows: one target to each source, all worth the same, nothing else earning."""
    pairs, sources = document.get("pairs", []), document.get("sources", [])
    share = plain(Fraction(1, max(len(sources), 1)))
    return (
        sorted(row["source"] for row in pairs) == sorted(row["id"] for row in sources)
        and all(row["fraction"] == share for row in pairs)
        and all(row["max"] == 1 and not row["fixed"] for row in sources)
        and all(row["max"] == 0 and not row["fixed"] for row in document.get("targets", []))
    )


def typed_item(document: Mapping[str, Any]) -> dict[str, str]:
    """The boxes filled with a document as it stands."""
    scoring = document["scoring"]
    boxes = {
        "points": document["points"], "shuffle": "yes" if document["shuffle"] else "", "rule": scoring["rule"],
        "lower": "" if scoring["lower"] is None else _percent(scoring["lower"]), "upper": _percent(scoring["upper"]),
        "default": _percent(scoring["default"]), "title_th": document["title_th"], "title_en": document["title_en"],
        **_rich(document, "stem"),
    }  # fmt: skip
    for name in FEEDBACKS:
        boxes |= _rich(document, name)
    kind = document["type"]
    if kind in CHOICE_TYPES:
        return boxes | _choices(document)
    return boxes | _BOXES[kind](document)


def _choices(document: Mapping[str, Any]) -> dict[str, str]:
    boxes = {name: str(document[name]) for name in ("min_choices", "max_choices") if name in document}
    shares = [_exact(row["fraction"]) for row in document["choices"]]
    right = sum(share > 0 for share in shares)
    own = [automatic(document["type"], document["scoring"]["rule"], share > 0, right) for share in shares]
    for number, row in enumerate(document["choices"]):
        prefix = f"c-{number}-"
        boxes |= {
            f"{prefix}id": row["id"], **_rich(row, "text", prefix), **_rich(row, "feedback", prefix),
            f"{prefix}right": "yes" if shares[number] > 0 else "", f"{prefix}fixed": "yes" if row["fixed"] else "",
            f"{prefix}share": "" if shares == own else _percent(row["fraction"]),
        }  # fmt: skip
    return boxes


def _matching(document: Mapping[str, Any]) -> dict[str, str]:
    boxes: dict[str, str] = {}
    targets = {row["id"]: row for row in document["targets"]}
    target_of = {row["source"]: row["target"] for row in document["pairs"]}
    rows = [(row, targets.get(target_of.get(row["id"], ""))) for row in document["sources"]]
    rows += [(None, row) for row in document["targets"] if row["id"] not in set(target_of.values())]
    for number, (source, target) in enumerate(rows):
        prefix = f"m-{number}-"
        boxes[f"{prefix}source_th"] = ""
        for name, row in (("source", source), ("target", target)):
            if row is not None:
                boxes |= {f"{prefix}{name}_id": row["id"]}
                boxes |= {f"{prefix}{name}_{lang}": richtext.to_typed(row[f"text_{lang}"]) for lang in ("th", "en")}
    return boxes


def _ordering(document: Mapping[str, Any]) -> dict[str, str]:
    rows = {row["id"]: row for row in document["entries"]}
    boxes: dict[str, str] = {}
    for number, name in enumerate(name for name in document["order"] if name in rows):
        prefix = f"o-{number}-"
        boxes |= {f"{prefix}id": name, f"{prefix}place": str(number + 1), **_rich(rows[name], "text", prefix)}
    return boxes


def _numeric(document: Mapping[str, Any]) -> dict[str, str]:
    lines = [row["text"] if row["factor"] == "1" else f"{row['text']} = {row['factor']}" for row in document["units"]]
    boxes = {"units": "\n".join(lines), "unit_required": "yes" if document["unit_required"] else ""}
    for number, row in enumerate(document["answers"]):
        prefix = f"n-{number}-"
        edges = {name: row.get(name) or "" for name in ("value", "low", "high", "mode", "below", "above")}
        if row.get("mode") == "relative":
            edges |= {name: _percent(row[name]) for name in ("below", "above")}
        edges["above"] = "" if edges["above"] == edges["below"] else edges["above"]
        edges["below"] = "" if row.get("mode") == "exact" else edges["below"]
        ticks = {name: "yes" if row[name] else "" for name in ("low_open", "high_open")}
        boxes |= {f"{prefix}{name}": str(value) for name, value in (edges | ticks).items()}
        boxes |= {f"{prefix}share": _percent(row["fraction"]), **_rich(row, "feedback", prefix)}
    return boxes


def _texts(document: Mapping[str, Any]) -> dict[str, str]:
    boxes = {"exactly": "yes" if document["compare"] == "exact" else ""}
    for number, row in enumerate(document["answers"]):
        prefix = f"a-{number}-"
        ticks = {f"{prefix}{name}": "yes" if row[name] else "" for name in ("case", "wildcards")}
        boxes |= {f"{prefix}text": row["text"], f"{prefix}share": _percent(row["fraction"]), **ticks,
                  **_rich(row, "feedback", prefix)}  # fmt: skip
    return boxes


def _essay(document: Mapping[str, Any]) -> dict[str, str]:
    boxes = {name: str(document[name]) for name in ("min_words", "max_words", "lines", "template_th", "template_en")}
    boxes |= _rich(document, "model") | _rich(document, "note")
    for number, row in enumerate(document["rubric"]):
        prefix = f"r-{number}-"
        lines = [
            f"{level['points']}: {level['text_th']}" + (f" / {level['text_en']}" if level["text_en"] else "")
            for level in row["levels"]
        ]
        boxes |= {f"{prefix}{name}": row[name] for name in ("id", "name_th", "name_en", "points")}
        boxes[f"{prefix}levels"] = "\n".join(lines)
    return boxes


_BOXES = {"matching": _matching, "ordering": _ordering, "numeric": _numeric, "text": _texts, "essay": _essay}


def _rich(row: Mapping[str, Any], name: str, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}_{lang}": richtext.to_typed(row[f"{name}_{lang}"]) for lang in ("th", "en")}


def _exact(text: str) -> Fraction:
    try:
        return exact(text)
    except ValueError:
        return Fraction(0)


def _percent(text: str) -> str:
    try:
        return plain(exact(text) * 100)
    except ValueError:
        return text
