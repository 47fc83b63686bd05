"""The item document: brought into its one form, and everything that is wrong with it.

Pure: values in, values out. The form itself is described in the package's docstring.
"""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from webapp.assessments.bank import richtext
from webapp.assessments.ranking.scores import plain

FORMAT = 1
TYPES = ("single", "multiple", "true-false", "matching", "ordering", "numeric", "text", "essay")
CHOICE_TYPES = ("single", "multiple", "true-false")
ORDER_RULES = (
    "all-or-nothing", "position", "next", "next-or-last", "neighbors", "all-pairs", "longest-run", "longest-block",
    "distance",
)  # fmt: skip
RULES = {
    "single": ("sum",), "true-false": ("sum",), "multiple": ("sum", "all-or-nothing"),
    "matching": ("sum", "all-or-nothing"), "ordering": ORDER_RULES, "numeric": ("sum",), "text": ("sum",),
    "essay": ("rubric",),
}  # fmt: skip
FEEDBACKS = ("feedback", "feedback_correct", "feedback_partial", "feedback_incorrect")
MOST_PARTS = 200
"""Choices, pairs, entries or answers of one item; no paper shows more."""
LONGEST_TEXT = 50_000
LARGEST_POINTS = Fraction(1000)
LARGEST_FRACTION = Fraction(100)
"""A mapped value may be larger than full marks where another takes away or a bound cuts it."""

_NUMBER = re.compile(r"([+-]?\d{1,40}(?:\.\d{0,40})?|[+-]?\.\d{1,40})(?:[eE]([+-]?\d{1,2}))?")
_RATIO = re.compile(r"([+-]?\d{1,40})/(\d{1,40})")


class Problem(NamedTuple):
    """Something wrong with a document: where, what kind, and the values that belong in the sentence."""

    path: str
    code: str
    values: Mapping[str, Any] = {}


def exact(value: object) -> Fraction:
    """The exact number written as ``12``, ``0.25``, ``1e3`` or ``-1/3``. Raises ``ValueError`` for anything else."""
    return _exact(str(value).strip())


