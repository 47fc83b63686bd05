"""QTI's rules one by one: what a response earns here is what the file's own processing gives, or the item is refused."""

from fractions import Fraction
from typing import Any

import pytest

from tests.assessments.bank.formats.test_qti import CHOICES, MAP, MATCH, SCORE, item, mapped, points, response
from tests.assessments.bank.transfer.files import PNG, package
from webapp.assessments.bank.formats import CannotRead, Found, qti

ENTRY = "<p>น <textEntryInteraction responseIdentifier='RESPONSE'/> บาท</p>"
VARIABLE = "<variable identifier='RESPONSE'/>"
CORRECT = "<correct identifier='RESPONSE'/>"


def number(value: object) -> str:
    return f"<baseValue baseType='float'>{value}</baseValue>"


def word(value: str, base: str = "identifier") -> str:
    return f"<baseValue baseType='{base}'>{value}</baseValue>"


def when(*cases: tuple[str, object], otherwise: object = None) -> str:
    """A response processing: the first test that holds sets the score."""
    parts = []
    for place, (test, worth) in enumerate(cases):
        tag = "responseElseIf" if place else "responseIf"
        parts.append(f"<{tag}>{test}<setOutcomeValue identifier='SCORE'>{number(worth)}</setOutcomeValue></{tag}>")
    if otherwise is not None:
        parts.append(
            f"<responseElse><setOutcomeValue identifier='SCORE'>{number(otherwise)}</setOutcomeValue></responseElse>"
        )
    return f"<responseProcessing><responseCondition>{''.join(parts)}</responseCondition></responseProcessing>"


def found(content: bytes) -> Found:
    reading = qti.read(content)
    assert [(one.code, dict(one.values)) for one in reading.refused] == []
    return reading.items[0]


def refused(content: bytes) -> str:
    reading = qti.read(content)
    assert reading.items == []
    return reading.refused[0].code


