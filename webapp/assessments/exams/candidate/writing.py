"""Writing an exam: the paper, saving as one writes, looking it over, handing it in.

With scripts the page holds the whole paper and sends every answer as it changes; without them each page is a form that is
saved when one goes on. Both end in the same rules (``saving.keep``), and nothing is called saved before it is committed.
"""

import datetime as dt
import re
import uuid
from typing import Any

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from webapp import audit, clock, thai
from webapp.accounts.access import current_actor, requires
from webapp.assessments.bank.presenting import present
from webapp.assessments.exams import saving, setting, taking
from webapp.assessments.exams.candidate import queries
from webapp.assessments.exams.candidate.queries import Asked, Own
from webapp.assessments.exams.candidate.turns import in_turn, token_of, with_own_token
from webapp.assessments.exams.candidate.views import EXAM, own_place, rich_of
from webapp.assessments.exams.candidate.words import SCRIPT_WORDS, script_words
from webapp.assessments.exams.models import Attempt
from webapp.assessments.views import blueprint
from webapp.database import db, only_reading
from webapp.errors import BadInput, NotFound
from webapp.language import COOKIE, LANGUAGES

PAGE_NAME = re.compile(r"[A-Za-z0-9-]{8,40}")
LARGEST_TURN = 2**31 - 1
LONGEST_AWAY_S = 24 * 3600


@blueprint.get(f"{EXAM}/questions")
@requires("assessments:attempt:take")
def exam_questions(code: str) -> Any:
    """The whole paper on one page, or its first question."""
    own = own_place(code)
    if own.attempt is None or own.phase(clock.now()) != "writing":
        return redirect(url_for(".exam_door", code=code), 303)
    if own.exam.one_per_page:
        return redirect(url_for(".exam_question", code=code, position=1), 303)
    return _paper_page(own, 0)


@blueprint.get(f"{EXAM}/questions/<int:position>")
@requires("assessments:attempt:take")
def exam_question(code: str, position: int) -> Any:
    """One question; the page's script holds the others ready, so that a broken network stops nobody."""
    own = own_place(code)
    if position < 1:
        raise NotFound()
    if own.attempt is None or own.phase(clock.now()) != "writing":
        return redirect(url_for(".exam_door", code=code), 303)
    return _paper_page(own, position)


def _paper_page(own: Own, position: int) -> Any:
    assert own.attempt is not None
    paper = queries.paper_of(db.session, own.attempt.id)
    if position > len(paper):
        raise NotFound()
    shown = [(asked, _shown(own, asked)) for asked in paper]
    left = _seconds_left(own.attempt)
    return render_template(
        "assessments/exams/candidate/paper.html", own=own, exam=own.exam, attempt=own.attempt, here=position,
        page=str(uuid.uuid4()), rich=rich_of(own.exam.code), token=token_of(own.exam.code, current_user.id), left=left,
        questions=[(asked, one, one.typed(asked.response, f"q{asked.position}")) for asked, one in shown],
        words=script_words(), answered=sum(asked.answered for asked in paper),
        left_words=_clock(left),
    )  # fmt: skip


def _seconds_left(attempt: Attempt) -> int:
    return max(0, int((attempt.deadline_at - clock.now()).total_seconds()))


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def _shown(own: Own, asked: Asked) -> Any:
    return present(asked.document, f"{own.candidate.seed}:{asked.version_id}")


# Without scripts: save, and go on


@blueprint.post(f"{EXAM}/questions/<int:position>")
@with_own_token
@requires("assessments:attempt:take")
def exam_save_page(code: str, position: int) -> Any:
    """Save the question of the page (0: all of them) and go where the button says."""
    received_at = clock.now()
    with only_reading():
        own = own_place(code)
        if own.attempt is None or own.attempt.on_paper:
            raise NotFound()
        attempt_id = own.attempt.id
        paper = queries.paper_of(db.session, attempt_id)
        if position > len(paper):
            raise NotFound()
        given = _changed(own, [asked for asked in paper if position in (0, asked.position)], received_at)
    saved = in_turn(lambda: [
        saving.keep(db.session, attempt_id, one, known, received_at=received_at) for one, known in given
    ]) if given else []  # fmt: skip
    if any(one.late for one in saved):
        return redirect(url_for(".exam_receipt", code=code), 303)
    aside = [one.standing_at for one in saved if one.aside]
    if aside:
        flash(str(SCRIPT_WORDS["aside"]).format(_second(aside[0])), "warning")
    else:
        flash(_("บันทึกแล้ว %(time)s", time=_second(received_at)), "good")
    return _go_on(code, position, len(paper), aside=bool(aside))


def _changed(own: Own, asked: list[Asked], received_at: dt.datetime) -> list[tuple[saving.Given, saving.Known]]:
    """The answers of the form that are not what stands already, each with the next count of its page.

    A form sent again after going back is a new answer; the same form sent twice at once is one.
    """
    page, attempt = _page_name(), own.attempt
    assert attempt is not None
    turns = queries.last_turns(db.session, attempt.id, page)
    found = []
    for one in asked:
        name, n = f"q{one.position}", one.position
        cleared = request.form.get("clear") == str(n)
        given = saving.Given(
            one.id, {} if cleared else _shown(own, one).read(request.form, name), page, turns.get(one.id, 0) + 1,
            _number(request.form.get(f"based-{n}")), request.form.get(f"flag-{n}") == "yes",
        )  # fmt: skip
        known = saving.Known(
            attempt.ended_at, attempt.deadline_at, attempt.seen_at, one.flagged, one.answer_id, dict(one.response),
            one.saved_at,
        )  # fmt: skip
        if (given.response, given.flagged) != (known.standing_response, known.flagged):
            found.append((given, known))
    return found


