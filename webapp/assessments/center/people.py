"""Who takes part in a center and who assesses, its rooms and times. All of it stands once the timetable is made."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.models import Account
from webapp.assessments.center import conflicts, queries
from webapp.assessments.center.models import (
    CONFLICT_KINDS,
    Center,
    CenterAssessor,
    CenterBlock,
    CenterConflict,
    CenterParticipant,
    CenterRoom,
)
from webapp.assessments.center.rules import HIGHEST, LOWEST
from webapp.assessments.center.setting import check_staff
from webapp.audit import Actor
from webapp.errors import NotAllowed, NotFound, RuleBroken
from webapp.officers.models import Officer

MOST_PARTICIPANTS = 100
"""More than are assessed in one center in a week; the search for a timetable is bounded by it."""


def check_arranging(session: Session, actor: Actor, center: Center) -> None:
    """Raise unless the actor may change people, rooms and times: staff, before a timetable and before observations."""
    check_staff(actor)
    if center.status not in ("draft", "approved"):
        raise RuleBroken("ศูนย์การประเมินนี้ปิดแล้ว จึงเปลี่ยนบุคคล ห้อง หรือเวลาไม่ได้")
    if queries.has_begun(session, center.id):
        raise RuleBroken("เริ่มบันทึกการสังเกตแล้ว จึงเปลี่ยนบุคคล ห้อง หรือเวลาไม่ได้")
    if queries.has_timetable(session, center.id):
        raise RuleBroken("จัดตารางไว้แล้ว ให้ลบตารางก่อนจึงจะเปลี่ยนบุคคล ห้อง หรือเวลาได้")


# Participants


def add_participants(session: Session, actor: Actor, center: Center, officer_ids: Iterable[int]) -> int:
    """Officers take part from here on; who does already is left alone. Returns how many were added."""
    check_arranging(session, actor, center)
    inside = {row.officer_id for row in queries.participants_of(session, center.id)}
    wanted = [number for number in dict.fromkeys(officer_ids) if number not in inside]
    officers = session.scalars(
        select(Officer).where(Officer.id.in_(wanted), Officer.left_on.is_(None)).order_by(Officer.id)
    ).all()
    if len(inside) + len(officers) > MOST_PARTICIPANTS:
        raise RuleBroken("ศูนย์หนึ่งมีผู้เข้ารับการประเมินได้ไม่เกิน %(most)s คน", most=MOST_PARTICIPANTS)
    now = clock.now()
    session.add_all(
        CenterParticipant(center_id=center.id, officer_id=officer.id, added_by=actor.name, added_at=now)
        for officer in officers
    )
    session.flush()
    if officers:
        _note(session, actor, center, "participants", after={"added": [officer.officer_no for officer in officers]})
    return len(officers)


def remove_participant(session: Session, actor: Actor, center: Center, participant: CenterParticipant) -> None:
    """Somebody takes part no longer."""
    check_arranging(session, actor, center)
    session.execute(delete(CenterConflict).where(CenterConflict.participant_id == participant.id))
    _note(session, actor, center, "participants", before={"removed": participant.officer.officer_no})
    session.delete(participant)
    session.flush()


def withdraw(session: Session, actor: Actor, center: Center, participant: CenterParticipant, *, reason: str) -> None:
    """Somebody leaves after the timetable is made (ill, called away): what was noted stays, nothing more is asked of them."""
    check_staff(actor)
    _not_oneself(actor, participant)
    if center.status != "approved":
        raise RuleBroken("บันทึกการถอนตัวได้ตั้งแต่อนุมัติจนปิดการประเมิน")
    if participant.withdrawn_at is not None:
        return
    if not reason.strip():
        raise RuleBroken("การถอนตัวต้องระบุเหตุผล")
    participant.withdrawn_at, participant.withdrawn_by = clock.now(), actor.name
    participant.withdrawn_reason = reason.strip()[:500]
    session.flush()
    number = participant.officer.officer_no
    _note(session, actor, center, "withdraw-participant", after={"withdrawn": number}, reason=reason.strip())


def set_performance(
    session: Session,
    actor: Actor,
    center: Center,
    participant: CenterParticipant,
    *,
    performance: Decimal | None,
    source: str,
) -> None:
    """The performance (1-5) that the grid sets beside potential, with where the figure comes from. Until release."""
    check_staff(actor)
    _not_oneself(actor, participant)
    if center.status == "released":
        raise RuleBroken("แจ้งผลแล้ว จึงเปลี่ยนผลงานที่ใช้ในตารางศักยภาพไม่ได้")
    if performance is not None and not LOWEST <= performance <= HIGHEST:
        raise RuleBroken("ผลงานต้องอยู่ระหว่าง 1 ถึง 5")
    if performance is not None and not source.strip():
        raise RuleBroken("ต้องระบุที่มาของผลงาน เช่น ผลการประเมินราชการสองรอบล่าสุด")
    before = {"performance": str(participant.performance), "source": participant.performance_source}
    participant.performance = performance
    participant.performance_source = source.strip() if performance is not None else ""
    session.flush()
    after = {"performance": str(performance), "source": participant.performance_source}
    if before != after:
        number = participant.officer.officer_no
        _note(session, actor, center, "performance", before={number: before}, after={number: after})


def _not_oneself(actor: Actor, participant: CenterParticipant) -> None:
    if actor.account_id is not None and participant.officer.account_id == actor.account_id:
        raise RuleBroken("ท่านเข้ารับการประเมินนี้เอง ขอให้เจ้าหน้าที่คนอื่นทำแทน")


# Assessors and conflicts of interest


def add_assessor(
    session: Session,
    actor: Actor,
    center: Center,
    *,
    account_id: int,
    trained_on: dt.date | None,
    organization: str = "",
) -> CenterAssessor:
    """Name an assessor who signs in; ``trained_on``: when they were trained for it."""
    check_arranging(session, actor, center)
    account = session.get(Account, account_id)
    offered = {one.id for one in queries.accounts_to_name(session, center.id)}
    if account is None or account.id not in offered:
        raise RuleBroken("ต้องเลือกบัญชีที่มีบทบาทผู้ประเมินและยังไม่ได้อยู่ในศูนย์นี้")
    if any(row.name == account.name for row in queries.assessors_of(session, center.id)):
        raise RuleBroken("มีผู้ประเมินชื่อ %(name)s อยู่แล้ว ให้ผู้ดูแลระบบเพิ่มคำต่อท้ายชื่อบัญชีให้ต่างกัน", name=account.name)
    _check_trained(trained_on)
    made = CenterAssessor(
        center_id=center.id, account_id=account.id, name=account.name, trained_on=trained_on,
        organization=organization.strip(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, actor, center, "assessor", after={"name": made.name, "trained_on": _iso(trained_on)})
    return made


def set_training(
    session: Session, actor: Actor, center: Center, assessor: CenterAssessor, *, trained_on: dt.date | None
) -> None:
    """When an assessor was trained."""
    check_staff(actor)
    if center.status not in ("draft", "approved"):
        raise RuleBroken("ศูนย์การประเมินนี้ปิดแล้ว จึงเปลี่ยนวันอบรมไม่ได้")
    _check_trained(trained_on)
    before = {"name": assessor.name, "trained_on": _iso(assessor.trained_on)}
    assessor.trained_on = trained_on
    session.flush()
    _note(session, actor, center, "assessor", before=before, after={"trained_on": _iso(trained_on)})


def _check_trained(day: dt.date | None) -> None:
    if day is not None and day > clock.today():
        raise RuleBroken("วันที่อบรมผู้ประเมินต้องไม่หลังวันนี้")


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""


def remove_assessor(session: Session, actor: Actor, center: Center, assessor: CenterAssessor) -> None:
    """Somebody assesses no longer."""
    check_arranging(session, actor, center)
    session.execute(delete(CenterConflict).where(CenterConflict.assessor_id == assessor.id))
    _note(session, actor, center, "assessor", before={"removed": assessor.name})
    session.delete(assessor)
    session.flush()


def declare(
    session: Session, actor: Actor, center: Center, assessor: CenterAssessor, named: dict[int, tuple[str, str]]
) -> None:
    """An assessor declares all their conflicts (participant id → kind and note), none being an answer too.

    Staff declare for whoever told them so. A later declaration adds and never takes away: staff take one away.
    """
    if actor.account_id is None or assessor.account_id != actor.account_id:
        check_staff(actor)
    if center.status not in ("draft", "approved"):
        raise RuleBroken("ศูนย์การประเมินนี้ปิดแล้ว จึงแจ้งส่วนได้เสียไม่ได้")
    known = {row.participant_id for row in conflicts.declared(session, center.id) if row.assessor_id == assessor.id}
    inside = {row.id for row in queries.participants_of(session, center.id)}
    now = clock.now()
    for participant_id, (kind, note) in named.items():
        if participant_id not in inside or kind not in CONFLICT_KINDS:
            raise NotFound()
        if participant_id not in known:
            session.add(
                CenterConflict(
                    assessor_id=assessor.id, participant_id=participant_id, kind=kind, note=note.strip()[:300],
                    declared_by=actor.name, declared_at=now,
                )
            )  # fmt: skip
    assessor.declared_at = now
    session.flush()
    kinds = {str(number): kind for number, (kind, _note) in named.items()}
    _note(session, actor, center, "declare", after={"assessor": assessor.name, "conflicts": kinds})


def remove_conflict(session: Session, actor: Actor, center: Center, conflict: CenterConflict, *, reason: str) -> None:
    """Staff take a declared conflict away that does not hold, with a reason."""
    check_arranging(session, actor, center)
    if not reason.strip():
        raise RuleBroken("การนำส่วนได้เสียที่แจ้งไว้ออกต้องระบุเหตุผล")
    before = {"kind": conflict.kind, "note": conflict.note, "declared_by": conflict.declared_by}
    session.delete(conflict)
    session.flush()
    _note(session, actor, center, "conflict-remove", before=before, reason=reason.strip())


def check_own(actor: Actor, assessor: CenterAssessor) -> None:
    """Raise ``NotAllowed`` for whoever is not this assessor."""
    if actor.account_id is None or assessor.account_id != actor.account_id:
        raise NotAllowed()


# Rooms and times


def add_room(session: Session, actor: Actor, center: Center, *, name: str, holds: int) -> CenterRoom:
    """A room, and how many participants a session in it may have."""
    check_arranging(session, actor, center)
    if not name.strip() or not 1 <= holds <= MOST_PARTICIPANTS:
        raise RuleBroken("ห้องต้องมีชื่อ และรับได้ 1 ถึง %(most)s คน", most=MOST_PARTICIPANTS)
    if any(row.name == name.strip() for row in queries.rooms_of(session, center.id)):
        raise RuleBroken("มีห้องชื่อ %(name)s อยู่แล้ว", name=name.strip())
    made = CenterRoom(center_id=center.id, name=name.strip(), holds=holds)
    session.add(made)
    session.flush()
    _note(session, actor, center, "room", after={"name": made.name, "holds": holds})
    return made


def remove_room(session: Session, actor: Actor, center: Center, room: CenterRoom) -> None:
    """A room is not used."""
    check_arranging(session, actor, center)
    _note(session, actor, center, "room", before={"name": room.name, "holds": room.holds})
    session.delete(room)
    session.flush()


def add_block(
    session: Session, actor: Actor, center: Center, *, starts_at: dt.datetime, ends_at: dt.datetime
) -> CenterBlock:
    """A stretch of time without a break. It holds whole slots and lies apart from the others."""
    check_arranging(session, actor, center)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if minutes <= 0 or minutes % center.slot_minutes:
        raise RuleBroken("ช่วงเวลาต้องจบหลังเริ่ม และแบ่งเป็นช่องละ %(minutes)s นาทีได้พอดี", minutes=center.slot_minutes)
    if minutes > 12 * 60:
        raise RuleBroken("ช่วงเวลาหนึ่งยาวได้ไม่เกิน 12 ชั่วโมง")
    for other in queries.blocks_of(session, center.id):
        ends = other.starts_at + dt.timedelta(minutes=other.slots * center.slot_minutes)
        if starts_at < ends and other.starts_at < ends_at:
            raise RuleBroken("ช่วงเวลานี้ทับกับช่วงที่มีอยู่แล้ว")
    made = CenterBlock(center_id=center.id, starts_at=starts_at, slots=minutes // center.slot_minutes)
    session.add(made)
    session.flush()
    _note(session, actor, center, "block", after={"starts_at": starts_at.isoformat(), "slots": made.slots})
    return made


def remove_block(session: Session, actor: Actor, center: Center, block: CenterBlock) -> None:
    """A stretch of time is not used."""
    check_arranging(session, actor, center)
    _note(session, actor, center, "block", before={"starts_at": block.starts_at.isoformat(), "slots": block.slots})
    session.delete(block)
    session.flush()


def _note(session: Session, actor: Actor, center: Center, verb: str, **what: Any) -> None:
    audit.append(session, actor, f"assessments:center:{verb}", "Center", center.code, **what)
