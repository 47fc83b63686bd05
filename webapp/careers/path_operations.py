"""Changes of career paths and of the rule of a post: each with its reason, the version before kept, and an audit entry."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers import path_queries, path_rules, queries, rules
from webapp.careers.models import CareerPath, CareerPathVersion, PathRule, PathRuleLift, Post
from webapp.careers.operations import fingerprint
from webapp.errors import Conflict, RuleBroken

Steps = Sequence[Mapping[str, Any]]


def add_path(
    session: Session, actor: Actor, post: Post, *, code: str, name_th: str, name_en: str = "", kind: str,
    reconstruction: bool = False, steps: Steps, reason: str,
) -> CareerPath:  # fmt: skip
    """Add a path to a post. Its code must be new."""
    _check(session, post, code, name_th, kind, steps, reason)
    if session.scalar(select(CareerPath.id).where(CareerPath.code == code)) is not None:
        raise RuleBroken("มีเส้นทางรหัส %(code)s อยู่แล้ว ใช้รหัสอื่น", code=code)
    path = CareerPath(
        code=code, name_th=name_th, name_en=name_en, kind=kind, reconstruction=reconstruction, steps=tidy(steps),
        post_id=post.id, position=path_queries.next_position(session, post.id), reason=reason, changed_by=actor.name,
        changed_at=clock.now(),
    )  # fmt: skip
    session.add(path)
    session.flush()
    audit.append(session, actor, "careers:path:add", "career_path", code, after=as_told(path), reason=reason)
    return path


def change_path(
    session: Session, actor: Actor, path: CareerPath, *, seen: str, name_th: str, name_en: str, kind: str,
    reconstruction: bool, steps: Steps, reason: str,
) -> CareerPath:  # fmt: skip
    """Change a path: the version before is kept and stays readable. Refused where somebody changed it meanwhile."""
    _check(session, session.get_one(Post, path.post_id), path.code, name_th, kind, steps, reason)
    before = as_told(path)
    if fingerprint(before) != seen:
        raise changed_meanwhile()
    told = {**before, "name_th": name_th, "name_en": name_en, "kind": kind, "reconstruction": reconstruction}
    if {**told, "steps": tidy(steps)} == before:
        raise RuleBroken("ไม่มีอะไรเปลี่ยนจากเดิม")
    session.add(CareerPathVersion.of(path, clock.now()))
    path.name_th, path.name_en, path.kind = name_th, name_en, kind
    path.reconstruction, path.steps, path.version = reconstruction, tidy(steps), path.version + 1
    path.reason, path.changed_by, path.changed_at = reason, actor.name, clock.now()
    session.flush()
    audit.append(
        session, actor, "careers:path:change", "career_path", path.code, before=before, after=as_told(path), reason=reason
    )  # fmt: skip
    return path


def retire_path(session: Session, actor: Actor, path: CareerPath, *, reason: str) -> CareerPath:
    """Take a path out of use from today; its page and versions stay."""
    rules.check_reason(reason)
    if path.retired_on is not None:
        raise changed_meanwhile()
    path.retired_on = clock.today()
    session.flush()
    audit.append(
        session, actor, "careers:path:retire", "career_path", path.code,
        after={"retired_on": path.retired_on.isoformat()}, reason=reason,
    )  # fmt: skip
    return path


def resume_path(session: Session, actor: Actor, path: CareerPath, *, reason: str) -> CareerPath:
    """Put a retired path back into use, if it is sound by the rules of today."""
    rules.check_reason(reason)
    if path.retired_on is None:
        raise changed_meanwhile()
    post = session.get_one(Post, path.post_id)
    path_rules.check_path(path.steps, path_queries.surroundings(session, post, clock.today()))
    before, path.retired_on = {"retired_on": path.retired_on.isoformat()}, None
    session.flush()
    audit.append(session, actor, "careers:path:resume", "career_path", path.code, before=before, reason=reason)
    return path


def set_rule(
    session: Session, actor: Actor, post: Post, *, through_code: str, source: str = "", reason: str
) -> PathRule:
    """Rule that every path to a post passes through another. A standing rule is lifted by a decision, not replaced."""
    rules.check_reason(reason)
    if session.get(PathRule, post.id) is not None:
        raise RuleBroken("ตำแหน่งนี้มีกฎอยู่แล้ว หากต้องการยกเว้นให้บันทึกมติยกเว้น")
    through = queries.post(session, through_code)
    if through.id == post.id:
        raise RuleBroken("ตำแหน่งที่ต้องผ่านต้องเป็นตำแหน่งอื่น")
    rule = PathRule(post_id=post.id, through_post_id=through.id, source=source, reason=reason)
    session.add(rule)
    session.flush()
    audit.append(
        session, actor, "careers:path-rule:set", "post", post.code, after={"through": through.code, "source": source},
        reason=reason,
    )  # fmt: skip
    return rule


def lift_rule(
    session: Session, actor: Actor, post: Post, *, resolution: str, valid_from: dt.date, until: dt.date | None = None,
    reason: str,
) -> PathRuleLift:  # fmt: skip
    """Record the decision that lifts the rule of this post, and of no other, from a day (until a day)."""
    has_rule = session.get(PathRule, post.id) is not None
    path_rules.check_lift(path_rules.Lift(valid_from, until), resolution, reason, has_rule=has_rule)
    last = session.scalar(select(func.max(PathRuleLift.version)).where(PathRuleLift.post_id == post.id)) or 0
    lift = PathRuleLift(
        post_id=post.id, version=last + 1, resolution=resolution, reason=reason, valid_from=valid_from, until=until,
        decided_by=actor.name, decided_at=clock.now(),
    )  # fmt: skip
    session.add(lift)
    session.flush()
    audit.append(
        session, actor, "careers:path-rule:lift", "post", post.code,
        after={
            "version": lift.version, "resolution": resolution, "valid_from": valid_from.isoformat(),
            "until": until.isoformat() if until else None,
        },
        reason=reason,
    )  # fmt: skip
    return lift


def withdraw_lift(session: Session, actor: Actor, post: Post, lift: PathRuleLift, *, reason: str) -> PathRuleLift:
    """Withdraw a decision that lifts the rule: the rule binds again; the decision stays readable."""
    rules.check_reason(reason)
    lift.withdrawn_by, lift.withdrawn_at, lift.withdrawn_reason = actor.name, clock.now(), reason
    session.flush()
    audit.append(
        session, actor, "careers:path-rule:bind", "post", post.code, before={"version": lift.version}, reason=reason
    )
    return lift


def tidy(steps: Steps) -> list[dict[str, Any]]:
    """Steps as they are kept: nothing that says nothing, the years always."""
    return [
        {**{key: value for key, value in step.items() if value not in (None, "", 0)}, "years": step.get("years") or 0}
        for step in steps
    ]


def as_told(path: CareerPath) -> dict[str, Any]:
    """A path as the audit log and the guard against stale edits read it."""
    return {
        "code": path.code, "name_th": path.name_th, "name_en": path.name_en, "kind": path.kind,
        "reconstruction": path.reconstruction, "steps": tidy(path.steps), "version": path.version,
        "retired_on": path.retired_on.isoformat() if path.retired_on else None,
    }  # fmt: skip


def _check(session: Session, post: Post, code: str, name_th: str, kind: str, steps: Steps, reason: str) -> None:
    rules.check_reason(reason)
    rules.check_code(code)
    if not name_th.strip():
        raise RuleBroken("ต้องมีชื่อภาษาไทย")
    if kind not in path_rules.KINDS:
        raise RuleBroken("เลือกว่าเส้นทางเติบโตจากที่ใด")
    path_rules.check_path(steps, path_queries.surroundings(session, post, clock.today()))


def changed_meanwhile() -> Conflict:
    """Somebody else was quicker."""
    return Conflict("มีผู้แก้ไขรายการนี้ก่อนท่าน กรุณาเปิดหน้านี้ใหม่ ตรวจค่าปัจจุบัน แล้วแก้ไขอีกครั้ง")
