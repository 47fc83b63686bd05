"""Rules of development plans: what state one is in, what must stand in it, who may agree, what may still change.

The minutes ask for a development plan beside every job profile (3.2, 7.2); its course of agreement is ours.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from webapp.errors import RuleBroken

STATES = ("draft", "proposed", "returned", "agreed", "in-progress", "closed")
EDITION_STATES = ("draft", "proposed", "returned", "agreed", "superseded")
GAP_KINDS = ("criterion", "competency", "other")
NOTE_KINDS = ("note", "done", "not-done", "reopened")
LINE_STATES = ("open", "done", "not-done")

ACTIONS = (
    "assignment", "rotation", "project", "coaching", "mentoring", "shadowing", "course", "self-study", "assessment", "other",
)  # fmt: skip
SHARES = (70, 20, 10)
"""Where one learns: 70 in the work itself, 20 from others, 10 from courses (ours: a way to see the balance, no quota)."""

USUAL_SHARE = {
    "assignment": 70, "rotation": 70, "project": 70, "coaching": 20, "mentoring": 20, "shadowing": 20, "course": 10,
    "self-study": 10,
}  # fmt: skip
"""The share an action usually belongs to; the others have none."""

MOST_LINES = 20
"""Items of one plan (ours): more than anybody does in a year."""

LONGEST = dt.timedelta(days=3 * 366)
"""How long a plan may run (ours): three years, the reach of the workforce plan's bench."""


