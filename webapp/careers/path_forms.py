"""Forms of career paths: the path with its steps, the rule of a post, and the decision that lifts it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from webapp.careers.organization_forms import CODE_HELP, KEPT
from webapp.fields import PointsField, ReasonField, Required, ThaiDateField


class StepForm(Form):
    """One step of a path."""

    post = SelectField(_l("ตำแหน่ง"), default="")
    grade = SelectField(_l("ประเภทและระดับ"), default="")
    unit_kind = SelectField(_l("ชนิดของหน่วยงาน"), default="")
    years = PointsField(_l("อย่างน้อยกี่ปี"), decimals=0)
    districts = PointsField(_l("ในกี่สำนักงานเขต"), decimals=0)
    sections = PointsField(_l("รับผิดชอบกี่ฝ่าย"), decimals=0)
    works = PointsField(_l("ผลงานเชิงประจักษ์กี่ชิ้น"), decimals=0)
    note_th = StringField(_l("หมายเหตุ (ไทย)"), [Length(max=300)])
    note_en = StringField(_l("หมายเหตุ (อังกฤษ)"), [Length(max=300)])


class PathForm(FlaskForm):
    """A path with its steps in order."""

    seen = HiddenField()
    post_code = SelectField(_l("ตำแหน่งปลายทาง"), [Required()])
    code = StringField(_l("รหัส"), [Required(), Length(max=40)], description=CODE_HELP)
    name_th = StringField(_l("ชื่อภาษาไทย"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อภาษาอังกฤษ"), [Length(max=300)])
    kind = SelectField(_l("เติบโตจากที่ใด"))
    reconstruction = BooleanField(
        _l("เป็นการจัดทำขึ้นใหม่ ไม่ได้มาจากเอกสารของคณะกรรมการ"), description=_l("ทำเครื่องหมายไว้ในทุกหน้าที่แสดงเส้นทางนี้")
    )
    steps = FieldList(FormField(StepForm))
    reason = ReasonField(_l("เหตุผลของการเปลี่ยนแปลง"), description=KEPT)


class RuleForm(FlaskForm):
    """That every path to a post passes through another."""

    through_code = SelectField(_l("ตำแหน่งที่ทุกเส้นทางต้องผ่าน"), [Required()])
    source = StringField(_l("ที่มา"), [Length(max=300)])
    reason = ReasonField(_l("เหตุผลของกฎ"))


class LiftForm(FlaskForm):
    """A decision that lifts the rule of one post."""

    resolution = StringField(_l("มติหรือหนังสือที่ให้ยกเว้น"), [Required(), Length(max=300)])
    valid_from = ThaiDateField(_l("ยกเว้นตั้งแต่วันที่"), [Required()])
    until = ThaiDateField(_l("ถึงวันที่"), description=_l("เว้นว่างถ้าไม่กำหนดวันสิ้นสุด"))
    reason = ReasonField(_l("เหตุผลที่ให้ยกเว้น"))
