"""Reads of development plans, already by who may see them: one's own, those of one's people, all that were proposed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.careers.models import Post
from webapp.errors import NotFound
from webapp.officers.models import Officer
from webapp.plans import neighbors, rules
from webapp.plans.models import DevelopmentPlan, PlanEdition, PlanItem, PlanNote

CONTENT = ("gap_kind", "gap_code", "gap", "action_kind", "action", "share", "due_on", "measure", "support")
"""What an item says, copied from version to version."""


@dataclass(frozen=True)
class Reader:
    """Whoever reads. A draft never proposed is its owner's alone; only the auditor reads those too."""

    officer_id: int | None
    everything: bool = False
    drafts: bool = False
    mentor: bool = False
    """Whether they hold the mentor's role: without it a pairing opens nothing. Being somebody's head needs no role."""


@dataclass
class Line:
    """An item of a version with what was noted about it."""

    item: PlanItem
    notes: list[PlanNote] = field(default_factory=list)

    @property
    def state(self) -> str:
        return rules.line_state([note.kind for note in self.notes])


@dataclass
class Sheet:
    """A plan as one reads it: the version shown, its items with their progress, and all versions, newest first."""

    plan: DevelopmentPlan
    edition: PlanEdition
    editions: list[PlanEdition]
    lines: list[Line]

    @property
    def newest(self) -> PlanEdition:
        return newest_of(self.editions)

    @property
    def agreed(self) -> PlanEdition | None:
        return next((one for one in self.editions if one.state == "agreed"), None)

    @property
    def done(self) -> int:
        return sum(line.state == "done" for line in self.lines)

    def next_due(self) -> dt.date | None:
        """The earliest day among the items still open."""
        return min((line.item.due_on for line in self.lines if line.state == "open" and line.item.due_on), default=None)


def newest_of(editions: Sequence[PlanEdition]) -> PlanEdition:
    """The version that counts now, of those given: the newest that no other has taken the place of."""
    standing = [one for one in editions if one.state != "superseded"] or list(editions)
    return max(standing, key=lambda one: one.number)


# Who sees what -------------------------------------------------------------------------------------------------------


def officers_under(reader: Reader) -> ColumnElement[bool]:
    """Officers who are *theirs*: whose head the reader is, or whose mentor, holding the mentor's role."""
    if reader.officer_id is None:
        return Officer.id.is_(None)
    theirs: list[ColumnElement[bool]] = [Officer.supervisor_id == reader.officer_id]
    if reader.mentor:
        theirs.append(Officer.id.in_(neighbors.officers_mentored_by(reader.officer_id)))
    return and_(Officer.id != reader.officer_id, or_(*theirs))


def _proposed_once() -> ColumnElement[bool]:
    return exists().where(PlanEdition.plan_id == DevelopmentPlan.id, PlanEdition.proposed_at.is_not(None))


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """Plans the reader may see."""
    if reader.drafts:
        return DevelopmentPlan.id.is_not(None)
    if reader.everything:
        proposed = _proposed_once()
        return or_(proposed, DevelopmentPlan.officer_id == reader.officer_id) if reader.officer_id else proposed
    if reader.officer_id is None:
        return DevelopmentPlan.id.is_(None)
    theirs = and_(DevelopmentPlan.officer_id.in_(select(Officer.id).where(officers_under(reader))), _proposed_once())
    return or_(DevelopmentPlan.officer_id == reader.officer_id, theirs)


def is_theirs(session: Session, reader: Reader, officer_id: int) -> bool:
    """Whether the officer is one of the reader's: they may agree to the officer's plans."""
    return session.scalar(select(Officer.id).where(Officer.id == officer_id, officers_under(reader))) is not None


def _full() -> Select[tuple[DevelopmentPlan]]:
    return (
        select(DevelopmentPlan)
        .join(DevelopmentPlan.officer)
        .join(DevelopmentPlan.post)
        .options(contains_eager(DevelopmentPlan.officer), contains_eager(DevelopmentPlan.post))
    )


def plan_visible_to(session: Session, reader: Reader, plan_id: int) -> DevelopmentPlan:
    """One plan with its officer and post. Raises ``NotFound``, also where it is not the reader's to see."""
    found = session.scalar(_full().where(DevelopmentPlan.id == plan_id, visible_to(reader)))
    if found is None:
        raise NotFound()
    return found


