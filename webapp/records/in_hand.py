"""Everybody's facts kept between the pages of one process for as long as nothing at all in the database has changed.

A hundred thousand careers take seconds to fetch, and a reader who tries one number after another asks for the same ones.
What is kept is never older than the database: the database itself says whether anything was committed since. SQLite counts
the changes of others (``data_version``) and those of the connection itself, per connection; PostgreSQL names the
transactions a reader sees. Any commit, of whatever kind, makes the next page read anew.
"""

import weakref
from collections import deque
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from webapp.careers.criteria.facts import Facts
from webapp.database import reading_only
from webapp.records.facts import load_facts

MOST_KEPT = 2
"""Sets of facts kept by a process: connections of the pool take turns, and each set of 100,000 careers is some 100 MB."""

KEY = "kaona.facts"

_kept: deque[Facts] = deque(maxlen=MOST_KEPT)


def facts_in_hand(session: Session) -> Facts:
    """Everybody's facts, all tables, as the database has them now. Kept only where a page merely reads."""
    if not reading_only.get():
        return load_facts(session)
    connection = session.connection()
    stamp = _stamp(connection)
    before, kept = connection.info.get(KEY, (None, None))
    facts = kept() if before == stamp else None
    if facts is None:
        facts = load_facts(session)
        if _stamp(connection) == stamp:
            _kept.append(facts)
            connection.info[KEY] = (stamp, weakref.ref(facts))
    return facts


def _stamp(connection: Connection) -> tuple[Any, ...]:
    """What changes with every commit that this connection can see."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        return (connection.scalar(text("PRAGMA data_version")), driver.total_changes)
    return (connection.scalar(text("SELECT CAST(pg_current_snapshot() AS text)")),)
