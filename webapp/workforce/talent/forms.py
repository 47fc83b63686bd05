"""Forms of the talent pool: shape and words of what is typed."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.fields import ReasonField, Required, ThaiDateField
from webapp.workforce.plans.forms import SeenForm


class NominateForm(SeenForm):
    """An officer put forward for the pool."""

    post = SelectField(_l("ตำแหน่งที่เล็งไว้"))
    reason = ReasonField(_l("เหตุผลที่เสนอ"))
    evidence = SelectMultipleField(
        _l("หลักฐานในระบบที่อ้างถึง"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


class ReviewForm(SeenForm):
    """A nomination reviewed by another person."""

    outcome = RadioField(
        _l("ผลการพิจารณา"), choices=[("accept", _l("รับเข้ากลุ่ม")), ("decline", _l("ไม่รับเข้ากลุ่ม"))],
        validators=[Required(_l("เลือกผลการพิจารณาก่อน"))],
    )  # fmt: skip
    reason = ReasonField(_l("เหตุผลของการพิจารณา"))
    from_on = ThaiDateField(_l("อยู่ในกลุ่มตั้งแต่"))
    until_on = ThaiDateField(_l("ถึง"), description=_l("เว้นว่างได้ หากยังไม่กำหนดวันสิ้นสุด"))
    review_on = ThaiDateField(_l("ทบทวนภายใน"), description=_l("ไม่เกิน 12 เดือน"))


class KeepForm(SeenForm):
    """A member looked at again."""

    review_on = ThaiDateField(_l("ทบทวนครั้งต่อไปภายใน"), [Required()], description=_l("ไม่เกิน 12 เดือน"))
    reason = ReasonField(_l("เหตุผลที่ให้อยู่ต่อ"))


class LeaveForm(SeenForm):
    """A member leaves."""

    reason = ReasonField(_l("เหตุผลที่ออกจากกลุ่ม"))
