"""Goal 7: a 10,000 × 60 sheet read and checked; and the whole import of 50,000 officers with 150,000 postings.

The floor of the sheet is what anybody would write: calamine's rows, then each cell tried as what its column holds.
The whole import runs as the command itself, in a process of its own, so that its peak memory is its own.
"""

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.measuring import Result, beside
from webapp.spreadsheets.cells import Code, Day, Flag, Number, Text
from webapp.spreadsheets.reading import Column, open_file, read_table
from webapp.spreadsheets.writing import DAY_TH

ROWS, WIDTH = 10_000, 60
OFFICERS, POSTINGS_EACH = 50_000, 3
MOST_SECONDS, MOST_MIB = 120, 1024
COLUMNS = [
    Column(f"c{place}", f"คอลัมน์ {place}", "", kind)
    for place, kind in enumerate([Code(), Text(), Number(), Day(), Flag()] * (WIDTH // 5))
]
NAMES = ("สมชาย", "สมศักดิ์", "แก้วใจ", "กาญจนา", "ประเสริฐ", "วิไลวรรณ", "อนุชา", "นํ้าฝน")


def wide_sheet(path: Path) -> None:
    """10,000 rows of sixty typed cells: codes, Thai text, points, real dates, flags."""
    chance = random.Random(7)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, day = book.add_worksheet("x"), book.add_format({"num_format": DAY_TH})
    sheet.write_row(0, 0, [column.name for column in COLUMNS])
    for row in range(1, ROWS + 1):
        for place in range(0, WIDTH, 5):
            sheet.write_string(row, place, f"{row:06d}")
            sheet.write_string(row, place + 1, f"{chance.choice(NAMES)} {row % 500}")
            sheet.write_number(row, place + 2, chance.randint(0, 10_000) / 100)
            sheet.write_datetime(row, place + 3, dt.datetime(2000, 1, 1) + dt.timedelta(chance.randint(0, 9000)), day)
            sheet.write_number(row, place + 4, chance.randint(0, 1))
    book.close()


def by_hand(path: Path) -> list[list[Any]]:
    """The floor: calamine's rows, each cell tried as what its column holds."""
    from python_calamine import CalamineWorkbook

    def code(cell: Any) -> str:
        return str(cell).strip()

    def text(cell: Any) -> str:
        return re.sub(r"\s+", " ", str(cell)).strip()

    def number(cell: Any) -> Decimal:
        return Decimal(str(cell)).quantize(Decimal("0.01"))

    def day(cell: Any) -> dt.date:
        if not isinstance(cell, dt.date):
            raise TypeError
        return cell

    def flag(cell: Any) -> bool:
        return {0.0: False, 1.0: True}[cell]

    checks = [code, text, number, day, flag] * (WIDTH // 5)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [[check(cell) for check, cell in zip(checks, row, strict=True)] for row in rows[1:]]


def ours(path: Path) -> None:
    """What the preview rests on: the safety checks, the rows, every column typed."""
    with open_file(path) as file:
        table = read_table(file.grid("x"), COLUMNS)
    assert len(table) == ROWS
    assert not table.problems


def roster(path: Path) -> None:
    """50,000 officers and three postings each, as staff would bring them."""
    chance = random.Random(11)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": DAY_TH})
    officers = book.add_worksheet("officers")
    officers.write_row(
        0,
        0,
        [
            "officer_no",
            "title",
            "given_name",
            "family_name",
            "birth_date",
            "entry_date",
            "sex",
            "email",
            "qualifications",
        ],
    )
    for number in range(1, OFFICERS + 1):
        born = dt.datetime(1966, 1, 1) + dt.timedelta(chance.randrange(9000))
        family = f"{chance.choice(NAMES)}{chance.choice(NAMES)}"
        officers.write_row(number, 0, [f"{number:06d}", "นาย", chance.choice(NAMES), family])
        officers.write_datetime(number, 4, born, day)
        officers.write_datetime(number, 5, born + dt.timedelta(8500), day)
        officers.write_row(number, 6, ["m", f"o{number}@example.go.th", "standard-section-head"])
    postings = book.add_worksheet("postings")
    heads = [
        "officer_no",
        "post_code",
        "position_type",
        "level",
        "unit_code",
        "section",
        "start_date",
        "end_date",
        "acting",
        "order_ref",
    ]
    postings.write_row(0, 0, heads)
    for row, (texts, start, end) in enumerate(_postings(chance), start=1):
        postings.write_row(row, 0, texts)
        postings.write_datetime(row, 6, start, day)
        if end is not None:
            postings.write_datetime(row, 7, end, day)
        postings.write_row(row, 8, [0, f"คำสั่งที่ {row}/2560"])
    book.close()


def _postings(chance: random.Random) -> Iterator[tuple[list[str], dt.datetime, dt.datetime | None]]:
    for number in range(1, OFFICERS + 1):
        start = dt.datetime(2005, 10, 1)
        for turn in range(POSTINGS_EACH):
            end = start + dt.timedelta(1460) if turn < POSTINGS_EACH - 1 else None
            unit = f"BMA-D{chance.randint(1, 50):02d}"
            yield [f"{number:06d}", "section-head", "knowledge", "professional", unit, "registration"], start, end
            start += dt.timedelta(1461)


def measured(arguments: list[str], folder: Path) -> tuple[float, float, str]:
    """Seconds, peak MiB and output of a kaona command run in its own process."""
    environment = os.environ | {"KAONA_DATA_DIR": str(folder), "KAONA_ENV": "development"}
    environment.pop("DATABASE_URL", None)
    code = (
        "import resource, sys, webapp.cli\n"
        "try:\n    webapp.cli.main(sys.argv[1:])\n"
        "finally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:] + done.stdout[-2000:])
    return took, int(done.stderr.split()[-1]) / 1024, done.stdout


def measure() -> Iterator[Result]:
    """The sheet beside its floor; the import, and the same import again, against two minutes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wide_sheet(folder / "wide.xlsx")
        seconds, floor = beside(lambda: ours(folder / "wide.xlsx"), lambda: by_hand(folder / "wide.xlsx"))
        yield Result("7", "10,000 × 60 read and checked", seconds, "calamine rows + checks by hand", floor, at_most=1.3)
        roster(folder / "roster.xlsx")
        measured(["init"], folder)
        for what in ("50,000 officers + 150,000 postings imported", "the same file again"):
            took, peak, output = measured(["import", "roster", str(folder / "roster.xlsx"), "--json"], folder)
            sheets = json.loads(output)["sheets"]
            assert sheets["postings"]["rows"] == OFFICERS * POSTINGS_EACH
            note = f"peak {peak:.0f} MiB (limit {MOST_MIB}){'' if peak < MOST_MIB else ' MISSED'}; {sheets['postings']}"
            yield Result("7", what, took, "", 0, limit=MOST_SECONDS, note=note)
