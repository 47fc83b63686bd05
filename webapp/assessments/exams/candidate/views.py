"""An officer's own exams: the list, before the start, the receipt, and the result once it is released."""

import datetime as dt
from fractions import Fraction
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from webapp import clock, thai
from webapp.accounts.access import current_actor, current_officer_id, requires
from webapp.assessments.bank.models import Item
from webapp.assessments.bank.presenting import present, without_key
from webapp.assessments.bank.queries import picture
from webapp.assessments.bank.shown import Rich, rich_for
from webapp.assessments.exams import taking
from webapp.assessments.exams.candidate import queries
from webapp.assessments.exams.candidate.queries import Own
from webapp.assessments.exams.candidate.turns import in_turn, token_of
from webapp.assessments.exams.candidate.words import (
    ENDING_WORDS,
    PART_NAMES,
    PHASE_KINDS,
    PHASES,
    STATE_WORDS,
    script_words,
)
from webapp.assessments.exams.models import Attempt
from webapp.assessments.exams.papers import mark_paper
from webapp.assessments.exams.results import changes_of, questions_of
from webapp.assessments.views import blueprint, said
from webapp.coaching.words import hours_and_minutes
from webapp.database import db, only_reading
from webapp.errors import NotFound, RuleBroken
from webapp.files.sending import send

EXAM = "/my/exams/<code>"


@blueprint.app_context_processor
def _candidate_words() -> dict[str, Any]:
    return {
        "phase_words": PHASES,
        "phase_kinds": PHASE_KINDS,
        "clock_time": thai.clock_time,
        "hours_and_minutes": hours_and_minutes,
    }


def own_place(code: str) -> Own:
    """The exam of the address, of whoever is signed in. Raises ``NotFound`` for everybody else."""
    officer = current_officer_id()
    if officer is None:
        raise NotFound()
    return queries.own_exam(db.session, officer, code)


def rich_of(code: str) -> Rich:
    """Texts of one's own paper with their pictures."""
    return rich_for(lambda sha256: url_for("assessments.exam_picture", code=code, sha256=sha256))


def has_running(own: Own) -> bool:
    """Whether the candidate writes now."""
    return own.phase(clock.now()) == "writing"


@blueprint.get("/my/exams")
@requires("assessments:attempt:take")
def my_exams() -> Any:
    """One's exams: what can be entered now first, then what is to come, then what is over."""
    officer = current_officer_id()
    now = clock.now()
    found = queries.own_exams(db.session, officer) if officer is not None else []
    order = ("writing", "over", "open", "upcoming", "finished", "paper", "released", "missed")
    groups = (
        (_("ต้องทำตอนนี้"), ("writing", "over", "open")),
        (_("ที่จะถึง"), ("upcoming",)),
        (_("ที่ผ่านมา"), ("finished", "paper", "released", "missed")),
    )
    rows = [(own, own.phase(now)) for own in found]
    rows.sort(key=lambda row: order.index(row[1]))
    shown = [(title, [row for row in rows if row[1] in phases]) for title, phases in groups]
    return render_template("assessments/exams/candidate/exams.html", groups=[group for group in shown if group[1]])


@blueprint.get(EXAM)
@requires("assessments:attempt:take")
def exam_door(code: str) -> Any:
    """Before the start: what is asked of the candidate. Afterwards the page that fits."""
    own = own_place(code)
    phase = own.phase(clock.now())
    if phase in ("over", "finished"):
        return redirect(url_for(".exam_receipt", code=code), 303)
    if phase == "released":
        return redirect(url_for(".exam_result", code=code), 303)
    return _door(own, phase)


def _door(own: Own, phase: str, error: str = "") -> Any:
    sitting = own.sitting
    answer = render_template(
        "assessments/exams/candidate/start.html", own=own, exam=own.exam, phase=phase, error=error, sitting=sitting,
        count=_count(own.exam.id), typed=request.form.get("code", ""), told=request.form.get("agreed") == "yes",
        latest=sitting.closes_at + dt.timedelta(minutes=sitting.extra_minutes),
    )  # fmt: skip
    return (answer, 422) if error else answer


def _count(exam_id: int) -> int:
    return sum(part.draw for part in taking.parts_of(db.session, exam_id))


