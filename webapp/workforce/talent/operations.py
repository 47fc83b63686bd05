"""What is done with the talent pool: nominate, review by a second person, keep, leave. Nothing happens of itself."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Post
from webapp.errors import Conflict, RuleBroken
from webapp.officers.models import Officer
from webapp.workforce.models import TalentMember, TalentStep
from webapp.workforce.plans.rules import check_lock
from webapp.workforce.talent import rules


def nominate(
    session: Session, *, actor: Actor, officer: Officer, post: Post | None, reason: str,
    evidence: Sequence[dict[str, Any]], key: str | None = None,
) -> TalentMember:  # fmt: skip
    """Put an officer forward for the pool, with the reason and what on record speaks for it. The same key, once."""
    if key:
        known = session.scalar(select(TalentMember).where(TalentMember.key == key))
        if known is not None:
            return known
    rules.check_not_oneself(officer.account_id, actor.account_id)
    standing = session.scalar(select(TalentMember.id).where(
        TalentMember.officer_id == officer.id, TalentMember.status.in_((rules.NOMINATED, rules.MEMBER))
    ))  # fmt: skip
    if standing is not None:
        raise RuleBroken("ข้าราชการผู้นี้อยู่ในกลุ่มหรือรอพิจารณาอยู่แล้ว")
    member = TalentMember(
        officer_id=officer.id, post_id=None if post is None else post.id, status=rules.NOMINATED, reason=reason.strip(),
        evidence=list(evidence), nominated_by=actor.name, nominated_by_id=actor.account_id, nominated_at=clock.now(),
        key=key,
    )  # fmt: skip
    session.add(member)
    _flushed(session)
    _step(session, actor, member, "nominated", reason)
    audit.append(session, actor, "workforce:talent:nominate", "talent_member", member.id, reason=member.reason,
                 after={"officer_no": officer.officer_no, "post": None if post is None else post.code,
                        "evidence": [one["key"] for one in evidence]})  # fmt: skip
    return member


def accept(
    session: Session, *, actor: Actor, member: TalentMember, seen: int | None, reason: str, from_on: dt.date,
    until_on: dt.date | None, review_on: dt.date,
) -> None:  # fmt: skip
    """Another person than the nominator takes an officer into the pool, until when and with which review day."""
    _check(member, actor, seen)
    rules.check_dates(clock.today(), from_on, until_on, review_on)
    member.status, member.from_on, member.until_on, member.review_on = rules.MEMBER, from_on, until_on, review_on
    _reviewed(session, actor, member, "accepted", reason)


def decline(session: Session, *, actor: Actor, member: TalentMember, seen: int | None, reason: str) -> None:
    """Another person than the nominator declines a nomination, with the reason."""
    _check(member, actor, seen)
    member.status = rules.DECLINED
    _reviewed(session, actor, member, "declined", reason)


def keep(
    session: Session, *, actor: Actor, member: TalentMember, seen: int | None, reason: str, review_on: dt.date
) -> None:
    """A member is looked at again and stays, with the reason and the next review day."""
    _standing(member, actor, seen)
    rules.check_dates(clock.today(), member.from_on or clock.today(), member.until_on, review_on)
    before = {"review_on": member.review_on}
    member.review_on = review_on
    _flushed(session)
    _step(session, actor, member, "kept", reason)
    audit.append(session, actor, "workforce:talent:keep", "talent_member", member.id, before=before,
                 after={"review_on": review_on}, reason=reason)  # fmt: skip


def leave(session: Session, *, actor: Actor, member: TalentMember, seen: int | None, reason: str) -> None:
    """A member leaves the pool, with the reason; the membership stays on record."""
    _standing(member, actor, seen)
    today = clock.today()
    member.status, member.until_on = rules.LEFT, max(today, member.from_on or today)
    _flushed(session)
    _step(session, actor, member, "left", reason)
    audit.append(session, actor, "workforce:talent:leave", "talent_member", member.id, reason=reason,
                 after={"until_on": member.until_on})  # fmt: skip


def _check(member: TalentMember, actor: Actor, seen: int | None) -> None:
    rules.check_status(member.status, (rules.NOMINATED,))
    check_lock(member.lock, seen)
    rules.check_reviewer(member.nominated_by_id, actor.account_id, member.officer.account_id)


def _standing(member: TalentMember, actor: Actor, seen: int | None) -> None:
    rules.check_status(member.status, (rules.MEMBER,))
    check_lock(member.lock, seen)
    rules.check_not_oneself(member.officer.account_id, actor.account_id)


def _reviewed(session: Session, actor: Actor, member: TalentMember, kind: str, reason: str) -> None:
    member.reviewed_by, member.reviewed_by_id, member.reviewed_at = actor.name, actor.account_id, clock.now()
    _flushed(session)
    _step(session, actor, member, kind, reason)
    audit.append(session, actor, f"workforce:talent:{kind}", "talent_member", member.id, reason=reason,
                 after={"status": member.status, "from_on": member.from_on, "until_on": member.until_on,
                        "review_on": member.review_on})  # fmt: skip


def _step(session: Session, actor: Actor, member: TalentMember, kind: str, reason: str) -> None:
    session.add(TalentStep(member_id=member.id, kind=kind, reason=reason.strip(), done_by=actor.name,
                           done_by_id=actor.account_id, done_at=clock.now()))  # fmt: skip
    _flushed(session)


def _flushed(session: Session) -> None:
    """Write; who was faster wins, and the other is told."""
    try:
        session.flush()
    except (IntegrityError, StaleDataError):
        raise Conflict("มีผู้บันทึกรายการนี้พร้อมกัน กรุณาเปิดหน้านี้ใหม่แล้วลองอีกครั้ง") from None
