"""The wording of competencies: changed with a reason, every version kept. Published profiles keep the version they name."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.careers.models import Competency
from webapp.careers.profiles import rules
from webapp.careers.profiles.models import CompetencyVersion
from webapp.careers.rules import check_reason
from webapp.careers.words import COMPETENCY_GROUPS
from webapp.errors import Conflict, RuleBroken

Told = dict[str, Any]


def add_competency(session: Session, actor: Actor, *, code: str, group: str, told: Told, reason: str) -> Competency:
    """Add a competency with its five levels."""
    check_reason(reason)
    rules.check_competency_code(code)
    rules.check_indicators(told["levels"])
    if group not in COMPETENCY_GROUPS:
        raise RuleBroken("เลือกกลุ่มสมรรถนะจากรายการ")
    if session.get(Competency, code) is not None:
        raise RuleBroken("มีสมรรถนะรหัส %(code)s อยู่แล้ว ใช้รหัสอื่น", code=code)
    last = session.scalar(select(func.max(Competency.position))) or 0
    made = Competency(code=code, group=group, position=last + 1, version=1, **told)
    session.add(made)
    session.flush()
    _keep(session, actor, made, told, reason)
    audit.append(session, actor, "careers:competency:add", "competency", code, after=told, reason=reason)
    return made


def change_competency(
    session: Session, actor: Actor, found: Competency, *, seen: str, told: Told, reason: str
) -> Competency:
    """Change a competency's wording; ``seen`` is the version that the editor had in front of them."""
    check_reason(reason)
    rules.check_indicators(told["levels"])
    if seen != str(found.version):
        raise Conflict("มีผู้แก้ไขสมรรถนะนี้ก่อนท่าน สิ่งที่ท่านพิมพ์ยังอยู่ในหน้านี้ เปิดหน้านี้ใหม่อีกหน้าต่างเพื่อดูค่าปัจจุบันก่อนแก้ไขอีกครั้ง")
    before = {name: getattr(found, name) for name in told}
    if before == told:
        raise RuleBroken("ยังไม่มีอะไรเปลี่ยน")
    for name, value in told.items():
        setattr(found, name, value)
    found.version += 1
    session.flush()
    _keep(session, actor, found, told, reason)
    audit.append(
        session, actor, "careers:competency:change", "competency", found.code, before=before, after=told, reason=reason
    )
    return found


def _keep(session: Session, actor: Actor, found: Competency, told: Told, reason: str) -> None:
    session.add(
        CompetencyVersion(
            code=found.code,
            version=found.version,
            changed_by=actor.label,
            changed_at=clock.now(),
            reason=reason,
            **told,
        )
    )
    session.flush()
