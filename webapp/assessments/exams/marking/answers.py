"""Answers and keys in words, for whoever reads a marked paper."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from webapp.assessments.bank import richtext
from webapp.assessments.bank.document import CHOICE_TYPES, exact
from webapp.assessments.bank.responses import Document, tidy
from webapp.assessments.bank.words import TRUE_FALSE, answer_words, percent
from webapp.language import language


def row_words(row: Mapping[str, Any]) -> str:
    """A choice, source, target or entry as plain words in the reader's language."""
    first, second = ("text_en", "text_th") if language() == "en" else ("text_th", "text_en")
    return richtext.plain(row[first] or row[second]) or str(TRUE_FALSE.get(row.get("id", ""), "—"))


def response_words(document: Document, response: Any) -> list[str]:
    """What was answered, a line to each part; nothing where nothing was."""
    given, kind = tidy(document, response), document["type"]
    if not given:
        return []
    if kind in CHOICE_TYPES:
        chosen = set(given.get("choices") or [given.get("choice")])
        return [row_words(row) for row in document["choices"] if row["id"] in chosen]
    if kind == "matching":
        texts = _texts(document, "sources", "targets")
        return [f"{texts[source]} → {texts[target]}" for source, target in given["pairs"]]
    if kind == "ordering":
        texts = _texts(document, "entries")
        return [f"{place}. {texts[name] if name else '—'}" for place, name in enumerate(given["order"], 1)]
    return [str(given["value" if kind == "numeric" else "text"])]


def key_words(document: Document) -> list[str]:
    """What earns points, a line to each part, with its share where it is not the whole."""
    kind = document["type"]
    if kind in CHOICE_TYPES:
        rows = [(row_words(row), row["fraction"]) for row in document["choices"]]
        return [_worth(words, share) for words, share in rows if exact(share) > 0]
    if kind == "matching":
        texts = _texts(document, "sources", "targets")
        return [f"{texts[row['source']]} → {texts[row['target']]}" for row in document["pairs"]]
    if kind == "ordering":
        texts = _texts(document, "entries")
        return [f"{place}. {texts[name]}" for place, name in enumerate(document["order"], 1)]
    if kind == "essay":
        return [_("ผู้ตรวจให้คะแนนตามเกณฑ์ย่อย")]
    return [answer_words(row) for row in document["answers"]]


def _worth(words: str, share: str) -> str:
    return words if exact(share) == 1 else f"{words} ({percent(share)} %)"


def _texts(document: Document, *names: str) -> dict[str, str]:
    return {row["id"]: row_words(row) for name in names for row in document[name]}
