"""Marks that lie too far apart: the members talk, may revise their own marks with a reason, and what they found is kept.

Nothing is overwritten: what each had given before stays in the ledger, the discussion keeps before and after side by side,
and the score is the mean of the marks that stand (domain page §5).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.desk import Desk, Person
from webapp.assessments.models import PanelMember, ScoreEntry
from webapp.assessments.operations import Mark, enter
from webapp.assessments.panels.conflicts import key_of
from webapp.assessments.panels.models import Discussion, PanelNote
from webapp.assessments.panels.rules import DISAGREEMENT, difference, to_discuss
from webapp.assessments.panels.settings import figures_of
from webapp.assessments.ranking.scores import plain
from webapp.assessments.rules import Given
from webapp.audit import Actor
from webapp.courses.models import Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.notices.operations import notify


@dataclass(frozen=True, slots=True)
class Apart:
    """A person whose marks are all in: how far they lie apart, whether that is too far, and the talk about it."""

    person: Person
    totals: dict[str, Fraction]
    difference: Fraction
    flagged: bool
    discussion: Discussion | None
    settled: bool
    """Whether a closed discussion ended in the marks that stand now."""

    @property
    def to_do(self) -> bool:
        return (self.flagged and not self.settled) or (
            self.discussion is not None and self.discussion.closed_at is None
        )


def apart(session: Session, desk: Desk) -> list[Apart]:
    """Everybody all of whose marks are in, the widest apart first."""
    percent = figures_of(session, desk.cohort.id, desk.purpose, desk.code)[DISAGREEMENT].value
    latest = {row.enrollment_id: row for row in discussions_of(session, desk)}
    found = []
    for number, person in desk.people.items():
        totals = counted_totals(desk, number)
        if len(totals) < 2 or desk.outcome_of(number).score is None:
            continue
        talk = latest.get(number)
        settled = talk is not None and talk.after is not None and talk.after == snapshot(desk, number)
        flagged = to_discuss(list(totals.values()), desk.component.maximum, percent)
        found.append(Apart(person, totals, difference(list(totals.values())), flagged, talk, settled))
    return sorted(found, key=lambda row: (not row.to_do, -row.difference, row.person.officer_no))


def counted_totals(desk: Desk, enrollment_id: int) -> dict[str, Fraction]:
    """Each member's total that counts for a person."""
    found = {}
    for entry in desk.entries_of(enrollment_id):
        total = desk.total_of(entry)
        if entry.member and total is not None and desk.seats.counts(entry.member, enrollment_id):
            found[entry.member] = total
    return found


def snapshot(desk: Desk, enrollment_id: int) -> list[dict[str, Any]]:
    """The marks of a person that stand and count, as a discussion keeps them."""
    rows = []
    for entry in desk.entries_of(enrollment_id):
        total = desk.total_of(entry)
        if entry.member and total is not None and desk.seats.counts(entry.member, enrollment_id):
            rows.append({"member": entry.member, "entry": entry.id, "points": plain(total)})
    return rows


def discussions_of(session: Session, desk: Desk) -> Sequence[Discussion]:
    """Every discussion of a component's people, the oldest first."""
    query = select(Discussion).where(
        Discussion.enrollment_id.in_(list(desk.people)),
        Discussion.purpose == desk.purpose,
        Discussion.component == desk.code,
    )
    return session.scalars(query.order_by(Discussion.id)).all()


def open_discussion(session: Session, actor: Actor, desk: Desk, enrollment_id: int) -> Discussion:
    """Begin a discussion: staff, or a member who has given their own mark. The marks as they stand are kept.

    Opened twice it is the same one.
    """
    _check_may(session, actor, desk, enrollment_id)
    desk.check_open()
    if len(counted_totals(desk, enrollment_id)) < 2 or desk.outcome_of(enrollment_id).score is None:
        raise RuleBroken("เปิดการหารือได้เมื่อกรรมการทุกคนส่งคะแนนของคนนี้แล้ว")
    found = open_one(session, desk, enrollment_id)
    if found is not None:
        return found
    percent = figures_of(session, desk.cohort.id, desk.purpose, desk.code)[DISAGREEMENT].value
    return _begun(session, actor, desk, enrollment_id, percent, opened_by=actor.name)


def flag(session: Session, actor: Actor, desk: Desk, enrollment_ids: Collection[int]) -> list[Discussion]:
    """With the last mark of a person in: where the marks lie too far apart the discussion opens by itself."""
    percent = figures_of(session, desk.cohort.id, desk.purpose, desk.code)[DISAGREEMENT].value
    found = []
    for number in enrollment_ids:
        totals = list(counted_totals(desk, number).values())
        complete = len(totals) > 1 and desk.outcome_of(number).score is not None
        if complete and to_discuss(totals, desk.component.maximum, percent) and not open_one(session, desk, number):
            found.append(_begun(session, actor, desk, number, percent, opened_by=""))
    return found


