"""``kaona import`` and ``kaona import-template`` as staff and other systems call them."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from tests.imports.workbooks import ROSTER, csv_of, make_cohort, roster, workbook
from webapp.imports.commands import import_, import_template


@pytest.fixture
def place(session, tmp_path):
    make_cohort(session)
    return tmp_path


def kaona(*arguments):
    """The command within the test's app: exit code, what it printed, and what it said beside."""
    command = import_ if arguments[0] == "import" else import_template
    return CliRunner().invoke(command, [str(one) for one in arguments[1:]])


def report(*arguments):
    done = kaona(*arguments, "--json")
    return done.exit_code, json.loads(done.stdout)


def test_the_roster_comes_in_whole_and_twice_changes_nothing(place):
    path = place / "roster.xlsx"
    path.write_bytes(workbook(ROSTER))
    code, document = report("import", "roster", str(path), "--dry-run")
    assert (code, document["sheets"]["officers"]["created"]) == (0, 3)
    code, document = report("import", "roster", str(path))
    assert code == 0
    assert list(document) == ["kind", "sheets", "errors", "warnings"]
    assert document["sheets"]["officers"] == {"rows": 3, "created": 3, "updated": 0, "unchanged": 0}
    code, document = report("import", "roster", str(path))
    assert code == 0
    assert all(counts["unchanged"] == counts["rows"] for counts in document["sheets"].values())


def test_rejected_rows_are_exit_1_and_named(place):
    path = place / "bad.xlsx"
    sheets = roster()
    sheets["works"][1][2] = "เมื่อวาน"
    path.write_bytes(workbook(sheets))
    code, document = report("import", "roster", str(path))
    assert code == 1
    [error] = document["errors"]
    assert (error["sheet"], error["row"], error["column"], error["value"]) == ("works", 2, "date", "เมื่อวาน")
    assert "วันที่" in error["reason"]


def test_one_kind_from_csv(place):
    path = place / "units.csv"
    path.write_bytes(csv_of([["รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ประเภทหน่วยงาน"], ["BMA-X9", "สำนักใหม่", "สำนัก"]], "cp874"))
    code, document = report("import", "units", str(path))
    assert code == 0
    assert {**document} == {
        "kind": "units",
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "errors": [],
        "warnings": [],
    }


def test_a_sheet_may_be_named(place):
    path = place / "two.xlsx"
    path.write_bytes(workbook({"other": [["x"]], "mine": ROSTER["units"]}))
    assert report("import", "units", str(path), "--sheet", "mine")[0] == 0
    assert report("import", "units", str(path), "--sheet", "none")[0] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.xlsx", None),
        ("x.xlsx", b"%PDF-1.4"),
        ("empty.csv", b""),
        ("x.csv", b"name_th\na\n"),
        ("y.csv", b"unit_code,unit_code\n"),
    ],
)
def test_an_unusable_file_is_exit_2_with_one_document(place, name, content):
    path = place / name
    if content is not None:
        path.write_bytes(content)
    code, document = report("import", "units", str(path))
    assert code == 2
    assert document["errors"][0]["reason"]
    done = kaona("import", "units", str(path))
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_an_unknown_kind_is_exit_2(place):
    assert kaona("import", "nonsense", "x.xlsx").exit_code == 2


@pytest.mark.parametrize("kind", ["roster", "units", "scores"])
def test_a_template_has_headings_help_and_drop_downs(place, kind):
    path = place / f"template-{kind}.xlsx"
    assert kaona("import-template", kind, str(path)).exit_code == 0
    book = openpyxl.load_workbook(path)
    sheet = book["units" if kind == "roster" else kind]
    heads = [cell.value for cell in sheet[1]]
    assert heads[0] == ("cohort_code" if kind == "scores" else "unit_code")
    assert all(cell.comment for cell in sheet[1])
    prompts = {rule.prompt for rule in sheet.data_validations.dataValidation}
    assert len(prompts) == len(heads)
    code, document = report("import", kind, str(path))
    assert (code, document["errors"], document["warnings"]) == (0, [], [])
