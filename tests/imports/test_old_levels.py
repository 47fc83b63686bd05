"""Careers from before the 2554 Act: ระดับ 1-11 in the level column become levels of today, said so, and kept as written."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.imports.test_roster import bring
from tests.imports.workbooks import workbook
from webapp.careers.models import LevelConversion
from webapp.imports.kinds.old_levels import old_level
from webapp.officers.models import Posting

OFFICERS = [
    ["officer_no", "given_name", "family_name", "birth_date", "entry_date"],
    ["O-1", "สม", "ใจ", "1970-01-01", "1993-01-01"],
]
HEADS = ["officer_no", "post_code", "position_type", "level", "unit_code", "start_date", "end_date"]


def posting(post: str, kind: Any, level: Any, year: int) -> list[Any]:
    return ["O-1", post, kind, level, "BMA-D01", f"{year}-01-01", f"{year}-12-31"]


@pytest.mark.parametrize(
    ("typed", "level"),
    [("ระดับ 7", 7), ("ระดับ7", 7), ("7", 7), ("C7", 7), ("c 7", 7), ("ซี 11", 11), ("ระดับ 12", None), ("0", None),
     ("ชำนาญการ", None), ("7 ว", None), ("-7", None), (None, None)],
)  # fmt: skip
def test_old_levels_are_read_as_they_are_written(typed: str | None, level: int | None) -> None:
    assert old_level(typed) == level


def test_old_levels_are_converted_by_the_table_and_kept_as_written(session: Any, actor: Any) -> None:
    rows = [
        HEADS,
        posting("plan-analyst", "วิชาการ", "ระดับ 7", 2000),  # the row's type decides
        posting("section-head", None, "ระดับ ๘", 2001),  # the post's own type decides among several
        posting("unheard-of", None, 2, 2002),  # only one type has level 2
        posting("division-director", None, "ต้น", 2003),  # a level of today stays what it is
    ]
    content = workbook({"officers": OFFICERS, "postings": rows})
    checked = bring(session, actor, content)
    assert checked.errors == []
    told = [one for one in checked.warnings if "เทียบระดับเดิม" in str(one.message)]
    assert [(one.row, one.column, one.values["old"]) for one in told] == [
        (2, "level", 7),
        (3, "level", 8),
        (4, "level", 2),
    ]
    assert told[0].values["level"] == "วิชาการ ระดับชำนาญการ"
    found = session.scalars(select(Posting).order_by(Posting.started_on)).all()
    assert [(row.position_type, row.level, row.level_text) for row in found] == [
        ("knowledge", "professional", "ระดับ 7"), ("knowledge", "senior-professional", "ระดับ 8"),
        ("general", "operational", "2"), ("managerial", "primary", ""),
    ]  # fmt: skip
    again = bring(session, actor, content)
    assert again.counts()["postings"] == {"rows": 4, "created": 0, "updated": 0, "unchanged": 4}
    without = [[cell for place, cell in enumerate(row) if place not in (2, 3)] for row in rows[:2]]
    assert bring(session, actor, workbook({"postings": without})).counts()["postings"]["unchanged"] == 1


def test_an_old_level_that_cannot_be_placed_is_rejected_once_with_what_to_do(session: Any, actor: Any) -> None:
    rows = [
        HEADS,
        posting("unheard-of", None, "ระดับ 8", 2000),
        posting("plan-analyst", "บริหาร", "ระดับ 5", 2001),
        posting("plan-analyst", "วิชาการ", "ระดับ 12", 2002),
    ]
    checked = bring(session, actor, workbook({"officers": OFFICERS, "postings": rows}))
    assert [(one.row, one.column) for one in checked.errors] == [(2, "position_type"), (3, "level"), (4, "level")]
    assert "ระบุประเภทตำแหน่งด้วย" in str(checked.errors[0].message)
    assert "ตารางเทียบระดับ" in str(checked.errors[1].message)


def test_the_commissions_table_decides(session: Any, actor: Any) -> None:
    row = session.get(LevelConversion, (7, "knowledge"))
    row.level = "senior-professional"
    session.commit()
    content = workbook({"officers": OFFICERS, "postings": [HEADS, posting("plan-analyst", None, "ระดับ 7", 2000)]})
    assert bring(session, actor, content).errors == []
    assert session.scalar(select(Posting.level)) == "senior-professional"
