"""Workbooks come out with text as text, real dates in the Buddhist era, and the same bytes twice."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from webapp.spreadsheets.reading import open_file
from webapp.spreadsheets.writing import DAY_TH, Book, text_width

CREATED = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "{=1}",
    "http://example.invalid",
    "=HYPERLINK(1)",
    "\r\nx",
    "=cmd|' /C'!A0",
]


def written(rows, constant_memory=False, **settings):
    file = io.BytesIO()
    with Book(file, created=CREATED, title="ทดสอบ", constant_memory=constant_memory, **settings) as book:
        sheet = book.sheet("แผ่น/หนึ่ง")
        book.table(sheet, [f"หัว {n}" for n in range(len(rows[0]))], rows)
        book.footer(sheet, "ร & ด")
    return file.getvalue()


@pytest.mark.parametrize("constant_memory", [False, True])
@pytest.mark.parametrize("text", DANGEROUS)
def test_text_never_turns_into_a_formula_or_link(text, constant_memory):
    content = written([[text]], constant_memory)
    with open_file(content) as file:
        assert file.grid(file.sheet_names[0])[1] == [text]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml


def test_a_day_is_a_real_date_shown_in_the_buddhist_era():
    sheet = openpyxl.load_workbook(io.BytesIO(written([[dt.date(2026, 10, 1)]]))).worksheets[0]
    assert sheet["A2"].value == dt.datetime(2026, 10, 1)
    assert sheet["A2"].number_format == DAY_TH == "[$-107041E]d mmmm yyyy"
    assert sheet.title == "แผ่น หนึ่ง"
    assert sheet.freeze_panes == "A2"
    assert sheet.page_setup.paperSize == 9
    assert sheet.oddFooter.left.text == "ร && ด"


def test_a_day_before_excels_calendar_is_text():
    assert (
        openpyxl.load_workbook(io.BytesIO(written([[dt.date(1899, 5, 1)]]))).worksheets[0]["A2"].value == "1899-05-01"
    )


@pytest.mark.parametrize("constant_memory", [False, True])
def test_the_same_content_gives_the_same_bytes(constant_memory):
    rows = [["ก", Decimal("1.50"), dt.date(2026, 1, 1), True, None, CREATED]]
    assert written(rows, constant_memory) == written(rows, constant_memory)


def test_two_sheets_may_ask_for_the_same_name():
    with Book(io.BytesIO(), created=CREATED) as book:
        assert [book.sheet("a[1]").get_name(), book.sheet("A:1*").get_name()] == ["a 1", "A 1 2"]
        assert len(book.sheet("ย" * 50).get_name()) == 31


def test_stacked_vowels_take_no_room():
    assert text_width("ที่นี่") == text_width("ทน")
