"""Marking: an item document and a response give a mark, exactly, with what each part of the response earned.

No rounding here: points are fractions. The rules by type stand in the package's docstring.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from webapp import thai
from webapp.assessments.bank.document import exact
from webapp.assessments.bank.orders import share_in_order
from webapp.assessments.bank.responses import Document, tidy

STATES = ("unanswered", "correct", "partial", "wrong", "to-mark")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a response (or one that is missing) and what it earned.

    ``code``: right, wrong, missed (right and not given), default (not listed), range (the answer that fits),
    no-number, unit-missing, too-many, in-place, out-of-place, rubric. ``key`` names the choice, the pair
    (``source target``), the entry, the answer's number or the criterion.
    """

    key: str
    code: str
    fraction: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a response earned: points of the item's maximum, as a share, and part by part.

    ``points`` and ``fraction`` are None while a person has still to mark (state ``to-mark``). ``raw`` is the share before
    the bounds, where they changed it.
    """

    state: str
    maximum: Fraction
    fraction: Fraction | None
    parts: tuple[Part, ...] = ()
    raw: Fraction | None = None

    @property
    def points(self) -> Fraction | None:
        return None if self.fraction is None else self.fraction * self.maximum


def score(document: Document, response: Any) -> Mark:
    """The mark of any response to a document without problems. Never fails: what does not fit is no answer."""
    given = tidy(document, response)
    maximum = exact(document["points"])
    if not given:
        return Mark("unanswered", maximum, exact(document["scoring"]["unanswered"]), tuple(_missed(document, set())))
    kind = document["type"]
    if kind == "essay":
        return Mark("to-mark", maximum, None)
    raw, parts = _BY_TYPE[kind](document, given)
    return _bounded(document, maximum, raw, parts)


def _bounded(document: Document, maximum: Fraction, raw: Fraction, parts: list[Part]) -> Mark:
    """The share kept within the document's bounds."""
    scoring = document["scoring"]
    share = min(raw, exact(scoring["upper"]))
    if scoring["lower"] is not None:
        share = max(share, exact(scoring["lower"]))
    state = "correct" if share == exact(scoring["upper"]) else "partial" if share > 0 else "wrong"
    return Mark(state, maximum, share, tuple(parts), raw if raw != share else None)


def lowest(document: Document) -> Fraction | None:
    """The lower bound of any answer's share; None where there is none."""
    lower = document["scoring"]["lower"]
    return None if lower is None else exact(lower)


def rubric_mark(document: Document, given: Mapping[str, Any]) -> Mark | None:
    """An essay's mark by its rubric: Σ points given ÷ Σ points of the criteria. None while a criterion is not marked.

    ``given`` holds points by criterion (``""`` where there is no rubric, then of the item's points). Raises ``ValueError``
    for points below 0 or above the criterion's.
    """
    maximum = exact(document["points"])
    rows = document["rubric"] or [{"id": "", "points": document["points"]}]
    if any(given.get(row["id"]) in (None, "") for row in rows):
        return None
    whole = sum((exact(row["points"]) for row in rows), Fraction())
    parts = []
    for row in rows:
        points = exact(given[row["id"]])
        if not 0 <= points <= exact(row["points"]):
            raise ValueError(f"points of {row['id']!r} are from 0 to {row['points']}")
        parts.append(Part(row["id"], "rubric", points / whole))
    share = sum((part.fraction for part in parts), Fraction())
    return Mark("correct" if share == 1 else "partial" if share else "wrong", maximum, share, tuple(parts))


# -- by type: the share before the bounds, and its parts


def _missed(document: Document, given: set[str]) -> list[Part]:
    """Right choices or pairs that were not given."""
    if document["type"] == "matching":
        rows = [(f"{row['source']} {row['target']}", row["fraction"]) for row in document["pairs"]]
    else:
        rows = [(row["id"], row["fraction"]) for row in document.get("choices", ())]
    return [Part(key, "missed", exact(fraction)) for key, fraction in rows if key not in given and exact(fraction) > 0]


