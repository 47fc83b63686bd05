"""GIFT, Moodle's text format for questions. Marks are those of Moodle's own import of the same text.

Source: the format's documentation and the order in which Moodle's reader tells the kinds of questions apart: essay, number,
choices (``~``), matching (``=`` and ``->``), true or false, short text.
"""

import html
import re
from fractions import Fraction
from typing import Any

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.formats import (
    LONGEST_TEXT,
    CannotRead,
    Reading,
    Refused,
    check_count,
    from_markdown,
    from_plain,
    letter,
    localized,
    share,
)

ESCAPED = "~=#{}:"
_PRIVATE = {sign: chr(0xE000 + n) for n, sign in enumerate(ESCAPED)}
_BACK = {private: sign for sign, private in _PRIVATE.items()} | {"\ue010": "\\", "\ue011": "\n"}
GAP = "_____"
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"^%\s*([^%]*?)\s*%")
_TAG = re.compile(r"\[tag:([^\]]+)\]")
_EXTRA = re.compile(r"\[kaona:([^\]]+)\]")


class Unreadable(Exception):
    """This question cannot be read or does not map."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read(content: bytes) -> Reading:
    """Every question of a GIFT file. Raises ``CannotRead`` where it is no text."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp874")
        except UnicodeDecodeError:
            raise CannotRead("not-text") from None
    if "\x00" in text:
        raise CannotRead("not-text")
    reading = Reading()
    category: tuple[str, ...] = ()
    blocks = _blocks(text)
    check_count(len(blocks))
    for line, block, tags, extra in blocks:
        if block.startswith("$CATEGORY:"):
            first, _newline, block = block.partition("\n")
            category = _category(first.removeprefix("$CATEGORY:"))
            if not block.strip():
                continue
        name = ""
        try:
            name, raw = _question(block.strip())
        except Unreadable as refused:
            reading.refused.append(Refused(str(line), _name(block), refused.code, refused.values))
            continue
        reading.add(raw, str(line), name or _name(block), category=category, tags=tags, extra=extra)
    return reading


def _blocks(text: str) -> list[tuple[int, str, tuple[str, ...], str]]:
    """The questions: blocks between blank lines, with the line each begins on; comments taken out, their tags kept.

    A blank line among the answers does not end the question where what follows can only be another answer.
    """
    found: list[tuple[int, str, tuple[str, ...], str]] = []
    block = _Block()
    rows = [*text.splitlines(), ""]
    for number, line in enumerate(rows, 1):
        kept = line.strip()
        if kept.startswith("//"):
            block.tags += _TAG.findall(line)
            block.extra = (_EXTRA.findall(line) or [block.extra])[0]
        elif not kept and block.lines and (block.depth <= 0 or not _answers_follow(rows, number)):
            found.append(block.whole())
            block = _Block()
        elif kept.startswith("$CATEGORY:"):
            if block.lines:
                found.append(block.whole())
                block = _Block()
            found.append((number, kept, (), ""))
        elif kept:
            block.add(number, line)
    return found


def _answers_follow(rows: list[str], at: int) -> bool:
    return next((row.strip()[0] in "=~}#" for row in rows[at:] if row.strip()), False)


class _Block:
    """The lines of one question, how many braces are open in them, and what its comments said."""

    def __init__(self) -> None:
        self.start = self.depth = 0
        self.lines: list[str] = []
        self.tags: list[str] = []
        self.extra = ""

    def add(self, number: int, line: str) -> None:
        self.start = self.start or number
        self.lines.append(line.rstrip())
        hidden = _hide(line) if "\\" in line else line
        self.depth += hidden.count("{") - hidden.count("}")

    def whole(self) -> tuple[int, str, tuple[str, ...], str]:
        return self.start, "\n".join(self.lines), tuple(tag.strip() for tag in self.tags), self.extra


def _category(path: str) -> tuple[str, ...]:
    parts = [part.strip().replace("\x00", "/") for part in path.replace("//", "\x00").split("/")]
    return tuple(part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part))


def _hide(text: str) -> str:
    """Escaped signs as private characters, so that they are not taken for the format's own."""
    text = text.replace("\\\\", "\ue010")
    for sign, private in _PRIVATE.items():
        text = text.replace(f"\\{sign}", private)
    return text.replace("\\n", "\ue011")


def _show(text: str) -> str:
    for private, sign in _BACK.items():
        text = text.replace(private, sign)
    return text.strip()


def _name(block: str) -> str:
    """What lists call the question: the words before its answers, which are the key."""
    words = _hide(block).partition("{")[0]
    title, closed, _rest = words.removeprefix("::").partition("::")
    return " ".join(_show(title if closed and words.startswith("::") else words).split())[:80]


def _question(block: str) -> tuple[str, dict[str, Any]]:
    text, title = _hide(block), ""
    if text.startswith("::"):
        title, closed, rest = text[2:].partition("::")
        if not closed:
            raise Unreadable("title-open")
        title, text = _show(title), rest.strip()
    if len(text) > LONGEST_TEXT:
        raise Unreadable("too-long", most=LONGEST_TEXT)
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise Unreadable("no-question")
    if start < 0 or end < start:
        raise Unreadable("brace-open")
    form = _FORMAT.match(text)
    kind = form[1].lower() if form else "moodle"
    stem = (text[:start] + (GAP if text[end + 1 :].strip() else "") + text[end + 1 :])[form.end() if form else 0 :]
    answer, signs, general = text[start + 1 : end].strip().rpartition("####")
    answer = answer if signs else general
    general = general if signs else ""
    raw = {
        "title_": title, "stem_": _markup(stem, kind), "feedback_": _rich(general, kind), **_answers(answer.strip(), kind),
    }  # fmt: skip
    return title, localized(raw)


