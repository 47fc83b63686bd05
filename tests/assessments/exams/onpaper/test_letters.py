"""What is written in a cell is the answer, whatever the order of the parts on that person's paper."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assessments.bank import items
from webapp.assessments.bank.presenting import present
from webapp.assessments.bank.responses import best_response, tidy
from webapp.assessments.bank.rules import score
from webapp.assessments.exams.onpaper import letters, nodes
from webapp.errors import BadInput

OBJECTIVE = [kind() for kind in items.ALL if kind()["type"] != "essay"]


@given(document=st.sampled_from(OBJECTIVE), seed=st.text(max_size=6), language=st.sampled_from(["th", "en"]))
def test_the_best_answer_written_and_read_again_is_the_best_answer(document: Any, seed: str, language: str) -> None:
    shown = present(document, seed)
    best = tidy(document, best_response(document))
    read = letters.read_cell(shown, letters.written(shown, best, language))
    assert score(document, read).fraction == score(document, best).fraction == 1
    assert letters.key_of(shown, language)


@given(document=st.sampled_from(OBJECTIVE), seed=st.text(max_size=6), cell=st.text(max_size=20))
def test_any_cell_is_an_answer_or_a_clear_refusal(document: Any, seed: str, cell: str) -> None:
    shown = present(document, seed)
    try:
        read = letters.read_cell(shown, cell)
    except BadInput:
        return
    assert tidy(document, read) == read
    if read and document["type"] not in ("numeric", "text"):
        assert letters.read_cell(shown, letters.written(shown, read, "th")) == read


@pytest.mark.parametrize("cell", ["", " ", "-", "–"])
def test_an_empty_cell_is_no_answer(cell):
    for document in OBJECTIVE:
        assert letters.read_cell(present(document, "s"), cell) == {}


def test_letters_of_both_alphabets_and_small_ones_are_read():
    document = next(one for one in OBJECTIVE if one["type"] == "single")
    shown = present(document, "s")
    found = {str(letters.read_cell(shown, sign)) for sign in ("ข", "B", "b")}
    assert found == {str({"choice": shown.parts["choices"][1].id})}
    with pytest.raises(BadInput, match="คำตอบเดียว"):
        letters.read_cell(shown, "ก ข")
    with pytest.raises(BadInput, match="ไม่ใช่ตัวเลือก"):
        letters.read_cell(shown, "ฮ")


def test_a_version_tells_one_paper_from_another():
    codes = {letters.variant(f"seed{n}", [1, 2, 3]) for n in range(500)}
    assert len(codes) > 495
    assert letters.variant("a", [1, 2]) != letters.variant("a", [2, 1])
    assert not set("".join(codes)) & set("0O1I")


def test_markup_becomes_blocks_and_nothing_of_it_is_source():
    blocks = nodes.blocks_of(
        "ก<br>ข <strong>#set page()</strong><ul><li>หนึ่ง</li><li><p>สอง</p></li></ul><p>H<sub>2</sub>O</p>"
    )
    assert blocks == [
        {"p": [{"t": "ก"}, {"br": 1}, {"t": "ข "}, {"t": "#set page()", "b": 1}]},
        {"list": [[{"p": [{"t": "หนึ่ง"}]}], [{"p": [{"t": "สอง"}]}]], "ordered": False},
        {"p": [{"t": "H"}, {"t": "2", "sub": 1}, {"t": "O"}]},
    ]
    (table,) = nodes.blocks_of("<table><tr><th>ก</th><th>ข</th></tr><tr><td>1</td></tr></table>")
    assert table == {"table": [[[{"t": "ก"}], [{"t": "ข"}]], [[{"t": "1"}], []]]}
