"""Evidence beside a profile and answers to remarks: only ever added to; what was said before stays."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Post
from webapp.careers.profiles.models import BodyRemark, Evidence, RemarkAnswer
from webapp.careers.rules import check_reason
from webapp.errors import Conflict, RuleBroken

Values = dict[str, Any]

LINKS = ("https://", "http://", "/")
"""How a link begins: a page of the product or a document elsewhere."""


def add_evidence(session: Session, actor: Actor, post: Post, *, kind: str, values: Values) -> Evidence:
    """Add a piece of evidence beside a post's profile."""
    return _append(session, actor, post, Evidence(post_id=post.id, kind=kind, **_checked(values)), "add", None)


def correct_evidence(
    session: Session, actor: Actor, post: Post, present: Evidence, *, values: Values, reason: str
) -> Evidence:
    """Say a piece of evidence anew, with the reason; the earlier entry stays in its history."""
    check_reason(reason)
    _check_standing(session, present)
    entry = Evidence(post_id=post.id, kind=present.kind, replaces_id=present.id, reason=reason, **_checked(values))
    return _append(session, actor, post, entry, "correct", present)


def withdraw_evidence(session: Session, actor: Actor, post: Post, present: Evidence, *, reason: str) -> Evidence:
    """Take a piece of evidence out of what counts, with the reason; it stays in the history."""
    check_reason(reason)
    _check_standing(session, present)
    entry = Evidence(
        post_id=post.id, kind=present.kind, replaces_id=present.id, withdrawn=True, reason=reason, title=present.title,
        summary=present.summary,
    )  # fmt: skip
    return _append(session, actor, post, entry, "withdraw", present)


def _checked(values: Values) -> Values:
    link = values.get("link") or ""
    if link and (not link.startswith(LINKS) or link.startswith("//")):
        raise RuleBroken("ที่อยู่ต้องขึ้นต้นด้วย https:// หรือ / สำหรับหน้าในระบบ")
    return values


def _check_standing(session: Session, present: Evidence) -> None:
    replaced = session.scalar(select(Evidence.id).where(Evidence.replaces_id == present.id))
    if replaced is not None or present.withdrawn:
        raise Conflict("มีผู้แก้ไขรายการนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่ ตรวจค่าปัจจุบัน แล้วแก้ไขอีกครั้ง")


def _append(
    session: Session, actor: Actor, post: Post, entry: Evidence, verb: str, before: Evidence | None
) -> Evidence:
    entry.entered_by, entry.entered_at = actor.label, clock.now()
    session.add(entry)
    session.flush()
    audit.append(
        session, actor, f"careers:evidence:{verb}", "profile_evidence", f"{post.code}/{entry.id}",
        before=None if before is None else {"entry": before.id},
        after={"kind": entry.kind, "title": entry.title, "summary": entry.summary, "withdrawn": entry.withdrawn},
        reason=entry.reason,
    )  # fmt: skip
    return entry


def add_remark(session: Session, actor: Actor, *, values: Values) -> BodyRemark:
    """Enter a further resolution or remark of a body in the register."""
    last = session.scalar(select(func.max(BodyRemark.position))) or 0
    remark = BodyRemark(code=f"remark-{last + 1}", position=last + 1, **values)
    session.add(remark)
    session.flush()
    audit.append(
        session, actor, "careers:remark:add", "remark", remark.code,
        after={name: value for name, value in values.items() if name != "said_on"},
    )  # fmt: skip
    return remark


def answer_remark(session: Session, actor: Actor, remark: BodyRemark, *, seen: str, values: Values) -> RemarkAnswer:
    """Say what was done about a remark; ``seen`` is the number of the answer that stood, empty for the first."""
    standing = session.scalar(
        select(RemarkAnswer).where(RemarkAnswer.remark_code == remark.code).order_by(RemarkAnswer.id.desc()).limit(1)
    )
    if seen != (str(standing.id) if standing else ""):
        raise Conflict("มีผู้แก้ไขรายการนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่ ตรวจค่าปัจจุบัน แล้วแก้ไขอีกครั้ง")
    answer = RemarkAnswer(
        remark_code=remark.code, replaces_id=standing.id if standing else None, entered_by=actor.label,
        entered_at=clock.now(), **_checked(values),
    )  # fmt: skip
    session.add(answer)
    session.flush()
    audit.append(session, actor, "careers:remark:answer", "remark", remark.code, after=values)
    return answer
