"""Forms of the course catalog: shape of the input, labels and help."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length

from webapp.fields import PointsField, ReasonField, Required, ThaiDateField

Choices = Sequence[tuple[str, str]]


class CourseForm(FlaskForm):
    """A course of the catalog."""

    seen = HiddenField()
    code = StringField(_l("รหัสหลักสูตร"), [Required(), Length(max=80)])
    name_th = StringField(_l("ชื่อภาษาไทย"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อภาษาอังกฤษ"), [Length(max=300)])
    external = RadioField(
        _l("เป็นหลักสูตรของใคร"),
        choices=[("", _l("กรุงเทพมหานคร")), ("external", _l("หน่วยงานอื่น"))],
        default="",
    )
    institution = StringField(_l("หน่วยงานที่จัด"), [Length(max=200)])
    post_code = SelectField(_l("ใช้เตรียมเข้าสู่ตำแหน่ง"), default="")
    hours = PointsField(_l("จำนวนชั่วโมง"))
    reason = ReasonField(_l("เหตุผลของการเปลี่ยนแปลง"))

    def offer(self, posts: Choices, nothing: str) -> "CourseForm":
        """The posts to choose from."""
        self.post_code.choices = [("", nothing), *posts]
        return self


class EquivalentForm(FlaskForm):
    """A course accepted in place of another."""

    seen = HiddenField()
    equivalent_code = SelectField(_l("หลักสูตรที่รับรองให้ใช้แทน"), [Required()])
    accepting_body = StringField(_l("ผู้รับรอง"), [Required(), Length(max=200)])
    resolution = StringField(_l("มติหรือหนังสือที่รับรอง"), [Required(), Length(max=300)])
    valid_from = ThaiDateField(_l("รับรองตั้งแต่วันที่"))
    valid_until = ThaiDateField(_l("ถึงวันที่"))
    reason = ReasonField(_l("เหตุผลที่รับรอง"))


class ReasonForm(FlaskForm):
    """A change that needs nothing but its reason."""

    reason = ReasonField(_l("เหตุผลของการเปลี่ยนแปลง"))
