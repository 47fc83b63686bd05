"""Reads about selections, their places, offers of seats and the register of the qualified."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from webapp.admissions import rules
from webapp.admissions.freezing import frozen, places_in, thawed
from webapp.admissions.models import (
    Application,
    LineDecision,
    Offer,
    Place,
    RegisterEntry,
    RegisterRule,
    Selection,
)
from webapp.admissions.queries import states_of
from webapp.assessments.models import AssessmentPlan
from webapp.assessments.plans.operations import open_points_of
from webapp.assessments.queries import plan_in_force
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.errors import NotFound, RuleBroken
from webapp.officers.models import Officer

HOLD_A_SEAT = ("admitted", "enrolled", "completed")
"""Statuses that take a seat: offered, taken, sat."""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One thing to put right before publication.

    ``tie`` (a line goes through a group of one rank), ``undecided`` (applications wait for the institute), ``stale`` (figures
    have changed since the draft), ``kept`` (seats already taken by an earlier result leave too few), ``plan`` (the plan
    lacks reasons or its second person).
    """

    code: str
    count: int = 0
    tie: rules.Tie | None = None


def plan_or_refusal(session: Session, cohort: Cohort) -> AssessmentPlan:
    """The cohort's selection plan in force. Raises ``RuleBroken`` where there is none."""
    plan = plan_in_force(session, cohort.id, "selection")
    if plan is None:
        raise RuleBroken("รุ่น %(cohort)s ยังไม่มีแผนการคัดเลือกที่ใช้บังคับ กำหนดแผนการคัดเลือกก่อน", cohort=cohort.code)
    return plan


def selection_by_id(session: Session, selection_id: int) -> Selection:
    """A selection with its cohort and course. Raises ``NotFound``."""
    found = session.scalar(
        select(Selection)
        .where(Selection.id == selection_id)
        .options(joinedload(Selection.cohort).joinedload(Cohort.course))
    )
    if found is None:
        raise NotFound()
    return found


def selections_of(session: Session, cohort_id: int) -> list[Selection]:
    """All selections of a cohort, newest first, without their frozen documents."""
    return list(
        session.scalars(
            select(Selection)
            .where(Selection.cohort_id == cohort_id)
            .options(defer(Selection.inputs), defer(Selection.result))
            .order_by(Selection.id.desc())
        )
    )


def published_selection(session: Session, cohort_id: int) -> Selection | None:
    """The selection of a cohort that is published now."""
    return session.scalar(
        select(Selection).where(Selection.cohort_id == cohort_id, Selection.status == rules.PUBLISHED)
    )


def decisions_of(session: Session, selection_id: int) -> list[LineDecision]:
    """The decisions on ties of a selection, the seats' first."""
    rows = select(LineDecision).where(LineDecision.selection_id == selection_id)
    return list(session.scalars(rows.order_by(LineDecision.line.desc(), LineDecision.id)))


def choices_of(session: Session, selection_id: int) -> dict[str, list[str]]:
    """Who was chosen at each line."""
    return {decision.line: decision.chosen for decision in decisions_of(session, selection_id)}


def allocation_of(session: Session, selection: Selection) -> rules.Allocation:
    """Seats, reserve and register as they follow from the frozen result and the decisions on ties."""
    result = thawed(selection.result)
    entries = [rules.Ranked(entry["officer_no"], entry["rank"]) for entry in result["entries"]]
    return rules.allocate(entries, result["seats"], result["reserve"], choices_of(session, selection.id))


def given_in(session: Session, selection: Selection) -> dict[str, tuple[str, int | None, str]]:
    """What each applicant gets by a selection: kind, rank, composite, by officer number."""
    return places_in(thawed(selection.result), choices_of(session, selection.id))


def open_points(session: Session, selection: Selection, now: dict[str, Any] | None) -> list[OpenPoint]:
    """What must be put right before publication; ``now`` are the inputs as they stand, where they are to be compared."""
    points = [OpenPoint("tie", tie.room, tie) for tie in allocation_of(session, selection).ties]
    states = states_of(session, selection.cohort_id)
    waiting = states.get("filed", 0) + states.get("exception", 0)
    if waiting:
        points.append(OpenPoint("undecided", waiting))
    if now is not None and frozen(now) != selection.inputs:
        points.append(OpenPoint("stale"))
    short = _seats_short(session, selection)
    if short:
        points.append(OpenPoint("kept", short))
    plan = session.get(AssessmentPlan, selection.plan_id)
    lacking = len(open_points_of(plan)) if plan is not None else 0
    return [*points, OpenPoint("plan", lacking)] if lacking else points


