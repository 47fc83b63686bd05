"""Forms of the coaching room."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, StopValidation

from webapp.coaching.rules import LONGEST
from webapp.coaching.words import KINDS
from webapp.fields import ReasonField, Required, ThaiDateField
from webapp.thai import arabic_digits

QUICK = (30, 45, 60, 90)
"""Lengths in minutes offered as one tap: what sessions usually last (ours)."""


class MinutesField(IntegerField):
    """Whole minutes, by a quick choice or typed (what was typed wins); Thai digits are read."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        said = [text for text in (arabic_digits(str(value)).strip() for value in valuelist) if text]
        typed = said[-1] if said else ""
        self.raw_data = [typed]
        if not typed:
            return
        if not typed.isascii() or not typed.isdigit() or len(typed) > 6:
            raise ValueError(_("พิมพ์เป็นจำนวนเต็มของนาที เช่น 60"))
        self.data = int(typed)


class StartField(StringField):
    """A time of day: 9:30, 09.30 or 0930; ``data`` is HH:MM, empty if none was given."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = arabic_digits(str(valuelist[0])).strip() if valuelist else ""
        self.data = ""
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]?([0-5]\d)(?:\s*น\.?)?", typed)
        if found:
            self.data = f"{int(found[1]):02d}:{found[2]}"
        elif typed:
            raise ValueError(_("พิมพ์เวลาเป็นชั่วโมงและนาที เช่น 9:30"))


class SessionForm(FlaskForm):
    """What a mentor says of a session, in the order in which one remembers it."""

    enrollment = RadioField(_l("พบกับใคร"), coerce=int)
    held_on = ThaiDateField(_l("วันที่พบกัน"), [Required()])
    minutes = MinutesField(_l("นานกี่นาที"), [Required(), NumberRange(1, LONGEST, _l("จำนวนนาทีต้องอยู่ระหว่าง 1 ถึง 600"))])
    kind = RadioField(_l("ประเภท"), choices=list(KINDS.items()), default="coaching")
    topic = StringField(_l("หัวข้อ"), [Required(), Length(max=500)])
    agreed = TextAreaField(_l("สิ่งที่ตกลงกัน"), [Optional(), Length(max=4000)])
    next_step = TextAreaField(_l("ขั้นต่อไป"), [Optional(), Length(max=4000)])
    next_on = ThaiDateField(_l("ภายในวันที่"), [Optional()])
    started_at = StartField(
        _l("เวลาเริ่ม"), [Optional(), Length(max=10)], description=_l("กรอกเมื่อพบกันหลายครั้งในวันเดียว เช่น 9:30")
    )
    key = HiddenField()
    version = HiddenField()

    def validate_next_on(self, field: Any) -> None:
        """The next step comes after the session."""
        if field.data and self.held_on.data and field.data < self.held_on.data:
            raise StopValidation(_("ต้องไม่ก่อนวันที่พบกัน"))

    def said(self) -> dict[str, Any]:
        """What the operations take."""
        return {
            "held_on": self.held_on.data,
            "started_at": self.started_at.data or "",
            "kind": self.kind.data,
            "minutes": self.minutes.data,
            "topic": (self.topic.data or "").strip(),
            "agreed": _text(self.agreed.data),
            "next_step": _text(self.next_step.data),
            "next_on": self.next_on.data,
        }


def _text(typed: str | None) -> str:
    """A long text with its line ends as one kind, so that the same words sent twice are the same."""
    return "\n".join((typed or "").splitlines()).strip()


class AcknowledgeForm(FlaskForm):
    """A button, and the version the reader has seen."""

    version = HiddenField()


class QuestionForm(FlaskForm):
    """What is not right."""

    words = TextAreaField(_l("อะไรไม่ตรง"), [Required(_l("กรุณาบอกว่าอะไรไม่ตรง")), Length(max=2000)])
    version = HiddenField()


class WithdrawForm(FlaskForm):
    """Why a session is taken back."""

    reason = ReasonField(_l("เหตุผลที่ถอน"))
    version = HiddenField()


class PairForm(FlaskForm):
    """A trainee and a mentor."""

    enrollment = SelectField(_l("ผู้เข้ารับการอบรม"), coerce=int)
    mentor = RadioField(_l("พี่เลี้ยง"), coerce=int)


class EndForm(FlaskForm):
    """Why a pairing ends."""

    reason = ReasonField(_l("เหตุผลที่สิ้นสุด"))


class SimpleForm(FlaskForm):
    """A button that changes something: the token, and nothing else."""


def number(text: str | None) -> int:
    """A version or id from a hidden field; 0 for anything else, which no row has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
