"""Items by Excel: one row to an item, every bad cell named, and what was taken away reads back the same."""

import datetime as dt

import pytest
import yaml

from tests.assessments.bank import items
from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.rules import score
from webapp.assessments.bank.sheets import COLUMNS, read_items, row_of, workbook

CREATED = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


def sheet(*rows):
    blank = dict.fromkeys((column.name for column in COLUMNS), "")
    return workbook(
        [{**blank, "category": "กฎหมาย > งบประมาณ", "question": "โจทย์", **row} for row in rows], created=CREATED
    )


def test_a_row_of_each_type_becomes_an_item():
    found, wrong = read_items(sheet(
        {"type": "single", "a": "หนึ่ง", "b": "สอง", "answer": "b", "topics": "ก; ข", "competencies": "teamwork"},
        {"type": "เลือกตอบหลายข้อ", "a": "หนึ่ง", "b": "สอง", "c": "สาม", "answer": "A, C"},
        {"type": "true-false", "answer": "ผิด"}, {"type": "matching", "a": "ก = 1", "b": "ข = 2", "c": "= 3"},
        {"type": "ordering", "a": "ก่อน", "b": "หลัง", "rule": "position"},
        {"type": "numeric", "answer": "๑,๐๐๐", "tolerance": "5%"}, {"type": "text", "answer": "กทม*; กรุงเทพ"},
        {"type": "essay", "a": "วิเคราะห์ = 6", "b": "เสนอ = 4", "points": "20", "answer": "แนวคำตอบ"},
    ))  # fmt: skip
    assert wrong == []
    assert [row.row for row in found] == list(range(2, 10))
    assert all(problems(row.document) == [] and row.category == ("กฎหมาย", "งบประมาณ") for row in found)
    assert found[0].tags == (("topic", "ก"), ("topic", "ข"), ("competency", "teamwork"))
    right = [{"choice": "b"}, {"choices": ["a", "c"]}, {"choice": "false"}, {"pairs": [["s0", "t0"], ["s1", "t1"]]},
             {"order": ["e0", "e1"]}, {"value": "1050"}, {"text": "กทมฯ"}]  # fmt: skip
    assert [score(row.document, given).fraction for row, given in zip(found, right, strict=False)] == [1] * 7


def test_every_bad_cell_is_named_with_its_row():
    found, wrong = read_items(sheet(
        {"type": "single", "a": "หนึ่ง", "b": "สอง", "answer": "E"}, {"type": "cloze"},
        {"type": "numeric", "answer": "สิบ"}, {"type": "matching", "a": "ก"}, {"type": "essay", "a": "ไม่มีคะแนน"},
        {"type": "true-false", "answer": "?"}, {"type": "text"}, {"type": "single", "question": "", "answer": "A"},
        {"type": "ordering", "a": "ก", "b": "ข", "rule": "most"}, {"type": "text", "answer": "ก", "points": "0"},
    ))  # fmt: skip
    assert found == []
    assert sorted((problem.row, problem.column) for problem in wrong) == [
        (2, "answer"), (3, "type"), (4, "answer"), (5, "a"), (6, "a"), (7, "answer"), (8, "answer"), (9, "question"),
        (10, "rule"), (11, "points"),
    ]  # fmt: skip


def test_the_demonstration_goes_out_and_comes_back_the_same():
    import random

    from webapp.demo.bank import SOURCE, document_of

    rows = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["items"]
    documents = [cleaned(document_of(row, random.Random(1))) for row in rows]
    out = [row_of(document, "หมวด") for document in documents]
    assert sum(row is not None for row in out) >= 40
    found, wrong = read_items(workbook([row for row in out if row is not None], created=CREATED))
    assert wrong == [] and len(found) == sum(row is not None for row in out)


@pytest.mark.parametrize("make", [items.single, items.multiple, items.numeric, items.text])
def test_what_a_row_cannot_say_is_not_written(make):
    assert row_of(make()) is None


def test_the_empty_form_has_its_headings_and_no_rows():
    assert read_items(workbook([], created=CREATED)) == ([], [])
