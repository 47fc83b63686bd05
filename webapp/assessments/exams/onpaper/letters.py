"""What stands on paper for a choice, and how an answer is written in a cell of the mark sheet. Pure.

Choices, targets and entries go by letters in the order in which the person's paper shows them; sources go by numbers.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.presenting import Presentation, Shown
from webapp.assessments.bank.responses import best_response, tidy
from webapp.errors import BadInput
from webapp.thai import arabic_digits, normalized

THAI = "กขคงจฉชซญฐตถทธนบปผพฟภมยรลวสหอฮ"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VARIANT = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for another."""

NOTHING = ("", "-", "–", "—")


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


def letter(place: int, language: str) -> str:
    """The letter of the part at ``place`` (from 0); beyond the alphabet, its number."""
    letters = THAI if language == "th" else LATIN
    return letters[place] if place < len(letters) else str(place + 1)


def variant(seed: str, versions: Sequence[int]) -> str:
    """Four signs that stand for one person's paper, so that a sheet of another cannot be mistaken for theirs."""
    digest = hashlib.sha256(f"{seed}:{','.join(map(str, versions))}".encode()).digest()
    return "".join(VARIANT[byte % len(VARIANT)] for byte in digest[:4])


def _place(text: str, parts: Sequence[Shown]) -> int:
    """The place (from 0) of a part by its letter. Raises ``BadInput``."""
    for alphabet in (THAI, LATIN):
        if text.upper() in alphabet[: len(parts)]:
            return alphabet.index(text.upper())
    last = letter(len(parts) - 1, "th")
    raise BadInput(_l("“%(letter)s” ไม่ใช่ตัวเลือกของข้อนี้ ใช้ได้ ก ถึง %(last)s"), letter=text[:10], last=last)


def _signs(text: str) -> list[str]:
    return list(re.sub(r"[\s,;./+]+", "", text))


def read_cell(shown: Presentation, cell: str) -> dict[str, Any]:
    """The answer written in a cell, as the exam keeps it; ``{}`` for none. Raises ``BadInput`` with what is wrong.

    One choice ``ข``; several ``ก ค``; matching ``1ข 2ก 3ง``; ordering ``ขกคง`` (the first of all first); numbers and words
    as they were written.
    """
    text = normalized(cell).strip()
    if text in NOTHING:
        return {}
    kind = shown.type
    if kind in ("single", "true-false"):
        signs = _signs(text)
        if len(signs) != 1:
            raise BadInput(_l("ข้อนี้เลือกได้คำตอบเดียว เช่น ข"))
        return {"choice": shown.parts["choices"][_place(signs[0], shown.parts["choices"])].id}
    if kind == "multiple":
        choices = shown.parts["choices"]
        return tidy(shown.document, {"choices": [choices[_place(sign, choices)].id for sign in _signs(text)]})
    if kind == "matching":
        return _matching(shown, text)
    if kind == "ordering":
        return _ordering(shown, text)
    return tidy(shown.document, {"value" if kind == "numeric" else "text": text})


def _matching(shown: Presentation, text: str) -> dict[str, Any]:
    sources, targets = shown.parts["sources"], shown.parts["targets"]
    tight = arabic_digits("".join(_signs(text.replace("=", "").replace("-", ""))))
    found = re.findall(r"(\d+)([^\d]+)", tight)
    if "".join(number + letters for number, letters in found) != tight:
        raise BadInput(_l("เขียนเลขรายการตามด้วยตัวอักษร เช่น 1ข 2ก 3ค"))
    pairs = []
    for number, letters in found:
        if not 1 <= int(number) <= len(sources):
            raise BadInput(_l("ไม่มีรายการที่ %(number)s ข้อนี้มี %(count)s รายการ"), number=number, count=len(sources))
        pairs += [[sources[int(number) - 1].id, targets[_place(sign, targets)].id] for sign in letters]
    return tidy(shown.document, {"pairs": pairs})


def _ordering(shown: Presentation, text: str) -> dict[str, Any]:
    entries = shown.parts["entries"]
    signs = _signs(text)
    chosen = [None if sign in "-–_" else entries[_place(sign, entries)].id for sign in signs]
    named = [one for one in chosen if one is not None]
    if len(chosen) > len(entries) or len(set(named)) < len(named):
        raise BadInput(_l("เขียนตัวอักษรแต่ละตัวครั้งเดียวตามลำดับ ข้อนี้มี %(count)s รายการ"), count=len(entries))
    return tidy(shown.document, {"order": chosen})


def written(shown: Presentation, response: Any, language: str) -> str:
    """An answer as it stands in a cell; the opposite of :func:`read_cell`."""
    given = tidy(shown.document, response)
    if not given:
        return ""
    kind = shown.type

    def of(part: str, name: str) -> str:
        return letter(next(n for n, row in enumerate(shown.parts[part]) if row.id == name), language)

    if kind in ("single", "true-false"):
        return of("choices", given["choice"])
    if kind == "multiple":
        return " ".join(sorted(of("choices", name) for name in given["choices"]))
    if kind == "matching":
        places = {row.id: n for n, row in enumerate(shown.parts["sources"], 1)}
        return " ".join(
            f"{n}{of('targets', target)}" for n, target in sorted((places[s], t) for s, t in given["pairs"])
        )
    if kind == "ordering":
        return "".join("-" if name is None else of("entries", name) for name in given["order"])
    return str(given["value" if kind == "numeric" else "text"])


def key_of(shown: Presentation, language: str) -> str:
    """The right answer as a marker reads it on the key sheet: letters as on this person's paper, or what is accepted."""
    document, kind = shown.document, shown.type
    if kind == "essay":
        return ""
    if kind == "text":
        full = [row["text"] for row in document["answers"] if exact(row["fraction"]) == 1]
        return " / ".join(full)
    if kind == "numeric":
        return " / ".join(_number(row) for row in document["answers"] if exact(row["fraction"]) == 1) + _unit(document)
    return written(shown, best_response(document), language)


def _number(row: Any) -> str:
    if row.get("low") is not None or row.get("high") is not None:
        return f"{row.get('low') or ''}–{row.get('high') or ''}"
    below, above = row.get("below") or "0", row.get("above") or "0"
    if exact(below) == exact(above) == 0:
        return str(row["value"])
    return f"{row['value']} ± {above}" if below == above else f"{row['value']} (−{below} +{above})"


def _unit(document: Any) -> str:
    units = [row["text"] for row in document["units"]]
    return f" {units[0]}" if units else ""
