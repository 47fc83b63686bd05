"""Forms of the staff's exam pages: days and times the Thai way, what the exam feeds, one row per line of the blueprint."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp, StopValidation

from webapp import thai
from webapp.assessments.exams.models import Exam
from webapp.assessments.exams.setting import Line, Plan
from webapp.assessments.exams.staff.rooms import RoomPlan
from webapp.assessments.exams.words import SHOWS_WORDS
from webapp.fields import PointsField, ReasonField, Required, ThaiDateField

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)(?:\s*น\.?)?")
MOST_LINES = 40


class ClockField(StringField):
    """A time of the day: 9.00, 09:00, ๑๓.๓๐ น.; ``data`` is a ``time`` or None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = thai.arabic_digits(str(valuelist[0])).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        found = _CLOCK.fullmatch(typed)
        if found is None:
            raise ValueError(_("พิมพ์เวลาเช่น 9.00 หรือ 13.30"))
        self.data = dt.time(int(found[1]), int(found[2]))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:%H:%M}"


def _whole_number(label: Any, checks: list[Any], least: int, most: int, **more: Any) -> PointsField:
    """A whole number between two bounds, in Thai digits too; ``data`` is a ``Decimal``."""
    return PointsField(label, checks, minimum=Decimal(least), maximum=Decimal(most), decimals=0, **more)


class SittingForm(FlaskForm):
    """Opening and closing, each a day and a time."""

    opens_on = ThaiDateField(_l("วันเปิดสอบ"), [Required()])
    opens_time = ClockField(_l("เวลาเปิดสอบ"), [Required()], description=_l("เช่น 9.00"))
    closes_on = ThaiDateField(_l("วันปิดสอบ"), [Required()])
    closes_time = ClockField(
        _l("เวลาปิดสอบ"), [Required()], description=_l("หลังเวลานี้ไม่มีผู้ใดเริ่มหรือเขียนต่อได้ นอกจากผู้มีเวลาเพิ่ม")
    )

    def validate_closes_time(self, field: Any) -> None:
        begins, ends = self.moment("opens"), self.moment("closes")
        if begins and ends and ends <= begins:
            raise StopValidation(_("เวลาปิดสอบต้องอยู่หลังเวลาเปิดสอบ"))

    def moment(self, name: str) -> dt.datetime | None:
        """The moment typed in Bangkok's time."""
        day, time = self[f"{name}_on"].data, self[f"{name}_time"].data
        return None if day is None or time is None else dt.datetime.combine(day, time, thai.BANGKOK).astimezone(dt.UTC)

    def fill_moment(self, name: str, value: dt.datetime | None) -> None:
        if value is not None:
            local = value.astimezone(thai.BANGKOK)
            self[f"{name}_on"].data, self[f"{name}_time"].data = (
                local.date(),
                local.time().replace(second=0, microsecond=0),
            )