@blueprint.post(f"{EXAM}/start")
@requires("assessments:attempt:take")
def exam_start(code: str) -> Any:
    """Begin, or go on: two presses, or two computers, are one attempt."""
    with only_reading():
        begun = own_place(code).attempt is not None
    if not begun and request.form.get("agreed") != "yes":
        own = own_place(code)
        return _door(own, own.phase(clock.now()), _("กรุณาอ่านข้อปฏิบัติและทำเครื่องหมายรับทราบก่อนเริ่มสอบ"))
    try:
        in_turn(lambda: _begin(code))
    except RuleBroken as refused:
        own = own_place(code)
        return _door(own, own.phase(clock.now()), said(refused))
    return redirect(url_for(".exam_questions", code=code), 303)


def _begin(code: str) -> Attempt:
    own = own_place(code)
    return taking.start(db.session, current_actor(), own.candidate, code=request.form.get("code", ""))


@blueprint.get(f"{EXAM}/receipt")
@requires("assessments:attempt:take")
def exam_receipt(code: str) -> Any:
    """That it was handed in: when, how it ended, the code that stands for exactly these answers."""
    own = own_place(code)
    if own.attempt is None or own.phase(clock.now()) in ("writing", "paper"):
        return redirect(url_for(".exam_door", code=code), 303)
    paper = queries.paper_of(db.session, own.attempt.id)
    account = current_actor().account_id or 0
    return render_template(
        "assessments/exams/candidate/receipt.html", own=own, exam=own.exam, attempt=own.attempt, paper=paper,
        answered=sum(row.answered for row in paper), late=queries.late_count(db.session, own.attempt.id),
        ending_words=ENDING_WORDS, token=token_of(code, account), words=script_words(),
    )  # fmt: skip


@blueprint.get(f"{EXAM}/result")
@requires("assessments:attempt:take")
def exam_result(code: str) -> Any:
    """After release: what the exam lets candidates see, and never the key."""
    own = own_place(code)
    if own.attempt is None or own.exam.status != "released":
        return redirect(url_for(".exam_door", code=code), 303)
    shows, exam, attempt = own.exam.shows, own.exam, own.attempt
    asked = {} if shows == "nothing" else questions_of(db.session, exam, [attempt.id])
    marked = mark_paper(asked.get(attempt.id, ()), changes_of(db.session, exam))
    paper = queries.paper_of(db.session, attempt.id) if shows != "nothing" else []
    passed = None
    if exam.pass_percent is not None and marked.percent is not None:
        passed = marked.percent >= Fraction(exam.pass_percent)
    return render_template(
        "assessments/exams/candidate/result.html", own=own, exam=exam, attempt=attempt, shows=shows, marked=marked, passed=passed,
        lines=_lines(own, paper, marked) if shows != "nothing" else [], rich=rich_of(code), part_names=PART_NAMES,
        state_words=STATE_WORDS, essays=queries.essay_marks_of(db.session, attempt.id) if shows != "nothing" else {},
    )  # fmt: skip


def _lines(own: Own, paper: list[queries.Asked], marked: Any) -> list[Any]:
    """Each question with its mark; with the question and the answer as words where the exam allows it."""
    marks = {one.position: one for one in marked.questions}
    found = []
    for asked in paper:
        shown = None
        if own.exam.shows == "answers":
            shown = present(asked.document, f"{own.candidate.seed}:{asked.version_id}")
        found.append((asked, marks[asked.position], shown, answer_lines(shown, asked.response) if shown else []))
    return found


def answer_lines(shown: Any, response: Any) -> list[tuple[Any, Any]]:
    """An answer as rows that ``rich`` or the page shows: (what it belongs to, what was answered)."""
    rows = {row.id: row for part in shown.parts.values() for row in part}
    if not response:
        return []
    match shown.type:
        case "single" | "true-false":
            return [(None, rows[response["choice"]])]
        case "multiple":
            return [(None, rows[name]) for name in response["choices"]]
        case "matching":
            return [(rows[source], rows[target]) for source, target in response["pairs"]]
        case "ordering":
            return [(str(place), rows[name]) for place, name in enumerate(response["order"], 1) if name]
    return [(None, str(response.get("value", response.get("text", ""))))]


@blueprint.get(f"{EXAM}/pictures/<sha256>")
@requires("assessments:attempt:take")
def exam_picture(code: str, sha256: str) -> Any:
    """A picture of one's own paper: of its questions, never of their keys; while one writes, or once answers are shown."""
    own = own_place(code)
    allowed = has_running(own) or (own.exam.status == "released" and own.exam.shows == "answers")
    if own.attempt is None or not allowed:
        raise NotFound()
    for asked in queries.paper_of(db.session, own.attempt.id):
        if sha256 in str(without_key(asked.document)):
            return send(picture(db.session, db.session.get_one(Item, asked.item_id), sha256).file)
    raise NotFound()


from webapp.assessments.exams.candidate import writing as _writing  # noqa: E402, F401
