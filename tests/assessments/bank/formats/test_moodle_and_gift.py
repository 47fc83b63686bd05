"""Question files of others: marks are those of the format, and nothing is dropped silently."""

import base64
from fractions import Fraction
from typing import Any

import pytest

from webapp.assessments.bank.formats import CannotRead, gift, moodle
from webapp.assessments.bank.rules import score

PIXEL = base64.b64encode(b"\x89PNG not really").decode()
MOODLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
 <question type="category"><category><text>$course$/top/กฎหมาย/พ.ร.บ. 2528</text></category></question>
 <question type="multichoice"><name><text>เมืองหลวง</text></name>
  <questiontext format="html"><text><![CDATA[<p>เมืองหลวงคือ <img src="@@PLUGINFILE@@/a%20b.png" alt="แผนที่"><script>x()</script></p>]]></text>
   <file name="a b.png" path="/" encoding="base64">{PIXEL}</file></questiontext>
  <defaultgrade>2.0000000</defaultgrade><single>true</single><shuffleanswers>0</shuffleanswers>
  <answer fraction="100" format="html"><text>กรุงเทพมหานคร</text><feedback><text>ใช่</text></feedback></answer>
  <answer fraction="-50" format="html"><text>นนทบุรี</text></answer><tags><tag><text>ภูมิศาสตร์</text></tag></tags>
 </question>
 <question type="multichoice"><name><text>many</text></name><questiontext><text>Pick three</text></questiontext>
  <single>false</single>
  <answer fraction="33.33333"><text>a</text></answer><answer fraction="33.33333"><text>b</text></answer>
  <answer fraction="33.33333"><text>c</text></answer><answer fraction="-100"><text>d</text></answer></question>
 <question type="truefalse"><name><text>tf</text></name><questiontext><text>2+2=4</text></questiontext>
  <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
 <question type="shortanswer"><name><text>sa</text></name><questiontext><text>Colour?</text></questiontext><usecase>0</usecase>
  <answer fraction="100"><text>*green*</text></answer><answer fraction="50"><text>teal</text></answer></question>
 <question type="numerical"><name><text>num</text></name><questiontext><text>Length?</text></questiontext>
  <answer fraction="100"><text>2.5</text><tolerance>0.1</tolerance></answer><answer fraction="25"><text>*</text></answer>
  <units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>
  <unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units></question>
 <question type="matching"><name><text>m</text></name><questiontext><text>Match</text></questiontext>
  <subquestion><text>cat</text><answer><text>animal</text></answer></subquestion>
  <subquestion><text>dog</text><answer><text>animal</text></answer></subquestion>
  <subquestion><text>rose</text><answer><text>plant</text></answer></subquestion>
  <subquestion><text></text><answer><text>stone</text></answer></subquestion></question>
 <question type="ordering"><name><text>o</text></name><questiontext><text>Order</text></questiontext>
  <gradingtype>ABSOLUTE_POSITION</gradingtype><selecttype>ALL</selecttype><selectcount>0</selectcount>
  <answer fraction="1.0"><text>one</text></answer><answer fraction="2.0"><text>two</text></answer>
  <answer fraction="3.0"><text>three</text></answer></question>
 <question type="essay"><name><text>e</text></name><questiontext><text>Write</text></questiontext>
  <responseformat>editor</responseformat><graderinfo><text>look for x</text></graderinfo></question>
 <question type="cloze"><name><text>gap</text></name><questiontext><text>{{1:SA:=x}}</text></questiontext></question>
 <question type="description"><name><text>info</text></name><questiontext><text>hello</text></questiontext></question>