def _begun(
    session: Session, actor: Actor, desk: Desk, enrollment_id: int, percent: Decimal, *, opened_by: str
) -> Discussion:
    row = Discussion(
        enrollment_id=enrollment_id, purpose=desk.purpose, component=desk.code, before=snapshot(desk, enrollment_id),
        threshold=percent, opened_by=opened_by, opened_at=clock.now(),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = open_one(session, desk, enrollment_id)
        if found is None:
            raise
        return found
    _note(session, actor, desk, "open", row, {"before": row.before})
    for member in desk.panel:
        if member.account_id not in (None, actor.account_id) and desk.seats.marks(member.name, enrollment_id):
            values = {"component": desk.component.name_th, "cohort": desk.cohort.name_th}
            notify(session, member.account_id, "assessments:discussion:opened", values, f"/my/panels/{member.id}")
    return row


def open_talks(session: Session, cohort_id: int, purpose: str, component: str) -> int:
    """How many people of a component are being discussed."""
    query = (
        select(func.count(Discussion.id))
        .join(Enrollment, Enrollment.id == Discussion.enrollment_id)
        .where(
            Enrollment.cohort_id == cohort_id, Discussion.purpose == purpose, Discussion.component == component,
            Discussion.closed_at.is_(None),
        )
    )  # fmt: skip
    return session.scalar(query) or 0


def open_one(session: Session, desk: Desk, enrollment_id: int) -> Discussion | None:
    """The discussion about a person that is going on; none if there is none."""
    query = select(Discussion).where(
        Discussion.enrollment_id == enrollment_id, Discussion.purpose == desk.purpose,
        Discussion.component == desk.code, Discussion.closed_at.is_(None),
    )  # fmt: skip
    return session.scalar(query)


def revise(
    session: Session, actor: Actor, desk: Desk, member: PanelMember, enrollment_id: int, given: Given, *, seen_id: int,
    reason: str, key: str | None = None,
) -> ScoreEntry:  # fmt: skip
    """A member replaces their own mark while a discussion is open, with the reason; what they had given stays on record."""
    if actor.account_id is None or actor.account_id != member.account_id or member.recused_at is not None:
        raise NotAllowed()
    if open_one(session, desk, enrollment_id) is None:
        raise RuleBroken("แก้ไขคะแนนที่ส่งแล้วได้เฉพาะระหว่างการหารือ")
    desk.check_open()
    if given.withdrawn:
        raise RuleBroken("กรุณากรอกคะแนน")
    mark = Mark(enrollment_id, member.name, given, seen_id=seen_id, reason=reason)
    (entry,) = enter(session, actor, desk, [mark], key=key, revising=True)
    return entry


def close_discussion(
    session: Session, actor: Actor, desk: Desk, discussion: Discussion, *, conclusion: str
) -> Discussion:
    """End a discussion with what was concluded; the marks that stand then are kept beside those of its beginning."""
    _check_may(session, actor, desk, discussion.enrollment_id)
    if discussion.closed_at is not None:
        raise Conflict("การหารือนี้ปิดแล้วโดย %(who)s", who=discussion.closed_by)
    if not conclusion.strip():
        raise RuleBroken("การปิดการหารือต้องบันทึกข้อสรุปและเหตุผล")
    discussion.after, discussion.conclusion = snapshot(desk, discussion.enrollment_id), conclusion.strip()
    discussion.closed_by, discussion.closed_at = actor.name, clock.now()
    session.flush()
    _note(session, actor, desk, "close", discussion, {"after": discussion.after}, conclusion.strip())
    return discussion


def _check_may(session: Session, actor: Actor, desk: Desk, enrollment_id: int) -> None:
    """Staff not of this cohort, or a member of the panel who marks this person and has given their mark."""
    if enrollment_id not in desk.people:
        raise NotFound()
    if enrollment_id in desk.unseen_by(actor.account_id):
        raise RuleBroken("ส่งคะแนนของท่านสำหรับคนนี้ก่อน จึงจะเห็นคะแนนของกรรมการคนอื่นและหารือได้")
    if stands_in(session, actor.account_id, desk.cohort.id):
        raise NotAllowed()
    if actor.kind != "account" or may(actor.roles, "assessments:panel:change"):
        return
    own = [row.name for row in desk.panel if row.account_id == actor.account_id and row.recused_at is None]
    if not any(desk.seats.marks(name, enrollment_id) for name in own):
        raise NotAllowed()


def _note(
    session: Session, actor: Actor, desk: Desk, verb: str, row: Discussion, after: dict[str, Any], reason: str = ""
) -> None:
    key = f"{key_of(desk)}/{desk.people[row.enrollment_id].officer_no}"
    audit.append(session, actor, f"assessments:discussion:{verb}", "Discussion", key, after=after, reason=reason)


# --- notes apart from marks ------------------------------------------------------------------------------------------


def keep_note(session: Session, actor: Actor, member: PanelMember, enrollment_id: int, text: str) -> bool:
    """Keep a member's working note on one person; it is no mark, and may be written over. Returns whether it changed."""
    if actor.account_id is None or actor.account_id != member.account_id or member.recused_at is not None:
        raise NotAllowed()
    query = select(PanelNote).where(PanelNote.member_id == member.id, PanelNote.enrollment_id == enrollment_id)
    row = session.scalar(query)
    tidy = text.strip()[:4000]
    if (row.note if row is not None else "") == tidy:
        return False
    if row is None:
        row = PanelNote(member_id=member.id, enrollment_id=enrollment_id, note=tidy, written_at=clock.now())
        session.add(row)
    row.note, row.written_at = tidy, clock.now()
    session.flush()
    return True


def notes_of(session: Session, member: PanelMember) -> dict[int, str]:
    """A member's own notes by person."""
    rows = session.scalars(select(PanelNote).where(PanelNote.member_id == member.id).order_by(PanelNote.id))
    return {row.enrollment_id: row.note for row in rows}


def notes_on(session: Session, desk: Desk, enrollment_id: int) -> list[tuple[str, PanelNote]]:
    """The notes of a panel's members on one person, for staff and the auditor."""
    names = {member.id: member.name for member in desk.panel}
    query = select(PanelNote).where(
        PanelNote.member_id.in_(list(names)), PanelNote.enrollment_id == enrollment_id, PanelNote.note != ""
    )
    return [(names[row.member_id], row) for row in session.scalars(query.order_by(PanelNote.member_id, PanelNote.id))]


def threshold_points(maximum: Decimal, percent: Decimal) -> Fraction:
    """The difference beyond which marks are discussed, in the component's points."""
    return Fraction(percent) * Fraction(maximum) / 100
