"""Closing a cohort: its result becomes training records, which the criteria read (domain page §4.4).

Whoever meets every pass mark and gate has passed the course, among the first five or not; the other enrolled and
completed trainees have failed; whoever withdrew gets no record. The records bear the cohort's last day, never a day
after today. Second thoughts: staff reopen the cohort with a reason, and its records are voided.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.queries import ranking_plan
from webapp.assessments.ranking.ranks import rank
from webapp.audit import Actor
from webapp.courses.models import Cohort, Enrollment
from webapp.errors import Conflict, RuleBroken
from webapp.officers.models import TrainingRecord
from webapp.records.columns import columns_of
from webapp.records.rules import met_every_mark_and_gate
from webapp.shortlist import rules
from webapp.shortlist.operations import refuse_own_list
from webapp.shortlist.queries import plan_or_refusal


def _l(text: str) -> str:
    """Marks a text for the English catalog; it is translated where it is shown."""
    return text


CLOSED = _l("สำเร็จการอบรมเมื่อปิดรุ่น")
"""The reason kept with an enrollment that closing completed, so that reopening knows which to take back."""


@dataclass(frozen=True, slots=True)
class Report:
    """What closing or reopening a cohort did."""

    cohort: str
    completed_on: dt.date | None = None
    passed: int = 0
    failed: int = 0
    created: int = 0
    unchanged: int = 0
    voided: int = 0

    def document(self) -> dict[str, Any]:
        """The report as plain values."""
        return {**asdict(self), "completed_on": None if self.completed_on is None else self.completed_on.isoformat()}


def outcome_of(session: Session, cohort: Cohort) -> dict[int, str]:
    """``passed`` or ``failed`` by enrollment, for everybody but the withdrawn."""
    plan = ranking_plan(plan_or_refusal(session, cohort), cohort.shortlist_size)
    columns = columns_of(session, cohort)
    met = met_every_mark_and_gate(rank(plan, columns.people))
    return {
        enrollment_id: "passed" if met[row] else "failed"
        for row, enrollment_id in enumerate(columns.enrollment_ids)
        if columns.statuses[row] != "withdrawn"
    }


def close(session: Session, *, actor: Actor, cohort: Cohort) -> Report:
    """Write the training records of a cohort and complete its enrollments. Done again, it changes nothing."""
    refuse_own_list(session, actor, cohort.id)
    outcome = outcome_of(session, cohort)
    if not outcome:
        raise RuleBroken("รุ่น %(cohort)s ยังไม่มีผู้เข้ารับการอบรม จึงปิดรุ่นไม่ได้", cohort=cohort.code)
    day = rules.closing_day(cohort.ends_on, clock.today())
    if cohort.closed_at is not None:
        return _closed_before(session, cohort, outcome)
    enrollments = session.scalars(select(Enrollment).where(Enrollment.id.in_(list(outcome)))).all()
    standing = _standing(session, cohort, day)
    created = sum(
        _record(session, actor, cohort, e, outcome[e.id], day, standing.get(e.officer_id)) for e in enrollments
    )
    for enrollment in enrollments:
        if enrollment.status == "enrolled":
            enrollment.status, enrollment.status_reason = "completed", CLOSED
            enrollment.decided_by, enrollment.decided_at = actor.name, clock.now()
    cohort.closed_at, cohort.closed_by = clock.now(), actor.name
    session.flush()
    report = _report(cohort, outcome, day, created)
    audit.append(session, actor, "shortlist:cohort:close", "cohort", cohort.code,
                 after={**report.document(), "results": _by_officer(enrollments, outcome)})  # fmt: skip
    return report


def _report(cohort: Cohort, outcome: dict[int, str], day: dt.date | None, created: int) -> Report:
    passed = sum(result == "passed" for result in outcome.values())
    return Report(cohort.code, day, passed, len(outcome) - passed, created, len(outcome) - created)


def _by_officer(enrollments: Any, outcome: dict[int, str]) -> dict[str, str]:
    return {str(enrollment.officer_id): outcome[enrollment.id] for enrollment in enrollments}


def _closed_before(session: Session, cohort: Cohort, outcome: dict[int, str]) -> Report:
    """A cohort that is closed already: nothing to do, unless its results would be others today."""
    rows = session.execute(
        select(Enrollment.id, TrainingRecord.result, TrainingRecord.completed_on)
        .join(Enrollment, Enrollment.officer_id == TrainingRecord.officer_id)
        .where(
            Enrollment.cohort_id == cohort.id,
            TrainingRecord.course_id == cohort.course_id,
            TrainingRecord.voided_at.is_(None),
            (TrainingRecord.cohort_id == cohort.id) | (TrainingRecord.completed_on == cohort.ends_on),
        )
    ).all()
    kept = {row.id: row.result for row in rows}
    if any(kept.get(enrollment_id) != result for enrollment_id, result in outcome.items()):
        raise Conflict("รุ่น %(cohort)s ปิดไปแล้ว แต่ผลในวันนี้ต่างจากเมื่อปิด ต้องเปิดรุ่นอีกครั้งพร้อมเหตุผลก่อน", cohort=cohort.code)
    return _report(cohort, outcome, rows[0].completed_on if rows else None, 0)


def _standing(session: Session, cohort: Cohort, day: dt.date) -> dict[int, TrainingRecord]:
    """Records that stand already for the same course and day, of the cohort's officers."""
    rows = session.scalars(
        select(TrainingRecord)
        .join(Enrollment, Enrollment.officer_id == TrainingRecord.officer_id)
        .where(
            Enrollment.cohort_id == cohort.id,
            TrainingRecord.course_id == cohort.course_id,
            TrainingRecord.completed_on == day,
            TrainingRecord.voided_at.is_(None),
        )
    )
    return {row.officer_id: row for row in rows}


