"""The timetable of a center: what is to be arranged, the search in a job, changes by hand with the same checks, publication."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.center import conflicts, queries, readers
from webapp.assessments.center.models import (
    Center,
    CenterParticipant,
    CenterReader,
    CenterSeat,
    CenterSitting,
)
from webapp.assessments.center.models_results import CenterObservation
from webapp.assessments.center.setting import check_staff
from webapp.assessments.center.timetable import Exercise, NoTimetable, Room, Sitting, Task, broken
from webapp.audit import Actor
from webapp.errors import Conflict, RuleBroken
from webapp.notices.operations import notify


class RulesBroken(RuleBroken):
    """A change by hand would break rules of the timetable; ``problems`` names them."""

    def __init__(self, problems: Sequence[NoTimetable]) -> None:
        super().__init__("ยังไม่ได้เปลี่ยน เพราะจะผิดกติกาของตาราง")
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a center's timetable is made from, and the moment at which each slot begins."""

    task: Task
    slots: tuple[dt.datetime, ...]
    minutes: dict[str, int]

    def slot_of(self, moment: dt.datetime) -> int:
        """The slot that begins at a moment; one that no block holds where there is none."""
        return self.slots.index(moment) if moment in self.slots else len(self.slots)


def arrangement_of(session: Session, center: Center) -> Arrangement:
    """A center's people, exercises, rooms and times as the search takes them; ids as text."""
    length = center.slot_minutes
    exercises = queries.exercises_of(session, center.id)
    blocks = queries.blocks_of(session, center.id)
    apart: dict[str, set[str]] = {}
    for one in conflicts.known(session, center.id):
        apart.setdefault(str(one.assessor_id), set()).add(str(one.participant_id))
    task = Task(
        participants=tuple(str(row.id) for row in queries.participants_of(session, center.id)),
        exercises=tuple(
            Exercise(
                row.code, -(-row.minutes // length), row.group_size, row.assessors, -(-row.writing_minutes // length)
            )
            for row in exercises
        ),
        assessors=tuple(str(row.id) for row in queries.assessors_of(session, center.id)),
        rooms=tuple(Room(str(row.id), row.holds) for row in queries.rooms_of(session, center.id)),
        blocks=tuple(row.slots for row in blocks),
        conflicts={name: frozenset(whom) for name, whom in sorted(apart.items())},
        rest=center.rest_slots,
        meetings=center.meetings,
    )
    slots = tuple(row.starts_at + dt.timedelta(minutes=n * length) for row in blocks for n in range(row.slots))
    return Arrangement(task, slots, {row.code: row.minutes for row in exercises})


def as_sittings(session: Session, center: Center, there: Arrangement) -> dict[int, Sitting]:
    """The sessions that stand, by id, as the rules read them."""
    codes = {row.id: row.code for row in queries.exercises_of(session, center.id)}
    return {
        sat.sitting.id: Sitting(
            codes[sat.sitting.exercise_id], there.slot_of(sat.sitting.starts_at), str(sat.sitting.room_id),
            tuple(str(one) for one in sat.participants), tuple(str(one) for one in sat.assessors),
        )
        for sat in queries.sittings_of(session, center.id)
    }  # fmt: skip


def problems_of(session: Session, center: Center) -> list[NoTimetable]:
    """Every rule that the standing timetable breaks; a conflict declared since shows here."""
    there = arrangement_of(session, center)
    reads = queries.readers_of(session, center.id)
    met = [
        NoTimetable("conflicts", assessor=str(row.assessor_id), participant=str(row.participant_id))
        for row in reads
        if str(row.participant_id) in there.task.conflicts.get(str(row.assessor_id), ())
    ]
    return [*broken(there.task, list(as_sittings(session, center, there).values())), *met]


def check_may_build(session: Session, actor: Actor, center: Center) -> None:
    """Raise unless a timetable may be made (anew): approved, not published, nothing observed."""
    check_staff(actor)
    if center.status != "approved":
        raise RuleBroken("ต้องให้เจ้าหน้าที่คนที่สองอนุมัติศูนย์ก่อน จึงจะจัดตารางได้")
    if queries.has_begun(session, center.id):
        raise RuleBroken("เริ่มบันทึกการสังเกตแล้ว จึงจัดตารางใหม่ทั้งหมดไม่ได้")
    if center.published_at is not None:
        raise RuleBroken("ประกาศตารางแล้ว ให้ปรับทีละรอบ หรือถอนประกาศก่อนจัดใหม่ทั้งหมด")


def build(session: Session, actor: Actor, center: Center, task: Task, sittings: Sequence[Sitting]) -> None:
    """Put a timetable in place of the one before, with who marks written work. ``task`` is what it was searched for.

    Raises ``Conflict`` where the set-up changed meanwhile, ``NoTimetable`` where a rule is broken after all.
    """
    check_may_build(session, actor, center)
    there = arrangement_of(session, center)
    if there.task != task:
        raise Conflict("มีผู้เปลี่ยนบุคคล ห้อง หรือเวลาระหว่างที่ระบบจัดตาราง กรุณาสั่งจัดตารางใหม่")
    for problem in broken(task, sittings):
        raise problem
    exercises = {row.code: row for row in queries.exercises_of(session, center.id)}
    wanted = {row.code: row.readers for row in exercises.values() if row.readers}
    reads = readers.assign(task.participants, task.assessors, wanted, task.conflicts, sittings, task.meetings)
    _clear(session, center)
    for one in sittings:
        starts = there.slots[one.start]
        made = CenterSitting(
            center_id=center.id, exercise_id=exercises[one.exercise].id, room_id=int(one.room), starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=there.minutes[one.exercise]),
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add_all(CenterSeat(sitting_id=made.id, participant_id=int(who)) for who in one.participants)
        session.add_all(CenterSeat(sitting_id=made.id, assessor_id=int(who)) for who in one.assessors)
    session.add_all(
        CenterReader(exercise_id=exercises[code].id, participant_id=int(who), assessor_id=int(reader))
        for code, who, reader in reads
    )
    center.built_by, center.built_at, center.no_timetable = actor.name, clock.now(), {}
    session.flush()
    after = {"sessions": len(sittings), "participants": len(task.participants), "readings": len(reads)}
    audit.append(session, actor, "assessments:center:timetable", "Center", center.code, after=after)


def note_impossible(session: Session, center: Center, found: NoTimetable) -> None:
    """Keep which rule cannot be kept, so that the page can say it."""
    center.no_timetable = {"rule": found.rule, "figures": found.figures, "at": clock.now().isoformat()}
    session.flush()


def clear(session: Session, actor: Actor, center: Center) -> None:
    """Take the whole timetable away, to change people, rooms or times."""
    check_may_build(session, actor, center)
    _clear(session, center)
    center.built_by, center.built_at = "", None
    session.flush()
    audit.append(session, actor, "assessments:center:timetable-clear", "Center", center.code)


def _clear(session: Session, center: Center) -> None:
    theirs = select(CenterSitting.id).where(CenterSitting.center_id == center.id)
    session.execute(delete(CenterSeat).where(CenterSeat.sitting_id.in_(theirs)))
    session.execute(delete(CenterSitting).where(CenterSitting.center_id == center.id))
    people = select(CenterParticipant.id).where(CenterParticipant.center_id == center.id)
    session.execute(delete(CenterReader).where(CenterReader.participant_id.in_(people)))


# By hand


def change_sitting(
    session: Session, actor: Actor, center: Center, sitting_id: int, *, starts_at: dt.datetime, room_id: int,
    assessor_ids: Iterable[int], version: int,
) -> None:  # fmt: skip
    """Another time, room or assessors for one session. Raises :class:`RulesBroken` for what it would newly break."""
    there, before = _opened(session, actor, center, version)
    old = before[sitting_id]
    _check_unseen(session, sitting_id)
    new = replace(
        old,
        start=there.slot_of(starts_at),
        room=str(room_id),
        assessors=tuple(str(one) for one in sorted(set(assessor_ids))),
    )
    _check_change(there.task, before, before | {sitting_id: new})
    row = session.get_one(CenterSitting, sitting_id)
    row.starts_at, row.room_id, row.by_hand = starts_at, room_id, True
    row.ends_at = starts_at + dt.timedelta(minutes=there.minutes[old.exercise])
    gone, come = set(old.assessors) - set(new.assessors), set(new.assessors) - set(old.assessors)
    for who in gone:
        _unseat(session, sitting_id, assessor=int(who))
    session.add_all(CenterSeat(sitting_id=sitting_id, assessor_id=int(who)) for who in sorted(come))
    _changed(session, actor, center, old, new, there, {*old.assessors, *new.assessors}, set(old.participants))


def move(
    session: Session, actor: Actor, center: Center, participant_id: int, *, from_id: int, to_id: int,
    swap_id: int | None = None, version: int,
) -> None:  # fmt: skip
    """A participant goes into another session of the same exercise, where asked in exchange for somebody of it."""
    there, before = _opened(session, actor, center, version)
    source, target = before[from_id], before[to_id]
    who, other = str(participant_id), str(swap_id) if swap_id is not None else ""
    if (
        source.exercise != target.exercise
        or who not in source.participants
        or (other and other not in target.participants)
    ):
        raise RuleBroken("ย้ายได้เฉพาะระหว่างรอบของแบบฝึกเดียวกัน กรุณาเปิดหน้านี้ใหม่")
    _check_unseen(session, from_id)
    _check_unseen(session, to_id)
    left = tuple(one for one in source.participants if one != who) + ((other,) if other else ())
    come = (*(one for one in target.participants if one != other), who)
    after = before | {from_id: replace(source, participants=left), to_id: replace(target, participants=come)}
    if not left:
        del after[from_id]
    _check_change(there.task, before, after)
    _unseat(session, from_id, participant=participant_id)
    session.add(CenterSeat(sitting_id=to_id, participant_id=participant_id))
    if swap_id is not None:
        _unseat(session, to_id, participant=swap_id)
        session.add(CenterSeat(sitting_id=from_id, participant_id=swap_id))
    session.flush()
    session.get_one(CenterSitting, to_id).by_hand = True
    if left:
        session.get_one(CenterSitting, from_id).by_hand = True
    else:
        session.execute(delete(CenterSeat).where(CenterSeat.sitting_id == from_id))
        session.execute(delete(CenterSitting).where(CenterSitting.id == from_id))
    touched = {*source.assessors, *target.assessors}
    _changed(session, actor, center, source, after.get(to_id), there, touched, {who, other} - {""})


def _opened(session: Session, actor: Actor, center: Center, version: int) -> tuple[Arrangement, dict[int, Sitting]]:
    check_staff(actor)
    if center.status != "approved":
        raise RuleBroken("ปรับตารางได้เมื่อศูนย์อนุมัติแล้วและยังไม่ปิด")
    if center.version != version:
        raise Conflict("มีผู้ปรับตารางนี้ไปก่อนแล้ว กรุณาเปิดหน้าใหม่แล้วลองอีกครั้ง")
    there = arrangement_of(session, center)
    return there, as_sittings(session, center, there)


def _check_unseen(session: Session, sitting_id: int) -> None:
    """A session of which somebody has noted anything stays as it is."""
    sitting = session.get_one(CenterSitting, sitting_id)
    there = select(CenterSeat.participant_id).where(
        CenterSeat.sitting_id == sitting_id, CenterSeat.participant_id.is_not(None)
    )
    seen = select(CenterObservation.id).where(
        CenterObservation.exercise_id == sitting.exercise_id, CenterObservation.participant_id.in_(there)
    )
    if session.scalar(seen.limit(1)) is not None:
        raise RuleBroken("มีผู้บันทึกการสังเกตของรอบนี้แล้ว จึงปรับรอบนี้ไม่ได้")


def change_reader(session: Session, actor: Actor, center: Center, reader: CenterReader, *, assessor_id: int) -> None:
    """Another assessor marks a piece of written work; not one with a conflict of interest, nor after anything was noted."""
    check_staff(actor)
    if center.status != "approved":
        raise RuleBroken("ปรับตารางได้เมื่อศูนย์อนุมัติแล้วและยังไม่ปิด")
    new = queries.assessor_in(session, center.id, assessor_id)
    apart = {(one.assessor_id, one.participant_id) for one in conflicts.known(session, center.id)}
    if (new.id, reader.participant_id) in apart:
        raise RuleBroken("%(name)s มีส่วนได้เสียกับผู้เข้ารับการประเมินคนนี้ ให้เลือกคนอื่น", name=new.name)
    work = (CenterObservation.exercise_id == reader.exercise_id) & (
        CenterObservation.participant_id == reader.participant_id
    )
    noted = select(CenterObservation.id).where(work, CenterObservation.assessor_id == reader.assessor_id)
    same = select(CenterReader.id).where(
        CenterReader.exercise_id == reader.exercise_id, CenterReader.participant_id == reader.participant_id,
        CenterReader.assessor_id == new.id,
    )  # fmt: skip
    if session.scalar(noted.limit(1)) is not None:
        raise RuleBroken("ผู้ตรวจคนเดิมบันทึกการสังเกตแล้ว จึงเปลี่ยนไม่ได้")
    if session.scalar(same) is not None:
        raise RuleBroken("%(name)s ตรวจงานชิ้นนี้อยู่แล้ว", name=new.name)
    before, reader.assessor_id = reader.assessor_id, new.id
    center.changed_at = clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:center:timetable-change", "Center", center.code, before={"reader": before},
        after={"reader": new.id, "participant": reader.participant_id},
    )  # fmt: skip
    if center.published_at is not None:
        _tell(session, center, "assessments:center:moved", set(), {str(before), str(new.id)})


