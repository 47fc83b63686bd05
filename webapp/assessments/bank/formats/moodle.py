"""Moodle XML. Marks are those that Moodle's own grading gives for the same response (first try, no penalties).

Types read: multichoice (one or several answers), multichoiceset, truefalse, shortanswer, numerical, matching, ddmatch,
gapselect and ddwtos (where their gaps share one list), essay, ordering. Sources: Moodle's question formats and the
``grade_response`` of each question type.
"""

import html
import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.formats import (
    CannotRead,
    Reading,
    Refused,
    check_count,
    decoded,
    from_markdown,
    from_plain,
    letter,
    localized,
    share,
)
from webapp.assessments.bank.formats.packages import parsed

ORDER_RULES = {
    "all_or_nothing": "all-or-nothing", "absolute_position": "position", "relative_next_exclude_last": "next",
    "relative_next_include_last": "next-or-last", "relative_one_previous_and_next": "neighbors",
    "relative_all_previous_and_next": "all-pairs", "longest_ordered_subset": "longest-run",
    "longest_contiguous_subset": "longest-block", "relative_to_correct": "distance",
    "-1": "all-or-nothing", "0": "position", "1": "next", "2": "next-or-last", "3": "neighbors", "4": "all-pairs",
    "5": "longest-run", "6": "longest-block", "7": "distance",
}  # fmt: skip

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:audio|video|iframe|object|embed|a)\b[^<>]*(?:href|src|data)\s*=", re.IGNORECASE)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_GAP = re.compile(r"\[\[(\d{1,3})\]\]")
_SPAN = re.compile(r"<span\b([^<>]*)>([^<>]*)</span>", re.IGNORECASE)
_LANGUAGE = re.compile(r"""\blang=["'](\w\w)""", re.IGNORECASE)
REFUSED = {
    "description": "no-question", "random": "question-bank-only", "randomsamatch": "question-bank-only",
    "calculated": "template-variables", "calculatedsimple": "template-variables", "calculatedmulti": "template-variables",
}  # fmt: skip


class Unmapped(Exception):
    """This question does not map to ours."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def read(content: bytes) -> Reading:
    """Every question of a Moodle XML file. Raises ``CannotRead`` where it is none."""
    root = parsed(content)
    if root is None:
        raise CannotRead("not-xml")
    if root.tag != "quiz":
        raise CannotRead("not-moodle", found=root.tag[:60])
    check_count(sum(1 for _question in root.iter("question")))
    reading, number = Reading(), 0
    category: tuple[str, ...] = ()
    for question in root.iter("question"):
        kind = (question.get("type") or "").strip()
        if kind == "category":
            category = _category(_text(question.find("category")))
            continue
        number += 1
        name = _text(question.find("name")).strip()
        try:
            raw, notes = _Question(question, reading).document(kind)
        except Unmapped as refused:
            reading.refused.append(Refused(str(number), name, refused.code, refused.values))
            continue
        tags = tuple(filter(None, (_text(tag).strip() for tag in question.findall("tags/tag"))))
        reading.add(
            raw, str(number), name, category=category, tags=tags, notes=notes, extra=_text(question.find("kaona"))
        )
    return reading


def _category(path: str) -> tuple[str, ...]:
    """``$course$/top/A/B`` as (A, B); ``//`` stands for a slash within a name."""
    parts = [part.strip().replace("\x00", "/") for part in path.replace("//", "\x00").split("/")]
    return tuple(part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part))


def _text(element: Element | None) -> str:
    """The text of an element: in ``<text>`` or directly."""
    if element is None:
        return ""
    inner = element.find("text")
    return (inner if inner is not None else element).text or ""


