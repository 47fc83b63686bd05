"""The score ledger: marks are recorded, corrected and withdrawn by adding to it, never by changing it; and released."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.desk import Desk, already_there, check_staff, open_desk, shown
from webapp.assessments.models import PlanComponent, ScoreEntry, ScoreRelease
from webapp.assessments.panels.conflicts import check_stated, note_register
from webapp.assessments.queries import component_in_force
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a sheet; ``seen_id`` is the entry that stood when the sheet was opened, ``reason`` why it changes."""

    enrollment_id: int
    member: str
    given: Given
    note: str = ""
    seen_id: int | None = None
    reason: str = ""


def record_score(
    session: Session, actor: Actor, enrollment: Enrollment, component: str, given: Given, *, purpose: str = "ranking",
    member: str = "", note: str = "", key: str | None = None,
) -> ScoreEntry:  # fmt: skip
    """Record a first mark for one trainee and component.

    The actor is the named member, or staff recording a paper mark. Raises ``RuleBroken`` where a rule says no and
    ``Conflict`` where a mark stands already. The same ``key`` with the same content gives the same entry.
    """
    cohort = session.get_one(Cohort, enrollment.cohort_id)
    desk = open_desk(session, cohort, purpose, component, [enrollment.id])
    (entry,) = enter(session, actor, desk, [Mark(enrollment.id, member, given, note)], key=key)
    return entry


def correct_score(
    session: Session, actor: Actor, seen_id: int, given: Given, *, reason: str, note: str = "", key: str | None = None
) -> ScoreEntry:
    """Replace the entry ``seen_id`` by another mark, with a reason. Staff only.

    Raises ``Conflict`` with both values when somebody replaced it meanwhile.
    """
    seen = session.get(ScoreEntry, seen_id)
    if seen is None:
        raise NotFound()
    enrollment = session.get_one(Enrollment, seen.enrollment_id)
    cohort = session.get_one(Cohort, enrollment.cohort_id)
    desk = open_desk(session, cohort, seen.purpose, seen.component, [enrollment.id])
    (entry,) = enter(
        session, actor, desk, [Mark(enrollment.id, seen.member, given, note, seen_id, reason)], key=key
    )  # fmt: skip
    return entry


def withdraw_score(session: Session, actor: Actor, seen_id: int, *, reason: str, key: str | None = None) -> ScoreEntry:
    """Take a mark back with a reason: it stays in the ledger and no longer counts. Staff only."""
    return correct_score(session, actor, seen_id, Given(), reason=reason, key=key)


def enter(
    session: Session, actor: Actor, desk: Desk, marks: Iterable[Mark], *, key: str | None = None, revising: bool = False
) -> list[ScoreEntry]:
    """Enter the marks of a sheet, all or none, as one act of the audit log.

    A sheet sent twice under one ``key`` is recorded once; the same key with another content is refused. ``revising``:
    members replace their own marks in an open discussion (``panels/discussing.py``); else staff alone correct.
    """
    marks = list(marks)
    sent_before = _sent_before(session, marks, key)
    if sent_before is not None:
        return sent_before
    if any(mark.member for mark in marks):
        note_register(session, actor, desk)
        _check_stated(session, actor, desk, marks)
    entries = [_entry(actor, desk, mark, _key(key, mark), revising) for mark in marks]
    try:
        with session.begin_nested():
            session.add_all(entries)
    except IntegrityError:
        raise Conflict("มีผู้บันทึกคะแนนนี้ในขณะเดียวกัน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ") from None
    _note(session, actor, desk, entries)
    for entry in entries:
        desk.standing[entry.enrollment_id, entry.member] = entry
    return entries


def release_scores(
    session: Session, actor: Actor, cohort: Cohort, component: str, *, purpose: str = "ranking"
) -> ScoreRelease:
    """From here on officers see their marks of the component. It cannot be taken back. Staff only.

    Releasing again changes nothing and gives the first release.
    """
    check_releaser(actor)
    if stands_in(session, actor.account_id, cohort.id):
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงเผยแพร่คะแนนของรุ่นนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นเผยแพร่")
    named = component_in_force(session, cohort.id, purpose, component)
    if named is None:
        raise NotFound()
    found = session.scalar(
        select(ScoreRelease).where(
            ScoreRelease.cohort_id == cohort.id, ScoreRelease.purpose == purpose, ScoreRelease.component == component
        )
    )
    if found is not None:
        return found
    release = ScoreRelease(
        cohort_id=cohort.id, purpose=purpose, component=component, released_by=actor.name, released_at=clock.now()
    )
    session.add(release)
    session.flush()
    audit.append(session, actor, "assessments:score:release", "ScoreRelease", f"{cohort.code}/{purpose}/{component}")
    _tell_released(session, cohort, purpose, named)
    return release


def _tell_released(session: Session, cohort: Cohort, purpose: str, component: PlanComponent) -> None:
    """Whoever has a mark of the component and signs in is told that it can be seen."""
    accounts = session.scalars(
        select(Officer.account_id)
        .join(Enrollment, Enrollment.officer_id == Officer.id)
        .where(
            Enrollment.cohort_id == cohort.id,
            Officer.account_id.is_not(None),
            select(ScoreEntry.id)
            .where(
                ScoreEntry.enrollment_id == Enrollment.id,
                ScoreEntry.purpose == purpose,
                ScoreEntry.component == component.code,
            )
            .exists(),
        )
        .order_by(Officer.account_id)
    ).all()
    for account_id in accounts:
        values = {"component": component.name_th, "cohort": cohort.name_th}
        notify(session, account_id, "assessments:score:released", values, "/my/results")


