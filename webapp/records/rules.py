"""What a development record is made of, who may see which part, and what keeps somebody from being ranked. Pure."""

from typing import Any

import numpy as np

from webapp.assessments.ranking.ranks import Ranking
from webapp.assessments.ranking.reasons import Reason, reasons_of


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