@lru_cache(maxsize=4096)
def _exact(text: str) -> Fraction:
    """Kept, because marking a whole exam reads the same few numbers thousands of times."""
    if (ratio := _RATIO.fullmatch(text)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    if number := _NUMBER.fullmatch(text):
        return Fraction(number[1]) * Fraction(10) ** int(number[2] or 0)
    raise ValueError(f"not an exact number: {text[:60]!r}")


def cleaned(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The document in its one form: defaults filled in, unknown keys dropped, markup sanitized, numbers as plain text.

    What cannot be read stays as its text, so that :func:`problems` can name it.
    """
    kind = _text(raw.get("type"))
    found: dict[str, Any] = {
        "format": FORMAT, "type": kind, **_pair(raw, "title", _plain), **_pair(raw, "stem", richtext.cleaned),
        "points": _number(raw.get("points"), "1"), "shuffle": bool(raw.get("shuffle", True)),
        "scoring": _scoring(raw.get("scoring"), kind),
    }  # fmt: skip
    for name in FEEDBACKS:
        found |= _pair(raw, name, richtext.cleaned)
    if kind in CHOICE_TYPES:
        found["choices"] = [_choice(row) for row in _rows(raw, "choices")]
        if kind == "multiple":
            found |= {name: _whole(raw.get(name), 0) for name in ("min_choices", "max_choices")}
    elif kind == "matching":
        found |= _matching(raw)
    elif kind == "ordering":
        found["entries"] = [{"id": _text(row.get("id")), **_pair(row, "text", richtext.cleaned)} for row in
                            _rows(raw, "entries")]  # fmt: skip
        found["order"] = [_text(name) for name in _list(raw.get("order"))]
    elif kind == "numeric":
        found["answers"] = [_numeric_answer(row) for row in _rows(raw, "answers")]
        found["units"] = [{"text": _plain(row.get("text")), "factor": _number(row.get("factor"), "1")} for row in
                          _rows(raw, "units")]  # fmt: skip
        found["unit_required"] = bool(raw.get("unit_required"))
    elif kind == "text":
        found["answers"] = [_text_answer(row) for row in _rows(raw, "answers")]
        found["compare"] = "exact" if raw.get("compare") == "exact" else "normalized"
    elif kind == "essay":
        found |= _essay(raw)
    return found


def _scoring(raw: Any, kind: str) -> dict[str, Any]:
    given = raw if isinstance(raw, Mapping) else {}
    default = RULES.get(kind, ("sum",))[0]
    lower = given.get("lower", "0")
    return {
        "rule": _text(given.get("rule")) or default, "lower": None if lower is None else _number(lower, "0"),
        "upper": _number(given.get("upper"), "1"), "default": _number(given.get("default"), "0"),
        "unanswered": _number(given.get("unanswered"), "0"),
    }  # fmt: skip


def _choice(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": _text(row.get("id")), **_pair(row, "text", richtext.cleaned), "fraction": _number(row.get("fraction"), "0"),
        "fixed": bool(row.get("fixed")), **_pair(row, "feedback", richtext.cleaned),
    }  # fmt: skip


def _matching(raw: Mapping[str, Any]) -> dict[str, Any]:
    def side(name: str, most: int) -> list[dict[str, Any]]:
        return [
            {"id": _text(row.get("id")), **_pair(row, "text", richtext.cleaned), "fixed": bool(row.get("fixed")),
             "max": _whole(row.get("max"), most)}
            for row in _rows(raw, name)
        ]  # fmt: skip

    pairs = [
        {"source": _text(row.get("source")), "target": _text(row.get("target")),
         "fraction": _number(row.get("fraction"), "0")}
        for row in _rows(raw, "pairs")
    ]  # fmt: skip
    return {"sources": side("sources", 1), "targets": side("targets", 0), "pairs": pairs}


def _numeric_answer(row: Mapping[str, Any]) -> dict[str, Any]:
    rest = {
        "low_open": bool(row.get("low_open")), "high_open": bool(row.get("high_open")),
        "fraction": _number(row.get("fraction"), "1"), **_pair(row, "feedback", richtext.cleaned),
    }  # fmt: skip
    if "value" not in row:
        return {name: None if row.get(name) is None else _number(row[name], "") for name in ("low", "high")} | rest
    mode = row.get("mode") if row.get("mode") in ("absolute", "relative") else "exact"
    edges = {name: "0" if mode == "exact" else _number(row.get(name), "0") for name in ("below", "above")}
    return {"value": _number(row["value"], ""), "mode": mode, **edges, **rest}


def _text_answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": str(row.get("text") or "")[:LONGEST_TEXT], "fraction": _number(row.get("fraction"), "1"),
        "case": bool(row.get("case")), "wildcards": bool(row.get("wildcards", True)),
        **_pair(row, "feedback", richtext.cleaned),
    }  # fmt: skip


def _essay(raw: Mapping[str, Any]) -> dict[str, Any]:
    rubric = []
    for row in _rows(raw, "rubric"):
        levels = [{"points": _number(level.get("points"), "0"), **_pair(level, "text", _plain)} for level in
                  _rows(row, "levels")]  # fmt: skip
        rubric.append({"id": _text(row.get("id")), **_pair(row, "name", _plain),
                       "points": _number(row.get("points"), "1"), "levels": levels})  # fmt: skip
    return {
        "rubric": rubric, **_pair(raw, "model", richtext.cleaned), **_pair(raw, "note", richtext.cleaned),
        **_pair(raw, "template", _lines), "min_words": _whole(raw.get("min_words"), 0),
        "max_words": _whole(raw.get("max_words"), 0), "lines": _whole(raw.get("lines"), 15),
    }  # fmt: skip


# -- what is wrong with it


def problems(document: Mapping[str, Any]) -> list[Problem]:
    """Everything that keeps a :func:`cleaned` document from being used; none when it can be."""
    kind = document["type"]
    if kind not in TYPES:
        return [Problem("type", "unknown-type", {"found": kind})]
    found: list[Problem] = []
    if not (richtext.says_something(document["stem_th"]) or richtext.says_something(document["stem_en"])):
        found.append(Problem("stem_th", "no-stem"))
    points = _number_problem(found, document["points"], "points")
    if points is not None and not 0 < points <= LARGEST_POINTS:
        found.append(Problem("points", "out-of-range", {"least": 0, "most": int(LARGEST_POINTS)}))
    if document["scoring"]["rule"] not in RULES[kind]:
        found.append(Problem("scoring.rule", "unknown-rule", {"found": document["scoring"]["rule"]}))
    _bounds(found, document["scoring"])
    _PARTS[kind](found, document)
    lists = ("choices", "sources", "targets", "pairs", "entries", "answers", "rubric")
    too_many = [name for name in lists if len(document.get(name, ())) > MOST_PARTS]
    return found + [Problem(name, "too-many", {"most": MOST_PARTS}) for name in too_many]


def _bounds(found: list[Problem], scoring: Mapping[str, Any]) -> None:
    lower = None if scoring["lower"] is None else _number_problem(found, scoring["lower"], "scoring.lower")
    upper = _number_problem(found, scoring["upper"], "scoring.upper")
    if upper is not None and not 0 < upper <= 1:
        found.append(Problem("scoring.upper", "upper-bound"))
    if lower is not None and lower > 0:
        found.append(Problem("scoring.lower", "lower-bound"))
    for name in ("default", "unanswered"):
        _fraction_problem(found, scoring[name], f"scoring.{name}")


def _choices(found: list[Problem], document: Mapping[str, Any]) -> None:
    choices = document["choices"]
    if document["type"] == "true-false":
        if sorted(row["id"] for row in choices) != ["false", "true"]:
            found.append(Problem("choices", "not-true-false"))
    else:
        _parts(found, choices, "choices", least=2, texts=True)
    fractions = [_fraction_problem(found, row["fraction"], f"choices[{n}].fraction") for n, row in enumerate(choices)]
    known = [fraction for fraction in fractions if fraction is not None]
    if len(known) < len(fractions):
        return
    if document["type"] != "multiple" and max(known, default=Fraction(0)) != 1:
        found.append(Problem("choices", "none-right"))
    elif document["type"] == "multiple":
        _several(found, document, known)


def _several(found: list[Problem], document: Mapping[str, Any], fractions: list[Fraction]) -> None:
    right = sorted((fraction for fraction in fractions if fraction > 0), reverse=True)
    most = document["max_choices"] or len(fractions)
    if not right:
        found.append(Problem("choices", "none-right"))
    elif document["scoring"]["rule"] == "all-or-nothing" and len(right) > most:
        found.append(Problem("max_choices", "too-few-allowed", {"right": len(right)}))
    elif document["scoring"]["rule"] == "sum" and sum(right[:most]) < 1 and not _below_one(document):
        found.append(Problem("choices", "not-full", {"found": plain(sum(right[:most], Fraction()))}))
    if document["min_choices"] > most:
        found.append(Problem("min_choices", "out-of-range", {"least": 0, "most": most}))


def _below_one(document: Mapping[str, Any]) -> bool:
    """Whether the document itself says that full marks cannot be reached (an upper bound below 1)."""
    try:
        return exact(document["scoring"]["upper"]) < 1
    except ValueError:
        return True


def _pairs(found: list[Problem], document: Mapping[str, Any]) -> None:
    _parts(found, document["sources"], "sources", least=1, texts=True)
    _parts(found, document["targets"], "targets", least=1, texts=True)
    sources, targets = ({row["id"] for row in document[name]} for name in ("sources", "targets"))
    total, seen = Fraction(), set()
    for number, row in enumerate(document["pairs"]):
        path = f"pairs[{number}]"
        if row["source"] not in sources or row["target"] not in targets:
            found.append(Problem(path, "unknown-pair"))
        if (row["source"], row["target"]) in seen:
            found.append(Problem(path, "pair-twice"))
        seen.add((row["source"], row["target"]))
        total += max(_fraction_problem(found, row["fraction"], f"{path}.fraction") or Fraction(), Fraction())
    if total <= 0:
        found.append(Problem("pairs", "none-right"))
    elif document["scoring"]["rule"] == "sum" and total < 1 and not _below_one(document):
        found.append(Problem("pairs", "not-full", {"found": plain(total)}))


def _order(found: list[Problem], document: Mapping[str, Any]) -> None:
    _parts(found, document["entries"], "entries", least=2, texts=True)
    if sorted(document["order"]) != sorted(row["id"] for row in document["entries"]):
        found.append(Problem("order", "order-incomplete"))


def _numbers(found: list[Problem], document: Mapping[str, Any]) -> None:
    for number, row in enumerate(document["answers"]):
        path, numbers = f"answers[{number}]", {}
        for name in ("value", "below", "above", "low", "high"):
            if row.get(name) is not None:
                numbers[name] = _number_problem(found, row[name], f"{path}.{name}")
        if any((numbers.get(name) or 0) < 0 for name in ("below", "above")):
            found.append(Problem(f"{path}.below", "negative-tolerance"))
        low, high = numbers.get("low"), numbers.get("high")
        if low is not None and high is not None and low > high:
            found.append(Problem(f"{path}.low", "low-above-high"))
    for number, unit in enumerate(document["units"]):
        if not unit["text"]:
            found.append(Problem(f"units[{number}].text", "missing"))
        if (_number_problem(found, unit["factor"], f"units[{number}].factor") or 1) <= 0:
            found.append(Problem(f"units[{number}].factor", "out-of-range", {"least": 0, "most": None}))
    if document["unit_required"] and not document["units"]:
        found.append(Problem("units", "missing"))
    _answers(found, document)


def _texts(found: list[Problem], document: Mapping[str, Any]) -> None:
    for number, row in enumerate(document["answers"]):
        if not row["text"].strip():
            found.append(Problem(f"answers[{number}].text", "missing"))
    _answers(found, document)


def _answers(found: list[Problem], document: Mapping[str, Any]) -> None:
    fractions = [
        _fraction_problem(found, row["fraction"], f"answers[{n}].fraction") for n, row in enumerate(document["answers"])
    ]
    if None not in fractions and max((f for f in fractions if f is not None), default=Fraction()) != 1:
        found.append(Problem("answers", "none-right"))


def _rubric(found: list[Problem], document: Mapping[str, Any]) -> None:
    ids = [row["id"] for row in document["rubric"]]
    if len(set(ids)) < len(ids) or not all(ids):
        found.append(Problem("rubric", "id-twice"))
    for number, row in enumerate(document["rubric"]):
        path = f"rubric[{number}]"
        if not (row["name_th"] or row["name_en"]):
            found.append(Problem(f"{path}.name_th", "missing"))
        most = _number_problem(found, row["points"], f"{path}.points")
        if most is not None and most <= 0:
            found.append(Problem(f"{path}.points", "out-of-range", {"least": 0, "most": None}))
        for place, level in enumerate(row["levels"]):
            here = f"{path}.levels[{place}].points"
            points = _number_problem(found, level["points"], here)
            if points is not None and most is not None and not 0 <= points <= most:
                found.append(Problem(here, "out-of-range", {"least": 0, "most": plain(most)}))
    if document["max_words"] and document["min_words"] > document["max_words"]:
        found.append(Problem("min_words", "low-above-high"))


_PARTS = {
    "single": _choices, "multiple": _choices, "true-false": _choices, "matching": _pairs, "ordering": _order,
    "numeric": _numbers, "text": _texts, "essay": _rubric,
}  # fmt: skip


def _parts(found: list[Problem], rows: list[dict[str, Any]], name: str, *, least: int, texts: bool) -> None:
    ids = [row["id"] for row in rows]
    if len(rows) < least:
        found.append(Problem(name, "too-few", {"least": least}))
    if len(set(ids)) < len(ids) or not all(ids):
        found.append(Problem(name, "id-twice"))
    for number, row in enumerate(rows):
        if texts and not (richtext.says_something(row["text_th"]) or richtext.says_something(row["text_en"])):
            found.append(Problem(f"{name}[{number}].text_th", "missing"))


def _number_problem(found: list[Problem], text: str, path: str) -> Fraction | None:
    try:
        return exact(text)
    except ValueError:
        found.append(Problem(path, "not-a-number", {"found": text[:60]}))
        return None


def _fraction_problem(found: list[Problem], text: str, path: str) -> Fraction | None:
    number = _number_problem(found, text, path)
    if number is not None and abs(number) > LARGEST_FRACTION:
        found.append(Problem(path, "fraction-range", {"most": int(LARGEST_FRACTION)}))
        return None
    return number


# -- single values


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()[:200].strip()


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split())[:2000].strip()


def _lines(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").strip()[:LONGEST_TEXT].strip()


def _pair(raw: Mapping[str, Any], name: str, clean: Any) -> dict[str, str]:
    return {f"{name}_{language}": clean(raw.get(f"{name}_{language}") or "") for language in ("th", "en")}


def _number(value: Any, default: str) -> str:
    if value is None or str(value).strip() == "":
        return default
    try:
        return plain(exact(value))
    except ValueError:
        return str(value).strip()[:60].strip()


def _whole(value: Any, default: int) -> int:
    text = str(value).strip() if value is not None else ""
    return min(int(text), 100_000) if text.isascii() and text.isdigit() and len(text) < 9 else default


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _rows(raw: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return [row for row in _list(raw.get(name)) if isinstance(row, Mapping)]