def check_releaser(actor: Actor) -> None:
    """Release is an act of the institute's staff."""
    from webapp.accounts.permissions import may

    if actor.kind == "account" and not may(actor.roles, "assessments:score:release"):
        raise NotAllowed()


def _check_stated(session: Session, actor: Actor, desk: Desk, marks: Sequence[Mark]) -> None:
    """Whoever enters marks of their own has stated before whom they cannot judge."""
    own = {row.name: row for row in desk.panel if row.account_id is not None and row.account_id == actor.account_id}
    for name in {mark.member for mark in marks} & own.keys():
        check_stated(session, own[name], {mark.enrollment_id for mark in marks if mark.member == name})


def _entry(actor: Actor, desk: Desk, mark: Mark, key: str | None, revising: bool) -> ScoreEntry:
    desk.check_person(actor, mark.enrollment_id, first=mark.seen_id is None)
    there = desk.standing.get((mark.enrollment_id, mark.member))
    if mark.seen_id is None:
        desk.check_open()
        desk.check_member(actor, mark.member, mark.enrollment_id)
        desk.check_place(mark.enrollment_id, mark.member)
        if mark.given.withdrawn:
            raise RuleBroken("กรุณากรอกคะแนน")
        if there is not None:
            raise already_there(there, mark.given, desk.component.maximum)
    else:
        if revising:
            desk.check_member(actor, mark.member, mark.enrollment_id)
        else:
            check_staff(actor)
        if there is None or there.id != mark.seen_id:
            raise NotFound() if there is None else already_there(there, mark.given, desk.component.maximum)
        if not mark.reason.strip():
            raise RuleBroken("การแก้ไขคะแนนต้องระบุเหตุผล")
    desk.check_given(mark.given)
    return ScoreEntry(
        enrollment_id=mark.enrollment_id, purpose=desk.purpose, component=desk.code, member=mark.member,
        score=mark.given.score, marks=mark.given.document(), maximum=desk.component.maximum,
        withdrawn=mark.given.withdrawn, note=mark.note.strip(), replaces_id=mark.seen_id,
        reason=mark.reason.strip() if mark.seen_id is not None else "", entered_by=actor.name,
        entered_by_id=actor.account_id, entered_at=clock.now(), key=key,
        import_id=there.import_id if there is not None else None,
    )  # fmt: skip


def mark_key(key: str, enrollment_id: int, member: str) -> str:
    """The key of one mark of a sheet sent under ``key``."""
    whose = hashlib.sha256(member.encode()).hexdigest()[:8] if member else ""
    return f"{key}:{enrollment_id}:{whose}"


def _key(key: str | None, mark: Mark) -> str | None:
    return None if key is None else mark_key(key, mark.enrollment_id, mark.member)


def _sent_before(session: Session, marks: Sequence[Mark], key: str | None) -> list[ScoreEntry] | None:
    """The entries recorded under this key before; none if there are none. Raises where the content differs."""
    if key is None:
        return None
    keys = [_key(key, mark) for mark in marks]
    found = {entry.key: entry for entry in session.scalars(select(ScoreEntry).where(ScoreEntry.key.in_(keys)))}
    if not found:
        return None
    entries = [found.get(_key(key, mark)) for mark in marks]
    if any(entry is None or not _same(entry, mark) for entry, mark in zip(entries, marks, strict=True)):
        raise Conflict("แบบบันทึกนี้ส่งไปแล้วด้วยคะแนนอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    return [entry for entry in entries if entry is not None]


def _same(entry: ScoreEntry, mark: Mark) -> bool:
    return (
        entry.enrollment_id == mark.enrollment_id
        and entry.member == mark.member
        and entry.score == mark.given.score
        and entry.marks == mark.given.document()
        and entry.replaces_id == mark.seen_id
    )


def _note(session: Session, actor: Actor, desk: Desk, entries: Sequence[ScoreEntry]) -> None:
    """One entry in the audit log per act: a mark, or a sheet of them."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in entries:
        place = f"{desk.people[entry.enrollment_id].officer_no}/{entry.member}" if entry.member else desk.people[entry.enrollment_id].officer_no  # fmt: skip
        replaced = desk.standing.get((entry.enrollment_id, entry.member))
        if replaced is not None:
            before[place] = {"entry": replaced.id, "points": shown(replaced)}
        after[place] = {"entry": entry.id, "points": shown(entry), "marks": entry.marks}
    verb = "correct" if before else "record"
    if all(entry.withdrawn for entry in entries):
        verb = "withdraw"
    reasons = sorted({entry.reason for entry in entries if entry.reason})
    audit.append(
        session, actor, f"assessments:score:{verb}", "ScoreEntry", f"{desk.cohort.code}/{desk.purpose}/{desk.code}",
        before=before, after=after, reason="; ".join(reasons),
    )  # fmt: skip
