"""What a shortlist run freezes, and how it is computed again: pure, the same bytes every time (domain page §5).

Inputs and result are documents in canonical JSON (sorted keys, no spaces, exact numbers as text). The result follows
from the inputs alone, whatever has changed in the database since.
"""

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from webapp.assessments.ranking.frozen import document_of_people, document_of_result, people_from
from webapp.assessments.ranking.plan import Plan, document_of, plan_from
from webapp.assessments.ranking.ranks import Ranking, rank
from webapp.assessments.ranking.scores import plain
from webapp.database import canonical_json

FORMAT = 1
"""Of the frozen documents; a later one is read beside this, never instead of it."""


def document_of_inputs(
    *, cohort: Mapping[str, Any], plan: Plan, plan_facts: Mapping[str, Any], people: Any,
    persons: Mapping[str, Mapping[str, Any]], marks: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Everything the ranking read: the cohort, the plan with names and reasons, and each person's exact figures.

    ``persons`` are names and statuses by officer number, ``marks`` the standing marks behind each component score as
    (number in the ledger, panel member, exact total).
    """
    return {
        "format": FORMAT,
        "cohort": dict(cohort),
        "size": plan.size,
        "plan": document_of(plan),
        "plan_facts": dict(plan_facts),
        "people": document_of_people(people),
        "persons": {number: dict(person) for number, person in persons.items()},
        "marks": {
            number: {
                code: [[m.entry_id, m.member, plain(m.total)] for m in sorted(given)] for code, given in by.items()
            }
            for number, by in marks.items()
        },
    }


def ranking_of(inputs: Mapping[str, Any]) -> Ranking:
    """The ranking that the frozen inputs give."""
    return rank(plan_from(inputs["plan"], inputs["size"]), people_from(inputs["people"]))


def result_of(inputs: Mapping[str, Any], ranking: Ranking | None = None) -> dict[str, Any]:
    """The result as a document: header, the ranked in order with their names, and the others with their reasons."""
    found = document_of_result(ranking if ranking is not None else ranking_of(inputs))
    persons = inputs["persons"]
    return {
        "cohort": inputs["cohort"]["code"],
        "size": inputs["size"],
        "plan_version": inputs["plan_facts"]["version"],
        "entries": [{**entry, "name_th": persons[entry["officer_no"]]["name_th"]} for entry in found["entries"]],
        "unranked": [{**row, "name_th": persons[row["officer_no"]]["name_th"]} for row in found["unranked"]],
    }


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


def scores_that_disagree(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(officer, component) whose frozen score is not the mean of the frozen marks behind it."""
    found = []
    for person in inputs["people"]["people"]:
        marks = inputs["marks"].get(person["officer_no"], {})
        for code, score in person["scores"].items():
            totals = [Fraction(total) for _entry, _member, total in marks.get(code, ())]
            if score is not None and (not totals or sum(totals, Fraction()) / len(totals) != Fraction(score)):
                found.append((person["officer_no"], code))
    return found
