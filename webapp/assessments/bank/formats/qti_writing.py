"""Questions as QTI 3.0 items. Scoring is written out as mappings or rules, so that any delivery engine marks alike."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from webapp.assessments.bank.document import exact
from webapp.assessments.bank.formats.keeping import primary, said
from webapp.assessments.bank.formats.moodle_writing import decimal
from webapp.assessments.bank.richtext import shown
from webapp.assessments.bank.rules import interval

SPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
TRUE_FALSE = {"th": {"true": "ถูก", "false": "ผิด"}, "en": {"true": "True", "false": "False"}}
VARIABLE = '<qti-variable identifier="RESPONSE"/>'
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"


def qti_manifest(items: Sequence[str], pictures: Sequence[str]) -> str:
    rows = "".join(
        f'<resource identifier="R{n}" type="imsqti_item_xmlv3p0" href={quoteattr(name)}><file href={quoteattr(name)}/></resource>'
        for n, name in enumerate(items, 1)
    ) + "".join(
        f'<resource identifier="P{n}" type="webcontent" href={quoteattr(name)}><file href={quoteattr(name)}/></resource>'
        for n, name in enumerate(pictures, 1)
    )
    head = "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{PACKAGE}" identifier="M1">{head}<resources>{rows}</resources></manifest>\n'


def qti_item(question: Any, pictures: Mapping[str, tuple[str, bytes]], extra: str) -> str:
    """One item. Raises ``KeyError`` for what QTI's expressions do not have."""
    return _Item(question.document).text(question.name, extra)