def _single(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    fraction = next(exact(row["fraction"]) for row in document["choices"] if row["id"] == given["choice"])
    part = Part(given["choice"], "right" if fraction > 0 else "wrong", fraction)
    return fraction, [part, *(_missed(document, {given["choice"]}) if fraction < 1 else ())]


def _multiple(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    chosen = set(given["choices"])
    if document["max_choices"] and len(chosen) > document["max_choices"]:
        return exact(document["scoring"]["default"]), [Part("", "too-many")]
    worth = {row["id"]: exact(row["fraction"]) for row in document["choices"]}
    return _sum_or_all(document, [(name, worth[name]) for name in given["choices"]], worth)


def _matching(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    worth = {f"{row['source']} {row['target']}": exact(row["fraction"]) for row in document["pairs"]}
    default = exact(document["scoring"]["default"])
    pairs = [" ".join(pair) for pair in given["pairs"]]
    return _sum_or_all(document, [(pair, worth.get(pair, default)) for pair in pairs], worth)


def _sum_or_all(
    document: Document, given: list[tuple[str, Fraction]], worth: Mapping[str, Fraction]
) -> tuple[Fraction, list[Part]]:
    names = {name for name, _fraction in given}
    missed = _missed(document, names)
    if document["scoring"]["rule"] == "sum":
        parts = [Part(name, "right" if fraction > 0 else "wrong", fraction) for name, fraction in given]
        return sum((fraction for _name, fraction in given), Fraction()), parts + missed
    right = {name for name, fraction in worth.items() if fraction > 0}
    parts = [Part(name, "right" if name in right else "wrong") for name in (name for name, _fraction in given)]
    return Fraction(names == right), parts + missed


def _ordering(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    right, places = document["order"], given["order"]
    good, of = share_in_order(document["scoring"]["rule"], right, places)
    parts = [
        Part(name, "in-place" if at < len(places) and places[at] == name else "out-of-place")
        for at, name in enumerate(right)
    ]
    return Fraction(good, of) if of else Fraction(0), parts


def _numeric(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    default = exact(document["scoring"]["default"])
    number, unit = read_number(given["value"])
    if number is None:
        return default, [Part("", "no-number", default)]
    units = {_folded(row["text"]): exact(row["factor"]) for row in document["units"]}
    if not unit and document["unit_required"]:
        return default, [Part("", "unit-missing", default)]
    if unit and units.get(_folded(unit)) is None:
        return default, [Part("", "unit-unknown" if units else "no-number", default)]
    number *= units[_folded(unit)] if unit else 1
    for place, answer in enumerate(document["answers"]):
        if fits(answer, number):
            fraction = exact(answer["fraction"])
            return fraction, [Part(str(place), "range", fraction)]
    return default, [Part("", "default", default)]


def _texts(document: Document, given: dict[str, Any]) -> tuple[Fraction, list[Part]]:
    for place, answer in enumerate(document["answers"]):
        if matches(answer, given["text"], document["compare"]):
            fraction = exact(answer["fraction"])
            return fraction, [Part(str(place), "range", fraction)]
    default = exact(document["scoring"]["default"])
    return default, [Part("", "default", default)]


_BY_TYPE = {
    "single": _single, "true-false": _single, "multiple": _multiple, "matching": _matching, "ordering": _ordering,
    "numeric": _numeric, "text": _texts,
}  # fmt: skip


# -- numbers and texts as people type them

_TYPED_NUMBER = re.compile(
    r"\s*([+-]?)\s*(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})"
    r"(?:\s*/\s*(\d{1,40})(?![\d.]))?(?:[eE]([+-]?\d{1,2})(?!\d))?\s*(.*)",
    re.DOTALL,
)


def read_number(text: str) -> tuple[Fraction | None, str]:
    """The number that was typed and what follows it (its unit): ``๑,๒๕๐.๕๐ บาท`` is 1250.5 and ``บาท``."""
    typed = thai.arabic_digits(thai.normalized(text)).replace("−", "-").replace("–", "-")
    found = _TYPED_NUMBER.fullmatch(typed)
    if not found or (found[3] is not None and int(found[3]) == 0):
        return None, ""
    number = Fraction(found[2].replace(",", "")) / int(found[3] or 1) * Fraction(10) ** int(found[4] or 0)
    return (-number if found[1] == "-" else number), found[5].strip()


def interval(answer: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest number that an answer accepts; None where it is open to that side."""
    if "value" not in answer:
        low, high = answer["low"], answer["high"]
        return None if low is None else exact(low), None if high is None else exact(high)
    value = exact(answer["value"])
    scale = abs(value) if answer["mode"] == "relative" else 1
    return value - exact(answer["below"]) * scale, value + exact(answer["above"]) * scale


def fits(answer: Mapping[str, Any], number: Fraction) -> bool:
    """Whether a number lies within what the answer accepts; its ends count unless they are open."""
    low, high = interval(answer)
    if low is not None and (number < low or (number == low and answer["low_open"])):
        return False
    return high is None or not (number > high or (number == high and answer["high_open"]))


def matches(answer: Mapping[str, Any], text: str, compare: str) -> bool:
    """Whether a typed text is an accepted one; ``*`` of the answer stands for any letters, ``\\*`` for a star."""
    pattern, typed = str(answer["text"]), text
    pieces = [pattern]
    if answer["wildcards"]:
        pieces = [piece.replace("\x00", "*") for piece in pattern.replace("\\*", "\x00").split("*")]
    if compare == "normalized":
        typed = thai.arabic_digits(thai.normalized(typed))
        pieces = [_spelled(piece, number, len(pieces)) for number, piece in enumerate(pieces)]
    else:
        typed = typed.strip()
    if not answer["case"]:
        typed, pieces = typed.casefold(), [piece.casefold() for piece in pieces]
    return _glob(pieces, typed)


def _spelled(piece: str, number: int, count: int) -> str:
    """A piece between stars in its one spelling; spaces beside a star stay, those at the ends of the whole go."""
    kept = thai.arabic_digits(thai.normalized(piece))
    before = " " if number and piece[:1].isspace() else ""
    after = " " if number < count - 1 and piece[-1:].isspace() and kept else ""
    return f"{before}{kept}{after}"


def _glob(pieces: list[str], text: str) -> bool:
    """Whether the text is the pieces in order with anything between them: first piece first, last piece last."""
    if len(pieces) == 1:
        return text == pieces[0]
    first, *middle, last = pieces
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _folded(unit: str) -> str:
    return thai.normalized(unit).casefold()
