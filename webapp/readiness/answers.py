"""An evaluation as the document that commands and the machine interface answer with (``formats.md``, Results)."""

import datetime as dt
from typing import Any

from webapp.careers.criteria.evaluation import Evaluation
from webapp.careers.criteria.foresee import NEVER
from webapp.careers.criteria.judge import top_level
from webapp.careers.criteria.tree import UNIT, Node

Entry = dict[str, Any]


def document_of(found: Evaluation) -> dict[str, Any]:
    """Everybody evaluated, by officer number, each criterion with what was found, what is required and when it is met.

    Tenure is counted in days of the 360-day count; ``unit`` says what the figures of a criterion count.
    """
    rows = found.rows
    columns = [_entries(node, found, rows) for node in top_level(found.rule.tree)]
    numbers = found.facts.officer_no[rows].tolist()
    eligible = found.verdicts[found.rule.tree.id].met[rows].tolist()
    summary = found.summary
    return {
        "post": found.rule.post,
        "profile_version": found.rule.version,
        "as_of": dt.date.fromordinal(found.as_of).isoformat(),
        "officers": [
            {"officer_no": number, "eligible": meets, "criteria": list(criteria)}
            for number, meets, criteria in zip(numbers, eligible, zip(*columns, strict=True), strict=True)
        ],
        "summary": {
            "eligible": summary.eligible,
            "evaluated": summary.evaluated,
            "per_criterion": {name: tally._asdict() for name, tally in summary.per_criterion.items()},
        },
    }


def _entries(node: Node, found: Evaluation, rows: list[int]) -> list[Entry]:
    """One criterion for each of the rows, with its children where it has any."""
    verdict, unit = found.verdicts[node.id], UNIT[node.kind]
    met, maybe, figures = (column[rows].tolist() for column in (verdict.met, verdict.maybe, verdict.found()))
    days = [None if day == NEVER else _iso(day) for day in found.met_on[node.id][rows].tolist()]
    entries: list[Entry] = [
        {
            "id": node.id, "met": True if yes else None if may else False, "found": figure,
            "required": verdict.required, "unit": unit, "met_on": day,
        }
        for yes, may, figure, day in zip(met, maybe, figures, days, strict=True)
    ]  # fmt: skip
    if node.kind == "competency":
        waiting = found.measures[node.id].waiting
        for entry, count in zip(entries, [] if waiting is None else waiting[rows].tolist(), strict=True):
            entry["not_yet_assessed"] = count
    if node.is_group:
        children = zip(*(_entries(child, found, rows) for child in node.of), strict=True)
        for entry, below in zip(entries, children, strict=True):
            entry["children"] = list(below)
    return entries


_ISO: dict[int, str] = {}


def _iso(day: int) -> str:
    """A day as ISO text; the same few days come up again and again."""
    text = _ISO.get(day)
    if text is None:
        text = _ISO[day] = dt.date.fromordinal(day).isoformat()
    return text
