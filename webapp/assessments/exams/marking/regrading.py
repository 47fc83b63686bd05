"""A question marked otherwise for everybody: looked at before it is done, recorded with its reason, taken back as a whole.

A regrade is one row beside the papers; no mark is written over. What everybody earned follows from the rows that stand, so
that a regrade changes all and only what it should, and undoing it gives every figure of before (promise 9).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.bank.document import cleaned, problems
from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.models import Attempt, AttemptQuestion, Candidate, Exam, Regrade
from webapp.assessments.exams.papers import Paper
from webapp.assessments.exams.results import Sat, follow_transferred, results, tell_candidates
from webapp.assessments.ranking.scores import plain
from webapp.audit import Actor
from webapp.database import canonical_json
from webapp.errors import Conflict, NotFound, RuleBroken

KINDS = ("key", "points", "void", "full")


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody whose total changes: before and after, and whether they pass."""

    candidate: Candidate
    before: Paper
    after: Paper
    passed_before: bool | None
    passed_after: bool | None

    @property
    def by(self) -> Fraction | None:
        """By how many points the total changes."""
        if self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True)
class Preview:
    """What a regrade, or its undoing, would do now. ``digest`` stands for everything it was worked out from."""

    people: int
    changed: tuple[Changed, ...]
    digest: str

    @property
    def passing(self) -> list[Changed]:
        """Those whose passing changes."""
        return [row for row in self.changed if row.passed_before != row.passed_after]


def passes(exam: Exam, paper: Paper) -> bool | None:
    """Whether a paper reaches the pass mark, exactly; None where there is no mark, or something waits."""
    if exam.pass_percent is None or paper.percent is None:
        return None
    return paper.percent >= Fraction(exam.pass_percent)


def considered(exam: Exam, version: ItemVersion, kind: str, *, document: Any = None, points: Any = None) -> Regrade:
    """A regrade that is not recorded yet. Raises ``RuleBroken`` where it makes no sense."""
    change: dict[str, Any] = {}
    if kind == "key":
        change["document"] = cleaned(document or {})
        if version.type == "essay":
            raise RuleBroken("ข้อเขียนไม่มีเฉลยให้แก้ ผู้ตรวจแก้คะแนนพร้อมเหตุผลได้ก่อนประกาศผล")
        if change["document"]["type"] != version.type or problems(change["document"]):
            raise RuleBroken("เฉลยใหม่ใช้ไม่ได้ กรุณาตรวจให้มีคำตอบที่ได้คะแนนเต็มอย่างน้อยหนึ่งคำตอบ")
    elif kind == "points":
        change["points"] = plain(Fraction(points))
        if Fraction(points) <= 0:
            raise RuleBroken("คะแนนของข้อต้องมากกว่า 0 หากไม่ต้องการนับข้อนี้ ให้เลือกตัดข้อนี้ออก")
    elif kind not in KINDS:
        raise NotFound()
    return Regrade(exam_id=exam.id, version_id=version.id, kind=kind, change=change, reason="", changed=[])


def preview(session: Session, exam: Exam, proposal: Regrade) -> Preview:
    """Whose total a proposed regrade changes, and by how much; those whose passing changes first."""
    return _compared(
        session, exam, results(session, exam, also=[proposal]), [proposal.kind, proposal.version_id, proposal.change]
    )


def preview_undo(session: Session, exam: Exam, found: Regrade) -> Preview:
    """Whose total changes when a regrade is taken back."""
    return _compared(session, exam, results(session, exam, without=found.id), ["undo", found.id])


def _compared(session: Session, exam: Exam, after: Sequence[Sat], what: list[Any]) -> Preview:
    before = results(session, exam)
    changed = tuple(
        Changed(one.candidate, one.paper, other.paper, passes(exam, one.paper), passes(exam, other.paper))
        for one, other in zip(before, after, strict=True)
        if _figures(one.paper) != _figures(other.paper)
    )
    changed = tuple(sorted(changed, key=lambda row: (row.passed_before == row.passed_after, row.candidate.number)))
    seen = [[sat.candidate.number, *_figures(sat.paper)] for sat in (*before, *after)]
    whole = canonical_json([what, str(exam.pass_percent), [row.id for row in standing(session, exam)], seen])
    return Preview(len(before), changed, hashlib.sha256(whole.encode()).hexdigest())


def _figures(paper: Paper) -> list[str | None]:
    return [None if paper.total is None else plain(paper.total), plain(paper.maximum)]