</quiz>""".encode()


def fraction(document: dict[str, Any], response: dict[str, Any]) -> Fraction | None:
    return score(document, response).fraction


def test_moodle_questions_keep_their_marks() -> None:
    reading = moodle.read(MOODLE)
    assert [one.document["type"] for one in reading.items] == [
        "single", "multiple", "true-false", "text", "numeric", "matching", "ordering", "essay",
    ]  # fmt: skip
    single, many, true, text, number, match, order, essay = (one.document for one in reading.items)
    assert reading.items[0].category == ("กฎหมาย", "พ.ร.บ. 2528")
    assert reading.items[0].tags == ("ภูมิศาสตร์",)
    assert "picture:" in single["stem_th"]
    assert "script" not in single["stem_th"]
    assert len(reading.pictures) == 1
    assert single["points"] == "2"
    assert fraction(single, {"choice": "b"}) == Fraction(-1, 2)
    assert fraction(many, {"choices": ["a", "b", "c"]}) == 1
    assert fraction(many, {"choices": ["a", "d"]}) == 0
    assert fraction(true, {"choice": "true"}) == 1
    assert fraction(text, {"text": "dark GREEN grass"}) == 1
    assert fraction(text, {"text": "Teal"}) == Fraction(1, 2)
    assert fraction(number, {"value": "255 cm"}) == 1
    assert fraction(number, {"value": "9"}) == Fraction(1, 4)
    assert reading.items[4].notes == ("units-strict",)
    assert len(match["targets"]) == 3
    assert fraction(match, {"pairs": [["s1", "t1"], ["s2", "t1"], ["s3", "t3"]]}) == Fraction(2, 3)
    assert fraction(order, {"order": ["e1", "e3", "e2"]}) == Fraction(1, 3)
    assert essay["note_en"] == "look for x"
    assert [(one.name, one.code) for one in reading.refused] == [("gap", "type"), ("info", "no-question")]


GIFT = r"""// [tag:history] a comment
$CATEGORY: $course$/top/History

::Q1:: Who's buried in Grant's \{tomb\}? {=Grant#yes ~no one ~%-25%Napoleon #no ####general}

Two of them {~%50%A ~%50%B ~%-100%C}

The sky is blue.{TRUE#wrong#right}

::num:: Pi? {#3.14159:0.001}

Between {#1..5}

When? {#=1822:0 =%50%1822:2}

Match {=cat -> cat food =dog -> dog food = -> bone}

Mahatma was born in {=India =%50%Asia ~Africa} in 1869.

A colour: {=red =%80%pink}

Write about it. {}

::ภาษาไทย:: [html]<b>เมืองหลวง</b>ของไทย {
  = กรุงเทพมหานคร

  ~ เชียงใหม่
}

Just information.
"""


def test_gift_questions_keep_their_marks() -> None:
    reading = gift.read(GIFT.encode())
    kinds = [one.document["type"] for one in reading.items]
    assert kinds == ["single", "multiple", "true-false", "numeric", "numeric", "numeric", "matching", "single", "text",
                     "essay", "single"]  # fmt: skip
    first = reading.items[0]
    assert first.name == "Q1"
    assert first.category == ("History",)
    assert "{tomb}" in first.document["stem_en"]
    assert first.document["feedback_en"] == "general"
    assert fraction(first.document, {"choice": "c"}) == Fraction(-1, 4)
    assert fraction(reading.items[1].document, {"choices": ["a", "b"]}) == 1
    assert reading.items[2].document["choices"][0]["feedback_en"] == "right"
    assert fraction(reading.items[3].document, {"value": "3.1416"}) == 1
    assert fraction(reading.items[4].document, {"value": "5"}) == 1
    assert fraction(reading.items[5].document, {"value": "1823"}) == Fraction(1, 2)
    assert fraction(reading.items[6].document, {"pairs": [["s1", "t1"], ["s2", "t3"]]}) == Fraction(1, 2)
    assert "_____ in 1869" in reading.items[7].document["stem_en"]
    assert fraction(reading.items[8].document, {"text": "pink"}) == Fraction(4, 5)
    assert reading.items[10].document["stem_th"].startswith("<b>")
    assert [(one.place, one.code) for one in reading.refused] == [("30", "no-question")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><quiz>&b;</quiz>',
        b"<quiz>",
        "<quiz/>".encode("utf-16")[:9],
    ],
)
def test_what_is_no_moodle_file_is_refused(content: bytes) -> None:
    with pytest.raises(CannotRead):
        moodle.read(content)
