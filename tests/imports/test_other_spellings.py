"""The same facts spelled otherwise are the same facts: days in any form, numbers as text, Thai digits, other headings."""

import contextlib
import copy
import datetime as dt
import io
import random
import zipfile

import pytest

from tests.imports.test_roster import bring, everything
from tests.imports.workbooks import ROSTER, make_cohort, workbook
from webapp.errors import BadInput
from webapp.imports.kinds import KINDS
from webapp.imports.operations import check_file
from webapp.spreadsheets.cells import Choice, Code, Day, Flag, NationalId, Number, Text, Whole
from webapp.thai import day, day_long, parse_day, thai_digits


def spelled_otherwise(chance, column, cell):
    """A cell that means the same, written another way."""
    if cell is None:
        return chance.choice([None, "", "  "])
    kind = column.type
    if isinstance(kind, Day):
        meant = parse_day(cell) if isinstance(cell, str) else dt.date(cell.year, cell.month, cell.day)
        buddhist = f"{meant.day}/{meant.month}/{meant.year + 543}"
        ways = [meant, dt.datetime(meant.year, meant.month, meant.day, 9), meant.isoformat(), day(meant, "th"),
                day_long(meant, "en"), buddhist, thai_digits(buddhist)]  # fmt: skip
        return chance.choice(ways)
    if isinstance(kind, Flag):
        yes = str(cell).casefold() in ("1", "true", "ใช่")
        return chance.choice([1, 1.0, True, "1", "ใช่", "๑", "TRUE"] if yes else [0, False, "0", "ไม่ใช่", "๐"])
    if isinstance(kind, Number | Whole):
        return chance.choice([cell, float(cell) + 1e-12, thai_digits(round(cell, 2)), f" {round(cell, 2)} "])
    if isinstance(kind, Choice):
        value = kind.read_one(str(cell))
        return chance.choice([value, value.upper(), kind.choices[value], f" {value} "])
    if isinstance(kind, Code) and str(cell).isdigit():
        return chance.choice([cell, thai_digits(cell), f" {cell}\u200b"])
    if isinstance(kind, NationalId):
        return f"{cell[0]}-{cell[1:5]}-{cell[5:10]}-{cell[10:12]}-{cell[12]}"
    if isinstance(kind, Text):
        return chance.choice([cell, f" {cell}  ", str(cell).replace("ำ", "ํา").replace("แ", "เเ")])
    return cell


@pytest.mark.parametrize("seed", range(8))
def test_the_same_facts_spelled_otherwise_change_nothing(session, actor, seed):
    make_cohort(session)
    assert bring(session, actor, workbook(ROSTER)).errors == []
    before = everything(session)
    chance = random.Random(seed)
    other = {}
    for name, rows in ROSTER.items():
        columns = {column.name: column for column in KINDS[name].columns}
        head, *body = copy.deepcopy(rows)
        chance.shuffle(body)
        order = list(range(len(head)))
        chance.shuffle(order)
        heads = [columns[head[place]].heading if chance.random() < 0.5 else head[place].upper() for place in order]
        cells = [[spelled_otherwise(chance, columns[head[place]], row[place]) for place in order] for row in body]
        blank = [[None] * len(head)] * chance.randint(0, 2)
        other[name.upper() if chance.random() < 0.5 else KINDS[name].title] = [heads, *blank, *cells]
    checked = bring(session, actor, workbook(other))
    assert checked.errors == []
    assert checked.changes_nothing, {
        name: counts for name, counts in checked.counts().items() if counts["updated"] or counts["created"]
    }
    assert everything(session) == before


@pytest.mark.parametrize("seed", range(24))
def test_a_damaged_file_is_refused_and_never_breaks_anything(session, actor, seed):
    make_cohort(session)
    content = bytearray(workbook(ROSTER))
    chance = random.Random(seed)
    for _ in range(chance.choice([1, 10, 200])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        content = content[: chance.randrange(len(content))]
    before = everything(session)
    with contextlib.suppress(BadInput):
        checked = check_file(session, actor, "roster", bytes(content))
        assert checked.fit or checked.errors
    assert everything(session) == before


def test_a_workbook_of_nonsense_parts_is_refused(session, actor):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook>")
    with pytest.raises(BadInput):
        check_file(session, actor, "roster", file.getvalue())
