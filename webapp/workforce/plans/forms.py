"""Forms of plans: shape and words of what is typed."""

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange

from webapp.fields import PointsField, ReasonField, Required, ThaiDateField
from webapp.workforce.words import HORIZONS


class SeenForm(FlaskForm):
    """A step that needs the page to be the present one."""

    lock = HiddenField()
    key = HiddenField()

    def seen(self) -> int | None:
        """The number of the thing that the page showed."""
        text = str(self.lock.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


class PlanForm(SeenForm):
    """What a plan is called, why, and from which day it looks."""

    name = StringField(_l("ชื่อแผน"), [Required(), Length(max=200)])
    reason = ReasonField(_l("เหตุผลของแผน"))
    as_of = ThaiDateField(
        _l("ใช้ข้อมูล ณ วันที่"), [Required()],
        description=_l("อัตราว่างและผู้พร้อมนับ ณ วันนี้ ปีงบประมาณแรกของแผนคือปีที่มีวันนี้อยู่"),
    )  # fmt: skip


class NewPlanForm(PlanForm):
    """A plan to begin."""

    post = SelectField(_l("ตำแหน่ง"))
    horizon = RadioField(_l("ระยะของแผน"), choices=list(HORIZONS.items()), validators=[Required(_l("เลือกระยะของแผน"))])


class CourseForm(SeenForm):
    """A course of a plan."""

    course = SelectField(_l("หลักสูตร"), coerce=int)
    ends_on = ThaiDateField(_l("วันสิ้นสุดหลักสูตร"), [Required()])
    cohorts = IntegerField(_l("จำนวนรุ่น"), [Required(), NumberRange(1, 50, _l("ต้องอยู่ระหว่าง 1 ถึง 50 รุ่น"))])
    seats = IntegerField(_l("ที่นั่งต่อรุ่น"), [Required(), NumberRange(1, 1000, _l("ต้องอยู่ระหว่าง 1 ถึง 1000 ที่นั่ง"))])
    pass_percent = PointsField(_l("คาดว่าจะผ่าน"), [Required()], maximum=Decimal(100))
    reason = ReasonField(_l("เหตุผลของอัตราการผ่าน"))


class AdoptForm(SeenForm):
    """Under which resolution a plan is adopted."""

    note = ReasonField(_l("มติหรือเหตุผลที่เห็นชอบ"))


class DiscardForm(SeenForm):
    """Why a draft is put away."""

    reason = ReasonField(_l("เหตุผลที่ยกเลิกร่าง"))
