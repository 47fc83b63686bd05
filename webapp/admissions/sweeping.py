"""What the passing of days does: offers are recalled and lapse, names on the register are told of its end and end.

The worker asks for it every few minutes; done again, it changes nothing.
"""

import datetime as dt
from collections import Counter

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from webapp import audit, clock
from webapp.admissions import rules
from webapp.admissions.models import Offer, RegisterEntry
from webapp.admissions.seats import LAPSED, given_up, note, whose
from webapp.admissions.telling import tell_officer
from webapp.audit import SYSTEM
from webapp.courses.models import Enrollment


def sweep(session: Session, today: dt.date) -> Counter[str]:
    """Do what is due today; returns how many of each. The caller commits."""
    done: Counter[str] = Counter()
    for offer in session.scalars(_lapsing(today)).all():
        _lapse(session, offer)
        done["lapsed"] += 1
    for offer in session.scalars(_to_recall(today)).all():
        cohort, officer = whose(session, offer)
        offer.reminded_at = clock.now()
        tell_officer(
            session, officer, "admissions:offer:recalled", cohort=cohort.name_th, day=offer.answer_by.isoformat()
        )
        done["recalled"] += 1
    for entry in session.scalars(_ending(today)).all():
        entry.told_ending_at = clock.now()
        tell_officer(session, entry.officer, "admissions:register:ending", course=entry.course.name_th,
                     day=entry.until_on.isoformat())  # fmt: skip
        done["ending"] += 1
    for entry in session.scalars(_ended(today)).all():
        entry.state = "ended"
        session.flush()
        audit.append(
            session, SYSTEM, "admissions:register:end", "RegisterEntry",
            f"{entry.course.code}/{entry.officer.officer_no}/{entry.id}", before={"state": "standing"},
            after={"state": "ended", "until_on": entry.until_on},
        )  # fmt: skip
        tell_officer(session, entry.officer, "admissions:register:ended", course=entry.course.name_th)
        done["ended"] += 1
    session.flush()
    return done


def is_due(session: Session, today: dt.date) -> bool:
    """Whether anything is to be done today; asked first, so that waiting takes no write lock."""
    queries = (_lapsing(today), _to_recall(today), _ending(today), _ended(today))
    return any(session.scalar(query.limit(1)) is not None for query in queries)


def _lapse(session: Session, offer: Offer) -> None:
    given_up(session, SYSTEM, offer, session.get_one(Enrollment, offer.enrollment_id), "lapsed", LAPSED)
    session.flush()
    cohort, officer = whose(session, offer)
    note(session, SYSTEM, "lapse", offer, cohort, officer, answer_by=offer.answer_by)
    tell_officer(session, officer, "admissions:offer:lapsed", cohort=cohort.name_th)


def _lapsing(today: dt.date) -> Select[tuple[Offer]]:
    return select(Offer).where(Offer.answer.is_(None), Offer.answer_by < today).order_by(Offer.id)


def _to_recall(today: dt.date) -> Select[tuple[Offer]]:
    near = today + dt.timedelta(days=rules.OFFER_REMINDER_DAYS)
    return (
        select(Offer)
        .where(Offer.answer.is_(None), Offer.reminded_at.is_(None), Offer.answer_by >= today, Offer.answer_by <= near)
        .order_by(Offer.id)
    )


def _ending(today: dt.date) -> Select[tuple[RegisterEntry]]:
    near = today + dt.timedelta(days=rules.ENDING_DAYS)
    return _standing().where(
        RegisterEntry.told_ending_at.is_(None), RegisterEntry.until_on >= today, RegisterEntry.until_on <= near
    )


def _ended(today: dt.date) -> Select[tuple[RegisterEntry]]:
    return _standing().where(RegisterEntry.until_on < today)


def _standing() -> Select[tuple[RegisterEntry]]:
    return (
        select(RegisterEntry)
        .where(RegisterEntry.state == "standing")
        .options(joinedload(RegisterEntry.officer), joinedload(RegisterEntry.course))
        .order_by(RegisterEntry.id)
    )