class ExamForm(SittingForm):
    """What staff decide about an exam."""

    code = StringField(_l("รหัสการสอบ"), [
        Required(), Length(max=40),
        Regexp(r"^(?!new$)[A-Za-z0-9][A-Za-z0-9._-]*$", message=_l("ใช้ตัวอักษรอังกฤษ ตัวเลข และเครื่องหมาย - เท่านั้น")),
    ], description=_l("เช่น DD-2569-1-EXAM ใช้ในที่อยู่หน้าและชื่อไฟล์"))  # fmt: skip
    name_th = StringField(_l("ชื่อการสอบ (ไทย)"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อการสอบ (อังกฤษ)"), [Optional(), Length(max=300)])
    feeds = SelectField(_l("คะแนนเข้าองค์ประกอบ"), description=_l("องค์ประกอบของแผนการประเมินที่ใช้อยู่"))
    minutes = _whole_number(_l("เวลาทำข้อสอบ"), [Required()], 1, 1440)
    start_code = StringField(
        _l("รหัสเริ่มสอบ"), [Optional(), Length(max=12)], description=_l("ผู้คุมสอบแจ้งในห้องสอบ เว้นว่างถ้าไม่ใช้")
    )
    instructions_th = TextAreaField(_l("คำชี้แจง (ไทย)"), [Optional(), Length(max=10_000)])
    instructions_en = TextAreaField(_l("คำชี้แจง (อังกฤษ)"), [Optional(), Length(max=10_000)])
    shuffle = BooleanField(_l("สลับลำดับข้อเป็นรายคน"), default=True)
    pages = RadioField(_l("หน้าข้อสอบ"), choices=[("one", _l("หน้าละหนึ่งข้อ")), ("all", _l("ทุกข้อในหน้าเดียว"))], default="one")
    lockdown = BooleanField(_l("จดเมื่อผู้สอบออกจากหน้าสอบ"), description=_l("แจ้งผู้คุมสอบ ไม่ยุติการสอบเอง"))
    shows = RadioField(_l("ผู้สอบเห็นอะไรหลังประกาศผล"), choices=list(SHOWS_WORDS.items()), default="marks")
    pass_percent = PointsField(_l("เกณฑ์ผ่าน"), [Optional()], maximum=Decimal(100))
    pass_reason = TextAreaField(
        _l("ที่มาของเกณฑ์ผ่าน"),
        [Optional(), Length(max=2000)],
        description=_l("ต้องระบุเมื่อมีเกณฑ์ผ่าน เช่น ผลของคณะผู้ตัดสินแบบ Angoff"),
    )
    seen = HiddenField()

    def validate_pass_reason(self, field: Any) -> None:
        if self.pass_percent.data is not None and not (field.data or "").strip():
            raise StopValidation(_("ต้องระบุที่มาของเกณฑ์ผ่าน"))

    def plan(self, exam: Exam | None) -> Plan:
        """What was typed, as the operations take it; how essays are marked stays as ``exam`` has it."""
        cohort, purpose, component = ([*(self.feeds.data or "").split("|"), "", "", ""])[:3]
        opens, closes = self.moment("opens"), self.moment("closes")
        assert opens is not None and closes is not None
        plain = {
            name: (self[name].data or "").strip()
            for name in ("name_en", "start_code", "instructions_th", "instructions_en", "pass_reason")
        }
        ticks = {name: bool(self[name].data) for name in ("shuffle", "lockdown")}
        kept: dict[str, Any] = {}
        if exam is not None:
            kept = {name: getattr(exam, name) for name in ("essay_markers", "essay_rule", "essay_threshold")}
        return Plan(
            code=self.code.data.strip(), name_th=self.name_th.data.strip(), opens_at=opens, closes_at=closes,
            minutes=int(self.minutes.data), cohort_id=int(cohort) if cohort else None, purpose=purpose or "ranking",
            component=component or None, shows=self.shows.data, pass_percent=self.pass_percent.data,
            one_per_page=self.pages.data == "one", **plain, **ticks, **kept,
        )  # fmt: skip


class OwnWindowForm(SittingForm):
    """A window that may differ from the exam's: all four boxes, or none."""

    opens_on = ThaiDateField(_l("วันเปิดสอบ"), [Optional()], description=_l("เว้นว่างทั้งสี่ช่องถ้าใช้เวลาเดียวกับการสอบ"))
    opens_time = ClockField(_l("เวลาเปิดสอบ"), [Optional()])
    closes_on = ThaiDateField(_l("วันปิดสอบ"), [Optional()])
    # No ``Optional`` here: that would stop before the check of all four boxes.
    closes_time = ClockField(_l("เวลาปิดสอบ"))

    def validate_closes_time(self, field: Any) -> None:
        typed = [self[name].data for name in ("opens_on", "opens_time", "closes_on", "closes_time")]
        if any(typed) and any(one is None for one in typed):
            raise StopValidation(_("กรอกวันและเวลาให้ครบทั้งเปิดและปิด หรือเว้นว่างทั้งหมด"))
        super().validate_closes_time(field)


class TimeForm(OwnWindowForm):
    """Extra minutes, a room and a window of one's own."""

    minutes = _whole_number(_l("เวลาเพิ่ม"), [Required()], 0, 1440, default=Decimal(0))
    room = SelectField(_l("ห้องหรือรอบสอบ"), [Optional()])
    reason = ReasonField(_l("เหตุผล"))


class RoomForm(OwnWindowForm):
    """A room or round: its name, who invigilates, seats, and its own window."""

    name = StringField(_l("ชื่อห้องหรือรอบสอบ"), [Required(), Length(max=200)], description=_l("เช่น ห้อง 301 รอบเช้า"))
    invigilators = StringField(_l("ผู้คุมสอบ"), [Optional(), Length(max=400)])
    seats = _whole_number(_l("จำนวนที่นั่ง"), [Optional()], 1, 5000)

    def plan(self) -> RoomPlan:
        """What was typed, as the operations take it."""
        return RoomPlan(
            self.name.data,
            self.invigilators.data or "",
            None if self.seats.data is None else int(self.seats.data),
            self.moment("opens"),
            self.moment("closes"),
        )


class MinutesForm(FlaskForm):
    """The invigilator gives more minutes."""

    minutes = _whole_number(_l("ให้เวลาเพิ่มอีก"), [Required()], 1, 600, default=Decimal(10))
    reason = ReasonField(_l("เหตุผล"))
    seen = HiddenField()


class NoteForm(FlaskForm):
    """What happened."""

    note = TextAreaField(_l("เกิดอะไรขึ้น"), [Required(), Length(max=2000)])


class ReasonForm(FlaskForm):
    """An act that asks for its reason."""

    reason = ReasonField(_l("เหตุผล"))


def read_lines(boxes: Mapping[str, str], item_of: Any) -> tuple[list[Line], dict[str, str]]:
    """The blueprint's rows ``l-0-category``, ``l-0-item``, ``l-0-draw``, ``l-0-points``; an empty row is left out.

    ``item_of(code)`` gives the question of a code, or raises with the sentence for the reader.
    """
    from webapp.assessments.views import said
    from webapp.errors import RuleBroken

    lines, errors = [], {}
    for number in range(MOST_LINES):
        name = f"l-{number}-"
        category, code = boxes.get(f"{name}category", ""), boxes.get(f"{name}item", "").strip()
        if not category and not code:
            continue
        draw = _whole(boxes.get(f"{name}draw", "") or "1")
        points = _points(boxes.get(f"{name}points", ""))
        item = None
        if category and code:
            errors[f"{name}item"] = _("เลือกหมวดหรือระบุข้อ อย่างใดอย่างหนึ่ง")
        elif code:
            try:
                item = item_of(code)
            except RuleBroken as broken:
                errors[f"{name}item"] = said(broken)
        if draw is None:
            errors[f"{name}draw"] = _("ต้องเป็นจำนวนเต็มตั้งแต่ 1")
        if points is not None and points <= 0:
            errors[f"{name}points"] = _("ต้องเป็นตัวเลขมากกว่า 0")
        if not errors:
            whole = int(category) if category.isdigit() else None
            lines.append(Line(None if item else whole, item.id if item else None, 1 if item else draw or 1, points))
    return lines, errors


def _whole(text: str) -> int | None:
    typed = thai.arabic_digits(text).strip()
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) <= 500 else None


def _points(text: str) -> Decimal | None:
    from webapp.fields import read_points

    if not text.strip():
        return None
    try:
        return min(read_points(text.strip()), Decimal(1000))
    except ValueError:
        return Decimal(0)
