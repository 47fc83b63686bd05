"""What other rooms read here: the plan in force, and a cohort's standing scores as columns.

The standing mark of (enrollment, component, member) is the ledger entry that no other replaces. A component has its score
when every named, non-recused member has submitted; imported marks count as they stand (domain page §5).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Select, String, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.assessments.models import AssessmentPlan, PanelMember, PlanComponent, ScoreEntry, ScoreRelease
from webapp.assessments.panels.rules import Seat, Seats
from webapp.assessments.panels.seats import seats_of
from webapp.assessments.ranking.columns import ExactColumn, Whole
from webapp.assessments.ranking.plan import DEFAULT_SIZE, Plan, plan_from
from webapp.assessments.rules import total_of
from webapp.courses.models import Enrollment

# --- plans -----------------------------------------------------------------------------------------------------------


def takes_part(session: Session, cohort_id: int, officer_id: int | None, account_id: int | None) -> bool:
    """Whether somebody is enrolled in the cohort or sits on one of its panels: then its plan is theirs to see."""
    own = select(Enrollment.id).where(Enrollment.cohort_id == cohort_id, Enrollment.officer_id == officer_id)
    sits = select(PanelMember.id).where(PanelMember.cohort_id == cohort_id, PanelMember.account_id == account_id)
    return any(session.scalar(found.limit(1)) is not None for found in (own, sits))


def sits_on_panel(session: Session, cohort_id: int, account_id: int | None) -> bool:
    """Whether the account is a named member, not recused, of one of the cohort's panels."""
    return account_id is not None and bool(panel_seats(session, [account_id], [cohort_id]))


def panel_seats(
    session: Session, account_ids: Collection[int], cohort_ids: Collection[int] | None = None
) -> list[PanelMember]:
    """The seats that accounts hold on panels (of these cohorts), without those they are recused from."""
    query = select(PanelMember).where(PanelMember.account_id.in_(list(account_ids)), PanelMember.recused_at.is_(None))
    if cohort_ids is not None:
        query = query.where(PanelMember.cohort_id.in_(list(cohort_ids)))
    return list(session.scalars(query.order_by(PanelMember.id)))


def plan_in_force(session: Session, cohort_id: int, purpose: str = "ranking") -> AssessmentPlan | None:
    """The version of the plan in force, with its components, gates and tie-breakers; none if there is none."""
    return session.scalar(
        select(AssessmentPlan).where(
            AssessmentPlan.cohort_id == cohort_id,
            AssessmentPlan.purpose == purpose,
            AssessmentPlan.status == "in-force",
        )
    )


def plan_version(session: Session, cohort_id: int, purpose: str, version: int) -> AssessmentPlan | None:
    """One version of a cohort's plan."""
    return session.scalar(
        select(AssessmentPlan).where(
            AssessmentPlan.cohort_id == cohort_id, AssessmentPlan.purpose == purpose, AssessmentPlan.version == version
        )
    )


def plan_versions(session: Session, cohort_id: int, purpose: str) -> Sequence[AssessmentPlan]:
    """All versions of a cohort's plan, the newest first."""
    return session.scalars(
        select(AssessmentPlan)
        .where(AssessmentPlan.cohort_id == cohort_id, AssessmentPlan.purpose == purpose)
        .order_by(AssessmentPlan.version.desc())
    ).all()


def plan_document(plan: AssessmentPlan) -> dict[str, Any]:
    """The plan in the shape of a cohort file, exact numbers as text: what the ranking reads and a run freezes."""
    return {
        "decimals": plan.decimals,
        "components": [
            {
                "code": row.code,
                "weight": f"{row.weight:f}",
                "max": f"{row.maximum:f}",
                "pass": None if row.pass_percent is None else f"{row.pass_percent:f}",
            }
            for row in plan.components
        ],
        "gates": {gate.kind: f"{gate.value:f}" for gate in plan.gates},
        "tie_breakers": [row.key for row in plan.tie_breakers],
    }


def ranking_plan(plan: AssessmentPlan, size: int = DEFAULT_SIZE) -> Plan:
    """The plan as the ranking computes by it; ``size`` is how many names are listed or seats given."""
    return plan_from(plan_document(plan), size)


# --- scores ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class StandingScores:
    """Component scores of a cohort: one row per enrollment, one exact column per component that has any mark."""

    enrollment_ids: Whole
    columns: dict[str, ExactColumn]

    def column(self, component: str) -> ExactColumn:
        """The scores of a component in the order of ``enrollment_ids``; all absent where nobody has one."""
        found = self.columns.get(component)
        return _no_scores(len(self.enrollment_ids)) if found is None else found

    def of_row(self, row: int) -> dict[str, Fraction | None]:
        """One person's score per component."""
        return {code: column[row] for code, column in self.columns.items()}


def _no_scores(count: int) -> ExactColumn:
    return ExactColumn(np.zeros(count, np.int64), 1, np.zeros(count, bool))


