"""Marks of essays: given once, corrected with a reason, agreed by two; every one stays in the record."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit, clock, thai
from webapp.accounts.permissions import may
from webapp.assessments.bank.document import exact
from webapp.assessments.bank.rules import rubric_mark
from webapp.assessments.exams.handling import check_handles, sits
from webapp.assessments.exams.marking.essay_queries import Desk, Essay
from webapp.assessments.exams.marking.essay_rules import agreed_marks, next_part
from webapp.assessments.exams.models import AttemptQuestion, EssayMark, Exam, ExamPart
from webapp.assessments.exams.rules import ESSAY_RULES
from webapp.assessments.ranking.scores import plain
from webapp.audit import Actor
from webapp.errors import Conflict, NotAllowed, RuleBroken


def mark_essay(
    session: Session, actor: Actor, desk: Desk, essay: Essay, typed: Mapping[str, str], *, note: str = "",
    reason: str = "", key: str | None = None, seen: int | None = None,
) -> EssayMark:  # fmt: skip
    """Submit the actor's mark of an essay, or correct it with a reason; where the two have to agree, propose or confirm.

    ``typed`` holds points by rubric line, ``seen`` is the own mark that the page showed. The same ``key`` gives the same
    mark. Raises ``RuleBroken``, or ``Conflict`` where marks were given meanwhile.
    """
    _check(session, actor, desk)
    marks = read_marks(essay, typed)
    before = session.scalar(select(EssayMark).where(EssayMark.key == key)) if key else None
    if before is not None:
        if (before.question_id, dict(before.marks), before.note) != (essay.question_id, marks, note.strip()):
            raise Conflict("แบบบันทึกนี้ส่งไปแล้วด้วยคะแนนอื่น กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
        return before
    agreeing = essay.outcome.why in ("needs-agreement", "agreed") and essay.mark_of(actor.account_id) is not None
    if agreeing and agreed_marks(essay.marks) is not None:
        raise RuleBroken("ผู้ตรวจทั้งสองตกลงคะแนนของข้อนี้แล้ว")
    part = "agreed" if agreeing else next_part(essay.marks, desk.marker.decides)
    there = essay.mark_of(actor.account_id, "agreed" if agreeing else "")
    if (None if there is None else there.id) != seen:
        raise Conflict("ท่านบันทึกคะแนนข้อนี้จากหน้าต่างอื่นแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    if there is not None and not agreeing:
        _check_correction(essay, there, reason)
    if there is None and not agreeing and not desk.marker.decides and len(essay.marks) >= desk.exam.essay_markers:
        raise Conflict("ข้อนี้มีผู้ตรวจครบแล้ว")
    made = EssayMark(
        question_id=essay.question_id, part=part if there is None else there.part, marks=marks,
        note=note.strip()[:4000], marker=actor.name, marker_id=actor.account_id, marked_at=clock.now(),
        replaces_id=None if there is None else there.id, reason=_why(there, agreeing, reason), key=key,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("มีผู้บันทึกคะแนนข้อนี้ในขณะเดียวกัน กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ") from None
    audit.append(
        session, actor, f"assessments:essay:{'mark' if there is None else 'correct'}", "Essay",
        f"{desk.exam.code}/{essay.number}/{essay.code}", before={} if there is None else {"marks": there.marks},
        after={"mark": made.id, "part": made.part, "marks": marks}, reason=made.reason,
    )  # fmt: skip
    return made


def _check_correction(essay: Essay, there: EssayMark, reason: str) -> None:
    """A mark is corrected with a reason, and not once a third marker or both together have settled the essay."""
    if not reason.strip():
        raise RuleBroken("การแก้ไขคะแนนต้องระบุเหตุผล")
    if there.part in ("first", "second") and any(mark.part in ("third", "agreed") for mark in essay.marks):
        raise RuleBroken("ข้อนี้มีผู้ตัดสินแล้ว จึงแก้คะแนนเดิมไม่ได้")


def _why(there: EssayMark | None, agreeing: bool, reason: str) -> str:
    if there is None:
        return ""
    return reason.strip() or ("เสนอคะแนนที่ตกลงใหม่" if agreeing else "")


def _check(session: Session, actor: Actor, desk: Desk) -> None:
    if actor.account_id is None or not may(actor.roles, "assessments:essay:mark"):
        raise NotAllowed()
    if actor.account_id != desk.marker.account_id:
        raise NotAllowed()
    if sits(session, actor.account_id, desk.exam):
        raise RuleBroken("ท่านเป็นผู้เข้าสอบหรืออยู่ในรุ่นที่สอบ จึงทำรายการนี้ไม่ได้ ขอให้เจ้าหน้าที่คนอื่นดำเนินการ")
    if not desk.declared:
        raise RuleBroken("กรุณาแจ้งความเกี่ยวข้องกับผู้เข้าสอบก่อนเริ่มตรวจ")
    if desk.exam.status == "released":
        raise RuleBroken("ประกาศผลแล้ว จึงแก้คะแนนข้อเขียนไม่ได้")


def read_marks(essay: Essay, typed: Mapping[str, str]) -> dict[str, str]:
    """Points by rubric line as exact text. Raises ``RuleBroken`` naming the line."""
    marks: dict[str, str] = {}
    for row in rubric_of(essay):
        text = thai.arabic_digits(str(typed.get(row["id"], ""))).strip()
        name = row["name_th"] or row["name_en"]
        if not text:
            raise RuleBroken("ยังไม่ได้ให้คะแนน %(line)s", line=name)
        try:
            value = exact(text)
        except ValueError:
            raise RuleBroken("คะแนนของ %(line)s ต้องเป็นตัวเลข เช่น 7 หรือ 7.5", line=name) from None
        if not 0 <= value <= exact(row["points"]):
            raise RuleBroken("คะแนนของ %(line)s ต้องอยู่ระหว่าง 0 ถึง %(most)s", line=name, most=row["points"])
        marks[row["id"]] = plain(value)
    rubric_mark(essay.document, marks)
    return marks


def rubric_of(essay: Essay) -> list[dict[str, Any]]:
    """The lines to mark: the rubric's, or one for the whole answer."""
    rows = essay.document["rubric"]
    return list(rows) or [
        {"id": "", "name_th": "คะแนนรวม", "name_en": "Whole answer", "points": essay.document["points"], "levels": []}
    ]


