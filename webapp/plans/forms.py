"""Forms of the plans room."""

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.fields import ReasonField, Required, ThaiDateField
from webapp.plans.words import ACTIONS, SHARES


class FrameForm(FlaskForm):
    """The aim and the period of a plan."""

    starts_on = ThaiDateField(_l("วันเริ่มของแผน"), [Required()])
    ends_on = ThaiDateField(_l("วันสิ้นสุดของแผน"), [Required()])
    aim = TextAreaField(_l("เป้าหมายของท่าน"), [Optional(), Length(max=4000)])
    version = HiddenField()

    def said(self) -> dict[str, Any]:
        """What the operations take."""
        return {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data, "aim": text(self.aim.data)}


class BeginForm(FrameForm):
    """The same for a new plan, with the post it is for."""

    post = SelectField(_l("ตำแหน่งเป้าหมาย"), [Required()])


class ItemForm(FlaskForm):
    """One item: the gap, the action, by when, how success is seen, what support is needed."""

    gap = SelectField(_l("ช่องว่างที่จะเติม"))
    current = StringField(_l("ปัจจุบัน"), [Optional(), Length(max=300)])
    expected = StringField(_l("ที่คาดหวัง"), [Optional(), Length(max=300)])
    action_kind = SelectField(_l("วิธีพัฒนา"), [Required()], choices=list(ACTIONS.items()))
    action = TextAreaField(_l("สิ่งที่จะทำ"), [Required(), Length(max=2000)])
    due_on = ThaiDateField(_l("กำหนดเสร็จ"), [Optional()])
    measure = TextAreaField(_l("ตัววัดความสำเร็จ"), [Optional(), Length(max=2000)])
    support = TextAreaField(_l("การสนับสนุนที่ต้องการ"), [Optional(), Length(max=2000)])
    share = SelectField(
        _l("สัดส่วน 70/20/10"),
        [Optional()],
        choices=[("", _l("ไม่ระบุ")), *((str(n), label) for n, label in SHARES.items())],
    )
    version = HiddenField()

    def said(self, gaps: dict[str, dict[str, str]]) -> dict[str, Any]:
        """What the operations take; ``gaps`` are the criteria and competencies that may be chosen, with their names."""
        kind, _colon, code = (self.gap.data or "").partition(":")
        named = gaps.get(self.gap.data or "", {})
        return {
            "gap_kind": kind if named else "other", "gap_code": code if named else "",
            "gap": {**named, "current": (self.current.data or "").strip(), "expected": (self.expected.data or "").strip()},
            "action_kind": self.action_kind.data, "action": text(self.action.data), "due_on": self.due_on.data,
            "measure": text(self.measure.data), "support": text(self.support.data),
            "share": int(self.share.data) if self.share.data else None,
        }  # fmt: skip


class ProposeForm(FlaskForm):
    """Whom to ask, and for a change of an agreed plan why."""

    asked = RadioField(_l("ขอความเห็นชอบจาก"), [Required()], coerce=int)
    change = TextAreaField(_l("เหตุผลของการเปลี่ยนแผน"), [Optional(), Length(max=2000)])
    version = HiddenField()


class DecideForm(FlaskForm):
    """Agree, or return with a reason."""

    decision = RadioField(
        _l("ความเห็นของท่าน"), [Required()], choices=[("agree", _l("เห็นชอบแผน")), ("return", _l("ส่งคืนให้แก้ไข"))]
    )
    reason = TextAreaField(_l("ความเห็นหรือเหตุผล"), [Optional(), Length(max=2000)])
    version = HiddenField()


class NoteForm(FlaskForm):
    """Progress on an item."""

    kind = RadioField(
        _l("ผลของรายการนี้"), [Required()], default="note",
        choices=[("note", _l("ยังทำอยู่")), ("done", _l("ทำแล้ว")), ("not-done", _l("ไม่ได้ทำ"))],
    )  # fmt: skip
    text = TextAreaField(_l("ความก้าวหน้า"), [Optional(), Length(max=4000)])
    key = HiddenField()


class CloseForm(FlaskForm):
    """What came of the plan, or why it is ended."""

    review = ReasonField(_l("ผลการทบทวนแผน"))
    version = HiddenField()


class SimpleForm(FlaskForm):
    """A button that changes something."""

    version = HiddenField()


def text(typed: str | None) -> str:
    """A long text with its line ends as one kind."""
    return "\n".join((typed or "").splitlines()).strip()


def number(typed: str | None) -> int:
    """A version or id from a hidden field; 0 for anything else, which no row has."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def year_from(today: dt.date) -> dt.date:
    """The last day of a year that begins today."""
    return today + dt.timedelta(days=364)
