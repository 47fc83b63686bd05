"""What makes an exported question read back as the same item.

A format carries what it can: its own programs read that. What it cannot carry (a second language, a rubric) goes along as
an *extra*, our whole document, which only our readers open, and only while the visible question is still the one that was
exported: the extra names the digest of the document that the visible part reads as, and must mark alike.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from webapp.assessments.bank.document import cleaned, exact, problems
from webapp.assessments.bank.formats import Reading, letter
from webapp.assessments.bank.rules import interval
from webapp.assessments.ranking.scores import plain
from webapp.database import canonical_json

LARGEST_EXTRA = 4_000_000
PLACES = 6
"""Files carry decimals: a third of the points is 0.333333333 there."""
HUMAN = {
    "rubric",
    "model",
    "note",
    "template",
    "lines",
    "min_words",
    "max_words",
    "min_choices",
    "compare",
    "shuffle",
    "format",
    "points",
}
"""Keys that no automatic mark depends on (``compare`` differs only in how spellings of the same letters are read), and the points, which multiply them."""


def canonical(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with identifiers by place, so that two that ask and mark alike are equal."""
    found = json.loads(canonical_json(document))
    kind = found["type"]
    if kind in ("single", "multiple", "true-false"):
        _named(found["choices"], letter)
    elif kind == "ordering":
        place = {name: n for n, name in enumerate(found["order"])}
        found["entries"].sort(key=lambda row: place.get(row["id"], 0))
        _named(found["entries"], lambda n: f"e{n + 1}")
        found["order"] = [row["id"] for row in found["entries"]]
    elif kind == "matching":
        wanted = [pair["target"] for pair in found["pairs"]]
        found["targets"].sort(key=lambda row: wanted.index(row["id"]) if row["id"] in wanted else len(wanted))
        sources, targets = (_named(found[part], _by(part[0])) for part in ("sources", "targets"))
        pairs = [
            {**p, "source": sources.get(p["source"], ""), "target": targets.get(p["target"], "")}
            for p in found["pairs"]
        ]
        found["pairs"] = sorted(pairs, key=lambda p: (p["source"], p["target"]))
    return dict(found)


def _by(initial: str) -> Any:
    return lambda n: f"{initial}{n + 1:03}"


def _named(rows: list[dict[str, Any]], name: Any) -> dict[str, str]:
    """Rename the rows by their place; old name → new name."""
    names = {}
    for place, row in enumerate(rows):
        names[row["id"]] = row["id"] = name(place)
    return names


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents are the same item."""
    return canonical(one) == canonical(other)


def marks_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents give the same automatic marks: equal but for texts and what only people read."""
    return bool(_skeleton(_marking(canonical(one))) == _skeleton(_marking(canonical(other))))


