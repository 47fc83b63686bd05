"""Forms of the shortlist room: shape and words of what is typed."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.fields import ReasonField, Required
from webapp.steps import ReasonForm, StepForm


class DrawUpForm(StepForm):
    """How many names are listed."""

    size = IntegerField(_l("จำนวนรายชื่อที่เสนอ"), [Required(), NumberRange(1, 1000, _l("ต้องเป็นจำนวนเต็มตั้งแต่ 1 ขึ้นไป"))])


class TieForm(ReasonForm):
    """Who of a tied group goes forward."""

    chosen = SelectMultipleField(
        _l("ผู้ที่เสนอต่อ"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        validators=[Required(_l("เลือกผู้ที่เสนอต่อ"))],
    )  # fmt: skip


class RuleForm(FlaskForm):
    """An exception rule."""

    code = StringField(
        _l("รหัสหลักเกณฑ์"),
        [
            Required(),
            Length(max=40),
            Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]*$", message=_l("ใช้ตัวอักษรอังกฤษ ตัวเลข และขีดกลาง")),
        ],
        description=_l("ใช้รหัสเดิมเมื่อออกฉบับใหม่ของหลักเกณฑ์เดิม"),
    )
    name_th = StringField(_l("ชื่อหลักเกณฑ์"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อภาษาอังกฤษ"), [Length(max=300)])
    text_th = TextAreaField(_l("ข้อความหลักเกณฑ์"), [Required(), Length(max=4000)])
    text_en = TextAreaField(_l("ข้อความภาษาอังกฤษ"), [Length(max=4000)])
    reason = ReasonField(_l("เหตุผลที่ต้องมีหลักเกณฑ์นี้"))


class DiscretionForm(StepForm):
    """An officer put forward outside the ranking."""

    officer_no = SelectField(_l("ข้าราชการ"), validate_choice=True)
    rule_id = SelectField(_l("หลักเกณฑ์ข้อยกเว้น"), coerce=int)
    category = StringField(_l("ประเภทของเหตุยกเว้น"), [Required(), Length(max=100)])
    reason = ReasonField()


class ObjectionForm(StepForm):
    """An objection."""

    text = TextAreaField(
        _l("คำคัดค้านของท่าน"), [Required(_l("เขียนคำคัดค้านก่อนส่ง")), Length(max=4000)],
        description=_l("ระบุคะแนนหรือข้อเท็จจริงที่เห็นว่าไม่ถูกต้อง และสิ่งที่ขอให้แก้ไข"),
    )  # fmt: skip


class AnswerForm(FlaskForm):
    """The answer to an objection."""

    outcome = RadioField(
        _l("ผลการพิจารณา"), choices=[("upheld", _l("รับฟังคำคัดค้าน")), ("dismissed", _l("ไม่รับฟังคำคัดค้าน"))],
        validators=[Required(_l("เลือกผลการพิจารณาก่อน"))],
    )  # fmt: skip
    reason = ReasonField(_l("เหตุผลของคำตอบ"))


class WindowForm(FlaskForm):
    """The window for objections."""

    days = IntegerField(_l("จำนวนวันที่ยื่นคำคัดค้านได้"), [Required(), NumberRange(1, 365, _l("ต้องอยู่ระหว่าง 1 ถึง 365 วัน"))])
    reason = ReasonField()