class Edition(Protocol):
    """The part of a version of a plan that decides what may be done."""

    @property
    def number(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def starts_on(self) -> dt.date: ...
    @property
    def ends_on(self) -> dt.date: ...


class Line(Protocol):
    """The part of an item that a proposal is checked by."""

    @property
    def action(self) -> str: ...
    @property
    def due_on(self) -> dt.date | None: ...
    @property
    def measure(self) -> str: ...


def state_of(newest: str, *, agreed_before: bool, progress: bool, closed: bool) -> str:
    """The state of a plan: that of its newest version, unless an agreed one is in force beside it.

    Once agreed, a plan stays agreed (``in-progress`` after the first note) while a change of it waits for agreement.
    """
    if closed:
        return "closed"
    if newest == "agreed" or agreed_before:
        return "in-progress" if progress else "agreed"
    return newest


def line_state(kinds: Sequence[str]) -> str:
    """Whether an item is ``open``, ``done`` or ``not-done``, from its notes, oldest first."""
    state = "open"
    for kind in kinds:
        state = {"done": "done", "not-done": "not-done", "reopened": "open"}.get(kind, state)
    return state


def check_period(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise ``RuleBroken`` for a period that ends before it begins or runs longer than three years."""
    if ends_on <= starts_on:
        raise RuleBroken("วันสิ้นสุดของแผนต้องอยู่หลังวันเริ่ม")
    if ends_on - starts_on > LONGEST:
        raise RuleBroken("แผนหนึ่งฉบับมีระยะเวลาได้ไม่เกินสามปี")


def check_may_write(edition: Edition, closed: bool) -> None:
    """Raise ``RuleBroken`` while the version is with the mentor or head, or the plan is closed."""
    if closed:
        raise RuleBroken("แผนนี้ปิดแล้ว จึงแก้ไขไม่ได้")
    if edition.state == "proposed":
        raise RuleBroken("แผนนี้เสนอแล้วและรอความเห็นชอบ หากต้องการแก้ไข กรุณาถอนการเสนอก่อน")


def check_line(edition: Edition, *, action: str, due_on: dt.date | None) -> None:
    """Raise ``RuleBroken`` for an item without an action, or with a day outside the plan's period."""
    if not action.strip():
        raise RuleBroken("กรุณาระบุสิ่งที่จะทำ")
    if due_on is not None and not edition.starts_on <= due_on <= edition.ends_on:
        raise RuleBroken("กำหนดเสร็จต้องอยู่ในช่วงเวลาของแผน")


def check_proposal(edition: Edition, lines: Sequence[Line], *, change: str, asked: bool) -> None:
    """Raise ``RuleBroken`` for a plan that cannot be proposed: nothing in it, no day, no measure, nobody asked.

    A change of an agreed plan says why.
    """
    if edition.state not in ("draft", "returned"):
        raise RuleBroken("แผนฉบับนี้เสนอไปแล้ว")
    if not lines:
        raise RuleBroken("แผนยังไม่มีรายการ กรุณาเพิ่มอย่างน้อยหนึ่งรายการก่อนเสนอ")
    for number, line in enumerate(lines, start=1):
        check_line(edition, action=line.action, due_on=line.due_on)
        if line.due_on is None or not line.measure.strip():
            raise RuleBroken("รายการที่ %(number)s ยังไม่มีกำหนดเสร็จหรือตัววัดความสำเร็จ กรุณาเติมให้ครบก่อนเสนอ", number=number)
    if edition.number > 1 and not change.strip():
        raise RuleBroken("กรุณาระบุเหตุผลของการเปลี่ยนแผนที่เห็นชอบแล้ว")
    if not asked:
        raise RuleBroken("กรุณาเลือกพี่เลี้ยงหรือผู้บังคับบัญชาที่จะขอความเห็นชอบ")


def check_decision(edition: Edition, *, own: bool, agree: bool, reason: str) -> None:
    """Raise ``RuleBroken`` for one's own plan, one that does not wait, or a return without a reason."""
    if own:
        raise RuleBroken("ไม่มีผู้ใดให้ความเห็นชอบแผนของตนเองได้")
    if edition.state != "proposed":
        raise RuleBroken("แผนนี้ไม่ได้รอความเห็นชอบ หรือมีผู้พิจารณาไปแล้ว")
    if not agree and not reason.strip():
        raise RuleBroken("กรุณาระบุเหตุผลที่ส่งคืน เพื่อให้เจ้าของแผนแก้ไขได้")


def check_progress(*, agreed: bool, closed: bool, kind: str, text: str, now: str) -> None:
    """Raise ``RuleBroken`` for progress on a plan not in force, without words, or not done without a reason."""
    if closed:
        raise RuleBroken("แผนนี้ปิดแล้ว จึงบันทึกความก้าวหน้าไม่ได้")
    if not agreed:
        raise RuleBroken("บันทึกความก้าวหน้าได้เมื่อแผนได้รับความเห็นชอบแล้ว")
    if kind not in NOTE_KINDS:
        raise RuleBroken("กรุณาเลือกสิ่งที่จะบันทึก")
    if kind == "note" and not text.strip():
        raise RuleBroken("กรุณาเขียนความก้าวหน้า")
    if kind == "not-done" and not text.strip():
        raise RuleBroken("กรุณาระบุเหตุผลที่ไม่ได้ทำ")
    if kind == {"done": "done", "not-done": "not-done", "open": "reopened"}[now]:
        raise RuleBroken("รายการนี้บันทึกผลเช่นนี้ไว้แล้ว")


def check_close(*, closed: bool, agreed: bool, own: bool, text: str) -> str:
    """How a plan is closed: ``reviewed`` by mentor or head, ``ended`` by its owner. Raises ``RuleBroken``.

    Only a plan that was agreed is reviewed; its owner may end it at any time, with a reason.
    """
    if closed:
        raise RuleBroken("แผนนี้ปิดแล้ว")
    if not text.strip():
        if own:
            raise RuleBroken("กรุณาระบุเหตุผลที่ยุติแผน")
        raise RuleBroken("กรุณาสรุปผลการทบทวนแผน")
    if not own and not agreed:
        raise RuleBroken("ทบทวนและปิดได้เฉพาะแผนที่เห็นชอบแล้ว")
    return "ended" if own else "reviewed"
