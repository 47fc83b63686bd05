"""What is exported reads back as the same items; what a format cannot mark as we do is listed, never changed."""

from typing import Any

import pytest

from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.formats import gift, moodle, qti
from webapp.assessments.bank.formats.keeping import same, unpacked
from webapp.assessments.bank.formats.writing import Given, write

READ = {"moodle": moodle.read, "gift": gift.read, "qti": qti.read}
PICTURE = "ab" * 32


def made(**raw: Any) -> dict[str, Any]:
    document = cleaned({"stem_th": "ข้อใดถูก? 100% = {ทั้งหมด} ~ #1", "title_th": "ข้อ: หนึ่ง", **raw})
    assert problems(document) == []
    return document


def rows(*shares: str, **more: str) -> list[dict[str, Any]]:
    return [{"id": f"c{n}", "text_th": f"ตัวเลือก = {n}", "fraction": share, **more} for n, share in enumerate(shares)]


SIDES = {
    "sources": [{"id": "x", "text_th": "เขต"}, {"id": "y", "text_th": "สำนัก"}],
    "targets": [{"id": "q", "text_th": "50"}, {"id": "p", "text_th": "เหลือ"}, {"id": "r", "text_th": "16"}],
}
PAIRS = [{"source": "x", "target": "q", "fraction": "1/2"}, {"source": "y", "target": "r", "fraction": "1/2"}]
QUESTIONS = {
    "single": made(type="single", choices=rows("1", "0", "0"), points="2"),
    "single-weighed": made(type="single", choices=rows("1", "1/3", "-1/2"), scoring={"lower": None}),
    "english-too": made(type="single", choices=rows("1", "0", text_en="Choice"), stem_en="Which?", feedback_en="Well"),
    "multiple": made(type="multiple", choices=rows("1/3", "1/3", "1/3", "-1"), points="3"),
    "all-or-nothing": made(type="multiple", choices=rows("1", "1", "0"), scoring={"rule": "all-or-nothing"}),
    "true-false": made(type="true-false", choices=[{"id": "true", "fraction": "1"}, {"id": "false", "fraction": "0"}]),
    "text": made(type="text", answers=[{"text": "กรุงเทพ"}, {"text": "บางกอก", "fraction": "1/2"}]),
    "wild": made(type="text", answers=[{"text": "*เขต*"}]),
    "numeric": made(type="numeric", answers=[{"value": "2.5", "mode": "absolute", "below": "0.1", "above": "0.1"}]),
    "units": made(type="numeric", answers=[{"value": "5"}], units=[{"text": "km"}, {"text": "m", "factor": "1/1000"}]),
    "matching": made(type="matching", pairs=PAIRS, **SIDES),
    "ordering": made(type="ordering", order=["b", "a"], entries=[{"id": "a", "text_th": "ก"}, {"id": "b", "text_th": "ข"}]),
    "essay": made(type="essay", rubric=[{"id": "r", "name_th": "เหตุผล", "points": "10"}], model_th="คำตอบ", max_words="300"),
}  # fmt: skip
CANNOT = {
    "moodle": set(),
    "gift": {"all-or-nothing", "units", "ordering"},
    "qti": {"wild", "units"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(READ))
def test_a_file_reads_back_as_the_same_items(name: str) -> None:
    questions = [Given(key, document, ("กฎหมาย", "a/b"), ("tag",)) for key, document in QUESTIONS.items()]
    written = write(name, questions, {})
    assert {refused.name for refused in written.refused} == CANNOT[name]
    reading = READ[name](written.content)
    assert reading.refused == []
    kept = [document for key, document in QUESTIONS.items() if key not in CANNOT[name]]
    assert len(reading.items) == len(kept) == written.count
    for found, document in zip(reading.items, kept, strict=True):
        assert same(found.document, document)
    if name != "qti":
        assert reading.items[0].category == ("กฎหมาย", "a/b")
        assert reading.items[0].tags == ("tag",)
    assert write(name, questions, {}).content == written.content


@pytest.mark.parametrize("name", ["moodle", "qti"])
def test_pictures_go_along(name: str) -> None:
    import hashlib

    content = b"\x89PNG picture"
    digest = hashlib.sha256(content).hexdigest()
    document = made(type="single", choices=rows("1", "0"), stem_th=f'<p>ดู <img src="picture:{digest}" alt="ผัง"></p>')
    written = write(name, [Given("p", document)], {digest: ("a b.png", content)})
    reading = READ[name](written.content)
    assert reading.pictures[digest][1] == content
    assert same(reading.items[0].document, document)


def test_an_extra_counts_only_beside_the_question_it_was_made_for() -> None:
    text = write("moodle", [Given("essay", QUESTIONS["essay"])], {}).content.decode()
    assert moodle.read(text.encode()).items[0].document["rubric"]
    changed = moodle.read(text.replace("ทั้งหมด", "บางส่วน").encode()).items[0]
    assert changed.document["rubric"] == []
    assert changed.notes == ("extra-left-out",)
    assert unpacked("no extra", QUESTIONS["essay"]) is None
