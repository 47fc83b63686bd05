"""Files made to harm: bombs, wrong types, sheets with far-away cells. Refused quickly and in little memory."""

import io
import struct
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from webapp.errors import BadInput
from webapp.spreadsheets.reading import open_file

TYPES = b'<?xml version="1.0"?><Types/>'
BOOK = (
    b'<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
LINKS = b'<?xml version="1.0"?><Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'


def archive(sheet: bytes, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", TYPES)
        zipped.writestr("xl/workbook.xml", BOOK)
        zipped.writestr("xl/_rels/workbook.xml.rels", LINKS)
        zipped.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            zipped.writestr(name, content)
    return file.getvalue()


def sheet_with(*cells: str) -> bytes:
    return f"<worksheet><sheetData>{''.join(cells)}</sheetData></worksheet>".encode()


def refused_quickly(content: bytes) -> str:
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadInput) as refusal:
        open_file(content).grid("x")
    took = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert took < 1
    assert peak < 64 * 1024 * 1024
    return str(refusal.value)


def test_a_zip_bomb_is_refused_by_what_it_declares():
    assert "ใหญ่เกิน" in refused_quickly(archive(b"0" * 60_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = bytearray(archive(b" " * 30_000_000))
    start = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[start + 24 : start + 28] = struct.pack("<I", 1000)
    assert "เสียหาย" in refused_quickly(bytes(content))


def test_many_parts_are_refused():
    assert "โครงสร้าง" in refused_quickly(archive(sheet_with(), **{f"xl/{n}.bin": b"" for n in range(1100)}))


def test_a_document_type_that_expands_is_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet_with()
    assert "โครงสร้าง" in refused_quickly(archive(laughs))


@pytest.mark.parametrize(
    "cells",
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="90000"><c r="ZZ90000"><v>1</v></c></row>'),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="250000"><c r="GA250000"><v>1</v></c></row>'),
        ('<row r="1"><c r="xfd1"><v>1</v></c></row>',),
        ("<row r='1'><c r='A1'><v>1</v></c></row>", "<row r='900000'><c r='ZZ900000'><v>1</v></c></row>"),
        ('<x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',),
        ('<row\tr="1"><c\tr="A1"/><c\tr="XFD1048576"><v>1</v></c></row>',),
        ('<row s="1" r="1048576"><c><v>1</v></c></row>',),
        ('<row r="1"><c s="3" t="n" r="ABC1"><v>1</v></c></row>',),
    ],
)
def test_cells_far_apart_are_refused_before_the_rectangle_is_built(cells):
    assert refused_quickly(archive(sheet_with(*cells)))


def test_more_rows_than_allowed_are_refused():
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 300_003))
    assert "300,000" in refused_quickly(archive(sheet_with(rows)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "ว่างเปล่า"),
        (b"%PDF-1.7 ...", "ไม่ใช่ไฟล์"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, ".xls"),
        (b"\x89PNG\r\n", "ไม่ใช่ไฟล์"),
        (b"a,b\x00,c", "ไม่ใช่ไฟล์"),
        (b"PK\x03\x04 not really", "เสียหาย"),
        (b"a,b\n\x01\x02,c", "ไม่ใช่ไฟล์"),
    ],
)
def test_a_wrong_type_is_told_by_content(content, reason):
    assert reason in refused_quickly(content)


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("readme.txt", "hello")
    assert "ไม่ใช่ไฟล์" in refused_quickly(file.getvalue())


def test_a_csv_with_too_many_columns_is_refused():
    assert "200" in refused_quickly(("," * 500 + "\n").encode())


def test_an_honest_workbook_with_drop_downs_over_whole_columns_opens():
    book = openpyxl.Workbook()
    choices = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"a,b"')
    choices.add("A2:A1048576")
    book.active.add_data_validation(choices)
    book.active.append(["officer_no", "ชื่อ"])
    book.active.append(["1", "บรรทัด\nสอง\nสาม\nสี่\nห้า\nหก\nเจ็ด\nแปด\nเก้า"])
    file = io.BytesIO()
    book.save(file)
    with open_file(file.getvalue()) as opened:
        assert len(opened.grid(opened.sheet_names[0])) == 2


def test_an_honest_sparse_sheet_opens():
    book = openpyxl.Workbook()
    book.active["A1"] = "officer_no"
    book.active["AD20000"] = "far but fair"
    file = io.BytesIO()
    book.save(file)
    with open_file(file.getvalue()) as opened:
        assert len(opened.grid(opened.sheet_names[0])) == 20_000
