"""Saving an answer: one statement under the database's lock, because everybody in the hall waits for it in turn.

What the statement needs to know (has the attempt ended, which answer stands) it asks in itself, so that nothing read
before the lock can be out of date. ``known_of`` reads beforehand only to see that there is nothing to write at all.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Integer, String, and_, bindparam, case, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp import clock
from webapp.assessments.bank.models import ItemVersion
from webapp.assessments.bank.responses import tidy
from webapp.assessments.exams import rules
from webapp.assessments.exams.models import Answer, Attempt, AttemptQuestion
from webapp.assessments.exams.taking import counts
from webapp.database import Json, UtcTime
from webapp.errors import Conflict, NotFound

SEEN_EVERY = dt.timedelta(seconds=10)
"""An answer writes down that its page is there at most this often (ours): one write fewer for most answers."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a page sent it: its question, what was answered, the page's name and count, the answer it was based on.

    ``based`` is the answer that stood when the page last heard (0: none); None where the page does not say.
    """

    question_id: int
    response: dict[str, Any]
    page: str
    turn: int
    based: int | None = None
    flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What the server did with an answer: kept at this time; ``late`` where the attempt had ended before it came.

    ``aside``: kept, but another page has saved a newer answer, which stands; ``standing_id`` names the one that stands.
    """

    at: dt.datetime
    late: bool
    remaining: float
    aside: bool = False
    standing_id: int = 0
    standing_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of an attempt and the answer that stands for one of its questions."""

    ended_at: dt.datetime | None
    deadline_at: dt.datetime
    seen_at: dt.datetime
    flagged: bool
    standing_id: int
    standing_response: dict[str, Any]
    standing_at: dt.datetime | None

    def remaining(self, now: dt.datetime) -> float:
        """Seconds left; none where the attempt has ended."""
        return 0.0 if self.ended_at is not None else max(0.0, (self.deadline_at - now).total_seconds())

    def holds(self, given: Given, received_at: dt.datetime) -> bool:
        """Whether nothing at all would change: the same answer stands, flagged alike, the page seen lately."""
        return (
            given.response == self.standing_response
            and given.flagged in (None, self.flagged)
            and received_at - self.seen_at < SEEN_EVERY
        )


# The statements are put together once: doing it anew for every answer costs more than running them.

_LAST = select(func.max(Answer.id)).where(Answer.question_id == bindparam("question_id"), counts()).scalar_subquery()
_KNOWN = (
    select(Attempt.ended_at, Attempt.deadline_at, Attempt.seen_at, AttemptQuestion.flagged, Answer.id, Answer.response,
           Answer.saved_at)
    .join(AttemptQuestion, AttemptQuestion.attempt_id == Attempt.id)
    .outerjoin(Answer, Answer.id == _LAST)
    .where(Attempt.id == bindparam("attempt_id"), AttemptQuestion.id == bindparam("question_id"))
)  # fmt: skip


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer())


def _adding() -> Any:
    """Add the answer unless this page has sent it, or a later one, already, or the same stands; say what became of it."""
    stands, response, at = aliased(Answer), bindparam("response", type_=Json()), bindparam("saved_at", type_=UtcTime())
    page, turn, question = bindparam("page", type_=String()), _number("turn"), _number("question_id")
    newer = and_(stands.page != page, stands.id > _number("based"))
    sent = select(Answer.id).where(Answer.question_id == question, Answer.page == page, Answer.turn >= turn)
    rows = (
        select(
            question, page, turn, response, at,
            or_(Attempt.ended_at.is_not(None), Attempt.deadline_at < at), case((newer, True), else_=False),
        )
        .select_from(Attempt)
        .outerjoin(stands, stands.id == _LAST)
        .where(
            Attempt.id == bindparam("attempt_id"), ~sent.exists(),
            func.coalesce(stands.response, literal({}, Json())) != response,
        )
    )  # fmt: skip
    columns = ["question_id", "page", "turn", "response", "saved_at", "late", "aside"]
    return insert(Answer.__table__).from_select(columns, rows).returning(Answer.id, Answer.late, Answer.aside)


_ADDING = _adding()
_SEEN = update(Attempt.__table__).where(Attempt.id == bindparam("attempt_id")).values(seen_at=bindparam("now"))
_FLAGGED = (
    update(AttemptQuestion.__table__)
    .where(AttemptQuestion.id == bindparam("question_id"))
    .values(flagged=bindparam("flag"))
)


def known_of(session: Session, attempt_id: int, question_id: int) -> Known:
    """The attempt, the question's flag and its standing answer."""
    return known_from(session.execute(_KNOWN, {"attempt_id": attempt_id, "question_id": question_id}).one())