def _seats_short(session: Session, selection: Selection) -> int:
    """How many seats are missing where those already taken, by an earlier result, stay taken."""
    given = given_in(session, selection)
    sits = set(
        session.scalars(
            select(Officer.officer_no)
            .join(Enrollment, Enrollment.officer_id == Officer.id)
            .where(Enrollment.cohort_id == selection.cohort_id, Enrollment.status.in_(IN_THE_COHORT))
        )
    )
    kept = sum(1 for number in given if number in sits)
    new = sum(1 for number, place in given.items() if place[0] == "seat" and number not in sits)
    return max(0, kept + new - selection.seats)


def places_of(session: Session, selection_id: int) -> list[Place]:
    """The published places of a selection, with their officers, by rank and name."""
    return list(
        session.scalars(
            select(Place)
            .join(Officer, Officer.id == Place.officer_id)
            .where(Place.selection_id == selection_id)
            .options(contains_eager(Place.officer))
            .order_by(Place.rank.is_(None), Place.rank, Officer.sort_key, Officer.officer_no)
        )
    )


def own_places(session: Session, officer_id: int) -> list[Place]:
    """The officer's places in published selections, the newest first."""
    return list(
        session.scalars(
            select(Place)
            .join(Selection, Selection.id == Place.selection_id)
            .where(Place.officer_id == officer_id, Selection.published_at.is_not(None))
            .options(contains_eager(Place.selection).joinedload(Selection.cohort).joinedload(Cohort.course))
            .order_by(Selection.published_at.desc(), Place.id.desc())
        )
    )


def places_by_number(session: Session, officer_no: str) -> list[Place]:
    """The places of the officer with this number in published selections, the newest first."""
    officer_id = session.scalar(select(Officer.id).where(Officer.officer_no == officer_no))
    return [] if officer_id is None else own_places(session, officer_id)


def own_place(session: Session, selection_id: int, officer_id: int | None) -> Place:
    """The officer's place in a published selection. Raises ``NotFound``."""
    found = session.scalar(
        select(Place)
        .join(Selection, Selection.id == Place.selection_id)
        .where(Place.selection_id == selection_id, Place.officer_id == officer_id, Selection.published_at.is_not(None))
        .options(
            contains_eager(Place.selection).joinedload(Selection.cohort).joinedload(Cohort.course),
            joinedload(Place.officer),
        )
    )
    if found is None:
        raise NotFound()
    return found


def seats_taken(session: Session, cohort_id: int, apart_from: list[int] | None = None) -> int:
    """How many seats are offered, taken or sat; not counting these enrollments."""
    query = select(func.count(Enrollment.id)).where(
        Enrollment.cohort_id == cohort_id, Enrollment.status.in_(HOLD_A_SEAT)
    )
    if apart_from:
        query = query.where(Enrollment.id.not_in(apart_from))
    return session.scalar(query) or 0


# Offers and the register ---------------------------------------------------------------------------------------------


def offers_of(session: Session, cohort_id: int) -> list[Offer]:
    """Every offer of a seat in a cohort with its officer: the open first, then the newest."""
    return list(
        session.scalars(
            select(Offer)
            .where(Offer.cohort_id == cohort_id)
            .options(joinedload(Offer.enrollment).joinedload(Enrollment.officer))
            .order_by(Offer.answer.is_not(None), Offer.id.desc())
        )
    )


def offer_by_id(session: Session, offer_id: int, cohort_id: int) -> Offer:
    """One offer of a cohort, with its officer. Raises ``NotFound``."""
    found = session.scalar(
        select(Offer)
        .where(Offer.id == offer_id, Offer.cohort_id == cohort_id)
        .options(joinedload(Offer.enrollment).joinedload(Enrollment.officer), joinedload(Offer.cohort))
    )
    if found is None:
        raise NotFound()
    return found


def own_offers(session: Session, officer_id: int, *, unanswered: bool = False) -> list[Offer]:
    """Seats offered to the officer, newest first."""
    query = (
        select(Offer)
        .join(Enrollment, Enrollment.id == Offer.enrollment_id)
        .where(Enrollment.officer_id == officer_id)
        .options(contains_eager(Offer.enrollment), joinedload(Offer.cohort).joinedload(Cohort.course))
    )
    if unanswered:
        query = query.where(Offer.answer.is_(None))
    return list(session.scalars(query.order_by(Offer.id.desc())))


def own_offer(session: Session, offer_id: int, officer_id: int | None) -> Offer:
    """A seat offered to this officer. Raises ``NotFound``."""
    found = next((one for one in own_offers(session, officer_id or 0) if one.id == offer_id), None)
    if found is None:
        raise NotFound()
    return found


def register_rule(session: Session, course_id: int) -> RegisterRule | None:
    """The rule in force of a course's register; none where ours holds."""
    return session.scalar(
        select(RegisterRule).where(RegisterRule.course_id == course_id).order_by(RegisterRule.id.desc()).limit(1)
    )


