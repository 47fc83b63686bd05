"""The report of an import: the JSON of the contract (``formats.md``), and lines for people."""

from collections.abc import Callable, Iterator
from typing import Any

from webapp.imports.kinds import ROSTER
from webapp.imports.operations import Checked
from webapp.spreadsheets.reading import Problem

Translate = Callable[[str], str]


def as_json(checked: Checked, translate: Translate) -> dict[str, Any]:
    """The document that ``--json`` prints."""
    counts = checked.counts()
    with_sheet = checked.kind == ROSTER
    document: dict[str, Any] = {"kind": checked.kind}
    if with_sheet:
        document["sheets"] = counts
    else:
        document |= counts.get(checked.kind, {"rows": 0, "created": 0, "updated": 0, "unchanged": 0})
    document["errors"] = [problem_as_json(one, with_sheet, translate) for one in checked.errors]
    document["warnings"] = [problem_as_json(one, with_sheet, translate) for one in checked.warnings]
    return document


def problem_as_json(problem: Problem, with_sheet: bool, translate: Translate) -> dict[str, Any]:
    """One error or warning: row number, column, value, reason (and its sheet in a roster)."""
    document: dict[str, Any] = {"sheet": problem.sheet} if with_sheet else {}
    return document | {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason(translate),
    }


def unusable_as_json(kind: str, sentence: str) -> dict[str, Any]:
    """The document for a file that could not be opened at all."""
    nothing: dict[str, Any] = (
        {"sheets": {}} if kind == ROSTER else {"rows": 0, "created": 0, "updated": 0, "unchanged": 0}
    )
    where: dict[str, Any] = {"sheet": ""} if kind == ROSTER else {}
    error = where | {"row": None, "column": "", "value": "", "reason": sentence}
    return {"kind": kind, **nothing, "errors": [error], "warnings": []}


def lines(problems: list[Problem], translate: Translate, most: int = 200) -> Iterator[str]:
    """Problems as lines for the terminal."""
    row_word = translate("แถว")
    for one in problems[:most]:
        where = [one.sheet, f"{row_word} {one.row}" if one.row else "", one.column]
        place = " · ".join(part for part in where if part)
        value = f" “{one.value}”" if one.value else ""
        yield f"{place}:{value} {one.reason(translate)}"
    if len(problems) > most:
        yield f"… +{len(problems) - most}"