def regrade(
    session: Session, actor: Actor, exam: Exam, proposal: Regrade, *, reason: str, seen: str, key: str | None = None
) -> Regrade:  # fmt: skip
    """Mark a question otherwise for everybody, with a reason. Scores already transferred follow it.

    ``seen`` is the digest of the preview that was looked at. Raises ``Conflict`` where anything has changed since. The
    same ``key`` gives the same regrade.
    """
    check_handles(session, actor, exam)
    made = session.scalar(select(Regrade).where(Regrade.key == key)) if key else None
    if made is not None:
        if (made.exam_id, made.version_id, made.kind, made.change) != (
            proposal.exam_id, proposal.version_id, proposal.kind, proposal.change
        ):  # fmt: skip
            raise Conflict("แบบบันทึกนี้ส่งไปแล้วด้วยเนื้อหาอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
        return made
    if not reason.strip():
        raise RuleBroken("การตรวจใหม่ต้องระบุเหตุผล")
    found = preview(session, exam, proposal)
    _check_seen(found, seen)
    proposal.changed = [[row.candidate.number, *_figures(row.before), *_figures(row.after)] for row in found.changed]
    proposal.reason, proposal.made_by, proposal.made_by_id = reason.strip(), actor.name, actor.account_id
    proposal.made_at, proposal.key = clock.now(), key
    session.add(proposal)
    session.flush()
    audit.append(
        session, actor, "assessments:exam:regrade", "Exam", exam.code,
        after={"regrade": proposal.id, "kind": proposal.kind, "version": proposal.version_id,
               "changed": proposal.changed}, reason=reason.strip(),
    )  # fmt: skip
    _follow(session, actor, exam, found, reason.strip())
    return proposal


def undo_regrade(session: Session, actor: Actor, exam: Exam, found: Regrade, *, reason: str, seen: str) -> Regrade:
    """Take a regrade back, with a reason: every figure is what it would be without it. Twice changes nothing."""
    check_handles(session, actor, exam)
    session.refresh(found, with_for_update=True)
    if found.undone_at is not None:
        return found
    if not reason.strip():
        raise RuleBroken("การยกเลิกการตรวจใหม่ต้องระบุเหตุผล")
    looked = preview_undo(session, exam, found)
    _check_seen(looked, seen)
    found.undone_by, found.undone_at, found.undone_reason = actor.name, clock.now(), reason.strip()
    session.flush()
    audit.append(
        session, actor, "assessments:exam:undo-regrade", "Exam", exam.code, after={"regrade": found.id},
        reason=reason.strip(),
    )  # fmt: skip
    _follow(session, actor, exam, looked, reason.strip())
    return found


def _check_seen(found: Preview, seen: str) -> None:
    if seen != found.digest:
        raise Conflict("ผลสอบเปลี่ยนไปหลังจากท่านเปิดดูตัวอย่าง ยังไม่ได้บันทึก กรุณาตรวจตัวอย่างใหม่ด้านล่างก่อนยืนยัน")


def _follow(session: Session, actor: Actor, exam: Exam, found: Preview, reason: str) -> None:
    """Transferred scores follow; after release those whose figure changed are told."""
    follow_transferred(session, actor, exam, reason)
    if exam.status == "released":
        tell_candidates(session, exam, "assessments:exam:regraded", {row.candidate.number for row in found.changed})


# Reads


def standing(session: Session, exam: Exam) -> Sequence[Regrade]:
    """The regrades that stand, in the order in which they were made."""
    query = select(Regrade).where(Regrade.exam_id == exam.id, Regrade.undone_at.is_(None))
    return session.scalars(query.order_by(Regrade.id)).all()


def regrades_of(session: Session, exam: Exam) -> Sequence[Regrade]:
    """Every regrade of an exam, the latest first."""
    return session.scalars(select(Regrade).where(Regrade.exam_id == exam.id).order_by(Regrade.id.desc())).all()


def regrade_at(session: Session, exam: Exam, number: int) -> Regrade:
    """A regrade of this exam. Raises ``NotFound``."""
    found = session.get(Regrade, number)
    if found is None or found.exam_id != exam.id:
        raise NotFound()
    return found


def version_in(session: Session, exam: Exam, version_id: int) -> ItemVersion:
    """A question version that somebody had in this exam. Raises ``NotFound``."""
    asked = (
        select(AttemptQuestion.version_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Candidate.exam_id == exam.id)
    )
    found = session.scalar(select(ItemVersion).where(ItemVersion.id == version_id, ItemVersion.id.in_(asked)))
    if found is None:
        raise NotFound()
    return found
