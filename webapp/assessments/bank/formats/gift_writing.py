"""Questions as GIFT."""

from collections.abc import Mapping
from typing import Any

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.formats.keeping import primary, said
from webapp.assessments.bank.formats.moodle_writing import decimal, span, starred
from webapp.assessments.bank.richtext import plain


def gift_question(question: Any, pictures: Mapping[str, tuple[str, bytes]], extra: str) -> str:
    """One question as text. Raises ``KeyError`` for a type that GIFT does not have."""
    document, language = question.document, primary(question.document)
    lines = [f"// [tag:{tag}]" for tag in question.tags]
    if extra:
        lines.append(f"// [kaona:{extra}]")
    title = said(document, "title", language)
    head = f"::{escaped(title)}::" if title else ""
    body = _BODY[document["type"]](document, language)
    general = _rich(said(document, "feedback", language))
    if general:
        body += f"####{general}"
    return "\n".join([*lines, f"{head}[html]{escaped(said(document, 'stem', language))}{{{body}}}"])


def escaped(text: str) -> str:
    """The text with GIFT's own signs escaped, on one line."""
    text = text.replace("\\", "\\\\")
    for sign in "~=#{}:":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _rich(markup: str) -> str:
    """Markup of an answer; one that begins like a format's or a weight's mark is kept from being taken for it."""
    markup = markup.lstrip()
    markup = f"&#37;{markup[1:]}" if markup.startswith("%") else markup
    return escaped(f"[html]{markup}" if markup.startswith("[") else markup)


def _said(row: Mapping[str, Any], language: str) -> str:
    feedback = said(row, "feedback", language)
    return f"#{_rich(feedback)}" if feedback else ""


def _choices(document: Mapping[str, Any], language: str) -> str:
    single = document["type"] == "single"
    if document["scoring"]["rule"] != "sum":
        raise KeyError("all-or-nothing")
    parts, named = [], False
    for row in document["choices"]:
        share = exact(row["fraction"])
        first = single and share == 1 and not named
        named = named or first
        sign = "=" if first else "~" if share == 0 else f"~%{decimal(str(100 * share))}%"
        parts.append(f"{sign}{_rich(said(row, 'text', language))}{_said(row, language)}")
    return "\n" + "\n".join(parts) + "\n"


def _true_false(document: Mapping[str, Any], language: str) -> str:
    right = next(row for row in document["choices"] if exact(row["fraction"]) == 1)
    wrong = next(row for row in document["choices"] if row is not right)
    said_of = [_rich(said(row, "feedback", language)) for row in (wrong, right)]
    return right["id"].upper() + (f"#{said_of[0]}#{said_of[1]}" if any(said_of) else "")


def _short(document: Mapping[str, Any], language: str) -> str:
    if any(row["case"] for row in document["answers"]):
        raise KeyError("case")
    return "".join(
        f"={_weight(row)}{escaped(starred(row))}{_said(row, language)} " for row in document["answers"]
    ).rstrip()  # fmt: skip


def _weight(row: Mapping[str, Any]) -> str:
    share = exact(row["fraction"])
    plain_one = share == 1 and not str(row.get("text", "")).startswith("%")
    return "" if plain_one else f"%{decimal(str(100 * share))}%"


def _numbers(document: Mapping[str, Any], language: str) -> str:
    if document["units"]:
        raise KeyError("units")
    parts = []
    for row in document["answers"]:
        value, tolerance = span(row)
        text = value if value == "*" or tolerance == "0" else f"{value}:{tolerance}"
        parts.append(f"={_weight(row)}{text}{_said(row, language)}")
    return "#" + " ".join(parts)


def _matching(document: Mapping[str, Any], language: str) -> str:
    if document["scoring"]["rule"] != "sum":
        raise KeyError("all-or-nothing")
    targets = {row["id"]: plain(said(row, "text", language)) for row in document["targets"]}
    wanted = {pair["source"]: pair["target"] for pair in document["pairs"] if exact(pair["fraction"]) > 0}
    rows = [
        f"={_rich(said(row, 'text', language))} -> {escaped(targets[wanted[row['id']]])}" for row in document["sources"]
    ]
    rows += [f"= -> {escaped(text)}" for name, text in targets.items() if name not in wanted.values()]
    return "\n" + "\n".join(rows) + "\n"


def _essay(document: Mapping[str, Any], language: str) -> str:
    return ""


_BODY = {"single": _choices, "multiple": _choices, "true-false": _true_false, "text": _short, "numeric": _numbers,
         "matching": _matching, "essay": _essay}  # fmt: skip