def own_plan(session: Session, officer_id: int | None, plan_id: int) -> DevelopmentPlan:
    """A plan of the officer. Raises ``NotFound``."""
    found = session.scalar(
        _full().where(DevelopmentPlan.id == plan_id, DevelopmentPlan.officer_id == (officer_id or 0))
    )
    if found is None:
        raise NotFound()
    return found


# One plan ------------------------------------------------------------------------------------------------------------


def editions_of(session: Session, plan_ids: Iterable[int]) -> dict[int, list[PlanEdition]]:
    """The versions of each plan, newest first, with whom they were proposed to."""
    found: dict[int, list[PlanEdition]] = {}
    for row in session.scalars(
        select(PlanEdition)
        .where(PlanEdition.plan_id.in_(list(plan_ids)))
        .options(joinedload(PlanEdition.asked))
        .order_by(PlanEdition.plan_id, PlanEdition.number.desc())
    ):
        found.setdefault(row.plan_id, []).append(row)
    return found


def items_of(session: Session, edition_ids: Iterable[int]) -> dict[int, list[PlanItem]]:
    """The items of each version, in their order."""
    found: dict[int, list[PlanItem]] = {}
    for row in session.scalars(
        select(PlanItem).where(PlanItem.edition_id.in_(list(edition_ids))).order_by(PlanItem.edition_id, PlanItem.line)
    ):
        found.setdefault(row.edition_id, []).append(row)
    return found


def notes_of(session: Session, plan_ids: Iterable[int]) -> dict[tuple[int, int], list[PlanNote]]:
    """What was noted, by plan and item, oldest first."""
    found: dict[tuple[int, int], list[PlanNote]] = {}
    for row in session.scalars(
        select(PlanNote).where(PlanNote.plan_id.in_(list(plan_ids))).order_by(PlanNote.written_at, PlanNote.id)
    ):
        found.setdefault((row.plan_id, row.line), []).append(row)
    return found


def sheets(
    session: Session, plans: Sequence[DevelopmentPlan], reader: Reader, number: int | None = None
) -> list[Sheet]:
    """The plans as the reader sees them: their owner and the auditor with the newest draft, others as last proposed.

    ``number`` asks for one version. Raises ``NotFound`` where there is none, or none for this reader.
    """
    ids = [plan.id for plan in plans]
    editions, shown = editions_of(session, ids), {}
    for plan in plans:
        drafts = reader.drafts or plan.officer_id == reader.officer_id
        open_to = [one for one in editions[plan.id] if drafts or one.proposed_at is not None]
        wanted = [one for one in open_to if number is None or one.number == number]
        if not wanted:
            raise NotFound()
        editions[plan.id], shown[plan.id] = open_to, newest_of(wanted)
    items = items_of(session, [one.id for one in shown.values()])
    notes = notes_of(session, ids)
    return [
        Sheet(
            plan, shown[plan.id], editions[plan.id],
            [Line(item, notes.get((plan.id, item.line), [])) for item in items.get(shown[plan.id].id, [])],
        )
        for plan in plans
    ]  # fmt: skip


def changes_of(session: Session, sheet: Sheet) -> tuple[dict[int, str], list[PlanItem]]:
    """What a change of an agreed plan comes to: by item ``new`` or ``changed``, and the items that are taken out."""
    agreed = sheet.agreed
    if agreed is None or agreed.id == sheet.edition.id or sheet.edition.state == "superseded":
        return {}, []
    before = {item.line: item for item in items_of(session, [agreed.id]).get(agreed.id, [])}
    found = {}
    for line in sheet.lines:
        old = before.pop(line.item.line, None)
        if old is None:
            found[line.item.line] = "new"
        elif any(getattr(old, name) != getattr(line.item, name) for name in CONTENT):
            found[line.item.line] = "changed"
    return found, list(before.values())


