"""The figures a panel works by, with their reasons, and the training of its members."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.models import Account
from webapp.accounts.permissions import may
from webapp.assessments.desk import Desk
from webapp.assessments.models import PanelMember
from webapp.assessments.panels.conflicts import key_of
from webapp.assessments.panels.models import AssessorTraining, PanelSetting
from webapp.assessments.panels.rules import SETTINGS, SHIPPED, TRAINING_REQUIRED, TRAINING_YEARS, training_valid
from webapp.audit import Actor
from webapp.errors import NotAllowed, RuleBroken

LIMITS = {"disagreement": (0, 100), "training_years": (1, 50), "training_required": (0, 1)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that stands: its value, and who set it when and why (nobody: as shipped)."""

    kind: str
    value: Decimal
    reason: str = ""
    set_by: str = ""
    set_at: dt.datetime | None = None


def figures_of(session: Session, cohort_id: int, purpose: str, component: str) -> dict[str, Figure]:
    """Every figure of a component's panel as it stands."""
    rows = session.scalars(
        select(PanelSetting)
        .where(
            PanelSetting.cohort_id == cohort_id, PanelSetting.purpose == purpose, PanelSetting.component == component
        )
        .order_by(PanelSetting.id)
    )  # fmt: skip
    found = {kind: Figure(kind, value) for kind, value in SHIPPED.items()}
    for row in rows:
        found[row.kind] = Figure(row.kind, row.value, row.reason, row.set_by, row.set_at)
    return found


def set_figure(
    session: Session, actor: Actor, desk: Desk, kind: str, value: Decimal, *, reason: str
) -> PanelSetting | None:
    """Set a figure of a component's panel, with its reason; the one before stays on record. The same again: nothing."""
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
    if kind not in SETTINGS:
        raise RuleBroken("ไม่รู้จักค่านี้")
    least, most = LIMITS[kind]
    if not least <= value <= most or (kind != "disagreement" and value != value.to_integral_value()):
        raise RuleBroken("ค่าต้องอยู่ระหว่าง %(least)s ถึง %(most)s", least=least, most=most)
    if not reason.strip():
        raise RuleBroken("การกำหนดค่าต้องระบุเหตุผล")
    before = figures_of(session, desk.cohort.id, desk.purpose, desk.code)[kind]
    if before.value == value and before.reason == reason.strip():
        return None
    row = PanelSetting(
        cohort_id=desk.cohort.id, purpose=desk.purpose, component=desk.code, kind=kind, value=value,
        reason=reason.strip(), set_by=actor.name, set_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.append(
        session, actor, "assessments:panel:set", "PanelSetting", key_of(desk), before={kind: f"{before.value:f}"},
        after={kind: f"{value:f}"}, reason=reason.strip(),
    )  # fmt: skip
    return row


# --- training --------------------------------------------------------------------------------------------------------


def record_training(
    session: Session, actor: Actor, account: Account, trained_on: dt.date, *, course: str = ""
) -> AssessorTraining:
    """Record that an assessor was trained on a day. The same day again changes nothing."""
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
    if trained_on > clock.today():
        raise RuleBroken("วันที่อบรมต้องไม่เป็นวันในอนาคต")
    if actor.account_id is not None and actor.account_id == account.id:
        raise RuleBroken("บันทึกการอบรมของตนเองไม่ได้ ขอให้เจ้าหน้าที่คนอื่นบันทึก")
    same = select(AssessorTraining).where(
        AssessorTraining.account_id == account.id, AssessorTraining.trained_on == trained_on
    )
    found = session.scalar(same)
    if found is not None:
        return found
    row = AssessorTraining(
        account_id=account.id,
        trained_on=trained_on,
        course=course.strip(),
        recorded_by=actor.name,
        recorded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.append(
        session, actor, "assessments:training:record", "Account", account.id,
        after={"name": account.name, "trained_on": trained_on.isoformat(), "course": course.strip()},
    )  # fmt: skip
    return row


def trained_on(session: Session, account_ids: Collection[int]) -> dict[int, dt.date]:
    """By account, the latest day of training."""
    rows = session.execute(
        select(AssessorTraining.account_id, func.max(AssessorTraining.trained_on).label("day"))
        .where(AssessorTraining.account_id.in_(list(account_ids)))
        .group_by(AssessorTraining.account_id)
    )
    return {row.account_id: row.day for row in rows}


def check_trained(session: Session, member: PanelMember) -> None:
    """Where the panel asks for it, a member without valid training does not submit marks."""
    figures = figures_of(session, member.cohort_id, member.purpose, member.component)
    if not figures[TRAINING_REQUIRED].value or member.account_id is None:
        return
    day = trained_on(session, [member.account_id]).get(member.account_id)
    years = figures[TRAINING_YEARS].value
    if not training_valid(day, clock.today(), years):
        raise RuleBroken(
            "คณะกรรมการชุดนี้กำหนดให้กรรมการผ่านการอบรมผู้ประเมินภายใน %(years)s ปี ท่านยังไม่มีการอบรมที่ยังใช้ได้ โปรดติดต่อเจ้าหน้าที่สถาบัน",
            years=f"{years:f}",
        )