def _second(moment: Any) -> str:
    return thai.clock_time(moment, seconds=True)


def _page_name() -> str:
    name = request.form.get("page", "")
    if not PAGE_NAME.fullmatch(name):
        raise BadInput("หน้านี้ส่งคำตอบมาไม่ครบ กรุณาเปิดหน้านี้ใหม่")
    return name


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 11 else 0


def _go_on(code: str, position: int, count: int, *, aside: bool) -> Any:
    go = request.form.get("go", "stay")
    if go in ("review", "submit") and not aside:
        answer = redirect(url_for(f".exam_{go}", code=code), 303)
    elif position == 0:
        answer = redirect(
            url_for(".exam_questions", code=code, _anchor=f"question-{go}" if go.isdigit() else None), 303
        )
    else:
        wanted = position if aside or not go.isdigit() else min(max(1, int(go[:6])), count)
        answer = redirect(url_for(".exam_question", code=code, position=wanted), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        answer = make_response(answer)
        answer.set_cookie(
            COOKIE, chosen, max_age=365 * 24 * 3600, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return answer


# With scripts: each answer as it changes


@blueprint.post(f"{EXAM}/save")
@with_own_token
@requires("assessments:attempt:take")
def exam_save(code: str) -> Any:
    """Keep one answer. What is read comes first, outside the turn; the turn holds nothing but the writing."""
    received_at = clock.now()
    turn, position = _number(request.form.get("turn")), _number(request.form.get("position"))
    if not 0 < turn <= LARGEST_TURN or not 0 < position < 10_000:
        raise NotFound()
    page, flagged = _page_name(), request.form.get("flagged")
    with only_reading():
        place = queries.place_of(db.session, current_user.id, code, position)
    known, shown = place.known, present(place.document, f"{place.seed}:{place.version_id}")
    given = saving.Given(
        place.question_id, shown.read(request.form, f"q{position}"), page, turn, _number(request.form.get("based")),
        None if flagged is None else flagged == "yes",
    )  # fmt: skip
    if known.holds(given, received_at):
        saved = saving.said_already(known, received_at)
    else:
        saved = in_turn(lambda: saving.keep(db.session, place.attempt_id, given, known, received_at=received_at))
    return jsonify(
        saved=True, at=_second(saved.at), late=saved.late, aside=saved.aside, standing=saved.standing_id,
        standing_at=_second(saved.standing_at), remaining=saved.remaining,
    )  # fmt: skip


@blueprint.post(f"{EXAM}/here")
@with_own_token
@requires("assessments:attempt:take")
def exam_here(code: str) -> Any:
    """The page is there: told every 15 seconds, with how often it lost the focus. The answer corrects its clock.

    An attempt whose time is over ends here, with the answers that were in time.
    """
    with only_reading():
        own, now = own_place(code), clock.now()
        if own.attempt is None or own.attempt.on_paper:
            raise NotFound()
        attempt_id, ended = own.attempt.id, own.attempt.ended_at is not None
        left = 0.0 if ended else max(0.0, (own.attempt.deadline_at - now).total_seconds())
        away = _absence(own)
    if not ended:
        ended = in_turn(
            lambda: _present(code, attempt_id, away) if left else taking.end_if_over(db.session, attempt_id)
        )
    return jsonify(ended=ended, remaining=left, at=_second(now))


def _absence(own: Own) -> str:
    """What to note of the times the page lost the focus; empty where there is nothing, or the exam does not ask."""
    times = min(_number(request.form.get("away")), 999)
    if not own.exam.lockdown or not times:
        return ""
    seconds = min(_number(request.form.get("away_seconds")), LONGEST_AWAY_S)
    return f"ออกจากหน้าสอบ {times} ครั้ง รวม {seconds} วินาที"


def _present(code: str, attempt_id: int, away: str) -> bool:
    taking.seen(db.session, attempt_id)
    if away:
        own = own_place(code)
        setting.note(db.session, audit.SYSTEM, own.exam, "focus-lost", away, own.candidate)
    return False


# Looking it over, handing it in


@blueprint.get(f"{EXAM}/review")
@requires("assessments:attempt:take")
def exam_review(code: str) -> Any:
    """What is answered, what is not, what was flagged."""
    return _overview(code, "assessments/exams/candidate/review.html")


@blueprint.get(f"{EXAM}/submit")
@requires("assessments:attempt:take")
def exam_submit(code: str) -> Any:
    """The last look before handing in: how many are answered. There is no way back afterwards."""
    return _overview(code, "assessments/exams/candidate/submit.html")


def _overview(code: str, template: str) -> Any:
    own = own_place(code)
    if own.attempt is None or own.phase(clock.now()) != "writing":
        return redirect(url_for(".exam_door", code=code), 303)
    paper = queries.paper_of(db.session, own.attempt.id)
    return render_template(
        template, own=own, exam=own.exam, attempt=own.attempt, paper=paper, answered=sum(row.answered for row in paper),
        flagged=sum(row.flagged for row in paper), token=token_of(code, current_user.id),
        left_words=_clock(_seconds_left(own.attempt)), words=script_words(),
    )  # fmt: skip


@blueprint.post(f"{EXAM}/submit")
@with_own_token
@requires("assessments:attempt:take")
def exam_hand_in(code: str) -> Any:
    """Hand in, once: pressed twice or sent again, the receipt is the same."""
    with only_reading():
        own = own_place(code)
        if own.attempt is None or own.attempt.on_paper:
            raise NotFound()
        attempt_id = own.attempt.id
    actor = current_actor()
    in_turn(lambda: taking.submit(
        db.session, actor, db.session.get_one(Attempt, attempt_id), key=f"hand-in-{attempt_id}",
    ))  # fmt: skip
    return redirect(url_for(".exam_receipt", code=code), 303)