def may_be_asked(session: Session, officer: Officer) -> list[tuple[Officer, str]]:
    """Whom the officer can ask to agree: their head (``head``), then their mentors (``mentor``), by the alphabet."""
    mentors = select(Officer).where(Officer.id.in_(neighbors.mentors_of_officer(officer.id)), Officer.id != officer.id)
    found: list[tuple[Officer, str]] = []
    if officer.supervisor_id is not None and officer.supervisor_id != officer.id:
        found.append((session.get_one(Officer, officer.supervisor_id), "head"))
    for one in session.scalars(mentors.order_by(Officer.sort_key, Officer.id)):
        if all(one.id != other.id for other, _how in found):
            found.append((one, "mentor"))
    return found


# Lists ---------------------------------------------------------------------------------------------------------------


def plans_page(
    session: Session, reader: Reader, *, words: str = "", state: str = "", post: str = "", view: str = "all",
    limit: int = 50, offset: int = 0,
) -> tuple[list[Sheet], int]:  # fmt: skip
    """Plans the reader sees: ``own``, ``theirs`` or ``all``; what was changed last first; and how many."""
    where = [visible_to(reader)]
    if view == "own":
        where.append(DevelopmentPlan.officer_id == (reader.officer_id or 0))
    elif view == "theirs":
        where.append(officers_under(reader))
    for word in words.split():
        name = Officer.title + Officer.given_name + " " + Officer.family_name
        where.append(or_(name.contains(word, autoescape=True), Officer.officer_no == word))
    if state == "waiting":
        where.append(DevelopmentPlan.id.in_(select(PlanEdition.plan_id).where(PlanEdition.state == "proposed")))
    elif state:
        where.append(DevelopmentPlan.state == state)
    if post:
        where.append(Post.code == post)
    query = _full().where(*where)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    order = (DevelopmentPlan.state == "closed", DevelopmentPlan.changed_at.desc(), DevelopmentPlan.id.desc())
    rows = list(session.scalars(query.order_by(*order).limit(limit).offset(offset)))
    return sheets(session, rows, reader), total


def open_plans(session: Session, officer_id: int) -> list[DevelopmentPlan]:
    """The officer's plans that are not closed, with their posts, newest first."""
    return list(
        session.scalars(
            _full()
            .where(DevelopmentPlan.officer_id == officer_id, DevelopmentPlan.closed_at.is_(None))
            .order_by(DevelopmentPlan.id.desc())
        )
    )


def open_plan_for(session: Session, officer_id: int, post_id: int) -> DevelopmentPlan | None:
    """The officer's open plan for a post."""
    return session.scalar(
        _full().where(
            DevelopmentPlan.officer_id == officer_id, DevelopmentPlan.post_id == post_id,
            DevelopmentPlan.closed_at.is_(None),
        )
    )  # fmt: skip


def planned_gaps(session: Session, officer_id: int) -> dict[tuple[str, str, str], int]:
    """What the officer's open plans answer already: (post, kind of gap, code) and the plan's number."""
    plans = open_plans(session, officer_id)
    editions = editions_of(session, [plan.id for plan in plans])
    current = {newest_of(editions[plan.id]).id: plan for plan in plans}
    found: dict[tuple[str, str, str], int] = {}
    for edition_id, items in items_of(session, current).items():
        plan = current[edition_id]
        found |= {(plan.post.code, item.gap_kind, item.gap_code): plan.id for item in items if item.gap_code}
    return found


def to_agree(session: Session, reader: Reader, limit: int = 50) -> list[tuple[DevelopmentPlan, PlanEdition]]:
    """Versions that wait for the reader: proposed to them, or proposed by one of theirs; the oldest first."""
    if reader.officer_id is None:
        return []
    rows = session.execute(
        _full()
        .join(PlanEdition, PlanEdition.plan_id == DevelopmentPlan.id)
        .add_columns(PlanEdition)
        .where(
            PlanEdition.state == "proposed", DevelopmentPlan.closed_at.is_(None), officers_under(reader),
            or_(PlanEdition.asked_id == reader.officer_id, PlanEdition.asked_id.is_(None)),
        )
        .order_by(PlanEdition.proposed_at, PlanEdition.id)
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def own_sheets(session: Session, officer_id: int) -> list[Sheet]:
    """The officer's open plans as their owner sees them (for the home page)."""
    return sheets(session, open_plans(session, officer_id), Reader(officer_id))
