"""A panel as staff look after it: its members, what each still owes, who is kept from whom, and who wants replacing."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.assessments.desk import Desk, Person
from webapp.assessments.models import PanelMember
from webapp.assessments.panels.models import PanelRelation, PanelStatement
from webapp.assessments.panels.rules import CONFLICTS, NAMED, TRAINING_YEARS, training_valid, valid_until
from webapp.assessments.panels.seats import standing_relations
from webapp.assessments.panels.settings import Figure, figures_of, trained_on


@dataclass(slots=True)
class MemberLine:
    """A member: what stands between them and whom, whether they have stated it, and their training."""

    member: PanelMember
    stated_at: dt.datetime | None
    unstated: int
    trained: dt.date | None
    until: dt.date | None
    valid: bool
    submitted: int
    due: int
    relations: list[tuple[Person, PanelRelation]] = field(default_factory=list)


@dataclass(slots=True)
class Short:
    """A person who is marked by fewer members than the panel has, and who was named in the place of whom."""

    person: Person
    missing: list[str]
    substitutes: list[str]

    @property
    def open(self) -> bool:
        return len(self.substitutes) < len(self.missing)


@dataclass(slots=True)
class Overview:
    """Everything the panel page shows of a panel."""

    members: list[MemberLine]
    short: list[Short]
    figures: dict[str, Figure]


def overview_of(session: Session, desk: Desk) -> Overview:
    """The panel of a desk, in a fixed number of statements."""
    figures = figures_of(session, desk.cohort.id, desk.purpose, desk.code)
    ids = [member.id for member in desk.panel]
    standing = standing_relations(session, ids)
    statements: dict[int, list[PanelStatement]] = {}
    query = select(PanelStatement).where(PanelStatement.member_id.in_(ids)).order_by(PanelStatement.id)
    for row in session.scalars(query):
        statements.setdefault(row.member_id, []).append(row)
    days = trained_on(session, [member.account_id for member in desk.panel if member.account_id is not None])
    years, today = figures[TRAINING_YEARS].value, clock.today()
    members = []
    for member in desk.panel:
        own = statements.get(member.id, [])
        whom = {number for number in desk.people if desk.seats.marks(member.name, number)}
        day = days.get(member.account_id) if member.account_id is not None else None
        line = MemberLine(
            member, own[-1].made_at if own else None, len(whom - {n for row in own for n in row.covers}), day,
            valid_until(day, years) if day else None, training_valid(day, today, years),
            sum((number, member.name) in desk.standing for number in whom), len(whom),
        )  # fmt: skip
        line.relations = [
            (desk.people[number], row)
            for (member_id, number), row in standing.items()
            if member_id == member.id and number in desk.people and row.relation in (*CONFLICTS, NAMED)
        ]
        members.append(line)
    return Overview(members, _short(desk), figures)


def _short(desk: Desk) -> list[Short]:
    found = []
    for number, person in desk.people.items():
        missing = [name for name in desk.seats.full if desk.apart(name, number)]
        if missing:
            stand_in = [n for n in desk.named_for(number) if desk.seats.members[n].substitute]
            found.append(Short(person, missing, stand_in))
    return sorted(found, key=lambda row: (not row.open, row.person.officer_no))
