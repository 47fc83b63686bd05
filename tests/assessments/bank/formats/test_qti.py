"""QTI items of every version: our marks equal the file's own processing, and what does not map is named."""

import io
import zipfile
from fractions import Fraction
from typing import Any

import pytest

from webapp.assessments.bank.formats import CannotRead, qti
from webapp.assessments.bank.rules import score

V2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def item(declaration: str, body: str, processing: str = MATCH, *, outcomes: str = SCORE, more: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><assessmentItem xmlns="{V2}" identifier="i" title="An item" adaptive="false" '
        f'timeDependent="false" {more}>{declaration}{outcomes}<itemBody>{body}</itemBody>{processing}</assessmentItem>'
    ).encode()


def response(cardinality: str, base: str, correct: str = "", mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct.split("|")) if correct else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        + (f"<correctResponse>{values}</correctResponse>" if values else "")
        + mapping
        + "</responseDeclaration>"
    )


def mapped(entries: str, **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    rows = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>'
        for key, value in (row.split("=") for row in entries.split(";"))
    )
    return f"<mapping{given}>{rows}</mapping>"


CHOICES = (
    '<p>Stem</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">'
    "<prompt>Which?</prompt>"
    '<simpleChoice identifier="A">Ah</simpleChoice><simpleChoice identifier="B" fixed="true">Be</simpleChoice>'
    '<simpleChoice identifier="C">Ce</simpleChoice></choiceInteraction>'
)


def one(content: bytes) -> dict[str, Any]:
    reading = qti.read(content)
    assert [refused.code for refused in reading.refused] == []
    return reading.items[0].document


def points(document: dict[str, Any], given: dict[str, Any]) -> Fraction | None:
    return score(document, given).points


def refusal(content: bytes) -> str:
    reading = qti.read(content)
    assert reading.items == []
    return reading.refused[0].code


def test_a_single_choice_by_the_correct_response_and_by_a_mapping() -> None:
    document = one(item(response("single", "identifier", "B"), CHOICES.format(most=1)))
    assert document["type"] == "single"
    assert document["shuffle"]
    assert document["choices"][1]["fixed"]
    assert [points(document, {"choice": name}) for name in "ABC"] == [0, 1, 0]
    mapping = mapped("A=2;C=-1", defaultValue="0.5")
    document = one(item(response("single", "identifier", "A", mapping), CHOICES.format(most=1), MAP))
    assert [points(document, {"choice": name}) for name in "ABC"] == [2, Fraction(1, 2), -1]
    assert points(document, {}) == 0


def test_several_choices_with_bounds() -> None:
    mapping = mapped("A=1;C=1;B=-2", lowerBound="0", upperBound="2", defaultValue="-2")
    document = one(item(response("multiple", "identifier", "A|C", mapping), CHOICES.format(most=0), MAP))
    assert points(document, {"choices": ["A", "C"]}) == 2
    assert points(document, {"choices": ["A", "B"]}) == 0
    whole = one(item(response("multiple", "identifier", "A|C"), CHOICES.format(most=0)))
    assert points(whole, {"choices": ["A", "C"]}) == 1
    assert points(whole, {"choices": ["A"]}) == 0
    free = mapped("A=1;B=-3")
    document = one(item(response("multiple", "identifier", "A", free), CHOICES.format(most=0), MAP))
    assert points(document, {"choices": ["A", "B"]}) == -2


def test_the_same_in_version_three() -> None:
    text = item(
        response("multiple", "identifier", "A|C", mapped("A=1;C=1;B=-2", lowerBound="0")), CHOICES.format(most=0), MAP
    )
    three = text.decode().replace(V2, V3)
    for name in ("assessmentItem", "responseDeclaration", "correctResponse", "mapEntry", "mapping", "outcomeDeclaration",
                 "itemBody", "choiceInteraction", "simpleChoice", "responseProcessing", "prompt", "value"):  # fmt: skip
        dashed = "".join(f"-{c.lower()}" if c.isupper() else c for c in name)
        three = three.replace(f"<{name}", f"<qti-{dashed}").replace(f"</{name}>", f"</qti-{dashed}>")
    for name in ("responseIdentifier", "maxChoices", "mapKey", "mappedValue", "lowerBound", "baseType"):
        dashed = "".join(f"-{c.lower()}" if c.isupper() else c for c in name)
        three = three.replace(f" {name}=", f" {dashed}=")
    three = three.replace("qti_v2p1/rptemplates/map_response", "qti_v3p0/rptemplates/map_response.xml")
    assert one(three.encode()) == one(text)


