"""Shapes of what is typed about accounts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.accounts import rules
from webapp.fields import LONGEST_REASON, Required

ROLE_WORDS = {
    "officer": _l("ข้าราชการ"),
    "mentor": _l("ผู้สอนงาน"),
    "assessor": _l("ผู้ประเมิน"),
    "institute": _l("เจ้าหน้าที่สถาบัน"),
    "commission": _l("เจ้าหน้าที่สำนักงาน ก.ก."),
    "executive": _l("ผู้บริหาร"),
    "auditor": _l("ผู้ตรวจสอบภายใน"),
    "administrator": _l("ผู้ดูแลระบบ"),
}

WEAK_WORDS = {
    "short": _l("รหัสผ่านต้องยาวอย่างน้อย %(count)s ตัวอักษร ประโยคสั้น ๆ ที่ท่านจำได้ใช้ได้ดี"),
    "long": _l("รหัสผ่านยาวได้ไม่เกิน %(count)s ตัวอักษร"),
    "common": _l("รหัสผ่านนี้เดาได้ง่าย โปรดใช้คำอื่นที่ไม่ใช่คำหรือแป้นเรียงที่คนนิยมใช้"),
    "personal": _l("รหัสผ่านนี้มีชื่อหรืออีเมลของท่าน โปรดใช้คำอื่น"),
}


def weak_words(weak: rules.WeakPassword) -> str:
    """Why a password is refused, in the reader's language."""
    count = rules.SHORTEST_PASSWORD if weak.why == "short" else rules.LONGEST_PASSWORD
    return str(WEAK_WORDS[weak.why]) % {"count": count}


class SignInForm(FlaskForm):
    """E-mail and password."""

    email = StringField(_l("อีเมล"), [Required(_l("กรอกอีเมลของท่าน")), Length(max=254)])
    password = PasswordField(_l("รหัสผ่าน"), [Required(_l("กรอกรหัสผ่าน"))])


class ForgottenForm(FlaskForm):
    """Where to send a link."""

    email = StringField(_l("อีเมล"), [Required(_l("กรอกอีเมลของท่าน")), Length(max=254)])


class NewPasswordForm(FlaskForm):
    """A password, typed twice. ``about`` are the person's own name and e-mail address."""

    password = PasswordField(_l("รหัสผ่านใหม่"), [Required(_l("กรอกรหัสผ่านใหม่"))])
    again = PasswordField(_l("รหัสผ่านใหม่อีกครั้ง"), [Required(_l("พิมพ์รหัสผ่านใหม่อีกครั้ง"))])

    def __init__(self, *args: Any, about: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def validate_password(self, field: Any) -> None:
        weak = rules.weakness(field.data or "", about=self.about)
        if weak is not None:
            raise ValidationError(weak_words(weak))

    def validate_again(self, field: Any) -> None:
        if (field.data or "") != (self.password.data or ""):
            raise ValidationError(_("รหัสผ่านสองช่องไม่ตรงกัน"))


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present = PasswordField(_l("รหัสผ่านปัจจุบัน"), [Required(_l("กรอกรหัสผ่านปัจจุบัน"))])


class RolesField(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AccountForm(FlaskForm):
    """Who an account is for and what it may do."""

    name = StringField(_l("ชื่อและนามสกุล"), [Required(_l("กรอกชื่อ")), Length(max=200)])
    email = StringField(_l("อีเมล"), [Required(_l("กรอกอีเมล")), Length(max=254)])
    roles = RolesField(_l("บทบาท"), [Required(_l("เลือกอย่างน้อยหนึ่งบทบาท"))], choices=list(ROLE_WORDS.items()))
    officer_no = StringField(_l("เลขประจำตัวข้าราชการที่ใช้บัญชีนี้"), [Length(max=40)])

    def validate_roles(self, field: Any) -> None:
        if not rules.roles_go_together(field.data or ()):
            raise ValidationError(_("ผู้ตรวจสอบภายในและผู้ดูแลระบบมีบทบาทอื่นร่วมด้วยไม่ได้"))


class NewAccountForm(AccountForm):
    """An account to be made."""

    by_mail = BooleanField(_l("ส่งคำเชิญทางอีเมล"), default=True)


class ReasonForm(FlaskForm):
    """Why an account is closed or opened."""

    reason = TextAreaField(_l("เหตุผล"), [Required(_l("ต้องระบุเหตุผล")), Length(max=LONGEST_REASON)])


class InvitationsForm(FlaskForm):
    """Whom to invite together."""

    role = SelectField(_l("เชิญในบทบาท"), choices=[("officer", ROLE_WORDS["officer"]), ("mentor", ROLE_WORDS["mentor"])])
    cohort = SelectField(_l("รุ่นของหลักสูตร"), choices=[])
    words = StringField(_l("ชื่อหรือเลขประจำตัวมีคำว่า"), [Length(max=100)])
