"""The desk at which marks of one component are entered: who is marked, by whom, and what stands already.

Everything is read in a fixed number of statements, whatever the number of trainees, so that a sheet of forty and a single
mark go through the same checks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.permissions import may
from webapp.assessments.models import PanelMember, PlanComponent, ScoreEntry
from webapp.assessments.panels.rules import CONFLICTS, GuideContent, Seats
from webapp.assessments.panels.seats import guide_in_force, seats_of
from webapp.assessments.queries import component_in_force, replaced_ids
from webapp.assessments.ranking.scores import plain
from webapp.assessments.rules import Given, MemberMark, Outcome, check_given, check_lines, outcome, total_of
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import Conflict, NotAllowed, NotFound, RuleBroken
from webapp.officers.models import Officer

MARKED_STATUSES = {"ranking": ("enrolled", "completed"), "selection": ("applied", "admitted", "reserve", "enrolled")}
"""Whose marks are entered: trainees after training, applicants for the entry selection."""


class Person(NamedTuple):
    """Somebody to be marked."""

    enrollment_id: int
    status: str
    officer_id: int
    officer_no: str
    name_th: str
    name_en: str
    account_id: int | None
    blind_key: str
    handle: str
    """What forms and addresses of the panel call the person: the enrollment, or a candidate number."""


@dataclass
class Desk:
    """One component of a cohort with its people, its panel and its standing entries."""

    cohort: Cohort
    purpose: str
    component: PlanComponent
    people: dict[int, Person]
    panel: list[PanelMember]
    standing: dict[tuple[int, str], ScoreEntry]
    blind: bool = False
    """Whether it is shown to a panel member who may not know whom they mark (``panels/blind.py``)."""
    lines_from_elsewhere: bool = False
    """Whether the marks are lines of another sheet than the component's rubric: final ratings of an assessment center."""
    seats: Seats = field(default_factory=Seats)
    criteria: Sequence[Any] = ()
    """The lines by which members mark: the questions of the interview guide in force, or the plan's rubric."""
    guided: bool = False

    @property
    def code(self) -> str:
        return self.component.code

    @property
    def named(self) -> tuple[str, ...]:
        """Names of the members who are not recused, substitutes among them; of one person see :meth:`named_for`."""
        return tuple(member.name for member in self.panel if member.recused_at is None)

    def named_for(self, enrollment_id: int) -> tuple[str, ...]:
        """Names of the members who must mark this person."""
        return self.seats.named_for(enrollment_id)

    def apart(self, name: str, enrollment_id: int) -> str:
        """The conflict of interest that keeps a member from a person; empty where there is none."""
        relation = self.seats.relations.get((name, enrollment_id), "")
        return relation if relation in CONFLICTS else ""

    @property
    def recused(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.panel if member.recused_at is not None)

    def entries_of(self, enrollment_id: int) -> list[ScoreEntry]:
        """What stands for one person, one entry per member, in the panel's order."""
        order = {member.name: place for place, member in enumerate(self.panel)}
        found = [entry for (person, _), entry in self.standing.items() if person == enrollment_id]
        return sorted(found, key=lambda entry: (order.get(entry.member, len(order)), entry.member))

    @staticmethod
    def total_of(entry: ScoreEntry) -> Fraction | None:
        """An entry's exact total on the component's maximum."""
        return total_of(entry.score, entry.marks, entry.maximum)

    def outcome_of(self, enrollment_id: int) -> Outcome:
        """The component's score of one person, or who is still awaited."""
        marks = [
            MemberMark(entry.member, total_of(entry.score, entry.marks, entry.maximum), entry.import_id is not None)
            for entry in self.entries_of(enrollment_id)
        ]
        gone = {name for name in self.seats.members if not self.seats.counts(name, enrollment_id)}
        return outcome(marks, self.named_for(enrollment_id), gone)

    def unseen_by(self, account_id: int | None) -> set[int]:
        """Whose other marks the account may not see yet: it sits on this panel and has not submitted its own."""
        own = [row.name for row in self.panel if row.recused_at is None and row.account_id == account_id]
        if account_id is None or not own:
            return set()
        return {
            number
            for number in self.people
            if any(self.seats.marks(name, number) and (number, name) not in self.standing for name in own)
        }

    # -- who may enter what

    def check_open(self) -> None:
        """Marks are entered until the cohort is closed."""
        if self.cohort.closed_at is not None:
            raise RuleBroken("รุ่นนี้ปิดแล้ว จึงบันทึกคะแนนใหม่ไม่ได้")

    def check_person(self, actor: Actor, enrollment_id: int, *, first: bool = True) -> Person:
        """The person is in the cohort and is not the actor: nobody scores themselves (promise 10).

        A first mark is for those who sit in the course (or apply); what stands is corrected also for those who left.
        """
        person = self.people.get(enrollment_id)
        if person is None:
            raise NotFound()
        if first and person.status not in MARKED_STATUSES[self.purpose]:
            raise RuleBroken("%(name)s ไม่ได้อยู่ในรุ่นนี้แล้ว จึงบันทึกคะแนนใหม่ไม่ได้", name=person.name_th)
        if actor.account_id is not None and person.account_id == actor.account_id:
            raise RuleBroken("ผู้ใดให้คะแนนตนเองไม่ได้ ขอให้เจ้าหน้าที่คนอื่นบันทึก")
        return person

    def check_member(self, actor: Actor, member: str, enrollment_id: int) -> None:
        """The actor is the named member, or staff who record paper marks; a recused member's marks are not entered,
        nor those of a member in conflict with the person.
        """
        found = next((row for row in self.panel if row.name == member), None)
        if member and found is None:
            raise RuleBroken("%(name)s ไม่ได้อยู่ในคณะกรรมการขององค์ประกอบนี้ ให้แต่งตั้งก่อน", name=member)
        if found is not None and found.recused_at is not None:
            raise RuleBroken("%(name)s ถอนตัวจากการให้คะแนนองค์ประกอบนี้แล้ว", name=member)
        if found is not None and not self.seats.marks(member, enrollment_id):
            raise refused_pair(member, self.apart(member, enrollment_id))
        own = found is not None and found.account_id is not None and found.account_id == actor.account_id
        if not own:
            check_staff(actor)
        if not member and self.named:
            raise RuleBroken("องค์ประกอบนี้มีคณะกรรมการแล้ว กรอกคะแนนแยกตามกรรมการแต่ละคน")

    def check_place(self, enrollment_id: int, member: str) -> None:
        """One person and component cannot have both a mark for all and marks of members (``formats.md``)."""
        for entry in self.entries_of(enrollment_id):
            if not entry.withdrawn and bool(entry.member) != bool(member):
                raise RuleBroken("ผู้นี้มีคะแนนขององค์ประกอบนี้ในรูปแบบอื่นแล้ว ให้เพิกถอนคะแนนนั้นก่อน")

    def check_given(self, given: Given) -> None:
        if self.lines_from_elsewhere:
            check_lines(given)
            return
        check_given(given, self.component.maximum, self.criteria)