def effective(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the shares that really count: cut at its bounds, and bounds that cut nothing taken away."""
    found = json.loads(canonical_json(document))
    kind, scoring = found["type"], found["scoring"]
    whole = scoring["rule"] == "all-or-nothing"
    if found.get("max_choices", 0) >= len(found.get("choices", ())):
        found["max_choices"] = 0
    if kind in ("essay", "ordering") or (whole and not found.get("max_choices")):
        scoring |= {"lower": None, "upper": "1", "default": "0"}
    elif kind in ("single", "true-false", "numeric", "text"):
        for row in (*found.get("choices", ()), *found.get("answers", ())):
            row["fraction"] = _cut(row["fraction"], scoring)
        default = _cut(scoring["default"], scoring) if "answers" in found else "0"
        scoring |= {"lower": None, "upper": "1", "default": default}
    if kind == "multiple" and not found["max_choices"]:
        scoring["default"] = "0"
    if kind in ("multiple", "matching") and not whole and scoring["lower"] is not None:
        worth = [row["fraction"] for row in found.get("choices") or found["pairs"]] + [scoring["default"]]
        scoring["lower"] = scoring["lower"] if any(exact(share) < 0 for share in worth) else None
    return dict(found)


def _cut(share: str, scoring: Mapping[str, Any]) -> str:
    value = min(exact(share), exact(scoring["upper"]))
    return plain(value if scoring["lower"] is None else max(value, exact(scoring["lower"])))


def _marking(document: dict[str, Any]) -> dict[str, Any]:
    """The canonical document in the plainest form that gives its marks."""
    document = effective(document)
    whole = document["scoring"]["rule"] == "all-or-nothing"
    for row in (*document.get("choices", ()), *document.get("pairs", ())):
        row["fraction"] = str(int(exact(row["fraction"]) > 0)) if whole else row["fraction"]
    if document["type"] == "text":
        for row in document["answers"]:
            row["text"] = row["text"] if row["wildcards"] else row["text"].replace("*", "\\*")
            row["wildcards"] = "*" in row["text"].replace("\\*", "")
    elif document["type"] == "numeric":
        document["answers"] = _spans(document["answers"])
    return document


def _spans(answers: list[dict[str, Any]]) -> list[list[Any]]:
    """Accepted numbers as low, high, open ends and share; one that an earlier one covers can never count."""
    found: list[list[Any]] = []
    for row in answers:
        low, high = interval(row)
        covered = any(
            (first is None or (low is not None and (low > first or (low == first and low_open <= row["low_open"]))))
            and (
                last is None or (high is not None and (high < last or (high == last and high_open <= row["high_open"])))
            )
            for first, last, low_open, high_open, _share in found
        )
        if not covered:
            opens = (low is not None and row["low_open"], high is not None and row["high_open"])
            found.append([low, high, *opens, exact(row["fraction"])])
    apart = sorted(found, key=lambda span: (span[0] is not None, span[0] or 0))
    return apart if all(_before(one, other) for one, other in pairwise(apart)) else found


def _before(one: list[Any], other: list[Any]) -> bool:
    """Whether a range ends before another begins, so that their order does not matter."""
    high, low = one[1], other[0]
    return high is not None and low is not None and (high < low or (high == low and (one[3] or other[2])))


def _skeleton(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: "single" if one == "true-false" else _skeleton(one)
            for key, one in value.items()
            if not key.endswith(("_th", "_en")) and key not in HUMAN and key != "fixed"
        }
    if isinstance(value, list):
        return [_skeleton(one) for one in value]
    try:
        return round(exact(value), PLACES) if isinstance(value, str | Fraction) else value
    except ValueError:
        return value


def digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(canonical(document)).encode()).hexdigest()


def packed(document: Mapping[str, Any], visible: Mapping[str, Any]) -> str:
    """The extra of an exported question, as letters that any format can carry."""
    text = canonical_json({"visible": digest(visible), "document": document})
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(extra: str, visible: Mapping[str, Any]) -> dict[str, Any] | None:
    """The document of an extra that belongs to this visible question and marks alike; None for any other."""
    try:
        stream = zlib.decompressobj()
        text = stream.decompress(base64.urlsafe_b64decode("".join(extra.split())), LARGEST_EXTRA)
        if stream.unconsumed_tail:
            return None
        found = json.loads(text)
        document = cleaned(found["document"])
        fits = found["visible"] == digest(visible) and not problems(document) and marks_alike(document, visible)
        return document if fits else None
    except (ValueError, KeyError, TypeError, zlib.error, RecursionError):
        return None


def kept(document: Mapping[str, Any], reading: Reading) -> bool:
    """Whether what was written reads back as the same item."""
    return len(reading.items) == 1 and same(reading.items[0].document, document)


def primary(document: Mapping[str, Any]) -> str:
    """The language in which a format of one language shows the item: that of the stem, Thai first."""
    return "th" if document["stem_th"] else "en"


def said(row: Mapping[str, Any], name: str, language: str) -> str:
    """A text in the language, or in the other where there is none."""
    other = "en" if language == "th" else "th"
    return str(row.get(f"{name}_{language}") or row.get(f"{name}_{other}") or "")
