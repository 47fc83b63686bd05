"""The item editor's input: flat boxes read into a document. What cannot be used yet is kept: a draft may be unfinished.

Rows are numbered, ``c-0-text_th``; an empty row is left out. Shares of the points are typed in per cent, ``100/3`` for a third.
Parts that the boxes cannot say (imported pairings, say) stay as they are.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from webapp import thai
from webapp.assessments.bank import richtext
from webapp.assessments.bank.boxes import LETTERS, automatic, is_plain_matching
from webapp.assessments.bank.document import CHOICE_TYPES, FEEDBACKS, cleaned, exact
from webapp.assessments.plans.forms import count_of
from webapp.assessments.ranking.scores import plain

LONGEST = 20_000


class Typed:
    """What was typed; ``errors`` says at each box what would be right."""

    def __init__(self, boxes: Mapping[str, str]) -> None:
        self.boxes = boxes
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        text = self.boxes.get(name) or ""
        if len(text) > LONGEST:
            self.errors[name] = _("ยาวเกิน %(count)s ตัวอักษร", count=LONGEST)
        return text[:LONGEST].strip()

    def rich(self, name: str) -> str:
        return richtext.from_typed(self.text(name))

    def pair(self, prefix: str, name: str, to: str = "", *, rich: bool = True) -> dict[str, str]:
        """Both languages of a text, boxes ``prefix + name + _th`` and ``_en``."""
        read = self.rich if rich else self.text
        return {f"{to or name}_{language}": read(f"{prefix}{name}_{language}") for language in ("th", "en")}

    def tick(self, name: str) -> bool:
        return bool(self.boxes.get(name))

    def number(self, name: str, default: str = "") -> str:
        """The number as exact text; what is none is named at its box."""
        text = thai.arabic_digits(self.text(name)).replace(",", "").replace("−", "-")
        if not text:
            return default
        try:
            return plain(exact(text))
        except ValueError:
            self.errors[name] = _("ต้องเป็นตัวเลข เช่น 60 หรือ 62.5")
            return default

    def share(self, name: str, default: str = "") -> str:
        """A share of the points, typed in per cent."""
        text = self.number(name)
        return plain(exact(text) / 100) if text else default

    def rows(self, letter: str) -> list[str]:
        """The prefixes of the rows with this letter."""
        return [f"{letter}-{number}-" for number in range(count_of(self.boxes, letter, LETTERS[letter]))]


def read_item(boxes: Mapping[str, str], before: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The document that was typed, and what is wrong at which box. ``before`` is the document as it was (its type stays)."""
    typed, kind = Typed(boxes), before["type"]
    raw: dict[str, Any] = {
        **before, "points": typed.number("points", "1"), "shuffle": typed.tick("shuffle"),
        **typed.pair("", "title", rich=False), **typed.pair("", "stem"), "scoring": _scoring(typed, before),
    }  # fmt: skip
    for name in FEEDBACKS:
        raw |= typed.pair("", name)
    if kind in CHOICE_TYPES:
        raw |= _choices(typed, kind, raw["scoring"]["rule"])
    elif kind == "matching" and is_plain_matching(before):
        raw |= _matching(typed, before)
    elif kind == "ordering":
        raw |= _ordering(typed)
    elif kind == "numeric":
        raw |= _numeric(typed)
    elif kind == "text":
        raw |= _texts(typed)
    elif kind == "essay":
        raw |= _essay(typed)
    return cleaned(raw), typed.errors


def _scoring(typed: Typed, before: Mapping[str, Any]) -> dict[str, Any]:
    old = before["scoring"]
    if "lower" not in typed.boxes:  # the type has no such boxes
        return {**old, "rule": typed.text("rule") or old["rule"]}
    lower = typed.share("lower")
    return {
        "rule": typed.text("rule") or old["rule"], "lower": lower or None, "upper": typed.share("upper", "1"),
        "default": typed.share("default", old["default"]), "unanswered": old["unanswered"],
    }  # fmt: skip


def _choices(typed: Typed, kind: str, rule: str) -> dict[str, Any]:
    rows = []
    for prefix in typed.rows("c"):
        row = {
            "id": typed.text(f"{prefix}id"), **typed.pair(prefix, "text"), "fixed": typed.tick(f"{prefix}fixed"),
            **typed.pair(prefix, "feedback"),
        }  # fmt: skip
        if kind == "true-false" or row["text_th"] or row["text_en"]:
            rows.append((prefix, row))
    right = sum(typed.tick(f"{prefix}right") for prefix, _row in rows)
    for prefix, row in rows:
        ticked = typed.tick(f"{prefix}right")
        row["fraction"] = typed.share(f"{prefix}share", plain(automatic(kind, rule, ticked, right)))
        if (exact(row["fraction"]) > 0) != ticked:
            typed.errors[f"{prefix}share"] = _(
                "ตัวเลือกที่ทำเครื่องหมายว่าถูกต้องได้มากกว่า 0 ตัวเลือกอื่นต้องไม่เกิน 0 เว้นว่างไว้ให้คิดเองก็ได้"
            )
    _name_new([row for _prefix, row in rows], "abcdefghijklmnopqrstuvwxyz")
    whole = {name: typed.number(name, "0") for name in ("min_choices", "max_choices")} if kind == "multiple" else {}
    return {"choices": [row for _prefix, row in rows], **whole}


