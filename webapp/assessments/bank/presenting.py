"""What a candidate gets of an item: no key, its parts in an order of their own, under numbers that tell nothing.

The order comes from a seed (the attempt's, say), so that the same person sees the same order again on any computer. The
browser sees numbers only: identifiers may tell the right order, and never leave the server.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.assessments.bank.responses import Document, Response, tidy

PARTS = {"single": ("choices",), "true-false": ("choices",), "multiple": ("choices",),
         "matching": ("sources", "targets"), "ordering": ("entries",)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A choice, source, target or entry as shown: its number on the page and its texts."""

    number: str
    text_th: str
    text_en: str
    id: str = field(repr=False)
    """For the server alone."""


@dataclass(frozen=True)
class Presentation:
    """An item for one candidate. Read a posted form with :meth:`read`, fill it again with :meth:`typed`."""

    document: Document
    parts: Mapping[str, tuple[Shown, ...]]

    @property
    def type(self) -> str:
        return str(self.document["type"])

    @property
    def many_pairs(self) -> bool:
        """Whether a source may take several targets, so that a grid of boxes is needed."""
        return any(row["max"] != 1 for row in self.document.get("sources", ()))

    def read(self, form: Mapping[str, Any], prefix: str) -> Response:
        """The response in a posted form whose boxes are named ``prefix``, ``prefix-…`` (a MultiDict or a dict of lists)."""
        return tidy(self.document, self._read(form, prefix))

    def _read(self, form: Mapping[str, Any], prefix: str) -> Response:
        kind = self.type
        if kind in ("single", "true-false"):
            return {"choice": self._id("choices", _one(form, prefix))}
        if kind == "multiple":
            return {"choices": [self._id("choices", number) for number in _all(form, prefix)]}
        if kind == "matching":
            asked = [(row.id, _all(form, f"{prefix}-{row.number}")) for row in self.parts["sources"]]
            return {"pairs": [[name, self._id("targets", number)] for name, numbers in asked for number in numbers]}
        if kind == "ordering":
            return {"order": self._order(form, prefix)}
        return {"value" if kind == "numeric" else "text": _one(form, prefix)}

    def _order(self, form: Mapping[str, Any], prefix: str) -> list[str | None]:
        """Each entry at the place typed beside it; of two with the same place the first stands, the other is unplaced."""
        entries = self.parts["entries"]
        places: list[str | None] = [None] * len(entries)
        for entry in entries:
            typed = _one(form, f"{prefix}-{entry.number}")
            place = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
            if 0 < place <= len(places) and places[place - 1] is None:
                places[place - 1] = entry.id
        return places

    def _id(self, part: str, number: str) -> str:
        return next((shown.id for shown in self.parts[part] if shown.number == number), "")

    def typed(self, response: Any, prefix: str) -> dict[str, list[str]]:
        """The boxes of a form as they stand for a response: name → values."""
        given, kind = tidy(self.document, response), self.type
        if not given:
            return {}
        if kind in ("single", "true-false"):
            return {prefix: [self._number("choices", given["choice"])]}
        if kind == "multiple":
            return {prefix: [self._number("choices", name) for name in given["choices"]]}
        if kind == "matching":
            boxes: dict[str, list[str]] = {}
            for source, target in given["pairs"]:
                boxes.setdefault(f"{prefix}-{self._number('sources', source)}", []).append(
                    self._number("targets", target)
                )
            return boxes
        if kind == "ordering":
            return {
                f"{prefix}-{self._number('entries', name)}": [str(place)]
                for place, name in enumerate(given["order"], 1)
                if name is not None
            }
        return {prefix: [given["value" if kind == "numeric" else "text"]]}

    def _number(self, part: str, name: str) -> str:
        return next(shown.number for shown in self.parts[part] if shown.id == name)


def present(document: Document, seed: str) -> Presentation:
    """The item as the holder of ``seed`` sees it: shuffled if the item says so (an ordering always), fixed parts kept."""
    parts = {}
    for name in PARTS.get(document["type"], ()):
        rows = list(document[name])
        if (document["shuffle"] and document["type"] != "true-false") or name == "entries":
            rows = _shuffled(rows, f"{seed}:{name}")
        parts[name] = tuple(
            Shown(str(number), row["text_th"], row["text_en"], row["id"]) for number, row in enumerate(rows, 1)
        )
    return Presentation(document, parts)


def _shuffled(rows: Sequence[Mapping[str, Any]], seed: str) -> list[Mapping[str, Any]]:
    """The rows in the seed's order, the fixed ones where they stood."""
    free = sorted(
        (row for row in rows if not row.get("fixed")),
        key=lambda row: hashlib.sha256(f"{seed}:{row['id']}".encode()).digest(),
    )
    waiting = iter(free)
    return [row if row.get("fixed") else next(waiting) for row in rows]


def without_key(document: Document) -> dict[str, Any]:
    """The document as whoever may not see the answer key gets it: nothing in it tells what is right.

    Fractions, pairs, the right order, answers, rubric levels, model answer, notes and every feedback are gone; parts stand
    in an order that does not depend on the key.
    """
    kept = {name: document[name] for name in ("format", "type", "title_th", "title_en", "stem_th", "stem_en", "points")}
    kept["shuffle"] = document["shuffle"]
    for name in PARTS.get(document["type"], ()):
        rows = (
            document[name] if name == "choices" else _shuffled([{**row, "fixed": False} for row in document[name]], "")
        )
        kept[name] = [{"text_th": row["text_th"], "text_en": row["text_en"]} for row in rows]
    for name in (
        "units",
        "template_th",
        "template_en",
        "min_words",
        "max_words",
        "lines",
        "min_choices",
        "max_choices",
    ):
        if name in document:
            kept[name] = document[name]
    if document["type"] == "numeric":
        kept["units"] = [{"text": row["text"]} for row in document["units"]]
    return kept


def _one(form: Mapping[str, Any], name: str) -> str:
    found = _all(form, name)
    return found[0] if found else ""


def _all(form: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(form, "getlist"):
        return [str(value) for value in form.getlist(name)]
    found = form.get(name, [])
    return [str(value) for value in (found if isinstance(found, list | tuple) else [found])]
