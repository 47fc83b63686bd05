"""Angoff panels as they are read: what judges estimate, how far a round is, what it came to, and what was adopted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Account, Role
from webapp.assessments.bank.document import exact
from webapp.assessments.bank.models import Item, ItemVersion
from webapp.assessments.exams.figures.models import (
    StandardJudge,
    StandardJudgement,
    StandardPanel,
    StandardProposal,
    StandardRound,
)
from webapp.assessments.exams.models import Exam, ExamPart, ExamPool
from webapp.assessments.exams.results import results
from webapp.assessments.statistics.standard import Round, round_of
from webapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Judged:
    """A question that judges estimate. ``weight``: its points times the chance that a paper draws it."""

    version_id: int
    code: str
    number: int
    document: Mapping[str, Any]
    weight: Fraction


@dataclass(frozen=True, slots=True)
class RoundAt:
    """A round with everybody's estimates; ``found`` is what it came to, once it is closed with somebody's estimates."""

    round: StandardRound
    judgements: Mapping[int, StandardJudgement]
    judges: tuple[StandardJudge, ...]
    """Those who submitted, in the panel's order: the rows of ``found``."""
    found: Round | None

    def column(self, version_id: int) -> list[Fraction]:
        """What the judges who submitted estimated of one question, per cent."""
        key = str(version_id)
        return [exact(self.judgements[judge.id].estimates[key]) for judge in self.judges]

    def submitted(self, judge: StandardJudge) -> bool:
        one = self.judgements.get(judge.id)
        return one is not None and one.submitted_at is not None


@dataclass(frozen=True, slots=True)
class PanelAt:
    """A panel as a whole."""

    panel: StandardPanel
    exam: Exam
    judges: tuple[StandardJudge, ...]
    questions: tuple[Judged, ...]
    rounds: tuple[RoundAt, ...]
    proposals: tuple[StandardProposal, ...]

    @property
    def open_round(self) -> RoundAt | None:
        return next((one for one in self.rounds if one.round.closed_at is None), None)

    @property
    def closed_rounds(self) -> list[RoundAt]:
        return [one for one in self.rounds if one.round.closed_at is not None]

    @property
    def open_proposal(self) -> StandardProposal | None:
        return next((one for one in self.proposals if one.decided_at is None), None)

    def round_numbered(self, number: int) -> RoundAt:
        """The closed round of this number. Raises ``NotFound``."""
        for one in self.closed_rounds:
            if one.round.number == number:
                return one
        raise NotFound()


