"""Forms of the admissions room: shape and words of what is typed."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.fields import ReasonField, Required, ThaiDateField
from webapp.steps import ReasonForm, StepForm

LONGEST = 4000
PAPERS = _l("PDF, Word, Excel, PowerPoint, PNG, JPEG หรือข้อความ ไฟล์ละไม่เกิน 25 MB")


class AnnouncementForm(StepForm):
    """A cohort's call for applications."""

    opens_on = ThaiDateField(_l("เปิดรับสมัครวันแรก"), [Required()])
    closes_on = ThaiDateField(_l("รับสมัครวันสุดท้าย"), [Required()])
    conditions_th = TextAreaField(_l("เงื่อนไขการรับสมัคร (ไทย)"), [Optional(), Length(max=LONGEST)])
    conditions_en = TextAreaField(_l("เงื่อนไขการรับสมัคร (อังกฤษ)"), [Optional(), Length(max=LONGEST)])
    papers = TextAreaField(
        _l("เอกสารที่ต้องแนบ"), [Optional(), Length(max=LONGEST)], description=_l("เขียนบรรทัดละหนึ่งรายการ")
    )
    cohort_version = HiddenField()


class ApplyForm(FlaskForm):
    """An officer's application."""

    motive = TextAreaField(
        _l("เหตุผลและความตั้งใจในการสมัคร"), [Required(), Length(max=LONGEST)],
        description=_l("เช่น ประสบการณ์ที่เกี่ยวข้อง และสิ่งที่จะนำไปพัฒนางานของสำนักงานเขต"),
    )  # fmt: skip
    papers = MultipleFileField(_l("เอกสารแนบ"), [Optional()], description=PAPERS)


class PapersForm(FlaskForm):
    """More papers for an application."""

    papers = MultipleFileField(_l("เอกสารแนบ"), [Required(_l("เลือกไฟล์ก่อน"))], description=PAPERS)


class NominationAnswerForm(StepForm):
    """The officer's answer to a nomination."""

    taken = RadioField(
        _l("คำตอบของท่าน"), choices=[("yes", _l("รับการเสนอชื่อและสมัคร")), ("no", _l("ไม่รับการเสนอชื่อ"))],
        validators=[Required(_l("เลือกคำตอบก่อน"))],
    )  # fmt: skip
    words = TextAreaField(
        _l("เหตุผลและความตั้งใจ"), [Optional(), Length(max=LONGEST)], description=_l("จะเก็บไว้กับใบสมัครของท่าน")
    )


class NominateForm(FlaskForm):
    """A head's nomination, recorded by staff."""

    head = StringField(_l("ผู้บังคับบัญชาที่เสนอชื่อ"), [Required(), Length(max=200)], description=_l("ชื่อและตำแหน่ง"))
    reason = ReasonField(_l("เหตุผลของผู้เสนอชื่อ"))


class DecisionForm(StepForm):
    """What staff decide on an application; which steps are open depends on where it stands."""

    step = RadioField(_l("ผลการพิจารณา"), validators=[Required(_l("เลือกผลการพิจารณาก่อน"))])
    reason = TextAreaField(
        _l("เหตุผล"), [Optional(), Length(max=2000)], description=_l("ต้องระบุ เว้นแต่รับใบสมัครที่ผ่านคุณสมบัติ")
    )


class TieForm(ReasonForm):
    """Who of a tied group stands above a line."""

    chosen = SelectMultipleField(
        _l("ผู้ที่อยู่เหนือเส้น"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        validators=[Required(_l("เลือกผู้ที่อยู่เหนือเส้น"))],
    )  # fmt: skip


class CallForm(StepForm):
    """Calling somebody to a free seat; a reason where others stand before."""

    reason = TextAreaField(_l("เหตุผล"), [Optional(), Length(max=2000)])


class ExtendForm(ReasonForm):
    """More time to answer."""

    answer_by = ThaiDateField(_l("ตอบรับได้ถึงวันที่"), [Required()])


class OfferAnswerForm(StepForm):
    """The officer's answer to a seat."""

    accepted = RadioField(
        _l("คำตอบของท่าน"), choices=[("yes", _l("ตอบรับที่นั่งและเข้ารับการอบรม")), ("no", _l("สละสิทธิ์"))],
        validators=[Required(_l("เลือกคำตอบก่อน"))],
    )  # fmt: skip
    reason = TextAreaField(_l("เหตุผล"), [Optional(), Length(max=2000)], description=_l("ต้องระบุเมื่อสละสิทธิ์"))


class RecordAnswerForm(ReasonForm):
    """An answer given on paper, recorded by staff."""

    accepted = RadioField(
        _l("คำตอบของเจ้าตัว"), choices=[("yes", _l("ตอบรับที่นั่งและเข้ารับการอบรม")), ("no", _l("สละสิทธิ์"))],
        validators=[Required(_l("เลือกคำตอบก่อน"))],
    )  # fmt: skip


class RegisterRuleForm(FlaskForm):
    """How long a course's register is valid, and how long an offer waits."""

    months = IntegerField(_l("อายุบัญชี"), [InputRequired(_l("ต้องเป็นจำนวนเต็ม")), NumberRange(1, 120)])
    answer_days = IntegerField(_l("เวลาตอบรับ"), [InputRequired(_l("ต้องเป็นจำนวนเต็ม")), NumberRange(1, 90)])
    reason = ReasonField()