def standing_scores(
    session: Session, cohort_id: int, purpose: str = "ranking", enrollment_ids: Sequence[int] | Whole | None = None
) -> StandingScores:
    """Every component score of a cohort, exact, in the order of ``enrollment_ids`` (default: all, by id).

    At most six statements whatever the number of people: scores come as texts of numbers, read in one go (a row each
    would take five times as long for a hundred thousand people); rubric marks come one row each.
    """
    if enrollment_ids is None:
        ids = session.scalars(select(Enrollment.id).where(Enrollment.cohort_id == cohort_id).order_by(Enrollment.id))
        enrollment_ids = list(ids)
    wanted = np.asarray(enrollment_ids, np.int64)
    panels = seats_of(session, cohort_id, purpose)
    tallies: dict[str, _Tally] = defaultdict(lambda: _Tally(wanted))
    if _add_common(session, cohort_id, purpose, tallies):
        _add_members(session, cohort_id, purpose, tallies, panels)
    return StandingScores(wanted, {code: tally.column(panels.get(code)) for code, tally in sorted(tallies.items())})


Tallies = dict[str, "_Tally"]
Panels = dict[str, Seats]


def _add_common(session: Session, cohort_id: int, purpose: str, tallies: Tallies) -> bool:
    """Add the marks that stand for everybody (no member named), of the plan's components: the common case, and the largest.

    Returns whether there are other marks: of members, by rubric.
    """
    codes = {code: number for number, code in session.execute(_components(cohort_id, purpose))}
    ids, scores, places, others = session.execute(_common_scores(cohort_id, purpose, codes)).one()
    if ids:
        people, hundredths, component_ids = _numbers(ids), _numbers(scores), _numbers(places)
        for code, number in codes.items():
            chosen = component_ids == number
            if chosen.any():
                tallies[code].add(people[chosen], hundredths[chosen], "", True, False)
    return bool(others)


def _add_members(session: Session, cohort_id: int, purpose: str, tallies: Tallies, panels: Panels) -> None:
    for component, member, imported, ids, scores in session.execute(_members_scores(cohort_id, purpose)):
        seats = panels.get(component, Seats())
        people, hundredths = _numbers(ids), _numbers(scores)
        counted = _counted(seats, member, people)
        awaited = _awaited(seats, member, people)
        for named in (True, False):
            chosen = counted & (awaited == named)
            tallies[component].add(people[chosen], hundredths[chosen], member, bool(imported), named)
    for row in session.execute(_rubric_marks(cohort_id, purpose)):
        seats = panels.get(row.component, Seats())
        total = total_of(None, row.marks, row.maximum)
        if seats.counts(row.member, row.enrollment_id) and total is not None:
            imported = row.import_id is not None
            named = seats.marks(row.member, row.enrollment_id)
            tallies[row.component].add_exact(row.enrollment_id, total, row.member, imported, named)


def _counted(seats: Seats, member: str, people: Whole) -> NDArray[np.bool_]:
    """Whose marks by a member count."""
    seat = seats.members.get(member, Seat())
    apart = list(seats.apart(member))
    return np.full(len(people), not seat.recused) & ~np.isin(people, apart)


def _awaited(seats: Seats, member: str, people: Whole) -> NDArray[np.bool_]:
    """Whom a member must mark, among those whose marks by them count."""
    seat = seats.members.get(member)
    if seat is None or not seat.substitute:
        return np.full(len(people), seat is not None)
    return np.isin(people, [person for person in people if seats.marks(member, int(person))])


def _numbers(text: str) -> Whole:
    return np.fromstring(text, np.int64, sep=" ")


def replaced_ids() -> Select[tuple[int | None]]:
    """Entries of the ledger that a later one replaces."""
    return select(ScoreEntry.replaces_id).where(ScoreEntry.replaces_id.is_not(None))


def standing_where(cohort_id: int, purpose: str) -> tuple[Any, ...]:
    """The standing marks of a cohort, withdrawn ones apart."""
    return (
        ScoreEntry.purpose == purpose,
        ScoreEntry.enrollment_id.in_(select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)),
        ScoreEntry.id.not_in(replaced_ids()),
        ScoreEntry.withdrawn.is_(False),
    )


def _joined(column: Any) -> Any:
    """A column of whole numbers as one text, spaces between."""
    return func.aggregate_strings(cast(column, String), " ")


_HUNDREDTHS = type_coerce(ScoreEntry.score, BigInteger)


def _components(cohort_id: int, purpose: str) -> Select[tuple[int, str]]:
    return (
        select(PlanComponent.id, PlanComponent.code)
        .join(AssessmentPlan, AssessmentPlan.id == PlanComponent.plan_id)
        .where(
            AssessmentPlan.cohort_id == cohort_id,
            AssessmentPlan.purpose == purpose,
            AssessmentPlan.status == "in-force",
        )
        .order_by(PlanComponent.position)
    )


def _common_scores(cohort_id: int, purpose: str, codes: dict[str, int]) -> Select[Any]:
    common = (ScoreEntry.member == "") & ScoreEntry.marks.is_(None)
    # The component by its number (0: not of this plan): names would take ten times as long to read.
    number = case(codes or {"": 0}, value=ScoreEntry.component, else_=0)
    return select(
        _joined(case((common, ScoreEntry.enrollment_id))),
        _joined(case((common, _HUNDREDTHS))),
        _joined(case((common, number))),
        func.sum(case((common, 0), else_=1)),
    ).where(*standing_where(cohort_id, purpose))


