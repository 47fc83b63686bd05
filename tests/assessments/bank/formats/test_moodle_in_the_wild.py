"""Moodle XML and GIFT as real exports write them: old files, plugins, pictures in the text, odd braces."""

import base64
from fractions import Fraction
from typing import Any

import pytest

from tests.assessments.bank.transfer.files import PNG
from webapp.assessments.bank.formats import Reading, gift, moodle
from webapp.assessments.bank.rules import score

DATA = base64.b64encode(PNG).decode()


def question(kind: str, inside: str, text: str = "Which?", form: str = "html") -> Reading:
    return moodle.read(
        f'<quiz><question type="{kind}"><name><text>q</text></name><questiontext format="{form}"><text><![CDATA[{text}]]></text>'
        f"</questiontext>{inside}</question></quiz>".encode()
    )


def answers(*rows: tuple[str, str], tag: str = "answer") -> str:
    return "".join(f'<{tag} fraction="{share}"><text>{text}</text></{tag}>' for text, share in rows)


def share(document: dict[str, Any], **response: Any) -> Fraction | None:
    return score(document, response).fraction


def test_true_and_false_by_place_in_old_files_and_whole_marks_only() -> None:
    document = question("truefalse", answers(("จริง", "0"), ("เท็จ", "100"))).items[0].document
    assert (share(document, choice="true"), share(document, choice="false")) == (0, 1)
    document = question("truefalse", answers(("true", "50"), ("false", "0"))).items[0].document
    assert share(document, choice="false") == 1, "Moodle takes true for wrong unless it has 100 %"
    assert question("truefalse", answers(("a", "0"))).refused[0].code == "true-false"


@pytest.mark.parametrize(
    "picture",
    [
        (f'<img src="data:image/png;base64,{DATA}" alt="ผัง">', ""),
        ("Old", f"<image>a.png</image><image_base64>\n{DATA}\n</image_base64>"),
    ],
)
def test_pictures_in_the_text_and_beside_it(picture: tuple[str, str]) -> None:
    text, beside = picture
    reading = question("essay", beside, text)
    assert [content for _name, content in reading.pictures.values()] == [PNG]
    assert "picture:" in reading.items[0].document["stem_th"] + reading.items[0].document["stem_en"]


def test_pictures_that_are_not_in_the_file_leave_their_words() -> None:
    found = question("essay", "", '<p>ดู <img src="https://example.org/a.png" alt="แผนที่"></p>').items[0]
    assert found.document["stem_th"] == "ดู [แผนที่]"
    assert found.notes == ("picture-missing",)


def test_words_into_gaps() -> None:
    boxes = "".join(
        f"<selectoption><text>{word}</text><group>1</group></selectoption>" for word in ("เขต", "แขวง", "ซอย")
    )
    document = question("gapselect", boxes, "[[2]] อยู่ใน [[1]] และ [[2]]").items[0].document
    assert share(document, pairs=[["s1", "t2"], ["s2", "t1"], ["s3", "t1"]]) == Fraction(2, 3)
    drags = boxes.replace("selectoption", "dragbox")
    assert question("ddwtos", drags, "[[2]] [[1]]").items[0].document["targets"][0]["max"] == 1
    assert question("ddwtos", drags, "[[2]] [[2]]").refused[0].code == "gap-groups"
    mixed = boxes.replace("<group>1", "<group>2", 1)
    assert question("gapselect", mixed, "[[1]] [[2]]").refused[0].code == "gap-groups"


def test_matching_by_dragging_keeps_markup_of_both_sides() -> None:
    sub = '<subquestion format="html"><text>{}</text><answer format="html"><text>&lt;b&gt;{}&lt;/b&gt;</text></answer></subquestion>'
    document = question("ddmatch", sub.format("a", "1") + sub.format("b", "2")).items[0].document
    assert document["targets"][0]["text_en"] == "<b>1</b>"
    assert share(document, pairs=[["s1", "t1"]]) == Fraction(1, 2)


def test_formats_of_text() -> None:
    assert question("essay", "", "a **b** and *c*\n\nd", "markdown").items[0].document["stem_en"] == (
        "<p>a <strong>b</strong> and <em>c</em></p><p>d</p>"
    )
    assert question("essay", "", "1 < 2\nand", "plain_text").items[0].document["stem_en"] == "1 &lt; 2<br>and"
    both = '<span lang="th" class="multilang">สวัสดี</span><span class="multilang" lang="en">Hello</span>'
    document = question("essay", "", both).items[0].document
    assert (document["stem_th"], document["stem_en"]) == ("สวัสดี", "Hello")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cloze", "type"),
        ("calculated", "template-variables"),
        ("random", "question-bank-only"),
        ("description", "no-question"),
    ],
)
def test_what_does_not_map_is_refused_by_name(kind: str, code: str) -> None:
    assert question(kind, "").refused[0].code == code


def test_what_is_too_long_is_refused_rather_than_cut() -> None:
    assert question("essay", "", "ก" * 50_001).refused[0].code == "too-long"
    assert gift.read(("ก" * 50_001 + " {}").encode()).refused[0].code == "too-long"


def test_gift_with_odd_braces_and_wrong_answers_of_numbers() -> None:
    text = """One from 1 to 5? {#3:2~#Completely wrong}";

::open:: not closed {=a ~b

::after:: still read {T}

Broken over lines {
 =a

 ~b
}.

Name {=[plain]<b> -> x =c -> y#z}

Weights {~%33.33333%a ~%33.33333%b ~%33.33334%c ~%-100%d ####one ####two}
"""
    reading = gift.read(text.encode())
    assert [(one.name, one.code) for one in reading.refused] == [("open", "brace-open")]
    number, truth, single, match, weights = (one.document for one in reading.items)
    assert number["stem_en"].endswith('_____";') and number["answers"][1]["feedback_en"] == "Completely wrong"
    assert truth["type"] == "true-false" and single["stem_en"] == "Broken over lines _____."
    assert [row["text_en"] for row in match["targets"]] == ["x", "y#z"]
    assert match["sources"][0]["text_en"] == "&lt;b&gt;"
    assert share(weights, choices=["a", "b", "c"]) == 1
    assert weights["feedback_en"] == "two"
