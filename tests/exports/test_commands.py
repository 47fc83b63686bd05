"""The commands: whole files or none, clear sentences, exit codes 1 and 2 (``formats.md``)."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.audit import AuditEntry
from webapp.errors import BadInput, NotFound, RuleBroken
from webapp.exports import commands
from webapp.officers.models import Officer

COHORT = "DD-2568-1"


@pytest.fixture(autouse=True)
def _operator(monkeypatch: pytest.MonkeyPatch) -> None:
    from webapp import cli
    from webapp.audit import Actor

    monkeypatch.setattr(cli, "acting", lambda: Actor(kind="operator", name="operator (test)", role="operator"))


def scorecard(cohort: str, file: Path, **more: Any) -> None:
    commands.scorecard.callback(cohort, file, **{"officer": "", "language": "th", **more})  # type: ignore[misc]


def record(number: str, file: Path, language: str = "th") -> None:
    commands.record.callback(number, file, language)  # type: ignore[misc]


def entries(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def number_of(session: Session) -> str:
    return str(
        session.scalar(
            select(Officer.officer_no)
            .join(Account, Account.id == Officer.account_id)
            .where(Account.email == "trainee@kaona.example")
        )
    )


def test_a_cohorts_scorecards_are_written_and_noted(demo_app: object, session: Session, tmp_path: Path) -> None:
    before, file = entries(session), tmp_path / "ใบคะแนน.xlsx"
    scorecard(COHORT, file)
    assert openpyxl.load_workbook(file).sheetnames[0] == "สรุป"
    assert entries(session) == before + 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_in_english(demo_app: object, session: Session, tmp_path: Path) -> None:
    scorecard(COHORT, tmp_path / "a.xlsx", language="en")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[:2] == ["Summary", "Ranking"]


@pytest.mark.parametrize(
    ("cohort", "name", "error"),
    [
        ("NONE-SUCH", "a.xlsx", NotFound),
        (COHORT, "a.csv", BadInput),
        (COHORT, "no-folder/a.xlsx", BadInput),
        ("DD-2570-1", "a.xlsx", RuleBroken),
    ],
)
def test_what_cannot_be_written_leaves_nothing_behind(
    demo_app: object, session: Session, tmp_path: Path, cohort: str, name: str, error: type[Exception]
) -> None:
    before = entries(session)
    with pytest.raises(error):
        scorecard(cohort, tmp_path / name)
    assert list(tmp_path.iterdir()) == [] and entries(session) == before


def test_a_folder_is_no_file(demo_app: object, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(BadInput):
        scorecard(COHORT, tmp_path / "a.xlsx")


def test_an_earlier_file_stays_whole_when_the_new_one_is_refused(
    demo_app: object, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"what was there")
    with pytest.raises(RuleBroken):
        scorecard("DD-2570-1", file)
    assert file.read_bytes() == b"what was there"


def test_a_record_in_each_kind(demo_app: object, session: Session, tmp_path: Path) -> None:
    number = number_of(session)
    for kind in ("xlsx", "pdf", "json"):
        record(number, tmp_path / f"a.{kind}")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((tmp_path / "a.json").read_text())["officer"]["officer_no"] == number
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "สรุป"


@pytest.mark.parametrize("name", ["a.docx", "a", "a.xlsx.exe"])
def test_another_suffix_is_refused_naming_the_three(
    demo_app: object, session: Session, tmp_path: Path, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        record(number_of(session), tmp_path / name)
    assert all(kind in str(refused.value) for kind in (".xlsx", ".pdf", ".json"))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_officer_is_not_found(demo_app: object, session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="none-such"):
        record("none-such", tmp_path / "a.json")
