"""Writes of the room: a scenario is saved once, with its reason and its figures, and never changed."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Post
from webapp.errors import RuleBroken
from webapp.readiness.models import Scenario
from webapp.records.eligibility import Change


def save_scenario(
    session: Session, actor: Actor, post: Post, *, key: str, name: str, reason: str, version: int, as_of: dt.date,
    changes: Iterable[Change], found: dict[str, Any],
) -> Scenario:  # fmt: skip
    """Keep a question about a post with its figures. The same form sent twice is saved once.

    Raises ``RuleBroken`` without a name or a reason.
    """
    if not name.strip() or not reason.strip():
        raise RuleBroken("ต้องตั้งชื่อฉากทัศน์และระบุเหตุผลที่ศึกษา")
    key = _key(key)
    there = session.scalar(select(Scenario).where(Scenario.key == key))
    if there is not None:
        return there
    saved = Scenario(
        key=key, post_id=post.id, profile_version=version, as_of=as_of, name=name.strip(), reason=reason.strip(),
        changes=[[criterion, parameter, str(value)] for criterion, parameter, value in changes], figures=found,
        made_by=actor.label, made_by_id=actor.account_id, made_at=clock.now(),
    )  # fmt: skip
    session.add(saved)
    session.flush()
    after = {
        "name": saved.name, "version": version, "as_of": as_of.isoformat(), "changes": saved.changes,
        "passing": found["passing"],
    }  # fmt: skip
    audit.append(session, actor, "readiness:scenario:save", "scenario", saved.id, after=after, reason=saved.reason)
    return saved


def _key(typed: str) -> str:
    """The form's key; a new one where it was lost."""
    try:
        return str(uuid.UUID(typed))
    except ValueError:
        return str(uuid.uuid4())