def known_from(row: Any) -> Known:
    """The same from a row that was read in this order."""
    return Known(row[0], row[1], row[2], row[3], row[4] or 0, row[5] or {}, row[6])


def said_already(known: Known, received_at: dt.datetime) -> Saved:
    """What to say where nothing had to be written."""
    left = known.remaining(received_at)
    return Saved(known.standing_at or received_at, False, left, False, known.standing_id, known.standing_at)


def save(
    session: Session, attempt: Attempt, position: int, raw: Any, *, page: str, turn: int, based: int | None = None,
    flagged: bool | None = None,
) -> Saved:  # fmt: skip
    """Keep an answer to the question at ``position``; see :func:`keep`. Raises ``NotFound`` where the paper has no such one."""
    row = session.execute(
        select(AttemptQuestion.id, ItemVersion.document)
        .join(ItemVersion, ItemVersion.id == AttemptQuestion.version_id)
        .where(AttemptQuestion.attempt_id == attempt.id, AttemptQuestion.position == position)
    ).one_or_none()
    if row is None:
        raise NotFound()
    given, now = Given(row.id, tidy(row.document, raw), page, turn, based, flagged), clock.now()
    return keep(session, attempt.id, given, known_of(session, attempt.id, row.id), received_at=now)


def keep(session: Session, attempt_id: int, given: Given, known: Known, *, received_at: dt.datetime) -> Saved:
    """Keep an answer that reached the server at ``received_at``, in one short transaction of the caller's.

    The same page and turn again changes nothing and says when it was kept; with another content it is refused (promise 2).
    One that comes after the end is kept, marked late and not scored (promise 11). One from a page that had not heard of
    another page's newer answer is kept aside and does not stand. What stands already is not written again.
    ``known`` may be older than the lock: nothing that counts is taken from it.
    """
    if session.get_bind().dialect.name != "sqlite":  # there, the transaction holds the one lock from its beginning
        session.execute(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    made = session.execute(_ADDING, {
        "attempt_id": attempt_id, "question_id": given.question_id, "page": given.page, "turn": given.turn,
        "response": given.response, "saved_at": received_at, "based": given.based,
    }).one_or_none()  # fmt: skip
    late = made.late if made is not None else known.ended_at is not None
    if not late:
        _note(session, attempt_id, given, known, received_at)
    if made is None:
        return _kept_before(session, attempt_id, given, received_at)
    if late or made.aside:
        now = known_of(session, attempt_id, given.question_id)
        left = 0.0 if late else now.remaining(received_at)
        return Saved(received_at, late, left, made.aside, now.standing_id, now.standing_at)
    return Saved(received_at, False, known.remaining(received_at), False, made.id, received_at)


def _note(session: Session, attempt_id: int, given: Given, known: Known, now: dt.datetime) -> None:
    """That the page is there, and the question's flag, where they have changed."""
    if now - known.seen_at >= SEEN_EVERY:
        session.execute(_SEEN, {"attempt_id": attempt_id, "now": now})
    if given.flagged is not None and given.flagged != known.flagged and rules.in_time(now, known.deadline_at):
        session.execute(_FLAGGED, {"question_id": given.question_id, "flag": given.flagged})


def _kept_before(session: Session, attempt_id: int, given: Given, received_at: dt.datetime) -> Saved:
    """What became of an answer that was not added: sent before, overtaken by a later one of its page, or standing already."""
    now = known_of(session, attempt_id, given.question_id)
    before = session.execute(
        select(Answer.turn, Answer.response, Answer.saved_at, Answer.late, Answer.aside)
        .where(Answer.question_id == given.question_id, Answer.page == given.page, Answer.turn >= given.turn)
        .order_by(Answer.turn.desc())
        .limit(1)
    ).one_or_none()
    if before is None:
        return said_already(now, received_at)
    if before.turn == given.turn and before.response != given.response:
        raise Conflict("หน้านี้ส่งคำตอบลำดับเดียวกันมาแล้วด้วยเนื้อหาอื่น กรุณาเปิดหน้านี้ใหม่")
    left = now.remaining(received_at)
    return Saved(before.saved_at, before.late, left, before.aside, now.standing_id, now.standing_at)
