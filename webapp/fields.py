"""Form fields that two rooms share: days typed the Thai way, points with at most two decimals, reasons.

What was typed comes back exactly as typed when it could not be read, so that nothing is ever lost.
Use :class:`Required` with these fields rather than WTForms' ``DataRequired``: that one would replace
"there is no such day" by "this field is required".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from webapp import thai
from webapp.errors import Refused

POINT_DECIMALS = 2
"""Entered points have at most two decimals (``domain.md`` §5)."""

LONGEST_REASON = 2_000
"""Characters: about one printed page, enough for any decision and small enough to show beside it."""


_SENTENCES = {
    "Not a valid choice.": _l("กรุณาเลือกจากรายการ"),
    "Invalid Choice: could not coerce.": _l("กรุณาเลือกจากรายการ"),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("กรุณาเลือกจากรายการ"),
    "'%(value)s' is not a valid choice for this field.": _l("กรุณาเลือกจากรายการ"),
    "This field is required.": _l("ต้องกรอกช่องนี้"),
    "Not a valid integer value.": _l("พิมพ์เป็นจำนวนเต็ม"),
    "Not a valid decimal value.": _l("พิมพ์เป็นตัวเลข เช่น 7 หรือ 7.5"),
    "Number must be at least %(min)s.": _l("ต้องไม่ต่ำกว่า %(min)s"),
    "Number must be at most %(max)s.": _l("ต้องไม่เกิน %(max)s"),
    "Number must be between %(min)s and %(max)s.": _l("ต้องอยู่ระหว่าง %(min)s ถึง %(max)s"),
    "Field cannot be longer than %(max)d character.": _l("ยาวได้ไม่เกิน %(max)d ตัวอักษร"),
}
"""What WTForms says of its own fields, in the product's words; it knows no Thai."""


class _Sentences:
    def gettext(self, text: str) -> str:
        return str(_SENTENCES.get(text) or _("ค่านี้ใช้ไม่ได้ กรุณาตรวจแล้วกรอกใหม่"))

    def ngettext(self, text: str, _many: str, _count: int) -> str:
        return self.gettext(text)


def init_forms() -> None:
    """Every form speaks the reader's language, also where a field's own check refuses."""
    FlaskForm.Meta.get_translations = lambda _meta, _form: _Sentences()


class Required:
    """The field must be filled in; spaces alone do not count. A more exact message of the field itself goes first."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation()
        typed = field.raw_data or []
        if any(value.strip() if isinstance(value, str) else value for value in typed):
            return
        raise StopValidation(str(self.message) if self.message else _("ต้องกรอกช่องนี้"))


class ThaiDateField(StringField):
    """A day typed as 1/10/2569, 1 ต.ค. 2569, 2026-10-01 or with Thai digits; ``data`` is a ``date`` or None.

    ``earliest`` and ``latest`` are refused beyond. The form shows the day back in words beneath the field.
    """

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *, earliest: dt.date | None = None,
                 latest: dt.date | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(label, validators, **kwargs)
        self.earliest, self.latest = earliest, latest

    is_day = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = thai.parse_day(typed)
        except Refused as refused:
            raise ValueError(_(refused.message, **refused.values)) from None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        if self.earliest is not None and self.data < self.earliest:
            raise StopValidation(_("ต้องไม่ก่อนวันที่ %(day)s", day=thai.day(self.earliest)))
        if self.latest is not None and self.data > self.latest:
            raise StopValidation(_("ต้องไม่หลังวันที่ %(day)s", day=thai.day(self.latest)))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return thai.day_typed(self.data)

    @property
    def months(self) -> str:
        """Month names of the reader's language, for the script that shows the day back while typing."""
        return "|".join(thai.day_long(dt.date(2000, number, 1)).split(" ")[1] for number in range(1, 13))


class PointsField(StringField):
    """A number of points or hours with at most two decimals, Thai digits and a comma of thousands accepted.

    ``data`` is a ``Decimal`` or None. ``maximum`` (of a component, of a session) is refused beyond.
    """

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *, minimum: Decimal | None = Decimal(0),
                 maximum: Decimal | None = None, decimals: int = POINT_DECIMALS, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(label, validators, **kwargs)
        self.minimum, self.maximum, self.decimals = minimum, maximum, decimals

    is_number = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = str(valuelist[0]).strip() if valuelist else ""
        if typed:
            self.data = read_points(typed, decimals=self.decimals)

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        if self.minimum is not None and self.data < self.minimum:
            raise StopValidation(_("ต้องไม่น้อยกว่า %(number)s", number=thai.number(self.minimum)))
        if self.maximum is not None and self.data > self.maximum:
            raise StopValidation(_("ต้องไม่เกิน %(number)s", number=thai.number(self.maximum)))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else thai.number(self.data).replace(",", "")


def read_points(typed: str, *, decimals: int = POINT_DECIMALS) -> Decimal:
    """The number that was typed. Raises ``ValueError`` with a sentence for the reader."""
    text = thai.arabic_digits(typed).replace(" ", "")
    plain = text.replace(",", "") if _thousands(text) else text
    try:
        if not set(plain) <= set("0123456789.-+"):
            raise InvalidOperation
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(_("พิมพ์เป็นตัวเลข เช่น 7 หรือ 7.5")) from None
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -decimals:
        if decimals == 0:
            raise ValueError(_("พิมพ์เป็นจำนวนเต็ม"))
        raise ValueError(_("มีทศนิยมได้ไม่เกิน %(count)s ตำแหน่ง", count=decimals))
    return value


def _thousands(text: str) -> bool:
    """Whether commas stand only where thousands are parted, so that 7,5 is not read as 75."""
    first, *groups = text.partition(".")[0].lstrip("+-").split(",")
    return bool(groups) and 1 <= len(first) <= 3 and all(len(group) == 3 for group in groups)


class ReasonField(TextAreaField):
    """Why something is done: never blank, at most a page, kept with the decision and shown beside it."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **kwargs: Any) -> None:
        checks = [Required(_l("ต้องระบุเหตุผล")), *(validators or ())]
        super().__init__(label or _l("เหตุผล"), checks, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = str(valuelist[0]).splitlines() if valuelist else []
        self.data = "\n".join(thai.normalized(line) for line in lines).strip()

    def pre_validate(self, form: Any) -> None:
        if self.data and len(self.data) > LONGEST_REASON:
            raise StopValidation(_("ยาวเกิน %(count)s ตัวอักษร", count=thai.number(LONGEST_REASON)))