def _name_new(rows: list[dict[str, Any]], names: str) -> None:
    """An identifier for each new row, one that no other has."""
    taken = {row["id"] for row in rows if row["id"]}
    free = (name for name in [*names, *(f"x{number}" for number in range(1, 300))] if name not in taken)
    for row in rows:
        row["id"] = row["id"] or next(free)


def _matching(typed: Typed, before: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of pairs; a right side alone is a distractor; the same right side twice is one target."""
    sources: list[dict[str, Any]] = []
    targets: dict[tuple[str, str], dict[str, Any]] = {}
    joined = []
    for prefix in typed.rows("m"):
        source = {"id": typed.text(f"{prefix}source_id"), **typed.pair(prefix, "source", "text")}
        target = {"id": typed.text(f"{prefix}target_id"), **typed.pair(prefix, "target", "text")}
        if not (target["text_th"] or target["text_en"]):
            if source["text_th"] or source["text_en"]:
                typed.errors[f"{prefix}target_th"] = _("ต้องระบุคำตอบที่จับคู่")
            continue
        target = targets.setdefault((target["text_th"], target["text_en"]), target)
        if source["text_th"] or source["text_en"]:
            sources.append(source)
            joined.append((source, target))
    kept = list(targets.values())
    ids = [row["id"] for row in kept]
    for number, row in enumerate(kept):
        row["id"] = "" if row["id"] in ids[:number] else row["id"]
    _name_new(sources, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    _name_new(kept, "abcdefghijklmnopqrstuvwxyz")
    share = plain(Fraction(1, max(len(joined), 1)))
    pairs = [{"source": source["id"], "target": target["id"], "fraction": share} for source, target in joined]
    return {"sources": sources, "targets": kept, "pairs": pairs}


def _ordering(typed: Typed) -> dict[str, Any]:
    rows = []
    for number, prefix in enumerate(typed.rows("o")):
        row = {"id": typed.text(f"{prefix}id"), **typed.pair(prefix, "text")}
        if row["text_th"] or row["text_en"]:
            place = typed.number(f"{prefix}place", str(number + 1))
            rows.append((exact(place), number, row))
    rows.sort(key=lambda found: found[:2])
    entries = [row for _place, _number, row in rows]
    _name_new(entries, "")
    return {"entries": entries, "order": [row["id"] for row in entries]}


def _numeric(typed: Typed) -> dict[str, Any]:
    answers = []
    for prefix in typed.rows("n"):
        value, low, high = (typed.number(f"{prefix}{name}") for name in ("value", "low", "high"))
        if not (value or low or high):
            continue
        row: dict[str, Any] = {
            "fraction": typed.share(f"{prefix}share", "1"), **typed.pair(prefix, "feedback"),
            **{f"{name}_open": typed.tick(f"{prefix}{name}_open") for name in ("low", "high")},
        }  # fmt: skip
        if value:
            mode = typed.text(f"{prefix}mode")
            read = typed.share if mode == "relative" else typed.number
            below = read(f"{prefix}below", "0")
            row |= {"value": value, "mode": mode, "below": below, "above": read(f"{prefix}above", below)}
        else:
            row |= {"low": low or None, "high": high or None}
        answers.append(row)
    units = []
    for line in typed.text("units").splitlines():
        name, _equals, factor = line.partition("=")
        if name.strip():
            units.append({"text": name, "factor": thai.arabic_digits(factor).replace(",", "").strip() or "1"})
    return {"answers": answers, "units": units, "unit_required": typed.tick("unit_required")}


def _texts(typed: Typed) -> dict[str, Any]:
    answers = [
        {"text": typed.text(f"{prefix}text"), "fraction": typed.share(f"{prefix}share", "1"),
         "case": typed.tick(f"{prefix}case"), "wildcards": typed.tick(f"{prefix}wildcards"),
         **typed.pair(prefix, "feedback")}
        for prefix in typed.rows("a")
        if typed.text(f"{prefix}text")
    ]  # fmt: skip
    return {"answers": answers, "compare": "exact" if typed.tick("exactly") else "normalized"}


def _essay(typed: Typed) -> dict[str, Any]:
    rubric = []
    for prefix in typed.rows("r"):
        names = typed.pair(prefix, "name", rich=False)
        if names["name_th"] or names["name_en"]:
            rubric.append({"id": typed.text(f"{prefix}id"), **names, "points": typed.number(f"{prefix}points", "1"),
                           "levels": _levels(typed, f"{prefix}levels")})  # fmt: skip
    _name_new(rubric, "")
    numbers = {name: typed.number(name, default) for name, default in
               (("min_words", "0"), ("max_words", "0"), ("lines", "15"))}  # fmt: skip
    texts = {**typed.pair("", "model"), **typed.pair("", "note"), **typed.pair("", "template", rich=False)}
    return {"rubric": rubric, **texts, **numbers}


def _levels(typed: Typed, name: str) -> list[dict[str, str]]:
    """One level to a line, ``6: ครบถ้วน / complete`` (the English after a slash with spaces, if any)."""
    found = []
    for line in typed.text(name).splitlines():
        points, colon, words = line.partition(":")
        try:
            number = plain(exact(thai.arabic_digits(points))) if colon else ""
        except ValueError:
            number = ""
        if line.strip() and not number:
            typed.errors[name] = _("เขียนบรรทัดละหนึ่งระดับ เช่น 10: ครบถ้วนและนำไปใช้ได้จริง")
        elif line.strip():
            text_th, _slash, text_en = words.partition(" / ")
            found.append({"points": number, "text_th": text_th, "text_en": text_en})
    return found
