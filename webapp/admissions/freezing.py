"""What a selection freezes, and how it is computed again: pure, the same bytes every time (domain page §5).

The ranking is the one of shortlists (``assessments.ranking``); seats and reserve follow from it by ``rules.allocate``.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from webapp.admissions.rules import Allocation, Ranked, allocate
from webapp.assessments.ranking.frozen import document_of_people, document_of_result, people_from
from webapp.assessments.ranking.plan import Plan, document_of, plan_from
from webapp.assessments.ranking.ranks import Ranking, rank
from webapp.assessments.ranking.scores import plain
from webapp.database import canonical_json

FORMAT = 1


def document_of_inputs(
    *, cohort: Mapping[str, Any], seats: int, reserve: int, plan: Plan, plan_facts: Mapping[str, Any], people: Any,
    persons: Mapping[str, Mapping[str, Any]], marks: Mapping[str, Mapping[str, Any]], others: list[dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Everything the selection read: cohort, seats, plan with names and reasons, each candidate's exact figures and marks.

    ``others`` are the applicants who did not come into it, with why: refused by the entry rule, or withdrawn before.
    """
    return {
        "format": FORMAT, "cohort": dict(cohort), "seats": seats, "reserve": reserve, "plan": document_of(plan),
        "plan_facts": dict(plan_facts), "people": document_of_people(people),
        "persons": {number: dict(person) for number, person in persons.items()},
        "marks": {
            number: {code: [[m.entry_id, m.member, plain(m.total)] for m in sorted(given)] for code, given in by.items()}
            for number, by in marks.items()
        },
        "others": others,
    }  # fmt: skip


def ranking_of(inputs: Mapping[str, Any]) -> Ranking:
    """The ranking that the frozen inputs give."""
    return rank(plan_from(inputs["plan"], max(1, inputs["seats"])), people_from(inputs["people"]))


def result_of(inputs: Mapping[str, Any], ranking: Ranking | None = None) -> dict[str, Any]:
    """The result as a document: the ranked in order with what each gets, and the others with their reasons."""
    found = document_of_result(ranking if ranking is not None else ranking_of(inputs))
    persons = inputs["persons"]
    places = allocation(found["entries"], inputs["seats"], inputs["reserve"]).places
    return {
        "cohort": inputs["cohort"]["code"], "seats": inputs["seats"], "reserve": inputs["reserve"],
        "plan_version": inputs["plan_facts"]["version"],
        "entries": [_entry(entry, persons, places) for entry in found["entries"]],
        "unranked": [{**row, "name_th": persons[row["officer_no"]]["name_th"]} for row in found["unranked"]],
        "others": inputs["others"],
    }  # fmt: skip


def places_in(
    result: Mapping[str, Any], choices: Mapping[str, Collection[str]] | None = None
) -> dict[str, tuple[str, int | None, str]]:
    """What each applicant gets, by officer number: kind, rank and published composite. Everybody is in it exactly once."""
    given = allocation(result["entries"], result["seats"], result["reserve"], choices).places
    found: dict[str, tuple[str, int | None, str]] = {
        entry["officer_no"]: (given[entry["officer_no"]], entry["rank"], entry["composite"])
        for entry in result["entries"]
    }
    for row in result["unranked"]:
        gone = any(reason["code"] == "withdrawn" for reason in row["reasons"])
        found[row["officer_no"]] = ("withdrawn" if gone else "none", None, "")
    for row in result["others"]:
        found[row["officer_no"]] = (row["state"], None, "")
    return found


def _entry(entry: Mapping[str, Any], persons: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    kept = {key: value for key, value in entry.items() if key not in ("shortlisted", "tied_at_line")}
    return {**kept, "name_th": persons[entry["officer_no"]]["name_th"], "place": places[entry["officer_no"]]}


def allocation(
    entries: Collection[Mapping[str, Any]], seats: int, reserve: int,
    choices: Mapping[str, Collection[str]] | None = None,
) -> Allocation:  # fmt: skip
    """Seats, reserve and register for the entries of a result, with the decisions taken on ties."""
    return allocate((Ranked(entry["officer_no"], entry["rank"]) for entry in entries), seats, reserve, choices)


def frozen(document: Mapping[str, Any]) -> str:
    """The document as it is kept."""
    return canonical_json(document)


def digest(text: str) -> str:
    """SHA-256 of a kept document, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def thawed(text: str) -> dict[str, Any]:
    """A kept document read back. Raises ``ValueError`` where it is none."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("not a document")
    return document


def whole(inputs_text: str, inputs_digest: str, result_text: str, result_digest: str) -> list[str]:
    """What is wrong with a frozen selection, as codes; nothing where computing again gives the same bytes."""
    found = []
    if digest(inputs_text) != inputs_digest:
        found.append("inputs")
    if digest(result_text) != result_digest:
        found.append("result")
    try:
        inputs = thawed(inputs_text)
        if frozen(result_of(inputs)) != result_text:
            found.append("recomputed")
        if _marks_disagree(inputs):
            found.append("marks")
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, AttributeError):
        found.append("unreadable")
    return found


def _marks_disagree(inputs: Mapping[str, Any]) -> bool:
    for person in inputs["people"]["people"]:
        marks = inputs["marks"].get(person["officer_no"], {})
        for code, score in person["scores"].items():
            totals = [Fraction(total) for _entry_id, _member, total in marks.get(code, ())]
            if score is not None and (not totals or sum(totals, Fraction()) / len(totals) != Fraction(score)):
                return True
    return False