def open_desk(
    session: Session, cohort: Cohort, purpose: str, code: str, enrollment_ids: Collection[int] | None = None,
    *, everybody: bool = False,
) -> Desk:  # fmt: skip
    """The desk of a component of the plan in force. Raises ``NotFound`` where the plan has no such component.

    ``everybody`` (and naming whom) includes those who have left, whose marks are still looked at and corrected.
    """
    component = component_in_force(session, cohort.id, purpose, code)
    if component is None:
        raise NotFound()
    people = people_of(session, cohort.id, purpose, enrollment_ids, everybody=everybody or enrollment_ids is not None)
    panel = session.scalars(
        select(PanelMember)
        .where(PanelMember.cohort_id == cohort.id, PanelMember.purpose == purpose, PanelMember.component == code)
        .order_by(PanelMember.id)
    ).all()
    enrollments = select(Enrollment.id).where(Enrollment.cohort_id == cohort.id)
    query = select(ScoreEntry).where(
        ScoreEntry.purpose == purpose,
        ScoreEntry.component == code,
        ScoreEntry.enrollment_id.in_(enrollments if enrollment_ids is None else list(enrollment_ids)),
        ScoreEntry.id.not_in(replaced_ids()),
    )
    entries = session.scalars(query.order_by(ScoreEntry.id)).all()
    standing = {(entry.enrollment_id, entry.member): entry for entry in entries}
    guide = guide_in_force(session, cohort.id, purpose, code)
    return Desk(
        cohort, purpose, component, people, list(panel), standing,
        seats=seats_of(session, cohort.id, purpose).get(code, Seats()) if panel else Seats(),
        criteria=component.criteria if guide is None else GuideContent.of(guide.document).lines(),
        guided=guide is not None,
    )  # fmt: skip


