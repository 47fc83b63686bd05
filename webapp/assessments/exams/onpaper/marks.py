"""What a mark sheet says becomes attempts, answers and essay marks of the exam: all of it, or nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.assessments.exams import rules
from webapp.assessments.exams.handling import check_handles
from webapp.assessments.exams.marking.conflicts import by_candidate, kept_apart
from webapp.assessments.exams.models import (
    Answer,
    Attempt,
    AttemptQuestion,
    Candidate,
    EssayMark,
    Exam,
    ExamMarker,
    ExamPart,
)
from webapp.assessments.exams.onpaper.printing import Printed
from webapp.assessments.exams.onpaper.sheets import Filled, Standing
from webapp.assessments.exams.staff.paper import Source
from webapp.assessments.exams.taking import counts, sitting_of, standing_answers
from webapp.audit import Actor
from webapp.database import canonical_json
from webapp.errors import RuleBroken

PAGE = "paper"
"""The page that answers from paper came from."""

ON_SHEET = "เขียนในกระดาษคำตอบ ชุด"
"""What stands for an essay that is on paper, before the version."""


@dataclass
class Brought:
    """How many people, answers and essay marks came in new, were changed, or stood already."""

    people: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0


def standing_of(session: Session, exam: Exam) -> dict[int, Standing]:
    """By candidate id: what has come in from paper so far; three statements."""
    attempts = {
        row[0]: row[1] for row in session.execute(
            select(Candidate.id, Attempt.id).join(Attempt, Attempt.candidate_id == Candidate.id)
            .where(Candidate.exam_id == exam.id, Attempt.on_paper)
        )
    }  # fmt: skip
    answers = standing_answers(session, list(attempts.values()))
    essays = _essay_marks(session, exam)
    return {
        candidate: Standing(
            True, answers.get(attempt, {}), {key: dict(mark.marks) for key, mark in essays[attempt].items()}
        )
        for candidate, attempt in attempts.items()
    }


def _essay_marks(session: Session, exam: Exam) -> dict[int, dict[tuple[int, int], EssayMark]]:
    """By attempt: the standing mark of each (place, marker); marks that two agreed on are not the sheet's."""
    replaced = select(EssayMark.replaces_id).where(EssayMark.replaces_id.is_not(None))
    rows = session.execute(
        select(EssayMark, AttemptQuestion.attempt_id, AttemptQuestion.position)
        .join(AttemptQuestion, AttemptQuestion.id == EssayMark.question_id)
        .join(ExamPart, ExamPart.id == AttemptQuestion.part_id)
        .where(ExamPart.exam_id == exam.id, EssayMark.part != "agreed", EssayMark.id.not_in(replaced))
        .order_by(EssayMark.id)
    )  # fmt: skip
    found: dict[int, dict[tuple[int, int], EssayMark]] = defaultdict(dict)
    for mark, attempt, position in rows:
        found[attempt][(position, mark.marker_id or 0)] = mark
    return found


def bring_in(
    session: Session, actor: Actor, exam: Exam, source: Source, printed: Sequence[Printed], filled: Filled,
    markers: Sequence[ExamMarker], *, reason: str, digest: str,
) -> Brought:  # fmt: skip
    """Enter what a mark sheet without problems says. The same sheet again changes nothing; a change needs its reason.

    Raises ``RuleBroken`` where somebody on it sat on screen, or the exam takes no marks any more.
    """
    check_handles(session, actor, exam)
    if exam.status not in ("ready", "closed"):
        raise RuleBroken("นำผลเข้าได้เมื่อการสอบพร้อมสอบหรือปิดแล้ว และยังไม่ประกาศผล")
    by_id = {one.candidate.id: one for one in printed}
    attempts = _attempts(session, exam)
    there = {number for number, attempt in attempts.items() if attempt.on_paper}
    rows = {by_id[number].candidate: row for number, row in filled.rows.items() if row.present or number in there}
    _check(rows, attempts, exam)
    brought = Brought()
    questions = _questions(session, exam, source, [by_id[one.id] for one in rows], attempts, brought)
    changes = _enter_answers(session, _with_essays(rows, by_id), attempts, questions, brought)
    _enter_essays(session, exam, rows, attempts, questions, markers, brought, reason.strip())
    if brought.changed and not reason.strip():
        raise RuleBroken("ไฟล์นี้แก้ผลที่นำเข้าแล้ว %(count)s รายการ กรุณาระบุเหตุผล", count=brought.changed)
    if brought.new or brought.changed or brought.people:
        _receipts(session, [attempts[one.id] for one in rows])
        audit.append(
            session, actor, "assessments:exam:paper-marks", "Exam", exam.code,
            after={"file": digest, "people": brought.people, "new": brought.new, "changed": changes}, reason=reason.strip(),
        )  # fmt: skip
    return brought


