"""Another key for a question as it was asked: what each answer is worth, never what was asked. Pure.

The boxes of the form are numbered by the document's rows: ``c-0`` a choice's per cent, ``m-0`` the target of a source,
``o-0`` the place of an entry, ``a-0`` the per cent of an accepted answer, ``new-0-…`` further answers.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from webapp import thai
from webapp.assessments.bank.document import CHOICE_TYPES, exact
from webapp.assessments.bank.responses import Document
from webapp.assessments.ranking.scores import plain
from webapp.errors import RuleBroken

MORE = 3
"""Further accepted answers that the form offers."""


def may_change(document: Document) -> bool:
    """Whether the form can show this question's key: a source with several targets has too much in it."""
    if document["type"] != "matching":
        return document["type"] != "essay"
    sources = [row["source"] for row in document["pairs"]]
    shares = {row["fraction"] for row in document["pairs"]}
    return len(sources) == len(set(sources)) and len(shares) <= 1


def boxes_of(document: Document) -> dict[str, str]:
    """The form filled with the key as it stands."""
    kind = document["type"]
    if kind in CHOICE_TYPES:
        return {f"c-{n}": _percent(row["fraction"]) for n, row in enumerate(document["choices"])}
    if kind == "matching":
        target = {row["source"]: row["target"] for row in document["pairs"]}
        places = {row["id"]: str(n) for n, row in enumerate(document["targets"])}
        return {f"m-{n}": places.get(target.get(row["id"], ""), "") for n, row in enumerate(document["sources"])}
    if kind == "ordering":
        places = {name: str(n) for n, name in enumerate(document["order"], 1)}
        return {f"o-{n}": places.get(row["id"], "") for n, row in enumerate(document["entries"])}
    return {f"a-{n}": _percent(row["fraction"]) for n, row in enumerate(document.get("answers", ()))}


def with_key(document: Document, typed: Mapping[str, str]) -> dict[str, Any]:
    """The document with the key that was typed. Raises ``RuleBroken`` for what cannot be read."""
    kind = document["type"]
    if kind in CHOICE_TYPES:
        rows = [{**row, "fraction": _share(typed, f"c-{n}")} for n, row in enumerate(document["choices"])]
        return {**document, "choices": rows}
    if kind == "matching":
        return {**document, "pairs": _pairs(document, typed)}
    if kind == "ordering":
        return {**document, "order": _order(document, typed)}
    if kind == "essay":
        raise RuleBroken("ข้อเขียนไม่มีเฉลยให้แก้ ผู้ตรวจแก้คะแนนพร้อมเหตุผลได้ก่อนประกาศผล")
    answers = [{**row, "fraction": _share(typed, f"a-{n}")} for n, row in enumerate(document["answers"])]
    kept = [row for row in answers if row["fraction"] != "0"]
    more = [_answer(kind, typed, n) for n in range(MORE)]
    return {**document, "answers": [row for row in more if row is not None] + kept}


def _pairs(document: Document, typed: Mapping[str, str]) -> list[dict[str, str]]:
    targets = document["targets"]
    chosen = [(row["id"], typed.get(f"m-{n}", "")) for n, row in enumerate(document["sources"])]
    pairs = [
        (source, targets[int(text)]["id"]) for source, text in chosen if text.isdigit() and int(text) < len(targets)
    ]
    share = plain(Fraction(1, max(len(pairs), 1)))
    return [{"source": source, "target": target, "fraction": share} for source, target in pairs]


def _order(document: Document, typed: Mapping[str, str]) -> list[str]:
    entries = document["entries"]
    placed = []
    for n, row in enumerate(entries):
        text = thai.arabic_digits(typed.get(f"o-{n}", "")).strip()
        if not text.isdigit():
            raise RuleBroken("กรอกลำดับที่ของทุกรายการเป็นตัวเลข")
        placed.append((int(text), row["id"]))
    if sorted(place for place, _name in placed) != list(range(1, len(entries) + 1)):
        raise RuleBroken("ลำดับที่ต้องเป็น 1 ถึง %(most)s โดยไม่ซ้ำกัน", most=len(entries))
    return [name for _place, name in sorted(placed)]


def _answer(kind: str, typed: Mapping[str, str], n: int) -> dict[str, Any] | None:
    """A further accepted answer; None where its box is empty."""
    text = typed.get(f"new-{n}-value", "").strip()
    if not text:
        return None
    share = _share(typed, f"new-{n}-share") if typed.get(f"new-{n}-share", "").strip() else "1"
    if kind == "text":
        return {"text": text, "fraction": share}
    edge = _number(typed.get(f"new-{n}-edge", "") or "0")
    return {
        "value": _number(text),
        "mode": "absolute" if edge != "0" else "exact",
        "below": edge,
        "above": edge,
        "fraction": share,
    }


def _share(typed: Mapping[str, str], name: str) -> str:
    return plain(exact(_number(typed.get(name, "") or "0")) / 100)


def _number(text: str) -> str:
    tidy = thai.arabic_digits(text).replace(",", "").replace("\N{MINUS SIGN}", "-").strip()
    try:
        return plain(exact(tidy))
    except ValueError:
        raise RuleBroken("“%(text)s” ไม่ใช่ตัวเลข กรอกเช่น 100 หรือ 62.5", text=text[:40]) from None


def _percent(text: str) -> str:
    return plain(exact(text) * 100)