def test_order_match_and_gaps() -> None:
    order = "<orderInteraction responseIdentifier='RESPONSE'>" + "".join(
        f"<simpleChoice identifier='{name}'>{name}</simpleChoice>" for name in "XYZ"
    ) + "</orderInteraction>"  # fmt: skip
    document = one(item(response("ordered", "identifier", "Z|X|Y"), order))
    assert points(document, {"order": ["Z", "X", "Y"]}) == 1
    assert points(document, {"order": ["X", "Z", "Y"]}) == 0
    sets = "".join(
        "<simpleMatchSet>" + "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="{m}">{n}</simpleAssociableChoice>'
                                     for n in names) + "</simpleMatchSet>"
        for names, m in (("CDL", 1), ("MRT", 4))
    )  # fmt: skip
    body = f'<matchInteraction responseIdentifier="RESPONSE" maxAssociations="4">{sets}</matchInteraction>'
    mapping = mapped("C R=1;D M=0.5;L M=0.5;C T=-1", lowerBound="0", defaultValue="0")
    document = one(item(response("multiple", "directedPair", "C R|D M|L M", mapping), body, MAP))
    assert points(document, {"pairs": [["C", "R"], ["D", "M"], ["L", "M"]]}) == 2
    assert points(document, {"pairs": [["C", "T"], ["D", "M"]]}) == 0
    gaps = (
        '<gapMatchInteraction responseIdentifier="RESPONSE"><gapText identifier="W" matchMax="1">winter</gapText>'
        '<gapText identifier="S" matchMax="1">summer</gapText>'
        '<p>Now is the <gap identifier="G1"/> and then <gap identifier="G2"/>.</p></gapMatchInteraction>'
    )
    document = one(
        item(response("multiple", "directedPair", "W G1|S G2", mapped("W G1=1;S G2=2", defaultValue="-1")), gaps, MAP)
    )
    assert "[1]" in document["stem_en"]
    assert points(document, {"pairs": [["W", "G1"], ["S", "G2"]]}) == 3
    assert points(document, {"pairs": [["S", "G1"]]}) == -1


def test_typed_answers() -> None:
    entry = "<p>Richard of <textEntryInteraction responseIdentifier='RESPONSE' expectedLength='15'/></p>"
    mapping = (
        '<mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/>'
        '<mapEntry mapKey="york" mappedValue="0.5" caseSensitive="false"/></mapping>'
    )
    document = one(item(response("single", "string", "York", mapping), entry, MAP))
    assert points(document, {"text": "York"}) == 1
    assert points(document, {"text": "YORK"}) == Fraction(1, 2)
    assert "_____" in document["stem_en"]
    assert points(one(item(response("single", "float", "2.5"), entry)), {"value": "2.50"}) == 1
    tolerance = (
        "<responseProcessing><responseCondition><responseIf>"
        '<equal toleranceMode="absolute" tolerance="0.1 0.2" includeUpperBound="false">'
        '<correct identifier="RESPONSE"/><variable identifier="RESPONSE"/></equal>'
        '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">3</baseValue></setOutcomeValue>'
        "</responseIf></responseCondition></responseProcessing>"
    )
    document = one(item(response("single", "float", "10"), entry, tolerance))
    assert [points(document, {"value": text}) for text in ("9.9", "9.89", "10.19", "10.2")] == [3, 0, 3, 0]
    assert (
        one(item(response("single", "string"), "<extendedTextInteraction responseIdentifier='RESPONSE'/>"))["type"]
        == "essay"
    )


def test_rules_that_are_written_out_are_carried_out() -> None:
    rules = (
        "<responseProcessing><responseCondition><responseIf><isNull><variable identifier='RESPONSE'/></isNull>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>0</baseValue></setOutcomeValue></responseIf>"
        "<responseElseIf><match><variable identifier='RESPONSE'/><baseValue baseType='identifier'>A</baseValue></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>4</baseValue></setOutcomeValue></responseElseIf>"
        "<responseElse><setOutcomeValue identifier='SCORE'><subtract><baseValue baseType='float'>0</baseValue>"
        "<baseValue baseType='float'>1</baseValue></subtract></setOutcomeValue></responseElse></responseCondition>"
        "</responseProcessing>"
    )
    document = one(item(response("single", "identifier", "A"), CHOICES.format(most=1), rules))
    assert [points(document, {"choice": name}) for name in "ABC"] == [4, -1, -1]


def test_what_does_not_map_is_named() -> None:
    single, body = response("single", "identifier", "A"), CHOICES.format(most=1)
    odd = "<responseProcessing><setOutcomeValue identifier='SCORE'><randomFloat min='0' max='1'/></setOutcomeValue></responseProcessing>"
    assert refusal(item(single, body, odd)) == "processing"
    assert refusal(item(single, body + body)) == "several-interactions"
    assert refusal(item(single, "<p>only text</p>")) == "no-interaction"
    assert refusal(item(single, body, "")) == "no-processing"
    assert refusal(item(single, body).replace(b'adaptive="false"', b'adaptive="true"')) == "adaptive"
    assert refusal(item(single, '<uploadInteraction responseIdentifier="RESPONSE"/>')) == "interaction"


def test_a_package_brings_its_pictures_and_its_order() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("imsmanifest.xml", '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="b/two.xml"/>'
                         '<resource type="imsqti_item_xmlv2p1" href="one.xml"/></resources></manifest>')  # fmt: skip
        package.writestr("one.xml", item(response("single", "identifier", "A"), CHOICES.format(most=1)))
        picture = '<img src="../pics/a.png" alt="a map"/>'
        package.writestr("b/two.xml", item(response("single", "identifier", "A"), picture + CHOICES.format(most=1)))
        package.writestr("pics/a.png", b"\x89PNG")
        package.writestr("test.xml", "<assessmentTest title='T'/>")
    reading = qti.read(stream.getvalue())
    assert [found.place for found in reading.items] == ["b/two.xml", "one.xml"]
    assert "picture:" in reading.items[0].document["stem_en"]
    assert len(reading.pictures) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<quiz/>", b"\x00\x01"])
def test_what_is_no_qti_is_refused(content: bytes) -> None:
    with pytest.raises(CannotRead):
        qti.read(content)
