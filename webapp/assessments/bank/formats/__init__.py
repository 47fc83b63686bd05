"""Question files of others: read into item documents with their scoring kept, and written so that they read back the same.

``moodle``   Moodle XML: questions of all types that map to ours
``gift``     GIFT, Moodle's text format
``qti``      IMS QTI 2.1, 2.2 and 3.0: packages and single items

A reader returns a :class:`Reading`: every question of the file is either in ``items`` or in ``refused`` with the reason;
none is dropped silently. What an item loses without changing its marks (hints, penalties for second tries) stands in its
``notes``. Readers know no database: pictures come along as bytes, named in the documents by their SHA-256.
"""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.ranking.scores import plain

MOST_QUESTIONS = 5_000
"""What one preview shows and one step writes."""

LONGEST_TEXT = 50_000
"""The longest text of a question; a longer one is refused rather than cut."""
THAI = re.compile(r"[\u0e01-\u0e5b]")

USUAL = tuple(Fraction(a, b) for b in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20) for a in range(b + 1))
"""Shares that files print with five decimals or so; a printed 33.33333 % means one third."""


@dataclass(frozen=True)
class Found:
    """One question that maps to ours: its document, where it stood, its category from the top, tags, and what was left out."""

    document: dict[str, Any]
    place: str
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Refused:
    """One question that does not: where it stood, its name, the reason as a code, and the values of its sentence."""

    place: str
    name: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """What a file holds, in its order. ``pictures``: content by SHA-256, with the name it had."""

    items: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def add(
        self, raw: Mapping[str, Any], place: str, name: str, *, category: tuple[str, ...] = (), tags: tuple[str, ...] = (),
        notes: tuple[str, ...] = (), extra: str = "",
    ) -> None:  # fmt: skip
        """The question as an item, or refused with the first thing that is wrong with its document.

        ``extra``: what our own export put beside the question (``keeping``).
        """
        from webapp.assessments.bank.formats.keeping import unpacked

        if any(len(text) > LONGEST_TEXT for text in _texts(raw)):
            self.refused.append(Refused(place, name, "too-long", {"most": LONGEST_TEXT}))
            return
        document = cleaned(raw)
        wrong = problems(document)
        if extra and not wrong:
            whole = unpacked(extra, document)
            document, notes = (whole, notes) if whole is not None else (document, (*notes, "extra-left-out"))
        if wrong:
            self.refused.append(
                Refused(place, name, f"document:{wrong[0].code}", {"path": wrong[0].path, **wrong[0].values})
            )
        else:
            self.items.append(Found(document, place, category, tags, notes, name))

    def picture(self, name: str, content: bytes) -> str:
        """Keep a picture; the source by which documents name it."""
        digest = hashlib.sha256(content).hexdigest()
        self.pictures.setdefault(digest, (name, content))
        return f"picture:{digest}"

    def inline_picture(self, address: str) -> str | None:
        """A picture that stands in the text itself (``data:image/png;base64,…``): its source; None where it is none."""
        head, comma, data = address.partition(",")
        if not comma or not head.endswith(";base64"):
            return None
        content = decoded(data)
        kind = head.removeprefix("data:image/").removesuffix(";base64")
        return None if content is None else self.picture(f"picture.{kind if kind.isalnum() else 'png'}", content)


class CannotRead(ValueError):
    """The file as a whole is none that can be read: a code and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def check_count(count: int) -> None:
    """Raises ``CannotRead`` for a file of more questions than are brought in at once."""
    if count > MOST_QUESTIONS:
        raise CannotRead("too-many", most=MOST_QUESTIONS)


def decoded(text: str) -> bytes | None:
    """What base64 text holds; None for what is none."""
    try:
        return base64.b64decode("".join(unquote(text).split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def share(percent: Fraction) -> str:
    """A printed percentage as the share that was meant: one of the usual fractions where it lies within 0.001 %."""
    value = percent / 100
    near = min(USUAL, key=lambda usual: abs(abs(value) - usual))
    if abs(abs(value) - near) <= Fraction(1, 100_000):
        value = near if value >= 0 else -near
    return plain(value)


def language_of(*texts: str) -> str:
    """``th`` where there is a Thai letter anywhere, else ``en``."""
    return "th" if any(THAI.search(text) for text in texts) else "en"


def in_language(value: Any, language: str) -> Any:
    """The raw document with every key ``name_`` made ``name_th`` or ``name_en``."""
    if isinstance(value, Mapping):
        return {f"{key}{language}" if key.endswith("_") else key: in_language(v, language) for key, v in value.items()}
    return [in_language(one, language) for one in value] if isinstance(value, list) else value


def localized(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw document whose texts stand under ``name_``, put under the language that they are in."""
    result: dict[str, Any] = in_language(raw, language_of(*_texts(raw)))
    return result


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for v in value.values() for text in _texts(v)]
    if isinstance(value, list):
        return [text for v in value for text in _texts(v)]
    return [value] if isinstance(value, str) else []


def from_plain(text: str) -> str:
    """Plain lines as markup."""
    lines = [html.escape(line, quote=False) for line in text.strip().splitlines()]
    return "<br>".join(lines)


def from_markdown(text: str) -> str:
    """Markdown's emphasis, code and paragraphs as markup; all else stays as typed."""
    blocks = [from_plain(block) for block in re.split(r"\n\s*\n", text.strip())]
    markup = blocks[0] if len(blocks) == 1 else "".join(f"<p>{block}</p>" for block in blocks)
    for sign, tag in ((r"\*\*", "strong"), (r"\*", "em"), ("`", "code")):
        markup = re.sub(rf"{sign}([^\s*`][^*`]*){sign}", rf"<{tag}>\1</{tag}>", markup)
    return markup


def letter(number: int) -> str:
    """a, b … z, aa: identifiers of choices in their order."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(97 + rest) + name
    return name
