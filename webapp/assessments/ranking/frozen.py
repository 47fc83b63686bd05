"""Inputs and results of a ranking as documents: kept with a run, read back, and the same bytes every time."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from webapp.assessments.ranking.columns import ExactColumn, People
from webapp.assessments.ranking.ranks import Ranking
from webapp.assessments.ranking.reasons import reasons_of
from webapp.assessments.ranking.scores import as_text, from_plain, plain


def document_of_people(people: People) -> dict[str, Any]:
    """The people as a document: exact numbers as text, one row each, by officer number."""
    rows = sorted(range(len(people)), key=lambda row: str(people.officer_no[row]))
    return {
        "hours_held": plain(people.hours_held),
        "facts": [name for name in _FACTS if getattr(people, name) is not None],
        "components": sorted(people.scores),
        "people": [_person(people, row) for row in rows],
    }


_FACTS = ("attended", "coaching_minutes", "project_accepted", "level_tenure", "entry_date", "withdrawn")


def _person(people: People, row: int) -> dict[str, Any]:
    scores = {code: people.scores[code][row] for code in sorted(people.scores)}
    person: dict[str, Any] = {
        "officer_no": str(people.officer_no[row]),
        "scores": {code: None if score is None else plain(score) for code, score in scores.items()},
    }
    if people.attended is not None:
        person["attended"] = plain(people.attended[row] or Fraction(0))
    for name in ("coaching_minutes", "level_tenure"):
        if getattr(people, name) is not None:
            person[name] = int(getattr(people, name)[row])
    for name in ("project_accepted", "withdrawn"):
        if getattr(people, name) is not None:
            person[name] = bool(getattr(people, name)[row])
    if people.entry_date is not None:
        person["entry_date"] = dt.date.fromordinal(int(people.entry_date[row])).isoformat()
    return person


def people_from(document: Mapping[str, Any]) -> People:
    """The people of a document; ranking them gives what ranking the frozen ones gave."""
    rows, facts = document["people"], set(document["facts"])

    def column(name: str, kind: type) -> Any:
        return np.array([row[name] for row in rows], kind) if name in facts else None

    days = [dt.date.fromisoformat(row["entry_date"]).toordinal() for row in rows] if "entry_date" in facts else []
    return People(
        officer_no=[row["officer_no"] for row in rows],
        scores={code: ExactColumn.of([_read(row["scores"][code]) for row in rows]) for code in document["components"]},
        attended=ExactColumn.of([from_plain(row["attended"]) for row in rows]) if "attended" in facts else None,
        hours_held=from_plain(document["hours_held"]),
        coaching_minutes=column("coaching_minutes", np.int64),
        project_accepted=column("project_accepted", np.bool_),
        level_tenure=column("level_tenure", np.int64),
        entry_date=np.array(days, np.int64) if "entry_date" in facts else None,
        withdrawn=column("withdrawn", np.bool_),
    )


def _read(text: str | None) -> Fraction | None:
    return None if text is None else from_plain(text)


def document_of_result(ranking: Ranking) -> dict[str, Any]:
    """The result as a document: the ranked in order, then the others with their reasons.

    ``composite`` and ``components`` are as published (rounded); ``exact`` and ``parts`` are unrounded.
    """
    rows = [int(row) for row in ranking.order]
    count = int(ranking.ranked.sum())
    return {
        "entries": [_entry(ranking, row) for row in rows[:count]],
        "unranked": [
            {
                "officer_no": str(ranking.people.officer_no[row]),
                "reasons": [_reason(r) for r in reasons_of(ranking, row)],
            }
            for row in rows[count:]
        ],
    }


def _entry(ranking: Ranking, row: int) -> dict[str, Any]:
    plan, people = ranking.plan, ranking.people
    return {
        "rank": int(ranking.rank[row]),
        "officer_no": str(people.officer_no[row]),
        "composite": format(ranking.composite(row), "f"),
        "exact": plain(ranking.exact_composite(row)),
        "components": {
            c.code: as_text(people.scores[c.code][row] or Fraction(), plan.decimals) for c in plan.components
        },
        "parts": {code: plain(part) for code, part in ranking.parts(row).items()},
        "shortlisted": bool(ranking.shortlisted[row]),
        "tied_at_line": bool(ranking.tied_at_line[row]),
    }


def _reason(reason: Any) -> dict[str, Any]:
    shown = {name: plain(v) if isinstance(v, Fraction) else v for name, v in reason.parameters.items()}
    return {"code": reason.code, **shown}