def _check_change(task: Task, before: dict[int, Sitting], after: dict[int, Sitting]) -> None:
    """What was broken before may stay so; nothing may be broken newly."""
    known = {_key(one) for one in broken(task, list(before.values()))}
    new = [one for one in broken(task, list(after.values())) if _key(one) not in known]
    if new:
        raise RulesBroken(new)


def _key(problem: NoTimetable) -> tuple[Any, ...]:
    return problem.rule, tuple(sorted(problem.figures.items(), key=str))


def _unseat(session: Session, sitting_id: int, *, participant: int | None = None, assessor: int | None = None) -> None:
    whose = CenterSeat.participant_id == participant if participant is not None else CenterSeat.assessor_id == assessor
    session.execute(delete(CenterSeat).where(CenterSeat.sitting_id == sitting_id, whose))


def _changed(
    session: Session, actor: Actor, center: Center, old: Sitting, new: Sitting | None, there: Arrangement,
    assessors: set[str], participants: set[str],
) -> None:  # fmt: skip
    center.changed_at = clock.now()
    session.flush()
    audit.append(
        session, actor, "assessments:center:timetable-change", "Center", center.code,
        before=_shown(old, there), after=_shown(new, there) if new is not None else None,
    )  # fmt: skip
    if center.published_at is not None:
        _tell(session, center, "assessments:center:moved", participants, assessors)


