"""Forms of the projects room."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation

from webapp import thai
from webapp.errors import Refused
from webapp.fields import Required, ThaiDateField
from webapp.projects.rules import MOST_MILESTONES, Step
from webapp.projects.words import KINDS


class StepsField(TextAreaField):
    """Milestones, one on each line: the title, a bar, and the day (``เสนอหัวข้อ | 1/10/2569``); the day may be left out.

    ``data`` is a list of :class:`Step`.
    """

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        for line in str(valuelist[0]).splitlines() if valuelist else []:
            title, _bar, day = (part.strip() for part in line.partition("|"))
            if title or day:
                self.data.append(Step(thai.normalized(title)[:300], _day(day, title)))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(f"{s.title} | {thai.day_typed(s.due_on)}" if s.due_on else s.title for s in self.data or [])


def _day(typed: str, title: str) -> dt.date | None:
    if not typed:
        return None
    try:
        return thai.parse_day(typed)
    except Refused as refused:
        raise ValueError(f"{title}: {_(refused.message, **refused.values)}") from None


class AssignmentForm(FlaskForm):
    """What is asked of a trainee."""

    title = StringField(_l("ชื่องาน"), [Required(), Length(max=500)])
    brief = TextAreaField(_l("สิ่งที่ขอให้ทำ"), [Optional(), Length(max=8000)])
    due_on = ThaiDateField(_l("กำหนดส่ง"), [Optional()])
    steps = StepsField(
        _l("ขั้นของงาน"), [Optional(), Length(max=5000)],
        description=_l("บรรทัดละหนึ่งขั้น ตามด้วย | และวันที่ เช่น เก็บข้อมูล | 1/10/2569"),
    )  # fmt: skip
    version = HiddenField()

    def validate_steps(self, field: Any) -> None:
        """At most so many steps."""
        if len(field.data or []) > MOST_MILESTONES:
            raise StopValidation(_("มีขั้นได้ไม่เกิน %(most)s ขั้น", most=MOST_MILESTONES))

    def said(self) -> dict[str, Any]:
        """What the operations take."""
        return {
            "title": thai.normalized(self.title.data or ""), "brief": text(self.brief.data), "due_on": self.due_on.data,
            "steps": self.steps.data or [],
        }  # fmt: skip


class AssignForm(AssignmentForm):
    """The same, for everybody of a cohort or one person."""

    kind = RadioField(_l("ประเภทของงาน"), choices=list(KINDS.items()), default="project")
    who = SelectField(_l("มอบหมายให้"), coerce=int)


class NoteForm(FlaskForm):
    """A progress note or a comment."""

    text = TextAreaField(_l("ข้อความ"), [Required(), Length(max=8000)])
    key = HiddenField()


class SubmitForm(FlaskForm):
    """Handing in."""

    summary = TextAreaField(_l("บทสรุปของงานที่ส่ง"), [Required(), Length(max=8000)])
    version = HiddenField()


class DecideForm(FlaskForm):
    """Accept, or return with a reason."""

    decision = RadioField(
        _l("ผลการพิจารณา"), choices=[("accept", _l("ยอมรับงาน")), ("return", _l("ส่งคืนให้แก้ไข"))], validators=[Required()]
    )
    reason = TextAreaField(_l("เหตุผลหรือข้อเสนอแนะ"), [Optional(), Length(max=4000)], description=_l("ต้องระบุเมื่อส่งคืน"))
    version = HiddenField()


class SimpleForm(FlaskForm):
    """A button that changes something: the token, and nothing else."""

    version = HiddenField()


def text(typed: str | None) -> str:
    """A long text with its line ends as one kind, so that the same words sent twice are the same."""
    return "\n".join((typed or "").splitlines()).strip()


def number(typed: str | None) -> int:
    """A version or id from a hidden field; 0 for anything else, which no row has."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