def refused_pair(name: str, relation: str) -> RuleBroken:
    """The refusal of a mark by a member who is kept apart from the person, or not named for them."""
    match relation:
        case "self":
            return RuleBroken("%(name)s คือผู้ถูกประเมินเอง จึงให้คะแนนไม่ได้", name=name)
        case "supervisor":
            return RuleBroken("%(name)s เป็นผู้บังคับบัญชาของผู้ถูกประเมิน จึงให้คะแนนคนนี้ไม่ได้", name=name)
        case "mentor":
            return RuleBroken("%(name)s เป็นผู้สอนงานของผู้ถูกประเมิน จึงให้คะแนนคนนี้ไม่ได้", name=name)
        case "relative":
            return RuleBroken("%(name)s แจ้งว่าเป็นญาติของผู้ถูกประเมิน จึงให้คะแนนคนนี้ไม่ได้", name=name)
        case "other":
            return RuleBroken("%(name)s มีส่วนได้เสียกับผู้ถูกประเมิน จึงให้คะแนนคนนี้ไม่ได้", name=name)
        case _:
            return RuleBroken("%(name)s ได้รับแต่งตั้งให้ประเมินเฉพาะบางคน และคนนี้ไม่อยู่ในนั้น", name=name)


def people_of(
    session: Session, cohort_id: int, purpose: str, enrollment_ids: Collection[int] | None = None,
    *, everybody: bool = False,
) -> dict[int, Person]:  # fmt: skip
    """Those of a cohort who are marked for ``purpose`` (or everybody in it), in the order of the Thai alphabet."""
    query = (
        select(
            Enrollment.id, Enrollment.status, Officer.id, Officer.officer_no, Officer.title, Officer.given_name,
            Officer.family_name, Officer.name_en, Officer.account_id, Enrollment.blind_key,
        )
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort_id)
        .order_by(Officer.sort_key, Officer.officer_no)
    )  # fmt: skip
    if not everybody:
        query = query.where(Enrollment.status.in_(MARKED_STATUSES[purpose]))
    if enrollment_ids is not None:
        query = query.where(Enrollment.id.in_(list(enrollment_ids)))
    return {
        row[0]: Person(
            row[0], row[1], row[2], row[3], f"{row[4]}{row[5]} {row[6]}".strip(), row[7], row[8], row[9], str(row[0])
        )
        for row in session.execute(query)
    }


def check_staff(actor: Actor) -> None:
    """The institute's staff, the operator at the command line, or the program itself."""
    if actor.kind == "account" and not may(actor.roles, "assessments:score:record"):
        raise NotAllowed()


def shown(entry: ScoreEntry) -> str:
    """A mark in a message: its points, or a dash where it was withdrawn."""
    if entry.withdrawn:
        return "–"
    total = total_of(entry.score, entry.marks, entry.maximum)
    return "" if total is None else plain(total)


def already_there(entry: ScoreEntry, given: Given, maximum: object) -> Conflict:
    """The refusal of a late or stale entry: both values, and whose the other one is."""
    total = total_of(given.score, given.document(), maximum)  # type: ignore[arg-type]
    return Conflict(
        "มีคะแนน %(there)s ที่ %(who)s บันทึกไว้ก่อนแล้ว คะแนน %(yours)s ของท่านจึงยังไม่ได้บันทึก กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ",
        there=shown(entry),
        who=entry.entered_by,
        yours="-" if total is None else plain(total),
    )