def questions_to_judge(session: Session, exam: Exam) -> tuple[Judged, ...]:
    """Every question that a paper of the exam may hold, in the blueprint's order; one statement."""
    rows = session.execute(
        select(
            ExamPart.id,
            ExamPart.draw,
            ExamPart.points,
            ItemVersion.id,
            ItemVersion.number,
            ItemVersion.document,
            Item.code,
        )
        .join(ExamPool, ExamPool.part_id == ExamPart.id)
        .join(ItemVersion, ItemVersion.id == ExamPool.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(ExamPart.exam_id == exam.id)
        .order_by(ExamPart.position, ExamPool.position, ExamPool.id)
    ).all()
    size: dict[int, int] = {}
    for row in rows:
        size[row[0]] = size.get(row[0], 0) + 1
    found: dict[int, Judged] = {}
    for part, draw, points, version, number, document, code in rows:
        worth = Fraction(points) if points is not None else Fraction(document["points"])
        weight = worth * draw / size[part]
        there = found.get(version)
        found[version] = Judged(version, code, number, document, weight + (there.weight if there else 0))
    return tuple(found.values())


def panel_at(session: Session, exam: Exam, number: int) -> PanelAt:
    """A panel of this exam. Raises ``NotFound``."""
    panel = session.get(StandardPanel, number)
    if panel is None or panel.exam_id != exam.id:
        raise NotFound()
    return whole_panel(session, panel, exam)


def whole_panel(session: Session, panel: StandardPanel, exam: Exam) -> PanelAt:
    """A panel with its judges, questions, rounds and proposals; a fixed number of statements."""
    judges = tuple(
        session.scalars(select(StandardJudge).where(StandardJudge.panel_id == panel.id).order_by(StandardJudge.id))
    )
    questions = questions_to_judge(session, exam)
    rounds = session.scalars(
        select(StandardRound).where(StandardRound.panel_id == panel.id).order_by(StandardRound.number)
    ).all()
    given: dict[int, dict[int, StandardJudgement]] = {one.id: {} for one in rounds}
    for row in session.scalars(
        select(StandardJudgement).where(StandardJudgement.round_id.in_(list(given))).order_by(StandardJudgement.id)
    ):
        given[row.round_id][row.judge_id] = row
    proposals = session.scalars(
        select(StandardProposal).where(StandardProposal.panel_id == panel.id).order_by(StandardProposal.id.desc())
    )
    return PanelAt(
        panel, exam, judges, questions, tuple(_round(one, given[one.id], judges, questions) for one in rounds),
        tuple(proposals),
    )  # fmt: skip


def _round(
    one: StandardRound,
    given: Mapping[int, StandardJudgement],
    judges: Sequence[StandardJudge],
    questions: Sequence[Judged],
) -> RoundAt:
    """A round; while it is open nobody's estimates are worked out (they would show what others think)."""
    done = tuple(judge for judge in judges if judge.id in given and given[judge.id].submitted_at is not None)
    if one.closed_at is None or not done or not questions:
        return RoundAt(one, given, done, None)
    rows = [[exact(given[judge.id].estimates[str(q.version_id)]) / 100 for q in questions] for judge in done]
    return RoundAt(one, given, done, round_of(rows, [q.weight for q in questions]))


def panels_of(session: Session, exam: Exam) -> list[PanelAt]:
    """The panels of an exam, the latest first."""
    rows = session.scalars(
        select(StandardPanel).where(StandardPanel.exam_id == exam.id).order_by(StandardPanel.id.desc())
    )  # fmt: skip
    return [whole_panel(session, row, exam) for row in rows.all()]


def own_panels(session: Session, account_id: int | None) -> list[tuple[PanelAt, StandardJudge]]:
    """The panels that name the account as a judge, until the exam's results are out; the latest first."""
    if account_id is None:
        return []
    rows = session.execute(
        select(StandardPanel, Exam, StandardJudge)
        .join(Exam, Exam.id == StandardPanel.exam_id)
        .join(StandardJudge, StandardJudge.panel_id == StandardPanel.id)
        .where(StandardJudge.account_id == account_id, Exam.status.in_(("ready", "closed")))
        .order_by(StandardPanel.id.desc())
    ).all()
    return [(whole_panel(session, panel, exam), judge) for panel, exam, judge in rows]


def own_panel(session: Session, number: int, account_id: int | None) -> tuple[PanelAt, StandardJudge]:
    """The account's panel. Raises ``NotFound``."""
    for panel, judge in own_panels(session, account_id):
        if panel.panel.id == number:
            return panel, judge
    raise NotFound()


def who_may_judge(session: Session) -> list[Account]:
    """Assessors, by name."""
    query = select(Account).where(Account.active, Account.roles.any(Role.name == "assessor"))
    return list(session.scalars(query.order_by(Account.name, Account.id).options(joinedload(Account.roles))).unique())


def facilities(session: Session, exam: Exam) -> dict[int, float]:
    """By question version, the share of points that those who had it reached; only once the exam is over."""
    if exam.status not in ("closed", "released"):
        return {}
    got: dict[int, list[Fraction]] = {}
    for sat in results(session, exam):
        for one in sat.paper.questions:
            if one.points is not None and one.maximum:
                got.setdefault(one.version_id, []).append(one.points / one.maximum)
    return {version: float(sum(shares, Fraction(0)) / len(shares)) for version, shares in got.items()}