def _members_scores(cohort_id: int, purpose: str) -> Select[Any]:
    imported = ScoreEntry.import_id.is_not(None)
    return (
        select(
            ScoreEntry.component, ScoreEntry.member, imported, _joined(ScoreEntry.enrollment_id), _joined(_HUNDREDTHS)
        )
        .where(*standing_where(cohort_id, purpose), ScoreEntry.marks.is_(None), ScoreEntry.member != "")
        .group_by(ScoreEntry.component, ScoreEntry.member, imported)
    )


def _rubric_marks(cohort_id: int, purpose: str) -> Select[Any]:
    return (
        select(
            ScoreEntry.enrollment_id, ScoreEntry.component, ScoreEntry.member, ScoreEntry.marks, ScoreEntry.maximum,
            ScoreEntry.import_id,
        )
        .where(*standing_where(cohort_id, purpose), ScoreEntry.marks.is_not(None))
        .order_by(ScoreEntry.id)
    )  # fmt: skip


class _Tally:
    """The marks of one component added up, one row per enrollment."""

    def __init__(self, enrollment_ids: Whole) -> None:
        count = len(enrollment_ids)
        self.order = np.argsort(enrollment_ids, kind="stable")
        self.ids = enrollment_ids[self.order]
        self.hundredths = np.zeros(count, np.int64)
        self.marks = np.zeros(count, np.int64)
        self.named = np.zeros(count, np.int64)
        self.entered_here = np.zeros(count, bool)
        self.parts: dict[int, Fraction] = {}

    def add(self, ids: Whole, hundredths: Whole, member: str, imported: bool, named: bool) -> None:
        if not len(self.ids):
            return
        found = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        known = self.ids[found] == ids
        rows = self.order[found[known]]  # one member has one standing mark, so no row comes twice
        self.hundredths[rows] += hundredths[known]
        self._counted(rows, member, imported, named)

    def add_exact(self, enrollment_id: int, total: Fraction, member: str, imported: bool, named: bool) -> None:
        found = int(np.searchsorted(self.ids, enrollment_id))
        if found < len(self.ids) and self.ids[found] == enrollment_id:
            row = int(self.order[found])
            self.parts[row] = self.parts.get(row, Fraction()) + total
            self._counted(np.array([row]), member, imported, named)

    def _counted(self, rows: Whole, member: str, imported: bool, named: bool) -> None:
        self.marks[rows] += 1
        if named:
            self.named[rows] += 1
        if member and not imported:
            self.entered_here[rows] = True

    def column(self, seats: Seats | None) -> ExactColumn:
        """The mean of the members' totals, where the component has its score."""
        present = (self.marks > 0) & ~(self.entered_here & (self.named < self._panel(seats or Seats())))
        if self.parts:
            return ExactColumn.of([self._mean(row) if present[row] else None for row in range(len(present))])
        if not (self.marks > 1).any():
            return ExactColumn(self.hundredths, 100, present)
        return ExactColumn(self.hundredths, 100 * np.maximum(self.marks, 1), present)

    def _panel(self, seats: Seats) -> Whole:
        """How many members must mark each person."""
        count = np.full(len(self.marks), len(seats.full), np.int64)
        for person, change in seats.more_or_fewer().items():
            found = int(np.searchsorted(self.ids, person))
            if found < len(self.ids) and self.ids[found] == person:
                count[self.order[found]] += change
        return count

    def _mean(self, row: int) -> Fraction:
        sums = self.parts.get(row, Fraction()) + Fraction(int(self.hundredths[row]), 100)
        return sums / int(self.marks[row])


def released_components(session: Session, cohort_id: int, purpose: str) -> frozenset[str]:
    """Components whose marks officers may see."""
    return frozenset(
        session.scalars(
            select(ScoreRelease.component).where(ScoreRelease.cohort_id == cohort_id, ScoreRelease.purpose == purpose)
        )
    )


def has_scores(session: Session, cohort_id: int, purpose: str) -> bool:
    """Whether anybody of the cohort was ever given a mark, withdrawn or not."""
    row = session.scalar(
        select(ScoreEntry.id)
        .where(
            ScoreEntry.purpose == purpose,
            ScoreEntry.enrollment_id.in_(select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)),
        )
        .limit(1)
    )
    return row is not None


def component_in_force(session: Session, cohort_id: int, purpose: str, code: str) -> PlanComponent | None:
    """A component of the plan in force, by its code."""
    return session.scalar(
        select(PlanComponent)
        .join(AssessmentPlan, AssessmentPlan.id == PlanComponent.plan_id)
        .where(
            AssessmentPlan.cohort_id == cohort_id,
            AssessmentPlan.purpose == purpose,
            AssessmentPlan.status == "in-force",
            PlanComponent.code == code,
        )
    )
