"""What a reader may see of a development record, and what keeps somebody from being ranked. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from webapp.assessments.ranking.ranks import Ranking
from webapp.assessments.ranking.reasons import Reason, reasons_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads: their roles and the officer behind them."""

    roles: frozenset[str]
    officer_id: int | None = None
    account_id: int | None = None
    """Their account, where they might sit on a panel: others' marks come after one's own (promise 14)."""


EVERYTHING = Reader(frozenset({"institute"}))
"""Staff of the institute, and the operator at the command line."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees of one officer's record (the access table, row "development record" and those it leans on)."""

    unreleased_scores: bool = False
    history: bool = False
    members: bool = False
    coaching_text: bool = False
    project_text: bool = False
    attendance: bool = False
    places: bool = False
    unreleased_ratings: bool = False

    def __or__(self, other: "Sight") -> "Sight":
        return Sight(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


BY_ROLE = {
    "institute": Sight(True, True, True, True, True, True, True, True),
    "auditor": Sight(True, True, True, True, True, True, True, True),
    # Hours and counts of coaching, not its text; no project work; scores once released, with their history.
    "commission": Sight(False, True, True, False, False, True, True, True),
    "executive": Sight(places=True, unreleased_ratings=True),
}
OWN = Sight(history=True, coaching_text=True, project_text=True, attendance=True, places=True)
THEIR_MENTOR = Sight(coaching_text=True, project_text=True, attendance=True)


def sight_by_role(roles: frozenset[str]) -> Sight:
    """What somebody sees of everybody by their role alone, apart from being the officer or their mentor."""
    sight = Sight()
    for role in roles & BY_ROLE.keys():
        sight = sight | BY_ROLE[role]
    return sight


def sight_of(reader: Reader, officer_id: int, mentors: bool) -> Sight | None:
    """What ``reader`` sees of the officer's record: rights of several roles add up; none means it is not theirs to see."""
    found = [BY_ROLE[role] for role in reader.roles if role in BY_ROLE]
    if "officer" in reader.roles and reader.officer_id == officer_id:
        found.append(OWN)
    if "mentor" in reader.roles and mentors:
        found.append(THEIR_MENTOR)
    if not found:
        return None
    sight = found[0]
    for more in found[1:]:
        sight = sight | more
    return sight


def what_is_missing(ranking: Ranking, officer_no: str) -> tuple[Reason, ...]:
    """Why an officer of a ranking is not ranked yet; nothing for somebody who is. Raises ``ValueError`` for a stranger."""
    return reasons_of(ranking, list(ranking.people.officer_no).index(officer_no))


def met_every_mark_and_gate(ranking: Ranking) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Who meets every pass mark and gate of the plan, and has not withdrawn: has passed the course (domain page §4.4).

    A score missing where the plan sets a pass mark is a mark not met; one missing where it sets none is not.
    """
    checks = ranking.checks
    failed = checks.withdrawn.copy()
    for component in ranking.plan.components:
        if component.pass_percent is not None and component.code in checks.missing:
            failed |= checks.missing[component.code]
    for mask in (*checks.below.values(), checks.attendance, checks.coaching, checks.project):
        if mask is not None:
            failed |= mask
    return ~failed