def _rich(text: str, kind: str) -> str:
    """The markup of a text in its own format, or in the question's."""
    form = _FORMAT.match(text)
    return _markup(text[form.end() :], form[1].lower()) if form else _markup(text, kind)


def _markup(text: str, kind: str) -> str:
    shown = _show(text)
    if kind == "html" or (kind in ("moodle", "markdown") and _MARKUP.search(shown)):
        return shown
    if kind == "markdown":
        return from_markdown(shown)
    return from_plain(html.unescape(shown) if kind == "moodle" else shown)


def _answers(answer: str, kind: str) -> dict[str, Any]:
    if not answer:
        return {"type": "essay"}
    if answer.startswith("#"):
        return _numbers(answer[1:].strip(), kind)
    if "~" in answer:
        return _choices(answer, kind)
    if "=" in answer and "->" in answer:
        return _matching(answer, kind)
    first, *feedback = re.split(r"#", answer)
    if first.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        return _true_false(first.strip().upper()[0] == "T", feedback, kind)
    return _short(answer, kind)


def _weighed(text: str, default: Fraction) -> tuple[Fraction, str]:
    """The weight in per cent before an answer, and the answer."""
    found = _WEIGHT.match(text)
    if not found:
        return default, text
    try:
        return exact(found[1]), text[found.end() :]
    except ValueError:
        raise Unreadable("number", found=found[1][:40]) from None


def _parted(text: str, kind: str) -> tuple[str, str]:
    """An answer and its feedback."""
    words, _sign, feedback = text.partition("#")
    return words.strip(), _rich(feedback, kind)


def _choices(answer: str, kind: str) -> dict[str, Any]:
    single = "=" in answer
    choices: list[dict[str, Any]] = []
    for piece in answer.replace("=", "~=").split("~")[1:]:
        piece = piece.strip()
        if not piece:
            continue
        right = piece.startswith("=")
        percent, piece = _weighed(piece[1:].strip() if right else piece, Fraction(100 if right else 0))
        words, feedback = _parted(piece, kind)
        choices.append(
            {"id": letter(len(choices)), "text_": _rich(words, kind), "fraction": share(percent), "feedback_": feedback}
        )
    if not single:
        return {"type": "multiple", "choices": choices, "scoring": {"rule": "sum"}}
    below = any(exact(choice["fraction"]) < 0 for choice in choices)
    return {"type": "single", "choices": choices, "scoring": {"rule": "sum", "lower": None if below else "0"}}


def _matching(answer: str, kind: str) -> dict[str, Any]:
    sources: list[dict[str, Any]] = []
    targets: dict[str, str] = {}
    pairs: list[dict[str, str]] = []
    for piece in answer.split("=")[1:]:
        if not piece.strip():
            continue
        stem, arrow, wanted = piece.partition("->")
        if not arrow or not wanted.strip():
            raise Unreadable("pair", found=_show(piece)[:60])
        target = targets.setdefault(_show(wanted), f"t{len(targets) + 1}")
        if stem.strip():
            sources.append({"id": f"s{len(sources) + 1}", "text_": _rich(stem, kind)})
            pairs.append({"source": sources[-1]["id"], "target": target})
    for pair in pairs:
        pair["fraction"] = f"1/{len(pairs)}"
    shown = [{"id": name, "text_": from_plain(text)} for text, name in targets.items()]
    return {"type": "matching", "sources": sources, "targets": shown, "pairs": pairs}


def _true_false(right: bool, feedback: list[str], kind: str) -> dict[str, Any]:
    """Feedback comes first for the wrong answer, then for the right one."""
    said = {not right: feedback[0] if feedback else "", right: feedback[1] if len(feedback) > 1 else ""}
    return {"type": "true-false", "choices": [
        {"id": name, "fraction": "1" if value is right else "0", "feedback_": _rich(said[value], kind)}
        for name, value in (("true", True), ("false", False))
    ]}  # fmt: skip


def _short(answer: str, kind: str) -> dict[str, Any]:
    answers = []
    for piece in answer.split("="):
        if not piece.strip():
            continue
        percent, piece = _weighed(piece.strip(), Fraction(100))
        words, feedback = _parted(piece, kind)
        answers.append({"text": _show(words), "fraction": share(percent), "wildcards": True, "feedback_": feedback})
    return {"type": "text", "answers": answers}


def _numbers(answer: str, kind: str) -> dict[str, Any]:
    answers = []
    answer, _sign, wrong = answer.partition("~")
    for piece in answer.split("="):
        if not piece.strip():
            continue
        percent, piece = _weighed(piece.strip(), Fraction(100))
        words, feedback = _parted(piece, kind)
        answers.append({**_span(_show(words)), "fraction": share(percent), "feedback_": feedback})
    if wrong.strip():
        _words, feedback = _parted(wrong, kind)
        answers.append({"low": None, "high": None, "fraction": "0", "feedback_": feedback})
    return {"type": "numeric", "answers": answers}


def _span(text: str) -> dict[str, Any]:
    """``3.14``, ``3.14:0.01`` or ``1..5``; ``*`` is any number."""
    if text == "*":
        return {"low": None, "high": None}
    try:
        if ".." in text:
            low, _dots, high = text.partition("..")
            return {"low": str(exact(low)), "high": str(exact(high))}
        value, colon, tolerance = text.partition(":")
        if not colon:
            return {"value": str(exact(value)), "mode": "exact"}
        span = str(abs(exact(tolerance)))
        return {"value": str(exact(value)), "mode": "absolute", "below": span, "above": span}
    except ValueError:
        raise Unreadable("number", found=text[:40]) from None
