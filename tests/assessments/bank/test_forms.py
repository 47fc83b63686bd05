"""The editor's boxes say everything a document has: filled and read again, it is the same."""

import pytest

from tests.assessments.bank import items
from webapp.assessments.bank.boxes import is_plain_matching, typed_item
from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.forms import read_item
from webapp.assessments.bank.rules import score


@pytest.fixture(autouse=True)
def _words(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("make", items.ALL)
def test_a_document_comes_back_from_its_boxes_as_it_was(make):
    document = make(feedback_th="<p>ก</p><p>ข</p>", title_th="ชื่อ", title_en="Name", shuffle=False)
    assert read_item(typed_item(document), document) == (document, {})


def test_bounds_and_shares_that_are_not_automatic_come_back_too():
    document = items.multiple(scoring={"rule": "sum", "lower": None, "upper": "0.9", "default": "0"})
    assert read_item(typed_item(document), document) == (document, {})


def test_pairs_that_rows_cannot_say_stay_as_they_are():
    pairs = [{"source": "s1", "target": f"t{n}", "fraction": "1/4"} for n in (1, 2, 3, 4)]
    document = items.matching(pairs=pairs, sources=[{"id": "s1", "text_th": "ก", "max": 0}])
    assert not is_plain_matching(document)
    assert read_item({**typed_item(document), "stem_th": "ใหม่"}, document) == ({**document, "stem_th": "ใหม่"}, {})


def test_ticks_alone_give_shares():
    boxes = {"stem_th": "ข้อใด", "points": "๒", "rule": "sum", "lower": "0", "upper": "100"}
    boxes |= {f"c-{n}-text_th": word for n, word in enumerate(("หนึ่ง", "สอง", "สาม", ""))}
    document, errors = read_item({**boxes, "c-0-right": "yes", "c-1-right": "yes"}, cleaned({"type": "multiple"}))
    assert (errors, problems(document)) == ({}, [])
    assert [(row["id"], row["fraction"]) for row in document["choices"]] == [("a", "0.5"), ("b", "0.5"), ("c", "-0.5")]
    assert score(document, {"choices": ["a", "b", "c"]}).points == 1
    one, errors = read_item({**boxes, "c-1-right": "yes"}, cleaned({"type": "single"}))
    assert [row["fraction"] for row in one["choices"]] == ["0", "1", "0"]


def test_what_cannot_be_read_is_named_at_its_box():
    boxes = {"stem_th": "x", "points": "สอง", "c-0-text_th": "ก", "c-0-right": "yes", "c-0-share": "0", "lower": "0"}
    _document, errors = read_item(boxes, cleaned({"type": "single"}))
    assert set(errors) == {"points", "c-0-share"}
    _document, errors = read_item({"r-0-name_th": "ก", "r-0-levels": "ดีมาก"}, cleaned({"type": "essay"}))
    assert set(errors) == {"r-0-levels"}
    _document, errors = read_item({"m-0-source_th": "ก"}, cleaned({"type": "matching"}))
    assert set(errors) == {"m-0-target_th"}


def test_a_script_typed_is_words_and_entries_are_ordered_by_their_numbers():
    boxes = {"stem_th": "<script>x</script>ข้อ <b>ใด</b>", "rule": "position"}
    boxes |= {"o-0-text_th": "หลัง", "o-0-place": "2", "o-1-text_th": "ก่อน", "o-1-place": "1"}
    document, _errors = read_item(boxes, cleaned({"type": "ordering"}))
    assert document["stem_th"] == "ข้อ <b>ใด</b>"
    assert [row["text_th"] for row in document["entries"]] == ["ก่อน", "หลัง"]
