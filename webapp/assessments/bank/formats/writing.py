"""Question files for others: Moodle XML, GIFT and QTI 3.0, each question read back before it is given out.

A question that a format cannot mark as we do is not written but listed with the reason. Pictures go along.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from webapp.assessments.bank.formats import Reading, Refused, gift, moodle, qti
from webapp.assessments.bank.formats.gift_writing import gift_question
from webapp.assessments.bank.formats.keeping import effective, kept, marks_alike, packed
from webapp.assessments.bank.formats.moodle_writing import moodle_category, moodle_question, moodle_quiz
from webapp.assessments.bank.formats.qti_writing import qti_item, qti_manifest

Document = Mapping[str, Any]
Pictures = Mapping[str, tuple[str, bytes]]
"""Content by SHA-256, with a name."""

FORMATS = ("moodle", "gift", "qti")


@dataclass(frozen=True)
class Given:
    """A question to be written: its name, category from the top, tags, document."""

    name: str
    document: Document
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass
class Written:
    """A file, its name's ending, and the questions that it could not carry."""

    content: bytes = b""
    ending: str = ""
    count: int = 0
    refused: list[Refused] = field(default_factory=list)


class CannotCarry(ValueError):
    """The format has no form for this question."""


def write(
    name: str, questions: Sequence[Given], pictures: Pictures, report: Callable[[int, str], None] | None = None
) -> Written:
    """The questions as a file of format ``moodle``, ``gift`` or ``qti``; ``report`` is told how far it is, in per cent."""
    one, read, whole, ending = {
        "moodle": (moodle_question, moodle.read, _moodle, "xml"),
        "gift": (gift_question, gift.read, _gift, "txt"),
        "qti": (qti_item, qti.read, _qti, "zip"),
    }[name]
    written = Written(ending=ending)
    parts: list[tuple[Given, str]] = []
    for place, question in enumerate(questions, 1):
        if report is not None and place % 20 == 0:
            report(place * 95 // len(questions), f"{place} / {len(questions)}")
        try:
            parts.append((question, _one(name, question, pictures, one, read)))
        except CannotCarry as error:
            written.refused.append(Refused(str(place), question.name, "cannot-carry", {"why": str(error)}))
    written.count = len(parts)
    written.content = whole(parts, pictures)
    return written


def _one(
    name: str, question: Given, pictures: Pictures, writer: Callable[..., str], read: Callable[[bytes], Reading]
) -> str:
    """The question in the format; with an extra where the format alone does not keep all of it."""
    shown = replace(question, document=effective(question.document))
    try:
        text = writer(shown, pictures, "")
    except KeyError as error:
        raise CannotCarry(str(error)) from None
    visible = _again(name, text, question, pictures, read)
    if not visible.items:
        raise CannotCarry(visible.refused[0].code if visible.refused else "nothing")
    if not marks_alike(visible.items[0].document, question.document):
        raise CannotCarry("scoring")
    if kept(question.document, visible):
        return text
    text = writer(shown, pictures, packed(question.document, visible.items[0].document))
    if not kept(question.document, _again(name, text, question, pictures, read)):
        raise CannotCarry("not-kept")
    return text


def _again(
    name: str, text: str, question: Given, pictures: Pictures, read: Callable[[bytes], Reading]
) -> Reading:  # fmt: skip
    whole = {"moodle": _moodle, "gift": _gift, "qti": _qti}[name]
    return read(whole([(question, text)], pictures))


def _moodle(parts: Sequence[tuple[Given, str]], pictures: Pictures) -> bytes:
    return moodle_quiz(_by_category(parts, moodle_category)).encode()


def _gift(parts: Sequence[tuple[Given, str]], pictures: Pictures) -> bytes:
    def category(path: tuple[str, ...]) -> str:
        names = "/".join(part.replace("/", "//") for part in path)
        return f"$CATEGORY: $course$/top/{names}"

    return ("\n\n".join(_by_category(parts, category)) + "\n").encode()


def _by_category(parts: Sequence[tuple[Given, str]], category: Callable[[tuple[str, ...]], str]) -> list[str]:
    found: list[str] = []
    current: tuple[str, ...] = ()
    for question, text in parts:
        if question.category != current:
            current = question.category
            found.append(category(current))
        found.append(text)
    return found


def _qti(parts: Sequence[tuple[Given, str]], pictures: Pictures) -> bytes:
    stream = io.BytesIO()
    texts = [text for _question, text in parts]
    used = {name: picture for name, picture in pictures.items() if any(name in text for text in texts)}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        names = [f"items/item-{n:05}.xml" for n in range(1, len(parts) + 1)]
        files = {name: f"pictures/{name}.{_ending(picture[0])}" for name, picture in used.items()}
        _put(package, "imsmanifest.xml", qti_manifest(names, sorted(files.values())).encode())
        for name, text in zip(names, texts, strict=True):
            for picture, file in files.items():
                text = text.replace(f"picture:{picture}", f"../{file}")
            _put(package, name, text.encode())
        for picture, file in sorted(files.items()):
            _put(package, file, used[picture][1])
    return stream.getvalue()


def _put(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    """A file of the package, dated alike always, so that the same questions give the same bytes."""
    info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, content)


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return ending if ending in ("png", "jpg", "jpeg", "gif", "webp") else "png"
