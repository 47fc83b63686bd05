"""Ratings of competencies are recorded, and corrected by voiding the wrong one with a reason: the old one stays."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.models import CompetencyRating
from webapp.audit import Actor
from webapp.careers.models import Competency
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.officers.models import Officer

LEVELS = range(1, 6)


def record_rating(
    session: Session, actor: Actor, officer: Officer, *, competency: str, rating: int, rated_on: dt.date, method: str,
    assessor: str = "",
) -> CompetencyRating:  # fmt: skip
    """Record a rating from 1 to 5 of one competency, by a method on a day that is not after today.

    It counts, and its officer sees it, from when it is released (:func:`release_ratings`).

    Raises ``RuleBroken`` for a rating of oneself, a day to come, or the same competency, day and method twice.
    """
    _check(actor, officer)
    if session.get(Competency, competency) is None:
        raise NotFound()
    if rating not in LEVELS:
        raise RuleBroken("ระดับสมรรถนะต้องเป็น 1 ถึง 5")
    if rated_on > clock.today():
        raise RuleBroken("วันที่ประเมินต้องไม่หลังวันนี้")
    if not method.strip():
        raise RuleBroken("ต้องระบุวิธีประเมิน")
    same = select(CompetencyRating.id).where(
        CompetencyRating.officer_id == officer.id, CompetencyRating.competency_code == competency,
        CompetencyRating.rated_on == rated_on, CompetencyRating.method == method.strip(),
        CompetencyRating.voided_at.is_(None),
    )  # fmt: skip
    if session.scalar(same) is not None:
        raise RuleBroken("มีผลประเมินสมรรถนะนี้ด้วยวิธีเดียวกันในวันเดียวกันแล้ว ให้แก้ไขผลเดิมแทน")
    row = CompetencyRating(
        officer_id=officer.id, competency_code=competency, rating=rating, rated_on=rated_on, method=method.strip(),
        assessor=assessor.strip(), entered_by=actor.name, entered_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.append(session, actor, "assessments:rating:record", "CompetencyRating", _key(officer, row), after=_shown(row))
    return row


def correct_rating(
    session: Session, actor: Actor, officer: Officer, row: CompetencyRating, *, reason: str, **values: Any
) -> CompetencyRating:
    """Void a rating and put the right one in its place (same arguments as :func:`record_rating`)."""
    void_rating(session, actor, officer, row, reason=reason)
    right = record_rating(session, actor, officer, **values)
    right.released_at, right.released_by = row.released_at, row.released_by
    row.replaced_by_id = right.id
    session.flush()
    return right


def void_rating(session: Session, actor: Actor, officer: Officer, row: CompetencyRating, *, reason: str) -> None:
    """A rating that should not stand is voided with a reason; it stays readable."""
    _check(actor, officer)
    if row.officer_id != officer.id:
        raise NotFound()
    if row.voided_at is not None:
        raise Conflict("ผลประเมินนี้ถูกเพิกถอนไปก่อนแล้ว")
    if not reason.strip():
        raise RuleBroken("การแก้ไขหรือเพิกถอนผลประเมินต้องระบุเหตุผล")
    row.voided_at, row.voided_by, row.void_reason = clock.now(), actor.name, reason.strip()
    session.flush()
    audit.append(
        session, actor, "assessments:rating:void", "CompetencyRating", _key(officer, row), before=_shown(row),
        reason=reason.strip(),
    )  # fmt: skip


def release_ratings(session: Session, actor: Actor, officer: Officer) -> int:
    """From here on the officer's ratings count, and they and their mentor see them; returns how many were released.

    Somebody else than the officer does it; released twice changes nothing.
    """
    _check(actor, officer)
    rows = session.scalars(
        select(CompetencyRating)
        .where(
            CompetencyRating.officer_id == officer.id,
            CompetencyRating.voided_at.is_(None),
            CompetencyRating.released_at.is_(None),
        )
        .order_by(CompetencyRating.id)
    ).all()
    for row in rows:
        row.released_at, row.released_by = clock.now(), actor.name
    if rows:
        session.flush()
        audit.append(
            session, actor, "assessments:rating:release", "officer", officer.officer_no,
            after={"ratings": [row.id for row in rows]},
        )  # fmt: skip
    return len(rows)


def _check(actor: Actor, officer: Officer) -> None:
    if actor.kind != "account":
        return
    if not may(actor.roles, "assessments:rating:change"):
        raise NotAllowed()
    if officer.account_id is not None and officer.account_id == actor.account_id:
        raise RuleBroken("ผู้ใดประเมินสมรรถนะของตนเองไม่ได้ ขอให้เจ้าหน้าที่คนอื่นบันทึก")


def _key(officer: Officer, row: CompetencyRating) -> str:
    return f"{officer.officer_no}/{row.competency_code}/{row.id}"


def _shown(row: CompetencyRating) -> dict[str, Any]:
    return {"rating": row.rating, "rated_on": row.rated_on.isoformat(), "method": row.method, "assessor": row.assessor}