class _Question:
    """One question element, read by its type."""

    def __init__(self, question: Element, reading: Reading) -> None:
        self.question, self.reading, self.notes = question, reading, []  # type: ignore[var-annotated]

    def document(self, kind: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        readers: dict[str, Callable[[], dict[str, Any]]] = {
            "multichoice": self.choices, "multichoiceset": self.choice_set, "truefalse": self.true_false,
            "shortanswer": self.short, "numerical": self.numbers, "matching": self.matching, "match": self.matching,
            "ddmatch": self.matching, "gapselect": self.gaps, "ddwtos": self.gaps, "essay": self.essay,
            "ordering": self.ordering,
        }  # fmt: skip
        if kind in REFUSED:
            raise Unmapped(REFUSED[kind])
        if kind not in readers:
            raise Unmapped("type", found=kind or "?")
        points = _percent(self.value("defaultgrade") or "1", "defaultgrade")
        if points <= 0:
            raise Unmapped("no-points")
        raw = {
            "title_": _text(self.question.find("name")), "stem_": self.stem(),
            "points": self.value("defaultgrade") or "1", "feedback_": self.rich(self.question.find("generalfeedback")),
            "feedback_correct_": self.rich(self.question.find("correctfeedback")),
            "feedback_partial_": self.rich(self.question.find("partiallycorrectfeedback")),
            "feedback_incorrect_": self.rich(self.question.find("incorrectfeedback")),
            **readers[kind](),
        }  # fmt: skip
        if self.question.find("hint") is not None:
            self.notes.append("hints-left-out")
        return self.languages(raw), tuple(self.notes)

    def languages(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Texts with Moodle's spans for two languages, split; else under the language they are in."""
        if not any("multilang" in text for text in _strings(raw)):
            return localized(raw)
        return _split(raw)

    def stem(self) -> str:
        """The question's text, and the one picture that old files put beside it."""
        text = self.rich(self.question.find("questiontext"))
        name, content = self.value("image"), decoded(self.value("image_base64"))
        if content is not None:
            return f'{text}<p><img src="{self.reading.picture(name or "picture", content)}" alt=""></p>'
        if name:
            self.notes.append("picture-missing")
        return text

    def value(self, name: str) -> str:
        return _text(self.question.find(name)).strip()

    def flag(self, name: str, default: bool = False) -> bool:
        found = self.value(name).lower()
        return default if not found else found in ("1", "true")

    def rich(self, element: Element | None) -> str:
        """The markup of a text element with its pictures kept."""
        text = _text(element)
        if element is None or not text.strip():
            return ""
        form = (element.get("format") or "html").lower()
        if form in ("plain_text", "plain", "2"):
            return from_plain(text)
        if form in ("moodle_auto_format", "markdown", "0", "4") and not _MARKUP.search(text):
            return (from_markdown if form in ("markdown", "4") else from_plain)(html.unescape(text))
        text = _IMAGE.sub(lambda image: self.image(image[0], element), text)
        if _MEDIA.search(text):
            self.notes.append("links-left-out")
        return text

    def image(self, tag: str, element: Element) -> str:
        """An image's tag with the source of its stored picture; without source where the file does not hold it."""
        found = _SOURCE.search(tag)
        source = html.unescape((found[1] or found[2] or "") if found else "").strip()
        kept: str | None = None
        if source.startswith("@@PLUGINFILE@@"):
            name = unquote(re.sub(r"^@@PLUGINFILE@@/?|\?.*$", "", source)).lstrip("/")
            files = {f"{f.get('path', '/')}{f.get('name', '')}".lstrip("/"): f for f in element.findall("file")}
            file = files.get(name)
            content = None if file is None or file.get("encoding", "base64") != "base64" else decoded(file.text or "")
            kept = None if content is None else self.reading.picture(name.rsplit("/", 1)[-1], content)
        elif source.startswith("data:"):
            kept = self.reading.inline_picture(source)
        if kept is None:
            self.notes.append("picture-missing")
        return _SOURCE.sub(f'src="{kept or ""}"', tag)

    def answers(self) -> list[tuple[Fraction, Element]]:
        return [(_percent(a.get("fraction") or "0", "fraction"), a) for a in self.question.findall("answer")]

    # by type

    def choices(self) -> dict[str, Any]:
        single = self.flag("single", True)
        choices = [
            {"id": letter(n), "text_": self.rich(answer), "fraction": share(percent),
             "feedback_": self.rich(answer.find("feedback"))}
            for n, (percent, answer) in enumerate(self.answers())
        ]  # fmt: skip
        raw = {"choices": choices, "shuffle": self.flag("shuffleanswers", True)}
        if single:
            below = any(exact(choice["fraction"]) < 0 for choice in choices)
            return {"type": "single", "scoring": {"rule": "sum", "lower": None if below else "0"}, **raw}
        return {"type": "multiple", "scoring": {"rule": "sum"}, **raw}

    def choice_set(self) -> dict[str, Any]:
        return {**self.choices(), "type": "multiple", "scoring": {"rule": "all-or-nothing"}}

    def true_false(self) -> dict[str, Any]:
        """``true`` is right where it has 100 %, else ``false``; old files name neither and put the true one first."""
        answers = self.question.findall("answer")
        named = [_text(answer).strip().lower() for answer in answers]
        names = [
            name if name in ("true", "false") else place for name, place in zip(named, ("true", "false"), strict=False)
        ]
        if sorted(names) != ["false", "true"]:
            raise Unmapped("true-false", found=", ".join(named)[:60])
        found = dict(zip(names, answers, strict=False))
        right = "true" if _percent(found["true"].get("fraction") or "0", "fraction") == 100 else "false"
        return {"type": "true-false", "choices": [
            {"id": name, "fraction": str(int(name == right)), "feedback_": self.rich(found[name].find("feedback"))}
            for name in ("true", "false")
        ]}  # fmt: skip

    def short(self) -> dict[str, Any]:
        case = self.flag("usecase")
        return {"type": "text", "answers": [
            {"text": _text(answer).strip(), "fraction": share(percent), "case": case, "wildcards": True,
             "feedback_": self.rich(answer.find("feedback"))}
            for percent, answer in self.answers()
        ]}  # fmt: skip

    def numbers(self) -> dict[str, Any]:
        grading, penalty = self.value("unitgradingtype") or "0", self.value("unitpenalty") or "0"
        if grading != "0" and _percent(penalty, "unitpenalty") not in (0, 1):
            raise Unmapped("unit-penalty", found=penalty)
        units = []
        for unit in self.question.findall("units/unit"):
            multiplier = _percent(_text(unit.find("multiplier")) or "1", "multiplier")
            if multiplier == 0:
                raise Unmapped("number", found="0", where="multiplier")
            units.append({"text": _text(unit.find("unit_name")), "factor": _written(1 / multiplier)})
        if units and grading == "0":
            self.notes.append("units-strict")
        return {
            "type": "numeric", "answers": [self._number(percent, answer) for percent, answer in self.answers()],
            "units": units, "unit_required": bool(units) and grading != "0" and _percent(penalty, "unitpenalty") == 1,
        }  # fmt: skip

    def _number(self, percent: Fraction, answer: Element) -> dict[str, Any]:
        text = _text(answer).strip()
        rest = {"fraction": share(percent), "feedback_": self.rich(answer.find("feedback"))}
        if text == "*":
            return {"low": None, "high": None, **rest}
        value, tolerance = _percent(text, "answer"), abs(_percent(_text(answer.find("tolerance")) or "0", "tolerance"))
        mode = "absolute" if tolerance else "exact"
        return {
            "value": _written(value),
            "mode": mode,
            "below": _written(tolerance),
            "above": _written(tolerance),
            **rest,
        }

    def matching(self) -> dict[str, Any]:
        sources: list[dict[str, Any]] = []
        targets: list[dict[str, Any]] = []
        pairs: list[dict[str, str]] = []
        place: dict[str, str] = {}
        for sub in self.question.findall("subquestion"):
            answer = sub.find("answer")
            wanted = _text(answer).strip()
            if not wanted:
                continue
            if wanted not in place:
                place[wanted] = f"t{len(targets) + 1}"
                rich = answer is not None and answer.get("format")
                targets.append({"id": place[wanted], "text_": self.rich(answer) if rich else from_plain(wanted)})
            stem = self.rich(sub)
            if stem.strip():
                sources.append({"id": f"s{len(sources) + 1}", "text_": stem})
                pairs.append({"source": sources[-1]["id"], "target": place[wanted]})
        for pair in pairs:
            pair["fraction"] = _written(Fraction(1, len(pairs)))
        return {
            "type": "matching", "sources": sources, "targets": targets, "pairs": pairs,
            "shuffle": self.flag("shuffleanswers", True),
        }  # fmt: skip

    def gaps(self) -> dict[str, Any]:
        """Gaps ``[[1]]`` of one text that share one list of words, each gap worth the same."""
        boxes = [*self.question.findall("selectoption"), *self.question.findall("dragbox")]
        numbers = [int(number) for number in _GAP.findall(_text(self.question.find("questiontext")))]
        if len({_text(box.find("group")).strip() for box in boxes}) != 1 or not numbers or max(numbers) > len(boxes):
            raise Unmapped("gap-groups")
        once = any(box.tag == "dragbox" and box.find("infinite") is None for box in boxes)
        if once and len(set(numbers)) < len(numbers):
            raise Unmapped("gap-groups")
        pairs = [
            {"source": f"s{place}", "target": f"t{number}", "fraction": _written(Fraction(1, len(numbers)))}
            for place, number in enumerate(numbers, 1)
        ]
        return {
            "type": "matching", "pairs": pairs, "shuffle": self.flag("shuffleanswers", True),
            "sources": [{"id": f"s{place}", "text_": f"[[{number}]]"} for place, number in enumerate(numbers, 1)],
            "targets": [{"id": f"t{n}", "text_": self.rich(box), "max": int(once)} for n, box in enumerate(boxes, 1)],
        }  # fmt: skip

    def essay(self) -> dict[str, Any]:
        if self.value("responseformat") == "noinline" or (self.value("attachmentsrequired") or "0") != "0":
            raise Unmapped("needs-attachment")
        if (self.value("attachments") or "0") != "0":
            self.notes.append("attachments-left-out")
        return {
            "type": "essay", "note_": self.rich(self.question.find("graderinfo")),
            "template_": _words(self.rich(self.question.find("responsetemplate"))),
            "min_words": self.value("minwordlimit"), "max_words": self.value("maxwordlimit"),
            "lines": self.value("responsefieldlines") or "15",
        }  # fmt: skip

    def ordering(self) -> dict[str, Any]:
        count = self.value("selectcount") or "0"
        answers = self.question.findall("answer")
        whole = self.value("selecttype").lower() in ("", "0", "all")
        if not whole and count not in ("0", str(len(answers))):
            raise Unmapped("ordering-subset")
        rule = ORDER_RULES.get(self.value("gradingtype").lower() or "0")
        if rule is None:
            raise Unmapped("ordering-rule", found=self.value("gradingtype"))
        placed = sorted(
            enumerate(answers), key=lambda one: (_percent(one[1].get("fraction") or "0", "fraction"), one[0])
        )
        entries = [{"id": f"e{n}", "text_": self.rich(answer)} for n, (_place, answer) in enumerate(placed, 1)]
        return {
            "type": "ordering", "entries": entries, "order": [e["id"] for e in entries], "scoring": {"rule": rule},
        }  # fmt: skip


def _percent(text: str, where: str) -> Fraction:
    try:
        return exact(text.strip())
    except ValueError:
        raise Unmapped("number", found=text.strip()[:40], where=where) from None


def _written(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def _words(markup: str) -> str:
    text = re.sub(r"<(?:br|/p|/div)\b[^>]*>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


def _kept(language: str, span: re.Match[str]) -> str:
    named = _LANGUAGE.search(span[1])
    if "multilang" not in span[1] or named is None:
        return span[0]
    return span[2] if named[1].lower() == language else ""


def _split(value: Any) -> Any:
    """Every text of a raw document once in Thai and once in English, by Moodle's language spans."""
    if isinstance(value, list):
        return [_split(one) for one in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, one in value.items():
        if key.endswith("_") and isinstance(one, str):
            for language in ("th", "en"):
                found[f"{key}{language}"] = _SPAN.sub(partial(_kept, language), one)
        else:
            found[key] = _split(one)
    return found
