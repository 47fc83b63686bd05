"""Forms of the officers room."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional, Regexp, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.fields import PointsField, ReasonField, Required, ThaiDateField
from webapp.thai import is_national_id, national_id_digits


class CheckboxesField(SelectMultipleField):
    """Several of a list, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OfficerForm(FlaskForm):
    """An officer's particulars."""

    title = StringField(_l("คำนำหน้า"), [Optional(), Length(max=60)])
    given_name = StringField(_l("ชื่อ"), [Required(), Length(max=150)])
    family_name = StringField(_l("นามสกุล"), [Required(), Length(max=150)])
    name_en = StringField(_l("ชื่อภาษาอังกฤษ"), [Optional(), Length(max=300)])
    birth_date = ThaiDateField(_l("วันเกิด"), [Required()])
    entry_date = ThaiDateField(_l("วันบรรจุ"), [Required()])
    sex = SelectField(
        _l("เพศ"), choices=[("", _l("ไม่ระบุ")), ("f", _l("หญิง")), ("m", _l("ชาย"))],
        description=_l("ใช้เฉพาะการตรวจความเป็นธรรมของผล"),
    )  # fmt: skip
    email = StringField(
        _l("อีเมล"),
        [
            Optional(),
            Length(max=254),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("พิมพ์อีเมลให้ครบ เช่น name@bangkok.go.th")),
        ],
    )
    national_id = StringField(
        _l("เลขประจำตัวประชาชน"), [Optional(), Length(max=40)], description=_l("เว้นว่างไว้หากไม่เปลี่ยน")
    )
    supervisor_no = StringField(_l("เลขประจำตัวของผู้บังคับบัญชา"), [Optional(), Length(max=40)])
    qualifications = CheckboxesField(_l("คุณสมบัติเฉพาะสำหรับตำแหน่ง"))
    left_on = ThaiDateField(_l("พ้นจากราชการวันที่"), [Optional()], description=_l("วันสุดท้ายของการรับราชการ"))
    left_reason = StringField(_l("เหตุที่พ้นจากราชการ"), [Optional(), Length(max=200)])
    reason = ReasonField(_l("เหตุผลของการแก้ไข"))
    seen = HiddenField()

    def validate_national_id(self, field: Any) -> None:
        """Thirteen digits with the right check digit."""
        if field.data and not is_national_id(national_id_digits(field.data)):
            raise StopValidation(_("เลขประจำตัวประชาชนไม่ถูกต้อง กรุณาตรวจทั้ง 13 หลัก"))

    def said(self) -> dict[str, Any]:
        """What the operations take."""
        plain = ("title", "given_name", "family_name", "name_en", "left_reason", "supervisor_no", "national_id")
        return {name: (self[name].data or "").strip() for name in plain} | {
            "birth_date": self.birth_date.data, "entry_date": self.entry_date.data, "sex": self.sex.data or None,
            "email": (self.email.data or "").strip().lower() or None, "left_on": self.left_on.data,
            "qualifications": self.qualifications.data or [], "reason": self.reason.data or "",
        }  # fmt: skip


class PostingForm(FlaskForm):
    """A spell of holding a post."""

    post = SelectField(_l("ตำแหน่ง"), coerce=int)
    grade = SelectField(_l("ประเภทและระดับ"))
    unit = SelectField(_l("หน่วยงาน"), coerce=int)
    section = SelectField(_l("ฝ่าย"))
    started_on = ThaiDateField(_l("วันที่เริ่ม"), [Required()])
    ended_on = ThaiDateField(_l("วันที่สิ้นสุด"), [Optional()], description=_l("เว้นว่างถ้ายังดำรงตำแหน่งอยู่"))
    acting = BooleanField(_l("รักษาการในตำแหน่ง"))
    order_ref = StringField(_l("คำสั่งที่"), [Optional(), Length(max=200)])


class DelegationForm(FlaskForm):
    """A section put under the officer's charge."""

    unit = SelectField(_l("สำนักงานเขต"), coerce=int)
    section = SelectField(_l("ฝ่ายที่ได้รับมอบหมาย"))
    started_on = ThaiDateField(_l("วันที่เริ่ม"), [Required()])
    ended_on = ThaiDateField(_l("วันที่สิ้นสุด"), [Optional()], description=_l("เว้นว่างถ้ายังได้รับมอบหมายอยู่"))
    order_ref = StringField(_l("คำสั่งที่"), [Optional(), Length(max=200)])


class WorkForm(FlaskForm):
    """An evidenced work."""

    title = StringField(_l("ชื่อผลงาน"), [Required(), Length(max=500)])
    done_on = ThaiDateField(_l("วันที่ของผลงาน"), [Required()])
    category = StringField(_l("ประเภทผลงาน"), [Optional(), Length(max=200)])


class TrainingForm(FlaskForm):
    """A course completed."""

    course = SelectField(_l("หลักสูตร"), coerce=int)
    completed_on = ThaiDateField(_l("วันที่สำเร็จ"), [Required()])
    result = SelectField(_l("ผลการอบรม"), choices=[("passed", _l("ผ่าน")), ("failed", _l("ไม่ผ่าน"))])
    institution = StringField(_l("สถาบันที่จัด"), [Optional(), Length(max=300)])
    hours = PointsField(_l("จำนวนชั่วโมง"), [Optional()])
    certificate_no = StringField(_l("เลขที่ประกาศนียบัตร"), [Optional(), Length(max=100)])


class VerifyForm(FlaskForm):
    """The day on which a work was verified."""

    verified_on = ThaiDateField(_l("วันที่รับรอง"), [Required()], description=_l("ผลงานนับตั้งแต่วันที่รับรอง"))


class WhyForm(FlaskForm):
    """Why a full national id is needed."""

    reason = ReasonField(_l("เหตุผลที่ต้องดู"))


class SimpleForm(FlaskForm):
    """A button that changes something: the token, and nothing else."""