BETWEEN = f"<and><gte>{VARIABLE}{number(10)}</gte><lt>{VARIABLE}{number(20)}</lt></and>"
BEYOND = f"<or><equal>{VARIABLE}{number(20)}</equal><gt>{VARIABLE}{number(100)}</gt></or>"
RELATIVE = "<equal toleranceMode='relative' tolerance='5 10'>{}{}</equal>"
ROUNDED = f"<equalRounded roundingMode='decimalPlaces' figures='2'>{VARIABLE}{CORRECT}</equalRounded>"
NUMBERS = {
    "ranges": ("", when((BETWEEN, 2), (BEYOND, 1)), {"9.99": 0, "10": 2, "19.9": 2, "20": 1, "20.1": 0, "100": 0, "101": 1}),
    "relative": ("40", when((RELATIVE.format(CORRECT, VARIABLE), 1)), {"37.9": 0, "38": 1, "44": 1, "44.1": 0}),
    "relative to the answer": (
        "40", when((RELATIVE.format(VARIABLE, CORRECT), 1)), {"36.3": 0, "36.4": 1, "42.1": 1, "42.2": 0}),
    "rounded": ("2.50", when((ROUNDED, 1)), {"2.494": 0, "2.495": 1, "2.5049": 1, "2.505": 0}),
    "another costs": ("3", when((f"<match>{VARIABLE}{CORRECT}</match>", 2), otherwise=-1), {"3": 2, "4": -1, "3.0": 2}),
    "not null": ("3", when((f"<isNull>{VARIABLE}</isNull>", 0), (f"<equal>{VARIABLE}{CORRECT}</equal>", 1)), {"3": 1, "2": 0}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_numbers(name: str) -> None:
    correct, rules, expected = NUMBERS[name]
    document = found(item(response("single", "float", correct), ENTRY, rules)).document
    assert {typed: points(document, {"value": typed}) for typed in expected} == expected


KING = f"<substring caseSensitive='false'>{word('king', 'string')}{VARIABLE}</substring>"
TEXTS = {
    "any case": (when((f"<stringMatch caseSensitive='false'>{VARIABLE}{CORRECT}</stringMatch>", 1)),
                 {"Wicked King": 1, "wicked king": 1, "king": 0}),
    "parts": (when((f"<match>{VARIABLE}{CORRECT}</match>", 1), (f"<match>{VARIABLE}{word('bad king', 'string')}</match>", 0.5),
                   (KING, 0.2)),
              {"wicked king": 1, "bad king": Fraction(1, 2), "the KINGDOM": Fraction(1, 5), "queen": 0}),
    "otherwise costs": (when((f"<stringMatch caseSensitive='true'>{VARIABLE}{CORRECT}</stringMatch>", 1), otherwise=-1),
                        {"wicked king": 1, "Wicked king": -1}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_texts(name: str) -> None:
    rules, expected = TEXTS[name]
    document = found(item(response("single", "string", "wicked king"), ENTRY, rules)).document
    assert {typed: points(document, {"text": typed}) for typed in expected} == expected


def test_choices_by_rules() -> None:
    each = "".join(
        f"<responseCondition><responseIf><member>{word(name)}{VARIABLE}</member><setOutcomeValue identifier='SCORE'><sum>"
        f"<variable identifier='SCORE'/>{number(worth)}</sum></setOutcomeValue></responseIf></responseCondition>"
        for name, worth in (("A", 2), ("B", 1), ("C", -1))
    )  # fmt: skip
    rules = f"<responseProcessing>{each}</responseProcessing>"
    document = found(item(response("multiple", "identifier", "A|B"), CHOICES.format(most=0), rules)).document
    assert [points(document, {"choices": list(names)}) for names in ("A", "AB", "ABC", "C")] == [2, 3, 2, -1]
    either = f"<anyN min='1' max='1'><match>{VARIABLE}{word('A')}</match><match>{VARIABLE}{word('B')}</match></anyN>"
    document = found(item(response("single", "identifier"), CHOICES.format(most=1), when((either, 1)))).document
    assert [points(document, {"choice": name}) for name in "ABC"] == [1, 1, 0]


def test_many_choices_with_a_correct_set() -> None:
    names = [f"K{n}" for n in range(16)]
    rows = "".join(f"<simpleChoice identifier='{name}'>{name}</simpleChoice>" for name in names)
    body = f"<choiceInteraction responseIdentifier='RESPONSE' maxChoices='0'>{rows}</choiceInteraction>"
    document = found(item(response("multiple", "identifier", "|".join(names[:5])), body, MATCH)).document
    assert document["scoring"]["rule"] == "all-or-nothing"
    assert points(document, {"choices": names[:5]}) == 1
    assert points(document, {"choices": names[:4]}) == 0


def test_pairs_within_one_list_become_left_and_right() -> None:
    rows = "".join(
        f"<simpleAssociableChoice identifier='{n}' matchMax='1'>{n}</simpleAssociableChoice>" for n in "ACDLMPX"
    )
    body = f"<associateInteraction responseIdentifier='RESPONSE' maxAssociations='3'>{rows}</associateInteraction>"
    mapping = mapped("A P=2;M C=1;D L=1", defaultValue="0")
    one = found(item(response("multiple", "pair", "A P|C M|D L", mapping), body, MAP))
    assert one.notes == ("associate-as-matching",)
    assert [row["id"] for row in one.document["sources"]] == ["A", "C", "D"]
    assert points(one.document, {"pairs": [["A", "P"], ["C", "M"]]}) == 3
    assert points(one.document, {"pairs": [["A", "X"], ["D", "L"]]}) == 1


def test_feedback_stands_where_it_is_shown() -> None:
    said = "<feedbackInline outcomeIdentifier='F' identifier='{0}' showHide='show'>about {0}</feedbackInline>"
    rows = "".join(f"<simpleChoice identifier='{n}'>{n}{said.format(n)}</simpleChoice>" for n in "ABC")
    body = (
        f"<choiceInteraction responseIdentifier='RESPONSE' maxChoices='1'><prompt>?</prompt>{rows}</choiceInteraction>"
    )
    rules = when((f"<match>{VARIABLE}{CORRECT}</match>", 1)).replace(
        "</responseProcessing>", f"<setOutcomeValue identifier='F'>{VARIABLE}</setOutcomeValue></responseProcessing>"
    )
    modal = "".join(
        f"<modalFeedback outcomeIdentifier='F' identifier='B' showHide='{how}'>{text}</modalFeedback>"
        for how, text in (("show", "Yes"), ("hide", "No, B"))
    )
    content = item(response("single", "identifier", "B"), body, rules).replace(
        b"</assessmentItem>", modal.encode() + b"</assessmentItem>"
    )
    document = found(content).document
    assert [row["feedback_en"] for row in document["choices"]] == ["about A", "about B", "about C"]
    assert (document["feedback_correct_en"], document["feedback_incorrect_en"]) == ("Yes", "No, B")
    assert "about" not in document["stem_en"]


def test_feedback_by_a_truth_value() -> None:
    basic = "<outcomeDeclaration identifier='BASIC' cardinality='single' baseType='identifier'/>"
    rules = when((f"<equal toleranceMode='relative' tolerance='5'>{VARIABLE}{CORRECT}</equal>", 1)).replace(
        "</responseProcessing>",
        "<setOutcomeValue identifier='GOOD'><and><equal><variable identifier='SCORE'/>"
        f"{number(1)}</equal></and></setOutcomeValue></responseProcessing>",
    )
    modal = (
        "<modalFeedback outcomeIdentifier='GOOD' identifier='true' showHide='show' title='Well'>Right</modalFeedback>"
    )
    content = item(response("single", "float", "4.136"), ENTRY, rules, outcomes=SCORE + basic)
    document = found(content.replace(b"</assessmentItem>", modal.encode() + b"</assessmentItem>")).document
    assert (document["feedback_correct_en"] or document["feedback_correct_th"]) == "Right"
    assert [points(document, {"value": typed}) for typed in ("3.95", "4.3", "4.36", "3.93")] == [1, 1, 0, 0]


def test_an_essay_keeps_its_points_and_what_markers_read() -> None:
    body = (
        "<p>Read</p><extendedTextInteraction responseIdentifier='RESPONSE' expectedLines='9'><prompt>Write</prompt>"
        "</extendedTextInteraction><rubricBlock view='scorer'><p>Look for reasons</p></rubricBlock>"
    )
    outcome = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="12"/>'
    document = found(item(response("single", "string"), body, "", outcomes=outcome)).document
    assert (document["type"], document["points"], document["lines"]) == ("essay", "12", 9)
    assert document["note_en"] == "Look for reasons"
    assert "reasons" not in document["stem_en"]


def test_formulas_stay_readable() -> None:
    math = (
        '<p><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>m</m:mi><m:msup><m:mi>c</m:mi><m:mn>2</m:mn></m:msup>'
        "</m:math></p>"
    )
    one = found(item(response("single", "identifier", "A"), math + CHOICES.format(most=1)))
    assert "m c<sup>2</sup>" in one.document["stem_en"]
    assert one.notes == ("math-as-text",)


REFUSED: dict[str, tuple[str, Any]] = {
    "several sets": ("scoring", (response("multiple", "identifier"), CHOICES.format(most=0), when(
        (f"<match>{VARIABLE}<multiple>{word('A')}{word('B')}</multiple></match>", 1),
        (f"<match>{VARIABLE}<multiple>{word('C')}</multiple></match>", 1)))),
    "a point": ("interaction", (response("single", "point", "1 1"), "<selectPointInteraction responseIdentifier='RESPONSE'/>", MAP)),
    "map_response_point": ("processing", (response("single", "identifier", "A"), CHOICES.format(most=1),
                                          MAP.replace("map_response", "map_response_point"))),
    "a part of an order": ("ordering-subset", (response("ordered", "identifier", "A|B"), CHOICES.format(most=0).replace(
        "choiceInteraction", "orderInteraction"), MATCH)),
    "random": ("template-variables", ("<templateDeclaration identifier='T'/>" + response("single", "float", "1"), ENTRY, MATCH)),
    "a pattern": ("processing", (response("single", "string", "a"), ENTRY, when(
        (f"<patternMatch pattern='a+'>{VARIABLE}</patternMatch>", 1)))),
    "a survey": ("no-processing", (response("single", "identifier"), CHOICES.format(most=1), "")),
    "nothing earns": ("never-scores", (response("single", "identifier", "Z"), CHOICES.format(most=1), MATCH)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_does_not_map_is_refused_by_name(name: str) -> None:
    code, parts = REFUSED[name]
    assert refused(item(*parts)) == code


V3 = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="An item">{declared}'
    '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>{more}<qti-item-body>{body}'
    "</qti-item-body>{rules}</qti-assessment-item>"
)


def test_version_three_with_a_stimulus_a_page_and_a_picture() -> None:
    template = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
    text = V3.format(
        declared='<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
        "<qti-correct-response><qti-value>Y</qti-value></qti-correct-response></qti-response-declaration>",
        more='<qti-assessment-stimulus-ref identifier="s" href="../passages/night.xml"/>',
        body='<div><object data="../pages/a.html" type="text/html"/></div><p>of <qti-inline-choice-interaction '
        'response-identifier="RESPONSE"><qti-inline-choice identifier="L">Lancaster</qti-inline-choice>'
        '<qti-inline-choice identifier="Y">York</qti-inline-choice></qti-inline-choice-interaction></p>',
        rules=f'<qti-response-processing template="{template}"/>',
    )  # fmt: skip
    stimulus = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="s" title="Night">'
        '<qti-stimulus-body><p>Once upon <img src="a.png" alt="a night"/></p></qti-stimulus-body></qti-assessment-stimulus>'
    )
    resource = '<resource identifier="{0}" type="{1}" href="{2}"/>'
    manifest = "".join(
        resource.format(*row)
        for row in (("t", "imsqti_test_xmlv3p0", "test.xml"), ("a", "imsqti_item_xmlv3p0", "items/one.xml"),
                    ("s", "imsqti_stimulus_xmlv3p0", "passages/night.xml"), ("x", "imsqti_item_xmlv3p0", "items/gone.xml"))
    )  # fmt: skip
    content = package(
        imsmanifest_xml=f"<manifest><resources>{manifest}</resources></manifest>", items__one_xml=text, test_xml="<qti-assessment-test/>",
        passages__night_xml=stimulus, passages__a_png=PNG, pages__a_html="<html><body><h1>Kings</h1></body></html>",
    )  # fmt: skip
    reading = qti.read(content)
    document = reading.items[0].document
    assert points(document, {"choice": "Y"}) == 1
    assert (
        "Once upon <img" in document["stem_en"] and "Kings" in document["stem_en"] and "of _____" in document["stem_en"]
    )
    assert len(reading.pictures) == 1
    assert [(one.place, one.code) for one in reading.refused] == [
        ("items/gone.xml", "file-missing"),
        ("test.xml", "no-item"),
    ]


def test_older_versions_are_named() -> None:
    for content in (b"<questestinterop/>", package(one_xml="<questestinterop/>")):
        with pytest.raises(CannotRead) as error:
            qti.read(content)
        assert error.value.code == "old-qti"
