"""Questions as Moodle XML."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.formats.keeping import primary, said
from webapp.assessments.bank.richtext import plain
from webapp.assessments.bank.rules import interval

ORDER_RULES = {
    "all-or-nothing": "ALL_OR_NOTHING", "position": "ABSOLUTE_POSITION", "next": "RELATIVE_NEXT_EXCLUDE_LAST",
    "next-or-last": "RELATIVE_NEXT_INCLUDE_LAST", "neighbors": "RELATIVE_ONE_PREVIOUS_AND_NEXT",
    "all-pairs": "RELATIVE_ALL_PREVIOUS_AND_NEXT", "longest-run": "LONGEST_ORDERED_SUBSET",
    "longest-block": "LONGEST_CONTIGUOUS_SUBSET", "distance": "RELATIVE_TO_CORRECT",
}  # fmt: skip
TYPES = {"single": "multichoice", "multiple": "multichoice", "true-false": "truefalse", "text": "shortanswer",
         "numeric": "numerical", "matching": "matching", "ordering": "ordering", "essay": "essay"}  # fmt: skip
_PICTURE = re.compile(r"picture:([0-9a-f]{64})")


def moodle_quiz(parts: Sequence[str]) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(parts) + "\n</quiz>\n"


def moodle_category(path: tuple[str, ...]) -> str:
    names = "/".join(part.replace("/", "//") for part in path)
    return f'<question type="category"><category><text>{escape(f"$course$/top/{names}")}</text></category></question>'


def moodle_question(question: Any, pictures: Mapping[str, tuple[str, bytes]], extra: str) -> str:
    """One question element."""
    return _Writer(question.document, pictures).element(question.name, question.tags, extra)


class _Writer:
    def __init__(self, document: Mapping[str, Any], pictures: Mapping[str, tuple[str, bytes]]) -> None:
        self.document, self.pictures, self.language = document, pictures, primary(document)

    def element(self, name: str, tags: Sequence[str], extra: str) -> str:
        document, kind = self.document, self.document["type"]
        whole = kind == "multiple" and document["scoring"]["rule"] == "all-or-nothing"
        parts = [
            f"<name><text>{escape(said(document, 'title', self.language))}</text></name>",
            self.rich("questiontext", document, "stem"), self.rich("generalfeedback", document, "feedback"),
            f"<defaultgrade>{decimal(document['points'])}</defaultgrade>", "<penalty>0</penalty>",
            *(self.rich(f"{tag}feedback", document, f"feedback_{key}") for tag, key in (
                ("correct", "correct"), ("partiallycorrect", "partial"), ("incorrect", "incorrect"))),
            *getattr(self, kind.replace("-", "_"))(),
        ]  # fmt: skip
        if tags:
            parts.append("<tags>" + "".join(f"<tag><text>{escape(tag)}</text></tag>" for tag in tags) + "</tags>")
        if extra:
            parts.append(f"<kaona>{extra}</kaona>")
        return (
            f'<question type="{"multichoiceset" if whole else TYPES[kind]}">\n'
            + "\n".join(filter(None, parts))
            + "\n</question>"
        )

    def rich(self, tag: str, row: Mapping[str, Any], name: str) -> str:
        text = said(row, name, self.language)
        return f'<{tag} format="html">{self.inside(text)}</{tag}>' if text or tag == "questiontext" else ""

    def inside(self, markup: str) -> str:
        """The text of an element and the pictures in it."""
        files = []
        for name in dict.fromkeys(_PICTURE.findall(markup)):
            title, content = self.pictures[name]
            path = f"{name[:16]}-{re.sub(r'[^A-Za-z0-9.]+', '-', title) or 'picture.png'}"
            markup = markup.replace(f"picture:{name}", f"@@PLUGINFILE@@/{path}")
            files.append(
                f'<file name={quoteattr(path)} path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
            )
        return f"<text>{escape(markup)}</text>" + "".join(files)

    def answer(self, fraction: str, inside: str, row: Mapping[str, Any], more: str = "") -> str:
        share = decimal(str(100 * exact(fraction)))
        return (
            f'<answer fraction="{share}" format="html">{inside}{more}{self.rich("feedback", row, "feedback")}</answer>'
        )

    def shuffled(self) -> str:
        return f"<shuffleanswers>{int(self.document['shuffle'])}</shuffleanswers>"

    def single(self, single: str = "true") -> list[str]:
        rows = self.document["choices"]
        return [f"<single>{single}</single>", self.shuffled(), *(
            self.answer(row["fraction"], self.inside(said(row, "text", self.language)), row) for row in rows
        )]  # fmt: skip

    def multiple(self) -> list[str]:
        return self.single("false")

    def true_false(self) -> list[str]:
        return [self.answer(row["fraction"], f"<text>{row['id']}</text>", row) for row in self.document["choices"]]

    def text(self) -> list[str]:
        if len({row["case"] for row in self.document["answers"]}) > 1:
            raise KeyError("case")
        case = self.document["answers"][0]["case"]
        rows = self.document["answers"]
        return [f"<usecase>{int(case)}</usecase>", *(
            self.answer(row["fraction"], f"<text>{escape(starred(row))}</text>", row) for row in rows
        )]  # fmt: skip

    def numeric(self) -> list[str]:
        parts = []
        for row in self.document["answers"]:
            value, tolerance = span(row)
            inside = f"<text>{value}</text>"
            parts.append(self.answer(row["fraction"], inside, row, f"<tolerance>{tolerance}</tolerance>"))
        units = "".join(
            f"<unit><multiplier>{decimal(str(1 / exact(unit['factor'])))}</multiplier>"
            f"<unit_name>{escape(unit['text'])}</unit_name></unit>"
            for unit in self.document["units"]
        )
        required = self.document["unit_required"]
        return [*parts, f"<units>{units}</units>" if units else "",
                f"<unitgradingtype>{int(required)}</unitgradingtype><unitpenalty>{int(required)}</unitpenalty>"]  # fmt: skip

    def matching(self) -> list[str]:
        if self.document["scoring"]["rule"] != "sum":
            raise KeyError("all-or-nothing")
        targets = {row["id"]: plain(said(row, "text", self.language)) for row in self.document["targets"]}
        wanted = {pair["source"]: pair["target"] for pair in self.document["pairs"] if exact(pair["fraction"]) > 0}
        parts, used = [self.shuffled()], set()
        for row in self.document["sources"]:
            target = wanted[row["id"]]
            used.add(target)
            inside = self.inside(said(row, "text", self.language))
            parts.append(
                f'<subquestion format="html">{inside}<answer><text>{escape(targets[target])}</text></answer></subquestion>'
            )
        for name, text in targets.items():
            if name not in used:
                parts.append(
                    f'<subquestion format="html"><text></text><answer><text>{escape(text)}</text></answer></subquestion>'
                )
        return parts

    def ordering(self) -> list[str]:
        rows = {row["id"]: row for row in self.document["entries"]}
        head = "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount>"
        rule = f"<gradingtype>{ORDER_RULES[self.document['scoring']['rule']]}</gradingtype>"
        return [head, rule, *(
            f'<answer fraction="{n}.0" format="html">{self.inside(said(rows[name], "text", self.language))}</answer>'
            for n, name in enumerate(self.document["order"], 1)
        )]  # fmt: skip

    def essay(self) -> list[str]:
        document = self.document
        return [
            "<responseformat>editor</responseformat><responserequired>1</responserequired><attachments>0</attachments>",
            f"<responsefieldlines>{document['lines']}</responsefieldlines>",
            f"<minwordlimit>{document['min_words'] or ''}</minwordlimit>",
            f"<maxwordlimit>{document['max_words'] or ''}</maxwordlimit>",
            self.rich("graderinfo", document, "note"),
            f"<responsetemplate><text>{escape(said(document, 'template', self.language))}</text></responsetemplate>",
        ]  # fmt: skip


def decimal(text: str) -> str:
    """A number with up to seven decimals, as Moodle writes it."""
    value = exact(text)
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(round(value, 9)):.9f}".rstrip("0")


def starred(row: Mapping[str, Any]) -> str:
    """An accepted text in which a star that stands for itself is escaped."""
    text = str(row["text"])
    return text if row["wildcards"] else text.replace("*", "\\*")


def span(row: Mapping[str, Any]) -> tuple[str, str]:
    """A numeric answer as value and tolerance. Raises ``KeyError`` for one that has no such form."""
    low, high = interval(row)
    if low is None and high is None:
        return "*", "0"
    if low is None or high is None or row["low_open"] or row["high_open"]:
        raise KeyError("open-range")
    return decimal(str((low + high) / 2)), decimal(str((high - low) / 2))