def _attempts(session: Session, exam: Exam) -> dict[int, Attempt]:
    rows = session.execute(
        select(Attempt).join(Candidate, Candidate.id == Attempt.candidate_id).where(Candidate.exam_id == exam.id)
    ).scalars()  # fmt: skip
    return {attempt.candidate_id: attempt for attempt in rows}


def _check(rows: Mapping[Candidate, Standing], attempts: Mapping[int, Attempt], exam: Exam) -> None:
    now = clock.now()
    for candidate, row in rows.items():
        attempt = attempts.get(candidate.id)
        if attempt is not None and not attempt.on_paper:
            raise RuleBroken("ผู้สอบเลข %(number)s สอบในระบบแล้ว จึงนำผลจากกระดาษเข้าไม่ได้", number=candidate.number)
        if attempt is not None and row.present is False:
            raise RuleBroken("ผู้สอบเลข %(number)s มีผลจากกระดาษแล้ว จึงเปลี่ยนเป็นไม่มาสอบไม่ได้", number=candidate.number)
        if attempt is None and now < sitting_of(exam, candidate).opens_at:
            raise RuleBroken("ยังไม่ถึงเวลาสอบของผู้สอบเลข %(number)s จึงยังนำผลเข้าไม่ได้", number=candidate.number)


def _questions(
    session: Session, exam: Exam, source: Source, printed: Sequence[Printed], attempts: dict[int, Attempt],
    brought: Brought,
) -> dict[tuple[int, int], AttemptQuestion]:  # fmt: skip
    """The questions of these papers by (attempt, place); attempts that are not there yet are made with them."""
    fresh = [one for one in printed if one.candidate.id not in attempts]
    for one in fresh:
        sitting = sitting_of(exam, one.candidate)
        ends = rules.deadline(sitting, sitting.opens_at)
        attempts[one.candidate.id] = Attempt(
            candidate_id=one.candidate.id, on_paper=True, started_at=sitting.opens_at, deadline_at=ends,
            seen_at=sitting.opens_at, ended_at=ends, ending="submitted",
        )  # fmt: skip
    session.add_all(attempts[one.candidate.id] for one in fresh)
    session.flush()
    for one in fresh:
        session.add_all(
            AttemptQuestion(attempt_id=attempts[one.candidate.id].id, position=place, part_id=part, version_id=version)
            for place, (part, version) in enumerate(
                rules.draw(source.parts, one.candidate.seed, shuffle=exam.shuffle), 1
            )
        )
    session.flush()
    brought.people = len(fresh)
    ids = [attempts[one.candidate.id].id for one in printed]
    rows = session.scalars(select(AttemptQuestion).where(AttemptQuestion.attempt_id.in_(ids)))
    return {(row.attempt_id, row.position): row for row in rows}


def _with_essays(rows: Mapping[Candidate, Standing], by_id: Mapping[int, Printed]) -> dict[Candidate, Standing]:
    """The rows with a note for each essay of where it is: it waits for its markers, and is not taken for unanswered."""
    found = {}
    for candidate, row in rows.items():
        one = by_id[candidate.id]
        notes = {asked.position: {"text": f"{ON_SHEET} {one.code}"} for asked in one.asked if asked.type == "essay"}
        found[candidate] = Standing(row.present, {**row.answers, **notes}, row.essays)
    return found


