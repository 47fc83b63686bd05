"""Forms of the organization: posts, units, sections, levels, qualifications, seats and the conversion of old levels."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from webapp.fields import PointsField, ReasonField, Required

Choices = Sequence[tuple[str, Any]]

KEPT = _l("เก็บไว้กับการเปลี่ยนแปลงนี้ในบันทึกการตรวจสอบ")
REASON = _l("เหตุผลของการเปลี่ยนแปลง")
CODE_HELP = _l("ใช้ในไฟล์นำเข้า เปลี่ยนภายหลังไม่ได้ ใช้ตัวอักษรอังกฤษ ตัวเลข และขีด")


class NamedForm(FlaskForm):
    """What everything has: a code given once, and two names."""

    seen = HiddenField()
    code = StringField(_l("รหัส"), [Required(), Length(max=40)], description=CODE_HELP)
    name_th = StringField(_l("ชื่อภาษาไทย"), [Required(), Length(max=300)])
    name_en = StringField(_l("ชื่อภาษาอังกฤษ"), [Length(max=300)])


class PostForm(NamedForm):
    """A post."""

    code = StringField(_l("รหัส"), [Required(), Length(max=60)], description=CODE_HELP)
    grade = SelectField(
        _l("ประเภทและระดับ"), default="", description=_l("ใช้เมื่อรายการดำรงตำแหน่งไม่ได้ระบุประเภทและระดับไว้เอง")
    )
    is_target = BooleanField(
        _l("เป็นตำแหน่งเป้าหมาย"), description=_l("มีแบบสังเขปประสบการณ์และผลงาน เกณฑ์ หลักสูตร และเส้นทางของตนเอง")
    )
    is_key = BooleanField(_l("เป็นตำแหน่งสำคัญ (Key Position)"))
    heads_unit = BooleanField(
        _l("เป็นหัวหน้าหน่วยงาน"), description=_l("ใช้ในการพยากรณ์กำลังคน: ผู้ครองตำแหน่งนี้เป็นหัวหน้าของหน่วยงาน")
    )
    reason = ReasonField(REASON, description=KEPT)


class UnitForm(NamedForm):
    """A unit."""

    kind = SelectField(_l("ชนิด"))
    zone = SelectField(_l("กลุ่มเขต"), default="", description=_l("เฉพาะสำนักงานเขต"))
    reason = ReasonField(REASON, description=KEPT)


class SectionForm(NamedForm):
    """A section of a district office."""

    position = PointsField(_l("ลำดับ"), [Required()], decimals=0, description=_l("ลำดับที่แสดงในรายการ"))
    reason = ReasonField(REASON, description=KEPT)


class LevelForm(NamedForm):
    """A level of a position type."""

    position_type = SelectField(_l("ประเภทตำแหน่ง"))
    position = PointsField(
        _l("ลำดับ"), [Required()], decimals=0,
        description=_l("ลำดับในทุกระดับของทุกประเภท เลขน้อยคือระดับต่ำ ใช้ตรวจว่าเส้นทางไม่มีขั้นที่ลดระดับ"),
    )  # fmt: skip
    reason = ReasonField(REASON, description=KEPT)


class QualificationForm(NamedForm):
    """A qualification officers can hold."""

    code = StringField(_l("รหัส"), [Required(), Length(max=60)], description=CODE_HELP)
    reason = ReasonField(REASON, description=KEPT)


class SeatForm(FlaskForm):
    """How many seats a post has, where, and why so many."""

    seen = HiddenField()
    where = SelectField(_l("ที่ใด"), [Required()])
    seats = PointsField(_l("จำนวนอัตรา"), [Required()], decimals=0, description=_l("ใส่ 0 เมื่อไม่มีอัตราแล้ว"))
    reason = ReasonField(_l("เหตุผลของจำนวนอัตรา"), description=_l("แสดงข้างตัวเลขในทุกหน้าที่ใช้จำนวนนี้"))


class ConversionForm(FlaskForm):
    """What a level from before the 2554 Act is called since."""

    seen = HiddenField()
    old_level = SelectField(_l("ระดับเดิม"), choices=[(str(level), f"{level}") for level in range(1, 12)])
    grade = SelectField(_l("ประเภทและระดับปัจจุบัน"), [Required()])
    reason = ReasonField(_l("เหตุผลของการเทียบ"), description=_l("แสดงข้างการเทียบนี้ในตาราง"))
