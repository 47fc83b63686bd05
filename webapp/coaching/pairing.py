"""Who mentors whom: assign one by one or evenly, end with a reason. An ended pairing is kept."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.audit import Actor
from webapp.coaching import rules
from webapp.coaching.models import MentorPairing
from webapp.courses.models import Cohort, Enrollment
from webapp.courses.rules import IN_THE_COHORT
from webapp.errors import Conflict, RuleBroken
from webapp.notices.operations import notify
from webapp.officers.models import Officer


def pair(session: Session, actor: Actor, enrollment: Enrollment, mentor: Officer) -> MentorPairing:
    """Give a trainee a mentor. Raises ``RuleBroken`` for oneself, a closed cohort, or a pairing that stands already."""
    cohort = session.get_one(Cohort, enrollment.cohort_id)
    _check(session, cohort, enrollment, mentor)
    try:
        with session.begin_nested():
            made = _add(session, actor, enrollment.id, mentor.id)
            session.flush()
    except IntegrityError:
        raise Conflict("มีผู้มอบหมายพี่เลี้ยงคนนี้ไปก่อนแล้ว กรุณาเปิดหน้าใหม่") from None
    trainee = session.get_one(Officer, enrollment.officer_id)
    audit.append(
        session, actor, "coaching:pairing:make", "MentorPairing", f"{cohort.code}/{trainee.officer_no}",
        after={"mentor": mentor.officer_no},
    )  # fmt: skip
    _tell(session, cohort, mentor, trainee)
    return made


def pair_evenly(session: Session, actor: Actor, cohort: Cohort, mentors: Sequence[Officer]) -> int:
    """Share the trainees without a mentor out among ``mentors``, as evenly as can be; returns how many were paired.

    Raises ``RuleBroken`` without mentors or for a closed cohort.
    """
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงมอบหมายพี่เลี้ยงไม่ได้")
    if not mentors:
        raise RuleBroken("กรุณาเลือกพี่เลี้ยงอย่างน้อยหนึ่งคน")
    rows = session.execute(
        select(Enrollment.id, Enrollment.officer_id)
        .join(Officer, Officer.id == Enrollment.officer_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.status.in_(IN_THE_COHORT))
        .order_by(Officer.sort_key, Officer.id)
    )
    people = {row.id: row.officer_id for row in rows}
    standing = select(MentorPairing.enrollment_id).where(MentorPairing.ended_at.is_(None))
    paired = set(session.scalars(standing.where(MentorPairing.enrollment_id.in_(list(people)))))
    pairs = rules.evenly(
        [one for one in people if one not in paired], [one.id for one in mentors], _load(session, mentors), people
    )
    if not pairs:
        raise RuleBroken("ผู้เข้ารับการอบรมทุกคนมีพี่เลี้ยงแล้ว")
    by_id = {one.id: one for one in mentors}
    for enrollment_id, mentor_id in pairs:
        _add(session, actor, enrollment_id, mentor_id)
    numbers = {
        row.id: row.officer_no
        for row in session.execute(select(Officer.id, Officer.officer_no).where(Officer.id.in_(list(people.values()))))
    }
    audit.append(
        session, actor, "coaching:pairing:share-out", "Cohort", cohort.code,
        after={numbers[people[enrollment]]: by_id[mentor].officer_no for enrollment, mentor in pairs},
    )  # fmt: skip
    for enrollment_id, mentor_id in pairs:
        _tell(session, cohort, by_id[mentor_id], session.get_one(Officer, people[enrollment_id]))
    return len(pairs)


def end_pairing(session: Session, actor: Actor, pairing: MentorPairing, *, reason: str) -> None:
    """End a pairing; its sessions stay. Raises ``RuleBroken`` for a blank reason or one ended before."""
    rules.check_reason(reason)
    if pairing.ended_at is not None:
        raise RuleBroken("การมอบหมายนี้สิ้นสุดไปแล้ว")
    pairing.ended_at, pairing.ended_reason = clock.now(), reason
    session.flush()
    audit.append(
        session, actor, "coaching:pairing:end", "MentorPairing", pairing.id,
        before={"trainee": pairing.enrollment.officer.officer_no, "mentor": pairing.mentor.officer_no}, reason=reason,
    )  # fmt: skip


def _load(session: Session, mentors: Sequence[Officer]) -> dict[int, int]:
    """How many trainees of open cohorts each mentor has now."""
    rows = session.execute(
        select(MentorPairing.mentor_id, func.count())
        .join(Enrollment, Enrollment.id == MentorPairing.enrollment_id)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(
            MentorPairing.ended_at.is_(None), Cohort.closed_at.is_(None),
            MentorPairing.mentor_id.in_([one.id for one in mentors]),
        )
        .group_by(MentorPairing.mentor_id)
    )  # fmt: skip
    return {mentor: int(count) for mentor, count in rows}


def _check(session: Session, cohort: Cohort, enrollment: Enrollment, mentor: Officer) -> None:
    if cohort.closed_at is not None:
        raise RuleBroken("รุ่นนี้ปิดแล้ว จึงมอบหมายพี่เลี้ยงไม่ได้")
    if enrollment.status not in IN_THE_COHORT:
        raise RuleBroken("มอบหมายพี่เลี้ยงได้เฉพาะผู้ที่อยู่ในการอบรม")
    rules.check_not_oneself(enrollment.officer_id, mentor.id)
    standing = session.scalar(
        select(MentorPairing.id).where(
            MentorPairing.enrollment_id == enrollment.id, MentorPairing.mentor_id == mentor.id,
            MentorPairing.ended_at.is_(None),
        )
    )  # fmt: skip
    if standing is not None:
        raise RuleBroken("%(mentor)s เป็นพี่เลี้ยงของผู้เข้ารับการอบรมคนนี้อยู่แล้ว", mentor=mentor.name_th)


def _add(session: Session, actor: Actor, enrollment_id: int, mentor_id: int) -> MentorPairing:
    made = MentorPairing(
        enrollment_id=enrollment_id, mentor_id=mentor_id, paired_by=actor.name, paired_at=clock.now(), ended_reason=""
    )
    session.add(made)
    return made


def _tell(session: Session, cohort: Cohort, mentor: Officer, trainee: Officer) -> None:
    values = {"trainee": trainee.name_th, "cohort": cohort.code}
    notify(session, mentor.account_id, "coaching:pairing:made", values, "/coaching?view=trainees")