def _record(
    session: Session, actor: Actor, cohort: Cohort, enrollment: Enrollment, result: str, day: dt.date,
    standing: TrainingRecord | None,
) -> bool:  # fmt: skip
    """Add the training record of one trainee; one that says the same stands, one that says otherwise is replaced."""
    if standing is not None and standing.result == result:
        return False
    if standing is not None:
        _void(standing, actor, "แทนด้วยผลเมื่อปิดรุ่น")
        session.flush()
    record = TrainingRecord(
        officer_id=enrollment.officer_id, course_id=cohort.course_id, completed_on=day, result=result,
        cohort_id=cohort.id, entered_by=actor.name, entered_at=clock.now(),
    )  # fmt: skip
    session.add(record)
    if standing is not None:
        session.flush()
        standing.replaced_by_id = record.id
    return True


def _void(record: TrainingRecord, actor: Actor, reason: str) -> None:
    record.voided_at, record.voided_by, record.void_reason = clock.now(), actor.name, reason


def reopen(session: Session, *, actor: Actor, cohort: Cohort, reason: str) -> Report:
    """Take a closing back, with a reason: its training records are voided, its trainees are enrolled again."""
    refuse_own_list(session, actor, cohort.id)
    reason = rules.check_reason(reason)
    if cohort.closed_at is None:
        raise Conflict("รุ่น %(cohort)s ยังไม่ได้ปิด", cohort=cohort.code)
    records = session.scalars(
        select(TrainingRecord).where(TrainingRecord.cohort_id == cohort.id, TrainingRecord.voided_at.is_(None))
    ).all()
    for record in records:
        _void(record, actor, reason)
    enrollments = session.scalars(
        select(Enrollment).where(Enrollment.cohort_id == cohort.id, Enrollment.status_reason == CLOSED)
    ).all()
    for enrollment in enrollments:
        enrollment.status, enrollment.status_reason = "enrolled", reason
        enrollment.decided_by, enrollment.decided_at = actor.name, clock.now()
    cohort.closed_at, cohort.closed_by = None, None
    session.flush()
    report = Report(cohort.code, voided=len(records))
    audit.append(
        session, actor, "shortlist:cohort:reopen", "cohort", cohort.code, after=report.document(), reason=reason
    )
    return report