class _Item:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document, self.language = document, primary(document)
        self.points = exact(document["points"])

    def text(self, name: str, extra: str) -> str:
        title = said(self.document, "title", self.language)
        cardinality, base, interaction, declared, processing = self.parts()
        data = f' data-kaona="{extra}"' if extra else ""
        identifier = "I" + hashlib.sha256(f"{name}\n{title}".encode()).hexdigest()[:20]
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<qti-assessment-item xmlns="{SPACE}" identifier="{identifier}" '
            f'title={quoteattr(title or name)} adaptive="false" time-dependent="false" xml:lang="{self.language}">'
            f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="{base}">{declared}'
            "</qti-response-declaration>"
            '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" '
            f'normal-maximum="{decimal(self.document["points"])}"/>'
            f"<qti-item-body{data}>{self.stem(interaction)}</qti-item-body>{processing}</qti-assessment-item>\n"
        )

    def parts(self) -> tuple[str, str, str, str, str]:
        """Cardinality, base type, interaction, what the declaration holds, processing."""
        return {
            "single": self.single, "true-false": self.single, "multiple": self.multiple, "ordering": self.ordering,
            "matching": self.matching, "text": self.typed, "numeric": self.numeric, "essay": self.essay,
        }[self.document["type"]]()  # fmt: skip

    def stem(self, interaction: str) -> str:
        return f"<div>{self.rich(self.document, 'stem')}</div>{interaction}"

    def rich(self, row: Mapping[str, Any], name: str) -> str:
        """Markup as XML: empty elements closed, pictures by their address in the package."""
        markup = shown(said(row, name, self.language), lambda digest: f"picture:{digest}")
        return _closed(markup)

    def choice_rows(self) -> str:
        return "".join(
            f'<qti-simple-choice identifier={quoteattr(_id(row))} fixed="{str(row["fixed"]).lower()}">'
            f"{self.rich(row, 'text') or TRUE_FALSE[self.language].get(row['id'], '')}</qti-simple-choice>"
            for row in self.document["choices"]
        )

    def single(self) -> tuple[str, str, str, str, str]:
        body = (
            f'<qti-choice-interaction response-identifier="RESPONSE" shuffle="{self.shuffle()}" max-choices="1">'
            f"{self.choice_rows()}</qti-choice-interaction>"
        )
        worth = {_id(row): exact(row["fraction"]) for row in self.document["choices"]}
        right = [name for name, share in worth.items() if share == 1][:1]
        return "single", "identifier", body, self.declared(right, worth, Fraction(0)), _template("map_response")

    def multiple(self) -> tuple[str, str, str, str, str]:
        document = self.document
        body = (
            f'<qti-choice-interaction response-identifier="RESPONSE" shuffle="{self.shuffle()}" '
            f'max-choices="{document["max_choices"]}" min-choices="{document["min_choices"]}">'
            f"{self.choice_rows()}</qti-choice-interaction>"
        )
        worth = {_id(row): exact(row["fraction"]) for row in document["choices"]}
        right = [name for name, share in worth.items() if share > 0]
        if document["scoring"]["rule"] == "all-or-nothing":
            return "multiple", "identifier", body, _correct(right), self.matched()
        return "multiple", "identifier", body, self.declared(right, worth, Fraction(0)), _template("map_response")

    def ordering(self) -> tuple[str, str, str, str, str]:
        if self.document["scoring"]["rule"] != "all-or-nothing":
            raise KeyError("ordering-rule")
        rows = "".join(
            f"<qti-simple-choice identifier={quoteattr(_id(row))}>{self.rich(row, 'text')}</qti-simple-choice>"
            for row in self.document["entries"]
        )
        body = f'<qti-order-interaction response-identifier="RESPONSE" shuffle="true">{rows}</qti-order-interaction>'
        return "ordered", "identifier", body, _correct([_name(one) for one in self.document["order"]]), self.matched()

    def matching(self) -> tuple[str, str, str, str, str]:
        document = self.document
        sets = "".join(
            "<qti-simple-match-set>" + "".join(
                f"<qti-simple-associable-choice identifier={quoteattr(_id(row))} match-max=\"{row['max']}\" "
                f"fixed=\"{str(row['fixed']).lower()}\">{self.rich(row, 'text')}</qti-simple-associable-choice>"
                for row in document[part]
            ) + "</qti-simple-match-set>"
            for part in ("sources", "targets")
        )  # fmt: skip
        body = (
            f'<qti-match-interaction response-identifier="RESPONSE" shuffle="{self.shuffle()}" max-associations="0">'
            f"{sets}</qti-match-interaction>"
        )
        worth = {f"{_name(p['source'])} {_name(p['target'])}": exact(p["fraction"]) for p in document["pairs"]}
        right = [name for name, share in worth.items() if share > 0]
        if document["scoring"]["rule"] == "all-or-nothing":
            return "multiple", "directedPair", body, _correct(right), self.matched()
        default = exact(document["scoring"]["default"])
        return "multiple", "directedPair", body, self.declared(right, worth, default), _template("map_response")

    def entry(self) -> str:
        return '<p><qti-text-entry-interaction response-identifier="RESPONSE" expected-length="40"/></p>'

    def typed(self) -> tuple[str, str, str, str, str]:
        rows = self.document["answers"]
        if any("*" in row["text"] and row["wildcards"] for row in rows):
            raise KeyError("wildcards")
        entries = "".join(
            f'<qti-map-entry map-key={quoteattr(row["text"])} mapped-value="{self.worth(exact(row["fraction"]))}" '
            f'case-sensitive="{str(row["case"]).lower()}"/>'
            for row in rows
        )
        right = [row["text"] for row in rows if exact(row["fraction"]) == 1][:1]
        mapping = f"<qti-mapping{self.bounds(exact(self.document['scoring']['default']))}>{entries}</qti-mapping>"
        return "single", "string", self.entry(), _correct(right) + mapping, _template("map_response")

    def numeric(self) -> tuple[str, str, str, str, str]:
        if self.document["units"]:
            raise KeyError("units")
        empty = _set(self.worth(exact(self.document["scoring"]["unanswered"])))
        branches = f"<qti-response-if><qti-is-null>{VARIABLE}</qti-is-null>{empty}</qti-response-if>"
        for row in self.document["answers"]:
            tag = "qti-response-else-if"
            branches += f"<{tag}>{_within(row)}{_set(self.worth(exact(row['fraction'])))}</{tag}>"
        right = [row["value"] for row in self.document["answers"] if "value" in row and exact(row["fraction"]) == 1][:1]
        default = exact(self.document["scoring"]["default"])
        branches += f"<qti-response-else>{_set(self.worth(default))}</qti-response-else>" if default else ""
        rules = f"<qti-response-processing><qti-response-condition>{branches}</qti-response-condition></qti-response-processing>"
        return "single", "float", self.entry(), _correct([decimal(one) for one in right]), rules

    def essay(self) -> tuple[str, str, str, str, str]:
        lines = self.document["lines"]
        body = f'<qti-extended-text-interaction response-identifier="RESPONSE" expected-lines="{lines}"/>'
        return "single", "string", body, "", ""

    # scoring

    def shuffle(self) -> str:
        return str(self.document["shuffle"]).lower()

    def worth(self, share: Fraction) -> str:
        return decimal(str(share * self.points))

    def bounds(self, default: Fraction) -> str:
        lower, upper = self.document["scoring"]["lower"], exact(self.document["scoring"]["upper"])
        found = f' default-value="{self.worth(default)}" upper-bound="{self.worth(upper)}"'
        return found + (f' lower-bound="{self.worth(exact(lower))}"' if lower is not None else "")

    def declared(self, right: Sequence[str], worth: Mapping[str, Fraction], default: Fraction) -> str:
        entries = "".join(
            f'<qti-map-entry map-key={quoteattr(name)} mapped-value="{self.worth(share)}"/>'
            for name, share in worth.items()
        )
        return f"{_correct(right)}<qti-mapping{self.bounds(default)}>{entries}</qti-mapping>"

    def matched(self) -> str:
        return (
            "<qti-response-processing><qti-response-condition><qti-response-if><qti-match>"
            '<qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>'
            f"{_set(decimal(self.document['points']))}</qti-response-if><qti-response-else>{_set('0')}</qti-response-else>"
            "</qti-response-condition></qti-response-processing>"
        )


