"""Sheets read into typed columns: what is accepted, what is refused, and how each refusal names its cell."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from webapp.errors import BadInput
from webapp.spreadsheets.cells import Choice, Code, Codes, Day, Flag, NationalId, Number, Text, Time, Whole
from webapp.spreadsheets.reading import Column, open_file, read_table

COLUMNS = [
    Column("officer_no", "เลขประจำตำแหน่ง", "", Code(), required=True, key=True),
    Column("name", "ชื่อ", "", Text(20)),
    Column("born", "วันเกิด", "", Day()),
    Column("points", "คะแนน", "", Number(most=Decimal(100))),
    Column("rating", "ระดับ", "", Whole(1, 5)),
    Column("acting", "รักษาการ", "", Flag()),
    Column("kind", "ประเภท", "", Choice({"district": "เขต", "bureau": "สำนัก"})),
]


def workbook(*rows, sheet="x"):
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def read(content, columns=COLUMNS):
    with open_file(content) as file:
        return read_table(file.grid(file.sheet_names[0]), columns, "x")


def read_cell(type_, cell):
    return type_.read([cell])[0]


def test_headings_are_found_by_machine_name_or_thai_in_any_order_and_case():
    table = read(workbook(["คะแนน ", "OFFICER NO", "ชื่อ"], [87.5, "007", "สมชาย"]))
    assert table.columns == {"officer_no": ["007"], "name": ["สมชาย"], "points": [Decimal("87.50")]}
    assert not table.problems
    assert not table.warnings


def test_an_unknown_column_is_reported_and_not_read():
    table = read(workbook(["officer_no", "โน้ต"], ["1", "x"]))
    assert [(w.row, w.column) for w in table.warnings] == [(1, "โน้ต")]


def test_the_same_heading_twice_makes_the_sheet_unusable():
    assert [p.column for p in read(workbook(["officer_no", "ชื่อ", "name"], ["1", "a", "b"])).unusable] == ["name"]


def test_a_missing_key_column_makes_the_sheet_unusable():
    assert [p.column for p in read(workbook(["ชื่อ"], ["a"])).unusable] == ["officer_no"]


def test_an_empty_sheet_is_unusable():
    assert read(workbook()).unusable


def test_blank_rows_are_skipped_and_row_numbers_are_the_spreadsheets_own():
    table = read(workbook(["officer_no", "rating"], ["1", 3], [None, None], ["  ", ""], ["2", 9], [None, 2]))
    assert table.rows == [2, 5, 6]
    assert [(p.row, p.column, p.value) for p in table.problems] == [(6, "officer_no", ""), (5, "rating", "9")]


def test_a_table_that_starts_lower_keeps_its_row_numbers():
    table = read(workbook([None, None], [None, "officer_no"], [None, "5"]))
    assert table.rows == [3]
    assert table.columns["officer_no"] == ["5"]


@pytest.mark.parametrize("number", [12345, 12345.0, "12345", " 12345 ", "๑๒๓๔๕", "123\u200b45"])
def test_a_number_kept_by_excel_as_a_float_is_the_same_code(number):
    assert read_cell(Code(), float(number) if isinstance(number, int) else number) == "12345"


def test_a_codes_leading_zeros_stay():
    assert read_cell(Code(), "00123") == "00123"
    assert read_cell(Code(), dt.date(2026, 1, 1)).message.startswith("ต้องเป็นรหัส")
    assert read_cell(Codes(), " a; b ;a;") == ("a", "b")


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 10, 1),
        dt.datetime(2026, 10, 1, 9, 30),
        dt.date(2569, 10, 1),
        dt.datetime(2569, 10, 1),
        "1 ต.ค. 2569",
        "๐๑/๑๐/๒๕๖๙",
        "2026-10-01",
    ],
)
def test_a_day_may_be_a_real_date_or_typed_in_either_era(cell):
    assert read_cell(Day(), cell) == dt.date(2026, 10, 1)


@pytest.mark.parametrize("cell", [46296.0, "1/10/69", dt.date(2568, 2, 29), "เมื่อวาน", True, dt.time(9, 0)])
def test_what_is_not_a_day_is_refused(cell):
    assert read_cell(Day(), cell).message


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        (87.5, "87.50"),
        (0.1 + 0.2, "0.30"),
        (87.1200000000001, "87.12"),
        ("87.5", "87.50"),
        ("๘๗.๕", "87.50"),
        ("1,234.5", "1234.50"),
        (0.0, "0.00"),
        ("87.4999999999", "87.50"),
    ],
)
def test_points_are_exact_and_spreadsheet_noise_is_ignored(cell, points):
    assert read_cell(Number(), cell) == Decimal(points)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (87.505, "ทศนิยม"),
        ("87.505", "ทศนิยม"),
        (87.500000001, "ทศนิยม"),
        (-1.0, "ต่ำกว่า"),
        (100.01, "ไม่เกิน"),
        ("แปดสิบ", "ตัวเลข"),
        ("1e2", "ตัวเลข"),
        ("nan", "ตัวเลข"),
        ("1,23", "ตัวเลข"),
        (True, "ตัวเลข"),
        (dt.date(2026, 1, 1), "ตัวเลข"),
        (float("inf"), "ตัวเลข"),
        ("9" * 60, "ตัวเลข"),
    ],
)
def test_points_out_of_shape_are_refused_with_the_reason(cell, reason):
    assert reason in read_cell(Number(most=Decimal(100)), cell).message


def test_whole_numbers_flags_and_choices():
    assert read_cell(Whole(1, 5), 3.0) == 3
    assert "จำนวนเต็ม" in read_cell(Whole(1, 5), 3.5).message
    assert Flag().read([True, 1.0, "ใช่", "TRUE", "๑", False, 0.0, "ไม่ใช่", ""]) == [True] * 5 + [False] * 3 + [None]
    assert read_cell(Flag(), "2").message
    assert Choice({"f": "หญิง", "m": "ชาย"}).read(["F", "หญิง", " ชาย ", ""]) == ["f", "f", "m", None]
    assert "f, m" in dict(read_cell(Choice({"f": "หญิง", "m": "ชาย"}), "x").values)["choices"]


def test_true_is_not_taken_for_the_number_one():
    one, true = Whole(1, 5).read([1.0, True])
    assert one == 1
    assert true.message == "ต้องเป็นตัวเลข"


def test_times_of_day():
    expected = dt.time(9, 30)
    cells = ["9:30", "09.30 น.", dt.time(9, 30), dt.datetime(2026, 1, 1, 9, 30), dt.timedelta(hours=9, minutes=30)]
    assert Time().read(cells) == [expected] * 5
    assert read_cell(Time(), "25:00").message


def test_a_national_id_is_checked_and_kept_as_digits():
    assert NationalId().read(["1-1017-00230-70-8", 1101700230708.0]) == ["1101700230708"] * 2
    assert read_cell(NationalId(), "1101700230707").message


def test_text_is_brought_to_one_spelling_and_not_cut():
    assert read_cell(Text(), " นํ้า  ใส ") == "น้ำ ใส"
    assert read_cell(Text(3), "ยาวเกิน").message
    assert read_cell(Text(), 12345.0) == "12345"


def test_the_error_of_a_formula_is_not_an_empty_cell():
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("x")
    sheet.write_row(0, 0, ["officer_no", "ชื่อ", "points"])
    sheet.write_string(1, 0, "1")
    sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    problems = read(file.getvalue()).problems
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "name", "#N/A"), (2, "points", "#DIV/0!")]


def test_a_formula_that_was_never_worked_out_is_not_an_empty_cell():
    table = read(
        workbook(
            ["officer_no", "ชื่อ", "points", "โน้ต"],
            ["1", "ก", "=40+45", None],
            ["2", '=IF(1>0,"ข","")', 80, "=A3"],
            ["=A2+1", None, "=SUM(C2:C3)", None],
        )
    )
    assert [(p.row, p.column, p.value) for p in table.problems] == [
        (4, "officer_no", "=A2+1"),
        (3, "name", '=IF(1>0,"ข","")'),
        (2, "points", "=40+45"),
        (4, "points", "=SUM(C2:C3)"),
    ]
    assert "เซลล์ C2 ยังไม่มีค่า" in table.problems[2].reason()
    assert table.columns["points"] == [None, Decimal("80.00"), None]


@pytest.mark.parametrize("kept", ["<v></v>", "<v/>", ""])
def test_a_formula_that_was_worked_out_is_read_by_its_value_also_when_it_came_out_empty(kept):
    plain = workbook(["officer_no", "ชื่อ", "points"], ["1", "EMPTY", 85])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            text = re.sub(r'<c r="B2"[^>]*>.*?</c>', f'<c r="B2" t="str"><f>""</f>{kept}</c>', text)
            after.writestr(name, text.replace("<v>85</v>", "<f>40+45</f><v>85</v>"))
    table = read(file.getvalue())
    assert not table.problems
    assert table.columns == {"officer_no": ["1"], "name": [None], "points": [Decimal("85.00")]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_usual_encoding_reads_the_same(encoding, delimiter):
    text = f'officer_no{delimiter}ชื่อ\r\n007{delimiter}"สมชาย{delimiter}ใจดี"\r\n\r\n'
    table = read(text.encode(encoding))
    assert table.columns == {"officer_no": ["007"], "name": [f"สมชาย{delimiter}ใจดี".replace("\t", " ")]}


def test_a_csv_row_with_too_many_cells_is_reported():
    assert [(p.row, p.value) for p in read("officer_no,ชื่อ\n1,a,b\n2,c\n3\n".encode()).problems] == [(2, "b")]


def test_a_broken_quote_in_a_csv_is_one_clear_refusal():
    with pytest.raises(BadInput, match="แถว 2"):
        read('officer_no,ชื่อ\n1,"a"b\n'.encode())


def test_every_bad_cell_is_reported_in_one_go():
    table = read(workbook(["officer_no", "points", "born"], ["1", "x", "y"], ["2", 3, "2026-01-01"], [None, 101, None]))
    assert sorted((p.row, p.column) for p in table.problems) == [
        (2, "born"),
        (2, "points"),
        (4, "officer_no"),
        (4, "points"),
    ]
    assert table.bad_places == {0, 2}