def _shown(one: Sitting, there: Arrangement) -> dict[str, Any]:
    starts = there.slots[one.start].isoformat() if one.start < len(there.slots) else ""
    return {
        "exercise": one.exercise, "starts_at": starts, "room": one.room, "participants": list(one.participants),
        "assessors": list(one.assessors),
    }  # fmt: skip


# Publication


def publish(session: Session, actor: Actor, center: Center) -> None:
    """Everybody in the timetable is told and sees their own part. Published again changes nothing."""
    check_staff(actor)
    if center.status != "approved" or not queries.has_timetable(session, center.id):
        raise RuleBroken("ต้องอนุมัติศูนย์และจัดตารางก่อนประกาศ")
    if center.published_at is not None:
        return
    problems = problems_of(session, center)
    if problems:
        raise RulesBroken(problems)
    center.published_by, center.published_at = actor.name, clock.now()
    session.flush()
    audit.append(session, actor, "assessments:center:publish", "Center", center.code)
    _tell(session, center, "assessments:center:published", None, None)


def withdraw(session: Session, actor: Actor, center: Center, *, reason: str) -> None:
    """Take the publication back with a reason, to arrange anew; those who were told are told."""
    check_staff(actor)
    if center.published_at is None or queries.has_begun(session, center.id):
        raise RuleBroken("ถอนประกาศได้เมื่อประกาศแล้วและยังไม่เริ่มบันทึกการสังเกต")
    if not reason.strip():
        raise RuleBroken("การถอนประกาศต้องระบุเหตุผล")
    _tell(session, center, "assessments:center:withdrawn", None, None)
    center.published_by, center.published_at = "", None
    session.flush()
    audit.append(session, actor, "assessments:center:withdraw", "Center", center.code, reason=reason.strip())


def _tell(
    session: Session, center: Center, kind: str, participants: set[str] | None, assessors: set[str] | None
) -> None:
    """A notice to those with a sign-in; ``None``: everybody of that kind."""
    values = {"center": center.name_th}
    for row in queries.participants_of(session, center.id):
        if participants is None or str(row.id) in participants:
            notify(session, row.officer.account_id, kind, values, f"/centers/{center.code}/own")
    for one in queries.assessors_of(session, center.id):
        if assessors is None or str(one.id) in assessors:
            notify(session, one.account_id, kind, values, f"/centers/{center.code}/work")
