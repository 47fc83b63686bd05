"""Conflicts of interest: what the register tells by itself, what a member states before the first mark, what staff record.

A member in conflict with one person is off the panel for that person alone. Staff may name somebody else in their place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.accounts.permissions import may
from webapp.assessments.desk import Desk, Person
from webapp.assessments.models import PanelMember
from webapp.assessments.panels.models import PanelRelation, PanelStatement
from webapp.assessments.panels.rules import CONFLICTS, DECLARED, NAMED, NONE, Known, Seats, register_relation
from webapp.assessments.panels.seats import seats_of, standing_relations
from webapp.audit import Actor
from webapp.coaching.models import CoachingSession, MentorPairing
from webapp.courses.models import Enrollment
from webapp.courses.queries import stands_in
from webapp.errors import NotAllowed, NotFound, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer
from webapp.thai import normalized


@dataclass(frozen=True, slots=True)
class Said:
    """What a member says of one person: who (as typed, where they may not know whom they mark), the relation, a note."""

    relation: str
    note: str = ""
    enrollment_id: int | None = None
    who: str = ""


def note_register(session: Session, actor: Actor, desk: Desk) -> list[PanelRelation]:
    """Record what the register knows between the desk's panel and its people, and has not been recorded yet.

    Where a mark stands already nothing is recorded: what was given by somebody who could give it stays.
    """
    members = [row for row in desk.panel if row.account_id is not None and row.recused_at is None]
    if not members or not desk.people:
        return []
    accounts = [row.account_id for row in members]
    found = select(Officer.account_id, Officer.id).where(Officer.account_id.in_(accounts)).order_by(Officer.id)
    officers = {row.account_id: row.id for row in session.execute(found)}
    if not officers:
        return []
    known = _known(session, desk.people.values(), list(officers.values()))
    standing = standing_relations(session, [row.id for row in members])
    made = []
    for member in members:
        for number, person in known.items():
            relation = register_relation(officers.get(member.account_id), person)
            before = standing.get((member.id, number))
            taken = (number, member.name) in desk.standing
            if relation == NONE or taken or (before is not None and before.relation != NAMED):
                continue
            made.append(_relation(actor, member, number, relation, "register", ""))
    if made:
        session.add_all(made)
        session.flush()
        _note(session, actor, desk, "apart", made)
        reread(session, desk)
    return made


def _known(session: Session, people: Collection[Person], officer_ids: list[int]) -> dict[int, Known]:
    """By enrollment, what the register says of a person and these officers."""
    ids = [person.officer_id for person in people]
    supervisors: dict[int, int | None] = {}
    mentors: dict[int, set[int]] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        asked = select(Officer.id, Officer.supervisor_id).where(Officer.id.in_(some))
        supervisors |= {row.id: row.supervisor_id for row in session.execute(asked)}
        own = Enrollment.officer_id.in_(some)
        pairs = (
            select(Enrollment.officer_id, MentorPairing.mentor_id)
            .join(MentorPairing, MentorPairing.enrollment_id == Enrollment.id)
            .where(own, MentorPairing.mentor_id.in_(officer_ids))
        )
        held = (
            select(Enrollment.officer_id, CoachingSession.mentor_id)
            .join(CoachingSession, CoachingSession.enrollment_id == Enrollment.id)
            .where(own, CoachingSession.mentor_id.in_(officer_ids), CoachingSession.withdrawn_at.is_(None))
            .distinct()
        )
        for officer_id, mentor_id in [*session.execute(pairs), *session.execute(held)]:
            mentors.setdefault(officer_id, set()).add(mentor_id)
    return {
        person.enrollment_id: Known(person.officer_id, supervisors.get(person.officer_id), mentors.get(person.officer_id, ()))
        for person in people
    }  # fmt: skip


# --- what a member states --------------------------------------------------------------------------------------------


def covered(session: Session, member: PanelMember) -> set[int]:
    """The people of whom a member has stated what stands between them."""
    rows = session.scalars(select(PanelStatement.covers).where(PanelStatement.member_id == member.id))
    return {number for row in rows.all() for number in row}


def check_stated(session: Session, member: PanelMember, enrollment_ids: Collection[int]) -> None:
    """Before the first mark a member states whom they cannot judge; somebody added later is stated on anew."""
    if not set(enrollment_ids) <= covered(session, member):
        raise RuleBroken("โปรดแจ้งส่วนได้เสียกับผู้ถูกประเมินก่อนให้คะแนน")


def state(session: Session, actor: Actor, member: PanelMember, desk: Desk, said: Sequence[Said]) -> PanelStatement:
    """Record a member's statement about everybody on the desk, and keep them apart from whom they name.

    ``desk`` is the full one, also where marking is blind: then the member types names, and is not told whether
    somebody of that name is among those they mark.
    """
    if actor.account_id is None or actor.account_id != member.account_id:
        raise NotAllowed()
    if member.recused_at is not None:
        raise RuleBroken("ท่านถอนตัวจากการให้คะแนนองค์ประกอบนี้แล้ว")
    note_register(session, actor, desk)
    own = desk.people.keys() - {
        number for number, person in desk.people.items() if person.account_id == actor.account_id
    }
    made = []
    for one in said:
        if one.relation not in DECLARED:
            raise RuleBroken("เลือกความเกี่ยวข้องจากรายการ")
        numbers = [one.enrollment_id] if one.enrollment_id is not None else _matching(desk.people, one.who)
        for number in numbers:
            if number not in desk.people:
                raise NotFound()
            if not desk.apart(member.name, number):
                made.append(_relation(actor, member, number, one.relation, "declared", one.note))
    statement = PanelStatement(
        member_id=member.id, covers=sorted(own), made_by=actor.name, made_at=clock.now(),
        said=[{"who": one.who, "enrollment": one.enrollment_id, "relation": one.relation, "note": one.note} for one in said],
    )  # fmt: skip
    session.add_all([*made, statement])
    session.flush()
    reread(session, desk)
    audit.append(
        session, actor, "assessments:panel:state", "PanelMember", key_of(desk),
        after={"member": member.name, "covers": len(own), "conflicts": len(made)},
    )  # fmt: skip
    return statement


def _matching(people: Mapping[int, Person], typed: str) -> list[int]:
    """Whom a typed name or number means: by number, or by given and family name with or without the title."""
    wanted = normalized(typed)
    if not wanted:
        return []
    return [
        number
        for number, person in people.items()
        if wanted == person.officer_no
        or (normalized(person.name_th).endswith(wanted) and (" " in wanted))
        or (person.name_en and normalized(person.name_en).casefold() == wanted.casefold())
    ]


# --- what staff record -----------------------------------------------------------------------------------------------


def keep_apart(
    session: Session, actor: Actor, desk: Desk, member: PanelMember, enrollment_id: int, relation: str, *, note: str
) -> PanelRelation:
    """Staff record a conflict that came to be known; a mark given already stays in the ledger and no longer counts."""
    _check_staff(session, actor, desk)
    if relation not in CONFLICTS:
        raise RuleBroken("เลือกความเกี่ยวข้องจากรายการ")
    if not note.strip():
        raise RuleBroken("การบันทึกส่วนได้เสียต้องระบุเหตุผล")
    if desk.apart(member.name, enrollment_id):
        raise RuleBroken("มีส่วนได้เสียของกรรมการคนนี้กับผู้ถูกประเมินคนนี้บันทึกไว้แล้ว")
    return _recorded(session, actor, desk, member, enrollment_id, relation, note.strip(), "apart")


def lift(
    session: Session, actor: Actor, desk: Desk, member: PanelMember, enrollment_id: int, *, note: str
) -> PanelRelation:
    """Staff undo what keeps a member from a person, or take a substitute off, with the reason; both stay on record."""
    _check_staff(session, actor, desk)
    if not note.strip():
        raise RuleBroken("การยกเลิกต้องระบุเหตุผล")
    relation = desk.seats.relations.get((member.name, enrollment_id), NONE)
    if relation == NONE:
        raise RuleBroken("ไม่มีส่วนได้เสียให้ยกเลิก")
    if relation == "self":
        raise RuleBroken("ผู้ใดให้คะแนนตนเองไม่ได้")
    return _recorded(session, actor, desk, member, enrollment_id, NONE, note.strip(), "lift")


def put_in_place(session: Session, actor: Actor, desk: Desk, member: PanelMember, enrollment_id: int) -> PanelRelation:
    """Name a substitute for one person. ``member`` is one named as a substitute: the others mark everybody anyway."""
    _check_staff(session, actor, desk)
    if enrollment_id not in desk.people:
        raise NotFound()
    if not member.substitute:
        raise RuleBroken("%(name)s เป็นกรรมการที่ให้คะแนนทุกคนอยู่แล้ว", name=member.name)
    if desk.apart(member.name, enrollment_id):
        raise RuleBroken("%(name)s มีส่วนได้เสียกับผู้ถูกประเมินคนนี้ เลือกกรรมการคนอื่น", name=member.name)
    made = _recorded(session, actor, desk, member, enrollment_id, NAMED, "", "replace")
    note_register(session, actor, desk)
    if desk.apart(member.name, enrollment_id):
        raise RuleBroken("%(name)s มีส่วนได้เสียกับผู้ถูกประเมินคนนี้ เลือกกรรมการคนอื่น", name=member.name)
    return made


def _recorded(
    session: Session, actor: Actor, desk: Desk, member: PanelMember, enrollment_id: int, relation: str, note: str, verb: str
) -> PanelRelation:  # fmt: skip
    if enrollment_id not in desk.people or member.id not in {row.id for row in desk.panel}:
        raise NotFound()
    row = _relation(actor, member, enrollment_id, relation, "staff", note)
    session.add(row)
    session.flush()
    reread(session, desk)
    _note(session, actor, desk, verb, [row], note)
    if relation == NAMED and member.account_id is not None:
        values = {"component": desk.component.name_th, "cohort": desk.cohort.name_th}
        notify(session, member.account_id, "assessments:panel:named", values, f"/my/panels/{member.id}")
    return row


def reread(session: Session, desk: Desk) -> None:
    """Let the desk know what has been recorded since it was opened."""
    desk.seats = seats_of(session, desk.cohort.id, desk.purpose).get(desk.code, Seats())


def key_of(desk: Desk) -> str:
    """How the audit log names a panel."""
    return f"{desk.cohort.code}/{desk.purpose}/{desk.code}"


def _relation(
    actor: Actor, member: PanelMember, enrollment_id: int, relation: str, found: str, note: str
) -> PanelRelation:
    return PanelRelation(
        member_id=member.id, enrollment_id=enrollment_id, relation=relation, found=found, note=note,
        recorded_by=actor.name, recorded_at=clock.now(),
    )  # fmt: skip


def _note(
    session: Session, actor: Actor, desk: Desk, verb: str, rows: Sequence[PanelRelation], reason: str = ""
) -> None:
    names = {row.id: row.name for row in desk.panel}
    after = {f"{names[row.member_id]}/{desk.people[row.enrollment_id].officer_no}": row.relation for row in rows}
    audit.append(session, actor, f"assessments:panel:{verb}", "PanelMember", key_of(desk), after=after, reason=reason)


def _check_staff(session: Session, actor: Actor, desk: Desk) -> None:
    if actor.kind == "account" and not may(actor.roles, "assessments:panel:change"):
        raise NotAllowed()
    if stands_in(session, actor.account_id, desk.cohort.id):
        raise RuleBroken("ท่านอยู่ในรุ่นนี้เอง จึงแต่งตั้งหรือถอนกรรมการของรุ่นนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นทำ")
