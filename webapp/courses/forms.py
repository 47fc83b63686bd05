"""Forms of the courses room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from webapp.fields import PointsField, Required, ThaiDateField

PARTS = (("lecture", _l("ภาควิชาการ")), ("activity", _l("กิจกรรมพัฒนาสมรรถนะ")), ("experience", _l("ประสบการณ์จริง")))
STATUSES = (
    ("applied", _l("สมัครแล้ว")),
    ("admitted", _l("ได้รับคัดเลือก")),
    ("reserve", _l("บัญชีสำรอง")),
    ("enrolled", _l("เข้ารับการอบรม")),
    ("withdrawn", _l("ถอนตัว")),
    ("completed", _l("จบการอบรม")),
)
STAGES = (
    ("planned", _l("เตรียมการ")),
    ("open", _l("เปิดรับสมัคร")),
    ("running", _l("กำลังอบรม")),
    ("ended", _l("อบรมแล้ว รอปิดรุ่น")),
    ("closed", _l("ปิดรุ่นแล้ว")),
)
WHOLE = _l("ต้องเป็นจำนวนเต็ม")


class CohortForm(FlaskForm):
    """A cohort's facts."""

    name_th = StringField(_l("ชื่อรุ่น (ไทย)"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อรุ่น (อังกฤษ)"), [Optional(), Length(max=300)])
    starts_on = ThaiDateField(_l("วันเริ่ม"), [Required()])
    ends_on = ThaiDateField(_l("วันสิ้นสุด"), [Required()])
    applications_open_on = ThaiDateField(_l("เปิดรับสมัครวันแรก"), [Optional()])
    applications_close_on = ThaiDateField(_l("รับสมัครวันสุดท้าย"), [Optional()])
    seats = IntegerField(_l("จำนวนที่นั่ง"), [InputRequired(WHOLE), NumberRange(1, 2000)])
    reserve = IntegerField(_l("จำนวนบัญชีสำรอง"), [Optional(), NumberRange(0, 2000)], default=0)
    shortlist_size = IntegerField(_l("จำนวนรายชื่อที่เสนอ"), [InputRequired(WHOLE), NumberRange(1, 200)], default=5)
    place = StringField(_l("สถานที่"), [Optional(), Length(max=300)])
    version = HiddenField()

    def values(self) -> dict[str, object]:
        """The facts as the operations take them."""
        names = (
            "name_th", "name_en", "starts_on", "ends_on", "applications_open_on", "applications_close_on", "seats",
            "shortlist_size", "place",
        )  # fmt: skip
        return {**{name: self[name].data for name in names}, "reserve": self.reserve.data or 0}


class NewCohortForm(CohortForm):
    """A new cohort: its code and course besides."""

    code = StringField(
        _l("รหัสรุ่น"),
        [
            Required(),
            Length(max=40),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_l("ใช้ตัวอักษรอังกฤษ ตัวเลข และเครื่องหมาย - เท่านั้น")),
        ],
        description=_l("เช่น DD-2569-1 ใช้อ้างอิงในไฟล์นำเข้าและเปลี่ยนภายหลังไม่ได้"),
    )
    course = SelectField(_l("หลักสูตร"), coerce=int)


class SessionForm(FlaskForm):
    """A session of the programme."""

    code = StringField(
        _l("รหัสคาบ"),
        [
            Required(),
            Length(max=40),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_l("ใช้ตัวอักษรอังกฤษ ตัวเลข และเครื่องหมาย - เท่านั้น")),
        ],
    )
    part = SelectField(_l("ส่วนของการอบรม"), choices=PARTS)
    name_th = StringField(_l("หัวข้อ (ไทย)"), [Required(), Length(max=300)])
    name_en = StringField(_l("หัวข้อ (อังกฤษ)"), [Optional(), Length(max=300)])
    held_on = ThaiDateField(_l("วันที่"), [Required()])
    hours = PointsField(_l("จำนวนชั่วโมง"), [Required()])
    place = StringField(_l("สถานที่"), [Optional(), Length(max=300)])
    speaker = StringField(_l("วิทยากร"), [Optional(), Length(max=300)])


class StatusForm(FlaskForm):
    """Moving an enrollment on."""

    status = SelectField(_l("สถานะใหม่"))
    reason = TextAreaField(_l("เหตุผล"), [Optional(), Length(max=2000)], description=_l("ต้องระบุเมื่อถอนตัว"))
    version = HiddenField()


class SimpleForm(FlaskForm):
    """A button that changes something: the token, and nothing else."""
