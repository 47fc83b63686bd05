"""Reads of the audit log, by who, what, which thing and when; pages by the entry's place, so that none is ever slow."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.audit import AuditEntry, AuditOpening
from webapp.clock import BANGKOK
from webapp.trail.words import plain

PAGE = 50
"""Entries on a page."""

MOST_EXPORTED = 50_000
"""Entries in one export; more are taken month by month."""


@dataclass(frozen=True)
class Question:
    """What the auditor asks for; empty means everything."""

    actor: str = ""
    action: str = ""
    thing: str = ""
    key: str = ""
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and the places from which the pages before and after are reached."""

    entries: list[AuditEntry]
    newer: int | None
    older: int | None


def entries_page(session: Session, question: Question, *, before: int | None = None, after: int | None = None) -> Page:
    """The page of entries older than ``before``, or newer than ``after``, or the newest."""
    conditions = _conditions(question)
    wanted = select(AuditEntry).where(*conditions)
    if after is not None:
        rows = session.scalars(wanted.where(AuditEntry.id > after).order_by(AuditEntry.id).limit(PAGE + 1)).all()
        more, found = len(rows) > PAGE, sorted(rows[:PAGE], key=lambda entry: -entry.id)
        return Page(found, found[0].id if more else None, found[-1].id if found else None)
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    rows = session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(PAGE + 1)).all()
    found = list(rows[:PAGE])
    return Page(
        found, found[0].id if before is not None and found else None, found[-1].id if len(rows) > PAGE else None
    )


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if question.actor:
        asked.append(AuditEntry.actor_name.icontains(question.actor, autoescape=True))
    if question.action:
        asked.append(AuditEntry.action == question.action)
    if question.thing:
        # Rooms write "Officer" and "officer" for one thing.
        asked.append(
            func.lower(func.replace(func.replace(AuditEntry.thing, "_", ""), "-", "")) == plain(question.thing)
        )
    if question.key:
        asked.append(AuditEntry.thing_key == question.key)
    for word in question.words.split():
        in_words = [
            column.icontains(word, autoescape=True)
            for column in (AuditEntry.action, AuditEntry.thing_key, AuditEntry.actor_name)
        ]
        reason = AuditEntry.id.in_(
            select(AuditOpening.entry_id).where(AuditOpening.reason.icontains(word, autoescape=True))
        )
        asked.append(in_words[0] | in_words[1] | in_words[2] | reason)
    if question.since:
        asked.append(AuditEntry.at >= dt.datetime.combine(question.since, dt.time(), BANGKOK))
    if question.until:
        asked.append(AuditEntry.at < dt.datetime.combine(question.until + dt.timedelta(days=1), dt.time(), BANGKOK))
    return asked


def choices(session: Session) -> tuple[list[str], list[str]]:
    """The actions and the kinds of thing that occur."""
    actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
    things = session.scalars(select(AuditEntry.thing).distinct().order_by(AuditEntry.thing)).all()
    return list(actions), sorted({plain(thing): thing for thing in things}.values(), key=plain)


def entry_with_opening(session: Session, entry_id: int) -> tuple[AuditEntry, AuditOpening | None] | None:
    """One entry and what was kept beside it."""
    entry = session.get(AuditEntry, entry_id)
    return None if entry is None else (entry, session.get(AuditOpening, entry_id))


def matching(session: Session, question: Question) -> int:
    """How many entries the question finds."""
    return session.scalar(select(func.count(AuditEntry.id)).where(*_conditions(question))) or 0


def for_export(session: Session, question: Question) -> Iterator[Any]:
    """Rows of (entry columns, values, reason), oldest first, ``MOST_EXPORTED`` at most."""
    columns = list(AuditEntry.__table__.columns)
    return iter(
        session.execute(
            select(*columns, AuditOpening.values, AuditOpening.reason)
            .outerjoin(AuditOpening, AuditOpening.entry_id == AuditEntry.id)
            .where(*_conditions(question))
            .order_by(AuditEntry.id)
            .limit(MOST_EXPORTED)
            .execution_options(yield_per=1_000)
        )
    )