def register_rules(session: Session, course_id: int) -> list[RegisterRule]:
    """All rules of a course's register, newest first."""
    rows = select(RegisterRule).where(RegisterRule.course_id == course_id)
    return list(session.scalars(rows.order_by(RegisterRule.id.desc())))


def register_page(
    session: Session, today: dt.date, *, words: str = "", state: str = "", course_id: int | None = None,
    descending: bool = False, limit: int = 50, offset: int = 0,
) -> tuple[list[RegisterEntry], int]:  # fmt: skip
    """Names on the registers in the order in which they are called, and how many in all.

    ``valid`` are those that can be used today; the other states are the entries' own.
    """
    where: list[Any] = []
    if words:
        full = Officer.title + Officer.given_name + " " + Officer.family_name
        like = f"%{words}%"
        where.append(or_(full.like(like), Officer.officer_no.like(like), Officer.name_en.ilike(like)))
    if state:
        where.append(RegisterEntry.state == state)
    if course_id is not None:
        where.append(RegisterEntry.course_id == course_id)
    query = select(RegisterEntry).join(Officer, Officer.id == RegisterEntry.officer_id).where(*where)
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(RegisterEntry.id).subquery())) or 0
    order = (RegisterEntry.course_id, RegisterEntry.from_on, RegisterEntry.selection_id, RegisterEntry.rank)
    rows = session.scalars(
        query.options(
            contains_eager(RegisterEntry.officer), joinedload(RegisterEntry.course),
            joinedload(RegisterEntry.selection).joinedload(Selection.cohort),
        )
        .order_by(*(one.desc() if descending else one for one in order), Officer.officer_no)
        .limit(limit).offset(offset)
    )  # fmt: skip
    return list(rows), total


def register_states(session: Session) -> dict[str, int]:
    """How many names of the registers are in each state."""
    rows = session.execute(select(RegisterEntry.state, func.count()).group_by(RegisterEntry.state))
    return {state: int(count) for state, count in rows}


def own_entries(session: Session, officer_id: int) -> list[RegisterEntry]:
    """The officer's names on registers, newest first."""
    return list(
        session.scalars(
            select(RegisterEntry)
            .where(RegisterEntry.officer_id == officer_id)
            .options(joinedload(RegisterEntry.course), joinedload(RegisterEntry.selection).joinedload(Selection.cohort))
            .order_by(RegisterEntry.id.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name that waits for a seat in a cohort. ``order`` is the same for those who are tied."""

    entry: RegisterEntry
    officer: Officer
    source: str
    order: int


def waiting_for(session: Session, cohort: Cohort, today: dt.date) -> list[Waiting]:
    """Who waits for a seat in a cohort, in the order in which they are called.

    First the reserve list of the cohort's own selection, then the course's registers that are valid today, the oldest
    first, each by rank (ours). Whoever is in the cohort already is not in it again.
    """
    inside = select(Enrollment.officer_id).where(Enrollment.cohort_id == cohort.id, Enrollment.status.in_(HOLD_A_SEAT))
    rows = session.execute(
        select(RegisterEntry, Officer, Selection.cohort_id, Place.kind)
        .join(Officer, Officer.id == RegisterEntry.officer_id)
        .join(Selection, Selection.id == RegisterEntry.selection_id)
        .outerjoin(
            Place, (Place.selection_id == RegisterEntry.selection_id) & (Place.officer_id == RegisterEntry.officer_id)
        )
        .where(
            RegisterEntry.course_id == cohort.course_id, RegisterEntry.state == "standing",
            RegisterEntry.from_on <= today, RegisterEntry.until_on >= today, Officer.id.not_in(inside),
        )
        .order_by(RegisterEntry.from_on, RegisterEntry.selection_id, RegisterEntry.rank, Officer.officer_no)
    ).all()  # fmt: skip
    own = [row for row in rows if row.cohort_id == cohort.id and row.kind == "reserve"]
    others = [row for row in rows if not (row.cohort_id == cohort.id and row.kind == "reserve")]
    found: list[Waiting] = []
    before: tuple[Any, ...] = ()
    for place, row in enumerate([*own, *others], start=1):
        entry = row.RegisterEntry
        source = "reserve" if row.cohort_id == cohort.id and row.kind == "reserve" else "register"
        key = (source, entry.selection_id, entry.rank)
        order = found[-1].order if found and key == before else place
        found.append(Waiting(entry, row.Officer, source, order))
        before = key
    return found


def register_application(session: Session, cohort_id: int, officer_id: int) -> Application | None:
    """The application through which somebody called from the register comes into a cohort."""
    return session.scalar(
        select(Application).where(Application.cohort_id == cohort_id, Application.officer_id == officer_id)
    )