def _enter_answers(
    session: Session, rows: Mapping[Candidate, Standing], attempts: Mapping[int, Attempt],
    questions: Mapping[tuple[int, int], AttemptQuestion], brought: Brought,
) -> list[list[Any]]:  # fmt: skip
    """Answers that are not there yet, or stand otherwise; which ones changed, as (number, place)."""
    now, changes = clock.now(), []
    ids = [attempts[candidate.id].id for candidate in rows]
    standing, turns = standing_answers(session, ids), _turns(session, ids)
    for candidate, row in rows.items():
        attempt = attempts[candidate.id]
        there = standing.get(attempt.id, {})
        for (number, place), question in questions.items():
            if number != attempt.id:
                continue
            response, before = row.answers.get(place, {}), there.get(place, {})
            if response == before:
                brought.same += bool(response)
                continue
            if str(response.get("text", "")).startswith(ON_SHEET):
                pass  # only says where the essay is
            elif before:
                brought.changed += 1
                changes.append([candidate.number, place])
            else:
                brought.new += 1
            session.add(Answer(
                question_id=question.id, page=PAGE, turn=turns.get(question.id, 0) + 1, response=response, saved_at=now
            ))  # fmt: skip
    session.flush()
    return changes


def _turns(session: Session, attempt_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Answer.question_id, Answer.turn).join(AttemptQuestion, AttemptQuestion.id == Answer.question_id)
        .where(AttemptQuestion.attempt_id.in_(attempt_ids), Answer.page == PAGE, counts()).order_by(Answer.turn)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def _enter_essays(
    session: Session, exam: Exam, rows: Mapping[Candidate, Standing], attempts: Mapping[int, Attempt],
    questions: Mapping[tuple[int, int], AttemptQuestion], markers: Sequence[ExamMarker], brought: Brought, reason: str,
) -> None:  # fmt: skip
    named = {marker.account_id: marker for marker in markers}
    away = by_candidate(kept_apart(session, exam))
    there = _essay_marks(session, exam)
    now = clock.now()
    for candidate, row in rows.items():
        attempt = attempts[candidate.id]
        given = dict(there[attempt.id])
        for (place, account_id), marks in sorted(row.essays.items()):
            before = given.get((place, account_id))
            if before is not None and dict(before.marks) == dict(marks):
                brought.same += 1
                continue
            marker = named[account_id]
            if account_id in away.get(candidate.id, ()):
                raise RuleBroken(
                    "%(name)s มีความเกี่ยวข้องกับผู้สอบเลข %(number)s จึงให้คะแนนข้อเขียนของผู้นี้ไม่ได้", name=marker.name,
                    number=candidate.number,
                )  # fmt: skip
            if before is not None:
                part = before.part
                brought.changed += 1
            else:
                taken = {mark.part for (other, _marker), mark in given.items() if other == place}
                part = "third" if marker.decides else "second" if "first" in taken else "first"
                brought.new += 1
                if part in taken or (part == "second" and exam.essay_markers == 1):
                    raise RuleBroken(
                        "ข้อ %(place)s ของผู้สอบเลข %(number)s มีผู้ตรวจครบแล้ว กรอกได้เท่าจำนวนผู้ตรวจที่กำหนด", place=place,
                        number=candidate.number,
                    )  # fmt: skip
            made = EssayMark(
                question_id=questions[(attempt.id, place)].id, part=part, marks=dict(marks), marker=marker.name,
                marker_id=account_id, marked_at=now, replaces_id=None if before is None else before.id,
                reason="" if before is None else (reason or "—"),
            )  # fmt: skip
            session.add(made)
            given[(place, account_id)] = made
    session.flush()


def _receipts(session: Session, attempts: Sequence[Attempt]) -> None:
    standing = standing_answers(session, [attempt.id for attempt in attempts])
    for attempt in attempts:
        digests = {
            place: hashlib.sha256(canonical_json(response).encode()).hexdigest()
            for place, response in standing.get(attempt.id, {}).items()
        }
        assert attempt.ended_at is not None
        attempt.receipt = rules.receipt(attempt.id, attempt.ended_at, digests, current_app.config["AUDIT_KEY"])
    session.flush()