def set_rule(
    session: Session, actor: Actor, exam: Exam, *, markers: int, rule: str, threshold: Decimal, reason: str,
    seen_version: int,
) -> Exam:  # fmt: skip
    """How two marks of an essay become one, with the reason; until the first essay is marked.

    Raises ``RuleBroken`` afterwards (a rule that fits the marks is no rule), ``Conflict`` where somebody was quicker.
    """
    check_handles(session, actor, exam)
    if exam.version != seen_version:
        raise Conflict("มีผู้แก้ไขการสอบนี้ไปแล้ว กรุณาเปิดหน้านี้ใหม่แล้วตรวจสอบ")
    if not reason.strip():
        raise RuleBroken("กติกาการตรวจข้อเขียนต้องมีเหตุผล")
    if markers not in (1, 2) or rule not in ESSAY_RULES or not 0 <= threshold <= 100:
        raise RuleBroken("ส่วนต่างที่ยอมรับได้ของผู้ตรวจสองคนต้องอยู่ระหว่างร้อยละ 0 ถึง 100")
    marked = (
        select(EssayMark.id).join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id).where(ExamPart.exam_id == exam.id)
    )  # fmt: skip
    if exam.status == "released" or session.scalar(marked.limit(1)) is not None:
        raise RuleBroken("เริ่มตรวจข้อเขียนแล้ว จึงเปลี่ยนกติกาไม่ได้")
    now = {"markers": markers, "rule": rule, "threshold": str(threshold)}
    before = {"markers": exam.essay_markers, "rule": exam.essay_rule, "threshold": str(exam.essay_threshold)}
    exam.essay_markers, exam.essay_rule, exam.essay_threshold = markers, rule, threshold
    exam.essay_reason = reason.strip()[:2000]
    session.flush()
    audit.append(
        session,
        actor,
        "assessments:essay:rule",
        "Exam",
        exam.code,
        before=before,
        after=now,
        reason=reason.strip()[:2000],
    )
    return exam
