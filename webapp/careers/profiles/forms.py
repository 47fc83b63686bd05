"""Forms of drafts, criteria, evidence and competencies: shape of the input, labels and help."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from webapp import thai
from webapp.careers.profiles import words
from webapp.fields import PointsField, ReasonField, Required, ThaiDateField

Choices = Sequence[tuple[str, str]]

LONGEST_TEXT = 4_000
"""Characters of a duty, a reason or a summary: two printed pages."""


class TextAreaField(wtforms.TextAreaField):
    """Words in one spelling, their lines kept. The form macros know it by this name."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = str(valuelist[0]).splitlines() if valuelist else []
        self.data = "\n".join(thai.normalized(line) for line in lines).strip()


class LineField(StringField):
    """Words in one spelling on one line."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = thai.normalized(str(valuelist[0])) if valuelist else ""


def _text(label: Any, *checks: Any) -> TextAreaField:
    return TextAreaField(label, [*checks, Length(max=LONGEST_TEXT)])


def _boxes(label: Any, **more: Any) -> SelectMultipleField:
    return SelectMultipleField(label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **more)


def _line(label: Any, *checks: Any, longest: int = 300) -> LineField:
    return LineField(label, [*checks, Length(max=longest)])


class SeenForm(FlaskForm):
    """A change that needs only to know what its maker had in front of them."""

    seen = HiddenField()


class StartForm(FlaskForm):
    """A new draft."""

    based_on = RadioField(_l("เริ่มจาก"), coerce=str)
    reason = ReasonField(_l("ฉบับใหม่นี้เปลี่ยนอะไร เพราะเหตุใด"))


class VersionReasonForm(SeenForm):
    """What the version changes, and why."""

    reason = ReasonField(_l("ฉบับใหม่นี้เปลี่ยนอะไร เพราะเหตุใด"))


class ItemForm(SeenForm):
    """A duty, a trait, or a step of development."""

    step = SelectField(_l("ขั้นของการพัฒนา"))
    name_th = _text(_l("ข้อความภาษาไทย"), Required())
    name_en = _text(_l("ข้อความภาษาอังกฤษ"))
    source = _line(_l("ที่มา"))
    source_en = _line(_l("ที่มาภาษาอังกฤษ"))
    ours = BooleanField(_l("เป็นข้อเสนอของผู้จัดทำ ไม่ได้มาจากเอกสาร"))


class ExpectForm(SeenForm):
    """An expected competency."""

    competency = SelectField(_l("สมรรถนะ"), [Required()])
    expected_level = RadioField(_l("ระดับที่คาดหวัง"), [Required()], choices=[(str(n), str(n)) for n in range(1, 6)])
    method_th = _text(_l("วัดอย่างไร"))
    method_en = _text(_l("วัดอย่างไร (ภาษาอังกฤษ)"))
    assessor_th = _text(_l("ใครเป็นผู้ประเมิน"))
    assessor_en = _text(_l("ใครเป็นผู้ประเมิน (ภาษาอังกฤษ)"))
    ours = BooleanField(_l("เป็นข้อเสนอของผู้จัดทำ ไม่ได้มาจากเอกสาร"))


class CourseChoiceForm(SeenForm):
    """The course that prepares for the post."""

    course = SelectField(_l("หลักสูตรที่เตรียมเข้าสู่ตำแหน่ง"), validate_choice=False)


class CriterionForm(SeenForm):
    """One criterion; fields that its kind does not have are taken out."""

    kind = SelectField(_l("ชนิดของกลุ่ม"), choices=[(kind, words.KINDS[kind]) for kind in ("all", "any", "at_least")])
    name_th = _text(_l("ข้อความภาษาไทย"), Required())
    name_en = _text(_l("ข้อความภาษาอังกฤษ"))
    k = PointsField(_l("ต้องผ่านอย่างน้อยกี่ข้อ"), decimals=0)
    match_post = SelectField(_l("ตำแหน่ง"), validate_choice=False)
    match_grade = SelectField(_l("ประเภทและระดับ"), validate_choice=False)
    match_unit_kind = SelectField(_l("ชนิดของหน่วยงาน"), validate_choice=False)
    amount = PointsField(_l("จำนวน"), decimals=0)
    acting = BooleanField(_l("นับการรักษาการในตำแหน่งด้วย"))
    now = BooleanField(_l("ต้องดำรงตำแหน่งอยู่ในวันที่พิจารณา"))
    while_holding = SelectField(_l("นับเฉพาะที่ได้รับมอบหมายขณะดำรงตำแหน่ง"), validate_choice=False)
    code = SelectField(_l("รายการ"), validate_choice=False)
    groups = _boxes(_l("กลุ่มสมรรถนะ"), validate_choice=False)
    reason_th = _text(_l("เหตุผล: มีไว้เพื่ออะไร และตัวเลขมีที่มาจากอะไร"))
    reason_en = _text(_l("เหตุผลภาษาอังกฤษ"))
    source = _line(_l("ที่มา"))
    source_en = _line(_l("ที่มาภาษาอังกฤษ"))
    ours = BooleanField(_l("เกณฑ์ข้อนี้เป็นข้อเสนอของผู้จัดทำ ไม่ได้มาจากเอกสาร"))
    reason_ours = BooleanField(_l("เหตุผลเป็นข้อเสนอของผู้จัดทำ"))
    criterion_id = _line(_l("รหัสของเกณฑ์"), longest=60)


class NestForm(FlaskForm):
    """Another group for a criterion."""

    group = SelectField(_l("ย้ายไปอยู่ในกลุ่ม"), validate_choice=False)


class PublishForm(SeenForm):
    """Putting a draft in force."""

    note = _line(_l("มติหรือคำสั่งที่ให้ใช้"), longest=500)


class ReasonOnlyForm(SeenForm):
    """A step that needs its reason."""

    reason = ReasonField(_l("เหตุผล"))


class EvidenceForm(SeenForm):
    """One piece of evidence."""

    title = _line(_l("หัวข้อ"), Required())
    held_on = ThaiDateField(_l("วันที่"))
    who = _line(_l("ชื่อผู้ให้ข้อมูล"), longest=200)
    part = _line(_l("ตำแหน่งและสังกัด หรือกลุ่มที่ถาม"))
    summary = _text(_l("สาระสำคัญ"), Required())
    quote = _text(_l("คำพูดหรือถ้อยคำเดิม"))
    answer = _text(_l("สิ่งที่ดำเนินการหรือคำตอบ"))
    link = _line(_l("ที่อยู่ของเอกสารหรือหน้าที่เกี่ยวข้อง"), longest=500)
    profile_version = SelectField(_l("เกี่ยวกับฉบับที่"))
    reason = ReasonField(_l("เหตุผลของการแก้ไข"))


class RemarkForm(FlaskForm):
    """A resolution or remark of a body."""

    body_th = _line(_l("คณะหรือที่ประชุม"), Required())
    body_en = _line(_l("คณะหรือที่ประชุม (ภาษาอังกฤษ)"))
    said_on = ThaiDateField(_l("วันที่ประชุม"))
    number = _line(_l("ข้อที่"), Required(), longest=40)
    text_th = _text(_l("มติหรือข้อสังเกต"), Required())
    text_en = _text(_l("มติหรือข้อสังเกต (ภาษาอังกฤษ)"))
    source = _line(_l("ที่มา"), Required())
    source_en = _line(_l("ที่มาภาษาอังกฤษ"))
    posts = _boxes(_l("เกี่ยวกับตำแหน่ง"))


class AnswerForm(SeenForm):
    """What was done about a remark."""

    status = RadioField(
        _l("สถานะ"), [Required()], choices=[(key, label) for key, (label, _kind) in words.ANSWERS.items()]
    )
    done_th = _text(_l("สิ่งที่ดำเนินการ"), Required())
    done_en = _text(_l("สิ่งที่ดำเนินการ (ภาษาอังกฤษ)"))
    link = _line(_l("หน้าในระบบที่ดูได้"))
