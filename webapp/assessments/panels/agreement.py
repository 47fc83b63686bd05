"""How far the members of a panel agree: the marks that stand for a component, as a table of ratings."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from webapp.assessments.desk import Desk, Person
from webapp.assessments.statistics.reliability import Ratings

TOTAL = "total"
"""The members' totals in the component's points, rather than one line of its rubric."""


def ratings_of(desk: Desk, line: str, named: Callable[[Person], str]) -> Ratings:
    """Everybody's standing marks by each member who counts: totals, or the points given on one line of the rubric."""
    gone = set(desk.recused)
    members = [member.name for member in desk.panel if member.name not in gone]
    members += sorted({member for _person, member in desk.standing if member and member not in gone} - set(members))
    rows = tuple(tuple(_given(desk, number, member, line) for member in members) for number in desk.people)
    return Ratings(tuple(named(person) for person in desk.people.values()), tuple(members), rows)


def _given(desk: Desk, number: int, member: str, line: str) -> Fraction | None:
    entry = desk.standing.get((number, member))
    if entry is None or entry.withdrawn or not desk.seats.counts(member, number):
        return None
    if line == TOTAL:
        return Desk.total_of(entry)
    marks: list[dict[str, Any]] = entry.marks or []
    found = next((mark["points"] for mark in marks if mark["criterion"] == line), None)
    return None if found is None else Fraction(Decimal(found))