def _id(row: Mapping[str, Any]) -> str:
    return _name(row["id"])


def _name(name: str) -> str:
    """An identifier as XML wants it: a letter first."""
    return name if name[:1].isalpha() or name[:1] == "_" else f"_{name}"


def _correct(values: Sequence[str]) -> str:
    rows = "".join(f"<qti-value>{escape(value)}</qti-value>" for value in values)
    return f"<qti-correct-response>{rows}</qti-correct-response>" if rows else ""


def _template(name: str) -> str:
    return f'<qti-response-processing template="{TEMPLATES}/{name}.xml"/>'


def _set(value: str) -> str:
    return (
        '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">'
        f"{value}</qti-base-value></qti-set-outcome-value>"
    )


def _within(row: Mapping[str, Any]) -> str:
    """The test that a number lies in what an answer accepts."""
    low, high = interval(row)
    if low is not None and low == high and not (row["low_open"] or row["high_open"]):
        return f'<qti-equal tolerance-mode="exact">{_float(low)}{VARIABLE}</qti-equal>'
    tests = []
    if low is not None:
        tag = "qti-gt" if row["low_open"] else "qti-gte"
        tests.append(f"<{tag}>{VARIABLE}{_float(low)}</{tag}>")
    if high is not None:
        tag = "qti-lt" if row["high_open"] else "qti-lte"
        tests.append(f"<{tag}>{VARIABLE}{_float(high)}</{tag}>")
    if not tests:
        return f"<qti-not><qti-is-null>{VARIABLE}</qti-is-null></qti-not>"
    return tests[0] if len(tests) == 1 else f"<qti-and>{''.join(tests)}</qti-and>"


def _float(value: Fraction) -> str:
    return f'<qti-base-value base-type="float">{decimal(str(value))}</qti-base-value>'


def _closed(markup: str) -> str:
    """HTML as the sanitizer writes it, as XML: void elements closed, no named entities but XML's own."""
    markup = re.sub(r"<(br|img)\b([^>]*?)/?>", r"<\1\2/>", markup)
    return markup.replace("&nbsp;", "&#160;")
